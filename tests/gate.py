"""The quality gate: scores on ../shared/bench, held against the floors pinned in floors.toml.

No model has seen the pages that are scored.  `daniel`, `irdata` and the seeds are cleaned here and now, and so are the
damaged texts; the scores of the `train` sets are those of `tests.crossed`, kept in crossed.toml, and hold while the
project ships the weights that they belong to.

    python -m tests.gate             measure, compare, and end with exit code 1 where a floor is not met
    python -m tests.gate --pin       also raise every floor that was exceeded
    python -m tests.gate --lower     pin what was measured, even where it is lower: say why in the commit
    python -m tests.gate --only seeds repair

It needs nothing but ../shared; where that is absent it says so and ends with exit code 0.
"""

import argparse
import gzip
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from math import floor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
BENCH = SHARED / "bench"
FLOORS = ROOT / "tests" / "floors.toml"
CROSSED = ROOT / "tests" / "crossed.toml"
MODELS = ROOT / "cleaner" / "models"
CROSSED_MODELS = ("line_ends", "lines", "pages", "titles")
"""The models whose weights the scores in crossed.toml belong to."""

RENDERINGS = ("html", "R1", "R2", "R3", "R4", "R5")
COLUMNS = ("f1", "para_f1", "perfect", "title", "authors", "date", "lang")
FLOORS_NOTE = "What the quality gate must reach, pinned by `python -m tests.gate --pin`; only --lower lowers a floor."
SLACK = 0.0005
"""Below a floor by less than this is no failure: scores are means over some hundred pages."""

Scores = dict[str, float]


def command(*more: str) -> str:
    """The command line under test, in this interpreter."""
    return shlex.join([sys.executable, "-m", "cleaner", "run", *more])


def call(*arguments: object) -> str:
    """Run a script of the bench; returns what it printed."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], env=environment, capture_output=True, text=True, check=False
    )
    if not done.stdout and done.returncode:
        raise SystemExit(f"{arguments[0]} ended with exit code {done.returncode}:\n{done.stderr}")
    return done.stdout


def seeds(folder: Path) -> Scores:
    """Checks of the seed documents that hold."""
    files = sorted((SHARED / "seeds").glob("*.txt"))
    call(*shlex.split(command())[1:], *files, "--output", folder, "--to", "jsonl", "--quiet")
    printed = call(BENCH / "score_seeds.py", folder)
    found = re.search(r"seeds: (\d+) of (\d+) checks hold", printed)
    if not found:
        raise SystemExit(f"score_seeds.py printed no result:\n{printed}")
    return {"seeds.checks": float(found[1])}


def page_set(name: str) -> Callable[[Path], Scores]:
    """The scores of one set of pages, as HTML and in every rendering of its text."""

    def measured(folder: Path) -> Scores:
        gold, predictions = BENCH / "data" / f"{name}.dev.jsonl.gz", folder / "predictions.jsonl"
        call(BENCH / "predict.py", "--gold", gold, "--out", predictions, "--cmd", command())
        return score_pages(name, predictions)

    return measured


def score_pages(name: str, predictions: Path) -> Scores:
    """The scores of these predictions for a set, by `set.rendering.column`."""
    gold = BENCH / "data" / f"{name}.dev.jsonl.gz"
    if name == "segments":
        return score_segments(gold, predictions)
    if name == "htmldate":
        return score_dates(gold, predictions)
    result = predictions.with_suffix(".scores")
    call(BENCH / "score.py", "--gold", gold, "--pred", predictions, "--json", result)
    return {
        f"{name}.{rendering}.{column}": mean
        for rendering, one in json.loads(result.read_text(encoding="utf-8")).items()
        for column, mean in one["mean"].items()
        if column in COLUMNS and not (rendering == "R5" and column == "para_f1")
    }


def score_segments(gold: Path, predictions: Path) -> Scores:
    """Hand-marked segments kept and dropped, and metadata that owes nothing to the markup."""
    printed = call(BENCH / "score_segments.py", "--gold", gold, "--pred", predictions)
    found = re.findall(r"(f1|title|authors|date) ([\d.]+)", printed)
    if len(found) != 4:
        raise SystemExit(f"score_segments.py printed no result:\n{printed}")
    return {f"segments.html.{name}": float(value) for name, value in found}


def score_dates(gold: Path, predictions: Path) -> Scores:
    """Days of publication of pages of which nothing else is known."""
    with gzip.open(gold, "rt", encoding="utf-8") as lines:
        days = {page["id"]: page["gold"]["published"] for page in map(json.loads, lines)}
    rows = map(json.loads, predictions.read_text(encoding="utf-8").splitlines())
    right = sum((row["published"] or "")[:10] == days[row["id"]] for row in rows)
    return {"htmldate.html.date": right / len(days)}


def read_crossed(_: Path) -> Scores:
    """The scores kept by `tests.crossed`; ends the run where the project ships other weights."""
    found = tomllib.loads(CROSSED.read_text(encoding="utf-8"))
    if found.pop("weights") != digest_weights():
        raise SystemExit(f"{CROSSED.name} belongs to other weights: run python -m tests.crossed")
    return dict(_flat(found))


def digest_weights() -> dict[str, str]:
    """SHA-256 of the weights that the project ships, by model."""
    return {name: hashlib.sha256((MODELS / f"{name}.npz").read_bytes()).hexdigest() for name in CROSSED_MODELS}


def repair(folder: Path) -> Scores:
    """Shares of damaged bodies recovered exactly, of all damages and of each, and one less the error in characters."""
    gold = BENCH / "data" / "fundus.dev.jsonl.gz"
    printed = call(BENCH / "score_repair.py", "--gold", gold, "--cmd", command("--only", "repair", "--only", "rejoin"))
    rows = re.findall(r"^(.+?) +\d+  exact ([\d.]+)  error ([\d.]+)$", printed, re.MULTILINE)
    if not rows:
        raise SystemExit(f"score_repair.py printed no result:\n{printed}")
    scores = {f"repair.{name.replace(' ', '-')}": float(exact) for name, exact, _ in rows}
    scores["repair.characters-right"] = 1 - float(rows[-1][2])
    return scores


PARTS: dict[str, Callable[[Path], Scores]] = {
    "seeds": seeds,
    "crossed": read_crossed,
    "daniel": page_set("daniel"),
    "irdata": page_set("irdata"),
    "repair": repair,
}


def read_floors() -> Scores:
    """The pinned floors by their full names."""
    if not FLOORS.exists():
        return {}
    return dict(_flat(tomllib.loads(FLOORS.read_text(encoding="utf-8"))))


def _flat(table: dict[str, object], prefix: str = "") -> Iterator[tuple[str, float]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, float(str(value))


def write_scores(path: Path, note: str, scores: Scores, weights: dict[str, str] | None = None) -> None:
    """Write scores under a note, a table for each part and rendering, and before them the digests of weights."""
    lines = [f"# {note}"]
    if weights:
        lines += ["", "[weights]", *(f'{name} = "{digest}"' for name, digest in sorted(weights.items()))]
    last = ""
    for name in sorted(scores):
        table, _, key = name.rpartition(".")
        if table != last:
            lines += ["", f"[{table}]"]
            last = table
        value = scores[name]
        lines.append(f"{key} = {value:.0f}" if value > 1 else f"{key} = {floor(value * 10_000) / 10_000:.4f}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def show(name: str, measured: float, pinned: float | None) -> bool:
    """Print a row; returns whether the floor is met."""
    met = pinned is None or measured >= pinned - (SLACK if pinned <= 1 else 0)
    verdict = "new" if pinned is None else "ok" if met else "BELOW"
    if pinned is not None and measured > pinned + 0.001:
        verdict = f"ok, +{measured - pinned:.4f}"
    print(f"{name:42} {measured:10.4f} {'-' if pinned is None else f'{pinned:.4f}':>10}  {verdict}")
    return met


def main(arguments: list[str] | None = None) -> int:
    """Run the gate; 0 where every floor is met, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pin", action="store_true", help="raise the floors that were exceeded")
    parser.add_argument("--lower", action="store_true", help="pin what was measured, even where it is lower")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args(arguments)
    if not BENCH.exists():
        print("quality gate skipped: ../shared/bench is not here")
        return 0
    started = time.perf_counter()
    floors, measured = read_floors(), Scores()
    for part in options.only:
        with tempfile.TemporaryDirectory() as folder:
            measured |= PARTS[part](Path(folder))
        print(f"{part}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    print(f"{'':42} {'measured':>10} {'floor':>10}")
    below = [name for name, score in measured.items() if not show(name, score, floors.get(name))]
    parts = {name.split(".")[0] for name in measured} | {*options.only}
    lost = [name for name in floors if name.split(".")[0] in parts and name not in measured]
    for name in lost:
        print(f"{name:42} {'gone':>10} {floors[name]:10.4f}  BELOW")
    if options.pin or options.lower:
        kept = {name: score for name, score in floors.items() if not (options.lower and name in lost)}
        for name, score in measured.items():
            kept[name] = score if options.lower else max(score, kept.get(name, 0.0))
        write_scores(FLOORS, FLOORS_NOTE, kept)
        print(f"pinned {len(kept)} floors in {FLOORS.relative_to(ROOT)}")
    if (below or lost) and not options.lower:
        print(f"{len(below) + len(lost)} below their floor: {', '.join(below + lost)}")
        return 1
    print("quality gate passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())

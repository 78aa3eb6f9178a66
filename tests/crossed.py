"""Scores on pages whose templates no model has seen: `python -m tests.crossed`, behind every training.

    python -m tests.crossed                train without each fold, clean its pages, and write tests/crossed.toml
    python -m tests.crossed --weights DIR  the same, with the weights that lie in DIR or, where none do, are put there

The pages of the `train` sets are cut into folds; pages that share a template, a publisher or a domain are of one.
Each fold is cleaned by a copy of the package with weights that its pages had no share in.  The scores are written
beside the digests of the weights that the project ships, so that the quality gate (`tests.gate`) notices where they
belong to others.  What rules and thresholds were chosen on is another matter: they have seen these pages, and only the
`check` sets are strangers to them.  It takes an hour on two cores.
"""

import argparse
import gzip
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cleaner.training.fitting import assign_folds, group_pages
from cleaner.training.gold import TrainingPage
from tests.gate import BENCH, CROSSED, ROOT, Scores, digest_weights, score_pages, write_scores

MODELS = {
    "titles": ("fundus", "roles", "scrapinghub", "turing", "readab", "wcxb", "mercury", "segments"),
    "line_ends": ("fundus", "roles", "scrapinghub", "turing", "readab", "segments", "htmldate", "wcxb", "mercury"),
    "pages": ("fundus", "roles", "scrapinghub", "segments"),
    "lines": (
        "fundus",
        "roles",
        "scrapinghub",
        "turing",
        "readab",
        "--taught",
        "segments",
        "htmldate",
        "wcxb",
        "mercury",
    ),
}
"""The models that pages are cleaned with, and what each is trained on, as its module says."""

SETS = ("fundus", "roles", "scrapinghub", "turing", "wcxb", "mercury", "segments", "htmldate")
"""The `train` sets whose scores are kept; the gold of `readab` is a program's."""

NOTE = "Scores on templates that the models have not seen, written by `python -m tests.crossed` for these weights."

FOLDS, SEED = 3, 1
"""Folds, and what they are drawn by."""


def find_gold(name: str) -> Path:
    """The file of a set."""
    return BENCH / "data" / f"{name}.dev.jsonl.gz"


def read_set(name: str) -> list[TrainingPage]:
    """The pages of a set."""
    with gzip.open(find_gold(name), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def draw_folds() -> dict[str, int]:
    """The fold of each page of all sets that teach, by its id."""
    names = {part for parts in MODELS.values() for part in parts if not part.startswith("--")}
    pages = [page for name in sorted(names) for page in read_set(name)]
    groups = group_pages(pages)
    folds = assign_folds(groups.values(), SEED, FOLDS)
    return {id: folds[group] for id, group in groups.items()}


def train_models(folder: Path, folds: dict[str, int]) -> None:
    """Writes the weights of all models without each fold into a folder."""
    (folder / "folds.json").write_text(json.dumps(folds), encoding="utf-8")
    for model, parts in MODELS.items():
        files = [part if part.startswith("--") else str(find_gold(part)) for part in parts]
        options = ["--folds", str(folder / "folds.json"), "--out", str(folder / f"{model}.npz")]
        run_python(ROOT, "-m", f"cleaner.training.{model}", *options, *files)


def run_python(package: Path, *arguments: str) -> None:
    """Runs Python with the package of this folder, one thread a process."""
    environment = {**os.environ, "PYTHONPATH": f"{package}{os.pathsep}{ROOT}", "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run([sys.executable, *arguments], env=environment, cwd=package, check=True)


def clean_fold(fold: int, weights: Path, folds: dict[str, int], out: Path) -> None:
    """Writes the predictions for the pages of a fold, a file for each set, by the weights that had no share in them."""
    package = out / f"package-{fold}"
    shutil.copytree(ROOT / "cleaner", package / "cleaner", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "rules", package / "rules")
    for model in MODELS:
        shutil.copy(weights / f"{model}-{fold}.npz", package / "cleaner" / "models" / f"{model}.npz")
    command = shlex.join([sys.executable, "-m", "cleaner", "run", "--workers", "1"])
    gold = out / f"{fold}.gold"
    pages = (page for name in SETS for page in read_set(name) if folds[page["id"]] == fold)
    gold.write_text("".join(json.dumps(page) + "\n" for page in pages), encoding="utf-8")
    files = ["--gold", str(gold), "--out", str(out / f"{fold}.jsonl")]
    run_python(package, str(BENCH / "predict.py"), *files, "--cmd", command)


def collect_scores(out: Path) -> Iterator[tuple[str, float]]:
    """The scores of each set over the predictions of all folds."""
    lines = [line for fold in range(FOLDS) for line in (out / f"{fold}.jsonl").read_text("utf-8").splitlines()]
    for name in SETS:
        ids, predictions = {page["id"] for page in read_set(name)}, out / f"{name}.jsonl"
        predictions.write_text("".join(f"{line}\n" for line in lines if json.loads(line)["id"] in ids), "utf-8")
        yield from score_pages(name, predictions).items()


def main(arguments: list[str] | None = None) -> int:
    """Train, clean and score; 0 when the scores are written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, help="the folder of the weights without each fold")
    options = parser.parse_args(arguments)
    folds = draw_folds()
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        out, weights = Path(name), options.weights or Path(name)
        if not (weights / "folds.json").exists():
            train_models(weights, folds)
        list(pool.map(lambda fold: clean_fold(fold, weights, folds, out), range(FOLDS)))
        scores = Scores(collect_scores(out))
    write_scores(CROSSED, NOTE, scores, digest_weights())
    print(f"{len(scores)} scores in {CROSSED.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

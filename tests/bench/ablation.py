"""What each rule of the stages and each threshold gives: scores with it less scores without it, on templates not seen.

    python tests/bench/ablation.py --weights DIR [--sets fundus roles] [--renderings html R1 R2 R3] [--only titles.copy]

DIR holds the weights without each fold, as `python -m tests.crossed --weights DIR` leaves them: each page is cleaned by
weights that it had no share in.  Each row is a rule that is ignored, or a constant that is set to a value at which it
does nothing.  A change of .0005 or less on every set is none: what gives no more is to be deleted.
"""

import argparse
import gzip
import importlib
import json
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

import corpus

from cleaner.document import Document
from cleaner.html.page import build_page_document
from cleaner.models.line_ends import find_line_ends
from cleaner.pipeline import Pipeline, default_stages
from cleaner.rules.loading import load

BENCH = corpus.ROOT.parent / "shared" / "bench"
MODELS = ("titles", "line_ends", "pages", "lines")
COLUMNS = ("f1", "perfect", "title", "authors", "date")

STAGES = {
    "titles": "titles",
    "rejoin": "rejoin.stage",
    "captions": "captions.stage",
    "extraction": "extraction.rules",
    "surroundings": "surroundings.stage",
    "boilerplate": "boilerplate",
    "press": "press",
    "ends": "ends",
    "repeats": "repeats",
}
"""The modules that list the rules of these stages."""

OFF: dict[str, object] = {
    "line_model.MIN_CROSSHEAD_CHANCE": 2.0,
    "line_model.MIN_DEEP_CROSSHEAD_CHANCE": 2.0,
    "line_model.MIN_REPEATS": 10**6,
    "line_model.MIN_CLEAN_SHARE": 2.0,
    "captions.stage.SHORT_CAPTION_WORDS": 0,
    "captions.stage.FLAT_CAPTION_WORDS": range(0),
    "captions.stage.MIN_COMPARED_PARAGRAPHS": 10**6,
    "rejoin.stage.MIN_WRAPPED_LINES": 10**6,
    "rejoin.stage.MIN_STOPLESS_LINES": 10**6,
    "titles.MAX_KICKER_WORDS": 0,
    "boilerplate.MAX_THROUGH_SHARE": 0.0,
    "boilerplate.EDGE_LINES": 1,
    "extraction.decide.MIN_BOX_LINES": 10**6,
    "extraction.decide.MIN_LIST_HEADINGS": 10**6,
    "extraction.decide.MAX_SPOKEN_WORDS": 0,
    "extraction.guess.MIN_PULL_QUOTE_WORDS": 10**6,
    "extraction.guess.MAX_KICKER_LINES": 0,
    "extraction.page.MIN_VOTED_SHARE": 2.0,
}
"""Constants of `cleaner.stages`, and values at which what they bound never happens."""

MIN_TOLD_LOSS = 0.00005
"""Losses up to this one are not printed."""

Page = dict[str, Any]
Sums = dict[tuple[str, str, str], tuple[float, int]]


@cache
def load_scorer() -> Any:
    """The module of the benchmark that scores a page."""
    sys.path.insert(0, str(BENCH))
    return importlib.import_module("score")


def list_rules() -> Iterator[str]:
    """The ids of the rules that stages have of their own."""
    for path in STAGES.values():
        yield from importlib.import_module(f"cleaner.stages.{path}").RULES


def use_weights(folder: Path, fold: int) -> None:
    """Has the models of this process be those that the pages of a fold had no share in; none may be loaded yet."""
    for name in MODELS:
        importlib.import_module(f"cleaner.models.{name}").WEIGHTS_PATH = folder / f"{name}-{fold}.npz"  # type: ignore[attr-defined]


def read_document(page: Page, rendering: str) -> Document:
    """A rendering of a page as a run reads it."""
    if rendering == "html":
        return build_page_document(page["html"], page["id"], page.get("url"))
    text = " ".join(page["text"]["R3"].split()) if rendering == "R5" else page["text"][rendering]
    return Document.read(text, page["id"], find_line_ends=find_line_ends)


def predict(document: Document) -> dict[str, Any]:
    """What the scorer reads of a cleaned document."""
    authors = [fact.value for fact in document.facts if fact.key == "authors"]
    published = document.find_fact("published", None)
    return {
        "title": document.find_fact("title", ""),
        "authors": [one.name for one in dict.fromkeys(authors) if one.role == "author"],
        "published": published.value if published else None,
        "language": document.find_fact("language", ""),
        "body": document.text,
    }


def score_fold(task: tuple[str, int], folder: Path, pages: Sequence[Page], renderings: Sequence[str]) -> Sums:
    """The sums of the scores of a fold, and how many they are, with one thing switched off; "" for nothing."""
    row, fold = task
    use_weights(folder, fold)
    if row in OFF:
        module, _, name = row.rpartition(".")
        setattr(importlib.import_module(f"cleaner.stages.{module}"), name, OFF[row])
    pipeline = Pipeline(default_stages(load(prove=False)), ignore=[row] if row and row not in OFF else [])
    sums: Sums = {}
    for page, rendering in product((page for page in pages if page["fold"] == fold), renderings):
        if rendering == "html" or page.get("text"):
            scores = load_scorer().score_page(page, rendering, predict(pipeline(read_document(page, rendering))))
            for column in (column for column in COLUMNS if scores.get(column) is not None):
                whole, pages_scored = sums.get((page["set"], rendering, column), (0.0, 0))
                sums[page["set"], rendering, column] = whole + scores[column], pages_scored + 1
    return sums


def find_means(folds: Sequence[Sums]) -> dict[tuple[str, str, str], float]:
    """The means over all folds."""
    keys = dict.fromkeys(key for fold in folds for key in fold)
    sums = {
        key: [sum(parts) for parts in zip(*(fold.get(key, (0.0, 0)) for fold in folds), strict=True)] for key in keys
    }
    return {key: whole / count for key, (whole, count) in sums.items()}


def main() -> None:
    """Print a row for each thing that is switched off: what is lost without it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", default=["fundus", "roles"])
    parser.add_argument("--renderings", nargs="+", default=["html", "R1", "R2", "R3"])
    parser.add_argument("--only", nargs="+", help="rules and constants")
    options = parser.parse_args()
    folds = json.loads((options.weights / "folds.json").read_bytes())
    pages: list[Page] = []
    for name in options.sets:
        with gzip.open(BENCH / "data" / f"{name}.dev.jsonl.gz", "rt", encoding="utf-8") as lines:
            pages += [page | {"fold": folds[page["id"]]} for page in map(json.loads, lines)]
    rows = ["", *(options.only or [*list_rules(), *OFF])]
    numbers = sorted({page["fold"] for page in pages})
    ask = partial(score_fold, folder=options.weights, pages=pages, renderings=options.renderings)
    # a process for each task: what was switched off for one is on for the next
    with multiprocessing.get_context("fork").Pool(maxtasksperchild=1) as pool:
        found = pool.imap(ask, product(rows, numbers))
        whole: dict[tuple[str, str, str], float] = {}
        for row in rows:
            means = find_means([next(found) for _ in numbers])
            whole = whole or means
            lost = {key: whole[key] - means.get(key, 0.0) for key in whole}
            told = [f"{' '.join(key)} {loss:+.4f}" for key, loss in lost.items() if abs(loss) > MIN_TOLD_LOSS]
            print(f"{row or 'everything':45} {'; '.join(told) or 'nothing'}", flush=True)


if __name__ == "__main__":
    main()

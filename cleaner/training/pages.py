"""Train the page model: `python -m cleaner.training.pages PAGES... --out cleaner/models/pages.npz`.

PAGES are JSON Lines (`.gz` too) as for `cleaner.training.lines`, each with `html`; those with `gold.with` and
`gold.without` (pieces of text that must and must not stay) teach with the lines that hold one of them.  Every page is
read and cleaned by the stages before `extraction`, trafilatura is asked, and each line labelled by the gold.  With
--folds the share of words decided rightly on templates not seen is printed.  The same pages in the same order, seed and
LightGBM give the same weights; those shipped come from the development pages of `fundus`, `roles`, `scrapinghub` and
`segments`, in this order.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm
import numpy as np
from numpy.typing import NDArray

from cleaner.document import ARTICLE_ROLES, Block
from cleaner.html.page import build_page_document as read_page
from cleaner.models.features import Floats
from cleaner.models.pages import WEIGHTS_PATH, compute_page_features
from cleaner.models.trees import LEAF_SCALE, Trees, flatten_trees
from cleaner.pipeline import Pipeline, default_stages, name_stage
from cleaner.rules import load
from cleaner.stages.extraction.stage import MIN_ARTICLE_CHANCE, build_page_view
from cleaner.stages.extraction.votes import ask_trafilatura
from cleaner.text.shape import build_match_key
from cleaner.training.gold import CONTESTED_ROLES, TrainingPage, label_texts
from cleaner.training.lines import FOLD_COUNT, group_pages, read_pages

TREE_LEAVES, TREE_ROUNDS = 15, 200

LIGHTGBM_SETTINGS = {
    "objective": "binary",
    "num_leaves": TREE_LEAVES,
    "learning_rate": 0.06,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 10,
    "min_data_in_leaf": 40,
    "max_bin": 63,
    "verbose": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
}

PIECES_WEIGHT = 0.5
"""Weight of a page of which only pieces are labelled."""


class PageSample(NamedTuple):
    """The lines of one page: features, whether they are article (-1: unknown), and weights."""

    page: str
    matrix: Floats
    names: list[str]
    article: NDArray[np.int64]
    weights: NDArray[np.float64]


def sample_pages(pages: Sequence[TrainingPage]) -> Iterator[PageSample]:
    """The sample of each page that has any line."""
    rules = load(prove=False)
    stages = default_stages(rules)
    before = Pipeline(stages[: [name_stage(stage) for stage in stages].index("extraction")])
    for page in pages:
        document = read_page(page["html"], page["id"], page.get("url"))
        asked = ask_trafilatura(document)
        document = before(document)
        if not any(block.text for block in document.blocks):
            continue
        shown, _, window, columns = build_page_view(document, asked, rules)
        blocks = shown.blocks[window.start : window.stop]
        matrix, names = compute_page_features(blocks, str(document.find_fact("title") or ""), columns)
        article = np.array(label_blocks(page, blocks), np.int64)
        weights = np.sqrt(np.maximum(matrix[:, 0], 1)).astype(np.float64)
        weights *= np.sqrt(len(weights)) / weights.sum() * (PIECES_WEIGHT if "with" in page["gold"] else 1)
        yield PageSample(page["id"], matrix, names, article, weights)


def label_blocks(page: TrainingPage, blocks: Sequence[Block]) -> list[int]:
    """For each block 1 if it is article, 0 if not, -1 if the gold does not say."""
    gold = page["gold"]
    texts = ["".join(block.text.split()) for block in blocks]
    if "with" in gold:
        out = [-1] * len(blocks)
        for label, pieces in ((0, gold["without"]), (1, gold["with"])):
            for piece in pieces:
                holders = [i for i, text in enumerate(texts) if "".join(piece.split()) in text]
                if len(holders) == 1:
                    out[holders[0]] = label
        return out
    out = label_texts(page, [block.text for block in blocks])
    if "roles" in gold:
        lines = [line for line in page["text"]["R2"].split("\n") if line.strip()]
        known: dict[str, list[str]] = {}
        for line, role in zip(lines, gold["roles"], strict=True):
            known.setdefault(build_match_key(line), []).append(role)
        for i, block in enumerate(blocks):
            if roles := known.get(build_match_key(block.text)):
                role = roles.pop(0) if len(roles) > 1 else roles[0]
                out[i] = -1 if role in CONTESTED_ROLES else int(role in ARTICLE_ROLES)
    return out


def fit_trees(found: Sequence[PageSample], seed: int) -> Trees:
    """The trees that these samples teach."""
    known = [one.article >= 0 for one in found]
    matrix, article, weights = (
        np.concatenate([getattr(one, field)[mask] for one, mask in zip(found, known, strict=True)])
        for field in ("matrix", "article", "weights")
    )
    settings: dict[str, Any] = {**LIGHTGBM_SETTINGS, "seed": seed}
    data = lightgbm.Dataset(matrix, article, weight=weights / weights.mean(), params=settings)
    dumped = lightgbm.train(settings, data, TREE_ROUNDS).dump_model()
    return flatten_trees([tree["tree_structure"] for tree in dumped["tree_info"]], 1, TREE_LEAVES)


def report_folds(found: Sequence[PageSample], pages: Sequence[TrainingPage], seed: int) -> Iterator[str]:
    """The share of words decided rightly on templates not seen, by set."""
    groups, sets = group_pages(pages), {page["id"]: page.get("set", "") for page in pages}
    names = sorted({groups[one.page] for one in found})
    random.Random(seed).shuffle(names)
    folds = {group: number % FOLD_COUNT for number, group in enumerate(names)}
    right: Counter[str] = Counter()
    words: Counter[str] = Counter()
    cut = round(np.log(MIN_ARTICLE_CHANCE / (1 - MIN_ARTICLE_CHANCE)) * LEAF_SCALE)
    for fold in range(FOLD_COUNT):
        trees = fit_trees([one for one in found if folds[groups[one.page]] != fold], seed)
        for one in found:
            if folds[groups[one.page]] == fold:
                known, size = one.article >= 0, one.matrix[:, 0]
                good = (trees.score_rows(one.matrix)[:, 0] >= cut) == one.article
                right[sets[one.page]] += int(size[known & good].sum())
                words[sets[one.page]] += int(size[known].sum())
    for name_of_set in sorted(words):
        yield f"templates not seen  {name_of_set or 'pages'}  {right[name_of_set] / max(words[name_of_set], 1):.4f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on the pages, and write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS_PATH)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folds", action="store_true", help="also judge the model on templates not seen")
    options = parser.parse_args(arguments)
    pages = list(read_pages(options.pages))
    found = list(sample_pages(pages))
    print(f"{len(found)} pages, {sum(len(one.matrix) for one in found)} lines", file=sys.stderr)
    if options.folds:
        for line in report_folds(found, pages, options.seed):
            print(line, flush=True)
    arrays = fit_trees(found, options.seed).export_arrays("pages")
    np.savez_compressed(options.out, **arrays, features=np.array(found[0].names))
    print(f"{options.out}: {options.out.stat().st_size:,} bytes", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

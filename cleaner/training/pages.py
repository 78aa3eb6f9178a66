"""Train the page model: `python -m cleaner.training.pages PAGES... --out cleaner/models/pages.npz`.

PAGES are JSON Lines (`.gz` too) as for `cleaner.training.lines`, each with `html`; those with `gold.with` and
`gold.without` (pieces of text that must and must not stay) teach with the lines that hold one of them.  Every page is
read and cleaned by the stages before `extraction`, trafilatura is asked, and each line labelled by the gold.  With
--folds it also writes the weights that each fold's pages have no share in.  The weights shipped come from the
development pages of `fundus`, `roles`, `scrapinghub` and `segments`, in this order: with `turing` and `wcxb` beside
them folds of `scrapinghub` gain .002, those of `turing` lose as much, and `fundus` stays.
"""

import sys
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from cleaner.document import Block
from cleaner.html.page import build_page_document
from cleaner.models.features import Floats, Ints
from cleaner.models.pages import WEIGHTS_PATH, compute_page_features
from cleaner.models.trees import Arrays, Trees
from cleaner.pipeline import Pipeline, default_stages, name_stage
from cleaner.rules.loading import load
from cleaner.stages.extraction.stage import build_page_view
from cleaner.stages.extraction.votes import ask_trafilatura
from cleaner.text.shape import build_match_key
from cleaner.training import fitting
from cleaner.training.gold import Gold, TrainingPage, label_role, label_texts, read_pages

TREE_LEAVES, TREE_ROUNDS = 15, 200
"""Leaves of a tree at most, and trees."""

LIGHTGBM_SETTINGS: fitting.Settings = {
    "objective": "binary",
    "learning_rate": 0.06,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "lambda_l2": 10,
    "min_data_in_leaf": 40,
}

PIECES_WEIGHT = 0.5
"""Weight of a page of which only pieces are labelled."""


class PageSample(NamedTuple):
    """The lines of one page: features, whether they are article (-1: unknown), and weights.

    `names` are those of the columns of `matrix`; they are the same for every page.
    """

    page: str
    matrix: Floats
    names: list[str]
    article: Ints
    weights: fitting.Weights


def sample_pages(pages: Sequence[TrainingPage]) -> Iterator[PageSample]:
    """The sample of each page that has any line, as the stage `extraction` sees it.

    trafilatura is asked before any other stage changes the page; the packs are loaded without proving them again.
    """
    rules = load(prove=False)
    stages = default_stages(rules)
    before = Pipeline(stages[: list(map(name_stage, stages)).index("extraction")])
    for page in pages:
        document = build_page_document(page["html"], page["id"], page.get("url"))
        asked = ask_trafilatura(document)
        document = before(document)
        if any(block.text for block in document.blocks):
            shown, _, window, columns = build_page_view(document, asked, rules)
            blocks = shown.blocks[window.start : window.stop]
            matrix, names = compute_page_features(blocks, document.find_fact("title", ""), columns)
            article = np.array(label_blocks(page, blocks), np.int64)
            weights = fitting.weigh_lines(matrix, PIECES_WEIGHT if "with" in page["gold"] else 1)
            yield PageSample(page["id"], matrix, names, article, weights)


def label_blocks(page: TrainingPage, blocks: Sequence[Block]) -> list[int]:
    """For each block 1 if it is article, 0 if not, -1 if the gold does not say.

    By pieces of text where the gold has them, else by its body, and by the roles of lines where they are known.
    """
    gold = page["gold"]
    if "with" in gold:
        return _label_pieces(gold, blocks)
    labels = label_texts(page, [block.text for block in blocks])
    known = _collect_roles(page)
    for i, roles in enumerate(known.get(build_match_key(block.text)) for block in blocks):
        if roles:
            # the last line of several that read alike stands for any further one
            labels[i] = label_role(roles.pop(0) if len(roles) > 1 else roles[0])
    return labels


def _label_pieces(gold: Gold, blocks: Sequence[Block]) -> list[int]:
    """The labels by pieces of text that must and must not stay; a piece that several blocks hold labels none."""
    texts = ["".join(block.text.split()) for block in blocks]
    labels = [-1] * len(blocks)
    pieces = [*((piece, 0) for piece in gold["without"]), *((piece, 1) for piece in gold["with"])]
    for piece, label in pieces:
        holders = [i for i, text in enumerate(texts) if "".join(piece.split()) in text]
        if len(holders) == 1:
            labels[holders[0]] = label
    return labels


def _collect_roles(page: TrainingPage) -> dict[str, list[str]]:
    """The roles of the labelled lines of a page in their order, by the form in which lines are compared."""
    known: dict[str, list[str]] = {}
    if "roles" in page["gold"]:
        lines = filter(str.strip, page["text"]["R2"].split("\n"))
        for line, role in zip(lines, page["gold"]["roles"], strict=True):
            known.setdefault(build_match_key(line), []).append(role)
    return known


def fit_page_trees(found: Sequence[PageSample], seed: int) -> Trees:
    """The trees that these samples teach."""
    return fitting.fit_trees(fitting.collect_rows(found), {**LIGHTGBM_SETTINGS, "seed": seed}, TREE_LEAVES, TREE_ROUNDS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on the pages, and write the weights."""
    options = fitting.build_parser(__doc__, WEIGHTS_PATH).parse_args(arguments)
    pages = list(read_pages(options.pages))
    found = list(sample_pages(pages))
    print(f"{len(found)} pages, {sum(len(one.matrix) for one in found)} lines", file=sys.stderr)

    def fit(left_out: Container[str]) -> Arrays:
        """The weights of what all other pages teach."""
        trees = fit_page_trees([one for one in found if one.page not in left_out], options.seed)
        return {**trees.export_arrays("pages"), "features": np.array(found[0].names)}

    fitting.write_all_weights(options.out, options.folds, fit)
    return 0


if __name__ == "__main__":
    sys.exit(main())

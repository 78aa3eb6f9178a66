"""How sure a line of an HTML page is to be its article: the shape of the text, and what the markup says around it.

The columns of `cleaner.models.features` stand beside those that `cleaner.stages.extraction.columns` reads from the
page's structure: trafilatura's vote, the article's element, likeness to voted lines, links, names, and its own first
guess."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Block
from cleaner.models.features import FEATURE_NAMES, Floats, apply_kernel, compute_features
from cleaner.models.trees import Trees

WEIGHTS_PATH = Path(__file__).with_name("pages.npz")
"""The weights that the project ships."""

VOTED_COLUMN, GUESSED_COLUMN, KNOWN_COLUMN = "voted", "guessed", "known"
"""Columns of 0 and 1 that are also looked at in the lines beside each line, and weighed by words around it."""

LINKS_COLUMN, PROSE_COLUMN = "links", "text_words"
"""Columns of the share of links and of the words in sentences, which are summed up around each line."""

NEAR_WIDTH, WIDE_WIDTH = 2, 6
"""Standard deviations, in lines, of the Gaussian windows in which they are."""

KERNEL_UNIT = 1000
"""The middle of such a window: sums are divided by it where their scale counts."""


def compute_page_features(
    blocks: Sequence[Block], title: str, markup: Mapping[str, Sequence[float]]
) -> tuple[Floats, list[str]]:
    """A row for each block, all of which have text, and the names of the columns.

    First those of `cleaner.models.features`, then those of the markup as given, then those of the lines around.
    """
    _, lines = compute_features(blocks, title)
    own = {name: np.array(values, np.float32) for name, values in markup.items()}
    marks = {name: own[name].astype(np.int64) for name in (VOTED_COLUMN, GUESSED_COLUMN, KNOWN_COLUMN)}
    words, voted = own[PROSE_COLUMN].astype(np.int64), marks[VOTED_COLUMN]
    around: dict[str, NDArray[np.generic]] = {}
    for name, column in marks.items():
        wide = np.concatenate(([0], column, [0]))
        around[f"{name}_before"], around[f"{name}_after"] = wide[:-2], wide[2:]
        density = apply_kernel(column * words, WIDE_WIDTH)
        around[f"{name}_6"] = density / max(int(density.max()), 1)
    around["voted_2"] = apply_kernel(voted * words, NEAR_WIDTH) // KERNEL_UNIT
    around["words_2"] = apply_kernel(words, NEAR_WIDTH) // KERNEL_UNIT
    around["words_6"] = apply_kernel(words, WIDE_WIDTH) // KERNEL_UNIT
    around["links_2"] = apply_kernel((own[LINKS_COLUMN] * 100).astype(np.int64), NEAR_WIDTH) // KERNEL_UNIT
    # the same for the whole page
    around["voted_lines"] = np.full(len(blocks), voted.sum() / len(blocks))
    around["voted_words"] = np.full(len(blocks), (voted * words).sum() / max(int(words.sum()), 1))
    matrix = np.hstack([lines, np.array([*own.values(), *around.values()], np.float32).T])
    return matrix, [*FEATURE_NAMES, *own, *around]


def predict_chances(blocks: Sequence[Block], title: str, markup: Mapping[str, Sequence[float]]) -> list[float]:
    """The chance of each block to be article, from 0 to 1 in steps of a hundredth.

    Raises `ValueError` for weights that were trained on other columns.
    """
    if not blocks:
        return []
    trees, names = load_page_model()
    matrix, found = compute_page_features(blocks, title, markup)
    if found != names:
        raise ValueError("the weights were trained on other features: run python -m cleaner.training.pages again")
    return trees.estimate_chances(matrix)


def explain_score(
    blocks: Sequence[Block], title: str, markup: Mapping[str, Sequence[float]], number: int, most: int = 5
) -> list[tuple[str, float]]:
    """The features that moved the score of one block most, and by how much in log odds; towards article is plus."""
    trees, names = load_page_model()
    matrix, _ = compute_page_features(blocks, title, markup)
    return trees.rank_columns(matrix[number], names, most)


@cache
def load_page_model() -> tuple[Trees, list[str]]:
    """The trees that the project ships, and the names of their columns."""
    with np.load(WEIGHTS_PATH, allow_pickle=False) as arrays:
        return Trees.build_from_arrays(dict(arrays), "pages"), list(map(str, arrays["features"]))

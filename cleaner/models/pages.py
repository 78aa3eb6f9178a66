"""How sure a line of an HTML page is to be its article: the shape of the text, and what the markup says around it.

The columns of `cleaner.models.features` stand beside those that `cleaner.stages.extraction.stage` reads from the page's
structure: trafilatura's vote, the article's element, likeness to voted lines, links, names, and its own first guess.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Block
from cleaner.models.features import FEATURE_NAMES, Floats, apply_kernel, compute_features
from cleaner.models.trees import Trees

WEIGHTS_PATH = Path(__file__).with_name("pages.npz")

VOTED_COLUMN, GUESSED_COLUMN, KNOWN_COLUMN, LINKS_COLUMN, PROSE_COLUMN = (
    "voted",
    "guessed",
    "known",
    "links",
    "text_words",
)
"""Columns of the markup that are also looked at in the lines around each line."""


def compute_page_features(
    blocks: Sequence[Block], title: str, markup: Mapping[str, Sequence[float]]
) -> tuple[Floats, list[str]]:
    """A row for each block, all of which have text, and the names of the columns."""
    _, lines = compute_features(blocks, title)
    own = {name: np.array(values, np.float32) for name, values in markup.items()}
    voted, guessed = own[VOTED_COLUMN].astype(np.int64), own[GUESSED_COLUMN].astype(np.int64)
    words = own[PROSE_COLUMN].astype(np.int64)
    around: dict[str, NDArray[np.generic]] = {}
    known = own[KNOWN_COLUMN].astype(np.int64)
    for name, column in ((VOTED_COLUMN, voted), (GUESSED_COLUMN, guessed), (KNOWN_COLUMN, known)):
        wide = np.concatenate(([0], column, [0]))
        around[f"{name}_before"], around[f"{name}_after"] = wide[:-2], wide[2:]
        density = apply_kernel(column * words, 6)
        around[f"{name}_6"] = density / max(int(density.max()), 1)
    around["voted_2"] = apply_kernel(voted * words, 2) // 1000
    around["words_2"] = apply_kernel(words, 2) // 1000
    around["words_6"] = apply_kernel(words, 6) // 1000
    around["links_2"] = apply_kernel((own[LINKS_COLUMN] * 100).astype(np.int64), 2) // 1000
    around["voted_lines"] = np.full(len(blocks), voted.sum() / len(blocks))
    around["voted_words"] = np.full(len(blocks), (voted * words).sum() / max(int(words.sum()), 1))
    columns = [*own.values(), *around.values()]
    matrix = np.hstack([lines, np.array(columns, np.float32).T])
    return matrix, [*FEATURE_NAMES, *own, *around]


def predict_chances(blocks: Sequence[Block], title: str, markup: Mapping[str, Sequence[float]]) -> list[float]:
    """The chance of each block to be article, in hundredths."""
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

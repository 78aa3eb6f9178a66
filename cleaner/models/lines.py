"""The trained model: for each line of a document, its chance to be article and the role it has either way."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cleaner.document import Block
from cleaner.models.features import FEATURE_NAMES, Floats, compute_features
from cleaner.models.trees import Arrays, Trees

WEIGHTS_PATH = Path(__file__).with_name("lines.npz")
"""The weights that the project ships."""

_TREE_NAMES = ("lines", "sentences", "kept", "dropped")
"""The trees of a labeller in a file of weights."""


class JudgedLines(NamedTuple):
    """Numbers of the blocks that the model was asked about, the chance of each to be article, and their features."""

    numbers: list[int]
    chances: list[float]
    matrix: Floats


class Labeller(NamedTuple):
    """Trees for lines and for texts on one line, and for the roles of what is kept and of what is dropped.

    The first two have one class: the log odds of being article.  The others have a class for each of their roles.
    """

    lines: Trees
    sentences: Trees
    kept: Trees
    dropped: Trees
    kept_roles: tuple[str, ...]
    dropped_roles: tuple[str, ...]

    def judge_lines(self, blocks: Sequence[Block], title: str = "") -> JudgedLines:
        """The chance of each block that has text and no role yet; features are computed for those with a role, too."""
        if all(block.role or not block.text for block in blocks):
            return JudgedLines([], [], np.zeros((0, len(FEATURE_NAMES)), np.float32))
        rows, matrix = compute_features(blocks, title)
        free = [i for i, number in enumerate(rows) if not blocks[number].role]
        matrix = matrix[free]
        numbers = [rows[i] for i in free]
        return JudgedLines(numbers, self._choose_judges(blocks, numbers).estimate_chances(matrix), matrix)

    def _choose_judges(self, blocks: Sequence[Block], numbers: Sequence[int]) -> Trees:
        """The trees for sentences where one of these blocks is a part of a line, else those for lines."""
        return self.sentences if any(blocks[i].kind == "sentence" for i in numbers) else self.lines

    def predict_roles(self, matrix: Floats, kept: bool) -> list[str]:
        """The likeliest role of each line of the article, or of each that is dropped."""
        trees, names = (self.kept, self.kept_roles) if kept else (self.dropped, self.dropped_roles)
        return [names[i] for i in trees.score_rows(matrix).argmax(axis=1)]

    def explain_score(
        self, blocks: Sequence[Block], number: int, title: str = "", most: int = 5
    ) -> list[tuple[str, float]]:
        """The features that moved the score of one block most, and by how much in log odds; towards article is plus."""
        rows, matrix = compute_features(blocks, title)
        return self._choose_judges(blocks, rows).rank_columns(matrix[rows.index(number)], FEATURE_NAMES, most)

    def export_arrays(self) -> dict[str, object]:
        """What a file of weights holds: the names of features and roles, and the trees."""
        out: dict[str, object] = {
            "features": np.array(FEATURE_NAMES),
            "kept_roles": np.array(self.kept_roles),
            "dropped_roles": np.array(self.dropped_roles),
        }
        for name, trees in zip(_TREE_NAMES, (self.lines, self.sentences, self.kept, self.dropped), strict=True):
            out |= trees.export_arrays(name)
        return out

    @classmethod
    def build_from_arrays(cls, arrays: Arrays) -> "Labeller":
        """The labeller that a file of weights holds; raises `ValueError` if it was trained on other features."""
        if tuple(arrays["features"]) != FEATURE_NAMES:
            raise ValueError("the weights were trained on other features: run python -m cleaner.training.lines again")
        lines, sentences, kept, dropped = (Trees.build_from_arrays(arrays, name) for name in _TREE_NAMES)
        kept_roles, dropped_roles = (tuple(map(str, arrays[name])) for name in ("kept_roles", "dropped_roles"))
        return cls(lines, sentences, kept, dropped, kept_roles, dropped_roles)


@cache
def load_labeller() -> Labeller:
    """The labeller with the weights that the project ships."""
    with np.load(WEIGHTS_PATH, allow_pickle=False) as arrays:
        return Labeller.build_from_arrays(dict(arrays))

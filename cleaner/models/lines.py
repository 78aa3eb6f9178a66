"""The trained model: for each line of a document, its chance to be article and the role it has either way."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cleaner.document import Block
from cleaner.models.features import FEATURE_NAMES, Floats, compute_features
from cleaner.models.trees import Trees

WEIGHTS_PATH = Path(__file__).with_name("lines.npz")


class JudgedLines(NamedTuple):
    """Numbers of the blocks that the model was asked about, the chance of each to be article, and their features."""

    numbers: list[int]
    chances: list[float]
    matrix: Floats


class Labeller(NamedTuple):
    """Trees for lines and for texts on one line, and for the roles of what is kept and of what is dropped."""

    lines: Trees
    sentences: Trees
    kept: Trees
    dropped: Trees
    kept_roles: tuple[str, ...]
    dropped_roles: tuple[str, ...]

    def judge_lines(self, blocks: Sequence[Block], title: str = "") -> JudgedLines:
        """The chance of each block that has text and no role yet."""
        if all(block.role or not block.text for block in blocks):
            return JudgedLines([], [], np.zeros((0, len(FEATURE_NAMES)), np.float32))
        rows, matrix = compute_features(blocks, title)
        free = [i for i, number in enumerate(rows) if not blocks[number].role]
        matrix = matrix[free]
        numbers = [rows[i] for i in free]
        judges = self.sentences if any(blocks[i].kind == "sentence" for i in numbers) else self.lines
        return JudgedLines(numbers, judges.estimate_chances(matrix), matrix)

    def predict_roles(self, matrix: Floats, kept: bool) -> list[str]:
        """The likeliest role of each line of the article, or of each that is dropped."""
        trees, names = (self.kept, self.kept_roles) if kept else (self.dropped, self.dropped_roles)
        return [names[i] for i in trees.score_rows(matrix).argmax(axis=1)]

    def explain_score(
        self, blocks: Sequence[Block], number: int, title: str = "", most: int = 5
    ) -> list[tuple[str, float]]:
        """The features that moved the score of one block most, and by how much in log odds; towards article is plus."""
        rows, matrix = compute_features(blocks, title)
        judges = self.sentences if any(blocks[i].kind == "sentence" for i in rows) else self.lines
        return judges.rank_columns(matrix[rows.index(number)], FEATURE_NAMES, most)

    def export_arrays(self) -> dict[str, Any]:
        """What a file of weights holds."""
        out: dict[str, Any] = {
            "features": np.array(FEATURE_NAMES),
            "kept_roles": np.array(self.kept_roles),
            "dropped_roles": np.array(self.dropped_roles),
        }
        for name in ("lines", "sentences", "kept", "dropped"):
            trees: Trees = getattr(self, name)
            out |= trees.export_arrays(name)
        return out

    @classmethod
    def build_from_arrays(cls, arrays: Mapping[str, Any]) -> "Labeller":
        """The labeller that a file of weights holds; it must have been trained on these features."""
        if tuple(arrays["features"]) != FEATURE_NAMES:
            raise ValueError("the weights were trained on other features: run python -m cleaner.training.lines again")
        lines, sentences, kept, dropped = (
            Trees.build_from_arrays(arrays, name) for name in ("lines", "sentences", "kept", "dropped")
        )
        roles = [tuple(map(str, arrays[name])) for name in ("kept_roles", "dropped_roles")]
        return cls(lines, sentences, kept, dropped, roles[0], roles[1])


@cache
def load_labeller() -> Labeller:
    """The labeller with the weights that the project ships."""
    with np.load(WEIGHTS_PATH, allow_pickle=False) as arrays:
        return Labeller.build_from_arrays(dict(arrays))

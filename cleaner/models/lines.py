"""The trained model: for each line of a document, its chance to be article and the role it has either way."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cleaner.document import ARTICLE_ROLES, Block
from cleaner.models.features import FEATURE_NAMES, Floats, compute_features
from cleaner.models.sequence import SequenceNetwork, build_network, export_network
from cleaner.models.trees import CHANCE_THRESHOLDS, LEAF_SCALE, Arrays

WEIGHTS_PATH = Path(__file__).with_name("lines.npz")
"""The weights that the project ships."""

FEATURE_GROUPS: dict[str, str] = {
    "size": "words chars word_length small usual",
    "ending": "first last ends prose stops stops_share",
    "writing": "letters capitals upper numbers digits commas commas_share colons quotes brackets dashes bars others "
    "signs flat unspaced",
    "copies": "copies alike",
    "subject": "in_title elsewhere in_region",
    "place": "relative from_region to_region_end prose_before prose_after",
    "prose-around": "nearest_before nearest_after run run_at run_left short dense_2 dense_6 dense_15 kept_6 region_6",
    "neighbours": "words_before words_after words_before_2 words_after_2 ends_before ends_after capitals_before "
    "capitals_after labelled_before labelled_after",
    "labelled-around": "group_before group_after gone_6 gone_2 since_title until_title since_about until_about "
    "since_picture until_picture since_around until_around since_behind until_behind",
}
"""The features by what they tell of a line; they are hidden together where a verdict is explained."""

LINES_BEFORE, LINES_BEHIND = "lines-before", "lines-behind"
"""What stands for all lines on one side of the explained one."""


ROLE_NAMED_BEFORE = "title"
"""The role of lines that an earlier stage has found already: no other line has it."""


class JudgedLines(NamedTuple):
    """Numbers of the blocks that the model was asked about, the chance of each to be article, and the likeliest role of
    each if it stays, and if it goes."""

    numbers: list[int]
    chances: list[float]
    kept_roles: list[str]
    dropped_roles: list[str]


class Labeller(NamedTuple):
    """The network, and the role of each of its columns behind the first."""

    network: SequenceNetwork
    roles: tuple[str, ...]

    def judge_lines(self, blocks: Sequence[Block], title: str = "") -> JudgedLines:
        """The chance of each block that has text and no role yet; those with a role are looked at, too."""
        if all(block.role or not block.text for block in blocks):
            return JudgedLines([], [], [], [])
        rows, matrix = compute_features(blocks, title)
        free = [i for i, number in enumerate(rows) if not blocks[number].role]
        scores = self.network.score_lines(matrix, [len(rows)])[free]
        numbers = [rows[i] for i in free]
        roles = (self._choose_roles(scores, kept) for kept in (True, False))
        return JudgedLines(numbers, read_chances(scores), *roles)

    def _choose_roles(self, scores: Floats, kept: bool) -> list[str]:
        """The likeliest role of each line, of those that stay or of those that go."""
        named = enumerate(self.roles, 1)
        columns = [i for i, role in named if (role in ARTICLE_ROLES) == kept and role != ROLE_NAMED_BEFORE]
        best = scores[:, columns].argmax(axis=1).tolist()
        return [self.roles[columns[i] - 1] for i in best]

    def explain_score(
        self, blocks: Sequence[Block], number: int, title: str = "", most: int = 5
    ) -> list[tuple[str, float]]:
        """What moved the score of one block most, and by how much in log odds; towards article is plus.

        Each group of `FEATURE_GROUPS` is hidden in turn: the line's own features are set to their means; and so are all
        lines on one side of it.  What several of them say together is told of each, so they do not add up.
        """
        rows, matrix = compute_features(blocks, title)
        row = rows.index(number)
        inputs = self.network.scaling.encode(matrix)
        score = self._score_row(inputs, row)
        found = {name: score - self._score_row(*hidden) for name, hidden in self._hide_parts(inputs, row)}
        told = sorted(found.items(), key=lambda part: -abs(part[1]))[:most]
        return [(name, round(weight, 2)) for name, weight in told if round(weight, 2)]

    def _hide_parts(self, inputs: Floats, row: int) -> Iterator[tuple[str, tuple[Floats, int]]]:
        """The inputs of a document without one part after the other, by its name, and the number of the row in them."""
        for name, features in FEATURE_GROUPS.items():
            columns = self.network.scaling.find_columns([FEATURE_NAMES.index(one) for one in features.split()])
            hidden = inputs.copy()
            hidden[row, columns] = 0
            yield name, (hidden, row)
        yield LINES_BEFORE, (inputs[row:], 0)
        yield LINES_BEHIND, (inputs[: row + 1], row)

    def _score_row(self, inputs: Floats, row: int) -> float:
        """The log odds of one line."""
        return float(self.network.score_inputs(inputs, [len(inputs)])[row, 0])

    def export_arrays(self) -> dict[str, object]:
        """What a file of weights holds: the names of features and roles, and the network."""
        return {"features": np.array(FEATURE_NAMES), "roles": np.array(self.roles), **export_network(self.network)}

    @classmethod
    def build_from_arrays(cls, arrays: Arrays) -> "Labeller":
        """The labeller that a file of weights holds; raises `ValueError` if it was trained on other features."""
        if tuple(arrays["features"]) != FEATURE_NAMES:
            raise ValueError("the weights were trained on other features: run python -m cleaner.training.lines again")
        return cls(build_network(arrays), tuple(map(str, arrays["roles"])))


def read_chances(scores: Floats) -> list[float]:
    """The chance that the first score of each row stands for, in hundredths."""
    steps = np.searchsorted(CHANCE_THRESHOLDS, np.rint(scores[:, 0].astype(np.float64) * LEAF_SCALE), "right")
    return [step / 100 for step in steps.tolist()]


@cache
def load_labeller() -> Labeller:
    """The labeller with the weights that the project ships."""
    with np.load(WEIGHTS_PATH, allow_pickle=False) as arrays:
        return Labeller.build_from_arrays(dict(arrays))

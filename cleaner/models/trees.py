"""Boosted trees as flat arrays: what they say of each row, and which features weighed most.

Every node of every tree is asked at once, after Lucchese et al., "QuickScorer: a fast algorithm to rank documents with
additive ensembles of regression trees" (2015): a node answered with no rules out the leaves on its left side, and the
first leaf that no node ruled out is the row's.  Thresholds are float32, as the features are, and the values of leaves
whole numbers, so no platform can round differently.
"""

from collections.abc import Mapping, Sequence
from math import log
from typing import Any, NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

LEAF_SCALE = 1 << 16
"""What a leaf's value is multiplied by to become a whole number."""

CHANCE_THRESHOLDS = np.array([round(LEAF_SCALE * log(i / (200 - i))) for i in range(1, 200, 2)], np.int64)
"""Scores at which the chance, in hundredths, grows by one: the odds as whole numbers, the same everywhere."""

MIN_LEAVES, MAX_SHORT_LEAVES, MAX_LEAVES = 2, 16, 32
"""Leaves of a tree: one bit for each, in 16 bits where they are enough, else in 32."""

Bits = NDArray[np.uint16] | NDArray[np.uint32]
Arrays = Mapping[str, Any]
"""What a file of weights holds: arrays of several types, each under the name of its trees and its field."""


class DumpedNode(TypedDict, total=False):
    """A part of a tree as LightGBM dumps it: a leaf with its value, or a node with two children."""

    leaf_value: float
    split_feature: int
    threshold: float
    internal_value: float
    left_child: "DumpedNode"
    right_child: "DumpedNode"


BATCH_ROWS = 512
"""Rows that are judged at once, so that memory does not grow with the document."""


NODE_FIELDS = ("columns", "thresholds", "left_over", "below", "yes", "no")
"""Fields that tell of nodes; in a file of weights they are flat, one tree behind the other."""


class Trees(NamedTuple):
    """Trees of one size; those of several classes take turns.

    Of every node: the column it asks, the largest value it says yes to, the leaves it leaves over on no, those below
    it, and by how much the mean of the leaves changes on yes and on no.  These have a row for the first nodes of all
    trees, one for the second ones, and so on: so the nodes of a tree are joined in a few long steps.
    """

    columns: NDArray[np.int16]
    thresholds: NDArray[np.float32]
    left_over: Bits
    below: Bits
    yes: NDArray[np.int32]
    no: NDArray[np.int32]
    leaves: NDArray[np.int32]  # a row for each tree
    classes: int

    def score_rows(self, features: NDArray[np.float32]) -> NDArray[np.int64]:
        """The sum of the leaves of each row, a column for each class: log odds times LEAF_SCALE."""
        parts = [self._score_batch(features[i : i + BATCH_ROWS]) for i in range(0, len(features), BATCH_ROWS)]
        return np.concatenate(parts) if parts else np.zeros((0, self.classes), np.int64)

    def estimate_chances(self, features: NDArray[np.float32]) -> list[float]:
        """The chance that each row's first score stands for, in hundredths."""
        return [
            step / 100 for step in np.searchsorted(CHANCE_THRESHOLDS, self.score_rows(features)[:, 0], "right").tolist()
        ]

    def _score_batch(self, features: NDArray[np.float32]) -> NDArray[np.int64]:
        trees, size = self.leaves.shape
        values = self.leaves.take(self._find_leaves(features) + np.arange(0, trees * size, size)[:, None])
        sums: NDArray[np.int64] = values.reshape(trees // self.classes, self.classes, -1).sum(axis=0, dtype=np.int64).T
        return sums

    def _find_leaves(self, features: NDArray[np.float32]) -> NDArray[np.int32]:
        """The leaf of each row (a column each) in each tree."""
        answers = np.ascontiguousarray(features.T).take(self.columns, 0) > self.thresholds[..., None]
        # multiplying is how numpy chooses fastest
        gone = np.bitwise_or.reduce(answers * ~self.left_over[..., None], axis=0)
        lowest = (~gone & (gone + gone.dtype.type(1))).astype(np.float32)
        # a power of two as float32 has its logarithm in the exponent
        leaf: NDArray[np.int32] = (lowest.view(np.int32) >> 23) - 127
        return leaf

    def weigh_columns(self, row: NDArray[np.float32], of: int = 0) -> NDArray[np.int64]:
        """How much each column moved the score of one row for a class: the steps of its paths through the trees.

        Source: Palczewska et al., "Interpreting random forest models using a feature contribution method" (2013).
        """
        mine = np.int64(1) << self._find_leaves(row[None, :])[:, 0].astype(np.int64)
        wanted = np.arange(len(self.leaves)) % self.classes == of
        steps = np.where(row[self.columns] > self.thresholds, self.no, self.yes)
        out = np.zeros(len(row), np.int64)
        np.add.at(out, self.columns, np.where((self.below & mine).astype(bool) & wanted, steps, 0))
        return out

    def rank_columns(self, row: NDArray[np.float32], names: Sequence[str], most: int) -> list[tuple[str, float]]:
        """The columns that moved the score of one row most, by name, and by how much in log odds."""
        weights = self.weigh_columns(row)
        order = np.argsort(-np.abs(weights), kind="stable")[:most]
        return [(names[i], round(int(weights[i]) / LEAF_SCALE, 2)) for i in order if weights[i]]

    def export_arrays(self, name: str) -> dict[str, object]:
        """The arrays under their names in a file of weights."""
        fields = self._asdict() | {field: getattr(self, field).T.ravel() for field in NODE_FIELDS}
        return {f"{name}.{field}": value for field, value in fields.items()}

    @classmethod
    def build_from_arrays(cls, arrays: Arrays, name: str) -> "Trees":
        """The trees that `arrays` gave this name."""
        fields = {field: arrays[f"{name}.{field}"] for field in cls._fields}
        trees = len(fields["leaves"])
        fields |= {field: np.ascontiguousarray(fields[field].reshape(trees, -1).T) for field in NODE_FIELDS}
        return cls(**fields)._replace(classes=int(fields["classes"]))


def flatten_trees(trees: Sequence[DumpedNode], classes: int, size: int) -> Trees:
    """Trees as LightGBM dumps them (`tree_structure`), of at most `size` leaves, as flat arrays.

    Places of smaller trees stay as they are made here: nodes that always say yes and rule out no leaf.
    """
    assert MIN_LEAVES <= size <= MAX_LEAVES
    count, nodes = len(trees), size - 1
    columns = np.zeros((count, nodes), np.int16)
    thresholds = np.full((count, nodes), np.inf, np.float32)
    left_over, below = _make_bits(count, nodes, size)
    every = int(left_over[0, 0])
    yes, no = np.zeros((count, nodes), np.int32), np.zeros((count, nodes), np.int32)
    leaves = np.zeros((count, size), np.int32)
    for i, tree in enumerate(trees):
        node = leaf = 0

        def walk(part: DumpedNode, i: int = i) -> tuple[int, int, int]:
            """First leaf, end of the leaves and mean value of a part of the tree."""
            nonlocal node, leaf
            if "leaf_value" in part:
                leaves[i, leaf] = round(part["leaf_value"] * LEAF_SCALE)
                leaf += 1
                return leaf - 1, leaf, int(leaves[i, leaf - 1])
            at, node = node, node + 1
            columns[i, at] = part["split_feature"]
            thresholds[i, at] = _find_float32_below(part["threshold"])
            first, middle, left = walk(part["left_child"])
            _, end, right = walk(part["right_child"])
            mean = round(part["internal_value"] * LEAF_SCALE)
            yes[i, at], no[i, at] = left - mean, right - mean
            left_over[i, at] = every & ~((1 << middle) - (1 << first))
            below[i, at] = (1 << end) - (1 << first)
            return first, end, mean

        walk(tree)
    return Trees(columns.T, thresholds.T, left_over.T, below.T, yes.T, no.T, leaves, classes)


def _make_bits(count: int, nodes: int, size: int) -> tuple[Bits, Bits]:
    """A bit for each of `size` leaves, for each node of each tree: all of them set, and none."""
    if size <= MAX_SHORT_LEAVES:
        return np.full((count, nodes), np.iinfo(np.uint16).max, np.uint16), np.zeros((count, nodes), np.uint16)
    return np.full((count, nodes), np.iinfo(np.uint32).max, np.uint32), np.zeros((count, nodes), np.uint32)


def _find_float32_below(threshold: float) -> np.float32:
    """The largest float32 that is not above the threshold: it parts float32 values as the threshold does."""
    near = np.float32(threshold)
    return near if float(near) <= threshold else np.nextafter(near, np.float32(-np.inf))

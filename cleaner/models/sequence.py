"""A small recurrent network over the lines of a document, the same to the byte on every platform.

Two layers of minimal gated recurrent units, forwards and backwards, after Feng et al., "Were RNNs all we needed?"
(2024): a gate looks at its line and not at the state, so all lines are multiplied at once, and a state is one product
and one sum a line.  Gates and states are clipped lines instead of curves.

What is multiplied by weights is whole numbers, held in float32: each sum stays below 2 ** 24, so it is exact in any
order.  All else is one IEEE operation for each number.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Shorts = NDArray[np.int16]

STEPS = 255
"""Whole numbers that stand for an activation of 1."""

MAX_WEIGHT = 511
"""The largest weight of a column as a whole number."""

MAX_INPUTS = 128
"""Inputs of a product, at most, so that STEPS * MAX_WEIGHT * MAX_INPUTS is below 2 ** 24."""

STRETCH_LINES = 2048
"""Lines that are judged together: a longer document is cut, so that memory does not grow with it."""

CLASS_COUNTS: Mapping[str, int] = {"first": 15, "last": 15, "group_before": 6, "group_after": 6}
"""Features that are numbers of classes, with how many there are: each class has an input of its own."""

MAX_ALONE = 1 << 18
"""Multiplications of one product of matrices up to which OpenBLAS starts no threads."""

LAYERS = ("in", "first", "second", "mid", "out")
"""The products with weights, in their order."""

SPREAD_REACH = 3
"""Standard deviations from the mean at which an input is clipped."""


class Scaling(NamedTuple):
    """How features become inputs from -1 to 1: value / (|value| + half), less the mean, divided by the reach."""

    halves: Floats
    means: Floats
    reaches: Floats
    classes: tuple[tuple[int, int], ...]  # column and count of those that are numbers of classes

    def encode(self, matrix: Floats) -> Floats:
        """The inputs of these lines, a row each."""
        bent = matrix / (np.abs(matrix) + self.halves)
        bent -= self.means
        bent /= self.reaches
        inputs = _clip(bent.astype(np.float32, copy=False), -1, 1)
        hot = [matrix[:, column, None] == np.arange(count, dtype=np.float32) for column, count in self.classes]
        return np.concatenate((inputs, *hot), axis=1, dtype=np.float32)

    def find_columns(self, features: Sequence[int]) -> list[int]:
        """The columns of the inputs that tell of these features."""
        found = list(features)
        at = len(self.halves)
        for column, count in self.classes:
            found += range(at, at + count) if column in features else ()
            at += count
        return found


def fit_scaling(matrix: Floats, names: Sequence[str], counts: Mapping[str, int] = CLASS_COUNTS) -> Scaling:
    """The scaling of features with these names, as lines like these have them; `counts` are those of classes."""
    sizes = np.where(matrix == 0, np.nan, np.abs(matrix))
    sizes[0] = np.where(np.isnan(sizes).all(axis=0), 1, sizes[0])
    halves = np.nanmedian(sizes, axis=0).astype(np.float32)
    bent = matrix / (np.abs(matrix) + halves)
    reaches = SPREAD_REACH * bent.std(axis=0) + np.float32(1e-6)
    classes = tuple((names.index(name), count) for name, count in counts.items())
    return Scaling(halves, bent.mean(axis=0), reaches.astype(np.float32), classes)


class Product(NamedTuple):
    """Weights as whole numbers, a matrix for each network, with the unit of each column and what is added to it."""

    weights: Floats
    units: Floats
    biases: Floats

    def multiply(self, inputs: Floats) -> Floats:
        """What inputs, in whole STEPS, become; a matrix for each network."""
        sums = _multiply_alone(inputs, self.weights)
        sums *= self.units
        sums += self.biases
        return sums


class SequenceNetwork(NamedTuple):
    """Networks of one size whose scores are averaged: columns are the log odds of being article, then of each role."""

    scaling: Scaling
    products: tuple[Product, ...]

    def score_lines(self, matrix: Floats, ends: Sequence[int]) -> Floats:
        """The scores of all lines of several documents by their features, a row each; `ends` has the rows up to the end
        of each document."""
        return self.score_inputs(self.scaling.encode(matrix), ends)

    def score_inputs(self, inputs: Floats, ends: Sequence[int]) -> Floats:
        """The same by their inputs."""
        pieces = list(_cut_stretches(ends))
        scores = [self._score_stretches(inputs[low:high], borders) for low, high, borders in pieces]
        return np.concatenate(scores) if scores else np.zeros((0, self.products[-1].units.shape[-1]), np.float32)

    def _score_stretches(self, inputs: Floats, borders: Sequence[int]) -> Floats:
        """The scores of lines that are judged at once; `borders` are where their documents begin and end."""
        into, first, second, mid, out = self.products
        base = _round(_bend(into.multiply(_round(inputs))))
        state = _run_units(first.multiply(base), borders)
        state = _run_units(second.multiply(_join(state, base)), borders)
        hidden = _round(_bend(mid.multiply(_join(state, base))))
        scores = out.multiply(hidden)
        whole: Floats = np.zeros_like(scores[0])
        for one in scores:
            whole += one
        return whole / np.float32(len(scores))


def _cut_stretches(ends: Sequence[int]) -> Iterable[tuple[int, int, list[int]]]:
    """The rows that are judged at once, and the borders in them: whole documents, or stretches of long ones."""
    borders = [0]
    for end in ends:
        borders += [*range(borders[-1] + STRETCH_LINES, end, STRETCH_LINES), end]
    low = 0
    inside = [0]
    for start, end in pairwise(borders):
        if end - low > STRETCH_LINES and start > low:
            yield low, start, inside
            low, inside = start, [0]
        inside.append(end - low)
    if borders[-1] > low:
        yield low, borders[-1], inside


def _multiply_alone(inputs: Floats, weights: Floats) -> Floats:
    """The products of matrices, in pieces so small that a library of linear algebra starts no threads for them: these
    cost more than they do, and take the cores that other workers are on."""
    networks, height, width = weights.shape
    lines = inputs.shape[-2]
    step = max(1, MAX_ALONE // (height * width))
    if lines <= step:
        whole: Floats = np.matmul(inputs, weights)
        return whole
    out = np.empty((networks, lines, width), np.float32)
    for low in range(0, lines, step):
        np.matmul(inputs[..., low : low + step, :], weights, out=out[:, low : low + step])
    return out


def _run_units(sums: Floats, borders: Sequence[int]) -> Floats:
    """The states of recurrent units in whole STEPS, forwards and backwards, anew at each border.

    A fourth of the columns each are gates and candidates of the units that run forwards, and of those backwards.
    """
    networks, lines, width = sums.shape
    size = width // 4
    gates = sums[..., : 2 * size] * np.float32(0.25)
    gates += np.float32(0.5)
    states = _clip(gates, 0, 1) * _clip(sums[..., 2 * size :], -1, 1)
    shares = np.subtract(1, gates, out=gates)
    shares[:, [start for start in borders if start < lines], :size] = 0
    shares[:, [end - 1 for end in borders if end], size:] = 0
    # side by side, the second half from its end
    kept = np.empty((2, lines, networks, 2 * size), np.float32)
    for at, part in enumerate((states, shares)):
        kept[at, ..., :size] = part[..., :size].swapaxes(0, 1)
        kept[at, ..., size:] = part[:, ::-1, size:].swapaxes(0, 1)
    flat = kept.reshape(2, lines, -1)
    carried, multiply, add = np.empty(flat.shape[-1], np.float32), np.multiply, np.add
    after = list(flat[0])
    for before, share, state in zip(after, flat[1, 1:], after[1:], strict=False):
        multiply(share, before, carried)
        add(state, carried, state)
    found = kept[0].swapaxes(0, 1)
    return _round(np.concatenate((found[..., :size], found[:, ::-1, size:]), axis=2))


def _clip(values: Floats, least: int, most: int) -> Floats:
    """The values themselves, none below or above these; `np.clip` takes longer to begin than to work."""
    np.maximum(values, np.float32(least), out=values)
    return np.minimum(values, np.float32(most), out=values)


def _bend(sums: Floats) -> Floats:
    """What is above 0, and at most 1."""
    return _clip(sums, 0, 1)


def _join(state: Floats, base: Floats) -> Floats:
    """States and inputs of each network side by side."""
    return np.concatenate((state, base), axis=2)


def _round(values: Floats) -> Floats:
    """The values in whole STEPS."""
    values = values * np.float32(STEPS)
    return np.rint(values, out=values)


def quantise_products(networks: Sequence[Mapping[str, Floats]]) -> tuple[Product, ...]:
    """The products of trained networks (`in.w`, `in.b`, …) with their weights as whole numbers."""
    return tuple(_quantise_layer([(one[f"{name}.w"], one[f"{name}.b"]) for one in networks]) for name in LAYERS)


def _quantise_layer(layers: Sequence[tuple[Floats, Floats]]) -> Product:
    weights = np.stack([weight for weight, _ in layers])
    assert weights.shape[1] <= MAX_INPUTS
    units = np.maximum(np.abs(weights).max(axis=1, keepdims=True), np.float32(1e-6)) / np.float32(MAX_WEIGHT)
    biases = np.stack([bias for _, bias in layers])[:, None].astype(np.float32)
    return Product(np.rint(weights / units), (units / np.float32(STEPS)).astype(np.float32), biases)


def export_network(network: SequenceNetwork) -> dict[str, object]:
    """The arrays of a file of weights."""
    out: dict[str, object] = {f"scaling.{name}": getattr(network.scaling, name) for name in Scaling._fields}
    for name, product in zip(LAYERS, network.products, strict=True):
        out |= {f"{name}.weights": product.weights.astype(np.int16)}
        out |= {f"{name}.units": product.units, f"{name}.biases": product.biases}
    return out


def build_network(arrays: Mapping[str, Any]) -> SequenceNetwork:
    """The network that a file of weights holds."""
    halves, means, reaches, classes = (arrays[f"scaling.{name}"] for name in Scaling._fields)
    columns = tuple((int(column), int(count)) for column, count in classes)
    products = (
        Product(arrays[f"{name}.weights"].astype(np.float32), arrays[f"{name}.units"], arrays[f"{name}.biases"])
        for name in LAYERS
    )
    return SequenceNetwork(Scaling(halves, means, reaches, columns), tuple(products))

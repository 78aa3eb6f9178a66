"""Fitting the recurrent network of `cleaner.models.sequence` with nothing but numpy: its own gradients, and Adam.

The same texts in the same order, seed and numpy give the same weights on one machine with one thread.
"""

import sys
from collections.abc import Iterator, Sequence
from math import cos, pi
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.models.features import Floats, Ints

HIDDEN_UNITS, INNER_UNITS = 32, 48
"""Recurrent units each way in each layer, and units of the layers before and behind them."""

EPOCHS = 8
"""Times that all pages are seen."""

ROW_LINES, BATCH_ROWS = 512, 16
"""Lines of a row, in which documents stand behind each other, and rows that one step of training looks at."""

LEARNING_RATE, WEIGHT_DECAY = 0.005, 0.001
"""Steps of Adam at their largest, and the share of them by which a weight shrinks."""

WARM_STEPS, MIN_RATE_SHARE = 40, 0.01
"""Steps in which the rate grows; then it falls as half a cosine to this share of the largest."""

DROPPED_SHARE = 0.3
"""Share of the units that is switched off at each line in training."""

ROLE_WEIGHT = 1.0
"""Weight of a line's role beside that of its being article."""

FIRST_DECAY, SECOND_DECAY = 0.9, 0.99
"""Decay of Adam's means of the gradient and of its square."""

CLOSED_GATE_BIAS = -1.0
"""What gates begin with: rather closed, so that states last for a few lines."""

MIN_FREE_LINES = 8
"""Lines left in a row below which no text is looked for to fill it."""

OPEN_ROWS = 40
"""Rows that are filled at a time."""

TINY = np.float32(1e-7)
"""What keeps divisions from zero."""

Network = dict[str, Floats]
Cache = dict[str, NDArray[Any]]


class Lines(NamedTuple):
    """All lines of all texts: inputs, being article, its weight, the number of the role, and its weight.

    `ends` are the borders of the texts, from 0 on.
    """

    inputs: Floats
    article: Floats
    weights: Floats
    roles: Ints
    role_weights: Floats
    ends: Sequence[int]


def start_network(inputs: int, roles: int, chance: np.random.Generator) -> Network:
    """A network with random weights."""
    base, state = INNER_UNITS, 2 * HIDDEN_UNITS
    sizes = {
        "in": (inputs, base),
        "first": (base, 2 * state),
        "second": (state + base, 2 * state),
        "mid": (state + base, base),
        "out": (base, 1 + roles),
    }
    network: Network = {}
    for name, (rows, columns) in sizes.items():
        network[f"{name}.w"] = (chance.standard_normal((rows, columns)) / np.sqrt(rows)).astype(np.float32)
        network[f"{name}.b"] = np.zeros(columns, np.float32)
    for name in ("first", "second"):
        network[f"{name}.b"][:state] = CLOSED_GATE_BIAS
    return network


def _drop_units(values: Floats, chance: np.random.Generator | None) -> tuple[Floats, Floats]:
    """The values with some of them switched off and the others grown, and the factors that do so."""
    if chance is None:
        return values, np.ones(1, np.float32)
    kept = chance.random(values.shape, dtype=np.float32) >= DROPPED_SHARE
    factors = kept.astype(np.float32) / np.float32(1 - DROPPED_SHARE)
    return values * factors, factors


def run_network(
    network: Network, inputs: Floats, first: NDArray[np.bool_], chance: np.random.Generator | None = None
) -> tuple[Floats, Cache]:
    """The scores of lines, and what their gradients need.

    `inputs` has the place in its row, the row and the input; `first` says where a text begins, with one place more
    at the end.  With `chance` units are switched off.
    """
    cache: Cache = {"inputs": inputs}
    flow = np.stack((~first[:-1], ~first[1:])).astype(np.float32)[..., None]
    sums = inputs @ network["in.w"] + network["in.b"]
    base, cache["in.kept"] = _drop_units(np.clip(sums, 0, 1), chance)
    cache |= {"flow": flow, "in.slope": (sums > 0) & (sums < 1)}
    joined = base
    for name in ("first", "second"):
        cache[f"{name}.joined"] = joined
        states = _run_layer(joined @ network[f"{name}.w"] + network[f"{name}.b"], flow, name, cache)
        states, cache[f"{name}.kept"] = _drop_units(states, chance)
        joined = np.concatenate((states, base), axis=-1)
    sums = joined @ network["mid.w"] + network["mid.b"]
    hidden, cache["mid.kept"] = _drop_units(np.clip(sums, 0, 1), chance)
    cache |= {"mid.joined": joined, "mid.slope": (sums > 0) & (sums < 1), "hidden": hidden}
    return hidden @ network["out.w"] + network["out.b"], cache


def _run_layer(sums: Floats, flow: Floats, name: str, cache: Cache) -> Floats:
    """The states of a layer of recurrent units."""
    size = sums.shape[-1] // 4
    gates = np.clip(sums[..., : 2 * size] * np.float32(0.25) + np.float32(0.5), 0, 1)
    candidates = np.clip(sums[..., 2 * size :], -1, 1)
    shares = 1 - gates
    shares[..., :size] *= flow[0]
    shares[..., size:] *= flow[1]
    states: Floats = gates * candidates
    _carry(states[..., :size], shares[..., :size])
    _carry(states[::-1, ..., size:], shares[::-1, ..., size:])
    found = {"sums": sums, "gates": gates, "candidates": candidates, "shares": shares, "states": states}
    cache |= {f"{name}.{key}": value for key, value in found.items()}
    return states


def _carry(states: Floats, shares: Floats) -> None:
    """Adds to each state its share of the one before."""
    carried = np.empty_like(states[0])
    for before, share, state in zip(states, shares[1:], states[1:], strict=False):
        np.multiply(share, before, out=carried)
        np.add(state, carried, out=state)


def find_gradients(network: Network, slopes: Floats, cache: Cache) -> Network:
    """The gradient of each weight, from the slopes of the loss by the scores."""
    found: Network = {}

    def pass_back(name: str, inputs: Floats, slopes: Floats) -> Floats:
        """Notes the gradients of a product, and returns the slopes by its inputs."""
        flat = slopes.reshape(-1, slopes.shape[-1])
        found[f"{name}.w"] = inputs.reshape(-1, inputs.shape[-1]).T @ flat
        found[f"{name}.b"] = flat.sum(axis=0)
        return slopes @ network[f"{name}.w"].T

    state = 2 * HIDDEN_UNITS
    slopes = pass_back("out", cache["hidden"], slopes) * cache["mid.kept"] * cache["mid.slope"]
    slopes = pass_back("mid", cache["mid.joined"], slopes)
    base = slopes[..., state:].copy()
    for name in ("second", "first"):
        slopes = slopes[..., :state] * cache[f"{name}.kept"]
        slopes = pass_back(name, cache[f"{name}.joined"], _find_layer_slopes(slopes, name, cache))
        base += slopes[..., state:] if name == "second" else slopes
    pass_back("in", cache["inputs"], base * cache["in.kept"] * cache["in.slope"])
    return found


def _find_layer_slopes(slopes: Floats, name: str, cache: Cache) -> Floats:
    """The slopes by the sums of a layer of recurrent units, from those by its states."""
    keys = ("sums", "gates", "candidates", "shares", "states")
    sums, gates, candidates, shares, states = (cache[f"{name}.{key}"] for key in keys)
    size = sums.shape[-1] // 4
    # a state is passed on to the next one, by the share that the next one keeps
    _carry(slopes[::-1, ..., :size], np.roll(shares[..., :size], -1, axis=0)[::-1])
    _carry(slopes[..., size:], np.roll(shares[..., size:], 1, axis=0))
    by_share = np.zeros_like(slopes)
    by_share[1:, ..., :size] = slopes[1:, ..., :size] * states[:-1, ..., :size]
    by_share[:-1, ..., size:] = slopes[:-1, ..., size:] * states[1:, ..., size:]
    by_share[..., :size] *= cache["flow"][0]
    by_share[..., size:] *= cache["flow"][1]
    out = np.empty_like(sums)
    inner = (gates > 0) & (gates < 1)
    out[..., : 2 * size] = (slopes * candidates - by_share) * np.float32(0.25) * inner
    out[..., 2 * size :] = slopes * gates * (np.abs(candidates) < 1)
    return out


def fit_network(lines: Lines, copies: Sequence[Sequence[int]], seed: int, epochs: int = EPOCHS) -> Network:
    """The network that these lines teach.  Of each of `copies`, numbers of texts, one is drawn each time."""
    chance = np.random.default_rng(seed)
    network = start_network(lines.inputs.shape[1], int(lines.roles.max()) + 1, chance)
    means: tuple[Network, Network] = tuple({key: np.zeros_like(one) for key, one in network.items()} for _ in range(2))  # type: ignore[assignment]
    usual = float(lines.weights.mean()) * ROW_LINES * BATCH_ROWS
    step = 0
    for epoch in range(epochs):
        texts = [one[int(chance.integers(len(one)))] for one in copies]
        rows = _fill_rows(lines.ends, chance.permutation(texts).tolist())
        batches = [rows[at : at + BATCH_ROWS] for at in range(0, len(rows), BATCH_ROWS)]
        loss = 0.0
        for number in chance.permutation(len(batches)).tolist():
            step += 1
            done = min(1.0, step / (epochs * len(batches)))
            rate = min(1, step / WARM_STEPS) * max(MIN_RATE_SHARE, (1 + cos(pi * done)) / 2) * LEARNING_RATE
            loss += _take_step(network, means, lines, batches[number], usual, step, rate, chance)
        print(f"epoch {epoch + 1}: {loss / len(batches):.4f}", file=sys.stderr, flush=True)
    return network


def _fill_rows(ends: Sequence[int], texts: Sequence[int]) -> list[list[tuple[int, int]]]:
    """Rows of pieces of the lines, begin and end of each: texts in their order, cut where they are longer than one."""
    rows: list[list[tuple[int, int]]] = []
    free: dict[int, int] = {}
    for low, high in _cut_texts(ends, texts):
        size = high - low
        at = next((row for row, left in free.items() if left >= size), len(rows))
        if at == len(rows):
            rows.append([])
            free[at] = ROW_LINES
        rows[at].append((low, high))
        free[at] -= size
        if free[at] < MIN_FREE_LINES:
            del free[at]
        elif len(free) > OPEN_ROWS:
            del free[min(free, key=free.__getitem__)]
    return rows


def _cut_texts(ends: Sequence[int], texts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Begin and end of each text, in pieces of at most a row."""
    for text in texts:
        for low in range(ends[text], ends[text + 1], ROW_LINES):
            yield low, min(low + ROW_LINES, ends[text + 1])


def _take_step(
    network: Network,
    means: tuple[Network, Network],
    lines: Lines,
    rows: Sequence[Sequence[tuple[int, int]]],
    usual: float,
    step: int,
    rate: float,
    chance: np.random.Generator,
) -> float:
    """Moves the weights by the gradient of these rows, and returns their loss."""
    index = np.zeros((ROW_LINES, len(rows)), np.int64)
    there = np.zeros((ROW_LINES, len(rows)), np.float32)
    first = np.ones((ROW_LINES + 1, len(rows)), bool)
    for column, row in enumerate(rows):
        at = 0
        for low, high in row:
            end = at + high - low
            index[at:end, column], there[at:end, column] = np.arange(low, high), 1
            first[at + 1 : end, column] = False
            at = end
    scores, cache = run_network(network, lines.inputs[index] * there[..., None], first, chance)
    weights = (lines.weights[index] * there / usual).astype(np.float32)
    role_weights = (lines.role_weights[index] * there * ROLE_WEIGHT / usual).astype(np.float32)
    loss, slopes = _measure_loss(scores, lines.article[index], weights, lines.roles[index], role_weights)
    gradients = find_gradients(network, slopes, cache)
    whole = sum(float(np.square(one).sum()) for one in gradients.values()) ** 0.5
    for name, gradient in gradients.items():
        gradient *= np.float32(min(1, 1 / max(whole, float(TINY))))
        mean, square = (one[name] for one in means)
        mean += np.float32(1 - FIRST_DECAY) * (gradient - mean)
        square += np.float32(1 - SECOND_DECAY) * (np.square(gradient) - square)
        usual_size = np.sqrt(square / np.float32(1 - SECOND_DECAY**step)) + TINY
        move = mean / np.float32(1 - FIRST_DECAY**step) / usual_size
        if name.endswith(".w"):
            move += np.float32(WEIGHT_DECAY) * network[name]
        network[name] -= np.float32(rate) * move
    return loss


def _measure_loss(
    scores: Floats, article: Floats, weights: Floats, roles: Ints, role_weights: Floats
) -> tuple[float, Floats]:
    """The loss, and its slopes by the scores: log loss of being article, and of the role."""
    chances = 1 / (1 + np.exp(-scores[..., 0]))
    slopes = np.empty_like(scores)
    slopes[..., 0] = (chances - article) * weights
    odds = np.exp(scores[..., 1:] - scores[..., 1:].max(axis=-1, keepdims=True))
    odds /= odds.sum(axis=-1, keepdims=True)
    right = np.take_along_axis(odds, roles[..., None], -1)
    np.put_along_axis(odds, roles[..., None], right - 1, -1)
    slopes[..., 1:] = odds * role_weights[..., None]
    missed = np.log(np.abs(1 - article - chances) + TINY) * weights
    return -float(missed.sum() + (np.log(right[..., 0] + TINY) * role_weights).sum()), slopes

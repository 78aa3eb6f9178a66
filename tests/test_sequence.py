"""The recurrent network of lines: exact sums, the same to the byte everywhere; and its training."""

from hashlib import sha256

import numpy as np
import pytest

from cleaner.models.lines import load_labeller
from cleaner.models.sequence import (
    CLASS_COUNTS,
    MAX_INPUTS,
    MAX_WEIGHT,
    STEPS,
    STRETCH_LINES,
    Product,
    Scaling,
    SequenceNetwork,
    build_network,
    export_network,
    fit_scaling,
    quantise_products,
)

MIN_LEARNED_SHARE = 0.8
"""Lines of a simple task that a trained network gets right; the line alone tells .7 of them."""

EXACT = 1 << 24
"""Below it every whole number is a float32."""


def draw(shape: tuple[int, ...], most: int, seed: int) -> np.ndarray:
    """Whole numbers from -most to most that no version of numpy draws otherwise (a linear congruence)."""
    at = np.arange(int(np.prod(shape)), dtype=np.int64) + 1000 * seed
    return ((at * 48_271 % 2_147_483_647 * 69_621 % 2_147_483_647) % (2 * most + 1) - most).reshape(shape)


def build_drawn_network() -> SequenceNetwork:
    """Two networks of 10 features, two of which are classes, 6 units each way and 4 columns."""
    sizes = ((14, 8), (8, 24), (20, 24), (20, 8), (8, 4))
    products = []
    for seed, (rows, columns) in enumerate(sizes):
        weights = draw((2, rows, columns), MAX_WEIGHT, seed).astype(np.float32)
        units = (draw((2, 1, columns), 100, seed + 9) + 400).astype(np.float32) / np.float32(400 * STEPS * MAX_WEIGHT)
        products.append(
            Product(weights, units, draw((2, 1, columns), 50, seed + 5).astype(np.float32) / np.float32(99))
        )
    halves = np.arange(1, 11, dtype=np.float32)
    scaling = Scaling(halves, halves / np.float32(37), np.full(10, 0.7, np.float32), ((0, 2), (3, 2)))
    return SequenceNetwork(scaling, tuple(products))


def draw_matrix(lines: int) -> np.ndarray:
    """Features of as many lines."""
    matrix: np.ndarray = np.abs(draw((lines, 10), 40, 77)).astype(np.float32)
    return matrix


def test_scores_are_the_same_to_the_byte_on_every_platform() -> None:
    scores = build_drawn_network().score_lines(draw_matrix(300), [120, 121, 300])
    assert scores.dtype == np.float32
    assert sha256(scores.astype("<f4").tobytes()).hexdigest()[:16] == "a211c44b7b98d792"


def test_sums_of_whole_numbers_stay_exact_whatever_their_order() -> None:
    assert STEPS * MAX_WEIGHT * MAX_INPUTS < EXACT
    for product in load_labeller().network.products:
        assert (product.weights == np.rint(product.weights)).all()
        assert STEPS * np.abs(product.weights).sum(axis=1).max() < EXACT


def test_documents_are_judged_alone_as_they_are_together() -> None:
    network, matrix = build_drawn_network(), draw_matrix(90)
    together = network.score_lines(matrix, [20, 21, 90])
    alone = [network.score_lines(matrix[low:high], [high - low]) for low, high in ((0, 20), (20, 21), (21, 90))]
    assert together.tobytes() == np.concatenate(alone).tobytes()


def test_a_line_heeds_those_far_before_and_behind_it() -> None:
    network, matrix = build_drawn_network(), draw_matrix(30)
    for changed in (3, 27):
        other = matrix.copy()
        other[changed] = 0
        assert network.score_lines(other, [30])[15].tolist() != network.score_lines(matrix, [30])[15].tolist()


def test_no_lines_have_no_scores() -> None:
    network = build_drawn_network()
    assert network.score_lines(draw_matrix(0), []).shape == (0, 4)
    assert (
        network.score_lines(draw_matrix(5), [0, 5, 5]).tobytes() == network.score_lines(draw_matrix(5), [5]).tobytes()
    )


def test_a_document_of_any_length_is_judged_stretch_by_stretch() -> None:
    network, size = build_drawn_network(), 3 * STRETCH_LINES + 5
    matrix = draw_matrix(size)
    first = network.score_lines(matrix[:STRETCH_LINES], [STRETCH_LINES])
    whole = network.score_lines(matrix, [size])
    assert whole.shape == (size, 4) and whole[:STRETCH_LINES].tobytes() == first.tobytes()


def test_a_network_survives_a_file() -> None:
    network, matrix = build_drawn_network(), draw_matrix(40)
    again = build_network(export_network(network))
    assert again.score_lines(matrix, [40]).tobytes() == network.score_lines(matrix, [40]).tobytes()


def test_training_finds_what_began_far_before_a_line_and_repeats_to_the_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.training import sequence

    # many small steps, for a task that needs no caution
    monkeypatch.setattr(sequence, "ROW_LINES", 20)
    monkeypatch.setattr(sequence, "DROPPED_SHARE", 0.0)
    matrix = np.random.default_rng(3).integers(0, 5, (4000, 5)).astype(np.float32)
    scaling = fit_scaling(matrix, ["words", *CLASS_COUNTS])
    ends = list(range(0, 4001, 20))
    # a 4 begins an article, a 0 ends it
    article = np.zeros(4000, np.float32)
    for i, value in enumerate(matrix[:, 0]):
        article[i] = value == 4 or (value > 0 and i % 20 > 0 and article[i - 1])
    one = np.ones(4000, np.float32)
    lines = sequence.Lines(scaling.encode(matrix), article, one, matrix[:, 1].astype(np.int64), one, ends)
    first, again = (sequence.fit_network(lines, [[i] for i in range(200)], seed=1, epochs=15) for _ in range(2))
    assert all(first[key].tobytes() == again[key].tobytes() for key in first)
    network = SequenceNetwork(scaling, quantise_products([first]))
    scores = network.score_lines(matrix, ends[1:])
    assert ((scores[:, 0] > 0) == article).mean() > MIN_LEARNED_SHARE
    assert (scores[:, 1:].argmax(axis=1) == matrix[:, 1]).mean() > MIN_LEARNED_SHARE

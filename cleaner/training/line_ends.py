"""Train the model of line ends: `python -m cleaner.training.line_ends PAGES... --out cleaner/models/line_ends.npz`.

PAGES are those of `cleaner.training.lines`; no gold is needed.  Their lines, joined with blanks, are what others put on
one line, and where they were joined a line ended: those of the article's element and of the whole page (R3 and R2), or
of a page's blocks, cut around what reads like its article.  R1 and R4 break sentences at links, and teach nothing here.

Words have weights of their own, fitted alone; the network sees them out of fold, that is as those of other templates
teach them.  With --folds it also writes the weights that each fold has no share in.  The weights shipped come from the
development pages of `fundus`, `roles`, `scrapinghub`, `turing`, `readab`, `segments`, `htmldate`, `wcxb` and `mercury`,
in this order.
"""

import random
import sys
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.models.line_ends import (
    HASH_SIZE,
    STRETCH_CHARS,
    WEIGHT_SCALE,
    WEIGHTS_PATH,
    Gaps,
    LineEndModel,
    find_gaps,
    join_features,
)
from cleaner.models.sequence import SequenceNetwork, fit_scaling, quantise_products
from cleaner.models.tokens import read_tokens
from cleaner.models.trees import Arrays
from cleaner.text.shape import find_prose_region
from cleaner.training import fitting
from cleaner.training.gold import FOLD_COUNT, TrainingPage, read_pages
from cleaner.training.renderings import list_page_lines
from cleaner.training.sequence import Lines, fit_network

EPOCHS = 8
"""Times that all texts are seen."""

WHOLE_WEIGHT = 0.6
"""Weight of a gap in a whole page; one in the article's element has 1."""

LINES_BEFORE, LINES_BEHIND = (0, 1, 2, 3, 4, 6, 10), (0, 1, 2, 4, 8, 15)
"""Lines that are left around the article of a whole page; one of each is drawn."""

MIN_TEXT_CHARS = 300
"""Characters of the shortest text that teaches."""

WORD_EPOCHS, WORD_ROWS, WORD_RATE, WORD_DECAY = 3, 1024, 0.1, 2e-6
"""How the weights of words are fitted: times, gaps of a step, rate of AdaGrad, and the share by which they shrink."""

FIRST_SQUARE, FIRST_BIAS = 1e-2, -2.0
"""What AdaGrad's sums of squares begin with, and the log odds of a gap of which nothing is known."""

CROSS_PARTS = 2
"""Parts of the pages of which each is split by the model that the others teach."""


class EndSample(NamedTuple):
    """A text on one line: its page and the group of that, whether it is the article's element, its gaps, and whether a
    line ended there.
    """

    page: str
    group: str
    is_article: bool
    gaps: Gaps
    ended: NDArray[np.bool_]


def sample_texts(pages: Iterable[TrainingPage], groups: dict[str, str], seed: int) -> Iterator[EndSample]:
    """The texts of all pages."""
    for page in pages:
        chance = random.Random(f"{seed} {page['id']}")
        for is_article, lines in _list_texts(page, chance):
            text = " ".join(lines)[:STRETCH_CHARS]
            tokens = read_tokens(text)
            if len(text) >= MIN_TEXT_CHARS and len(tokens.starts) > 1:
                gaps = find_gaps(tokens)
                ends = list(accumulate(len(line) + 1 for line in lines))
                yield EndSample(
                    page["id"], groups[page["id"]], is_article, gaps, np.isin(tokens.starts[gaps.words], ends)
                )


def _list_texts(page: TrainingPage, chance: random.Random) -> Iterator[tuple[bool, list[str]]]:
    """The lines of a page's texts, and whether they are those of the article's element."""
    texts = page.get("text") or {}
    if "R3" in texts:
        yield True, _split_lines(texts["R3"])
    lines = _split_lines(texts["R2"]) if "R2" in texts else list_page_lines(page["html"])
    low, high = find_prose_region(lines)
    if texts and chance.randrange(2):
        yield False, lines
    elif high:
        yield False, lines[max(0, low - chance.choice(LINES_BEFORE)) : high + chance.choice(LINES_BEHIND)]


def _split_lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def fit_words(found: Sequence[EndSample], seed: int) -> NDArray[np.int8]:
    """The weights of words that these texts teach: a logistic regression by AdaGrad."""
    numbers = np.concatenate([one.gaps.weights for one in found])
    ended = np.concatenate([one.ended for one in found])
    chance = np.random.default_rng(seed)
    weights, squares, bias = np.zeros(HASH_SIZE), np.full(HASH_SIZE, FIRST_SQUARE), FIRST_BIAS
    for _ in range(WORD_EPOCHS):
        order = chance.permutation(len(ended))
        for at in range(0, len(order), WORD_ROWS):
            rows = order[at : at + WORD_ROWS]
            own = numbers[rows]
            missed = 1 / (1 + np.exp(-(weights[own].sum(axis=1) + bias))) - ended[rows]
            bias -= WORD_RATE * missed.mean()
            slopes = np.bincount(own.ravel(), np.repeat(missed, own.shape[1]), HASH_SIZE)
            slopes += (slopes != 0) * WORD_DECAY * len(rows) * weights
            squares += slopes * slopes
            weights -= WORD_RATE * slopes / np.sqrt(squares)
    return np.clip(np.rint(weights * WEIGHT_SCALE), -127, 127).astype(np.int8)


def fit_line_ends(found: Sequence[EndSample], seed: int) -> LineEndModel:
    """The model that these texts teach."""
    folds = fitting.assign_folds((one.group for one in found), seed)
    words = [fit_words([one for one in found if folds[one.group] != fold], seed) for fold in range(FOLD_COUNT)]
    rows = [join_features(one.gaps, words[folds[one.group]]) for one in found]
    scaling = fit_scaling(np.concatenate(rows), (), {})
    ended = np.concatenate([one.ended for one in found]).astype(np.float32)
    lines = Lines(
        np.concatenate([scaling.encode(one) for one in rows]),
        ended,
        np.concatenate(
            [np.full(len(one.ended), 1 if one.is_article else WHOLE_WEIGHT) for one in found], dtype=np.float32
        ),
        np.zeros(len(ended), np.int64),
        np.zeros(len(ended), np.float32),
        [0, *accumulate(len(one.ended) for one in found)],
    )
    fitted = fit_network(lines, [[i] for i in range(len(found))], seed, EPOCHS)
    return LineEndModel(fit_words(found, seed), SequenceNetwork(scaling, quantise_products([fitted])))


def cross_fit_line_ends(
    pages: Sequence[TrainingPage], groups: dict[str, str], seed: int, parts: int = CROSS_PARTS
) -> dict[str, LineEndModel]:
    """For the group of each page a model that no page of the group has taught."""
    found = list(sample_texts(pages, groups, seed))
    part = fitting.assign_folds(groups.values(), seed, parts)
    models = [fit_line_ends([one for one in found if part[one.group] != number], seed) for number in range(parts)]
    return {name: models[number] for name, number in part.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on the pages, and write the weights."""
    options = fitting.build_parser(__doc__, WEIGHTS_PATH).parse_args(arguments)
    pages = list(read_pages(options.pages))
    found = list(sample_texts(pages, fitting.group_pages(pages), options.seed))
    print(f"{len(found)} texts, {sum(len(one.ended) for one in found)} gaps", file=sys.stderr)

    def fit(left_out: Container[str]) -> Arrays:
        """The weights of what all other pages teach."""
        return fit_line_ends([one for one in found if one.page not in left_out], options.seed).export_arrays()

    fitting.write_all_weights(options.out, options.folds, fit)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The trained model of where a line ended, in a text that others put on one long line.

Its gaps are those between two words where a line may end: behind the end of a sentence, and before a word that does
not begin with a small letter.  Each has features of the words around it and sums of weights that stand for the words
themselves, by numbers that hide them; a small recurrent network over all gaps of the text says how likely each is.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.document import LineEnd
from cleaner.models.sequence import Floats, SequenceNetwork, build_network, export_network
from cleaner.models.tokens import (
    BAR,
    CAPITAL,
    CAPITALS,
    CASELESS,
    CLOSER,
    COLON,
    COMMA,
    DASH,
    MIXED,
    MULTIPLIER,
    NUMBER,
    OPENER,
    SIGN,
    SIGNS,
    SMALL,
    TERMINATOR,
    Bools,
    Ints,
    Numbers,
    Tokens,
    mix_bits,
    read_tokens,
)
from cleaner.models.trees import Arrays
from cleaner.text.languages import load_languages
from cleaner.text.languages.model import Language

WEIGHTS_PATH = Path(__file__).with_name("line_ends.npz")
"""The weights that the project ships."""

HASH_SIZE = 1 << 14
"""Weights of words and of their neighbours, which share them at random."""

WEIGHT_SCALE = 64
"""What such a weight is multiplied by to become a whole number of a byte."""

STRETCH_CHARS = 30_000
"""Characters of a line that are read at once, so that memory does not grow with it."""

SURE_SCORE = 0.0
"""The log odds from which a line surely ended: more likely than not."""

MIN_STOP_SCORE, MIN_OPEN_SCORE = -1.386, -0.8
"""The log odds from which a text is parted behind a sentence, and elsewhere: chances of .2 and of .3.  What is parted
without need comes together again, but a piece may be taken for a title: with .1 one clean text in twelve more was
harmed, and F1 was the same on folds left out."""

REACH_WORDS = 8
"""Words on either side among which only the likeliest of several unsure ends inside a sentence counts."""

PAD = 4
"""Words without anything before and behind the text."""

NO_CLASS = SIGN + 1
"""The class of what is no character."""

WORD_KINDS = 4
"""Kinds of words that the files of the languages tell of: small ones, names of days and months, those of bylines, and
those of labels."""


def _list_known_words(own: Language) -> tuple[Sequence[str], ...]:
    """The phrases of a language by their kind."""
    around, dates, names = own.around, own.dates, own.bylines
    return (
        (own.stop_words, own.line_ends.function_words),
        (*(dates.months or ()), *(dates.weekdays or ())),
        (*names.by, names.jobs, names.desks),
        (*around.closers, *around.appeals, *dates.published, *dates.modified),
    )


@cache
def _load_known_words() -> tuple[Numbers, Ints]:
    """The numbers of known words in their order, and a bit for each kind that they are of; small words are no more."""
    bits: dict[str, int] = {}
    for own in load_languages().values():
        for kind, phrases in enumerate(_list_known_words(own)):
            for word in " ".join(phrases).replace("|", " ").lower().split():
                bits[word] = bits.get(word, 0) | 1 << kind
    words = sorted(bits)
    kinds = [bits[word] & 3 if bits[word] & 1 else bits[word] for word in words]
    found: dict[int, int] = {}
    for number, kind in zip(read_tokens("\n".join(words)).hashes.tolist(), kinds, strict=True):
        found[number] = found.get(number, 0) | kind
    order = sorted(found)
    return np.array(order, np.uint32), np.array([found[number] for number in order], np.int64)


def _find_kinds(hashes: Numbers) -> Ints:
    """The kinds of each word, a bit for each."""
    known, kinds = _load_known_words()
    at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return np.where(known[at] == hashes, kinds[at], 0)


class Gaps(NamedTuple):
    """Gaps of a text where a line may have ended: the number of the word behind each, a row of features, and the
    numbers of its weights."""

    words: Ints
    matrix: Floats
    weights: Ints


class _Around(NamedTuple):
    """The words of a text with some that are nothing on either side, and the number behind each gap."""

    tokens: Tokens
    kinds: Ints
    at: Ints

    def pick(self, values: NDArray[Any], place: int) -> Ints:
        """What the words at a place from the gaps have: 0 is the one behind it, -1 the one before."""
        found: Ints = values[self.at + place]
        return found


def _pad(values: NDArray[Any], filler: int) -> NDArray[Any]:
    edge = np.full(PAD, filler, values.dtype)
    return np.concatenate((edge, values, edge))


_FILLERS = {"cases": SIGNS + 1, "firsts": NO_CLASS, "lasts": NO_CLASS, "bare_lasts": NO_CLASS}
"""What words that are nothing have; elsewhere 0."""

_OWN_CASES = {-1: (SMALL, CAPITAL, CAPITALS, SIGNS), 0: (SMALL, CAPITAL, CAPITALS, NUMBER, CASELESS, SIGNS)}
_OWN_LASTS = {-1: (TERMINATOR, COLON, COMMA, SIGN), 0: (TERMINATOR, COLON, COMMA)}
_OWN_FIRSTS = {-1: (OPENER,), 0: (OPENER, SIGN, DASH)}
_OWN_KINDS = {-1: (0, 1, 2), 0: (0, 1, 2, 3)}
_NEAR_CASES = {-2: ((SMALL,), (CAPITAL,), (NUMBER, MIXED)), 1: ((SMALL,), (CAPITAL,)), 2: ((SMALL,), (CAPITAL,))}
_NEAR_KINDS = ((-3, 1), (-2, 0), (1, 0), (1, 1), (2, 0))
"""What is asked about the words next to a gap, and about those a word or two further on, by their places."""

_WINDOWS = ((-6, 0), (0, 6), (-20, -6), (6, 20))
_SIGN_WINDOWS = ((-8, 0), (0, 8))
"""Places of the words that are counted around a gap."""

_COPIES = ((0,), (0, 1), (0, 1, 2), (-2, -1), (-1, 0))
"""Places of the words that may stand elsewhere in the text as well."""


def find_gaps(tokens: Tokens) -> Gaps:
    """The gaps of a text where a line may have ended."""
    ends = tokens.bare_lasts == TERMINATOR
    may_end = (tokens.cases[1:] != SMALL) | ends[:-1] | (tokens.lasts[:-1] == BAR) | (tokens.firsts[1:] == BAR)
    words = np.flatnonzero(may_end) + 1
    parts: list[Any] = [_pad(part, _FILLERS.get(name, 0)) for name, part in tokens._asdict().items()]
    padded = Tokens(*parts)
    kinds = _find_kinds(tokens.hashes)
    around = _Around(padded, _pad(kinds, 0), words + PAD)
    columns = [*_list_own_columns(around), *_list_run_columns(tokens, kinds, words), *_list_copy_columns(around)]
    whole = len(tokens.starts)
    share = tokens.unspaced.sum() / max(1, tokens.letters.sum())
    columns += [words / whole, words, whole - words, np.full(len(words), share)]
    matrix = np.stack([column.astype(np.float32) for column in columns], axis=1)
    return Gaps(words, matrix, _number_weights(around))


def _list_own_columns(around: _Around) -> Iterator[NDArray[Any]]:
    """What the words next to the gap are, and those a word or two further on."""
    tokens, kinds, pick = around.tokens, around.kinds, around.pick
    for place in (-1, 0):
        case, last, first = (pick(part, place) for part in (tokens.cases, tokens.bare_lasts, tokens.firsts))
        yield from (case == one for one in _OWN_CASES[place])
        yield from (last == one for one in _OWN_LASTS[place])
        yield pick(tokens.lasts, place) == CLOSER
        yield from (first == one for one in _OWN_FIRSTS[place])
        yield from (pick(tokens.sizes, place), pick(tokens.digits, place))
        yield from (pick(kinds, place) >> kind & 1 for kind in _OWN_KINDS[place])
    for place, cases in _NEAR_CASES.items():
        yield from (_is_any(pick(tokens.cases, place), one) for one in cases)
    yield pick(tokens.bare_lasts, -2) == TERMINATOR
    yield from (_is_any(pick(tokens.bare_lasts, place), (COMMA, COLON)) for place in (-2, 1))
    yield from (pick(kinds, place) >> kind & 1 for place, kind in _NEAR_KINDS)


def _list_run_columns(tokens: Tokens, kinds: Ints, words: Ints) -> Iterator[NDArray[Any]]:
    """How far the ends of sentences are, the gaps before and behind, capitals in a row; what stands around."""
    ends, capital = tokens.bare_lasts == TERMINATOR, _is_any(tokens.cases, (CAPITAL, CAPITALS))
    whole = len(ends)
    yield from _measure_distances(ends, words)
    yield from (np.diff(words, prepend=0), np.diff(words, append=whole))
    yield from _measure_distances(~capital, words)
    small = (tokens.cases == SMALL) | (kinds & 1 > 0)
    sums = [_add_up(part) for part in (small, ends)]
    for low, high in _WINDOWS:
        yield from (_sum_window(part, words, low, high) for part in sums)
    commas = tokens.bare_lasts == COMMA
    signs = (tokens.cases == SIGNS) | (tokens.bare_lasts == BAR)
    sums = [_add_up(part) for part in (tokens.digits > 0, signs, commas)]
    for low, high in _SIGN_WINDOWS:
        yield from (_sum_window(part, words, low, high) for part in sums)


def _measure_distances(marked: Bools, words: Ints) -> tuple[Ints, Ints]:
    """Words between each gap and the nearest marked word before and behind it."""
    whole, number = len(marked), np.arange(len(marked))
    before = np.maximum.accumulate(np.where(marked, number, -1))
    behind = np.minimum.accumulate(np.where(marked, number, whole)[::-1])[::-1]
    return words - 1 - before[words - 1], behind[words] - words


def _is_any(values: Ints, wanted: Sequence[int]) -> Bools:
    """Which values are one of a few."""
    found: Bools = values == wanted[0]
    for one in wanted[1:]:
        found |= values == one
    return found


def _add_up(marked: Bools) -> Ints:
    """How many of the words before each are marked."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(marked, dtype=np.int64)))


def _sum_window(sums: Ints, words: Ints, low: int, high: int) -> Ints:
    """How many of the words at these places from each gap are marked."""
    first, end = (np.minimum(np.maximum(words + place, 0), len(sums) - 1) for place in (low, high))
    found: Ints = sums[end] - sums[first]
    return found


def _list_copy_columns(around: _Around) -> Iterator[Ints]:
    """How often the words around each gap stand in the text."""
    hashes = around.tokens.hashes
    inner = np.arange(PAD, len(hashes) - PAD)
    for places in _COPIES:
        numbers = np.zeros(len(inner), np.uint32)
        for place in places:
            numbers = mix_bits(numbers * MULTIPLIER + hashes[inner + place])
        _, which, times = np.unique(numbers, return_inverse=True, return_counts=True)
        yield times[which][around.at - PAD]


SHAPE_CLASSES, SHAPE_SIZES, MAX_SHAPE_CHARS, SHAPE_STEP = 16, 4, 12, 4
"""How the shape of a word is numbered: by its case, its last character and its length in steps of four."""


_FIRST_NUMBERS = np.array([kind * 2654435761 % 2**32 for kind in range(1, 33)], np.uint32)
"""What the numbers of each column begin with, so that the same words have other weights there."""


def _number_weights(around: _Around) -> Ints:
    """The numbers of the weights of each gap, a column each."""
    tokens, pick = around.tokens, around.pick
    inner = slice(PAD, -PAD)
    shapes = np.zeros(len(tokens.cases), np.int64)
    lengths = np.minimum(tokens.sizes, MAX_SHAPE_CHARS) // SHAPE_STEP
    shapes[inner] = ((tokens.cases * SHAPE_CLASSES + tokens.bare_lasts) * SHAPE_SIZES + lengths)[inner]
    word, shape = ({place: pick(part, place) for place in range(-3, 3)} for part in (tokens.hashes, shapes))
    end = pick(tokens.bare_lasts, -1)
    mixed = (
        (word[-1], end),
        (word[-2], word[-1], end),
        (word[0],),
        (word[0], word[1]),
        (word[0], word[1], word[2]),
        (shape[-2], shape[-1], shape[0], shape[1]),
        (shape[-1], shape[0]),
        (word[-1], word[0]),
        (pick(tokens.prefixes, 0), end),
        (pick(tokens.suffixes, -1),),
        (shape[-3], shape[-2], shape[-1]),
        (shape[0], shape[1], shape[2]),
        (word[0], end == TERMINATOR),
    )
    # all are mixed at once, a part of each in a step
    numbers = np.repeat(_FIRST_NUMBERS[: len(mixed), None], len(around.at), axis=1)
    for step in range(max(map(len, mixed))):
        rows = [row for row, parts in enumerate(mixed) if len(parts) > step]
        parts = np.stack([mixed[row][step] for row in rows]).astype(np.uint32)
        numbers[rows] = mix_bits(numbers[rows] * MULTIPLIER + parts)
    return np.ascontiguousarray((numbers % np.uint32(HASH_SIZE)).T, np.int64)


WEIGHT_GROUPS = (tuple(range(13)), (0, 1, 9), (2, 3, 4), (5, 6, 10, 11), (7,), (8, 12))
"""Columns of weights whose sums are features: all, those of words before and behind, of shapes, of both sides."""


def join_features(gaps: Gaps, weights: NDArray[np.int8]) -> Floats:
    """All features of the gaps: those of their words, and sums of their weights."""
    found = weights[gaps.weights].astype(np.float32)
    return np.concatenate(
        (gaps.matrix, *(found[:, group].sum(axis=1, keepdims=True) for group in WEIGHT_GROUPS)), axis=1
    )


class LineEndModel(NamedTuple):
    """The weights of words, and the network."""

    weights: NDArray[np.int8]
    network: SequenceNetwork

    def find_line_ends(self, text: str) -> list[LineEnd]:
        """Where lines ended in a text on one line, in their order."""
        return [end for start in _list_stretches(text) for end in self._read_stretch(text, *start)]

    def _read_stretch(self, text: str, low: int, high: int) -> Iterator[LineEnd]:
        """The ends in a part of the text."""
        tokens = read_tokens(text[low:high])
        if len(tokens.starts) <= 1:
            return
        gaps = find_gaps(tokens)
        scores = self.network.score_lines(join_features(gaps, self.weights), [len(gaps.words)])[:, 0]
        stops = tokens.bare_lasts[gaps.words - 1] == TERMINATOR
        for i in _choose_gaps(gaps.words.tolist(), scores.tolist(), stops.tolist()):
            yield LineEnd(low + int(tokens.starts[gaps.words[i]]), scores[i] >= SURE_SCORE)

    def export_arrays(self) -> dict[str, object]:
        """What a file of weights holds."""
        return {"weights": self.weights, **export_network(self.network)}

    @classmethod
    def build_from_arrays(cls, arrays: Arrays) -> "LineEndModel":
        """The model that a file of weights holds."""
        return cls(arrays["weights"], build_network(arrays))


def _list_stretches(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of the parts of a text that are read at once; they end at a blank where there is one."""
    low = 0
    while low < len(text):
        high = low + STRETCH_CHARS
        if high < len(text):
            high = text.rfind(" ", low + 1, high) + 1 or high
        yield low, min(high, len(text))
        low = high


def _choose_gaps(words: Sequence[int], scores: Sequence[float], stops: Sequence[bool]) -> list[int]:
    """Numbers of the gaps where a line ended: all that are likely enough, and inside a sentence, of unsure ones close
    to each other, the likeliest.
    """
    likely = [i for i, score in enumerate(scores) if score >= (MIN_STOP_SCORE if stops[i] else MIN_OPEN_SCORE)]
    chosen = []
    for at, i in enumerate(likely):
        is_plain = stops[i] or scores[i] >= SURE_SCORE
        near = likely[max(0, at - REACH_WORDS) : at + REACH_WORDS + 1]
        close = (j for j in near if j != i and abs(words[j] - words[i]) <= REACH_WORDS)
        if is_plain or all((scores[j], i) < (scores[i], j) for j in close):
            chosen.append(i)
    return chosen


@cache
def load_line_ends() -> LineEndModel:
    """The model with the weights that the project ships."""
    with np.load(WEIGHTS_PATH, allow_pickle=False) as arrays:
        return LineEndModel.build_from_arrays(dict(arrays))


def find_line_ends(text: str) -> list[LineEnd]:
    """Where lines ended in a text that others put on one line."""
    return load_line_ends().find_line_ends(text)

"""The words of a text as arrays: where they stand, how they are written, and a number for each that hides its letters.

All words are read at once, a few steps of numpy for each text.
"""

import re
import unicodedata
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.text.layout import COLONS
from cleaner.text.scripts import UNSPACED as UNSPACED_CHARS
from cleaner.text.shape import SENTENCE_TERMINATORS

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Numbers = NDArray[np.uint32]

BLANK, UPPER, LOWER, LETTER, UNSPACED, DIGIT, TERMINATOR, COLON, COMMA, OPENER, CLOSER, QUOTE, DASH, BAR, SIGN = range(
    15
)
"""Classes of characters; `LETTER` is one without case, `UNSPACED` one of a script without blanks between words."""

SMALL, CAPITAL, CAPITALS, NUMBER, MIXED, CASELESS, SIGNS = range(7)
"""How a word is written: in small letters, with a capital first, in capitals, in digits, with digits, in letters
without case, without letters."""

_CLASS_OF_CATEGORY = {
    **dict.fromkeys(("Lu", "Lt"), UPPER),
    "Ll": LOWER,
    **dict.fromkeys(("Lo", "Lm", "Mn", "Mc", "Me"), LETTER),
    **dict.fromkeys(("Nd", "Nl", "No"), DIGIT),
    **dict.fromkeys(("Cc", "Zs", "Zl", "Zp"), BLANK),
    **dict.fromkeys(("Ps", "Pi"), OPENER),
    **dict.fromkeys(("Pe", "Pf"), CLOSER),
    "Pd": DASH,
}
"""The class of a Unicode category; all others are signs."""

_CLASS_OF_CHAR = {
    **dict.fromkeys(SENTENCE_TERMINATORS, TERMINATOR),
    **dict.fromkeys(COLONS.union(";；؛"), COLON),
    **dict.fromkeys(",、，،", COMMA),
    **dict.fromkeys("„‚¿¡«‹", OPENER),
    **dict.fromkeys("»›", CLOSER),
    **dict.fromkeys("\"'", QUOTE),
    **dict.fromkeys("|/>•·▪■●‣◦→＞｜*", BAR),
}
"""The class of single characters, whatever their category."""

PLANE_CHARS = 1 << 16
"""Characters that have a class of their own; those beyond are signs, as most are pictures."""

IDEOGRAPHIC_STOPS = (0x3002, 0xFF01, 0xFF1F)
"""Full stop, exclamation and question mark behind which no blank stands."""

MAX_CLOSERS = 2
"""Quotation marks and brackets that are looked through on either side of a word."""

MULTIPLIER = np.uint32(0x01000193)
"""What a character's number is multiplied by for each place before it in its word (FNV's prime)."""

MAX_HASHED_CHARS = 64
"""Characters of a word with a place of their own in its number."""

PREFIX_CHARS = 2
"""Characters of a word's beginning that have a number of their own."""

ZERO = 48
"""The digit that stands for all."""


class Tokens(NamedTuple):
    """The words of a text, a place in each array: begin and end, numbers of the word, its first and its last letters,
    how it is written, classes of its first and last character with and without the marks around it, its characters,
    its digits, and its letters of scripts without blanks.
    """

    starts: Ints
    ends: Ints
    hashes: Numbers
    prefixes: Numbers
    suffixes: Numbers
    cases: Ints
    firsts: Ints
    lasts: Ints
    bare_lasts: Ints
    sizes: Ints
    digits: Ints
    letters: Ints
    unspaced: Ints


_KINDS = (*(np.int64,) * 2, *(np.uint32,) * 3, *(np.int64,) * 8)
"""The types of the arrays."""


_MIXING = ((np.uint32(15), np.uint32(0x2C1B3C6D)), (np.uint32(12), np.uint32(0x297A2D39)))
"""Shifts and factors by which bits are mixed."""


def mix_bits(numbers: Numbers) -> Numbers:
    """The numbers with their bits well mixed (Prospecting for Hash Functions, Wellons 2018)."""
    for shift, factor in _MIXING:
        numbers = numbers ^ (numbers >> shift)
        numbers *= factor
    return numbers ^ (numbers >> _MIXING[0][0])


@cache
def _load_classes() -> tuple[NDArray[np.uint8], Numbers]:
    """The class of each character, and the number of its small letter; of a digit that of zero."""
    chars = list(map(chr, range(PLANE_CHARS)))
    is_unspaced = re.compile(f"[{UNSPACED_CHARS}]").match
    classes = [_CLASS_OF_CATEGORY.get(unicodedata.category(char), SIGN) for char in chars]
    small = list(range(PLANE_CHARS + 1))
    for code, kind in enumerate(classes):
        if kind == UPPER and len(lower := chars[code].lower()) == 1:
            small[code] = ord(lower)
        elif kind == DIGIT:
            small[code] = ZERO
        elif kind == LETTER and is_unspaced(chars[code]):
            classes[code] = UNSPACED
    for char, kind in _CLASS_OF_CHAR.items():
        classes[ord(char)] = kind
    return np.array([*classes, SIGN], np.uint8), np.array(small, np.uint32)


def read_tokens(text: str) -> Tokens:
    """The words of a text: runs without blanks, cut behind sentences where no blank stands there."""
    table, small = _load_classes()
    codes = np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4"), np.uint32(PLANE_CHARS))
    classes, codes = table[codes], small[codes]
    opens = _find_starts(classes, codes)
    starts = np.flatnonzero(opens)
    blank = np.append(classes == BLANK, True)
    ends = np.flatnonzero((blank | np.append(opens, True))[1:] & ~blank[:-1]) + 1
    if not len(starts):
        arrays: list[Any] = [starts.astype(kind) for kind in _KINDS]
        return Tokens(*arrays)
    inside = (classes >= UPPER) & (classes <= DIGIT)
    counts = {kind: _sum_words(classes == kind, starts, ends) for kind in range(UPPER, DIGIT + 1)}
    letters: Ints = np.sum([counts[kind] for kind in counts], axis=0)
    first, last = _skip_marks(classes, starts, ends)
    hashes, prefixes = _number_words(codes, inside, starts, ends)
    tail = [codes[np.maximum(ends - back, starts)] for back in (1, 2, 3)]
    return Tokens(
        starts,
        ends,
        hashes,
        prefixes,
        mix_bits((tail[0] * MULTIPLIER + tail[1]) * MULTIPLIER + tail[2]),
        _tell_cases(counts, first == UPPER),
        classes[starts].astype(np.int64),
        classes[ends - 1].astype(np.int64),
        last,
        ends - starts,
        counts[DIGIT],
        letters,
        counts[UNSPACED],
    )


def _find_starts(classes: NDArray[np.uint8], codes: Numbers) -> Bools:
    """Where a word begins."""
    full: Bools = classes != BLANK
    opens = full.copy()
    opens[1:] &= ~full[:-1]
    stops = np.isin(codes, IDEOGRAPHIC_STOPS)
    if stops.any():
        marks = (classes == CLOSER) | (classes == TERMINATOR) | (classes == QUOTE)
        ends = stops.copy()
        for _ in range(MAX_CLOSERS):
            ends[1:] |= marks[1:] & ends[:-1]
        opens[1:] |= ends[:-1] & full[1:] & ~marks[1:]
    return opens


def _sum_words(values: NDArray[Any], starts: Ints, ends: Ints) -> Ints:
    """The sum of the values of each word's characters."""
    sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(values, dtype=np.int64)))
    found: Ints = sums[ends] - sums[starts]
    return found


def _number_words(codes: Numbers, inside: Bools, starts: Ints, ends: Ints) -> tuple[Numbers, Numbers]:
    """The number of each word, by its letters and digits alone if it has any, and that of its first letters."""
    before: Ints = np.concatenate((np.zeros(1, np.int64), np.cumsum(inside, dtype=np.int64)))
    first = np.concatenate(
        (np.zeros(starts[0], np.int64), np.repeat(before[starts], np.diff(starts, append=len(codes))))
    )
    at = before[:-1] - first
    powers = np.cumprod(np.full(MAX_HASHED_CHARS, MULTIPLIER, np.uint32), dtype=np.uint32)
    values = np.where(inside, (codes + 1) * powers[np.clip(at, 0, MAX_HASHED_CHARS - 1)], np.uint32(0)).astype(
        np.uint32
    )
    whole, head = (_sum_words(part, starts, ends) for part in (values, np.where(at < PREFIX_CHARS, values, 0)))
    signs = _sum_words(codes, starts, ends)
    has_letters = before[ends] > before[starts]
    numbers = np.where(has_letters, whole, signs) & np.int64(0xFFFFFFFF)
    return mix_bits(numbers.astype(np.uint32)), mix_bits((head & np.int64(0xFFFFFFFF)).astype(np.uint32))


def _skip_marks(classes: NDArray[np.uint8], starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The classes of the first and of the last character of each word, less the quotation marks and brackets there."""
    first, last = starts.copy(), ends - 1
    for _ in range(MAX_CLOSERS):
        first += ((classes[first] == OPENER) | (classes[first] == QUOTE)) & (first + 1 < ends)
        last -= ((classes[last] == CLOSER) | (classes[last] == QUOTE)) & (last > starts)
    return classes[first].astype(np.int64), classes[last].astype(np.int64)


def _tell_cases(counts: dict[int, Ints], has_capital: Bools) -> Ints:
    """How each word is written, by its characters of each class and whether a capital stands first."""
    small, digits = counts[LOWER] > 0, counts[DIGIT] > 0
    written = counts[UPPER] + counts[LOWER] + counts[LETTER] + counts[UNSPACED] > 0
    cases = np.select(
        [digits & ~written, digits, has_capital & ~small & (counts[UPPER] > 1), has_capital, small, written],
        [NUMBER, MIXED, CAPITALS, CAPITAL, SMALL, CASELESS],
        SIGNS,
    )
    return cases.astype(np.int64)

"""A text as 64-bit hashes of its shingles, runs of words, the same on every machine and in every process.

Characters are folded by one table (case, width, digits of all scripts), words are hashed by their first eight letters,
and runs of words by a rolling hash over those.  All of it is arithmetic on arrays: no word becomes a string.
"""

import hashlib
import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.text.scripts import UNSPACED, list_ranges

Hashes = NDArray[np.uint64]
Codes = NDArray[np.uint32]

SHINGLE_WORDS, SHINGLE_CHARS = 5, 10
"""Words in a shingle; characters, where most of a text is in a script without spaces."""

HASHED_LETTERS = 8
"""Letters at the beginning of a word by which it is hashed, four in each half of a hash."""

TEXT_HASH_BYTES, MAX_NUMBER_DIGITS = 8, 18
"""Bytes of the hash of a whole text; digits of a number that count, as many as a 64-bit number can have."""

DECIMAL_DIGITS = 10
"""Digits, which have the codes from that of 0 on once a text is folded, whatever its script."""

_GAP_CODE, _IGNORED_CODE = 0, 1
"""Folded codes: of all that parts words, and of what is left out of a word, such as a soft hyphen."""

_PLANE_SIZE = 0x10000
_EMOJI_START, _IDEOGRAPHS_START, _TAGS_START = 0x1F000, 0x20000, 0xE0000
"""Size of the basic plane; and where emoji, further ideographs and invisible tags begin, on the planes above."""

_VARIATION_SELECTORS = slice(0xFE00, 0xFE10)
"""Characters that choose between the forms of the character before them."""

_SPACE_CODE = ord(" ")

_UNSPACED_RANGES = list_ranges(UNSPACED)
_PADDING_CODES = np.zeros(HASHED_LETTERS, np.uint32)
"""Letters behind the end of a text, for a last word that is shorter than what is hashed."""

_ROLLING_MULTIPLIER = np.uint64(0xD1342543DE82EF95)
_MIX_MULTIPLIERS = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_MIX_SHIFTS = np.uint64(31), np.uint64(29)
"""Odd multipliers of well-mixed bits, and shifts: signatures of one scheme must have the same for ever."""


class Shingles(NamedTuple):
    """A text in hashes: of `all` its letters and digits, of each of its `runs` of words, of each of its `numbers`.

    `runs` and `numbers` are sorted; a run that comes twice stands there twice.
    """

    all: bytes
    runs: Hashes
    numbers: Hashes


def compute_shingles(text: str) -> Shingles:
    """The hashes of a text, for which case, punctuation, white space and the width of characters do not count."""
    codes = _fold_characters(text)
    # where a letter or digit is, and where the first of a word is
    solid = codes != _GAP_CODE
    first = solid.copy()
    first[1:] &= ~solid[:-1]
    size = SHINGLE_WORDS
    if codes.max(initial=0) >= _UNSPACED_RANGES[0][0]:
        alone = _build_unspaced_table().take(codes, mode="clip")
        first[1:] |= solid[1:] & (alone[1:] | alone[:-1])
        if 2 * np.count_nonzero(alone) > np.count_nonzero(first):
            size = SHINGLE_CHARS
    letters = codes[solid]
    starts = first[solid].nonzero()[0]
    runs = _hash_runs(letters, starts, size)
    runs.sort()
    return Shingles(hashlib.sha256(letters).digest()[:TEXT_HASH_BYTES], runs, _hash_numbers(codes))


def _fold_characters(text: str) -> Codes:
    """The text's characters as codes without case, `_GAP_CODE` for all that is neither letter nor digit.

    Characters above the basic plane keep their code, but for emoji, which part words, and tags, which are left out.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    folded = _build_fold_table().take(codes, mode="clip")
    beyond = codes >= _PLANE_SIZE
    if beyond.any():
        folded = np.where(beyond, codes, folded)
        folded[beyond & (codes >= _EMOJI_START) & (codes < _IDEOGRAPHS_START)] = _GAP_CODE
        folded[codes >= _TAGS_START] = _IGNORED_CODE
    return folded[folded != _IGNORED_CODE] if (folded == _IGNORED_CODE).any() else folded


def _hash_runs(letters: Codes, starts: NDArray[np.intp], size: int) -> Hashes:
    """A hash for each run of so many words, of all the words where there are fewer: of the first eight letters of each.

    Where a word is shorter, the letters behind it are taken: words are in the order of the text, so nothing is lost.
    """
    # the four letters from each place on, read as one number of 64 bits
    fours = np.ndarray(len(letters) + 5, "<u8", np.append(letters, _PADDING_CODES).astype("<u2"), strides=2)
    words = _mix_bits(_mix_bits(fours.take(starts)) + fours.take(starts + 4))
    size = max(1, min(size, len(words)))
    # each run is a polynomial of its words, computed for all runs at once
    runs = words[: len(words) - size + 1].copy()
    for at in range(1, size):
        runs *= _ROLLING_MULTIPLIER
        runs += words[at : at + len(runs)]
    return _mix_bits(runs)


def _hash_numbers(codes: Codes) -> Hashes:
    """The different numbers of a text, hashed and sorted."""
    digit = codes - np.uint32(ord("0")) < DECIMAL_DIGITS
    if not digit.any():
        return np.zeros(0, np.uint64)
    found = {
        int(number[:MAX_NUMBER_DIGITS])
        for number in np.where(digit, codes, _SPACE_CODE).astype(np.uint8).tobytes().split()
    }
    return np.sort(_mix_bits(np.fromiter(found, np.uint64, len(found))))


def _mix_bits(hashes: Hashes) -> Hashes:
    """The same array with every bit depending on all others."""
    for multiplier, shift in zip(_MIX_MULTIPLIERS, _MIX_SHIFTS, strict=True):
        hashes ^= hashes >> shift
        hashes *= multiplier
    hashes ^= hashes >> _MIX_SHIFTS[0]
    return hashes


@cache
def _build_fold_table() -> Codes:
    """For each character of the basic plane its code in lower case and usual width; `_GAP_CODE`, or `_IGNORED_CODE`."""
    fold = np.zeros(_PLANE_SIZE, np.uint32)
    for code in range(_PLANE_SIZE):
        character = chr(code)
        category = unicodedata.category(character)
        if category == "Nd":
            fold[code] = ord("0") + unicodedata.decimal(character)
        elif category[0] in "LMN":
            plain = unicodedata.normalize("NFKC", character).casefold()
            fold[code] = ord(plain if len(plain) == 1 else plain[0] if category != "No" else character)
        elif category == "Cf":
            fold[code] = _IGNORED_CODE
    fold[_VARIATION_SELECTORS] = _IGNORED_CODE
    return fold


@cache
def _build_unspaced_table() -> NDArray[np.bool_]:
    """Whether a character is a word of its own, in a script without spaces; the last stands for all further planes."""
    alone = np.zeros(_IDEOGRAPHS_START + 1, np.bool_)
    for low, high in _UNSPACED_RANGES:
        alone[low : high + 1] = True
    alone[_IDEOGRAPHS_START] = True
    return alone

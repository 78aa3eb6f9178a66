"""What a line looks like, in any language: does it end like a sentence, how many words has it, where is the article."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from cleaner.text.scripts import UNSPACED

LINE_CACHE_SIZE = 2048
"""Lines whose shape is remembered: every stage asks about the same lines of a document."""

SENTENCE_TERMINATORS = frozenset(".!?…。！？؟।۔։።။។")
"""Ends of sentences in the scripts covered (Unicode property Sentence_Terminal, the common ones)."""

SENTENCE_CLOSERS = "\"'”“’‘»«›‹)]」』）"
"""What may stand behind the end of a sentence."""

BULLETS, DASH_BULLETS = "•·▪▫◦‣⁃●○■□◆◇►▸▶➤➢✓✔✗☐☑", "-–—*+"
"""Signs that open the item of a list, and signs that do so with a blank behind them."""

BULLET_PREFIXES = (*BULLETS, *(f"{dash} " for dash in DASH_BULLETS))
"""How the item of a list begins in a text."""

MIN_LABEL_WORDS, MIN_SENTENCE_WORDS, MIN_OPEN_PROSE_WORDS = 3, 8, 20
"""Words of a whole sentence that is neutral in a region of prose, of one that is prose, and of an open line that is."""

MIN_PROSE_CHARS = 24
"""Characters below which no line is prose, in any script."""

MAX_UNSPACED_CHARS = 12
"""Characters to a space above which a line may be in a script without spaces."""

MAX_COUNTED_CHARS = 400
"""Characters at the beginning of a line in which letters of scripts without spaces are counted."""

_UNSPACED_PATTERN = re.compile(f"[{UNSPACED}]")


@lru_cache(LINE_CACHE_SIZE)
def is_open(text: str) -> bool:
    """Whether a line ends in the middle of a sentence, or is none, as far as its last characters show."""
    end = text[-1]
    if end in SENTENCE_TERMINATORS:
        return False
    return not (end in SENTENCE_CLOSERS and text.rstrip(SENTENCE_CLOSERS)[-1:] in SENTENCE_TERMINATORS)


@lru_cache(LINE_CACHE_SIZE)
def count_words(text: str) -> int:
    """Words of a line; two characters count as one where a script does without spaces."""
    spaces = text.count(" ") + 1
    if text.isascii() or (len(text) > MIN_PROSE_CHARS and spaces * MAX_UNSPACED_CHARS > len(text)):
        return spaces
    return spaces + len(_UNSPACED_PATTERN.findall(text, 0, MAX_COUNTED_CHARS)) // 2


@lru_cache(LINE_CACHE_SIZE)
def is_prose(text: str) -> bool:
    """Whether a line reads like a paragraph: a whole sentence of some length, or a very long line."""
    if len(text) < MIN_PROSE_CHARS:
        return False
    size = count_words(text)
    return size >= MIN_OPEN_PROSE_WORDS or (size >= MIN_SENTENCE_WORDS and not is_open(text))


_ASCII_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())


@lru_cache(LINE_CACHE_SIZE)
def build_match_key(text: str) -> str:
    """Letters and digits only, in lower case: the form in which lines are compared."""
    # most signs are ASCII, and bytes lose theirs at once
    text = text.encode("utf-8", "surrogatepass").translate(None, _ASCII_SIGNS).decode("utf-8", "surrogatepass")
    return text.casefold() if text.isalnum() else "".join(filter(str.isalnum, text)).casefold()


MAX_LINE_SCORE, GAP_COST, OPEN_LINE_SHARE = 40, 9, 0.3
"""Weights of the search for the region: a whole sentence adds its words, at most MAX_LINE_SCORE; a long line without an
end adds OPEN_LINE_SHARE of its words; any other line costs GAP_COST words."""


@lru_cache(LINE_CACHE_SIZE)
def _score_line(line: str) -> float:
    """What a line adds to the region that it is part of, in words."""
    size = count_words(line)
    if is_open(line):
        return size * OPEN_LINE_SHARE if size >= MIN_OPEN_PROSE_WORDS else -GAP_COST
    if size < MIN_LABEL_WORDS:
        return -GAP_COST
    return min(size, MAX_LINE_SCORE) if size >= MIN_SENTENCE_WORDS else 0.0


def find_prose_region(lines: Sequence[str]) -> tuple[int, int]:
    """First and end of the run of lines that holds most prose for the fewest other lines; (0, 0) without any prose.

    The maximum subsequence of line weights, after Pasternack and Roth, "Extracting article text from the web with
    maximum subsequence segmentation" (2009); MAX_LINE_SCORE and GAP_COST were chosen on whole pages in 20 languages.
    """
    return _find_region(tuple(lines))


@lru_cache(1)
def _find_region(lines: tuple[str, ...]) -> tuple[int, int]:
    """The region in these lines, which a stage asks for and then its model."""
    return find_heaviest_run(map(_score_line, lines))


def find_heaviest_run(weights: Iterable[float], *, is_longest: bool = True) -> tuple[int, int]:
    """First and end of the run of places with the greatest sum of weights; (0, 0) where no sum is above zero.

    Of runs with the same sum the last and longest, or without `is_longest` the first and shortest.
    """
    best, found = 0.0, (0, 0)
    total, start = 0.0, 0
    for i, weight in enumerate(weights):
        if total <= 0:
            total, start = 0.0, i
        total += weight
        if total >= best and (total > best or (is_longest and best > 0)):
            best, found = total, (start, i + 1)
    return found

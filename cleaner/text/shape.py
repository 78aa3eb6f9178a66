"""What a line looks like, in any language: does it end like a sentence, how many words has it, where is the article."""

import re
from collections.abc import Sequence
from functools import lru_cache

from cleaner.text.scripts import UNSPACED

LINE_CACHE_SIZE = 2048
"""Lines whose shape is remembered: every stage asks about the same lines of a document."""

SENTENCE_TERMINATORS = frozenset(".!?…。！？؟।۔")
"""Ends of sentences in the scripts covered (Unicode property Sentence_Terminal, the common ones)."""

SENTENCE_CLOSERS = "\"'”“’‘»«›‹)]」』）"
"""What may stand behind the end of a sentence."""


_UNSPACED_PATTERN = re.compile(f"[{UNSPACED}]")


@lru_cache(LINE_CACHE_SIZE)
def is_open(text: str) -> bool:
    """Whether a line ends in the middle of a sentence, or is none, for all that its last characters tell."""
    end = text[-1]
    if end in SENTENCE_TERMINATORS:
        return False
    return not (end in SENTENCE_CLOSERS and text.rstrip(SENTENCE_CLOSERS)[-1:] in SENTENCE_TERMINATORS)


@lru_cache(LINE_CACHE_SIZE)
def count_words(text: str) -> int:
    """Words; two characters count as one where a script does without spaces."""
    spaces = text.count(" ") + 1
    if text.isascii() or (len(text) > 24 and spaces * 12 > len(text)):
        return spaces
    return spaces + len(_UNSPACED_PATTERN.findall(text, 0, 400)) // 2


@lru_cache(LINE_CACHE_SIZE)
def is_prose(text: str) -> bool:
    """Whether a line reads like a paragraph: a whole sentence of some length, or a very long line."""
    if len(text) < 24:
        return False
    size = count_words(text)
    return size >= 20 or (size >= 8 and not is_open(text))


_ASCII_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())


@lru_cache(LINE_CACHE_SIZE)
def build_match_key(text: str) -> str:
    """Letters and digits only, in lower case: the form in which lines are compared."""
    # most signs are ASCII, and bytes lose theirs at once
    text = text.encode("utf-8", "surrogatepass").translate(None, _ASCII_SIGNS).decode("utf-8", "surrogatepass")
    return text.casefold() if text.isalnum() else "".join(filter(str.isalnum, text)).casefold()


MAX_LINE_SCORE, GAP_COST = 40, 9
"""Most words a line can add to the article's region, and what a line that is no prose takes away."""


@lru_cache(LINE_CACHE_SIZE)
def _score_line(line: str) -> float:
    """What a line adds to the region that it is part of."""
    size = count_words(line)
    if is_open(line):
        return size * 0.3 if size >= 20 else -GAP_COST
    return min(size, MAX_LINE_SCORE) if size >= 8 else 0.0 if size >= 3 else -GAP_COST


def find_prose_region(lines: Sequence[str]) -> tuple[int, int]:
    """First and end of the run of lines that holds most prose for the fewest other lines; (0, 0) without any prose.

    The maximum subsequence of line weights, after Pasternack and Roth, "Extracting article text from the web with
    maximum subsequence segmentation" (2009); MAX_LINE_SCORE and GAP_COST were chosen on whole pages in 20 languages.
    """
    best, found = 0.0, (0, 0)
    total, start = 0.0, 0
    for i, weight in enumerate(map(_score_line, lines)):
        if total <= 0:
            total, start = weight, i
        else:
            total += weight
        if total > 0 and total >= best:
            best, found = total, (start, i + 1)
    return found

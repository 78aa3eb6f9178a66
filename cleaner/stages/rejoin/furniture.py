"""Running heads and page numbers, which stand in the middle of the text of printed pages.

None is believed by its shape alone: pages are counted through a document, or a head comes again, or it cuts a sentence.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from cleaner.stages.rejoin.words import LINKING_WORDS
from cleaner.text.languages import build_alternation, collect_words
from cleaner.text.layout import COLONS, list_runs
from cleaner.text.shape import is_open

MAX_FURNITURE_CHARS = 90
"""Characters of the longest running head."""

MIN_REPEATS = 2
"""How often a head without a number must come."""

MAX_FURNITURE_LINES = 3
"""Lines of a foot and a head that stand between two halves of a sentence."""

MAX_PAGE_STEP = 8
"""Pages that may lie between two numbers of one count: columns, pictures and advertisements have pages too."""

PAGE_WORDS = collect_words(lambda own: own.line_ends.page_words)
"""Words before the number of a page: page, Seite, p."""

_PAGE = build_alternation(PAGE_WORDS)
_NUMBERED_PATTERN = re.compile(
    rf"""(?:[-–—~·•]\s*)+(?P<ruled>\d{{1,4}})\s*(?:[-–—~·•]\s*)+
    |[\[(]?(?:{_PAGE})\s*(?P<worded>\d{{1,4}})(?:\s*(?:/|\w{{1,4}}|de\s+la)\s*\d{{1,4}})?[\])]?\.?
    |(?P<counted>\d{{1,4}})\s*/\s*\d{{1,4}}
    |第\s*(?P<chinese>\d{{1,4}})\s*[页頁]|(?P<japanese>\d{{1,4}})\s*(?:ページ|頁|쪽)
    |(?P<bare>\d{{1,4}})""",
    re.VERBOSE | re.IGNORECASE,
)
"""A line that is nothing but the number of a page."""

_SEPARATOR = r"(?:\s+[|·•■–—-]\s+|\t|\s{3,})"
_PLACE_PATTERN = re.compile(
    rf"(?:{_SEPARATOR}(?:{_PAGE})?\s*|\s(?:{_PAGE})\s*)(?P<last>\d{{1,4}})\s*\Z"
    rf"|\A(?:{_PAGE})?\s*(?P<first>\d{{1,4}}){_SEPARATOR}(?=.*[^\W\d_]{{2}})",
    re.IGNORECASE,
)
"""The number of a page at the end or the beginning of a running head, parted from the rest."""

_RULED_PATTERN = re.compile(r"\s[|·•■]\s|\t|\s{3,}")
"""Separators that stand in running heads, and hardly ever in sentences."""

_DIGITS_PATTERN = re.compile(r"\d+")

SURE_KINDS = frozenset({"ruled", "worded", "chinese", "japanese"})
"""Shapes that only page numbers have; a bare number may be a chapter, a linked year, a score."""

BARE_KINDS = frozenset({"bare", "counted"})
"""Shapes that are more than page numbers."""

_EDGE_CHARS = frozenset("0123456789-–—~·•[](第页頁쪽ジ")
"""With what page numbers begin or end."""


class Head(NamedTuple):
    """A line that may be a running head or the number of a page.

    `at` is its number among the lines, `key` what it reads without its numbers, `page` the page it names, or -1.
    `sure`: its shape is that of a page number or of a head with one, and of little else.
    """

    at: int
    key: str
    page: int
    sure: bool


def find_furniture(texts: Sequence[str], *, is_wrapped: bool) -> dict[int, bool]:
    """The lines that are running heads or page numbers, by number, and whether they cut a sentence.

    Heads without a number and bare numbers are looked for in wrapped texts alone: in others they may be linked words.
    """
    places = [i for i, text in enumerate(texts) if len(text) <= MAX_FURNITURE_CHARS and _can_be_head(text, is_wrapped)]
    heads = [
        head
        for head in filter(None, map(_read_head, places, map(texts.__getitem__, places)))
        if is_wrapped or (head.page >= 0 and head.key not in BARE_KINDS)
    ]
    if not heads:
        return {}
    counted = _find_counted(heads)
    repeats = Counter(head.key for head in heads)
    believed = counted.union(head.at for head in heads if head.sure or repeats[head.key] >= MIN_REPEATS)
    cutting = chain.from_iterable(
        run
        for run in list_runs(head.at for head in heads)
        if len(run) <= MAX_FURNITURE_LINES and believed.issuperset(run) and _cuts_sentence(texts, run)
    )
    found = dict.fromkeys(cutting, True)
    confirmed = {head.key for head in heads if head.at in found}
    numbered = confirmed | SURE_KINDS
    alike = (head for head in heads if head.key in (numbered if head.at in counted else confirmed))
    return {head.at: False for head in alike if head.at in counted or head.page < 0} | found


def _can_be_head(text: str, is_wrapped: bool) -> bool:
    """Whether a line can be one at first sight: it begins or ends with a number or a mark around one."""
    return (
        text[0] in _EDGE_CHARS or text[-1] in _EDGE_CHARS or (is_wrapped and text[-1].isalpha() and text[0].isupper())
    )


def _read_head(at: int, text: str) -> Head | None:
    """A line as a head, if it can be one."""
    numbered = _NUMBERED_PATTERN.fullmatch(text)
    if numbered:
        kind = str(numbered.lastgroup)
        return Head(at, kind, int(numbered[kind]), kind in SURE_KINDS)
    if not ((text[0].isupper() or text[0].isdigit()) and is_open(text)):
        return None
    key, place = _DIGITS_PATTERN.sub("#", text), _PLACE_PATTERN.search(text)
    if place:
        return Head(at, key, int(place[str(place.lastgroup)]), _RULED_PATTERN.search(text) is not None)
    return Head(at, key, -1, sure=False) if text[-1].isalpha() else None


def _find_counted(heads: Sequence[Head]) -> set[int]:
    """Numbers of the lines whose pages are counted up from one to the next of their kind, or of all kinds."""
    steps = pairwise(head for head in heads if head.page >= 0)
    return {at for left, right in steps if _counts_on(left, right) for at in (left.at, right.at)}


def _counts_on(left: Head, right: Head) -> bool:
    """Whether a page is one of the next behind another, and not on the line behind it."""
    return 0 < right.page - left.page <= MAX_PAGE_STEP and right.at - left.at > 1


def _cuts_sentence(texts: Sequence[str], run: range) -> bool:
    """Whether a sentence ends no line before, and goes on behind, a run of lines.

    A capital goes on behind a word that ends no sentence.  Torn-off punctuation is no sign: it follows a linked name.
    """
    if not 0 < run.start < run.stop < len(texts):
        return False
    left, right = texts[run.start - 1], texts[run.stop]
    start = right[0]
    goes_on = start.isalpha() and (not start.isupper() or left.rsplit(None, 1)[-1] in LINKING_WORDS)
    return is_open(left) and left[-1] not in COLONS and goes_on

"""Running heads and page numbers, which stand in the middle of the text of printed pages.

None is believed by its shape alone: pages are counted through a document, or a head comes again, or it cuts a sentence.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaner.stages.rejoin.words import LINKING_WORDS
from cleaner.text.languages import build_alternation, collect_words
from cleaner.text.layout import COLONS
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
    heads = {
        at: head
        for at in places
        if (head := _read_head(at, texts[at]))
        and (is_wrapped or head.sure or (head.page >= 0 and head.key not in BARE_KINDS))
    }
    if not heads:
        return {}
    counted = _find_counted(list(heads.values()))
    repeats = Counter(head.key for head in heads.values())
    found: dict[int, bool] = {}
    for run in _list_neighbours(sorted(heads)):
        if len(run) > MAX_FURNITURE_LINES or not run[0] or run[-1] == len(texts) - 1:
            continue
        is_believed = all(heads[at].sure or at in counted or repeats[heads[at].key] >= MIN_REPEATS for at in run)
        if is_believed and _cuts_sentence(texts[run[0] - 1], texts[run[-1] + 1]):
            found.update(dict.fromkeys(run, True))
    confirmed = {heads[at].key for at in found}
    for at, head in heads.items():
        is_numbered = at in counted and head.key in SURE_KINDS
        if at not in found and (is_numbered or (head.key in confirmed and (at in counted or head.page < 0))):
            found[at] = False
    return found


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
    if not is_open(text) or (not text[0].isupper() and not text[0].isdigit()):
        return None
    place = _PLACE_PATTERN.search(text)
    page = int(place["last"] or place["first"]) if place else -1
    if page < 0 and not text[-1].isalpha():
        return None
    return Head(at, _DIGITS_PATTERN.sub("#", text), page, page >= 0 and _RULED_PATTERN.search(text) is not None)


def _find_counted(heads: Sequence[Head]) -> set[int]:
    """Numbers of the lines whose pages are counted up from one to the next of their kind, or of all kinds."""
    pages = [head for head in heads if head.page >= 0]
    counted: set[int] = set()
    for left, right in pairwise(pages):
        if 0 < right.page - left.page <= MAX_PAGE_STEP and right.at - left.at > 1:
            counted.update((left.at, right.at))
    return counted


def _list_neighbours(places: Sequence[int]) -> Iterator[list[int]]:
    """Runs of lines that stand one behind the other."""
    run: list[int] = []
    for at in places:
        if run and at != run[-1] + 1:
            yield run
            run = []
        run.append(at)
    if run:
        yield run


def _cuts_sentence(left: str, right: str) -> bool:
    """Whether a sentence ends no line before, and goes on behind, what stands between these lines.

    A capital goes on behind a word that ends no sentence.  Torn-off punctuation is no sign: it follows a linked name.
    """
    start = right[0]
    goes_on = start.isalpha() and (not start.isupper() or left.rsplit(None, 1)[-1] in LINKING_WORDS)
    return is_open(left) and left[-1] not in COLONS and goes_on

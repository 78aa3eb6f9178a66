"""How the lines of a plain text stand: blank lines between them, lists with marks, stanzas."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, groupby, pairwise, starmap
from operator import itemgetter

from cleaner.text.scripts import UNSPACED
from cleaner.text.shape import BULLETS, DASH_BULLETS, is_prose

CLOSING_CHARS = frozenset(",.;:!?)]}…、。，：；）」』】》،؛؟।۔")
"""Punctuation that no line starts with, unless it was torn from the line before."""

COLONS = frozenset(":：")
HYPHENS = frozenset("-‐")

UNSPACED_WORD_CHARS = 6
"""Characters that are not parted at the end of a line in scripts without spaces: a word of Thai, a number."""

MAX_ITEM_LINES = 6
"""Lines of an item at which the next item must stand."""

UNWRAPPED_SHARE = 1.5
"""How much longer than the longest line of any group a paragraph on one line must be: no width is exceeded so far."""

MAX_VERSE_CHARS, MIN_STANZA_LINES = 60, 2
"""Characters of a line of verse or of an address, and lines that are no single one."""

_UNSPACED_PATTERN = re.compile(f"[{UNSPACED}]")


def is_loose(source: str, end: int) -> bool:
    """Whether no blank line stands before this place, the start of a line."""
    return source[end - 2 : end - 1] != "\n" and source[end - 3 : end] != "\n\r\n"


def measure_first_word(text: str) -> int:
    """Characters of the first word of a line; scripts without spaces break nearly anywhere."""
    size = len(text.partition(" ")[0])
    return min(size, UNSPACED_WORD_CHARS) if _UNSPACED_PATTERN.match(text) else size


class Lines:
    """Lines one behind the other, and what is asked about them.

    `loose` are those that no blank line parts from the next; `title` is the title given with the document, and `first`
    whether they begin it.
    """

    def __init__(self, texts: Sequence[str], loose: Sequence[bool], title: str = "", *, first: bool = True) -> None:
        self.texts, self.loose, self.title, self.first = texts, loose, title, first

    @cached_property
    def groups(self) -> list[range]:
        """Numbers of the lines between two blank lines."""
        end = len(self.texts)
        stops = [i for i, is_loose in enumerate(self.loose, 1) if not is_loose or i == end]
        return list(starmap(range, pairwise((0, *stops))))

    @cached_property
    def is_flat(self) -> bool:
        """Whether no blank line parts the lines: a line end says nothing there."""
        return len(self.groups) == 1


def list_runs(places: Iterable[int], least: int = 1) -> Iterator[range]:
    """Runs of at least so many of the places, which are given in order, that follow one another without a gap."""
    runs = groupby(enumerate(places), _measure_gap)
    found = (list(map(itemgetter(1), run)) for _, run in runs)
    return (range(run[0], run[-1] + 1) for run in found if len(run) >= least)


def _measure_gap(numbered: tuple[int, int]) -> int:
    """Places left out before this one, of which the number is given as well: the same all through a run."""
    number, place = numbered
    return place - number


# ---------------------------------------------------------------- lists

_MARK_PATTERN = re.compile(
    rf"""(?P<bullet>[{BULLETS}])[ \t\xa0]*(?=\S)
    |(?P<dash>[{DASH_BULLETS}])[ \t\xa0]+(?=\S)
    |\(?(?P<number>\d{{1,3}})[.)](?:[ \t\xa0]+(?=\S)|(?=[^\W\d]))
    |\(?(?P<letter>[^\W\d_])[.)][ \t\xa0]+(?=\S)""",
    re.VERBOSE,
)
"""A mark at the beginning of an item."""

_MARK_ENDS = frozenset(".)")
"""What stands behind a letter that is a mark."""


def find_list_items(lines: Lines) -> list[int]:
    """Numbers of the lines that are items of lists with marks.

    A bullet is one by itself; other marks are where the list has a second item, or a colon stands before it.
    """
    found = [
        (i, mark)
        for i, text in enumerate(lines.texts)
        # a letter without a sign behind it shows at once
        if (not text[0].isalpha() or text[1:2] in _MARK_ENDS) and (mark := _MARK_PATTERN.match(text))
    ]
    siblings = (pair for pair in pairwise(found) if _are_siblings(lines, *pair))
    sure = {at for at, _ in chain.from_iterable(siblings)}
    before = ["", *lines.texts]
    return [at for at, mark in found if at in sure or mark["bullet"] or before[at][-1:] in COLONS]


_READ_COUNT: dict[str, Callable[[str], int]] = {"number": int, "letter": ord}
"""What makes a number of a mark that counts the items of its list."""


def _are_siblings(lines: Lines, left: tuple[int, re.Match[str]], right: tuple[int, re.Match[str]]) -> bool:
    """Whether two lines with marks, one behind the other, are items of the same list."""
    (first, mark), (second, other) = left, right
    kind = str(mark.lastgroup)
    if kind != other.lastgroup or second - first > MAX_ITEM_LINES:
        return False
    if read := _READ_COUNT.get(kind):
        return read(other[kind]) == read(mark[kind]) + 1
    # a dash can stand inside a sentence, and come to stand first where that is wrapped
    return mark[0] == other[0] and (second == first + 1 or not lines.loose[second - 1])


# ---------------------------------------------------------------- verse


def find_stanzas(lines: Lines) -> Iterator[range]:
    """Groups of short lines that are not wrapped: the next word would have found room on most of them."""
    groups = {group: lines.texts[group.start : group.stop] for group in lines.groups}
    several = {group: own for group, own in groups.items() if len(own) >= MIN_STANZA_LINES}
    if lines.is_flat or not several:
        return
    width = max(map(len, chain.from_iterable(several.values())))
    # paragraphs on one line each, longer than any line of the groups: nothing is wrapped here
    alone = chain.from_iterable(own for group, own in groups.items() if group not in several)
    is_unwrapped = any(len(text) > UNWRAPPED_SHARE * width and is_prose(text) for text in alone)
    rooms = [_measure_room(own, width) for own in several.values()]
    are_most_free = is_unwrapped or sum(rooms) >= 0
    for (group, own), room in zip(several.items(), rooms, strict=True):
        if (are_most_free or room >= 0) and max(map(len, own)) <= MAX_VERSE_CHARS and not any(map(_is_torn, own)):
            yield group


def _measure_room(own: Sequence[str], width: int) -> int:
    """How many more lines of a group end where the first word of the next would have found room than do not."""
    free = [len(left) + 1 + measure_first_word(right) <= width for left, right in pairwise(own)]
    return 2 * sum(free) - len(free)


def _is_torn(text: str) -> bool:
    """Whether a line begins with what was torn off the line before, or ends with half a word."""
    return text[0] in CLOSING_CHARS or text[-1] in HYPHENS

"""Lines that belong to something beside the article: the card of another story, a comment, the foot of the page."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import chain
from operator import attrgetter, eq

from cleaner.document import Block, Document
from cleaner.text.names.bare import is_bare_name
from cleaner.text.shape import count_words, is_prose

MIN_LINKED_SHARE = 0.5
"""Share of a line's characters in links from which it is a link."""

MIN_LINKED_WORDS = 4
"""Words from which a link can be the headline of another story; a name or a section has fewer."""

AT_TITLE_LINES = range(-1, 4)
"""Places of the lines directly at a title, counted from it: the one above and three below."""

MAX_LEAD_WORDS = 2
"""Words before the first digit of a date without a label: "Saturday, Aug"."""

_LEAD = re.compile(r"\D*")
_NAME_END = re.compile("[@|,·]")

BESIDE_ROLES = frozenset({"related", "comments", "promotion", "advertisement", "consent", "copyright"})
"""Roles of lines that have nothing to do with the article."""

_BESIDE_TAGS = frozenset({"aside", "nav"})
_BESIDE_NAMES = frozenset(
    {
        *("card", "cards", "teasers", "related", "recommended", "recommendations", "recommendation"),
        *("comment", "comments", "comentarios", "kommentare", "commentaires", "sidebar", "popular", "trending"),
        *("latest", "promo", "carousel", "disqus", "slider", "upnext"),
    }
)
"""Words of classes and ids of what stands beside an article."""


class BesideLines:
    """Where the lines of a page begin that belong to the card of another story, a comment or the foot of the page;
    nothing for a text, which does not show them.  Few lines are asked about, and only these are looked at.

    Between the title and the first paragraph only an element such as `aside` makes a line one of these: what is said
    of the article there may be called after cards and comments, too.  Directly at the title nothing does: what heads a
    page may stand in an `aside` beside its title.
    """

    def __init__(self, document: Document) -> None:
        blocks = self._blocks = document.blocks if document.page is not None else ()
        # without a title, a place from which every line is far
        far = len(blocks) + len(AT_TITLE_LINES)
        self._title = next((i for i, block in enumerate(blocks) if block.role == "title"), far)
        self._first = _find_first_paragraph(blocks, self._title)
        own = blocks[self._title : self._title + 1] or blocks[self._first : self._first + 1]
        self._path = own[0].hints.path if own else ()

    def __contains__(self, start: int) -> bool:
        """Whether the line that begins there is one of these."""
        i = bisect_left(self._blocks, start, key=attrgetter("start"))
        if i == len(self._blocks) or self._blocks[i].start != start:
            return False
        block, above = self._blocks[i], self._blocks[i - 1] if i else None
        is_near, is_at = self._title - 1 <= i < self._first, i - self._title in AT_TITLE_LINES
        is_inside = _is_in_element_beside(block, self._path)
        return (is_inside and not is_at) or (
            (is_inside or not is_near) and _is_of_card(block, above, self._path, is_at)
        )


def _find_first_paragraph(blocks: Sequence[Block], title: int) -> int:
    """The number of the first paragraph below the title, or of the page if none is; a standfirst is none."""
    prose = [i for i, block in enumerate(blocks) if is_prose(block.text) and block.role != "standfirst"]
    below = (i for i in prose if i > title)
    return next(below, prose[0] if prose else len(blocks))


def _count_shared(block: Block, path: Sequence[int]) -> int:
    """How many of the elements around a line are around the article's title as well, whose path this is."""
    return sum(map(eq, block.hints.path, path))


def _is_in_element_beside(block: Block, path: Sequence[int]) -> bool:
    """Whether an element of its own says that a line is beside the article; the foot of an article is none."""
    tags = block.hints.tags[_count_shared(block, path) :]
    return not _BESIDE_TAGS.isdisjoint(tags) or ("footer" in tags and "article" not in block.hints.tags)


def _is_of_card(block: Block, above: Block | None, path: Sequence[int], is_at: bool) -> bool:
    """Whether its role, the names of the elements around it or a link, a headline, show that a line is of a card; its
    role does not directly at the title (`is_at`), where it is guessed from the lines around.
    """
    names = block.hints.names[_count_shared(block, path) :]
    is_named = not _BESIDE_NAMES.isdisjoint(chain.from_iterable(names))
    is_below_link = above is not None and _is_bare_date(block.line) and _is_linked_headline(above)
    return (block.role in BESIDE_ROLES and not is_at) or is_named or is_below_link or _is_linked_headline(block)


def _is_bare_date(line: str) -> bool:
    """Whether hardly more than a weekday and a month stands before the first digit of a line, and no label."""
    lead = _LEAD.match(line)
    return lead is not None and ":" not in lead[0] and count_words(lead[0]) <= MAX_LEAD_WORDS


def _is_linked_headline(block: Block) -> bool:
    """Whether a line is a link of some words, and no name of somebody with a house behind it."""
    is_long = block.hints.links >= MIN_LINKED_SHARE and count_words(block.line) >= MIN_LINKED_WORDS
    parts = map(str.strip, _NAME_END.split(block.line)) if is_long else ()
    return is_long and not any(is_bare_name(part, strict=False) for part in parts)

"""A page as lines: what it shows, block element by block element, and what the markup says of each.

Elements that no reader sees are left out.  Where next to nothing is left, the page is laid out again with the hidden
ones: some pages uncover their text by a script.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from lxml import etree
from msgspec import Struct

from cleaner.document import Hints
from cleaner.html.elements import (
    ALWAYS_UNSEEN_TAGS,
    HEADING_TAGS,
    IMAGE_TAGS,
    INLINE_TAGS,
    PICTURE_TAGS,
    UNSEEN_TAGS,
    Element,
    collapse_blanks,
    get_names,
    is_dialog,
    is_hidden,
)
from cleaner.html.initials import is_initial, join_initial
from cleaner.html.preformatted import find_line_ends, split_preformatted
from cleaner.html.tables import TableRow, read_table

NAME_CACHE_SIZE = 4096
"""LRU size for the words of classes and ids: the elements of a page, and the pages of a template, share them."""

SHAPE_ELEMENTS = 3
"""Innermost elements that make the shape of a line, and that a picture stands beside the line in."""

DIALOG_NAMES = frozenset({"dialog"})
"""What is added to the words of the classes and the id of an element whose role is a dialog's."""

_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W\d_A-Za-z]+")


MAX_INITIAL_CHARS = 3
"""Characters of the longest line that may be a letter set large, with a quotation mark or two."""

MAX_INITIALS = 50
"""Letters set large on one page that are joined to their words: an article has one, or one a part."""

MAX_LINES_AROUND = 200
"""Lines before and behind such a letter that show whether its word occurs elsewhere."""


class VisibleLine(Struct, frozen=True):
    """One visible line and its hints."""

    text: str
    hints: Hints


class PlacedPicture(Struct):
    """A picture that a page shows: its element, the elements around it as in `Hints`, where the link around it leads,
    and the number of the line that it stands before.

    A `spare` one is shown only where scripts are off.
    """

    element: Element
    path: tuple[int, ...]
    tags: tuple[str, ...]
    names: tuple[frozenset[str], ...]
    link: str
    line: int
    spare: bool = False


class _Surroundings(NamedTuple):
    """`path`, `tags` and `names` as in `Hints`; `shapes` are the tags and classes of the last `SHAPE_ELEMENTS`."""

    path: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    names: tuple[frozenset[str], ...] = ()
    shapes: tuple[str, ...] = ()


class _OpenElement:
    """What the walk is inside: the innermost element that begins a line, as `INLINE_TAGS` begin none.

    `ends` says whether line ends are shown (`find_line_ends`).  Elements that begin no line share the object of the one
    around them.  Most elements show no text of their own: what stands around one is put together when it is asked for.
    """

    __slots__ = ("_above", "_around", "_classes", "_element", "_number", "ends", "tag")

    def __init__(self, element: Element, number: int = 0, above: "_OpenElement | None" = None) -> None:
        """An element, its number on the page, and what is around it; without the last it stands for the whole page."""
        self._element, self._number, self._above = element, number, above
        self._around = _Surroundings() if above is None else None
        self._classes = element.get("class", "")
        self.tag: str = "" if above is None else element.tag
        self.ends: str = "" if above is None else above.ends or find_line_ends(element, self._classes)

    @property
    def around(self) -> _Surroundings:
        """The elements from the root of the page to this one."""
        if self._around is None:
            above = _Surroundings() if self._above is None else self._above.around
            names = _split_names(self._classes, self._element.get("id", ""))
            self._around = _Surroundings(
                (*above.path, self._number),
                (*above.tags, self.tag),
                (*above.names, names | DIALOG_NAMES if is_dialog(self._element) else names),
                (*above.shapes[1 - SHAPE_ELEMENTS :], f"{self.tag}.{self._classes}"),
            )
        return self._around


def lay_out_lines(root: Element, hidden: bool = False) -> list[VisibleLine]:
    """The lines of a page in the order in which they stand in it; with `hidden`, also what is not shown at first."""
    return _LayoutWalk(hidden).collect_lines(root)


def lay_out_page(
    root: Element, hidden: bool = False, left_out: list[Element] | None = None
) -> tuple[list[VisibleLine], list[PlacedPicture]]:
    """The lines of a page, and the pictures between them; `left_out` takes the elements that are not shown at first."""
    walk = _LayoutWalk(hidden, left_out)
    return walk.collect_lines(root), walk.pictures


class _LayoutWalk:
    """One walk over a page.

    Text is gathered in `_parts` until an element that begins or ends a line.  The line belongs to the element that its
    first letter stands in (`_owner`); `_linked` counts its characters in links.  `_found` has the lines so far: text,
    owner, and share of links.  `_pictured` are the numbers of the elements that show a picture close below them.
    """

    def __init__(self, hidden: bool, left_out: list[Element] | None = None) -> None:
        self._hidden = hidden
        self._left_out = [] if left_out is None else left_out
        self._found: list[tuple[str, _OpenElement, float]] = []
        self._parts: list[str] = []
        self._linked = 0
        self._owner: _OpenElement | None = None
        self._pictured: set[int] = set()
        self._number = 0
        self.pictures: list[PlacedPicture] = []

    def collect_lines(self, root: Element) -> list[VisibleLine]:
        """The lines below an element, whose hints say what stands around each.

        Elements are numbered from 1 in the order of the page.  The text behind an element (`tail`) belongs to the one
        around it, also where the element itself is not shown.
        """
        stack = [(_OpenElement(root), False)]
        unseen = ALWAYS_UNSEEN_TAGS if self._hidden else UNSEEN_TAGS
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            tag = element.tag
            if event == "start":
                above, linked = stack[-1]
                if tag in PICTURE_TAGS:
                    self._note_picture(element, above)
                if tag in unseen or (not self._hidden and is_hidden(element)):
                    walk.skip_subtree()
                    self._left_out.append(element)
                    self._place_spare_pictures(element, above)
                    stack.append((above, linked))
                    continue
                if tag == "table" and (rows := read_table(element, unseen, self._hidden)) is not None:
                    walk.skip_subtree()
                    self._lay_out_rows(element, rows, above)
                    stack.append((above, linked))
                    continue
                opened = self._open_element(element, above)
                stack.append((opened, linked := linked or tag == "a"))
                if tag != "br" and (text := element.text):
                    self._add_text(text, opened, linked)
                continue
            if event == "end":
                stack.pop()
                if tag not in INLINE_TAGS and tag not in UNSEEN_TAGS and tag != "br":
                    self._flush_line()
            if text := element.tail:
                self._add_text(text, *stack[-1])
        self._flush_line()
        if any(len(text) <= MAX_INITIAL_CHARS for text, _, _ in self._found):
            self._join_initials()
        return [VisibleLine(text, self._build_hints(owner, links)) for text, owner, links in self._found]

    def _open_element(self, element: Element, above: _OpenElement) -> _OpenElement:
        """What the walk is inside from here on: the element itself if it begins a line, else the one above it."""
        tag = element.tag
        if tag in INLINE_TAGS:
            return above
        if tag == "br" and _is_blank_in_heading(element, above):
            self._parts.append(" ")
            return above
        self._flush_line()
        if tag == "br":
            return above
        self._number += 1
        return _OpenElement(element, self._number, above)

    def _lay_out_rows(self, table: Element, rows: Sequence[TableRow], above: _OpenElement) -> None:
        """The lines of a table of data: its caption, and each row as a line of its first cell with text."""
        opened = {table: self._open_element(table, above)}
        for image in table.iter(*IMAGE_TAGS):
            self._place_picture(image, opened[table])
        for row in rows:
            chain = [row.cell]
            while chain[-1] not in opened and (around := chain[-1].getparent()) is not None:
                chain.append(around)
            for outer, inner in pairwise(reversed(chain)):
                opened[inner] = self._open_element(inner, opened[outer])
            self._found.append((row.text, opened[row.cell], row.links))

    def _note_picture(self, element: Element, above: _OpenElement) -> None:
        """Remembers that the elements around show a picture, and the picture if it is an image."""
        self._pictured.update(above.around.path[-SHAPE_ELEMENTS:])
        if element.tag in IMAGE_TAGS:
            self._place_picture(element, above)

    def _place_spare_pictures(self, element: Element, above: _OpenElement) -> None:
        """The images of a `noscript` that is not shown; nothing for another element."""
        for image in element.iter(*IMAGE_TAGS) if element.tag == "noscript" else ():
            self._place_picture(image, above, True)

    def _place_picture(self, element: Element, above: _OpenElement, spare: bool = False) -> None:
        """Adds an image to the pictures, unless it is hidden or a part of one that was added already."""
        parent = element.getparent()
        is_part = parent is not None and parent.tag in ("picture", "source")
        if not (is_part or is_hidden(element)):
            own = _split_names(*get_names(element))
            path, tags, above_names, _ = above.around
            names = (*above_names, own) if own else above_names
            self.pictures.append(
                PlacedPicture(element, path, tags, names, _find_link(element), len(self._found), spare)
            )

    def _add_text(self, text: str, where: _OpenElement, linked: bool) -> None:
        """Adds to the line; spaces do not begin one."""
        if self._owner is None:
            if text.isspace():
                return
            self._owner = where
        self._parts.append(text)
        if linked:
            self._linked += len(text)

    def _flush_line(self) -> None:
        """Ends the line, if there is one."""
        owner = self._owner
        if owner is None:
            return
        whole = "".join(self._parts)
        is_kept = owner.ends and "\n" in whole
        for text in split_preformatted(whole, owner.ends) if is_kept else (collapse_blanks(whole),):
            if text:
                self._found.append((text, owner, self._linked / len(whole)))
        self._parts.clear()
        self._linked = 0
        self._owner = None

    def _join_initials(self) -> None:
        """Puts letters that are set large, in elements of their own, before the lines that they belong to."""
        found = self._found
        initials = [i for i, (text, owner, _) in enumerate(found[:-1]) if is_initial(text, owner.tag)]
        for i in reversed(initials[:MAX_INITIALS]):
            (text, owner, _), (behind, where, links) = found[i : i + 2]
            lines = [*found[max(0, i - MAX_LINES_AROUND) : i], *found[i + 2 : i + 2 + MAX_LINES_AROUND]]
            names = frozenset[str]().union(*owner.around.names[-1:])
            if whole := join_initial(text, behind, names, [line for line, _, _ in lines]):
                found[i : i + 2] = [(whole, where, links)]
                self._move_pictures(i)

    def _move_pictures(self, line: int) -> None:
        """Counts the pictures behind a line anew that was joined to the next."""
        for picture in self.pictures:
            picture.line -= picture.line > line

    def _build_hints(self, owner: _OpenElement, links: float) -> Hints:
        """The hints of a line; only at the end of the walk is it known which elements show a picture."""
        path, tags, names, shapes = owner.around
        picture = next(filter(self._pictured.__contains__, reversed(path[-SHAPE_ELEMENTS:])), 0)
        return Hints(path, tags, names, ">".join(shapes), links, picture)


def _is_blank_in_heading(element: Element, above: _OpenElement) -> bool:
    """Whether a line break in a heading only wraps it: text goes on behind it, or an element like the one before."""
    if above.tag not in HEADING_TAGS:
        return False
    before, behind = element.getprevious(), element.getnext()
    if element.tail and not element.tail.isspace():
        return before is None or before.tag != "br" or bool(before.tail)
    return before is not None and behind is not None and before.tag == behind.tag != "br"


def _find_link(element: Element) -> str:
    """Where the link around a picture leads; empty without one."""
    around = next(element.iterancestors("a"), None)
    return "" if around is None else around.get("href", "").strip()


@lru_cache(NAME_CACHE_SIZE)
def _split_names(classes: str, id: str) -> frozenset[str]:
    """The words of an element's classes and id, in lower case."""
    return frozenset(word.lower() for word in _NAME_WORD.findall(f"{classes} {id}"))

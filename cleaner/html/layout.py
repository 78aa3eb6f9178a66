"""A page as lines: what it shows, block element by block element, and what the markup says of each.

Elements that no reader sees are left out.  Where next to nothing is left, the page is laid out again with the hidden
ones: some pages uncover their text by a script.
"""

import re
from functools import lru_cache

from lxml import etree
from msgspec import Struct

from cleaner.document import Hints
from cleaner.html.elements import (
    ALWAYS_UNSEEN_TAGS,
    IMAGE_TAGS,
    INLINE_TAGS,
    PICTURE_TAGS,
    UNSEEN_TAGS,
    Element,
    get_names,
    is_dialog,
    is_hidden,
)

NAME_CACHE_SIZE = 4096
"""LRU size for the words of classes and ids: the elements of a page, and the pages of a template, share them."""

SHAPE_ELEMENTS = 3
"""Innermost elements that make the shape of a line, and that a picture stands beside the line in."""

DIALOG_NAMES = frozenset({"dialog"})
"""What is added to the words of the classes and the id of an element whose role is a dialog's."""

_SPACE = re.compile(r"[ \t\r\n\f]+")
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[^\W\d_A-Za-z]+")


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


class _OpenElement(Struct):
    """What the walk is inside: the innermost element that begins a line, as `INLINE_TAGS` begin none.

    `path`, `tags` and `names` are as in `Hints`; `shapes` are the tags and classes of the last `SHAPE_ELEMENTS`, and
    `link` says whether a link is open, too.  Elements that begin no line share the object of the one around them.
    """

    path: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    names: tuple[frozenset[str], ...] = ()
    shapes: tuple[str, ...] = ()
    link: bool = False


def lay_out_lines(root: Element, hidden: bool = False) -> list[VisibleLine]:
    """The lines of a page in the order in which they stand in it; with `hidden`, also what is not shown at first."""
    return _LayoutWalk(hidden).collect_lines(root)


def lay_out_page(root: Element, hidden: bool = False) -> tuple[list[VisibleLine], list[PlacedPicture]]:
    """The lines of a page, and the pictures between them."""
    walk = _LayoutWalk(hidden)
    return walk.collect_lines(root), walk.pictures


class _LayoutWalk:
    """One walk over a page.

    Text is gathered in `_parts` until an element that begins or ends a line.  The line belongs to the element that its
    first letter stands in (`_owner`); `_linked` counts its characters in links.  `_found` has the lines so far: text,
    owner, and share of links.  `_pictured` are the numbers of the elements that show a picture close below them.
    """

    def __init__(self, hidden: bool) -> None:
        self._hidden = hidden
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
        stack = [_OpenElement()]
        unseen = ALWAYS_UNSEEN_TAGS if self._hidden else UNSEEN_TAGS
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            tag = element.tag
            if event == "start":
                above = stack[-1]
                if tag in PICTURE_TAGS:
                    self._note_picture(element, above)
                if tag in unseen or (not self._hidden and is_hidden(element)):
                    walk.skip_subtree()
                    self._place_spare_pictures(element, above)
                    stack.append(above)
                    continue
                opened = self._open_element(element, above)
                stack.append(opened)
                if element.text and tag != "br":
                    self._add_text(element.text, opened)
                continue
            if event == "end":
                stack.pop()
                if tag not in INLINE_TAGS and tag not in UNSEEN_TAGS:
                    self._flush_line()
            if element.tail:
                self._add_text(element.tail, stack[-1])
        self._flush_line()
        return [VisibleLine(text, self._build_hints(owner, links)) for text, owner, links in self._found]

    def _open_element(self, element: Element, above: _OpenElement) -> _OpenElement:
        """What the walk is inside from here on: the element itself if it begins a line, else the one above it."""
        tag = element.tag
        if tag in INLINE_TAGS:
            if tag == "a" and not above.link:
                return _OpenElement(above.path, above.tags, above.names, above.shapes, True)
            return above
        self._flush_line()
        if tag == "br":
            return above
        self._number += 1
        classes, id = get_names(element)
        names = _split_names(classes, id)
        return _OpenElement(
            (*above.path, self._number),
            (*above.tags, tag),
            (*above.names, names | DIALOG_NAMES if is_dialog(element) else names),
            (*above.shapes[1 - SHAPE_ELEMENTS :], f"{tag}.{classes}"),
            above.link,
        )

    def _note_picture(self, element: Element, above: _OpenElement) -> None:
        """Remembers that the elements around show a picture, and the picture if it is an image."""
        self._pictured.update(above.path[-SHAPE_ELEMENTS:])
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
            names = (*above.names, own) if own else above.names
            line = len(self._found)
            self.pictures.append(
                PlacedPicture(element, above.path, above.tags, names, _find_link(element), line, spare)
            )

    def _add_text(self, text: str, where: _OpenElement) -> None:
        """Adds to the line; spaces do not begin one."""
        if self._owner is None:
            if text.isspace():
                return
            self._owner = where
        self._parts.append(text)
        if where.link:
            self._linked += len(text)

    def _flush_line(self) -> None:
        """Ends the line, if there is one."""
        owner = self._owner
        if owner is None:
            return
        whole = "".join(self._parts)
        text = _SPACE.sub(" ", whole).strip(" ")
        if text:
            self._found.append((text, owner, self._linked / len(whole)))
        self._parts.clear()
        self._linked = 0
        self._owner = None

    def _build_hints(self, owner: _OpenElement, links: float) -> Hints:
        """The hints of a line; only at the end of the walk is it known which elements show a picture."""
        near = reversed(owner.path[-SHAPE_ELEMENTS:])
        picture = next(filter(self._pictured.__contains__, near), 0)
        return Hints(owner.path, owner.tags, owner.names, ">".join(owner.shapes), links, picture)


def _find_link(element: Element) -> str:
    """Where the link around a picture leads; empty without one."""
    around = next(element.iterancestors("a"), None)
    return "" if around is None else around.get("href", "").strip()


@lru_cache(NAME_CACHE_SIZE)
def _split_names(classes: str, id: str) -> frozenset[str]:
    """The words of an element's classes and id, in lower case."""
    return frozenset(word.lower() for word in _NAME_WORD.findall(f"{classes} {id}"))

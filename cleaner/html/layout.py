"""A page as lines: what it shows, block element by block element, and what the markup says of each.

Elements that no reader sees are left out.  Where next to nothing is left, the page is laid out again with the hidden
ones: some pages uncover their text by a script.
"""

import re
from functools import lru_cache
from typing import Any

from lxml import etree
from msgspec import Struct

from cleaner.document import Hints

UNSEEN_TAGS = frozenset(
    "script style template head title meta link noscript svg math canvas object embed iframe select datalist textarea "
    "input audio video map area param source track base frame frameset dialog".split()
)
"""Elements whose text no reader sees, or sees as part of a form or a player."""

ALWAYS_UNSEEN_TAGS = UNSEEN_TAGS - {"noscript"}
"""Elements whose text is left out even from a page that shows none."""

INLINE_TAGS = frozenset(
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark meter nobr output picture "
    "progress q rb rp rt ruby s samp small span strike strong sub sup time tt u var wbr img slot".split()
)
"""Elements that stand inside a line; every other one begins a line, as do elements that HTML does not know."""

PICTURE_TAGS = frozenset("img picture video audio iframe amp-img amp-video svg object embed".split())
"""Elements that show something and hold no text; a short line alone beside one is its caption."""

IMAGE_TAGS = ("img", "amp-img", "picture")
"""Those of them that are images; `img` inside `picture` is a part of it."""

_SPACE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
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

    element: Any
    path: tuple[int, ...]
    tags: tuple[str, ...]
    names: tuple[frozenset[str], ...]
    link: str
    line: int
    spare: bool = False


class _OpenElement(Struct):
    """An element that the walk is inside; those of `INLINE_TAGS` stand for the one around them."""

    path: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    names: tuple[frozenset[str], ...] = ()
    shapes: tuple[str, ...] = ()
    link: bool = False


def lay_out_lines(root: Any, hidden: bool = False) -> list[VisibleLine]:
    """The lines of a page in the order in which they stand in it; with `hidden`, also what is not shown at first."""
    return _LayoutWalk(hidden).collect_lines(root)


def lay_out_page(root: Any, hidden: bool = False) -> tuple[list[VisibleLine], list[PlacedPicture]]:
    """The lines of a page, and the pictures between them."""
    walk = _LayoutWalk(hidden)
    return walk.collect_lines(root), walk.pictures


class _LayoutWalk:
    def __init__(self, hidden: bool) -> None:
        self._hidden = hidden
        self._found: list[tuple[str, _OpenElement, float]] = []
        self._parts: list[str] = []
        self._linked = 0
        self._owner: _OpenElement | None = None
        self._pictured: set[int] = set()
        self.pictures: list[PlacedPicture] = []

    def collect_lines(self, root: Any) -> list[VisibleLine]:
        """The lines below an element."""
        stack = [_OpenElement()]
        number = 0
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start":
                tag = element.tag
                above = stack[-1]
                if tag in PICTURE_TAGS:
                    self._pictured.update(above.path[-3:])
                    if tag in IMAGE_TAGS:
                        self._place_picture(element, above)
                if (tag in UNSEEN_TAGS or _is_hidden(element)) and not (self._hidden and tag not in ALWAYS_UNSEEN_TAGS):
                    walk.skip_subtree()
                    if tag == "noscript":
                        for image in element.iter(*IMAGE_TAGS):
                            self._place_picture(image, above, True)
                    stack.append(above)
                    continue
                if tag == "br":
                    self._flush_line()
                    stack.append(above)
                    continue
                if tag in INLINE_TAGS:
                    opened = above
                    if tag == "a" and not above.link:
                        opened = _OpenElement(above.path, above.tags, above.names, above.shapes, True)
                else:
                    self._flush_line()
                    number += 1
                    classes = element.get("class") or ""
                    opened = _OpenElement(
                        (*above.path, number),
                        (*above.tags, tag),
                        (*above.names, _split_names(classes, element.get("id") or "")),
                        (*above.shapes[-2:], f"{tag}.{classes}"),
                        above.link,
                    )
                stack.append(opened)
                if element.text:
                    self._add_text(element.text, opened)
            elif event == "end":
                stack.pop()
                if element.tag not in INLINE_TAGS and element.tag not in UNSEEN_TAGS:
                    self._flush_line()
                if element.tail:
                    self._add_text(element.tail, stack[-1])
            elif element.tail:
                self._add_text(element.tail, stack[-1])
        self._flush_line()
        return [VisibleLine(text, self._build_hints(owner, links)) for text, owner, links in self._found]

    def _place_picture(self, element: Any, above: _OpenElement, spare: bool = False) -> None:
        parent = element.getparent()
        part = parent is not None and parent.tag in ("picture", "source")
        if not part and not _is_hidden(element):
            own = _split_names(element.get("class") or "", element.get("id") or "")
            names = (*above.names, own) if own else above.names
            line = len(self._found)
            self.pictures.append(
                PlacedPicture(element, above.path, above.tags, names, _find_link(element), line, spare)
            )

    def _add_text(self, text: str, where: _OpenElement) -> None:
        if self._owner is None:
            if text.isspace():
                return
            self._owner = where
        self._parts.append(text)
        if where.link:
            self._linked += len(text)

    def _flush_line(self) -> None:
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
        picture = next((number for number in reversed(owner.path[-3:]) if number in self._pictured), 0)
        return Hints(owner.path, owner.tags, owner.names, ">".join(owner.shapes), links, picture)


def _find_link(element: Any) -> str:
    """Where the link around a picture leads."""
    around = next(element.iterancestors("a"), None)
    return "" if around is None else (around.get("href") or "").strip()


def _is_hidden(element: Any) -> bool:
    get = element.get
    if get("hidden") is not None or get("aria-hidden") == "true":
        return True
    style = get("style")
    return bool(style) and _HIDDEN_STYLE.search(style) is not None


@lru_cache(4096)
def _split_names(classes: str, id: str) -> frozenset[str]:
    """The words of an element's classes and id, in lower case."""
    return frozenset(word.lower() for word in _NAME_WORD.findall(f"{classes} {id}"))

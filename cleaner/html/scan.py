"""The elements of a page that promise something of its article: one walk finds them all.

They are scripts of JSON-LD, meta tags, links, and those that a reader sees as headline, byline and date.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from lxml import etree
from msgspec import Struct

from cleaner.html.elements import (
    BESIDE_ARTICLE_TAGS,
    GLUED_TAGS,
    HEADING_NO_TEXT_TAGS,
    UNSIGNED_TAGS,
    Element,
    get_names,
    has_hidden_style,
)
from cleaner.html.values import flatten_text

MAX_META_CHARS = 5000
"""Characters of a meta tag's content that are read."""

MIN_PARAGRAPH_CHARS = 60
"""Characters with which a `p` begins that counts as a paragraph: fewer are those of labels."""

MAX_ANCESTORS = 60
"""Elements around a heading or a byline that are looked at."""

MAX_SHOWN_CHARS = 600
"""Characters of an element's text that are read."""

SIGN_CACHE_SIZE, SURROUNDING_CACHE_SIZE = 16_384, 4096
"""LRU sizes for what class names promise: the elements of a page, and the pages of a template, share them."""

# names of what stands around articles; the footer of a post or an entry is a part of it
_SURROUNDING_PATTERN = re.compile(
    r"comment|kommentar|related|teaser|sidebar|side-bar|(?<!post-)(?<!entry-)(?<!article-)(?<!post_)footer|promo|recommend|newsletter|most-?read|widget-area|widget_|carousel|"
    r"\bcards?\b|popular|trending|latest|breadcrumb|share|social|\bnav\b|navigation|\bmenu|disqus|respond|reply|"
    r"gallery|caption|also-|read-?more|more-?from|next-?post|prev|slider|swiper|\bads?\b|banner|cookie",
    re.IGNORECASE,
)
_WORD_STARTS = r"(?:^|[\s_-]|(?<=[a-z])(?=[A-Z]))"
# words of names begin behind a space, a hyphen, an underscore, or as camelCase does
_BYLINE_PATTERN = re.compile(
    _WORD_STARTS + r"(?:by-?line|authors?|autor(?:en|in|es|a|e)?|auteurs?|writers?|written-?by|posted-?by|verfasser|"
    r"redakteur|p-author|vcard|fn|skribent|toimittaja|författare|autore)(?:$|[\s_-]|(?=[A-Z])|s?name|link|box|info)",
    re.IGNORECASE,
)
_DATE_PATTERN = re.compile(
    _WORD_STARTS + r"(?:pub(?:lished|lication)?-?date|date-?(?:time|line|published|stamp)?|datum|"
    r"time-?(?:stamp|published)?|published|posted(?:-?on|-?date)?|post-?date|entry-?date|fecha|dato|updated|created|"
    r"datetime|dt-published)(?:$|[\s_-]|(?=[A-Z]))",
    re.IGNORECASE,
)
_MODIFIED_PATTERN = re.compile(r"modif|updat|aktualis|lastmod", re.IGNORECASE)
_TITLE_PATTERN = re.compile(r"headline|(?:^|[\s_-])(?:\w+-)?title(?:$|[\s_-])", re.IGNORECASE)
_ANY_SIGN_PATTERN = re.compile(
    "title|headline|author|autor|auteur|by-?line|writer|-by|_by|verfasser|redakteur|vcard|fn|skribent|toimittaja|"
    "författare|dat|time|publ|posted|fecha|created"
)
"""A part of every name that one of the patterns matches, in lower case: most names have none."""

TITLE, BYLINE, PUBLISHED, MODIFIED = "tbdm"
"""Signs of an element by its tag and its classes: what a reader may see it as."""

ITEM_AUTHOR, ITEM_PUBLISHED, ITEM_MODIFIED = "BDM"
"""Signs of an element by its microdata (`itemprop`)."""

AUTHOR_LINK = "r"
"""The sign of a link with `rel="author"`."""

_TAG_SIGNS = {"h1": TITLE, "h2": TITLE, "time": PUBLISHED}
"""Signs that need no class."""

_ITEM_SIGNS = {"author": ITEM_AUTHOR, "creator": ITEM_AUTHOR, "date": ITEM_PUBLISHED, "headline": TITLE}
"""Signs by a part of `itemprop`; the first that it has counts."""

_META_NAME_ATTRIBUTES = ("property", "name", "itemprop", "http-equiv")
"""Attributes of a meta tag that name what it says; the first that is not empty counts."""

_NO_TITLE_TAGS = frozenset({"p", "a", "time"})
_PAGE_TAGS = frozenset({"body", "html", "main"})


@lru_cache(SIGN_CACHE_SIZE)
def _find_signs(tag: str, names: str) -> str:
    """The signs of an element by its tag and its classes; a class that says nothing leaves those of the tag."""
    own = _TAG_SIGNS.get(tag, "")
    if not _ANY_SIGN_PATTERN.search(names.casefold()):
        return own
    signs = (
        (TITLE, own == TITLE or (tag not in _NO_TITLE_TAGS and _TITLE_PATTERN.search(names))),
        (BYLINE, _BYLINE_PATTERN.search(names)),
        (MODIFIED if _MODIFIED_PATTERN.search(names) else PUBLISHED, own == PUBLISHED or _DATE_PATTERN.search(names)),
    )
    return "".join(sign for sign, found in signs if found)


@lru_cache(SIGN_CACHE_SIZE)
def _find_item_sign(prop: str) -> str:
    """The sign of an element by its `itemprop`; empty for most."""
    sign = next((sign for part, sign in _ITEM_SIGNS.items() if part in prop), "")
    return ITEM_MODIFIED if sign == ITEM_PUBLISHED and "modified" in prop.casefold() else sign


@lru_cache(SURROUNDING_CACHE_SIZE)
def _is_surrounding(names: str) -> bool:
    """Whether an element's classes and id are those of what stands around articles."""
    return _SURROUNDING_PATTERN.search(names) is not None


def extract_shown_text(element: Element, limit: int = MAX_SHOWN_CHARS, without: Element | None = None) -> str:
    """The text of an element as it reads: no scripts, and a blank where another element than a word's begins.

    No further element is read once there are `limit` characters, and none of those inside `without`.
    """
    parts: list[str] = []
    size = 0
    # an element and whether it is the text behind it that comes next
    stack: list[tuple[Element, bool]] = [(element, False)]
    while stack and size < limit:
        node, behind = stack.pop()
        if not behind:
            if node is not element:
                stack.append((node, True))
            if node is without or not isinstance(node.tag, str) or node.tag in HEADING_NO_TEXT_TAGS:
                continue
            stack.extend((child, False) for child in reversed(node))
        if node is not element and node.tag not in GLUED_TAGS:
            parts.append(" ")
        if text := node.tail if behind else node.text:
            parts.append(text)
            size += len(text)
    return " ".join("".join(parts).split())


class CandidateElement(Struct):
    """An element that promises something: its signs, and how many paragraphs stand before it."""

    element: Element
    signs: str
    texts: int


class PageScan:
    """What one walk over a page finds.

    `scripts` are the texts of JSON-LD, `pairs` the names (in lower case) and contents of meta tags, `links` the
    elements `link`, `page` is the title of the page, and `found` are the headings, bylines and dates in their order.
    """

    def __init__(self, root: Element) -> None:
        """Walks over all elements below a root."""
        self.scripts: list[str] = []
        self.pairs: list[tuple[str, str]] = []
        self.links: list[Element] = []
        self.found: list[CandidateElement] = []
        self.page = ""
        self._outside: dict[Element, bool] = {}
        readers: dict[str, Callable[[Element], None]] = {
            "meta": self._read_meta,
            "link": self.links.append,
            "script": self._read_script,
            "title": self._read_title,
        }
        texts = 0
        for element in root.iter(etree.Element):
            tag = element.tag
            if read := readers.get(tag):
                read(element)
            if tag in UNSIGNED_TAGS:
                continue
            if tag == "p":
                texts += len(element.text or "") > MIN_PARAGRAPH_CHARS
            names = element.get("class")
            signs = _find_signs(tag, names) if names else _TAG_SIGNS.get(tag, "")
            if prop := element.get("itemprop"):
                signs += _find_item_sign(prop)
            if tag == "a" and "author" in element.get("rel", ""):
                signs += AUTHOR_LINK
            if signs:
                self.found.append(CandidateElement(element, signs, texts))

    def _read_meta(self, element: Element) -> None:
        """The name and the content of a meta tag; nothing for one without either."""
        name = next(filter(None, map(element.get, _META_NAME_ATTRIBUTES)), "")
        content = flatten_text(str(element.get("content") or element.get("value") or "")[:MAX_META_CHARS])
        if name and content:
            self.pairs.append((name.strip().casefold(), content))

    def _read_script(self, element: Element) -> None:
        """The text of a script that holds JSON-LD."""
        if "ld+json" in element.get("type", "").casefold() and element.text:
            self.scripts.append(element.text)

    def _read_title(self, element: Element) -> None:
        """The title of the page: the first `title` with text, as pictures in SVG have titles, too."""
        self.page = self.page or flatten_text(element.text or "")

    def is_outside(self, element: Element) -> bool:
        """Whether an element belongs to something beside the article: a comment, a teaser, a menu, a picture.

        It does if it or an element around it is such a thing, up to the article's own element or the page's.  What was
        found is remembered for all elements on the way: bylines and dates stand in the same few.
        """
        trail: list[Element] = []
        node: Element | None = element
        outside = False
        while node is not None and len(trail) < MAX_ANCESTORS and not outside:
            if node in self._outside:
                outside = self._outside[node]
                break
            if node.tag in _PAGE_TAGS or (node.tag == "article" and trail):
                break
            trail.append(node)
            outside = _is_beside_article(node)
            node = node.getparent()
        self._outside.update(dict.fromkeys(trail, outside))
        return outside


def _is_beside_article(element: Element) -> bool:
    """Whether an element's own tag, names or style say that it is no part of the article."""
    if element.tag in BESIDE_ARTICLE_TAGS or _is_surrounding(" ".join(get_names(element))):
        return True
    return has_hidden_style(element.get("style"))

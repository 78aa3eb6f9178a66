"""The elements of a page that promise something of its article: one walk finds them all.

They are scripts of JSON-LD, meta tags, links, and those that a reader sees as headline, byline and date.
"""

import re
from functools import lru_cache
from typing import Any

from lxml import etree
from msgspec import Struct

from cleaner.html.values import flatten_text

Element = etree._Element

_OUTSIDE_TAGS = frozenset("aside footer nav figure figcaption form noscript template".split())
_NO_TEXT_TAGS = frozenset("script style noscript template svg button iframe select".split())
_INLINE_TAGS = frozenset("a b i em strong u sup sub small mark abbr font wbr".split())
_IGNORED_TAGS = frozenset("title meta link img base script style svg path g use symbol".split())

_SURROUNDING_PATTERN = re.compile(
    r"comment|kommentar|related|teaser|sidebar|side-bar|(?<!post-)(?<!entry-)(?<!article-)(?<!post_)footer|promo|recommend|newsletter|most-?read|widget-area|widget_|carousel|"
    r"\bcards?\b|popular|trending|latest|breadcrumb|share|social|\bnav\b|navigation|\bmenu|disqus|respond|reply|"
    r"gallery|caption|also-|read-?more|more-?from|next-?post|prev|slider|swiper|\bads?\b|banner|cookie",
    re.IGNORECASE,
)
_WORD_STARTS = r"(?:^|[\s_-]|(?<=[a-z])(?=[A-Z]))"
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


_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

MAX_META_CHARS = 5000
"""Characters of a meta tag's content that are read."""


_ANY_SIGN_PATTERN = re.compile(
    "title|headline|author|autor|auteur|by-?line|writer|-by|_by|verfasser|redakteur|vcard|fn|skribent|toimittaja|"
    "författare|dat|time|publ|posted|fecha|created"
)
"""A part of every name that one of the patterns matches, in lower case: most names have none."""


@lru_cache(16384)
def _find_signs(tag: str, names: str) -> str:
    """What an element's tag and class names promise: t(itle), b(yline), d(ate) or m(odified)."""
    signs = "t" if tag in ("h1", "h2") else "d" if tag == "time" else ""
    if not _ANY_SIGN_PATTERN.search(names.casefold()):
        return signs
    signs = ""
    if tag in ("h1", "h2") or (tag not in ("p", "a", "time") and _TITLE_PATTERN.search(names)):
        signs += "t"
    if _BYLINE_PATTERN.search(names):
        signs += "b"
    if tag == "time" or _DATE_PATTERN.search(names):
        signs += "m" if _MODIFIED_PATTERN.search(names) else "d"
    return signs


@lru_cache(4096)
def _is_surrounding(names: str) -> bool:
    return _SURROUNDING_PATTERN.search(names) is not None


def extract_shown_text(element: Element, limit: int = 600, without: Element | None = None) -> str:
    """The text of an element as it reads: no scripts, and a blank where another element than a word's begins."""
    parts: list[str] = []
    size = 0
    stack: list[tuple[Element, bool]] = [(element, False)]
    while stack and size < limit:
        node, behind = stack.pop()
        tag = node.tag
        if behind:
            text = node.tail
        else:
            if node is not element:
                stack.append((node, True))
            if node is without or not isinstance(tag, str) or tag in _NO_TEXT_TAGS:
                continue
            if len(node):
                stack.extend([(child, False) for child in reversed(node)])
            text = node.text
        if node is not element and tag not in _INLINE_TAGS:
            parts.append(" ")
        if text:
            parts.append(text)
            size += len(text)
    return " ".join("".join(parts).split())


class CandidateElement(Struct):
    """An element that promises something: its place among them, and how many paragraphs stand before it."""

    element: Any
    signs: str
    texts: int


class PageScan:
    """What one walk over a page finds: scripts, meta tags, links, and in their order headings, bylines and dates."""

    def __init__(self, root: Element) -> None:
        self.scripts: list[str] = []
        self.pairs: list[tuple[str, str]] = []
        self.links: list[Element] = []
        self.found: list[CandidateElement] = []
        self.page = ""
        self._outside: dict[Element, bool] = {}
        texts = 0
        for element in root.iter(etree.Element):
            tag = element.tag
            if tag == "p":
                texts += len(element.text or "") > 60
            elif tag == "meta":
                get = element.get
                name = get("property") or get("name") or get("itemprop") or get("http-equiv")
                if name and (content := get("content")) and (content := flatten_text(content[:MAX_META_CHARS])):
                    self.pairs.append((name.strip().casefold(), content))
                continue
            elif tag == "link":
                self.links.append(element)
                continue
            elif tag == "script":
                if "ld+json" in (element.get("type") or "").casefold() and element.text:
                    self.scripts.append(element.text)
                continue
            elif tag == "title":
                self.page = self.page or flatten_text(element.text or "")
                continue
            names = element.get("class")
            signs = _find_signs(tag, names) if names else "t" if tag in ("h1", "h2") else "d" if tag == "time" else ""
            if prop := element.get("itemprop"):
                if "author" in prop or "creator" in prop:
                    signs += "B"
                elif "date" in prop:
                    signs += "M" if "modified" in prop.casefold() else "D"
                elif "headline" in prop:
                    signs += "t"
            if tag == "a" and "author" in (element.get("rel") or ""):
                signs += "r"
            if signs and tag not in _IGNORED_TAGS and tag != "body":
                self.found.append(CandidateElement(element, signs, texts))

    def is_outside(self, element: Element) -> bool:
        """Whether an element belongs to something beside the article: a comment, a teaser, a menu, a picture."""
        trail: list[Element] = []
        node: Element | None = element
        outside = False
        while node is not None and len(trail) < 60:
            known = self._outside.get(node)
            if known is not None:
                outside = known
                break
            tag = node.tag
            if tag in ("body", "html", "main") or (tag == "article" and trail):
                break
            trail.append(node)
            names, style = f"{node.get('class') or ''} {node.get('id') or ''}", node.get("style")
            if tag in _OUTSIDE_TAGS or _is_surrounding(names) or (style and _HIDDEN_STYLE.search(style)):
                outside = True
                break
            node = node.getparent()
        self._outside.update(dict.fromkeys(trail, outside))
        return outside

"""What stands in the markup of a page, but is no part of what readers read there; and what they read elsewhere in it.

Readings above Chinese characters, marks of footnotes, and what is said to screen readers alone are taken out of the
tree.  What a browser puts into place by itself is put there: shadow roots, and parts that arrive after the page.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import chain, islice, repeat
from operator import methodcaller

from lxml import etree

from cleaner.html.elements import HEADING_TAGS, Element, collapse_blanks
from cleaner.html.initials import close_initials
from cleaner.text.languages import build_alternation, collect_phrases

CLASS_CACHE_SIZE = 4096
"""LRU size for whether classes say that a text is for screen readers."""

MAX_SPOKEN_CHARS = 200
"""Characters of the longest text for screen readers: a longer one is a text that a script or a style shows."""

MAX_MARK_CHARS = 6
"""Characters of the longest mark of a footnote: [123], with the bracket or two."""

_UNREAD_TAG = "cleaner-unread"
"""The tag given to what is taken out: all of it goes at once."""

_READING_TAGS = ("rt", "rp", "rtc")
_MARK = re.compile(r"[(\[]?(?:\d{1,3}|[a-z]|[ivx]{1,4}|[*†‡§¶#]{1,3}|note \d{1,3})[)\]]?", re.IGNORECASE)
_BRACKETED_MARK = re.compile(r"\[(?:\d{1,3}|[a-z]|[ivx]{1,4}|[*†‡§¶])\]")
_BACK_MARK = re.compile(r"[↩↑⤴⏎⬆^↵]\ufe0e?\ufe0f?")
_NOTE_NAME = re.compile(r"foot-?note|end-?note|note-?ref|fn-?ref|\breference\b", re.IGNORECASE)
_POWER = re.compile(r"[-−]?[0-9]{1,3}")
_HIGH_DIGITS = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_NAMING_ATTRIBUTES = ("class", "role", "id")
"""Where an element may say that it is the mark of a footnote."""

_STREAMED_ID, _STREAMED_PLACE = re.compile(r"S:[0-9a-f]{1,8}"), re.compile("B:")
"""Ids of a part that arrives behind the page, and of the template that keeps its place."""

_get_id = methodcaller("get", "id", "")

_SPOKEN_CLASS = re.compile(
    r"(?<![a-z])(?:(?:is|u|util|text|a11y|element|accessibility|hide|css)?[-_]{0,2}visual(?:ly)?[-_]?hidden|hide[-_]visually|"
    r"sr[-_]?only|sr[-_]?text|screen[-_]?reader(?:s)?(?:[-_]?(?:text|only|content))?|element-invisible|assistive-text|"
    r"offscreen|show-for-sr|a11y-(?:hidden|text|only)|accessib(?:ly|ility)-hidden|accessible-hide|aural)(?![a-z])",
    re.IGNORECASE,
)
_SHOWN_CLASS = re.compile(r"not-(?:sr-only|visually-hidden)|focusable", re.IGNORECASE)
_TELLING_TAGS = ("time", "img", "h1", "video", "iframe")
_RUNNING_TAGS = tuple("a p li td th dd blockquote h1 h2 h3 h4 h5 h6".split())
_LABELLED_TAGS = ("figure", "figcaption", "time", "address")
_SPOKEN_TAGS = frozenset({"span", "small", "div"})
_CLOSING = frozenset(")]）】")
_OUTER_MARKS = " \t\n\r\f\xa0()[]（）【】,，、،.:;–—-"


def settle_tree(root: Element) -> None:
    """Puts what a browser puts elsewhere into its place, and takes readings and the marks of footnotes out."""
    templates = list(root.iter("template"))
    for template in filter(_is_open_shadow, templates):
        template.tag = "div"
    if any(map(_STREAMED_PLACE.match, map(_get_id, templates))):
        _place_streamed_parts(root)
    close_initials(root)
    etree.strip_elements(root, *_READING_TAGS, with_tail=False)
    _take_out(root, chain(root.iter("sup"), filter(_leads_here, root.iter("a"))), _is_note_mark)
    for high in filter(_is_power, root.iter("sup")):
        high.text = str(high.text).translate(_HIGH_DIGITS)


def _is_open_shadow(template: Element) -> bool:
    """Whether a template is a shadow root, which a browser shows in place of what the element around it holds.

    The second name of the attribute is that of the first drafts of the standard.
    """
    return "open" in (template.get("shadowrootmode"), template.get("shadowroot"))


def _leads_here(link: Element) -> bool:
    """Whether a link leads to another place of the page."""
    return link.get("href", "").startswith("#")


def _is_power(high: Element) -> bool:
    """Whether a number set high stands directly behind a digit: "10" and "6" above it, a million."""
    return _POWER.fullmatch(high.text or "") is not None and _find_text_before(high)[-1:].isdigit()


def drop_spoken_text(root: Element) -> None:
    """Takes out what is said to screen readers alone, by its class or by its wording."""
    _take_out(root, root.iter("span", "small", "i", "em"), _is_spoken)
    wordings, ending = _load_wordings()
    for link in root.iter("a"):
        _drop_spoken_end(link, wordings, ending)
    etree.strip_elements(root, _UNREAD_TAG, with_tail=False)


def _drop_spoken_end(link: Element, wordings: frozenset[str], ending: re.Pattern[str]) -> None:
    """Takes out what a link ends with, where it says that the link leads elsewhere: in an element, or in brackets."""
    last = link[-1] if len(link) else None
    holder, name = (link, "text") if last is None else (last, "tail")
    text = (link.text if last is None else last.tail) or ""
    shown = text.rstrip()
    if shown[-1:] in _CLOSING:
        setattr(holder, name, text[:-MAX_SPOKEN_CHARS] + ending.sub("", text[-MAX_SPOKEN_CHARS:]))
    elif last is not None and not shown and last.tag in _SPOKEN_TAGS:
        text = _find_text(last)
        if text.strip(_OUTER_MARKS).casefold() in wordings and text != _find_text(link):
            last.tag = _UNREAD_TAG


@cache
def _load_wordings() -> tuple[frozenset[str], re.Pattern[str]]:
    """What pages in any language say behind links that lead elsewhere; and the pattern for it in brackets at an end."""
    phrases = collect_phrases(lambda own: own.spoken)
    ending = re.compile(rf"\s*[(\[（【](?:{build_alternation(phrases)})[.]?[)\]）】]\s*\Z", re.IGNORECASE)
    return frozenset(phrases), ending


def _take_out(root: Element, found: Iterable[Element], is_unread: Callable[[Element], bool]) -> None:
    """Takes those of these elements out that are unread; the text behind them stays.

    All are asked before the first is marked, as an answer may depend on the tags around an element.
    """
    for element in list(filter(is_unread, found)):
        element.tag = _UNREAD_TAG
    etree.strip_elements(root, _UNREAD_TAG, with_tail=False)


def _find_text_before(element: Element) -> str:
    """The text directly before an element in the one around it."""
    before, around = element.getprevious(), element.getparent()
    text = before.tail if before is not None else around.text if around is not None else ""
    return text or ""


def _place_streamed_parts(root: Element) -> None:
    """Puts each part that arrived behind the page, hidden, to where a script of the page puts it."""
    hidden, templates = root.findall(".//div[@hidden]"), root.findall(".//template")
    parts, places = (dict(zip(map(_get_id, found), found, strict=True)) for found in (hidden, templates))
    for id in filter(_STREAMED_ID.fullmatch, parts):
        part, place = parts[id], places.get(f"B{id[1:]}")
        del part.attrib["hidden"]
        if place is not None and not (part.tail or "").strip():
            part.tail = place.tail
            next(place.iterancestors()).replace(place, part)


def _is_note_mark(element: Element) -> bool:
    """Whether an element is the mark of a footnote, or leads back from one to its mark.

    A number set high may be a power: it is a mark in square brackets, with a name for one, or where it leads to another
    place of the page.
    """
    text = _find_text(element)
    if len(text) > MAX_MARK_CHARS:
        return False
    leads_here = any(map(_leads_here, islice(element.iter("a"), 1)))
    if leads_here and _BACK_MARK.fullmatch(text):
        return True
    is_named = _NOTE_NAME.search(" ".join(map(element.get, _NAMING_ATTRIBUTES, repeat("")))) is not None
    if element.tag == "sup":
        pattern = _MARK if leads_here or is_named else _BRACKETED_MARK
        return pattern.fullmatch(text) is not None
    is_high = is_named or _BRACKETED_MARK.fullmatch(text) is not None or next(element.iter("sup"), None) is not None
    return leads_here and is_high and _MARK.fullmatch(text) is not None


def _is_spoken(element: Element) -> bool:
    """Whether an element holds some words for screen readers alone.

    What names an author, a time or a picture stays: it says what the words beside it are.  What stands on a line of its
    own stays a line of the page, for the model to know the page by; so does the name of a link without a text.
    """
    classes = element.get("class")
    if not classes or not _has_spoken_class(classes) or next(element.iter(*_TELLING_TAGS), None) is not None:
        return False
    around = next(element.iterancestors(*_RUNNING_TAGS), None)
    if around is None or next(element.iterancestors(*_LABELLED_TAGS), None) is not None:
        return False
    text = _find_text(element)
    is_label = text.endswith(":") and around.tag not in HEADING_TAGS
    is_telling = is_label or f"{text.casefold()} ".startswith(_load_by_words())
    return len(text) <= MAX_SPOKEN_CHARS and not is_telling and text != _find_text(around)


@cache
def _load_by_words() -> tuple[str, ...]:
    """What opens a byline in any language."""
    phrases = collect_phrases(lambda own: own.bylines.by)
    return tuple(phrase + " " for phrase in phrases)


@lru_cache(CLASS_CACHE_SIZE)
def _has_spoken_class(classes: str) -> bool:
    return _SPOKEN_CLASS.search(classes) is not None and _SHOWN_CLASS.search(classes) is None


def _find_text(element: Element) -> str:
    """What an element reads, on one line; only as much of it as is needed to see that it is too long."""
    parts: list[str] = []
    size = 0
    for part in map(str, element.itertext()):
        parts.append(part)
        size += len(part)
        if size > MAX_SPOKEN_CHARS * 2:
            break
    return collapse_blanks("".join(parts))

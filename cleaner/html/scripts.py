"""The text of a page that shows none: what its scripts hold of it."""

import html
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from operator import attrgetter
from typing import TypeGuard

from lxml import etree

from cleaner.document import Hints
from cleaner.html.layout import VisibleLine, lay_out_lines
from cleaner.html.loose_json import decode_first, decode_whole

BODY_KEYS = frozenset(
    "articlebody body content text html articletext bodytext fulltext paragraph paragraphs markup bodyhtml maincontent "
    "story contenthtml articlecontent value copy".split()
)
"""Keys, in lower case and without signs, under which a state object keeps text."""

MIN_PARAGRAPH_CHARS = 40
"""Characters of the shortest paragraph."""

MIN_SCRIPT_CHARS, MAX_SCRIPT_CHARS = 2 * MIN_PARAGRAPH_CHARS, 3 << 20
"""A script is read if it has more characters than the first and fewer than the second."""

_STATE_ASSIGNMENT = re.compile(r"^[^{]{0,200}?=\s*(?:JSON\.parse\(\s*(?=\")|(?=[{\[]))")
_ANYTHING = re.compile("")
_NON_LETTERS = re.compile(r"[^a-z]")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_MARKUP = re.compile(r"<p|<br|</")
_HEADING_TYPE = re.compile(r"head(?:ing|er|line)?|sub(?:title|head(?:ing)?)|h[1-6]|zwischentitel", re.IGNORECASE)
_ENTRY_FORMS = {"datePublished": '<p class="timestamp">{}</p>', "headline": "<h2>{}</h2>"}
"""What an entry of a live blog shows above its text, and how."""

_OUTER_ELEMENTS = 3
"""Elements that the parser and `_parse_lines` put around a text: html, body, div."""


def find_script_article(scripts: Iterable[tuple[str, str]]) -> list[VisibleLine]:
    """The paragraphs of the longest text that a script holds: `articleBody` of JSON-LD, or a state object's.

    A script is its type and its text.
    """
    values = (_parse_script(kind, script) for kind, script in scripts)
    runs = (list(map(_split_paragraphs, texts)) for value in values for texts in _find_texts(value))
    lines = max(map(list, map(chain.from_iterable, runs)), key=_count_paragraph_chars, default=list[VisibleLine]())
    found = lines if _count_paragraph_chars(lines) else []
    return [_place_line(line, number) for number, line in enumerate(found, 1)]


def _count_paragraph_chars(lines: Iterable[VisibleLine]) -> int:
    """Characters in lines that are long enough for paragraphs: what texts of scripts are compared by."""
    return sum(filter(MIN_PARAGRAPH_CHARS.__le__, map(len, map(attrgetter("text"), lines))))


def _place_line(line: VisibleLine, number: int) -> VisibleLine:
    """A line below the script as an element of its own, which no number of the page's elements stands for."""
    tags = line.hints.tags or ("p",)
    names = (frozenset(), *line.hints.names)
    return VisibleLine(line.text, Hints((0, -number), ("script", *tags), names, f"script>{tags[-1]}", line.hints.links))


def _parse_script(kind: str, script: str) -> object:
    """What a script holds as data; None where it is a program.  A string in it may be JSON once more."""
    text = script.strip()
    found = (_ANYTHING if "json" in kind else _STATE_ASSIGNMENT).match(text)
    if found and MIN_SCRIPT_CHARS < len(text) < MAX_SCRIPT_CHARS:
        with suppress(ValueError, RecursionError):
            value = decode_first(text[found.end() :])
            return decode_whole(value) if isinstance(value, str) else value
    return None


def _find_texts(value: object) -> Iterator[list[str]]:
    """Runs of texts under the keys of `BODY_KEYS`, each run from one object or one list of objects.

    The whole value is searched, the last objects first; nothing is nested too deep, as no call is made for a level.
    A run of empty texts is none.
    """
    stack = [value]
    while stack:
        match stack.pop():
            case dict() as one:
                yield from filter(any, (list(_list_live_entries(one)), *_list_own_texts(one)))
                stack += (inner for inner in one.values() if not isinstance(inner, str))
            case list() as items:
                yield from filter(None, [list(_collect_paragraphs(items))])
                stack += (item for item in items if isinstance(item, dict | list))


def _list_own_texts(node: dict[str, object]) -> Iterator[list[str]]:
    """Each long text of an object under a key for texts."""
    return ([inner] for key, inner in node.items() if _is_paragraph(inner) and _is_body_key(key))


def _is_paragraph(value: object) -> TypeGuard[str]:
    """Whether a value is a text long enough for a paragraph."""
    return isinstance(value, str) and len(value) >= MIN_PARAGRAPH_CHARS


def _list_live_entries(post: dict[str, object]) -> Iterator[str]:
    """The texts of a live blog in their order: its own, then of each entry its time, its headline and its text.

    Empty ones are among them.
    """
    listed = post.get("liveBlogUpdate")
    updates = [one for one in (listed if isinstance(listed, list) else [listed]) if isinstance(one, dict)]
    if updates:
        yield _get_string(post, "articleBody")
    for update in updates:
        for name, form in _ENTRY_FORMS.items():
            if (text := _get_string(update, name)).strip():
                yield form.format(html.escape(html.unescape(text)))
        yield _get_string(update, "articleBody")


def _get_string(node: dict[str, object], key: str) -> str:
    """The string under a key of an object; empty where there is none, or something else."""
    value = node.get(key)
    return value if isinstance(value, str) else ""


def _collect_paragraphs(items: list[object]) -> Iterator[str]:
    """The paragraphs in a list of them: the long ones, and the short ones of objects with the same keys."""
    texts = list(map(_find_paragraph, items))
    alike = {frozenset(item) for item, text in zip(items, texts, strict=True) if text and isinstance(item, dict)}
    return filter(None, (text or _find_short_text(item, alike) for item, text in zip(items, texts, strict=True)))


def _find_short_text(item: object, alike: set[frozenset[str]]) -> str:
    """The text of an object whose keys are those of a paragraph, as HTML if one of its strings says heading."""
    if not isinstance(item, dict) or frozenset(item) not in alike:
        return ""
    strings = {key: one for key, one in item.items() if isinstance(one, str)}
    text = next((one for key, one in strings.items() if _is_body_key(key)), "")
    is_heading = text and "<" not in text and any(map(_HEADING_TYPE.fullmatch, strings.values()))
    return f"<h2>{text}</h2>" if is_heading else text


def _is_body_key(key: str) -> bool:
    """Whether a key is one for texts, however it is spelled: `articleBody`, `article_body`, `article-body`."""
    return _NON_LETTERS.sub("", key.lower()) in BODY_KEYS


def _find_paragraph(item: object) -> str:
    """The text of one paragraph in a list of them, if it is long: a string, or an object with one under a text key."""
    if isinstance(item, dict):
        return next(filter(None, (_join_inner(inner) for key, inner in item.items() if _is_body_key(key))), "")
    return item if _is_paragraph(item) and " " in item else ""


def _join_inner(value: object) -> str:
    """The text under a text key, if it is long: a string, an object as `_find_paragraph` reads it, a list of both."""
    match value:
        case dict():
            return _find_paragraph(value)
        case list():
            return "\n".join(filter(None, map(_find_paragraph, value)))
    return value if _is_paragraph(value) else ""


def _split_paragraphs(text: str) -> list[VisibleLine]:
    """The lines of a text that is HTML, or has a paragraph a line; entities of a plain one are read."""
    if "<" not in text:
        text = html.unescape(text)
    if _MARKUP.search(text):
        return _parse_lines(text)
    return [VisibleLine(part, Hints()) for part in filter(None, _LINE_BREAK.split(text.strip()))]


def _parse_lines(text: str) -> list[VisibleLine]:
    """The lines of a piece of HTML, with hints as if it stood alone; none where the parser finds nothing."""
    inner = None
    with suppress(etree.ParseError):
        inner = etree.fromstring(f"<div>{text}</div>".encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8"))
    lines = [] if inner is None else lay_out_lines(inner)
    return [VisibleLine(line.text, _strip_outer(line.hints)) for line in lines]


def _strip_outer(hints: Hints) -> Hints:
    """Hints without the elements that the parser put around a text; numbers of elements say nothing there."""
    return Hints(tags=hints.tags[_OUTER_ELEMENTS:], names=hints.names[_OUTER_ELEMENTS:], links=hints.links)

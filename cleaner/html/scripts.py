"""The text of a page that shows none: what its scripts hold of it."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from cleaner.document import Hints
from cleaner.html.layout import VisibleLine, lay_out_lines

BODY_KEYS = frozenset(
    "articlebody body content text html articletext bodytext fulltext paragraph paragraphs markup bodyhtml maincontent "
    "story contenthtml articlecontent value copy".split()
)
"""Keys, in lower case and without signs, under which a state object keeps text."""

MIN_PARAGRAPH_CHARS = 40
"""Characters of the shortest paragraph."""

MAX_SCRIPT_CHARS = 3 << 20
"""Characters of the longest script that is read."""

_STATE_ASSIGNMENT = re.compile(r"^[^{]{0,200}?=\s*(?:JSON\.parse\(\s*(?=\")|(?=[{\[]))")
_lenient_decoder = json.JSONDecoder(strict=False)
_NON_LETTERS = re.compile(r"[^a-z]")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_HEADING_TYPE = re.compile(r"head(?:ing|er|line)?|sub(?:title|head(?:ing)?)|h[1-6]|zwischentitel", re.IGNORECASE)


def find_script_article(scripts: Iterable[tuple[str, str]]) -> list[VisibleLine]:
    """The paragraphs of the longest text that a script holds: `articleBody` of JSON-LD, or a state object's.

    A script is its type and its text."""
    best: list[VisibleLine] = []
    size = 0
    for kind, script in scripts:
        value = _parse_script(kind, script)
        if value is None:
            continue
        for texts in _find_texts(value):
            lines = [line for text in texts for line in _split_paragraphs(text)]
            length = sum(len(line.text) for line in lines if len(line.text) >= MIN_PARAGRAPH_CHARS)
            if length > size:
                best, size = lines, length
    return [_place_line(line, number) for number, line in enumerate(best, 1)]


def _place_line(line: VisibleLine, number: int) -> VisibleLine:
    """A line below the script as an element of its own, which no number of the page's elements stands for."""
    tags = line.hints.tags or ("p",)
    names = (frozenset(), *line.hints.names)
    return VisibleLine(line.text, Hints((0, -number), ("script", *tags), names, f"script>{tags[-1]}", line.hints.links))


def _parse_script(kind: str, script: str) -> Any:
    """What a script holds as data; None where it is a program."""
    text = script.strip()
    if not 2 * MIN_PARAGRAPH_CHARS < len(text) < MAX_SCRIPT_CHARS:
        return None
    if "json" not in kind:
        found = _STATE_ASSIGNMENT.match(text)
        if not found:
            return None
        text = text[found.end() :]
    try:
        value = _lenient_decoder.raw_decode(text)[0]
        return _lenient_decoder.decode(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None


def _find_texts(value: Any) -> Iterator[list[str]]:
    """Runs of texts under the keys of `BODY_KEYS`, each run from one object or one list of objects."""
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, dict):
            if entries := list(_list_live_entries(one)):
                yield entries
            for key, inner in one.items():
                if isinstance(inner, str):
                    if len(inner) >= MIN_PARAGRAPH_CHARS and _is_body_key(key):
                        yield [inner]
                else:
                    stack.append(inner)
        elif isinstance(one, list):
            run = list(_collect_paragraphs(one))
            if run:
                yield run
            stack.extend(item for item in one if isinstance(item, dict | list))


def _list_live_entries(post: dict[str, Any]) -> Iterator[str]:
    """The texts of a live blog in their order: its own, then of each entry its time, its headline and its text."""
    updates = post.get("liveBlogUpdate")
    updates = [one for one in (updates if isinstance(updates, list) else [updates]) if isinstance(one, dict)]
    if updates and isinstance(body := post.get("articleBody"), str):
        yield body
    for update in updates:
        for name, form in (("datePublished", '<p class="timestamp">{}</p>'), ("headline", "<h2>{}</h2>")):
            if isinstance(text := update.get(name), str) and text.strip():
                yield form.format(html.escape(html.unescape(text)))
        if isinstance(body := update.get("articleBody"), str):
            yield body


def _collect_paragraphs(items: list[Any]) -> Iterator[str]:
    """The paragraphs in a list of them: the long ones, and the short ones of objects with the same keys."""
    texts = [_find_paragraph(item) for item in items]
    alike = {frozenset(item) for item, text in zip(items, texts, strict=True) if text and isinstance(item, dict)}
    for item, text in zip(items, texts, strict=True):
        if not text and isinstance(item, dict) and frozenset(item) in alike:
            strings = {key: one for key, one in item.items() if isinstance(one, str)}
            text = next((one for key, one in strings.items() if _is_body_key(key)), "")
            if text and "<" not in text and any(map(_HEADING_TYPE.fullmatch, strings.values())):
                text = f"<h2>{text}</h2>"
        if text:
            yield text


def _is_body_key(key: str) -> bool:
    return _NON_LETTERS.sub("", key.lower()) in BODY_KEYS


def _find_paragraph(item: Any) -> str:
    """The text of one paragraph in a list of them, if it is long."""
    if isinstance(item, str):
        return item if len(item) >= MIN_PARAGRAPH_CHARS and " " in item else ""
    if isinstance(item, dict):
        for key, inner in item.items():
            if isinstance(inner, str) and len(inner) >= MIN_PARAGRAPH_CHARS and _is_body_key(key):
                return inner
            if isinstance(inner, dict | list) and _is_body_key(key):
                inner_text = (
                    _find_paragraph(inner)
                    if isinstance(inner, dict)
                    else "\n".join(filter(None, map(_find_paragraph, inner)))
                )
                if inner_text:
                    return inner_text
    return ""


def _split_paragraphs(text: str) -> Iterator[VisibleLine]:
    if "<" not in text:
        text = html.unescape(text)
    if "<p" in text or "<br" in text or "</" in text:
        try:
            parser = etree.HTMLParser(encoding="utf-8")
            inner = etree.fromstring(f"<div>{text}</div>".encode("utf-8", "replace"), parser)
        except etree.ParseError:
            return
        for line in lay_out_lines(inner):
            # below html, body, div
            hints = Hints(tags=line.hints.tags[3:], names=line.hints.names[3:], links=line.hints.links)
            yield VisibleLine(line.text, hints)
        return
    for part in _LINE_BREAK.split(text.strip()):
        if part:
            yield VisibleLine(part, Hints())

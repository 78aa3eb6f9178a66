"""Markdown with YAML front matter.

The front matter is JSON on one line a field, which every YAML parser reads; text is escaped, so that it reads as it
stands in the record whatever signs it holds.
"""

import json
import re
from collections.abc import Iterator

from msgspec import to_builtins

from cleaner.io.json import encode_utf8
from cleaner.record import Article, Passage
from cleaner.text.rows import CELL_SIGN, split_cells
from cleaner.text.shape import BULLETS, DASH_BULLETS

_SPECIAL_PATTERN = re.compile(r"[\\`*_\[\]<>]|&(?=#?\w+;)")
"""What Markdown takes for markup anywhere in a line."""

_LINE_START_PATTERN = re.compile(
    r"^(?:#{1,6}(?=\s|$)|[-+](?=\s|$)|={2,}$|-{2,}$|~{3,})|^(\d{1,9})([.)])(?=\s|$)", re.MULTILINE
)
"""What Markdown takes for markup at the beginning of a line: headings, items, rules and fences."""

_CODE_LINE_PATTERN = re.compile(r"^(?: {2}|\t)|[{};]$|^(?:def|import|from|class|func|#include|\$) ")
"""What lines of code have, and hardly one of verse: an indent, an end with a sign, a word of a language."""

_BACKTICKS_PATTERN = re.compile("`+")

_BULLET_PATTERN = re.compile(rf"^(?:[{BULLETS}]\s*|[{DASH_BULLETS}]\s+)")
_NUMBER_PATTERN = re.compile(r"^(\d{1,9})[.)]\s+")
"""Signs before an item of a list: a bullet, or a number with a full stop or a bracket."""

_YAML_ESCAPE_PATTERN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters that JSON takes as they are, and YAML does not."""

_FRONT_MATTER_FIELDS = (
    "id",
    "title",
    "kicker",
    "standfirst",
    "authors",
    "published",
    "modified",
    "dateline",
    "agencies",
    "publisher",
    "section",
    "tags",
    "copyright",
    "images",
    "videos",
    "language",
    "url",
    "canonical_url",
    "source",
    "flags",
)
"""The fields of the record that stand in the front matter, in this order; the title and the text follow it."""


def encode_markdown(article: Article) -> bytes:
    """The record's fields as front matter, then the title as a heading and the text, a blank line between its parts."""
    lines = ["---"]
    for key in _FRONT_MATTER_FIELDS:
        value = getattr(article, key)
        if value not in (None, ()):
            lines.append(f"{key}: {_encode_yaml(to_builtins(value))}")
    lines.append("---\n")
    parts = ["\n".join(lines)]
    if article.title:
        parts.append(f"# {_escape_markdown(_join_lines(article.title))}\n")
    # the role of the passage before, and the cells of the table that it is a row of
    before, width = "", 0
    for passage in article.blocks:
        role = passage.role
        cells = _split_cells(passage)
        is_next_row = bool(cells) and len(cells) <= width
        # items of one list, and rows of one table, stand close together
        if is_next_row or before == role == "list-item":
            parts[-1] = parts[-1].rstrip("\n")
        if cells:
            width = width if is_next_row else len(cells)
            parts.append("\n".join(_format_row(cells, width, not is_next_row)) + "\n")
        else:
            width = 0
            parts.append(_format_block(passage) + "\n")
        before = role
    return encode_utf8("\n".join(parts))


def _encode_yaml(value: object) -> str:
    """JSON, which is YAML, without the characters that YAML wants escaped and without empty fields."""
    match value:
        case list() | tuple():
            return f"[{', '.join(map(_encode_yaml, value))}]"
        case dict():
            return "{" + ", ".join(f"{k}: {_encode_yaml(v)}" for k, v in value.items() if v not in (None, "")) + "}"
    return _YAML_ESCAPE_PATTERN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def _format_block(passage: Passage) -> str:
    """A part of the text in the Markdown of its role; one without a Markdown of its own is a paragraph."""
    match passage.role:
        case "heading":
            return f"## {_escape_markdown(_join_lines(passage.text))}"
        case "list-item":
            return _format_item(passage.text)
        case "quote":
            return "> " + _escape_markdown(passage.text).replace("\n", "\n> ")
    if "\n" in passage.text:
        return _format_lines(passage.text)
    return _escape_markdown(passage.text)


def _split_cells(passage: Passage) -> list[str]:
    """The cells of a row of a table; none for another passage, and for a row of a single cell."""
    is_row = passage.role == "table" and CELL_SIGN in passage.text and "\n" not in passage.text
    return split_cells(passage.text) if is_row else []


def _format_row(cells: list[str], width: int, is_first: bool) -> Iterator[str]:
    """A row of a table, with the line below it that makes it the head of one if it is the first."""
    filled = [*map(_escape_markdown, cells), *[""] * (width - len(cells))]
    yield f"| {' | '.join(filled)} |"
    if is_first:
        yield "|" + "---|" * width


def _format_lines(text: str) -> str:
    """Lines that stay lines: as code where one is indented or has the signs of code, else with a break behind each."""
    lines = text.split("\n")
    if any(_CODE_LINE_PATTERN.search(line) for line in lines):
        fence = "`" * max(3, 1 + max(map(len, _BACKTICKS_PATTERN.findall(text)), default=0))
        return f"{fence}\n{text}\n{fence}"
    return "\\\n".join(map(_escape_markdown, lines))


def _format_item(text: str) -> str:
    """An item of a list, under its own number where it has one."""
    if number := _NUMBER_PATTERN.match(text):
        return f"{number[1]}. {_escape_markdown(_join_lines(text[number.end() :]))}"
    return f"- {_escape_markdown(_join_lines(_BULLET_PATTERN.sub('', text)))}"


def _join_lines(text: str) -> str:
    """The text on one line, its white space as single spaces: a heading or an item ends with its line."""
    return " ".join(text.split())


def _escape_markdown(text: str) -> str:
    """The text as Markdown that reads as the text."""
    text = _SPECIAL_PATTERN.sub(lambda found: "\\" + found[0], text)
    return _LINE_START_PATTERN.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else "\\" + found[0], text)

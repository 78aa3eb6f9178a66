"""What stands before the text of a Markdown file: front matter as site generators write it, and the head that readers
for language models put before a page (`Title: …`, `URL Source: …`, `Markdown Content:`)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cleaner.document import Fact
from cleaner.facts import (
    MARKUP_AUTHORS,
    MARKUP_CANONICAL_URL,
    MARKUP_LANGUAGE,
    MARKUP_MODIFIED,
    MARKUP_PUBLISHED,
    MARKUP_PUBLISHER,
    MARKUP_SECTION,
    MARKUP_TAGS,
    MARKUP_TITLE,
    Key,
    Party,
)

RULE_PREFIX = "front-matter."
"""Beginning of the rules of the facts; the field's name follows."""

_YAML_PATTERN = re.compile(r"\ufeff?---[ \t]*\r?\n((?:(?!---)[^\n]*\n)*?)---[ \t]*(?:\r?\n|\Z)")
"""Front matter between lines of three dashes; its fields are the group."""

_TOML_PATTERN = re.compile(r"\ufeff?\+\+\+[ \t]*\r?\n((?:(?!\+\+\+)[^\n]*\n)*?)\+\+\+[ \t]*(?:\r?\n|\Z)")
"""Front matter between lines of three plus signs."""

_READER_PATTERN = re.compile(
    r"(Title: [^\n]*\n(?:[ \t]*\n|[A-Z][\w ]{2,30}: [^\n]*\n){0,20}?)[ \t]*Markdown Content:[ \t]*(?:\r?\n|\Z)"
)
"""The head of a reader for language models, up to the line that says that the text follows."""

_FIELD_PATTERN = re.compile(r"([A-Za-z][\w .-]{0,40}?)[ \t]*[:=][ \t]*(.*)")
"""Name and value of a field, in YAML or in TOML."""

_ITEM_PATTERN = re.compile(r"[ \t]*-[ \t]+(?:name:[ \t]*)?(.+)")
"""A value on a line of its own, as lists in YAML have them."""

_QUOTE_CHARS = "\"'"
_BLOCK_SIGNS = frozenset({"|", ">", "|-", ">-"})
"""What opens a value that stands on the next lines."""

_FIELDS: dict[str, tuple[Key[str], str]] = {
    **dict.fromkeys(("title", "headline"), (MARKUP_TITLE, "title")),
    **dict.fromkeys(
        "date published publishdate pubdate date_published published_at datepublished".split(),
        (MARKUP_PUBLISHED, "published"),
    ),
    "published time": (MARKUP_PUBLISHED, "published"),
    **dict.fromkeys(
        "updated modified lastmod last_modified updated_at last_modified_at datemodified".split(),
        (MARKUP_MODIFIED, "modified"),
    ),
    **dict.fromkeys(("tags", "keywords"), (MARKUP_TAGS, "tags")),
    **dict.fromkeys(("category", "categories", "section"), (MARKUP_SECTION, "section")),
    **dict.fromkeys(("lang", "language", "locale"), (MARKUP_LANGUAGE, "language")),
    **dict.fromkeys(
        ("url source", "canonical", "canonical_url", "canonicalurl", "source_url"), (MARKUP_CANONICAL_URL, "url")
    ),
    **dict.fromkeys(("publisher", "site", "sitename", "site_name"), (MARKUP_PUBLISHER, "publisher")),
}
"""The key of each field, and the name that its rule has."""

_PEOPLE_FIELDS = frozenset({"author", "authors", "byline"})
"""Fields that name authors."""


class Front(NamedTuple):
    """Where the head of a text ends, and what it says."""

    end: int
    facts: tuple[Fact, ...]


NO_FRONT = Front(0, ())
"""What a text has that begins with its own words."""


def read_front(source: str) -> Front:
    """The head of a text; `NO_FRONT` where it has none."""
    for pattern in (_YAML_PATTERN, _TOML_PATTERN, _READER_PATTERN):
        if found := pattern.match(source):
            facts = tuple(_make_facts(found[1]))
            return Front(found.end(), facts) if facts else NO_FRONT
    return NO_FRONT


def _make_facts(lines: str) -> Iterator[Fact]:
    """The facts of all fields that mean something."""
    for name, values in _read_fields(lines):
        if name in _PEOPLE_FIELDS:
            parties = (Party(value) for value in values)
            yield from MARKUP_AUTHORS.make_each(f"{RULE_PREFIX}author", parties)
        elif name in _FIELDS:
            key, rule = _FIELDS[name]
            yield from key.make_each(RULE_PREFIX + rule, values)


def _read_fields(lines: str) -> list[tuple[str, list[str]]]:
    """Names and values; a list's values stand in brackets, or on lines of their own."""
    fields: list[tuple[str, list[str]]] = []
    for line in lines.splitlines():
        if fields and (item := _ITEM_PATTERN.fullmatch(line)):
            fields[-1][1].append(item[1])
        elif fields and line[:1].isspace():
            fields[-1][1].append(line)
        elif field := _FIELD_PATTERN.fullmatch(line):
            fields.append((field[1].casefold(), _split_value(field[2])))
    return [(name, [bare for value in values if (bare := _strip_value(value))]) for name, values in fields]


def _split_value(value: str) -> list[str]:
    """The values of a field that stand on its own line."""
    value = value.strip()
    if value in _BLOCK_SIGNS:
        return []
    return value[1:-1].split(",") if value.startswith("[") and value.endswith("]") else [value]


def _strip_value(value: str) -> str:
    """A value without blanks and quotation marks around it."""
    return value.strip().strip(_QUOTE_CHARS).strip()

"""Markdown with YAML front matter."""

import json
import re
from typing import Any

from msgspec import to_builtins

from cleaner.io.json import to_utf8
from cleaner.record import Article, Passage

_SPECIAL = re.compile(r"[\\`*_\[\]<>]|&(?=#?\w+;)")
_LINE_START = re.compile(r"^(?:#{1,6}(?=\s|$)|[-+](?=\s|$)|={2,}$|-{2,}$|~{3,})|^(\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
_BULLET = re.compile(r"^[-*+•‣▪◦·–]\s+")
_NUMBER = re.compile(r"^(\d{1,9})[.)]\s+")
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")

_FRONT = (
    "id", "title", "kicker", "standfirst", "authors", "published", "modified", "dateline", "agencies", "publisher",
    "section", "tags", "copyright", "images", "videos", "language", "url", "canonical_url", "source", "flags",
)  # fmt: skip


def write(article: Article) -> bytes:
    """The record's fields as front matter, then the title and the text."""
    lines = ["---"]
    for key in _FRONT:
        value = getattr(article, key)
        if value is not None and value != ():
            lines.append(f"{key}: {_yaml(to_builtins(value))}")
    lines.append("---\n")
    parts = ["\n".join(lines)]
    if article.title:
        parts.append(f"# {_escaped(_one_line(article.title))}\n")
    before = ""
    for passage in article.blocks:
        role = passage.role
        # items of one list stand close together
        if before == role == "list-item":
            parts[-1] = parts[-1].rstrip("\n")
        parts.append(_block(passage) + "\n")
        before = role
    return to_utf8("\n".join(parts))


def _yaml(value: Any) -> str:
    """JSON, which is YAML, without the characters that YAML wants escaped and without empty fields."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_yaml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_yaml(v)}" for k, v in value.items() if v not in (None, "")) + "}"
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def _block(passage: Passage) -> str:
    if passage.role == "heading":
        return f"## {_escaped(_one_line(passage.text))}"
    if passage.role == "list-item":
        number = _NUMBER.match(passage.text)
        if number:
            return f"{number[1]}. {_escaped(_one_line(passage.text[number.end() :]))}"
        return f"- {_escaped(_one_line(_BULLET.sub('', passage.text)))}"
    if passage.role == "quote":
        return "> " + _escaped(passage.text).replace("\n", "\n> ")
    return _escaped(passage.text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    """The text as Markdown that reads as the text."""
    text = _SPECIAL.sub(lambda found: "\\" + found[0], text)
    return _LINE_START.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else "\\" + found[0], text)

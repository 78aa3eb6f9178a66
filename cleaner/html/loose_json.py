"""JSON as scripts of pages hold it: with comments, CDATA marks, commas too many and quotes that end too early."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

BROKEN = 1 << 20
"""Characters of broken JSON-LD that are mended; more is read by its pieces only."""

KINDS = {
    "newsarticle": 0, "reportagenewsarticle": 0, "analysisnewsarticle": 0, "opinionnewsarticle": 0,
    "backgroundnewsarticle": 0, "reviewnewsarticle": 0, "askpublicnewsarticle": 0, "article": 0, "report": 1,
    "liveblogposting": 0, "blogposting": 0, "advertisercontentarticle": 1, "satiricalarticle": 0,
    "scholarlyarticle": 1, "techarticle": 1, "medicalscholarlyarticle": 1, "socialmediaposting": 2,
    "discussionforumposting": 2, "review": 3, "recipe": 1, "creativework": 3, "howto": 2, "interview": 1,
    "podcastepisode": 3, "videoobject": 4, "event": 5, "product": 5, "webpage": 6, "itempage": 6, "collectionpage": 8,
    "medicalwebpage": 5, "qapage": 6, "faqpage": 7, "aboutpage": 6, "profilepage": 7,
}  # fmt: skip
"""schema.org's kinds of article, and other kinds that stand for one, by how surely they do."""

_OPENING = re.compile(r"\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)+")
_CLOSING = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?|;|\s){1,40}\Z")
_STRING = r'"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)'  # to the end where it is not closed: linear
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)", re.DOTALL)
_COMMA = re.compile(rf"({_STRING})|,(?=\s*(?:[}}\]]|,|$))", re.DOTALL)
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_PIECE = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|description|inLanguage)"\s*:\s*("(?:[^"\\\n]|\\.)*+")'
)
_PIECE_AUTHOR = re.compile(
    r'"author"\s*:\s*\[?\s*\{[^{}]{0,300}?"name"\s*:\s*("(?:[^"\\\n]|\\.)*+")|"author"\s*:\s*("(?:[^"\\\n]|\\.)*+")'
)
_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(\w+)"')
_loads = msgspec.json.Decoder().decode
_lenient = json.JSONDecoder(strict=False)


def read_json(text: str) -> list[Any]:
    """The values that a script holds: one as a rule; several where they stand one behind the other; none of nonsense.

    Comments, CDATA marks, commas too many, line ends in strings, escaped quotes and bad escapes are mended."""
    try:
        return [_loads(text)]
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        pass
    text = text.lstrip("\ufeff")
    if opening := _OPENING.match(text):
        text = text[opening.end() :]
    text = text.strip()
    if closing := _CLOSING.search(text, max(0, len(text) - 60)):
        text = text[: closing.start()]
    if not text.startswith(("{", "[")):
        return []
    for mend in (_unchanged, _mended, _unescaped) if len(text) <= BROKEN else ():
        try:
            return list(_values(mend(text)))
        except (ValueError, RecursionError):
            continue
    return _pieces(text)


def _values(text: str) -> Iterator[Any]:
    at = 0
    while at < len(text):
        value, at = _lenient.raw_decode(text, at)
        yield value
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1


def _unchanged(text: str) -> str:
    return text


def _unescaped(text: str) -> str:
    return _mended(html.unescape(text))


def _mended(text: str) -> str:
    text = _COMMENT.sub(lambda found: found[1] or "", text)
    text = _COMMA.sub(lambda found: found[1] or "", text)
    return _BAD_ESCAPE.sub(r"\\\\", text)


def _pieces(text: str) -> list[Any]:
    """What can be read of an article in JSON beyond repair: its plain fields, each the first time it stands."""
    kind = next((found[1] for found in _TYPE.finditer(text) if KINDS.get(found[1].casefold(), 9) < 5), None)
    if kind is None:
        return []
    node: dict[str, Any] = {"@type": kind}
    for name, value in _PIECE.findall(text):
        node.setdefault(name, _string(value))
    if found := _PIECE_AUTHOR.search(text):
        node["author"] = _string(found[1] or found[2])
    return [node]


def _string(written: str) -> str:
    try:
        return str(_lenient.decode(_BAD_ESCAPE.sub(r"\\\\", written)))
    except ValueError:
        return written[1:-1]

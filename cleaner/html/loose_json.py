"""JSON as scripts of pages hold it: with comments, CDATA marks, commas too many and quotes that end too early."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

MAX_MENDED_CHARS = 1 << 20
"""Characters of broken JSON-LD that are mended; more is read by its pieces only."""

TYPE_RANKS = {
    "newsarticle": 0,
    "reportagenewsarticle": 0,
    "analysisnewsarticle": 0,
    "opinionnewsarticle": 0,
    "backgroundnewsarticle": 0,
    "reviewnewsarticle": 0,
    "askpublicnewsarticle": 0,
    "article": 0,
    "report": 1,
    "liveblogposting": 0,
    "blogposting": 0,
    "advertisercontentarticle": 1,
    "satiricalarticle": 0,
    "scholarlyarticle": 1,
    "techarticle": 1,
    "medicalscholarlyarticle": 1,
    "socialmediaposting": 2,
    "discussionforumposting": 2,
    "review": 3,
    "recipe": 1,
    "creativework": 3,
    "howto": 2,
    "interview": 1,
    "podcastepisode": 3,
    "videoobject": 4,
    "event": 5,
    "product": 5,
    "webpage": 6,
    "itempage": 6,
    "collectionpage": 8,
    "medicalwebpage": 5,
    "qapage": 6,
    "faqpage": 7,
    "aboutpage": 6,
    "profilepage": 7,
}
"""schema.org's kinds of article, and other kinds that stand for one, by how surely they do."""

_OPENING = re.compile(r"\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)+")
_CLOSING = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?|;|\s){1,40}\Z")
_STRING = r'"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)'  # to the end where it is not closed: linear
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)", re.DOTALL)
_EXTRA_COMMA = re.compile(rf"({_STRING})|,(?=\s*(?:[}}\]]|,|$))", re.DOTALL)
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_FIELD_PATTERN = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|description|inLanguage)"\s*:\s*("(?:[^"\\\n]|\\.)*+")'
)
_AUTHOR_PATTERN = re.compile(
    r'"author"\s*:\s*\[?\s*\{[^{}]{0,300}?"name"\s*:\s*("(?:[^"\\\n]|\\.)*+")|"author"\s*:\s*("(?:[^"\\\n]|\\.)*+")'
)
_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(\w+)"')
_decode_strict = msgspec.json.Decoder().decode
_lenient_decoder = json.JSONDecoder(strict=False)


def read_json(text: str) -> list[Any]:
    """The values that a script holds: one as a rule; several where they stand one behind the other; none of nonsense.

    Comments, CDATA marks, commas too many, line ends in strings, escaped quotes and bad escapes are mended."""
    try:
        return [_decode_strict(text)]
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
    for mend in (_keep_unchanged, _mend_syntax, _unescape_and_mend) if len(text) <= MAX_MENDED_CHARS else ():
        try:
            return list(_decode_values(mend(text)))
        except (ValueError, RecursionError):
            continue
    return _extract_fields(text)


def _decode_values(text: str) -> Iterator[Any]:
    at = 0
    while at < len(text):
        value, at = _lenient_decoder.raw_decode(text, at)
        yield value
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1


def _keep_unchanged(text: str) -> str:
    return text


def _unescape_and_mend(text: str) -> str:
    return _mend_syntax(html.unescape(text))


def _mend_syntax(text: str) -> str:
    text = _COMMENT.sub(lambda found: found[1] or "", text)
    text = _EXTRA_COMMA.sub(lambda found: found[1] or "", text)
    return _BAD_ESCAPE.sub(r"\\\\", text)


def _extract_fields(text: str) -> list[Any]:
    """What can be read of an article in JSON beyond repair: its plain fields, each the first time it stands."""
    kind = next((found[1] for found in _TYPE.finditer(text) if TYPE_RANKS.get(found[1].casefold(), 9) < 5), None)
    if kind is None:
        return []
    node: dict[str, Any] = {"@type": kind}
    for name, value in _FIELD_PATTERN.findall(text):
        node.setdefault(name, _decode_string(value))
    if found := _AUTHOR_PATTERN.search(text):
        node["author"] = _decode_string(found[1] or found[2])
    return [node]


def _decode_string(written: str) -> str:
    try:
        return str(_lenient_decoder.decode(_BAD_ESCAPE.sub(r"\\\\", written)))
    except ValueError:
        return written[1:-1]

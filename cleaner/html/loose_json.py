"""JSON as scripts of pages hold it: with comments, CDATA marks, commas too many and quotes that end too early."""

import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress

import msgspec

MAX_MENDED_CHARS = 1 << 20
"""Characters of broken JSON-LD that are mended; more is read by its pieces only."""

MAX_CLOSING_CHARS = 60
"""Characters at the end of a script in which marks that close a comment or a CDATA section are looked for."""

TYPE_RANKS = {
    kind: rank
    for rank, kinds in (
        (0, "newsarticle reportagenewsarticle analysisnewsarticle opinionnewsarticle backgroundnewsarticle"),
        (0, "reviewnewsarticle askpublicnewsarticle article liveblogposting blogposting satiricalarticle"),
        (1, "report advertisercontentarticle scholarlyarticle techarticle medicalscholarlyarticle recipe interview"),
        (2, "socialmediaposting discussionforumposting howto"),
        (3, "review creativework podcastepisode"),
        (4, "videoobject"),
        (5, "event product medicalwebpage"),
        (6, "webpage itempage qapage aboutpage"),
        (7, "faqpage profilepage"),
        (8, "collectionpage"),
    )
    for kind in kinds.split()
}
"""schema.org's kinds of article, and other kinds that stand for one, in lower case: the lower, the surer."""

UNKNOWN_TYPE_RANK = 9
"""The rank of any other kind."""

WEB_PAGE_RANK = 5
"""From this rank on a node is about a page, an event or a product; below it, it is a text or a video."""

_OPENING = re.compile(r"\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)+")
_CLOSING = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?|;|\s){1,40}\Z")
_STRING = r'"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)'  # to the end where it is not closed: linear
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)", re.DOTALL)
_EXTRA_COMMA = re.compile(rf"({_STRING})|,(?=\s*(?:[}}\]]|,|$))", re.DOTALL)
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_BETWEEN_VALUES = re.compile(r"[ \t\r\n,;]*")
_FIELD_PATTERN = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|description|inLanguage)"\s*:\s*("(?:[^"\\\n]|\\.)*+")'
)
_AUTHOR_PATTERN = re.compile(
    r'"author"\s*:\s*\[?\s*\{[^{}]{0,300}?"name"\s*:\s*("(?:[^"\\\n]|\\.)*+")|"author"\s*:\s*("(?:[^"\\\n]|\\.)*+")'
)
_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(\w+)"')
_decode_strict = msgspec.json.Decoder().decode
_lenient_decoder = json.JSONDecoder(strict=False)


def read_json(text: str) -> list[object]:
    """The values that a script holds: one as a rule; several where they stand one behind the other; none of nonsense.

    Comments, CDATA marks, commas too many, line ends in strings, escaped quotes and bad escapes are mended.
    """
    with suppress(msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return [_decode_strict(text)]
    text = text.lstrip("\ufeff")
    if opening := _OPENING.match(text):
        text = text[opening.end() :]
    text = text.strip()
    if closing := _CLOSING.search(text, max(0, len(text) - MAX_CLOSING_CHARS)):
        text = text[: closing.start()]
    if not text.startswith(("{", "[")):
        return []
    for mend in _MENDINGS if len(text) <= MAX_MENDED_CHARS else ():
        with suppress(ValueError, RecursionError):
            return list(_decode_values(mend(text)))
    return _extract_fields(text)


def decode_first(text: str) -> object:
    """The value with which a text begins, whatever stands behind it; control characters in strings are let pass.

    Raises `ValueError` where there is none, and `RecursionError` where it is nested too deep.
    """
    return _lenient_decoder.raw_decode(text)[0]


def decode_whole(text: str) -> object:
    """The value that a text is, with nothing behind it; raises as `decode_first` does."""
    return _lenient_decoder.decode(text)


def _decode_values(text: str) -> Iterator[object]:
    """Values one behind the other, with spaces, commas and semicolons between them."""
    at = 0
    while at < len(text):
        value, at = _lenient_decoder.raw_decode(text, at)
        yield value
        if between := _BETWEEN_VALUES.match(text, at):
            at = between.end()


def _mend_syntax(text: str) -> str:
    """The text without comments and extra commas, and with bad escapes as plain backslashes."""
    for noise in (_COMMENT, _EXTRA_COMMA):
        text = noise.sub(_keep_string, text)
    return _BAD_ESCAPE.sub(r"\\\\", text)


def _keep_string(found: re.Match[str]) -> str:
    """A string of JSON, in which nothing is mended; nothing for what was found outside one."""
    return found[1] or ""


def _unescape_and_mend(text: str) -> str:
    return _mend_syntax(html.unescape(text))


_MENDINGS: tuple[Callable[[str], str], ...] = (str, _mend_syntax, _unescape_and_mend)
"""What is tried with broken JSON, the least first: `str` changes nothing, control characters are let pass anyway."""


def _extract_fields(text: str) -> list[object]:
    """What can be read of an article in JSON beyond repair: its plain fields, each the first time it stands."""
    kinds = (found[1] for found in _TYPE.finditer(text))
    kind = next((kind for kind in kinds if TYPE_RANKS.get(kind.casefold(), UNKNOWN_TYPE_RANK) < WEB_PAGE_RANK), None)
    if kind is None:
        return []
    # the first of several is put in last
    fields = {name: _decode_string(value) for name, value in reversed(_FIELD_PATTERN.findall(text))}
    node = {"@type": kind, **fields}
    if found := _AUTHOR_PATTERN.search(text):
        node["author"] = _decode_string(found[1] or found[2])
    return [node]


def _decode_string(written: str) -> str:
    """The text of a string of JSON, quotes included; as written without them where its escapes are broken."""
    with suppress(ValueError):
        return str(decode_whole(_BAD_ESCAPE.sub(r"\\\\", written)))
    return written[1:-1]

"""The headers of a mail at the beginning of a text, in any language, and what they say.

The names of headers are asked in all languages at once, since the language of a text is not known before its text is.
A word such as "A:" or "Tema:" opens many lines that are no headers: a text is a mail only where its first lines have a
subject and beside it a date or a sender.
"""

import re
from collections.abc import Iterator, Sequence
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import parseaddr, parsedate_to_datetime
from functools import cache
from typing import NamedTuple

from cleaner.document import BLANKS_BEFORE, Fact
from cleaner.facts import MARKUP_AUTHORS, MARKUP_PUBLISHED, MARKUP_TITLE, Party
from cleaner.text.languages import collect_phrases
from cleaner.text.names.bare import is_bare_name

MAX_HEAD_CHARS = 1 << 14
"""Characters of the longest head: programs on the way add lines, but not without end."""

MAX_NAME_CHARS = 40
"""Characters of the longest name of a header."""

MIN_NAME_PART_CHARS = 3
"""Letters of a part of a name from which an address is asked for it."""

_HEADER_PATTERN = re.compile(r"[ \t>*]{0,4}([^\s:：*][^:：\n]{0,39}?)\*{0,2}[ \t]*[:：]\*{0,2}[ \t]*(.*)")
_ENCODED_SIGN = "=?"
"""How an encoded word begins."""

_SENDER, _SUBJECT, _DATE, _OTHER = "from", "subject", "date", "other"
_EXTENSION_PREFIXES = ("x-", "list-", "arc-", "received-")
"""Beginnings of the names of headers that programs add."""


class Head(NamedTuple):
    """Where the headers of a mail end in its text, and their values."""

    end: int
    fields: dict[str, str]


@cache
def _load_names() -> dict[str, str]:
    """What each header says, by its name in any language; a name that two of them have is that of the first."""
    lists = (
        (_SUBJECT, collect_phrases(lambda own: own.mail.subject)),
        (_SENDER, collect_phrases(lambda own: own.mail.sender)),
        (_DATE, collect_phrases(lambda own: own.mail.date)),
        (_OTHER, collect_phrases(lambda own: own.mail.other)),
    )
    return {name: kind for kind, names in reversed(lists) for name in names}


@cache
def _build_lead_pattern() -> re.Pattern[str]:
    """What stands before a subject: signs of an answer, `Re:` and `AW [2]:`, and `[a list]`; never all of it."""
    words = "|".join(map(re.escape, collect_phrases(lambda own: own.mail.replies)))
    reply = rf"(?:{words})(?:\s?[\[(]\d{{1,3}}[\])])?\s?[:：]"
    return re.compile(rf"\A(?:(?:{reply}|\[[^\[\]]{{1,60}}\])\s*+(?!\Z))+", re.IGNORECASE)


def find_head(text: str) -> Head | None:
    """The headers with which a text begins, or None: a subject and a date or a sender are needed."""
    start = len(text) - len(text.lstrip(BLANKS_BEFORE)) if text[:1] in BLANKS_BEFORE else 0
    first, colon, _ = text[start : start + MAX_NAME_CHARS].partition("\n")[0].replace("：", ":").partition(":")
    if not colon or not _find_kind(first.strip(" \t>*")):
        return None
    size, headers = _read_headers(text[start : start + MAX_HEAD_CHARS])
    # of two headers that say the same the first counts
    fields = {kind: " ".join(values) for kind, values in reversed(headers)}
    is_mail = _SUBJECT in fields and not fields.keys().isdisjoint((_DATE, _SENDER))
    return Head(start + size, fields) if is_mail else None


def _read_headers(text: str) -> tuple[int, list[tuple[str, list[str]]]]:
    """How long the headers are with which a text begins, and the kind of each with the lines of its value.

    A header goes on in the next line where that is set in.
    """
    size = 0
    headers: list[tuple[str, list[str]]] = []
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        found = _HEADER_PATTERN.fullmatch(bare)
        kind = _find_kind(found[1]) if found else ""
        if kind and found:
            headers.append((kind, [found[2].strip()]))
        elif headers and bare.startswith((" ", "\t")) and bare.strip():
            headers[-1][1].append(bare.strip())
        else:
            break
        size += len(line)
    return size, headers


def _find_kind(name: str) -> str:
    """What a header says by its name, or "" for what is the name of none."""
    key = name.strip().casefold()
    return _OTHER if key.startswith(_EXTENSION_PREFIXES) else _load_names().get(key, "")


def make_head_facts(fields: dict[str, str]) -> Iterator[Fact]:
    """Title, author and date, as the headers say them."""
    if subject := clean_subject(_decode_words(fields.get(_SUBJECT, ""))):
        yield MARKUP_TITLE.make("mail.subject", subject)
    if name := find_person(_decode_words(fields.get(_SENDER, ""))):
        yield MARKUP_AUTHORS.make("mail.from", Party(name))
    if date := fields.get(_DATE):
        yield MARKUP_PUBLISHED.make("mail.date", _normalise_date(date))


def clean_subject(subject: str) -> str:
    """A subject without the signs of an answer and the name of a list before it."""
    return _build_lead_pattern().sub("", subject).strip()


def find_person(sender: str) -> str:
    """The name of a sender, where it is a person's: one that reads like it, or that the address has too."""
    name, address = parseaddr(sender)
    name = " ".join((name or ("" if "@" in sender else sender)).strip("\"' ").split())
    local, _, domain = address.casefold().partition("@")
    parts = [part for part in name.casefold().replace(".", " ").split() if len(part) >= MIN_NAME_PART_CHARS]
    is_house = any(map(domain.__contains__, parts))
    is_signed = len(parts) > 1 and parts[-1] in local
    return name if name and not is_house and (is_signed or is_bare_name(name)) else ""


def _decode_words(value: str) -> str:
    """A value with its encoded words read; as it is where they are damaged."""
    if _ENCODED_SIGN not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return value


def _normalise_date(date: str) -> str:
    """A date as ISO 8601 where it is written as mails have it; otherwise as it is, for people wrote it."""
    try:
        return parsedate_to_datetime(date).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return date


__all__: Sequence[str] = ["Head", "clean_subject", "find_head", "find_person", "make_head_facts"]

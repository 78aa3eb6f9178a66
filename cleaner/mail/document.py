"""A mail as a document: its headers go, and what programs put around its text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from cleaner.document import Block, Document, Edit, Fact
from cleaner.facts import FLAGS
from cleaner.mail.headers import Head, make_head_facts
from cleaner.models.line_ends import find_line_ends
from cleaner.text.languages import collect_phrases
from cleaner.text.shape import count_words, is_prose

STAGE = "mail"
"""The name in the ledger under which headers and footers go."""

RULES = {
    "mail.header": "A header of a mail.",
    "mail.subject": "What a mail is about.",
    "mail.from": "The person who sent a mail.",
    "mail.date": "When a mail was sent.",
    "mail.browser": "A link to the page of a mail.",
    "mail.unsubscribe": "How to get no more such mails.",
    "mail.received": "Why somebody got a mail.",
    "mail.signature": "What stands below the line of two dashes that ends the text of a mail.",
    "mail.attachments": "Files hang on the mail; they are not read.",
    "mail.headers": "Headers say that the text is a mail.",
}

HEAD_LINES = 4
"""Lines before the text among which a link to the page of a mail stands."""

FOOT_LINES = 12
"""Lines at the end of a mail among which its footer stands, and lines of the longest signature."""

MAX_LINK_WORDS = 14
"""Words of the longest line that is links of a footer."""

MAX_REASON_WORDS = 60
"""Words of the longest sentence that says why somebody got a mail."""

MAX_SIGNATURE_SHARE = 0.4
"""Share of the lines of a mail that its signature may have."""

_SIGNATURE_LINES = frozenset({"--", "—", "__"})
"""Lines above a signature."""

_ADDRESS_PATTERN = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")
"""Addresses, which say nothing of whether a line is prose."""


@cache
def _load_phrases() -> dict[str, tuple[str, ...]]:
    """The phrases of footers in all languages, by the rule that they are read by."""
    return {
        "mail.browser": collect_phrases(lambda own: own.mail.browser),
        "mail.unsubscribe": collect_phrases(lambda own: own.mail.unsubscribe),
        "mail.received": collect_phrases(lambda own: own.mail.received),
    }


def build_mail_document(
    source: str, head: Head, id: str = "", url: str | None = None, facts: Iterable[Fact] = ()
) -> Document:
    """The document of a text that begins with the headers of a mail."""
    said = (*make_head_facts(head.fields), FLAGS.make("mail.headers", STAGE))
    document = Document.read(source, id, url, facts, find_line_ends)
    headers = [block for block in document.blocks if block.text and block.start < head.end]
    edits = [block.drop("mail.header", "other") for block in headers]
    return document.apply((*said, *edits, *_list_frame(document.blocks, head.end)), STAGE)


def drop_mail_frame(document: Document) -> Document:
    """The document of a mail's text without what programs put around it."""
    return document.apply(_list_frame(document.blocks, 0), STAGE)


def _list_frame(blocks: Sequence[Block], start: int) -> Iterator[Edit]:
    """The edits that drop the link above a mail's text, its footer and its signature."""
    body = [block for block in blocks if block.text and block.start >= start]
    ahead = len(body) - _find_signature(body)
    yield from (block.drop("mail.signature", "other", 0.9) for block in body[ahead:])
    text = body[:ahead]
    foot = max(1, len(text) - FOOT_LINES)
    for i, block in enumerate(text):
        rule = _find_footer(block.text) if i < HEAD_LINES or i >= foot else ""
        if rule and (i >= foot or rule == "mail.browser"):
            yield block.drop(rule, "other", 0.9)


def _find_signature(body: Sequence[Block]) -> int:
    """How many lines at the end are a signature with the dashes above it."""
    most = min(FOOT_LINES, int(len(body) * MAX_SIGNATURE_SHARE))
    sizes = range(1, most + 1)
    return next((size for size in sizes if body[-size].text in _SIGNATURE_LINES), 0)


def _find_footer(line: str) -> str:
    """The rule by which a line is one of a mail's footer, or ""."""
    words, plain, phrases = count_words(line), line.casefold().replace("’", "'"), _load_phrases()
    if words <= MAX_REASON_WORDS and plain.lstrip("(*_ ").startswith(phrases["mail.received"]):
        return "mail.received"
    if words > MAX_LINK_WORDS or is_prose(_ADDRESS_PATTERN.sub("", line).strip()):
        return ""
    rules = ("mail.unsubscribe", "mail.browser")
    return next((rule for rule in rules if any(phrase in plain for phrase in phrases[rule])), "")

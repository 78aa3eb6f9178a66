"""A mail as programs keep it (`.eml`): the part that is read, what its headers say, and what hangs on it."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import NamedTuple, cast

from cleaner.document import Fact
from cleaner.errors import ReadError
from cleaner.facts import FLAGS
from cleaner.mail.headers import make_head_facts
from cleaner.text.encoding import decode_bytes
from cleaner.text.shape import count_words

MIN_TEXT_WORDS = 20
"""Words below which the plain text of a mail only says that there is a page."""

_HEADERS = {"subject": "Subject", "from": "From", "date": "Date"}
"""The headers that say something of a text, by what they say."""


class Message(NamedTuple):
    """The text or the page of a mail, the facts of its headers, and the names of its attachments."""

    text: str | None
    html: str | None
    facts: tuple[Fact, ...]
    attachments: list[str]


def read_message(raw: bytes) -> Message:
    """The mail in these bytes; raises `ReadError` for what is none, and for one without any text."""
    message = message_from_bytes(raw, policy=policy.default)
    fields = {kind: value for kind, name in _HEADERS.items() if (value := _read_header(message, name))}
    if not fields:
        raise ReadError("this is no mail: it has no headers From, Subject or Date; if it is plain text, name it .txt")
    text, html = (_read_part(message, kind) for kind in ("plain", "html"))
    if text is None and html is None:
        raise ReadError("this mail holds neither text nor a page; extract the text of its attachments into .txt files")
    if text is not None and html is not None:
        # programs send both, and some put no more into the text than a link to the page
        is_stub = count_words(" ".join(text.split())) < MIN_TEXT_WORDS
        text, html = (None, html) if is_stub else (text, None)
    attachments = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    flags = (FLAGS.make("mail.attachments", "attachments"),) if attachments else ()
    return Message(text, html, (*make_head_facts(fields), *flags), attachments)


def _read_header(message: EmailMessage, name: str) -> str:
    """The value of a header, encoded words read; "" where there is none, or it is damaged."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except (ValueError, LookupError, AttributeError, IndexError):
        return ""


def _read_part(message: EmailMessage, kind: str) -> str | None:
    """The text of the body's part of a kind, `plain` or `html`; None where the mail has none."""
    part = cast("EmailMessage | None", message.get_body((kind,)))
    if part is None:
        return None
    try:
        content = part.get_content()
    except (LookupError, ValueError):
        # the encoding that it names is unknown, or not its own
        content = part.get_payload(decode=True)
    return decode_bytes(content)[0] if isinstance(content, bytes) else str(content)

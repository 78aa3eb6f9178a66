"""What the markup of a page is made of, wherever it stands: parties, lines of text, addresses."""

import html
import re

from msgspec import Struct


class Party(Struct, frozen=True):
    """Somebody or something that the markup names: `kind` is `person`, `organization`, or empty where it does not say;
    `part` is a role of `cleaner.text.names.Role`."""

    name: str
    kind: str = ""
    part: str = "author"


_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")  # bounded, so that no text makes it slow


def flatten_text(text: str) -> str:
    """A text on one line, without tags and entities; entities that were escaped twice are read, too."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    return " ".join(text.split())

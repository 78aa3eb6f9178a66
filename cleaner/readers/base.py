"""What readers pass on: pieces of files, and the documents or rejections they turn out to be."""

from typing import Any

from msgspec import Struct

from cleaner.document import Document
from cleaner.record import Source


class Item(Struct, frozen=True):
    """A document as read, where it came from, its bytes, and what else its input said."""

    document: Document
    source: Source
    raw: bytes
    extra: dict[str, Any] | None = None

"""Files, pieces of them, and the limits of a document."""

from collections.abc import Iterator

from msgspec import Struct

from cleaner.errors import ReadError

STDIN = "-"
"""The input that stands for standard input."""

MAX_DOCUMENT_BYTES = 4 << 20
"""Bytes of the largest document that is read at all."""

MAX_TEXT_CHARS = 1 << 20
"""Characters of the longest text that is cleaned: no article comes near, and a worker stays below 150 MB."""

CHUNK_BYTES = 1 << 16
"""Bytes that are read at a time."""


class File(Struct, frozen=True):
    """A file to read: `path` as the user sees it, `id` for the documents in it, `ending` as in `READERS`."""

    path: str
    id: str
    ending: str
    packing: str = ""


class Piece(Struct, frozen=True):
    """Whole documents of a file as bytes; `line` is the number of the first line, 0 where lines do not count.

    `encoding` is there where the bytes are no longer those of the file, and `fault` says why they hold no document.
    """

    file: File
    data: bytes
    line: int = 0
    encoding: str = ""
    fault: str = ""


class Oversize(Struct, frozen=True):
    """A document over the limit, passed on in chunks that must be used up before the next piece is asked for."""

    file: File
    chunks: Iterator[bytes]
    line: int = 0


def check_length(text: str) -> str:
    """The text, unless it is too long for an article; then raises `ReadError`."""
    if len(text) > MAX_TEXT_CHARS:
        raise ReadError(f"a text of {len(text):,} characters, which no article has; split it into its articles")
    return text

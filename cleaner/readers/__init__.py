"""Readers: a file becomes pieces, a piece becomes documents.

A format is one module with `cut` (bytes to pieces of whole documents, cheap, in the parent) and `read` (a piece to
documents, in a worker), and one entry here.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from cleaner.readers import html, jsonl, text
from cleaner.readers.item import File, Item, Oversize, Piece
from cleaner.record import Rejected


class Format(NamedTuple):
    """How one format is read; `many` when a file holds many documents and so gets outputs of its own."""

    cut: Callable[[File, Iterable[bytes]], Iterator[Piece | Oversize]]
    read: Callable[[Piece], Iterator[Item | Rejected]]
    many: bool


READERS = {
    ".txt": Format(text.cut, text.read, many=False),
    ".html": Format(html.cut, html.read, many=False),
    ".htm": Format(html.cut, html.read, many=False),
    ".jsonl": Format(jsonl.cut, jsonl.read, many=True),
    ".ndjson": Format(jsonl.cut, jsonl.read, many=True),
}

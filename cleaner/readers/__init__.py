"""Readers: a file becomes pieces, a piece becomes pieces of one document each, and such a piece becomes the document.

A format is one module with `cut` (bytes to pieces of whole documents, cheap, in the parent), `split` (a piece to
pieces of one document, nothing understood) and `read` (one of those to its document, in a worker), and one entry here.
"""

from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import NamedTuple

from cleaner.io.files import File, Oversize, Piece
from cleaner.io.streams import Tick
from cleaner.readers import delimited, html, jsonl, parquet, rows, text, warc
from cleaner.readers.base import Item
from cleaner.record import Rejected


class Format(NamedTuple):
    """How one format is read; `many` when a file holds many documents and so gets outputs of its own.

    `cut` calls its last argument with the number of bytes, as they lie in the file, each time it has read some.
    """

    cut: Callable[[File, BufferedReader, Tick], Iterator[Piece | Oversize]]
    split: Callable[[Piece], Iterator[Piece]]
    read: Callable[[Piece], Item | Rejected]
    many: bool


READERS = {
    ".txt": Format(text.cut, text.split, text.read, many=False),
    ".html": Format(html.cut, html.split, html.read, many=False),
    ".htm": Format(html.cut, html.split, html.read, many=False),
    ".jsonl": Format(jsonl.cut, jsonl.split, jsonl.read, many=True),
    ".ndjson": Format(jsonl.cut, jsonl.split, jsonl.read, many=True),
    ".csv": Format(delimited.cut, rows.split, rows.read, many=True),
    ".tsv": Format(delimited.cut, rows.split, rows.read, many=True),
    ".parquet": Format(parquet.cut, rows.split, rows.read, many=True),
    ".warc": Format(warc.cut, warc.split, warc.read, many=True),
    ".wet": Format(warc.cut, warc.split, warc.read, many=True),
}

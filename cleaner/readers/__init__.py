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


class InputFormat(NamedTuple):
    """How one format is read; `many` when a file holds many documents and so gets outputs of its own.

    `cut` calls its last argument with the number of bytes, as they lie in the file, each time it has read some.
    """

    cut: Callable[[File, BufferedReader, Tick], Iterator[Piece | Oversize]]
    split: Callable[[Piece], Iterator[Piece]]
    read: Callable[[Piece], Item | Rejected]
    many: bool


READERS = {
    ".txt": InputFormat(text.cut_pieces, text.split_piece, text.read_document, many=False),
    ".html": InputFormat(html.cut_pieces, html.split_piece, html.read_document, many=False),
    ".htm": InputFormat(html.cut_pieces, html.split_piece, html.read_document, many=False),
    ".jsonl": InputFormat(jsonl.cut_pieces, jsonl.split_piece, jsonl.read_document, many=True),
    ".ndjson": InputFormat(jsonl.cut_pieces, jsonl.split_piece, jsonl.read_document, many=True),
    ".csv": InputFormat(delimited.cut_pieces, rows.split_piece, rows.read_document, many=True),
    ".tsv": InputFormat(delimited.cut_pieces, rows.split_piece, rows.read_document, many=True),
    ".parquet": InputFormat(parquet.cut_pieces, rows.split_piece, rows.read_document, many=True),
    ".warc": InputFormat(warc.cut_pieces, warc.split_piece, warc.read_document, many=True),
    ".wet": InputFormat(warc.cut_pieces, warc.split_piece, warc.read_document, many=True),
}

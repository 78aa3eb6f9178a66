"""Readers: a file becomes pieces, a piece becomes pieces of one document each, and such a piece becomes the document.

A format is one module with `cut` (bytes to pieces of whole documents, cheap, in the parent), `split` (a piece to
pieces of one document, nothing understood) and `read` (one of those to its document, in a worker), and one entry here.
All who read files do so by `cut_stream`, `split_piece` and `read_piece`, and know nothing of formats.
"""

from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import NamedTuple

from cleaner.io.files import File, Piece
from cleaner.io.streams import Tick
from cleaner.readers import delimited, jsonl, parquet, rows, single, warc
from cleaner.readers.base import Item, Part, split_single
from cleaner.record import Rejected


class InputFormat(NamedTuple):
    """How one format is read; `many` when a file holds many documents and so gets outputs of its own.

    `cut` calls its last argument with the number of bytes, as they lie in the file, each time it has read some.
    """

    cut: Callable[[File, BufferedReader, Tick], Iterator[Part]]
    split: Callable[[Piece], Iterator[Piece]]
    read: Callable[[Piece], Item | Rejected]
    many: bool = True


# the formats by their readers; several endings may stand for one
_TEXT = InputFormat(single.cut_pieces, split_single, single.read_text, many=False)
_PAGE = InputFormat(single.cut_pieces, split_single, single.read_page, many=False)
_JSON_LINES = InputFormat(jsonl.cut_pieces, jsonl.split_piece, jsonl.read_document)
_DELIMITED = InputFormat(delimited.cut_pieces, rows.split_piece, rows.read_document)
_PARQUET = InputFormat(parquet.cut_pieces, rows.split_piece, rows.read_document)
_ARCHIVE = InputFormat(warc.cut_pieces, split_single, warc.read_document)

READERS = {
    ".txt": _TEXT,
    ".html": _PAGE,
    ".htm": _PAGE,
    ".jsonl": _JSON_LINES,
    ".ndjson": _JSON_LINES,
    ".csv": _DELIMITED,
    ".tsv": _DELIMITED,
    ".parquet": _PARQUET,
    ".warc": _ARCHIVE,
    ".wet": _ARCHIVE,
}
"""The format of each ending; messages list them in this order."""


def ignore_progress(size: int) -> None:
    """For callers of `cut_stream` who show no progress."""


def cut_stream(file: File, raw: BufferedReader, tick: Tick = ignore_progress) -> Iterator[Part]:
    """What a file consists of, `raw` being its bytes as they lie; raises `ReadError` and `OSError`."""
    return READERS[file.ending].cut(file, raw, tick)


def split_piece(piece: Piece) -> Iterator[Piece]:
    """The single documents of a piece, nothing understood."""
    return READERS[piece.file.ending].split(piece)


def read_piece(piece: Piece) -> Item | Rejected:
    """The document of a piece that holds one, or why it is none."""
    return READERS[piece.file.ending].read(piece)

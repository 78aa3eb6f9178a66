"""Readers: a file becomes pieces, a piece becomes pieces of one document each, and such a piece becomes the document.

A format is one module with `cut` (bytes to pieces of whole documents, cheap, in the parent), `split` (a piece to
pieces of one document, nothing understood) and `read` (one of those to its document, in a worker), and one entry here.
All who read files do so by `cut_stream`, `split_piece` and `read_piece`, and know nothing of formats.  The module of a
format is loaded when its first file comes: a run over texts needs neither lxml nor pyarrow.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from io import BufferedReader
from typing import NamedTuple

from cleaner.io.files import File, Piece
from cleaner.io.streams import Tick
from cleaner.readers.base import Item, Part, split_single
from cleaner.readers.peek import recognise_file
from cleaner.record import Rejected

Cut = Callable[[File, BufferedReader, Tick], Iterator[Part]]
Split = Callable[[Piece], Iterator[Piece]]
Read = Callable[[Piece], Item | Rejected]


class InputFormat(NamedTuple):
    """How one format is read; `many` when a file holds many documents and so gets outputs of its own.

    `cut` calls its last argument with the number of bytes, as they lie in the file, each time it has read some.
    """

    cut: Cut
    split: Split
    read: Read
    many: bool = True


def _defer_cut(module: str) -> Cut:
    """The function `cut_pieces` of a module of this folder, which is loaded at the first call."""

    def cut(file: File, raw: BufferedReader, tick: Tick) -> Iterator[Part]:
        cut_pieces: Cut = import_module(f"{__name__}.{module}").cut_pieces
        return cut_pieces(file, raw, tick)

    return cut


def _defer_split(module: str) -> Split:
    """The function `split_piece` of a module of this folder, which is loaded at the first call."""

    def split(piece: Piece) -> Iterator[Piece]:
        split_piece: Split = import_module(f"{__name__}.{module}").split_piece
        return split_piece(piece)

    return split


def _defer_read(module: str, name: str = "read_document") -> Read:
    """The function of this name in a module of this folder, which is loaded at the first call."""

    def read(piece: Piece) -> Item | Rejected:
        read_document: Read = getattr(import_module(f"{__name__}.{module}"), name)
        return read_document(piece)

    return read


# the formats by their readers; several endings may stand for one
_TEXT = InputFormat(_defer_cut("single"), split_single, _defer_read("single", "read_text"), many=False)
_PAGE = _TEXT._replace(read=_defer_read("single", "read_page"))
_MARKDOWN = _TEXT._replace(read=_defer_read("single", "read_markdown"))
_MAIL = _TEXT._replace(read=_defer_read("single", "read_mail"))
_JSON_LINES = InputFormat(_defer_cut("jsonl"), _defer_split("jsonl"), _defer_read("jsonl"))
_JSON = InputFormat(_defer_cut("json_file"), split_single, _defer_read("json_file"))
_DELIMITED = InputFormat(_defer_cut("delimited"), _defer_split("rows"), _defer_read("rows"))
_PARQUET = _DELIMITED._replace(cut=_defer_cut("parquet"))
_ARCHIVE = InputFormat(_defer_cut("warc"), split_single, _defer_read("warc"))

READERS = {
    ".txt": _TEXT,
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".eml": _MAIL,
    ".html": _PAGE,
    ".htm": _PAGE,
    ".xhtml": _PAGE,
    ".jsonl": _JSON_LINES,
    ".ndjson": _JSON_LINES,
    ".json": _JSON,
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
    """What a file consists of, `raw` being its bytes as they lie; raises `ReadError` and `OSError`.

    A file whose ending says little is read as what its first bytes are: `RefusedInput` where these leave it in doubt.
    """
    file, raw = recognise_file(file, raw)
    return READERS[file.ending].cut(file, raw, tick)


def split_piece(piece: Piece) -> Iterator[Piece]:
    """The single documents of a piece, nothing understood."""
    return READERS[piece.file.ending].split(piece)


def read_piece(piece: Piece) -> Item | Rejected:
    """The document of a piece that holds one, or why it is none."""
    return READERS[piece.file.ending].read(piece)

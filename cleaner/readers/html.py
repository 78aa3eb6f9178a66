"""HTML: one page a file, or a page in a JSON Lines field, as the lines it shows and what its markup says."""

import hashlib
from collections.abc import Iterator
from io import BufferedReader

from cleaner.errors import ReadError
from cleaner.html.encoding import decode_page
from cleaner.html.page import build_page_document
from cleaner.io.files import File, Oversize, Piece
from cleaner.io.streams import Tick
from cleaner.readers import text as text_reader
from cleaner.readers.base import Item
from cleaner.record import Rejected, Source


def cut_pieces(file: File, raw: BufferedReader, tick: Tick) -> Iterator[Piece | Oversize]:
    """The whole file as one piece."""
    yield from text_reader.cut_pieces(file, raw, tick)


def split_piece(piece: Piece) -> Iterator[Piece]:
    """The piece itself, which is one page."""
    yield piece


def read_document(piece: Piece) -> Item | Rejected:
    """The document of a page."""
    file, raw = piece.file, piece.data
    digest = hashlib.sha256(raw).hexdigest()
    try:
        markup, encoding = decode_page(raw)
        read_page = build_page_document(markup, file.id)
    except ReadError as error:
        source = Source(file.path, None, "application/octet-stream", None, digest)
        return Rejected.build_from_input(file.id, "read", f"{file.path}: {error}", source, raw)
    return Item(read_page, Source(file.path, None, "text/html", encoding, digest), raw)

"""Plain text: one document a file."""

import hashlib
from collections.abc import Iterator
from io import BufferedReader
from itertools import chain

from cleaner.document import Document
from cleaner.errors import ReadError
from cleaner.io import files
from cleaner.io.files import File, Oversize, Piece, check_length
from cleaner.io.streams import Tick, unpack_chunks
from cleaner.readers.base import Item
from cleaner.record import Rejected, Source
from cleaner.text.encoding import decode_bytes


def cut_pieces(file: File, raw: BufferedReader, tick: Tick) -> Iterator[Piece | Oversize]:
    """The whole file as one piece."""
    parts: list[bytes] = []
    size = 0
    rest = unpack_chunks(raw, file.packing, tick)
    for chunk in rest:
        parts.append(chunk)
        size += len(chunk)
        if size > files.MAX_DOCUMENT_BYTES:
            yield Oversize(file, chain(parts, rest))
            return
    yield Piece(file, b"".join(parts))


def split_piece(piece: Piece) -> Iterator[Piece]:
    """The piece itself, which is one document."""
    yield piece


def read_document(piece: Piece) -> Item | Rejected:
    """The document of a text file."""
    file, raw = piece.file, piece.data
    digest = hashlib.sha256(raw).hexdigest()
    try:
        text, encoding = decode_bytes(raw)
        check_length(text)
    except ReadError as error:
        source = Source(file.path, None, "application/octet-stream", None, digest)
        return Rejected.build_from_input(file.id, "read", f"{file.path}: {error}", source, raw)
    return Item(Document.read(text, file.id), Source(file.path, None, "text/plain", encoding, digest), raw)

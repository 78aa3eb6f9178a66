"""Plain text: one document a file."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain

from cleaner.document import Document
from cleaner.errors import ReadError
from cleaner.readers import item
from cleaner.readers.decode import decode
from cleaner.readers.item import File, Item, Oversize, Piece, checked
from cleaner.record import Rejected, Source


def cut(file: File, chunks: Iterable[bytes]) -> Iterator[Piece | Oversize]:
    """The whole file as one piece."""
    parts: list[bytes] = []
    size = 0
    rest = iter(chunks)
    for chunk in rest:
        parts.append(chunk)
        size += len(chunk)
        if size > item.LIMIT:
            yield Oversize(file, chain(parts, rest))
            return
    yield Piece(file, b"".join(parts))


def read(piece: Piece) -> Iterator[Item | Rejected]:
    """The document of a text file."""
    file, raw = piece.file, piece.data
    digest = hashlib.sha256(raw).hexdigest()
    try:
        text, encoding = decode(raw)
        checked(text)
    except ReadError as error:
        source = Source(file.path, None, "application/octet-stream", None, digest)
        yield Rejected.of(file.id, "read", f"{file.path}: {error}", source, raw)
        return
    yield Item(Document.read(text, file.id), Source(file.path, None, "text/plain", encoding, digest), raw)

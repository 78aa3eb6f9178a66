"""What readers pass on, and what they all say alike: where a document stands, and why something is none."""

import hashlib
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from cleaner.document import Document
from cleaner.errors import RefusedInput, list_names
from cleaner.io import files as limits
from cleaner.io.files import File, Oversize, Piece
from cleaner.record import Rejected, Source

UNKNOWN_MEDIA_TYPE = "application/octet-stream"
"""The media type of bytes that turned out to be neither text nor page."""


class Item(Struct, frozen=True):
    """A document as read, and where it came from.

    `raw` are the bytes of the input, for the rejection of a document that cannot be cleaned; `extra` holds the keys of
    the input that mean nothing to us and are carried along.
    """

    document: Document
    source: Source
    raw: bytes = b""
    extra: dict[str, object] | None = None


def format_place(file: File, line: int | None) -> str:
    """Where a document stands, as messages say it: `PATH:LINE`, or `PATH` where lines do not count (None or 0)."""
    return f"{file.path}:{line}" if line else file.path


def format_id(file: File, line: int | None) -> str:
    """The id of a document that brings none: `ID:LINE`, or the `ID` of its file where lines do not count."""
    return f"{file.id}:{line}" if line else file.id


def reject_piece(piece: Piece, why: object, media_type: str, id: str = "", place: str = "") -> Rejected:
    """Why a piece holds no document, with its bytes untouched; `id` and `place` take the place of the usual ones."""
    file, line = piece.file, piece.line or None
    source = Source(file.path, line, media_type, None, hashlib.sha256(piece.data).hexdigest())
    reason = f"{place or format_place(file, line)}: {why}"
    return Rejected.build_from_input(id or format_id(file, line), "read", reason, source, piece.data)


def split_single(piece: Piece) -> Iterator[Piece]:
    """The piece itself: for formats that are cut into single documents at once."""
    yield piece


Part = Piece | Oversize
"""What a file is cut into: whole documents, or one that is over the limit."""


def reject_oversized(piece: Oversize) -> Rejected:
    """Why a document over the limit is not cleaned; its bytes, which may be endless, are not kept."""
    file, line = piece.file, piece.line or None
    limit = f"{limits.MAX_DOCUMENT_BYTES >> 20} MiB"
    reason = f"{format_place(file, line)}: larger than {limit}, which no article is; split it into its articles"
    return Rejected(format_id(file, line), "read", reason, Source(file.path, line), input_base64="")


def require_columns(named: Mapping[str, str], there: Collection[str]) -> None:
    """Raises `RefusedInput` where a column or key that the user has named is not there; `named` is by its field."""
    for field, name in named.items():
        if name not in there:
            raise RefusedInput(f"--{field}-field: there is no column or key {name!r}; there are {list_names(there)}")


TEXT_TYPE = "text/plain"

HTML_TYPE = "text/html"

MARKDOWN_TYPE = "text/markdown"

MAIL_TYPE = "message/rfc822"
"""Media types of what is given, as the source of the record has them."""

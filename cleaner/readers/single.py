"""Files of one document: plain text, and HTML pages, which become the lines they show and what their markup says."""

import hashlib
from collections.abc import Iterator
from io import BufferedReader
from itertools import chain

from cleaner.errors import ReadError
from cleaner.io import files
from cleaner.io.files import File, Oversize, Piece
from cleaner.io.streams import Tick, unpack_chunks
from cleaner.mail.message import read_message
from cleaner.readers.base import MAIL_TYPE, UNKNOWN_MEDIA_TYPE, Item, Part, reject_piece
from cleaner.readers.given import MAIL, MARKDOWN, PLAIN_FORM, Given, read_given
from cleaner.record import Rejected, Source


def cut_pieces(file: File, raw: BufferedReader, tick: Tick) -> Iterator[Part]:
    """The whole file as one piece, unpacked; one that is over the limit in chunks, never held as a whole."""
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


def read_text(piece: Piece) -> Item | Rejected:
    """The document of a text file, or why it holds none."""
    return _read_whole(piece, Given(text=piece.data, id=piece.file.id, form=PLAIN_FORM if piece.file.said else ""))


def read_markdown(piece: Piece) -> Item | Rejected:
    """The document of a file of Markdown, or why it holds none."""
    return _read_whole(piece, Given(text=piece.data, id=piece.file.id, form=MARKDOWN))


def read_mail(piece: Piece) -> Item | Rejected:
    """The document of a mail, or why it holds none; its attachments are named in `extra`."""
    try:
        mail = read_message(piece.data)
    except ReadError as error:
        return reject_piece(piece, error, MAIL_TYPE)
    given = Given(text=mail.text, html=mail.html, id=piece.file.id, facts=mail.facts, form=MAIL)
    return _read_whole(piece, given, MAIL_TYPE, {"attachments": mail.attachments} if mail.attachments else None)


def read_page(piece: Piece) -> Item | Rejected:
    """The document of a page, or why it holds none."""
    return _read_whole(piece, Given(html=piece.data, id=piece.file.id))


def _read_whole(
    piece: Piece, given: Given, media_type: str = "", extra: dict[str, object] | None = None
) -> Item | Rejected:
    """The document of a file, whose source is the file with the hash of its bytes."""
    origin = Source(piece.file.path, None, media_type, None, hashlib.sha256(piece.data).hexdigest())
    try:
        return read_given(given, origin, piece.data, extra)
    except ReadError as error:
        return reject_piece(piece, error, UNKNOWN_MEDIA_TYPE)

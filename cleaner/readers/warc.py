"""WARC and WET: the pages and texts of a web archive.

A page is a `response` with status 200, or a `resource`, whose type is HTML; a text is a `conversion`.  What else a
crawl holds (requests, redirects, images) is passed over.  A damaged record is rejected, and the next one looked for.

No library does that: of an archive of 1,500 packed records, 10 of them damaged, this reader gave 1,490 documents and 10
rejections, where fastwarc 2.0 and warcio ended at the first damage.  It reads 685 MB/s, fastwarc 2,008, warcio 285.
"""

import hashlib
import re
from collections import deque
from collections.abc import Iterator
from http import HTTPStatus
from io import BufferedReader
from itertools import chain

from cleaner.errors import ReadError
from cleaner.io import files
from cleaner.io.files import CHUNK_BYTES, File, Oversize, Piece
from cleaner.io.streams import Damage, Tick, recover_chunks
from cleaner.readers.base import HTML_TYPE, TEXT_TYPE, Item, Part, format_id, reject_piece
from cleaner.readers.given import Given, read_given
from cleaner.readers.http_body import decode_body
from cleaner.record import Rejected, Source

MAX_HEADER_BYTES = 1 << 16
"""Bytes of the longest headers that are read, of a record and of an answer."""

MAX_LENGTH_DIGITS = 15
"""Digits of the largest Content-Length that is believed: nearly a petabyte; larger ones are damage."""

MEDIA_TYPE = "application/warc"
"""That of a record without a document; of a document, it is the media type of the page or the text."""

_RECORD_START = b"WARC/"
_NEXT_RECORD = re.compile(rb"\r?\n\r?\n(?=WARC/[01]\.)")
"""Where a record ends and another seems to begin: the only way to go on behind damage."""

_MAX_MARK_BYTES = 16
"""Bytes of the longest match of `_NEXT_RECORD` with what it looks ahead to, and some more."""

_UNLIMITED_BYTES = 1 << 62
"""More than any archive has: for reading on to the next record, however far it is."""

_RECORD_ENDS = (b"\r\n\r\n", b"\n\n")
"""The empty line behind a record."""

_LINE_ENDS = re.compile(rb"[\r\n]*")
_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_FOLDED_HEADER = re.compile(r"\r?\n[ \t]+")
_HTTP_STATUS = re.compile(rb"HTTP/[\d.]+ +(\d{3})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
"""What a page's server says of its encoding."""

_PAGE_TYPES = (HTML_TYPE, "application/xhtml+xml")
_BAD_LENGTH_FAULT = "its Content-Length does not fit what follows; write the archive again"


class _LookaheadBuffer:
    """What of the unpacked archive is read and not used yet.

    Damage to the packing comes between the chunks: `damage` then holds it up until it is taken away, so that it is
    blamed on the record within which it lies.
    """

    def __init__(self, chunks: Iterator[bytes | Damage]) -> None:
        self._chunks = chunks
        self.bytes = bytearray()
        self.damage: Damage | None = None

    def read_more(self) -> bool:
        """Whether there was another chunk, which now stands at the end of `bytes`; False at damage and at the end."""
        chunk = None if self.damage else next(self._chunks, None)
        if isinstance(chunk, Damage):
            self.damage = chunk
        elif chunk is not None:
            self.bytes += chunk
            return True
        return False

    def fill_to(self, size: int) -> None:
        """Read on until there are so many bytes, or no more."""
        while len(self.bytes) < size and self.read_more():
            pass

    def take_bytes(self, size: int) -> bytes:
        """The next bytes, as many as there are of these."""
        self.fill_to(size)
        taken = bytes(memoryview(self.bytes)[:size])
        del self.bytes[:size]
        return taken

    def take_chunks(self, size: int, marked: bool) -> Iterator[bytes]:
        """The next bytes in chunks; when `marked`, no further than to where another record seems to begin."""
        while size:
            self.fill_to(min(size, CHUNK_BYTES))
            end = min(size, len(self.bytes))
            if found := _NEXT_RECORD.search(self.bytes, 0, end) if marked else None:
                end = size = found.end()
            elif marked and end < size:
                # the mark may lie across two chunks
                end = end - _MAX_MARK_BYTES if end > _MAX_MARK_BYTES or self.read_more() else end
            if end:
                yield self.take_bytes(end)
                size -= end
            elif not self.read_more():
                return

    def is_at_record(self) -> bool:
        """Whether a record begins behind the line ends that come next, or nothing."""
        while len(self.bytes) - (blank := _measure_line_ends(self.bytes)) < len(_RECORD_START) and self.read_more():
            pass
        del self.bytes[:blank]
        return not self.bytes or self.bytes.startswith(_RECORD_START)

    def skip_to_record(self) -> bytes:
        """All up to where the next record seems to begin; only the first of it where it is much."""
        dropped = bytearray()
        for chunk in self.take_chunks(_UNLIMITED_BYTES, marked=True):
            dropped += chunk[: files.MAX_DOCUMENT_BYTES - len(dropped)]
        return bytes(dropped)


def _measure_line_ends(data: bytearray) -> int:
    """How many bytes of line ends the data begin with."""
    found = _LINE_ENDS.match(data)
    return found.end() if found else 0


def cut_pieces(file: File, raw: BufferedReader, tick: Tick) -> Iterator[Part]:
    """The records that hold a page or a text, each a piece; `line` counts all records, those passed over too.

    A damaged record is a piece with its `fault`.  Raises `ReadError` for a file that does not begin with a record.
    """
    ahead = _LookaheadBuffer(recover_chunks(raw, file.packing, tick))
    number = 0
    while True:
        fitting = ahead.is_at_record()
        if not ahead.bytes and not ahead.damage:
            return
        number += 1
        if not ahead.bytes and ahead.damage:
            # it lies between two records, of which nothing is left
            fault, ahead.damage = ahead.damage.reason, None
            yield Piece(file, b"", number, fault=fault)
        elif not fitting:
            if number == 1:
                raise ReadError("this is no web archive: it does not begin with WARC/; name the file after its format")
            yield Piece(file, ahead.skip_to_record(), number, fault="no record begins here; write the archive again")
        else:
            yield from _cut_record(file, ahead, number)


def _cut_record(file: File, ahead: _LookaheadBuffer, number: int) -> Iterator[Part]:
    """The record that comes next, if it is wanted or damaged; else it is passed over."""
    head = _take_head(ahead)
    if not head:
        reason = _take_damage(ahead) or "the headers of the record do not end; write the archive again"
        yield Piece(file, ahead.skip_to_record(), number, fault=reason)
        return
    fields = _parse_headers(head)
    length = fields.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) <= MAX_LENGTH_DIGITS):
        block = b"" if ahead.is_at_record() else ahead.skip_to_record()
        yield Piece(file, head + block, number, fault="the record has no Content-Length; write the archive again")
        return
    size = int(length)
    ahead.fill_to(min(size, MAX_HEADER_BYTES))
    is_wanted = _is_wanted(fields, bytes(ahead.bytes[: min(size, MAX_HEADER_BYTES)]))
    if size > files.MAX_DOCUMENT_BYTES:
        # what nobody wants may well hold archives itself
        chunks = ahead.take_chunks(size, marked=is_wanted)
        if is_wanted:
            yield Oversize(file, chain((head,), chunks), number)
        deque(chunks, maxlen=0)
        return
    block, fault = _take_block(ahead, size)
    if is_wanted or fault:
        yield Piece(file, head + block, number, fault=fault)


def _take_head(ahead: _LookaheadBuffer) -> bytes:
    """The headers of the next record with the empty line behind them; "" where they do not end."""
    while True:
        end = _HEADERS_END.search(ahead.bytes, 0, MAX_HEADER_BYTES)
        if end:
            return ahead.take_bytes(end.end())
        if len(ahead.bytes) >= MAX_HEADER_BYTES or not ahead.read_more():
            return b""


def _take_block(ahead: _LookaheadBuffer, size: int) -> tuple[bytes, str]:
    """The block of a record that is said to have this size, and what is wrong with it, "" if nothing is.

    Where the size is wrong, the block goes as far as to where another record seems to begin.
    """
    block = ahead.take_bytes(size)
    ahead.fill_to(len(_RECORD_ENDS[0]))
    is_ended = ahead.bytes.startswith(_RECORD_ENDS)
    if len(block) < size:
        return block, _take_damage(ahead) or "the archive ends within this record; fetch it again"
    if not ahead.is_at_record() and not is_ended:
        if swallowed := _NEXT_RECORD.search(block):
            ahead.bytes[:0] = block[swallowed.end() :]
            block = block[: swallowed.end()]
        else:
            block += ahead.skip_to_record()
        return block, f"the record does not end where it should: {_BAD_LENGTH_FAULT}"
    # damage that has begun within this record, though its length fits
    is_damaged = not ahead.bytes and ahead.damage and ahead.damage.begun
    return block, _take_damage(ahead) if is_damaged else ""


def _take_damage(ahead: _LookaheadBuffer) -> str:
    """What is wrong with the packed data, which from now on is known; "" if nothing is."""
    damage, ahead.damage = ahead.damage, None
    return damage.reason if damage else ""


def _parse_headers(head: bytes) -> dict[str, str]:
    """The headers by their names in lower case, without the line before them; the first of a name counts."""
    fields: dict[str, str] = {}
    for line in _FOLDED_HEADER.sub(" ", head.decode("utf-8", "replace")).splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _parse_http_response(block: bytes) -> tuple[int, dict[str, str], bytes]:
    """The status, the headers and the body of an HTTP answer; status 0 where it is none."""
    status = _HTTP_STATUS.match(block)
    end = _HEADERS_END.search(block, 0, MAX_HEADER_BYTES)
    if not status or not end:
        return 0, {}, block
    return int(status[1]), _parse_headers(block[: end.start()]), block[end.end() :]


def _get_media_type(fields: dict[str, str]) -> str:
    """The media type of these headers, without its parameters; "" where they name none."""
    return fields.get("content-type", "").partition(";")[0].strip().lower()


def _is_wanted(fields: dict[str, str], beginning: bytes) -> bool:
    """Whether a record holds a page or a text; `beginning` is that of its block."""
    media_type = _get_media_type(fields)
    match fields.get("warc-type", "").lower():
        case "conversion":
            return media_type in (TEXT_TYPE, "")
        case "resource":
            return media_type in _PAGE_TYPES
        case "response" if media_type in ("application/http", ""):
            status, headers, _ = _parse_http_response(beginning)
            return status == HTTPStatus.OK and _get_media_type(headers) in (*_PAGE_TYPES, "")
    return False


def read_document(piece: Piece) -> Item | Rejected:
    """The document of a record, or why it holds none.

    Its id is that of the record, where the archive gives one.
    """
    end = _HEADERS_END.search(piece.data, 0, MAX_HEADER_BYTES)
    fields = _parse_headers(piece.data[: end.start()]) if end else {}
    id = fields.get("warc-record-id", "").strip("<>").removeprefix("urn:uuid:") or format_id(piece.file, piece.line)
    try:
        if piece.fault or not end:
            raise ReadError(piece.fault)
        return _read_block(piece, fields, piece.data[end.end() :], id)
    except ReadError as error:
        return reject_piece(piece, error, MEDIA_TYPE, id, f"{piece.file.path}: record {piece.line}")


def _read_block(piece: Piece, fields: dict[str, str], block: bytes, id: str) -> Item:
    """The document in the block of a record, `fields` being its headers; raises `ReadError`.

    `sha256` of the source is that of the text or the page as it was unpacked, without the headers of its answer.
    """
    url = fields.get("warc-target-uri", "").strip("<>") or None
    extra: dict[str, object] = {
        name.replace("-", "_"): fields[name] for name in ("warc-date", "warc-truncated") if fields.get(name)
    }
    kind = fields.get("warc-type", "").lower()
    headers, payload = fields, block
    if kind == "response":
        _, headers, payload = _parse_http_response(block)
        payload = decode_body(headers, payload)
    origin = Source(piece.file.path, piece.line, "", None, hashlib.sha256(payload).hexdigest())
    if kind == "conversion":
        return read_given(Given(text=payload, id=id, url=url), origin, payload, extra)
    label = _CHARSET.search(headers.get("content-type", ""))
    given = Given(html=payload, id=id, url=url, charset=label[1] if label else "")
    return read_given(given, origin, piece.data, extra or None)

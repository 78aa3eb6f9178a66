"""WARC and WET: the pages and texts of a web archive.

A page is a `response` with status 200, or a `resource`, whose type is HTML; a text is a `conversion`.  What else a
crawl holds (requests, redirects, images) is passed over.  A damaged record is rejected, and the next one looked for.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator
from io import BufferedReader
from itertools import chain
from typing import Any

import zstandard

from cleaner.document import Document
from cleaner.errors import ReadError
from cleaner.html.encoding import decoded
from cleaner.html.page import page
from cleaner.io import files
from cleaner.io.files import CHUNK, File, Oversize, Piece, checked
from cleaner.io.streams import Damage, Tick, salvaged
from cleaner.readers.base import Item
from cleaner.record import Rejected, Source
from cleaner.text.encoding import decode

HEAD = 1 << 16
"""Bytes of the longest headers that are read, of a record and of an answer."""

MEDIA = "application/warc"

_START = b"WARC/"
_NEXT = re.compile(rb"\r?\n\r?\n(?=WARC/[01]\.)")
_MARK = 16
"""Bytes of the longest match of `_NEXT` with what it looks ahead to, and some more."""

_BLANK = re.compile(rb"[\r\n]*")
_END = re.compile(rb"\r?\n\r?\n")
_FOLDED = re.compile(r"\r?\n[ \t]+")
_STATUS = re.compile(rb"HTTP/[\d.]+ +(\d{3})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_INSTALL = "pip install 'article-cleaner[warc]', and clean it again"
_PAGES = ("text/html", "application/xhtml+xml")
_NOT_FITTING = "its Content-Length does not fit what follows; write the archive again"


class _Ahead:
    """What of the unpacked archive is read and not used yet; `damage` holds it up until it is taken away."""

    def __init__(self, chunks: Iterator[bytes | Damage]) -> None:
        self._chunks = chunks
        self.bytes = bytearray()
        self.damage: Damage | None = None

    def more(self) -> bool:
        """Whether there was another chunk, which now stands at the end of `bytes`."""
        chunk = None if self.damage else next(self._chunks, None)
        if isinstance(chunk, Damage):
            self.damage = chunk
        elif chunk is not None:
            self.bytes += chunk
            return True
        return False

    def fill(self, size: int) -> None:
        """Read on until there are so many bytes, or no more."""
        while len(self.bytes) < size and self.more():
            pass

    def take(self, size: int) -> bytes:
        """The next bytes, as many as there are of these."""
        self.fill(size)
        taken = bytes(memoryview(self.bytes)[:size])
        del self.bytes[:size]
        return taken

    def pieces(self, size: int, marked: bool) -> Iterator[bytes]:
        """The next bytes in chunks; when `marked`, no further than to where another record seems to begin."""
        while size:
            self.fill(min(size, CHUNK))
            end = min(size, len(self.bytes))
            if found := _NEXT.search(self.bytes, 0, end) if marked else None:
                end = size = found.end()
            elif marked and end < size:
                # the mark may lie across two chunks
                end = end - _MARK if end > _MARK or self.more() else end
            if end:
                yield self.take(end)
                size -= end
            elif not self.more():
                return

    def at_record(self) -> bool:
        """Whether a record begins behind the line ends that come next, or nothing."""
        while len(self.bytes) - (blank := _blank(self.bytes)) < len(_START) and self.more():
            pass
        del self.bytes[:blank]
        return not self.bytes or self.bytes.startswith(_START)

    def to_record(self) -> bytes:
        """All up to where the next record seems to begin; only the first of it where it is much."""
        dropped = bytearray()
        for chunk in self.pieces(1 << 62, marked=True):
            dropped += chunk[: files.LIMIT - len(dropped)]
        return bytes(dropped)


def _blank(data: bytearray) -> int:
    found = _BLANK.match(data)
    return found.end() if found else 0


def cut(file: File, raw: BufferedReader, tick: Tick) -> Iterator[Piece | Oversize]:
    """The records that hold a page or a text, each a piece; `line` counts all records, those passed over too."""
    ahead = _Ahead(salvaged(raw, file.packing, tick))
    number = 0
    while True:
        fitting = ahead.at_record()
        if not ahead.bytes and not ahead.damage:
            return
        number += 1
        if not ahead.bytes and ahead.damage:
            fault, ahead.damage = ahead.damage.reason, None
            yield Piece(file, b"", number, fault=fault)
        elif not fitting:
            if number == 1:
                raise ReadError("this is no web archive: it does not begin with WARC/; name the file after its format")
            yield Piece(file, ahead.to_record(), number, fault="no record begins here; write the archive again")
        else:
            yield from _record(file, ahead, number)


def _record(file: File, ahead: _Ahead, number: int) -> Iterator[Piece | Oversize]:
    """The record that comes next, if it is wanted or damaged."""
    while not (end := _END.search(ahead.bytes, 0, HEAD)) and len(ahead.bytes) < HEAD and ahead.more():
        pass
    if not end:
        reason = _broken(ahead) or "the headers of the record do not end; write the archive again"
        yield Piece(file, ahead.to_record(), number, fault=reason)
        return
    head = ahead.take(end.end())
    fields = _fields(head)
    length = fields.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        reason = "the record has no Content-Length; write the archive again"
        block = b"" if ahead.at_record() else ahead.to_record()
        yield Piece(file, head + block, number, fault=reason)
        return
    size = int(length)
    ahead.fill(min(size, HEAD))
    wanted = _wanted(fields, bytes(ahead.bytes[: min(size, HEAD)]))
    if size > files.LIMIT:
        chunks = ahead.pieces(size, marked=wanted)
        if wanted:
            yield Oversize(file, chain((head,), chunks), number)
        for _ in chunks:
            pass
        return
    block = ahead.take(size)
    fault = ""
    ahead.fill(4)
    ended = ahead.bytes.startswith((b"\r\n\r\n", b"\n\n"))
    if len(block) < size:
        fault = _broken(ahead) or "the archive ends within this record; fetch it again"
    elif not ahead.at_record() and not ended:
        fault = f"the record does not end where it should: {_NOT_FITTING}"
        if swallowed := _NEXT.search(block):
            ahead.bytes[:0] = block[swallowed.end() :]
            block = block[: swallowed.end()]
        else:
            block += ahead.to_record()
    elif not ahead.bytes and ahead.damage and ahead.damage.begun:
        fault = _broken(ahead)
    if wanted or fault:
        yield Piece(file, head + block, number, fault=fault)


def _broken(ahead: _Ahead) -> str:
    """What is wrong with the packed data, which from now on is known; "" if nothing is."""
    damage, ahead.damage = ahead.damage, None
    return damage.reason if damage else ""


def _fields(head: bytes) -> dict[str, str]:
    """The headers by their names in lower case; the first of a name counts."""
    fields: dict[str, str] = {}
    for line in _FOLDED.sub(" ", head.decode("utf-8", "replace")).splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _answer(block: bytes) -> tuple[int, dict[str, str], bytes]:
    """The status, the headers and the body of an HTTP answer; status 0 where it is none."""
    status = _STATUS.match(block)
    end = _END.search(block, 0, HEAD)
    if not status or not end:
        return 0, {}, block
    return int(status[1]), _fields(block[: end.start()]), block[end.end() :]


def _type(fields: dict[str, str]) -> str:
    return fields.get("content-type", "").partition(";")[0].strip().lower()


def _wanted(fields: dict[str, str], beginning: bytes) -> bool:
    """Whether a record holds a page or a text; `beginning` is that of its block."""
    kind = fields.get("warc-type", "").lower()
    if kind == "conversion":
        return _type(fields) in ("text/plain", "")
    if kind == "resource":
        return _type(fields) in _PAGES
    if kind != "response" or _type(fields) not in ("application/http", ""):
        return False
    status, headers, _ = _answer(beginning)
    return status == 200 and _type(headers) in (*_PAGES, "")


def split(piece: Piece) -> Iterator[Piece]:
    """The piece itself, which is one record."""
    yield piece


def read(piece: Piece) -> Item | Rejected:
    """The document of a record, or why it holds none."""
    file, number = piece.file, piece.line
    end = _END.search(piece.data, 0, HEAD)
    fields = _fields(piece.data[: end.start()]) if end else {}
    id = fields.get("warc-record-id", "").strip("<>").removeprefix("urn:uuid:") or f"{file.id}:{number}"
    try:
        if piece.fault or not end:
            raise ReadError(piece.fault)
        return _document(piece, fields, piece.data[end.end() :], id)
    except ReadError as error:
        source = Source(file.path, number, MEDIA, None, hashlib.sha256(piece.data).hexdigest())
        return Rejected.of(id, "read", f"{file.path}: record {number}: {error}", source, piece.data)


def _document(piece: Piece, fields: dict[str, str], block: bytes, id: str) -> Item:
    url = fields.get("warc-target-uri", "").strip("<>") or None
    extra: dict[str, Any] = {
        name.replace("-", "_"): fields[name] for name in ("warc-date", "warc-truncated") if fields.get(name)
    }
    kind = fields.get("warc-type", "").lower()
    headers, payload = fields, block
    if kind == "response":
        _, headers, payload = _answer(block)
        payload = _body(headers, payload)
    digest = hashlib.sha256(payload).hexdigest()
    if kind == "conversion":
        text, encoding = decode(payload)
        document = Document.read(checked(text), id, url)
        return Item(document, Source(piece.file.path, piece.line, "text/plain", encoding, digest), payload, extra)
    label = _CHARSET.search(headers.get("content-type", ""))
    markup, encoding = decoded(payload, label[1] if label else "")
    document = page(markup, id, url)
    return Item(document, Source(piece.file.path, piece.line, "text/html", encoding, digest), piece.data, extra or None)


# ---------------------------------------------------------------- what a server did to a page on its way


def _body(headers: dict[str, str], body: bytes) -> bytes:
    """The page as the server meant it: many archives keep it already unpacked under headers that say otherwise."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    for coding in reversed(headers.get("content-encoding", "").lower().split(",")):
        body = _unpacked(coding.strip(), body)
    return body


_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")


def _unchunked(body: bytes) -> bytes:
    """The body without the sizes of its chunks; as it is where it has none."""
    parts: list[bytes] = []
    at = 0
    while found := _CHUNK.match(body, at):
        size = int(found[1], 16)
        at = found.end() + size
        if not size:
            return b"".join(parts)
        parts.append(body[found.end() : at])
        at += 2 if body.startswith(b"\r\n", at) else 1
    if parts and at < len(body):
        raise ReadError("the chunks in which the page was sent do not fit; fetch the page again")
    if parts:
        raise ReadError("the page was not sent to its end; fetch it again")
    return body


def _unpacked(coding: str, body: bytes) -> bytes:
    """The body unpacked, never more than the limit; as it is where it is not packed at all."""
    if coding in ("", "identity"):
        return body
    try:
        if coding in ("gzip", "x-gzip"):
            return _inflated(body, 31) if body.startswith(b"\x1f\x8b") else body
        if coding == "deflate":
            return _deflated(body)
        if coding == "zstd":
            return _zstd(body) if body.startswith(b"\x28\xb5\x2f\xfd") else body
        if coding == "br":
            return _brotli(body)
    except (zlib.error, zstandard.ZstdError) as error:
        raise ReadError(f"the page is packed as {coding}, and damaged ({error}); fetch it again") from error
    raise ReadError(f"the page is packed as {coding!r}, which is not known; keep pages unpacked in the archive")


def _inflated(body: bytes, bits: int) -> bytes:
    packed = zlib.decompressobj(bits)
    page = _limited(packed.decompress(body, files.LIMIT + 1))
    if not packed.eof:
        raise ReadError("the packed page was not sent to its end; fetch it again")
    return page


def _deflated(body: bytes) -> bytes:
    """Zlib data by the standard, bare deflate data by custom, or text under a wrong header."""
    if _is_markup(body):
        return body
    try:
        return _inflated(body, 15)
    except zlib.error:
        return _inflated(body, -15)


def _zstd(body: bytes) -> bytes:
    with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(body) as packed:
        return _limited(packed.read(files.LIMIT + 1))


def _brotli(body: bytes) -> bytes:
    try:
        import brotli
    except ImportError as error:
        raise ReadError(f"the page is packed with Brotli, which is not installed; {_INSTALL}") from error
    packed = brotli.Decompressor()
    try:
        page = _limited(packed.process(body, output_buffer_limit=files.LIMIT + 1))
    except TypeError as error:
        raise ReadError(f"the page is packed with Brotli, and that installed is too old; {_INSTALL}") from error
    except brotli.error as error:
        if _is_markup(body):
            return body
        raise ReadError(f"the page is packed as br, and damaged ({error}); fetch it again") from error
    if not packed.is_finished():
        raise ReadError("the packed page was not sent to its end; fetch it again")
    return page


def _is_markup(body: bytes) -> bool:
    return body[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _limited(page: bytes) -> bytes:
    if len(page) > files.LIMIT:
        raise ReadError(f"the page unpacks to more than {files.LIMIT >> 20} MiB, which no article has; leave it out")
    return page

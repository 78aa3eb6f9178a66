"""What a server did to a page on its way: the chunks it was sent in, and how it was packed."""

import re
import zlib
from collections.abc import Callable
from typing import NamedTuple

import zstandard

from cleaner.errors import ReadError, advise_install
from cleaner.io import files

_GZIP_WRAPPER = 16
"""Added to the window bits of zlib, it asks for the header of gzip."""

_MAX_WINDOW_BYTES = 1 << 27
"""Memory that a page packed by Zstandard may ask for: 128 MiB, what the program `zstd` takes unless told otherwise."""

MARKUP_LOOKAHEAD_BYTES = 1 << 16
"""Bytes at the beginning of a body in which its markup must begin, behind blanks."""

_INSTALL_ADVICE = f"{advise_install('warc')}, and clean it again"
_UNFINISHED_FAULT = "the packed page was not sent to its end; fetch it again"

_CHUNK_HEADER = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
"""The size of a chunk in hexadecimal, and extensions of it that nobody uses."""


def decode_body(headers: dict[str, str], body: bytes) -> bytes:
    """The page as the server meant it; `headers` are those of its answer, with names in lower case.

    Many archives keep a page already unpacked under headers that say otherwise: it is then left as it is.  Raises
    `ReadError` for a page that was not sent to its end, is damaged, or is larger than any article unpacked.
    """
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _join_chunks(body)
    # listed in the order in which they were applied
    for coding in reversed(headers.get("content-encoding", "").lower().split(",")):
        body = _unpack_body(coding.strip(), body)
    return body


def _join_chunks(body: bytes) -> bytes:
    """The body without the sizes of its chunks; as it is where it has none.

    The last chunk has the size 0; without it the page was cut off.
    """
    parts: list[bytes] = []
    at = 0
    while found := _CHUNK_HEADER.match(body, at):
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


def _unpack_body(coding: str, body: bytes) -> bytes:
    """The body unpacked, never more than the limit; as it is where it is not packed at all.

    `coding` is a value of Content-Encoding.  Raises `ReadError` for one that is not known, and for damaged data.
    """
    if coding in ("", "identity"):
        return body
    known = _CODINGS.get(coding)
    if known is None:
        raise ReadError(f"the page is packed as {coding!r}, which is not known; keep pages unpacked in the archive")
    if not body.startswith(known.magic):
        return body
    try:
        return known.unpack(body)
    except (zlib.error, zstandard.ZstdError) as error:
        raise ReadError(f"the page is packed as {coding}, and damaged ({error}); fetch it again") from error


def _decompress_gzip(body: bytes) -> bytes:
    """Data of zlib in the wrapper of gzip."""
    return _decompress_zlib(body, zlib.MAX_WBITS + _GZIP_WRAPPER)


def _decompress_zlib(body: bytes, window_bits: int = zlib.MAX_WBITS) -> bytes:
    """Data of zlib; negative `window_bits` are for data without its header."""
    packed = zlib.decompressobj(window_bits)
    page = _check_size(packed.decompress(body, files.MAX_DOCUMENT_BYTES + 1))
    if not packed.eof:
        raise ReadError(_UNFINISHED_FAULT)
    return page


def _decompress_deflate(body: bytes) -> bytes:
    """Zlib data by the standard, bare deflate data by custom, or text under a wrong header."""
    if _is_markup(body):
        return body
    try:
        return _decompress_zlib(body)
    except zlib.error:
        return _decompress_zlib(body, -zlib.MAX_WBITS)


def _decompress_zstd(body: bytes) -> bytes:
    """Data of Zstandard."""
    with zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES).stream_reader(body) as packed:
        return _check_size(packed.read(files.MAX_DOCUMENT_BYTES + 1))


def _decompress_brotli(body: bytes) -> bytes:
    """Data of Brotli, which has no magic number: text under a wrong header is what cannot be unpacked and is markup."""
    try:
        import brotli
    except ImportError as error:
        raise ReadError(f"the page is packed with Brotli, which is not installed; {_INSTALL_ADVICE}") from error
    packed = brotli.Decompressor()
    try:
        page = _check_size(packed.process(body, output_buffer_limit=files.MAX_DOCUMENT_BYTES + 1))
    except TypeError as error:
        raise ReadError(f"the page is packed with Brotli, and that installed is too old; {_INSTALL_ADVICE}") from error
    except brotli.error as error:
        if _is_markup(body):
            return body
        raise ReadError(f"the page is packed as br, and damaged ({error}); fetch it again") from error
    if not packed.is_finished():
        raise ReadError(_UNFINISHED_FAULT)
    return page


def _is_markup(body: bytes) -> bool:
    """Whether a body is HTML already, and only its header says that it is packed."""
    return body[:MARKUP_LOOKAHEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _check_size(page: bytes) -> bytes:
    """The page, unless it is over the limit; then raises `ReadError`."""
    if len(page) > files.MAX_DOCUMENT_BYTES:
        limit = f"{files.MAX_DOCUMENT_BYTES >> 20} MiB"
        raise ReadError(f"the page unpacks to more than {limit}, which no article has; leave it out")
    return page


class _Coding(NamedTuple):
    """How a body is unpacked; without `magic` at its beginning it is not packed, whatever the header says."""

    magic: bytes
    unpack: Callable[[bytes], bytes]


_CODINGS = {
    "gzip": _Coding(b"\x1f\x8b", _decompress_gzip),
    "x-gzip": _Coding(b"\x1f\x8b", _decompress_gzip),
    "deflate": _Coding(b"", _decompress_deflate),
    "zstd": _Coding(b"\x28\xb5\x2f\xfd", _decompress_zstd),
    "br": _Coding(b"", _decompress_brotli),
}
"""Values of Content-Encoding."""

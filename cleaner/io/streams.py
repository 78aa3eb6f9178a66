"""Files and addresses in, chunks of bytes out, unpacked on the way.

Packed files are often several packed files one behind the other (members of gzip, frames of Zstandard), and are often
damaged.  Unpacking goes on at the next member or frame behind the damage, and no more than a few chunks are in memory,
whatever a file unpacks to.
"""

import os
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import NamedTuple

import zstandard

from cleaner.errors import ReadError
from cleaner.io import remote
from cleaner.io.files import CHUNK_BYTES, STDIN, File

Tick = Callable[[int], None]
"""What is called with the number of bytes that were read from a file, as they are read."""

Unpacked = Iterator["bytes | Damage"]
"""Chunks in their order, and what is wrong where something is."""

ZSTD_BITE_BYTES = 512
"""Bytes of Zstandard data that are unpacked at a time: very even text unpacks to thirty thousand times its size, so
that this makes at most 15 MB."""

GZIP_WBITS = 31
"""zlib's window of 32 KB (15), plus 16 for a gzip header and trailer."""

_GZIP_MAGIC = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
"""How a member of gzip begins: two fixed bytes, deflate, and flags of which three bits are reserved."""

_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
"""How a frame of Zstandard begins."""

KEPT_MAGIC_BYTES = 3
"""Bytes kept while a beginning is sought: one that a read cuts in two has at most so many in the first part."""


def open_file(file: File) -> BufferedReader:
    """The bytes of a file, of standard input or of an address; raises `OSError`, and `ReadError` for an address."""
    if file.path == STDIN:
        return os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    return remote.open_address(file.path) if remote.is_address(file.path) else open(file.path, "rb")


def measure_size(file: File) -> int | None:
    """The bytes of a file as they lie, None where nobody can say before they are read."""
    if remote.is_address(file.path):
        return remote.measure_size(file.path)
    try:
        return None if file.path == STDIN else os.path.getsize(file.path)
    except OSError:
        return None


class Damage(NamedTuple):
    """What is wrong with packed data; `begun` when bytes of the damaged part were passed on already."""

    reason: str
    begun: bool


def _read_plain(raw: BufferedReader, tick: Tick) -> Unpacked:
    """The bytes as they are."""
    # read would go on waiting for a slow pipe after an interrupt
    while chunk := raw.read1(CHUNK_BYTES):
        tick(len(chunk))
        yield chunk


def _unpack_gzip(raw: BufferedReader, tick: Tick) -> Unpacked:
    """The members of gzip data, at most `CHUNK_BYTES` of them at a time.

    `fresh`: nothing of a member was read yet; `begun`: bytes of it were passed on; `full`: it may hold more unpacked
    bytes without more input; `lost`: damaged data is skipped up to the next beginning.
    """
    packed = before = b""
    member = zlib.decompressobj(GZIP_WBITS)
    fresh, begun, full, lost = True, False, False, False
    while True:
        if not packed and not full:
            packed = raw.read1(CHUNK_BYTES)
            if not packed:
                break
            tick(len(packed))
        if lost:
            packed = before + packed
            found = _GZIP_MAGIC.search(packed)
            if not found:
                packed, before = b"", packed[-KEPT_MAGIC_BYTES:]
                continue
            packed, before, lost = packed[found.start() :], b"", False
        if fresh:
            # tapes and some writers fill up with zeros
            packed = packed.lstrip(b"\0")
            if not packed:
                continue
        try:
            chunk = member.decompress(packed, CHUNK_BYTES)
        except zlib.error as error:
            yield Damage(f"the gzip data is damaged ({error}); fetch the file again", begun)
            packed = packed[1:] if fresh else packed
            member, fresh, begun, full, lost = zlib.decompressobj(GZIP_WBITS), True, False, False, True
            continue
        full = len(chunk) == CHUNK_BYTES
        fresh, begun = False, begun or bool(chunk)
        packed = member.unconsumed_tail
        if chunk:
            yield chunk
        if member.eof:
            packed = member.unused_data
            member, fresh, begun, full = zlib.decompressobj(GZIP_WBITS), True, False, False
    if not fresh:
        yield Damage("the gzip data ends too early; fetch the file again", begun)


def _split_chunks(parts: list[bytes]) -> Iterator[bytes]:
    """The bytes of these parts in chunks of twice the usual size, the last one shorter."""
    data = memoryview(b"".join(parts))
    for at in range(0, len(data), 2 * CHUNK_BYTES):
        yield bytes(data[at : at + 2 * CHUNK_BYTES])


def _unpack_zstd(raw: BufferedReader, tick: Tick) -> Unpacked:
    """The frames of Zstandard data; `fresh`, `begun` and `lost` as in `_unpack_gzip`.

    What is unpacked is collected in `parts` until it is a chunk: `size` bytes.
    """
    parts: list[bytes] = []
    size = 0
    frame = zstandard.ZstdDecompressor().decompressobj()
    fresh, begun, lost = True, False, False
    before = b""
    while packed := raw.read(ZSTD_BITE_BYTES):
        tick(len(packed))
        if lost:
            packed = before + packed
            at = packed.find(_ZSTD_MAGIC)
            if at < 0:
                before = packed[-KEPT_MAGIC_BYTES:]
                continue
            packed, lost = packed[at:], False
        while packed:
            try:
                parts.append(frame.decompress(packed))
            except zstandard.ZstdError as error:
                yield from _split_chunks(parts)
                yield Damage(f"the Zstandard data is damaged ({error}); fetch the file again", begun)
                parts, size = [], 0
                at = packed.find(_ZSTD_MAGIC, 1 if fresh else 0)
                frame, fresh, begun = zstandard.ZstdDecompressor().decompressobj(), True, False
                lost, before = at < 0, packed[-KEPT_MAGIC_BYTES:]
                packed = b"" if lost else packed[at:]
                continue
            size += len(parts[-1])
            packed, fresh, begun = frame.unused_data, False, begun or bool(parts[-1])
            if frame.eof:
                frame, fresh, begun = zstandard.ZstdDecompressor().decompressobj(), True, False
        if size >= CHUNK_BYTES:
            yield from _split_chunks(parts)
            parts, size = [], 0
    yield from _split_chunks(parts)
    if not fresh:
        yield Damage("the Zstandard data ends too early; fetch the file again", begun)


PACKINGS: dict[str, Callable[[BufferedReader, Tick], Unpacked]] = {
    "": _read_plain,
    ".gz": _unpack_gzip,
    ".zst": _unpack_zstd,
}
"""How each ending that can follow a format's own is unpacked."""


def recover_chunks(raw: BufferedReader, packing: str, tick: Tick = lambda read: None) -> Unpacked:
    """The chunks of a file, and the damage where packed data is damaged; the next member or frame comes behind it.

    `packing` is a key of `PACKINGS`.
    """
    return PACKINGS[packing](raw, tick)


def unpack_chunks(raw: BufferedReader, packing: str, tick: Tick = lambda read: None) -> Iterator[bytes]:
    """The chunks of a file.

    Raises `ReadError` where packed data is damaged, after all that came before the damage.
    """
    for chunk in recover_chunks(raw, packing, tick):
        if isinstance(chunk, Damage):
            raise ReadError(chunk.reason)
        yield chunk

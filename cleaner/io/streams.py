"""Files and addresses in, chunks of bytes out, unpacked on the way."""

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


def _read_plain(raw: BufferedReader, tick: Tick) -> Iterator[bytes | Damage]:
    # read would go on waiting for a slow pipe after an interrupt
    while chunk := raw.read1(CHUNK_BYTES):
        tick(len(chunk))
        yield chunk


_GZIP_MAGIC = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")


def _unpack_gzip(raw: BufferedReader, tick: Tick) -> Iterator[bytes | Damage]:
    packed = before = b""
    member = zlib.decompressobj(31)
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
                packed, before = b"", packed[-3:]
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
            member, fresh, begun, full, lost = zlib.decompressobj(31), True, False, False, True
            continue
        full = len(chunk) == CHUNK_BYTES
        fresh, begun = False, begun or bool(chunk)
        packed = member.unconsumed_tail
        if chunk:
            yield chunk
        if member.eof:
            packed = member.unused_data
            member, fresh, begun, full = zlib.decompressobj(31), True, False, False
    if not fresh:
        yield Damage("the gzip data ends too early; fetch the file again", begun)


def _split_chunks(parts: list[bytes]) -> Iterator[bytes]:
    data = memoryview(b"".join(parts))
    for at in range(0, len(data), 2 * CHUNK_BYTES):
        yield bytes(data[at : at + 2 * CHUNK_BYTES])


_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


def _unpack_zstd(raw: BufferedReader, tick: Tick) -> Iterator[bytes | Damage]:
    parts: list[bytes] = []
    size = 0
    frame = zstandard.ZstdDecompressor().decompressobj()
    fresh, begun, lost = True, False, False
    before = b""
    # small bites: very even text unpacks to thirty thousand times its size
    while packed := raw.read(512):
        tick(len(packed))
        if lost:
            packed = before + packed
            at = packed.find(_ZSTD_MAGIC)
            if at < 0:
                before = packed[-3:]
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
                lost, before = at < 0, packed[-3:]
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


PACKINGS: dict[str, Callable[[BufferedReader, Tick], Iterator[bytes | Damage]]] = {
    "": _read_plain,
    ".gz": _unpack_gzip,
    ".zst": _unpack_zstd,
}
"""How each ending that can follow a format's own is unpacked."""


def recover_chunks(raw: BufferedReader, packing: str, tick: Tick = lambda read: None) -> Iterator[bytes | Damage]:
    """The chunks of a file, and the damage where packed data is damaged; the next member or frame comes behind it.

    `tick` hears of every byte that was read from the file.
    """
    return PACKINGS[packing](raw, tick)


def unpack_chunks(raw: BufferedReader, packing: str, tick: Tick = lambda read: None) -> Iterator[bytes]:
    """The chunks of a file; `tick` hears of every byte that was read from it.

    Raises `ReadError` where packed data is damaged, after all that came before the damage.
    """
    for chunk in recover_chunks(raw, packing, tick):
        if isinstance(chunk, Damage):
            raise ReadError(chunk.reason)
        yield chunk

"""Files in, chunks of bytes out, unpacked on the way."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from io import BufferedReader

import zstandard

from cleaner.errors import ReadError
from cleaner.readers.item import CHUNK

Tick = Callable[[int], None]


def _plain(raw: BufferedReader, tick: Tick) -> Iterator[bytes]:
    # read would go on waiting for a slow pipe after an interrupt
    while chunk := raw.read1(CHUNK):
        tick(len(chunk))
        yield chunk


def _gzip(raw: BufferedReader, tick: Tick) -> Iterator[bytes]:
    at = 0
    try:
        with gzip.GzipFile(fileobj=raw) as stream:
            while chunk := stream.read(CHUNK):
                tick(raw.tell() - at)
                at = raw.tell()
                yield chunk
        tick(raw.tell() - at)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReadError(f"the gzip data is damaged ({error}); fetch the file again") from error


def _zstd(raw: BufferedReader, tick: Tick) -> Iterator[bytes]:
    parts: list[bytes] = []
    size = 0
    frame = zstandard.ZstdDecompressor().decompressobj()
    fresh = True
    try:
        # small bites: very even text unpacks to ten thousand times its size
        while packed := raw.read(2048):
            tick(len(packed))
            while packed:
                parts.append(frame.decompress(packed))
                size += len(parts[-1])
                packed, fresh = frame.unused_data, False
                if frame.eof:
                    frame, fresh = zstandard.ZstdDecompressor().decompressobj(), True
            if size >= CHUNK:
                yield b"".join(parts)
                parts, size = [], 0
    except zstandard.ZstdError as error:
        raise ReadError(f"the Zstandard data is damaged ({error}); fetch the file again") from error
    if size:
        yield b"".join(parts)
    if not fresh:
        raise ReadError("the Zstandard data ends too early; fetch the file again")


PACKINGS: dict[str, Callable[[BufferedReader, Tick], Iterator[bytes]]] = {"": _plain, ".gz": _gzip, ".zst": _zstd}
"""How each ending that can follow a format's own is unpacked."""


def unpacked(raw: BufferedReader, packing: str, tick: Tick = lambda read: None) -> Iterator[bytes]:
    """The chunks of a file; `tick` hears of every byte that was read from it.

    Raises `ReadError` where packed data is damaged, after all that came before the damage.
    """
    return PACKINGS[packing](raw, tick)

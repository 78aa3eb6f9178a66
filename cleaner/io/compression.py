"""Bytes packed on their way into a file, the same bytes for the same content."""

import zlib
from collections.abc import Callable
from typing import Literal, Protocol

import zstandard

Packing = Literal["", ".gz", ".zst"]
"""The ending of a packed file, "" for one that is not packed."""

ZSTD_LEVEL = 3
"""Zstandard's own default: a higher level costs more time than cleaning."""


class Writable(Protocol):
    """What takes bytes: a file, a pipe, a `Part`."""

    def write(self, data: bytes, /) -> object:
        """Take these bytes."""


class _Compressor(Protocol):
    """What zlib and zstandard have in common; either method may hold bytes back or give them later."""

    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class _Plain:
    """A packing that changes nothing."""

    def compress(self, data: bytes, /) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""


_COMPRESSORS: dict[str, Callable[[], _Compressor]] = {
    "": _Plain,
    # zlib's own gzip header holds neither a time nor a name
    ".gz": lambda: zlib.compressobj(wbits=31),
    ".zst": lambda: zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True).compressobj(),
}


class CompressedStream:
    """A stream that packs what is written to it; `close` writes the end, and leaves the stream below open."""

    def __init__(self, stream: Writable, packing: Packing) -> None:
        self._stream = stream
        self._compressor = _COMPRESSORS[packing]()

    def write(self, data: bytes, /) -> int:
        """Take these bytes; gives how many."""
        # an empty write is an end to some pipes
        if out := self._compressor.compress(data):
            self._stream.write(out)
        return len(data)

    def close(self) -> None:
        """Write what is still held and the end of the packing."""
        if out := self._compressor.flush():
            self._stream.write(out)


def compress_stream(stream: Writable, packing: Packing) -> CompressedStream:
    """The stream behind a packing; without one, bytes pass as they are."""
    return CompressedStream(stream, packing)

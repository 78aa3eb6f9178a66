"""The first bytes of a file looked at, without being lost to who reads it."""

import logging
from contextlib import suppress
from io import BufferedReader, BytesIO, RawIOBase
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cleaner.errors import ReadError
from cleaner.io.files import File
from cleaner.io.streams import unpack_chunks
from cleaner.readers.recognise import HEAD_BYTES, find_packing, recognise_format, require_sure

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAGIC_BYTES = 8
"""Bytes by which a packing is known."""

PLAIN_ENDING = ".txt"
"""The format of what nothing says more of."""

LOOKED_AT_ENDINGS = ("", PLAIN_ENDING)

log = logging.getLogger("cleaner")


class _ReplayedStream(RawIOBase):
    """A stream that gives first what was read of it before, and then its rest."""

    def __init__(self, head: bytes, rest: BufferedReader) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill the buffer from the head, and once that is used up from one read of the rest."""
        room = memoryview(buffer).cast("B")
        part = self._head[: len(room)]
        if part:
            self._head = self._head[len(part) :]
        else:
            part = memoryview(self._rest.read1(len(room)))
        room[: len(part)] = part
        return len(part)


def recognise_file(file: File, raw: BufferedReader) -> tuple[File, BufferedReader]:
    """The file with the ending and the packing that its first bytes say, and its bytes from the first one on.

    Nothing changes where the user has said the format, but for the packing.  Raises `RefusedInput` for doubtful ones.
    """
    start = _peek_bytes(raw, MAGIC_BYTES)
    packing = file.packing or find_packing(start)
    if packing and file.ending == ".parquet":
        packing = file.packing
    found = None
    if file.ending in LOOKED_AT_ENDINGS and not file.said:
        head, raw = _read_head(raw, packing)
        found = recognise_format(head, file.columns)
    ending = require_sure(file.path, found) if found else file.ending or PLAIN_ENDING
    if (ending, packing) == (file.ending, file.packing):
        return file, raw
    if found:
        log.info("recognised", extra={"input": file.path, "format": ending, "why": found.why})
    return replace(file, ending=ending, packing=packing), raw


def read_head(raw: BufferedReader) -> bytes:
    """The first bytes of a file, unpacked, which are then read."""
    return _unpack_head(head, packing) if (packing := find_packing(head := raw.read(HEAD_BYTES))) else head


def _peek_bytes(raw: BufferedReader, count: int) -> bytes:
    """The first bytes, which stay to be read; fewer where a pipe has given no more yet."""
    return raw.peek(count)[:count]


def _read_head(raw: BufferedReader, packing: str) -> tuple[bytes, BufferedReader]:
    """The first bytes, unpacked, and a stream that begins with them as they lie."""
    start = raw.tell() if raw.seekable() else None
    taken: list[bytes] = []
    while sum(map(len, taken)) < HEAD_BYTES and (chunk := raw.read1(HEAD_BYTES)):
        taken.append(chunk)
    head = b"".join(taken)
    if start is not None:
        raw.seek(start)
    else:
        raw = BufferedReader(_ReplayedStream(head, raw), HEAD_BYTES)
    return (_unpack_head(head, packing) if packing else head), raw


def _unpack_head(head: bytes, packing: str) -> bytes:
    """What the first bytes of packed data unpack to, as far as they do."""
    parts: list[bytes] = []
    with suppress(ReadError):
        for chunk in unpack_chunks(BufferedReader(BytesIO(head)), packing):
            parts.append(chunk)
            if sum(map(len, parts)) >= HEAD_BYTES:
                break
    return b"".join(parts)

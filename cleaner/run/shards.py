"""Inputs cut into shards: the units of a run, each done once, whatever happens to the run.

Cutting only finds where documents end; they are read by the workers.  Where shards begin and end depends on nothing but
the input and the two limits here, which is why a run can go on from the shards that an earlier one has kept.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct

from cleaner.errors import ReadError, RefusedInput
from cleaner.io.files import File, Oversize, Piece
from cleaner.io.streams import Tick, open_file
from cleaner.readers import cut_stream, split_piece
from cleaner.readers.base import reject_oversized
from cleaner.record import Rejected, Source

FULL_SHARD_BYTES = 1 << 20
"""Bytes of input from which on a shard is full."""

FULL_SHARD_PIECES = 256
"""Pieces from which on a shard is full: a folder of small files has one for each."""

DIGEST_BYTES = 16
"""Bytes of the hash that tells one shard's input from another's."""


class Shard(Struct, frozen=True):
    """The `number`th part of the input of an output: whole documents.

    `alone` asks for one document after the other, after a worker has died of one of several; `poisoned` are the
    places at which a worker has died, each with the reason: documents there must not be touched again.
    """

    output: str
    number: int
    pieces: tuple[Piece, ...] = ()
    alone: bool = False
    poisoned: tuple[tuple[int, str], ...] = ()


class UnreadPart(Struct, frozen=True):
    """A part of the input that is no document: why, and the bytes of one that is too large, to be used up at once."""

    output: str
    number: int
    rejected: Rejected
    chunks: Iterator[bytes] | None = None


class OutputEnd(Struct, frozen=True):
    """Behind the last of the `shards` parts of an output: no other part of it follows."""

    output: str
    shards: int


def cut_shards(outputs: Iterable[tuple[str, Iterable[File]]], tick: Tick) -> Iterator[Shard | UnreadPart | OutputEnd]:
    """The parts of all outputs in their order; the same input gives the same parts.

    `tick` is called with the bytes that were read, as they are read.
    """
    for output, files in outputs:
        number = 0
        pieces: list[Piece] = []
        size = 0
        for piece in (piece for file in files for piece in _read_pieces(file, tick)):
            if isinstance(piece, Piece):
                pieces.append(piece)
                size += len(piece.data)
                if size < FULL_SHARD_BYTES and len(pieces) < FULL_SHARD_PIECES:
                    continue
            # full, or followed by something else: its number comes first
            if pieces:
                yield Shard(output, number, tuple(pieces))
                number += 1
                pieces, size = [], 0
            if not isinstance(piece, Piece):
                yield _set_unread_apart(output, number, piece)
                number += 1
        if pieces:
            yield Shard(output, number, tuple(pieces))
            number += 1
        yield OutputEnd(output, number)


def _set_unread_apart(output: str, number: int, found: Oversize | Rejected) -> UnreadPart:
    """The part for what is no document."""
    if isinstance(found, Oversize):
        return UnreadPart(output, number, reject_oversized(found), found.chunks)
    return UnreadPart(output, number, found)


def _read_pieces(file: File, tick: Tick) -> Iterator[Piece | Oversize | Rejected]:
    """What a file consists of; the last is a rejection where it cannot be read any further.

    Raises `RefusedInput` for a file that was named and is not read without more being said.
    """
    try:
        with open_file(file) as raw:
            yield from cut_stream(file, raw, tick)
    except Exception as error:
        if isinstance(error, RefusedInput) and file.named:
            raise
        what = error.strerror if isinstance(error, OSError) else str(error)
        if not isinstance(error, OSError | ReadError):
            what = f"the reader broke: {error!r}"
        reason = what if what and what.startswith(file.path) else f"{file.path}: cannot be read: {what}"
        yield Rejected(file.id, "read", reason, Source(file.path))


def hash_part(part: Shard | UnreadPart) -> str:
    """What tells this input from any other; uses up the bytes of what is no document."""
    total = hashlib.blake2b(digest_size=DIGEST_BYTES)
    if isinstance(part, UnreadPart):
        total.update(part.rejected.reason.encode("utf-8", "replace"))
        for chunk in part.chunks or ():
            total.update(chunk)
        return total.hexdigest()
    for piece in part.pieces:
        file = piece.file
        said = (
            file.path,
            file.id,
            file.ending,
            *file.columns.names,
            file.said,
            piece.line,
            piece.encoding,
            piece.fault,
            len(piece.data),
        )
        total.update(repr(said).encode("utf-8", "replace"))
        total.update(piece.data)
    return total.hexdigest()


def split_documents(shard: Shard) -> Iterator[Piece]:
    """The single documents of a shard, nothing read."""
    return chain.from_iterable(map(split_piece, shard.pieces))

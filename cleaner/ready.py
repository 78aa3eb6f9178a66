"""What every process would else work out anew: the tables of the shipped TOML, and looser forms of its patterns.

They lie in one file, found by the digest of the text or code that they are made of, so none can be stale.  What that
file lacks, and all where it is damaged or not there, is made as for any other text.
`python -m cleaner.workbench.ready` makes it anew.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec

READY_PATH = Path(__file__).with_name("ready.msgpack.z")
"""The file: digests, and what they stand for in MessagePack."""

DIGEST_BYTES = 16
"""Bytes of a digest: two texts never have the same."""

Table = dict[str, object]
"""What a text in TOML stands for."""


def read_table(text: str, parse: Callable[[str], Table]) -> Table:
    """The table that a text stands for, ready-made or from `parse`, which may raise its own errors."""
    ready = find_packed(compute_digest(text))
    return parse(text) if ready is None else msgspec.msgpack.decode(ready, type=Table)


def find_packed(digest: bytes) -> bytes | None:
    """What the file holds for a text or code of this digest, in MessagePack; None for nothing."""
    return _load_ready().get(digest)


def pack_tables(
    texts: Iterable[str], parse: Callable[[str], Table], beside: Mapping[bytes, bytes] | None = None
) -> bytes:
    """The file for these texts, and what it holds `beside` their tables; a text with dates, which MessagePack lacks, is
    left out."""
    found = dict(beside or {})
    for text in sorted(texts):
        table = parse(text)
        packed = msgspec.msgpack.encode(table)
        if msgspec.msgpack.decode(packed) == table:
            found[compute_digest(text)] = packed
    return zlib.compress(msgspec.msgpack.encode(found), zlib.Z_BEST_COMPRESSION)


def compute_digest(text: str) -> bytes:
    """By what a text is found in the file."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()


@cache
def _load_ready() -> Mapping[bytes, bytes]:
    """The file; empty where it cannot be used."""
    try:
        return msgspec.msgpack.decode(zlib.decompress(READY_PATH.read_bytes()), type=dict[bytes, bytes])
    except (OSError, zlib.error, msgspec.MsgspecError):
        return {}

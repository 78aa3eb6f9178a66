"""A 64-bit simhash of a text: near texts have hashes that differ in few bits.

Source: Charikar, "Similarity estimation techniques from rounding algorithms" (2002).
"""

import numpy as np

SHINGLE_BYTES = 8
"""Bytes of one shingle, so that it is one unsigned 64-bit number."""

MAX_BYTES_PER_SPACE = 40
"""Bytes for each space above which a script is taken to write none: shingles then begin behind the bytes whose last
three bits are zero, about every eighth."""

MAX_WHOLE_SHINGLES = 256
"""Up to this many shingles all are used; of more, only the quarter whose hash ends in two zero bits."""

_SPACE_BYTE = 32
_MIXER_MULTIPLIERS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_MIXER_SHIFT_BITS = np.uint64(29), np.uint64(32)
_EIGHTH_MASK, _QUARTER_MASK = 7, np.uint64(3)


def compute_simhash(data: bytes) -> int:
    """The simhash of a text in UTF-8, over the shingles behind its spaces; the majority of the shingles' hashes decides
    each bit.
    """
    data = data.ljust(SHINGLE_BYTES + 1, b" ")
    size = len(data) - SHINGLE_BYTES
    signs = np.frombuffer(data, np.uint8, size)
    starts = (signs == _SPACE_BYTE).nonzero()[0]
    if len(starts) * MAX_BYTES_PER_SPACE < size:
        starts = (signs & _EIGHTH_MASK == 0).nonzero()[0]
    if not len(starts):
        starts = np.zeros(1, np.int64)
    hashes = np.ndarray((size,), dtype="<u8", buffer=data, offset=1, strides=(1,)).take(starts)
    for multiplier, shift in zip(_MIXER_MULTIPLIERS, _MIXER_SHIFT_BITS, strict=True):
        hashes *= multiplier
        hashes ^= hashes >> shift
    if len(hashes) > MAX_WHOLE_SHINGLES:
        hashes = hashes[hashes & _QUARTER_MASK == 0]
    bits = np.unpackbits(hashes.view(np.uint8), bitorder="little").reshape(-1, 64)
    votes = np.add.reduce(bits, axis=0, dtype=np.int32) * 2 > len(hashes)
    return int.from_bytes(np.packbits(votes, bitorder="little").tobytes(), "little")

"""Ids that are unique in a run, though its documents bring the same id more than once."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

HASH_BYTES = 8
"""Bytes that are kept of each id."""

FIRST_NUMBER = 2
"""The number behind the id of the second document that has it."""


class IdRegistry:
    """The ids of a run; the second document of an id gets `#2` behind it, the third `#3`.

    Of each id 8 bytes are kept, of a hash: a million ids take 8 MB, and two different ones have the same hash in one
    of 40 million such runs; then the later document gets a number that it would not have needed.  The hashes lie in
    sorted arrays, each at least twice as long as the next, so that a lookup is a few binary searches and adding stays
    cheap.
    """

    def __init__(self) -> None:
        self._runs: list[NDArray[np.uint64]] = []
        self._next: dict[int, int] = {}

    def make_unique(self, ids: Sequence[str]) -> list[str]:
        """These ids, each under another one if an earlier document has its own."""
        hashes = np.array(list(map(_hash_id, ids)), dtype=np.uint64)
        fresh = np.unique(hashes)
        known = np.zeros(len(fresh), dtype=np.bool_)
        for run in self._runs:
            known |= self._match_run(run, fresh)
        if len(fresh) == len(ids) and not known.any():
            self.add(fresh)
            return list(ids)
        old = set(fresh[known].tolist())
        taken: set[int] = set()
        unique = []
        for id, own in zip(ids, hashes.tolist(), strict=True):
            new, hash = id, own
            number = self._next.get(own, FIRST_NUMBER)
            # looked up one by one are only ids of our own making
            while hash in taken or (hash in old if new is id else self._is_seen(hash)):
                new, number = f"{id}#{number}", number + 1
                hash = _hash_id(new)
            if new is not id:
                self._next[own] = number
            taken.add(hash)
            unique.append(new)
        self.add(np.array(sorted(taken), dtype=np.uint64))
        return unique

    def add(self, hashes: NDArray[np.uint64]) -> None:
        """Take these hashes, sorted and without doubles, as seen."""
        if not len(hashes):
            return
        while self._runs and len(self._runs[-1]) <= len(hashes):
            hashes = np.union1d(self._runs.pop(), hashes)
        self._runs.append(hashes)

    def dump_hashes(self) -> bytes:
        """All hashes as bytes: what `add` of another registry would have to be given."""
        return np.unique(np.concatenate(self._runs)).tobytes() if self._runs else b""

    def _is_seen(self, hash: int) -> bool:
        """Whether an earlier batch has had an id of this hash."""
        return any(self._match_run(run, np.array([hash], dtype=np.uint64))[0] for run in self._runs)

    @staticmethod
    def _match_run(run: NDArray[np.uint64], hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Which of the hashes are in a sorted array."""
        at = np.searchsorted(run, hashes)
        found: NDArray[np.bool_] = run[np.minimum(at, len(run) - 1)] == hashes
        return found


def _hash_id(id: str) -> int:
    """64 bits of a hash of the id."""
    data = id.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=HASH_BYTES).digest(), "little")

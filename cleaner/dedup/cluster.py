"""Which texts are copies of each other, told from their signatures: banded hashing, then a comparison of each pair."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.minhash import MIN_SHINGLES, MINHASH_VALUES, ROW_DTYPE, Rows, compare_rows

MIN_CANONICAL_SHARE = 0.9
"""A copy that is at least this long, against the longest, can stand for its story."""

REASON_EXACT, REASON_AGENCY, REASON_SHINGLES = range(3)
"""What shows that a text is a copy: the same letters; most shingles and an agency; most shingles."""

_BANDS_PER_PASS = 8
"""LSH bands processed in one pass over the spool.  A band is two adjacent MinHash values: at a Jaccard index of 0.2, at
least one of 128 bands agrees with a probability above 0.99."""

_BLOCK_ROWS = 16_384
"""Rows that are read or compared at once: some 5 MB."""

_MAX_ROUNDS = 100
"""Rounds in which records that are no copies of their story's canonical one look for another one."""

Ints = NDArray[np.int64]
Sizes = NDArray[np.uint32]


class Spool:
    """Signatures (`ROW_DTYPE`) in their order, in a temporary file that is gone when it is closed."""

    def __init__(self) -> None:
        self._file = TemporaryFile(prefix="cleaner-")  # noqa: SIM115
        self._count = 0
        self.close = self._file.close

    def __len__(self) -> int:
        return self._count

    def add(self, signature: bytes) -> None:
        """Put one behind the others."""
        self._file.write(signature)
        self._count += 1

    def iterate_blocks(self) -> Iterator[Rows]:
        """All of them, _BLOCK_ROWS at a time."""
        self._file.seek(0)
        while data := self._file.read(_BLOCK_ROWS * ROW_DTYPE.itemsize):
            yield np.frombuffer(data, ROW_DTYPE)

    def read_rows(self, places: Ints) -> Rows:
        """Those at these places, in their order; each is read once however often it is asked for."""
        wanted, back = np.unique(places, return_inverse=True)
        pieces = []
        for place in wanted.tolist():
            self._file.seek(place * ROW_DTYPE.itemsize)
            pieces.append(self._file.read(ROW_DTYPE.itemsize))
        return np.frombuffer(b"".join(pieces), ROW_DTYPE)[back]


class CopyAssignments(NamedTuple):
    """For each text the place of its canonical one (its own, where it is that or has no copies), and how like it is."""

    canonical: Ints
    reason: NDArray[np.uint8]
    similarity: NDArray[np.float32]
    shared: NDArray[np.float32]


def find_copies(rows: Spool) -> CopyAssignments:
    """Which signatures are copies of which.

    Texts with the same letters are found by their hash.  Of the others, those that share an LSH band are compared, and
    pairs of copies make groups.  Each group has a canonical text; members that are no copies of that very one make
    groups again, until none are left.
    """
    exact, sizes = _match_exact_texts(rows)
    places = np.arange(len(rows))
    ones = np.ones(len(rows), np.float32)
    found = CopyAssignments(places.copy(), np.full(len(rows), REASON_EXACT, np.uint8), ones, ones.copy())
    groups = _cluster_copies(rows, ((exact == places) & (sizes >= MIN_SHINGLES)).nonzero()[0])
    left = (np.bincount(groups, minlength=len(rows))[groups] > 1).nonzero()[0]
    for _ in range(_MAX_ROUNDS):
        if not len(left):
            break
        left = _record_copies(rows, left, _choose_canonical(groups[left], left, sizes), found)
    # what has the letters of another goes where that one went
    for one in (found.reason, found.similarity, found.shared):
        one[:] = np.where((found.canonical[exact] == exact) & (exact != places), one, one[exact])
    found.canonical[:] = found.canonical[exact]
    return found


def _match_exact_texts(rows: Spool) -> tuple[Ints, Sizes]:
    """For each text the first with the same letters, and its size; short ones must have the same title too."""
    # the title's hash, where it counts, changes both halves of a key
    keys, sizes = np.zeros(len(rows), np.uint64), np.zeros(len(rows), np.uint32)
    at = 0
    for block in rows.iterate_blocks():
        title = np.where(block["size"] < MIN_SHINGLES, block["title"], np.uint32(0)).astype(np.uint64)
        keys[at : at + len(block)] = block["text"] ^ title << np.uint64(32) ^ title
        sizes[at : at + len(block)] = block["size"]
        at += len(block)
    # of each run of equal keys the first place, given to all of the run
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    new = np.append(True, ordered[1:] != ordered[:-1])[: len(keys)]
    firsts = np.arange(len(rows))
    firsts[order] = order[new][np.cumsum(new) - 1]
    return np.where(sizes == 0, np.arange(len(rows)), firsts), sizes


def _record_copies(rows: Spool, places: Ints, chosen: Ints, found: CopyAssignments) -> Ints:
    """Write down which of these texts are copies of the one chosen for them; returns those that are not."""
    left = []
    for at in range(0, len(places), _BLOCK_ROWS):
        mine, its = places[at : at + _BLOCK_ROWS], chosen[at : at + _BLOCK_ROWS]
        both = compare_rows(rows.read_rows(mine), rows.read_rows(its))
        copies = both.copies & (mine != its)
        left.append(mine[~copies & (mine != its)])
        mine = mine[copies]
        found.canonical[mine] = its[copies]
        found.reason[mine] = np.where(both.agency, REASON_AGENCY, REASON_SHINGLES)[copies]
        found.similarity[mine] = both.similarity[copies]
        found.shared[mine] = both.shared[copies]
    return np.concatenate(left)


def _choose_canonical(groups: Ints, places: Ints, sizes: NDArray[np.uint32]) -> Ints:
    """For each of these records the canonical one of its group: the first that is nearly as long as the longest."""
    mine = sizes[places]
    longest = np.zeros(int(groups.max()) + 1, np.uint32)
    np.maximum.at(longest, groups, mine)
    whole = mine >= MIN_CANONICAL_SHARE * longest[groups]
    first = np.full(len(longest), np.iinfo(np.int64).max)
    np.minimum.at(first, groups[whole], places[whole])
    chosen: Ints = first[groups]
    return chosen


def _cluster_copies(rows: Spool, places: Ints) -> Ints:
    """For each text the first that a chain of copies connects with it; only the texts at these places are compared."""
    parent = np.arange(len(rows))
    for start in range(0, MINHASH_VALUES, _BANDS_PER_PASS):
        for band in _compute_bands(rows, start)[:, places]:
            parent = _flatten_parents(parent)
            left, right = _list_candidate_pairs(band, places)
            apart = parent[left] != parent[right]
            left, right = left[apart], right[apart]
            for at in range(0, len(left), _BLOCK_ROWS):
                one, other = left[at : at + _BLOCK_ROWS], right[at : at + _BLOCK_ROWS]
                copies = compare_rows(rows.read_rows(one), rows.read_rows(other)).copies
                for pair in zip(one[copies].tolist(), other[copies].tolist(), strict=True):
                    _merge_groups(parent, *pair)
    return _flatten_parents(parent)


def _compute_bands(rows: Spool, start: int) -> NDArray[np.uint32]:
    """For some bands the two values of each record as one: each value with the next."""
    bands = np.empty((_BANDS_PER_PASS, len(rows)), np.uint32)
    at = 0
    for block in rows.iterate_blocks():
        values = (
            block["values"]
            .take(np.arange(start, start + _BANDS_PER_PASS + 1) % MINHASH_VALUES, axis=1)
            .T.astype(np.uint32)
        )
        bands[:, at : at + len(block)] = values[:-1] << np.uint32(16) | values[1:]
        at += len(block)
    return bands


def _list_candidate_pairs(band: NDArray[np.uint32], places: Ints) -> tuple[Ints, Ints]:
    """Pairs of records with the same value: each with the last two before it, and with the first that has it."""
    keys = band.astype(np.uint64) << np.uint64(32) | places.astype(np.uint64)
    keys.sort()
    values, ordered = keys >> np.uint64(32), (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
    new = np.append(True, values[1:] != values[:-1])[: len(keys)]
    starts = new.nonzero()[0]
    behind = np.arange(len(keys)) - np.repeat(starts, np.diff(starts, append=len(keys)))
    # `behind` is the place of a record among those with its value: the 1st has one before it, the 2nd two
    mine = [(behind >= least).nonzero()[0] for least in (1, 2, 3)]
    its = [mine[0] - 1, mine[1] - 2, mine[2] - behind[mine[2]]]
    return ordered[np.concatenate(its)], ordered[np.concatenate(mine)]


def _merge_groups(parent: Ints, one: int, other: int) -> None:
    """Give two groups, the trees in which two records stand, the lesser root of both."""
    while parent[one] != one:
        one = int(parent[one])
    while parent[other] != other:
        other = int(parent[other])
    parent[max(one, other)] = min(one, other)


def _flatten_parents(parent: Ints) -> Ints:
    """Every record directly under the first of its group."""
    while True:
        above = parent[parent]
        if np.array_equal(above, parent):
            return parent
        parent = above

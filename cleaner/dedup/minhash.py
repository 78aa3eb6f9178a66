"""Signatures of articles: a MinHash of a text's shingles, and what else tells copies from what is merely alike."""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

import numpy as np
import rensa
from numpy.typing import NDArray

from cleaner.dedup.shingles import compute_shingles

SCHEME = f"stories-1/r-minhash-{rensa.RMinHash.ALGORITHM_VERSION}"
"""Signatures of different schemes cannot be compared: whoever keeps some for later keeps this beside them."""

MIN_SHINGLES = 26
"""Shingles of a text of 30 words.  Shorter ones are stubs most often, and copies only with the same text and title."""

MIN_SHARED_SHARE = 0.7
"""Share of the shorter text's shingles from which on two texts are copies."""

CONFIDENCE_MARGIN = 1.5
"""By how many standard errors the estimated share is lowered first: it is rough where one text is much longer."""

MIN_COMPARED_NUMBERS, MIN_AGREEING_SHARE = 4, 0.5
"""Where both texts have so many numbers, this share must agree: reports made from one template differ there."""

MINHASH_VALUES = 128
"""Values of a MinHash: the estimate of a share has a standard error of at most 1/(2√128), or 4.4%."""

MAX_AGENCIES, MAX_NUMBERS = 4, 12
"""Agencies and numbers of an article that its signature holds."""

ROW_DTYPE = np.dtype(
    [
        ("text", "<u8"),
        ("title", "<u4"),
        ("size", "<u4"),
        ("agencies", "<u2", MAX_AGENCIES),
        ("numbers", "<u2", MAX_NUMBERS),
        ("values", "<u2", MINHASH_VALUES),
    ]
)
"""A signature: hashes of all letters and of the title, the number of shingles, hashes of agencies (0: none) and the
smallest hashes of numbers (then zeros), and the MinHash, of each value the low 16 bits."""

Rows = NDArray[np.void]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Comparison(NamedTuple):
    """Pairs of signatures compared: are they `copies`, what they have in common, and whether they name one agency.

    `similarity` is the share of all shingles of both, `shared` the share of those of the shorter; both are estimates.
    """

    copies: Bools
    similarity: Floats
    shared: Floats
    agency: Bools


def compute_signature(text: str, title: str | None = None, agencies: Sequence[str] = ()) -> bytes:
    """The signature of an article, 304 bytes: a row of `ROW_DTYPE`, the same on every machine and in every process."""
    found = compute_shingles(text)
    row = np.zeros(1, ROW_DTYPE)
    size = len(found.runs)
    row["text"] = int.from_bytes(found.all, "little")
    row["title"] = _hash_name(title.casefold().strip(), 4) if title else 0
    row["size"] = size
    for place, agency in enumerate(agencies[:MAX_AGENCIES]):
        row["agencies"][0, place] = _hash_name(agency)
    # the lowest bit is set, so that no number is 0
    numbers = found.numbers[:MAX_NUMBERS] >> np.uint64(48) | np.uint64(1)
    row["numbers"][0, : len(numbers)] = numbers
    if size:
        matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(found.runs, [0, size], MINHASH_VALUES, 1)
        row["values"] = np.array(matrix.to_rows()[0], np.uint32)
    return row.tobytes()


def compare_rows(left: Rows, right: Rows) -> Comparison:
    """What each row of the left has in common with the row of the right at its place.

    Copies share surely (CONFIDENCE_MARGIN) at least MIN_SHARED_SHARE of the shorter text, are no stubs, and agree in
    their numbers.
    """
    # the Jaccard index J of the shingles; with sizes A and B, J / (1 + J) * (A + B) of them are in both
    similarity = np.mean(left["values"] == right["values"], axis=1)
    error = np.sqrt(similarity * (1 - similarity) / MINHASH_VALUES)
    sizes = left["size"].astype(np.float64), right["size"].astype(np.float64)
    least = np.minimum(*sizes)
    shared, surely = (
        np.minimum(likely / (1 + likely) * (sizes[0] + sizes[1]) / np.maximum(least, 1), 1)
        for likely in (similarity, similarity - CONFIDENCE_MARGIN * error)
    )
    copies = (
        (surely >= MIN_SHARED_SHARE) & (least >= MIN_SHINGLES) & _compare_numbers(left["numbers"], right["numbers"])
    )
    one = left["agencies"][:, :, None] == right["agencies"][:, None, :]
    agency = (one & (left["agencies"] != 0)[:, :, None]).any(axis=(1, 2))
    return Comparison(copies, similarity, shared, agency)


def _compare_numbers(left: NDArray[np.uint16], right: NDArray[np.uint16]) -> Bools:
    """Whether the texts' numbers agree, as far as is known: of each the smallest hashes, in order, then zeros.

    A row that is full has lost its greater numbers, so that only those up to the least last one are compared.
    """
    limits = [np.where(side[:, -1] > 0, side[:, -1], np.uint16(0xFFFF)) for side in (left, right)]
    limit = np.minimum(*limits)[:, None]
    inside = [(side > 0) & (side <= limit) for side in (left, right)]
    both = ((left[:, :, None] == right[:, None, :]) & inside[0][:, :, None]).any(axis=2).sum(axis=1)
    least = np.minimum(inside[0].sum(axis=1), inside[1].sum(axis=1))
    agree: Bools = (least < MIN_COMPARED_NUMBERS) | (both >= MIN_AGREEING_SHARE * least)
    return agree


def _hash_name(name: str, size: int = 2) -> int:
    """A number of so many bytes for a name, never 0."""
    return int.from_bytes(sha256(name.encode("utf-8", "surrogatepass")).digest()[:size], "little") or 1

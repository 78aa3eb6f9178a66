"""The edit ledger: one line an edit."""

from collections.abc import Iterable

from cleaner.record import LedgerLine
from cleaner.writers.encode import to_lines


def write(edits: Iterable[LedgerLine]) -> bytes:
    """The edits of one document as lines, in their order."""
    return to_lines(edits)

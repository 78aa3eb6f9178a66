"""The edit ledger: one line an edit."""

from collections.abc import Iterable

from cleaner.io.json import to_lines
from cleaner.record import LedgerLine


def write(edits: Iterable[LedgerLine]) -> bytes:
    """The edits of one document as lines, in their order."""
    return to_lines(edits)

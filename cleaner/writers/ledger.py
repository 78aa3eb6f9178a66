"""The edit ledger: one line an edit."""

from collections.abc import Iterable

from cleaner.io.json import encode_json_lines
from cleaner.record import LedgerLine


def encode_edits(edits: Iterable[LedgerLine]) -> bytes:
    """The edits of one document as lines, in their order."""
    return encode_json_lines(edits)

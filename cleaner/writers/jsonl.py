"""JSON Lines: a record, and an edit of the ledger, on a line each."""

from collections.abc import Iterable

from cleaner.io.json import encode_json, encode_json_lines
from cleaner.record import Article, LedgerLine


def encode_record(article: Article) -> bytes:
    """The whole record as a line."""
    return encode_json(article) + b"\n"


def encode_edits(edits: Iterable[LedgerLine]) -> bytes:
    """The edits of one document as lines, in their order."""
    return encode_json_lines(edits)

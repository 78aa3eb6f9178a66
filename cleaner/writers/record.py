"""JSON Lines: the whole record, one a line."""

from cleaner.io.json import to_json
from cleaner.record import Article


def write(article: Article) -> bytes:
    """The record as a line."""
    return to_json(article) + b"\n"

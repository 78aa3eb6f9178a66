"""JSON Lines: the whole record, one a line."""

from cleaner.record import Article
from cleaner.writers.encode import to_json


def write(article: Article) -> bytes:
    """The record as a line."""
    return to_json(article) + b"\n"

"""JSON Lines: the whole record, one a line."""

from cleaner.io.json import encode_json
from cleaner.record import Article


def encode_record(article: Article) -> bytes:
    """The record as a line."""
    return encode_json(article) + b"\n"

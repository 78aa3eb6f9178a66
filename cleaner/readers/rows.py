"""Rows of a table as lines of JSON, which are then read as those of JSON Lines are."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from cleaner.errors import ReadError
from cleaner.io.files import Piece
from cleaner.readers import jsonl
from cleaner.readers.base import Item, reject_piece, split_single
from cleaner.record import Rejected

MEDIA_TYPES = {".csv": "text/csv", ".tsv": "text/tab-separated-values", ".parquet": "application/vnd.apache.parquet"}
"""The type of each format's files."""

KNOWN_COLUMNS = ("id", "title", "url", "text", "html")
"""Columns with a meaning; all others are carried along."""

_encode_json = msgspec.json.Encoder(enc_hook=str).encode


def check_columns(columns: Sequence[str]) -> None:
    """Raises `ReadError` for columns that hold no article."""
    twice = next((name for at, name in enumerate(columns) if name in columns[:at]), None)
    if twice is not None:
        raise ReadError(f"two columns are named {twice!r}; rename one")
    if "text" not in columns and "html" not in columns:
        some = ", ".join(repr(name[:40]) for name in columns[:12]) + (" …" if len(columns) > 12 else "")
        some = some or "none at all"
        raise ReadError(f'no column is named "text" or "html", but {some}; rename the article\'s column')


def encode_row(row: dict[str, Any]) -> bytes:
    """A row as one line of JSON, without cells that are nobody's text, page, id, title or url."""
    for name in KNOWN_COLUMNS:
        if name in row and (row[name] is None or (row[name] == "" and name != "text")):
            del row[name]
    if row.get("text") == "" and "html" in row:
        del row["text"]
    try:
        return _encode_json(row)
    except (UnicodeEncodeError, OverflowError, TypeError):
        # lone surrogates, integers of more than 64 bits, keys that are no strings
        return json.dumps(_convert_to_json(row)).encode()


def _convert_to_json(value: Any) -> Any:
    """The value as JSON can say it."""
    if isinstance(value, dict):
        return {str(key): _convert_to_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_convert_to_json(inner) for inner in value]
    return value if isinstance(value, str | int) or value is None else msgspec.to_builtins(value, enc_hook=str)


def split_piece(piece: Piece) -> Iterator[Piece]:
    """These rows, one by one."""
    return split_single(piece) if piece.fault else jsonl.split_piece(piece)


def read_document(piece: Piece) -> Item | Rejected:
    """The document of a row, or why it holds none."""
    media_type = MEDIA_TYPES[piece.file.ending]
    return reject_piece(piece, piece.fault, media_type) if piece.fault else jsonl.read_json_line(piece, media_type)

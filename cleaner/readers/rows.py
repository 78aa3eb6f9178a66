"""Rows of a table as lines of JSON, which are then read as those of JSON Lines are.

So a column means what a key means, and the hash of a row's source is that of its line.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from cleaner.errors import ReadError, list_names
from cleaner.io.files import Columns, Piece
from cleaner.readers import jsonl
from cleaner.readers.base import Item, reject_piece, require_columns, split_single
from cleaner.record import Rejected

MEDIA_TYPES = {".csv": "text/csv", ".tsv": "text/tab-separated-values", ".parquet": "application/vnd.apache.parquet"}
"""The type of each format's files."""

_encode_json = msgspec.json.Encoder(enc_hook=str).encode


def check_columns(columns: Sequence[str], named: Columns) -> None:
    """Raises `ReadError` for columns that hold no article, or two of one name; `RefusedInput` where one is missing that
    the user has named."""
    twice = next((name for name, count in Counter(columns).items() if count > 1), None)
    if twice is not None:
        raise ReadError(f"two columns are named {twice!r}; rename one")
    require_columns(named.named, columns)
    if not {named.name_of("text"), named.name_of("html")}.intersection(columns):
        cure = "rename the article's column, or name it with --text-field or --html-field"
        raise ReadError(f'no column is named "text" or "html", but {list_names(columns)}; {cure}')


def encode_row(row: dict[str, object], columns: Columns) -> bytes:
    """A row as one line of JSON, without cells that are nobody's text, page, id, title or url.

    An empty text stays, as the text of an empty article, unless there is a page to read instead.
    """
    text, html = columns.name_of("text"), columns.name_of("html")
    for name in columns.names:
        if row.get(name) is None or (row[name] == "" and name != text):
            row.pop(name, None)
    if row.get(text) == "" and html in row:
        del row[text]
    try:
        return _encode_json(row)
    except (UnicodeEncodeError, OverflowError, TypeError):
        # lone surrogates, integers of more than 64 bits, keys that are no strings
        return json.dumps(_convert_to_json(row)).encode()


def _convert_to_json(value: object) -> object:
    """The value as `json.dumps` takes it: keys are strings, and what JSON has no type for is its text."""
    match value:
        case dict():
            return {str(key): _convert_to_json(inner) for key, inner in value.items()}
        case list() | tuple():
            return list(map(_convert_to_json, value))
        case str() | int() | None:
            return value
        case _:
            return msgspec.to_builtins(value, enc_hook=str)


def split_piece(piece: Piece) -> Iterator[Piece]:
    """These rows, one by one; a row that is damaged stands alone in its piece already."""
    return split_single(piece) if piece.fault else jsonl.split_piece(piece)


def read_document(piece: Piece) -> Item | Rejected:
    """The document of a row, or why it holds none."""
    media_type = MEDIA_TYPES[piece.file.ending]
    return reject_piece(piece, piece.fault, media_type) if piece.fault else jsonl.read_json_line(piece, media_type)

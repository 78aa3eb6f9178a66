"""Parquet: one row a record, in columns that are the record's own fields.

`text` and `language` follow `id`, `published_at` and `modified_at` follow the dates they are read from.  A field of the
record is a column of its type; `provenance` is a list of {field, rule}, and `extra` a string of JSON.  Parquet holds
UTF-8, so a lone surrogate is U+FFFD there, and integers of 64 bits, so a larger one is null.
"""

import io
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.io.compression import Writable
from cleaner.io.json import encode_json, scrub_json
from cleaner.record import SCHEMA_VERSION, Article
from cleaner.version import __version__
from cleaner.writers.timestamps import convert_to_utc

MAX_GROUP_ROWS = 2000
MAX_GROUP_CHARS = 16 << 20
"""A row group ends with the row that reaches one of these: so many rows, or so many characters in them."""

_MOMENT_COLUMNS = {"published_at": "published", "modified_at": "modified"}
_MOMENT_NOTE = (
    "UTC; a date without a time is its midnight, a time without a zone is read as UTC, a mere month or year is null"
)
_SCALAR_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64()}
_NULL_TYPES = (msgspec.UnsetType, type(None))


def _derive_column_type(annotation: Any) -> pa.DataType:
    """The column type of a field of the record."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return _derive_column_type(next(one for one in get_args(annotation) if one not in _NULL_TYPES))
    if origin is tuple:
        return pa.list_(_derive_column_type(get_args(annotation)[0]))
    if origin is Literal:
        return pa.string()
    if annotation in _SCALAR_TYPES:
        return _SCALAR_TYPES[annotation]
    return pa.struct([pa.field(name, _derive_column_type(one)) for name, one in get_type_hints(annotation).items()])


def _build_schema() -> pa.Schema:
    hints = get_type_hints(Article)
    columns = []
    for name in dict.fromkeys(("id", "text", "language", *hints)):
        if name == "extra":
            type = pa.string()
        elif name == "provenance":
            type = pa.list_(pa.struct([("field", pa.string()), ("rule", pa.string())]))
        else:
            type = _derive_column_type(hints[name])
        columns.append(pa.field(name, type))
        columns += [
            pa.field(at, pa.timestamp("us", "UTC"), metadata={"meaning": _MOMENT_NOTE})
            for at, read in _MOMENT_COLUMNS.items()
            if read == name
        ]
    return pa.schema(columns, metadata={"schema_version": str(SCHEMA_VERSION), "cleaner": __version__})


SCHEMA = _build_schema()


class ParquetRecordFile:
    """A Parquet file open for records, at most one row group of which is in memory.

    The same records give the same bytes with the same pyarrow.
    """

    def __init__(self, stream: Writable) -> None:
        self._out = _CountingStream(stream)
        self._file = pq.ParquetWriter(self._out, SCHEMA, compression="zstd")
        self._rows: list[dict[str, Any]] = []
        self._size = 0

    def add(self, article: Article) -> None:
        """Take one more record."""
        row = _build_row(article)
        self._rows.append(row)
        self._size += _estimate_size(row)
        if len(self._rows) >= MAX_GROUP_ROWS or self._size >= MAX_GROUP_CHARS:
            self._flush_group()

    def close(self) -> None:
        """Write the last rows and the file's end; the stream stays open."""
        if self._rows:
            self._flush_group()
        self._file.close()

    def __del__(self) -> None:
        # pyarrow ends a file that was given up, too, and the stream may be gone
        self._out.given_up = True

    def _flush_group(self) -> None:
        try:
            table = pa.Table.from_pylist(self._rows, SCHEMA)
        except (UnicodeEncodeError, OverflowError, pa.ArrowInvalid):
            table = pa.Table.from_pylist(scrub_json(self._rows), SCHEMA)
        self._file.write_table(table, row_group_size=len(self._rows))
        self._rows, self._size = [], 0


def encode_parquet(article: Article) -> bytes:
    """A whole file with this one row."""
    stream = io.BytesIO()
    rows = ParquetRecordFile(stream)
    rows.add(article)
    rows.close()
    return stream.getvalue()


def _build_row(article: Article) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(article)
    row["provenance"] = [{"field": field, "rule": rule} for field, rule in article.provenance.items()]
    row["published_at"], row["modified_at"] = convert_to_utc(article.published), convert_to_utc(article.modified)
    if article.extra is not msgspec.UNSET:
        row["extra"] = encode_json(article.extra).decode()
    return row


def _estimate_size(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_estimate_size, value.values()))
    return sum(map(_estimate_size, value)) if isinstance(value, list | tuple) else 8


class _CountingStream:
    """A stream as pyarrow wants one, over anything that takes bytes."""

    closed = False

    def __init__(self, stream: Writable) -> None:
        self._stream = stream
        self._at = 0
        self.given_up = False

    def write(self, data: Any) -> int:
        held = bytes(data)
        if not self.given_up:
            self._stream.write(held)
        self._at += len(held)
        return len(held)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        """Nothing is held back here."""

    def close(self) -> None:
        """The stream below is not ours to close."""

"""Parquet: one row a record, in columns that are the record's own fields.

`text` and `language` follow `id`, `published_at` and `modified_at` follow the dates they are read from.  A field of the
record is a column of its type; `provenance` is a list of {field, rule}, and `extra` a string of JSON.  Parquet holds
UTF-8, so a lone surrogate is U+FFFD there, and integers of 64 bits, so a larger one is null.
"""

import io

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.io.compression import Writable
from cleaner.io.json import encode_json, scrub_json
from cleaner.record import SCHEMA_VERSION, Article
from cleaner.version import __version__
from cleaner.writers.arrow_types import PAIR_FIELDS, derive_column_types
from cleaner.writers.timestamps import convert_to_utc

MAX_GROUP_ROWS = 2000
MAX_GROUP_CHARS = 16 << 20
"""A row group ends with the row that reaches one of these: so many rows, or so many characters in them."""

SCALAR_CHARS = 8
"""What a number counts for among the characters of a row: 64 bits."""

Row = dict[str, object]
"""A record as columns, by their names."""

_MOMENT_COLUMNS = {"published": "published_at", "modified": "modified_at"}
"""The columns of moments, by the field of the record behind which each stands and from which it is read."""


_MOMENT_NOTE = (
    "UTC; a date without a time is its midnight, a time without a zone is read as UTC, a mere month or year is null"
)
_SCALAR_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64()}
_FIRST_COLUMNS = ("id", "text", "language")
"""What readers look at first; the other fields follow in the record's order."""


def _build_schema() -> pa.Schema:
    """The columns of every file, with what the file says of itself."""
    types = derive_column_types(_SCALAR_TYPES, pa.list_, lambda fields: pa.struct(list(fields.items())))
    columns = []
    for name in dict.fromkeys((*_FIRST_COLUMNS, *types)):
        columns.append(pa.field(name, types[name]))
        if name in _MOMENT_COLUMNS:
            columns.append(
                pa.field(_MOMENT_COLUMNS[name], pa.timestamp("us", "UTC"), metadata={"meaning": _MOMENT_NOTE})
            )
    return pa.schema(columns, metadata={"schema_version": str(SCHEMA_VERSION), "cleaner": __version__})


SCHEMA = _build_schema()
"""The columns of every file, whether its records fill them or not, so that files can be read as one table."""


class ParquetRecordFile:
    """A Parquet file open for records, at most one row group of which is in memory.

    The same records give the same bytes with the same pyarrow.
    """

    def __init__(self, stream: Writable) -> None:
        self._out = _CountingStream(stream)
        self._file = pq.ParquetWriter(self._out, SCHEMA, compression="zstd")
        self._rows: list[Row] = []
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
        """Write the rows in memory as a row group."""
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


def _build_row(article: Article) -> Row:
    """The record as a row of `SCHEMA`; a field that is not there is null."""
    row: Row = msgspec.to_builtins(article)
    row["provenance"] = [dict(zip(PAIR_FIELDS, pair, strict=True)) for pair in article.provenance.items()]
    row |= {at: convert_to_utc(getattr(article, read)) for read, at in _MOMENT_COLUMNS.items()}
    if article.extra is not msgspec.UNSET:
        row["extra"] = encode_json(article.extra).decode()
    return row


def _estimate_size(value: object) -> int:
    """About how many characters a value takes, its keys left out."""
    match value:
        case str():
            return len(value)
        case dict():
            return sum(map(_estimate_size, value.values()))
        case list() | tuple():
            return sum(map(_estimate_size, value))
    return SCALAR_CHARS


class _CountingStream:
    """A stream as pyarrow wants one, over anything that takes bytes."""

    closed = False

    def __init__(self, stream: Writable) -> None:
        self._stream = stream
        self._at = 0
        self.given_up = False

    def write(self, data: bytes | memoryview) -> int:
        """Take what pyarrow writes; gives how many bytes that is."""
        held = bytes(data)
        if not self.given_up:
            self._stream.write(held)
        self._at += len(held)
        return len(held)

    def tell(self) -> int:
        """How many bytes were written: pyarrow notes where columns begin."""
        return self._at

    def flush(self) -> None:
        """Nothing is held back here."""

    def close(self) -> None:
        """The stream below is not ours to close."""

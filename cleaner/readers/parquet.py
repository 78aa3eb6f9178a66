"""Parquet: one document a row, with the columns that a JSON Lines record has as keys.

All columns are read, for what means nothing to us is carried along.
"""

import os
from collections.abc import Iterator
from io import BufferedReader
from typing import TYPE_CHECKING

from cleaner.errors import ReadError, advise_install
from cleaner.html.encoding import decode_page
from cleaner.io import files
from cleaner.io.files import CHUNK_BYTES, Columns, File, Oversize, Piece
from cleaner.io.streams import Tick
from cleaner.readers import rows
from cleaner.readers.base import Part
from cleaner.text.encoding import decode_bytes

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

BATCH_ROWS = 16
"""Rows that are unpacked at a time: a table may repeat one long text, stored once, in all of them."""

BUFFER_BYTES = 1 << 20
"""Bytes of a column that are read at a time; without a buffer it is the whole column of a row group."""

MAX_ERROR_CHARS = 200
"""Characters of an error of pyarrow's that a message repeats: some list the whole schema."""

_REFETCH_ADVICE = "fetch or write the file again"


def cut_pieces(file: File, raw: BufferedReader, tick: Tick) -> Iterator[Part]:
    """The rows in runs, as lines of JSON; `line` counts rows from 1.

    Raises `ReadError` for a file that is no Parquet or holds no article, and, behind the rows before it, for damage.
    """
    if file.packing or not raw.seekable():
        raise ReadError("Parquet is packed in itself, and is read from both ends; unpack it into a file first")
    file_bytes = raw.seek(0, os.SEEK_END)
    raw.seek(0)
    table = _open_table(raw, file.columns)
    total = max(1, table.metadata.num_rows)
    number, ticked = 1, 0
    lines: list[bytes] = []
    size = 0
    damage: ReadError | None = None
    for batch in _read_batches(table):
        if isinstance(batch, ReadError):
            damage = batch
            break
        for row in _convert_rows(batch):
            fault = _decode_cells(row, file.columns)
            line = rows.encode_row(row, file.columns)
            is_alone = bool(fault) or len(line) > files.MAX_DOCUMENT_BYTES
            if lines and (is_alone or size >= CHUNK_BYTES):
                yield Piece(file, b"\n".join(lines), number - len(lines))
                lines, size = [], 0
            if fault:
                yield Piece(file, line, number, fault=fault)
            elif is_alone:
                yield Oversize(file, iter((line,)), number)
            else:
                lines.append(line)
                size += len(line)
            number += 1
        # rows are all that is known of how far the file is read
        done = file_bytes * (number - 1) // total
        tick(done - ticked)
        ticked = done
    if lines:
        yield Piece(file, b"\n".join(lines), number - len(lines))
    if damage:
        raise damage


def _open_table(raw: BufferedReader, columns: Columns) -> "ParquetFile":
    """The table in a file; raises `ReadError` for one that is none, or whose columns hold no article.

    pyarrow is imported here, for it is an extra, and slow to load.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        cure = advise_install("parquet")
        raise ReadError(f"Parquet is read with pyarrow, which is not installed; {cure}") from error
    try:
        table = parquet.ParquetFile(raw, pre_buffer=False, buffer_size=BUFFER_BYTES)
        rows.check_columns(table.schema_arrow.names, columns)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ReadError(f"this is no whole Parquet file ({_summarise_error(error)}); {_REFETCH_ADVICE}") from error
    return table


def _read_batches(table: "ParquetFile") -> "Iterator[pa.RecordBatch | ReadError]":
    """The rows in batches; the last is an error where the rest cannot be read.

    It is given and not raised, so that the rows before the damage are not lost.
    """
    import pyarrow as pa

    number = 1
    try:
        for batch in table.iter_batches(BATCH_ROWS, use_threads=False):
            yield batch
            number += batch.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        yield ReadError(f"damaged from row {number} on ({_summarise_error(error)}); {_REFETCH_ADVICE}")


def _summarise_error(error: Exception) -> str:
    """The first line of what pyarrow says."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")[:MAX_ERROR_CHARS]


def _convert_rows(batch: "pa.RecordBatch") -> Iterator[dict[str, object]]:
    """The rows as Python has them."""
    names = batch.schema.names
    columns = [_convert_column(batch.column(at), name) for at, name in enumerate(names)]
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


def _convert_column(column: "pa.Array", name: str) -> list[object]:
    """The cells of a column; times without the part of a second that Python has no room for."""
    import pyarrow as pa

    try:
        kind = _convert_to_microseconds(column.type)
        return list((column if kind == column.type else column.cast(kind, safe=False)).to_pylist())
    except (pa.ArrowException, ValueError, OverflowError) as error:
        try:
            # a year that Python has not, or a time zone nobody knows
            return list(column.cast(pa.string()).to_pylist())
        except pa.ArrowException:
            raise ReadError(f"column {name!r} cannot be read ({_summarise_error(error)}); leave it out") from error


def _convert_to_microseconds(kind: "pa.DataType") -> "pa.DataType":
    """The type with microseconds for nanoseconds, in lists and structures too; Python's times know no nanoseconds."""
    import pyarrow as pa

    convert = _convert_to_microseconds
    if pa.types.is_list(kind):
        return pa.list_(convert(kind.value_type))
    if pa.types.is_large_list(kind):
        return pa.large_list(convert(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(one.name, convert(one.type)) for one in kind])
    if getattr(kind, "unit", "") != "ns":
        return kind
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz)
    return pa.duration("us") if pa.types.is_duration(kind) else pa.time64("us")


def _decode_cells(row: dict[str, object], columns: Columns) -> str:
    """Make texts of the columns with a meaning that hold bytes; why that fails, else "".

    Such columns come from crawlers: a page in the encoding in which it was sent.
    """
    html = columns.name_of("html")
    for name in columns.names:
        value = row.get(name)
        if isinstance(value, bytes):
            try:
                row[name] = (decode_page if name == html else decode_bytes)(value)[0]
            except ReadError as error:
                return f"{name}: {error}"
    return ""

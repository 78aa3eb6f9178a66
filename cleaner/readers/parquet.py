"""Parquet: one document a row, with the columns that a JSON Lines record has as keys."""

from collections.abc import Iterator
from io import BufferedReader
from typing import Any

from cleaner.errors import ReadError, advise_install
from cleaner.html import encoding
from cleaner.io import files
from cleaner.io.files import CHUNK_BYTES, File, Oversize, Piece
from cleaner.io.streams import Tick
from cleaner.readers import rows
from cleaner.readers.base import Part
from cleaner.text.encoding import decode_bytes

BATCH_ROWS = 16
"""Rows that are unpacked at a time: a table may repeat one long text, stored once, in all of them."""

_REFETCH_ADVICE = "fetch or write the file again"


def cut_pieces(file: File, raw: BufferedReader, tick: Tick) -> Iterator[Part]:
    """The rows in runs, as lines of JSON; `line` counts rows from 1."""
    if file.packing or not raw.seekable():
        raise ReadError("Parquet is packed in itself, and is read from both ends; unpack it into a file first")
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        cure = advise_install("parquet")
        raise ReadError(f"Parquet is read with pyarrow, which is not installed; {cure}") from error
    bytes_ = raw.seek(0, 2)
    raw.seek(0)
    number, ticked = 1, 0
    try:
        # a buffer: else a whole column of a row group is read at once
        table = parquet.ParquetFile(raw, pre_buffer=False, buffer_size=1 << 20)
        rows.check_columns(table.schema_arrow.names)
        total = max(1, table.metadata.num_rows)
        batches = table.iter_batches(BATCH_ROWS, use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ReadError(f"this is no whole Parquet file ({_summarise_error(error)}); {_REFETCH_ADVICE}") from error
    lines: list[bytes] = []
    size = 0
    while (batch := _read_batch(batches, number)) is not None and not isinstance(batch, ReadError):
        columns = [_convert_column(pa, batch.column(at), name) for at, name in enumerate(batch.schema.names)]
        for values in zip(*columns, strict=True):
            row = dict(zip(batch.schema.names, values, strict=True))
            fault = _decode_cells(row)
            line = rows.encode_row(row)
            if fault or len(line) > files.MAX_DOCUMENT_BYTES or size >= CHUNK_BYTES:
                if lines:
                    yield Piece(file, b"\n".join(lines), number - len(lines))
                lines, size = [], 0
            if fault:
                yield Piece(file, line, number, fault=fault)
            elif len(line) > files.MAX_DOCUMENT_BYTES:
                yield Oversize(file, iter((line,)), number)
            else:
                lines.append(line)
                size += len(line)
            number += 1
        done = bytes_ * (number - 1) // total
        tick(done - ticked)
        ticked = done
    if lines:
        yield Piece(file, b"\n".join(lines), number - len(lines))
    if batch is not None:
        raise batch


def _read_batch(batches: Any, number: int) -> Any:
    """The next rows, None at the end, or why there are none."""
    import pyarrow as pa

    try:
        return next(batches, None)
    except (pa.ArrowException, OSError, ValueError) as error:
        return ReadError(f"damaged from row {number} on ({_summarise_error(error)}); {_REFETCH_ADVICE}")


def _summarise_error(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")[:200]


def _convert_column(pa: Any, column: Any, name: str) -> list[Any]:
    """The cells of a column as Python has them; times without the part of a second that Python has no room for."""
    try:
        kind = _convert_to_microseconds(pa, column.type)
        if kind != column.type:
            column = column.cast(kind, safe=False)
        return list(column.to_pylist())
    except (pa.ArrowException, ValueError, OverflowError) as error:
        try:
            # a year that Python has not, or a time zone nobody knows
            return list(column.cast(pa.string()).to_pylist())
        except pa.ArrowException:
            raise ReadError(f"column {name!r} cannot be read ({_summarise_error(error)}); leave it out") from error


def _convert_to_microseconds(pa: Any, kind: Any) -> Any:
    """The type with microseconds for nanoseconds, in lists and structures too."""
    types = pa.types
    if types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)
    if types.is_duration(kind) and kind.unit == "ns":
        return pa.duration("us")
    if types.is_time64(kind) and kind.unit == "ns":
        return pa.time64("us")
    if types.is_list(kind):
        return pa.list_(_convert_to_microseconds(pa, kind.value_type))
    if types.is_large_list(kind):
        return pa.large_list(_convert_to_microseconds(pa, kind.value_type))
    if types.is_struct(kind):
        return pa.struct([pa.field(one.name, _convert_to_microseconds(pa, one.type)) for one in kind])
    return kind


def _decode_cells(row: dict[str, Any]) -> str:
    """Make texts of the columns with a meaning that hold bytes; why that fails, else ""."""
    for name in rows.KNOWN_COLUMNS:
        value = row.get(name)
        if isinstance(value, bytes):
            try:
                row[name] = (encoding.decode_page if name == "html" else decode_bytes)(value)[0]
            except ReadError as error:
                return f"{name}: {error}"
    return ""

"""Articles as Arrow tables with the same types in every batch: for data sets, Ray and whoever else speaks Arrow."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Unpack

from cleaner.adapters.columns import Column, Options, clean_columns, map_column_types, require_extra

with require_extra("arrow"):
    import pyarrow as pa

if TYPE_CHECKING:
    from datasets import Features


def build_schema(edits: bool = False) -> pa.Schema:
    """The columns that cleaning adds, with their types; `edits` with the ledger."""
    columns = map_column_types({str: pa.string(), int: pa.int64(), float: pa.float64()}, pa.list_, _build_struct)
    return pa.schema([(name, kind) for name, kind in columns.items() if edits or name != "edits"])


def _build_struct(fields: dict[str, pa.DataType]) -> pa.DataType:
    """The Arrow type of a record with these fields."""
    return pa.struct(list(fields.items()))


def clean_table(batch: pa.Table | pa.RecordBatch | Mapping[str, Column], **options: Unpack[Options]) -> pa.Table:
    """The table with its articles cleaned: as `clean_columns`, with the types of `build_schema` in every batch.

    Raises what `clean_columns` raises.
    """
    # what `Dataset.map` hands over holds its Arrow table, and need not be decoded
    given = getattr(batch, "pa_table", batch)
    if isinstance(given, pa.Table | pa.RecordBatch):
        given = dict(zip(given.schema.names, given.columns, strict=True))
    made = clean_columns(given, **options)
    kinds = build_schema(options.get("edits", False))
    new = set(kinds.names)
    return pa.table(
        {name: pa.array(column, kinds.field(name).type) if name in new else column for name, column in made.items()}
    )


def derive_features(of: "Features", **options: Unpack[Options]) -> "Features":
    """The features of a data set after `clean_columns` with these options, `of` being its features before.

    For `Dataset.map(clean_columns, batched=True, features=…)`, which guesses them from the first batch otherwise;
    `clean_table` needs none.
    """
    from datasets import Features

    made = clean_table(of.arrow_schema.empty_table(), **options).schema
    new = set(build_schema(edits=True).names)
    return Features({**Features.from_arrow_schema(made), **{name: of[name] for name in of if name not in new}})

"""Articles in Polars: a frame in, the same frame with its articles cleaned out, lazy frames too."""

from functools import partial
from typing import Literal, TypeVar, Unpack

from cleaner.adapters.columns import Options, clean_columns, map_column_types, require_extra

with require_extra("polars"):
    import polars as pl

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

_DTYPES: dict[str, pl.DataType] = map_column_types(
    {str: pl.String(), int: pl.Int64(), float: pl.Float64()}, lambda of: pl.List(of), lambda fields: pl.Struct(fields)
)
"""The type of each new column: the same in every frame, whatever it holds."""


def clean_frame(frame: Frame, **options: Unpack[Options]) -> Frame:
    """The frame with its articles cleaned, as `clean_columns` does it; of a lazy frame, when it is collected.

    The types are the same in every frame.  Raises what `clean_columns` raises.
    """
    if isinstance(frame, pl.LazyFrame):
        after = clean_frame(frame.collect_schema().to_frame(), **options).schema
        # a filter on the clean text must not move before the cleaning, nor may columns be left out that it reads
        return frame.map_batches(
            partial(clean_frame, **options),
            schema=after,
            predicate_pushdown=False,
            projection_pushdown=False,
            streamable=True,
        )
    made = clean_columns(frame.to_dict(), **options)
    return pl.DataFrame(
        [
            pl.Series(name, column, dtype=_DTYPES[name]) if isinstance(column, list) else column.alias(name)
            for name, column in made.items()
        ]
    )


def clean_series(series: pl.Series, of: Literal["text", "html"] = "text", **options: Unpack[Options]) -> pl.DataFrame:
    """The frame of what cleaning makes of a series of texts or, with `of="html"`, of pages."""
    return clean_frame(series.to_frame(of), **options).drop("html", strict=False)

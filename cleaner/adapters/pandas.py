"""Articles in pandas: a frame in, the same frame with its articles cleaned out."""

from typing import Literal, Unpack

from cleaner.adapters.columns import Options, clean_columns, map_column_types, require_extra

with require_extra("pandas"):
    import pandas as pd

_DTYPES = map_column_types({str: "string", int: "Int64", float: "float64"}, lambda _: "object", lambda _: "object")
"""The type of each new column: the same in every frame, whatever it holds."""


def clean_frame(frame: pd.DataFrame, **options: Unpack[Options]) -> pd.DataFrame:
    """The frame with its articles cleaned, as `clean_columns` does it; its index stays.

    The dtypes are the same in every frame: `string`, `Int64`, `float64`, and `object` for lists and records.
    Raises what `clean_columns` raises.
    """
    made = clean_columns({name: frame[name] for name in frame.columns}, **options)
    return pd.DataFrame(
        {
            name: pd.Series(column, index=frame.index, dtype=_DTYPES[name]) if isinstance(column, list) else column
            for name, column in made.items()
        }
    )


def clean_series(series: pd.Series, of: Literal["text", "html"] = "text", **options: Unpack[Options]) -> pd.DataFrame:
    """The frame of what cleaning makes of a series of texts or, with `of="html"`, of pages; its index stays."""
    return clean_frame(series.to_frame(of), **options).drop(columns="html", errors="ignore")

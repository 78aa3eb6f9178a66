"""Articles in Spark: a data frame in, the same data frame with its articles cleaned out."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Unpack

from cleaner.adapters.columns import Options, require_extra

with require_extra("spark"):
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    from cleaner.adapters.arrow import clean_table


def clean_frame(frame: DataFrame, **options: Unpack[Options]) -> DataFrame:
    """The data frame with its articles cleaned, as `clean_columns` does it, by the workers and when it is asked for.

    `article-cleaner` must be installed where the workers run.  Raises what `clean_columns` raises.
    """
    after = clean_table(to_arrow_schema(frame.schema).empty_table(), **options).schema
    return frame.mapInArrow(partial(_clean_batches, options=options), from_arrow_schema(after))


def _clean_batches(batches: Iterable[pa.RecordBatch], options: Options) -> Iterator[pa.RecordBatch]:
    """What a worker does; batches may come out in other sizes than they came in."""
    for batch in batches:
        yield from clean_table(batch, **options).to_batches()

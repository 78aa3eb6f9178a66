"""Ray Data: a dataset of articles, cleaned where it lies."""

from typing import TYPE_CHECKING, Unpack

from cleaner.adapters.arrow import clean_table
from cleaner.adapters.columns import Options

if TYPE_CHECKING:
    from ray.data import Dataset

BATCH_ROWS = 256
"""Rows cleaned at a time: enough to fill the stages, and few enough to be small as pages, too."""


def clean_dataset(dataset: "Dataset", **options: Unpack[Options]) -> "Dataset":
    """The dataset with its articles cleaned, lazily and in as many processes as the cluster gives.

    Columns come in and go out as `cleaner.adapters.arrow.clean_table` says, whose keyword arguments are taken too.
    Raises what that raises, when the dataset is read.
    """
    return dataset.map_batches(clean_table, batch_size=BATCH_ROWS, batch_format="pyarrow", fn_kwargs=options)

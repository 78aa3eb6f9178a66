"""Spark data frames of articles, in a local session."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from samples import batch, clean_texts

pytest.importorskip("pyspark", reason="pyspark is not installed")
if not shutil.which("java"):
    pytest.skip("Spark needs Java, which is not here", allow_module_level=True)

from pyspark.sql import SparkSession

from cleaner.adapters.spark import clean_frame

TEXT = "The council met on Tuesday evening, and it was late.\n\nAdvertisement\n"
LEFT = "The council met on Tuesday evening, and it was late."


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    yield session
    session.stop()


@pytest.mark.parametrize("ending", (".txt", ".html"))
def test_a_spark_frame_has_the_texts_of_a_run(spark: Any, ending: str) -> None:
    columns = batch(ending)
    rows = list(zip(*columns.values(), strict=True))
    made = clean_frame(spark.createDataFrame(rows, list(columns))).orderBy("shelf").collect()
    assert [row["text"] for row in made] == clean_texts(ending)


def test_other_columns_stay_and_what_cannot_be_cleaned_says_why(spark: Any) -> None:
    given = spark.createDataFrame([(TEXT, "feed", 1), (None, "desk", 2)], ["text", "source", "shelf"])
    good, bad = clean_frame(given, edits=True).orderBy("shelf").collect()
    assert (good["text"], good["input_source"], good["error"]) == (LEFT, "feed", None)
    assert (bad["text"], bad["input_source"]) == (None, "desk") and "neither text nor html" in bad["error"]
    assert any(edit["before"].startswith("Advertisement") for edit in good["edits"])


def test_settings_reach_the_workers(spark: Any) -> None:
    given = spark.createDataFrame([(TEXT,)], ["body"])
    made = clean_frame(given, text="body", keep=["advertisement"]).collect()
    assert made[0]["text"] == f"{LEFT}\n\nAdvertisement"

"""Frames of pandas and Polars with articles, with the real libraries."""

from typing import Any

import pytest
from samples import batch, clean_texts, field

TEXT = "The council met on Tuesday evening, and it was late.\n\nAdvertisement\n"
LEFT = "The council met on Tuesday evening, and it was late."
ENDINGS = (".txt", ".html")


@pytest.fixture
def pandas() -> Any:
    pytest.importorskip("pandas", reason="pandas is not installed")
    import cleaner.adapters.pandas

    return cleaner.adapters.pandas


@pytest.fixture
def polars() -> Any:
    pytest.importorskip("polars", reason="polars is not installed")
    import cleaner.adapters.polars

    return cleaner.adapters.polars


# ---------------------------------------------------------------- pandas


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_pandas_frame_has_the_texts_of_a_run(pandas: Any, ending: str) -> None:
    given = pandas.pd.DataFrame(batch(ending))
    made = pandas.clean_frame(given)
    assert made["text"].tolist() == clean_texts(ending)
    assert made["shelf"].equals(given["shelf"])


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_pandas_series_has_the_texts_of_a_run(pandas: Any, ending: str) -> None:
    name = field(ending)
    made = pandas.clean_series(pandas.pd.Series(batch(ending)[name], name="anything"), name)
    assert made["text"].tolist() == clean_texts(ending)
    assert "html" not in made


@pytest.mark.parametrize("index", ([7, 7, 3], [("a", 1), ("a", 2), ("b", 1)]))
def test_the_index_of_pandas_stays(pandas: Any, index: list[Any]) -> None:
    pd = pandas.pd
    given = pd.DataFrame({"text": [TEXT, None, TEXT], "shelf": [1, 2, 3]}, index=pd.Index(index))
    made = pandas.clean_frame(given)
    assert made.index.equals(given.index)
    assert made["shelf"].tolist() == [1, 2, 3]
    assert made["error"].notna().tolist() == [False, True, False]


@pytest.mark.parametrize("rows", ([], [TEXT], [None], [TEXT, None]))
def test_the_dtypes_of_pandas_do_not_depend_on_the_rows(pandas: Any, rows: list[str | None]) -> None:
    first, other = (pandas.clean_frame(pandas.pd.DataFrame({"text": rows})) for rows in (rows, [TEXT]))
    assert first.dtypes.to_dict() == other.dtypes.to_dict()


def test_missing_values_of_pandas_are_missing(pandas: Any) -> None:
    pd = pandas.pd
    texts = pd.Series([TEXT, pd.NA], dtype="string")
    made = pandas.clean_frame(pd.DataFrame({"text": texts, "id": [None, float("nan")]}))
    assert made["id"].tolist() == ["", ""]
    assert "neither text nor html" in made["error"].iloc[1]


def test_the_given_pandas_frame_is_not_changed(pandas: Any) -> None:
    given = pandas.pd.DataFrame({"text": [TEXT], "language": ["xx"]})
    made = pandas.clean_frame(given)
    assert given.to_dict("list") == {"text": [TEXT], "language": ["xx"]}
    assert made["input_language"].tolist() == ["xx"]


# ---------------------------------------------------------------- Polars


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_polars_frame_has_the_texts_of_a_run(polars: Any, ending: str) -> None:
    given = polars.pl.DataFrame(batch(ending))
    made = polars.clean_frame(given)
    assert made["text"].to_list() == clean_texts(ending)
    assert made["shelf"].equals(given["shelf"])


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_lazy_frame_has_the_texts_of_a_run(polars: Any, ending: str) -> None:
    made = polars.clean_frame(polars.pl.LazyFrame(batch(ending)))
    assert made.select("text").collect()["text"].to_list() == clean_texts(ending)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_polars_series_has_the_texts_of_a_run(polars: Any, ending: str) -> None:
    name = field(ending)
    made = polars.clean_series(polars.pl.Series("anything", batch(ending)[name]), name)
    assert made["text"].to_list() == clean_texts(ending)
    assert "html" not in made.columns


@pytest.mark.parametrize("rows", ([], [TEXT], [None], [TEXT, None]))
def test_the_types_of_polars_do_not_depend_on_the_rows(polars: Any, rows: list[str | None]) -> None:
    given = polars.pl.DataFrame({"text": rows}, schema={"text": polars.pl.String})
    other = polars.pl.DataFrame({"text": ["By Ann Lee\n\n" + TEXT]})
    assert polars.clean_frame(given, edits=True).schema == polars.clean_frame(other, edits=True).schema


def test_a_filter_on_a_lazy_frame_sees_the_clean_text(polars: Any) -> None:
    pl = polars.pl
    lazy = polars.clean_frame(pl.LazyFrame({"text": [TEXT, "Advertisement\n"], "shelf": [1, 2]}))
    assert lazy.collect_schema() == lazy.collect().schema
    assert lazy.filter(pl.col("text").str.contains("Advertisement")).collect().height == 0
    assert lazy.filter(pl.col("text") == LEFT).select("shelf").collect().to_dicts() == [{"shelf": 1}]


def test_options_reach_a_lazy_frame(polars: Any) -> None:
    lazy = polars.clean_frame(polars.pl.LazyFrame({"body": [TEXT]}), text="body", keep=["advertisement"])
    assert lazy.collect()["text"].to_list() == [f"{LEFT}\n\nAdvertisement"]

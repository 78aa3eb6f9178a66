"""Arrow tables and Hugging Face data sets of articles, with the real libraries."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import PAGE, batch, clean_texts

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")

from cleaner.adapters.arrow import build_schema, clean_table, derive_features  # noqa: E402
from cleaner.adapters.columns import clean_columns  # noqa: E402

TEXT = "The council met on Tuesday evening, and it was late.\n\nAdvertisement\n"
LEFT = "The council met on Tuesday evening, and it was late."


@pytest.mark.parametrize("ending", (".txt", ".html"))
def test_a_table_has_the_texts_of_a_run(ending: str) -> None:
    assert clean_table(pa.table(batch(ending)))["text"].to_pylist() == clean_texts(ending)


def test_a_table_holds_what_clean_columns_makes() -> None:
    assert clean_table(pa.table(batch(".html")), edits=True).to_pydict() == clean_columns(batch(".html"), edits=True)


def test_a_record_batch_is_a_table() -> None:
    one = pa.RecordBatch.from_pydict({"text": [TEXT], "shelf": [3]})
    assert clean_table(one).select(["text", "shelf"]).to_pydict() == {"text": [LEFT], "shelf": [3]}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(), st.just(TEXT), st.just("By Ann Lee\n\n" + TEXT)), max_size=3))
def test_the_types_are_the_same_in_every_batch(texts: list[str | None]) -> None:
    table = clean_table({"text": texts}, edits=True)
    assert dict(zip(table.schema.names, table.schema.types, strict=True)) == dict(
        zip(build_schema(edits=True).names, build_schema(edits=True).types, strict=True)
    )


# ---------------------------------------------------------------- Hugging Face


@pytest.fixture
def datasets(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    module = pytest.importorskip("datasets", reason="datasets is not installed")
    module.disable_progress_bars()
    return module


@pytest.mark.parametrize("ending", (".txt", ".html"))
@pytest.mark.parametrize("processes", (None, 2))
def test_a_data_set_has_the_texts_of_a_run(datasets: Any, ending: str, processes: int | None) -> None:
    made = datasets.Dataset.from_dict(batch(ending)).map(clean_table, batched=True, batch_size=4, num_proc=processes)
    assert made["text"][:] == clean_texts(ending)
    assert made["shelf"][:] == batch(ending)["shelf"]


def test_what_is_empty_in_the_first_batch_may_be_filled_in_a_later_one(datasets: Any) -> None:
    given = datasets.Dataset.from_dict({"text": [TEXT, TEXT, None, "By Ann Lee\n\n" + TEXT]})
    for made in (
        given.map(clean_table, batched=True, batch_size=1),
        given.map(clean_columns, batched=True, batch_size=1, features=derive_features(given.features)),
    ):
        assert [error is None for error in made["error"]] == [True, True, False, True]
        assert [[one["name"] for one in authors] for authors in made["authors"]] == [[], [], [], ["Ann Lee"]]


def test_options_are_given_with_partial(datasets: Any) -> None:
    clean = partial(clean_table, text="body", keep=["advertisement"])
    made = datasets.Dataset.from_dict({"body": [TEXT]}).map(clean, batched=True)
    assert made["text"][:] == [f"{LEFT}\n\nAdvertisement"]


def test_a_second_run_finds_the_first_ones_result(datasets: Any, tmp_path: Any) -> None:
    path = tmp_path / "given.jsonl"
    datasets.Dataset.from_dict({"text": [TEXT]}).to_json(path)
    given = datasets.load_dataset("json", data_files=str(path), split="train", cache_dir=str(tmp_path))
    clean = partial(clean_table, keep=["caption"])
    first, second = (given.map(clean, batched=True) for _ in range(2))
    assert first._fingerprint == second._fingerprint
    assert first.cache_files == second.cache_files


def test_the_features_of_other_columns_stay(datasets: Any) -> None:
    given = datasets.Dataset.from_dict({"html": [PAGE, PAGE], "topic": [1, 0], "language": ["xx", "yy"]})
    given = given.cast_column("topic", datasets.ClassLabel(names=["sea", "land"]))
    for made in (
        given.map(clean_table, batched=True),
        given.map(clean_columns, batched=True, features=derive_features(given.features)),
    ):
        assert made.features["topic"] == given.features["topic"]
        assert made["input_language"][:] == ["xx", "yy"]


def test_columns_can_be_removed_on_the_way(datasets: Any) -> None:
    given = datasets.Dataset.from_dict({"html": [PAGE]})
    made = given.map(clean_columns, batched=True, remove_columns="html")
    assert "html" not in made.column_names and made["text"][0]


def test_a_streamed_data_set_is_cleaned_as_it_is_read(datasets: Any) -> None:
    given = datasets.Dataset.from_dict(batch(".txt")).to_iterable_dataset()
    assert [row["text"] for row in given.map(clean_columns, batched=True, batch_size=3)] == clean_texts(".txt")

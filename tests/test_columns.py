"""What `clean_columns` makes of a batch of columns, one claim a test."""

import importlib
import pickle
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import PAGE, batch, clean_texts, samples

from cleaner.adapters.columns import FIELDS, clean_columns
from cleaner.errors import ReadError, RuleError
from cleaner.record import Article, LedgerLine, restore_source
from cleaner.settings import SETTING_KEYS, Choices, build_settings

TEXT = "The council met on Tuesday evening, and it was late.\n\nAdvertisement\n"

ENDINGS = (".txt", ".html")


def one(made: dict[str, Any], row: int = 0) -> dict[str, Any]:
    return {name: column[row] for name, column in made.items()}


# ---------------------------------------------------------------- the record


@pytest.mark.parametrize("ending", ENDINGS)
def test_text_is_that_of_a_run(ending: str) -> None:
    assert clean_columns(batch(ending))["text"] == clean_texts(ending)


@pytest.mark.parametrize("ending", ENDINGS)
def test_other_fields_are_those_of_a_run(ending: str) -> None:
    made = clean_columns(batch(ending))
    for row, sample in enumerate(samples(ending)):
        record = one(made, row)
        record["provenance"] = {fact["field"]: fact["rule"] for fact in record["provenance"]}
        for block in record["blocks"]:
            if block["language"] is None:
                del block["language"]
        for name in set(FIELDS) - {"source"}:
            assert record[name] == sample.record[name], (sample.id, name)


def test_a_row_with_text_and_html_is_read_as_text() -> None:
    assert clean_columns({"text": [TEXT], "html": [PAGE]})["text"] == [TEXT.split("\n")[0]]


def test_a_row_without_text_is_read_as_html() -> None:
    made = clean_columns({"text": [TEXT, None, float("nan")], "html": [None, PAGE, PAGE]})
    assert made["text"] == [TEXT.split("\n")[0], *["The tide was out by noon, and nobody had seen it go."] * 2]


def test_columns_may_have_other_names() -> None:
    given = {"body": [TEXT], "key": [7], "link": ["https://example.org/a"]}
    made = clean_columns(given, text="body", id="key", url="link")
    assert (made["text"], made["id"], made["url"]) == ([TEXT.split("\n")[0]], ["7"], ["https://example.org/a"])


def test_bytes_are_decoded_as_those_of_a_file() -> None:
    page = PAGE.replace("tide was", "café was").replace("<head>", '<head><meta charset="iso-8859-1">').encode("latin-1")
    made = clean_columns({"html": [page]})
    assert made["text"][0].startswith("The café was out") and made["source"][0]["encoding"] == "windows-1252"


def test_the_ledger_restores_the_source() -> None:
    made = clean_columns({"text": [TEXT]}, edits=True)
    row = one(made)
    lines = msgspec.convert(row["edits"], list[LedgerLine])
    del row["edits"], row["error"], row["provenance"]
    row["blocks"][0].pop("language")
    assert restore_source(msgspec.convert(row, Article), lines) == TEXT


def test_a_title_given_beside_is_taken_out_of_the_text() -> None:
    made = clean_columns({"text": ["Boats\n\n" + TEXT], "title": ["Boats"]})
    assert (made["title"], made["text"]) == (["Boats"], [TEXT.split("\n")[0]])


# ---------------------------------------------------------------- other columns


def test_other_columns_are_carried_along_untouched() -> None:
    shelf = np.arange(3)
    made = clean_columns({"text": [TEXT] * 3, "shelf": shelf})
    assert made["shelf"] is shelf


def test_a_column_whose_name_the_record_needs_is_kept_under_another() -> None:
    made = clean_columns({"text": [TEXT], "source": ["feed"], "input_source": ["mine"]})
    assert (made["input_input_source"], made["input_source"]) == (["feed"], ["mine"])
    assert made["source"][0]["media_type"] == "text/plain"


def test_numpy_arrays_are_columns() -> None:
    assert clean_columns({"text": np.array([TEXT, TEXT], dtype=object)})["text"] == [TEXT.split("\n")[0]] * 2


def test_an_empty_batch_has_all_columns() -> None:
    assert clean_columns({"text": []}) == {name: [] for name in (*FIELDS, "error")}


# ---------------------------------------------------------------- what cannot be cleaned


BAD: list[tuple[dict[str, Any], str]] = [
    ({"text": None}, "the row holds neither text nor html"),
    ({"text": 7}, "the text is of the type int"),
    ({"text": ["a", "b"]}, "the text is of the type list"),
    ({"text": b"%PDF-1.7"}, "this is a PDF"),
    ({"text": "word " * 300_000}, "which no article has"),
    ({"html": ""}, "there is nothing in it"),
    ({"html": '{"a": 1}'}, "this is JSON"),
    ({"html": "<p>" + "x" * (5 << 20)}, "which no article has"),
]


@pytest.mark.parametrize(("row", "reason"), BAD, ids=[reason for _, reason in BAD])
def test_what_cannot_be_cleaned_keeps_its_row_with_the_reason(row: dict[str, Any], reason: str) -> None:
    given = {"text": [TEXT, row.get("text"), TEXT], "html": [None, row.get("html"), None], "id": ["a", "b", "c"]}
    made = clean_columns(given)
    assert made["id"] == ["a", "b", "c"]
    assert [text is None for text in made["text"]] == [False, True, False]
    assert made["error"][0] is made["error"][2] is None and reason in made["error"][1]


def test_a_lone_surrogate_does_not_reach_arrow() -> None:
    made = clean_columns({"text": ["A lone \ud83d surrogate stands in this one."], "id": ["\ud83d"], "url": ["\ud83d"]})
    msgspec.json.encode(one(made))
    assert made["text"] == ["A lone surrogate stands in this one."]


anything = st.one_of(
    st.none(),
    st.text(),
    st.binary(),
    st.integers(),
    st.floats(),
    st.lists(st.text(), max_size=2),
    st.text().map(lambda text: f"<p>{text}</p>"),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(anything, anything, anything, anything, anything), max_size=4))
def test_no_row_breaks_a_batch(rows: list[tuple[Any, ...]]) -> None:
    names = ("text", "html", "id", "url", "title")
    made = clean_columns({name: [row[i] for row in rows] for i, name in enumerate(names)}, edits=True)
    for i in range(len(rows)):
        row = one(made, i)
        assert (row["text"] is None) == (row["error"] is not None)
        msgspec.json.encode(row)


# ---------------------------------------------------------------- what the call got wrong


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"text": "body"}, ReadError, "there is no such column to read as text; there are 'text'"),
        ({"keep": "caption"}, TypeError, "wrong type"),
        ({"keep": ["captoin"]}, TypeError, "'captoin' is no role"),
        ({"strict": "recall"}, TypeError, "strict: is no setting"),
        ({"strictness": "loose"}, TypeError, "wrong type"),
        ({"rules": ["absent.toml"]}, RuleError, "absent.toml"),
    ],
)
def test_a_wrong_call_is_told(options: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        clean_columns({"text": [TEXT]}, **options)


def test_a_batch_without_articles_is_told() -> None:
    with pytest.raises(ReadError, match="no column 'text' or 'html'; there are 'body'"):
        clean_columns({"body": [TEXT]})


def test_a_single_row_is_told_from_a_batch() -> None:
    with pytest.raises(TypeError, match="batched=True"):
        clean_columns({"text": TEXT})


# ---------------------------------------------------------------- settings


def test_settings_are_the_keys_of_a_project_file() -> None:
    assert set(Choices.__annotations__) == set(SETTING_KEYS)


def test_settings_decide_what_stays() -> None:
    assert clean_columns({"text": [TEXT]}, keep=["advertisement"])["text"][0].endswith("\n\nAdvertisement")


def test_rules_of_ones_own_are_used(rules: Path) -> None:
    assert clean_columns({"text": [TEXT + "\nSLOT 7\n"]}, rules=[str(rules)])["text"] == [TEXT.split("\n")[0]]


def test_settings_do_not_depend_on_lists_or_tuples() -> None:
    assert build_settings({"keep": ["caption"]}) == build_settings({"keep": ("caption",)})


def test_the_function_and_its_options_are_picklable() -> None:
    again = pickle.loads(pickle.dumps(partial(clean_columns, keep=["advertisement"])))
    assert again({"text": [TEXT]}) == clean_columns({"text": [TEXT]}, keep=["advertisement"])


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("arrow", "pyarrow"),
        ("datatrove", "datatrove.data"),
        ("langchain", "langchain_core.documents"),
        ("pandas", "pandas"),
        ("polars", "polars"),
        ("scrapy", "itemadapter"),
        ("spark", "pyarrow"),
    ],
)
def test_a_package_that_is_absent_is_told_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, module: str, package: str
) -> None:
    monkeypatch.delitem(sys.modules, f"cleaner.adapters.{module}", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModuleNotFoundError, match=rf"pip install 'article-cleaner\[{module}\]'"):
        importlib.import_module(f"cleaner.adapters.{module}")


def test_columns_need_no_package_of_others() -> None:
    code = (
        "import sys, cleaner.adapters.columns as c; c.clean_columns({'text': ['A line.']});"
        "sys.exit(str({'pyarrow', 'pandas', 'polars', 'datasets', 'scrapy', 'datatrove'} & set(sys.modules) or ''))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""

"""The datatrove step in pipelines that datatrove itself runs."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import write_lines
from samples import batch, clean_texts, field, samples

pytest.importorskip("datatrove", reason="datatrove is not installed")
pytest.importorskip("orjson", reason="orjson, which datatrove writes JSON Lines with, is not installed")

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from cleaner.adapters.datatrove import ArticleCleaner

TEXT = "The council met on Tuesday evening, and it was late.\n\nAdvertisement\n"
LEFT = "The council met on Tuesday evening, and it was late."


def ran(folder: Path, rows: list[dict[str, Any]], key: str = "text", **options: Any) -> dict[str, Any]:
    """What a pipeline of reader, step and writer leaves: documents, excluded ones and the step's figures."""
    (folder / "in").mkdir()
    write_lines(folder / "in" / "rows.jsonl", rows)
    step = ArticleCleaner(exclusion_writer=JsonlWriter(str(folder / "excluded")), **options)
    LocalPipelineExecutor(
        pipeline=[JsonlReader(str(folder / "in"), text_key=key), step, JsonlWriter(str(folder / "out"))],
        logging_dir=str(folder / "logs"),
    ).run()
    figures = json.loads((folder / "logs" / "stats.json").read_text(encoding="utf-8"))
    return {
        "out": lines(folder / "out"),
        "excluded": lines(folder / "excluded"),
        "stats": next(one["stats"] for one in figures if "Article cleaner" in one["name"]),
    }


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.glob("*.gz")) for line in gzip.open(path)]


@pytest.mark.parametrize("ending", (".txt", ".html"))
def test_documents_have_the_texts_of_a_run(tmp_path: Path, ending: str) -> None:
    key = field(ending)
    columns = batch(ending)
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    done = ran(tmp_path, rows, key, html=key == "html", batch_size=4)
    kept = [one for one in samples(ending) if one.record["text"]]
    assert [(one["id"], one["text"]) for one in done["out"]] == [(one.id, one.record["text"]) for one in kept]
    assert len(kept) > 1 and clean_texts(ending)


def test_metadata_holds_the_record_and_what_was_there(tmp_path: Path) -> None:
    given = {"id": "a", "text": "By Ann Lee\n\n" + TEXT, "url": "https://example.org/a", "crawl": 7, "source": "feed"}
    metadata = ran(tmp_path, [given])["out"][0]["metadata"]
    assert metadata["authors"] == [{"name": "Ann Lee", "role": "author", "raw": "Ann Lee", "kind": "person"}]
    assert (metadata["crawl"], metadata["input_source"]) == (7, "feed")
    assert (metadata["url"], metadata["language"]) == ("https://example.org/a", "en")


def test_what_cannot_be_cleaned_goes_untouched_to_the_exclusion_writer(tmp_path: Path) -> None:
    pages = {"a": '{"a": 1}', "b": f"<p>{TEXT}</p>", "c": "<p>Advertisement</p>"}
    done = ran(tmp_path, [{"id": id, "html": page} for id, page in pages.items()], "html", html=True)
    assert [one["id"] for one in done["out"]] == ["b"]
    bad, empty = done["excluded"]
    assert (bad["text"], bad["metadata"]["filter_reason"]) == ('{"a": 1}', "error")
    assert "this is JSON" in bad["metadata"]["error"]
    assert (empty["text"], empty["metadata"]["filter_reason"]) == ("<p>Advertisement</p>", "empty")


def test_datatrove_counts_what_was_done(tmp_path: Path) -> None:
    rows = [{"text": TEXT}, {"text": TEXT}, {"text": "Advertisement\n"}]
    stats = ran(tmp_path, rows)["stats"]
    counted = {
        name: stats[name] if isinstance(stats[name], int) else stats[name]["total"]
        for name in ("total", "forwarded", "dropped", "dropped_empty", "doc_len", "doc_len_before")
    }
    assert counted == {
        "total": 3,
        "forwarded": 2,
        "dropped": 1,
        "dropped_empty": 1,
        "doc_len": 2 * len(LEFT),
        "doc_len_before": 2 * len(TEXT),
    }


def test_a_wrong_setting_is_told_before_the_run() -> None:
    with pytest.raises(TypeError, match="'captoin' is no role"):
        ArticleCleaner(keep=["captoin"])


def test_settings_decide_what_stays(tmp_path: Path) -> None:
    assert ran(tmp_path, [{"text": TEXT}], keep=["advertisement"])["out"][0]["text"] == f"{LEFT}\n\nAdvertisement"

"""Files in, files out."""

import json
from pathlib import Path

import pytest
from conftest import PAGE, read_lines, write_lines

from cleaner.document import Document, Edit
from cleaner.errors import WriteError
from cleaner.pipeline import Pipeline
from cleaner.pipeline.settings import Audit, Prepared, Settings, prepare_settings
from cleaner.readers.base import Item
from cleaner.readers.own_records import restore_sources
from cleaner.record import Rejected, Source, Tool
from cleaner.run import shards
from cleaner.run.batch import clean_inputs
from cleaner.run.report import Report
from cleaner.run.worker import clean_items


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def pages(path: Path, count: int) -> Path:
    """Many documents, some broken, some with the ids of others."""
    with path.open("w", encoding="utf-8") as out:
        for i in range(count):
            text = PAGE.replace("17", str(i)).replace("four", f"{i} and a half")
            out.write(json.dumps({"id": f"page {i % (count - 9)}", "text": text, "number": i}) + "\n")
            if i % 50 == 0:
                out.write('{"id": "broken", "text": "cut of\n')
    return path


def test_the_output_is_the_same_to_the_byte_whatever_the_number_of_workers(
    tmp_path: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # small shards, so that there are more of them than workers
    monkeypatch.setattr(shards, "FULL_SHARD_BYTES", 20_000)
    monkeypatch.setattr("cleaner.io.streams.CHUNK_BYTES", 20_000)
    folder = tmp_path / "raw"
    folder.mkdir()
    pages(folder / "many.jsonl", 400)
    for i in range(30):
        (folder / f"{i}.txt").write_text(PAGE.replace("17", str(i)), encoding="utf-8")
    made = []
    for workers in (1, 2, 3):
        output = tmp_path / f"out{workers}"
        report = clean_inputs([str(folder)], output, Settings(rules=(str(rules),)), workers)
        made.append((files(output), report))
    assert made[0] == made[1] == made[2]
    assert set(made[0][0]) == {
        "raw.articles.jsonl",
        "raw.edits.jsonl",
        "many.articles.jsonl",
        "many.edits.jsonl",
        "many.rejected.jsonl",
    }
    assert (made[0][1].documents, made[0][1].rejected) == (430, 8)


def test_the_report_adds_up(tmp_path: Path, rules: Path) -> None:
    report = clean_inputs([str(pages(tmp_path / "many.jsonl", 60))], tmp_path / "out", Settings(rules=(str(rules),)))
    records = read_lines(tmp_path / "out" / "many.articles.jsonl")
    edits = read_lines(tmp_path / "out" / "many.edits.jsonl")
    kept, dropped = report.kept.values(), report.dropped.values()
    assert report.documents == len(records) == 60
    assert report.rejected == len(read_lines(tmp_path / "out" / "many.rejected.jsonl")) == 2
    assert sum(t.characters for t in (*kept, *dropped)) == report.characters_in
    assert sum(len(record["text"]) for record in records) == report.characters_out
    assert sum(t.lines for t in kept) == sum(len(record["blocks"]) for record in records)
    for what in ("lines", "characters"):
        assert sum(getattr(t, what) for t in report.rules.values()) == sum(getattr(t, what) for t in dropped)
    assert sum(t.edits for t in report.rules.values()) == len(edits)
    assert report.rules["test.slot"].lines == 60


def test_the_second_document_of_an_id_gets_a_number(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [{"id": id, "text": "A \u00a0 text ."} for id in ("x", "x#2", "x", "x")])
    clean_inputs([str(path)], tmp_path, Settings())
    assert [r["id"] for r in read_lines(tmp_path / "a.articles.jsonl")] == ["x", "x#2", "x#3", "x#4"]
    assert {e["id"] for e in read_lines(tmp_path / "a.edits.jsonl")} <= {"x", "x#2", "x#3", "x#4"}


@pytest.mark.parametrize("audit", ["file", "inline"])
def test_documents_of_one_id_are_restored_each_from_its_own_edits(tmp_path: Path, rules: Path, audit: Audit) -> None:
    texts = [PAGE.replace("17", str(i)) for i in range(3)]
    path = write_lines(tmp_path / "a.jsonl", [{"id": "x", "text": text} for text in texts])
    clean_inputs([str(path)], tmp_path, Settings(rules=(str(rules),), audit=audit))
    assert [source for _, source in restore_sources(tmp_path / "a.articles.jsonl")] == texts


def test_other_keys_are_carried_along(tmp_path: Path) -> None:
    given = {"id": "x", "text": "A text.", "n": 2**70, "deep": {"list": [1.5, None, "ü\ud800"]}, "title": "T"}
    clean_inputs([str(write_lines(tmp_path / "a.jsonl", [given]))], tmp_path, Settings())
    (record,) = read_lines(tmp_path / "a.articles.jsonl")
    assert record["extra"] == {"n": 2**70, "deep": {"list": [1.5, None, "ü\ud800"]}}
    assert record["title"] == "T"


def test_a_document_that_breaks_a_stage_is_rejected_with_it_and_untouched() -> None:
    def clumsy(document: Document) -> list[Edit]:
        return [Edit("clumsy.cut", 1, 2)]

    def broken(document: Document) -> list[Edit]:
        raise KeyError("no such thing")

    for stage in (clumsy, broken):
        ready = Prepared(prepare_settings(Settings()).rules, Pipeline([stage]), Tool("1", "00"))
        item = Item(Document.read("Some text.", "a"), Source("a.jsonl", 3), b'{"text": "Some text."}')
        report = Report()
        (done,) = clean_items(ready, Settings(), [item], report)
        assert isinstance(done, Rejected)
        assert (done.id, done.stage, done.input) == ("a", stage.__name__, '{"text": "Some text."}')
        assert report.documents == 0


def test_markdown_and_text_are_one_file_a_document(tmp_path: Path) -> None:
    (tmp_path / "raw" / "sub").mkdir(parents=True)
    (tmp_path / "raw" / "sub" / "page.txt").write_text(PAGE)
    write_lines(tmp_path / "raw" / "more.jsonl", [{"id": "../up", "text": PAGE}, {"id": "../up", "text": PAGE}])
    clean_inputs([str(tmp_path / "raw")], tmp_path / "md", Settings(to="markdown", audit="none"))
    assert set(files(tmp_path / "md")) == {"sub/page.md", "%2E%2E/up.md", "%2E%2E/up#2.md"}
    assert b'id: "../up#2"' in files(tmp_path / "md")["%2E%2E/up#2.md"]
    clean_inputs([str(tmp_path / "raw" / "sub")], tmp_path / "text", Settings(to="text"))
    assert set(files(tmp_path / "text")) == {"page.txt", "sub.edits.jsonl"}


def test_what_an_earlier_run_left_is_gone_when_it_no_longer_holds(tmp_path: Path) -> None:
    path, output = tmp_path / "a.jsonl", tmp_path / "out"
    path.write_text('{"text": "A text."}\nbroken\n')
    clean_inputs([str(path)], output, Settings())
    assert set(files(output)) == {"a.articles.jsonl", "a.edits.jsonl", "a.rejected.jsonl"}
    path.write_text('{"text": "A text."}\n')
    clean_inputs([str(path)], output, Settings(audit="none"))
    assert set(files(output)) == {"a.articles.jsonl"}


def test_an_output_inside_the_input_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE)
    for _ in range(2):
        report = clean_inputs([str(tmp_path)], tmp_path / "clean", Settings())
        assert report.documents == 1


def test_no_input_is_ever_written_over(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE)
    with pytest.raises(WriteError, match="another --output"):
        clean_inputs([str(tmp_path / "page.txt")], tmp_path, Settings(to="text"))
    with pytest.raises(WriteError, match="another --output"):
        clean_inputs([str(tmp_path)], tmp_path, Settings())
    assert (tmp_path / "page.txt").read_text() == PAGE


def test_an_input_in_a_folder_or_with_the_longest_of_names_is_cleaned_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "raw" / "sub").mkdir(parents=True)
    for name in ("sub/feed.jsonl", f"{'n' * 249}.jsonl"):
        write_lines(tmp_path / "raw" / name, [{"id": name, "text": "A text."}])
    report = clean_inputs([str(tmp_path / "raw")], tmp_path / "out", Settings(audit="none"))
    assert (report.documents, report.rejected) == (2, 0)
    made = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.jsonl"))
    assert made[1] == "sub/feed.articles.jsonl" and made[0].startswith("nnn")

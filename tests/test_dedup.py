"""Copies of the same story among the documents of a run."""

from pathlib import Path

import pytest
from conftest import read_lines, write_lines
from test_cli import Call
from test_resume import Stopped, files, stopping

from cleaner.pipeline.settings import Dedup, Settings
from cleaner.readers.own_records import restore_sources
from cleaner.run import shards
from cleaner.run.batch import clean_inputs

PARAGRAPHS = [
    "The council of Port Ellery voted on Monday to buy a second ferry, after a winter in which the first one lay idle.",
    "The boat will be built by a yard on the mainland that has waited six years for an order of this size, it said.",
    "Fishermen had asked for it since the bridge was closed, and the harbour master said the quay could take both.",
    "Money comes from the sale of the old customs house, which a hotel company from the capital bought last autumn.",
    "Opponents called the purchase hasty: no timetable has been agreed, and the crew of the Gull is two men short.",
]
OTHER = [
    "The museum of clocks in Halm opens its doors again after eight months in which rain had come through its roof.",
    "Visitors find the great regulator where it stood, and beside it a workshop in which children may take one apart.",
    "The director said that three of the stolen pieces had been found in a barn, and the fourth was still missing.",
]


def corpus(folder: Path) -> Path:
    """Two feeds: a story, its copy with another title, another story, and the first once more in the second feed."""
    folder.mkdir()
    story, other = "\n\n".join(PARAGRAPHS), "\n\n".join(OTHER)
    copy = f"Second boat for the bay\n\nAdvertisement\n\n{story}\n\nRead also: Fog keeps ferries in port"
    write_lines(
        folder / "a.jsonl",
        [
            {"id": "first", "text": f"Port Ellery buys a ferry\n\n{story}"},
            {"id": "copy", "text": copy},
            {"id": "other", "text": f"Clocks tick again\n\n{other}"},
        ],
    )
    write_lines(folder / "b.jsonl", [{"id": "first", "text": f"Ferry bought\n\n{story}"}])
    return folder


def test_link_names_the_record_that_each_copy_is_a_copy_of(tmp_path: Path) -> None:
    clean_inputs([str(corpus(tmp_path / "raw"))], tmp_path / "out", Settings(dedup="link"), 2)
    made = [*read_lines(tmp_path / "out" / "a.articles.jsonl"), *read_lines(tmp_path / "out" / "b.articles.jsonl")]
    assert [(one["id"], one["story"], one["duplicate_of"]) for one in made] == [
        ("first", "first", None),
        ("copy", "first", "first"),
        ("other", None, None),
        ("first#2", "first", "first"),
    ]
    assert made[1]["likeness"]["reason"] in ("exact", "shingles")


def test_without_dedup_nothing_is_said_of_copies(tmp_path: Path) -> None:
    clean_inputs([str(corpus(tmp_path / "raw"))], tmp_path / "out", Settings())
    assert not {"story", "duplicate_of", "likeness"} & set(read_lines(tmp_path / "out" / "a.articles.jsonl")[0])


@pytest.mark.parametrize("audit", ["file", "inline"])
def test_drop_leaves_copies_out_and_restore_gives_them_back(tmp_path: Path, audit: str) -> None:
    raw = corpus(tmp_path / "raw")
    clean_inputs([str(raw)], tmp_path / "out", Settings(dedup="drop", audit=audit))  # type: ignore[arg-type]
    made = tmp_path / "out" / "a.articles.jsonl"
    assert [one["id"] for one in read_lines(made)] == ["first", "other"]
    said = [one for one in read_lines(tmp_path / "out" / "a.edits.jsonl") if one["stage"] == "stories"]
    assert [(one["id"], one["rule"], one["duplicate_of"]) for one in said] == [("copy", "stories.duplicate", "first")]
    sources = {one["id"]: one["text"] for one in read_lines(raw / "a.jsonl")}
    assert dict(restore_sources(made)) == sources


@pytest.mark.parametrize("dedup", ["link", "drop"])
def test_a_run_that_stopped_finds_the_same_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dedup: Dedup
) -> None:
    monkeypatch.setattr(shards, "FULL_SHARD_BYTES", 100)
    raw = corpus(tmp_path / "raw")
    clean_inputs([str(raw)], tmp_path / "whole", Settings(dedup=dedup))
    with pytest.raises(Stopped):
        clean_inputs([str(raw)], tmp_path / "out", Settings(dedup=dedup), watch=stopping(1))
    clean_inputs([str(raw)], tmp_path / "out", Settings(dedup=dedup), 2, resume=True)
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_drop_without_a_ledger_is_a_wrong_call(call: Call, tmp_path: Path) -> None:
    done = call("run", corpus(tmp_path / "raw"), "-o", tmp_path / "out", "--dedup", "drop", "--audit", "none")
    assert done.code == 2 and "ledger" in done.err

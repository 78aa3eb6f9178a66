"""Runs that are stopped, in whatever way, and go on: the files are those of an undisturbed run."""

import gzip
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PAGE, read_lines, write_lines
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner.document import Document, Edit
from cleaner.errors import CleanerError, WriteError
from cleaner.io.files import Piece
from cleaner.pipeline.settings import Settings, prepare_settings
from cleaner.readers import READERS
from cleaner.run import shards
from cleaner.run.batch import clean_inputs
from cleaner.run.checkpoint import Store
from cleaner.run.ids import IdRegistry
from cleaner.run.progress import Watch


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def inputs(folder: Path, documents: int = 120) -> Path:
    """A folder with two JSON Lines files, texts, doubled ids, a broken line and a file that is no archive."""
    folder.mkdir()
    for name in ("a", "b"):
        texts = [PAGE.replace("17", str(i)) * 3 for i in range(documents)]
        lines = [{"id": f"{name} {i % (documents - 9)}", "text": text} for i, text in enumerate(texts)]
        write_lines(folder / f"{name}.jsonl", lines)
    with (folder / "b.jsonl").open("a") as out:
        out.write("broken\n")
    for i in range(5):
        (folder / f"{i}.txt").write_text(PAGE.replace("17", str(i)))
    (folder / "damaged.jsonl.gz").write_bytes(gzip.compress(b'{"text": "A text."}\n' * 9)[:-12])
    return folder


class Stopped(Exception):
    """What stops a run in a test."""


def stopping(after: int) -> Watch:
    """A watch that stops the run after so many shards."""
    left = [after]

    def done(documents: int, rejected: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Stopped

    return Watch(done=done)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small shards, so that a few documents are many of them."""
    monkeypatch.setattr(shards, "FULL_SHARD_BYTES", 2_000)
    monkeypatch.setattr("cleaner.io.streams.CHUNK_BYTES", 2_000)


@pytest.mark.parametrize("to", ["jsonl", "markdown"])
@pytest.mark.parametrize("after", [0, 1, 7, 14, 30, 45])
def test_a_run_that_stopped_goes_on_to_the_same_files(tmp_path: Path, small: None, after: int, to: str) -> None:
    raw = inputs(tmp_path / "raw")
    whole = clean_inputs([str(raw)], tmp_path / "whole", Settings(to=to))
    with pytest.raises(Stopped):
        clean_inputs([str(raw)], tmp_path / "out", Settings(to=to), watch=stopping(after))
    report = clean_inputs([str(raw)], tmp_path / "out", Settings(to=to), workers=2, resume=True)
    assert files(tmp_path / "out") == files(tmp_path / "whole")
    assert report == whole


def test_what_was_done_is_not_done_again(tmp_path: Path, small: None) -> None:
    raw = inputs(tmp_path / "raw") / "a.jsonl"

    def made() -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.shard")}

    for after in (9, 19):
        before = made()
        with pytest.raises(Stopped):
            clean_inputs([str(raw)], tmp_path / "out", Settings(), resume=True, watch=stopping(after))
        assert len(made()) > len(before)
        assert before.items() <= made().items()


def test_an_input_that_changed_is_cleaned_anew(tmp_path: Path, small: None) -> None:
    raw = inputs(tmp_path / "raw")
    with pytest.raises(Stopped):
        clean_inputs([str(raw / "a.jsonl")], tmp_path / "out", Settings(), watch=stopping(4))
    lines = (raw / "a.jsonl").read_text().replace("ferry", "bus").splitlines(keepends=True)
    (raw / "a.jsonl").write_text("".join(lines[3:]))
    clean_inputs([str(raw / "a.jsonl")], tmp_path / "out", Settings(), resume=True)
    clean_inputs([str(raw / "a.jsonl")], tmp_path / "whole", Settings())
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_other_options_do_not_go_on_with_a_run(tmp_path: Path, small: None) -> None:
    raw = inputs(tmp_path / "raw")
    with pytest.raises(Stopped):
        clean_inputs([str(raw)], tmp_path / "out", Settings(), watch=stopping(9))
    with pytest.raises(WriteError, match="without --resume"):
        clean_inputs([str(raw)], tmp_path / "out", Settings(keep=("caption",)), resume=True)
    clean_inputs([str(raw)], tmp_path / "out", Settings(keep=("caption",)))
    clean_inputs([str(raw)], tmp_path / "whole", Settings(keep=("caption",)))
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_two_runs_of_the_same_input_do_not_write_at_once(tmp_path: Path, small: None) -> None:
    raw = inputs(tmp_path / "raw")
    script = "import sys; from cleaner.cli.main import invoke; sys.exit(invoke(sys.argv[1:]))"
    errors: list[str] = []

    def done(documents: int, rejected: int) -> None:
        if not errors:
            call = [sys.executable, "-c", script, "run", str(raw), "-o", str(tmp_path / "out"), "-q"]
            errors.append(subprocess.run(call, capture_output=True, text=True, check=False).stderr)

    clean_inputs([str(raw)], tmp_path / "out", Settings(), watch=Watch(done=done))
    assert "another run" in errors[0]


START = """
import sys
from cleaner.cli.main import invoke
from cleaner.run import shards
shards.FULL_SHARD_BYTES = 8000
sys.exit(invoke(sys.argv[1:]))
"""


@pytest.mark.parametrize("seed", range(4))
def test_a_run_that_was_killed_at_any_moment_goes_on_to_the_same_files(tmp_path: Path, seed: int) -> None:
    raw = inputs(tmp_path / "raw", 300)
    call = [sys.executable, "-c", START, "run", str(raw), "-q", "--workers", "2", "-o"]
    began = time.monotonic()
    subprocess.run([*call, str(tmp_path / "whole")], check=False)
    took = time.monotonic() - began
    process = subprocess.Popen([*call, str(tmp_path / "out")])
    time.sleep(random.Random(seed).random() * took)
    process.send_signal(signal.SIGKILL)
    process.wait()
    subprocess.run([*call, str(tmp_path / "out"), "--resume"], check=False)
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    raw = inputs(tmp_path / "raw")
    call = [sys.executable, "-c", START, "run", str(raw), "-q", "-o"]
    subprocess.run([*call, str(tmp_path / "whole")], check=False)

    def small_files_only() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    full = subprocess.run([*call, str(tmp_path / "out")], capture_output=True, check=False, preexec_fn=small_files_only)
    assert full.returncode == 2 and b"free some space" in full.stderr
    subprocess.run([*call, str(tmp_path / "out"), "--resume"], check=False)
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def poison(document: Document) -> list[Edit]:
    """A stage that ends its process, or the time, on two documents."""
    if document.id == "a 13":
        os.kill(os.getpid(), signal.SIGKILL)
    if document.id == "a 31":
        time.sleep(3600)
    return []


@pytest.mark.parametrize("workers", [1, 2])
def test_a_document_that_ends_its_worker_or_takes_too_long_costs_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    chosen = Settings()
    prepare_settings(chosen).pipeline.stages.append(("poison", poison))
    monkeypatch.setattr("cleaner.workers.pool.threading.active_count", lambda: 1)  # workers know the stage as copies
    try:
        raw = inputs(tmp_path / "raw") / "a.jsonl"
        report = clean_inputs([str(raw)], tmp_path / "out", chosen, workers, time_limit=12)
    finally:
        prepare_settings(chosen).pipeline.stages.pop()
    assert (report.documents, report.rejected) == (118, 2)
    rejected = read_lines(tmp_path / "out" / "a.rejected.jsonl")
    assert [(one["id"], one["stage"]) for one in rejected] == [("a:14", "worker"), ("a:32", "worker")]
    assert "SIGKILL" in rejected[0]["reason"] and "longer than 12 seconds" in rejected[1]["reason"]
    lines = raw.read_text().splitlines()
    assert [one["input"] for one in rejected] == [lines[13], lines[31]]
    assert len(read_lines(tmp_path / "out" / "a.articles.jsonl")) == 118


def test_workers_that_die_of_no_document_end_the_run_and_it_can_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = inputs(tmp_path / "raw", 12) / "a.jsonl"
    with monkeypatch.context() as starved:
        starved.setattr(
            "cleaner.pipeline.settings.prepare_settings", lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
        )
        starved.setattr("cleaner.workers.pool.threading.active_count", lambda: 1)
        with pytest.raises(CleanerError, match="not because of a document"):
            clean_inputs([str(raw)], tmp_path / "out", Settings())
    clean_inputs([str(raw)], tmp_path / "out", Settings(), resume=True)
    clean_inputs([str(raw)], tmp_path / "whole", Settings())
    assert files(tmp_path / "out") == files(tmp_path / "whole")


@pytest.mark.parametrize("damaged", ["*.shard", "*.finished", "run"])
@pytest.mark.parametrize("left", [0, 40])
def test_what_a_power_cut_left_damaged_is_made_again(tmp_path: Path, small: None, damaged: str, left: int) -> None:
    raw = inputs(tmp_path / "raw", 40)
    with pytest.raises(Stopped):
        clean_inputs([str(raw)], tmp_path / "out", Settings(), watch=stopping(12))
    found = list((tmp_path / "out" / ".cleaner").rglob(damaged))
    assert found
    for path in found:
        path.write_bytes(path.read_bytes()[: left if damaged != "run" else 0])
    clean_inputs([str(raw)], tmp_path / "out", Settings(), resume=True)
    clean_inputs([str(raw)], tmp_path / "whole", Settings())
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_a_run_stopped_while_it_cleared_another_away_takes_nothing_of_that(tmp_path: Path, small: None) -> None:
    raw = inputs(tmp_path / "raw", 40)
    with pytest.raises(Stopped):
        clean_inputs([str(raw)], tmp_path / "out", Settings(audit="inline"), watch=stopping(9))
    (said,) = (tmp_path / "out" / ".cleaner").glob("*/run")
    said.unlink()
    clean_inputs([str(raw)], tmp_path / "out", Settings(), resume=True)
    clean_inputs([str(raw)], tmp_path / "whole", Settings())
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_no_two_runs_make_files_below_an_output_at_once(tmp_path: Path) -> None:
    one = Store(tmp_path / ".cleaner" / "one")
    one.path.mkdir(parents=True)
    script = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'wb'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    call = [sys.executable, "-c", script, str(tmp_path / ".cleaner" / "lock")]
    with one.lock_outputs():
        assert subprocess.run(call, capture_output=True, check=False).returncode
    assert not subprocess.run(call, capture_output=True, check=False).returncode


def test_documents_named_like_the_store_do_not_go_with_it(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [{"id": f".cleaner/{i}", "text": PAGE} for i in range(2)])
    clean_inputs([str(tmp_path / "a.jsonl")], tmp_path / "out", Settings(to="text"))
    assert set(files(tmp_path / "out")) == {"%2Ecleaner/0.txt", "%2Ecleaner/1.txt", "a.edits.jsonl"}
    assert not (tmp_path / "out" / ".cleaner").exists()


def test_a_reader_that_breaks_costs_its_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Iterator[Piece]:
        raise OverflowError("too much")

    monkeypatch.setitem(READERS, ".csv", READERS[".csv"]._replace(cut=broken))
    raw = inputs(tmp_path / "raw", 12)
    (raw / "c.csv").write_text("text\nx\n")
    report = clean_inputs([str(raw)], tmp_path / "out", Settings())
    assert report.documents == 30
    (rejected,) = read_lines(tmp_path / "out" / "c.rejected.jsonl")
    assert "c.csv: cannot be read: the reader broke: OverflowError('too much')" in rejected["reason"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.sampled_from(["x", "x#2", "x#3", "y", "y#2", "z", "é\ud800"]), max_size=6), max_size=12))
def test_ids_are_unique_and_the_first_document_of_an_id_keeps_it(batches: list[list[str]]) -> None:
    ids = IdRegistry()
    given_ids = [id for some in batches for id in some]
    made = [id for some in batches for id in ids.make_unique(some)]
    assert len(set(made)) == len(given_ids)
    assert all(new == old or new.startswith(f"{old}#") for old, new in zip(given_ids, made, strict=True))
    assert all(made[given_ids.index(id)] == id for id in ("x", "y", "z") if id in given_ids and "#" not in id)

"""`cleaner run` as an operator sees it: plans, figures, logs, and what is said of failures."""

import json
import os
import resource
from pathlib import Path

import pytest
from conftest import PAGE
from test_cli import Call


def test_a_dry_run_that_finds_nothing_says_so(call: Call, tmp_path: Path) -> None:
    done = call("run", tmp_path, "-o", tmp_path / "out", "--dry-run")
    assert done.code == 2 and "no file that a reader takes" in done.err


def test_metrics_that_cannot_be_written_are_known_before_the_work(call: Call, tmp_path: Path) -> None:
    (tmp_path / "raw.txt").write_text(PAGE)
    (tmp_path / "file").touch()
    done = call("run", tmp_path / "raw.txt", "-o", tmp_path / "out", "--metrics", tmp_path / "file" / "m.json")
    assert done.code == 2 and "cannot be written" in done.err
    assert not (tmp_path / "out").exists()


def test_an_error_is_a_line_of_the_json_log_too(call: Call, tmp_path: Path) -> None:
    done = call("run", tmp_path / "gone.txt", "-o", tmp_path / "out", "--log-format", "json")
    assert done.code == 2
    assert [json.loads(line)["level"] for line in done.err.splitlines()] == ["error"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_cannot_be_listed_is_not_passed_over(call: Call, tmp_path: Path) -> None:
    (tmp_path / "raw" / "closed").mkdir(parents=True, mode=0o000)
    done = call("run", tmp_path / "raw", "-o", tmp_path / "out")
    assert done.code == 2 and "closed: this folder cannot be listed" in done.err


def test_a_run_that_could_not_begin_leaves_nothing(call: Call, tmp_path: Path) -> None:
    done = call("run", tmp_path / "gone.txt", "-o", tmp_path / "out")
    assert done.code == 2 and "gone.txt" in done.err
    assert not list((tmp_path / "out").iterdir())


def test_workers_that_cannot_be_started_are_said(call: Call, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    held = len(os.listdir("/proc/self/fd"))
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (held + 20, most))
    try:
        done = call("run", tmp_path / "page.txt", "-o", tmp_path / "out", "--workers", 40)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert done.code == 2 and "choose fewer --workers" in done.err

"""What the tests of the command line share."""

import json
import multiprocessing
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from multiprocessing.context import ForkContext, SpawnContext
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cleaner import clean
from cleaner.cli.main import invoke
from cleaner.document import Document, Edit, Fact
from cleaner.facts import check_fact
from cleaner.workers import pool

RULES = r"""
[[rule]]
id = "test.slot"
why = "A slot of the test's own."
role = "advertisement"
match = ['^SLOT \d+$']
examples = ["SLOT 12"]
keeps = ["The SLOT 12 is free."]
"""

PAGE = """Council votes on the new bridge

The council met on Tuesday evening, and after four hours of debate the members voted for the new bridge.

SLOT 17

Nobody in the hall had expected that the vote would be so clear, said the mayor after the meeting.
"""


@pytest.fixture(autouse=True)
def checked_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process every fact that a stage yields must be one that the table of `cleaner.facts` allows."""
    apply = Document.apply

    def apply_checked(self: Document, findings: Iterable[Edit | Fact], stage: str = "") -> Document:
        findings = list(findings)
        for finding in findings:
            if isinstance(finding, Fact):
                check_fact(finding, stage)
        return apply(self, findings, stage)

    monkeypatch.setattr(Document, "apply", apply_checked)


class Done(NamedTuple):
    """What a call left behind."""

    code: int
    out: bytes
    err: str


@cache
def _make_ready(page: str) -> None:
    clean(page)


@pytest.fixture(scope="session", autouse=True)
def workers_as_copies() -> Iterator[None]:
    """Workers of runs are copies of this process, rules and models loaded, as they are in the command line.

    pytest-xdist has a thread in each of its processes, for which every run of every test would spawn an interpreter.
    """
    choose_context = pool._choose_context

    def copy_process() -> ForkContext | SpawnContext:
        if sys.platform != "linux":
            return choose_context()
        _make_ready(PAGE)
        return multiprocessing.get_context("fork")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "_choose_context", copy_process)
        yield


@pytest.fixture
def call(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Done]:
    """Run the command line in this process."""

    def run(*arguments: object) -> Done:
        code = invoke([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return Done(code, out, err.decode())

    return run


def start(*arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "cleaner", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def write_lines(path: Path, values: list[Any]) -> Path:
    """A JSON Lines file of these values."""
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rule file whose one rule the tests know."""
    path = tmp_path_factory.mktemp("rules") / "own-rules.toml"
    path.write_text(RULES, encoding="utf-8")
    return path


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A text file with one line that the rule file drops."""
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path

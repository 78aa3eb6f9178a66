"""The README's way from a folder of pages to a pack of one's own is what a terminal shows."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import outlet
import pytest
from conftest import Done

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def chapter() -> list[tuple[str, str]]:
    """Each command of the chapter with what it prints."""
    found = re.search(r"^## From pages to a pack of your own\n(.*?)(?=^## )", README, re.MULTILINE | re.DOTALL)
    assert found
    session = "".join(re.findall(r"^```shell-session\n(.*?)^```$", found[1], re.MULTILINE | re.DOTALL))
    parts = re.split(r"^\$ (.*)\n", session, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def test_the_chapter_shows_what_a_terminal_shows(
    monkeypatch: pytest.MonkeyPatch, call: Callable[..., Done], tmp_path: Path
) -> None:
    outlet.write(tmp_path / "pages")
    monkeypatch.chdir(tmp_path)
    commands = chapter()
    assert len(commands) >= 7
    for command, shown in commands:
        if command.startswith("head "):
            _, count, name = command.split()
            assert "".join(Path(name).read_text("utf-8").splitlines(True)[: int(count[1:])]) == shown
            continue
        done = call(*command.removeprefix("cleaner ").split())
        printed = done.out.decode() + done.err
        assert [line.rstrip() for line in printed.splitlines()] == shown.splitlines(), command
    assert os.path.getsize("report.html") > 10_000
    assert "Harbour Watch" not in Path("clean/pages.articles.jsonl").read_text("utf-8")

"""The samples: `clean/` is exactly what `cleaner run` makes of `raw/`, and `cleaner restore` gives `raw/` back."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Done, read_lines

from cleaner.html.page import build_page_document

ROOT = Path(__file__).parent.parent
RAW = ROOT / "raw"
CLEAN = ROOT / "clean"


@pytest.fixture(autouse=True)
def at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records hold paths as the user gives them."""
    monkeypatch.chdir(ROOT)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sources() -> dict[str, str]:
    """The text of every sample as read, by the id of its document; of a page its lines."""
    found = {path.stem: decoded(path.read_bytes()) for path in RAW.glob("*.txt")}
    found.update((path.stem, build_page_document(decoded(path.read_bytes())).source) for path in RAW.glob("*.html"))
    for path in RAW.glob("*.jsonl"):
        found.update((record["id"], record["text"]) for record in read_lines(path))
    return found


def decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("windows-1252")


@pytest.mark.parametrize("workers", [1, 2])
def test_clean_is_what_a_run_makes_of_raw(call: Callable[..., Done], tmp_path: Path, workers: int) -> None:
    done = call("run", "--output", tmp_path, "--workers", workers, "--quiet")
    assert (done.code, done.err) == (0, "")
    made, kept = contents(tmp_path), contents(CLEAN)
    assert made.keys() == kept.keys()
    for name, data in made.items():
        different = [
            json.loads(line)["id"]
            for line, other in zip(data.splitlines(), kept[name].splitlines(), strict=False)
            if line != other
        ]
        assert data == kept[name], f"clean/{name} is out of date at {sorted(set(different))}: run `cleaner run`"


def test_restore_gives_every_sample_back(call: Callable[..., Done], tmp_path: Path) -> None:
    for articles in CLEAN.glob("*.articles.jsonl"):
        assert call("restore", articles, "--output", tmp_path).code == 0
    restored = {path.stem: path.read_bytes().decode("utf-8") for path in tmp_path.glob("*.txt")}
    assert restored == sources()


def test_every_sample_is_cleaned_and_something_is_left_of_it() -> None:
    records = [record for path in CLEAN.glob("*.articles.jsonl") for record in read_lines(path)]
    assert {record["id"] for record in records} == sources().keys()
    assert len({record["language"] for record in records}) >= 12
    for record in records:
        assert record["title"] or record["id"] == "dijkweg", record["id"]
        assert record["published"] or record["id"] in ("en-harbour-loan", "en-salt-road"), record["id"]
        assert len(record["text"]) > 150, record["id"]

"""The shipped TOML lies ready to be read; where it does not, it is read as any other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaner import ready
from cleaner.io.toml import parse_toml
from cleaner.workbench.ready import list_shipped_texts


@pytest.fixture
def ready_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Another place for the ready file, with nothing in it yet."""
    path = tmp_path / "ready.msgpack.z"
    monkeypatch.setattr(ready, "READY_PATH", path)
    ready._load_ready.cache_clear()
    yield path
    ready._load_ready.cache_clear()


def test_every_shipped_file_lies_ready_as_it_is_written() -> None:
    texts = list(list_shipped_texts())
    missing = [text[:60] for text in texts if ready.compute_digest(text) not in ready._load_ready()]
    assert not missing, "a TOML file was changed: run python -m cleaner.workbench.ready"
    assert len(ready._load_ready()) == len(set(texts)), "a TOML file went: run python -m cleaner.workbench.ready"
    assert all(ready.read_table(text, parse_toml) == parse_toml(text) for text in texts)


@pytest.mark.parametrize("content", [None, b"", b"damaged", ready.READY_PATH.read_bytes()[:-9]])
def test_a_ready_file_that_is_missing_or_damaged_is_not_used(ready_path: Path, content: bytes | None) -> None:
    if content is not None:
        ready_path.write_bytes(content)
    text = next(list_shipped_texts())
    assert ready.read_table(text, parse_toml) == parse_toml(text)


def test_a_text_with_a_date_keeps_it(ready_path: Path) -> None:
    text = "day = 2024-03-04"
    ready_path.write_bytes(ready.pack_tables([text, "number = 1"], parse_toml))
    assert ready.read_table(text, parse_toml) == parse_toml(text)
    assert len(ready._load_ready()) == 1

"""The shipped TOML lies ready to be read; where it does not, it is read as any other."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cleaner import ready
from cleaner.io.toml import parse_toml
from cleaner.rules import loose
from cleaner.rules.patterns import expand_unicode_classes
from cleaner.rules.prefilter import derive_loose_pattern
from cleaner.workbench.ready import derive_shipped_patterns, list_shipped_texts


@pytest.fixture
def ready_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Another place for the ready file, with nothing in it yet."""
    path = tmp_path / "ready.msgpack.z"
    monkeypatch.setattr(ready, "READY_PATH", path)
    ready._load_ready.cache_clear()
    loose._load_shipped.cache_clear()
    yield path
    ready._load_ready.cache_clear()
    loose._load_shipped.cache_clear()


def test_every_shipped_file_lies_ready_as_it_is_written() -> None:
    texts = list(list_shipped_texts())
    missing = [text[:60] for text in texts if ready.compute_digest(text) not in ready._load_ready()]
    assert not missing, "a TOML file was changed: run python -m cleaner.workbench.ready"
    assert len(ready._load_ready()) == len(set(texts)) + 1, "a TOML file went: run python -m cleaner.workbench.ready"
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


def test_every_shipped_pattern_lies_ready_in_its_looser_form() -> None:
    assert loose._load_shipped() == derive_shipped_patterns(), "run python -m cleaner.workbench.ready"


@pytest.mark.parametrize("packed", [None, b"", b"damaged", msgspec.msgpack.encode({"^a$": ["b"]})])
def test_looser_forms_that_are_missing_or_damaged_are_not_used(ready_path: Path, packed: bytes | None) -> None:
    pattern = r"^Foto: \w{2,60}$"
    beside = {} if packed is None else {loose.compute_code_digest(): packed}
    ready_path.write_bytes(ready.pack_tables([], parse_toml, beside))
    assert loose.derive_rule_prefilter(pattern) == derive_loose_pattern(expand_unicode_classes(pattern))


def test_looser_forms_of_other_code_are_not_used(ready_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = r"^Foto: \w{2,60}$"
    wrong = {pattern: derive_loose_pattern("^never$")}
    ready_path.write_bytes(
        ready.pack_tables([], parse_toml, {loose.compute_code_digest(): msgspec.msgpack.encode(wrong)})
    )
    assert loose.derive_rule_prefilter(pattern).text == "^never$"
    monkeypatch.setattr(loose, "CODE_FILES", loose.CODE_FILES[1:])
    loose._load_shipped.cache_clear()
    assert loose.derive_rule_prefilter(pattern) == derive_loose_pattern(expand_unicode_classes(pattern))


def test_looser_forms_are_derived_where_the_code_does_not_lie_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loose, "CODE_FILES", ("missing.py",))
    loose._load_shipped.cache_clear()
    assert loose._load_shipped() == {}
    loose._load_shipped.cache_clear()

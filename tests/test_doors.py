"""One door: the same article is the same record, or refused alike, wherever it comes in; one claim a test."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PAGE, write_lines

from cleaner import clean
from cleaner.adapters.columns import clean_columns
from cleaner.errors import ReadError
from cleaner.io.files import MAX_TEXT_CHARS
from cleaner.pipeline.settings import Settings
from cleaner.readers.inputs import read_file
from cleaner.record import Rejected
from cleaner.serve.answer import JSON, TEXT, CleanRequest, process_request

Door = Callable[[str, Path], str]


def take_text(text: str, folder: Path) -> str:
    return clean(text).text


def take_row(text: str, folder: Path) -> str:
    made = clean_columns({"text": [text]})
    return made["text"][0] or made["error"][0]


def take_body(text: str, folder: Path) -> str:
    answer = json.loads(process_request(Settings(), CleanRequest(TEXT, "", text.encode())).body)
    return answer.get("text") or answer["detail"]


def take_json(text: str, folder: Path) -> str:
    body = json.dumps({"text": text}).encode()
    answer = json.loads(process_request(Settings(), CleanRequest(JSON, "", body)).body)
    return answer.get("text") or answer["detail"]


def take_file(text: str, folder: Path) -> str:
    path = folder / "page.txt"
    path.write_text(text, encoding="utf-8")
    return clean_item(path)


def take_line(text: str, folder: Path) -> str:
    return clean_item(write_lines(folder / "pages.jsonl", [{"text": text}]))


def clean_item(path: Path) -> str:
    (item,) = read_file(str(path))
    return item.reason if isinstance(item, Rejected) else clean(item.document.source).text


DOORS = [take_text, take_row, take_body, take_json, take_file, take_line]


@pytest.mark.parametrize("door", DOORS)
def test_every_door_gives_the_same_text(door: Door, tmp_path: Path) -> None:
    assert door(PAGE, tmp_path) == clean(PAGE).text


@pytest.mark.parametrize("door", DOORS)
def test_every_door_refuses_a_text_over_the_limit(door: Door, tmp_path: Path) -> None:
    try:
        said = door("word " * (MAX_TEXT_CHARS // 5 + 1), tmp_path)
    except ReadError as error:
        said = str(error)
    assert "a text of 1,048,580 characters, which no article has" in said

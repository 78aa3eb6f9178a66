"""JSON in, documents out: whatever its shape, each object with a text or a page is one."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.io import files
from cleaner.readers.base import Item
from cleaner.readers.inputs import read_file
from cleaner.readers.json_elements import ElementCutter
from cleaner.record import Rejected

ONE, TWO = (
    {"id": "a", "text": 'One, [two] {three} "four" \\'},
    {"id": "b", "html": "<p>Two.</p>", "url": "https://x.example"},
)


def read(folder: Path, content: str | bytes) -> list[Item | Rejected]:
    path = folder / "a.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_file(str(path)))


def ids(items: list[Item | Rejected]) -> list[str]:
    return [item.document.id for item in items if isinstance(item, Item)]


SHAPES = {
    "array": json.dumps([ONE, TWO]),
    "indented array": json.dumps([ONE, TWO], indent=2),
    "list in an object": json.dumps({"meta": {"n": 2, "tags": ["x"]}, "articles": [ONE, TWO]}),
    "list in objects": json.dumps({"response": {"docs": [ONE, TWO]}, "people": [{"name": "Ann"}]}, indent=1),
    "two lists": json.dumps({"news": [ONE], "sport": [TWO]}),
    "lines": f"{json.dumps(ONE)}\n{json.dumps(TWO)}\n",
    "one behind the other": json.dumps(ONE, indent=2) + json.dumps(TWO),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\n \n"])
def test_each_object_is_a_document_whatever_the_shape(tmp_path: Path, shape: str, mark: bytes) -> None:
    items = read(tmp_path, mark + SHAPES[shape].encode())
    assert ids(items) == ["a", "b"]
    assert isinstance(items[0], Item)
    assert items[0].document.source == ONE["text"]
    assert items[0].source.media_type == "application/json"


def test_one_object_is_one_document(tmp_path: Path) -> None:
    assert ids(read(tmp_path, json.dumps({**ONE, "related": [TWO]}, indent=2))) == ["a"]


def test_a_bad_element_is_named_with_its_place_and_the_rest_is_read(tmp_path: Path) -> None:
    content = f'[{json.dumps(ONE)}, "words", {{"text": 5}}, {{"text": "x" "y"}}, {json.dumps(TWO)}]'
    items = read(tmp_path, content)
    assert ids(items) == ["a", "b"]
    reasons = [item.reason for item in items if isinstance(item, Rejected)]
    assert [reason.split(": ")[0].rpartition("/")[2] for reason in reasons] == ["a.json:2", "a.json:3", "a.json:4"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"articles": [{"content": "A text.", "name": "b"}]}', 'the objects in "articles"'),
        ('{"a": 1}', '"text" is missing'),
        ('{"text": "cut', "not valid JSON"),
        (b"\xff\xfe[\x00]\x00", "UTF-16"),
    ],
)
def test_a_shape_that_is_not_known_is_rejected_with_the_cure(tmp_path: Path, content: str | bytes, told: str) -> None:
    (item,) = read(tmp_path, content)
    assert isinstance(item, Rejected)
    assert told in item.reason


@pytest.mark.parametrize("content", ["", "\n", "[]", "[ ]"])
def test_nothing_is_no_document(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content) == []


def test_an_element_over_the_limit_is_rejected_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_DOCUMENT_BYTES", 200)
    items = read(tmp_path, json.dumps({"articles": [ONE, {"text": "x" * 300}, TWO]}))
    assert ids(items) == ["a", "b"]
    assert ids(read(tmp_path, f"{json.dumps(ONE)}\n" * 9 + json.dumps(TWO))) == ["a"] * 9 + ["b"]


values = st.recursive(
    st.none() | st.integers() | st.text('ab"\\[]{},: \n', max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('a"\\[', max_size=3), inner, max_size=3),
    max_leaves=9,
)


@given(st.lists(values, max_size=6), st.integers(1, 9), st.sampled_from([None, 1]))
def test_an_array_is_cut_into_its_elements_wherever_it_is_read(
    array: list[object], size: int, indent: int | None
) -> None:
    data = json.dumps(array, indent=indent).encode()
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    cut = [json.loads(one.data or b"") for one in ElementCutter("array").cut(chunks)]
    assert cut == array

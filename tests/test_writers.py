"""Records in, bytes out."""

import json
from pathlib import Path

import pytest
import yaml

from cleaner.io.atomic import Part
from cleaner.io.file_names import derive_file_path
from cleaner.io.json import encode_json
from cleaner.record import Article, Hashes, Passage, Source, Tool
from cleaner.text.dates import Stamp
from cleaner.text.names import Person
from cleaner.writers import WRITERS


def an_article(text: str, title: str | None = None, blocks: tuple[Passage, ...] = ()) -> Article:
    return Article(
        id="a: 'b' # c",
        text=text,
        title=title,
        blocks=blocks,
        authors=(Person("Ann Lee", raw="By ANN LEE"),),
        published=Stamp("2024-03-01", "day", "1 March"),
        source=Source("raw/a.txt"),
        hashes=Hashes("00", "00"),
        tool=Tool("1", "00"),
    )


def test_a_record_is_one_line_that_any_json_reader_takes() -> None:
    line = WRITERS["jsonl"].write(an_article("One.\n\nTwo \u2028 three."))
    assert line.count(b"\n") == 1
    assert json.loads(line)["text"] == "One.\n\nTwo \u2028 three."


def test_lone_surrogates_are_escaped_and_come_back() -> None:
    data = encode_json({"text": "a\ud800b\udc00\0"})
    assert data.decode("utf-8") == '{"text":"a\\ud800b\\udc00\\u0000"}'
    assert json.loads(data) == {"text": "a\ud800b\udc00\0"}


def test_front_matter_is_yaml_whatever_the_fields_hold() -> None:
    title = 'It\'s "quoted": #no\\ \x85 \u2028 \ufeff \ud800 {x} & *y*'
    head = WRITERS["markdown"].write(an_article("Text.", title)).decode().split("---\n")[1]
    read = yaml.safe_load(head)
    assert read["title"] == title
    assert read["id"] == "a: 'b' # c"
    assert read["published"] == {"value": "2024-03-01", "precision": "day", "raw": "1 March"}
    assert read["authors"] == [{"name": "Ann Lee", "role": "author", "raw": "By ANN LEE", "kind": "person"}]


def test_roles_become_markdown_and_the_text_stays_what_it_says() -> None:
    blocks = (
        Passage("paragraph", "# no heading, *no* stress", 0, 1),
        Passage("heading", "The vote", 1, 2),
        Passage("list-item", "• one", 2, 3),
        Passage("list-item", "2. two", 3, 4),
        Passage("quote", "He said.", 4, 5),
        Passage("paragraph", "1984. A year.", 5, 6),
    )
    body = WRITERS["markdown"].write(an_article("…", "A title", blocks)).decode().split("---\n")[2]
    assert body == (
        "\n# A title\n\n\\# no heading, \\*no\\* stress\n\n## The vote\n\n"
        "- one\n2. two\n\n> He said.\n\n1984\\. A year.\n"
    )


def test_plain_text_is_the_title_and_the_text() -> None:
    assert WRITERS["text"].write(an_article("Text.", "Title")) == b"Title\n\nText.\n"
    assert WRITERS["text"].write(an_article("A \ud800.")) == "A \ufffd.\n".encode()


IDS = ["../../etc/passwd", "/etc/passwd", "a//b", "..", "", "a\0b", "https://x.org/?q=1", "\ud800"]


@pytest.mark.parametrize("id", IDS)
def test_no_id_leaves_the_output_folder(tmp_path: Path, id: str) -> None:
    path = (tmp_path / f"{derive_file_path(id)}.txt").resolve()
    assert path.is_relative_to(tmp_path)
    with Part(path) as part:
        part.commit()
    assert path.exists()


def test_different_ids_have_different_file_names() -> None:
    ids = ["a", "a%2E", "a.", "", "%", "é" * 300, "é" * 301, "a/b", "a%2Fb", "..", "%2E%2E"]
    assert len({derive_file_path(id) for id in ids}) == len(ids)
    assert all(len(part.encode()) <= 200 for id in ids for part in derive_file_path(id).split("/"))


def test_a_file_has_its_name_only_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out" / "a.txt"
    with Part(path) as part:
        part.write(b"half")
        assert not path.exists()
        part.commit()
    assert path.read_bytes() == b"half"
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]

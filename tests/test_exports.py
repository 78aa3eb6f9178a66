"""The record in other people's formats, read back by their own tools."""

import gc
import gzip
import io
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pandas
import polars
import pyarrow.parquet as pq
import pytest
import rdflib
import yaml
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner.errors import ReadError, WriteError
from cleaner.facts import Copyright, Dateline, Evidence, Media, Publisher, Translation
from cleaner.io import json as encode
from cleaner.io.compression import Packing, compress_stream
from cleaner.readers.own_records import decode_json, restore_sources
from cleaner.record import Article, Hashes, LedgerLine, Passage, Source, Tool
from cleaner.text.dates import Stamp
from cleaner.text.names import Person
from cleaner.text.urls import encode_uri
from cleaner.writers import WRITERS, OutputFormat, dataset_card, parquet, require_format, timestamps
from cleaner.writers.jsonl import encode_edits, encode_record

CASES = Path(__file__).with_name("cases")
NINJS = jsonschema_rs.Draft202012Validator(json.loads((CASES / "ninjs.json").read_text()), validate_formats=True)
SCHEMA_ORG = tomllib.loads((CASES / "schema-org.toml").read_text())

LINE_FORMATS = [name for name, format in WRITERS.items() if format.many and not format.table]
PACKINGS: list[Packing] = ["", ".gz", ".zst"]


def full(**fields: Any) -> Article:
    """An article with something in every field."""
    text = "PORT ELLERY - The council voted.\n\nThe vote"
    return Article(
        **{
            "id": "harbour/ferry",
            "text": text,
            "title": "A second ferry",
            "kicker": "Harbour",
            "standfirst": "The council decides.",
            "blocks": (Passage("paragraph", text[:32], 4, 36), Passage("heading", "The vote", 40, 48, "de")),
            "authors": (
                Person("Ann Lee", "author", "By ANN LEE"),
                Person("Tom Okoro", "editing"),
                Person("Mara Quill", "photography"),
                Person("Jo Wirth", "translation"),
            ),
            "published": Stamp("2024-03-04T17:05+05:30", "minute", "4 March"),
            "modified": Stamp("2024-03-05", "day", "x"),
            "dateline": Dateline("PORT ELLERY", "PORT ELLERY -"),
            "agencies": ("Reuters",),
            "publisher": Publisher("The Courier", "courier.example"),
            "section": "Local",
            "tags": ("ferry", "council"),
            "copyright": Copyright("The Courier", 2024, "© 2024 The Courier"),
            "images": (Media("A ferry", "Mara Quill", "https://courier.example/f é.jpg"), Media("No address")),
            "videos": (Media("A film", None, "https://courier.example/v.mp4"),),
            "language": "en",
            "language_confidence": 0.5,
            "translation": Translation("confirmed", 1.0, "fr", (Evidence("r", "notice", "Translated", 1, 9),)),
            "url": "https://courier.example/ferry?utm=1",
            "canonical_url": "https://courier.example/ferry",
            "source": Source("raw/a.html", 3, "text/html", "utf-8", "00"),
            "flags": ("paywall", "amp"),
            "provenance": {"authors": "json-ld.author"},
            "hashes": Hashes("0a", "0b"),
            "tool": Tool("1", "0c"),
            "extra": {"big": 10**30, "deep": {"a": [1, None]}},
            "edits": (LedgerLine("harbour/ferry", 0, "repair", "r", "", 4, 36, "before", "after", 1.0),),
            **fields,
        }
    )


def small(number: int = 0, **fields: Any) -> Article:
    """An article with nothing but what it must have."""
    given = {"id": str(number), "text": f"Text {number}.", "hashes": Hashes("00", "00"), "tool": Tool("1", "00")}
    return Article(**{**given, **fields})


def written(format: OutputFormat, articles: list[Article]) -> bytes:
    """A file of these records."""
    stream = io.BytesIO()
    sheet = format.open_file(stream)
    for article in articles:
        sheet.add(article)
    sheet.close()
    assert not stream.closed
    return stream.getvalue()


# ---------------------------------------------------------------- any article at all

# with lone surrogates and control characters
texts = st.text(st.characters(exclude_categories=()), max_size=12)
strings = texts | st.sampled_from(["", "https://a.example/ü?q=%", "http://[::1", "2024-02-30", "\x00", "\ud800"])
numbers = st.integers(0, 2**63 - 1)
maybe = st.none() | strings
precisions = st.sampled_from(["year", "month", "day", "minute", "second"])
values = strings | st.sampled_from(["2024-03-04T17:05", "2024-03-04T17:05:06-11:30", "0001-01-01T00:00+14:00", "2024"])
media = st.lists(st.builds(Media, maybe, maybe, maybe), max_size=2).map(tuple)
stamps = st.none() | st.builds(Stamp, values, precisions, strings)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
roles = st.sampled_from(["author", "reporting", "editing", "photography", "translation"])
ledgers = st.builds(
    LedgerLine, strings, numbers, strings, strings, strings, numbers, numbers, strings, strings, st.floats(0, 1)
)
articles = st.builds(
    Article,
    id=strings,
    text=strings,
    title=maybe,
    kicker=maybe,
    standfirst=maybe,
    blocks=st.lists(st.builds(Passage, strings, strings, numbers, numbers, strings), max_size=2).map(tuple),
    authors=st.lists(st.builds(Person, strings, roles, strings), max_size=2).map(tuple),
    published=stamps,
    modified=stamps,
    dateline=st.none() | st.builds(Dateline, strings, strings),
    agencies=st.lists(strings, max_size=2).map(tuple),
    publisher=st.none() | st.builds(Publisher, maybe, maybe),
    section=maybe,
    tags=st.lists(strings, max_size=2).map(tuple),
    copyright=st.none() | st.builds(Copyright, maybe, st.none() | numbers, maybe),
    images=media,
    videos=media,
    language=maybe,
    language_confidence=st.none() | st.floats(0, 1),
    translation=st.builds(
        Translation,
        st.sampled_from(["none", "suspected", "confirmed"]),
        st.none() | st.floats(0, 1),
        maybe,
        st.lists(st.builds(Evidence, strings, strings, strings, numbers, numbers), max_size=2).map(tuple),
    ),
    url=maybe,
    canonical_url=maybe,
    source=st.builds(Source, maybe, st.none() | numbers, strings, maybe, maybe),
    flags=st.lists(strings | st.just("paywall"), max_size=2).map(tuple),
    provenance=st.dictionaries(strings, strings, max_size=2),
    hashes=st.builds(Hashes, strings, strings),
    tool=st.builds(Tool, strings, strings),
    extra=st.just(msgspec.UNSET) | st.dictionaries(texts, anything, max_size=2),
    edits=st.just(msgspec.UNSET) | st.lists(ledgers, max_size=2).map(tuple),
)
thorough = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@thorough
@given(articles)
@pytest.mark.parametrize("name", LINE_FORMATS)
def test_any_article_is_one_line_of_json(name: str, article: Article) -> None:
    line = WRITERS[name].write(article)
    assert line.count(b"\n") == 1
    assert isinstance(json.loads(line), dict)


@thorough
@given(articles)
@pytest.mark.parametrize("name", ["ninjs", "json-ld"])
def test_no_article_makes_json_that_a_strict_parser_refuses(name: str, article: Article) -> None:
    assert msgspec.json.decode(WRITERS[name].write(article))


@thorough
@given(articles)
def test_any_article_is_a_valid_news_object(article: Article) -> None:
    NINJS.validate(json.loads(WRITERS["ninjs"].write(article)))


@thorough
@given(articles)
def test_any_article_is_in_the_terms_of_schema_org(article: Article) -> None:
    assert list(_strange(json.loads(WRITERS["json-ld"].write(article)))) == []


@thorough
@given(st.lists(articles, max_size=3))
def test_any_articles_come_back_from_parquet(given: list[Article]) -> None:
    table = pq.read_table(io.BytesIO(written(WRITERS["parquet"], given)))
    assert [_record(row) for row in table.to_pylist()] == [_expected(article) for article in given]


def _expected(article: Article) -> dict[str, Any]:
    """What a row is to say: the record as JSON has it, without nulls, in text that UTF-8 can hold."""
    made = encode.scrub_json(decode_json(encode_record(article)))
    if "extra" in made:
        # numbers within it have any size there
        made["extra"] = decode_json(encode.encode_json(article.extra))
    return _without_nulls({**made, "provenance": _pairs(encode.scrub_json(list(article.provenance.items())))})


def _pairs(items: list[list[str]]) -> list[dict[str, str]]:
    return [{"field": field, "rule": rule} for field, rule in items]


def _record(row: dict[str, Any]) -> dict[str, Any]:
    del row["published_at"], row["modified_at"]
    if row["extra"] is not None:
        row["extra"] = json.loads(row["extra"])
    return _without_nulls(row)


def _without_nulls(value: dict[str, Any]) -> dict[str, Any]:
    return {key: _bare(one) for key, one in value.items() if one is not None and key != "extra"} | (
        {"extra": value["extra"]} if value.get("extra") is not None else {}
    )


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(one) for key, one in value.items() if one is not None}
    return [_bare(one) for one in value] if isinstance(value, list) else value


# ---------------------------------------------------------------- packed lines


@pytest.mark.parametrize("packing", PACKINGS)
@given(data=st.binary(max_size=400_000), cuts=st.lists(st.integers(0, 400_000), max_size=6))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_packed_bytes_are_the_same_however_they_come(packing: Packing, data: bytes, cuts: list[int]) -> None:
    def pack(places: list[int]) -> bytes:
        stream = io.BytesIO()
        out = compress_stream(stream, packing)
        for start, end in zip([0, *places], [*places, len(data)], strict=True):
            out.write(data[start:end])
        out.close()
        return stream.getvalue()

    whole = pack([])
    assert pack(sorted(min(cut, len(data)) for cut in cuts)) == whole
    unpack = {"": bytes, ".gz": gzip.decompress, ".zst": lambda packed: zstandard.decompress(packed, 1 << 20)}
    assert unpack[packing](whole) == data


@pytest.mark.parametrize("name", ["jsonl.gz", "jsonl.zst"])
def test_packed_records_are_the_plain_records(name: str) -> None:
    given = [small(number) for number in range(50)]
    data = written(WRITERS[name], given)
    plain = gzip.decompress(data) if name == "jsonl.gz" else zstandard.ZstdDecompressor().stream_reader(data).read()
    assert plain == written(WRITERS["jsonl"], given)


def test_gzip_holds_neither_a_time_nor_a_name() -> None:
    assert written(WRITERS["jsonl.gz"], [])[3:8] == b"\0\0\0\0\0"


def test_only_formats_of_the_record_itself_are_copied_as_they_are() -> None:
    assert [name for name, format in WRITERS.items() if format.verbatim] == ["jsonl", "jsonl.gz", "jsonl.zst"]


def _a_pair(folder: Path, articles: Packing, edits: Packing, count: int = 30) -> tuple[Path, list[str]]:
    """A packed file of articles with its packed ledger, and the source texts."""
    sources = [f"SLOT {number}\nText {number}.\n" for number in range(count)]
    records, lines = [], []
    for number, source in enumerate(sources):
        gone = source.index("\n") + 1
        blocks = (Passage("paragraph", f"Text {number}.", gone, len(source)),)
        records.append(encode_record(small(number, blocks=blocks)))
        edit = LedgerLine(str(number), 0, "boilerplate", "ad", "advertisement", 0, gone, source[:gone], "", 1.0)
        lines.append(encode_edits([edit]))
    path = folder / f"a.articles.jsonl{articles}"
    for file, packing, data in ((path, articles, records), (folder / f"a.edits.jsonl{edits}", edits, lines)):
        with open(file, "wb") as stream:
            out = compress_stream(stream, packing)
            for line in data:
                out.write(line)
            out.close()
    return path, sources


@pytest.mark.parametrize("edits", PACKINGS)
@pytest.mark.parametrize("articles", PACKINGS)
def test_source_texts_come_back_from_packed_files(tmp_path: Path, articles: Packing, edits: Packing) -> None:
    path, sources = _a_pair(tmp_path, articles, edits)
    assert [source for _, source in restore_sources(path)] == sources


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_a_ledger_that_was_cut_off_is_named(tmp_path: Path, packing: Packing) -> None:
    path, _ = _a_pair(tmp_path, "", packing)
    ledger = tmp_path / f"a.edits.jsonl{packing}"
    ledger.write_bytes(ledger.read_bytes()[:-4])
    with pytest.raises(ReadError, match=r"a\.edits\.jsonl\.(gz|zst): the \w+ data"):
        list(restore_sources(path))


def test_the_ledger_packed_as_the_articles_is_the_one_that_is_read(tmp_path: Path) -> None:
    path, sources = _a_pair(tmp_path, ".zst", ".zst")
    (tmp_path / "a.edits.jsonl").write_bytes(b"of another run\n")
    assert [source for _, source in restore_sources(path)] == sources


# ---------------------------------------------------------------- Parquet


def test_parquet_columns_are_the_fields_of_the_record() -> None:
    names = parquet.SCHEMA.names
    assert names[:3] == ["id", "text", "language"]
    assert set(names) == set(Article.__struct_fields__) | {"published_at", "modified_at"}
    assert str(parquet.SCHEMA.field("published").type) == "struct<value: string, precision: string, raw: string>"
    assert str(parquet.SCHEMA.field("tags").type) == "list<item: string>"
    assert str(parquet.SCHEMA.field("extra").type) == "string"
    assert parquet.SCHEMA.metadata[b"schema_version"] == b"1"
    assert b"UTC" in parquet.SCHEMA.field("published_at").metadata[b"meaning"]


MOMENTS = [
    (Stamp("2024-03-04T17:05+05:30", "minute", ""), datetime(2024, 3, 4, 11, 35, tzinfo=UTC)),
    (Stamp("2024-03-04T17:05:09", "second", ""), datetime(2024, 3, 4, 17, 5, 9, tzinfo=UTC)),
    (Stamp("2024-03-04", "day", ""), datetime(2024, 3, 4, tzinfo=UTC)),
    (Stamp("2024-03", "month", ""), None),
    (Stamp("2024", "year", ""), None),
    (Stamp("2024-02-30", "day", ""), None),
    (None, None),
]


@pytest.mark.parametrize(("stamp", "expected"), MOMENTS)
def test_a_date_is_a_moment_in_utc_where_it_names_a_day(stamp: Stamp | None, expected: datetime | None) -> None:
    table = pq.read_table(io.BytesIO(parquet.encode_parquet(small(published=stamp))))
    assert table.column("published_at").to_pylist() == [expected] == [timestamps.convert_to_utc(stamp)]


def test_the_same_records_give_the_same_parquet() -> None:
    given = [full(id=str(number)) for number in range(50)]
    assert written(WRITERS["parquet"], given) == written(WRITERS["parquet"], given)


GROUPS = [
    ([small(number) for number in range(5000)], [2000, 2000, 1000]),
    ([small(number, text="x" * (6 << 20)) for number in range(7)], [3, 3, 1]),
]


@pytest.mark.parametrize(("given", "groups"), GROUPS, ids=["rows", "bytes"])
def test_row_groups_are_bounded_by_rows_and_by_size(given: list[Article], groups: list[int]) -> None:
    file = pq.ParquetFile(io.BytesIO(written(WRITERS["parquet"], given)))
    assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == groups


def test_a_parquet_file_that_was_given_up_writes_nothing_more() -> None:
    stream = io.BytesIO()
    sheet = WRITERS["parquet"].open_file(stream)
    sheet.add(small())
    before = stream.getvalue()
    del sheet
    gc.collect()
    assert stream.getvalue() == before


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.parquet"
    path.write_bytes(written(WRITERS["parquet"], [full(), small()]))
    return path


def test_pandas_reads_the_parquet(file: Path) -> None:
    frame = pandas.read_parquet(file)
    assert list(frame["text"]) == [full().text, "Text 0."]
    assert frame["authors"][0][0] == {"name": "Ann Lee", "role": "author", "raw": "By ANN LEE", "kind": "person"}
    assert frame["published_at"][0] == pandas.Timestamp("2024-03-04T11:35Z")


def test_polars_reads_the_parquet(file: Path) -> None:
    frame = polars.read_parquet(file)
    assert frame["id"].to_list() == ["harbour/ferry", "0"]
    assert frame["blocks"].to_list()[0][1] == {
        "role": "heading",
        "text": "The vote",
        "start": 40,
        "end": 48,
        "language": "de",
    }


# ---------------------------------------------------------------- Hugging Face

LOAD = """
import json, sys
import datasets
read = datasets.load_dataset(*json.loads(sys.argv[1])[0], **json.loads(sys.argv[1])[1])
print(json.dumps([list(read), read["train"].num_rows, read["train"]["id"][:3], read["train"].features._to_yaml_list()]))
"""


def load(tmp_path: Path, *given: str, **options: Any) -> Any:
    """What `datasets.load_dataset` makes of it, in a process that is offline and has a cache of its own."""
    places = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": str(tmp_path / "cache"), "HF_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, json.dumps([given, options])],
        env={**os.environ, **places},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_datasets_reads_the_parquet(file: Path, tmp_path: Path) -> None:
    splits, rows, ids, _ = load(tmp_path, "parquet", data_files=str(file))
    assert (splits, rows, ids) == (["train"], 2, ["harbour/ferry", "0"])


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A folder as a run leaves it: two data files, a ledger, rejected documents, the card."""
    folder = tmp_path / "out"
    format = WRITERS["huggingface"]
    files = {"feed": [full(), small(1, language="de")], "deep/raw": [small(2, language="en"), small(3)]}
    for name, held in files.items():
        path = folder / format.folder / f"{name}{format.ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(format, held))
    (folder / "feed.edits.jsonl").write_text('{"id": "no row"}\n')
    (folder / "feed.rejected.jsonl").write_text('{"id": "no row"}\n')
    assert format.readme
    (folder / "README.md").write_bytes(format.readme(folder))
    return folder


def front(folder: Path) -> dict[str, Any]:
    """The card's front matter."""
    found: dict[str, Any] = yaml.safe_load((folder / "README.md").read_text().split("---\n")[1])
    return found


def test_datasets_reads_the_folder_of_a_run_as_it_is(output: Path, tmp_path: Path) -> None:
    splits, rows, ids, features = load(tmp_path, str(output))
    assert (splits, rows) == (["train"], 4)
    assert set(ids) <= {"harbour/ferry", "1", "2", "3"}
    assert features == front(output)["dataset_info"]["features"]


def test_the_card_says_what_the_data_are(output: Path) -> None:
    said = front(output)
    assert said["license"] == "unknown"
    assert said["language"] == ["en", "de"]
    assert said["size_categories"] == ["n<1K"]
    text = (output / "README.md").read_text()
    assert "4 articles in 2 languages" in text
    assert "| en | 2 |\n| de | 1 |\n| unknown | 1 |" in text


def test_a_card_needs_no_article(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(dataset_card.build_card(tmp_path))
    assert front(tmp_path)["size_categories"] == ["n<1K"]


def test_a_file_in_data_that_is_no_run_s_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.parquet").write_bytes(b"none")
    with pytest.raises(WriteError, match=r"x\.parquet: is no file of a run"):
        dataset_card.build_card(tmp_path)


def test_a_missing_package_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "pyarrow")
    with pytest.raises(WriteError, match=r"--to parquet: needs pyarrow.*pip install 'article-cleaner\[parquet\]'"):
        require_format("parquet")
    assert require_format("ninjs") is WRITERS["ninjs"]


def test_formats_of_text_load_no_pyarrow() -> None:
    code = "import sys, cleaner.run.batch, cleaner.cli.main; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# ---------------------------------------------------------------- ninjs


def ninjs(article: Article) -> dict[str, Any]:
    """The news object of a record, which is valid."""
    made: dict[str, Any] = json.loads(WRITERS["ninjs"].write(article))
    NINJS.validate(made)
    return made


def test_a_record_is_a_news_object_of_ninjs() -> None:
    made = ninjs(full())
    associations = made.pop("associations")
    assert made == {
        "uri": "https://courier.example/ferry",
        "type": "text",
        "representationType": "partial",
        "firstCreated": "2024-03-04T17:05:00+05:30",
        "versionCreated": "2024-03-04T17:05:00+05:30",
        "copyrightHolder": "The Courier",
        "copyrightNotice": "© 2024 The Courier",
        "edNote": "modified: 2024-03-05; flags: paywall, amp; translation: confirmed from fr",
        "language": "en",
        "headlines": [{"role": "main", "value": "A second ferry"}, {"role": "kicker", "value": "Harbour"}],
        "descriptions": [{"role": "standfirst", "value": "The council decides."}],
        "bodies": [{"role": "main", "contentType": "text/plain", "charCount": 42, "value": full().text}],
        "by": "Ann Lee",
        "people": [
            {"name": "Ann Lee", "rel": "author"},
            {"name": "Tom Okoro", "rel": "editing"},
            {"name": "Mara Quill", "rel": "photography"},
            {"name": "Jo Wirth", "rel": "translation"},
        ],
        "infoSources": [{"name": "The Courier", "role": "publisher"}, {"name": "Reuters", "role": "agency"}],
        "located": "PORT ELLERY",
        "subjects": [
            {"name": "Local", "rel": "section"},
            {"name": "ferry", "rel": "tag"},
            {"name": "council", "rel": "tag"},
        ],
        "renditions": [{"name": "web", "href": "https://courier.example/ferry?utm=1", "contentType": "text/html"}],
        "altIds": [{"role": "id", "value": "harbour/ferry"}, {"role": "sha256", "value": "0a"}],
        "standard": {
            "name": "ninjs",
            "version": "3.2",
            "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.2.json#",
        },
    }
    assert associations[0] == {
        "name": "picture 1",
        "uri": "https://courier.example/f%20%C3%A9.jpg",
        "type": "picture",
        "rel": "picture",
        "by": "Mara Quill",
        "descriptions": [{"role": "caption", "value": "A ferry"}],
        "renditions": [{"name": "main", "href": "https://courier.example/f%20%C3%A9.jpg"}],
    }
    assert associations[1]["uri"] == "https://courier.example/ferry#picture-2"
    assert [one["type"] for one in associations] == ["picture", "picture", "video"]


def test_an_article_without_an_address_has_an_identifier_of_its_own() -> None:
    one, other = (ninjs(small(number))["uri"] for number in (1, 2))
    assert one.startswith("urn:uuid:")
    assert one != other
    assert one == ninjs(small(1))["uri"]


@pytest.mark.parametrize("value", ["2024-03-04", "2024-03", "2024-03-04T17:05"])
def test_a_date_that_is_no_moment_is_told_to_editors_only(value: str) -> None:
    precision: Any = {7: "month", 10: "day", 16: "minute"}[len(value)]
    made = ninjs(small(published=Stamp(value, precision, "x")))
    assert made["edNote"] == f"published: {value}"
    assert "firstCreated" not in made
    assert "versionCreated" not in made


def test_the_facts_of_ninjs_refuse_what_is_none() -> None:
    held = {"uri": "a:b"}
    day, nameless = {**held, "firstCreated": "2024-03-04"}, {**held, "associations": [{"uri": "a:c"}]}
    for wrong in ({"type": "text"}, {"uri": "no uri"}, {**held, "headline": "x"}, day, nameless):
        assert not NINJS.is_valid(wrong)


URIS = [
    ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
    (" http://a.example/ü b", "http://a.example/%C3%BC%20b"),
    ("https://a.example/100%/a%20b", "https://a.example/100%25/a%20b"),
    ("https://a.example/[1]|\\#a#b", "https://a.example/%5B1%5D%7C%5C#a%23b"),
    ("/relative", None),
    ("javascript:alert(1)", None),
    ("http://[::1", None),
    ("http://a.example:x/", None),
    ("http://a.example/\ud800", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("url", "expected"), URIS)
def test_an_address_becomes_a_uri(url: str | None, expected: str | None) -> None:
    assert encode_uri(url) == expected


# ---------------------------------------------------------------- JSON-LD


def test_a_record_is_a_news_article_of_schema_org() -> None:
    made = json.loads(WRITERS["json-ld"].write(full()))
    assert made == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": "https://courier.example/ferry",
        "identifier": "harbour/ferry",
        "headline": "A second ferry",
        "alternativeHeadline": "Harbour",
        "description": "The council decides.",
        "articleBody": full().text,
        "author": [{"@type": "Person", "name": "Ann Lee"}],
        "editor": [{"@type": "Person", "name": "Tom Okoro"}],
        "contributor": [{"@type": "Person", "name": "Mara Quill"}],
        "translator": [{"@type": "Person", "name": "Jo Wirth"}],
        "datePublished": "2024-03-04T17:05+05:30",
        "dateModified": "2024-03-05",
        "dateline": "PORT ELLERY",
        "publisher": {"@type": "Organization", "name": "The Courier", "identifier": "courier.example"},
        "sourceOrganization": [{"@type": "Organization", "name": "Reuters"}],
        "articleSection": "Local",
        "keywords": ["ferry", "council"],
        "copyrightHolder": {"@type": "Organization", "name": "The Courier"},
        "copyrightYear": 2024,
        "copyrightNotice": "© 2024 The Courier",
        "image": [
            {
                "@type": "ImageObject",
                "caption": "A ferry",
                "creditText": "Mara Quill",
                "contentUrl": "https://courier.example/f%20%C3%A9.jpg",
            },
            {"@type": "ImageObject", "caption": "No address"},
        ],
        "video": [{"@type": "VideoObject", "caption": "A film", "contentUrl": "https://courier.example/v.mp4"}],
        "inLanguage": "en",
        "url": "https://courier.example/ferry",
        "mainEntityOfPage": "https://courier.example/ferry",
        "sameAs": "https://courier.example/ferry?utm=1",
        "isAccessibleForFree": False,
        "translationOfWork": {"@type": "CreativeWork", "inLanguage": "fr"},
    }
    assert list(_strange(made)) == []


def test_only_a_confirmed_translation_names_an_original() -> None:
    made = json.loads(WRITERS["json-ld"].write(small(translation=Translation("suspected", 0.9, "fr"))))
    assert "translationOfWork" not in made


def _above(type: str) -> Iterator[str]:
    while type:
        yield type
        type = SCHEMA_ORG["types"].get(type, "")


def _strange(node: dict[str, Any]) -> Iterator[str]:
    """What in an object of schema.org its vocabulary does not know: a property of another type, or another's value."""
    for key, held in node.items():
        if key in ("@context", "@type", "@id"):
            continue
        known = SCHEMA_ORG["properties"].get(key)
        if known is None or not set(known["of"]) & set(_above(node["@type"])):
            yield f"{key} of {node['@type']}"
            continue
        for value in held if isinstance(held, list) else [held]:
            if isinstance(value, dict):
                fits = set(known["values"]) & set(_above(value["@type"]))
                yield from _strange(value)
            elif isinstance(value, bool):
                fits = set(known["values"]) & {"Boolean"}
            elif isinstance(value, int):
                fits = set(known["values"]) & {"Number"}
            else:
                fits = set(known["values"]) & {"Text", "URL", "Date", "DateTime"}
            if not fits:
                yield f"{key}: {value!r}"


def test_the_facts_of_schema_org_refuse_what_is_none() -> None:
    wrong = {"@type": "NewsArticle", "titel": "x", "caption": "x", "editor": {"@type": "Organization", "name": "x"}}
    assert len(list(_strange(wrong))) == 3


def test_every_term_is_one_of_schema_org() -> None:
    assert set(SCHEMA_ORG["properties"]) | set(SCHEMA_ORG["types"]) <= {
        term.rsplit("/", 1)[-1] for term in dir(rdflib.SDO)
    }


def test_a_json_ld_parser_reads_the_article() -> None:
    made = json.loads(WRITERS["json-ld"].write(full()))
    # the published context maps every term to this vocabulary; fetching it would need the net
    assert made["@context"] == "https://schema.org"
    made["@context"] = {"@vocab": "https://schema.org/"}
    graph = rdflib.Graph().parse(data=json.dumps(made), format="json-ld")
    subject, sdo = rdflib.URIRef("https://courier.example/ferry"), rdflib.SDO
    assert (subject, rdflib.RDF.type, sdo.NewsArticle) in graph
    assert (subject, sdo.headline, rdflib.Literal("A second ferry")) in graph
    [author] = graph.objects(subject, sdo.author)
    assert (author, sdo.name, rdflib.Literal("Ann Lee")) in graph
    assert {str(tag) for tag in graph.objects(subject, sdo.keywords)} == {"ferry", "council"}
    assert {str(credit) for credit in graph.objects(None, sdo.creditText)} == {"Mara Quill"}

"""Tables, web archives, packed files, patterns and addresses: what each format is read as, and what damage costs."""

import base64
import csv
import datetime
import decimal
import gzip
import io
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
import fsspec
import pyarrow as pa
import pytest
import zstandard
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from cleaner.errors import ReadError
from cleaner.html.encoding import decode_page
from cleaner.io import files, remote
from cleaner.io.files import CHUNK_BYTES, MAX_DOCUMENT_BYTES, File, Oversize, Piece
from cleaner.io.streams import Damage, measure_size, open_file, recover_chunks, unpack_chunks
from cleaner.readers import READERS
from cleaner.readers.base import Item
from cleaner.readers.inputs import expand_inputs
from cleaner.record import Rejected

PROSE = "The council voted on Monday to buy a second ferry, and it is already late."
PAGE = f"<html><body><p>{PROSE}</p></body></html>".encode()


def documents(file: File) -> list[Item | Rejected | Oversize]:
    """What a file holds, through its format's `cut`, `split` and `read`."""
    reader = READERS[file.ending]
    found: list[Item | Rejected | Oversize] = []
    with open_file(file) as raw:
        for piece in reader.cut(file, raw, lambda read: None):
            if isinstance(piece, Oversize):
                for _ in piece.chunks:
                    pass
                found.append(piece)
            else:
                found += map(reader.read, reader.split(piece))
    return found


def written(folder: Path, name: str, data: bytes) -> File:
    """A file with these bytes, as `expand_inputs` finds it."""
    (folder / name).write_bytes(data)
    ((_, [file]),) = expand_inputs([str(folder / name)])
    return file


def texts(found: list[Item | Rejected | Oversize]) -> list[str]:
    return [one.document.source.strip() for one in found if isinstance(one, Item)]


def reasons(found: list[Item | Rejected | Oversize]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Rejected)]


def one(found: list[Item | Rejected | Oversize]) -> Item:
    (only,) = found
    assert isinstance(only, Item), only
    return only


def raw_stream(data: bytes) -> io.BufferedReader:
    return io.BufferedReader(io.BytesIO(data))  # type: ignore[arg-type]


# ---------------------------------------------------------------- parquet


def table(folder: Path, columns: dict[str, Any], **options: Any) -> File:
    made = columns if isinstance(columns, pa.Table) else pa.table(columns)
    parquet.write_table(made, folder / "table.parquet", **options)
    ((_, [file]),) = expand_inputs([str(folder / "table.parquet")])
    return file


def test_a_parquet_row_is_a_document_with_its_row_number(tmp_path: Path) -> None:
    columns = {"id": ["a", "b"], "text": ["One.", "Two."], "url": ["http://x/", None], "lang": ["en", None]}
    file = table(tmp_path, columns)
    first, second = documents(file)
    assert isinstance(first, Item) and isinstance(second, Item)
    assert (first.document.id, first.document.source, first.document.url) == ("a", "One.", "http://x/")
    assert (first.source.line, second.source.line) == (1, 2)
    assert first.source.media_type == "application/vnd.apache.parquet"
    assert first.extra == {"lang": "en"} and second.document.url is None


TEXTS = {
    "string": pa.array([PROSE]),
    "large string": pa.array([PROSE], pa.large_string()),
    "string view": pa.array([PROSE], pa.string_view()),
    "binary": pa.array([PROSE.encode()]),
    "dictionary": pa.array([PROSE]).dictionary_encode(),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_the_text_column_of_parquet_may_be_of_any_kind_of_text(tmp_path: Path, kind: str) -> None:
    assert texts(documents(table(tmp_path, {"text": TEXTS[kind]}))) == [PROSE]


def test_a_parquet_page_in_an_old_encoding_is_read_as_one_in_a_file(tmp_path: Path) -> None:
    page = "<html><meta charset='windows-1251'><p>Совет проголосовал за второй паром</p></html>".encode("cp1251")
    assert texts(documents(table(tmp_path, {"html": [page]}))) == ["Совет проголосовал за второй паром"]


MOMENT = datetime.datetime(2024, 3, 4, 17, 5, 6, 789, tzinfo=datetime.UTC)
CELLS = {
    "date": (pa.array([MOMENT.date()]), "2024-03-04"),
    "timestamp": (pa.array([MOMENT.replace(tzinfo=None)], pa.timestamp("us")), "2024-03-04T17:05:06.000789"),
    "nanoseconds": (pa.array([1_709_571_906_000_000_789], pa.timestamp("ns", "UTC")), "2024-03-04T17:05:06Z"),
    "far future": (pa.array([2**50], pa.timestamp("ms")), None),
    "time": (pa.array([MOMENT.time()], pa.time64("ns")), "17:05:06.000789"),
    "decimal": (pa.array([decimal.Decimal("12.50")]), "12.50"),
    "binary": (pa.array([b"\xff\x00"]), base64.b64encode(b"\xff\x00").decode()),
    "nan": (pa.array([float("nan")]), None),
    "infinity": (pa.array([float("inf")]), None),
    "null": (pa.nulls(1), None),
    "list": (pa.array([["a", None]]), ["a", None]),
    "struct": (pa.array([{"a": 1, "when": MOMENT.date()}]), {"a": 1, "when": "2024-03-04"}),
    "nested nanoseconds": (
        pa.array([[{"t": 1_709_571_906_000_000_001}]], pa.list_(pa.struct([("t", pa.timestamp("ns"))]))),
        [{"t": "2024-03-04T17:05:06"}],
    ),
    "map": (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())), [["k", 1]]),
    "large integer": (pa.array([2**64 - 1], pa.uint64()), 2**64 - 1),
    "dictionary": (pa.array(["news"]).dictionary_encode(), "news"),
    "boolean": (pa.array([True]), True),
}


@pytest.mark.parametrize("kind", CELLS)
def test_a_column_without_a_meaning_is_carried_along_as_json_can_say_it(tmp_path: Path, kind: str) -> None:
    cells, meant = CELLS[kind]
    found = one(documents(table(tmp_path, {"text": [PROSE], "cell": cells})))
    assert found.extra is not None
    if kind == "far future":
        assert isinstance(found.extra["cell"], str)
    else:
        assert found.extra["cell"] == meant


def test_a_parquet_row_without_text_is_rejected_and_the_others_are_read(tmp_path: Path) -> None:
    found = documents(table(tmp_path, {"text": ["One.", None, "Three."]}))
    assert texts(found) == ["One.", "Three."]
    assert ":2: " in reasons(found)[0] and '"text"' in reasons(found)[0]


def test_a_parquet_cell_that_is_no_text_is_rejected_with_its_bytes(tmp_path: Path) -> None:
    found = documents(table(tmp_path, {"text": [b"One.", b"\x89PNG\r\n\x1a\n\0\0\0", b"Three."]}))
    assert texts(found) == ["One.", "Three."]
    rejected = found[1]
    assert isinstance(rejected, Rejected) and rejected.source.line == 2 and "PNG" in rejected.reason
    assert base64.b64encode(b"\x89PNG").decode()[:5] in (rejected.input or "")


def test_a_parquet_text_beyond_the_limit_is_oversize_and_the_next_row_is_read(tmp_path: Path) -> None:
    found = documents(table(tmp_path, {"text": ["One.", "x" * (MAX_DOCUMENT_BYTES + 1), "Three."]}))
    assert texts(found) == ["One.", "Three."] and isinstance(found[1], Oversize) and found[1].line == 2


def parquet_bytes(columns: dict[str, Any]) -> bytes:
    sink = io.BytesIO()
    parquet.write_table(pa.table(columns), sink)
    return sink.getvalue()


WHOLE = parquet_bytes({"text": [PROSE] * 100})
NO_TABLES = {
    "no Parquet": (b"text\nhello there\n", "no whole Parquet file"),
    "nothing": (b"", "no whole Parquet file"),
    "cut off": (WHOLE[: len(WHOLE) // 2], "no whole Parquet file"),
    "without its beginning": (WHOLE[50:], "Parquet file|damaged"),
    "no text": (parquet_bytes({"body": ["x"], "n": [1]}), "no column is named \"text\" or \"html\", but 'body', 'n'"),
}


@pytest.mark.parametrize("kind", NO_TABLES)
def test_what_is_no_table_of_articles_is_told_with_a_cure(tmp_path: Path, kind: str) -> None:
    data, said = NO_TABLES[kind]
    with pytest.raises(ReadError, match=said) as raised:
        documents(written(tmp_path, "t.parquet", data))
    assert ";" in str(raised.value)


def test_a_damaged_page_of_parquet_keeps_the_rows_before_it(tmp_path: Path) -> None:
    sink = io.BytesIO()
    with parquet.ParquetWriter(sink, pa.schema([("text", pa.string())]), use_dictionary=False) as out:
        for group in range(4):
            out.write_table(pa.table({"text": [f"Group {group} row {row}." for row in range(50)]}))
    data = bytearray(sink.getvalue())
    at = parquet.ParquetFile(io.BytesIO(data)).metadata.row_group(2).column(0).data_page_offset
    data[at : at + 80] = b"\xff" * 80
    file = written(tmp_path, "t.parquet", bytes(data))
    seen: list[str] = []
    with pytest.raises(ReadError, match=r"damaged from row (97|101) on"), open_file(file) as raw:
        for piece in READERS[".parquet"].cut(file, raw, lambda read: None):
            assert isinstance(piece, Piece)
            seen += [json.loads(one.data)["text"] for one in READERS[".parquet"].split(piece)]
    # the rows are unpacked a few at a time, across row groups
    assert len(seen) > 80
    assert seen == [f"Group {group} row {row}." for group in range(2) for row in range(50)][: len(seen)]


def test_parquet_pieces_are_small_whatever_the_row_group(tmp_path: Path) -> None:
    file = table(tmp_path, {"text": [PROSE * 20] * 3000}, row_group_size=3000)
    with open_file(file) as raw:
        pieces = list(READERS[".parquet"].cut(file, raw, lambda read: None))
    assert max(len(piece.data) for piece in pieces if isinstance(piece, Piece)) < 2 * CHUNK_BYTES


def test_parquet_tells_of_every_byte_of_the_file(tmp_path: Path) -> None:
    file = table(tmp_path, {"text": [PROSE] * 40})
    told: list[int] = []
    with open_file(file) as raw:
        list(READERS[".parquet"].cut(file, raw, told.append))
    assert sum(told) == os.path.getsize(file.path) == measure_size(file)


def test_packed_parquet_is_refused_with_a_cure(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="unpack it"):
        documents(written(tmp_path, "t.parquet.gz", gzip.compress(WHOLE)))


OPTIONAL = ("pyarrow", "fsspec", "brotli", "pandas", "fastwarc")


def test_reading_texts_and_tables_of_text_imports_no_optional_library(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"id,text\n1,{PROSE!r}\n")
    (tmp_path / "a.txt").write_text(PROSE)
    code = (
        "import sys; from cleaner.readers.inputs import read_file\n"
        f"assert len(list(read_file({str(tmp_path / 'a.csv')!r}))) == 1\n"
        f"assert len(list(read_file({str(tmp_path / 'a.txt')!r}))) == 1\n"
        f"print([name for name in {OPTIONAL!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


MISSING = {
    "pyarrow": ("t.parquet", WHOLE, "article-cleaner[parquet]"),
    "fsspec": ("memory://x/t.txt", b"", "article-cleaner[remote]"),
}


@pytest.mark.parametrize("library", MISSING)
def test_a_missing_library_is_named_with_its_extra(
    tmp_path: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, data, extra = MISSING[library]
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ReadError) as raised:
        if "://" in name:
            list(expand_inputs([name]))
        else:
            documents(written(tmp_path, name, data))
    assert extra in str(raised.value)


# ---------------------------------------------------------------- csv

TABLES = {
    "comma": ("t.csv", b"id,text\na,One.\nb,Two.\n"),
    "semicolon": ("t.csv", b"id;text\na;One.\nb;Two.\n"),
    "bar": ("t.csv", b"id|text\na|One.\nb|Two.\n"),
    "tab": ("t.tsv", b"id\ttext\na\tOne.\nb\tTwo.\n"),
    "tab under .csv": ("t.csv", b"id\ttext\na\tOne.\nb\tTwo.\n"),
    "line ends of Windows": ("t.csv", b"id,text\r\na,One.\r\nb,Two.\r\n"),
    "line ends of old Macs": ("t.csv", b"id,text\ra,One.\rb,Two."),
    "no line end at the end": ("t.csv", b"id,text\na,One.\nb,Two."),
    "empty lines": ("t.csv", b"id,text\n\na,One.\n\n\nb,Two.\n\n"),
    "mark": ("t.csv", b"\xef\xbb\xbfid,text\na,One.\nb,Two.\n"),
    "UTF-16": ("t.csv", "id,text\na,One.\nb,Two.\n".encode("utf-16")),
    "UTF-16 without mark": ("t.csv", "id,text\na,One.\nb,Two.\n".encode("utf-16-le")),
    "gzip": ("t.csv.gz", gzip.compress(b"id,text\na,One.\nb,Two.\n")),
    "Zstandard": ("t.tsv.zst", zstandard.compress(b"id\ttext\na\tOne.\nb\tTwo.\n")),
    "commas at the ends": ("t.csv", b"id,text,,\na,One.,,\nb,Two.,,\n"),
    "quoted": ("t.csv", b'"id","text"\n"a","One."\n"b","Two."\n'),
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_of_text_is_read_in_each_of_its_dialects(tmp_path: Path, kind: str) -> None:
    found = documents(written(tmp_path, *TABLES[kind]))
    assert [(one.document.id, one.document.source) for one in found if isinstance(one, Item)] == [
        ("a", "One."),
        ("b", "Two."),
    ]
    assert len(found) == 2


ENCODINGS = ("windows-1252", "windows-1251", "shift_jis", "gb18030", "utf-16-be", "utf-32", "utf-8-sig")
SENTENCES = {
    "windows-1252": "“Das Schiff fährt schon über den großen Fluss”, sagte sie. " * 8,
    "windows-1251": "Совет в понедельник проголосовал за покупку второго парома для города. " * 8,
    "shift_jis": "市議会は月曜日に二隻目のフェリーを購入することを決定した。" * 8,
    "gb18030": "市议会星期一投票决定购买第二艘渡轮，船只已经晚点了。" * 8,
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_table_in_an_old_encoding_gives_the_same_text(tmp_path: Path, encoding: str) -> None:
    text = SENTENCES.get(encoding, "Das große Schiff. ").strip()
    out = io.StringIO()
    csv.writer(out).writerows([["id", "text"], ["1", text], ["2", text]])
    found = documents(written(tmp_path, "t.csv", out.getvalue().encode(encoding)))
    assert texts(found) == [text, text]


def test_a_line_in_another_encoding_than_its_table_is_mended_alone(tmp_path: Path) -> None:
    padding = b"".join(b"%d,All of this line is plain.\n" % n for n in range(3000))
    data = b"id,text\n" + padding + "x,Das große Schiff fährt über den Fluß.\n".encode("cp1252") + "y,grün\n".encode()
    assert texts(documents(written(tmp_path, "t.csv", data)))[-2:] == ["Das große Schiff fährt über den Fluß.", "grün"]


def test_a_row_is_named_by_the_line_on_which_it_begins(tmp_path: Path) -> None:
    data = b'id,text\n1,"a\nb ""q"" c"\n\n2,two\n3,"x\r\ny"\n4,four\n'
    found = documents(written(tmp_path, "t.csv", data))
    assert [(one.source.line, one.document.source) for one in found if isinstance(one, Item)] == [
        (2, 'a\nb "q" c'),
        (5, "two"),
        (6, "x\r\ny"),
        (8, "four"),
    ]


BROKEN_ROWS = {
    "too few": (b"a,One.,x\nb,Two.\nc,Three.,z\n", ["One.", "Three."], "b,Two.\n", 3),
    "too many": (b"a,One.,x\nb,Two.,y,more\nc,Three.,z\n", ["One.", "Three."], "b,Two.,y,more\n", 3),
    "quote never closed": (b'a,One.,x\nb,"Two.,y\nc,Three.,z\n', ["One.", "Three."], 'b,"Two.,y\n', 3),
    "quote cut off": (b'a,One.,x\nb,Two.,y\nc,z,"Thr', ["One.", "Two."], 'c,z,"Thr', 4),
    "NUL": (b'a,One.,x\nb,"Two"\0",y\nc,Three.,z\n', None, None, None),
}


@pytest.mark.parametrize("kind", BROKEN_ROWS)
def test_a_broken_row_is_rejected_with_its_place_and_the_others_are_read(tmp_path: Path, kind: str) -> None:
    data, whole, untouched, line = BROKEN_ROWS[kind]
    found = documents(written(tmp_path, "t.csv", b"id,text,more\n" + data))
    if whole is None:
        assert found
        return
    assert texts(found) == whole
    (rejected,) = (one for one in found if isinstance(one, Rejected))
    assert rejected.input == untouched and rejected.source.line == line and f"t.csv:{line}: " in rejected.reason


def test_a_quote_that_is_part_of_a_cell_stays_in_it(tmp_path: Path) -> None:
    data = b'id\ttext\n1\t"Late," she said.\n2\t"A quote that opens only.\n3\tPlain.\n'
    read = texts(documents(written(tmp_path, "t.tsv", data)))
    assert read == ['"Late," she said.', '"A quote that opens only.', "Plain."]


def test_an_open_quote_does_not_take_the_rest_of_a_file_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_DOCUMENT_BYTES", 10_000)
    more = b"".join(b"%d,Row %d.\n" % (n, n) for n in range(5000))
    found = documents(written(tmp_path, "t.csv", b'id,text\nopen,"never closed\n' + more))
    assert len(texts(found)) == 5000 and len(reasons(found)) == 1


def test_broken_quotes_in_every_row_are_not_read_again_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_DOCUMENT_BYTES", 10_000)
    data = b"id,text\n" + b'a"b,"c\n' * 20_000
    found = documents(written(tmp_path, "t.csv", data))
    assert len(found) == len(reasons(found))
    assert sum(len(one.input or "") for one in found if isinstance(one, Rejected)) == len(data) - len(b"id,text\n")


def test_a_line_longer_than_any_article_is_oversize_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_DOCUMENT_BYTES", 100_000)
    found = documents(written(tmp_path, "t.csv", b"id,text\n1,One.\n2," + b"x" * 300_000 + b"\n3,Three.\n"))
    assert texts(found) == ["One.", "Three."] and isinstance(found[1], Oversize) and found[1].line == 3


def test_a_cell_longer_than_the_csv_module_allows_is_read(tmp_path: Path) -> None:
    text = "word " * 40_000
    assert texts(documents(written(tmp_path, "t.csv", f"id,text\n1,{text}\n".encode()))) == [text.strip()]


NO_CSV = {
    "no such column": (b"id,Body\n1,x\n", "no column is named"),
    "nothing": (b"", "not one of column names"),
    "the same column twice": (b"text,a,a\nx,1,2\n", "two columns are named 'a'"),
    "a PDF": (b"%PDF-1.7\n1 0 obj\n", "PDF"),
    "a spreadsheet": (b"PK\x03\x04" + bytes(range(256)), "ZIP"),
}


@pytest.mark.parametrize("kind", NO_CSV)
def test_what_is_no_table_of_text_is_told_with_a_cure(tmp_path: Path, kind: str) -> None:
    data, said = NO_CSV[kind]
    with pytest.raises(ReadError, match=said) as raised:
        documents(written(tmp_path, "t.csv", data))
    assert ";" in str(raised.value)


CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30)
PRINTED = CELL.filter(lambda cell: bool(cell) and not cell.isspace())


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(PRINTED, CELL, CELL), min_size=1, max_size=8))
def test_csv_and_parquet_give_the_documents_of_the_same_rows_as_json_lines(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    columns = ("id", "text", "note")
    as_dicts = [dict(zip(columns, row, strict=True)) for row in rows]
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    files = [
        written(folder, "t.jsonl", b"".join(json.dumps(row).encode() + b"\n" for row in as_dicts)),
        written(folder, "t.csv", out.getvalue().encode()),
        table(folder, {name: [row[name] for row in as_dicts] for name in columns}),
    ]
    meant, *others = (
        [(one.document.id, one.document.source, one.extra) for one in documents(file) if isinstance(one, Item)]
        for file in files
    )
    assert len(meant) == len(rows)
    assert others == [meant, meant]


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300), header=st.sampled_from([b"id,text\n", b"text\n", b"id\ttext\n", b""]))
def test_no_bytes_break_the_reader_of_tables(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, header: bytes
) -> None:
    file = File(str(tmp_path_factory.getbasetemp() / "any.csv"), "any", ".csv")
    Path(file.path).write_bytes(header + data)
    try:
        found = documents(file)
    except ReadError as error:
        assert ";" in str(error)
    else:
        assert all(one.reason for one in found if isinstance(one, Rejected))


# ---------------------------------------------------------------- warc


def record(
    block: bytes, kind: str = "response", id: str = "1", length: int | str | None = None, **fields: str
) -> bytes:
    """A record of a web archive, whatever its length should be."""
    types = {"response": "application/http; msgtype=response", "conversion": "text/plain", "resource": "text/html"}
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{id}>",
        "WARC-Target-URI": f"http://news.example/{id}",
        "WARC-Date": "2024-03-04T17:05:06Z",
        "Content-Type": types.get(kind, "application/warc-fields"),
        "Content-Length": str(len(block) if length is None else length),
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def answer(body: bytes = PAGE, status: str = "200 OK", content_type: str | None = "text/html", **fields: str) -> bytes:
    """What a server sent."""
    headers = {**({"Content-Type": content_type} if content_type else {}), **fields}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def page_of(number: int) -> bytes:
    return f"<html><body><p>Page {number}. {PROSE}</p></body></html>".encode()


def archive(*numbers: int) -> list[bytes]:
    return [record(answer(page_of(number)), id=str(number)) for number in numbers]


def test_a_page_of_an_archive_has_its_address_its_id_and_the_day_it_was_fetched(tmp_path: Path) -> None:
    data = record(b"software: x\r\n", "warcinfo") + record(answer(), id="ab-12")
    found = one(documents(written(tmp_path, "crawl.warc", data)))
    assert (found.document.id, found.document.url) == ("ab-12", "http://news.example/ab-12")
    assert found.document.source.strip() == PROSE
    assert found.extra == {"warc_date": "2024-03-04T17:05:06Z"}
    assert (found.source.line, found.source.media_type, found.source.encoding) == (2, "text/html", "utf-8")
    assert not [fact for fact in found.document.facts if "published" in fact.key]


def test_the_hash_of_a_page_is_that_of_the_page_as_it_was_sent(tmp_path: Path) -> None:
    page = written(tmp_path, "p.html", PAGE)
    packed = record(answer(gzip.compress(PAGE), Content_Encoding="gzip"))
    alone, archived = one(documents(page)), one(documents(written(tmp_path, "c.warc", packed)))
    assert alone.source.sha256 == archived.source.sha256


def test_an_extracted_text_of_an_archive_is_a_text(tmp_path: Path) -> None:
    data = gzip.compress(record(f"{PROSE}\nGrün.".encode(), "conversion", id="t"))
    found = one(documents(written(tmp_path, "crawl.warc.wet.gz", data)))
    assert found.document.source == f"{PROSE}\nGrün."
    assert (found.document.id, found.source.media_type) == ("t", "text/plain")


PASSED_OVER = {
    "an image": record(answer(b"\x89PNG", content_type="image/png")),
    "a redirect": record(answer(b"<html>moved</html>", "301 Moved Permanently")),
    "an error page": record(answer(b"<html>none</html>", "404 Not Found")),
    "a request": record(b"GET / HTTP/1.1\r\n\r\n", "request", Content_Type="application/http; msgtype=request"),
    "metadata": record(b"a: b\r\n", "metadata"),
    "an answer seen before": record(answer(b""), "revisit", Content_Type="application/http; msgtype=response"),
    "a picture saved as it is": record(b"\x89PNG", "resource", Content_Type="image/png"),
    "an address of a host": record(b"1.2.3.4", Content_Type="text/dns"),
    "a film": record(answer(b"x" * (MAX_DOCUMENT_BYTES + 1), content_type="video/mp4")),
}


@pytest.mark.parametrize("kind", PASSED_OVER)
def test_what_is_no_page_of_a_crawl_is_passed_over_and_counted(tmp_path: Path, kind: str) -> None:
    found = one(documents(written(tmp_path, "c.warc", PASSED_OVER[kind] + record(answer()))))
    assert found.source.line == 2


COMPRESS = zlib.compressobj(9, zlib.DEFLATED, -15)
BARE = COMPRESS.compress(PAGE) + COMPRESS.flush()
CHUNKED = b"%x;name=value\r\n%b\r\n%X\r\n%b\r\n0\r\n\r\n" % (20, PAGE[:20], len(PAGE) - 20, PAGE[20:])
SENT = {
    "as it is": answer(),
    "gzip": answer(gzip.compress(PAGE), Content_Encoding="gzip"),
    "gzip by its old name": answer(gzip.compress(PAGE), Content_Encoding="x-gzip"),
    "deflate": answer(zlib.compress(PAGE), Content_Encoding="deflate"),
    "bare deflate": answer(BARE, Content_Encoding="deflate"),
    "Brotli": answer(brotli.compress(PAGE), Content_Encoding="br"),
    "Zstandard": answer(zstandard.compress(PAGE), Content_Encoding="zstd"),
    "twice": answer(brotli.compress(gzip.compress(PAGE)), Content_Encoding="gzip, br"),
    "chunks": answer(CHUNKED, Transfer_Encoding="chunked"),
    "gzip in chunks": answer(
        b"%x\r\n%b\r\n0\r\n\r\n" % (len(gzip.compress(PAGE)), gzip.compress(PAGE)),
        Transfer_Encoding="chunked",
        Content_Encoding="gzip",
    ),
    **{
        f"unpacked, and said to be {coding}": answer(PAGE, Content_Encoding=coding)
        for coding in ("gzip", "deflate", "br", "zstd", "identity")
    },
    "whole, and said to be in chunks": answer(PAGE, Transfer_Encoding="chunked"),
    "without a type": answer(content_type=None),
    "as XHTML": answer(content_type="application/xhtml+xml; charset=utf-8"),
    "with bare line ends": answer().replace(b"\r\n", b"\n"),
}


@pytest.mark.parametrize("kind", SENT)
def test_a_page_is_read_however_its_server_sent_it(tmp_path: Path, kind: str) -> None:
    assert texts(documents(written(tmp_path, "c.warc", record(SENT[kind])))) == [PROSE]


NOT_WHOLE = {
    "gzip cut off": answer(gzip.compress(PAGE * 50)[:-20], Content_Encoding="gzip"),
    "gzip damaged": answer(gzip.compress(PAGE)[:30] + b"\xff" * 40, Content_Encoding="gzip"),
    "Brotli cut off": answer(brotli.compress(PAGE * 50)[:-4], Content_Encoding="br"),
    "chunks cut off": answer(CHUNKED[:60], Transfer_Encoding="chunked"),
    "an unknown packing": answer(b"\1\2\3", Content_Encoding="compress"),
    "nothing": answer(b""),
    "a picture under a page's type": answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
}


@pytest.mark.parametrize("kind", NOT_WHOLE)
def test_a_page_that_was_not_sent_whole_is_rejected_with_its_place_and_a_cure(tmp_path: Path, kind: str) -> None:
    found = documents(written(tmp_path, "c.warc", record(NOT_WHOLE[kind], id="ab") + record(answer())))
    assert texts(found) == [PROSE]
    rejected = found[0]
    assert isinstance(rejected, Rejected) and rejected.id == "ab" and "c.warc: record 1: " in rejected.reason
    assert ";" in rejected.reason


def test_the_charset_that_the_server_gives_wins_over_the_page_and_yields_to_a_mark() -> None:
    page = "<meta charset='windows-1252'><p>Совет проголосовал</p>"
    assert decode_page(page.encode("cp1251"), "windows-1251")[1] == "windows-1251"
    assert decode_page(page.encode("utf-8-sig"), "windows-1251") == (page, "utf-8-sig")
    assert decode_page(page.encode("utf-8"), "windows-1251") == (page, "utf-8")
    assert decode_page("<meta charset='windows-1251'><p>Совет</p>".encode("cp1251"), "no-such")[1] == "windows-1251"


def test_the_charset_of_an_answer_is_used(tmp_path: Path) -> None:
    page = f"<html><meta charset='windows-1252'><p>{SENTENCES['windows-1251']}</p></html>".encode("cp1251")
    data = record(answer(page, content_type='text/html; charset="Windows-1251"'))
    assert texts(documents(written(tmp_path, "c.warc", data))) == [SENTENCES["windows-1251"].strip()]


PACK: dict[str, Callable[[list[bytes]], bytes]] = {
    ".warc": b"".join,
    ".warc.gz": lambda records: b"".join(map(gzip.compress, records)),
    ".warc.zst": lambda records: b"".join(map(zstandard.compress, records)),
}


@pytest.mark.parametrize("ending", PACK)
def test_an_archive_is_read_as_an_independent_reader_reads_it(tmp_path: Path, ending: str) -> None:
    records = [*archive(1, 2), PASSED_OVER["an image"], *archive(3)]
    data = PACK[ending](records)
    theirs = [
        rec.record_id
        for rec in ArchiveIterator(io.BytesIO(data), record_types=WarcRecordType.response)
        if rec.http_content_type == "text/html"
    ]
    ours = documents(written(tmp_path, f"c{ending}", data))
    assert [f"<urn:uuid:{one.document.id}>" for one in ours if isinstance(one, Item)] == theirs
    assert len(ours) == 3


def test_an_archive_packed_as_one_is_read_too(tmp_path: Path) -> None:
    assert len(texts(documents(written(tmp_path, "c.warc.gz", gzip.compress(b"".join(archive(1, 2, 3))))))) == 3


def test_an_archive_written_by_an_independent_writer_is_read(tmp_path: Path) -> None:
    sink = io.BytesIO()
    for number in (1, 2):
        made = WarcRecord()
        made.init_headers(WarcRecordType.response)
        made.headers["WARC-Target-URI"] = "http://news.example/"
        made.set_bytes_content(answer(page_of(number)))
        made.write(sink, checksum_data=True)
    assert texts(documents(written(tmp_path, "c.warc", sink.getvalue()))) == [f"Page 1. {PROSE}", f"Page 2. {PROSE}"]


def middle(data: bytes, patch: bytes = b"\xff\xff\xff\xff") -> bytes:
    at = len(data) // 2
    return data[:at] + patch + data[at + len(patch) :]


ONE, TWO, THREE = archive(1, 2, 3)
LENGTH = f"Content-Length: {len(answer(page_of(2)))}\r\n".encode()
DAMAGED = {
    "gzip member": (".warc.gz", gzip.compress(ONE) + middle(gzip.compress(TWO)) + gzip.compress(THREE)),
    "gzip checksum": (".warc.gz", gzip.compress(ONE) + gzip.compress(TWO)[:-6] + b"\0" * 6 + gzip.compress(THREE)),
    "gzip header": (".warc.gz", gzip.compress(ONE) + b"xx" + gzip.compress(TWO)[2:] + gzip.compress(THREE)),
    "Zstandard frame": (
        ".warc.zst",
        zstandard.compress(ONE) + middle(zstandard.compress(TWO), b"\xff" * 30) + zstandard.compress(THREE),
    ),
    "no length": (".warc", ONE + TWO.replace(LENGTH, b"") + THREE),
    "a length that is no number": (".warc", ONE + TWO.replace(LENGTH, b"Content-Length: many\r\n") + THREE),
    "a length below nothing": (".warc", ONE + TWO.replace(LENGTH, b"Content-Length: -5\r\n") + THREE),
    "a length too small": (".warc", ONE + TWO.replace(LENGTH, b"Content-Length: 90\r\n") + THREE),
    "a length too large": (".warc", ONE + TWO.replace(LENGTH, b"Content-Length: 400\r\n") + THREE),
    "garbage between": (".warc", ONE + b"garbage\r\nof\r\n\r\nsome lines" * 20 + b"\r\n\r\n" + THREE),
    "headers that do not end": (".warc", ONE + b"WARC/1.0\r\nX: " + b"y" * 200_000 + b"\r\n\r\n" + THREE),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_record_is_rejected_and_those_before_and_behind_it_are_read(tmp_path: Path, kind: str) -> None:
    ending, data = DAMAGED[kind]
    found = documents(written(tmp_path, f"c{ending}", data))
    assert texts(found) == [f"Page 1. {PROSE}", f"Page 3. {PROSE}"]
    (reason,) = reasons(found)
    assert f"c{ending}: record 2: " in reason and ";" in reason


CUT_OFF = {
    ".warc": (ONE + TWO)[:-60],
    ".warc.gz": (gzip.compress(ONE) + gzip.compress(TWO))[:-30],
    ".warc.zst": (zstandard.compress(ONE) + zstandard.compress(TWO))[:-30],
}


@pytest.mark.parametrize("ending", CUT_OFF)
def test_the_last_record_of_an_archive_that_is_cut_off_is_rejected(tmp_path: Path, ending: str) -> None:
    found = documents(written(tmp_path, f"c{ending}", CUT_OFF[ending]))
    assert texts(found) == [f"Page 1. {PROSE}"]
    (reason,) = reasons(found)
    assert "record 2: " in reason and "again" in reason


def test_a_page_larger_than_any_article_is_oversize_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_DOCUMENT_BYTES", 100_000)
    data = ONE + record(answer(b"<html>" + b"x" * 300_000)) + THREE
    found = documents(written(tmp_path, "c.warc", data))
    assert len(texts(found)) == 2 and isinstance(found[1], Oversize) and found[1].line == 2


def test_a_length_far_too_large_takes_no_other_page_with_it(tmp_path: Path) -> None:
    data = ONE + TWO.replace(LENGTH, b"Content-Length: 99999999999\r\n") + THREE
    found = documents(written(tmp_path, "c.warc", data))
    assert texts(found) == [f"Page 1. {PROSE}", f"Page 3. {PROSE}"] and isinstance(found[1], Oversize)


BOMBS = {
    "gzip": answer(gzip.compress(bytes(3_000_000)), Content_Encoding="gzip"),
    "deflate": answer(zlib.compress(bytes(3_000_000)), Content_Encoding="deflate"),
    "Brotli": answer(brotli.compress(bytes(3_000_000)), Content_Encoding="br"),
    "Zstandard": answer(zstandard.compress(bytes(3_000_000)), Content_Encoding="zstd"),
    "gzip in gzip": answer(gzip.compress(gzip.compress(bytes(3_000_000))), Content_Encoding="gzip, gzip"),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_small_answer_that_unpacks_to_much_is_rejected(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_DOCUMENT_BYTES", 1 << 20)
    found = documents(written(tmp_path, "c.warc", record(BOMBS[kind]) + record(answer())))
    assert texts(found) == [PROSE]
    assert "unpacks to more than 1 MiB" in reasons(found)[0]


def test_what_is_no_archive_is_told_with_a_cure(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no web archive"):
        documents(written(tmp_path, "c.warc", PAGE))
    assert documents(written(tmp_path, "empty.warc", b"")) == []


def test_a_page_packed_with_brotli_names_the_extra_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "brotli", None)
    found = documents(written(tmp_path, "c.warc", record(SENT["Brotli"]) + ONE))
    assert "article-cleaner[warc]" in reasons(found)[0] and len(texts(found)) == 1


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, 2**16), patch=st.binary(min_size=1, max_size=40), packed=st.booleans())
def test_no_damage_breaks_the_reader_of_archives(
    tmp_path_factory: pytest.TempPathFactory, at: int, patch: bytes, packed: bool
) -> None:
    whole = PACK[".warc.gz" if packed else ".warc"](archive(1, 2, 3, 4))
    at %= len(whole)
    path = tmp_path_factory.getbasetemp() / f"any{packed}.warc"
    path.write_bytes(whole[:at] + patch + whole[at + len(patch) :])
    file = File(str(path), "any", ".warc", ".gz" if packed else "")
    try:
        found = documents(file)
    except ReadError as error:
        assert at < 10 and "no web archive" in str(error)
    else:
        # damage lies within one record, or two where they meet
        assert len(texts(found)) >= 2


# ---------------------------------------------------------------- packed data


MEMBERS = [bytes([65 + n]) * size for n, size in enumerate((1, 100, 70_000, 0, 200_000, 5))]


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_packed_files_of_many_members_are_unpacked_whole_and_all_is_told(packing: str) -> None:
    data = b"".join(map({".gz": gzip.compress, ".zst": zstandard.compress}[packing], MEMBERS))
    told: list[int] = []
    assert b"".join(unpack_chunks(raw_stream(data), packing, told.append)) == b"".join(MEMBERS)
    assert sum(told) == len(data)


def test_zeros_behind_gzip_data_are_passed_over() -> None:
    assert b"".join(unpack_chunks(raw_stream(gzip.compress(b"text") + bytes(500)), ".gz")) == b"text"


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_a_small_file_that_unpacks_to_much_comes_in_small_chunks(packing: str) -> None:
    bomb = {".gz": gzip.compress, ".zst": zstandard.compress}[packing](bytes(50_000_000))
    assert len(bomb) < 60_000
    sizes = [len(chunk) for chunk in unpack_chunks(raw_stream(bomb), packing)]
    assert sum(sizes) == 50_000_000 and max(sizes) <= 2 * CHUNK_BYTES


def test_a_line_that_unpacks_to_much_is_oversize(tmp_path: Path) -> None:
    line = json.dumps({"id": "b", "text": PROSE}).encode()
    found = documents(
        written(tmp_path, "t.jsonl.gz", gzip.compress(b" " * (MAX_DOCUMENT_BYTES + CHUNK_BYTES * 2) + b"\n" + line))
    )
    assert isinstance(found[0], Oversize) and texts(found) == [PROSE]


def test_gzip_within_gzip_is_told_and_not_unpacked(tmp_path: Path) -> None:
    (reason,) = reasons(documents(written(tmp_path, "t.txt.gz", gzip.compress(gzip.compress(PROSE.encode())))))
    assert "gzip data" in reason


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_behind_damage_the_next_member_is_unpacked(packing: str) -> None:
    pack = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor(write_checksum=True).compress}[packing]
    members = [pack(os.urandom(3000)) for _ in range(3)]
    members[1] = middle(members[1])
    parts = list(recover_chunks(raw_stream(b"".join([pack(b"first"), *members[1:2], pack(b"last")])), packing))
    broken = next(at for at, part in enumerate(parts) if isinstance(part, Damage))
    whole = [part for part in parts if isinstance(part, bytes)]
    assert whole[0].startswith(b"first") and parts[broken + 1 :] == [b"last"]


# ---------------------------------------------------------------- hostile pages

HOSTILE = {
    "deep": b"<div>" * 100_000 + PAGE,
    "a million attributes": b"<html><body " + b"".join(b"a%d=1 " % n for n in range(100_000)) + b">" + PAGE,
    "one long attribute": b"<html><body a='" + b"x" * 1_000_000 + b"'>" + PAGE,
    "tables in tables": b"<table><tr><td>" * 20_000 + PAGE,
    "tables": b"<table><tr><td>x</td></tr></table>" * 20_000 + PAGE,
    "open tags": b"<p><b><i>" * 30_000 + PAGE,
    "comments": b"<!--" * 100_000 + b"-->" + PAGE,
    "entities": b"<html><p>" + b"&amp;" * 100_000 + PAGE,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_page_made_to_break_a_parser_is_read_or_rejected(tmp_path: Path, kind: str) -> None:
    (found,) = documents(written(tmp_path, "c.warc", record(answer(HOSTILE[kind]))))
    assert isinstance(found, Item) or (isinstance(found, Rejected) and ";" in found.reason)


IDS = ["../../etc/passwd", "a\nb", "x" * 4096, "\x1b[31m", "con", "..", "\u202egnp.exe", "/root"]


@pytest.mark.parametrize("id", IDS)
def test_an_id_of_a_table_is_kept_as_it_is(tmp_path: Path, id: str) -> None:
    found = documents(written(tmp_path, "t.csv", f'id,text\n"{id}",One.\n'.encode()))
    assert one(found).document.id == id


# ---------------------------------------------------------------- patterns and addresses


def names(inputs: list[str], leave_out: list[Path] | None = None) -> list[tuple[str, list[str]]]:
    return [(name, [file.path for file in files]) for name, files in expand_inputs(inputs, leave_out or [])]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a.jsonl", "b.jsonl", "note.rst", "in/c.jsonl", "in/deep/d.jsonl", "in/e.txt", ".hidden/f.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


PATTERNS = {
    "*.jsonl": ["a.jsonl", "b.jsonl"],
    "[b-z].jsonl": ["b.jsonl"],
    "?.jsonl": ["a.jsonl", "b.jsonl"],
    "**/*.jsonl": ["a.jsonl", "b.jsonl", "in/c.jsonl", "in/deep/d.jsonl"],
    "*": ["a.jsonl", "b.jsonl", "in/e.txt", "in/c.jsonl", "in/deep/d.jsonl"],
    "in/**": ["in/e.txt", "in/c.jsonl", "in/deep/d.jsonl"],
    "i*": ["in/e.txt", "in/c.jsonl", "in/deep/d.jsonl"],
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_is_each_file_and_folder_that_it_fits_once_and_in_order(folder: Path, pattern: str) -> None:
    assert [path for _, paths in names([pattern]) for path in paths] == PATTERNS[pattern]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(folder: Path) -> None:
    (folder / "[a].jsonl").write_text("")
    assert names(["[a].jsonl"]) == [("[a]", ["[a].jsonl"])]


@pytest.mark.parametrize("pattern", ["*.parquet", "no/**/*.txt", "*.rst"])
def test_a_pattern_that_nothing_fits_is_told(folder: Path, pattern: str) -> None:
    with pytest.raises(ReadError, match="fits this pattern"):
        names([pattern])


@pytest.mark.parametrize("name", ["a.epub", "a.xml", "a.zip", "a.xml.gz", "a.pdf", "a.unknown", "a"])
def test_a_file_that_no_reader_takes_is_told_with_a_cure(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    with pytest.raises(ReadError, match=r"no reader for this ending; \w+ .*; it can be"):
        names([name])


@pytest.fixture
def store() -> Iterator[Any]:
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.pseudo_dirs[:] = [""]
    for name in ("a.jsonl", "b.txt", "in/c.txt", "in/d.jsonl.gz", ".hidden/e.txt", "in/.f.txt", "in/g.rst"):
        files.pipe(f"/crawl/{name}", json.dumps({"id": name, "text": PROSE}).encode())
    yield files
    files.store.clear()


def test_an_address_of_a_folder_is_read_like_a_folder(store: Any) -> None:
    assert names(["memory://crawl"]) == [
        ("crawl", ["memory:///crawl/b.txt", "memory:///crawl/in/c.txt"]),
        ("a", ["memory:///crawl/a.jsonl"]),
        ("in/d", ["memory:///crawl/in/d.jsonl.gz"]),
    ]


def test_an_address_of_a_file_is_read_and_keeps_its_name(store: Any) -> None:
    ((name, files),) = expand_inputs(["memory://crawl/a.jsonl"])
    (file,) = files
    assert (name, file.path) == ("a", "memory://crawl/a.jsonl")
    found = one(documents(file))
    assert (found.document.id, found.source.path) == ("a.jsonl", "memory://crawl/a.jsonl")
    assert measure_size(file) == len(store.cat("/crawl/a.jsonl"))


def test_an_address_may_be_a_pattern(store: Any) -> None:
    assert names(["memory://crawl/in/*.gz"]) == [("d", ["memory:///crawl/in/d.jsonl.gz"])]


def test_parquet_and_archives_are_read_from_an_address(store: Any) -> None:
    store.pipe("/t.parquet", WHOLE)
    store.pipe("/c.warc.gz", gzip.compress(ONE))
    for address, many in (("memory://t.parquet", 100), ("memory://c.warc.gz", 1)):
        ((_, [file]),) = expand_inputs([address])
        assert len(texts(documents(file))) == many


def test_a_file_address_is_the_path(folder: Path) -> None:
    (folder / "with space.jsonl").write_text(json.dumps({"text": PROSE}))
    ((_, [file]),) = expand_inputs([(folder / "with space.jsonl").as_uri()])
    assert file.path == str(folder / "with space.jsonl") and texts(documents(file)) == [PROSE]


ELSEWHERE = {
    "memory://nothing/here.txt": "no such file",
    "memory://crawl/*.parquet": "no file fits",
    "memory://crawl/in/g.rst": "no reader for this ending",
    "memory://crawl/.hidden/../..": "no such file",
    "nonsense://x/y.txt": "nonsense.*;",
    "file://otherhost/x.txt": "another machine",
    "gdrive-nope://": "gdrive-nope",
}


@pytest.mark.parametrize("address", ELSEWHERE)
def test_an_address_that_cannot_be_read_is_named_with_a_cure(store: Any, address: str) -> None:
    with pytest.raises(ReadError, match=ELSEWHERE[address]) as raised:
        names([address])
    assert str(raised.value).startswith(address) and ";" in str(raised.value)


def test_a_store_that_breaks_while_it_is_read_is_told(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise RuntimeError("the token has expired")

    file = File("memory://crawl/a.jsonl", "a", ".jsonl")
    monkeypatch.setattr(type(store), "_open", lambda self, path, mode, **options: Broken())
    with pytest.raises(ReadError, match=r"memory://crawl/a.jsonl: .*token has expired; check"):
        documents(file)


def test_a_key_of_a_store_cannot_leave_the_output(store: Any) -> None:
    for key in ("/deep/w.jsonl", "/deep/../../x.jsonl", "/deep//y.jsonl", "/deep/./z.jsonl"):
        store.store[key] = store.store["/crawl/a.jsonl"]
    for name, _ in expand_inputs(["memory://deep"]):
        assert ".." not in name.split("/") and "" not in name.split("/")


def test_standard_input_has_no_size_and_a_file_has_its_own(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(b"12345")
    assert measure_size(File("-", "stdin", ".txt")) is None
    assert measure_size(File(str(folder / "a.jsonl"), "a", ".jsonl")) == 5
    assert measure_size(File(str(folder / "none.jsonl"), "none", ".jsonl")) is None


def test_a_web_address_is_named_without_its_query() -> None:
    assert remote.extract_file_name("https://news.example/data/feed.jsonl.gz?token=1/2") == "feed.jsonl.gz"

"""Bytes and files in, documents out."""

import gzip
import os
from contextlib import suppress
from pathlib import Path

import pytest
import zstandard
from conftest import write_lines
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import ReadError
from cleaner.readers.base import Item
from cleaner.readers.inputs import expand_inputs, read_file
from cleaner.record import Rejected
from cleaner.text.encoding import decode_bytes

GERMAN = "Der Stadtrat hat gestern über die Brücke abgestimmt. „Es war knapp“, sagte die Bürgermeisterin."
POLISH = "Rada miasta przyjęła wczoraj nowy budżet. Spór trwał do późnego wieczora, mówią świadkowie."
HUNGARIAN = "A városi tanács tegnap elfogadta az új költségvetést. A vita késő estig tartott, őszintén szólva hűvösen."
RUSSIAN = "Городской совет вчера утвердил новый бюджет. Споры продолжались до позднего вечера."
TURKISH = "Belediye meclisi dün yeni bütçeyi onayladı. Tartışma geç saatlere kadar sürdü, başkan ışığı kapattı."
ARABIC = "وافق المجلس البلدي أمس على الميزانية الجديدة. واستمر النقاش حتى وقت متأخر من المساء."
JAPANESE = "市議会は昨日、新しい予算案を承認した。議論は夜遅くまで続いた。"
CHINESE = "市议会昨天批准了新预算。讨论一直持续到深夜。"
TAIWANESE = "市議會昨天批准了新預算。討論一直持續到深夜。"
KOREAN = "시의회는 어제 새 예산안을 승인했다. 토론은 늦은 밤까지 이어졌다."
GREEK = "Το δημοτικό συμβούλιο ενέκρινε χθες τον νέο προϋπολογισμό."
CZECH = "Zastupitelstvo včera schválilo nový rozpočet. Hádka trvala až do pozdního večera, říkají svědkové."
UKRAINIAN = "Міська рада вчора ухвалила новий бюджет. Депутати сперечалися до пізнього вечора."

LEGACY = [
    (GERMAN, "windows-1252"),
    (POLISH, "windows-1250"),
    (POLISH, "iso-8859-2"),
    (HUNGARIAN, "windows-1250"),
    (CZECH, "windows-1250"),
    (CZECH, "iso-8859-2"),
    (RUSSIAN, "windows-1251"),
    (RUSSIAN, "koi8-r"),
    (UKRAINIAN, "windows-1251"),
    (TURKISH, "windows-1254"),
    (TURKISH, "iso-8859-9"),
    (ARABIC, "windows-1256"),
    (GREEK, "windows-1253"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc-jp"),
    (JAPANESE, "iso-2022-jp"),
    (CHINESE, "gb18030"),
    (TAIWANESE, "big5"),
    (KOREAN, "euc-kr"),
]


@pytest.mark.parametrize(("text", "encoding"), LEGACY)
def test_a_short_text_in_its_languages_usual_code_page_is_read_right(text: str, encoding: str) -> None:
    assert decode_bytes(text.encode(encoding))[0] == text


@pytest.mark.parametrize("text", [GERMAN, RUSSIAN, JAPANESE, KOREAN, ARABIC, "Plain ASCII, one line.\nAnd another."])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_every_form_of_unicode_is_read_with_or_without_a_mark(text: str, encoding: str) -> None:
    assert decode_bytes(text.encode(encoding))[0] == text


def test_curly_quotes_alone_are_read_as_windows_1252() -> None:
    assert decode_bytes("It’s late – “again”.".encode("cp1252")) == ("It’s late – “again”.", "windows-1252")


def test_a_few_bad_bytes_do_not_turn_utf8_into_something_else() -> None:
    raw = RUSSIAN.encode() + " caf\xe9 ".encode("latin-1") + RUSSIAN.encode()
    assert decode_bytes(raw) == (f"{RUSSIAN} café {RUSSIAN}", "utf-8")


def test_a_character_cut_in_two_at_the_end_becomes_a_replacement_character() -> None:
    assert decode_bytes(JAPANESE.encode()[:-1])[0] == JAPANESE[:-1] + "\ufffd"


def test_surrogates_encoded_as_utf8_are_read_as_what_they_stand_for() -> None:
    assert decode_bytes("é ".encode() + "\ud83d\ude00".encode("utf-8", "surrogatepass"))[0] == "é 😀"


@pytest.mark.parametrize(
    "raw", [b"%PDF-1.7\n1 0 obj", b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04\x14\0", bytes(range(256)) * 20, b"\0" * 500]
)
def test_binary_data_is_refused(raw: bytes) -> None:
    with pytest.raises(ReadError, match="text first"):
        decode_bytes(raw)


@given(st.binary(max_size=200) | st.text(max_size=60).map(lambda text: text.encode("utf-16-le", "surrogatepass")))
def test_no_bytes_make_decoding_fail_in_any_other_way(raw: bytes) -> None:
    with suppress(ReadError):
        text, encoding = decode_bytes(raw)
        assert isinstance(text, str) and encoding


def documents(path: Path) -> list[Item | Rejected]:
    return list(read_file(str(path)))


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_json_lines_are_read_packed_or_not(tmp_path: Path, packing: str) -> None:
    data = b'{"id": 7, "text": "One."}\n\n{"text": "Two.", "url": "https://example.org/2", "tag": [1]}'
    two_frames = zstandard.compress(data[:20]) + zstandard.compress(data[20:])
    packed = {"": data, ".gz": gzip.compress(data), ".zst": two_frames}
    path = tmp_path / f"pages.jsonl{packing}"
    path.write_bytes(packed[packing])
    one, two = documents(path)
    assert isinstance(one, Item) and isinstance(two, Item)
    assert (one.document.id, one.document.source, one.source.line, one.extra) == ("7", "One.", 1, None)
    assert (two.document.id, two.document.url, two.source.line) == ("pages:3", "https://example.org/2", 3)
    assert two.extra == {"tag": [1]}


def test_a_title_in_the_input_is_a_known_fact(tmp_path: Path) -> None:
    (item,) = documents(write_lines(tmp_path / "a.jsonl", [{"text": "Body.", "title": "Headline"}]))
    assert isinstance(item, Item)
    assert item.document.find_fact("title") == "Headline"


def test_a_title_that_is_no_string_is_carried_along(tmp_path: Path) -> None:
    (item,) = documents(write_lines(tmp_path / "a.jsonl", [{"text": "Body.", "title": ["Headline"]}]))
    assert isinstance(item, Item)
    assert item.extra == {"title": ["Headline"]}


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_a_damaged_archive_gives_what_came_before_the_damage(tmp_path: Path, packing: str) -> None:
    lines = "".join(f'{{"id": {i}, "text": "{os.urandom(600).hex()}"}}\n' for i in range(4000)).encode()
    packed = gzip.compress(lines) if packing == ".gz" else zstandard.compress(lines)
    path = tmp_path / f"cut.jsonl{packing}"
    path.write_bytes(packed[: len(packed) // 2])
    found = []
    with pytest.raises(ReadError, match="fetch the file again"):
        for item in read_file(str(path)):
            found.append(item)
    assert len(found) > 500


def test_a_folder_is_read_in_the_order_of_its_names_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.txt.gz", ".hidden.txt", ".git/d.txt", "notes.pdf", "sub/pages.ndjson"):
        (tmp_path / "raw" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "raw" / name).write_bytes(b"")
    outputs = [(name, [file.id for file in files]) for name, files in expand_inputs([str(tmp_path / "raw")])]
    assert outputs == [("raw", ["a", "b", "sub/c"]), ("sub/pages", ["sub/pages"])]


def test_two_inputs_of_one_name_get_two_outputs(tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page.txt").write_text("Text.")
    inputs = [str(tmp_path / folder / "page.txt") for folder in ("x", "y")]
    assert [name for name, _ in expand_inputs(inputs)] == ["page", "page-2"]

"""Formats are recognised, not believed: HTML and escapes under the name of a text, and what a folder leaves out."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from conftest import Done, read_lines
from hypothesis import strategies as st

from cleaner import clean
from cleaner.errors import ReadError
from cleaner.io.files import AS_FOUND, INPUT_FORMATS, Columns, Intake
from cleaner.readers import READERS
from cleaner.readers.given import Given, read_given
from cleaner.readers.own_records import find_articles
from cleaner.readers.recognise import recognise_format
from cleaner.readers.unwrap import read_written
from cleaner.readers.written import Writing, recognise_writing
from cleaner.record import Source, Tool, build_article, build_ledger, restore_source
from cleaner.review.session import make_page
from cleaner.run.batch import clean_inputs
from cleaner.settings import Settings

Call = Callable[..., Done]

ONE = "The council voted on Monday to buy a second ferry for the bay, after two winters without one."
TWO = "The boat will be built in Norrvik and is expected in the autumn of next year, its leader said."
BOTH = f"{ONE}\n\n{TWO}"
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><title>Council buys second ferry</title></head><body><nav>Home News</nav>'
    f"<article><h1>Council buys second ferry</h1><p>{ONE}</p><p>{TWO}</p></article></body></html>"
)

# ---------------------------------------------------------------- texts that are HTML, or escaped

WRITTEN = {
    "paragraphs": f"<p>{ONE}</p><p>{TWO}</p>",
    "paragraphs on lines of Windows": f"<p>{ONE}</p>\r\n<p>{TWO}</p>\r\n",
    "a byte order mark before": f"\ufeff<p>{ONE}</p><p>{TWO}</p>",
    "upper case": f"<P>{ONE}</P><P>{TWO}</P>",
    "paragraphs that are not closed": f"{ONE}<p>{TWO}<p>",
    "brackets escaped once more": f"&lt;p&gt;{ONE}&lt;/p&gt;&lt;p&gt;{TWO}&lt;/p&gt;",
    "breaks escaped once more": f"{ONE}&lt;br /&gt;&lt;br /&gt;{TWO}",
    "a CDATA section": f"<![CDATA[<p>{ONE}</p><p>{TWO}</p>]]>",
    "breaks in pairs": f"{ONE}<br><br>{TWO}<br/>",
    "breaks on lines": f"{ONE}<br />\n<br />\n{TWO}",
    "one break": f"{ONE}<BR>{TWO}",
    "a box": f'<div class="body"><p>{ONE}</p>\n\n<p>{TWO}</p></div>',
    "comments of a blog system": f"<p>{ONE}</p>\n<!-- wp:paragraph -->\n<p>{TWO}</p>\n<!-- /wp:paragraph -->",
    "a script between": f'<p>{ONE}</p><script async src="https://x.example/w.js">a < b; "<p>"</script><p>{TWO}</p>',
    "a link amid lines": BOTH.replace("Monday", '<a href="https://x.example/">Monday</a>'),
    "stress amid lines": f"{ONE.replace('ferry', '<em>ferry</em>')}\n\n{TWO.replace('Norrvik', '<i>Norrvik</i>')}",
    "entities": f"<p>{ONE.replace('second', 'se&#99;ond')}&nbsp;</p><p>{TWO}</p>",
    "a soft wrap": f"<p>{ONE.replace('bay, ', 'bay,' + chr(10))}</p><p>{TWO}</p>",
    "a figure with its caption": f'<p>{ONE}</p><figure><img src="a.jpg"><figcaption>The ferry at its berth in May'
    f"</figcaption></figure><p>{TWO}</p>",
    "escaped line ends": f"{ONE}\\n\\n{TWO}",
    "escaped line ends of Windows": f"{ONE}\\r\\n\\r\\n{TWO}\\r\\n",
    "line ends escaped twice": f"{ONE}\\\\n\\\\n{TWO}",
    "paragraphs and escapes": f"<p>{ONE}</p>\\n<p>{TWO}</p>\\n",
    "slashes and letters escaped": f"<p>{ONE}<\\/p>\\n<p>{TWO}<\\/p>".replace("bay", "b\\u0061y"),
    "separators of JavaScript": f"{ONE}\u2028{TWO}",
    "paragraph separators": f"{ONE}\u2029{TWO}\u2029",
    "next lines of mainframes": f"{ONE}\x85{TWO}",
    "vertical tabs": f"{ONE}\x0b{TWO}",
}


@pytest.mark.parametrize("given", WRITTEN.values(), ids=WRITTEN)
def test_a_text_is_read_as_what_it_is_written_in_and_restored_to_the_letter(given: str) -> None:
    article = clean(given)
    assert article.text == BOTH
    assert restore_source(article, article.edits or ()) == given


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "市議会は月曜日、二隻目のフェリーを購入することを決めた。",
            "船はノルビクで建造され、来年の秋に完成する予定だという。",
        ),
        ("صوّت المجلس يوم الاثنين على شراء عبارة ثانية للخليج.", "سيتم بناء القارب في نورفيك في الخريف المقبل."),
        ("परिषद ने सोमवार को दूसरी नौका खरीदने के लिए मतदान किया।", "नौका अगले साल शरद ऋतु में तैयार हो जाएगी, उन्होंने कहा।"),
        ("Der Rat stimmte am Montag für eine zweite Fähre.", "Das Schiff soll im nächsten Herbst eintreffen."),
    ],
)
def test_fragments_are_known_in_every_script(one: str, two: str) -> None:
    for given in (f"<p>{one}</p><p>{two}</p>", f"{one}<br>{two}<br/>", f"{one}\\n\\n{two}"):
        assert read_given(Given(text=given)).document.text == f"{one}\n\n{two}"


def test_escapes_of_json_are_read_and_others_stay() -> None:
    given = 'Er sagte: \\"Ja\\", \\u00fc \\ud83d\\ude00 in C:\\\\temp.\\n\\nDann \\ud83d ging\\ter.'
    text = read_given(Given(text=given)).document.text
    assert text == 'Er sagte: "Ja", ü 😀 in C:\\temp.\n\nDann \\ud83d ging er.'


PARTS = [
    *"<p> </p> <br/> <li> </li> <td> <table> </table> <pre> <!-- --> <script> </script> <![CDATA[ ]]> <x> a b.".split(),
    *("&amp;", "\\n", "\\r\\n", "\\u00e9", "&lt;p&gt;", "<", "\n", " ", "\r\n", "\u2028"),
]


@hypothesis.given(st.lists(st.sampled_from(PARTS), max_size=25))
def test_whatever_is_written_is_tiled_and_restored(parts: list[str]) -> None:
    source = "".join(parts)
    for writing in (Writing(tags=True), Writing(escapes=True), Writing(True, False, True), Writing(nested=True)):
        document = read_written(source, writing)
        assert "".join(document.source[block.start : block.end] for block in document.blocks) == source
        article = build_article(document, Source(), Tool("", ""))
        assert restore_source(article, build_ledger(document)) == source


def test_a_fragment_says_what_its_lines_are() -> None:
    rows = "<table><tr><th>Boat</th><td></td><td>3</td></tr><tr><td></td><td>x</td><td>4</td></tr></table>"
    given = f"<p>{ONE}</p><h2>Costs</h2><ul><li>one deck</li></ul><blockquote><p>So be it.</p></blockquote>{rows}"
    blocks = read_given(Given(text=given)).document.blocks
    assert [(block.role, block.text) for block in blocks[1:]] == [
        ("heading", "Costs"),
        ("list-item", "one deck"),
        ("quote", "So be it."),
        ("table", "Boat | | 3"),
        ("table", "| x | 4"),
    ]


def test_what_is_read_as_html_is_flagged() -> None:
    assert clean(f"<p>{ONE}</p>").flags == ("html-in-text",)
    assert clean(f"{ONE}\\n\\n{TWO}").flags == ("escapes-in-text",)
    assert clean(BOTH).flags == ()


ABOUT_HTML = [
    "How a page is made\n\nUse the <h1> tag for its head, and <p> for a paragraph.\n\nA line ends with <br>.",
    "The code is short.\n\n<p>Hello, world!</p>\n\nSave it as a file and open it with any browser.",
    "In HTML, <b>bold</b> is bold and <i>this</i> is italic, the teacher said to the class on Monday.",
    'Write print("a\\n") to end a line in the shell.\n\nOn Windows the path is C:\\new\\names, said the teacher.',
    "The pattern [\\r\\n]+ matches line ends, and \\n alone matches the one of Unix, the manual says.",
    "In LaTeX write \\newline or \\noindent. In C write \\n. In a string \\n. It ends a line.",
    "If a < b and c > d, the sum is less than a <em> dash, said Prof. Lee.",
    "He wrote to <ann@x.example> and to <bob@x.example> on Monday, and neither of them answered.",
    "Rendered as &lt;p&gt; in the source, the tag is shown to the reader.",
    "Der Tag <br> macht einen Umbruch. Mit <br> geht es in die nächste Zeile.",
    "Balise <strong> : elle met en valeur. On la ferme avec </strong>, dit-elle.",
    'Wer "<br>" oder "<p>" schreibt, muss wissen, was er tut.',
    "Open C:\\new\\notes.txt or C:\\news\\names.txt and save.",
]


@pytest.mark.parametrize("text", ABOUT_HTML)
def test_an_article_about_html_or_code_stays_as_it_is(text: str) -> None:
    assert recognise_writing(text).is_plain
    assert read_given(Given(text=text)).document.source == text


def test_an_ellipsis_misread_ends_no_line() -> None:
    assert clean("Wait\x85 he said, it is \x93here\x94, and he was right in that.").text.count("\n") == 0


def test_many_tags_take_no_longer_than_they_must() -> None:
    for part in ("<!--", "<p ", "<p>x ", "<script>", "\\n", "&lt;p&gt;", "<a ' \" ", "\x85"):
        read_given(Given(text=part * 50_000))


def test_clean_takes_a_page_for_what_it_is() -> None:
    assert clean(PAGE).text == BOTH
    assert clean(f"\ufeff\n<HTML><BODY><P>{ONE}</P><P>{TWO}</P></BODY></HTML>").text == BOTH


def test_the_html_of_a_feed_is_no_page_without_an_article() -> None:
    article = clean(html=f"<p>{ONE}</p>")
    assert (article.text, article.flags) == (ONE, ("html-fragment",))


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("Ferry &amp; pier sold &#8211; again", "Ferry & pier sold – again"),
        ("<em>Gull</em> sold to a yard", "Gull sold to a yard"),
        ("What <b>bold</b> means in HTML", "What <b>bold</b> means in HTML"),
        ("Profits at AT&T < those of Verizon", "Profits at AT&T < those of Verizon"),
    ],
)
def test_the_title_of_a_feed_reads_as_it_is_meant(given: str, title: str) -> None:
    assert clean(BOTH, title=given).title == title


def test_the_body_of_a_page_is_read_as_one() -> None:
    given = f"<nav><a href='/'>Home</a> News</nav><article><h1>Ferry sold</h1><p>{ONE}</p><p>{TWO}</p></article>"
    assert clean(given).text == BOTH
    assert clean("\n" * 999 + PAGE).text == BOTH


# ---------------------------------------------------------------- files and standard input


def filtered(data: bytes, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([sys.executable, "-m", "cleaner", "run", "-", *arguments], input=data, capture_output=True)


STDIN = {
    "a page": PAGE.encode(),
    "a page in UTF-16": PAGE.encode("utf-16"),
    "a page in gzip": gzip.compress(PAGE.encode()),
    "a fragment": f"<p>{ONE}</p><p>{TWO}</p>".encode(),
    "JSON Lines": json.dumps({"text": BOTH}).encode(),
    "JSON Lines in gzip": gzip.compress(json.dumps({"html": PAGE}).encode()),
    "a table": f'id;text\r\n1;"{ONE}\r\n\r\n{TWO}"\r\n'.encode(),
}


@pytest.mark.parametrize("data", STDIN.values(), ids=STDIN)
def test_standard_input_is_read_as_what_it_is(data: bytes) -> None:
    done = filtered(data)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().strip().removeprefix("Council buys second ferry\n\n") == BOTH


def test_several_documents_on_standard_input_come_out_apart() -> None:
    done = filtered(b"".join(json.dumps({"text": text}).encode() + b"\n" for text in (ONE, TWO)))
    assert done.stdout.decode() == f"{BOTH}\n"


@pytest.mark.parametrize(
    ("data", "cure"),
    [
        (b'{"body": "The council voted."}\n', b"--text-field"),
        (b'[\n {"text": "The council voted."}\n]\n', b"--input-format"),
        (b'<?xml version="1.0"?>\n<rss version="2.0"><channel></channel></rss>', b"--input-format"),
    ],
)
def test_what_is_in_doubt_on_standard_input_is_refused_with_the_cure(data: bytes, cure: bytes) -> None:
    done = filtered(data)
    assert (done.returncode, done.stdout) == (2, b"")
    assert cure in done.stderr


def test_said_outright_a_page_is_a_text() -> None:
    assert b"<nav>" in filtered(PAGE.encode(), "--input-format", "text").stdout


def test_names_of_formats_stand_for_readers() -> None:
    assert READERS.keys() >= set(INPUT_FORMATS.values())


def run(inputs: list[Path], folder: Path, intake: Intake = AS_FOUND) -> list[dict[str, object]]:
    clean_inputs([str(path) for path in inputs], folder, Settings(), intake=intake)
    return [record for path in sorted(folder.rglob("*.articles.jsonl")) for record in read_lines(path)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_json_lines_are_read_in_the_encodings_of_windows(encoding: str, tmp_path: Path) -> None:
    data = "".join(json.dumps({"id": id, "text": f"<p>{ONE} ü</p>"}, ensure_ascii=False) + "\r\n" for id in "ab")
    (tmp_path / "a.jsonl").write_bytes(data.encode(encoding))
    records = run([tmp_path / "a.jsonl"], tmp_path / "out")
    assert [(record["id"], record["text"]) for record in records] == [("a", f"{ONE} ü"), ("b", f"{ONE} ü")]


@pytest.mark.parametrize("name", ["page.txt", "page", "page.xhtml", "page.php"])
def test_a_page_is_read_as_one_whatever_its_name(name: str, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / name).write_text(PAGE, "utf-8")
    for given in (tmp_path / "raw", tmp_path / "raw" / name):
        (record,) = run([given], tmp_path / f"out-{given.name}")
        assert record["text"] == BOTH


def test_json_lines_named_txt_are_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "feed.txt"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in (ONE, TWO)))
    assert [record["text"] for record in run([path], tmp_path / "out")] == [ONE, TWO]


ROW = {"nr": 7, "body": f"<p>{ONE}</p>", "link": "https://x.example/a", "head": "Ferry"}
AS_PAGE = {"text": "", "html": "body"}


@pytest.mark.parametrize(
    ("name", "data", "columns"),
    [
        ("feed.jsonl", json.dumps(ROW), {}),
        ("feed.jsonl", json.dumps(ROW), AS_PAGE),
        ("feed.csv", f"nr;head;link;body\r\n7;Ferry;https://x.example/a;<p>{ONE}</p>\r\n", {}),
        ("feed.tsv", f"nr\thead\tlink\tbody\n7\tFerry\thttps://x.example/a\t{ONE}<br/>\n", {}),
        ("feed.csv", f'nr,head,link,body\n7,Ferry,https://x.example/a,"<p>{ONE}</p>"\n', AS_PAGE),
    ],
)
def test_columns_are_read_by_the_names_that_are_said(
    name: str, data: str, columns: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(data, "utf-8")
    said = {"text": "body", "id": "nr", "url": "link", "title": "head"} | columns
    (record,) = run([tmp_path / name], tmp_path / "out", Intake("", Columns(**said)))
    assert (record["text"], record["id"], record["title"]) == (ONE, "7", "Ferry")
    assert record["url"] == "https://x.example/a"
    assert "extra" not in record


def test_an_unknown_column_is_refused_with_those_that_are_there(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1,Some text.\n")
    (tmp_path / "a.jsonl").write_text('{"id": 1, "text": "Some text."}\n')
    for name in ("a.csv", "a.jsonl"):
        done = call("run", tmp_path / name, "-o", tmp_path / "out", "--text-field", "body")
        assert done.code == 2
        assert "'body'; there are 'id', 'text'" in done.err


def test_commands_that_show_take_what_is_said(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.data").write_text(json.dumps({"body": f"<p>{ONE}</p>\n<p>Read more: x</p>"}) + "\n")
    for command in ("check", "diff"):
        done = call(command, tmp_path / "a.data", "--input-format", "jsonl", "--text-field", "body")
        assert b"layout.markup" in done.out


def test_a_recognised_input_goes_on_with_resume_to_the_same_files(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "page.txt").write_text(PAGE, "utf-8")
    (raw / "feed.jsonl").write_text(json.dumps({"text": f"<p>{ONE}</p><p>{TWO}</p>"}) + "\n")
    clean_inputs([str(raw)], tmp_path / "one", Settings())
    clean_inputs([str(raw)], tmp_path / "two", Settings(), resume=True)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_restore_gives_the_fragment_back(call: Call, tmp_path: Path) -> None:
    given = f"<p>{ONE}</p>\n<p>{TWO}</p>\n"
    (tmp_path / "a.txt").write_text(given, "utf-8")
    call("run", tmp_path / "a.txt", "-o", tmp_path / "out")
    assert call("restore", tmp_path / "out" / "a.articles.jsonl").out == given.encode()


def test_the_log_says_what_was_recognised(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, "utf-8")
    assert "recognised" in call("run", tmp_path / "a.txt", "-o", tmp_path / "out", "--log-format", "json").err


# ---------------------------------------------------------------- folders


@pytest.fixture
def mix(tmp_path: Path) -> Path:
    folder = tmp_path / "mix"
    (folder / "below").mkdir(parents=True)
    for name in ("a.pdf", "below/b.zip", "c.zip", "LICENSE"):
        (folder / name).write_text("You may.")
    (folder / "x.xhtml").write_text(PAGE)
    (folder / "a.txt").write_text(BOTH)
    return folder


def test_what_a_folder_leaves_out_is_counted_and_named(call: Call, mix: Path, tmp_path: Path) -> None:
    done = call("run", mix, "-o", tmp_path / "out")
    assert "2 documents cleaned" in done.err
    assert "4 files left out, of kinds that are not read: .pdf .zip, none" in done.err
    assert "c.zip and 1 more: no reader for .zip; unpack it" in done.err
    plan = call("run", mix, "-o", tmp_path / "out", "--dry-run").out
    assert b"a.pdf: no reader for .pdf; extract its text" in plan
    log = call("run", mix, "-o", tmp_path / "out", "--log-format", "json").err
    assert {"event": "files left out", "kind": ".zip", "files": 2}.items() <= json.loads(log.splitlines()[-2]).items()


def test_what_is_left_out_stands_in_the_metrics(call: Call, mix: Path, tmp_path: Path) -> None:
    call("run", mix, "-o", tmp_path / "out", "--metrics", tmp_path / "m.json")
    assert json.loads((tmp_path / "m.json").read_text())["left_out"] == {".pdf": 1, ".zip": 2, "none": 1}


def test_a_folder_of_nothing_readable_says_what_it_holds(mix: Path, call: Call, tmp_path: Path) -> None:
    done = call("run", mix / "below", "-o", tmp_path / "out")
    assert done.code == 2
    assert "1 file left out, of kinds that are not read: .zip" in done.err


def test_a_report_takes_subfolders(call: Call, tmp_path: Path) -> None:
    (tmp_path / "raw" / "feeds").mkdir(parents=True)
    (tmp_path / "raw" / "a.txt").write_text(BOTH)
    (tmp_path / "raw" / "feeds" / "f.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in (ONE, TWO)))
    call("run", tmp_path / "raw", "-o", tmp_path / "out")
    assert "3 articles" in call("report", tmp_path / "out", "--html", tmp_path / "r.html").err


def test_a_feed_named_txt_is_rejected_with_its_cure(tmp_path: Path) -> None:
    path = tmp_path / "raw" / "feed.txt"
    path.parent.mkdir()
    path.write_text('<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>')
    report = clean_inputs([str(path.parent)], tmp_path / "out", Settings())
    assert report.rejected == 1
    with pytest.raises(ReadError, match="--input-format html"):
        clean_inputs([str(path)], tmp_path / "out", Settings())


def test_a_review_takes_subfolders(tmp_path: Path) -> None:
    (tmp_path / "raw" / "feeds").mkdir(parents=True)
    (tmp_path / "raw" / "feeds" / "f.jsonl").write_text(json.dumps({"id": "deep", "text": BOTH}) + "\n")
    make_page(str(tmp_path / "raw"), tmp_path / "own.toml", tmp_path)
    assert [path.name for path in find_articles(tmp_path / "out")] == ["f.articles.jsonl"]


def test_what_is_in_doubt_in_a_folder_does_not_end_a_check(call: Call, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text('<?xml version="1.0"?><rss version="2.0"></rss>')
    (tmp_path / "raw" / "b.txt").write_text(f"<p>{ONE}</p>")
    done = call("check", tmp_path / "raw")
    assert b"b.txt:1: layout.markup" in done.out
    assert "--input-format html" in done.err


def test_plain_texts_have_no_signs() -> None:
    for start in ("", "[Editor's note: this was changed.]\n\n", "{Sic} ", "Text, html: a story\n", "<em>No</em> "):
        assert recognise_format((start + BOTH).encode()) is None

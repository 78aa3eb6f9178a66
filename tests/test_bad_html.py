"""What is served for a page and is none, or a broken one: a record, or a rejection with the reason and the cure."""

import base64
import json
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Done, read_lines, write_lines

from cleaner.io.files import MAX_DOCUMENT_BYTES

Call = Callable[..., Done]

TITLE = "Harbour board votes for the new timetable"
TEXTS = [
    f"In part {number} of its meeting the harbour board of Corran Haven voted on Tuesday, after hours of debate."
    for number in ("one", "two", "three", "four", "five", "six")
]
ARTICLE = f"<h1>{TITLE}</h1>" + "".join(f"<p>{text}</p>" for text in TEXTS)
BODY = "\n\n".join(TEXTS)


def page(body: str, head: str = '<meta charset="utf-8">') -> str:
    return f"<!doctype html><html><head>{head}<title>{TITLE}</title></head><body>{body}</body></html>"


def script(text: str, kind: str = "application/ld+json") -> str:
    return f'<script type="{kind}">{text}</script>'


def run(call: Call, folder: Path, html: str | bytes, seconds: float = 60) -> tuple[int, dict[str, Any]]:
    """The exit code, and the record or the rejection of a page."""
    path = folder / "page.html"
    path.write_bytes(html if isinstance(html, bytes) else html.encode())
    start = time.monotonic()
    done = call("run", path, "-o", folder / "out", "-q")
    assert time.monotonic() - start < seconds
    assert "Traceback" not in done.err
    rejected = folder / "out" / "page.rejected.jsonl"
    (one,) = read_lines(rejected if done.code else folder / "out" / "page.articles.jsonl")
    return done.code, one


# ---------------------------------------------------------------- pages that hold the article all the same

HOLDING = {
    "elements nested 10,000 deep": "<div>" * 10_000 + ARTICLE + "</div>" * 10_000,
    "inline elements nested 100,000 deep": "<b>" * 100_000 + "</b>" * 100_000 + ARTICLE,
    "tables nested 5,000 deep": "<table>" * 5_000 + ARTICLE,
    "a megabyte of unclosed elements": "<div><span><b><i>" * 60_000 + ARTICLE,
    "unclosed font elements": "<p><font>" * 20_000 + ARTICLE,
    "100,000 unclosed paragraphs": "<p>" * 100_000 + ARTICLE,
    "a drawing nested 20,000 deep": "<svg>" + "<g>" * 20_000 + "</g>" * 20_000 + "</svg>" + ARTICLE,
    "an attribute of a megabyte": f'<p title="{"x" * 1_000_000}">Hello</p>{ARTICLE}',
    "100,000 class names": f'<div class="{" ".join(f"word{i}" for i in range(100_000))}">{ARTICLE}</div>',
    "half a megabyte of <": "<" * 500_000 + ARTICLE,
    "half a megabyte of &": "&" * 500_000 + ARTICLE,
    "100,000 comments": "<!-- x -->" * 100_000 + ARTICLE,
    "50,000 options": "<select>" + "<option>x" * 50_000 + "</select>" + ARTICLE,
    "10,000 headings": "".join(f"<h3>Heading {i}</h3>" for i in range(10_000)) + ARTICLE,
    "a word of 900,000 letters": f"<p>{'x' * 900_000}</p>{ARTICLE}",
    "NUL bytes": ARTICLE.replace("harbour", "har\0bour").replace("Tuesday", "\0Tuesday"),
    "control codes in markup": "<p \x01\x02='3' =\"x\" <b 1='2' \x0b>" + ARTICLE,
    "elements of no HTML": f"<x:y z:a='b'><news-story>{ARTICLE}</news-story></x:y>",
    "a program in the page": "<?php echo '<p>x'; ?>" + ARTICLE,
    "hidden text": f'<div style="display: none">{ARTICLE}</div>',
    "a script of three megabytes": ARTICLE + script(f"window.x = {json.dumps(['some words'] * 200_000)}", "text/js"),
    "a script nested 100,000 deep": ARTICLE + script("[" * 100_000 + "]" * 100_000),
    "JSON-LD nested 20,000 deep": ARTICLE + script('{"@graph":[' * 20_000 + "]}" * 20_000),
    "an author nested 900 deep": ARTICLE + script('{"author":' * 900 + '"x"' + "}" * 900),
    "10,000 articles in JSON-LD": ARTICLE + script(json.dumps([{"@type": "NewsArticle", "headline": "x"}] * 10_000)),
    "300,000 quotes in JSON-LD": ARTICLE + script('{"@type": "NewsArticle", "headline": ' + '"' * 300_000),
}


@pytest.mark.parametrize("kind", HOLDING)
def test_what_surrounds_an_article_does_not_cost_it(call: Call, tmp_path: Path, kind: str) -> None:
    code, record = run(call, tmp_path, page(HOLDING[kind]))
    assert code == 0
    assert record["text"].endswith(BODY)
    assert record["title"] == TITLE


def test_a_page_cut_in_the_middle_of_a_word_or_a_tag_keeps_what_is_there(call: Call, tmp_path: Path) -> None:
    whole = page(f"<article>{ARTICLE}</article>")
    at = whole.index("part four") + 6
    for end in (whole[:at], whole[:at] + '<p class="x'):
        code, record = run(call, tmp_path, end)
        assert code == 0
        assert record["text"].startswith("\n\n".join(TEXTS[:3]))


def test_entities_that_a_doctype_defines_are_not_expanded(call: Call, tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    opening = f'<!DOCTYPE html [<!ENTITY a0 "ha ha ha">{entities}]>'
    code, record = run(call, tmp_path, f"{opening}<html><body><p>&a11;</p>{ARTICLE}</body></html>", 20)
    assert code == 0
    assert BODY in record["text"]
    assert len(record["text"]) < 2 * len(BODY)


def test_an_article_follows_a_teaser_of_another_and_only_it_is_taken(call: Call, tmp_path: Path) -> None:
    teasers = "".join(
        f'<article><h3><a href="/{i}">Fog closes pier {i}</a></h3><p>Ships wait outside for day {i}.</p></article>'
        for i in range(40)
    )
    code, record = run(call, tmp_path, page(f"<main><article>{ARTICLE}</article></main><aside>{teasers}</aside>"))
    assert (code, record["text"]) == (0, BODY)


# ---------------------------------------------------------------- pages without an article

COOKIES = """<div class="cookie-banner"><h2>Your privacy</h2><p>We and our 214 partners use cookies to store and read
information on your device, and to show you advertising that fits you best.</p><button>Accept</button></div>"""
EMPTY = {
    "no body": f"<html><head><title>{TITLE}</title></head></html>",
    "frames": "<html><frameset cols='20%,80%'><frame src=a.html><frame src=b.html></frameset></html>",
    "a cookie wall": page(COOKIES),
    "only a script": page('<div id="root"></div>' + script("window.start = function () { return 1; };", "text/js")),
    "only a menu": page('<nav><a href="/a">Local</a><a href="/b">Sport</a></nav>'),
    "an image alone": page('<img src="/x.jpg">'),
    "a comment that never ends": page("<!-- " + ARTICLE),
    "an attribute that never ends": page('<p title="' + ARTICLE),
}


@pytest.mark.parametrize("kind", EMPTY)
def test_a_page_without_an_article_is_an_empty_record_with_a_flag(call: Call, tmp_path: Path, kind: str) -> None:
    code, record = run(call, tmp_path, EMPTY[kind])
    assert (code, record["text"]) == (0, "")
    assert "empty" in record["flags"]


# ---------------------------------------------------------------- what is no page

ITEM = "<item><title>x</title><description>The harbour board voted on Tuesday, after a debate.</description></item>"
NO_PAGE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "fetch the page again"),
    "white space": (b" \n\t \r\n", "fetch the page again"),
    "plain text": (b"The harbour board voted on Tuesday, after a long debate.\n", "name it .txt"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n<title>" + zlib.compress(bytes(range(256)) * 9), "a PDF"),
    "a PDF in ASCII": (b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj <p > <a > <div>", "a PDF"),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a PNG image"),
    "a JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(range(256)), "a JPEG image"),
    "a GIF": (b"GIF89a\xf0\0" + bytes(range(256)), "a GIF image"),
    "an archive": (b"PK\x03\x04\x14\0" + bytes(range(256)), "a ZIP archive"),
    "random bytes": (bytes(range(256)) * 20, "binary data"),
    "RSS": (f"<?xml version='1.0'?><rss><channel><title>News</title>{ITEM * 20}</channel></rss>".encode(), "a feed"),
    "Atom": (b'\n<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><entry/></feed>', "a feed"),
    "a site map": (b"<?xml version='1.0'?><urlset><url><loc>https://a.example/1</loc></url></urlset>", "a site map"),
    "JSON": (json.dumps({"id": 1, "html": page(ARTICLE)}).encode(), "name it .jsonl"),
    "JSON over several lines": (b"\n" + json.dumps({"html": page(ARTICLE)}, indent=1).encode(), "name it .jsonl"),
    "a list in JSON": (json.dumps([{"html": page(ARTICLE)}], indent=1).encode(), "name it .jsonl"),
    "JSON Lines": (b'{"html": "<p>One.</p>"}\n{"html": "<p>Two.</p>"}\n', "name it .jsonl"),
    "a book": (page("<p>" + "word " * 300_000).encode(), "split it"),
    "100,000 siblings": (page("<p>x</p>" * 100_000).encode(), "split it"),
}


@pytest.mark.parametrize("kind", NO_PAGE)
def test_what_is_no_page_is_rejected_with_file_reason_and_cure(call: Call, tmp_path: Path, kind: str) -> None:
    raw, cure = NO_PAGE[kind]
    code, rejected = run(call, tmp_path, raw)
    assert code == 1
    assert rejected["stage"] == "read"
    assert rejected["reason"].startswith(f"{tmp_path / 'page.html'}: ")
    assert cure in rejected["reason"]
    kept = rejected["input"].encode() if "input" in rejected else base64.b64decode(rejected["input_base64"])
    assert kept == raw


def test_xhtml_with_an_xml_declaration_is_a_page(call: Call, tmp_path: Path) -> None:
    opening = """<?xml version="1.0" encoding="utf-8"?>
    <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
    <html xmlns="http://www.w3.org/1999/xhtml">"""
    code, record = run(call, tmp_path, f"{opening}<head><title>{TITLE}</title></head><body>{ARTICLE}</body></html>")
    assert (code, record["text"]) == (0, BODY)


def test_a_template_that_was_not_filled_is_still_a_page(call: Call, tmp_path: Path) -> None:
    code, record = run(call, tmp_path, "{{ banner }}" + page(ARTICLE))
    assert code == 0
    assert BODY in record["text"]


# ---------------------------------------------------------------- JSON Lines


def test_pages_in_json_lines_that_are_none_are_rejected_and_the_rest_goes_on(call: Call, tmp_path: Path) -> None:
    pages = [page(ARTICLE), 5, None, ["<p>x</p>"], {"a": 1}, "", "plain words", page(ARTICLE)]
    path = write_lines(tmp_path / "mixed.jsonl", [{"id": str(i), "html": html} for i, html in enumerate(pages)])
    assert call("run", path, "-o", tmp_path / "out").code == 1
    records = read_lines(tmp_path / "out" / "mixed.articles.jsonl")
    assert [(record["id"], record["text"]) for record in records] == [("0", BODY), ("7", BODY)]
    rejected = read_lines(tmp_path / "out" / "mixed.rejected.jsonl")
    assert [one["source"]["line"] for one in rejected] == [2, 3, 4, 5, 6, 7]
    for one in rejected:
        assert one["reason"].startswith(f"{path}:{one['source']['line']}: ")
        assert '"html"' in one["reason"] or "fetch" in one["reason"] or "name it" in one["reason"]


def test_a_line_with_text_and_html_is_read_by_its_text(call: Call, tmp_path: Path) -> None:
    line = {"id": "both", "text": "The harbour was closed on Monday, and no ship came in.", "html": page(ARTICLE)}
    assert call("run", write_lines(tmp_path / "a.jsonl", [line]), "-o", tmp_path / "out").code == 0
    (record,) = read_lines(tmp_path / "out" / "a.articles.jsonl")
    assert record["text"] == line["text"]


def test_lone_surrogates_in_a_page_become_no_error(call: Call, tmp_path: Path) -> None:
    html = page(ARTICLE.replace("Corran", "Cor\ud800ran").replace("board", "\udfffboard"))
    assert call("run", write_lines(tmp_path / "a.jsonl", [{"html": html}]), "-o", tmp_path / "out").code == 0
    (record,) = read_lines(tmp_path / "out" / "a.articles.jsonl")
    assert record["text"] == BODY


def test_references_to_no_character_become_no_error(call: Call, tmp_path: Path) -> None:
    line = "<p>A bad &#xD800; and &#x110000; and &#0; and &#x1F600; one.</p>"
    code, record = run(call, tmp_path, page(ARTICLE + line))
    assert code == 0
    assert BODY in record["text"]


# ---------------------------------------------------------------- size


def test_a_page_of_fifty_megabytes_is_rejected_and_its_neighbours_go_on(call: Call, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, body in (("a", ARTICLE), ("b", ARTICLE + "<p>More and more. </p>" * (50_000_000 // 22)), ("c", ARTICLE)):
        (tmp_path / "in" / f"{name}.html").write_text(page(body))
    assert (tmp_path / "in" / "b.html").stat().st_size > 10 * MAX_DOCUMENT_BYTES
    start = time.monotonic()
    assert call("run", tmp_path / "in", "-o", tmp_path / "out").code == 1
    assert time.monotonic() - start < 60
    assert [record["id"] for record in read_lines(tmp_path / "out" / "in.articles.jsonl")] == ["a", "c"]
    (rejected,) = read_lines(tmp_path / "out" / "in.rejected.jsonl")
    assert "b.html: larger than 4 MiB" in rejected["reason"] and "split it" in rejected["reason"]


def test_a_worker_stays_below_250_megabytes_on_ordinary_pages(tmp_path: Path) -> None:
    head = "".join(f'<meta property="x:{i}" content="{"c" * 80}">' for i in range(100))
    head += script(json.dumps({"a": "j" * 60_000}))
    menu = "<nav>" + "".join(f'<li><a href="/{i}">Section {i}</a></li>' for i in range(400)) + "</nav>"
    tail = "".join(f'<div class="teaser"><a href="/{i}"><h3>Fog closes pier {i}</h3></a></div>' for i in range(600))
    html = page(menu + f"<article>{ARTICLE * 6}</article>" + tail + f"<!-- {'x' * 80_000} -->", head)
    assert 200_000 < len(html) < 300_000
    path = write_lines(tmp_path / "pages.jsonl", [{"id": i, "html": html} for i in range(40)])
    program = (
        "import sys; from cleaner.cli.main import invoke; code = invoke(sys.argv[1:]);"
        "print(code, open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "run", path, "-o", tmp_path / "out", "-q"], capture_output=True, check=True
    )
    code, peak = map(int, done.stdout.split())
    assert code == 0
    assert peak < 250 * 1024

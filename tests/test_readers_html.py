"""Pages in, documents out: how bytes are decoded, what a page shows, and where its text is found when it shows none."""

import json
from functools import cache
from pathlib import Path

import pytest
from conftest import write_lines
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import clean
from cleaner.document import Document
from cleaner.errors import ReadError
from cleaner.html.encoding import decode_page
from cleaner.html.hidden import MIN_VISIBLE_WORDS
from cleaner.html.layout import VisibleLine, lay_out_lines
from cleaner.html.page import build_page_document, parse_html
from cleaner.html.scripts import find_script_article
from cleaner.pipeline import Pipeline, default_stages
from cleaner.readers.base import Item
from cleaner.readers.inputs import read_file
from cleaner.record import Article, Rejected, Source, Tool, build_article, build_ledger, restore_source
from cleaner.rules import load

SENTENCE = "The council voted for the new bridge on Tuesday evening, after four hours of debate in a crowded hall."
GERMAN = "Der Stadtrat hat gestern über die Brücke abgestimmt, sagte die Bürgermeisterin Änne Größl am Abend."
RUSSIAN = "Городской совет вчера утвердил новый бюджет. Споры продолжались до позднего вечера."
JAPANESE = "市議会は昨日、新しい予算案を承認した。議論は夜遅くまで続いた。"
CHINESE = "市议会昨天批准了新预算。讨论一直持续到深夜。"
TAIWANESE = "市議會昨天批准了新預算。討論一直持續到深夜。"
KOREAN = "시의회는 어제 새 예산안을 승인했다. 토론은 늦은 밤까지 이어졌다."


def lines(body: str, hidden: bool = False) -> list[VisibleLine]:
    return lay_out_lines(parse_html(f"<html><body>{body}</body></html>"), hidden)


def texts(body: str, hidden: bool = False) -> list[str]:
    return [line.text for line in lines(body, hidden)]


def line(body: str, text: str) -> VisibleLine:
    (found,) = [one for one in lines(body) if one.text == text]
    return found


def tiles(document: Document) -> bool:
    return all(
        "".join(document.source[block.start : block.end] for block in blocks) == document.source
        for blocks in (document.lines, document.blocks)
    )


# ---------------------------------------------------------------- bytes


def served(text: str, encoding: str, head: str = "") -> bytes:
    return f"<html><head>{head}<title>x</title></head><body><p>{text}</p><p>{text}</p></body></html>".encode(encoding)


def http_equiv(encoding: str) -> str:
    return f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'


LEGACY = [
    (GERMAN, "iso-8859-1"),
    (RUSSIAN, "windows-1251"),
    (RUSSIAN, "koi8-r"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc-jp"),
    (JAPANESE, "iso-2022-jp"),
    (CHINESE, "gb2312"),
    (CHINESE, "gb18030"),
    (TAIWANESE, "big5"),
    (KOREAN, "euc-kr"),
]


@pytest.mark.parametrize(("text", "encoding"), LEGACY)
def test_a_page_in_the_encoding_that_it_declares_is_read_right(text: str, encoding: str) -> None:
    assert text in decode_page(served(text, encoding, http_equiv(encoding)))[0]
    assert text in decode_page(served(text, encoding, f"<meta charset={encoding}>"))[0]


@pytest.mark.parametrize(("text", "encoding"), LEGACY)
def test_a_page_that_declares_no_encoding_is_read_right(text: str, encoding: str) -> None:
    assert text in decode_page(served(text * 2, encoding))[0]


@pytest.mark.parametrize(("text", "encoding"), LEGACY)
def test_a_page_that_wrongly_declares_utf8_is_read_right(text: str, encoding: str) -> None:
    assert text in decode_page(served(text * 2, encoding, '<meta charset="utf-8">'))[0]


@pytest.mark.parametrize(("text", "encoding"), LEGACY)
def test_a_page_that_wrongly_declares_latin1_is_read_right(text: str, encoding: str) -> None:
    assert text in decode_page(served(text * 2, encoding, '<meta charset="iso-8859-1">'))[0]


@pytest.mark.parametrize("text", [text for text, _ in LEGACY])
@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1251", "shift_jis", "utf-16", "no-such-encoding"])
def test_valid_utf8_is_believed_before_what_is_declared(text: str, declared: str) -> None:
    assert decode_page(served(text, "utf-8", http_equiv(declared))) == (
        served(text, "utf-8", http_equiv(declared)).decode(),
        "utf-8",
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_believed_before_what_is_declared(encoding: str) -> None:
    assert GERMAN in decode_page(served(GERMAN, encoding, http_equiv("windows-1251")))[0]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_recognised_without_a_mark(encoding: str) -> None:
    assert GERMAN in decode_page(served(GERMAN, encoding, '<meta charset="utf-16">'))[0]


def test_latin1_means_windows_1252_on_the_web() -> None:
    assert (
        "“It’s late” – again" in decode_page(served("“It’s late” – again, €5", "cp1252", http_equiv("iso-8859-1")))[0]
    )


LABELS = [
    ("windows-874", "สภาเมืองลงมติซื้อเรือข้ามฟากลำที่สอง", "cp874", "cp874"),
    ("x-cp1251", RUSSIAN, "cp1251", "windows-1251"),
    ("iso-8859-8-i", "מועצת העיר הצביעה ביום שני בעד רכישת מעבורת שנייה", "iso8859-8", "iso8859-8"),
    ("koi8-ru", "Міська рада проголосувала за купівлю другого порома", "koi8-u", "koi8-u"),
    ("iso8859-1", "“It’s late” – again, €5", "cp1252", "windows-1252"),
    ("latin5", "“Ağır yük” dedi – İzmir’de, 5 €", "cp1254", "windows-1254"),
    ("gb_2312-80", CHINESE, "gb18030", "gb18030"),
    ("x-user-defined", "“It’s late” – again, €5", "cp1252", "windows-1252"),
]
"""Labels of the Encoding Standard that Python does not know, or reads as another encoding than browsers."""


@pytest.mark.parametrize(("label", "text", "codec", "name"), LABELS, ids=[label for label, *_ in LABELS])
def test_a_label_means_what_browsers_read(label: str, text: str, codec: str, name: str) -> None:
    markup, encoding = decode_page(served(text, codec, f"<meta charset={label}>"))
    assert text in markup
    assert encoding == name


@pytest.mark.parametrize("head", ["", '<meta charset="utf-8">'])
def test_quotes_of_windows_are_no_control_codes_of_latin1(head: str) -> None:
    text = "Ferries – “late again”, it’s said… Café Ål, for 5 €. " * 3
    assert text.strip() in decode_page(served(text, "cp1252", head))[0]


def test_a_page_of_utf8_with_a_part_in_windows_1252_is_read_right_in_both() -> None:
    raw = served(GERMAN * 3, "utf-8", '<meta charset="utf-8">') + f"<p>Zweitens: {GERMAN}</p>".encode("cp1252")
    markup, encoding = decode_page(raw)
    assert markup.count(GERMAN) == 7
    assert encoding == "utf-8"


def test_a_charset_in_the_text_of_a_page_declares_nothing() -> None:
    raw = served(f"{GERMAN} Write charset=shift_jis there.", "cp1252")
    assert GERMAN in decode_page(raw)[0]


# ---------------------------------------------------------------- lines


def test_every_block_element_begins_a_line_and_ends_one() -> None:
    assert texts("a<p>b</p>c<div>d<h2>e</h2>f</div><ul><li>g<li>h</ul>") == list("abcdefgh")


def test_inline_elements_stand_in_the_line() -> None:
    body = "<p>It <b>was</b> <a href='/x'>a <i>late</i></a> vote<sup>1</sup>, <span>he</span> <q>said</q>.</p>"
    assert texts(body) == ["It was a late vote1, he said."]


def test_a_line_break_parts_a_line() -> None:
    assert texts("<p>One.<br>Two.<br/><br/>Three.</p>") == ["One.", "Two.", "Three."]


def test_an_element_that_html_does_not_know_begins_a_line() -> None:
    assert texts("<news-text>One.<news-note>Two.</news-note>Three.</news-text>") == ["One.", "Two.", "Three."]


def test_line_ends_and_blanks_in_markup_are_one_blank_and_no_break_spaces_stay() -> None:
    assert texts("<p>\n  One\n  two\t three\u00a0four \n</p>") == ["One two three\u00a0four"]


def test_a_comment_is_not_shown_and_parts_nothing() -> None:
    assert texts("<p>One <!-- two --> three.</p><!-- four -->five") == ["One three.", "five"]


@pytest.mark.parametrize("tag", "script style template noscript textarea select svg object dialog".split())
def test_what_no_reader_sees_is_no_line(tag: str) -> None:
    assert texts(f"<p>One.</p><{tag}><p>two</p></{tag}><p>Three.</p>") == ["One.", "Three."]


HIDDEN = ["hidden", 'aria-hidden="true"', 'style="color:red; display : none"', 'style="visibility:hidden"']


@pytest.mark.parametrize("how", HIDDEN)
def test_a_hidden_element_is_no_line_until_hidden_ones_are_asked_for(how: str) -> None:
    body = f"<p>One.</p><div {how}><p>Two.</p></div>Three."
    assert texts(body) == ["One.", "Three."]
    assert texts(body, hidden=True) == ["One.", "Two.", "Three."]


@pytest.mark.parametrize("how", HIDDEN)
def test_a_page_that_shows_nothing_is_read_by_its_hidden_elements(how: str) -> None:
    document = build_page_document(
        f"<body><p>Loading</p><div {how}>{f'<p>{SENTENCE}</p>' * (MIN_VISIBLE_WORDS // 9)}</div></body>"
    )
    assert SENTENCE in document.source


def test_a_page_that_shows_its_text_keeps_hidden_elements_out() -> None:
    shown = f"<p>{SENTENCE}</p>" * (MIN_VISIBLE_WORDS // 9)
    assert (
        "Secret" not in build_page_document(f"<body>{shown}<div hidden><p>Secret: {SENTENCE}</p></div></body>").source
    )


def test_text_in_noscript_is_read_where_the_page_shows_none() -> None:
    assert (
        SENTENCE
        in build_page_document(f"<body><div></div><noscript>{f'<p>{SENTENCE}</p>' * 8}</noscript></body>").source
    )


def test_a_line_knows_the_share_of_its_characters_in_links() -> None:
    body = "<p>None</p><p><a href='/'>All of it</a></p><p>Half <a href='/'><b>Half</b></a></p>"
    assert [round(one.hints.links, 1) for one in lines(body)] == [0, 1, 0.4]


def test_an_anchor_around_blocks_makes_links_of_their_lines() -> None:
    assert [one.hints.links for one in lines("<a href='/'><h3>One</h3><p>Two</p></a><p>Three</p>")] == [1, 1, 0]


def test_a_line_knows_the_elements_around_it_and_the_words_of_their_names() -> None:
    hints = line('<div id="mainContent"><aside class="box boxRelated_links"><p>One</p></aside></div>', "One").hints
    assert hints.tags == ("html", "body", "div", "aside", "p")
    assert list(map(sorted, hints.names[2:])) == [["content", "main"], ["box", "links", "related"], []]
    assert hints.tag == "p"
    assert hints.shape == "div.>aside.box boxRelated_links>p."


def test_the_words_of_a_name_may_stand_in_any_script() -> None:
    assert line('<p class="Größe новости">One</p>', "One").hints.names[-1] >= {"новости"}


def test_lines_of_one_element_share_its_number_and_others_do_not() -> None:
    one, two, three = lines("<div>One<br>Two</div><div>Three</div>")
    assert one.hints.path == two.hints.path != three.hints.path
    assert one.hints.path[:-1] == three.hints.path[:-1]


def test_a_line_near_a_picture_knows_its_element() -> None:
    body = "<div><figure><img src='/a.jpg'><p>Near</p></figure><section><div><p>Far</p></div></section></div>"
    assert line(body, "Near").hints.picture == line(body, "Near").hints.path[-2]
    assert line(body, "Far").hints.picture == 0


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_in_a_paragraph_is_laid_out_without_an_error(text: str) -> None:
    for one in texts(f"<p>{text}</p>"):
        assert one and one == one.strip(" ")


# ---------------------------------------------------------------- scripts

PARTS = [f"Part {number} of the report: {SENTENCE}" for number in range(4)]


def found(value: object, kind: str = "application/json", before: str = "") -> list[str]:
    return [one.text for one in find_script_article([(kind, before + json.dumps(value))])]


@pytest.mark.parametrize(
    "value",
    [
        {"@type": "NewsArticle", "articleBody": "\n\n".join(PARTS)},
        [{"@graph": [{"@type": "WebPage"}, {"@type": "NewsArticle", "articleBody": "\n".join(PARTS)}]}],
        {"articleBody": "".join(f"<p>{part}</p>" for part in PARTS)},
        {"articleBody": "".join(f"&lt;p&gt;{part}&lt;/p&gt;" for part in PARTS)},
        {"props": {"article": {"body": "<br>".join(PARTS)}}},
        {"story": {"body_html": "".join(f"<div>{part}</div>" for part in PARTS)}},
        {"content": [{"type": "p", "text": part} for part in PARTS]},
        {"content": [{"type": "p", "content": [{"text": part}]} for part in PARTS]},
        {"paragraphs": PARTS},
    ],
    ids=str,
)
def test_the_paragraphs_of_an_article_are_found_in_data_of_any_shape(value: object) -> None:
    assert found(value) == PARTS


@pytest.mark.parametrize("before", ["window.__STATE__ = ", "var data=", "\n  self.__next['x'] = "])
def test_a_state_object_is_read_as_data(before: str) -> None:
    assert found({"body": PARTS}, "text/javascript", before) == PARTS


def test_a_state_object_in_a_string_is_read_as_data() -> None:
    program = f"window.state = JSON.parse({json.dumps(json.dumps({'body': PARTS}))});"
    assert [one.text for one in find_script_article([("", program)])] == PARTS


def test_a_program_is_not_read() -> None:
    program = "document.write('" + SENTENCE * 3 + "'); function body() { return {}; }"
    assert find_script_article([("", program)]) == []


def test_the_longest_text_is_taken_and_no_other() -> None:
    related = {"related": [{"body": f"Another article: {SENTENCE}"}], "article": {"body": "\n".join(PARTS)}}
    assert found(related) == PARTS


def test_short_paragraphs_and_headings_among_long_ones_stay() -> None:
    written = [("p", PARTS[0]), ("heading", "Who pays?"), ("p", "Nobody."), ("p", PARTS[1])]
    data = json.dumps({"blocks": [{"type": kind, "text": text} for kind, text in written]})
    result = find_script_article([("application/json", data)])
    assert [one.text for one in result] == [PARTS[0], "Who pays?", "Nobody.", PARTS[1]]
    assert [one.hints.tag for one in result] == ["p", "h2", "p", "p"]


def test_settings_addresses_and_labels_are_no_text() -> None:
    labels = {"copy": "Share", "content": "summary_large_image", "text": "Read more", "value": "12"}
    assert found({**labels, "paths": ["/a" * 40]}) == []


def test_the_elements_of_a_text_in_a_script_are_known() -> None:
    body = f"<h2>Who pays?</h2><p>{PARTS[0]}</p><ul><li>The town of Corran Haven</li></ul>"
    result = find_script_article([("application/ld+json", json.dumps({"articleBody": body}))])
    assert [one.hints.tag for one in result] == ["h2", "p", "li"]


def test_a_page_whose_text_lies_in_a_script_is_flagged_and_kept() -> None:
    data = json.dumps({"@type": "NewsArticle", "headline": "Bridge opens early", "articleBody": "\n\n".join(PARTS)})
    script = f'<script type="application/ld+json">{data}</script>'
    made = clean(html=f"<html><head>{script}</head><body><a href='/'>Courier</a><div>Loading…</div></body></html>")
    assert made.text == "\n\n".join(PARTS)
    assert "script" in made.flags


def test_a_page_that_shows_its_text_is_not_read_from_its_script() -> None:
    data = json.dumps({"@type": "NewsArticle", "articleBody": "Another text, which stands in the script. " * 60})
    body = "".join(f"<p>{part}</p>" for part in PARTS)
    document = build_page_document(
        f'<html><head><script type="application/ld+json">{data}</script></head><body>{body}</body></html>'
    )
    assert "Another text" not in document.source


# ---------------------------------------------------------------- documents


def test_the_source_is_the_lines_with_a_blank_line_between() -> None:
    document = build_page_document("<body><h1>One</h1><p>Two</p></body>")
    assert document.source == "One\n\nTwo\n\n"
    assert [(block.text, block.kind) for block in document.blocks] == [("One", "h1"), ("Two", "p")]
    assert tiles(document)


def test_a_page_in_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "bridge.htm").write_bytes(served(GERMAN, "cp1252", http_equiv("iso-8859-1")))
    (item,) = read_file(str(tmp_path / "bridge.htm"))
    assert isinstance(item, Item)
    assert (item.document.id, item.source.media_type, item.source.encoding) == ("bridge", "text/html", "windows-1252")


def test_a_page_in_json_lines_keeps_its_id_url_title_and_other_keys(tmp_path: Path) -> None:
    value = {"id": "7", "url": "https://a.example/7", "title": "Bridge", "html": f"<p>{SENTENCE}</p>", "tag": 1}
    (item,) = read_file(str(write_lines(tmp_path / "pages.jsonl", [value])))
    assert isinstance(item, Item)
    assert (item.document.id, item.document.url, item.extra) == ("7", "https://a.example/7", {"tag": 1})
    assert item.document.find_fact("title") == "Bridge"
    assert item.document.source == f"{SENTENCE}\n\n"


def test_an_html_that_is_no_string_is_rejected(tmp_path: Path) -> None:
    (item,) = read_file(str(write_lines(tmp_path / "pages.jsonl", [{"html": ["<p>x</p>"]}])))
    assert isinstance(item, Rejected)
    assert item.reason.startswith(f"{tmp_path / 'pages.jsonl'}:1: ")


# ---------------------------------------------------------------- the library

PAGE = f"""<html lang="en"><head><title>Bridge opens early | The Courier</title></head><body>
<nav><a href="/">Home</a></nav><article><h1>Bridge opens early</h1><p class="byline">By Jane Miller</p>
{"".join(f"<p>{part}</p>" for part in PARTS)}</article></body></html>"""


def test_clean_takes_the_html_of_a_page() -> None:
    made = clean(html=PAGE, url="https://a.example/bridge", id="x")
    assert (made.id, made.url, made.title, made.text) == (
        "x",
        "https://a.example/bridge",
        "Bridge opens early",
        "\n\n".join(PARTS),
    )
    assert [author.name for author in made.authors] == ["Jane Miller"]
    assert made.source.media_type == "text/html"


def test_clean_takes_a_page_as_bytes_and_names_their_encoding() -> None:
    made = clean(html=PAGE.replace("Bridge", "Brücke").encode("utf-16"))
    assert (made.title, made.source.encoding) == ("Brücke opens early", "utf-16")


def test_clean_keeps_every_edit_so_that_the_lines_come_back() -> None:
    made = clean(html=PAGE)
    assert restore_source(made, made.edits) == build_page_document(PAGE).source  # type: ignore[arg-type]


def test_clean_wants_either_a_text_or_a_page() -> None:
    with pytest.raises(TypeError):
        clean()
    with pytest.raises(TypeError):
        clean("text", html=PAGE)


@pytest.mark.parametrize("html", ["", "plain words", b"%PDF-1.7\n", '{"a": 1}'])
def test_clean_refuses_what_is_no_page(html: str | bytes) -> None:
    with pytest.raises(ReadError):
        clean(html=html)


# ---------------------------------------------------------------- the laws, on generated pages


@cache
def pipeline() -> Pipeline:
    return Pipeline(default_stages(load(prove=False)))


TAGS = (
    "p div span a b section article aside nav footer header figure figcaption ul li h1 h2 h3 blockquote table tr td "
    "form button br img noscript script time x-box main em dl dt pre"
).split()
NAMES = ("", "", *"article-body related newsletter byline share-bar caption comments kicker teaser".split())
SCRAPS = (
    SENTENCE,
    GERMAN,
    RUSSIAN,
    JAPANESE,
    "Bridge opens early",
    "Advertisement",
    "Share",
    "By Jane Miller",
    "12 May 2023",
    "Photo: Ann Lee/Reuters",
    "Read more: the old bridge",
    "x",
    "…",
    "&amp;",
    "&lt;p&gt;",
    " ",
    "\u00a0",
    "\u200b",
    "\ufeff",
    "Ã©tÃ©",
    "\x85",
    "\u2028",
    "\x0c",
    "\ud800",
    "😀",
    "<",
    "</p>",
    "<!-- a -->",
    "]]>",
    "\0",
)

scrap = st.sampled_from(SCRAPS) | st.text(st.characters(codec=None), max_size=8)


@st.composite
def element(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    tag, name = draw(st.sampled_from(TAGS)), draw(st.sampled_from(NAMES))
    attributes = f' class="{name}"' if name else ""
    attributes += draw(st.sampled_from(("", "", "", " hidden", ' href="/a"', ' datetime="2024-01-02"')))
    content = "".join(draw(st.lists(inner, max_size=4)))
    return f"<{tag}{attributes}>{content}" + draw(st.sampled_from((f"</{tag}>", f"</{tag}>", f"</{tag}>", "")))


trees = st.recursive(scrap, lambda inner: element(inner), max_leaves=25)
paragraph = st.sampled_from(SCRAPS[:4]).map("<p>{}</p>".format)
paragraphs = st.lists(paragraph, max_size=5).map("".join)
bodies = st.tuples(trees, paragraphs, trees).map("".join)


@settings(deadline=None)
@given(bodies)
def test_any_page_keeps_the_laws(body: str) -> None:
    read = build_page_document(f"<html><body>{body}</body></html>", "generated")
    assert tiles(read)
    done = pipeline()(read)
    assert tiles(done)
    assert done.replay(done.edits).text == done.text
    bare = done
    while bare.edits:
        bare = bare.undo(bare.edits[0])
    assert [(block.start, block.end, block.text) for block in bare.blocks] == [
        (block.start, block.end, block.text) for block in read.lines
    ]
    assert restore_source(build_article(done, Source(), Tool("0", "")), build_ledger(done)) == read.source


# ---------------------------------------------------------------- live blogs

ENTRIES = [(f"1{number}:0{number}", f"Part {number} is over", PARTS[number]) for number in (3, 2, 1)]


def live(**fields: object) -> str:
    """The script of a live blog with its entries."""
    updates = [
        {"@type": "BlogPosting", "headline": title, "datePublished": f"2024-02-22T{time}:00Z", "articleBody": body}
        for time, title, body in ENTRIES
    ]
    post = {"@type": "LiveBlogPosting", "headline": "Bridge opens early", "datePublished": "2024-02-22T05:58:00Z"}
    return f'<script type="application/ld+json">{json.dumps({**post, "liveBlogUpdate": updates, **fields})}</script>'


def dropped_times(made: Article) -> list[str]:
    return [edit.before.strip() for edit in made.edits or () if edit.role == "timestamp"]


def test_a_live_blog_in_a_script_is_laid_out_entry_by_entry_with_headlines_and_times() -> None:
    made = clean(html=f"<html><head>{live()}</head><body><a href='/'>Courier</a><div>Loading…</div></body></html>")
    assert made.text == "\n\n".join(part for _, title, body in ENTRIES for part in (title, body))
    assert [block.role for block in made.blocks] == ["heading", "paragraph"] * 3
    assert dropped_times(made) == [f"2024-02-22T{time}:00Z" for time, _, _ in ENTRIES]
    assert {"live-blog", "script"} <= set(made.flags)


def test_the_text_of_a_live_blog_itself_stands_before_its_entries() -> None:
    made = clean(html=f"<html><head>{live(articleBody=PARTS[0])}</head><body><div>Loading…</div></body></html>")
    assert made.text.startswith(f"{PARTS[0]}\n\n{ENTRIES[0][1]}\n\n")


@pytest.mark.parametrize(
    "form",
    [
        '<time datetime="2024-02-22T{0}:00Z">{0}</time>',
        '<span class="when">{0} GMT</span>',
        '<div class="post-time">22 Feb 2024, {0}</div>',
        "<p>{0} pm</p>",
    ],
)
def test_times_of_entries_leave_the_text_and_are_not_when_the_live_blog_was_published(form: str) -> None:
    shown = "".join(f"<div>{form.format(time)}<h3>{title}</h3><p>{body}</p></div>" for time, title, body in ENTRIES)
    html = f"<html lang='en'><head>{live()}</head><body><main><h1>Bridge opens early</h1>{shown}</main></body></html>"
    made = clean(html=html)
    assert made.text == "\n\n".join(part for _, title, body in ENTRIES for part in (title, body))
    assert len(dropped_times(made)) == len(ENTRIES)
    assert made.published is not None
    assert made.published.value == "2024-02-22T05:58:00+00:00"


def test_a_time_in_the_text_of_a_live_blog_stays() -> None:
    body = f"<p>{PARTS[0]}</p><p>At 18:20 the bridge closed.</p><p>{PARTS[1]}</p>"
    html = f"<html lang='en'><head>{live()}</head><body><main><h1>Bridge opens early</h1>{body}</main></body></html>"
    assert "At 18:20 the bridge closed." in clean(html=html).text

"""Markdown in, an article out: what marks say becomes roles and facts, and what merely looks like a mark stays."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import clean
from cleaner.markdown.document import build_markdown_document
from cleaner.markdown.signs import is_markdown
from cleaner.readers.base import Item
from cleaner.readers.given import MARKDOWN, Given, read_given
from cleaner.readers.inputs import read_file
from cleaner.record import Article, restore_source

PROSE = (
    "The council of Port Ellery voted on Monday to close the old fish market, which few people still use.",
    "The building will become a library and a hall for concerts, the council said after the meeting on Monday.",
    "The mayor promised that every trader would be offered a place in the new hall at the same rent as before.",
)

CRAWLED = f"""# Port Ellery closes its market

*By Ann Lee*

![The market](https://x.example/a.jpg)

{PROSE[0].replace("old fish market", "[old fish market](https://x.example/market)")}

## What comes next

{PROSE[1].replace("library", "**library**")}

{PROSE[2]}

[Read more](https://x.example)
"""


def body(text: str) -> list[tuple[str, str]]:
    """Role and text of each block of a Markdown text that lies between two paragraphs."""
    source = f"{PROSE[0]}\n\n{text}\n\n{PROSE[1]}\n"
    document = read_given(Given(text=source, form=MARKDOWN)).document
    assert document.replay(()).source == source
    return [(block.role or "paragraph", block.text) for block in document.blocks if block.text][1:-1]


def restored(article: Article) -> str:
    return restore_source(article, article.edits or ())


# ---------------------------------------------------------------- what a crawler writes


def test_a_crawled_page_becomes_its_article() -> None:
    article = clean(CRAWLED)
    assert article.title == "Port Ellery closes its market"
    assert [person.name for person in article.authors] == ["Ann Lee"]
    assert article.text == "\n\n".join((PROSE[0], "What comes next", *PROSE[1:]))
    assert [(one.url, one.caption) for one in article.images] == [("https://x.example/a.jpg", "The market")]
    assert article.blocks[1].role == "heading"
    assert "markdown" in article.flags
    assert restored(article) == CRAWLED


def test_a_file_of_markdown_is_read_as_such_without_any_sign(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"# Market closes\n\n{PROSE[0]}\n", "utf-8")
    (item,) = read_file(str(tmp_path / "a.md"))
    assert isinstance(item, Item)
    assert item.source.media_type == "text/markdown"
    assert item.document.text == PROSE[0]


def test_front_matter_becomes_fields() -> None:
    article = clean(
        f'---\ntitle: "Markt schließt | Hafenbote"\nauthor: Anna Weiß\ndate: 2024-05-03\ntags: [Hafen, Bau]\n'
        f"lang: de\n---\n\n# Markt schließt\n\n{PROSE[0]}\n\n{PROSE[1]}\n"
    )
    assert article.title == "Markt schließt"
    assert [person.name for person in article.authors] == ["Anna Weiß"]
    assert article.published is not None
    assert article.published.value == "2024-05-03"
    assert article.tags == ("Hafen", "Bau")
    assert article.text == "\n\n".join(PROSE[:2])


def test_front_matter_alone_becomes_fields_of_an_empty_text() -> None:
    article = clean('---\ntitle: Market closes\nauthor: Anna Weiß\nfrom: ""\n---\n')
    assert (article.title, article.text) == ("Market closes", "")
    assert [person.name for person in article.authors] == ["Anna Weiß"]


def test_the_head_that_a_reader_for_language_models_writes_becomes_fields() -> None:
    article = clean(
        "Title: Market closes for good\n\nURL Source: https://x.example/a\n\nPublished Time: 2024-05-03T10:00:00Z\n\n"
        f"Markdown Content:\nMarket closes for good\n======================\n\n{PROSE[0]}\n\n{PROSE[1]}\n"
    )
    assert article.title == "Market closes for good"
    assert article.canonical_url == "https://x.example/a"
    assert article.published is not None
    assert article.text == "\n\n".join(PROSE[:2])


def test_a_menu_above_the_title_goes_and_a_list_of_the_text_stays() -> None:
    menu = "".join(f"*   [{name}](https://x.example/{name})\n" for name in ("Home", "Local", "Sport"))
    items = "* 200 g of butter\n* 180 g of sugar\n"
    article = clean(f"{menu}\n# Market closes for good\n\n{PROSE[0]}\n\n{items}\n{PROSE[1]}\n")
    assert article.text == "\n\n".join((PROSE[0], "200 g of butter", "180 g of sugar", PROSE[1]))


# ---------------------------------------------------------------- marks

MARKS = [
    ("a **bold** and *italic* and __strong__ and _set_ word", "a bold and italic and strong and set word"),
    ("***all at once***, and ~~gone~~", "all at once, and gone"),
    ('[words](https://x.example/a_(b)) and [more](/b "title")', "words and more"),
    ("[**bold words**](https://x.example) in a link", "bold words in a link"),
    ("![alt](https://x.example/a.jpg) beside words", "beside words"),
    ("see <https://x.example/a_b_c> and <ann@x.example>", "see https://x.example/a_b_c and ann@x.example"),
    ("`code_with_*marks*` stays", "code_with_*marks* stays"),
    (r"escaped \*stars\* and 1\. point", "escaped *stars* and 1. point"),
    ("words<br>and <sup>2</sup>", "wordsand 2"),
    ("**重要**なお知らせがあります", "重要なお知らせがあります"),
    ("„**Gut**“, sagte sie", "„Gut“, sagte sie"),
    ("«**Bien**», dit-elle", "«Bien», dit-elle"),
    ("قال **الوزير** إن الجسر مفتوح", "قال الوزير إن الجسر مفتوح"),
    ("see [the plan][p]\n\n[p]: https://x.example/plan", "see the plan"),
    ("a word[^1]\n\n[^1]: A note.", "a word\n\nA note."),
    ("first line  \nsecond line", "first line\n\nsecond line"),
    ("first line\\\nsecond line", "first line\n\nsecond line"),
]


@pytest.mark.parametrize(("written", "shown"), MARKS)
def test_a_mark_goes_and_its_words_stay(written: str, shown: str) -> None:
    assert "\n\n".join(text for _, text in body(written)) == shown


HARMLESS = [
    "a*b*c = d and 2 * 3 * 4",
    "snake_case_name and __init__.py and file_name_2.txt",
    "#hashtag and C# and F# and #1",
    "from $5* to $9*, VAT included",
    "the note [1], [sic] and [brackets] (in words)",
    "f*** this, he said",
    "a | b",
    "https://x.example/a_b_c/*/d*e*f",
    "5 < 6 and 7 > 6",
    "12. May is a day, as 3) is none",
    "the year 2024. A new one",
    "~5 % and ~~",
    "a lone * star and a lone _ line",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_merely_looks_like_a_mark_stays(text: str) -> None:
    assert body(text) == [("paragraph", text)]


@pytest.mark.parametrize(
    "text", [*HARMLESS, "*one* set word", "# A heading alone", "- a\n- b", "> quoted", "[Ann]: Yes."]
)
def test_a_text_with_one_such_sign_is_no_markdown(text: str) -> None:
    assert not is_markdown(f"{PROSE[0]}\n\n{text}\n\n{PROSE[1]}\n")


@pytest.mark.parametrize(
    "text",
    [
        "# Title\n\ntext *set* in italics",
        "## One\n\ntext\n\n## Two\n\ntext",
        "text with [a link](https://x.example)",
        "| a | b |\n|---|:-:|\n| 1 | 2 |",
        "a | b\n--|--\n1 | 2",
        "```\ncode\n```",
        "**one** and **two** and **three**",
        "Title\n=====\n\nsome **bold** words",
    ],
)
def test_signs_enough_make_markdown(text: str) -> None:
    assert is_markdown(text)
    assert is_markdown(text.replace("\n", "\r\n"))


# ---------------------------------------------------------------- lines

LINES = [
    ("## Крупный план ##", [("heading", "Крупный план")]),
    ("What comes next\n---", [("heading", "What comes next")]),
    ("* first\n* second\n  goes on\n- third", [("list-item", one) for one in ("first", "second goes on", "third")]),
    ("1. Heat\n2) Beat", [("list-item", "1. Heat"), ("list-item", "2) Beat")]),
    ("- [x] done\n- [ ] to do", [("list-item", "done"), ("list-item", "to do")]),
    ("> „Ja“, sagte sie.\n>\n> Und: *nein*.", [("quote", "„Ja“, sagte sie."), ("quote", "Und: nein.")]),
    ("| a | b | c |\n|---|---:|---|\n| **1** | | 3 |", [("table", "a | b | c"), ("table", "1 |  | 3")]),
    ("Team | P\n---|---\nA \\| B | 3", [("table", "Team | P"), ("table", "A | B | 3")]),
    ("```go\nif h > 3 {\n    return *p\n\n}\n```", [("paragraph", "if h > 3 {\n    return *p\n\n}")]),
    ("    x = a*b*c\n    y = _z_", [("paragraph", "    x = a*b*c\n    y = _z_")]),
    ("* * *", []),
    ("[Skip to content](#main)", []),
    ("<!-- a comment -->", []),
    ("![The quay](https://x.example/q.jpg)\n*The quay on Monday.*", []),
]


@pytest.mark.parametrize(("written", "shown"), LINES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_is_what_its_mark_says(written: str, shown: list[tuple[str, str]], end: str) -> None:
    assert body(written.replace("\n", end)) == shown


def test_the_line_below_a_picture_is_its_caption() -> None:
    article = clean(CRAWLED.replace("a.jpg)", "a.jpg)\n*The market on Monday.*"))
    assert [one.caption for one in article.images] == ["The market on Monday."]


def test_a_title_that_is_known_is_not_looked_for() -> None:
    assert clean(CRAWLED, title="Another title of the page").title == "Another title of the page"


def test_code_rows_and_items_are_never_joined_or_dropped() -> None:
    code = "```\nreturn 1 and\nreturn 2\n```\n\n| a | b |\n|--|--|\n| and | or |\n\n* one of the\n* two of the"
    article = clean(f"# Market closes\n\n{PROSE[0]}\n\n{code}\n\n{PROSE[1]}\n")
    assert article.text == "\n\n".join(
        (PROSE[0], "return 1 and\nreturn 2", "a | b", "and | or", "one of the", "two of the", PROSE[1])
    )


# ---------------------------------------------------------------- laws

marked = st.lists(
    st.sampled_from(
        [*PROSE, *(written for written, _ in (*MARKS, *LINES)), "---", "```", "# ", "> ", "|-|", "[", "](", "**", "\t"]
    )
    | st.text("*_#`|[]()!<>\\-=~ab \n\r", max_size=16),
    max_size=9,
).flatmap(lambda parts: st.sampled_from(["\n", "\n\n", "\r\n", " ", "\r"]).map(lambda end: end.join(parts)))


@given(marked)
def test_every_mark_can_be_put_back(source: str) -> None:
    document = build_markdown_document(source)
    assert document.source == source
    assert "".join(source[block.start : block.end] for block in document.blocks) == source
    bare = document.replay(())
    assert [(b.start, b.end, b.text) for b in bare.blocks] == [(b.start, b.end, b.text) for b in document.lines]


@given(marked)
def test_the_ledger_of_a_markdown_text_restores_it(source: str) -> None:
    article = clean(f"{CRAWLED}\n{source}")
    assert restored(article) == f"{CRAWLED}\n{source}"

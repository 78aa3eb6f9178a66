"""Which lines of a page are its article; cases in cases/extraction.toml."""

import tomllib
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from cases import PROSE, ROOT, Case, filled, rules

from cleaner import clean
from cleaner.document import Document, Edit, Fact
from cleaner.html.page import build_page_document, parse_html
from cleaner.html.wrappers import release_article
from cleaner.pipeline import Pipeline
from cleaner.rules import Rule, RuleSet
from cleaner.stages.boilerplate import boilerplate
from cleaner.stages.exceptions import exceptions
from cleaner.stages.extraction.guess import guess_roles
from cleaner.stages.extraction.page import VotedPage
from cleaner.stages.extraction.rescue import rescue_lines
from cleaner.stages.extraction.rules import RULES
from cleaner.stages.extraction.stage import build_findings, extraction
from cleaner.stages.extraction.votes import ask_trafilatura, find_headline, mark_voted_blocks
from cleaner.stages.markup.stage import markup

RESCUE_RULES = {"extraction.short", "extraction.nothing"}
"""Rules of what stays after all: they have tests of their own below."""

CASES: list[Case] = tomllib.loads((ROOT / "tests" / "cases" / "extraction.toml").read_text("utf-8"))["case"]


def guess(document: Document) -> Iterator[Edit | Fact]:
    """The stage without its model, which nobody can foretell on a page of four paragraphs."""
    blocks = [block for block in document.blocks if block.text]
    page = VotedPage(
        blocks, mark_voted_blocks(blocks, ask_trafilatura(document)), find_headline(blocks, document.find_fact("title"))
    )
    yield from build_findings(page, guess_roles(page), [0.3] * len(blocks))


def extracted(case: Case) -> Document:
    """The page of a case after that, which knows what the markup says."""
    case = {"language": "en", **case}
    title = f"<title>{case['title']}</title>" if "title" in case else ""
    html = f"<html lang='{case['language']}'><head>{title}</head><body>{filled(case, case['html'])}</body></html>"
    return Pipeline([partial(markup, rules=rules()), guess])(build_page_document(html, case["why"]))


def parameters() -> list[Any]:
    return [
        pytest.param(
            case,
            id=f"{case['rule']} {case['why']}".replace(" ", "-"),
            marks=[pytest.mark.xfail(reason=case["fails"], strict=True)] if "fails" in case else [],
        )
        for case in CASES
    ]


@pytest.mark.parametrize("case", parameters())
def test_the_article_and_what_is_around_it_are_told_apart(case: Case) -> None:
    document = extracted(case)
    prose = [one for i, one in enumerate(PROSE[case.get("language", "en")], 1) if f"{{{i}}}" in case["html"]]
    kept = [(block.role, block.text) for block in document.blocks if block.text]
    assert [text for role, text in kept if text in prose and role == "paragraph"] == prose
    made = {edit.start: edit.rule for edit in document.edits}
    flags = [fact.value for fact in document.facts if fact.key == "flags"]
    assert flags == case.get("flags", [])
    if case["rule"] == "extraction.flag" and "kept" not in case:
        return
    assert [f"{role}: {text}" for role, text in kept if text not in prose] == case.get("kept", [])
    assert [
        f"{block.role}: {block.dropped}" for block in document.blocks if made.get(block.start) == case["rule"]
    ] == case["dropped"]


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert {case["rule"] for case in CASES} == RULES.keys() - {"extraction.model", *RESCUE_RULES}


def test_no_rule_outside_the_list_makes_an_edit() -> None:
    for case in CASES:
        assert {edit.rule for edit in extracted(case).edits} <= RULES.keys()


def test_a_text_that_is_no_page_is_left_alone() -> None:
    assert list(extraction(Document.read("Bridge opens early\n\nThe bridge opened on Monday.\n"), rules())) == []


FIGURE = f"""<article>{"".join(f"<p>{text}</p>" for text in PROSE["en"][:4])}
<figure><figcaption>At dusk</figcaption></figure></article>"""


def test_an_ignored_rule_leaves_its_lines() -> None:
    document = Pipeline([partial(extraction, rules=rules())], ignore=["extraction.element"])(
        build_page_document(FIGURE)
    )
    assert "At dusk" in document.text


def test_a_kept_role_stays_in_the_text() -> None:
    document = Pipeline([partial(extraction, rules=rules())], keep=["caption"])(build_page_document(FIGURE))
    assert "At dusk" in document.text
    assert "At dusk" not in Pipeline([partial(extraction, rules=rules())])(build_page_document(FIGURE)).text


def test_every_edit_drops_one_line_and_says_how_sure_it_is() -> None:
    for case in CASES:
        for edit in extracted(case).edits:
            assert isinstance(edit, Edit) and edit.text == "" and edit.role and 0 < edit.confidence < 1


def test_a_line_is_voted_for_by_its_words_and_not_by_its_borders() -> None:
    blocks = build_page_document(
        "<p>One two three four five.</p><p>Six seven eight nine.</p><p>Ten eleven twelve.</p>"
    ).blocks
    article = "Zero. One two three four five. Six seven\neight nine. Ten eleven twelve."
    assert mark_voted_blocks(blocks, article) == [True, False, True]


def test_what_a_rule_keeps_is_not_dropped() -> None:
    keep = Rule(
        id="own.keep",
        why="a caption of its own",
        match=("^At dusk$",),
        role="paragraph",
        action="keep",
        examples=("At dusk",),
        keeps=("At dawn",),
        pack="own",
    )
    kept = RuleSet([keep])
    pipeline = Pipeline(
        [partial(exceptions, rules=kept), partial(extraction, rules=kept), partial(boilerplate, rules=kept)]
    )
    assert "At dusk" in pipeline(build_page_document(FIGURE)).text


def read_view(article: str, asked: str) -> VotedPage:
    """The page of some markup, with what trafilatura is said to have taken."""
    blocks = [block for block in build_page_document(f"<html><body>{article}</body></html>").blocks if block.text]
    return VotedPage(blocks, mark_voted_blocks(blocks, asked), -1)


def test_what_trafilatura_takes_stays_where_far_less_would() -> None:
    page = read_view("".join(f"<p>{text}</p>" for text in PROSE["en"][:6]), "\n".join(PROSE["en"][:6]))
    rule, decided = rescue_lines(page, [("", ""), *[("extraction.model", "other")] * 5])
    assert (rule, decided[0], set(decided[1:])) == ("extraction.short", ("", ""), {("extraction.short", "")})
    assert rescue_lines(page, [*[("", "")] * 4, *[("extraction.model", "other")] * 2])[0] == ""


def test_a_long_text_stays_where_nothing_would_and_nobody_took_it() -> None:
    text = [f"{number} {one}" for number in range(6) for one in PROSE["en"][:4]]
    page = read_view("".join(f"<p>{one}</p>" for one in text), "")
    assert rescue_lines(page, [("extraction.model", "other")] * len(text))[0] == "extraction.nothing"
    few = read_view("".join(f"<p>{one}</p>" for one in text[:4]), "")
    assert rescue_lines(few, [("extraction.model", "other")] * 4)[0] == ""


def test_comments_are_not_rescued() -> None:
    body = "".join(f'<div class="comment"><p>{text}</p></div>' for text in PROSE["en"][:6])
    page = read_view(body + "<p>The bridge is open.</p>", "\n".join(PROSE["en"][:6]))
    assert rescue_lines(page, [("extraction.named", "comments")] * len(page.blocks))[0] == ""


SENTENCES = PROSE["en"][:4]
LONG = "".join(f"<p>{text}</p>" for text in SENTENCES)
MENU = "<li><a href='/news'>News</a></li><li><a href='/tides'>Tides</a></li>"


@pytest.mark.parametrize(
    "html",
    [
        f"<nav><ul>{MENU}<main><article><h1>Bridge opens early</h1>{LONG}</article></main>",
        f"<button class='share'>Share<div><h1>Bridge opens early</h1>{LONG}</div>",
        f"<div><a href='/live' class='tile'><h1>Bridge opens early</h1>{LONG}</div>",
        f"<footer><ul>{MENU}</ul><main><h1>Bridge opens early</h1>{LONG}</main>",
    ],
    ids=["menu", "button", "link", "foot"],
)
def test_an_article_below_an_element_without_its_end_stays(html: str) -> None:
    page = f"<html lang='en'><head><title>Bridge opens early</title></head><body>{html}</body></html>"
    assert clean(html=page).text.split("\n\n") == SENTENCES


REPLIES = (
    "I walked over it on Sunday with my dog, and it hums in the wind like a harp.",
    "They should have asked those who live below it before they ordered all that steel.",
    "My father worked on the first one, and he always said that it would outlive him.",
)


def test_a_menu_of_sentences_beside_an_article_stays_a_menu() -> None:
    menu = "".join(f"<p>{text}</p>" for text in REPLIES)
    root = parse_html(f"<body><nav>{menu}</nav><article><h1>Bridge opens early</h1>{LONG}</article></body>")
    release_article(root)
    assert [element.tag for element in root.iter("nav", "article")] == ["nav", "article"]


def test_long_comments_in_the_element_of_the_article_go() -> None:
    comments = "".join(
        f"<li class='comment'><article class='comment'><p>{text}</p><p>{number} of us say so.</p></article></li>"
        for number in range(8)
        for text in REPLIES
    )
    post = f"<div class='post'><h1>Bridge opens early</h1>{LONG}<ol class='commentlist'>{comments}</ol></div>"
    assert clean(html=f"<html lang='en'><body>{post}</body></html>").text.split("\n\n") == SENTENCES


@pytest.mark.parametrize("name", ["comments", "comment-section", "kommentare", "disqus-page"])
def test_an_article_in_an_element_named_for_comments_stays(name: str) -> None:
    body = f"<div id='page'><div class='{name}'><h1>Bridge opens early</h1>{LONG}</div></div>"
    assert clean(html=f"<html lang='en'><body>{body}</body></html>").text.split("\n\n") == SENTENCES


def test_the_first_crosshead_stays_where_its_sisters_do() -> None:
    toc = "".join(f"<li><a href='#s{number}'>Part {number} of the story</a></li>" for number in range(12))
    parts = zip(("Why it closes", "What they say", "What comes next"), PROSE["en"], strict=False)
    text = "".join(f"<h2><a name='s'></a>{head}</h2><p>{prose}</p><p>{prose}</p>" for head, prose in parts)
    html = f"<title>Market closes</title><h1>Market closes</h1><blockquote><h2>Contents</h2><ul>{toc}</ul></blockquote>"
    stages = [partial(markup, rules=rules()), partial(extraction, rules=rules())]
    document = Pipeline(stages)(build_page_document(f"<html><body>{html}{text}</body></html>", "toc"))
    assert document.text.startswith("Why it closes\n\n")

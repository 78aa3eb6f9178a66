"""Pages that HTML mode labels: their renderings as text, and which of them teach."""

import random
from string import digits

import pytest
from cases import PROSE, rules

from cleaner.training.clean import render_clean_texts
from cleaner.training.gold import TrainingPage, label_texts
from cleaner.training.renderings import render_page_texts

pytest.importorskip("lightgbm", reason="lightgbm, which models are trained with, is not installed")

from cleaner.training.taught import MAX_DOMAIN_PAGES, teach_pages

SIGNS = f"{digits}.,;:!?…—–-“”„«»「」\"'’() "
TITLE = "Council votes for new bridge"
BODY = "".join(f"<p>{text} <a href='/b'>The bridge</a> was <b>not</b> built.</p>" for text in PROSE["en"] * 3)
PAGE = f"""<html><head><title>{TITLE}</title></head><body><nav><ul><li>Home</li><li>News</li></ul></nav>
<main><h1>{TITLE}</h1><div class="story">{BODY}</div></main><script>var a = 1</script><p hidden>Secret</p>
<footer>All rights reserved</footer></body></html>"""


def build_page(number: int = 0, markup: str = PAGE) -> TrainingPage:
    """A page of one outlet."""
    return {"id": f"page-{number}", "url": f"https://www.outlet.example/{number}", "html": markup, "gold": {}}


def test_a_page_is_rendered_by_text_nodes_and_by_blocks() -> None:
    texts = render_page_texts(PAGE, TITLE, "\n".join(PROSE["en"]))
    assert texts["R1"].split("\n")[:3] == ["Home", "News", TITLE]
    assert "The bridge\nwas\nnot\nbuilt." in texts["R1"]
    assert "The bridge was not built.\n\n" in texts["R2"] and texts["R2"].endswith("All rights reserved")
    assert "Secret" not in texts["R1"] and "var a" not in texts["R2"]


def test_the_article_alone_has_its_title_in_front_and_nothing_around() -> None:
    texts = render_page_texts(PAGE, TITLE, "\n".join(PROSE["en"]))
    for name in ("R3", "R4"):
        assert texts[name].startswith(TITLE) and not {"Home", "All rights reserved"} & set(texts[name].split("\n"))


def test_what_html_mode_keeps_labels_the_lines_of_the_text() -> None:
    (page,) = teach_pages([build_page()], rules())
    lines = [line for line in page["text"]["R2"].split("\n") if line]
    labels = dict(zip(lines, label_texts(page, lines), strict=True))
    assert page["taught"] and labels["Home"] == 0 and labels[lines[4]] == 1 and labels[TITLE] == -1


def test_clean_texts_are_made_of_an_article_and_of_nothing_else() -> None:
    body = [*PROSE["en"], *PROSE["de"], *PROSE["fr"]]
    for number in range(40):
        texts = render_clean_texts("", body, random.Random(number))
        words = set(" ".join(body).split())
        assert texts["paragraphs"] == "\n\n".join(body)
        made = [word.strip(SIGNS) for word in texts["made"].split()]
        known = {word.strip(SIGNS) for word in words}
        assert {word.casefold() for word in made} - {word.casefold() for word in known} <= {"", "q", "a"}


def test_a_short_article_is_made_into_nothing() -> None:
    assert list(render_clean_texts(TITLE, PROSE["en"][:2], random.Random(1))) == ["paragraphs"]


def test_few_pages_of_an_outlet_teach() -> None:
    assert len(list(teach_pages(map(build_page, range(6)), rules()))) == MAX_DOMAIN_PAGES


def test_a_page_without_an_article_teaches_nothing() -> None:
    menu = "<html><body>" + "<p><a href='/a'>News</a></p>" * 40 + "</body></html>"
    assert list(teach_pages([build_page(0, menu), build_page(1, "")], rules())) == []

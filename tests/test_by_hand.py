"""Inputs of ../shared/cases/by-hand whose right result is told in words, and that no case of our own repeats.

They are skipped where ../shared is absent.  The others of them have tests of their own beside what they are about.
"""

from pathlib import Path

import pytest

from cleaner import clean
from cleaner.record import Article

BY_HAND = Path(__file__).parents[2] / "shared" / "cases" / "by-hand"

pytestmark = pytest.mark.skipif(not BY_HAND.exists(), reason="../shared/cases is not here")


def clean_input(case: str, name: str) -> Article:
    """The article of an input of a case."""
    given = (BY_HAND / case / name).read_text("utf-8")
    return clean(html=given) if name.endswith(".html") else clean(given)


def test_a_spanish_page_keeps_its_summary_and_label_apart_and_nothing_of_its_foot() -> None:
    article = clean_input("15-es-el-pais-layout", "05-es-pozos.html")
    assert (article.kicker, article.standfirst and article.standfirst[:31]) == (
        "SEQUÍA",
        "La confederación hidrográfica c",
    )
    assert article.text.startswith("La confederación hidrográfica contó 318")
    assert article.text.endswith("sigue recurrida en los tribunales.")
    assert [image.credit for image in article.images] == ["Alfonso Perea (EFE)"]


def test_lines_of_a_poem_stay_lines() -> None:
    wanted = (BY_HAND / "20-verse" / "expected.txt").read_text("utf-8")
    assert clean_input("20-verse", "26-poem.txt").text.split() == wanted.split()
    lines = clean_input("20-verse", "26-poem.txt").text.split("\n")
    assert [line for line in lines if line] == [line for line in wanted.split("\n") if line]


def test_numbered_steps_are_items_of_a_list() -> None:
    article = clean_input("21-numbered-steps", "15-recipe-list.txt")
    assert [block.role for block in article.blocks[-4:]] == ["list-item"] * 4
    assert [block.text[:2] for block in article.blocks[-4:]] == ["1.", "2.", "3.", "4."]


def test_a_wrapped_mail_has_its_subject_for_a_title_and_keeps_the_hyphen_of_a_compound() -> None:
    article = clean_input("22-hyphen-solar-powered", "03-hardwrap-mail.txt")
    assert article.title == "Lighthouse to be sold"
    assert "a solar-powered beacon" in article.text
    assert article.text.endswith("Viewings are by boat only.")


def test_a_paragraph_that_ends_is_not_joined_with_the_next_one() -> None:
    paragraphs = clean_input("23-rejoin-after-full-stop", "a.txt").text.split("\n\n")
    assert "About 40 people came to hear the plan, and most stayed for the tea." in paragraphs
    assert "ref. DP-39263/b" in paragraphs

"""What stands around an article, or repeats it, goes, and what is the article's stays; cases in cases/around.toml."""

import pytest
from cases import ROOT, Case, filled, load_cases, pipeline

from cleaner.document import Document
from cleaner.html.page import build_page_document
from cleaner.record import Article, Source, Tool, build_article
from cleaner.text.around import closes_article, count_appeals
from cleaner.text.languages import load_languages, load_prose


def clean_case(case: Case) -> str:
    """The clean text of a case."""
    if "plain" in case:
        return pipeline()(Document.read(filled(case, case["plain"]) + "\n", "case")).text
    head, body = case.get("head", ""), filled(case, case["html"])
    page = f"<html lang='{case['language']}'><head>{head}</head><body>{body}</body></html>"
    return pipeline()(build_page_document(page, "case")).text


@pytest.mark.parametrize("case", load_cases("around"))
def test_what_is_left_is_the_article(case: Case) -> None:
    text = clean_case(case)
    assert text == filled(case, case.get("text", text))
    assert [part for part in case.get("has", ()) if filled(case, part) not in text] == []
    assert [part for part in case.get("lacks", ()) if part in text] == []


@pytest.mark.parametrize("language", load_prose())
def test_no_sentence_of_an_article_is_an_appeal_or_ends_it(language: str) -> None:
    sentences = load_prose()[language]
    assert [one for one in sentences if count_appeals(one) > 1 or closes_article(one)] == []


def test_labels_that_end_an_article_are_short_and_written_as_they_are_looked_for() -> None:
    labels = [label for own in load_languages().values() for label in own.around.closers]
    assert [label for label in labels if not closes_article(label)] == []


def build_record(name: str) -> Article:
    """The record of a whole page in cases/around."""
    page = (ROOT / "tests" / "cases" / "around" / f"{name}.html").read_text("utf-8")
    return build_article(pipeline()(build_page_document(page, name)), Source(), Tool("0", ""))


def list_openings(record: Article) -> list[str]:
    """The first words of each line of a record's text."""
    return [" ".join(line.split()[:3]) for line in record.text.split("\n\n")]


def test_a_consent_box_outside_an_article_element_is_no_paragraph() -> None:
    assert list_openings(build_record("consent-box")) == ["Der Rat hat", "Das Schiff wird", "Niemand stimmte dagegen,"]


def test_comments_for_subscribers_end_the_text_and_a_credit_in_capitals_leaves_its_caption() -> None:
    record = build_record("comments-closed")
    assert list_openings(record) == [
        "Le projet de",
        "Devant la boulangerie",
        "Votée en 2021",
        "« On ne",
        "Mercredi 17 avril,",
        "L’opposition dénonce une",
    ]
    assert [(image.caption, image.credit) for image in record.images] == [
        (
            "Une affiche contre le tramway, avenue de la République, à Brévannes (Val-de-Marne), le 15 avril 2024.",
            "YANN LECOQ POUR « LA GAZETTE DU VAL »",
        )
    ]


def test_each_caption_of_a_gallery_is_an_image_and_other_stories_go_with_their_label() -> None:
    record = build_record("gallery")
    assert [(image.caption, image.credit) for image in record.images] == [
        ("A National Guard helicopter drops sandbags near Lake Orrin, Neb., Tuesday, May 21, 2024.", "Wes Tallman/AP"),
        (
            "Residents fill sandbags at the high school in Dunbar Falls, Neb., Tuesday, May 21, 2024.",
            "Ray Bick/Plains Dispatch via AP",
        ),
    ]
    assert "Other top stories" not in record.text
    assert "___" not in record.text


def test_tags_and_the_note_on_the_author_go_and_kicker_and_standfirst_are_told() -> None:
    record = build_record("tags-and-note")
    assert record.kicker == "SEQUÍA"
    assert (record.standfirst or "").startswith("La confederación hidrográfica contó 318 perforaciones")
    assert record.images[0].credit == "Alfonso Perea (EFE)"
    around = ["Nosotros y", "Lee sin", "Inés Villaplana", "Agua", "Sequía"]
    assert [opening for opening in list_openings(record) if opening.startswith(tuple(around))] == []

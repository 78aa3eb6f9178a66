"""What `cleaner.stages.language` says of the sentences of cleaner/text/languages, and of cases/language.toml."""

import random

import pytest
from cases import PROSE, Case, document, load_cases

from cleaner.document import Document, Fact
from cleaner.pipeline import Pipeline
from cleaner.stages.language import language, sample_prose
from cleaner.text.language_id import SAMPLE_CHARS


def said(read: Document) -> str:
    return Pipeline([language])(read).find_fact("language") or ""


@pytest.mark.parametrize("code", PROSE)
def test_a_language_is_told_by_four_sentences(code: str) -> None:
    assert said(Document.read("\n\n".join(PROSE[code][:4]))) == code


@pytest.mark.parametrize("code", PROSE)
def test_a_language_is_told_by_four_sentences_on_one_line(code: str) -> None:
    assert said(Document.read(" ".join(PROSE[code][:4]))) == code


@pytest.mark.parametrize("case", load_cases("language"))
def test_the_language_is(case: Case) -> None:
    assert said(document(case)) == case["is"]


def test_the_same_text_always_has_the_same_language_and_confidence() -> None:
    read = Document.read("Foto: dpa. Die Brücke, the bridge, le pont, el puente.")
    found = []
    for seed in range(5):
        random.seed(seed)
        found.append([(fact.key, fact.value) for fact in language(read)])
    assert all(one == found[0] for one in found)


def test_the_language_that_the_input_names_is_believed() -> None:
    read = Document.read("\n\n".join(PROSE["de"]), facts=[Fact("input", "language", "nl")])
    assert said(read) == "nl"


@pytest.mark.parametrize("text", ["", " \n", "12.5.2023", "Hi", "!?…", "\ud800\udfff", "1234 5678 " * 50])
def test_a_text_too_short_to_tell_has_no_language(text: str) -> None:
    assert said(Document.read(text)) == ""


def test_whole_sentences_are_asked_before_menus() -> None:
    menu = "\n".join(["Home", "News", "Sport", "Weather", "Subscribe now"] * 4)
    read = Document.read(menu + "\n\n" + "\n\n".join(PROSE["pl"][:4] * 2) + "\n")
    assert sample_prose(read).startswith(PROSE["pl"][0])


def test_no_more_is_asked_than_is_needed() -> None:
    assert len(sample_prose(Document.read("\n\n".join(PROSE["fr"][:4] * 50)))) <= SAMPLE_CHARS

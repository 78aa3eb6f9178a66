"""What becomes of the lines that the stage `lines` is about; cases in cases/lines.toml."""

import pytest
from cases import PROSE, Case, load_cases, shown, wanted
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Document, Edit, Fact
from cleaner.pipeline import Pipeline
from cleaner.stages.line_model import lines

MENU = "Home\nNews\nSport\nWeather\nOpinion\nMost read\nHarbour wall breaks again\nFerry stays in port\n"
PAGE = MENU + "\n\n".join(PROSE["en"]) + "\n" + MENU


@pytest.mark.parametrize("case", load_cases("lines"))
def test_the_record_says(case: Case) -> None:
    assert shown(case) == wanted(case)


def test_what_stands_around_goes_and_the_prose_stays() -> None:
    assert Pipeline([lines])(Document.read(PAGE)).text == "\n\n".join(PROSE["en"])


def test_the_same_page_is_judged_the_same() -> None:
    first, again = (list(lines(Document.read(PAGE))) for _ in range(2))
    assert first == again


def test_an_edit_carries_how_sure_the_model_is() -> None:
    edits = [finding for finding in lines(Document.read(PAGE)) if isinstance(finding, Edit)]
    assert edits and all(0.5 < edit.confidence <= 1 and edit.role for edit in edits)


def test_what_a_rule_labelled_stays() -> None:
    read = Document.read(PAGE)
    menu = read.blocks[0]
    labelled = read.apply([Fact("my.rule", "role", "heading", menu.start, menu.end)])
    assert labelled.apply(lines(labelled)).text.startswith("Home\n\n")


def test_a_text_that_is_clean_stays_as_it_is() -> None:
    text = "\n\n".join([*PROSE["en"][:2], "Who will pay", *PROSE["en"][2:]])
    assert Pipeline([lines])(Document.read(text)).text == text


def test_what_was_judged_once_is_not_judged_again() -> None:
    done = Pipeline([lines])(Document.read(PAGE))
    assert list(lines(done)) == []


def test_without_prose_nothing_goes() -> None:
    assert list(lines(Document.read(MENU))) == []


def test_nothing_is_dropped_by_the_least_strictness() -> None:
    assert not [finding for finding in lines(Document.read(PAGE), 0.0) if isinstance(finding, Edit)]


def test_the_stricter_the_less_stays() -> None:
    read = Document.read(PAGE)
    sizes = [len(read.apply(lines(read, strictness)).text) for strictness in (0.1, 0.4, 0.9)]
    assert sizes == sorted(sizes, reverse=True)


@given(st.lists(st.sampled_from(MENU.splitlines() + PROSE["de"] + PROSE["ja"]), min_size=1, max_size=20))
def test_a_text_never_becomes_empty(parts: list[str]) -> None:
    assert Pipeline([lines])(Document.read("\n".join(parts))).text

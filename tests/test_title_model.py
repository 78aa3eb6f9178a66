"""The ranker of titles: what can be one, features that are the same everywhere, chances, and its training."""

from hashlib import sha256

import numpy as np
import pytest
from cases import rules
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Document, Edit
from cleaner.models.titles import (
    WEIGHTS_PATH,
    compute_title_features,
    estimate_chance,
    find_candidates,
    load_title_model,
    rank_titles,
    view_lines,
)
from cleaner.models.trees import LEAF_SCALE
from cleaner.pipeline import Pipeline, default_stages
from cleaner.pipeline.explain import weigh_features
from cleaner.stages.titles import MIN_TITLE_CHANCE, titles

MAX_WEIGHTS_BYTES = 100_000

FIRST = "The council voted for the new bridge on Tuesday evening, after four hours of debate in the town hall."
SECOND = "Nobody in the hall had expected that the vote would be so clear, said the mayor after the meeting."
TITLE = "Council votes for new bridge after long debate"
PAGE = f"Home\nNews\nSport\n\n{TITLE}\n\nBy Jane Miller\n\n12 May 2023\n\n{FIRST}\n\n{SECOND}\n\nWho pays\n\n{FIRST}"
JAPANESE = (
    "新しい橋の建設を市議会が可決\n\n"
    + "市議会は火曜日の夜、四時間にわたる議論の末に新しい橋の建設を賛成多数で可決した。\n\n" * 3
)


def list_candidates(text: str) -> list[str]:
    """The lines that can be the title of a text."""
    sight = view_lines(Document.read(text).blocks)
    return [sight.lines[i] for i in find_candidates(sight)]


def test_sentences_lists_and_lines_without_letters_are_no_candidates() -> None:
    assert list_candidates(f"12 05 2023\n\n- a point of it\n\nand so on,\n\n{FIRST}\n\n{SECOND}") == []


@pytest.mark.parametrize("line", [TITLE, "Who will pay for the new bridge?", "“We shall pay for it,” says the mayor”"])
def test_lines_questions_and_quotations_before_the_text_are_candidates(line: str) -> None:
    assert list_candidates(f"{line}\n\n{FIRST}\n\n{SECOND}") == [line]


def test_a_long_menu_costs_no_more_than_a_few_dozen_candidates() -> None:
    menu = "\n".join(f"A section of number {i}" for i in range(390))
    assert TITLE in (found := list_candidates(f"{menu}\n\n{TITLE}\n\n{FIRST}\n\n{SECOND}"))
    assert len(found) < 50


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), max_size=30))
def test_every_text_has_whole_features_and_a_chance(lines: list[str]) -> None:
    sight = view_lines(Document.read("\n".join(lines)).blocks)
    matrix, _ = compute_title_features(sight, find_candidates(sight))
    assert np.isfinite(matrix).all()
    ranked = rank_titles(sight)
    assert ranked is None or 0 <= ranked.chance <= 1


def test_features_are_the_same_to_the_byte_on_every_platform() -> None:
    matrices = []
    for text in (PAGE, JAPANESE):
        sight = view_lines(Document.read(text).blocks)
        matrices.append(compute_title_features(sight, find_candidates(sight))[0])
    assert sha256(b"".join(one.astype("<f4").tobytes() for one in matrices)).hexdigest()[:16] == "aec87a8cfb722db3"


def test_the_weights_are_small_and_know_these_features() -> None:
    sight = view_lines(Document.read(PAGE).blocks)
    assert compute_title_features(sight, find_candidates(sight))[1] == load_title_model()[1]
    assert WEIGHTS_PATH.stat().st_size < MAX_WEIGHTS_BYTES


def test_chances_of_all_candidates_and_of_no_title_add_up() -> None:
    assert estimate_chance([0]) == 0.5
    assert estimate_chance([0, 0, 0]) == 0.25
    assert estimate_chance([9 * LEAF_SCALE, 0]) == 1
    assert estimate_chance([-(10**9)]) == 0


def test_the_ledger_has_the_chance_as_confidence_and_explain_what_weighed() -> None:
    pipeline = Pipeline(default_stages(rules()))
    document = pipeline(Document.read(PAGE))
    edit = next(edit for edit in document.edits if edit.rule == "title.headline")
    assert MIN_TITLE_CHANCE <= edit.confidence <= 1
    assert weigh_features(document, edit, rules())


def test_a_line_that_was_dropped_can_be_the_title_and_is_not_dropped_again() -> None:
    document = Document.read(PAGE)
    block = next(block for block in document.blocks if block.text == TITLE)
    found = list(titles(document.apply([block.drop("some.rule", "related")])))
    assert [one.rule for one in found if not isinstance(one, Edit)][:1] == ["title.headline"]
    assert not [one for one in found if isinstance(one, Edit) and one.start == block.start]


def test_the_same_samples_give_the_same_weights_to_the_byte() -> None:
    pytest.importorskip("lightgbm")
    from cleaner.training.titles import TitleSample, fit_title_trees

    chance = np.random.default_rng(5)
    samples = []
    for i in range(120):
        matrix = chance.integers(0, 9, (6, 4)).astype(np.float32)
        right = np.zeros(6, np.int64)
        right[matrix[:, 1].argmax()] = 1
        samples.append(TitleSample(str(i), matrix, ("a", "b", "c", "d"), right, np.ones(6)))
    first, again = (fit_title_trees(samples, 1) for _ in range(2))
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    best = [first.score_rows(one.matrix)[:, 0].argmax() for one in samples]
    assert np.mean([one.matrix[at, 1] == one.matrix[:, 1].max() for one, at in zip(samples, best, strict=True)]) > 0.9

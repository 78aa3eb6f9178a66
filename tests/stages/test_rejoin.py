"""What `cleaner.stages.rejoin.stage` joins, and what it leaves apart; cases in cases/rejoin.toml."""

from functools import partial

import pytest
from cases import Case, edited, filled, load_cases, rules

from cleaner.document import Document
from cleaner.stages.rejoin.stage import RULES, rejoin


@pytest.mark.parametrize("case", load_cases("rejoin"))
def test_the_text_reads(case: Case) -> None:
    text, _ = edited(partial(rejoin, rules=rules()), case)
    assert text == filled(case, case["becomes"] if "becomes" in case else case["text"])


@pytest.mark.parametrize("case", load_cases("rejoin", "fails_again"))
def test_joining_what_is_joined_changes_nothing(case: Case) -> None:
    text, _ = edited(partial(rejoin, rules=rules()), case)
    assert not list(rejoin(Document.read(text), rules()))


def test_every_edit_is_by_a_rule_that_the_stage_describes() -> None:
    document = Document.read("The Ger-\nman minister and the\n\nmayor met, and then the\n\nferry\n\nleft.")
    assert {edit.rule for edit in rejoin(document, rules())} <= set(RULES)


def test_an_edit_covers_the_run_that_it_joins() -> None:
    document = Document.read("One line that stands alone.\n\nThe mayor of the old\n\nharbour town said nothing.\n")
    (edit,) = rejoin(document, rules())
    assert document.source[edit.start : edit.end] == "The mayor of the old\n\nharbour town said nothing.\n"

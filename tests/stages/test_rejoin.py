"""What `cleaner.stages.rejoin.stage` joins, and what it leaves apart; cases in cases/rejoin.toml."""

import re
from functools import partial
from itertools import product
from typing import Any

import pytest
from cases import Case, edited, filled, load_cases, rules

from cleaner.document import Document
from cleaner.stages.rejoin.stage import RULES, explain_borders, judge_borders, rejoin
from cleaner.stages.rejoin.tables import (
    BROKEN_WORD,
    CONTINUATION,
    KNOWN_LINE,
    NEW_AFTER_LABEL,
    NEW_AFTER_STOP,
    PARTED,
    SPACING,
    WRAPPED_LINE,
    Group,
    Row,
    Table,
    find_row,
    read_example,
)


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


def groups_of(table: Table) -> list[Group]:
    """Every group of a table once: those for any start stand in it for each kind of start."""
    return list({id(group): group for groups in table.values() for group in groups}.values())


def rows_of(table: Table) -> list[Any]:
    return [pytest.param(table, row, id=row.name) for group in groups_of(table) for row in group.rows]


@pytest.mark.parametrize(("table", "row"), [*rows_of(CONTINUATION), *rows_of(SPACING)])
def test_every_row_decides_its_own_example(table: Table, row: Row) -> None:
    assert find_row(table, read_example(row.example)).name == row.name


@pytest.mark.parametrize("table", [CONTINUATION, SPACING])
def test_no_two_rows_of_a_table_have_one_name(table: Table) -> None:
    names = [row.name for group in groups_of(table) for row in group.rows]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "row", [NEW_AFTER_STOP, NEW_AFTER_LABEL, BROKEN_WORD, WRAPPED_LINE, KNOWN_LINE], ids=lambda row: row.name
)
def test_what_is_decided_before_the_tables_decides_its_own_example(row: Row) -> None:
    texts = row.example.split(" | ")
    width = len(texts[0]) if row is WRAPPED_LINE else 0
    (found,) = judge_borders(texts, [True, True], width, "Advertisement".__eq__)
    assert found.name == row.name


def test_a_line_is_plainly_new_behind_a_short_one_only_where_the_table_parts_them_too() -> None:
    texts = [
        text for group in groups_of(CONTINUATION) for row in group.rows for text in re.split(r" \|\|? ", row.example)
    ]
    for left, right in product(texts, repeat=2):
        (row,) = judge_borders([left, right], [False, False], 0, lambda line: False)
        if row is NEW_AFTER_LABEL:
            assert find_row(CONTINUATION, read_example(f"{left} | {right}")).answer == PARTED, (left, right)


def test_the_borders_of_a_document_are_explained_by_the_names_of_their_rows() -> None:
    document = Document.read("The mayor of the\n\nOld Town said so.\n\nHarbour news\n")
    rows = [(left.text, right.text, row.name) for left, right, row in explain_borders(document, rules())]
    assert rows == [
        ("The mayor of the", "Old Town said so.", "function word"),
        ("Old Town said so.", "Harbour news", "new line behind a full stop"),
    ]

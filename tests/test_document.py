"""What `cleaner.document` does with edits, facts and layouts, one claim a test; its laws stand in test_laws.py."""

import pytest

from cleaner.document import ARTICLE_ROLES, ROLES, Block, Document, Edit, Fact
from cleaner.errors import StageError

THREE = "One\n\nTwo\n\nThree\n"


def read(source: str = THREE) -> Document:
    return Document.read(source, "page")


def edit(block: Block, text: str = "", rule: str = "test.rule", role: str = "") -> Edit:
    return Edit(rule, block.start, block.end, text, role)


def spans(document: Document) -> list[str]:
    return [document.source[block.start : block.end] for block in document.blocks]


# ---------------------------------------------------------------- layout


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("", []),
        ("One", ["One"]),
        ("One\nTwo", ["One\n", "Two"]),
        ("One\n\n\nTwo\n\n", ["One\n\n\n", "Two\n\n"]),
        ("One\r\n\r\nTwo\r\n", ["One\r\n\r\n", "Two\r\n"]),
        ("One\rTwo", ["One\r", "Two"]),
        ("\n \n  One \n \t\nTwo", ["\n \n", "  One \n \t\n", "Two"]),
        (" \n\t", [" \n\t"]),
        ("One\x85still\u2028Two\x0bThree\x0cFour", ["One\x85still\u2028", "Two\x0b", "Three\x0c", "Four"]),
        ("One.\x85Two\u2029\nThree", ["One.\x85", "Two\u2029\n", "Three"]),
    ],
)
def test_a_line_takes_along_the_line_ends_and_blank_lines_behind_it(source: str, blocks: list[str]) -> None:
    assert spans(read(source)) == blocks


def test_a_source_in_the_clean_layout_needs_no_edit() -> None:
    assert read("One\n\nTwo\n\nThree\n").edits == ()


@pytest.mark.parametrize("source", ["One \n\nTwo", "\nOne", "One\r\nTwo", "One\n \nTwo", "\tOne"])
def test_other_spacing_is_an_edit_by_the_layout(source: str) -> None:
    document = read(source)
    assert [one.rule for one in document.edits] == ["layout.space"]
    assert document.text.split("\n\n") == source.split()


def test_blank_runs_become_one_blank_line() -> None:
    assert read("One\nTwo\n\n\n\nThree").text == "One\n\nTwo\n\nThree"


def test_a_text_on_one_long_line_is_tiled_by_its_sentences() -> None:
    sentence = "The ferry leaves the harbour at nine, and returns when the tide has turned."
    document = read(" ".join([sentence] * 10))
    assert [block.text for block in document.blocks] == [sentence] * 10
    assert {block.kind for block in document.blocks[:-1]} == {"sentence"}
    assert document.text == document.source


def test_a_long_line_among_others_that_hold_more_is_one_block() -> None:
    long = "The ferry leaves the harbour at nine. " * 20
    assert len(read("\n\n".join([long.strip()] * 3)).blocks) == 3


def test_sentences_of_one_line_are_parted_as_their_script_does_it() -> None:
    sentence = "市議会は火曜日の夜、四時間の議論の末に新しい橋の建設を可決した。"
    document = read(sentence * 30)
    assert len(document.blocks) == 30
    assert document.text == document.source


def test_a_dropped_sentence_leaves_its_neighbours_on_one_line() -> None:
    document = read(" ".join(f"Sentence number {i} says that the ferry leaves at nine o'clock." for i in range(20)))
    dropped = document.apply([edit(document.blocks[1])])
    assert dropped.text.startswith("Sentence number 0 says that the ferry leaves at nine o'clock. Sentence number 2 ")


# ---------------------------------------------------------------- apply


def test_a_dropped_block_leaves_the_text_and_says_what_it_read() -> None:
    document = read()
    after = document.apply([edit(document.blocks[1], role="related")])
    assert after.text == "One\n\nThree"
    assert (after.blocks[1].role, after.blocks[1].dropped) == ("related", "Two")


def test_a_block_dropped_without_a_role_is_other() -> None:
    document = read()
    assert document.apply([edit(document.blocks[1])]).blocks[1].role == "other"


def test_a_rewritten_block_keeps_its_role() -> None:
    document = read()
    block = document.blocks[0]
    document = document.apply([Fact("test.rule", "role", "heading", block.start, block.end)])
    assert document.apply([edit(block, "Uno")]).blocks[0].role == "heading"


def test_one_edit_joins_a_run_of_blocks() -> None:
    document = read()
    first, second, _ = document.blocks
    after = document.apply([Edit("test.join", first.start, second.end, "One and two")])
    assert spans(after) == ["One\n\nTwo\n\n", "Three\n"]
    assert after.text == "One and two\n\nThree"


def test_a_dropped_run_says_all_it_read() -> None:
    document = read()
    after = document.apply([Edit("test.drop", 0, document.blocks[1].end)])
    assert after.blocks[0].dropped == "One\nTwo"


def test_a_block_dropped_twice_still_says_what_it_read() -> None:
    document = read()
    once = document.apply([edit(document.blocks[1], role="related")])
    assert once.apply([edit(once.blocks[1], role="share")]).blocks[1].dropped == "Two"


def test_a_dropped_block_can_come_back() -> None:
    document = read()
    gone = document.apply([edit(document.blocks[1])])
    assert gone.apply([edit(gone.blocks[1], "Two")]).text == document.text


def test_a_document_is_never_changed() -> None:
    document = read()
    document.apply([edit(document.blocks[0])])
    assert document == read()


def test_nothing_found_is_the_same_document() -> None:
    document = read()
    assert document.apply([]) is document


def test_edits_may_come_in_any_order() -> None:
    document = read()
    findings = [edit(block, block.text.upper()) for block in document.blocks]
    assert document.apply(reversed(findings)).text == "ONE\n\nTWO\n\nTHREE"


def test_the_stage_is_written_into_the_edit() -> None:
    document = read()
    assert document.apply([edit(document.blocks[0])], "mine").edits[0].stage == "mine"


def test_an_edit_that_names_its_stage_keeps_it() -> None:
    document = read()
    named = Edit("test.rule", 0, document.blocks[0].end, "", stage="theirs")
    assert document.apply([named], "mine").edits[0].stage == "theirs"


def test_a_role_fact_labels_every_block_in_its_span() -> None:
    document = read()
    labelled = document.apply([Fact("test.rule", "role", "list-item", 0, document.blocks[1].end)])
    assert [block.role for block in labelled.blocks] == ["list-item", "list-item", ""]
    assert labelled.text == document.text


def test_facts_are_kept_in_order_and_the_first_one_counts() -> None:
    document = read().apply([Fact("a", "title", "First"), Fact("b", "title", "Second")])
    assert document.find_fact("title") == "First"
    assert [fact.value for fact in document.facts] == ["First", "Second"]


def test_an_unknown_fact_is_none() -> None:
    assert read().find_fact("title") is None


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("start", "end"), [(1, 5), (0, 4), (0, 3), (2, 3), (5, 5), (0, 0), (0, 99), (-1, 5), (16, 20), (5, 0)], ids=str
)
def test_an_edit_that_does_not_cover_whole_blocks_is_refused(start: int, end: int) -> None:
    with pytest.raises(StageError, match="does not cover whole blocks"):
        read().apply([Edit("test.rule", start, end)])


def test_two_edits_of_one_stage_that_meet_are_refused() -> None:
    document = read()
    first, second, _ = document.blocks
    with pytest.raises(StageError, match="meets another edit"):
        document.apply([edit(second), Edit("test.join", first.start, second.end, "x")])


def test_the_refusal_names_document_rule_place_and_cure() -> None:
    with pytest.raises(StageError) as caught:
        read().apply([Edit("my.rule", 1, 5)])
    message = str(caught.value)
    assert all(part in message for part in ("'page'", "'my.rule'", "1-5", "yield one edit for a run of blocks"))


def test_an_edit_of_an_empty_document_is_refused() -> None:
    with pytest.raises(StageError):
        read("").apply([Edit("test.rule", 0, 0)])


# ---------------------------------------------------------------- undo


def test_undo_brings_a_dropped_block_back() -> None:
    document = read()
    after = document.apply([edit(document.blocks[1])])
    assert after.undo(after.edits[0]).blocks == document.blocks


def test_undo_takes_along_what_was_built_upon_the_edit() -> None:
    document = read()
    joined = document.apply([Edit("test.join", 0, document.blocks[1].end, "One two")])
    dropped = joined.apply([edit(joined.blocks[0])])
    assert dropped.undo(dropped.edits[0]).edits == ()


def test_undo_takes_along_what_was_built_upon_that_in_turn() -> None:
    document = read()
    small = document.apply([edit(document.blocks[0], "Uno")])
    joined = small.apply([Edit("test.join", 0, small.blocks[1].end, "Uno two")])
    larger = joined.apply([Edit("test.join", 0, joined.blocks[1].end, "Uno two three")])
    assert larger.undo(larger.edits[0]).edits == ()


def test_undo_leaves_what_came_before() -> None:
    document = read()
    small = document.apply([edit(document.blocks[0], "Uno", "test.first")])
    joined = small.apply([Edit("test.join", 0, small.blocks[1].end, "Uno two")])
    undone = joined.undo(joined.edits[1])
    assert [one.rule for one in undone.edits] == ["test.first"]
    assert undone.text == "Uno\n\nTwo\n\nThree"


def test_undo_takes_only_one_of_two_equal_edits() -> None:
    document = read()
    once = document.apply([edit(document.blocks[0], "Uno")])
    back = once.apply([edit(document.blocks[0], "One")])
    twice = back.apply([edit(document.blocks[0], "Uno")])
    assert len(twice.undo(twice.edits[2]).edits) == 2


def test_undo_keeps_the_facts() -> None:
    document = read()
    after = document.apply([edit(document.blocks[0]), Fact("test.rule", "title", "One", 0, 5)])
    assert after.undo(after.edits[0]).find_fact("title") == "One"


def test_undoing_what_was_never_done_is_refused() -> None:
    with pytest.raises(StageError, match=r"'page'.*no edit by 'test\.rule' at 0 to undo"):
        read().undo(Edit("test.rule", 0, 5))


# ---------------------------------------------------------------- roles


def test_every_role_of_an_article_is_a_role() -> None:
    assert ARTICLE_ROLES < ROLES

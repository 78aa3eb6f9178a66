"""What `cleaner.pipeline` makes of stages and policy, one claim a test."""

from collections.abc import Iterator
from functools import partial

import pytest

from cleaner.document import Document, Edit, Fact
from cleaner.errors import StageError
from cleaner.pipeline import Pipeline, Stage, default_stages, name_stage
from cleaner.rules import RuleSet, load

SOURCE = "Menu\n\nA paragraph that stays.\n\nA caption\n"


def read() -> Document:
    return Document.read(SOURCE, "page")


def menus(document: Document) -> Iterator[Edit]:
    for block in document.blocks:
        if block.text == "Menu":
            yield Edit("nav.menu", block.start, block.end, "", "navigation")


def captions(document: Document) -> Iterator[Edit]:
    for block in document.blocks:
        if block.text == "A caption":
            yield Edit("caption.bare", block.start, block.end, "", "caption")


def loud(document: Document) -> list[Edit | Fact]:
    return [Edit("case.upper", b.start, b.end, b.text.upper()) for b in document.blocks if b.text]


def labels(document: Document) -> Iterator[Fact]:
    yield Fact("heading.first", "role", "heading", document.blocks[0].start, document.blocks[0].end)


# ---------------------------------------------------------------- stages


def test_stages_run_in_their_order() -> None:
    done = Pipeline([menus, captions, loud])(read())
    assert done.text == "A PARAGRAPH THAT STAYS."
    assert [edit.stage for edit in done.edits] == ["menus", "captions", "loud"]


def test_a_later_stage_sees_what_an_earlier_one_did() -> None:
    assert "nav.menu" not in [edit.rule for edit in Pipeline([loud, menus])(read()).edits]


def test_no_stages_change_nothing() -> None:
    assert Pipeline([])(read()) == read()


class Counter:
    """A stage with a memory."""

    def __init__(self) -> None:
        self.seen = 0

    def __call__(self, document: Document) -> list[Fact]:
        self.seen += 1
        return [Fact("counter", "flags", str(self.seen))]


class Shop:
    """Something with a method that can be a stage."""

    def tidy(self, document: Document) -> Iterator[Edit]:
        return menus(document)


@pytest.mark.parametrize(
    "stage",
    [menus, partial(menus), lambda document: menus(document), lambda document: list(menus(document)), Shop().tidy],
    ids=["function", "partial", "lambda", "list", "method"],
)
def test_any_callable_is_a_stage(stage: Stage) -> None:
    assert Pipeline([stage])(read()).text == "A paragraph that stays.\n\nA caption"


def test_an_object_that_can_be_called_is_a_stage() -> None:
    counter = Counter()
    pipeline = Pipeline([counter])
    pipeline(read())
    assert pipeline(read()).find_fact("flags") == "2"


@pytest.mark.parametrize(
    ("stage", "called"),
    [(menus, "menus"), (partial(menus), "menus"), (Counter(), "Counter"), (Shop().tidy, "tidy")],
    ids=["function", "partial", "object", "method"],
)
def test_a_stage_stands_in_the_ledger_under_a_name(stage: Stage, called: str) -> None:
    assert name_stage(stage) == called


def test_the_default_stages_have_names_of_their_own_and_few_run_twice() -> None:
    names = [name_stage(stage) for stage in default_stages(RuleSet([]))]
    assert {stage for stage in names if names.count(stage) > 1} == {"exceptions", "rejoin", "surroundings"}
    assert {"repair", "rejoin", "boilerplate", "titles", "captions", "metadata", "language"} <= set(names)


def test_the_default_stages_run_without_any_rule() -> None:
    document = Pipeline(default_stages(RuleSet([])))(Document.read("Fish &amp; chips\u00a0here.\n"))
    assert document.text == "Fish & chips here."


# ---------------------------------------------------------------- what breaks


def broken(document: Document) -> list[Edit]:
    raise KeyError("lost")


def halfway(document: Document) -> Iterator[Edit]:
    yield from menus(document)
    raise ZeroDivisionError


def crooked(document: Document) -> list[Edit]:
    return [Edit("crooked.rule", 1, 2)]


@pytest.mark.parametrize("stage", [broken, halfway, crooked])
def test_a_stage_that_breaks_is_named_in_the_error(stage: Stage) -> None:
    with pytest.raises(StageError) as caught:
        Pipeline([menus, stage])(read())
    assert caught.value.stage == name_stage(stage)


@pytest.mark.parametrize("stage", [broken, halfway, crooked])
def test_the_document_at_which_a_stage_breaks_is_named_in_the_error(stage: Stage) -> None:
    with pytest.raises(StageError, match="document 'page'"):
        Pipeline([stage])(read())


def test_a_document_that_breaks_a_stage_leaves_those_beside_it_alone() -> None:
    def fastidious(document: Document) -> Iterator[Edit]:
        if document.id == "b":
            raise KeyError("lost")
        return menus(document)

    pages = [Document.read(read().source, id) for id in "abc"]
    done = Pipeline([fastidious]).process_documents(pages)
    assert [one.text if isinstance(one, Document) else one.stage for one in done] == [
        "A paragraph that stays.\n\nA caption",
        "fastidious",
        "A paragraph that stays.\n\nA caption",
    ]


def test_an_error_of_a_stage_says_what_went_wrong() -> None:
    with pytest.raises(StageError, match=r"the stage 'broken' broke: KeyError\('lost'\)") as caught:
        Pipeline([broken])(read())
    assert isinstance(caught.value.__cause__, KeyError)


# ---------------------------------------------------------------- policy


def test_a_kept_role_stays_in_the_text_under_its_role() -> None:
    done = Pipeline([menus, captions], keep=["caption"])(read())
    assert done.text == "A paragraph that stays.\n\nA caption"
    assert done.blocks[-1].role == "caption"


def test_a_kept_role_makes_no_edit() -> None:
    assert Pipeline([captions], keep=["caption"])(read()).edits == ()


def test_a_dropped_role_goes_though_a_stage_keeps_it() -> None:
    done = Pipeline([labels], drop=["heading"])(read())
    assert done.text == "A paragraph that stays.\n\nA caption"
    assert (done.edits[0].rule, done.edits[0].stage, done.edits[0].role) == ("policy.drop", "policy", "heading")


def test_what_has_no_role_is_a_paragraph_to_the_policy() -> None:
    assert Pipeline([labels], drop=["paragraph"])(read()).text == "Menu"


def test_ignored_rules_make_no_edit() -> None:
    assert [e.rule for e in Pipeline([menus, captions], ignore=["nav.menu"])(read()).edits] == ["caption.bare"]


def test_the_beginning_of_an_id_ignores_all_rules_that_begin_so() -> None:
    assert [e.rule for e in Pipeline([menus, captions], ignore=["nav"])(read()).edits] == ["caption.bare"]


def test_only_selected_rules_make_edits() -> None:
    assert [e.rule for e in Pipeline([menus, captions], select=["caption"])(read()).edits] == ["caption.bare"]


def test_an_ignored_rule_makes_no_edit_though_selected() -> None:
    done = Pipeline([menus, captions], select=["nav", "caption"], ignore=["caption.bare"])(read())
    assert [edit.rule for edit in done.edits] == ["nav.menu"]


def test_facts_are_facts_whatever_is_selected() -> None:
    assert Pipeline([labels], select=["nothing"])(read()).blocks[0].role == "heading"


def test_selection_and_dropped_roles_go_together() -> None:
    done = Pipeline([menus, captions, labels], select=["nothing"], drop=["heading"])(read())
    assert [edit.rule for edit in done.edits] == ["policy.drop"]


# ---------------------------------------------------------------- policy over all default stages

PAGE = {
    "title": "Council opens the new bridge",
    "navigation": "Home",
    "byline": "By Jane Miller",
    "timestamp": "12 May 2023",
    "": "The council opened the new bridge on Tuesday evening, after four years of work on both banks of the river.",
    "caption": "The new bridge seen from the northern bank. Photo: Jane Doe/Reuters",
    "paragraph": "Nobody in the hall had expected that the cost would be so low, said the mayor after the meeting.",
    "advertisement": "Advertisement",
    "standfirst": "The old bridge will be taken down in the autumn, and its stones will be used for a wall.",
    "share": "Share this article",
    "related": "Read more: Harbour wall breaks again",
    "copyright": "© 2023 Example Media. All rights reserved.",
}


@pytest.fixture(scope="module")
def stages() -> list[Stage]:
    return default_stages(load(prove=False))


@pytest.mark.parametrize(
    "role", ["title", "navigation", "byline", "timestamp", "caption", "advertisement", "share", "related", "copyright"]
)
def test_keeping_a_role_keeps_its_lines_and_no_other(stages: list[Stage], role: str) -> None:
    document = Document.read("\n\n".join(PAGE.values()))
    plain, kept = Pipeline(stages)(document), Pipeline(stages, keep=[role])(document)
    more = {block.text: block.role for block in kept.blocks if block.text not in plain.text}
    assert more == {PAGE[role]: role}

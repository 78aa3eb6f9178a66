"""The contract of facts: who writes which key with which type, who reads it, and what each place is trusted for."""

import ast
from functools import cache
from pathlib import Path

import pytest
from cases import ROOT, rules
from msgspec import structs

from cleaner import facts
from cleaner.document import Document, Edit, Fact
from cleaner.errors import StageError
from cleaner.facts import (
    AGENCIES,
    IMAGES,
    KEYS,
    PUBLISHED,
    TITLE,
    Key,
    Media,
    Place,
    check_fact,
    is_by_stage,
    is_model_edit,
    place_of,
)
from cleaner.html.page import build_page_document
from cleaner.pipeline import default_stages, name_stage
from cleaner.record import FACT_FIELDS, Article, Source, Tool, build_article
from cleaner.rules import RuleSet

STAGES = {name_stage(stage) for stage in default_stages(RuleSet([]))}
PACKAGE = ROOT / "cleaner"

FILES = {
    "html": "html",
    "markdown": "markdown",
    "mail": "mail",
    "document": "document.py",
    "record": "record.py",
    "pipeline": "pipeline/__init__.py",
    "report": "cli",
    "lines": "stages/line_model.py",
}
"""Where a writer or reader lives whose file is not called like it."""


def source_of(name: str) -> list[Path]:
    """The files of a stage or a reader."""
    path = PACKAGE / FILES.get(name, f"stages/{name}")
    return sorted(path.rglob("*.py")) if path.is_dir() else [path if path.suffix else path.with_suffix(".py")]


@cache
def read_keys(path: Path) -> frozenset[str]:
    """The names of the keys that a file mentions: as a constant of `cleaner.facts`, or as a string."""
    constants = {name: key.name for name, key in vars(facts).items() if isinstance(key, Key)}
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    named = {constants[node.id] for node in nodes if isinstance(node, ast.Name) and node.id in constants}
    return frozenset(named | {node.value for node in nodes if isinstance(node, ast.Constant) and node.value in KEYS})


@cache
def calls_of(path: Path, *methods: str) -> frozenset[str]:
    """The keys whose constant a file calls one of these methods of."""
    constants = {name: key.name for name, key in vars(facts).items() if isinstance(key, Key)}
    return frozenset(
        constants[node.value.id]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in methods
        if isinstance(node.value, ast.Name) and node.value.id in constants
    )


# ---------------------------------------------------------------- the table


def test_every_writer_and_reader_is_a_stage_or_a_part_of_the_package() -> None:
    named = {name for key in KEYS.values() for name in f"{key.written_by} {key.read_by}".split()}
    assert named <= STAGES | FILES.keys() | {"input"}
    assert all(path.exists() for name in named - {"input"} for path in source_of(name))


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_whoever_is_listed_as_a_reader_reads_the_key(key: Key[object]) -> None:  # type: ignore[type-var]
    for reader in key.read_by.split():
        if reader == "record" and key.name in FACT_FIELDS:
            continue  # by the types of Article
        assert any(key.name in read_keys(path) for path in source_of(reader)), reader


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_a_stage_reads_only_keys_that_list_it(stage: str) -> None:
    read = set().union(*(calls_of(path, "find", "pick", "list_values") for path in source_of(stage)))
    unlisted = {name for name in read if stage not in f"{KEYS[name].read_by} {KEYS[name].written_by}".split()}
    assert unlisted == set()


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_a_stage_makes_only_facts_that_list_it(stage: str) -> None:
    made = set().union(*(calls_of(path, "make") for path in source_of(stage)))
    assert {name for name in made if stage not in KEYS[name].written_by.split()} == set()


def test_every_key_has_a_reader() -> None:
    assert not [key.name for key in KEYS.values() if not key.read_by]


def test_a_field_of_the_record_has_the_type_of_its_key() -> None:
    for name in FACT_FIELDS:
        assert KEYS[name].kind.__name__ in str(Article.__annotations__[name])


def test_every_key_without_a_namespace_is_a_field_of_the_record_or_listed_here() -> None:
    assert {name for name in KEYS if "." not in name} - FACT_FIELDS == {"role", "keep", "picture"}


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("fact", "writer", "said"),
    [
        (Fact("x", "titel", "A"), "", "did you mean 'title'?"),
        (Fact("x", "title", 1.0), "", "is a float, but takes a str"),
        (Fact("x", "images", "A"), "captions", "is a str, but takes a Media"),
        (Fact("x", "title", "A"), "captions", "'captions' is no writer of facts 'title'"),
    ],
    ids=["an unknown key", "another type", "no struct", "another writer"],
)
def test_a_fact_is_refused_with_its_cure(fact: Fact, writer: str, said: str) -> None:
    with pytest.raises(StageError, match=said.replace("?", r"\?")):
        check_fact(fact, writer)


def test_a_stage_of_a_user_may_write_any_key() -> None:
    check_fact(Fact("x", "title", "A"), "my_own_stage")


def test_the_tests_refuse_a_fact_that_the_table_does_not_allow() -> None:
    with pytest.raises(StageError, match="no writer"):
        Document.read("A line.").apply([Fact("x", "title", "A")], "captions")
    with pytest.raises(StageError, match="no key"):
        Document.read("A line.").apply([Fact("x", "titel", "A")])


def test_the_record_refuses_a_key_that_it_does_not_know() -> None:
    document = Document.read("A line.")
    document = structs.replace(document, facts=(Fact("x", "titel", "A"),))
    with pytest.raises(StageError, match="did you mean 'title'"):
        build_article(document, Source(), Tool("0", ""))


# ---------------------------------------------------------------- reading


def test_a_key_finds_the_first_value_and_picks_all_facts() -> None:
    document = Document.read("A line.").apply(
        [TITLE.make("a", "One"), TITLE.make("b", "Two"), AGENCIES.make("a", "dpa")]
    )
    assert TITLE.find(document) == "One"
    assert TITLE.list_values(document.facts) == ["One", "Two"]
    assert [fact.rule for fact in TITLE.pick(document.facts)] == ["a", "b"]
    assert PUBLISHED.find(document) is None


def test_a_fact_is_made_at_the_span_of_what_shows_it() -> None:
    (block,) = Document.read("A line.\n").blocks
    assert TITLE.make("a", "A line.", block) == Fact("a", "title", "A line.", 0, 8)
    assert IMAGES.make("a", Media("A caption")) == Fact("a", "images", Media("A caption"))


def test_a_block_gives_the_edits_that_drop_and_rewrite_it() -> None:
    (block,) = Document.read("A line.\n").blocks
    assert block.drop("a.b", "caption", 0.5) == Edit("a.b", 0, 8, "", "caption", 0.5)
    assert block.rewrite("a.b", "Line.") == Edit("a.b", 0, 8, "Line.")


def test_the_reader_of_pages_writes_only_what_the_table_lists() -> None:
    for path in sorted((ROOT / "raw").glob("*.html")):
        for fact in build_page_document(path.read_text("utf-8", "replace")).facts:
            check_fact(fact, "html")


# ---------------------------------------------------------------- places


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("json-ld.author", Place.JSON_LD_AUTHOR),
        ("json-ld.dateModified", Place.JSON_LD),
        ("microdata.author", Place.MICRODATA),
        ("microdata.author.far", Place.MICRODATA_FAR),
        ("byline", Place.BYLINE),
        ("byline.above", Place.BYLINE_ABOVE),
        ("time.published.above", Place.TIME_ABOVE),
        ("twitter.label", Place.TWITTER_LABEL),
        ("dublin-core.creator", Place.DUBLIN_CORE),
        ("metadata.byline", Place.BARE),
        ("extraction.caption", Place.EXTRACTION),
        ("title", Place.PAGE_TITLE),
        ("title.headline", Place.RULE),
        ("en.byline.by", Place.RULE),
    ],
)
def test_a_rule_names_a_place(rule: str, place: Place) -> None:
    assert place_of(AGENCIES.make(rule, "dpa")) is place


def test_no_shipped_rule_is_called_like_a_place_of_the_markup() -> None:
    assert {place_of(AGENCIES.make(rule.id, "dpa")) for rule in rules().rules} == {Place.RULE}


def test_what_stands_far_from_the_headline_is_trusted_less_than_what_is_near() -> None:
    for name in ("MICRODATA", "REL", "BYLINE"):
        near, above, far = (Place[name + end].trust.authors for end in ("", "_ABOVE", "_FAR"))
        assert near < Place.RULE.trust.authors < above < far


def test_edits_of_models_and_facts_of_stages_are_known_by_named_predicates() -> None:
    assert is_model_edit(Edit("lines.around", 0, 1)) and is_model_edit(
        Edit("extraction.model", 0, 1, stage="extraction")
    )
    assert not is_model_edit(Edit("caption.credit", 0, 1, stage="captions"))
    assert is_by_stage(Fact("lines.role", "role", "heading"), {"lines"})
    assert not is_by_stage(Fact("linesman.rule", "role", "heading"), {"lines"})

"""What a rule file may say, what loading refuses, and how rules meet lines; one claim a test."""

import re
import time
import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pages
import pytest

from cleaner.document import ARTICLE_ROLES, ROLES, Document, Edit
from cleaner.errors import RuleError
from cleaner.html.page import build_page_document
from cleaner.pipeline import Pipeline, default_stages
from cleaner.rules import Rule, RuleSet, load
from cleaner.rules.files import read_pack
from cleaner.rules.loading import prove_pack, select_outdated_rules
from cleaner.rules.model import Hit
from cleaner.rules.packs import find_rules_folder, read_pack_file
from cleaner.rules.patterns import expand_unicode_classes
from cleaner.rules.sign_files import load_shipped_signs
from cleaner.stages.boilerplate import boilerplate
from cleaner.stages.exceptions import exceptions
from cleaner.text.languages import load_label_prose, load_prose
from cleaner.text.shape import is_prose

GOOD: dict[str, object] = {
    "id": "test.slot",
    "why": "A slot.",
    "role": "advertisement",
    "match": [r"^SLOT \d+$"],
    "examples": ["SLOT 12"],
    "keeps": ["The SLOT 12 is free."],
}


def literal(value: object) -> str:
    """A value as TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {literal(inner)}' for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, str):
        return "'''" + value + "'''"
    return str(value).lower() if isinstance(value, bool) else str(value)


def table(**keys: object) -> str:
    """A good rule as TOML, with these keys changed; a key that is None is left out."""
    merged = {**GOOD, **keys}
    return "[[rule]]\n" + "".join(f"{key} = {literal(value)}\n" for key, value in merged.items() if value is not None)


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a rule file that stands on no other pack."""

    def written(*tables: str, head: str = "extends = []\n", name: str = "own.toml") -> Path:
        path = tmp_path / name
        path.write_text(head + "".join(tables), encoding="utf-8")
        return path

    return written


def hits(path: Path, text: str, site: str = "", language: str = "") -> list[str]:
    return [hit.rule.id for hit in load([path]).find_hits(text.split("\n"), site, language)]


def cleaned(path: Path, text: str, url: str | None = None, language: str = "") -> Document:
    document = Document.read(text, "page", url)
    rules = load([path])
    return Pipeline([partial(exceptions, rules=rules), partial(boilerplate, rules=rules)])(document)


# ---------------------------------------------------------------- refusals

REFUSED = {
    "a revision number": (table(rev=2), "test.slot", "unknown field `rev`"),
    "an unknown key": (table(pattern="x"), "pattern", "unknown field"),
    "a missing key": (table(why=None), "test.slot", "missing required field `why`"),
    "a wrong type": (table(match="^x$"), "test.slot", "Expected `array`, got `str`"),
    "lookahead": (table(match=["^SLOT (?=1)12$"]), "test.slot", "lookaround"),
    "lookbehind": (table(match=["^SLOT (?<=T )12$"]), "test.slot", "lookaround"),
    "a backreference": (table(match=[r"^(S)LOT 12\1$"]), "test.slot", "backreference"),
    "an open bracket": (table(match=["^SLOT (12$"]), "test.slot", "missing )"),
    "a word border": (table(match=[r"^SLOT\b 12$"]), "test.slot", "anchor the pattern with ^ and $"),
    r"\W in brackets": (table(match=[r"^SLOT[\W] ?12$"]), "test.slot", "write the class as [^...] of its own"),
    "no pattern": (table(match=[]), "test.slot", "give one pattern a line"),
    "an example that does not match": (table(examples=["SLOT 12", "SLOTS"]), "'SLOTS'", "mend one of them"),
    "a keep that matches": (table(keeps=["SLOT 13"]), "'SLOT 13'", "narrow the pattern"),
    "no example": (table(examples=[]), "test.slot", "at least one example that matches and one keep"),
    "no keep": (table(keeps=[]), "test.slot", "at least one example that matches and one keep"),
    "no anchor before": (table(match=[r"SLOT \d+$"]), "test.slot", "write ^...$ around it, or name the sites"),
    "no anchor behind": (table(match=[r"^SLOT \d+"]), "test.slot", "write ^...$ around it, or name the sites"),
    "an escaped anchor": (table(match=[r"^SLOT \d+\$"]), "test.slot", "write ^...$ around it, or name the sites"),
    "an unknown role": (table(role="slogan"), "'slogan'", "the roles are about, advertisement"),
    "fewer roles than patterns": (
        table(role=["caption"], match=["^a$", "^b$"], examples=["a\nb"]),
        "2 patterns but 1 roles",
        "one each",
    ),
    "an unknown field": (table(facts={"0": "weather"}), "'weather'", "fields: ["),
    "a fact of a line that is not there": (table(facts={"1": "authors"}), "line 1", "the first line is 0"),
    "a fact of a group that is not there": (table(facts={"who": "authors"}), "test.slot", "(?P<who>...)"),
    "a field that nothing fills": (table(facts={"0": "dateline"}), "'dateline'", "fields: ["),
    "an id with blanks": (table(id="Own Slot!"), "'Own Slot!'", "write own.slot"),
    "an address as site": (
        table(sites=["https://www.post.example/news"]),
        "sites",
        "write the host alone, post.example",
    ),
    "a path behind a site": (table(sites=["post.example/news"]), "sites", "write the host alone, post.example"),
    "a site in capitals": (table(sites=["Post.Example"]), "sites", "write the host alone, post.example"),
    "a site with a star": (table(sites=["*.post.example"]), "sites", "write the host alone, post.example"),
    "a site with a port": (table(sites=["post.example:8080"]), "sites", "write the host alone, post.example"),
    "an empty site": (table(sites=[""]), "sites", 'sites = ["example.org"]'),
    "a language's name": (table(languages=["English"]), "English", "did you mean en?"),
    "a language in capitals": (table(languages=["DE"]), "DE", "did you mean de?"),
    "a language with its country": (table(languages=["pt-BR"]), "pt-BR", "did you mean pt?"),
    "a language's longer code": (table(languages=["ger"]), "ger", "did you mean de?"),
    "no language at all": (table(languages=["Klingon"]), "Klingon", "write its code of ISO 639"),
    "a confidence in per cent": (table(confidence=90), "90", "is not between 0 and 1"),
    "a confidence below nothing": (table(confidence=-0.1), "-0.1", "is not between 0 and 1"),
    "patterns meant as alternatives": (
        table(match=[r"^SLOT \d+$", "^Sponsored by us$"], examples=["SLOT 4", "Sponsored by us"]),
        "match has 2 patterns, so it means 2 lines",
        "write one pattern with |, or two rules",
    ),
    "an unknown action": (table(action="burn"), "test.slot", "Invalid enum value 'burn'"),
    "an unknown place": (table(where="middle"), "test.slot", "Invalid enum value 'middle'"),
    "an unknown status": (table(status="new"), "test.slot", "Invalid enum value 'new'"),
    "a doubled id": (table() + table(), "test.slot", "rename one of the two"),
    "an unknown table": (table() + "[[rules]]\n", "rules", "a pack has rule, disable"),
    "broken TOML": ("[[rule]\n", "line 2", "write patterns in 'single quotes'"),
    "disabling what is not there": ("disable = ['test.none']\n" + table(), "'test.none'", "check its spelling"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_loading_refuses(what: str, write: Write) -> None:
    tables, _, _ = REFUSED[what]
    with pytest.raises(RuleError):
        load([write(tables)])


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_names_file_place_and_cure(what: str, write: Write) -> None:
    tables, place, cure = REFUSED[what]
    path = write(tables)
    with pytest.raises(RuleError) as caught:
        load([path])
    assert str(path) in str(caught.value)
    assert place in str(caught.value)
    assert cure in str(caught.value)


OF_FILES = ("broken TOML", "an unknown table", "disabling what is not there")


@pytest.mark.parametrize("what", [what for what in REFUSED if what not in OF_FILES])
def test_a_refusal_names_the_rule(what: str, write: Write) -> None:
    with pytest.raises(RuleError, match=r"rule '(test\.slot|Own Slot!)'"):
        load([write(REFUSED[what][0])])


def test_a_rule_without_an_id_is_named_by_its_number(write: Write) -> None:
    with pytest.raises(RuleError, match="rule 'number 2'"):
        load([write(table(), table(id=None))])


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"none\.toml: there is no such rule file"):
        load([tmp_path / "none.toml"])


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot be read"):
        load([tmp_path])


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes(b"# caf\xe9\n")
    with pytest.raises(RuleError, match="a rule file is TOML in UTF-8"):
        load([path])


def test_a_pattern_for_a_site_needs_no_anchor(write: Write) -> None:
    path = write(table(match=[r"SLOT \d+"], keeps=["SLOT"], sites=["example.org"]))
    assert hits(path, "Our SLOT 3 here", "example.org") == ["test.slot"]


def test_the_lines_of_a_sequence_need_no_anchor(write: Write) -> None:
    path = write(table(match=["^Im 1$", ".{3,9}"], examples=["Im 1\nA quay"], keeps=["Im 1"]))
    assert hits(path, "Im 1\nA quay") == ["test.slot"]


# ---------------------------------------------------------------- packs upon packs


def test_a_file_of_ones_own_stands_upon_the_shipped_packs(write: Write) -> None:
    rules = load([write(table(), head="")], prove=False)
    assert {"test.slot", read_pack(find_rules_folder() / "any.toml").rule[0]["id"]} <= {rule.id for rule in rules.rules}


def test_extends_names_the_only_packs_before_it(write: Write) -> None:
    rules = load([write(table(), head="extends = ['de']\n")], prove=False)
    assert {rule.pack for rule in rules.rules} == {"de", "own"}


def test_extends_nothing_leaves_ones_own_rules_alone(write: Write) -> None:
    assert [rule.id for rule in load([write(table())]).rules] == ["test.slot"]


def test_extends_names_a_file_beside_it(write: Write) -> None:
    write(table(id="test.other"), name="other.toml")
    path = write(table(), head="extends = ['other']\n")
    assert {rule.id for rule in load([path]).rules} == {"test.slot", "test.other"}


def test_extending_what_is_not_there_names_the_packs_that_are(write: Write) -> None:
    with pytest.raises(RuleError, match=r"'klingon', which is neither .* any, .*de, .*en"):
        load([write(table(), head="extends = ['klingon']\n")])


def test_a_later_file_overrides_an_id(write: Write) -> None:
    first = write(table(), name="first.toml")
    second = write(table(role="promotion"), name="second.toml")
    assert [(rule.role, rule.pack) for rule in load([first, second]).rules] == [("promotion", "second")]


def test_a_later_file_disables_an_id(write: Write) -> None:
    first = write(table(), name="first.toml")
    second = write("disable = ['test.slot']\n", name="second.toml")
    assert load([first, second]).rules == ()


def test_a_shipped_rule_can_be_disabled(write: Write) -> None:
    id = read_pack(find_rules_folder() / "de.toml").rule[0]["id"]
    rules = load([write(f"disable = ['{id}']\n", head="")], prove=False)
    assert id not in {rule.id for rule in rules.rules}


def test_the_hash_of_the_rules_changes_with_them(write: Write) -> None:
    first, second = load([write(table())]), load([write(table(role="promotion"))])
    assert first.sha256 != second.sha256


def test_a_rule_past_its_day_is_outdated(write: Write) -> None:
    today = date(2024, 5, 1)
    rules = load([write(table(until=today - timedelta(1)), table(id="test.b", until=today))]).rules
    assert [rule.id for rule in select_outdated_rules(rules, today)] == ["test.slot"]


# ---------------------------------------------------------------- patterns mean Unicode


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (r"^\d+$", "٣٤"),
        (r"^\d+$", "२३"),
        (r"^\w+$", "Łódź"),
        (r"^\w+$", "हिन्दी"),
        (r"^\w+$", "日本語"),
        (r"^\w+$", "e\u0301t"),
        (r"^a\sb$", "a\u00a0b"),
        (r"^a\sb$", "a\u3000b"),
        (r"^a[\s]b$", "a\u2009b"),
        (r"^[\w]+$", "Привет"),
        (r"^[\d]+$", "۱۲"),
        (r"^\W$", "。"),
        (r"^\S+$", "ж"),
        (r"^\D$", "é"),
        (r"^[^\d]+$", "ab"),
        (r"(?i)^ÜBER$", "über"),
        (r"(?i)^привет$", "ПРИВЕТ"),
        (r"^\p{Lu}\p{Ll}+$", "Öl"),
        (r"^[[:alpha:]\d]+$", "a٣"),
        (r"^[]\d]+$", "]٣"),
        (r"^[^]\d]+$", "a"),
        (r"^\\d$", "\\d"),
        (r"^.$", "😀"),
    ],
)
def test_classes_mean_all_of_unicode(pattern: str, line: str) -> None:
    assert RuleSet([]).pattern(pattern).fullmatch(line)


@pytest.mark.parametrize(
    ("pattern", "line"),
    [(r"^\D+$", "٣"), (r"^\W+$", "ж"), (r"^\S+$", "a\u00a0b"), (r"^[^\d]+$", "٣"), (r"^[^\w]+$", "ж"), (r"^.$", "ab")],
)
def test_negated_classes_mean_all_of_unicode(pattern: str, line: str) -> None:
    assert not RuleSet([]).pattern(pattern).fullmatch(line)


def test_a_pattern_without_classes_stays_as_it_is() -> None:
    assert expand_unicode_classes(r"(?i)^a\.[x-z]{2,3}\p{L}$") == r"(?i)^a\.[x-z]{2,3}\p{L}$"


def test_a_line_with_a_lone_surrogate_is_only_not_matched(write: Write) -> None:
    assert hits(write(table()), "SLOT 1\ud800\nSLOT 2") == ["test.slot"]


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|aa)+$", "^(.*a){12}$", "^(a?){60}a{60}$", "^([a-zA-Z]+)*$"])
def test_a_catastrophic_pattern_is_harmless(pattern: str, write: Write) -> None:
    path = write(table(match=[pattern], examples=["a" * 60], keeps=["!"]))
    started = time.process_time()
    hits(path, "a" * 400 + "!\n" + "a" * 4000 + "!")
    assert time.process_time() - started < 5


# ---------------------------------------------------------------- what a rule does to its lines

P = "A paragraph of the article, long enough to be told from a label by anyone who reads it."
Q = "Another paragraph of the article, which is just as long as the first one and as easy to tell."


def test_a_matching_line_is_dropped_under_the_rule_and_its_role(write: Write) -> None:
    done = cleaned(write(table()), f"{P}\n\nSLOT 1\n\n{Q}")
    assert [(e.rule, e.role, e.text) for e in done.edits] == [("test.slot", "advertisement", "")]
    assert done.text == f"{P}\n\n{Q}"


def test_a_generic_pattern_never_matches_part_of_a_line(write: Write) -> None:
    assert hits(write(table(match=["(?i)^slot$|^x$"], examples=["slot"])), "x slot") == []


@pytest.mark.parametrize("line", ["\0", "\ud800", "\ufffd", "\U0010ffff"])
def test_no_single_character_breaks_the_matching(line: str) -> None:
    assert not list(load(prove=False).find_hits([line]))
    assert not list(load_shipped_signs().find_signs([line], "en"))


def test_an_article_role_is_a_label_and_drops_nothing(write: Write) -> None:
    done = cleaned(write(table(role="heading")), f"{P}\n\nSLOT 1\n\n{Q}")
    assert done.edits == ()
    assert done.blocks[1].role == "heading"


def test_a_keep_rule_beats_other_rules(write: Write) -> None:
    keep = table(id="test.keep", action="keep", match=["^SLOT 7$"], examples=["SLOT 7"])
    done = cleaned(write(table(), keep), f"{P}\n\nSLOT 7\n\nSLOT 8\n\n{Q}")
    assert done.text == f"{P}\n\nSLOT 7\n\n{Q}"


@pytest.mark.parametrize(("where", "left"), [("head", [0]), ("tail", [2]), ("", [0, 1, 2])])
@pytest.mark.parametrize("site", ["", "example.org"])
def test_a_keep_rule_holds_only_where_it_says(where: str, left: list[int], site: str, write: Write) -> None:
    keep = table(id="test.keep", action="keep", where=where, sites=[site] if site else [])
    done = cleaned(write(table(), keep), f"SLOT 0\n\n{P}\n\nSLOT 1\n\n{Q}\n\nSLOT 2", f"https://{site or 'a.test'}/a")
    assert [int(number) for number in re.findall(r"SLOT (\d)", done.text)] == left


def test_a_keep_rule_for_the_head_lets_the_foot_of_a_page_go(write: Write) -> None:
    keep = table(id="test.keep", action="keep", where="head", match=["^At dusk$"], examples=["At dusk"])
    words = "".join(f"<p>{P} Then {number} people went home to their houses by the sea.</p>" for number in range(5))
    line = "<figure><img src='a.jpg'><figcaption>At dusk</figcaption></figure>"
    pages = (f"<article>{line}{words}</article>", f"<article>{words}{line}</article>")
    texts = [Pipeline(default_stages(load([write(keep)])))(build_page_document(page, "page")).text for page in pages]
    assert ["At dusk" in text for text in texts] == [True, False]


def test_nothing_else_that_rules_know_is_done_to_a_kept_line(write: Write) -> None:
    keep = table(id="test.keep", action="keep", match=["^SLOT 7$"], examples=["SLOT 7"])
    rewriting = table(id="test.rewrite", match=[r"^SLOT (\d+)$"], replace=r"Number \1")
    naming = table(id="test.name", role="byline", match=[r"^SLOT (?P<who>\d+)$"], facts={"who": "authors"})
    pair = table(id="test.pair", match=["^A quay$", r"^SLOT \d$"], examples=["A quay\nSLOT 1"])
    for other in (rewriting, naming, pair):
        done = cleaned(write(other, keep), f"{P}\n\nA quay\n\nSLOT 7\n\n{Q}")
        assert done.text == f"{P}\n\nA quay\n\nSLOT 7\n\n{Q}"
        assert {fact.rule for fact in done.facts} == {"test.keep"}


@pytest.mark.parametrize(
    ("keys", "answers"),
    [
        ({}, (True, True, True, True)),
        ({"where": "head"}, (True, True, True, False)),
        ({"role": "heading"}, (True, False, False, False)),
        ({"replace": ""}, (False, False, True, True)),
        ({"replace": "", "role": "heading"}, (False, False, False, False)),
        ({"action": "keep"}, (False, False, False, False)),
    ],
)
def test_a_rule_says_whether_it_classifies_drops_and_changes(keys: dict[str, str], answers: tuple[bool, ...]) -> None:
    rule = Rule(id="a.b", why="", match=("^x$",), examples=("x",), keeps=("y",), **{"role": "advertisement", **keys})
    assert (rule.classifies, rule.drops, rule.changes_text, rule.changes_prose) == answers


def test_replace_rewrites_the_part_that_matched(write: Write) -> None:
    path = write(table(match=[" ?SLOT$"], replace="", sites=["example.org"], examples=["A SLOT"], keeps=["SLOT A"]))
    assert cleaned(path, "A quay SLOT\n\nNo", "https://www.example.org/a").text == "A quay\n\nNo"


def test_replace_that_leaves_nothing_drops_the_line(write: Write) -> None:
    done = cleaned(write(table(replace="")), f"{P}\n\nSLOT 1")
    assert (done.text, done.edits[0].role) == (P, "advertisement")


def test_replace_may_use_what_the_pattern_captured(write: Write) -> None:
    path = write(table(match=[r"^SLOT (\d+)$"], replace=r"Number \1"))
    assert cleaned(path, "SLOT 12").text == "Number 12"


def test_a_sequence_covers_as_many_lines_as_patterns(write: Write) -> None:
    rule = table(
        role=["caption", "credit"],
        match=["^.{5,60}$", r"^[\p{L} ]+/AFP$"],
        facts={"0": "images.caption", "1": "images.credit"},
        examples=["A quay\nA. B/AFP"],
        keeps=["A quay\nA. B"],
    )
    rule = rule.replace("A. B", "Ann B")
    done = cleaned(write(rule), f"{P}\n\nA quay at night\n\nAnn B/AFP\n\n{Q}")
    assert [(e.role, done.source[e.start : e.end].strip()) for e in done.edits] == [
        ("caption", "A quay at night"),
        ("credit", "Ann B/AFP"),
    ]
    assert [(fact.key, fact.value) for fact in done.facts] == [
        ("raw.images.caption", "A quay at night"),
        ("raw.images.credit", "Ann B/AFP"),
    ]


def test_a_sequence_needs_all_its_lines_in_a_row(write: Write) -> None:
    path = write(table(match=["^Im 1$", "^A quay$"], examples=["Im 1\nA quay"]))
    assert hits(path, "Im 1\nno\nA quay") == []


def test_a_longer_sequence_goes_before_a_rule_of_one_line(write: Write) -> None:
    pair = table(id="test.pair", role="related", match=[r"^SLOT \d+$", "^A quay$"], examples=["SLOT 1\nA quay"])
    done = cleaned(write(table(), pair), f"{P}\n\nSLOT 1\n\nA quay\n\n{Q}")
    assert {edit.rule for edit in done.edits} == {"test.pair"}


@pytest.mark.parametrize(("where", "left"), [("head", [1, 2]), ("tail", [0, 1])])
def test_where_says_before_the_first_or_behind_the_last_paragraph(where: str, left: list[int], write: Write) -> None:
    done = cleaned(write(table(where=where)), f"SLOT 0\n\n{P}\n\nSLOT 1\n\n{Q}\n\nSLOT 2")
    assert re.findall(r"SLOT (\d)", done.text) == [str(number) for number in left]


MANY = "\n\n".join([P, Q] * 5)


def test_through_the_end_takes_all_behind_it_along(write: Write) -> None:
    done = cleaned(write(table(through="end")), f"{MANY}\n\nSLOT 1\n\nOne more\n\n{Q}")
    assert done.text == MANY


def test_through_the_end_takes_along_no_more_than_a_part_of_the_article(write: Write) -> None:
    done = cleaned(write(table(through="end")), f"{P}\n\nSLOT 1\n\nOne more\n\n{MANY}")
    assert done.text == f"{P}\n\nOne more\n\n{MANY}"


def test_through_prose_takes_along_what_stands_before_the_next_paragraph(write: Write) -> None:
    done = cleaned(write(table(through="prose")), f"{MANY}\n\nSLOT 1\n\nOne more\n\nAnd more\n\n{Q}\n\nThe last")
    assert done.text == f"{MANY}\n\n{Q}\n\nThe last"


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("example.org", True),
        ("www.example.org", True),
        ("a.b.example.org", True),
        ("badexample.org", False),
        ("example.org.net", False),
        ("", False),
    ],
)
def test_a_rule_for_a_site_holds_on_it_and_below_it_only(host: str, found: bool, write: Write) -> None:
    assert hits(write(table(sites=["example.org"])), "SLOT 1", host) == ["test.slot"] * found


@pytest.mark.parametrize(("language", "found"), [("de", True), ("fr", False), ("", True)])
def test_a_rule_for_a_language_is_asked_in_it_and_where_none_is_known(language: str, found: bool, write: Write) -> None:
    assert hits(write(table(languages=["de"])), "SLOT 1", language=language) == ["test.slot"] * found


def test_a_shipped_pack_holds_for_its_language_alone() -> None:
    assert {rule.languages for rule in load(prove=False).rules if rule.pack == "sv"} == {("sv",)}


def test_a_named_group_becomes_a_raw_fact(write: Write) -> None:
    path = write(table(match=[r"^SLOT (?P<who>\d+)$"], facts={"who": "authors"}))
    facts = cleaned(path, "SLOT 12").facts
    assert [(fact.key, fact.value) for fact in facts] == [("raw.authors", "12")]


def test_a_fact_shows_the_line_it_comes_from(write: Write) -> None:
    path = write(table(match=[r"^SLOT (?P<who>\d+)$"], facts={"who": "authors"}))
    done = cleaned(path, "One\n\nSLOT 12\n\nTwo")
    assert done.source[done.facts[0].start : done.facts[0].end].strip() == "SLOT 12"


def test_a_group_that_took_no_part_is_no_fact(write: Write) -> None:
    path = write(table(match=[r"^SLOT (?P<who>x)?\d+$"], facts={"who": "authors"}))
    assert cleaned(path, "SLOT 12").facts == ()


def test_a_field_with_an_equals_sign_has_a_value_of_its_own(write: Write) -> None:
    facts = cleaned(write(table(facts={"flags": "=amp"})), "SLOT 12").facts
    assert [(fact.key, fact.value) for fact in facts] == [("raw.flags", "amp")]


def test_hits_come_in_the_order_of_the_lines(write: Write) -> None:
    rules = load([write(table(), table(id="test.b", match=["^x$"], examples=["x"]))])
    found = [(hit.first, hit.rule.id) for hit in rules.find_hits(["x", "SLOT 1", "no", "x"])]
    assert found == [(0, "test.b"), (1, "test.slot"), (3, "test.b")]


# ---------------------------------------------------------------- the shipped packs


@pytest.fixture(scope="module")
def packs() -> RuleSet:
    return load(prove=False)


FILES = sorted([*find_rules_folder().glob("*.toml"), *find_rules_folder().glob("sites/*.toml")])


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(find_rules_folder())) for path in FILES])
def test_a_shipped_pack_proves_itself(path: Path) -> None:
    assert prove_pack(read_pack_file(path))


def test_no_id_stands_in_two_packs() -> None:
    ids = [table["id"] for path in FILES for table in read_pack(path).rule]
    assert len(set(ids)) == len(ids)


def test_an_id_begins_with_its_pack() -> None:
    wrong = [
        table["id"]
        for path in FILES
        for table in read_pack(path).rule
        if not table["id"].startswith("site." if path.parent.name == "sites" else f"{path.stem}.")
    ]
    assert not wrong


def test_there_are_500_rules_and_more(packs: RuleSet) -> None:
    assert len(packs.rules) >= 500


@pytest.mark.parametrize("language", "en de fr es it pt nl sv no da fi pl cs tr ru uk ja zh ko ar".split())
def test_a_language_has_rules_for_what_every_page_has(language: str, packs: RuleSet) -> None:
    roles = {role for rule in packs.rules if rule.pack == language for role in rule.roles}
    assert {"byline", "timestamp", "related", "share", "promotion", "advertisement", "navigation"} <= roles


def test_every_role_is_covered_by_a_rule(packs: RuleSet) -> None:
    assert ROLES - {"paragraph"} - {role for rule in packs.rules for role in rule.roles} == set()


def test_no_shipped_rule_is_outdated(packs: RuleSet) -> None:
    assert not select_outdated_rules(packs.rules, date.today())


def test_no_two_rules_have_the_same_patterns(packs: RuleSet) -> None:
    seen: dict[object, str] = {}
    doubled = []
    for rule in packs.rules:
        key = (rule.match, rule.sites, rule.languages, rule.where)
        doubled += [(seen[key], rule.id)] if key in seen else []
        seen[key] = rule.id
    assert not doubled


# ---------------------------------------------------------------- the baseline of prose


def drops(hit: Hit) -> bool:
    """Whether a hit on a line between two paragraphs takes something out of the text."""
    rule: Rule = hit.rule
    return rule.action != "keep" and not rule.where and rule.roles[0] not in ARTICLE_ROLES and len(rule.match) == 1


PROSE = load_prose()
OPENED_LIKE_CALLS = tomllib.loads((Path(__file__).parent / "cases/sentences.toml").read_text(encoding="utf-8"))
"""Sentences that open with the words of calls, labels and notices, by language."""


def test_the_shipped_prose_has_eight_sentences_in_each_of_25_languages_and_more() -> None:
    assert len(PROSE) >= 25
    assert min(map(len, PROSE.values())) >= 8


@pytest.mark.parametrize("language", PROSE)
@pytest.mark.parametrize("asked", ["its own", "an unknown"])
def test_no_generic_rule_drops_a_sentence_of_the_shipped_prose(language: str, asked: str, packs: RuleSet) -> None:
    scope = language if asked == "its own" else ""
    bad = [(text, hit.rule.id) for text in PROSE[language] for hit in packs.find_hits([text], "", scope) if drops(hit)]
    assert not bad


@pytest.mark.parametrize("language", OPENED_LIKE_CALLS)
def test_a_sentence_that_opens_like_a_call_stays_in_a_clean_text(language: str, packs: RuleSet) -> None:
    around = PROSE.get(language, PROSE["en"])[:4]
    for sentence in OPENED_LIKE_CALLS[language]:
        document = Document.read("\n\n".join([*around[:2], sentence, *around[2:]]), "page")
        assert [one for one in boilerplate(document, packs) if isinstance(one, Edit)] == [], sentence


CALLED = (
    "One paragraph that says what happened in the town.\n\nHelp us to build the pier. Join today!\n\nAnd another one."
)


def called(path: Path, *more: str) -> str:
    """A text with a sentence that a rule with company matches, cleaned."""
    return cleaned(path, "\n\n".join([CALLED, *more, "The last paragraph of the article ends here."])).text


@pytest.fixture
def calls(write: Write) -> Path:
    call = {"id": "test.call", "match": ["^Help us [^\n]+$"], "examples": ["Help us to sing."], "keeps": ["Help."]}
    return write(table(), table(**call, role="promotion", company=True))


def test_a_rule_with_company_leaves_a_lone_sentence(calls: Path) -> None:
    assert "Help us to build" in called(calls)


def test_a_rule_with_company_drops_a_sentence_where_another_line_goes(calls: Path) -> None:
    assert "Help us to build" not in called(calls, "SLOT 12")


def test_a_rule_with_company_drops_a_label_and_the_last_line_alone(calls: Path) -> None:
    assert "Help us grow" not in called(calls, "Help us grow")
    assert "Help us" not in cleaned(calls, "One paragraph of the article.\n\nHelp us to build the pier for all.").text


@pytest.mark.parametrize("language", load_label_prose())
def test_no_generic_rule_matches_a_sentence_that_opens_like_a_label(language: str, packs: RuleSet) -> None:
    for sentence in load_label_prose()[language]:
        assert [hit.rule.id for hit in packs.find_hits([sentence], "", language) if drops(hit)] == [], sentence


def hit_by(packs: RuleSet, page: pages.Page, paragraph: str) -> list[Rule]:
    """The rules that would drop a paragraph of a page in its language."""
    line = " ".join(paragraph.split())
    return [hit.rule for hit in packs.find_hits([line], "", page.gold.lang or "") if drops(hit)] if line else []


def report(page: pages.Page, rules: list[Rule]) -> str:
    return f"{page.id}: {', '.join(rule.id for rule in rules)}"


def test_fewer_than_one_in_2000_gold_paragraphs_is_dropped_by_a_generic_rule(packs: RuleSet) -> None:
    pages.needed("bench", "data")
    found = [(page, hit_by(packs, page, text)) for page, text in pages.bodies(("fundus", "roles"))]
    bad = [report(page, rules) for page, rules in found if rules]
    assert len(bad) < len(found) / 2000, "\n".join([f"{len(bad)} of {len(found)} paragraphs are hit", *bad])


def test_fewer_than_one_in_1000_gold_sentences_is_dropped_where_gold_keeps_posts_and_notices(packs: RuleSet) -> None:
    """The gold of scrapinghub keeps embedded posts, credits and copyright lines: only its prose is asked about."""
    pages.needed("bench", "data")
    found = [(page, hit_by(packs, page, text)) for page, text in pages.bodies(("scrapinghub",)) if is_prose(text)]
    bad = [report(page, rules) for page, rules in found if {rule.roles[0] for rule in rules} - {"embed", "copyright"}]
    assert len(bad) < len(found) / 1000, "\n".join([f"{len(bad)} of {len(found)} paragraphs are hit", *bad])

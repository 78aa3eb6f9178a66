"""Patterns proposed from examples, and rules written down; one claim a test."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cleaner.cli.main import cli
from cleaner.errors import RuleError
from cleaner.rules import load
from cleaner.rules.match import SINGLE_AUTOMATON_BYTES
from cleaner.rules.patterns import expand_unicode_classes
from cleaner.text.automaton import Automaton
from cleaner.workbench.propose import propose_patterns
from cleaner.workbench.templates import derive_templates, group_alike
from cleaner.workbench.tokens import build_exact_patterns
from cleaner.workbench.write import Draft, write_rules

SLOT = Draft(
    role="promotion",
    why="A slot.",
    match=(r"^Win \d{1,4} tickets$",),
    examples=("Win 3 tickets",),
    keeps=("Win or lose.",),
)


def hits(pattern: str, line: str) -> bool:
    return Automaton([expand_unicode_classes(pattern)], SINGLE_AUTOMATON_BYTES).match(line.encode()) is not None


def one(*examples: str, keeps: tuple[str, ...] = (), site: bool = False) -> str:
    (pattern,) = propose_patterns(examples, keeps, site)
    return pattern


PROPOSED = {
    "a number": (("Win 3 tickets",), r"^Win \d{1,4} tickets$"),
    "a year": (("© 2023 Harbour Post", "© 2024 Harbour Post"), r"^© \d{4} Harbour Post$"),
    "a number that never varies": (("24 hours, room 3", "24 hours, room 17"), r"^24 hours, room \d{1,4}$"),
    "a time": (("Fresh at 7:05", "Fresh at 12:30"), r"^Fresh at \d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?$"),
    "an address": (
        ("Find us at https://a.org/x", "Find us at https://b.org/y"),
        r"^Find us at (?:https?://|www\.)[^ ]{3,300}$",
    ),
    "free text": (
        ("Read more: Ships in fog", "Read more: Why the old bridge must go", "Read more: Fog"),
        r"^Read more: .{1,40}$",
    ),
    "signs of RE2": (("Tell us (now) *",), r"^Tell us \(now\) \*$"),
    "quotes in any form": (("Don't go",), r"^Don['’‘´`]t go$"),
    "another case": (("Read More", "Read more"), r"^Read (?i:More)$"),
}


@pytest.mark.parametrize("name", PROPOSED)
def test_what_varies_becomes_a_class_and_the_rest_stays(name: str) -> None:
    examples, expected = PROPOSED[name]
    assert one(*examples, site=True) == expected


def test_names_are_capitalised_words() -> None:
    pattern = one("Set by Anna Berg", "Set by Karl van der Lund")
    assert hits(pattern, "Set by Rosa Diaz")
    assert not hits(pattern, "Set by the sea for an hour")


def test_dates_of_other_months_match() -> None:
    pattern = one("Édition du 3 janvier 2022", "Édition du 13 mars 2021")
    assert hits(pattern, "Édition du 30 décembre 2024")
    assert not hits(pattern, "Édition du soir")


def test_several_lines_become_a_pattern_each() -> None:
    assert propose_patterns(["Box 3\nThe end", "Box 12\nThe end"]) == (r"^Box \d{1,4}$", "^The end$")


def test_a_word_shared_by_chance_is_no_anchor() -> None:
    pattern = one("Read on: Ships in the fog", "Read on: Mills by the sea", "Read on: How the town won", site=True)
    assert hits(pattern, "Read on: Bread and butter at noon")


def test_a_pattern_is_narrowed_until_it_leaves_the_keeps_alone() -> None:
    keep = "Read on: the council said that nobody had come to the hall"
    pattern = one("Read on: Ships in fog", "Read on: The mill is shut, and the river stands still", keeps=(keep,))
    assert not hits(pattern, keep)


def test_what_cannot_be_told_from_a_keep_is_refused_with_it() -> None:
    with pytest.raises(RuleError, match="cannot be told from what is to stay: 'Read more'"):
        propose_patterns(["Read more"], ["Read more"])


def test_a_sentence_of_clean_prose_is_refused() -> None:
    with pytest.raises(RuleError, match="would drop the sentence"):
        propose_patterns(
            ["Nobody had expected that the vote would be so clear, and many people left the hall in silence."]
        )


def test_examples_of_different_lengths_are_refused() -> None:
    with pytest.raises(RuleError, match="differ in their number of lines"):
        propose_patterns(["One", "One\nTwo"])


def test_an_empty_example_is_refused() -> None:
    with pytest.raises(RuleError, match="an example is empty"):
        propose_patterns(["Win", " \n"])


def test_examples_without_a_common_word_match_only_themselves() -> None:
    pattern = one("Share", "Print", site=True)
    assert hits(pattern, "Print")
    assert not hits(pattern, "Paint")


def test_exactly_matches_nothing_else() -> None:
    (pattern,) = build_exact_patterns("Weather (3)")
    assert hits(pattern, "Weather (3)")
    assert not hits(pattern, "Weather (4)")


def test_a_template_knows_no_numbers_names_case_and_quotes() -> None:
    assert derive_templates("Set by Anna Berg, 3.") == ("set by anna berg, 0", "Set by A, 0")
    assert derive_templates("Don’t miss 17")[0] == derive_templates("don't miss 4:")[0]


def test_lines_of_one_template_are_alike_and_others_are_not() -> None:
    assert group_alike(["Win 3 tickets", "Print", "Win 12 tickets"]) == [["Win 3 tickets", "Win 12 tickets"], ["Print"]]


# ---------------------------------------------------------------- writing


def test_a_written_rule_loads_and_hits(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    assert write_rules([SLOT], path) == ["own.promotion.win-tickets"]
    assert "own.promotion.win-tickets" in [hit.rule.id for hit in load([path]).find_hits(["Win 9 tickets"])]


def test_comments_and_order_of_a_rule_file_stay(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    write_rules([SLOT], path)
    old = "# mine\n" + path.read_text().replace("why =", "why   =") + "# the end\n"
    path.write_text(old)
    write_rules([SLOT], path)
    assert path.read_text().startswith(old)


def test_an_id_is_never_taken_twice(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    assert write_rules([SLOT, SLOT], path) + write_rules([SLOT], path) == [
        "own.promotion.win-tickets",
        "own.promotion.win-tickets-2",
        "own.promotion.win-tickets-3",
    ]


def test_a_rule_that_does_not_prove_itself_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    write_rules([SLOT], path)
    old = path.read_bytes()
    wrong = Draft(role="promotion", why="Wrong.", match=("^Lose$",), examples=("Win",), keeps=("x",))
    with pytest.raises(RuleError, match="does not match"):
        write_rules([SLOT, wrong], path)
    assert path.read_bytes() == old
    assert [other.name for other in tmp_path.iterdir()] == ["own.toml"]


@pytest.mark.parametrize("text", ["a'b", "a'''b", "it''", 'a"b', "a\\b", "a\tb", "広告 1", "[[rule]]", "x # y"])
def test_any_sign_survives_being_written(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    draft = Draft(
        role="other", why=f"Says {text}.", match=build_exact_patterns(text), examples=(text,), keeps=("Other.",)
    )
    (id,) = write_rules([draft], path)
    (rule,) = [rule for rule in load([path]).rules if rule.id == id]
    assert (rule.examples, rule.match) == ((text,), build_exact_patterns(text))


# ---------------------------------------------------------------- the command


def test_new_writes_a_proven_rule(call: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    call("rules", "new", "--role", "promotion", "--example", "Win 3 tickets", "--to", path, "--site", "www.example.org")
    (rule,) = [rule for rule in load([path]).rules if rule.pack == "own"]
    assert (rule.id, rule.sites) == ("example.org.promotion.win-tickets", ("example.org",))


def test_new_asks_for_what_is_not_given(tmp_path: Path) -> None:
    answers = ["Win 3 tickets", "Win 12 tickets", "", "n", "promotion", "", "", "A slot.", str(tmp_path / "asked.toml")]
    done = CliRunner().invoke(cli, ["rules", "new"], input="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert re.search(r"\^Win .d\{1,4\} tickets\$", (tmp_path / "asked.toml").read_text())


def test_new_suggests_the_role_that_was_meant(call: Callable[..., Any], tmp_path: Path) -> None:
    done = call("rules", "new", "--role", "captoin", "--example", "Win 3 tickets", "--to", tmp_path / "own.toml")
    assert (done.code, "there is no role 'captoin'; did you mean caption?" in done.err) == (2, True)


def test_new_without_a_way_to_tell_the_line_says_so(call: Callable[..., Any], tmp_path: Path) -> None:
    given = ("--role", "other", "--example", "Weather", "--keep", "Weather")
    done = call("rules", "new", *given, "--to", tmp_path / "own.toml")
    assert (done.code, "cannot be told" in done.err) == (2, True)
    assert not (tmp_path / "own.toml").exists()

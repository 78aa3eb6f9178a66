"""Whatever a pattern matches its looser form matches, and the rules find what a plain loop over all of them finds."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice

import pages
import pytest
import re2
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cleaner.rules import Rule, RuleSet, load
from cleaner.rules.patterns import expand_unicode_classes
from cleaner.rules.prefilter import derive_loose_pattern
from cleaner.text.automaton import build_re2_options

Real = list[tuple[str, list[str]]]
"""Language and lines of pages."""

LETTERS = "abXYéßſıİΣςжЖ中ー०٣7 .,:-–—#/'\"“•()[]|\u00a0\u0301ﬁǅ"
ATOMS = (
    "a",
    "b",
    "X",
    "é",
    "ß",
    "İ",
    "Σ",
    "ж",
    "中",
    "7",
    " ",
    ":",
    "-",
    "–",
    "#",
    r"\.",
    r"\(",
    r"\d",
    r"\w",
    r"\s",
    r"\D",
    r"\W",
    r"\S",
    ".",
    "[ab]",
    "[^ab]",
    "[a-z]",
    "[0-9]",
    "[Xx]",
    "[-–—]",
    r"[\d.]",
    r"[\w-]",
    "[ :]",
    "[]a]",
    "[^]a]",
    r"\p{Lu}",
    r"[^\p{Lu}b]",
    r"[b\p{Lu}]",
    r"[^\da-é]",
    r"[^\w]",
    r"[\p{L}\]]",
    r"[\p{Latin}-]",
    ".{2,30}",
    "[^.]{3,9}",
    "[a-z ]{1,40}",
    r"\p{Lu}[\p{L} ]{2,40}",
    r"\p{Any}",
    "{",
    "[[]",
    r"\p{L}",
    r"\p{Nd}",
    r"\x{e9}",
    r"\x2d",
    "[[:alpha:]]",
    "ab",
    "by ",
    "7.",
    "é:",
    "жΣ",
    "ss",
    "ﬁ",
)
COUNTS = ("", "", "", "?", "*", "+", "{2}", "{0,3}", "{1,}", "??", "*?", "+?", "{1,2}?")


@st.composite
def patterns(draw: st.DrawFn, depth: int = 0) -> str:
    """A pattern of RE2, with every construct that the packs use."""
    branches = []
    for _ in range(draw(st.integers(1, 3 if depth else 2))):
        parts = []
        for _ in range(draw(st.integers(0 if depth else 1, 4))):
            if depth < 2 and draw(st.integers(0, 3)) == 0:
                opening = draw(st.sampled_from(("(", "(?:", "(?i:", f"(?P<x{draw(st.integers(0, 999))}>")))
                atom = opening + draw(patterns(depth + 1)) + ")"
            else:
                atom = draw(st.sampled_from(ATOMS))
                if len(atom) > 1 and atom[0] not in "\\[":
                    atom = draw(st.sampled_from((atom, f"(?:{atom})")))
            parts.append(atom + draw(st.sampled_from(COUNTS)))
        branches.append("".join(parts))
    whole = "|".join(branches)
    return whole if depth else draw(st.sampled_from(("^(?:{})$", "(?i)^(?:{})$", "^{}$"))).format(whole)


@st.composite
def patterns_and_lines(draw: st.DrawFn) -> tuple[str, str]:
    """A pattern and a line that it may well match: one that Python's generator of matches has made, or any."""
    pattern = draw(patterns())
    try:
        likely = st.from_regex(pythonic(pattern), fullmatch=True)
        line = draw(likely | st.text(LETTERS, max_size=12))
    except (re.error, ValueError, OverflowError):
        line = draw(st.text(LETTERS, max_size=12))
    return pattern, line


def pythonic(pattern: str) -> str:
    """A pattern of RE2 as Python writes nearly the same."""
    for old, new in (
        (r"\p{Lu}", "[A-ZÀ-ÖА-Я]"),
        (r"\p{L}", r"[^\W\d_]"),
        (r"\p{Nd}", r"\d"),
        (r"\x{e9}", "é"),
        ("[[:alpha:]]", "[a-zA-Z]"),
    ):
        pattern = pattern.replace(old, new)
    return pattern


def rule(pattern: str, role: str = "other") -> Rule:
    return Rule(id="test.rule", why="", role=role, match=(pattern,), examples=(), keeps=())


def passes(pattern: str, line: str) -> bool:
    return [hit.first for hit in RuleSet([rule(pattern, "paragraph")]).find_hits([line])] == [0]


# always the same patterns: now and then one comes on which Python's re, which checks what is drawn, never ends
@settings(deadline=None, max_examples=400, derandomize=True)
@given(patterns_and_lines())
@example(("(?i)^(?:ss)$", "ß"))
@example(("(?i)^s$", "ſ"))
@example(("(?i)^k:$", "K:"))
@example(("(?i)^İ$", "i̇"))
@example((r"^[\w-]aß$", "0aß"))
@example((r"^[-–—]*\d{2}$", "—٣٣"))
@example(("(?i)^.{5,90} foto$", "ab ab ab FOTO"))
@example(("^(?:.{1,90}|a(?i)b) (?:ab)?7.$", "ab B7."))
@example(("^.{1,90}^*7$", "ab7"))
def test_what_a_pattern_matches_passes_its_screen(drawn: tuple[str, str]) -> None:
    pattern, line = drawn
    try:
        compiled = re2.compile(expand_unicode_classes(pattern), build_re2_options())
    except (re2.error, ValueError):
        assume(False)
    assume("\n" not in line and line.strip() == line and line)
    if compiled.fullmatch(line):
        assert passes(pattern, line)


@pytest.mark.parametrize(
    ("pattern", "loose", "backwards"),
    [
        ("^(?P<who>ab)$", "^(?:ab)$", False),
        ("^Foto: .{2,60}$", "^Foto: .+$", False),
        (r"^\p{Nd}{4}$", r"^[\x{80}-\x{10FFFF}\x30\x31\x32\x33\x34\x35\x36\x37\x38\x39]{4,4}$", False),
        (r"^.{5,300} \(AFP\)$", r"^\)PFA\( .+$", True),
    ],
)
def test_a_looser_form_counts_little_and_begins_where_it_tells(pattern: str, loose: str, backwards: bool) -> None:
    found = derive_loose_pattern(pattern)
    assert (found.text, found.backwards) == (loose, backwards)


@cache
def packs() -> RuleSet:
    return load(prove=False)


def test_every_example_is_hit_through_the_index_of_all_packs() -> None:
    missed = []
    for rule in packs().rules:
        if not rule.sites and rule.action != "keep":
            language = rule.languages[0] if rule.languages else "en"
            for text in rule.examples:
                lines = [line.strip() for line in text.split("\n") if line.strip()]
                if not any(hit.rule.id == rule.id for hit in packs().find_hits(lines, "", language)):
                    missed.append((rule.id, text))
    assert not missed


# ---------------------------------------------------------------- real lines


def real_lines() -> Iterator[tuple[str, list[str]]]:
    """Language and lines of every page, or every eighth, that has a language, in its block rendering."""
    for name in pages.SETS:
        for page in islice(pages.pages(name), None, None, 1 if pages.ALL else 8):
            lines = [line.strip() for line in page.text.get("R2", "").split("\n") if line.strip()]
            if lines and page.gold.lang:
                yield page.gold.lang, [line for line in lines if len(line) <= 500]


def asked(rules: RuleSet, language: str) -> list[Rule]:
    """The rules of one line that are asked about a text in this language."""
    return [
        rule
        for rule in rules.rules
        if len(rule.match) == 1 and not rule.sites and (not rule.languages or language in rule.languages)
    ]


@pytest.fixture(scope="module")
def real() -> Real:
    pages.needed("bench", "data")
    return list(real_lines())


def matched_by(compiled: Callable[[str], Callable[[str], object]], rules: RuleSet, real: Real) -> int:
    """How many hits on real lines a plain loop finds; fails unless the rules' own index finds the very same."""
    total = 0
    patterns: dict[str, Callable[[str], object]] = {}
    for language, lines in real:
        plain = set()
        for rule in asked(rules, language):
            match = patterns.get(rule.match[0])
            if match is None:
                match = patterns[rule.match[0]] = compiled(rule.match[0])
            plain |= {(at, rule.id) for at, line in enumerate(lines) if match(line)}
        found = {(hit.first, hit.rule.id) for hit in rules.find_hits(lines, "", language) if len(hit.rule.match) == 1}
        assert found == plain
        total += len(plain)
    return total


def test_hits_on_1000_real_matches_are_those_of_a_plain_loop_of_re2(real: Real) -> None:
    def compiled(pattern: str) -> Callable[[str], object]:
        match: Callable[[str], object] = re2.compile(expand_unicode_classes(pattern), build_re2_options()).fullmatch
        return match

    assert matched_by(compiled, packs(), real) >= 1000


def test_hits_on_1000_real_matches_are_those_of_a_plain_loop_of_python(real: Real) -> None:
    def readable(pattern: str) -> bool:
        try:
            re.compile(pattern)
        except re.error:
            return False
        # \s and \w hold a few more characters in Python
        return not re.search(r"\\[pPswSW]|\[:|.\(\?i\)", pattern)

    rules = RuleSet([r for r in packs().rules if not r.sites and all(readable(pattern) for pattern in r.match)])
    assert matched_by(lambda pattern: re.compile(pattern).fullmatch, rules, real) >= 100

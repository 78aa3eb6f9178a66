"""Whatever a pattern matches passes its screen, and an index of screens finds what a plain loop over all finds."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

import pages
import pytest
import re2
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cleaner.rules import LABELS, LONGEST_LABEL, Index, RuleSet, load, options, unicode_pattern
from cleaner.screen import LONGEST, beginning

LETTERS = "abXYéßſıİΣςжЖ中ー०٣7 .,:-–—#/'\"“•()[]|\u00a0\u0301ﬁǅ"
ATOMS = (
    "a", "b", "X", "é", "ß", "İ", "Σ", "ж", "中", "7", " ", ":", "-", "–", "#", r"\.", r"\(", r"\d", r"\w", r"\s",
    r"\D", r"\W", r"\S", ".", "[ab]", "[^ab]", "[a-z]", "[0-9]", "[Xx]", "[-–—]", r"[\d.]", r"[\w-]", "[ :]", "[]a]",
    "[^]a]", r"\p{Lu}", r"\p{L}", r"\p{Nd}", r"\x{e9}", r"\x2d", "[[:alpha:]]", "ab", "by ", "7.", "é:", "жΣ", "ss", "ﬁ",
)  # fmt: skip
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
    for old, new in ((r"\p{Lu}", "[A-ZÀ-ÖА-Я]"), (r"\p{L}", r"[^\W\d_]"), (r"\p{Nd}", r"\d"), (r"\x{e9}", "é"),
                     ("[[:alpha:]]", "[a-zA-Z]")):  # fmt: skip
        pattern = pattern.replace(old, new)
    return pattern


def passes(pattern: str, line: str) -> bool:
    index = Index([(unicode_pattern(pattern), LONGEST)])
    return list(index([line], [line.encode("utf-8", "replace")])) == [(0, [0])]


@settings(deadline=None, max_examples=400)
@given(patterns_and_lines())
@example(("(?i)^(?:ss)$", "ß"))
@example(("(?i)^s$", "ſ"))
@example(("(?i)^k:$", "K:"))
@example(("(?i)^İ$", "i̇"))
@example((r"^[-–—]*\d{2}$", "—٣٣"))
def test_what_a_pattern_matches_passes_its_screen(drawn: tuple[str, str]) -> None:
    pattern, line = drawn
    try:
        compiled = re2.compile(unicode_pattern(pattern), options())
    except (re2.error, ValueError):
        assume(False)
    assume("\n" not in line and line.strip() == line and line)
    if compiled.fullmatch(line):
        assert passes(pattern, line)


@given(st.text(LETTERS + "\n", max_size=30))
def test_a_beginning_is_short_and_begins_with_a_letter_or_a_digit(line: str) -> None:
    start = beginning(line)
    assert len(start) <= 6
    assert not start or start[0].isalnum()


@cache
def packs() -> RuleSet:
    return load(prove=False)


def test_every_line_of_every_example_passes_the_screen_of_its_pattern() -> None:
    missed = []
    for rule in packs().rules:
        if rule.sites:
            continue
        for pattern in rule.match:
            compiled = packs().pattern(pattern)
            for line in {line.strip() for text in rule.examples for line in text.split("\n")}:
                if line and len(line) <= 500 and compiled.fullmatch(line) and not passes(pattern, line):
                    missed.append((rule.id, line))
    assert not missed


def test_every_example_is_hit_through_the_index_of_all_packs() -> None:
    missed = []
    for rule in packs().rules:
        if not rule.sites and rule.action != "keep":
            language = rule.languages[0] if rule.languages else "en"
            for text in rule.examples:
                lines = [line.strip() for line in text.split("\n") if line.strip()]
                if not any(hit.rule.id == rule.id for hit in packs().hits(lines, "", language)):
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


def runs(matches: dict[str, set[str]], rules: RuleSet, lines: list[str], language: str) -> set[tuple[int, str]]:
    """Beginnings and ids of all rules whose patterns match a run of lines, given each pattern's lines."""
    found = set()
    scope = rules.scope(language)
    for rule, telling in zip(scope.rules, scope.triggers, strict=True):
        longest = LONGEST_LABEL if rule.roles[telling] in LABELS else LONGEST
        for first in range(len(lines) - len(rule.match) + 1):
            if len(lines[first + telling]) > longest:
                continue
            if all(lines[first + i] in matches[pattern] for i, pattern in enumerate(rule.match)):
                found.add((first, rule.id))
    return found


@pytest.fixture(scope="module")
def real() -> list[tuple[str, list[str]]]:
    pages.needed("bench", "data")
    return list(real_lines())


def matched_by(compile_one: object, rules: RuleSet, real: list[tuple[str, list[str]]]) -> int:
    """How many hits on real lines a plain loop finds; fails unless the index finds the very same."""
    total = 0
    compiled = {}
    for language, lines in real:
        scope = rules.scope(language).rules
        for pattern in {pattern for rule in scope for pattern in rule.match}:
            if pattern not in compiled:
                compiled[pattern] = compile_one(pattern)  # type: ignore[operator]
        unique = set(lines)
        matches = {p: {x for x in unique if compiled[p](x)} for p in {p for rule in scope for p in rule.match}}
        plain = runs(matches, rules, lines, language)
        assert {(hit.first, hit.rule.id) for hit in rules.hits(lines, "", language)} == plain
        total += len(plain)
    return total


def test_hits_on_1000_real_matches_are_those_of_a_plain_loop_of_re2(real: list[tuple[str, list[str]]]) -> None:
    def compile_one(pattern: str) -> object:
        return re2.compile(unicode_pattern(pattern), options()).fullmatch

    assert matched_by(compile_one, packs(), real) >= 1000


def test_hits_on_1000_real_matches_are_those_of_a_plain_loop_of_python(real: list[tuple[str, list[str]]]) -> None:
    def readable(pattern: str) -> bool:
        try:
            re.compile(pattern)
        except re.error:
            return False
        # \s and \w hold a few more characters in Python
        return not re.search(r"\\[pPswSW]|\[:|.\(\?i\)", pattern)

    rules = RuleSet([r for r in packs().rules if not r.sites and all(readable(pattern) for pattern in r.match)])
    assert matched_by(lambda pattern: re.compile(pattern).fullmatch, rules, real) >= 100

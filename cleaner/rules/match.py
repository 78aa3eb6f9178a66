"""Rules and lines: which rules match which lines, and what they capture.

A rule says which lines it is about (RE2 patterns, one a line), what those lines are (`role`), and proves itself with
examples that must match and keeps that must not.  `cleaner.rules.loading` reads rules from files.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain

import msgspec

from cleaner.rules.agencies import compile_credit_pattern, index_agencies
from cleaner.rules.captures import CapturedFact, extract_facts, read_groups, rewrite_line
from cleaner.rules.model import Hit, Rule, RulePack
from cleaner.rules.patterns import (
    CompiledPattern,
    compile_rule_pattern,
    encode_reversed,
    encode_text,
    expand_unicode_classes,
    replace_surrogates,
)
from cleaner.rules.scopes import LanguageScopes
from cleaner.text.automaton import MATCH_ANYWHERE, MATCH_WHOLE, Automaton

SINGLE_AUTOMATON_BYTES = 1 << 20
"""Memory of an automaton for a single pattern, to begin with; see the budgets in `cleaner.rules.scopes`."""

LINE_CACHE_SIZE, MAX_CACHED_LINE_CHARS = 2_000, 80
"""Lines of a language of which a run remembers the rules that match them, and the most characters of such a line."""

PATTERN_CACHE_SIZE = 256
"""Compiled patterns that a run remembers (LRU), some 130 KB each: texts in ten languages use about so many, and each
takes 3 ms to compile."""

CREDIT_WINDOW_CHARS = 120
"""Characters at the beginning of a text in which a credit is looked for."""

LABEL_WORD_CHARS = 12
"""Characters of a text that are read for each word that a label inside it may have."""

_CAPITALISED_WORD = re.compile(r"(?<!\S)[^\s\W_](?<![a-zß-öø-ÿ])\S*")


class RuleSet:
    """All rules of a run, and the matching of lines against them.

    `agencies` and `picture_agencies` map each form of an agency, in small letters, to its short name.  `sha256` is the
    digest of the rules in their order, which every record names.
    """

    def __init__(
        self, rules: Iterable[Rule], packs: Iterable[RulePack] = (), ready: Mapping[str, CompiledPattern] | None = None
    ) -> None:
        """`ready` are patterns of the rules that are compiled already, by the patterns as written."""
        self.rules = tuple(rules)
        self._ready = ready or {}
        self.sha256 = _digest_rules(self.rules)
        packs = tuple(packs)
        self.agencies = index_agencies(pack.agencies for pack in packs)
        self.picture_agencies = index_agencies(pack.picture_agencies for pack in packs)
        self.pattern = lru_cache(PATTERN_CACHE_SIZE)(compile_rule_pattern)
        """The compiled RE2 of a pattern as written in a rule."""
        self._groups = lru_cache(LINE_CACHE_SIZE)(lambda pattern, line: read_groups(self.pattern(pattern), line))
        self._automaton = lru_cache(PATTERN_CACHE_SIZE)(_build_single_automaton)
        self._generic = tuple(rule for rule in self.rules if not rule.sites)
        self._special = [rule for rule in self.rules if rule.sites]
        self._scopes = LanguageScopes(self._generic)
        self._known: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)
        self._site_rules = lru_cache(LINE_CACHE_SIZE)(self._select_site_rules)

    # ------------------------------------------------------------ which rules match

    def find_hits(
        self, lines: Sequence[str], site: str = "", language: str = "", head: int | None = None, tail: int = 0
    ) -> Iterator[Hit]:
        """Every rule that matches a run of these non-blank lines, in the order of the lines, then of the rules; behind
        them the hits of rules for this site.

        Rules for the head are asked only about lines before number `head`, those for the tail only from `tail` on;
        those for a site are asked about all lines.
        """
        end = len(lines) if head is None else head
        for at, number in self._match_lines(lines, language):
            rule = self._generic[number]
            if (rule.where == "head" and at >= end) or (rule.where == "tail" and at < tail):
                continue
            told = self._scopes.telling[number]
            first, size = at - told, len(rule.match)
            if size == 1 or self._is_whole_match(rule, lines, first, told):
                yield Hit(rule, first, first + size - 1)
        for rule in self._site_rules(site) if site and self._special else ():
            size = len(rule.match)
            yield from (
                Hit(rule, at, at + size - 1) for at in range(len(lines)) if self._is_whole_match(rule, lines, at)
            )

    def match_texts(self, texts: Sequence[Sequence[str]], language: str = "") -> list[list[Rule]]:
        """For each text the rules without a site that match lines of it.

        All texts are asked together, which takes a part of the time of asking one after the other.
        """
        found: list[list[Rule]] = [[] for _ in texts]
        places = [(i, at) for i, text in enumerate(texts) for at in range(len(text))]
        for place, number in self._match_lines(list(chain.from_iterable(texts)), language):
            i, at = places[place]
            rule = self._generic[number]
            told = self._scopes.telling[number]
            if rule.is_single or self._is_whole_match(rule, texts[i], at - told, told):
                found[i].append(rule)
        return found

    def has_match(self, rule: Rule, lines: Sequence[str]) -> bool:
        """Whether a rule matches a run of these lines, on its own site if it has one."""
        return any(self._is_whole_match(rule, lines, at) for at in range(len(lines)))

    @cached_property
    def exceptions(self) -> "RuleSet | None":
        """The rules with the action `keep`, to be asked alone; None where there are none."""
        keeping = [rule for rule in self.rules if rule.is_exception]
        return RuleSet(keeping) if keeping else None

    def find_dropped_lines(self, lines: Sequence[str], language: str) -> set[int]:
        """The numbers of the lines that a rule of one line would drop, wherever they stand."""
        matched = ((at, self._generic[number]) for at, number in self._match_lines(lines, language))
        return {at for at, rule in matched if rule.is_single and rule.drops}

    def has_line_rule(self, line: str, language: str) -> bool:
        """Whether a rule of one line matches this one."""
        return any(self._generic[number].is_single for _, number in self._match_lines([line], language))

    # ------------------------------------------------------------ how they are asked

    def _match_lines(self, lines: Sequence[str], language: str) -> Iterator[tuple[int, int]]:
        """Numbers of lines and of the rules without a site whose telling pattern matches them, in order.

        Short lines are remembered: menus, labels and slogans come again on every page of a site.
        """
        known = self._known[language]
        if len(known) > LINE_CACHE_SIZE:
            known.clear()
        fresh = [line for line in dict.fromkeys(lines) if line not in known]
        found = self._match_fresh_lines(fresh, language) if fresh else {}
        known.update((line, found.get(line, [])) for line in fresh if len(line) <= MAX_CACHED_LINE_CHARS)
        for at, line in enumerate(lines):
            numbers = known.get(line)
            for number in found.get(line, ()) if numbers is None else numbers:
                yield at, number

    def _match_fresh_lines(self, lines: Sequence[str], language: str) -> dict[str, list[int]]:
        """For each of these different lines that rules match, their numbers in order."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        encoded = list(map(encode_text, lines))
        turned = list(map(encode_reversed, lines))
        doubtful: list[tuple[int, int]] = []
        for prefilter in self._scopes.get_prefilters(language):
            for at, number, certain in prefilter(encoded, turned):
                if certain:
                    found[lines[at]].append(number)
                else:
                    doubtful.append((number, at))
        # by rule, so that no pattern is compiled twice
        for number, at in sorted(doubtful):
            if self._is_pattern_match(self._generic[number], self._scopes.telling[number], encoded[at]):
                found[lines[at]].append(number)
        for numbers in found.values():
            numbers.sort()
        return found

    def _select_site_rules(self, site: str) -> list[Rule]:
        """The rules that name this host, or a domain above it."""
        return [rule for rule in self._special if rule.is_for_site(site)]

    def _is_whole_match(self, rule: Rule, lines: Sequence[str], first: int, told: int = -1) -> bool:
        """Whether all patterns of a rule match, the first of them the line of this number; number `told` does."""
        size = len(rule.match)
        if first < 0 or first + size > len(lines):
            return False
        return all(
            i == told or self._is_pattern_match(rule, i, encode_text(line))
            for i, line in enumerate(lines[first : first + size])
        )

    def _is_pattern_match(self, rule: Rule, number: int, line: bytes) -> bool:
        """Whether a pattern of a rule matches a line: all of it, but any part of it for a rule of a site."""
        pattern = rule.match[number]
        if ready := self._ready.get(pattern):
            return (ready.search if rule.sites else ready.fullmatch)(line) is not None
        return self._automaton(pattern, not rule.sites).match(line) is not None

    # ------------------------------------------------------------ inside a text

    def find_labels(self, text: str, language: str, longest: int) -> Iterator[tuple[int, int, Rule]]:
        """Labels that stand inside a text: start, end and rule of each, in order.

        A label is up to `longest` words that a rule of one line matches, from a capital to before the next capital.
        """
        done = 0
        openings = self._scopes.get_openings(language)
        for word in _CAPITALISED_WORD.finditer(text):
            start = word.start()
            if start < done:
                continue
            near = text[start : start + LABEL_WORD_CHARS * longest]
            encoded = encode_text(near)
            rules = [self._generic[numbers[i]] for match, numbers in openings for i in sorted(match(encoded) or ())]
            label = self._find_label(near, rules, longest) if rules else None
            if label:
                done = start + label[0]
                yield start, done, label[1]

    def _find_label(self, near: str, rules: Sequence[Rule], longest: int) -> tuple[int, Rule] | None:
        """The shortest label with which a text opens, as its end and the first of these rules that matches it."""
        for ending in _find_label_ends(near, longest):
            label = encode_text(near[:ending])
            for rule in rules:
                if self._is_pattern_match(rule, 0, label):
                    return ending, rule
        return None

    @cached_property
    def _credit(self) -> CompiledPattern:
        """The pattern of credits, compiled for the first text that is asked about."""
        return compile_credit_pattern([*self.agencies, *self.picture_agencies])

    def find_credit_end(self, text: str) -> int:
        """Where the credit ends with which a text opens (a name, a slash or bracket, an agency); 0 without one."""
        found = self._credit.match(replace_surrogates(text[:CREDIT_WINDOW_CHARS]))
        return found.end() if found else 0

    # ------------------------------------------------------------ what follows from a hit

    def extract_facts(self, rule: Rule, lines: Sequence[str]) -> Iterator[CapturedFact]:
        """The facts that a rule takes from the lines it matched: field, raw value, number of the line."""
        return extract_facts(rule, lines, self._groups)

    def rewrite_line(self, rule: Rule, number: int, line: str) -> str:
        """A line that the pattern of this number matches, each part that it matches rewritten as the rule says."""
        return rewrite_line(rule, self.pattern(rule.match[number]), line)


def _digest_rules(rules: Sequence[Rule]) -> str:
    """The SHA-256 of rules in their order.

    Every rule once had a key `rev`, which was always 1; the digest still reads it, so that records of the same rules
    name the same digest as before.
    """
    encoded = msgspec.json.encode(rules).replace(b'","until":', b'","rev":1,"until":')
    return hashlib.sha256(encoded).hexdigest()


def _build_single_automaton(pattern: str, whole: bool) -> Automaton:
    """What looks for one pattern, in whole lines or in any part of them."""
    return Automaton(
        [expand_unicode_classes(pattern)], SINGLE_AUTOMATON_BYTES, MATCH_WHOLE if whole else MATCH_ANYWHERE
    )


def _find_label_ends(text: str, most: int) -> Iterator[int]:
    """Where the first words of a text end, up to so many, as far as no small letter follows."""
    at = -1
    for _ in range(most):
        at = text.find(" ", at + 1)
        if at < 0:
            yield len(text)
            return
        if not text[at + 1 : at + 2].islower():
            yield at

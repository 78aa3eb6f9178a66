"""Rules and lines: which rules match which lines, and what they capture.

A rule says which lines it is about (RE2 patterns, one a line), what those lines are (`role`), and proves itself with
examples that must match and keeps that must not.  `cleaner.rules` reads them from files.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import msgspec
import re2

from cleaner.document import ARTICLE_ROLES
from cleaner.rules.model import Hit, Rule, RulePack
from cleaner.rules.patterns import MAX_PATTERN_BYTES, Automaton, build_re2_options, expand_unicode_classes
from cleaner.rules.prefilter import build_opening_pattern, derive_loose_pattern

COMMON_AUTOMATON_BYTES, LANGUAGE_AUTOMATON_BYTES, SINGLE_AUTOMATON_BYTES = 16 << 20, 4 << 20, 1 << 20
"""Bytes that an automaton may use: one for the rules of all languages, for those of one, for one pattern.  It gets
twice as much until that will do.  With too little it forgets and finds its states anew, many times slower."""


LINE_CACHE_SIZE, MAX_CACHED_LINE_CHARS = 2_000, 80
"""Lines of a language of which a run remembers the rules that match them, and the most characters of such a line."""

PATTERN_CACHE_SIZE = 96
"""Patterns that a run keeps ready, a quarter of a megabyte each: a page asks for a few, a thousand for a few more."""

CREDIT_WINDOW_CHARS = 120
"""Characters at the beginning of a text in which a credit is looked for."""


# ---------------------------------------------------------------- patterns


def _encode_reversed(line: str) -> bytes:
    return line[::-1].encode("utf-8", "replace")


def _build_single_automaton(pattern: str, whole: bool) -> Automaton:
    """What asks one pattern, of whole lines or of any part of them."""
    return Automaton(
        [expand_unicode_classes(pattern)], SINGLE_AUTOMATON_BYTES, re2.Set.FullMatchSet if whole else re2.Set.SearchSet
    )


def _compile_pattern(pattern: str) -> Any:
    return re2.compile(expand_unicode_classes(pattern), build_re2_options())


class RulePrefilter:
    """Rules that are asked about the same texts: which of them could match which lines."""

    def __init__(self, patterns: Iterable[tuple[int, str]], memory: int) -> None:
        """`patterns` are those to look for, each with the number of its rule."""
        both: tuple[list[tuple[int, bool, str]], list[tuple[int, bool, str]]] = ([], [])
        for number, pattern in patterns:
            loose = derive_loose_pattern(expand_unicode_classes(pattern))
            both[loose.backwards].append((number, loose.exact, loose.text))
        self._ahead, self._behind = (
            (Automaton([text for *_, text in some], memory).match, [(number, exact) for number, exact, _ in some])
            if some
            else None
            for some in both
        )

    def __call__(self, lines: Sequence[bytes], turned: Sequence[bytes]) -> Iterator[tuple[int, int, bool]]:
        """Of lines, and the same lines turned round: the number of a line, that of a rule that could match it, and
        whether it is certain that it does."""
        for some, texts in ((self._ahead, lines), (self._behind, turned)):
            if some:
                match, rules = some
                for at, found in enumerate(map(match, texts)):
                    if found:
                        for i in found:
                            yield at, *rules[i]


_CAPITALISED_WORD = re.compile(r"(?<!\S)[^\s\W_](?<![a-zß-öø-ÿ])\S*")


def _find_label_ends(text: str, most: int) -> Iterator[int]:
    """Where the first words of a text end, as far as no small letter follows."""
    at = -1
    for _ in range(most):
        at = text.find(" ", at + 1)
        if at < 0:
            yield len(text)
            return
        if not text[at + 1 : at + 2].islower():
            yield at


class RuleSet:
    """All rules of a run, and the matching of lines against them."""

    def __init__(
        self, rules: Iterable[Rule], packs: Iterable[RulePack] = (), ready: Mapping[str, Any] | None = None
    ) -> None:
        """`ready` are patterns of the rules that are compiled already."""
        self.rules = tuple(rules)
        self._ready = ready or {}
        self.sha256 = hashlib.sha256(msgspec.json.encode(self.rules)).hexdigest()
        self.agencies: dict[str, str] = {}
        self.picture_agencies: dict[str, str] = {}
        for pack in packs:
            for table, forms in ((self.agencies, pack.agencies), (self.picture_agencies, pack.picture_agencies)):
                for name, others in forms.items():
                    table.update((form.casefold(), name) for form in (name, *others))
        self._groups = lru_cache(LINE_CACHE_SIZE)(self._extract_groups)
        self.pattern = lru_cache(PATTERN_CACHE_SIZE)(_compile_pattern)
        """The compiled RE2 of a pattern as written in a rule."""
        self._credit: Any = None
        self._automaton = lru_cache(PATTERN_CACHE_SIZE)(_build_single_automaton)
        self._generic = tuple(rule for rule in self.rules if not rule.sites)
        self._telling = [_choose_telling_pattern(rule) for rule in self._generic]
        self._scopes: dict[str | None, RulePrefilter] = {}
        self._openings: dict[str | None, tuple[Callable[[bytes], list[int] | None], list[int]]] = {}
        self._known: dict[str, dict[str, list[int]]] = {}
        self._spoken: dict[str, list[int]] = {}
        for number, rule in enumerate(self._generic):
            for language in set(rule.languages):
                self._spoken.setdefault(language, []).append(number)
        self._special = [rule for rule in self.rules if rule.sites]
        self._by_site: dict[str, list[Rule]] = {}

    def _select_patterns(self, language: str | None) -> Iterator[tuple[int, str]]:
        """Numbers and telling patterns of the rules without a site that are for this language only, or for any one
        where it is unknown; with None, of those for all languages."""
        asked: Iterable[int] = self._spoken.get(language, ()) if language else range(len(self._generic))
        for number in asked:
            rule = self._generic[number]
            if bool(rule.languages) == (language is not None):
                yield number, rule.match[self._telling[number]]

    def _get_prefilter(self, language: str | None) -> RulePrefilter:
        if language not in self._scopes:
            self._scopes[language] = RulePrefilter(
                self._select_patterns(language), LANGUAGE_AUTOMATON_BYTES if language else COMMON_AUTOMATON_BYTES
            )
        return self._scopes[language]

    def _get_opening_automaton(self, language: str | None) -> tuple[Callable[[bytes], list[int] | None], list[int]]:
        """For rules of one line whose beginning tells: what finds those that the first words of a text could match, and
        their numbers."""
        if language not in self._openings:
            chosen = [
                (i, derive_loose_pattern(expand_unicode_classes(pattern)))
                for i, pattern in self._select_patterns(language)
            ]
            quick = [(i, loose) for i, loose in chosen if loose.quick and len(self._generic[i].match) == 1]
            automaton = Automaton(
                [build_opening_pattern(loose.text) for _, loose in quick], LANGUAGE_AUTOMATON_BYTES, re2.Set.MatchSet
            )
            self._openings[language] = (automaton.match, [i for i, _ in quick])
        return self._openings[language]

    def find_hits(
        self, lines: Sequence[str], site: str = "", language: str = "", head: int | None = None, tail: int = 0
    ) -> Iterator[Hit]:
        """Every rule that matches a run of these non-blank lines, in the order of the lines, then of the rules.

        Rules for the head are asked only about lines before number `head`, those for the tail only from `tail` on.
        """
        end = len(lines) if head is None else head
        for at, number in self._match_lines(lines, language):
            rule = self._generic[number]
            if (rule.where == "head" and at >= end) or (rule.where == "tail" and at < tail):
                continue
            first = at - self._telling[number]
            if len(rule.match) == 1 or self._is_whole_match(rule, lines, first):
                yield Hit(rule, first, first + len(rule.match) - 1)
        if site and self._special:
            for rule in self._select_site_rules(site):
                for at in range(len(lines) - len(rule.match) + 1):
                    if self._is_whole_match(rule, lines, at):
                        yield Hit(rule, at, at + len(rule.match) - 1)

    def match_texts(self, texts: Sequence[Sequence[str]], language: str = "") -> list[list[Rule]]:
        """For each text the rules without a site that match lines of it.

        All texts are asked together, which takes a part of the time of asking one after the other.
        """
        found: list[list[Rule]] = [[] for _ in texts]
        places = [(i, at) for i, text in enumerate(texts) for at in range(len(text))]
        for place, number in self._match_lines([line for text in texts for line in text], language):
            i, at = places[place]
            rule = self._generic[number]
            if len(rule.match) == 1 or self._is_whole_match(rule, texts[i], at - self._telling[number]):
                found[i].append(rule)
        return found

    def has_match(self, rule: Rule, lines: Sequence[str]) -> bool:
        """Whether a rule matches a run of these lines, on its own site if it has one."""
        return any(self._is_whole_match(rule, lines, at) for at in range(len(lines)))

    @cached_property
    def exceptions(self) -> "RuleSet | None":
        """The rules with the action `keep`, to be asked alone; None where there are none."""
        keeping = [rule for rule in self.rules if rule.action == "keep"]
        return RuleSet(keeping) if keeping else None

    def find_dropped_lines(self, lines: Sequence[str], language: str) -> set[int]:
        """The numbers of the lines that a rule of one line would drop, wherever they stand."""
        return {
            at
            for at, number in self._match_lines(lines, language)
            if len((rule := self._generic[number]).match) == 1
            and rule.action == "drop"
            and rule.replace is None
            and rule.roles[0] not in ARTICLE_ROLES
        }

    def _match_lines(self, lines: Sequence[str], language: str) -> Iterator[tuple[int, int]]:
        """Numbers of lines and of the rules without a site whose telling pattern matches them, in order.

        Short lines are remembered: menus, labels and slogans come again on every page of a site.
        """
        known = self._known.setdefault(language, {})
        if len(known) > LINE_CACHE_SIZE:
            known.clear()
        fresh = [line for line in dict.fromkeys(lines) if line not in known]
        found: dict[str, list[int]] = {}
        if fresh:
            encoded = [line.encode("utf-8", "replace") for line in fresh]
            turned = [_encode_reversed(line) for line in fresh]
            doubtful: list[tuple[int, int]] = []
            for scope in (self._get_prefilter(None), self._get_prefilter(language)):
                for at, number, certain in scope(encoded, turned):
                    if certain:
                        found.setdefault(fresh[at], []).append(number)
                    else:
                        doubtful.append((number, at))
            # by rule, so that no pattern is compiled twice
            for number, at in sorted(doubtful):
                if self._is_pattern_match(self._generic[number], self._telling[number], encoded[at]):
                    found.setdefault(fresh[at], []).append(number)
            known.update((line, sorted(found.get(line, ()))) for line in fresh if len(line) <= MAX_CACHED_LINE_CHARS)
        for at, line in enumerate(lines):
            numbers = known.get(line)
            for number in sorted(found.get(line, ())) if numbers is None else numbers:
                yield at, number

    def find_labels(self, text: str, language: str, longest: int) -> Iterator[tuple[int, int, Rule]]:
        """Labels that stand inside a text: start, end and rule of each, in order.

        A label is up to `longest` words that a rule of one line matches, from a capital to before the next capital.
        """
        done = 0
        openings = [self._get_opening_automaton(None), self._get_opening_automaton(language)]
        for word in _CAPITALISED_WORD.finditer(text):
            start = word.start()
            if start < done:
                continue
            near = text[start : start + 12 * longest]
            encoded = near.encode("utf-8", "replace")
            rules = [self._generic[numbers[i]] for match, numbers in openings for i in sorted(match(encoded) or ())]
            for ending in _find_label_ends(near, longest) if rules else ():
                label = near[:ending].encode("utf-8", "replace")
                rule = next((rule for rule in rules if self._is_pattern_match(rule, 0, label)), None)
                if rule:
                    done = start + ending
                    yield start, done, rule
                    break

    def has_line_rule(self, line: str, language: str) -> bool:
        """Whether a rule of one line matches this one."""
        return self._find_line_rule(line, language) is not None

    def _find_line_rule(self, line: str, language: str) -> Rule | None:
        """The first rule of one line that matches this one."""
        rules = (self._generic[number] for _, number in self._match_lines([line], language))
        return next((rule for rule in rules if len(rule.match) == 1), None)

    def find_credit_end(self, text: str) -> int:
        """Where the credit ends with which a text opens (a name, a slash or bracket, an agency); 0 without one."""
        if self._credit is None:
            forms = sorted({*self.agencies, *self.picture_agencies}, key=len, reverse=True)
            names = "|".join(re2.escape(form) for form in forms if len(form) > 1) or "[^\\s\\S]"
            more = f"(?:[/ ,|]+(?:{names}|via|photo|images))*"
            self._credit = re2.compile(
                f"(?i)[^.!?…]{{0,50}}[/|(©] ?(?:{names}){more}[)\\]]?(?:[ ,.)|]|$)",
                build_re2_options(4 * MAX_PATTERN_BYTES),
            )
        found = self._credit.match(text[:CREDIT_WINDOW_CHARS].encode("utf-8", "replace").decode())
        return found.end() if found else 0

    def _select_site_rules(self, site: str) -> list[Rule]:
        if site not in self._by_site:
            self._by_site[site] = [
                rule for rule in self._special if any(site == s or site.endswith("." + s) for s in rule.sites)
            ]
        return self._by_site[site]

    def _is_whole_match(self, rule: Rule, lines: Sequence[str], first: int) -> bool:
        """Whether all patterns of a rule match, the first of them the line of this number."""
        if first < 0 or first + len(rule.match) > len(lines):
            return False
        return all(
            self._is_pattern_match(rule, i, lines[first + i].encode("utf-8", "replace")) for i in range(len(rule.match))
        )

    def _is_pattern_match(self, rule: Rule, number: int, line: bytes) -> bool:
        """Whether a pattern of a rule matches a line: all of it, but any part of it for a rule of a site."""
        pattern = rule.match[number]
        if ready := self._ready.get(pattern):
            return (ready.search if rule.sites else ready.fullmatch)(line) is not None
        return self._automaton(pattern, not rule.sites).match(line) is not None

    def extract_facts(self, rule: Rule, lines: Sequence[str]) -> Iterator[tuple[str, str, int]]:
        """The facts that a rule takes from the lines it matched: field, raw value, number of the line."""
        named = False
        for source, field in rule.facts.items():
            if field.startswith("="):
                yield source, field[1:], 0
            elif source.isdigit():
                yield field, lines[int(source)], int(source)
            else:
                named = True
        for i, pattern in enumerate(rule.match) if named else ():
            if "(?P<" in pattern:
                for source, value in self._groups(pattern, lines[i]):
                    if source in rule.facts:
                        yield rule.facts[source], value, i

    def rewrite_line(self, rule: Rule, number: int, line: str) -> str:
        """A line that the pattern of this number matches, each part that it matches rewritten as the rule says."""
        text = line.encode("utf-8", "replace").decode()
        return str(
            self.pattern(rule.match[number]).sub(lambda found: _expand_template(rule.replace or "", found), text)
        )

    def _extract_groups(self, pattern: str, line: str) -> list[tuple[str, str]]:
        """Names and texts of the groups of a pattern that took part in matching a line."""
        found = self.pattern(pattern).search(line.encode("utf-8", "replace").decode())
        return [(name, value.strip()) for name, value in found.groupdict().items() if value] if found else []


REPLACE_REFERENCE = re.compile(r"\\(?:([0-9]{1,2})|g<(\w+)>|(\\))", re.ASCII)
r"""What `replace` can say beside plain text: `\1` and `\g<name>` for what a group captured, `\\` for a backslash."""


def _expand_template(template: str, found: Any) -> str:
    # RE2's own expansion takes é for two characters
    return REPLACE_REFERENCE.sub(lambda one: one[3] or found[int(one[1]) if one[1] else one[2]] or "", template)


def _choose_telling_pattern(rule: Rule) -> int:
    """Which pattern of a sequence to look for first: the one that says most."""
    patterns = rule.match if len(rule.match) > 1 else ()
    return max(
        range(len(patterns)),
        key=lambda i: len(derive_loose_pattern(expand_unicode_classes(patterns[i])).text),
        default=0,
    )

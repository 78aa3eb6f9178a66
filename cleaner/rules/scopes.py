"""Which rules are asked about a line: those for all languages and those for the text's, through one automaton each.

Rules without a site are asked together.  An automaton of looser patterns (`cleaner.rules.prefilter`) reads a line once
and names the few rules that may match it; `cleaner.rules.match` then asks those with their real patterns.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from cleaner.rules.loose import derive_rule_prefilter
from cleaner.rules.model import Rule
from cleaner.rules.prefilter import LoosePattern, build_opening_pattern
from cleaner.text.automaton import MATCH_START, Automaton

COMMON_AUTOMATON_BYTES, LANGUAGE_AUTOMATON_BYTES = 16 << 20, 4 << 20
"""Memory of an automaton to begin with: that of the rules for all languages, and one for those of a language.  It gets
twice as much until that will do.  With too little it forgets its states and finds them anew, many times slower."""

MatchBytes = Callable[[bytes], list[int] | None]
"""The numbers of the patterns that match a text, in no order; None for none."""

Openings = tuple[MatchBytes, list[int]]
"""What finds patterns at the beginning of a text, and the number of the rule of each."""


def choose_telling_pattern(rule: Rule) -> int:
    """The number of the pattern of a sequence to look for first: the one with the longest looser form."""
    if rule.is_single:
        return 0
    sizes = [len(derive_rule_prefilter(pattern).text) for pattern in rule.match]
    return max(range(len(sizes)), key=sizes.__getitem__, default=0)


class RulePrefilter:
    """The telling patterns of some rules: which of the rules could match which lines.

    Patterns that read a line from its end have an automaton of their own, for lines turned round.
    """

    def __init__(self, patterns: Iterable[tuple[int, str]], memory: int) -> None:
        """`patterns` are those to look for, each with the number of its rule; `memory` is in bytes."""
        ahead: list[tuple[int, LoosePattern]] = []
        behind: list[tuple[int, LoosePattern]] = []
        for number, pattern in patterns:
            loose = derive_rule_prefilter(pattern)
            (behind if loose.backwards else ahead).append((number, loose))
        self._ahead = _build_matcher(ahead, memory)
        self._behind = _build_matcher(behind, memory)

    def __call__(self, lines: Sequence[bytes], turned: Sequence[bytes]) -> Iterator[tuple[int, int, bool]]:
        """Of lines, and the same lines turned round: the number of a line, that of a rule that could match it, and
        whether it is certain that it does."""
        for matcher, texts in ((self._ahead, lines), (self._behind, turned)):
            if matcher:
                match, rules = matcher
                for at, found in enumerate(map(match, texts)):
                    if found:
                        for i in found:
                            yield at, *rules[i]


def _build_matcher(
    patterns: Sequence[tuple[int, LoosePattern]], memory: int
) -> tuple[MatchBytes, list[tuple[int, bool]]] | None:
    """What finds these patterns, and for each the number of its rule and whether a match of it is certain; None for no
    pattern."""
    if not patterns:
        return None
    automaton = Automaton([loose.text for _, loose in patterns], memory)
    return automaton.match, [(number, loose.exact) for number, loose in patterns]


class LanguageScopes:
    """Rules without a site, numbered in their order, by the languages whose texts they are asked about.

    The scope None holds the rules for all languages, the scope of a language those that name it, and the scope "" all
    that name one: where the language of a text is not known, each could be meant.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self.telling = list(map(choose_telling_pattern, rules))
        """For each rule the number of its pattern that is looked for first."""
        self._prefilters: dict[str | None, RulePrefilter] = {}
        self._openings: dict[str | None, Openings] = {}
        self._numbers: dict[str | None, list[int]] = {None: [], "": []}
        for number, rule in enumerate(rules):
            for scope in {"", *rule.languages} if rule.languages else (None,):
                self._numbers.setdefault(scope, []).append(number)

    def _select_patterns(self, scope: str | None) -> Iterator[tuple[int, str]]:
        """Numbers and telling patterns of the rules of a scope."""
        for number in self._numbers.get(scope, ()):
            yield number, self._rules[number].match[self.telling[number]]

    def get_prefilters(self, language: str) -> tuple[RulePrefilter, RulePrefilter]:
        """What names the rules that could match lines of a text in this language: those for all, and its own."""
        return self._get_prefilter(None), self._get_prefilter(language)

    def _get_prefilter(self, scope: str | None) -> RulePrefilter:
        if scope not in self._prefilters:
            memory = LANGUAGE_AUTOMATON_BYTES if scope else COMMON_AUTOMATON_BYTES
            self._prefilters[scope] = RulePrefilter(self._select_patterns(scope), memory)
        return self._prefilters[scope]

    def get_openings(self, language: str) -> tuple[Openings, Openings]:
        """What finds the rules of one line that the first words of a text could match: those for all, and its own.

        Only rules whose beginning tells are looked for: the others could match anywhere in prose.
        """
        return self._get_openings(None), self._get_openings(language)

    def _get_openings(self, scope: str | None) -> Openings:
        if scope not in self._openings:
            chosen = [
                (number, loose)
                for number, pattern in self._select_patterns(scope)
                if (loose := derive_rule_prefilter(pattern)).quick and self._rules[number].is_single
            ]
            openings = [build_opening_pattern(loose.text) for _, loose in chosen]
            automaton = Automaton(openings, LANGUAGE_AUTOMATON_BYTES, MATCH_START)
            self._openings[scope] = (automaton.match, [number for number, _ in chosen])
        return self._openings[scope]

r"""What a rule takes from the lines it matched, as facts, and how it rewrites them.

`replace` can say `\1` and `\g<name>` for what a group captured, and `\\` for a backslash, beside plain text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from cleaner.rules.model import Rule
from cleaner.rules.patterns import CompiledPattern, PatternMatch, replace_surrogates

CapturedFact = tuple[str, str, int]
"""A field of the record, its raw value, and the number of the line in the hit, from 0."""

ReadGroups = Callable[[str, str], Iterable[tuple[str, str]]]
"""From a pattern and a line that it matches: names and texts of its groups, as `read_groups` gives them."""

REPLACE_REFERENCE = re.compile(r"\\(?:([0-9]{1,2})|g<(\w+)>|(\\))", re.ASCII)
r"""A reference in `replace`: number of a group, name of a group, or a backslash."""

NAMED_GROUP = "(?P<"
"""How a named group begins in a pattern."""

CONSTANT_SIGN = "="
"""The sign before the value of a fact that is written in the rule itself: `facts = { section = "=Sport" }`."""


def extract_facts(rule: Rule, lines: Sequence[str], read: ReadGroups) -> Iterator[CapturedFact]:
    """The facts that a rule takes from the lines it matched, one line for each of its patterns.

    A source of a fact is the number of a line, which is taken whole, or the name of a group; where the value begins
    with an equals sign, the source is the field itself.  Constants and whole lines come first, in the rule's order.
    """
    for source, field in rule.facts.items():
        if field.startswith(CONSTANT_SIGN):
            yield source, field[len(CONSTANT_SIGN) :], 0
        elif source.isdigit():
            yield field, lines[int(source)], int(source)
    if any(_is_group(source, field) for source, field in rule.facts.items()):
        for number, pattern in enumerate(rule.match):
            for source, value in read(pattern, lines[number]) if NAMED_GROUP in pattern else ():
                if source in rule.facts:
                    yield rule.facts[source], value, number


def _is_group(source: str, field: str) -> bool:
    """Whether a fact comes from a named group, not from a whole line and not from the rule itself."""
    return not (field.startswith(CONSTANT_SIGN) or source.isdigit())


def read_groups(pattern: CompiledPattern, line: str) -> list[tuple[str, str]]:
    """Names and texts of the groups of a pattern that took part in matching a line; none where it does not match."""
    found = pattern.search(replace_surrogates(line))
    return [(name, value.strip()) for name, value in found.groupdict().items() if value] if found else []


def rewrite_line(rule: Rule, pattern: CompiledPattern, line: str) -> str:
    """The line with each part that the pattern matches rewritten as the rule's `replace` says."""
    template = rule.replace or ""
    return pattern.sub(lambda found: _expand_template(template, found), replace_surrogates(line))


def _expand_template(template: str, found: PatternMatch) -> str:
    """The template with the texts of the groups in it; RE2's own expansion takes é for two characters."""

    def read(reference: re.Match[str]) -> str:
        number, name, backslash = reference.groups()
        return backslash or found[int(number) if number else name] or ""

    return REPLACE_REFERENCE.sub(read, template)

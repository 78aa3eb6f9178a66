"""What loading refuses: everything that is wrong with the rules of a file, each fault with its place and its cure."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import re2
from msgspec import Struct
from msgspec.structs import fields

from cleaner.document import ARTICLE_ROLES, ROLES
from cleaner.rules.files import find_rule_lines, find_rules_folder
from cleaner.rules.match import REPLACE_REFERENCE, RuleSet
from cleaner.rules.model import FACT_FIELDS, Rule, RulePack
from cleaner.rules.patterns import build_re2_options, expand_unicode_classes
from cleaner.rules.prefilter import derive_loose_pattern
from cleaner.text import languages

_ANCHORED_PATTERN = re.compile(r"(?:\(\?[imsU]+\))?\^.*(?<!\\)(?:\\\\)*\$", re.DOTALL)
_KEY_EXAMPLES = {
    "role": 'role = "advertisement"',
    "match": "match = ['^Slot [0-9]+$']",
    "examples": 'examples = ["Slot 4"]',
    "keeps": 'keeps = ["Slot 4 is free."]',
    "languages": 'languages = ["de"]',
    "sites": 'sites = ["example.org"]',
    "facts": 'facts = { who = "authors" }',
    "until": "until = 2030-12-31",
    "confidence": "confidence = 0.9",
}


NO_LANGUAGE = "und"
"""A language that no rule names: only rules for all languages are asked."""


class Fault(Struct, frozen=True):
    """What is wrong with a rule of a file, with its cure; `number` counts the rules of the file from 1."""

    path: Path
    number: int
    rule: str
    what: str

    def find_line(self) -> int:
        """The line of the file in which the rule begins; 0 where that cannot be told."""
        lines = find_rule_lines(self.path) if self.number else []  # a rule that is yet to be written stands nowhere
        return lines[self.number - 1] if 0 < self.number <= len(lines) else 0

    def __str__(self) -> str:
        line = self.find_line()
        return f"{self.path}{f':{line}' if line else ''}: rule {self.rule!r}: {self.what}"


def parse_rules(path: Path, pack: RulePack) -> tuple[list[Rule], list[Fault]]:
    """The rules of a pack that have the keys and types of a rule, and what is wrong with the others."""
    rules: list[Rule] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    # a name of a file may hold bytes that no text has
    pack_name = path.stem.encode("utf-8", "replace").decode()
    spoken = (path.stem,) if path.parent == find_rules_folder() and path.stem not in ("any", "en") else ()
    for number, table in enumerate(pack.rule, 1):
        name = str(table.get("id") or f"number {number}")
        try:
            rule = msgspec.convert({"languages": spoken, **table, "pack": pack_name}, Rule)
        except (msgspec.ValidationError, RecursionError):
            faults += [Fault(path, number, name, what) for what in _find_mistyped_keys(table)]
            continue
        if rule.id in seen:
            faults.append(Fault(path, number, name, "this id stands twice in the file; rename one of the two"))
            continue
        seen.add(rule.id)
        rules.append(rule)
    return rules, faults


def find_faults(path: Path, pack: RulePack, rules: Sequence[Rule]) -> Iterator[Fault]:
    """What else is wrong with the rules of a pack: their parts, their patterns, their examples and keeps."""
    ready: dict[str, Any] = {}
    wrong = list(find_unsound_rules(path, pack, rules, ready))
    yield from wrong
    bad = {fault.rule for fault in wrong}
    sound = [rule for rule in rules if rule.id not in bad]
    numbers = index_rules(pack)
    for rule, what in find_failed_proofs(sound, RuleSet(sound, (), ready)):
        yield Fault(path, numbers[rule.id], rule.id, what)


def index_rules(pack: RulePack) -> dict[str, int]:
    """The number of each rule of a pack by its id, the first of an id that stands twice."""
    return {str(table.get("id")): number for number, table in reversed(list(enumerate(pack.rule, 1)))}


def find_unsound_rules(path: Path, pack: RulePack, rules: Sequence[Rule], ready: dict[str, Any]) -> Iterator[Fault]:
    """What is wrong with the parts and patterns of rules; the patterns that RE2 takes are put into `ready`."""
    numbers = index_rules(pack)
    for rule in rules:
        for what in (
            *_find_invalid_parts(rule),
            *_find_refused_patterns(rule, ready),
            *_find_bad_references(rule, ready),
        ):
            yield Fault(path, numbers[rule.id], rule.id, what)


def _find_mistyped_keys(table: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the keys of a table and their types."""
    known = {field.name: field for field in fields(Rule) if field.name != "pack"}
    for key, value in table.items():
        if key not in known:
            meant = get_close_matches(key, known, 1)
            cure = f"did you mean {meant[0]}?" if meant else f"the keys of a rule are {', '.join(known)}"
            yield f"Object contains unknown field `{key}`; {cure}"
            continue
        try:
            msgspec.convert(value, known[key].type)
        except msgspec.ValidationError as error:
            yield f"{key}: {error}; write it as in {_KEY_EXAMPLES.get(key, f'{key} = ...')}"
        except RecursionError:
            yield f"{key}: nested too deeply; write it as in {_KEY_EXAMPLES.get(key, f'{key} = ...')}"
    for name, field in known.items():
        if field.required and name not in table:
            yield f"Object missing required field `{name}`; add it, as in {_KEY_EXAMPLES.get(name, f'{name} = ...')}"


def _find_invalid_parts(rule: Rule) -> Iterator[str]:
    """What a single rule must not be."""
    if not rule.match:
        yield "match is empty; give one pattern a line"
    elif len(rule.roles) != len(rule.match):
        yield f"{len(rule.match)} patterns but {len(rule.roles)} roles; give one role for all, or one each"
    for role in dict.fromkeys((rule.role,) if isinstance(rule.role, str) else rule.role):
        if role not in ROLES:
            yield f"there is no role {role!r}; the roles are {', '.join(sorted(ROLES))}"
    if not rule.examples or not rule.keeps:
        yield "a rule needs at least one example that matches and one keep that does not"
    for pattern in rule.match:
        if len(rule.match) == 1 and not rule.sites and not _ANCHORED_PATTERN.fullmatch(pattern):
            yield f"{pattern!r} may hit inside prose; write ^...$ around it, or name the sites it is for"
    for source, field in rule.facts.items():
        constant = field.startswith("=")
        if (source if constant else field) not in FACT_FIELDS:
            yield f"facts: there is no field {source if constant else field!r}; fields: {sorted(FACT_FIELDS)}"
        if not constant and source.isdecimal() and int(source) >= len(rule.match):
            yield f"facts: line {source} of a rule with {len(rule.match)} patterns; the first line is 0"
        if not constant and not source.isdecimal() and not any(f"(?P<{source}>" in one for one in rule.match):
            yield f"facts: no pattern has a group (?P<{source}>...)"


def _find_refused_patterns(rule: Rule, ready: dict[str, Any]) -> Iterator[str]:
    """Which patterns RE2 refuses."""
    for pattern in rule.match:
        try:
            ready[pattern] = re2.compile(expand_unicode_classes(pattern), build_re2_options())
            re2.compile(derive_loose_pattern(expand_unicode_classes(pattern)).text, build_re2_options())
        except (re2.error, ValueError) as error:
            what = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
            cure = "RE2 has no lookaround and no backreference; say it with another pattern, or a keep rule"
            if "too large" in what or "too deep" in what:
                cure = "split it into several rules, or allow any number with * or + where it counts, as in {1,500}"
            if what.startswith(("missing", "unexpected")):
                cure = "close each bracket, or write a backslash before one that is only a sign"
            yield f"pattern {pattern!r}: {what}; {cure}"


def _find_bad_references(rule: Rule, ready: dict[str, Any]) -> Iterator[str]:
    """Which references of `replace` are to no group of the patterns, of those that RE2 takes."""
    for number, name, _ in REPLACE_REFERENCE.findall(rule.replace or ""):
        for pattern in rule.match:
            compiled = ready.get(pattern)
            if compiled and (int(number) > compiled.groups if number else name and name not in compiled.groupindex):
                group = f"\\{number}" if number else f"\\g<{name}>"
                yield f"replace: {group} is no group of {pattern!r}; put brackets around what it should stand for"
    if "\\" in REPLACE_REFERENCE.sub("", rule.replace or ""):
        yield r"replace: a backslash stands before a number or g<name> only; write \\ for the sign itself"


def find_failed_proofs(rules: Sequence[Rule], among: RuleSet) -> Iterator[tuple[Rule, str]]:
    """Which examples of these rules do not match, which keeps do, and which prose would go; all are `among` others.

    All texts are asked together.
    """
    for language, spoken in group_by_language(rules):
        texts = [
            (rule, text, proves)
            for rule in spoken
            for proves, some in ((True, rule.examples), (False, rule.keeps))
            for text in some
        ]
        matched = among.match_texts([split_lines(text) for _, text, _ in texts], language)
        for (rule, text, proves), found in zip(texts, matched, strict=True):
            hit = among.has_match(rule, split_lines(text)) if rule.sites else rule in found
            if proves and not hit:
                yield rule, f"the example {text!r} does not match; mend one of them"
            if hit and not proves:
                yield rule, f"matches its own keep {text!r}; narrow the pattern"
    own = {rule.id for rule in rules}
    for sentence, found in zip(load_prose(), among.match_texts([[one] for one in load_prose()]), strict=True):
        for rule in found:
            if rule.id in own and is_dropping_prose(rule):
                yield (
                    rule,
                    (
                        f"would drop the sentence {sentence!r} of an article; "
                        "narrow the pattern: no rule for all sites may drop what is in cleaner/text/languages"
                    ),
                )


def is_dropping_prose(rule: Rule) -> bool:
    """Whether a hit of this rule on a line between two paragraphs takes it out of the text."""
    return rule.action == "drop" and not rule.where and rule.roles[0] not in ARTICLE_ROLES


@cache
def load_prose() -> tuple[str, ...]:
    """Sentences of articles in many languages, none of which a rule may drop that is for all sites."""
    return tuple(sentence for sentences in languages.load_prose().values() for sentence in sentences)


def group_by_language(rules: Sequence[Rule]) -> list[tuple[str, list[Rule]]]:
    """Rules with the language in which to ask about their examples; those for all are asked without the others."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault(rule.languages[0] if rule.languages else NO_LANGUAGE, []).append(rule)
    return list(found.items())


def split_lines(text: str) -> list[str]:
    """The lines of an example or a keep."""
    return [line.strip() for line in text.split("\n") if line.strip()]

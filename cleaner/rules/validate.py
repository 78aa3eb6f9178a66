"""What loading refuses in the tables of a rule file: their keys, parts and patterns, each with its place and its cure.

The same checks serve rules (`Rule`) and signs of translation (`cleaner.rules.signs`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import msgspec
import re2
from msgspec import Struct
from msgspec.structs import FieldInfo, fields

from cleaner.document import ROLES
from cleaner.rules.captures import CONSTANT_SIGN, NAMED_GROUP, REPLACE_REFERENCE
from cleaner.rules.files import find_table_lines, get_table_name
from cleaner.rules.model import FACT_FIELDS, Rule, RulePack, TomlTable
from cleaner.rules.packs import find_rules_folder
from cleaner.rules.patterns import CompiledPattern, compile_pattern, compile_rule_pattern, expand_unicode_classes
from cleaner.rules.prefilter import derive_loose_pattern
from cleaner.rules.reach import check_reach

TableType = TypeVar("TableType", bound=Struct)

PACKS_OF_MORE_LANGUAGES = frozenset({"any", "en"})
"""Shipped packs whose rules are asked about texts in every language: English labels stand on pages in all of them."""

_ANCHORED_PATTERN = re.compile(r"(?:\(\?[imsU]+\))?\^.*(?<!\\)(?:\\\\)*\$", re.DOTALL)

_HIDDEN_KEYS = frozenset({"pack"})
"""Fields of a table that loading fills in, and that no file may write."""

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
    "kind": 'kind = "calque"',
    "source": 'source = ["de"]',
    "english": 'english = ["Kyiv"]',
    "forms": 'forms = { de = ["Kiew"] }',
}
"""How a key is written, for messages about a missing one or one of another type."""

_PATTERN_CURES: Mapping[re.Pattern[str], str] = {
    re.compile("missing|unexpected"): "close each bracket, or write a backslash before one that is only a sign",
    re.compile(".*too (?:large|deep)", re.DOTALL): (
        "split it into several rules, or allow any number with * or + where it counts, as in {1,500}"
    ),
    re.compile(""): "RE2 has no lookaround and no backreference; say it with another pattern, or a keep rule",
}
"""What to do about a pattern that RE2 refuses, by the beginning of its message; the first that fits."""


class Fault(Struct, frozen=True):
    """What is wrong with a rule of a file, with its cure.

    `number` counts the tables `[[table]]` of the file from 1; 0 is a rule that is yet to be written.
    """

    path: Path
    number: int
    rule: str
    what: str
    table: str = "rule"

    def find_line(self) -> int:
        """The line of the file in which the rule begins; 0 where that cannot be told."""
        lines = find_table_lines(self.path, self.table) if self.number else []
        return lines[self.number - 1] if 0 < self.number <= len(lines) else 0

    def __str__(self) -> str:
        line = self.find_line()
        return f"{self.path}{f':{line}' if line else ''}: {self.table} {self.rule!r}: {self.what}"


# ---------------------------------------------------------------- tables and their keys


def parse_rules(path: Path, pack: RulePack) -> tuple[list[Rule], list[Fault]]:
    """The rules of a pack that have the keys and types of a rule, and what is wrong with the others."""
    rules: list[Rule] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    # a name of a file may hold bytes that no text has
    added: TomlTable = {"pack": path.stem.encode("utf-8", "replace").decode()}
    spoken = path.parent == find_rules_folder() and path.stem not in PACKS_OF_MORE_LANGUAGES
    defaults: TomlTable = {"languages": (path.stem,)} if spoken else {}
    for number, table in enumerate(pack.rule, 1):
        rule, wrong = convert_table({**defaults, **table}, Rule, added)
        if rule:
            wrong = list(find_second_use(rule.id, seen))
        faults += [Fault(path, number, get_table_name(table, number), what) for what in wrong]
        if rule and not wrong:
            rules.append(rule)
    return rules, faults


def find_second_use(id: str, seen: set[str]) -> Iterator[str]:
    """That an id stands twice in a file, where it is among those seen; puts it there otherwise."""
    if id in seen:
        yield "this id stands twice in the file; rename one of the two"
    seen.add(id)


def convert_table(
    table: TomlTable, kind: type[TableType], added: TomlTable
) -> tuple[TableType, list[str]] | tuple[None, list[str]]:
    """A table as what it is read as, with the values that loading adds; None and what is wrong where that fails."""
    try:
        return msgspec.convert({**table, **added}, kind), []
    except (msgspec.ValidationError, RecursionError):
        return None, list(_find_mistyped_keys(table, kind))


def _find_mistyped_keys(table: TomlTable, kind: type[Struct]) -> Iterator[str]:
    """What is wrong with the keys of a table and the types of their values."""
    known = {field.name: field for field in fields(kind) if field.name not in _HIDDEN_KEYS}
    for key, value in table.items():
        if key in known:
            yield from _find_mistyped_value(known[key], value)
            continue
        meant = get_close_matches(key, known, 1)
        cure = f"did you mean {meant[0]}?" if meant else f"the keys of a {kind.__name__.lower()} are {', '.join(known)}"
        yield f"Object contains unknown field `{key}`; {cure}"
    for name, field in known.items():
        if field.required and name not in table:
            yield f"Object missing required field `{name}`; add it, as in {_get_key_example(name)}"


def _find_mistyped_value(field: FieldInfo, value: object) -> Iterator[str]:
    """That the value of a key has another type than its field."""
    try:
        msgspec.convert(value, field.type)
    except msgspec.ValidationError as error:
        yield f"{field.name}: {error}; write it as in {_get_key_example(field.name)}"
    except RecursionError:
        yield f"{field.name}: nested too deeply; write it as in {_get_key_example(field.name)}"


def _get_key_example(key: str) -> str:
    """How a key is written, for a message."""
    return _KEY_EXAMPLES.get(key, f"{key} = ...")


def index_rules(pack: RulePack) -> dict[str, int]:
    """The number of each rule of a pack by its id, the first of an id that stands twice."""
    return {str(table.get("id")): number for number, table in reversed(list(enumerate(pack.rule, 1)))}


# ---------------------------------------------------------------- parts of a rule


def find_unsound_rules(
    path: Path, pack: RulePack, rules: Sequence[Rule], ready: dict[str, CompiledPattern]
) -> Iterator[Fault]:
    """What is wrong with the parts and patterns of rules; the patterns that RE2 takes are put into `ready`."""
    numbers = index_rules(pack)
    for rule in rules:
        for check in _RULE_CHECKS:
            for what in check(rule):
                yield Fault(path, numbers[rule.id], rule.id, what)
        for what in (
            *find_refused_patterns(rule.match, ready, _compile_with_prefilter),
            *_check_references(rule, ready),
        ):
            yield Fault(path, numbers[rule.id], rule.id, what)


def _check_roles(rule: Rule) -> Iterator[str]:
    """There must be a pattern, a role for each where there are several, and only roles of the record."""
    if not rule.match:
        yield "match is empty; give one pattern a line"
    elif len(rule.roles) != len(rule.match):
        yield f"{len(rule.match)} patterns but {len(rule.roles)} roles; give one role for all, or one each"
    for role in dict.fromkeys((rule.role,) if isinstance(rule.role, str) else rule.role):
        if role not in ROLES:
            yield f"there is no role {role!r}; the roles are {', '.join(sorted(ROLES))}"


def check_proof_texts(one: Rule | Struct, examples: Sequence[str], keeps: Sequence[str]) -> Iterator[str]:
    """That a rule or a sign has nothing to prove itself with."""
    if not (examples and keeps):
        yield f"a {type(one).__name__.lower()} needs at least one example that matches and one keep that does not"


def _check_anchors(rule: Rule) -> Iterator[str]:
    """A single line without a site must be matched as a whole; a sequence needs all its lines anyway."""
    for pattern in rule.match if rule.is_single and not rule.sites else ():
        if not _ANCHORED_PATTERN.fullmatch(pattern):
            yield f"{pattern!r} may hit inside prose; write ^...$ around it, or name the sites it is for"


def _check_facts(rule: Rule) -> Iterator[str]:
    """Facts must come from lines and groups that the rule has, and go to fields of the record."""
    for source, field in rule.facts.items():
        if field.startswith(CONSTANT_SIGN):
            yield from _check_field(source)
            continue
        yield from _check_field(field)
        if not source.isdecimal():
            if not any(f"{NAMED_GROUP}{source}>" in pattern for pattern in rule.match):
                yield f"facts: no pattern has a group (?P<{source}>...)"
        elif int(source) >= len(rule.match):
            yield f"facts: line {source} of a rule with {len(rule.match)} patterns; the first line is 0"


def _check_field(name: str) -> Iterator[str]:
    """That the record has no field of this name for rules to fill."""
    if name not in FACT_FIELDS:
        yield f"facts: there is no field {name!r}; fields: {sorted(FACT_FIELDS)}"


_RULE_CHECKS: tuple[Callable[[Rule], Iterator[str]], ...] = (
    _check_roles,
    lambda rule: check_proof_texts(rule, rule.examples, rule.keeps),
    _check_anchors,
    _check_facts,
    check_reach,
)
"""What a rule must not be, beside its patterns; each yields what is wrong, with its cure."""


# ---------------------------------------------------------------- patterns


def find_refused_patterns(
    patterns: Iterable[str], ready: dict[str, CompiledPattern], build: Callable[[str], CompiledPattern]
) -> Iterator[str]:
    """Which patterns RE2 refuses, and what to do about it; the others are put into `ready`.

    `build` compiles a pattern as it is used, and raises `re2.error` or `ValueError`.
    """
    for pattern in patterns:
        try:
            ready[pattern] = build(pattern)
        except (re2.error, ValueError) as error:
            raw: object = next(iter(error.args), "")
            what = raw.decode() if isinstance(raw, bytes) else str(error)
            yield f"pattern {pattern!r}: {what}; {_choose_pattern_cure(what)}"


def _choose_pattern_cure(what: str) -> str:
    """What to do about a pattern of which RE2 says this."""
    return next(cure for sign, cure in _PATTERN_CURES.items() if sign.match(what))


def _compile_with_prefilter(pattern: str) -> CompiledPattern:
    """A pattern of a rule, whose looser form RE2 must take as well."""
    compiled = compile_rule_pattern(pattern)
    compile_pattern(derive_loose_pattern(expand_unicode_classes(pattern)).text)
    return compiled


def _check_references(rule: Rule, ready: Mapping[str, CompiledPattern]) -> Iterator[str]:
    """Which references of `replace` are to no group of the patterns, of those that RE2 takes."""
    template = rule.replace or ""
    compiled = [(pattern, ready[pattern]) for pattern in rule.match if pattern in ready]
    for number, name, _ in REPLACE_REFERENCE.findall(template):
        group = f"\\{number}" if number else f"\\g<{name}>"
        for pattern, one in compiled:
            if (number and int(number) > one.groups) or (name and name not in one.groupindex):
                yield f"replace: {group} is no group of {pattern!r}; put brackets around what it should stand for"
    if "\\" in REPLACE_REFERENCE.sub("", template):
        yield r"replace: a backslash stands before a number or g<name> only; write \\ for the sign itself"

"""All that can be said of rule files: what loading refuses, and what people should look at."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from cleaner.errors import RuleError
from cleaner.rules.files import read_pack
from cleaner.rules.loading import combine_packs, select_outdated_rules
from cleaner.rules.match import RuleSet
from cleaner.rules.model import Rule
from cleaner.rules.packs import PackFile, collect_packs, resolve_pack_names
from cleaner.rules.proof import find_failed_proofs, group_by_language, load_prose, split_lines
from cleaner.rules.sign_files import find_sign_faults, holds_signs, parse_signs
from cleaner.rules.validate import Fault, find_unsound_rules, index_rules, parse_rules

MIN_WIDE_SENTENCES = 3
"""Beginnings of different sentences that a rule may match before it is called too wide."""

MAX_PROGRAM_INSTRUCTIONS = 150_000
"""Instructions of a pattern's program above which it is called slow: each takes memory, and time on every line."""

RemarkKind = Literal["refused", "expired", "replaced", "shadowed", "overlap", "wide", "slow"]

RuleRemark = tuple[Rule, RemarkKind, str]
"""A rule, and what is to be said of it."""


class Remark(Struct, frozen=True):
    """What is to be said of a rule of a file, or of the file where `rule` is empty; `line` is 0 where none is known."""

    path: str
    line: int
    rule: str
    kind: RemarkKind
    what: str


class CheckedCounts(Struct):
    """What was checked: rule files, their rules, and their examples and keeps."""

    packs: int = 0
    rules: int = 0
    texts: int = 0


def lint_packs(
    given: Sequence[str | Path],
    extends: Sequence[str] | None,
    disable: Sequence[str],
    today: date,
    own: Callable[[PackFile], bool],
    checked: CheckedCounts,
    warn: bool = True,
) -> Iterator[Remark]:
    """All remarks on the packs among those loaded that are `own`: refusals first, then warnings with `warn`.

    What is not own is only read for warnings.
    """
    readable, sound = [], True
    for remark in _find_unreadable(given):
        sound = False
        yield remark
    if not sound:
        given = [path for path, _ in _find_readable(given)]
    try:
        packs = collect_packs(given, extends)
    except RuleError as error:
        yield Remark("", 0, "", "refused", str(error))
        packs = [PackFile(path, read_pack(path), package) for path, package in _find_readable(given)]
        sound = False
    ready: dict[str, Any] = {}
    for one in packs:
        rules, wrong = parse_rules(one.path, one.pack)
        if own(one):
            wrong += find_unsound_rules(one.path, one.pack, rules, ready)
            checked.packs += 1
            checked.rules += len(one.pack.rule)
            checked.texts += sum(len(rule.examples) + len(rule.keeps) for rule in rules)
        for fault in wrong:
            sound = False
            yield Remark(str(fault.path), fault.find_line(), fault.rule, "refused", fault.what)
        bad = {fault.rule for fault in wrong}
        readable.append((one, [rule for rule in rules if rule.id not in bad]))
    near = [rules for one, rules in readable if warn or own(one)]
    among = RuleSet((rule for rules in near for rule in rules), (), ready)
    for one, rules in readable:
        numbers = index_rules(one.pack) if own(one) else {}
        for rule, what in find_failed_proofs(rules, among) if own(one) else ():
            sound = False
            fault = Fault(one.path, numbers[rule.id], rule.id, what)
            yield Remark(str(fault.path), fault.find_line(), fault.rule, "refused", what)
    if sound:
        try:
            combine_packs(packs, prove=False, disable=disable)
        except RuleError as error:
            yield Remark("", 0, "", "refused", str(error))
    if warn:
        yield from _find_warnings(readable, among, ready, own, today)


def split_sign_files(given: Sequence[str | Path]) -> tuple[list[str | Path], list[Path]]:
    """The names of rule files, and the files of those names that stand for signs of translation only."""
    rules: list[str | Path] = []
    signs: list[Path] = []
    for name in given:
        files = [path for path, _ in _find_files(name)]
        if files and all(map(_holds_signs, files)):
            signs += files
        else:
            rules.append(name)
    return rules, signs


def _holds_signs(path: Path) -> bool:
    """Whether a file holds signs of translation; not for one that cannot be read, of which `lint_packs` says why."""
    try:
        return holds_signs(path)
    except (RuleError, RecursionError):
        return False


def lint_signs(files: Iterable[Path], checked: CheckedCounts) -> Iterator[Remark]:
    """All that loading refuses in files of signs of translation."""
    for path in files:
        try:
            signs, faults = parse_signs(path)
        except RuleError as error:
            yield Remark("", 0, "", "refused", str(error))
            continue
        checked.packs += 1
        checked.rules += len(signs)
        checked.texts += sum(len(sign.examples) + len(sign.keeps) for sign in signs)
        for fault in faults or find_sign_faults(path, signs):
            yield Remark(str(path), fault.find_line(), fault.rule, "refused", fault.what)


def _find_readable(given: Sequence[str | Path]) -> list[tuple[Path, str]]:
    found = []
    for name in given:
        for path, package in _find_files(name):
            try:
                read_pack(path)
            except RuleError:
                continue
            found.append((path, package))
    return found


def _find_files(name: str | Path) -> list[tuple[Path, str]]:
    try:
        return resolve_pack_names([name])
    except RuleError:
        return []


def _find_unreadable(given: Sequence[str | Path]) -> Iterator[Remark]:
    """Which of these files cannot be read, and why."""
    for name in given:
        try:
            some = resolve_pack_names([name])
        except RuleError as error:
            yield Remark("", 0, "", "refused", str(error))
            continue
        for path, _ in some:
            try:
                read_pack(path)
            except RuleError as error:
                yield Remark("", 0, "", "refused", str(error))


# ---------------------------------------------------------------- warnings


def _find_warnings(
    packs: Sequence[tuple[PackFile, list[Rule]]],
    among: RuleSet,
    ready: Mapping[str, Any],
    own: Callable[[PackFile], bool],
    today: date,
) -> Iterator[Remark]:
    where: dict[str, PackFile] = {}
    rules: dict[str, Rule] = {}
    for one, some in packs:
        for rule in some:
            if rule.id in where and own(one):
                was = where[rule.id].path
                yield _build_remark(
                    one,
                    rule,
                    "replaced",
                    f"takes the place of the rule of this id in {was}; rename one, "
                    "or say with disable that it is meant",
                )
            where[rule.id], rules[rule.id] = one, rule
        for id in one.pack.disable:
            rules.pop(id, None)
    mine = [rule for rule in rules.values() if own(where[rule.id])]
    for rule in select_outdated_rules(mine, today):
        what = f"was to be looked at again by {rule.until}; renew the date, or remove the rule"
        yield _build_remark(where[rule.id], rule, "expired", what)
    for rule, kind, what in (
        *_find_overlaps(mine, list(rules.values()), among),
        *_find_wide(mine, among),
        *_find_slow(mine, ready),
    ):
        yield _build_remark(where[rule.id], rule, kind, what)


def _build_remark(one: PackFile, rule: Rule, kind: RemarkKind, what: str) -> Remark:
    fault = Fault(one.path, index_rules(one.pack)[rule.id], rule.id, what)
    return Remark(str(one.path), fault.find_line(), rule.id, kind, what)


def _find_overlaps(mine: Sequence[Rule], others: Sequence[Rule], among: RuleSet) -> Iterator[RuleRemark]:
    """Rules of one line whose examples fall to another rule, which goes first and means something else by them."""
    order = {rule.id: (number, rule) for number, rule in enumerate(others)}
    lost: Counter[tuple[str, str]] = Counter()
    for language, spoken in group_by_language([rule for rule in mine if len(rule.match) == 1 and not rule.sites]):
        asked = [(rule, text) for rule in spoken for text in rule.examples]
        for (rule, _), found in zip(
            asked, among.match_texts([split_lines(text) for _, text in asked], language), strict=True
        ):
            for other in found:
                if (
                    other.id != rule.id
                    and other.id in order
                    and order[other.id][1] is other
                    and _has_common_scope(rule, other)
                ):
                    lost[rule.id, other.id] += 1
    for (id, other_id), count in lost.items():
        (place, rule), (other_place, other) = order[id], order[other_id]
        language = rule.languages[0] if len(rule.languages) == 1 else ""
        if (*other.rank_in(language), other_place) > (*rule.rank_in(language), place):
            continue
        if count == len(rule.examples) and _is_covering(other, rule):
            what = f"{other_id} matches all its examples, and goes first; remove one, or narrow {other_id}"
            yield rule, "shadowed", what
        elif _has_other_effect(rule, other):
            what = f"{count} of its {len(rule.examples)} examples fall to {other_id} ({', '.join(other.roles)})"
            yield rule, "overlap", f"{what}, which goes first; narrow one of the two"


def _has_common_scope(one: Rule, other: Rule) -> bool:
    """Whether two rules can be asked about one line."""
    speak = not one.languages or not other.languages or not set(one.languages).isdisjoint(other.languages)
    return len(other.match) == 1 and speak and not (one.where and other.where and one.where != other.where)


def _is_covering(other: Rule, rule: Rule) -> bool:
    """Whether a rule is asked wherever another one is."""
    speaks = not other.languages or (bool(rule.languages) and set(rule.languages) <= set(other.languages))
    return speaks and other.where in ("", rule.where) and other.action == rule.action


def _has_other_effect(one: Rule, other: Rule) -> bool:
    """Whether it matters which of two rules a line falls to."""
    return (one.roles, one.replace, one.through) != (other.roles, other.replace, other.through) and (
        one.action == other.action
    )


def _find_wide(mine: Sequence[Rule], among: RuleSet) -> Iterator[RuleRemark]:
    """Rules that would drop the beginnings of sentences, as crossheads and titles read, or for a site whole ones."""
    begun = [
        (sentence, " ".join(words[:many]))
        for sentence in load_prose()
        if len(words := sentence.split()) > 8
        for many in (3, 5, 7)
    ]
    hit: dict[str, dict[str, str]] = {}
    for (sentence, text), found in zip(begun, among.match_texts([[text] for _, text in begun]), strict=True):
        for rule in found:
            if rule.changes_prose and rule.is_single:
                hit.setdefault(rule.id, {})[sentence] = text
    for rule in mine:
        some = hit.get(rule.id, {})
        if rule.sites and rule.is_single and rule.classifies:
            some = {sentence: sentence for sentence in load_prose() if among.has_match(rule, [sentence])}
        if len(some) >= (1 if rule.sites else MIN_WIDE_SENTENCES):
            what = f"matches what any article may say, such as {next(iter(some.values()))!r}; narrow the pattern"
            yield rule, "wide", what


def _find_slow(mine: Sequence[Rule], ready: Mapping[str, Any]) -> Iterator[RuleRemark]:
    for rule in mine:
        size = max(ready[pattern].programsize for pattern in rule.match)
        if size > MAX_PROGRAM_INSTRUCTIONS:
            what = f"its pattern makes a program of {size:,} steps; write * or + for a large number in braces"
            yield rule, "slow", what

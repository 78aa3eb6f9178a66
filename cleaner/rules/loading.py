"""From rule files to the rules of a run: every pack checked and proven, later rules in the place of earlier ones."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from cleaner.errors import RuleError
from cleaner.rules.match import RuleSet
from cleaner.rules.model import Rule
from cleaner.rules.packs import PackFile, collect_packs, find_rules_folder
from cleaner.rules.patterns import CompiledPattern
from cleaner.rules.proof import find_failed_proofs
from cleaner.rules.validate import Fault, find_unsound_rules, index_rules, parse_rules


def load(
    given: Sequence[str | Path] = (),
    prove: bool = True,
    extends: Sequence[str] | None = None,
    disable: Sequence[str] = (),
) -> RuleSet:
    """The shipped packs and then these rule files, folders of them and installed packages.

    A later rule replaces an earlier one of the same id, and those of `disable` are taken out.  With `extends`, or when
    one of the files says so, only the packs it names come first.  With `prove`, these files must prove themselves.
    Raises `RuleError` for anything that a rule file must not say, with the file, the rule and the cure.
    """
    packs = collect_packs(given, extends)
    return RuleSet(combine_packs(packs, prove, disable), [one.pack for one in packs])


def combine_packs(packs: Iterable[PackFile], prove: bool = True, disable: Sequence[str] = ()) -> list[Rule]:
    """The rules that are left of packs in this order, by id; raises `RuleError`."""
    rules: dict[str, Rule] = {}
    packages: dict[str, str] = {}
    for one in packs:
        # the shipped packs are proven by the tests
        for rule in prove_pack(one, prove and not one.path.is_relative_to(find_rules_folder())):
            _check_owner(one, rule.id, packages.get(rule.id, ""))
            packages[rule.id] = one.package
            rules[rule.id] = rule
        _disable_rules(rules, one.pack.disable, str(one.path))
    _disable_rules(rules, disable, "project settings")
    return list(rules.values())


def _check_owner(one: PackFile, id: str, other: str) -> None:
    """Raises `RuleError` where another installed package has brought a rule of this id: neither knows of the other."""
    if other and one.package and other != one.package:
        raise RuleError(
            f"{one.path}: rule {id!r}: two installed packages have it, {other} and {one.package}; "
            "load one of them, or ask their authors to rename it"
        )


def _disable_rules(rules: dict[str, Rule], ids: Iterable[str], place: str) -> None:
    """Takes rules out; raises `RuleError` for an id that no rule has, as a misspelled one would do nothing."""
    for id in ids:
        if rules.pop(id, None) is None:
            raise RuleError(f"{place}: disable names {id!r}, but no rule before it has that id; check its spelling")


def prove_pack(one: PackFile, prove: bool = True) -> list[Rule]:
    """The rules of a pack; raises `RuleError` with the first fault, and says how many there are."""
    rules, found = parse_rules(one.path, one.pack)
    if prove and not found:
        found = _find_faults(one, rules)
    raise_first_fault(found)
    return rules


def raise_first_fault(found: Sequence[Fault]) -> None:
    """Raises `RuleError` with the first of these faults, if there is any, and says where to read the others."""
    if found:
        more = f" ({len(found) - 1} more: see cleaner rules lint {found[0].path})" if len(found) > 1 else ""
        raise RuleError(f"{found[0]}{more}")


def _find_faults(one: PackFile, rules: Sequence[Rule]) -> list[Fault]:
    """What is wrong with the rules of a pack beyond their keys: their parts, their patterns, their examples and keeps.

    Rules with a wrong part are not asked to prove themselves.
    """
    ready: dict[str, CompiledPattern] = {}
    wrong = list(find_unsound_rules(one.path, one.pack, rules, ready))
    bad = {fault.rule for fault in wrong}
    sound = [rule for rule in rules if rule.id not in bad]
    numbers = index_rules(one.pack)
    failed = find_failed_proofs(sound, RuleSet(sound, (), ready))
    return wrong + [Fault(one.path, numbers[rule.id], rule.id, what) for rule, what in failed]


def select_outdated_rules(rules: Iterable[Rule], today: date) -> list[Rule]:
    """The rules whose `until` lies before this day."""
    return [rule for rule in rules if rule.until and rule.until < today]

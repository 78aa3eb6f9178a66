"""Rules as data: TOML packs in, proven rules out.

`python -m cleaner.rules FILE ...` checks rule files; `cleaner rules lint` says more.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from cleaner.errors import RuleError
from cleaner.rules.files import PackFile, collect_packs, find_rules_folder, read_pack
from cleaner.rules.match import RuleSet
from cleaner.rules.model import Rule
from cleaner.rules.validate import Fault, find_faults, parse_rules


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
            other = packages.get(rule.id, "")
            if other and one.package and other != one.package:
                raise RuleError(
                    f"{one.path}: rule {rule.id!r}: two installed packages have it, {other} and {one.package}; "
                    "load one of them, or ask their authors to rename it"
                )
            packages[rule.id] = one.package
            rules[rule.id] = rule
        for id in one.pack.disable:
            _disable_rule(rules, id, str(one.path))
    for id in disable:
        _disable_rule(rules, id, "project settings")
    return list(rules.values())


def _disable_rule(rules: dict[str, Rule], id: str, place: str) -> None:
    if rules.pop(id, None) is None:
        raise RuleError(f"{place}: disable names {id!r}, but no rule before it has that id; check its spelling")


def prove_pack(one: PackFile, prove: bool = True) -> list[Rule]:
    """The rules of a pack; raises `RuleError` with the first fault, and says how many there are."""
    rules, found = parse_rules(one.path, one.pack)
    if prove and not found:
        found = list(find_faults(one.path, one.pack, rules))
    if found:
        more = f" ({len(found) - 1} more: see cleaner rules lint {one.path})" if len(found) > 1 else ""
        raise RuleError(f"{found[0]}{more}")
    return rules


def collect_faults(one: PackFile) -> Iterator[Fault]:
    """Everything that loading refuses in a pack."""
    rules, found = parse_rules(one.path, one.pack)
    yield from found
    yield from find_faults(one.path, one.pack, rules)


def select_outdated_rules(rules: Iterable[Rule], today: date) -> list[Rule]:
    """The rules whose `until` lies before this day."""
    return [rule for rule in rules if rule.until and rule.until < today]


def main(paths: Sequence[str]) -> int:
    """Check rule files; prints one line each, returns 0 when all are right and 2 when one is not."""
    code = 0
    for path in map(Path, paths):
        try:
            rules = prove_pack(PackFile(path, read_pack(path)))
            print(f"{path}: {len(rules)} rules, all proven")
        except RuleError as error:
            print(error)
            code = 2
    return code


__all__ = ["Rule", "RuleSet", "load"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The reference of all rules of a folder, as Markdown."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from cleaner.rules.files import read_pack
from cleaner.rules.loading import prove_pack
from cleaner.rules.model import Rule
from cleaner.rules.packs import PackFile, list_rule_files

REFERENCE_FILE = "README.md"


def build_reference(folder: Path) -> str:
    """All rules of a folder by pack and role, each with its reason and its first example; raises `RuleError`."""
    packs = [(path, prove_pack(PackFile(path, read_pack(path)), prove=False)) for path in list_rule_files(folder)]
    count = sum(len(rules) for _, rules in packs)
    return "".join(
        [
            f"# Rules\n\n{count:,} rules in {len(packs)} packs. "
            "Made by `cleaner rules docs`; change the rules, not this file.\n",
            *(part for path, rules in packs if rules for part in _format_pack(path.relative_to(folder), rules)),
        ]
    )


def _format_pack(path: Path, rules: list[Rule]) -> Iterator[str]:
    yield f"\n## {path.as_posix()}\n"
    for role in sorted({rule.roles[0] for rule in rules}):
        yield f"\n### {role}\n\n| rule | why | example |\n|---|---|---|\n"
        yield from _format_rows(rule for rule in rules if rule.roles[0] == role)


def _format_rows(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        notes = [
            *([] if rule.status == "stable" else [rule.status]),
            *([f"until {rule.until}"] if rule.until else []),
            *(["exception: the lines stay"] if rule.is_exception else []),
        ]
        why = rule.why + (f" ({', '.join(notes)})" if notes else "")
        yield f"| `{rule.id}` | {_escape_cell(why)} | {_escape_cell(rule.examples[0])} |\n"


def _escape_cell(text: str) -> str:
    """A text that is only text in a cell of a table."""
    for sign in "\\`*_[]<>|~$&":
        text = text.replace(sign, f"\\{sign}")
    return " / ".join(line.strip() for line in text.split("\n"))

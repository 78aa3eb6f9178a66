"""The reference of all rules of a folder, as Markdown."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from cleaner.rules.files import read_pack
from cleaner.rules.loading import prove_pack
from cleaner.rules.model import Rule
from cleaner.rules.packs import PackFile, list_rule_files

REFERENCE_FILE = "README.md"
"""Name of the file in a folder of rules that holds its reference."""

MARKDOWN_ESCAPES = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>|~$&"})
"""Signs with a meaning in a cell of a table, each with a backslash before it."""


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
    """The chapter of a pack: a table for each role, of the rules whose first line has it."""
    yield f"\n## {path.as_posix()}\n"
    for role in sorted({rule.roles[0] for rule in rules}):
        yield f"\n### {role}\n\n| rule | why | example |\n|---|---|---|\n"
        yield from _format_rows(rule for rule in rules if rule.roles[0] == role)


def _format_rows(rules: Iterable[Rule]) -> Iterator[str]:
    """A row for each rule: its id, why it is there and how it stands, and its first example."""
    for rule in rules:
        notes = {
            rule.status: rule.status != "stable",
            f"until {rule.until}": rule.until is not None,
            "exception: the lines stay": rule.is_exception,
        }
        shown = ", ".join(note for note, holds in notes.items() if holds)
        why = f"{rule.why} ({shown})" if shown else rule.why
        yield f"| `{rule.id}` | {_escape_cell(why)} | {_escape_cell(rule.examples[0])} |\n"


def _escape_cell(text: str) -> str:
    """A text as it reads in a cell of a table: nothing in it is markup, and its lines are parted by slashes."""
    return " / ".join(map(str.strip, text.translate(MARKDOWN_ESCAPES).split("\n")))

"""Files of signs of translation: read, checked and proven as the files of rules are.

A table `[[rule]]` is a sign; a table `[[name]]` stands for one sign for each foreign spelling of a name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import re2

from cleaner.errors import RuleError
from cleaner.rules.files import check_table_count, get_table_name, read_file, read_tables
from cleaner.rules.loading import raise_first_fault
from cleaner.rules.model import TomlTable
from cleaner.rules.packs import find_rules_folder
from cleaner.rules.patterns import CompiledPattern
from cleaner.rules.proof import check_proof, list_proof_texts
from cleaner.rules.signs import EVIDENCE_KINDS, ForeignName, Sign, SignPack, Signs, compile_sign_pattern
from cleaner.rules.validate import Fault, check_proof_texts, convert_table, find_refused_patterns, find_second_use

TRANSLATION_FOLDER = "translation"
"""The folder of the shipped signs, beside the shipped packs of rules."""

# all letters of Unicode would be 2,000 instructions a name
_NAME_START, _NAME_END = r"(?:^|[\s\"'(\[/-])", r"(?:[\s.,;:!?\"')\]/-]|$)"


# ---------------------------------------------------------------- loading


def find_signs_folder() -> Path:
    """The folder of the signs that come with `cleaner`."""
    return find_rules_folder() / TRANSLATION_FOLDER


@cache
def load_shipped_signs() -> Signs:
    """The shipped signs; the tests prove them, so that no run need do it again."""
    return load_signs(sorted(find_signs_folder().glob("*.toml")), prove=False)


def load_signs(files: Sequence[Path], prove: bool = True) -> Signs:
    """The signs of these files; raises `RuleError` with the file, the sign and the cure for anything wrong."""
    found: dict[str, Sign] = {}
    for path in files:
        signs, faults = parse_signs(path)
        raise_first_fault(faults or (list(find_sign_faults(path, signs)) if prove else []))
        for sign in signs:
            if sign.id in found:
                other = f"{found[sign.id].pack}.toml"
                raise RuleError(f"{path}: rule {sign.id!r}: this id stands also in {other}; rename one of the two")
            found[sign.id] = sign
    return Signs(found.values())


def holds_signs(path: Path) -> bool:
    """Whether a file holds signs, not rules for lines: a sign has a `kind`, and no rule has.

    Raises `RuleError` for a file that cannot be read.
    """
    tables = read_tables(path)
    rules = tables.get("rule")
    kinds = [isinstance(one, dict) and "kind" in one for one in rules] if isinstance(rules, list) else []
    return "name" in tables or any(kinds)


# ---------------------------------------------------------------- reading and checking


def parse_signs(path: Path) -> tuple[list[Sign], list[Fault]]:
    """The signs of a file, those of its names with them, and what is wrong with its tables.

    A fault names the table, counted from 1 among those of its kind.  Raises `RuleError` for a file that is no pack.
    """
    pack = read_file(path, SignPack)
    check_table_count(path, len(pack.rule) + len(pack.name), "signs and names")
    signs: list[Sign] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for kind, tables, read in (("rule", pack.rule, _read_sign), ("name", pack.name, _read_name)):
        for number, table in enumerate(tables, 1):
            found, wrong = read(table, path.stem)
            wrong += [what for sign in found for what in (*find_second_use(sign.id, seen), *_check_parts(sign))]
            faults += [Fault(path, number, get_table_name(table, number), what, kind) for what in wrong]
            signs += found
    return signs, faults


TableReader = Callable[[TomlTable, str], tuple[list[Sign], list[str]]]
"""From a table and the name of its pack: the signs that it stands for, and what is wrong with it."""


def _read_sign(table: TomlTable, pack: str) -> tuple[list[Sign], list[str]]:
    sign, wrong = convert_table(table, Sign, {"pack": pack})
    return [sign] if sign else [], wrong


def _read_name(table: TomlTable, pack: str) -> tuple[list[Sign], list[str]]:
    name, wrong = convert_table(table, ForeignName, {})
    if name is None or not name.english:
        return [], wrong or ["english is empty; give the name as English writes it"]
    english = [form for forms in name.forms.values() for form in forms if form in name.english]
    return list(_derive_signs(name, pack)), [f"{form!r} is also the English form; leave it out" for form in english]


def _derive_signs(name: ForeignName, pack: str) -> Iterator[Sign]:
    """A sign for each foreign spelling of a name, with all the languages that spell it so."""
    languages: defaultdict[str, list[str]] = defaultdict(list)
    for language, forms in name.forms.items():
        for form in forms:
            languages[form].append(language)
    for number, (form, found) in enumerate(languages.items(), 1):
        yield Sign(
            id=f"{name.id}.{number}",
            why=f"{form} is {name.english[0]} as spelled in: {', '.join(found)}.",
            kind="transliteration",
            match=(f"{_NAME_START}{re2.escape(form)}{_NAME_END}",),
            examples=(f"The ministers met {form} on Monday.",),
            keeps=tuple(f"The ministers met {one} on Monday." for one in name.english),
            source=tuple(found),
            rate=name.rate,
            pack=pack,
        )


def _check_parts(sign: Sign) -> Iterator[str]:
    """What a sign must not be, beside its patterns."""
    if sign.kind not in EVIDENCE_KINDS:
        yield f"there is no kind {sign.kind!r}; the kinds are {', '.join(EVIDENCE_KINDS)}"
    if not sign.match:
        yield "match is empty; give at least one pattern"
    yield from check_proof_texts(sign, sign.examples, sign.keeps)


# ---------------------------------------------------------------- proving


def find_sign_faults(path: Path, signs: Sequence[Sign]) -> Iterator[Fault]:
    """Which patterns of signs RE2 refuses, which examples do not match, and which keeps do.

    A fault of a name is that of the sign that stands for one of its spellings.
    """
    pack = read_file(path, SignPack)
    places = {
        get_table_name(table, number): (number, kind)
        for kind, tables in (("name", pack.name), ("rule", pack.rule))
        for number, table in enumerate(tables, 1)
    }
    for sign in signs:
        number, kind = places.get(sign.id) or places[sign.id.rpartition(".")[0]]
        for what in _find_failures(sign):
            yield Fault(path, number, sign.id, what, kind)


def _find_failures(sign: Sign) -> Iterator[str]:
    ready: dict[str, CompiledPattern] = {}
    refused = list(find_refused_patterns(sign.match, ready, compile_sign_pattern))
    yield from refused
    if not refused:
        alone = Signs([sign])
        for kind, text in list_proof_texts(sign):
            yield from check_proof(kind, text, any(alone.find_signs(text.split("\n"), sign.language)))

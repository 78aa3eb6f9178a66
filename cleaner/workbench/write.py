"""A rule that is to be written, and the tables `[[rule]]` that are added to a rule file."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import tomlkit
from msgspec import Struct
from tomlkit.items import String

from cleaner.errors import RuleError
from cleaner.io.atomic import Part
from cleaner.io.toml import TOMLDecodeError, parse_toml
from cleaner.rules.files import read_pack
from cleaner.rules.loading import load, prove_pack
from cleaner.rules.model import RulePack
from cleaner.rules.packs import PackFile

MAX_SLUG_WORDS, MAX_SLUG_CHARS = 4, 40
"""Words and characters of an example that go into a rule's id."""

MAX_ARRAY_CHARS = 100
"""Characters of the texts in an array of TOML above which each stands on a line of its own."""

RuleMark = tuple[str, tuple[str, ...], str]
"""What a rule does (`drop` or `keep`), to lines of which patterns, and on which site, "" for all: two rules with one
mark do the same."""


class Draft(Struct, frozen=True, kw_only=True):
    """A rule that is to be written: what it is about, and its proof.  Its id is made when it is written.

    `site` is a host name, or "" for all sites; `where` is `head`, `tail` or "" for anywhere.
    """

    role: str
    why: str
    match: tuple[str, ...]
    examples: tuple[str, ...]
    keeps: tuple[str, ...]
    site: str = ""
    where: str = ""
    action: Literal["drop", "keep"] = "drop"

    @property
    def mark(self) -> RuleMark:
        """What the rule does, to which lines, and where."""
        return self.action, self.match, self.site


def write_rules(drafts: Sequence[Draft], to: Path) -> list[str]:
    """Add these rules to a rule file, and return their ids; what stands there stays as it is.

    Raises `RuleError` where the file would not load or a rule does not prove itself, and `WriteError`; the file is
    then as it was.
    """
    old = to.read_text(encoding="utf-8") if to.is_file() else ""
    taken = {*_load_shipped_ids(), *(str(table.get("id")) for table in _read_pack_if_any(to).rule)}
    tables: dict[str, str] = {}
    for draft in drafts:
        id = _choose_id(draft, taken | tables.keys())
        tables[id] = _format_table(id, draft)
    head = old.rstrip("\n") if old else f"# Rules of our own, written by `cleaner rules` into {to.name}."
    text = f"{head}\n" + "".join(f"\n{table}" for table in tables.values())
    try:
        whole = msgspec.convert(parse_toml(text), RulePack)
    except (TOMLDecodeError, msgspec.ValidationError) as error:
        raise RuleError(f"{to}: cannot take another [[rule]] table: {error}; write its rules as [[rule]]") from error
    prove_pack(PackFile(to, whole))
    with Part(to) as part:
        part.write(text.encode())
        part.commit()
    return list(tables)


def read_marks(to: Path) -> set[RuleMark]:
    """The marks of the rules of a file, which need not be there; a rule for several sites has one for each."""
    return {
        (table.get("action", "drop"), tuple(table["match"]), site)
        for table in _read_pack_if_any(to).rule
        if isinstance(table.get("match"), list)
        for site in table.get("sites") or ("",)
    }


def _read_pack_if_any(path: Path) -> RulePack:
    """A rule file as written, without rules where there is none or it is empty; raises `RuleError`."""
    return read_pack(path) if path.is_file() else RulePack()


# ---------------------------------------------------------------- ids


@cache
def _load_shipped_ids() -> frozenset[str]:
    """Ids that no rule of our own may have."""
    return frozenset(rule.id for rule in load(prove=False).rules)


def _choose_id(draft: Draft, taken: Collection[str]) -> str:
    """An id that says site, role and a few words of the first example, with a number where that is taken.

    `own.promotion.win-tickets-2` is for all sites; of a rule that keeps lines, the role is written `keep`.
    """
    what = "keep" if draft.action == "keep" else draft.role
    base = id = f"{draft.site or 'own'}.{what}.{make_slug(draft.examples[0])}"
    number = 1
    while id in taken:
        number += 1
        id = f"{base}-{number}"
    return id


def make_slug(text: str) -> str:
    """A few words of a text as they may stand in a rule's id: small letters from a to z, and hyphens."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z]+", re.sub(r"https?://\S+|['`]", "", plain))
    return "-".join(words[:MAX_SLUG_WORDS])[:MAX_SLUG_CHARS].strip("-") or "line"


# ---------------------------------------------------------------- TOML


def _format_table(id: str, draft: Draft) -> str:
    """A rule as a table `[[rule]]` of TOML; keys that say nothing are left out."""
    rule = tomlkit.table()
    values: dict[str, str | list[str]] = {
        "id": id,
        "why": draft.why,
        "role": draft.role,
        "action": "keep" if draft.action == "keep" else "",
        "sites": [draft.site] if draft.site else [],
        "where": draft.where,
    }
    rule.update({name: value for name, value in values.items() if value})
    for name, texts in (("match", draft.match), ("examples", draft.examples), ("keeps", draft.keeps)):
        array = tomlkit.array()
        array.extend(_format_string(text, name == "match") for text in texts)
        array.multiline(len(texts) > 1 and sum(map(len, texts)) > MAX_ARRAY_CHARS)
        rule[name] = array
    tables = tomlkit.aot()
    tables.append(rule)
    document = tomlkit.document()
    document["rule"] = tables
    return tomlkit.dumps(document)


def _format_string(text: str, literal: bool) -> String:
    """A string of TOML; with `literal` in 'single quotes' if it can be, where a backslash needs no escape."""
    possible = literal and text.isprintable() and "'''" not in text and not text.endswith("'")
    return tomlkit.string(text, literal=possible, multiline=possible and "'" in text)

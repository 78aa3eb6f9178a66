"""What a rule, a pack of rules and a hit are."""

from datetime import date
from typing import Any, Literal

from msgspec import Struct

from cleaner.facts import RAW_FIELDS

FACT_FIELDS = frozenset(RAW_FIELDS.values())
"""The record fields that a rule can fill with what it captures."""


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table `[[rule]]` of a pack; see the README for what each key means."""

    id: str
    why: str
    role: str | tuple[str, ...]
    match: tuple[str, ...]
    examples: tuple[str, ...]
    keeps: tuple[str, ...]
    where: Literal["", "head", "tail"] = ""
    through: Literal["", "end", "prose"] = ""
    replace: str | None = None
    facts: dict[str, str] = {}
    languages: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    confidence: float = 1.0
    status: Literal["experimental", "stable", "deprecated"] = "stable"
    rev: int = 1
    until: date | None = None
    action: Literal["drop", "keep"] = "drop"
    pack: str = ""

    @property
    def roles(self) -> tuple[str, ...]:
        """The role of each line that the rule covers."""
        return (self.role,) * len(self.match) if isinstance(self.role, str) else self.role


class Hit(Struct, frozen=True):
    """Lines `first` to `last` (both included) match `rule`."""

    rule: Rule
    first: int
    last: int


class RulePack(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule file as written."""

    rule: tuple[dict[str, Any], ...] = ()
    disable: tuple[str, ...] = ()
    extends: tuple[str, ...] | None = None
    agencies: dict[str, tuple[str, ...]] = {}
    picture_agencies: dict[str, tuple[str, ...]] = {}

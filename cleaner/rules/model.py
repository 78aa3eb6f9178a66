"""What a rule, a pack of rules and a hit are; nothing here reads files or matches lines."""

from datetime import date
from typing import Any, Literal

from msgspec import Struct

from cleaner.document import ARTICLE_ROLES
from cleaner.facts import RAW_FIELDS

FACT_FIELDS = frozenset(RAW_FIELDS.values())
"""The record fields that a rule can fill with what it captures."""

TomlTable = dict[str, Any]
"""A table of a rule file as written, before its keys are checked; msgspec has a JSON Schema for no narrower type."""

RuleRank = tuple[bool, int, bool, float]
"""What decides which of several rules a line falls to: the smallest goes first."""


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table `[[rule]]` of a pack; see the README for what each key means.

    The properties answer what stages, `rules lint` and the workbench need to know of a rule, so that all of them mean
    the same by "this rule drops a line".
    """

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
    until: date | None = None
    company: bool = False
    action: Literal["drop", "keep"] = "drop"
    pack: str = ""

    @property
    def roles(self) -> tuple[str, ...]:
        """The role of each line that the rule covers."""
        return (self.role,) * len(self.match) if isinstance(self.role, str) else self.role

    @property
    def is_exception(self) -> bool:
        """Whether the rule holds lines that others would drop."""
        return self.action == "keep"

    @property
    def is_single(self) -> bool:
        """Whether the rule is about single lines, not about several in a row."""
        return len(self.match) == 1

    @property
    def classifies(self) -> bool:
        """Whether a hit says what a whole line is: the rule neither holds lines nor rewrites parts of them."""
        return not self.is_exception and self.replace is None

    @property
    def changes_text(self) -> bool:
        """Whether a hit takes something out of the text, be it the lines or the parts that a rewriting rule matches.

        The roles are those of lines that are not article; a rule for article lines only labels them.
        """
        return not self.is_exception and ARTICLE_ROLES.isdisjoint(self.roles)

    @property
    def changes_prose(self) -> bool:
        """Whether a hit takes something out of the text between two paragraphs, not only before or behind all."""
        return self.changes_text and not self.where

    @property
    def drops(self) -> bool:
        """Whether a hit takes its lines out of the text, all of them and whole."""
        return self.classifies and ARTICLE_ROLES.isdisjoint(self.roles)

    def is_for_language(self, language: str) -> bool:
        """Whether the rule is asked about texts in this language; a rule that names none is for all."""
        return not self.languages or language in self.languages

    def is_for_site(self, site: str) -> bool:
        """Whether the rule names this host, or a domain above it; never for a rule that names no site."""
        return any(site == one or site.endswith(f".{one}") for one in self.sites)

    def rank_in(self, language: str) -> RuleRank:
        """The rank among rules that match the same line of a text in this language; smaller goes first.

        Rules for a site go before those for all, then sequences before shorter ones and single lines, then the pack of
        the text's language, then the more confident.
        """
        return (not self.sites, -len(self.match), self.pack != language, -self.confidence)


class Hit(Struct, frozen=True):
    """Lines `first` to `last` (both included) match `rule`."""

    rule: Rule
    first: int
    last: int

    @property
    def span(self) -> range:
        """The numbers of the lines."""
        return range(self.first, self.last + 1)


class RulePack(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule file as written: rules, ids to take out, packs to stand upon, and names of agencies.

    `agencies` and `picture_agencies` map the short name of an agency to its other names.
    """

    rule: tuple[TomlTable, ...] = ()
    disable: tuple[str, ...] = ()
    extends: tuple[str, ...] | None = None
    agencies: dict[str, tuple[str, ...]] = {}
    picture_agencies: dict[str, tuple[str, ...]] = {}

"""What decides what becomes of a document: one class for all that options, project files and keywords can set.

A setting is added here and nowhere else: its option, its key in `cleaner.toml` and its keyword follow from its field.
This module loads nothing of the engine, so that `cleaner --help` is fast.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Literal, NamedTuple, TypedDict, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from cleaner.document import ROLES
from cleaner.errors import CleanerError

Strictness = Literal["recall", "balanced", "precision"]
"""What becomes of a doubtful line: with recall it stays, with precision it goes."""

Audit = Literal["file", "inline", "none"]
"""Where the ledger stands: in a file beside the records, inside each, or nowhere."""

Dedup = Literal["", "link", "drop"]
"""What is done with copies of a story: nothing, a link to the first, or left out."""


class Hint(NamedTuple):
    """How a setting is described, and where it can be set.

    `help` is that of its option; `metavar` stands for a value there, of any number of names, "" for one of the values
    of a `Literal`.  `option` says whether the command line has it, `key` whether `cleaner.toml` and the keyword
    arguments of functions have it.
    """

    help: str
    metavar: str = ""
    option: bool = True
    key: bool = True


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """All that decides what becomes of a document; the defaults are those of every door.

    `to`, `audit` and `dedup` concern the files that a run writes: the format, where the ledger stands, and what is done
    with copies.
    """

    rules: Annotated[
        tuple[str, ...],
        Hint("A rule file of your own, a folder of them or an installed pack, on top of the shipped.", "FILE"),
    ] = ()
    extends: Annotated[tuple[str, ...] | None, Hint("The only packs that come first; None: all.", option=False)] = None
    disable: Annotated[tuple[str, ...], Hint("Ids of rules to take out.", option=False)] = ()
    keep: Annotated[tuple[str, ...], Hint("Keep lines of this role, e.g. --keep caption.", "ROLE")] = ()
    drop: Annotated[tuple[str, ...], Hint("Drop lines of this role, e.g. --drop table.", "ROLE")] = ()
    select: Annotated[tuple[str, ...], Hint("Make only edits by this rule, or by all that begin so.", "RULE")] = ()
    ignore: Annotated[tuple[str, ...], Hint("Make no edit by this rule, e.g. --ignore ad.", "RULE")] = ()
    skip: Annotated[tuple[str, ...], Hint("Leave this stage out.", "STAGE")] = ()
    strictness: Annotated[
        Strictness, Hint("Whether a line that no rule knows, and that is in doubt, stays or goes.")
    ] = "balanced"
    only: Annotated[tuple[str, ...], Hint("Run no stages but those named.", "STAGE", key=False)] = ()
    to: str = "jsonl"
    audit: Audit = "file"
    dedup: Dedup = ""


class Choices(TypedDict, total=False):
    """The keys of `cleaner.toml` as keyword arguments, for type checkers; a test holds it to `SETTING_KEYS`."""

    rules: Sequence[str]
    extends: Sequence[str] | None
    disable: Sequence[str]
    keep: Sequence[str]
    drop: Sequence[str]
    select: Sequence[str]
    ignore: Sequence[str]
    skip: Sequence[str]
    strictness: Strictness


SETTING_HINTS: dict[str, Hint] = {
    name: kind.__metadata__[0]
    for name, kind in get_type_hints(Settings, include_extras=True).items()
    if get_origin(kind) is Annotated
}
"""The settings that decide what becomes of a document, in the order in which messages and --help list them."""

SETTING_KEYS = tuple(name for name, hint in SETTING_HINTS.items() if hint.key)
"""The keys of `cleaner.toml`, and the keywords of `clean_columns` and of all that builds on it."""

ROLE_KEYS = ("keep", "drop")
"""Settings that name roles of lines."""

MAX_NAMES_LISTED = 50
"""Known names that a message lists at most; more, as all ids of rules, help nobody."""

MAX_NAMES_MEANT = 5
"""Names that a message proposes at most."""

MIN_SIMILARITY = 0.6
"""Ratio of `difflib` from which a known name may be the one that was meant."""


class UnknownName(CleanerError):
    """A name that there is not: `setting` is where it stands, `kind` what it should name, `known` what there is."""

    def __init__(self, setting: str, kind: str, name: str, known: Iterable[str]) -> None:
        self.setting, self.kind, self.name, self.known = setting, kind, name, list(known)
        meant = suggest_words(name, self.known)
        cure = "cleaner diff FILE shows the rules at work"
        if meant:
            cure = f"did you mean {', '.join(meant)}?"
        elif len(self.known) < MAX_NAMES_LISTED:
            cure = f"the {kind}s are {', '.join(self.known)}"
        super().__init__(f"{setting}: there is no {kind} {name!r}; {cure}".removeprefix(": "))


def require_known(setting: str, kind: str, names: Iterable[str], known: Collection[str]) -> None:
    """Raises `UnknownName` for the first of the names that is not known."""
    for name in names:
        if name not in known:
            raise UnknownName(setting, kind, name, known)


def require_roles(values: Mapping[str, object], prefix: str = "") -> None:
    """Raises `UnknownName` for a setting that names a role which lines cannot have; `prefix` stands before its name."""
    for key in ROLE_KEYS:
        roles = values.get(key)
        if isinstance(roles, list | tuple):
            require_known(f"{prefix}{key}", "role", map(str, roles), sorted(ROLES))


def convert_settings(values: Mapping[str, object]) -> Settings:
    """The settings of these keys of `cleaner.toml`.

    Raises `UnknownName` for a key or a role that there is not, and `msgspec.ValidationError` for a value of another
    type.
    """
    require_known("", "key", values, SETTING_KEYS)
    settings = msgspec.convert(dict(values), Settings)
    require_roles(values)
    return settings


def build_settings(choices: Mapping[str, object]) -> Settings:
    """The settings of these keyword arguments; raises `TypeError` for one that is none, and for a wrong value."""
    try:
        return convert_settings(choices)
    except UnknownName as error:
        there = f"there are {', '.join(error.known)}"
        if not error.setting:
            raise TypeError(f"{error.name}: is no setting; {there}") from None
        raise TypeError(f"{error.setting}: {error.name!r} is no {error.kind}; {there}") from None
    except msgspec.ValidationError as error:
        raise TypeError(f"a setting has the wrong type: {error}; write them as lists, as in keep=['caption']") from None


def suggest_words(word: str, known: Iterable[str]) -> list[str]:
    """The few known words that somebody who wrote this one may have meant, those most alike first."""
    known = sorted(known)
    alike = get_close_matches(word, known, cutoff=MIN_SIMILARITY)
    inside = [one for one in known if word.casefold() in one.casefold()]
    return list(dict.fromkeys(alike + inside))[:MAX_NAMES_MEANT]

"""The few ways in which cleaning can fail; every message names the place and the cure."""

from collections.abc import Iterable
from itertools import islice

MAX_COLUMNS_SHOWN = 12
MAX_NAME_CHARS = 40
"""Column names that a message shows, and characters of each: the header may be no header, but an article."""


class CleanerError(Exception):
    """Anything `cleaner` raises on purpose."""


class RuleError(CleanerError):
    """A rule file that cannot be used: names the file, the rule and what to change."""


class LanguageError(CleanerError):
    """A file of a language that cannot be used: names the file and the key."""


class ProjectError(CleanerError):
    """Project settings that cannot be used: names the file, the key and what to change."""


class ReadError(CleanerError):
    """An input that cannot be read: names the file, the line where there is one, and what to change."""


class RefusedInput(ReadError):
    """An input that could be this or that, or lacks what was asked for: the call has to say more."""


class WriteError(CleanerError):
    """An output that cannot be written: names the file and the cure."""


class StageError(CleanerError):
    """A stage that broke, or asked for an impossible edit: names the stage and the document."""

    stage: str = ""


def advise_install(extra: str) -> str:
    """What to do about a missing package of others: the command that installs the extra it belongs to."""
    return f"pip install 'article-cleaner[{extra}]'"


def list_names(names: Iterable[str]) -> str:
    """The first names of columns or keys, as messages list them."""
    first = list(islice(names, MAX_COLUMNS_SHOWN + 1))
    shown = ", ".join(repr(str(name)[:MAX_NAME_CHARS]) for name in first[:MAX_COLUMNS_SHOWN]) or "none at all"
    return shown + " …" * (len(first) > MAX_COLUMNS_SHOWN)

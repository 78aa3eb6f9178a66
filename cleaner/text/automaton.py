"""Many patterns looked for in one reading of a text: the one place where sets of RE2 are built."""

import secrets
from collections.abc import Callable, Sequence
from typing import Protocol

import re2

MAX_PATTERN_BYTES = 16 << 20
"""Memory that RE2 may use for one pattern (16 MiB): a larger pattern is refused."""

BYTES_PER_PATTERN = 47 << 10
"""Memory of an RE2 set for each of its patterns, about: with a smaller budget the set would have to be built twice."""

MAX_SET_BYTES = 64 * MAX_PATTERN_BYTES
"""Memory budget (1 GiB) above which a set that cannot be compiled is given up."""

_PROBE = secrets.token_hex(8)
PROBE_PATTERN, PROBE_TEXT = rf"^\x00{_PROBE}$", f"\0{_PROBE}".encode()
"""A pattern added to every set, and its text: a set that does not find it has too little memory to find anything.

No text may hold it, as callers know nothing of its number; so it is another one in every process.
"""


MATCH_WHOLE, MATCH_START, MATCH_ANYWHERE = re2.Set.FullMatchSet, re2.Set.MatchSet, re2.Set.SearchSet
"""Where in a text the patterns of an automaton may match."""


class PatternSet(Protocol):
    """What is used of an RE2 set; the package `google-re2` has no types."""

    def Add(self, pattern: str) -> int:
        """Adds a pattern, and gives its number."""

    def Compile(self) -> None:
        """Ends the adding of patterns."""

    def Match(self, text: str | bytes) -> list[int] | None:
        """The numbers of the patterns found."""


def build_re2_options(memory: int = MAX_PATTERN_BYTES) -> object:
    """`re2.Options` with this memory limit in bytes, and without RE2's own messages on the terminal."""
    made = re2.Options()
    made.max_mem = memory
    made.log_errors = False
    return made


class Automaton:
    """Patterns that are looked for together, in one reading of a text.

    `memory` is the budget in bytes to begin with, doubled until the set works: besides the compiled patterns it holds
    RE2's cache of states, and a set that runs out of states forgets them all and is slow.  `kind` is one of
    MATCH_WHOLE, MATCH_START and MATCH_ANYWHERE.
    Raises `re2.error` for a pattern that RE2 does not read, and for a set that needs more than MAX_SET_BYTES.
    """

    def __init__(
        self, patterns: Sequence[str], memory: int, kind: Callable[[object], PatternSet] = MATCH_WHOLE
    ) -> None:
        while memory < BYTES_PER_PATTERN * len(patterns):
            memory *= 2
        made = _build_set(patterns, memory, kind)
        while made is None:
            memory *= 2
            made = _build_set(patterns, memory, kind)
        self.match = made.Match
        """The numbers of the patterns that match this text, in no order; None for none.

        Text as `str` raises `UnicodeEncodeError` where it holds a lone surrogate.
        """


def _build_set(patterns: Sequence[str], memory: int, kind: Callable[[object], PatternSet]) -> PatternSet | None:
    """A compiled set, or None where this memory is too little for it."""
    made = kind(build_re2_options(memory))
    for pattern in (*patterns, PROBE_PATTERN):
        made.Add(pattern)
    try:
        made.Compile()
        return made if made.Match(PROBE_TEXT) is not None else None
    except re2.error:
        if memory > MAX_SET_BYTES:
            raise
        return None

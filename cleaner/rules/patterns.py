r"""The dialect of patterns in rule files: RE2, with `\d`, `\w` and `\s` for all of Unicode.

Sets of patterns are built by `cleaner.text.automaton`; here single ones are translated and compiled.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Protocol

import re2

from cleaner.text.automaton import MAX_PATTERN_BYTES, build_re2_options

TRANSLATION_CACHE_SIZE = 64
"""Patterns whose translation is remembered: one is asked for a few times in a row, by its check and its matcher."""

_UNICODE_CLASSES = {"d": r"\p{Nd}", "w": r"\p{L}\p{M}\p{N}_", "s": r"\s\p{Z}"}

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)

_CLASS_OR_ESCAPE = re.compile(r"\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]", re.DOTALL)

_UNREADABLE_ESCAPES = {
    **dict.fromkeys("bB", "knows only ASCII words in RE2; anchor the pattern with ^ and $ instead"),
    **dict.fromkeys("QC", "is not read here; write a backslash before each sign, and . for any character"),
}
"""Escapes that RE2 reads otherwise than people expect, and what to write instead."""


class PatternMatch(Protocol):
    """What is used of a match of RE2; the package `google-re2` has no types."""

    def __getitem__(self, group: int | str) -> str | None:
        """What a group captured."""

    def start(self) -> int:
        """Where the match begins."""

    def end(self) -> int:
        """Where the match ends."""

    def groupdict(self) -> dict[str, str | None]:
        """What each named group captured."""


class CompiledPattern(Protocol):
    """What is used of a compiled pattern of RE2."""

    groups: int
    groupindex: Mapping[str, int]
    programsize: int

    def match(self, text: str | bytes) -> PatternMatch | None:
        """The match with which the text begins."""

    def fullmatch(self, text: str | bytes) -> PatternMatch | None:
        """The match that is the whole text."""

    def search(self, text: str | bytes) -> PatternMatch | None:
        """The first match anywhere."""

    def finditer(self, text: str) -> Iterator[PatternMatch]:
        """All matches, from left to right."""

    def sub(self, replacement: Callable[[PatternMatch], str], text: str) -> str:
        """The text with each match replaced."""


def compile_pattern(pattern: str, memory: int = MAX_PATTERN_BYTES) -> CompiledPattern:
    """A pattern of RE2 that may use this many bytes; raises `re2.error` for one that RE2 refuses."""
    compiled: CompiledPattern = re2.compile(pattern, build_re2_options(memory))
    return compiled


def compile_rule_pattern(pattern: str) -> CompiledPattern:
    """A pattern as a rule file writes it; raises `re2.error` or `ValueError` for one that cannot be read."""
    return compile_pattern(expand_unicode_classes(pattern))


def encode_text(text: str) -> bytes:
    """The text as RE2 reads it, with `?` for a lone surrogate, which has no form in UTF-8."""
    return text.encode("utf-8", "replace")


def encode_reversed(text: str) -> bytes:
    """The text turned round, for patterns that are asked from the end of a line."""
    return text[::-1].encode("utf-8", "replace")


def replace_surrogates(text: str) -> str:
    """The text with `?` for each lone surrogate; offsets stay the same."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


@lru_cache(TRANSLATION_CACHE_SIZE)
def expand_unicode_classes(pattern: str) -> str:
    r"""The pattern with `\d`, `\w` and `\s` meaning all of Unicode, which RE2 reads as ASCII.

    Raises `ValueError` for `\b` and for `\D`, `\W`, `\S` inside brackets, which cannot be said in RE2.
    """
    return _CLASS_OR_ESCAPE.sub(_translate_class_or_escape, pattern)


def _translate_class_or_escape(found: re.Match[str]) -> str:
    """A class in brackets with each of its escapes translated, or a single escape."""
    text = found[0]
    if text[0] == "\\":
        return _translate_escape(text[1])
    return _ESCAPE.sub(lambda escape: _translate_escape_in_class(escape[1]), text)


def _translate_escape(code: str) -> str:
    r"""What a backslash and this letter are in RE2, outside of brackets."""
    if code == "d":
        return _UNICODE_CLASSES[code]
    members = _UNICODE_CLASSES.get(code.lower())
    if members:
        return f"[^{members}]" if code.isupper() else f"[{members}]"
    return _pass_escape(code)


def _translate_escape_in_class(code: str) -> str:
    r"""What a backslash and this letter are in RE2, between `[` and `]`."""
    if code in _UNICODE_CLASSES:
        return _UNICODE_CLASSES[code]
    if code.lower() in _UNICODE_CLASSES:
        raise ValueError(f"\\{code} cannot stand inside [...]; write the class as [^...] of its own")
    return _pass_escape(code)


def _pass_escape(code: str) -> str:
    """An escape that RE2 reads as it stands; raises `ValueError` for one that it would read otherwise than meant."""
    if code in _UNREADABLE_ESCAPES:
        raise ValueError(f"\\{code} {_UNREADABLE_ESCAPES[code]}")
    return f"\\{code}"

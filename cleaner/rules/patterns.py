"""The dialect of patterns, and automata that look for many at once (RE2)."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import re2

MAX_PATTERN_BYTES = 16 << 20
"""Bytes that RE2 may use for a pattern: a larger one is refused."""

BYTES_PER_PATTERN = 47 << 10
"""Bytes that a pattern of an automaton takes, about: one made with less in all would have to be made twice."""

_UNICODE_CLASSES = {"d": r"\p{Nd}", "w": r"\p{L}\p{M}\p{N}_", "s": r"\s\p{Z}"}

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)

_CLASS_OR_ESCAPE = re.compile(r"\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]", re.DOTALL)


@lru_cache(64)
def expand_unicode_classes(pattern: str) -> str:
    r"""The pattern with `\d`, `\w` and `\s` meaning all of Unicode, which RE2 reads as ASCII.

    Raises `ValueError` for `\b` and for `\D`, `\W`, `\S` inside brackets, which cannot be said in RE2.
    """

    def read(found: re.Match[str]) -> str:
        text = found[0]
        return (
            _translate_escape(text[1], False)
            if text[0] == "\\"
            else _ESCAPE.sub(lambda sign: _translate_escape(sign[1], True), text)
        )

    return _CLASS_OR_ESCAPE.sub(read, pattern)


def _translate_escape(code: str, inside: bool) -> str:
    r"""What a backslash and this letter are in RE2, inside [...] or not."""
    if code in _UNICODE_CLASSES:
        return _UNICODE_CLASSES[code] if inside or code == "d" else f"[{_UNICODE_CLASSES[code]}]"
    if code.lower() in _UNICODE_CLASSES:
        if inside:
            raise ValueError(f"\\{code} cannot stand inside [...]; write the class as [^...] of its own")
        return f"[^{_UNICODE_CLASSES[code.lower()]}]"
    if code in "bB":
        raise ValueError(f"\\{code} knows only ASCII words in RE2; anchor the pattern with ^ and $ instead")
    if code in "QC":
        raise ValueError(f"\\{code} is not read here; write a backslash before each sign, and . for any character")
    return f"\\{code}"


def build_re2_options(memory: int = MAX_PATTERN_BYTES) -> Any:
    """RE2's options: its own memory limit, and no messages of its own on the terminal."""
    made = re2.Options()
    made.max_mem = memory
    made.log_errors = False
    return made


class Automaton:
    """Patterns that are asked together, in one reading of a text."""

    def __init__(self, patterns: Sequence[str], memory: int, kind: Callable[[Any], Any] = re2.Set.FullMatchSet) -> None:
        """`kind` says where in a text a pattern may match: see `re2.Set`."""
        self._ready = False
        while memory < BYTES_PER_PATTERN * len(patterns):
            memory *= 2
        while not self._ready:
            self._set = kind(build_re2_options(memory))
            for pattern in (*patterns, r"^\x00$"):
                self._set.Add(pattern)
            # a set that has too little memory fails now, or finds nothing ever
            try:
                self._set.Compile()
                self._ready = self._set.Match(b"\0") is not None
            except re2.error:
                if memory > 64 * MAX_PATTERN_BYTES:
                    raise
            memory *= 2
        self.match: Callable[[bytes], list[int] | None] = self._set.Match
        """The numbers of the patterns that match this text, in no order; None for none."""

"""The dialect of patterns in rule files; sets of patterns are built by `cleaner.text.automaton`."""

import re
from functools import lru_cache

from cleaner.text.automaton import MAX_PATTERN_BYTES, Automaton, build_re2_options

__all__ = ["MAX_PATTERN_BYTES", "Automaton", "build_re2_options", "expand_unicode_classes"]

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

"""First letters that a page sets large, in an element of their own: they belong to the word behind them."""

import re
from collections.abc import Sequence
from functools import lru_cache

from cleaner.html.elements import Element
from cleaner.text.hyphens import collect_vocabulary

CLASS_CACHE_SIZE = 4096
"""LRU size for whether classes are those of such a letter."""

MIN_PARAGRAPH_CHARS = 40
"""Characters of the shortest line that opens with a letter set large: what is behind other letters is a list."""

INITIAL_CLASSES = ("dropcap", "drop-cap", "drop_cap", "lettrine")
"""What classes of such letters hold."""

_INITIAL = re.compile(r"[\"'“„«‘»¿¡(]{0,2}[^\W\d_]")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_NAMED = frozenset({"dropcap", "drop", "lettrine", "initial", "initiale", "versal"})
_PARTED_TAGS = frozenset("li dt dd td th h1 h2 h3 h4 h5 h6 figcaption a nav button".split())

_ONE_LETTER_WORDS = frozenset("AIOEYUÀÉÈÓВИОУКСЯАІЙΗΟ")
"""Capitals that are words: any other one before a word is its first letter."""


def is_initial(text: str, tag: str) -> bool:
    """Whether a line is a letter set large: a capital, behind a quotation mark at most, and no item of a list."""
    return _INITIAL.fullmatch(text) is not None and text[-1].isupper() and tag not in _PARTED_TAGS


def join_initial(initial: str, line: str, names: frozenset[str], around: Sequence[str]) -> str:
    """The line with its first letter; empty where the letter does not belong to it.

    The line goes on in small letters, or in capitals that are set small; `names` are the class words of the letter's
    element.  A letter that is a word by itself stands alone where the word behind it occurs in the lines `around`, and
    the two as one do not.
    """
    first = _FIRST_WORD.match(line)
    if first is None or len(line) < MIN_PARAGRAPH_CHARS:
        return ""
    word, letter = first[0], initial[-1]
    in_capitals = len(word) > 1 and word.isupper() and word[0] != letter
    if not (word[0].islower() or in_capitals or not names.isdisjoint(_NAMED)):
        return ""
    if letter in _ONE_LETTER_WORDS:
        known = collect_vocabulary([*around, line[first.end() :]])
        if word.lower() in known and (letter + word).lower() not in known:
            return f"{initial} {line}"
    return initial + line


def close_initials(root: Element) -> None:
    """Takes the blank away that stands between a letter set large and the rest of its word: no reader sees it."""
    for element in root.iter("span", "strong", "b"):
        if _is_initial_class(element.get("class", "")) and not len(element):
            text, behind = (element.text or "").strip(), element.tail or ""
            rest = behind.lstrip()
            if is_initial(text, "span") and text[-1] not in _ONE_LETTER_WORDS and rest[:1].islower():
                element.tail = rest


@lru_cache(CLASS_CACHE_SIZE)
def _is_initial_class(names: str) -> bool:
    """Whether classes are those of a letter set large, as far as every page means the same by them."""
    return any(map(names.lower().__contains__, INITIAL_CLASSES))

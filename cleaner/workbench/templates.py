"""Templates: the form of a line in which its numbers, dates and names no longer differ from page to page."""

import re
from collections.abc import Iterable
from functools import lru_cache

from cleaner.text.shape import build_match_key

UPPER_LETTERS = "".join(chr(code) for code in range(0x41, 0x530) if chr(code).isupper())
"""Capitals of the Latin, Greek and Cyrillic alphabets, for `re`, which has no class of its own for them."""

MAX_NAMED_LINE_CHARS = 140
"""Characters of the longest line that also gets a template with names: longer ones are prose."""

MAX_TEMPLATE_CHARS = 99
"""Characters of the longest template that is counted as it is; of a longer one, only a beginning and a hash."""

CUT_TEMPLATE_CHARS = 80
"""Characters of the beginning of a longer template."""

MIN_DISTINCTIVE_LETTERS = 3
"""Small letters beside the names that a template with names must have to be told from others."""

TEMPLATE_CACHE_SIZE = 1 << 14
"""Cached lines of `derive_templates`: a site's lines come again on each of its pages."""

TYPOGRAPHY_TABLE = str.maketrans(
    {
        **dict.fromkeys("’‘‛`´", "'"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("–—‑−", "-"),
        **dict.fromkeys("\xa0\u202f\u2009", " "),
    }
)
"""Quotes, dashes and spaces of any form to their ASCII form, for `str.translate`."""

_DIGIT_PATTERN = re.compile(r"\d")
_NUMBER_PATTERN = re.compile(r"\d+(?:[.,:/-]\d+)*")
_DATE_PATTERN = re.compile(
    rf"0\.? (?:de |of )?[^\W\d_]{{3,12}}\.?,? (?:de )?0|[{UPPER_LETTERS}][^\W\d_]{{2,8}}\.? 0, 0"
)
"""A date with a month's name, its numbers written as 0 already."""

_NAME_WORD = rf"[{UPPER_LETTERS}][^\W\d_]*(?:['.-][^\W\d_]+)*\.?"
_NAMES_PATTERN = re.compile(
    rf"^{_NAME_WORD}(?: {_NAME_WORD})+(?= [^\W\d_])|(?<!^)(?<!\w){_NAME_WORD}(?: {_NAME_WORD})*"
)
"""Capitalised words: anywhere behind the first word, or two and more at the beginning with a word behind them."""


@lru_cache(TEMPLATE_CACHE_SIZE)
def derive_templates(line: str) -> tuple[str, str]:
    """The two templates of a line: plain, and with names.

    In both, numbers and dates are `0`, quotes and dashes are ASCII, and signs at the end are gone.  The plain one is in
    lower case; in the other names are `A`, and it is "" for a line longer than MAX_NAMED_LINE_CHARS.
    `"Set by Anna Berg, 3."` has the templates `"set by anna berg, 0"` and `"Set by A, 0"`.
    """
    plain = (line if line.isascii() else line.translate(TYPOGRAPHY_TABLE)).rstrip(" .:!»>…")
    if _DIGIT_PATTERN.search(plain):
        plain = _DATE_PATTERN.sub("0", _NUMBER_PATTERN.sub("0", plain))
    return plain.casefold(), _NAMES_PATTERN.sub("A", plain) if len(plain) <= MAX_NAMED_LINE_CHARS else ""


def cut_template(template: str) -> str:
    """A template as it is counted: as it is, or its beginning and a hash of all of it, so that no key is long."""
    if len(template) <= MAX_TEMPLATE_CHARS:
        return template
    return f"{template[:CUT_TEMPLATE_CHARS]}…{hash(template):x}"


def is_distinctive(named: str) -> bool:
    """Whether a template with names is short, has a name in it, and words enough beside the names."""
    letters = sum(len(word) for word in named.split() if word.islower())
    return len(named) <= MAX_TEMPLATE_CHARS and "A" in named and letters >= MIN_DISTINCTIVE_LETTERS


# ---------------------------------------------------------------- lines of one kind


def group_alike(texts: Iterable[str]) -> list[list[str]]:
    """The different texts in groups whose members are like the first of the group, all in their order.

    A text is one line or several; texts of one group have equally many lines.
    """
    groups: list[list[str]] = []
    for text in dict.fromkeys(texts):
        group = next((group for group in groups if _is_alike(text, group[0])), None)
        if group is None:
            groups.append([text])
        else:
            group.append(text)
    return groups


def _is_alike(one: str, other: str) -> bool:
    """Whether two texts have equally many lines, each like the other's."""
    lines, others = one.split("\n"), other.split("\n")
    return len(lines) == len(others) and all(map(_is_line_alike, lines, others))


def _is_line_alike(line: str, other: str) -> bool:
    """Whether two lines have a template in common, or the same letters, or half of the words in the same places."""
    (plain, named), (other_plain, other_named) = derive_templates(line), derive_templates(other)
    if named == other_named and (named or plain == other_plain):
        return True
    words, other_words = line.casefold().split(), other.casefold().split()
    shared = sum(map(str.__eq__, words, other_words))
    return build_match_key(line) == build_match_key(other) or 2 * shared >= max(len(words), len(other_words))

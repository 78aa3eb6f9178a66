"""Whether a text is Markdown: several signs must say so, for a price, a hashtag or a footnote mark says nothing."""

import re
from itertools import islice
from typing import NamedTuple

from cleaner.markdown.front import read_front

MIN_POINTS = 2
"""Points from which a text is taken for Markdown: a sign that hardly stands in plain text has two, others have one."""

MAX_SEEN_CHARS = 1 << 16
"""Characters at the beginning of a text in which signs are looked for: a longer text has shown some by then."""

FENCES = 2
"""Lines that open and close a piece of code."""

MIN_BOLD = 3
"""Bold passages from which they are more than a habit of plain text."""


class Sign(NamedTuple):
    """A mark of Markdown: a character that must be in the text at all (found fastest), and the letters around it; the
    pattern that finds it, what it counts, and how many of them it needs."""

    char: str
    guard: str
    pattern: re.Pattern[str]
    points: int
    least: int = 1


def _build_line_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern for whole lines."""
    return re.compile(pattern, re.MULTILINE)


_LINK_END = (
    r"\]\((?:<[^<>\n]*>|(?:https?:|mailto:|/|#|\.{1,2}/)[^\s()]*+(?:\([^\s()]*+\)[^\s()]*+)*)(?:\s\"[^\"\n]*\")?\)"
)

_BOLD_PATTERN = re.compile(r"(?<![\w*\\])\*\*(?=[^\s*])[^*\n]*[^\s*\\]\*\*(?!\*)")

_ALONE = r"^(?:\A|(?<=\n\n)|(?<=\n\r\n))"
"""The beginning of a line behind a blank one: a line of code may begin with a hash, and then only with one."""

SIGNS = (
    Sign("]", "](", re.compile(_LINK_END), 2),
    Sign("`", "```", _build_line_pattern(r"^ {0,3}```+[\w+#.-]*[ \t]*\r?$"), 2, FENCES),
    Sign("|", "--", _build_line_pattern(r"^[^\n|]*+\|[^\n]*+\n(?=[ \t:-]*+\|)(?=[ \t:|]*+-)[ \t:|-]++\r?$"), 2),
    Sign("]", "]: ", _build_line_pattern(r"^ {0,3}\[(?:\^[^\]\n]{1,40}\]: \S|[^\]\n]{1,80}\]: <?https?://)"), 1),
    Sign("#", "# ", _build_line_pattern(rf"{_ALONE} {{0,3}}#{{1,6}} ++(?=[^\s#])[^\n]*?[^\W\d_]"), 1),
    Sign("#", "## ", _build_line_pattern(rf"{_ALONE} {{0,3}}#{{2,6}} ++(?=[^\s#])[^\n]*?[^\W\d_]"), 1),
    Sign("=", "===", _build_line_pattern(r"^[^\s=][^\n]*\n={3,}[ \t]*\r?$"), 1),
    Sign("-", "\n---", re.compile(r"(?:\A|\n\r?\n)[^\s>|*+-][^\n]{0,200}[^\s.,;:|-]\r?\n-{3,}[ \t]*\r?\n\r?\n"), 1),
    Sign("*", "**", _BOLD_PATTERN, 1),
    Sign("*", "**", _BOLD_PATTERN, 2, MIN_BOLD),
    Sign("*", "*", _build_line_pattern(r"(?<![\w*\\])\*(?=[^\s*\d])[^*\n]*[^\s*\\]\*(?![\w*])"), 1),
    Sign("_", "_", _build_line_pattern(r"(?<![\w\\])_(?=[^\s_])[^_\n]*[^\s_\\]_(?!\w)"), 1),
)
"""The signs inside a text, the cheapest and surest first."""

_HEADS = ("---", "+++", "Title: ")
"""How a head begins that is written for a program."""

_EMPHASIS_GUARDS = frozenset({"**", "*", "_"})
"""Signs that are one habit: together they count as the best of them."""


def is_markdown(text: str) -> bool:
    """Whether a text shows signs enough of being written in Markdown."""
    if text.startswith(_HEADS) and read_front(text).end:
        return True
    points = emphasis = 0
    for sign in SIGNS:
        if sign.char not in text or sign.guard not in text:
            continue
        found = _count_points(sign, text[:MAX_SEEN_CHARS])
        if sign.guard in _EMPHASIS_GUARDS:
            found, emphasis = max(0, found - emphasis), max(found, emphasis)
        points += found
        if points >= MIN_POINTS:
            return True
    return False


def _count_points(sign: Sign, text: str) -> int:
    """The points of a sign in a text, 0 where it stands too rarely."""
    found = islice(sign.pattern.finditer(text), sign.least)
    return sign.points if sum(1 for _ in found) == sign.least else 0

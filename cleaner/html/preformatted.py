"""Text whose line ends are shown: of `pre`, and where a style says so.

It is code or verse, whose lines stay; paragraphs, a line each; or paragraphs that were wrapped to a width, whose lines
are put together again.
"""

import re
from collections.abc import Sequence
from itertools import chain, groupby, pairwise
from operator import itemgetter

from cleaner.html.elements import Element, collapse_blanks
from cleaner.text.hyphens import collect_vocabulary, rejoin_broken_word
from cleaner.text.scripts import UNSPACED

PROSE, CODE = "prose", "code"
"""What a text with line ends is: code keeps them whatever its lines look like."""

MIN_WRAP_CHARS, MAX_WRAP_CHARS = 40, 120
"""Characters of the widths to which texts are wrapped."""

MIN_WRAPPED_LINES = 2
"""Lines, not counting the last of a paragraph, that show a width."""

MIN_FULL_SHARE = 0.8
"""Share of those lines that must be full: the next word would not have fitted."""

MIN_LETTER_SHARE = 0.75
"""Share of letters and blanks in prose; code and tables have more signs and digits."""

MIN_PARAGRAPH_CHARS = 80
"""Characters of a line that is no verse: where most text stands in such lines, each line is a paragraph."""

MIN_LONG_SHARE = 0.5
"""Share of a text's characters in such lines that makes paragraphs of all of them."""

_PREFORMATTED_TAGS = frozenset({"pre", "xmp", "listing"})
_KEEPING_STYLE = re.compile(r"white-space(?:-collapse)?\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_KEEPING_CLASS = re.compile(r"(?:^|\s)whitespace-(?:pre|break-spaces)")
_UNSPACED_END = re.compile(f"[{UNSPACED}]\\Z")


def find_line_ends(element: Element, classes: str) -> str:
    """Whether a reader sees the line ends in an element's text: of `CODE`, of `PROSE`, or (empty) none."""
    if element.tag in _PREFORMATTED_TAGS:
        return CODE if element.find(".//code") is not None else PROSE
    style = element.get("style")
    is_styled = style and "white-space" in style and _KEEPING_STYLE.search(style)
    return PROSE if is_styled or ("whitespace-" in classes and _KEEPING_CLASS.search(classes)) else ""


def split_preformatted(text: str, ends: str) -> list[str]:
    """The lines of a page that a text with line ends makes: stanzas of code and verse, or paragraphs.

    `ends` is what `find_line_ends` says of its element.  The lines of a stanza stay one, with line ends in it; nothing
    comes of numbers alone.
    """
    lines = list(map(str.rstrip, text.splitlines()))
    stanzas = [list(group) for filled, group in groupby(lines, bool) if filled]
    shown = list(filter(None, lines))
    if list(map(str.strip, shown)) == list(map(str, range(1, 1 + len(shown)))):
        return []  # the numbers of the lines of code that stands beside them
    is_code = ends == CODE and len(shown) > 1
    if not is_code and _is_wrapped(stanzas):
        words = collect_vocabulary(shown)
        return [_join_wrapped(stanza, words) for stanza in stanzas]
    long = sum(filter(MIN_PARAGRAPH_CHARS.__le__, map(len, shown)))
    is_verse = len(shown) > 1 and long <= MIN_LONG_SHARE * sum(map(len, shown))
    return list(map("\n".join, stanzas) if is_code or is_verse else map(collapse_blanks, shown))


def _is_wrapped(stanzas: Sequence[Sequence[str]]) -> bool:
    """Whether these are paragraphs wrapped to a width: their lines are full, and hold prose from the margin on."""
    broken = list(chain.from_iterable(map(pairwise, stanzas)))
    lefts = list(map(itemgetter(0), broken))
    width = max(map(len, lefts), default=0)
    if len(broken) < MIN_WRAPPED_LINES or not MIN_WRAP_CHARS <= width <= MAX_WRAP_CHARS:
        return False
    text = "".join(lefts)
    letters = sum(map(str.isalpha, text)) + text.count(" ")
    full = sum(len(left) + len(right.split(None, 1)[0]) >= width for left, right in broken if not right[0].isspace())
    return letters >= MIN_LETTER_SHARE * len(text) and full >= MIN_FULL_SHARE * len(broken)


def _join_wrapped(lines: Sequence[str], words: set[str]) -> str:
    """A paragraph out of its lines: parted words are made whole, scripts without blanks get none."""
    parts = [collapse_blanks(lines[0])]
    for right in map(collapse_blanks, lines[1:]):
        whole = rejoin_broken_word(parts[-1], right, words)
        if whole is not None:
            parts[-1] = whole
        elif _UNSPACED_END.search(parts[-1]) and _UNSPACED_END.search(right[0]):
            parts.append(right)
        else:
            parts += (" ", right)
    return "".join(parts)

"""The headline of a page: which of its headings is it, and the label with which it opens."""

import re
from collections.abc import Sequence
from functools import lru_cache

from cleaner.html.scan import Element, PageScan, extract_shown_text
from cleaner.text.scripts import UNSPACED
from cleaner.text.shape import build_match_key

_KICKER_PATTERN = re.compile(
    r"kicker|over-?line|top-?line|dachzeile|spitzmarke|eyebrow|pre-?title|roof-?line|super-?title|surtitre|antetit|"
    r"pre-?headline|over-?title|headline-?(?:intro|prefix|label)|category|rubrik|topic",
    re.IGNORECASE,
)


_WORD = re.compile(r"\w+")
_UNSPACED_SCRIPTS = re.compile(f"[{UNSPACED}]")
_TITLE_SEPARATOR = re.compile(r"\s+[-–—|·•:»«›~/]+\s+|\s*[|｜]\s*|(?<=\w):\s+")


@lru_cache(256)
def _split_words(text: str) -> frozenset[str]:
    """The words of a title; pairs of letters where a script does without spaces."""
    text = text.casefold()
    if _UNSPACED_SCRIPTS.search(text):
        plain = build_match_key(text)
        return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))
    return frozenset(_WORD.findall(text))


def measure_agreement(one: str, other: str) -> float:
    """How far two titles are the same, from 0 to 1: the share of words, of the one with fewer; order does not count."""
    first, second = _split_words(one), _split_words(other)
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer else 0.0


def _score_heading(shown: str, title: str, plain: str) -> float:
    """How far a heading is what the metadata call the page, from 0 to 1; `plain` is its key."""
    first, second = _split_words(shown), _split_words(title)
    common = len(first & second)
    if not common:
        return 0.0
    if plain == build_match_key(title):
        return 1.0
    parts = [build_match_key(part) for part in _TITLE_SEPARATOR.split(title)]
    if plain in parts:  # a shorter part may be a section or the site
        return 0.9 if len(plain) == max(map(len, parts)) else 0.6
    share = common / len(first | second)
    return max(share, common / len(first) - 0.1) if len(first) > 3 else share


def find_headline(seen: PageScan, titles: Sequence[str], sites: Sequence[str]) -> tuple[int, str] | None:
    """Place and text of the heading that agrees best with what the metadata call the page, else of the only h1.

    An h1 need not agree as much as another; nothing that is the site's name is a headline."""
    names = {build_match_key(site) for site in sites}
    alone: list[tuple[int, str]] = []
    best, place, shown = 0.0, -1, ""
    for first in (True, False):
        for at, found in enumerate(seen.found):
            if "t" not in found.signs or (found.element.tag == "h1") != first:
                continue
            text = extract_shown_text(found.element, 400)
            plain = build_match_key(text)
            if not 1 < len(plain) < 400 or plain in names:
                continue
            score = max([_score_heading(text, title, plain) - 0.02 * i for i, title in enumerate(titles)], default=0)
            if first and not seen.is_outside(found.element):
                alone.append((at, text))
            if score < (0.4 if first else 0.8):
                continue
            score -= 0 if first else 0.3 if seen.is_outside(found.element) else 0.1
            if score > best + 0.05:
                best, place, shown = score, at, text
        if best > 0.6:
            break
    if place < 0 and len(alone) == 1 and " " in alone[0][1]:
        place, shown = alone[0]
    return (place, shown) if place >= 0 else None


def find_kicker(heading: Element) -> Element | None:
    """The label in an element of its own with which a heading opens."""
    if heading.text and not heading.text.isspace():
        return None
    node = heading
    for _ in range(3):
        first = next((child for child in node if isinstance(child.tag, str)), None)
        if first is None:
            return None
        if _KICKER_PATTERN.search(first.get("class") or ""):
            return first
        if len(node) > 1 and not len(first):
            return None
        node = first
    return None

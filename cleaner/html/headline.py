"""The headline of a page: which of its headings is it, and the label with which it opens."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice, pairwise

from cleaner.html.elements import Element
from cleaner.html.scan import TITLE, CandidateElement, PageScan, extract_shown_text
from cleaner.text.scripts import UNSPACED
from cleaner.text.shape import build_match_key
from cleaner.text.titles import TITLE_SEPARATOR

TITLE_CACHE_SIZE = 256
"""LRU size for the words of titles: those of one page are compared with each other."""

MAX_HEADLINE_CHARS = 400
"""A heading whose key has as many characters is no headline, nor is one whose key has a single one."""

WHOLE_TITLE, LONGEST_PART, SHORTER_PART = 1.0, 0.9, 0.6
"""Scores of a heading that is a metadata title, the longest part of one, or a shorter part: that may be the section or
the site."""

MIN_TITLE_WORDS = 4
"""Words from which a heading may stand for a longer title that holds it."""

CONTAINED_COST = 0.1
"""Taken from the share of a heading's words that a longer title holds."""

LATER_TITLE_COST = 0.02
"""Taken from a heading's score for each metadata title before the one that it agrees with."""

MIN_H1_SCORE, MIN_OTHER_SCORE = 0.4, 0.8
"""Scores from which an h1 and another heading may be the headline."""

OTHER_COST, OUTSIDE_COST = 0.1, 0.3
"""Taken from the score of a heading that is no h1: the second one if it stands outside the article."""

MIN_LEAD = 0.05
"""By how much a later heading must score higher than the best one before it."""

MIN_SURE_SCORE = 0.6
"""Score above which an h1 is the headline, and no other heading is looked at."""

WIDGET_DEPTH = 3
"""Elements around a heading in which the name of a translator's box is looked for."""

KICKER_DEPTH = 3
"""Elements inside each other at the beginning of a heading in which its label is looked for."""

_KICKER_PATTERN = re.compile(
    r"kicker|over-?line|top-?line|dachzeile|spitzmarke|eyebrow|pre-?title|roof-?line|super-?title|surtitre|antetit|"
    r"pre-?headline|over-?title|headline-?(?:intro|prefix|label)|category|rubrik|topic",
    re.IGNORECASE,
)
_HOME_ADDRESS = re.compile(r"(?:https?:)?//[^/?#\s]+/?|/(?:index\.(?:html?|php))?", re.IGNORECASE)
_ABOVE_PATTERN = re.compile(r"kicker|over-?line|top-?line|dachzeile|spitzmarke|eyebrow|surtitre|antetit", re.IGNORECASE)
_WIDGET_PATTERN = re.compile(r"\bskiptranslate\b|\bgoog-(?:gt|te)-")
_WORD = re.compile(r"\w+")
_UNSPACED_SCRIPTS = re.compile(f"[{UNSPACED}]")


@lru_cache(TITLE_CACHE_SIZE)
def _split_words(text: str) -> frozenset[str]:
    """The words of a title; pairs of letters where a script does without spaces."""
    text = text.casefold()
    if _UNSPACED_SCRIPTS.search(text):
        plain = build_match_key(text)
        return frozenset(map("".join, pairwise(plain)))
    return frozenset(_WORD.findall(text))


def measure_agreement(one: str, other: str) -> float:
    """How far two titles are the same, from 0 to 1: the share of words, of the one with fewer; order does not count."""
    first, second = _split_words(one), _split_words(other)
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer else 0.0


def _score_heading(shown: str, title: str, plain: str) -> float:
    """How far a heading is what the metadata call the page, from 0 to 1.

    `shown` is its text, `plain` the key of that, `title` one of the metadata.  Words in common count by their share of
    all words of both, or, for a heading that a longer title holds, of the heading's own.
    """
    first, second = _split_words(shown), _split_words(title)
    common = len(first & second)
    if not common:
        return 0.0
    if plain == build_match_key(title):
        return WHOLE_TITLE
    parts = list(map(build_match_key, TITLE_SEPARATOR.split(title)))
    if plain in parts:
        return LONGEST_PART if len(plain) == max(map(len, parts)) else SHORTER_PART
    share = common / len(first | second)
    return max(share, common / len(first) - CONTAINED_COST) if len(first) >= MIN_TITLE_WORDS else share


def find_headline(seen: PageScan, titles: Sequence[str], sites: Sequence[str]) -> tuple[int, str] | None:
    """Place and text of the heading that agrees best with what the metadata call the page, else of the only h1.

    An h1 need not agree as much as another; nothing that is the site's name is a headline.
    """
    names = frozenset(map(build_match_key, sites))
    best, shown = 0.0, None
    for is_h1 in (True, False):
        for at, text, score in _score_headings(seen, titles, names, is_h1):
            if score > best + MIN_LEAD:
                best, shown = score, (at, text)
        if best > MIN_SURE_SCORE:
            break
    if shown is not None:
        return shown
    alone = [
        (at, text) for at, text, _ in _list_headings(seen, names, True) if not seen.is_outside(seen.found[at].element)
    ]
    return alone[0] if len(alone) == 1 and " " in alone[0][1] else None


def _list_headings(seen: PageScan, names: frozenset[str], is_h1: bool) -> Iterator[tuple[int, str, str]]:
    """Place, text and key of each heading that is an h1, or of each that is not, but for the site's name."""
    for at, found in enumerate(seen.found):
        if TITLE in found.signs and (found.element.tag == "h1") == is_h1 and not _is_widget(found.element):
            text = extract_shown_text(found.element, MAX_HEADLINE_CHARS)
            plain = build_match_key(text)
            if 1 < len(plain) < MAX_HEADLINE_CHARS and plain not in names and not _leads_home(found.element, text):
                yield at, text, plain


def _is_widget(heading: Element) -> bool:
    """Whether a heading belongs to a translator that was open when the page was saved: `Original text`."""
    around = chain((heading,), islice(heading.iterancestors(), WIDGET_DEPTH))
    return any(_WIDGET_PATTERN.search(f"{node.get('id', '')} {node.get('class', '')}") for node in around)


def _leads_home(heading: Element, text: str) -> bool:
    """Whether a heading is a link to the first page of the site, as its name is."""
    link = next((one for one in heading.iter("a") if _HOME_ADDRESS.fullmatch(one.get("href", "").strip())), None)
    return link is not None and extract_shown_text(link, MAX_HEADLINE_CHARS) == text


def _score_headings(
    seen: PageScan, titles: Sequence[str], names: frozenset[str], is_h1: bool
) -> Iterator[tuple[int, str, float]]:
    """Place, text and score of those of these headings that agree enough with a title."""
    least = MIN_H1_SCORE if is_h1 else MIN_OTHER_SCORE
    for at, text, plain in _list_headings(seen, names, is_h1):
        scores = [_score_heading(text, title, plain) - LATER_TITLE_COST * i for i, title in enumerate(titles)]
        score = max(scores, default=0)
        if score >= least:
            yield at, text, score - (0 if is_h1 else _weigh_place(seen, seen.found[at]))


def _weigh_place(seen: PageScan, found: CandidateElement) -> float:
    """What a heading that is no h1 loses by its place."""
    return OUTSIDE_COST if seen.is_outside(found.element) else OTHER_COST


def find_kicker(heading: Element) -> Element | None:
    """The label in an element of its own with which a heading opens; None for a heading that opens with text."""
    if heading.text and not heading.text.isspace():
        return None
    node = heading
    for _ in range(KICKER_DEPTH):
        first = next((child for child in node if isinstance(child.tag, str)), None)
        if first is None or _KICKER_PATTERN.search(first.get("class", "")):
            return first
        if len(node) > 1 and not len(first):
            return None
        node = first
    return None


def find_kicker_above(heading: Element) -> Element | None:
    """The link or the span directly before a heading that its class calls a kicker; None without one."""
    above = heading.getprevious()
    is_inline = above is not None and above.tag in ("a", "span") and not (above.tail or "").strip()
    return above if is_inline and above is not None and _ABOVE_PATTERN.search(above.get("class", "")) else None

"""Bylines and dates as a page shows them, as raw facts."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.document import Fact
from cleaner.facts import Party
from cleaner.html.elements import Element
from cleaner.html.scan import (
    AUTHOR_LINK,
    BYLINE,
    ITEM_AUTHOR,
    ITEM_MODIFIED,
    ITEM_PUBLISHED,
    MODIFIED,
    PUBLISHED,
    TITLE,
    CandidateElement,
    PageScan,
    extract_shown_text,
)
from cleaner.text.dates.labels import read_label
from cleaner.text.dates.scan import find_dates
from cleaner.text.dates.stamp import Label
from cleaner.text.dates.words import load_lexicon

MAX_BYLINE_CHARS = 220
"""Characters of the longest byline or line of dates."""

MAX_BYLINE_FACTS = 60
"""Bylines and dates of a page that are read: lists of articles have hundreds."""

MIN_TEASER_BYLINES = 3
"""If elements with the same tag and classes hold this many different names or days, they are those of teasers and are
skipped, except a byline right below the headline."""

MIN_FAR_PARAGRAPHS = 4
"""Paragraphs behind a headline from which on a byline or date is far from it."""

MIN_LINKED_WORDS = 4
"""Words from which a link in the same item of a list is the headline of another story; names have fewer."""

MAX_LABEL_CHARS = 40
"""Characters before a date that are read as its label."""

ABOVE_ORDER = 1000
"""Where a byline above the headline begins to be counted: behind all that stand below it."""

DAY_CHARS = 10
"""Characters of a date by which two are told apart: those of YYYY-MM-DD."""

_AUTHOR_RULES = {AUTHOR_LINK: "rel.author", ITEM_AUTHOR: "microdata.author", BYLINE: "byline"}
"""The rule of a byline by the sign of its element; of several signs the first counts."""

_DATE_FIELDS = {ITEM_PUBLISHED: "published", ITEM_MODIFIED: "modified", PUBLISHED: "published", MODIFIED: "modified"}
"""The field of a date by the sign of its element; of several signs the first counts."""
_MICRODATA_SIGNS = frozenset({ITEM_PUBLISHED, ITEM_MODIFIED})

# three groups of digits, a month in letters, or eight digits
_DIGIT = re.compile(r"\d")
_DATE_PATTERN = re.compile(r"\d\D+\d{1,4}\b.*\d|\d{1,2}\.?\s\w+\s\d{4}|\d{8}")


class _Sighting(NamedTuple):
    """A byline or date: how near the headline it stands (0: right below it), its place on the page, its fact, and the
    tag and classes of its element."""

    order: int
    at: int
    fact: Fact
    element: str

    @property
    def group(self) -> tuple[str, bool]:
        """What it is compared with: those of the same element and classes, right below the headline or elsewhere."""
        return self.element, self.order == 0


def find_byline_facts(seen: PageScan, start: int, dated: bool = False) -> Iterator[Fact]:
    """Bylines and dates as they are seen, the nearest behind the headline first.

    `start` is the place of the headline among what was found, or -1.  Rules end with `.above` for what stands above
    the headline, with `.far` where `MIN_FAR_PARAGRAPHS` paragraphs and more stand between.  Elements of one kind that
    differ from one to the next, as those of teasers, give no fact; and on a live blog that is `dated` elsewhere, dates
    of publication give none either, as they are those of its entries.
    """
    found = _list_sightings(seen, start, dated)
    values: dict[tuple[str, bool], set[str]] = {}
    for sighting in found:
        values.setdefault(sighting.group, set()).update(_list_compared(sighting.fact.value))
    for sighting in sorted(found, key=lambda one: one[:2]):
        is_below = sighting.order == 0 and isinstance(sighting.fact.value, Party)
        if is_below or len(values[sighting.group]) < MIN_TEASER_BYLINES:
            yield sighting.fact


def _list_sightings(seen: PageScan, start: int, dated: bool) -> list[_Sighting]:
    """The first bylines and dates of a page, in the order of the page."""
    base = seen.found[start].texts if start >= 0 else 0
    found: list[_Sighting] = []
    for at, candidate in enumerate(seen.found):
        if candidate.signs == TITLE or len(found) >= MAX_BYLINE_FACTS or seen.is_outside(candidate.element):
            continue
        near = candidate.texts - base
        order = near if at > start else ABOVE_ORDER - near
        far = ".far" if near >= MIN_FAR_PARAGRAPHS else ""
        kind = f"{candidate.element.tag} {candidate.element.get('class', '')}"
        facts = _read_facts(candidate, ".above" if at < start else far, dated)
        found += (_Sighting(order, at, fact, kind) for fact in facts)
    return found


def _read_facts(candidate: CandidateElement, place: str, dated: bool) -> Iterator[Fact]:
    """The byline and the date of an element; `place` is the end of their rules."""
    signs, element = candidate.signs, candidate.element
    text = extract_shown_text(element, MAX_BYLINE_CHARS + 1)
    by = next(filter(signs.__contains__, _AUTHOR_RULES), "")
    if by and 1 < len(text) <= MAX_BYLINE_CHARS:
        yield Fact(_AUTHOR_RULES[by] + place, "markup.authors", Party(text))
    # what the microdata says goes before the tag: a `time` may hold the last change
    when = next((sign for sign in _DATE_FIELDS if sign in signs), "")
    field = "" if _is_in_linked_item(element) else _DATE_FIELDS.get(when, "")
    if when == PUBLISHED and (_read_label_before(element) == "modified" or _is_change(text)):
        field = "modified"
    if field and not (dated and field == "published"):
        shown = "time" if element.tag == "time" else "date"
        rule = "microdata" if when in _MICRODATA_SIGNS else shown
        # the first attribute that is not empty hides the other one
        stamp = next(filter(None, map(element.get, ("datetime", "content"))), "")
        if value := next(filter(_is_date, (stamp, text)), ""):
            yield Fact(f"{rule}.{field}{place}", f"markup.{field}", value)


def _is_in_linked_item(element: Element) -> bool:
    """Whether an element stands in an item of a list beside a link of some words: the date of another story."""
    item = next(element.iterancestors("li"), None)
    links = item.iter("a") if item is not None else ()
    return any(len(extract_shown_text(link).split()) >= MIN_LINKED_WORDS for link in links)


def _read_label_before(element: Element) -> Label | None:
    """What the words right before an element call its date: "Updated" of `Updated <time>` and `<b>Updated</b> <time>`.

    Only the last words before it count, in the same parent."""
    before, parent = element.getprevious(), element.getparent()
    if before is None:
        said = (parent.text or "") if parent is not None else ""
    else:
        said = before.tail if before.tail and not before.tail.isspace() else extract_shown_text(before, MAX_LABEL_CHARS)
    return read_label(" ".join(said[-MAX_LABEL_CHARS:].split()), load_lexicon(None)) if said.strip() else None


def _is_change(text: str) -> bool:
    """Whether a text calls its date, or all of several, one of a change: "Updated Jun 16, 2025"."""
    labels = {date.label for date in find_dates(text)} if _DIGIT.search(text) else set()
    return labels == {"modified"}


def _is_date(written: str) -> bool:
    return len(written) <= MAX_BYLINE_CHARS and _DIGIT.search(written) is not None


def _list_compared(value: object) -> Sequence[str]:
    """What of a fact must differ from one teaser to the next: a name, or the day of a date; nothing for a bare time."""
    match value:
        case Party():
            return [value.name]
        case str() if _DATE_PATTERN.search(value):
            return [value[:DAY_CHARS]]
    return []

"""Bylines and dates as a page shows them, as raw facts."""

import re
from collections.abc import Iterator

from cleaner.document import Fact
from cleaner.facts import Party
from cleaner.html.scan import PageScan, extract_shown_text

MAX_BYLINE_CHARS = 220
"""Characters of the longest byline or line of dates."""

MAX_BYLINE_FACTS = 60
"""Bylines and dates of a page that are read: lists of articles have hundreds."""

MIN_TEASER_BYLINES = 3
"""Different bylines in elements of one kind that make them those of teasers, but for one right below the headline."""


MIN_FAR_PARAGRAPHS = 4
"""Paragraphs behind a headline before which a byline or date is near it."""


def find_byline_facts(seen: PageScan, start: int, dated: bool = False) -> Iterator[Fact]:
    """Bylines and dates as they are seen, the nearest behind the headline first.

    Their rules end with `.above` where they stand above the headline, with `.far` where `MIN_FAR_PARAGRAPHS` paragraphs
    and more stand between.  Of elements of one kind that differ from one to the next, as those of teasers, none is
    told.  On a live blog that is `dated` elsewhere, dates of publication are those of its entries, and not told
    either."""
    base = seen.found[start].texts if start >= 0 else 0
    facts: list[tuple[int, int, Fact, str]] = []
    for at, found in enumerate(seen.found):
        signs, element = found.signs, found.element
        if signs == "t" or len(facts) >= MAX_BYLINE_FACTS or seen.is_outside(element):
            continue
        near = found.texts - base
        order = near if at > start else 1000 - near
        place = ".above" if at < start else ".far" if near >= MIN_FAR_PARAGRAPHS else ""
        by = "rel.author" if "r" in signs else "microdata.author" if "B" in signs else "byline" if "b" in signs else ""
        text = extract_shown_text(element, MAX_BYLINE_CHARS + 1)
        if by and 1 < len(text) <= MAX_BYLINE_CHARS:
            kind = f"{element.tag} {element.get('class') or ''}"
            facts.append((order, at, Fact(by + place, "markup.authors", Party(text)), kind))
        when = next((sign for sign in signs if sign in "DMdm"), "")
        if when and not (dated and when in "Dd"):
            field = "modified" if when in "Mm" else "published"
            rule = "microdata" if when in "DM" else "time" if element.tag == "time" else "date"
            for value in (element.get("datetime") or element.get("content") or "", text):
                if _DIGIT.search(value) and len(value) <= MAX_BYLINE_CHARS:
                    kind = f"{element.tag} {element.get('class') or ''}"
                    facts.append((order, at, Fact(f"{rule}.{field}{place}", f"markup.{field}", value), kind))
                    break
    kinds: dict[tuple[str, bool], set[str]] = {}
    for order, _, fact, kind in facts:
        if isinstance(fact.value, Party):
            kinds.setdefault((kind, order == 0), set()).add(fact.value.name)
        elif isinstance(fact.value, str) and _DATE_PATTERN.search(fact.value):
            kinds.setdefault((kind, order == 0), set()).add(fact.value[:10])
    for order, _, fact, kind in sorted(facts, key=lambda one: one[:2]):
        below = order == 0 and isinstance(fact.value, Party)
        if below or len(kinds.get((kind, order == 0), ())) < MIN_TEASER_BYLINES:
            yield fact


_DIGIT = re.compile(r"\d")
_DATE_PATTERN = re.compile(r"\d\D+\d{1,4}\b.*\d|\d{1,2}\.?\s\w+\s\d{4}|\d{8}")

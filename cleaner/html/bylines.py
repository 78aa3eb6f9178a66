"""Bylines and dates as a page shows them, as raw facts."""

import re
from collections.abc import Iterator

from cleaner.document import Fact
from cleaner.html.scan import Seen, shown_text
from cleaner.html.values import Party

LONG = 220
"""Characters of the longest byline or line of dates."""

MOST = 60
"""Bylines and dates of a page that are read: lists of articles have hundreds."""

ALIKE = 3
"""Different bylines in elements of one kind that make them those of teasers, but for one right below the headline."""


NEAR = 4
"""Paragraphs behind a headline before which a byline or date is near it."""


def byline_facts(seen: Seen, start: int, dated: bool = False) -> Iterator[Fact]:
    """Bylines and dates as they are seen, the nearest behind the headline first.

    Their rules end with `.above` where they stand above the headline, with `.far` where `NEAR` paragraphs and more
    stand between.  Of elements of one kind that differ from one to the next, as those of teasers, none is told.  On a
    live blog that is `dated` elsewhere, dates of publication are those of its entries, and not told either."""
    base = seen.found[start].texts if start >= 0 else 0
    facts: list[tuple[int, int, Fact, str]] = []
    for at, found in enumerate(seen.found):
        signs, element = found.signs, found.element
        if signs == "t" or len(facts) >= MOST or seen.outside(element):
            continue
        near = found.texts - base
        order = near if at > start else 1000 - near
        place = ".above" if at < start else ".far" if near >= NEAR else ""
        by = "rel.author" if "r" in signs else "microdata.author" if "B" in signs else "byline" if "b" in signs else ""
        text = shown_text(element, LONG + 1)
        if by and 1 < len(text) <= LONG:
            kind = f"{element.tag} {element.get('class') or ''}"
            facts.append((order, at, Fact(by + place, "markup.authors", Party(text)), kind))
        when = next((sign for sign in signs if sign in "DMdm"), "")
        if when and not (dated and when in "Dd"):
            field = "modified" if when in "Mm" else "published"
            rule = "microdata" if when in "DM" else "time" if element.tag == "time" else "date"
            for value in (element.get("datetime") or element.get("content") or "", text):
                if _DIGIT.search(value) and len(value) <= LONG:
                    kind = f"{element.tag} {element.get('class') or ''}"
                    facts.append((order, at, Fact(f"{rule}.{field}{place}", f"markup.{field}", value), kind))
                    break
    kinds: dict[tuple[str, bool], set[str]] = {}
    for order, _, fact, kind in facts:
        if isinstance(fact.value, Party):
            kinds.setdefault((kind, order == 0), set()).add(fact.value.name)
        elif _DAY.search(fact.value):
            kinds.setdefault((kind, order == 0), set()).add(fact.value[:10])
    for order, _, fact, kind in sorted(facts, key=lambda one: one[:2]):
        below = order == 0 and isinstance(fact.value, Party)
        if below or len(kinds.get((kind, order == 0), ())) < ALIKE:
            yield fact


_DIGIT = re.compile(r"\d")
_DAY = re.compile(r"\d\D+\d{1,4}\b.*\d|\d{1,2}\.?\s\w+\s\d{4}|\d{8}")

"""Where what the lines of a page say of authors and dates meets what its markup says: the better evidence wins.

The stage `markup` leaves facts with the keys `evidence.authors`, `evidence.signature`, `evidence.published` and
`evidence.modified`, each with the rule that names its place; `settled` weighs the stage `metadata`'s own facts with
them and yields the record's.  A text without markup has no such facts, and nothing is weighed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from cleaner.document import Document, Edit, Fact
from cleaner.text.dates import Stamp
from cleaner.text.names import Name
from cleaner.text.shape import key

LINES, BARE = "lines.", "bare."
"""What a rule pack read out of a line ("By Jane Doe"), and what only looks like a name or a date."""

SEEN = ("microdata.author", "rel.author", "byline")

WRITERS = ("editing", "writing", "reporting")

AUTHORS: tuple[tuple[str, ...], ...] = (
    ("json-ld.author",),
    ("json-ld.creator",),
    ("opengraph.",),
    ("dublin-core.",),
    ("meta.",),
    ("twitter.",),
    SEEN,
    (LINES,),
    ("microdata.author.above", "rel.author.above", "byline.above"),
    ("microdata.author.far", "rel.author.far", "byline.far"),
)
"""Places of authors, the best first; all of one place are believed together.  Right on pages with hand-made metadata:
JSON-LD .86 to .97, a byline near the headline .78 to .94, what lines say .83 to .87, one far away .56 to .83."""

SIGNATURES = ("json-ld.", "rel.", "microdata.", "byline", "")
"""Places of a house or a user that signs where no person is named, the best first."""

WEIGHTS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (1.1, ("microdata.published", "time.published", "date.published")),
    (1.0, ("json-ld.datePublished",)),
    (0.75, ("opengraph.",)),
    (0.4, ("meta.", "dublin-core.")),
    (0.5, (LINES,)),
    (0.2, (BARE,)),
    (0.3, ("url",)),
)
"""How much each place counts for a day of publication.  The places that a system fills by itself err together (the time
zone, the day of a draft), so that what the page shows near its headline outweighs any one of them.  Chosen on four
collections of dated pages; with weights chosen on four fifths of their templates, the fifth was right on .88 to .98."""

CHANGED = "changed."
"""Before the place of a last change."""

OTHERWISE = (
    "time.published.above", "date.published.above", "microdata.published.above", "json-ld.", "changed.time.",
    "changed.date.", "changed.lines.", "changed.bare.", "changed.microdata.", "changed.json-ld.", "changed.opengraph.",
    "changed.meta.",
)  # fmt: skip
"""Places of a date where none of `WEIGHTS` has one: a page often calls its only date the last change."""

MODIFIED = ("json-ld.", "opengraph.", "microdata.", "time.", "date.", LINES, "meta.", "dublin-core.", BARE)
"""Places of the last change, the best first."""

_FINENESS = {"year": 0, "month": 1, "day": 2, "minute": 3, "second": 4}


def settled(document: Document, findings: Iterable[Edit | Fact]) -> Iterator[Edit | Fact]:
    """The findings of the stage `metadata`, its authors and dates weighed with those of the markup."""
    evidence = [fact for fact in document.facts if fact.key.startswith("evidence.")]
    if not evidence and document.page is None:
        yield from findings
        return
    for finding in findings:
        if isinstance(finding, Fact) and finding.key in ("authors", "published", "modified"):
            evidence.append(finding)
        else:
            yield finding
    yield from _authors(evidence, any(fact.key == "agencies" and _is_markup(fact) for fact in document.facts))
    yield from _dates(evidence, document)


def _is_markup(fact: Fact) -> bool:
    return fact.rule.startswith(("json-ld.", "opengraph.", "dublin-core.", "meta.", "byline", "rel.", "microdata."))


def _place(fact: Fact) -> str:
    """The place of a fact: its rule for what the markup says."""
    if fact.key.startswith("evidence."):
        return fact.rule
    return f"{BARE if fact.rule.startswith('metadata.') else LINES}{fact.rule}"


# ---------------------------------------------------------------- authors


def _authors(evidence: Sequence[Fact], by_agency: bool) -> Iterator[Fact]:
    """The persons of the best place, all with another part in the article, and a signature where there are none."""
    people: dict[str, list[Fact]] = defaultdict(list)
    others: list[Fact] = []
    for fact in evidence:
        if fact.key in ("authors", "evidence.authors"):
            if fact.value.role == "author":
                people[_place(fact)].append(fact)
            else:
                others.append(fact)
    chosen: list[Fact] = []
    for places in AUTHORS:
        for place, facts in people.items():
            if place in places or any(place.startswith(one) for one in places if one.endswith(".")):
                chosen += facts
        if chosen:
            break
    else:
        # "Editor: Jane Doe" where an author would stand
        chosen = [fact for fact in others if fact.rule in SEEN and fact.value.role in WRITERS]
        others = [fact for fact in others if fact not in chosen]
    if not chosen and not by_agency:
        signatures = [fact for fact in evidence if fact.key == "evidence.signature"]
        signatures.sort(key=lambda fact: next(i for i, place in enumerate(SIGNATURES) if fact.rule.startswith(place)))
        chosen = signatures[:1] or [fact for place, facts in people.items() if place.startswith(BARE) for fact in facts]
    shown = [fact.value.name for place, facts in people.items() if place.startswith((LINES, *SEEN)) for fact in facts]
    done: dict[str, Fact] = {}
    for fact in chosen:
        name = fact.value
        if " " not in name.name:
            # "Jane" of the markup is the "Jane Doe" of the byline
            whole = next((one for one in shown if _begins(one, name.name) and len(set(one.split())) > 1), name.name)
            name = Name(whole, name.role, name.raw)
        name = Name(name.name, "author", name.raw)
        done.setdefault(key(name.name), Fact(fact.rule, "authors", name, fact.start, fact.end))
    names = [fact.value.name for fact in done.values()]
    for fact in done.values():
        # "Jane Doe Mon" or "Posted by jane" where another place has the name alone
        if not any(_is_within(other, fact.value.name) for other in names):
            yield fact
    for fact in others:
        yield Fact(fact.rule, "authors", fact.value, fact.start, fact.end)


def _begins(name: str, other: str) -> bool:
    """Whether a name is another one and more words."""
    return name.casefold().startswith(other.casefold() + " ")


def _is_within(other: str, name: str) -> bool:
    """Whether a name is another one with words around it that are no part of it."""
    if " " in other and _begins(name, other):
        return True
    ahead = name[: -len(other)].split() if name.casefold().endswith(f" {other}".casefold()) else ()
    return len(ahead) > 1 and ahead[-1].islower()


# ---------------------------------------------------------------- dates


def _dates(evidence: Sequence[Fact], document: Document) -> Iterator[Fact]:
    found: dict[str, Fact] = {}
    changed: dict[str, Fact] = {}
    for fact in evidence:
        if fact.key.endswith("published"):
            found.setdefault(_place(fact), fact)
        elif fact.key.endswith("modified"):
            changed.setdefault(_place(fact), fact)
    published = _voted(found) or _first(found, changed) or _by_htmldate(document)
    if published is not None:
        yield Fact(published.rule, "published", published.value, published.start, published.end)
    for place in MODIFIED:
        for name, fact in changed.items():
            if name.startswith(place):
                yield Fact(fact.rule, "modified", fact.value, fact.start, fact.end)
                return


def _voted(found: dict[str, Fact]) -> Fact | None:
    """The finest stamp of the day for which the places count most."""
    days: dict[str, float] = defaultdict(float)
    stamps: dict[str, list[Fact]] = defaultdict(list)
    for weight, places in WEIGHTS:
        for name, fact in found.items():
            if name in places or any(name.startswith(place) for place in places if place.endswith(".")):
                day = fact.value.value[:10]
                days[day] += weight
                stamps[day].append(fact)
                break
    if not days:
        return None
    day = max(days, key=lambda one: days[one])
    return max(stamps[day], key=lambda fact: (_FINENESS[fact.value.precision], len(fact.value.value)))


def _first(found: dict[str, Fact], changed: dict[str, Fact]) -> Fact | None:
    """The fact of the first place of `OTHERWISE` that has one."""
    both = found | {f"{CHANGED}{place}": fact for place, fact in changed.items()}
    for wanted in OTHERWISE:
        for place, fact in both.items():
            if place.startswith(wanted) and not place.endswith(".far"):
                return fact
    return None


def _by_htmldate(document: Document) -> Fact | None:
    """What htmldate finds on a page where nothing else did."""
    if document.page is None:
        return None
    import htmldate  # slow to import, and rarely needed

    try:
        day = htmldate.find_date(document.page, url=document.url, original_date=True, extensive_search=False)
    except Exception:  # a library's own trouble with a page is no reason to lose it
        return None
    return Fact("htmldate", "published", Stamp(day, "day", day)) if day else None


__all__ = ["settled"]

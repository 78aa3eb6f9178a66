"""Where what the lines of a page say of authors and dates meets what its markup says: the better evidence wins.

The stage `markup` leaves facts with the keys `evidence.authors`, `evidence.signature`, `evidence.published` and
`evidence.modified`, each with the rule that names its place; `weigh_evidence` weighs the stage `metadata`'s own facts
with them and yields the record's.  A text without markup has no such facts, and nothing is weighed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from cleaner.document import Document, Edit, Fact
from cleaner.text.dates import Stamp
from cleaner.text.names import Person
from cleaner.text.shape import build_match_key

LINE_PREFIX, BARE_PREFIX = "lines.", "bare."
"""What a rule pack read out of a line ("By Jane Doe"), and what only looks like a name or a date."""

VISIBLE_AUTHOR_PLACES = ("microdata.author", "rel.author", "byline")

WRITER_ROLES = ("editing", "writing", "reporting")

AUTHOR_PLACES: tuple[tuple[str, ...], ...] = (
    ("json-ld.author",),
    ("json-ld.creator",),
    ("opengraph.",),
    ("dublin-core.",),
    ("meta.",),
    ("twitter.",),
    VISIBLE_AUTHOR_PLACES,
    (LINE_PREFIX,),
    ("microdata.author.above", "rel.author.above", "byline.above"),
    ("microdata.author.far", "rel.author.far", "byline.far"),
)
"""Places of authors, the best first; all of one place are believed together.  Right on pages with hand-made metadata:
JSON-LD .86 to .97, a byline near the headline .78 to .94, what lines say .83 to .87, one far away .56 to .83."""

SIGNATURE_PLACES = ("json-ld.", "rel.", "microdata.", "byline", "")
"""Places of a house or a user that signs where no person is named, the best first."""

PUBLISHED_WEIGHTS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (1.1, ("microdata.published", "time.published", "date.published")),
    (1.0, ("json-ld.datePublished",)),
    (0.75, ("opengraph.",)),
    (0.4, ("meta.", "dublin-core.")),
    (0.5, (LINE_PREFIX,)),
    (0.2, (BARE_PREFIX,)),
    (0.3, ("url",)),
)
"""How much each place counts for a day of publication.  The places that a system fills by itself err together (the time
zone, the day of a draft), so that what the page shows near its headline outweighs any one of them.  Chosen on four
collections of dated pages; with weights chosen on four fifths of their templates, the fifth was right on .88 to .98."""

CHANGED_PREFIX = "changed."
"""Before the place of a last change."""

FALLBACK_PLACES = (
    "time.published.above",
    "date.published.above",
    "microdata.published.above",
    "json-ld.",
    "changed.time.",
    "changed.date.",
    "changed.lines.",
    "changed.bare.",
    "changed.microdata.",
    "changed.json-ld.",
    "changed.opengraph.",
    "changed.meta.",
)
"""Places of a date where none of `PUBLISHED_WEIGHTS` has one: a page often calls its only date the last change."""

MODIFIED_PLACES = (
    "json-ld.",
    "opengraph.",
    "microdata.",
    "time.",
    "date.",
    LINE_PREFIX,
    "meta.",
    "dublin-core.",
    BARE_PREFIX,
)
"""Places of the last change, the best first."""

_PRECISION_RANKS = {"year": 0, "month": 1, "day": 2, "minute": 3, "second": 4}


def weigh_evidence(document: Document, findings: Iterable[Edit | Fact]) -> Iterator[Edit | Fact]:
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
    yield from _choose_authors(evidence, any(fact.key == "agencies" and _is_markup(fact) for fact in document.facts))
    yield from _choose_dates(evidence, document)


def _is_markup(fact: Fact) -> bool:
    return fact.rule.startswith(("json-ld.", "opengraph.", "dublin-core.", "meta.", "byline", "rel.", "microdata."))


def _derive_place(fact: Fact) -> str:
    """The place of a fact: its rule for what the markup says."""
    if fact.key.startswith("evidence."):
        return fact.rule
    return f"{BARE_PREFIX if fact.rule.startswith('metadata.') else LINE_PREFIX}{fact.rule}"


# ---------------------------------------------------------------- authors


def _choose_authors(evidence: Sequence[Fact], by_agency: bool) -> Iterator[Fact]:
    """The persons of the best place, all with another part in the article, and a signature where there are none."""
    people: dict[str, list[Fact]] = defaultdict(list)
    others: list[Fact] = []
    for fact in evidence:
        if fact.key in ("authors", "evidence.authors"):
            if fact.value.role == "author":
                people[_derive_place(fact)].append(fact)
            else:
                others.append(fact)
    chosen: list[Fact] = []
    for places in AUTHOR_PLACES:
        for place, facts in people.items():
            if place in places or any(place.startswith(one) for one in places if one.endswith(".")):
                chosen += facts
        if chosen:
            break
    else:
        # "Editor: Jane Doe" where an author would stand
        chosen = [fact for fact in others if fact.rule in VISIBLE_AUTHOR_PLACES and fact.value.role in WRITER_ROLES]
        others = [fact for fact in others if fact not in chosen]
    if not chosen and not by_agency:
        signatures = [fact for fact in evidence if fact.key == "evidence.signature"]
        signatures.sort(
            key=lambda fact: next(i for i, place in enumerate(SIGNATURE_PLACES) if fact.rule.startswith(place))
        )
        chosen = signatures[:1] or [
            fact for place, facts in people.items() if place.startswith(BARE_PREFIX) for fact in facts
        ]
    shown = [
        fact.value.name
        for place, facts in people.items()
        if place.startswith((LINE_PREFIX, *VISIBLE_AUTHOR_PLACES))
        for fact in facts
    ]
    done: dict[str, Fact] = {}
    for fact in chosen:
        name = fact.value
        if " " not in name.name:
            # "Jane" of the markup is the "Jane Doe" of the byline
            whole = next(
                (one for one in shown if _is_longer_form(one, name.name) and len(set(one.split())) > 1), name.name
            )
            name = Person(whole, name.role, name.raw)
        name = Person(name.name, "author", name.raw)
        done.setdefault(build_match_key(name.name), Fact(fact.rule, "authors", name, fact.start, fact.end))
    names = [fact.value.name for fact in done.values()]
    for fact in done.values():
        # "Jane Doe Mon" or "Posted by jane" where another place has the name alone
        if not any(_is_within(other, fact.value.name) for other in names):
            yield fact
    for fact in others:
        yield Fact(fact.rule, "authors", fact.value, fact.start, fact.end)


def _is_longer_form(name: str, other: str) -> bool:
    """Whether a name is another one and more words."""
    return name.casefold().startswith(other.casefold() + " ")


def _is_within(other: str, name: str) -> bool:
    """Whether a name is another one with words around it that are no part of it."""
    if " " in other and _is_longer_form(name, other):
        return True
    ahead = name[: -len(other)].split() if name.casefold().endswith(f" {other}".casefold()) else ()
    return len(ahead) > 1 and ahead[-1].islower()


# ---------------------------------------------------------------- dates


def _choose_dates(evidence: Sequence[Fact], document: Document) -> Iterator[Fact]:
    found: dict[str, Fact] = {}
    changed: dict[str, Fact] = {}
    for fact in evidence:
        if fact.key.endswith("published"):
            found.setdefault(_derive_place(fact), fact)
        elif fact.key.endswith("modified"):
            changed.setdefault(_derive_place(fact), fact)
    published = _weigh_published(found) or _find_fallback_date(found, changed) or _ask_htmldate(document)
    if published is not None:
        yield Fact(published.rule, "published", published.value, published.start, published.end)
    for place in MODIFIED_PLACES:
        for name, fact in changed.items():
            if name.startswith(place):
                yield Fact(fact.rule, "modified", fact.value, fact.start, fact.end)
                return


def _weigh_published(found: dict[str, Fact]) -> Fact | None:
    """The finest stamp of the day for which the places count most."""
    days: dict[str, float] = defaultdict(float)
    stamps: dict[str, list[Fact]] = defaultdict(list)
    for weight, places in PUBLISHED_WEIGHTS:
        for name, fact in found.items():
            if name in places or any(name.startswith(place) for place in places if place.endswith(".")):
                day = fact.value.value[:10]
                days[day] += weight
                stamps[day].append(fact)
                break
    if not days:
        return None
    day = max(days, key=lambda one: days[one])
    return max(stamps[day], key=lambda fact: (_PRECISION_RANKS[fact.value.precision], len(fact.value.value)))


def _find_fallback_date(found: dict[str, Fact], changed: dict[str, Fact]) -> Fact | None:
    """The fact of the first place of `FALLBACK_PLACES` that has one."""
    both = found | {f"{CHANGED_PREFIX}{place}": fact for place, fact in changed.items()}
    for wanted in FALLBACK_PLACES:
        for place, fact in both.items():
            if place.startswith(wanted) and not place.endswith(".far"):
                return fact
    return None


def _ask_htmldate(document: Document) -> Fact | None:
    """What htmldate finds on a page where nothing else did."""
    if document.page is None:
        return None
    import htmldate  # slow to import, and rarely needed

    try:
        day = htmldate.find_date(document.page, url=document.url, original_date=True, extensive_search=False)
    except Exception:  # a library's own trouble with a page is no reason to lose it
        return None
    return Fact("htmldate", "published", Stamp(day, "day", day)) if day else None

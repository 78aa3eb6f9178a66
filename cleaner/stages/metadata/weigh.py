"""Authors and dates of the lines of a page are weighed here with those of its markup: the better evidence wins.

The stage `markup` leaves facts with the keys `evidence.*`, each with the rule that names its place; the stage
`metadata` passes its own findings through `weigh_evidence`.  How far each place is trusted stands in
`cleaner.facts.Place`.  A text without markup has no such facts, and nothing is weighed.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol, runtime_checkable

from cleaner.document import Document, Edit, Fact
from cleaner.facts import (
    AGENCIES,
    AUTHORS,
    EVIDENCE_AGENCY,
    EVIDENCE_AUTHORS,
    EVIDENCE_FIELDS,
    EVIDENCE_MODIFIED,
    EVIDENCE_PUBLISHED,
    EVIDENCE_SIGNATURE,
    MODIFIED,
    NEAR_PLACES,
    NEVER,
    PUBLISHED,
    SHOWN_PLACES,
    STATED_PLACES,
    Place,
    pick_places,
    place_of,
)
from cleaner.stages.metadata.cards import BesideLines
from cleaner.text.dates.scan import find_dates
from cleaner.text.dates.stamp import Stamp
from cleaner.text.names.person import Person
from cleaner.text.shape import build_match_key

WRITER_ROLES = frozenset({"editing", "writing", "reporting"})
"""Roles of persons who count as authors where no author is named: "Editor: Jane Doe" in place of a byline."""

WEIGHED_KEYS = frozenset({AUTHORS.name, PUBLISHED.name, MODIFIED.name})
"""Keys of the stage's own findings that are weighed with the markup's."""

ISO_DAY_CHARS = len("2024-05-03")
"""Characters of a stamp that are its day."""

YEAR_CHARS = len("2024")
"""Characters of a stamp that are its year."""

SHOWN_FIRST_WEIGHT = 0.5
"""What a day that the page shows weighs more where its markup states only later ones: systems state the day of a
republication, and no reader is shown a day before there was an article.  It won four pages of 337 on one collection of
dated pages, and lost none on two others."""

_SHOWN_DATE_PLACES = frozenset({Place.BARE, Place.DATE, Place.TIME})
_SHOWN_CHANGE_PLACES = frozenset({Place.MICRODATA, Place.DATE, Place.TIME})
_STATED_DATE_PLACES = frozenset({Place.JSON_LD_PUBLISHED, Place.OPENGRAPH, Place.META, Place.DUBLIN_CORE})

_PRECISION_RANKS = {"year": 0, "month": 1, "day": 2, "minute": 3, "second": 4}
"""Precisions of stamps, the finest highest."""
_PUBLISHED_WEIGHTS = dict.fromkeys(place.trust.published for place in Place if place.trust.published)
"""The weights of places for a day of publication, each once: the places of one weight count together, once."""


def weigh_evidence(document: Document, findings: Iterable[Edit | Fact]) -> Iterator[Edit | Fact]:
    """The findings of the stage `metadata`, its authors and dates weighed with those of the markup."""
    evidence = [fact for fact in document.facts if fact.key in EVIDENCE_FIELDS]
    if not evidence and document.page is None:
        yield from findings
        return
    for finding in findings:
        if isinstance(finding, Fact) and finding.key in WEIGHED_KEYS:
            evidence.append(finding)
        else:
            yield finding
    agency_places = map(place_of, AGENCIES.pick(document.facts))
    yield from _choose_authors(evidence, not STATED_PLACES.isdisjoint(agency_places))
    yield from _choose_dates(evidence, document)


def _pick_best(facts: Iterable[Fact], rank: Callable[[Place], int]) -> Fact | None:
    """The first fact from the place that is trusted most, or None where no place is ranked."""
    ranked = filter(lambda fact: rank(place_of(fact)) < NEVER, facts)
    return min(ranked, key=lambda fact: rank(place_of(fact)), default=None)


def _pick_keys(evidence: Iterable[Fact], *keys: str) -> list[Fact]:
    """The facts with one of these keys, in order: a key of the stage's own, and that of the markup's evidence."""
    return [fact for fact in evidence if fact.key in keys]


# ---------------------------------------------------------------- authors


def _choose_authors(evidence: Sequence[Fact], by_agency: bool) -> Iterator[Fact]:
    """The persons of the best place, and all with another role; a signature where no person is named at all.

    The house that a system names as the author is its setting: a bare name at the title goes before it.  `by_agency`:
    the markup names an agency as the author, so no house signs.
    """
    people, others = _sort_people(evidence)
    houses = [fact for fact in people if AUTHORS.read(fact).kind == "organisation"]
    people = [fact for fact in people if fact not in houses]
    chosen = _pick_most_trusted(people)
    if not chosen:
        chosen = list(filter(_is_writer, others))
        others = [fact for fact in others if fact not in chosen]
    chosen = chosen or pick_places(people, {Place.BARE})
    if not chosen:
        keys = (EVIDENCE_AGENCY,) if by_agency else (EVIDENCE_SIGNATURE,)
        signatures = [_pick_best(key.pick(evidence), lambda place: place.trust.signature) for key in keys]
        chosen = list(filter(None, signatures)) or houses[:1]
    shown = [AUTHORS.read(fact).name for fact in pick_places(people, SHOWN_PLACES)]
    done: dict[str, Fact] = {}
    for fact in chosen:
        written = AUTHORS.read(fact)
        name = _complete_name(written.name, shown)
        person = Person(name, "author", written.raw, written.kind)
        done.setdefault(build_match_key(name), AUTHORS.make(fact.rule, person, fact))
    names = [AUTHORS.read(fact).name for fact in done.values()]
    # without "Jane Doe Mon" or "Posted by jane" where another place has the name alone
    yield from (
        fact for fact in done.values() if not any(_is_within(other, AUTHORS.read(fact).name) for other in names)
    )
    yield from (AUTHORS.make(fact.rule, AUTHORS.read(fact), fact) for fact in others)


def _sort_people(evidence: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """The facts of authors, those of one place and rule together, and the facts of persons with other roles."""
    people: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    others: list[Fact] = []
    for fact in _pick_keys(evidence, AUTHORS.name, EVIDENCE_AUTHORS.name):
        (people[fact.key, fact.rule] if AUTHORS.read(fact).role == "author" else others).append(fact)
    return list(chain.from_iterable(people.values())), others


def _pick_most_trusted(people: Sequence[Fact]) -> list[Fact]:
    """The facts of all the places that share the best rank."""
    ranks = [place_of(fact).trust.authors for fact in people]
    best = min(ranks, default=NEVER)
    return [fact for fact, rank in zip(people, ranks, strict=True) if rank == best < NEVER]


def _is_writer(fact: Fact) -> bool:
    """Whether a person with another role stands where an author would."""
    return place_of(fact) in NEAR_PLACES and AUTHORS.read(fact).role in WRITER_ROLES


def _complete_name(name: str, shown: Sequence[str]) -> str:
    """A name of one word as a line or a byline has it whole: "Jane" of the markup is the "Jane Doe" of the byline."""
    if " " in name:
        return name
    return next((one for one in shown if _is_longer_form(one, name) and len(set(one.split())) > 1), name)


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
    """The day of publication that counts most, else the only date of the page, and the best last change."""
    found = _pick_keys(evidence, PUBLISHED.name, EVIDENCE_PUBLISHED.name)
    changed = _pick_keys(evidence, MODIFIED.name, EVIDENCE_MODIFIED.name)
    shown_changes = {MODIFIED.read(fact).value[:ISO_DAY_CHARS] for fact in pick_places(changed, _SHOWN_CHANGE_PLACES)}
    published = (
        _weigh_published([fact for fact in found if not _is_change(fact, shown_changes)])
        or _pick_best(found, lambda place: place.trust.only_published)
        or _pick_best(changed, lambda place: place.trust.only_modified)
        or _ask_htmldate(document)
    )
    if published:
        yield PUBLISHED.make(published.rule, PUBLISHED.read(published), published)
    if modified := _pick_best(changed, lambda place: place.trust.modified):
        yield MODIFIED.make(modified.rule, MODIFIED.read(modified), modified)


def _is_change(fact: Fact, changes: Collection[str]) -> bool:
    """Whether a day of the lines is one that an element of the page calls a change."""
    return place_of(fact) in (Place.BARE, Place.RULE) and PUBLISHED.read(fact).value[:ISO_DAY_CHARS] in changes


def _weigh_published(found: Sequence[Fact]) -> Fact | None:
    """The finest stamp of the day for which the places count most; None where no place has weight.

    A day that is shown goes before later ones that are only stated.  Of two days that count the same, that of the
    place which comes first in `Place`.
    """
    days: dict[str, float] = defaultdict(float)
    stamps: dict[str, list[Fact]] = defaultdict(list)
    for weight in _PUBLISHED_WEIGHTS:
        if fact := next((fact for fact in found if place_of(fact).trust.published == weight), None):
            day = PUBLISHED.read(fact).value[:ISO_DAY_CHARS]
            days[day] += weight
            stamps[day].append(fact)
    stated = [day for day, facts in stamps.items() if pick_places(facts, _STATED_DATE_PLACES)]
    for day, facts in stamps.items():
        if stated and day < min(stated) and pick_places(facts, _SHOWN_DATE_PLACES):
            days[day] += SHOWN_FIRST_WEIGHT
    return max(stamps[max(days, key=days.__getitem__)], key=_rank_fineness) if days else None


def _rank_fineness(fact: Fact) -> tuple[int, int]:
    """Larger for finer stamps: by precision, then by length, which a time zone adds to."""
    stamp = PUBLISHED.read(fact)
    return _PRECISION_RANKS[stamp.precision], len(stamp.value)


class _Attributes(Protocol):
    """An element, as far as its attributes go."""

    def get(self, name: str, default: str) -> str:
        """The attribute of a name."""

    def values(self) -> list[str]:
        """All attributes."""


@runtime_checkable
class _Tree(Protocol):
    """The root of a page, as far as its elements go."""

    def iter(self, tag: str) -> Iterator[_Attributes]:
        """The elements with a tag."""


def _ask_htmldate(document: Document) -> Fact | None:
    """What htmldate finds on a page where nothing else did; not the day of another story's card or of a comment.

    Its extensive search, which guesses from the text of the page, is off.
    """
    if document.page is None:
        return None
    import htmldate  # slow to import, and rarely needed

    try:
        day = htmldate.find_date(document.page, url=document.url, original_date=True, extensive_search=False)
    except Exception:  # a library's own trouble with a page is no reason to lose it
        return None
    return PUBLISHED.make("htmldate", Stamp(day, "day", day)) if day and not _is_of_cards(day, document) else None


def _is_of_cards(day: str, document: Document) -> bool:
    """Whether a day stands in cards and comments alone, or is one of several in elements `time`, all refused."""
    if isinstance(page := document.page, _Tree):
        if any(value.startswith(day) for tag in page.iter("meta") for value in tag.values()):
            return False
        days = {time.get("datetime", "")[:ISO_DAY_CHARS] for time in page.iter("time")} - {""}
        if {day} < days:  # and others
            return True
    language = document.find_fact("language")
    shown = {
        block.start
        for block in document.blocks
        if day[:YEAR_CHARS] in block.line
        and any(one.stamp.value.startswith(day) for one in find_dates(block.line, language))
    }
    beside = BesideLines(document)
    return bool(shown) and all(start in beside for start in shown)

"""People whom the markup names: persons, agencies, and the house or user that signs where no person is named."""

import re
from collections.abc import Iterator, Sequence

from cleaner.document import Fact
from cleaner.facts import (
    AGENCIES,
    EVIDENCE_AGENCY,
    EVIDENCE_AUTHORS,
    EVIDENCE_SIGNATURE,
    MARKUP_AUTHORS,
    NEVER,
    Party,
    Place,
    place_of,
)
from cleaner.rules.match import RuleSet
from cleaner.stages.markup.titles import is_site_name
from cleaner.text.languages import collect_words
from cleaner.text.names.agencies import find_agencies
from cleaner.text.names.bare import is_bare_name
from cleaner.text.names.bylines import find_closing_byline, find_signature, split_names
from cleaner.text.names.person import Kind, Person
from cleaner.text.names.words import load_lexicon
from cleaner.text.shape import build_match_key, count_words

_USER_PATTERN = re.compile(r"[\d_@]|^[a-z.]+$|https?:|www\.|\.(?:com|de|org|net)\b")

"""Signs of the name of a user rather than of a person: digits, small letters alone, an address."""

_ADDRESS_PATTERN = re.compile(r"https?:|www\.|@|\[at\]|^\d+$|/")

"""What no name of a house holds."""

_INVERTED_NAME_PATTERN = re.compile(r"([^\s,]+),\s([^\s,]+(?:\s[^\s,]+)?)")

"""`Miller, Jane`, as catalogues write."""

_COMPANY_PATTERN = re.compile(r"\b(?:e\.\s?V\.?|GmbH|AG|Ltd\.?|Inc\.?|LLC|S\.A\.?|S\.p\.A\.?|Verband|Verein|Stiftung)$")

"""Ends of the names of companies and associations."""

_PART_SIGNS = re.compile(r"\s*[|·•,;()]\s*|\s+[-–—]\s+")
_WORD_PATTERN = re.compile(r"[^\W\d_]+")

_PLACEHOLDER_NAMES = collect_words(lambda own: own.bylines.placeholders)
"""What systems write where nobody is named."""

SIGNATURE_CHARS = range(2, 41)
"""Characters that the name of a house or a user who signs can have."""

MAX_SIGNATURE_WORDS = 6

USER_PREFIX_CHARS = 4
"""A name that begins with this many small letters is that of a user: `jane Doe`, but not `von Hagen`."""


def collect_authors(raw: Sequence[Fact], sites: frozenset[str], rules: RuleSet, language: str | None) -> Iterator[Fact]:
    """Everybody whom the markup names, as `evidence.authors`; who else signs, as `evidence.signature`; agencies."""
    agencies: dict[str, Fact] = {}
    for fact in MARKUP_AUTHORS.pick(raw):
        party = MARKUP_AUTHORS.read(fact)
        named = find_agencies(party.name, rules.agencies)
        for agency in named:
            agencies.setdefault(agency, AGENCIES.make(fact.rule, agency))
        people = read_persons(party, sites, rules, language)
        yield from EVIDENCE_AUTHORS.make_each(fact.rule, people)
        place = place_of(fact)
        if people or party.part != "author" or place.trust.signature == NEVER:
            continue
        if named:
            written = next((part for part in _split_parts(party.name) if part.casefold() in rules.agencies), named[0])
            yield EVIDENCE_AGENCY.make(fact.rule, Person(written, "author", party.name, "organisation"))
            continue
        # a byline of several words that names nobody is a sentence about the article, unless a part of it is the site
        house = next((part for part in _split_parts(party.name) if build_match_key(part) in sites), "")
        rest = house if place is Place.BYLINE and " " in party.name else party.name
        if _is_signature(written := find_signature(party.name, language) or rest):
            is_house = party.kind == "organization" or is_site_name(written, sites) or _is_company(written)
            kind: Kind = "organisation" if is_house else "person"
            yield EVIDENCE_SIGNATURE.make(fact.rule, Person(written, "author", party.name, kind))
    yield from agencies.values()


def _split_parts(written: str) -> list[str]:
    """What signs between make of a byline: house, date, place."""
    return [part.strip() for part in _PART_SIGNS.split(written)]


def _is_company(written: str) -> bool:
    """Whether the end of a name, or one of its words, is that of a company, a desk or a team."""
    words = set(map(str.casefold, _WORD_PATTERN.findall(written)))
    return _COMPANY_PATTERN.search(written) is not None or not words.isdisjoint(load_lexicon().desks)


def _is_signature(written: str) -> bool:
    """Whether this may be the name of a house or a user, and no placeholder and no address."""
    return (
        len(written) in SIGNATURE_CHARS
        and count_words(written) <= MAX_SIGNATURE_WORDS
        and written.casefold() not in _PLACEHOLDER_NAMES
        and not _ADDRESS_PATTERN.search(written)
    )


def read_persons(party: Party, sites: frozenset[str], rules: RuleSet, language: str | None) -> list[Person]:
    """The persons that a value of the field author holds; none for the site itself, users and desks."""
    written = party.name
    if is_site_name(written, sites) and not (party.kind != "organization" and is_bare_name(written, language)):
        return []
    if (turned := _INVERTED_NAME_PATTERN.fullmatch(written)) and is_bare_name(f"{turned[2]} {turned[1]}", language):
        written = f"{turned[2]} {turned[1]}"
    if _COMPANY_PATTERN.search(written):
        return []
    _, closing = find_closing_byline(written, language)
    names = closing or split_names(written, language, agencies=rules.agencies)
    if not names and " " not in written and not _USER_PATTERN.search(written):
        names = split_names(f"By {written}", language, agencies=rules.agencies)
    return [
        Person(name.name, party.part if name.role == "author" else name.role, name.raw)
        for name in names
        if _is_person(name.name, sites, language)
    ]


def _is_person(name: str, sites: frozenset[str], language: str | None) -> bool:
    """Whether a name is neither that of a user nor that of the site."""
    start = name[:USER_PREFIX_CHARS]
    user = _USER_PATTERN.search(name) or (start.islower() and start.isalpha())
    return not user and (build_match_key(name) not in sites or is_bare_name(name, language))

"""Who wrote an article, and who had another part in it, as its lines say: names that rules captured, names that stand
bare near the title, and what is written behind the last paragraph.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, groupby, pairwise, repeat, zip_longest
from operator import attrgetter

from cleaner.document import ARTICLE_ROLES, Block, Edit, Fact
from cleaner.facts import (
    AGENCIES,
    AUTHORS,
    RAW_AUTHORS,
    RAW_EDITING,
    RAW_PHOTOGRAPHY,
    RAW_REPORTING,
    RAW_TRANSLATION,
    RAW_WRITING,
    ROLE,
    Span,
)
from cleaner.rules.match import RuleSet
from cleaner.stages.metadata.houses import find_house
from cleaner.stages.metadata.reading import NEAR_TITLE_LINES, Reading
from cleaner.text.dates.scan import find_dates
from cleaner.text.names.agencies import find_agencies
from cleaner.text.names.bare_bylines import parse_bare_byline
from cleaner.text.names.bylines import read_role_form, split_end_brackets, split_names
from cleaner.text.names.led import MAX_LED_LINE_CHARS, is_led, parse_led_byline
from cleaner.text.names.person import Person
from cleaner.text.names.words import load_lexicon
from cleaner.text.shape import count_words, is_prose

PERSON_ROLES = {
    RAW_AUTHORS.name: "author",
    RAW_REPORTING.name: "reporting",
    RAW_WRITING.name: "writing",
    RAW_EDITING.name: "editing",
    RAW_PHOTOGRAPHY.name: "photography",
    RAW_TRANSLATION.name: "translation",
}
"""The role of a person whom a rule captured with each key."""

BYLINE_CACHE_SIZE = 1000
"""Bylines of which a run remembers the names and the agencies: the same people write again."""

MAX_SIGNOFF_LINES = 3
"""Lines behind the last paragraph in which a bare name is believed."""

SIGNATORY_LINES, MIN_SIGNATORIES = 8, 4
"""Lines behind the text among which so many names are a list of those who signed it: no text has as many authors on
lines of their own."""

BARE_NAME_ROLES = frozenset({"byline", "timestamp", "navigation", "other", "related"})
"""Roles of dropped lines near the title that a bare name may have: nothing around it says what it is."""

MAX_CONTACT_LINES = 3
"""Lines above a name among which one says that it is that of a contact: the label, the house, the department."""

LED_ROLES = BARE_NAME_ROLES | {"agency", "caption", "contributors", "credit"}
"""Roles of dropped lines near the title in which a by-word leads to names: what else is in them gave the role."""

MAX_DATED_NAME_WORDS = 8
"""Words of the longest line that is a name and a date."""

_DATE_SEPARATORS = " \t-–—|·•,:/"
"""Signs between a name and a date."""
_DASHES = " -–—―"
"""Signs before a name that signs a text."""
_BY_SIGNS = " :,"
MAX_BY_CHARS = 24
"""Characters of the longest line that is a by-word alone."""
_DIGIT_PATTERN = re.compile(r"\d")

BEFORE_TEXT, NEAR_TITLE, BEHIND_TEXT, IN_TEXT = range(4)
"""Ranks of the places where an author may stand: only those of the best place that has any are believed."""

OTHER_ROLE = 9
"""The rank of persons with another role than author: they are believed wherever they stand."""

Ranked = tuple[int | None, Edit | Fact]
"""A finding with its rank; None where it is none of a person."""


def collect_people(reading: Reading) -> Iterator[Edit | Fact]:
    """Authors, where the title or the end of the text shows them; other roles in the article wherever they stand;
    agencies that bylines name; edits that drop bare bylines and lines of agencies.
    """
    tail = reading.prose[-1].end if reading.prose else 0
    last = [block for block in reading.document.blocks if block.start >= tail and block.text]
    signed = [*reading.prose[-1:], *last[: MAX_SIGNOFF_LINES + 1]]
    ranked: list[tuple[int, Fact]] = []
    led = dict(_find_led_lines(reading, {block.start for block in last[:MAX_SIGNOFF_LINES]}))
    findings = chain(
        _read_captured(reading, tail),
        _read_led_lines(reading, led, tail),
        _read_near_title(reading, led),
        _read_parted_bylines(reading),
        _read_signoff([block for block in signed if block.start not in led], reading),
    )
    yield from _take_ranked(findings, ranked)
    if all(rank == OTHER_ROLE for rank, _ in ranked) and not _is_list_of_signatories(last[:SIGNATORY_LINES], reading):
        unread = [block for block in last[:MAX_SIGNOFF_LINES] if block.start not in led]
        yield from _take_ranked(_read_last_lines(unread, reading), ranked)
    best = min((rank for rank, _ in ranked), default=OTHER_ROLE)
    ranked.sort(key=lambda pair: (pair[1].start, pair[0]))
    yield from (fact for rank, fact in ranked if rank in (best, OTHER_ROLE))
    if best == OTHER_ROLE:
        behind = [block for block in reading.document.blocks if block.start >= tail and block.line]
        yield from find_house(reading, behind[: MAX_SIGNOFF_LINES + 1])


def _take_ranked(findings: Iterable[Ranked], ranked: list[tuple[int, Fact]]) -> Iterator[Edit | Fact]:
    """The findings that are no persons; the others go to `ranked`.

    What drops a line or names an agency is believed at once; an author only when all places have been read.
    """
    for rank, finding in findings:
        if rank is None or isinstance(finding, Edit):
            yield finding
        else:
            ranked.append((rank, finding))


def _name_people(rule: str, people: Iterable[Person], block: Block, rank: int) -> Iterator[Ranked]:
    """The facts that these are authors, with the rank of their place."""
    return zip(repeat(rank), AUTHORS.make_each(rule, people, block), strict=False)


def _name_person(rule: str, person: Person, span: Span, place: int) -> Ranked:
    """The fact of a person, with the rank of the place; another role than author has a rank of its own."""
    return place if person.role == "author" else OTHER_ROLE, AUTHORS.make(rule, person, span)


def _name_agencies(rule: str, agencies: Iterable[str], span: Span) -> Iterator[Ranked]:
    """The facts that these agencies are named, which need no rank."""
    return zip(repeat(None), AGENCIES.make_each(rule, agencies, span), strict=False)


def _read_captured(reading: Reading, tail: int) -> Iterator[Ranked]:
    """The people and the agencies in what rules captured; `tail` is the end of the last paragraph.

    Where the whole line reads as a byline with no fewer persons, it goes before the pieces that the rules took of it.
    """
    head = reading.prose[1].start if len(reading.prose) > 1 else len(reading.document.source)
    captured = [fact for fact in reading.raw if fact.key in PERSON_ROLES]
    lines = {block.start: block.line for block in reading.document.blocks} if captured else {}
    for start, found in groupby(sorted(captured, key=attrgetter("start")), key=attrgetter("start")):
        facts, line = list(found), lines.get(start, "")
        place = BEFORE_TEXT if start < head else BEHIND_TEXT if start >= tail else IN_TEXT
        pairs = [(fact, person) for fact in facts for person in _read_fact(fact, reading)]
        if len(whole := read_led_byline(line, reading)) >= len(pairs):
            pairs = [(facts[0], person) for person in whole]
        said = [RAW_AUTHORS.read(fact) for fact in facts] + [line] * bool(whole)
        agencies = dict.fromkeys(name for text in said for name in find_known_agencies(text, reading.rules))
        yield from _name_agencies(facts[0].rule, agencies, facts[0])
        for fact, person in pairs:
            yield _name_person(fact.rule, person, fact, place)


def _read_fact(fact: Fact, reading: Reading) -> Iterator[Person]:
    """The persons in what a rule captured, with its role unless the text says another."""
    role = PERSON_ROLES[fact.key]
    for name in _split_persons(RAW_AUTHORS.read(fact), reading.language, reading.rules):
        yield Person(name.name, role if name.role == "author" else name.role, name.raw)


def _find_led_lines(reading: Reading, last: Collection[int]) -> Iterator[tuple[int, list[Person]]]:
    """Where the lines begin that open with a by-word or a role and hold nothing but names, and are left by the rules:
    near the title and among the `last` any, elsewhere behind the first paragraph those that open with a role.
    """
    captured = {fact.start for fact in reading.raw if fact.key in PERSON_ROLES}
    near = {block.start for block in reading.near[:NEAR_TITLE_LINES] if block.text or block.role in LED_ROLES}
    believed = (near - captured).union(last)
    head = reading.prose[0].start if reading.prose else 0
    for block in reading.document.blocks:
        by_role = block.start not in believed
        line = "" if by_role and block.start <= head else block.text if by_role else block.line
        is_opened = 0 < len(line) <= MAX_LED_LINE_CHARS and is_led(line, reading.language, by_role=by_role)
        if names := read_led_byline(line, reading) if is_opened else []:
            yield block.start, names


def _read_led_lines(reading: Reading, led: Mapping[int, Sequence[Person]], tail: int) -> Iterator[Ranked]:
    """The persons and the agencies of such lines, and the edits that drop them."""
    for block in reading.document.blocks if led else ():
        if block.start not in led:
            continue
        place = BEFORE_TEXT if block.start < tail else BEHIND_TEXT
        for person in led[block.start]:
            yield _name_person("metadata.led-byline", person, block, place)
        yield from _name_agencies("metadata.led-byline", find_known_agencies(block.line, reading.rules), block)
        if block.text:
            yield None, block.drop("metadata.led-byline", "byline", 0.8)


def _read_near_title(reading: Reading, led: Collection[int]) -> Iterator[Ranked]:
    """The lines near the title that are the name of an agency or of a person, and nothing else or a date."""
    captured = {fact.start for fact in RAW_AUTHORS.pick(reading.raw)}
    # a page's elements say "paragraph" of any line; in a text only who knows it says so
    known_roles = ARTICLE_ROLES if reading.document.page is None else frozenset()
    near = reading.near[:NEAR_TITLE_LINES]
    for block, after in zip_longest(near, near[1:]):
        is_unread = block.text or (block.role in BARE_NAME_ROLES and block.start not in captured)
        if not is_unread or block.start in led or (block.text and block.role in known_roles):
            continue
        if agency := reading.rules.agencies.get(block.line.casefold().strip(" .:"), ""):
            yield None, AGENCIES.make("metadata.agency", agency, block)
            drop: Edit | None = block.drop("metadata.agency", "agency", 0.8)
        else:
            names = read_bare_byline(block.line, reading, block.start != reading.title_end)
            is_contact = bool(names) and _is_press_contact(block, reading)
            drop = _drop_name(block, is_contact, 0.7) if names else None
            people = (not is_contact and names) or _read_dated_name(block.line, reading)
            place = IN_TEXT if after is not None and _is_credit(after) else NEAR_TITLE
            yield from _name_people("metadata.byline", people, block, place)
        if drop and block.text:
            yield None, drop


def _read_parted_bylines(reading: Reading) -> Iterator[Ranked]:
    """The name on the line behind the first one below the title that is a by-word alone: links part them."""
    by = load_lexicon().by
    for before, block in pairwise(reading.document.blocks):
        is_short = len(before.line) <= MAX_BY_CHARS and before.start > reading.title_start
        is_led = is_short and by.fullmatch(f"{before.line.strip(_BY_SIGNS)} ")
        if is_led and (names := read_bare_byline(block.line.strip(_BY_SIGNS), reading, False)):
            yield from _name_people("metadata.byline", names, block, IN_TEXT)
            return


def _is_credit(block: Block) -> bool:
    """Whether a line says whose picture it is: the name above it may be that of whom the picture shows."""
    opening = load_lexicon().roles.match(block.line.lstrip())
    is_photo = opening is not None and load_lexicon().role_of.get(read_role_form(opening)) == "photography"
    return block.role == "credit" or is_photo


def _read_dated_name(line: str, reading: Reading) -> list[Person]:
    """The person beside a date on a short line: `11.12.2019 - Jane Doe`.

    A line with two dates is none: they have labels, as of publication and of a change.
    """
    if count_words(line) > MAX_DATED_NAME_WORDS or not _DIGIT_PATTERN.search(line):
        return []
    found = find_dates(line, reading.language)
    if len(found) != 1:
        return []
    rest = f"{line[: found[0].start]} {line[found[0].end :]}".strip(_DATE_SEPARATORS)
    return read_bare_byline(rest, reading, True) if rest else []


def _read_signoff(blocks: Sequence[Block], reading: Reading) -> Iterator[Ranked]:
    """What the last paragraph says in brackets behind its end, or the line below it in brackets: its author in
    Japanese papers, else its agencies.
    """
    for block in blocks:
        text, inside = split_end_brackets(block.text)
        if not inside or (text and not is_prose(text)):
            continue
        agencies = find_agencies(inside, reading.rules.agencies)
        names = _split_persons(inside, "ja", reading.rules) if reading.language == "ja" and not agencies else []
        names = names if [name.name for name in names] == [inside] else []
        yield from _name_agencies("metadata.signoff", agencies, block)
        yield from _name_people("metadata.signoff", names, block, BEHIND_TEXT)
        if text and agencies and not block.role:
            yield None, ROLE.make("metadata.signoff", "paragraph", block)
        elif names and not text:
            yield None, block.drop("metadata.signoff", "byline", 0.7)


def _is_list_of_signatories(blocks: Sequence[Block], reading: Reading) -> bool:
    """Whether lines behind the text are a list of those who signed it, with or without what they are."""
    names = (block.text.partition(",")[0].strip() for block in blocks)
    return sum(bool(name) and bool(read_bare_byline(name, reading, True)) for name in names) >= MIN_SIGNATORIES


def _read_last_lines(blocks: Sequence[Block], reading: Reading) -> Iterator[Ranked]:
    """The first line behind the text that is the name of a person.

    Names of contacts on the way are dropped, and named nowhere.
    """
    for block in blocks:
        signed = block.text.lstrip(_DASHES)
        if names := read_bare_byline(signed, reading, signed == block.text):
            is_contact = _is_press_contact(block, reading)
            yield None, _drop_name(block, is_contact, 0.6)
            if not is_contact:
                yield from _name_people("metadata.byline", names, block, BEHIND_TEXT)
                return


def _is_press_contact(block: Block, reading: Reading) -> bool:
    """Whether a name is that of the contact of a press release: one of the lines above it says so."""
    above = [one.line for one in reading.document.blocks if one.start < block.start and one.line]
    said = (line.strip(" :*_-–").casefold() for line in above[-MAX_CONTACT_LINES:])
    return not load_lexicon().contacts.isdisjoint(said)


def _drop_name(block: Block, is_contact: bool, confidence: float) -> Edit:
    """The edit that takes a line with nothing but a name out of the text; `confidence` is lower far from the title."""
    rule, role = ("metadata.contact", "contact") if is_contact else ("metadata.byline", "byline")
    return block.drop(rule, role, confidence)


@lru_cache(BYLINE_CACHE_SIZE)
def _split_persons(raw: str, language: str | None, rules: RuleSet) -> list[Person]:
    """The persons of a byline; the rules know the agencies, which are none."""
    return split_names(raw, language, agencies=rules.agencies)


@lru_cache(BYLINE_CACHE_SIZE)
def find_known_agencies(raw: str, rules: RuleSet) -> list[str]:
    """The agencies that a byline names."""
    return find_agencies(raw, rules.agencies)


def read_led_byline(line: str, reading: Reading) -> list[Person]:
    """The persons of a line that opens with a by-word or a role and holds nothing but names."""
    return _parse_led_byline(line, reading.language, reading.rules)


@lru_cache(BYLINE_CACHE_SIZE)
def _parse_led_byline(line: str, language: str | None, rules: RuleSet) -> list[Person]:
    """`parse_led_byline`, remembered."""
    return parse_led_byline(line, language, agencies=rules.agencies)


def read_bare_byline(line: str, reading: Reading, strict: bool) -> list[Person]:
    """The persons whose names a line is; `strict` where the line is not the one right below the title."""
    return _parse_bare_byline(line, reading.language, reading.rules, strict)


@lru_cache(BYLINE_CACHE_SIZE)
def _parse_bare_byline(line: str, language: str | None, rules: RuleSet, strict: bool) -> list[Person]:
    """`parse_bare_byline`, remembered."""
    return parse_bare_byline(line, language, agencies=rules.agencies, strict=strict)

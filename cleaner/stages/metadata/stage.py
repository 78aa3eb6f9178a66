"""What the lines about an article say: who wrote it, when, for whom, from where.

Rules capture raw strings ("By Jane Doe and John Roe", "27. Januar 2022, 17:03 Uhr"); here they become names, stamps
and agencies.  Lines near the title that no rule of a language knows are read too: a bare name, a bare date.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from cleaner.document import PART_KINDS, Block, Document, Edit, Fact
from cleaner.facts import (
    AGENCIES,
    AUTHORS,
    COPYRIGHT,
    DATELINE,
    FLAGS,
    KICKER,
    MODIFIED,
    PUBLISHED,
    PUBLISHER,
    RAW_AGENCIES,
    RAW_CREDIT,
    RAW_FLAGS,
    RAW_HOLDER,
    RAW_KICKER,
    RAW_PUBLISHER,
    RAW_SECTION,
    RAW_TAGS,
    RAW_YEAR,
    SECTION,
    TAGS,
    TITLE,
    Copyright,
    Publisher,
)
from cleaner.facts import Dateline as Place
from cleaner.rules.match import RuleSet
from cleaner.stages.metadata.people import collect_people, find_known_agencies
from cleaner.stages.metadata.reading import Reading, build_reading
from cleaner.stages.metadata.stamps import collect_stamps
from cleaner.stages.metadata.weigh import weigh_evidence
from cleaner.text.datelines import Dateline, find_dateline
from cleaner.text.dates.scan import find_dates
from cleaner.text.dates.stamp import DateMatch
from cleaner.text.heads import part_head, read_head
from cleaner.text.names.bare import is_bare_name
from cleaner.text.names.bylines import is_open_credit

RULES = {
    "metadata.head": "Title, byline and date that open a text on one line.",
    "metadata.signoff": "The author or the agencies in brackets behind the last paragraph.",
    "metadata.credit": "A photographer's name that reads like a dateline, or the end of a credit on a line of its own.",
    "metadata.byline": "A line near the title that is a person's name and nothing else.",
    "metadata.led-byline": "A line that opens with a by-word or a role, and holds names and nothing else.",
    "metadata.contact": "The name of the contact of a press release, below the line that says so.",
    "metadata.timestamp": "A line near the title that is a date and little else.",
    "metadata.agency": "A line that is the name of a news agency.",
    "metadata.authors": "Names read out of a byline.",
    "metadata.dateline": "The place, and the agency, with which the first paragraph opens.",
    "metadata.copyright": "Holder and year of a copyright line.",
    "metadata.source": "Publisher, section and tags that a line names.",
}

HEAD_SENTENCES = 6
"""Sentences of a text on one line in which its date is looked for."""

HEAD_DATES = 2
"""Dates of the head of a text on one line that are read: when it was published, and when it was changed."""

MIN_HEAD_REST_CHARS = 31
"""Characters of the sentence, at least, that follow the date of such a head."""

FINE_PRECISIONS = frozenset({"minute", "second"})
"""Precisions of stamps that a sentence rarely names: they are of the line of dates."""

DATELINE_PARAGRAPHS = 3
"""Paragraphs at the beginning of which a dateline may stand."""

DATELINE_REACH_CHARS = 90
"""Characters of a paragraph's beginning in which a dateline shows: by a dash, a bracket, a slash, the word for a wire,
or by one word and a full stop."""

_DATELINE_SIGN_PATTERN = re.compile("[—–―(【［=＝/電电-]")
_TOWN_PATTERN = re.compile(r"[^\W\d_a-z][\w-]{2,20}\. ")
_TAG_SPLIT_PATTERN = re.compile("[;、|,]")


def metadata(document: Document, rules: RuleSet) -> Iterator[Edit | Fact]:
    """Facts of the record's fields, and edits for bare bylines, dates and agency lines near the title."""
    yield from weigh_evidence(document, _collect_facts(build_reading(document, rules)))


def _collect_facts(reading: Reading) -> Iterator[Edit | Fact]:
    """Facts and edits from the lines alone; `weigh_evidence` merges them with the markup's."""
    blocks = reading.document.blocks
    yield from _read_flat_head(reading.document, reading.language)
    yield from _read_title_line(reading.document, reading.language)
    lines = pairwise((*blocks[:1], *blocks))
    credits = [block for before, block in lines if not block.text and _is_credit(before, block)]
    for block in credits:
        yield RAW_CREDIT.make("metadata.credit", block.dropped, block)
        yield block.drop("metadata.credit", "credit")
    people = list(collect_people(reading))
    yield from people
    opened = _find_dateline(reading)
    dropped = {finding.start for finding in people if isinstance(finding, Edit)}
    yield from collect_stamps(reading, opened, dropped)
    if opened:
        block, opening = opened
        yield DATELINE.make("metadata.dateline", Place(opening.place, opening.raw), block)
        yield from AGENCIES.make_each("metadata.dateline", opening.agencies, block)
    yield from _collect_plain_facts(reading, {block.start for block in credits})
    yield from _collect_copyrights(blocks, reading.raw)


def _read_flat_head(document: Document, language: str | None) -> Iterator[Edit | Fact]:
    """Title, byline and date that stand before the first sentence of a text on one line: they end with the date."""
    for block in document.blocks[:HEAD_SENTENCES]:
        dates = find_dates(block.text, language) if block.kind in PART_KINDS else []
        dates = [date for date in dates if date.label or date.stamp.precision in FINE_PRECISIONS]
        rest = block.text[dates[-1].end :].lstrip(" .,|·•-–—)") if dates else ""
        if len(rest) < MIN_HEAD_REST_CHARS or rest[0].islower():
            continue
        head = part_head(block.text, dates, language)
        yield from AUTHORS.make_each("metadata.head", head.names, block)
        if head.title and block is document.blocks[0] and document.find_fact("title") is None:
            yield TITLE.make("metadata.head", head.title, block)
        yield from _date_head(dates, block)
        yield block.rewrite("metadata.head", rest, 0.6)
        return


def _read_title_line(document: Document, language: str | None) -> Iterator[Fact]:
    """Persons and dates that stand on the title's line behind it, as in a text that was on one line."""
    block = next((block for block in document.blocks if block.role == "title" and not block.text), None)
    if block and (head := read_head(block.dropped, language)):
        yield from AUTHORS.make_each("metadata.head", head.names, block)
        yield from _date_head(head.dates, block)


def _date_head(dates: Sequence[DateMatch], block: Block) -> Iterator[Fact]:
    """What the dates of a head say: when the article was published, and when it was changed."""
    for date in dates[:HEAD_DATES]:
        yield (MODIFIED if date.label == "modified" else PUBLISHED).make("metadata.head", date.stamp, block)


def _is_credit(before: Block, block: Block) -> bool:
    """Whether a dropped line that a rule took for a dateline or an agency is a credit, or the second line of one."""
    match block.role:
        case "dateline":
            return block.dropped.endswith(")") and is_bare_name(block.dropped.partition(" (")[0])
        case "agency":
            return before.role in ("credit", "caption") and not before.text and is_open_credit(before.dropped)
    return False


def _find_dateline(reading: Reading) -> tuple[Block, Dateline] | None:
    """The first paragraph that opens with a dateline, and the dateline."""
    for block in reading.prose[:DATELINE_PARAGRAPHS]:
        sign = _DATELINE_SIGN_PATTERN.search(block.text, 0, DATELINE_REACH_CHARS) or _TOWN_PATTERN.match(block.text)
        opening = find_dateline(block.text, reading.language, agencies=reading.rules.agencies) if sign else None
        if opening:
            return block, opening
    return None


def _collect_plain_facts(reading: Reading, credits: Collection[int]) -> Iterator[Fact]:
    """Agencies, publisher, section, tags, kicker and flags, as rules captured them; no agencies from lines that begin
    where one of `credits` does.
    """
    for fact in reading.raw:
        value = str(fact.value)
        match fact.key:
            case RAW_AGENCIES.name if fact.start not in credits:
                yield from AGENCIES.make_each(fact.rule, find_known_agencies(value, reading.rules), fact)
            case RAW_PUBLISHER.name:
                yield PUBLISHER.make(fact.rule, Publisher(value), fact)
            case RAW_TAGS.name:
                tags = (tag.strip(" #") for tag in _TAG_SPLIT_PATTERN.split(value))
                yield from TAGS.make_each(fact.rule, filter(None, tags), fact)
            case RAW_SECTION.name:
                yield SECTION.make(fact.rule, value, fact)
            case RAW_KICKER.name:
                yield KICKER.make(fact.rule, value, fact)
            case RAW_FLAGS.name:
                yield FLAGS.make(fact.rule, value, fact)


def _collect_copyrights(blocks: Sequence[Block], raw: Sequence[Fact]) -> Iterator[Fact]:
    """Holder and year that were captured from one line, and the line as the notice."""
    parts: dict[int, dict[str, str]] = defaultdict(dict)
    for fact in raw:
        if fact.key in (RAW_HOLDER.name, RAW_YEAR.name):
            parts[fact.start][fact.key] = str(fact.value)
    for start, found in parts.items():
        holder, year = found.get(RAW_HOLDER.name, "").strip(" ,"), found.get(RAW_YEAR.name, "")
        notice = next((block.dropped or None for block in blocks if block.start == start), None)
        right = Copyright(holder if holder.strip(".") else None, int(year) if year.isdigit() else None, notice)
        yield Fact("metadata.copyright", COPYRIGHT.name, right, start)

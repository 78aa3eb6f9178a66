"""What the lines about an article say: who wrote it, when, for whom, from where.

Rules capture raw strings ("By Jane Doe and John Roe", "27. Januar 2022, 17:03 Uhr"); here they become names, stamps
and agencies.  Lines near the title that no rule of a language knows are read too: a bare name, a bare date.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from cleaner.document import Block, Document, Edit, Fact
from cleaner.record import Copyright, Dateline, Publisher
from cleaner.rules import RuleSet
from cleaner.stages.metadata.weigh import weigh_evidence
from cleaner.text.datelines import find_dateline
from cleaner.text.dates import DateMatch, Stamp, detect_numeric_order, find_dates
from cleaner.text.names import (
    Person,
    find_agencies,
    find_closing_byline,
    is_bare_name,
    is_open_credit,
    parse_bare_byline,
    split_end_brackets,
    split_names,
)
from cleaner.text.shape import count_words, find_prose_region, is_open, is_prose

RULES = {
    "metadata.head": "Title, byline and date that open a text on one line.",
    "metadata.signoff": "The author or the agencies in brackets behind the last paragraph.",
    "metadata.credit": "A photographer's name that reads like a dateline, or the end of a credit on a line of its own.",
    "metadata.byline": "A line near the title that is a person's name and nothing else.",
    "metadata.timestamp": "A line near the title that is a date and little else.",
    "metadata.agency": "A line that is the name of a news agency.",
    "metadata.authors": "Names read out of a byline.",
    "metadata.dateline": "The place, and the agency, with which the first paragraph opens.",
    "metadata.copyright": "Holder and year of a copyright line.",
    "metadata.source": "Publisher, section and tags that a line names.",
}

PERSON_ROLES = {
    "authors": "author",
    "reporting": "reporting",
    "writing": "writing",
    "editing": "editing",
    "photography": "photography",
    "translation": "translation",
}

HEAD_SENTENCES = 6
"""Sentences of a text on one line in which its date is looked for."""

FINE_PRECISIONS = ("minute", "second")

_DIGIT_PATTERN = re.compile(r"\d")

BYLINE_CACHE_SIZE = 1000
"""Bylines of which a run remembers the names and the agencies: the same people write again."""

_DATELINE_SIGN_PATTERN = re.compile("[—–―(【［=＝/電电-]")
_TOWN_PATTERN = re.compile(r"[^\W\d_a-z][\w-]{2,20}\. ")

DATELINE_REACH_CHARS = 90
"""Characters of a paragraph's beginning in which a dateline shows: by a dash, a bracket, a slash, the word for a wire,
or by one word and a full stop."""

MAX_DATE_LINE_CHARS = 80
"""Characters of a line far from the title in which a date is believed where there is no other."""

DATE_LINE_ROLES = frozenset(
    {"", "timestamp", "byline", "agency", "dateline", "author-note", "contributors", "tags", "other"}
)
"""Roles of lines far from the title in which a date is believed."""

MAX_LINES_BEHIND = 12
"""Lines behind the text in which a date is believed where there is no other."""

MAX_SIGNOFF_LINES = 3
"""Lines behind the last paragraph in which a bare name is believed."""

BARE_NAME_ROLES = frozenset({"byline", "timestamp", "navigation", "other", "related"})
"""Roles of dropped lines near the title that a bare name may have: nothing around it says what it is."""

MAX_DATED_NAME_WORDS = 8
"""Words of the longest line that is a name and a date."""

_DATE_SEPARATORS = " \t-–—|·•,:/"

NEAR_TITLE_LINES = 12
"""Lines behind the title in which a bare name or date is believed."""


def metadata(document: Document, rules: RuleSet) -> Iterator[Edit | Fact]:
    """Facts of the record's fields, and edits for bare bylines, dates and agency lines near the title."""
    yield from weigh_evidence(document, _collect_facts(document, rules))


def _collect_facts(document: Document, rules: RuleSet) -> Iterator[Edit | Fact]:
    """What the lines tell, before the markup of the page is heard."""
    language = document.find_fact("language")
    title = next((i for i, block in enumerate(document.blocks) if block.role == "title"), -1)
    near = _find_near_title(document.blocks, title, document.find_fact("title") is not None)
    prose = [block for block in document.blocks if block.text and is_prose(block.text)]
    raw = [fact for fact in document.facts if fact.key.startswith("raw.")]
    yield from _read_flat_head(document, language)
    credits = list(_mend_credits(document.blocks))
    yield from credits
    under, above = (document.blocks[title].end, document.blocks[title].start) if title >= 0 else (-1, -1)
    yield from _collect_people(document, prose, raw, under, near, rules, language)
    yield from _collect_stamps(document, prose, raw, above, near, language)
    yield from _read_dateline(prose, rules, language)
    yield from _collect_plain_facts(document.blocks, raw, rules, {credit.start for credit in credits})


def _find_near_title(blocks: Sequence[Block], title: int, known: bool) -> list[Block]:
    """The blocks between the title and the first paragraphs, or the first ones where there is no title.

    A text without the title that is known of it has been cleaned or cut: only what stands before its first paragraph
    is near."""
    most = 0 if known and title < 0 else 2
    near: list[Block] = []
    paragraphs = 0
    for block in blocks[title + 1 :]:
        if block.text and is_prose(block.text):
            paragraphs += 1
            if paragraphs > most or len(near) > NEAR_TITLE_LINES:
                break
        elif block.text or block.dropped:
            near.append(block)
            if len(near) > 2 * NEAR_TITLE_LINES:
                break
    return near


def _read_flat_head(document: Document, language: str | None) -> Iterator[Edit | Fact]:
    """Title, byline and date that stand before the first sentence of a text on one line: they end with the date."""
    flat = [block for block in document.blocks[:HEAD_SENTENCES] if block.kind == "sentence" and block.text]
    for block in flat:
        dates = [
            found
            for found in find_dates(block.text, language)
            if found.label or found.stamp.precision in FINE_PRECISIONS
        ]
        if not dates:
            continue
        rest = block.text[dates[-1].end :].lstrip(" .,|·•-–—)")
        if len(rest) > 30 and not rest[0].islower():
            ahead = block.text[: dates[0].start]
            start, names = find_closing_byline(ahead, language)
            for name in names:
                yield Fact("metadata.head", "authors", name, block.start, block.end)
            title = ahead[:start].strip()
            if names and block is document.blocks[0] and count_words(title) > 2 and document.find_fact("title") is None:
                yield Fact("metadata.head", "title", title, block.start, block.end)
            for found in dates[:2]:
                yield Fact("metadata.head", found.label or "published", found.stamp, block.start, block.end)
            yield Edit("metadata.head", block.start, block.end, rest, "", 0.6)
            return


def _mend_credits(blocks: Sequence[Block]) -> Iterator[Edit | Fact]:
    """Lines that a rule took for a dateline or an agency, and that are a credit or its second line."""
    for at, block in enumerate(blocks):
        if block.role not in ("dateline", "agency") or block.text:
            continue
        line, before = block.dropped, blocks[at - 1] if at else block
        if block.role == "dateline":
            credit = line.endswith(")") and is_bare_name(line.partition(" (")[0])
        else:
            credit = before.role in ("credit", "caption") and not before.text and is_open_credit(before.dropped)
        if credit:
            yield Fact("metadata.credit", "raw.images.credit", line, block.start, block.end)
            yield Edit("metadata.credit", block.start, block.end, "", "credit")


def _collect_people(
    document: Document,
    prose: Sequence[Block],
    raw: Sequence[Fact],
    under: int,
    near: Sequence[Block],
    rules: RuleSet,
    language: str | None,
) -> Iterator[Edit | Fact]:
    """Authors, where the title or the end of the text shows them; other parts in the article wherever they stand."""
    head = prose[1].start if len(prose) > 1 else len(document.source)
    tail = prose[-1].end if prose else 0
    ranked: list[tuple[int, Fact]] = []
    others: list[Fact] = []
    for fact in sorted(raw, key=_get_start):
        field = fact.key.removeprefix("raw.")
        if field in PERSON_ROLES:
            for agency in _find_agencies(fact.value, rules):
                yield Fact(fact.rule, "agencies", agency, fact.start, fact.end)
            for name in _split_persons(fact.value, language, rules):
                role = PERSON_ROLES[field] if name.role == "author" else name.role
                person = Fact(fact.rule, "authors", Person(name.name, role, name.raw), fact.start, fact.end)
                if role == "author":
                    ranked.append((0 if fact.start < head else 2 if fact.start >= tail else 3, person))
                else:
                    others.append(person)
    told = {fact.start for fact in raw if fact.key == "raw.authors"}
    for block in near[:NEAR_TITLE_LINES]:
        if not block.text and (block.role not in BARE_NAME_ROLES or block.start in told):
            continue
        text = block.text or block.dropped
        if agency := rules.agencies.get(text.casefold().strip(" .:"), ""):
            yield Fact("metadata.agency", "agencies", agency, block.start, block.end)
            if block.text:
                yield Edit("metadata.agency", block.start, block.end, "", "agency", 0.8)
        elif names := _read_bare_byline(text, language, rules, block.start != under):
            ranked += [(1, Fact("metadata.byline", "authors", name, block.start, block.end)) for name in names]
            if block.text:
                yield Edit("metadata.byline", block.start, block.end, "", "byline", 0.7)
        else:
            names = _read_dated_name(text, language, rules)
            ranked += [(1, Fact("metadata.byline", "authors", name, block.start, block.end)) for name in names]
    last = [block for block in document.blocks if block.start >= tail and block.text][: MAX_SIGNOFF_LINES + 1]
    for finding in _read_signoff([*prose[-1:], *last], language, rules):
        if isinstance(finding, Fact) and finding.key == "authors":
            ranked.append((2, finding))
        else:
            yield finding
    if not ranked:
        for block in last[:MAX_SIGNOFF_LINES]:
            if names := _read_bare_byline(block.text, language, rules, True):
                ranked += [(2, Fact("metadata.byline", "authors", name, block.start, block.end)) for name in names]
                yield Edit("metadata.byline", block.start, block.end, "", "byline", 0.6)
                break
    best = min((rank for rank, _ in ranked), default=0)
    yield from sorted([fact for rank, fact in ranked if rank == best] + others, key=_get_start)


def _read_dated_name(line: str, language: str | None, rules: RuleSet) -> list[Person]:
    """The person beside a date on a short line: `11.12.2019 - Jane Doe`."""
    if count_words(line) > MAX_DATED_NAME_WORDS or not _DIGIT_PATTERN.search(line):
        return []
    found = find_dates(line, language)
    if len(found) != 1:
        return []
    rest = f"{line[: found[0].start]} {line[found[0].end :]}".strip(_DATE_SEPARATORS)
    return _read_bare_byline(rest, language, rules, True) if rest else []


def _get_start(fact: Fact) -> int:
    return fact.start


def _read_signoff(blocks: Sequence[Block], language: str | None, rules: RuleSet) -> Iterator[Edit | Fact]:
    """What the last paragraph says in brackets behind its end, or the line below it in brackets: its author in
    Japanese papers, else its agencies."""
    for block in blocks:
        text, inside = split_end_brackets(block.text)
        if not inside or (text and not is_prose(text)):
            continue
        agencies = find_agencies(inside, rules.agencies)
        names = [] if agencies or language != "ja" else _split_persons(inside, language, rules)
        if len(names) != 1 or names[0].name != inside:
            names = []
        for agency in agencies:
            yield Fact("metadata.signoff", "agencies", agency, block.start, block.end)
        for name in names:
            yield Fact("metadata.signoff", "authors", name, block.start, block.end)
        if text and agencies and not block.role:
            yield Fact("metadata.signoff", "role", "paragraph", block.start, block.end)
        elif names and not text:
            yield Edit("metadata.signoff", block.start, block.end, "", "byline", 0.7)


@lru_cache(BYLINE_CACHE_SIZE)
def _split_persons(raw: str, language: str | None, rules: RuleSet) -> list[Person]:
    return split_names(raw, language, agencies=rules.agencies)


@lru_cache(BYLINE_CACHE_SIZE)
def _find_agencies(raw: str, rules: RuleSet) -> list[str]:
    return find_agencies(raw, rules.agencies)


@lru_cache(BYLINE_CACHE_SIZE)
def _read_bare_byline(line: str, language: str | None, rules: RuleSet, strict: bool) -> list[Person]:
    return parse_bare_byline(line, language, agencies=rules.agencies, strict=strict)


def _collect_stamps(
    document: Document,
    prose: Sequence[Block],
    raw: Sequence[Fact],
    title: int,
    near: Sequence[Block],
    language: str | None,
) -> Iterator[Edit | Fact]:
    """Published and modified: what a rule captured, else what a line near the title says, else any line of the page.

    What stands behind the title goes before a masthead's date of today, and a labelled date before a bare one.
    """
    reach = near[-1].end if near else 0
    raw = [fact for fact in raw if fact.key in ("raw.published", "raw.modified")]
    dated: list[tuple[Block, str, list[DateMatch]]] = []
    above = ""
    for block in near:
        line = block.text or block.dropped
        told = (
            block.role != "embed"
            and _DIGIT_PATTERN.search(line)
            and count_words(line) <= 25
            and find_dates(line, language)
        )
        teaser = told and _is_headline(above) and _count_paragraphs(prose, title, block) > 1
        if told and not (teaser and not any(one.label for one in find_dates(f"{above} {line}", language))):
            dated.append((block, line, told))
        above = line
    order = None
    if any(one.ambiguous for _, _, found in dated for one in found):
        order = detect_numeric_order((block.text or block.dropped for block in document.blocks), language)
        dated = [(block, line, find_dates(line, language, order=order)) for block, line, _ in dated]
    ranked: list[tuple[int, Fact]] = []
    states = {fact.start: fact.value for fact in raw if fact.key == "raw.modified"}
    for fact in raw:
        for one in find_dates(fact.value, language, order=order)[:1]:
            key = fact.key.removeprefix("raw.")
            place = 0 if title < fact.start < reach else 4 if fact.start < title else 3
            if key == "published" and fact.value in states.get(fact.start, ""):
                place = 1  # the state of the text, which is its date where it has no other
            ranked.append((place, Fact(fact.rule, key, _build_stamp(one, fact.value), fact.start, fact.end)))
    for block, line, found in dated:
        for one in found:
            if one.stamp.precision in ("year", "month"):
                continue
            rest = len(line) - len(one.stamp.raw)
            if rest > MAX_DATE_LINE_CHARS and not one.label:
                continue  # a caption or a teaser, rather
            place = 0 if one.label or rest <= 30 else 2
            fact = Fact("metadata.timestamp", one.label or "published", _build_stamp(one, line), block.start, block.end)
            ranked.append((place, fact))
            if block.text and (rest <= 25 or one.label):
                yield Edit("metadata.timestamp", block.start, block.end, "", "timestamp", 0.8)
                break
    if not any(fact.key == "published" for _, fact in ranked):
        ranked += [(5, fact) for fact in _find_date_anywhere(document, title, language)]
    ranked.sort(key=lambda pair: pair[0])
    yield from (fact for _, fact in ranked)


def _count_paragraphs(prose: Sequence[Block], title: int, block: Block) -> int:
    """How many paragraphs stand between the title and a block."""
    return sum(1 for one in prose if title < one.start < block.start)


def _find_date_anywhere(document: Document, title: int, language: str | None) -> Iterator[Fact]:
    """The first short line from the title to behind the text that holds a whole date and is no part of a teaser."""
    above = ""
    for block in document.blocks:
        line = block.text or block.dropped
        if (
            block.start > title
            and 5 < len(line) <= MAX_DATE_LINE_CHARS
            and block.role in DATE_LINE_ROLES
            and _DIGIT_PATTERN.search(line)
        ):
            for one in find_dates(line, language) if not _is_headline(above) else ():
                if one.label != "modified" and one.stamp.precision not in ("year", "month"):
                    if _count_lines_behind(document, block) <= MAX_LINES_BEHIND:
                        yield Fact("metadata.timestamp", "published", _build_stamp(one, line), block.start, block.end)
                    return
        above = line


def _count_lines_behind(document: Document, block: Block) -> int:
    """How many lines after the last one of the text a block stands; 0 where it stands in the text."""
    kept = [one for one in document.blocks if one.text]
    _, end = find_prose_region([one.text for one in kept])
    last = kept[end - 1].start if end else len(document.source)
    return sum(1 for one in document.blocks if last < one.start <= block.start)


def _is_headline(line: str) -> bool:
    """Whether a line could be the headline of a teaser, whose date stands below it."""
    return bool(line) and is_open(line) and count_words(line) > 4 and not is_prose(line)


def _build_stamp(found: DateMatch, line: str) -> Stamp:
    return Stamp(found.stamp.value, found.stamp.precision, line.strip())


def _read_dateline(prose: Sequence[Block], rules: RuleSet, language: str | None) -> Iterator[Fact]:
    for block in prose[:3]:
        told = _DATELINE_SIGN_PATTERN.search(block.text, 0, DATELINE_REACH_CHARS) or _TOWN_PATTERN.match(block.text)
        if told and (opening := find_dateline(block.text, language, agencies=rules.agencies)):
            place = Dateline(opening.place, opening.raw)
            yield Fact("metadata.dateline", "dateline", place, block.start, block.end)
            for agency in opening.agencies:
                yield Fact("metadata.dateline", "agencies", agency, block.start, block.end)
            return


def _collect_plain_facts(
    blocks: Sequence[Block], raw: Sequence[Fact], rules: RuleSet, credits: Collection[int]
) -> Iterator[Fact]:
    """Copyright, agencies, publisher, section, tags and flags, as rules captured them."""
    rights: dict[int, dict[str, str]] = {}
    for fact in raw:
        field = fact.key.removeprefix("raw.")
        if field == "agencies" and fact.start in credits:
            continue
        value = str(fact.value)
        if field.startswith("copyright."):
            rights.setdefault(fact.start, {})[field.removeprefix("copyright.")] = value
        elif field == "agencies":
            for agency in _find_agencies(value, rules):
                yield Fact(fact.rule, "agencies", agency, fact.start, fact.end)
        elif field == "publisher":
            yield Fact(fact.rule, "publisher", Publisher(value), fact.start, fact.end)
        elif field == "tags":
            for tag in value.replace(";", ",").replace("、", ",").replace("|", ",").split(","):
                if tag.strip(" #"):
                    yield Fact(fact.rule, "tags", tag.strip(" #"), fact.start, fact.end)
        elif field in ("section", "kicker", "flags"):
            yield Fact(fact.rule, field, value, fact.start, fact.end)
    for start, parts in rights.items():
        year = parts.get("year", "")
        notice = next((block.dropped or None for block in blocks if block.start == start), None)
        holder = parts.get("holder", "").strip(" ,")
        right = Copyright(holder if holder.strip(".") else None, int(year) if year.isdigit() else None, notice)
        yield Fact("metadata.copyright", "copyright", right, start)

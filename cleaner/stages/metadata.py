"""What the lines about an article say: who wrote it, when, for whom, from where.

Rules capture raw strings ("By Jane Doe and John Roe", "27. Januar 2022, 17:03 Uhr"); here they become names, stamps
and agencies.  Lines near the title that no rule of a language knows are read too: a bare name, a bare date.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from cleaner.dates import Found, Stamp, find, numeric_order
from cleaner.document import Block, Document, Edit, Fact
from cleaner.names import Name, agencies_in, bare_byline, dateline, split_names
from cleaner.prose import count, is_prose
from cleaner.record import Copyright, Dateline, Publisher
from cleaner.rules import RuleSet

RULES = {
    "metadata.byline": "A line near the title that is a person's name and nothing else.",
    "metadata.timestamp": "A line near the title that is a date and little else.",
    "metadata.agency": "A line that is the name of a news agency.",
    "metadata.authors": "Names read out of a byline.",
    "metadata.dateline": "The place, and the agency, with which the first paragraph opens.",
    "metadata.copyright": "Holder and year of a copyright line.",
    "metadata.source": "Publisher, section and tags that a line names.",
}

ROLES = {
    "authors": "author",
    "reporting": "reporting",
    "writing": "writing",
    "editing": "editing",
    "photography": "photography",
    "translation": "translation",
}

HEAD = 6
"""Sentences of a text on one line in which its date is looked for."""

FINE = ("minute", "second")

_DIGIT = re.compile(r"\d")

REMEMBERED = 2000
"""Bylines of which a run remembers the names: the same people write again."""

_OPENING = re.compile("[—–(【［=＝-]|[电電]")

REACH = 90
"""Characters of a paragraph's beginning in which a dateline shows, by a dash, a bracket or the word for a wire."""

SHORT = 80
"""Characters of a line far from the title in which a date is believed where there is no other."""

AFTER = 3
"""Lines behind the last paragraph in which a bare name is believed."""

NEAR = 12
"""Lines behind the title in which a bare name or date is believed."""


def metadata(document: Document, rules: RuleSet) -> Iterator[Edit | Fact]:
    """Facts of the record's fields, and edits for bare bylines, dates and agency lines near the title."""
    language = document.fact("language")
    near = _near_title(document.blocks)
    yield from _flat_head(document, language)
    yield from _people(document, near, rules, language)
    yield from _stamps(document, near, language)
    yield from _dateline(document, rules, language)
    yield from _plain_facts(document, rules)


def _near_title(blocks: Sequence[Block]) -> list[Block]:
    """The blocks between the title and the first paragraphs, or the first ones where there is no title."""
    title = next((i for i, block in enumerate(blocks) if block.role == "title"), -1)
    near: list[Block] = []
    paragraphs = 0
    for block in blocks[title + 1 :]:
        if block.text and is_prose(block.text):
            paragraphs += 1
            if paragraphs > 2 or len(near) > NEAR:
                break
        elif block.text or block.dropped:
            near.append(block)
            if len(near) > 2 * NEAR:
                break
    return near


def _flat_head(document: Document, language: str | None) -> Iterator[Edit | Fact]:
    """Title, byline and date that stand before the first sentence of a text on one line: they end with the date."""
    flat = [block for block in document.blocks[:HEAD] if block.kind == "sentence" and block.text]
    for block in flat:
        dates = [found for found in find(block.text, language) if found.label or found.stamp.precision in FINE]
        if not dates:
            continue
        last = dates[-1]
        rest = block.text[last.end :].lstrip(" .,|·•-–—)")
        if len(rest) > 30 and not rest[0].islower():
            for found in dates[:2]:
                stamp = Stamp(found.stamp.value, found.stamp.precision, block.text[: last.end])
                yield Fact("metadata.timestamp", found.label or "published", stamp, block.start, block.end)
            yield Edit("metadata.timestamp", block.start, block.end, rest, "", 0.6)
            return


def _people(document: Document, near: Sequence[Block], rules: RuleSet, language: str | None) -> Iterator[Edit | Fact]:
    """Authors, where the title or the end of the text shows them; other parts in the article wherever they stand."""
    prose = [block for block in document.blocks if block.text and is_prose(block.text)]
    head = prose[1].start if len(prose) > 1 else len(document.source)
    tail = prose[-1].end if prose else 0
    under = next((block.end for block in document.blocks if block.role == "title"), -1)
    ranked: list[tuple[int, Fact]] = []
    for fact in document.facts:
        field = fact.key.removeprefix("raw.")
        if field in ROLES and field != fact.key:
            for agency in agencies_in(fact.value, rules.agencies):
                yield Fact(fact.rule, "agencies", agency, fact.start, fact.end)
            for name in _persons(fact.value, language, rules):
                role = ROLES[field] if name.role == "author" else name.role
                person = Fact(fact.rule, "authors", Name(name.name, role, name.raw), fact.start, fact.end)
                if role == "author":
                    ranked.append((0 if fact.start < head else 2 if fact.start >= tail else 3, person))
                else:
                    yield person
    told = {fact.start for fact in document.facts if fact.key == "raw.authors"}
    for block in near[:NEAR]:
        if not block.text and (block.role != "byline" or block.start in told):
            continue
        text = block.text or block.dropped
        if agency := rules.agencies.get(text.casefold().strip(" .:"), ""):
            yield Fact("metadata.agency", "agencies", agency, block.start, block.end)
            if block.text:
                yield Edit("metadata.agency", block.start, block.end, "", "agency", 0.8)
        elif names := _bare(text, language, rules, block.start != under):
            ranked += [(1, Fact("metadata.byline", "authors", name, block.start, block.end)) for name in names]
            if block.text:
                yield Edit("metadata.byline", block.start, block.end, "", "byline", 0.7)
    if not ranked:
        for block in [block for block in document.blocks if block.text and block.start >= tail][:AFTER]:
            if names := _bare(block.text, language, rules, True):
                ranked += [(2, Fact("metadata.byline", "authors", name, block.start, block.end)) for name in names]
                yield Edit("metadata.byline", block.start, block.end, "", "byline", 0.6)
                break
    best = min((rank for rank, _ in ranked), default=0)
    yield from (fact for rank, fact in ranked if rank == best)


@lru_cache(REMEMBERED)
def _persons(raw: str, language: str | None, rules: RuleSet) -> list[Name]:
    return split_names(raw, language, agencies=rules.agencies)


@lru_cache(REMEMBERED)
def _bare(line: str, language: str | None, rules: RuleSet, strict: bool) -> list[Name]:
    return bare_byline(line, language, agencies=rules.agencies, strict=strict)


def _stamps(document: Document, near: Sequence[Block], language: str | None) -> Iterator[Edit | Fact]:
    """Published and modified: what a rule captured, else what a line near the title says, else any line of the page.

    What stands behind the title goes before a masthead's date of today, and a labelled date before a bare one.
    """
    title = next((block.start for block in document.blocks if block.role == "title"), -1)
    reach = near[-1].end if near else 0
    raw = [fact for fact in document.facts if fact.key in ("raw.published", "raw.modified")]
    dated: list[tuple[Block, str, list[Found]]] = []
    for block in near:
        line = block.text or block.dropped
        if _DIGIT.search(line) and count(line) <= 25 and (found := find(line, language)):
            dated.append((block, line, found))
    order = None
    if any(one.ambiguous for _, _, found in dated for one in found):
        order = numeric_order((block.text or block.dropped for block in document.blocks), language)
        dated = [(block, line, find(line, language, order=order)) for block, line, _ in dated]
    ranked: list[tuple[int, Fact]] = []
    for fact in raw:
        for one in find(fact.value, language, order=order)[:1]:
            key = fact.key.removeprefix("raw.")
            place = 0 if title < fact.start < reach else 3 if fact.start < title else 2
            ranked.append((place, Fact(fact.rule, key, _stamp(one, fact.value), fact.start, fact.end)))
    for block, line, found in dated:
        for one in found:
            if one.stamp.precision in ("year", "month"):
                continue
            rest = len(line) - len(one.stamp.raw)
            place = 0 if one.label or rest <= 30 else 1
            fact = Fact("metadata.timestamp", one.label or "published", _stamp(one, line), block.start, block.end)
            ranked.append((place, fact))
            if block.text and (rest <= 25 or one.label):
                yield Edit("metadata.timestamp", block.start, block.end, "", "timestamp", 0.8)
                break
    if not any(fact.key == "published" for _, fact in ranked):
        ranked += [(4, fact) for fact in _somewhere(document, title, language)]
    ranked.sort(key=lambda pair: pair[0])
    yield from (fact for _, fact in ranked)


def _somewhere(document: Document, title: int, language: str | None) -> Iterator[Fact]:
    """The first short line behind the title, else before it, that holds a whole date."""
    short = [block for block in document.blocks if 5 < len(block.text or block.dropped) <= SHORT]
    for block in [block for block in short if block.start > title] + [block for block in short if block.start <= title]:
        for one in find(block.text or block.dropped, language):
            if one.label != "modified" and one.stamp.precision not in ("year", "month"):
                stamp = _stamp(one, block.text or block.dropped)
                yield Fact("metadata.timestamp", "published", stamp, block.start, block.end)
                return


def _stamp(found: Found, line: str) -> Stamp:
    return Stamp(found.stamp.value, found.stamp.precision, line.strip())


def _dateline(document: Document, rules: RuleSet, language: str | None) -> Iterator[Fact]:
    seen = 0
    for block in document.blocks:
        if block.text and is_prose(block.text):
            opening = _OPENING.search(block.text, 0, REACH) and dateline(block.text, language, agencies=rules.agencies)
            if opening:
                place = Dateline(opening.place, opening.raw)
                yield Fact("metadata.dateline", "dateline", place, block.start, block.end)
                for agency in opening.agencies:
                    yield Fact("metadata.dateline", "agencies", agency, block.start, block.end)
                return
            seen += 1
            if seen == 3:
                return


def _plain_facts(document: Document, rules: RuleSet) -> Iterator[Fact]:
    """Copyright, agencies, publisher, section, tags and flags, as rules captured them."""
    rights: dict[int, dict[str, str]] = {}
    dropped = {block.start: block.dropped for block in document.blocks if block.dropped}
    for fact in document.facts:
        field = fact.key.removeprefix("raw.")
        if field == fact.key:
            continue
        value = str(fact.value)
        if field.startswith("copyright."):
            rights.setdefault(fact.start, {})[field.removeprefix("copyright.")] = value
        elif field == "agencies":
            for agency in agencies_in(value, rules.agencies):
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
        yield Fact(
            "metadata.copyright",
            "copyright",
            Copyright(parts.get("holder", "").strip(" .,") and parts["holder"].strip(" ,"),
                      int(year) if year.isdigit() else None, dropped.get(start)),
            start,
        )  # fmt: skip

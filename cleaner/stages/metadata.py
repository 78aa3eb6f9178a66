"""What the lines about an article say: who wrote it, when, for whom, from where.

Rules capture raw strings ("By Jane Doe and John Roe", "27. Januar 2022, 17:03 Uhr"); here they become names, stamps
and agencies.  Lines near the title that no rule of a language knows are read too: a bare name, a bare date.
"""

from collections.abc import Iterator, Sequence

from cleaner.dates import Found, Stamp, find, numeric_order
from cleaner.document import Block, Document, Edit, Fact
from cleaner.names import Name, agencies_in, dateline, looks_like_name, split_names
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


def _people(
    document: Document, near: Sequence[Block], rules: RuleSet, language: str | None
) -> Iterator[Edit | Fact]:
    found = False
    for fact in document.facts:
        field = fact.key.removeprefix("raw.")
        if field in ROLES and field != fact.key:
            for name in split_names(fact.value, language, agencies=rules.agencies):
                role = ROLES[field] if name.role == "author" else name.role
                found = found or role == "author"
                yield Fact(fact.rule, "authors", Name(name.name, role, name.raw), fact.start, fact.end)
            for agency in agencies_in(fact.value, rules.agencies):
                yield Fact(fact.rule, "agencies", agency, fact.start, fact.end)
    for i, block in enumerate(near):
        text = block.text
        if not text or count(text) > 6 or i > NEAR:
            continue
        if text.casefold().strip(" .:") in rules.agencies:
            yield Fact("metadata.agency", "agencies", rules.agencies[text.casefold().strip(" .:")], block.start, block.end)
            yield Edit("metadata.agency", block.start, block.end, "", "agency", 0.8)
        elif not found and looks_like_name(text, language):
            for name in split_names(text, language, agencies=rules.agencies):
                found = True
                yield Fact("metadata.byline", "authors", name, block.start, block.end)
            if found:
                yield Edit("metadata.byline", block.start, block.end, "", "byline", 0.7)


def _stamps(document: Document, near: Sequence[Block], language: str | None) -> Iterator[Edit | Fact]:
    """Published and modified: what a rule captured, else what a line near the title says."""
    raw = [fact for fact in document.facts if fact.key in ("raw.published", "raw.modified")]
    dated = [block for block in near if any(map(str.isdigit, block.text or block.dropped))]
    if not raw and not dated:
        return
    order = numeric_order((block.text or block.dropped for block in document.blocks), language)
    stamps: list[tuple[int, str, Fact]] = []
    for fact in raw:
        for one in find(fact.value, language, order=order)[:1]:
            key = fact.key.removeprefix("raw.")
            stamps.append((0, key, Fact(fact.rule, key, _stamp(one, fact.value), fact.start, fact.end)))
    for block in dated:
        line = block.text or block.dropped
        if count(line) > 25:
            continue
        for one in find(line, language, order=order):
            if one.stamp.precision in ("year", "month"):
                continue
            key = one.label or "published"
            rest = len(line) - len(one.stamp.raw)
            rank = 0 if one.label else 1 if block.role == "timestamp" or rest <= 30 else 2
            stamps.append((rank, key, Fact("metadata.timestamp", key, _stamp(one, line), block.start, block.end)))
            if block.text and (rest <= 25 or one.label):
                yield Edit("metadata.timestamp", block.start, block.end, "", "timestamp", 0.8)
                break
    stamps.sort(key=lambda ranked: ranked[0])
    if stamps and not any(key == "published" for _, key, _ in stamps):
        stamps += [(rank, "published", fact) for rank, _, fact in stamps[:0]]
    for _, _, fact in stamps:
        yield fact


def _stamp(found: Found, line: str) -> Stamp:
    return Stamp(found.stamp.value, found.stamp.precision, line.strip())


def _dateline(document: Document, rules: RuleSet, language: str | None) -> Iterator[Fact]:
    seen = 0
    for block in document.blocks:
        if block.text and is_prose(block.text):
            opening = dateline(block.text, language, agencies=rules.agencies)
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

"""The markup of a page, judged: facts with the keys `markup.*` in, facts of the record and `evidence.*` out.

Each fact keeps the rule of the raw fact it was read from (`json-ld.author`), so the record says where a field is from.
Authors, dates and images are left as evidence: the stages `metadata` and `captions` weigh them with the lines.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from cleaner.document import Document, Edit, Fact
from cleaner.facts import (
    CANONICAL_URL,
    COPYRIGHT,
    EVIDENCE_IMAGES,
    FLAGS,
    MARKUP_CANONICAL_URL,
    MARKUP_FIELDS,
    MARKUP_FLAGS,
    MARKUP_HOLDER,
    MARKUP_IMAGES,
    MARKUP_LANGUAGE,
    MARKUP_PUBLISHER,
    MARKUP_SECTION,
    MARKUP_TAGS,
    MARKUP_VIDEOS,
    MARKUP_YEAR,
    PUBLISHER,
    SECTION,
    TAGS,
    VIDEOS,
    Copyright,
    Key,
    Media,
    Publisher,
)
from cleaner.rules.match import RuleSet
from cleaner.stages.markup.dates import collect_stamps, drop_entry_times
from cleaner.stages.markup.people import collect_authors
from cleaner.stages.markup.titles import choose_title, collect_site_names
from cleaner.text.urls import parse_site, resolve_web_address

RULES = {
    "markup.entry-time": "A line that only says when an entry of a live blog was written.",
    "markup.entry-headline": "The headline of an entry of a live blog whose text lies in a script.",
}

LIVE_BLOG_FLAG = "live-blog"


def markup(document: Document, rules: RuleSet) -> Iterator[Edit | Fact]:
    """Facts of title, authors, agencies, dates, publisher, section, tags, media, canonical address and flags; edits
    that drop the times of a live blog's entries.  Nothing for a text, which has no markup.
    """
    raw = [fact for fact in document.facts if fact.key in MARKUP_FIELDS]
    if not raw:
        yield from collect_stamps((), None, [document.url] if document.page is not None else ())
        return
    language = document.find_fact("language") or _find_declared_language(raw)
    addresses = [document.url, *MARKUP_CANONICAL_URL.list_values(raw)]
    sites = collect_site_names(raw, addresses)
    if document.find_fact("title") is None:
        yield from choose_title(raw, sites)
    yield from collect_authors(raw, sites, rules, language)
    yield from collect_stamps(raw, language, addresses)
    yield from (FLAGS.make(fact.rule, MARKUP_FLAGS.read(fact)) for fact in MARKUP_FLAGS.pick(raw))
    yield from _collect_plain_facts(raw, document.url, addresses)
    yield from _collect_tags(MARKUP_TAGS.pick(raw))
    base = next(filter(None, addresses[:2]), None)
    yield from _merge_media(raw, MARKUP_IMAGES, EVIDENCE_IMAGES, base)
    yield from _merge_media(raw, MARKUP_VIDEOS, VIDEOS, base)
    yield from _read_copyright(raw)
    if LIVE_BLOG_FLAG in MARKUP_FLAGS.list_values(raw):
        yield from drop_entry_times(document, language)


_LANGUAGE_CODE_PATTERN = re.compile(r"([^-_,;\s]{2,3})(?:[-_,;\s]|$)")


def _find_declared_language(raw: Sequence[Fact]) -> str | None:
    """The first language that the markup declares with a code of two or three letters: `pt` of `pt-BR`."""
    codes = map(_LANGUAGE_CODE_PATTERN.match, map(str.casefold, MARKUP_LANGUAGE.list_values(raw)))
    return next((code[1] for code in codes if code), None)


# ---------------------------------------------------------------- the site


# ---------------------------------------------------------------- title


# ---------------------------------------------------------------- authors


# ---------------------------------------------------------------- dates


# ---------------------------------------------------------------- the rest

MAX_TAGS = 30
"""Tags of a page that are kept: some list every word of the article."""

TAG_CHARS = range(2, 61)
"""Characters that a tag can have."""

PUBLISHER_CHARS = range(81)
SECTION_CHARS = range(2, 61)
HOLDER_CHARS = range(121)
"""Characters that the name of a publisher, a section and the holder of a copyright can have: more is a sentence."""

_TAG_SPLIT_PATTERN = re.compile(r"\s*[,;、，|]\s*")
_HOSTLIKE_PATTERN = re.compile(r"^https?:|^@|^\d+$")
_YEAR_PATTERN = re.compile(r"(?:19|20)\d\d")


def _collect_plain_facts(raw: Sequence[Fact], url: str | None, addresses: Sequence[str | None]) -> Iterator[Fact]:
    """Canonical address, publisher and section, each from the first place whose value can be one."""
    for fact in MARKUP_CANONICAL_URL.pick(raw):
        if address := resolve_web_address(MARKUP_CANONICAL_URL.read(fact).strip(), url or ""):
            yield CANONICAL_URL.make(fact.rule, address)
            break
    domain = next(filter(None, map(parse_site, addresses[:2])), None)
    for rule, name in _list_names(raw, MARKUP_PUBLISHER, PUBLISHER_CHARS)[:1]:
        yield PUBLISHER.make(rule, Publisher(name, domain))
    for rule, name in _list_names(raw, MARKUP_SECTION, SECTION_CHARS, " /")[:1]:
        yield SECTION.make(rule, name)


def _list_names(raw: Sequence[Fact], key: Key[str], chars: range, ends: str = "") -> list[tuple[str, str]]:
    """Rules and values, without the characters `ends` around them, of the facts of a key that can be a name: they have
    so many characters, and are no address and no number.
    """
    names = ((fact.rule, key.read(fact).strip(ends)) for fact in key.pick(raw))
    return [(rule, name) for rule, name in names if len(name) in chars and not _HOSTLIKE_PATTERN.search(name)]


def _read_copyright(raw: Sequence[Fact]) -> Iterator[Fact]:
    """Holder and year of the rights, with the rule of the holder where there is one."""
    facts = [*MARKUP_HOLDER.pick(raw), *MARKUP_YEAR.pick(raw)]
    holder = next((name for name in MARKUP_HOLDER.list_values(raw) if len(name) in HOLDER_CHARS), None)
    year = next(filter(None, map(_YEAR_PATTERN.search, MARKUP_YEAR.list_values(raw))), None)
    if holder or year:
        yield COPYRIGHT.make(facts[0].rule, Copyright(holder, int(year[0]) if year else None))


def _collect_tags(facts: Sequence[Fact]) -> Iterator[Fact]:
    """The tags of the best place that has some, each once; one tag a fact, or many on a line."""
    lines = [TAGS.read(fact) for fact in facts if fact.rule == facts[0].rule]
    tags = (tag.strip(" #") for line in lines for tag in _TAG_SPLIT_PATTERN.split(line))
    known: dict[str, str] = {}
    for tag in tags:
        if len(tag) in TAG_CHARS:
            known.setdefault(tag.casefold(), tag)
    if known:
        yield from TAGS.make_each(facts[0].rule, islice(known.values(), MAX_TAGS))


def _merge_media(raw: Sequence[Fact], written: Key[Media], read: Key[Media], base: str | None) -> Iterator[Fact]:
    """Media with whole addresses, each once: what several copies of one address know is put together."""
    known: dict[str, tuple[str, Media]] = {}
    for fact in written.pick(raw):
        media = written.read(fact)
        address = resolve_web_address(media.url.strip(), base or "") if media.url else ""
        if address or media.caption:
            rule, other = known.get(address, (fact.rule, media))
            merged = Media(other.caption or media.caption, other.credit or media.credit, address or None)
            known[address] = rule, merged
    yield from (read.make(rule, media) for rule, media in known.values())

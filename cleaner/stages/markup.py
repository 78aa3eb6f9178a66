"""What the markup says, judged: raw facts with the keys `markup.FIELD` in, facts of the record's fields out.

Each fact keeps the rule of the raw fact it was read from (`json-ld.author`), so the record says where a field is from.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from cleaner.document import Block, Document, Edit, Fact
from cleaner.record import Copyright, Media, Publisher
from cleaner.rules import RuleSet
from cleaner.text.dates import Stamp, find_dates
from cleaner.text.languages import collect_words
from cleaner.text.names import Person, find_agencies, find_closing_byline, find_signature, is_bare_name, split_names
from cleaner.text.shape import build_match_key, count_words

RULES = {
    "markup.entry-time": "A line that only says when an entry of a live blog was written.",
    "markup.entry-headline": "The headline of an entry of a live blog whose text lies in a script.",
}

RawFacts = dict[str, list[Fact]]


def markup(document: Document, rules: RuleSet) -> Iterator[Edit | Fact]:
    """Facts of title, authors, agencies, dates, publisher, section, tags, media, canonical address and flags; edits
    that drop the times of a live blog's entries."""
    raw: RawFacts = {}
    for fact in document.facts:
        if fact.key.startswith("markup."):
            raw.setdefault(fact.key.removeprefix("markup."), []).append(fact)
    if not raw:
        return
    language = document.find_fact("language") or _find_declared_language(raw)
    sites = _collect_site_names(raw, document.url)
    if document.find_fact("title") is None:
        yield from _choose_title(raw, sites)
    yield from _collect_authors(raw, sites, rules, language)
    yield from _collect_stamps(raw, language, document.url)
    yield from _collect_plain_facts(raw, document.url)
    if any(fact.value == "live-blog" for fact in raw.get("flags", ())):
        yield from _drop_entry_times(document, language)


def _find_declared_language(raw: RawFacts) -> str | None:
    for fact in raw.get("language", ()):
        code = re.split(r"[-_,;\s]", str(fact.value).casefold())[0]
        if 2 <= len(code) <= 3:
            return code
    return None


# ---------------------------------------------------------------- the site


def _collect_site_names(raw: RawFacts, url: str | None) -> frozenset[str]:
    """The names of the site as they compare: what calls itself publisher, and the host."""
    names = {build_match_key(str(fact.value)) for fact in raw.get("publisher", ()) if len(str(fact.value)) < 60}
    for address in (url, *(str(fact.value) for fact in raw.get("canonical_url", ()))):
        host = _parse_host(address)
        if host:
            names.add(build_match_key(host))
            names.update(build_match_key(label) for label in host.split(".")[:-1] if len(label) > 3)
    return frozenset(names - {""})


def _parse_host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


# ---------------------------------------------------------------- title

_TITLE_CUT_PATTERN = re.compile(r"\s+[-–—|·•:»«›~/]+\s+|\s*[|｜]\s*|\s+::\s+|(?<=\w):\s+")


_BAR_CHARS = frozenset("|-–—｜»·•")


def _choose_title(raw: RawFacts, sites: frozenset[str]) -> Iterator[Fact]:
    """The heading that agrees with a metadata title, else the best metadata title without the site's name."""
    facts = raw.get("title", [])
    heading = next((fact for fact in facts if fact.rule == "heading"), None)
    others = [fact for fact in facts if fact is not heading]
    if heading is not None:
        shown = str(heading.value)
        for fact in others:
            if fact.rule != "title" and _has_kicker(shown, str(fact.value)):
                shown = str(fact.value)
                break
        yield Fact(heading.rule, "title", _strip_trailing_name(shown, sites))
        for fact in raw.get("kicker", ())[:1]:
            yield Fact(fact.rule, "kicker", str(fact.value))
        return
    for fact in others:
        title = strip_site_name(str(fact.value), sites, loose=fact.rule == "title")
        if title and build_match_key(title) not in sites:
            yield Fact(fact.rule, "title", title)
            return


def _has_kicker(shown: str, title: str) -> bool:
    """Whether a heading is a label of a few words and this title."""
    one, two = build_match_key(shown), build_match_key(title)
    return len(two) < len(one) and one.endswith(two) and len(one) - len(two) < len(two) / 2 and count_words(title) > 2


def strip_site_name(title: str, sites: frozenset[str], loose: bool = False) -> str:
    """The title without the parts at its ends that are the site's name; `loose`, a short last part goes anyway."""
    for _ in range(3):
        cuts = list(_TITLE_CUT_PATTERN.finditer(title))
        if not cuts:
            break
        last, opening = title[cuts[-1].end() :], title[: cuts[0].start()]
        if _is_site(last, sites):
            title = title[: cuts[-1].start()]
        elif _is_site(opening, sites):
            title = title[cuts[0].end() :]
        else:
            ahead = title[: cuts[-1].start()]
            if loose and cuts[-1][0].strip() in _BAR_CHARS and count_words(last) <= 4 and count_words(ahead) >= 3:
                title = ahead
            break
    return title.strip()


def _strip_trailing_name(heading: str, sites: frozenset[str]) -> str:
    """A heading without the site's own name behind it."""
    cuts = list(_TITLE_CUT_PATTERN.finditer(heading))
    return (
        heading[: cuts[-1].start()].strip() if cuts and build_match_key(heading[cuts[-1].end() :]) in sites else heading
    )


def _is_site(part: str, sites: frozenset[str]) -> bool:
    """Whether a part of a title is a name of the site, or the beginning or a part of one."""
    plain = build_match_key(part)
    if len(plain) < 2 or plain in sites:
        return len(plain) > 1
    return any((len(plain) > 4 and plain in site) or (len(site) > 4 and plain.startswith(site)) for site in sites)


# ---------------------------------------------------------------- authors

_USER_PATTERN = re.compile(r"[\d_@]|^[a-z.]+$|https?:|www\.|\.(?:com|de|org|net)\b")
_ADDRESS_PATTERN = re.compile(r"https?:|www\.|@|\[at\]|^\d+$|/")
_INVERTED_NAME_PATTERN = re.compile(r"([^\s,]+),\s([^\s,]+(?:\s[^\s,]+)?)")
_COMPANY_PATTERN = re.compile(r"\b(?:e\.\s?V\.?|GmbH|AG|Ltd\.?|Inc\.?|LLC|S\.A\.?|S\.p\.A\.?|Verband|Verein|Stiftung)$")
_PLACEHOLDER_NAMES = collect_words(lambda own: own.bylines.placeholders)
"""What systems write where nobody is named."""


def _collect_authors(raw: RawFacts, sites: frozenset[str], rules: RuleSet, language: str | None) -> Iterator[Fact]:
    """Everybody whom the markup names, as `evidence.authors`; who else signs, as `evidence.signature`; agencies."""
    agencies: dict[str, Fact] = {}
    for fact in raw.get("authors", ()):
        party = fact.value
        named = find_agencies(party.name, rules.agencies)
        for agency in named:
            agencies.setdefault(agency, Fact(fact.rule, "agencies", agency))
        people = read_persons(party, sites, rules, language)
        for name in people:
            yield Fact(fact.rule, "evidence.authors", name)
        if people or named or party.part != "author" or fact.rule.endswith((".far", ".above", ".label")):
            continue
        written = find_signature(party.name, language) or (
            "" if fact.rule == "byline" and " " in party.name else party.name
        )
        if 1 < len(written) <= 40 and count_words(written) <= 6 and not _is_nobody(written):
            yield Fact(fact.rule, "evidence.signature", Person(written, "author", party.name))
    yield from agencies.values()


def _is_nobody(written: str) -> bool:
    return written.casefold() in _PLACEHOLDER_NAMES or _ADDRESS_PATTERN.search(written) is not None


def read_persons(party: Any, sites: frozenset[str], rules: RuleSet, language: str | None) -> list[Person]:
    """The persons that a value of the field author holds; none for the site itself, users and desks."""
    written = party.name
    if _is_site(written, sites) and not (party.kind != "organization" and is_bare_name(written, language)):
        return []
    if (turned := _INVERTED_NAME_PATTERN.fullmatch(written)) and is_bare_name(f"{turned[2]} {turned[1]}", language):
        written = f"{turned[2]} {turned[1]}"  # "Miller, Jane", as catalogues write
    _, closing = find_closing_byline(written, language)
    names = closing or split_names(written, language, agencies=rules.agencies)
    if not names and " " not in written and not _USER_PATTERN.search(written):
        names = split_names(f"By {written}", language, agencies=rules.agencies)
    if _COMPANY_PATTERN.search(written):
        return []
    part = party.part
    return [
        Person(name.name, part if name.role == "author" else name.role, name.raw)
        for name in names
        if not _USER_PATTERN.search(name.name)
        and not (name.name[:4].islower() and name.name[:4].isalpha())
        and (build_match_key(name.name) not in sites or is_bare_name(name.name, language))
    ]


# ---------------------------------------------------------------- dates

_ISO_PATTERN = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T\s]+(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?(?![\d:])",
    re.IGNORECASE,
)
_COMPACT_DATE_PATTERN = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z)?(?!\d)")
_EPOCH_PATTERN = re.compile(r"\d{10}(?:\d{3})?")
MIN_DATE = "1970-01-02"


def parse_date_field(text: str, language: str | None = None) -> Stamp | None:
    """The moment that a value of a date field says, at its own precision; None for nonsense such as 0000-00-00."""
    text = text.strip()
    value, precision = "", "day"
    if found := _ISO_PATTERN.match(text):
        year, month, day, hour, minute, second, zone = found.groups()
        value = f"{year}-{month}-{day}"
        if hour:
            zone = zone or ""
            zone = "+00:00" if zone.upper() in ("Z", "UTC", "GMT") else zone
            zone = f"{zone[:3]}:{zone[-2:]}" if len(zone) == 5 else f"{zone}:00" if len(zone) == 3 else zone
            value += f"T{hour}:{minute}" + (f":{second}" if second else "") + zone
            precision = "second" if second else "minute"
    elif _EPOCH_PATTERN.fullmatch(text):
        value = datetime.fromtimestamp(int(text[:10]), UTC).isoformat()
        precision = "second"
    elif found := _COMPACT_DATE_PATTERN.match(text):
        year, month, day, hour, minute, second, zone = found.groups()
        value = f"{year}-{month}-{day}"
        if hour:
            value += f"T{hour}:{minute}" + (f":{second}" if second else "") + ("+00:00" if zone else "")
            precision = "second" if second else "minute"
    if value:
        try:
            datetime.fromisoformat(value)
        except ValueError:
            return None
        return Stamp(value, precision, text) if value >= MIN_DATE else None  # type: ignore[arg-type]
    for one in find_dates(text, language):
        if one.stamp.precision not in ("year", "month"):
            return Stamp(one.stamp.value, one.stamp.precision, text)
    return None


_URL_DATE_PATTERN = re.compile(r"(?<!\d)((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?!\d)")


def _collect_stamps(raw: RawFacts, language: str | None, url: str | None) -> Iterator[Fact]:
    """Every moment that the markup tells, as `evidence.published` and `evidence.modified`."""
    for field in ("published", "modified"):
        for fact in raw.get(field, ()):
            if read := parse_date_field(str(fact.value), language):
                yield Fact(fact.rule, f"evidence.{field}", read)
    for address in (url, *(str(fact.value) for fact in raw.get("canonical_url", ()))):
        if (found := _URL_DATE_PATTERN.search(address or "")) and (read := parse_date_field("-".join(found.groups()))):
            yield Fact("url", "evidence.published", read)
            return


MIN_ENTRY_TIMES = 3
"""Times in lines of one kind from which they are those of a live blog's entries."""

_CLOCK_TIME_PATTERN = re.compile(
    r"\W{0,3}\d{1,2}\s?[:.hH時]\s?\d\d(?:[:.]\d\d)?\s?(?:[ap]\.?\s?m\b\.?|uhr\b|h\b|hrs\b|分)?\s?\(?(?:[a-z]{2,5})?\)?\W{0,3}",
    re.IGNORECASE,
)


def _drop_entry_times(document: Document, language: str | None) -> Iterator[Edit | Fact]:
    """Drops lines that are nothing but a time, where several are written alike, and keeps headlines out of scripts."""
    alike: dict[str, list[Block]] = {}
    for block in document.blocks:
        if block.hints is None:
            continue
        if block.hints.tags[:1] == ("script",) and block.hints.tag == "h2":
            yield Fact("markup.entry-headline", "role", "heading", block.start, block.end)
            yield Fact("markup.entry-headline", "keep", "heading", block.start, block.end)
        elif 3 < len(block.text) <= 60 and _is_time(block.text, language):
            alike.setdefault(block.hints.shape, []).append(block)
    for blocks in alike.values():
        for block in blocks if len(blocks) >= MIN_ENTRY_TIMES else ():
            yield Edit("markup.entry-time", block.start, block.end, "", "timestamp", 0.9)


def _is_time(line: str, language: str | None) -> bool:
    if _CLOCK_TIME_PATTERN.fullmatch(line) or _ISO_PATTERN.fullmatch(line):
        return True
    for one in find_dates(line, language):
        rest = line.replace(one.stamp.raw, "", 1)
        if not any(char.isalnum() for char in rest) or _CLOCK_TIME_PATTERN.fullmatch(rest):
            return True
    return False


# ---------------------------------------------------------------- the rest

MAX_TAGS = 30
"""Tags of a page that are kept: some list every word of the article."""

_TAG_SPLIT_PATTERN = re.compile(r"\s*[,;、，|]\s*")


def _collect_plain_facts(raw: RawFacts, url: str | None) -> Iterator[Fact]:
    for fact in raw.get("flags", ()):
        yield Fact(fact.rule, "flags", fact.value)
    for fact in raw.get("canonical_url", ()):
        if address := _resolve_address(str(fact.value), url):
            yield Fact(fact.rule, "canonical_url", address)
            break
    domain = _parse_host(url) or next((_parse_host(str(fact.value)) for fact in raw.get("canonical_url", ())), "")
    for fact in raw.get("publisher", ()):
        if len(name := str(fact.value)) <= 80 and not _HOSTLIKE_PATTERN.search(name):
            yield Fact(fact.rule, "publisher", Publisher(name, domain or None))
            break
    for fact in raw.get("section", ()):
        if 1 < len(section := str(fact.value).strip(" /")) <= 60 and not _HOSTLIKE_PATTERN.search(section):
            yield Fact(fact.rule, "section", section)
            break
    yield from _collect_tags(raw.get("tags", ()))
    yield from _merge_media(raw, url)
    holder = next((str(fact.value) for fact in raw.get("copyright.holder", ()) if len(str(fact.value)) <= 120), None)
    years = [_YEAR_PATTERN.search(str(fact.value)) for fact in raw.get("copyright.year", ())]
    year = next((int(found[0]) for found in years if found), None)
    if holder or year:
        rule = (raw.get("copyright.holder") or raw["copyright.year"])[0].rule
        yield Fact(rule, "copyright", Copyright(holder, year, None))


_HOSTLIKE_PATTERN = re.compile(r"^https?:|^@|^\d+$")
_YEAR_PATTERN = re.compile(r"(?:19|20)\d\d")


def _resolve_address(written: str, url: str | None) -> str:
    """An address made whole; empty for what is none."""
    try:
        address = urljoin(url or "", written.strip())
        return address if urlsplit(address).scheme in ("http", "https") and urlsplit(address).hostname else ""
    except ValueError:
        return ""


def _collect_tags(facts: Sequence[Fact]) -> Iterator[Fact]:
    """The tags of the best place that has some, each once; one tag a fact, or many on a line."""
    if not facts:
        return
    rule = facts[0].rule
    seen: set[str] = set()
    for fact in facts:
        for tag in _TAG_SPLIT_PATTERN.split(str(fact.value)) if fact.rule == rule else ():
            tag = tag.strip(" #")
            if 1 < len(tag) <= 60 and tag.casefold() not in seen and len(seen) < MAX_TAGS:
                seen.add(tag.casefold())
                yield Fact(rule, "tags", tag)


def _merge_media(raw: RawFacts, url: str | None) -> Iterator[Fact]:
    """Videos with whole addresses, each once, and images as `evidence.images`: what the page shows knows more of them.

    What another copy of the same address knows is put together."""
    base = url or next((str(fact.value) for fact in raw.get("canonical_url", ())), None)
    for field, name in (("images", "evidence.images"), ("videos", "videos")):
        known: dict[str, tuple[str, Media]] = {}
        for fact in raw.get(field, ()):
            media = fact.value
            address = _resolve_address(media.url, base) if media.url else ""
            if not address and not media.caption:
                continue
            rule, other = known.get(address, (fact.rule, media))
            caption, credit = other.caption or media.caption, other.credit or media.credit
            known[address] = (rule, Media(caption, credit, address or None))
        for rule, media in known.values():
            yield Fact(rule, name, media)

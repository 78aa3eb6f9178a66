"""Dates of the markup: date fields of any format, the day in an address, the times of entries of a live blog."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from cleaner.document import Block, Document, Edit, Fact
from cleaner.facts import EVIDENCE_MODIFIED, EVIDENCE_PUBLISHED, KEEP, MARKUP_MODIFIED, MARKUP_PUBLISHED, ROLE
from cleaner.text.dates.scan import find_dates
from cleaner.text.dates.stamp import Precision, Stamp
from cleaner.text.languages.model import Order

_ISO_PATTERN = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T\s]+(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?(?![\d:])",
    re.IGNORECASE,
)

"""ISO 8601, and what systems write for it; the groups are year, month, day, hour, minute, second, zone."""

_COMPACT_DATE_PATTERN = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z)?(?!\d)")

"""The same without separators: `20240503`, `20240503T1000`."""

_EPOCH_PATTERN = re.compile(r"(\d{10})(?:\d{3})?\Z")

"""Seconds since 1970, or milliseconds."""

_UTC_NAMES = frozenset({"Z", "UTC", "GMT"})

MIN_DATE = "1970-01-02"
"""The first day that is believed: the one before is what systems write that know none."""

COARSE_PRECISIONS = frozenset({"year", "month"})
"""Precisions of stamps that name no day."""


def parse_date_field(
    text: str, language: str | None = None, *, order: Order | None = None, changed: bool = False
) -> Stamp | None:
    """The moment that a value of a date field says, at its own precision; None for nonsense such as 0000-00-00.

    ISO 8601, seconds or milliseconds since 1970, digits without separators, else words as in a line: of several dates
    the first that is not called a change, or, for a field that is `changed`, the first that is.
    """
    text = text.strip()
    for pattern, read in _DATE_FORMATS:
        if found := pattern.match(text):
            return _check_moment(*read(found), text)
    dates = [one for one in find_dates(text, language, order=order) if one.stamp.precision not in COARSE_PRECISIONS]
    dates.sort(key=lambda one: (one.label == "modified") != changed)  # stable: the first of each kind stays first
    return Stamp(dates[0].stamp.value, dates[0].stamp.precision, text) if dates else None


def _read_moment(found: re.Match[str]) -> tuple[str, Precision]:
    """Value and precision of a match whose groups are year, month, day, hour, minute, second and zone."""
    year, month, day, hour, minute, second, zone = found.groups("")
    date = f"{year}-{month}-{day}"
    if not hour:
        return date, "day"
    clock = ":".join(filter(None, (hour, minute, second)))
    return f"{date}T{clock}{_normalise_zone(zone)}", "second" if second else "minute"


def _read_epoch(found: re.Match[str]) -> tuple[str, Precision]:
    """Value and precision of seconds since 1970; what milliseconds follow is cut off."""
    return datetime.fromtimestamp(int(found[1]), UTC).isoformat(), "second"


_DATE_FORMATS = ((_ISO_PATTERN, _read_moment), (_EPOCH_PATTERN, _read_epoch), (_COMPACT_DATE_PATTERN, _read_moment))
"""Formats of date fields, in the order in which they are tried, and what reads a match of each."""


def _normalise_zone(zone: str) -> str:
    """A zone as ISO 8601 has it: `+05:30` for `+0530`, `-03:00` for `-03`, `+00:00` for the names of UTC."""
    if zone.upper() in _UTC_NAMES:
        return "+00:00"
    digits = zone.replace(":", "")
    return zone and f"{digits[:3]}:{digits[3:] or '00'}"


def _check_moment(value: str, precision: Precision, text: str) -> Stamp | None:
    """The stamp, or None for a moment that no calendar has, or before `MIN_DATE`."""
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return None
    return Stamp(value, precision, text) if value >= MIN_DATE else None


_ISO_DAY_PATTERN = re.compile(r"\d{4}-\d\d-\d\d")
_NUMERIC_DAY_PATTERN = re.compile(r"\d[/-]\d{1,2}[/-]\d")
_ORDERS: tuple[Order, ...] = ("DMY", "MDY")

DAY_CHARS = len("2024-05-03")
"""Characters of a stamp that are its day."""

_URL_DATE_PATTERN = re.compile(r"(?<!\d)((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?!\d)")


def collect_stamps(raw: Sequence[Fact], language: str | None, addresses: Iterable[str | None]) -> Iterator[Fact]:
    """Every moment that the markup names, as `evidence.published` and `evidence.modified`, and a day in an address.

    03/04/2022 is the day that a machine's field or the address names, too, if one of its readings is.
    """
    found = filter(None, (_URL_DATE_PATTERN.search(address or "") for address in addresses))
    day = next(filter(None, (parse_date_field("-".join(match.groups())) for match in found)), None)
    values = [
        (fact, (MARKUP_MODIFIED if fact.key == MARKUP_MODIFIED.name else MARKUP_PUBLISHED).read(fact))
        for fact in (*MARKUP_PUBLISHED.pick(raw), *MARKUP_MODIFIED.pick(raw))
    ]
    firm = {match[0] for _, value in values if (match := _ISO_DAY_PATTERN.match(value))}
    firm |= {day.value} if day else set()
    for fact, value in values:
        changed = fact.key == MARKUP_MODIFIED.name
        stamp = _read_stamp(value, language, firm, changed)
        if stamp:
            yield (EVIDENCE_MODIFIED if changed else EVIDENCE_PUBLISHED).make(fact.rule, stamp)
    if day:
        yield EVIDENCE_PUBLISHED.make("url", day)


def _read_stamp(value: str, language: str | None, firm: Collection[str], changed: bool) -> Stamp | None:
    """The moment that a value says; of the two readings of a day in digits the one that is among the `firm` days."""
    stamp = parse_date_field(value, language, changed=changed)
    if stamp is None or not firm or _ISO_DAY_PATTERN.match(value) or not _NUMERIC_DAY_PATTERN.search(value):
        return stamp
    readings = [stamp, *(parse_date_field(value, language, order=order, changed=changed) for order in _ORDERS)]
    return next((one for one in readings if one and one.value[:DAY_CHARS] in firm), stamp)


MIN_ENTRY_TIMES = 3
"""Times in lines of one kind from which they are those of a live blog's entries."""

ENTRY_TIME_CHARS = range(4, 61)
"""Characters that a line with nothing but a time can have."""

_CLOCK_TIME_PATTERN = re.compile(
    r"\W{0,3}\d{1,2}\s?[:.hH時]\s?\d\d(?:[:.]\d\d)?\s?(?:[ap]\.?\s?m\b\.?|uhr\b|h\b|hrs\b|分)?\s?\(?(?:[a-z]{2,5})?\)?\W{0,3}",
    re.IGNORECASE,
)


def drop_entry_times(document: Document, language: str | None) -> Iterator[Edit | Fact]:
    """Drops lines that are nothing but a time, where several are written alike, and keeps headlines out of scripts."""
    alike: dict[str, list[Block]] = {}
    for block in document.blocks:
        tags = block.hints.tags
        if tags[:1] == ("script",) and tags[-1] == "h2":
            yield ROLE.make("markup.entry-headline", "heading", block)
            yield KEEP.make("markup.entry-headline", "heading", block)
        elif tags and len(block.text) in ENTRY_TIME_CHARS and _is_time(block.text, language):
            alike.setdefault(block.hints.shape, []).append(block)
    for blocks in alike.values():
        if len(blocks) >= MIN_ENTRY_TIMES:
            yield from (block.drop("markup.entry-time", "timestamp", 0.9) for block in blocks)


def _is_time(line: str, language: str | None) -> bool:
    """Whether a line is a time or a date, perhaps both, and nothing else."""
    if _CLOCK_TIME_PATTERN.fullmatch(line) or _ISO_PATTERN.fullmatch(line):
        return True
    rests = (line.replace(one.stamp.raw, "", 1) for one in find_dates(line, language))
    return any(not any(map(str.isalnum, rest)) or _CLOCK_TIME_PATTERN.fullmatch(rest) for rest in rests)

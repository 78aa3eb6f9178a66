"""The dates of a record for formats that know nothing but moments.

A record's date has a precision, from a year to a second, and perhaps a zone; how much of that a moment may invent
differs by format, so there is a function for each answer.
"""

from datetime import UTC, datetime

from cleaner.text.dates.stamp import Stamp

_DAYLESS_PRECISIONS = ("year", "month")
_TIMED_PRECISIONS = ("minute", "second")


def convert_to_utc(stamp: Stamp | None) -> datetime | None:
    """The moment in UTC; a day is its midnight, a time without a zone is read as UTC, a mere month or year is none."""
    if stamp is None or stamp.precision in _DAYLESS_PRECISIONS:
        return None
    try:
        found = datetime.fromisoformat(stamp.value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def format_date_time(stamp: Stamp | None) -> str | None:
    """RFC 3339 in the zone that the page names; nothing where it names no time or no zone."""
    if stamp is None or stamp.precision not in _TIMED_PRECISIONS:
        return None
    try:
        found = datetime.fromisoformat(stamp.value)
    except ValueError:
        return None
    zone = found.utcoffset()
    # RFC 3339 has no seconds in an offset, as local mean times have them
    return None if zone is None or zone.total_seconds() % 60 else found.isoformat(timespec="seconds")

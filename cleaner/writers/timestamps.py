"""The dates of a record for formats that know nothing but moments."""

from datetime import UTC, datetime

from cleaner.text.dates import Stamp


def convert_to_utc(stamp: Stamp | None) -> datetime | None:
    """The moment in UTC; a day is its midnight, a time without a zone is read as UTC, a mere month or year is none."""
    if stamp is None or stamp.precision in ("year", "month"):
        return None
    try:
        found = datetime.fromisoformat(stamp.value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def format_date_time(stamp: Stamp | None) -> str | None:
    """RFC 3339 in the zone that the page names; nothing where it names no time or no zone."""
    if stamp is None or stamp.precision not in ("minute", "second"):
        return None
    try:
        found = datetime.fromisoformat(stamp.value)
    except ValueError:
        return None
    zone = found.utcoffset()
    return None if zone is None or zone.total_seconds() % 60 else found.isoformat(timespec="seconds")

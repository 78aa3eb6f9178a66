"""The time of day beside a date, and its zone.

Behind a date: ", 17:03 Uhr", " at 5:03 p.m. ET". Before it: "17:41 JST, October 13, 2024". In it: "20220127T170300Z".
"""

import datetime
import re
import zoneinfo
from collections.abc import Sequence
from typing import NamedTuple

from cleaner.text.dates.labels import read_label
from cleaner.text.dates.words import WORD_PATTERN, DateLexicon, fold_word, fold_words

_MAX_WORDS_BETWEEN = 3
"""Words between a date and its time: "um", "at about"."""

_REACH_CHARS = 45
"""Characters before a date in which its time begins."""

_HOURS, _MINUTES, _TWELVE_HOURS = range(24), range(60), range(1, 13)

_OFFSET_HOURS, _OFFSET_MINUTES = range(15), (0, 15, 30, 45)
"""Hours and minutes by which zones differ from UTC (Kiribati: 14; Nepal: 5:45)."""

_HOUR = re.compile(r"(?<![\d:.\-/])\d{1,2}(?!\d)")
_GAP = re.compile(r"[\s,;:.|/•·@–—―\-()（）\[\]、~]{0,8}+")
_NO_GAP = re.compile(r"\d|[^\w\s,;:.|/•·@–—―\-()\[\]\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e]")
"""What does not stand between a time and its date."""
_DURATION_UNIT = re.compile(r"\s?(?:min|sec|sek|std|分钟|분 )", re.IGNORECASE)
_AMOUNT_UNIT = re.compile(r"\s?(?:[€$£¥%₹]|eur|euro|kr\b|chf|zł|pct|prozent|percent|km|kg|mio|mrd|mil)", re.IGNORECASE)


class ClockTime(NamedTuple):
    """A time of day, and where it stands in the text."""

    hour: int
    minute: int
    second: int | None
    is_twelve: bool
    """Whether it is written with am or pm."""
    zone: str | None
    """The name of the zone, if written."""
    offset: str | None
    """ "+05:30", or an IANA name."""
    start: int
    end: int


class _Zone(NamedTuple):
    """The zone behind a time, and where the time ends: before a zone that means nothing."""

    name: str | None
    offset: str | None
    end: int


class _Reading(NamedTuple):
    """What a match of the clock holds, while it is not decided whether it is a time of day."""

    match: re.Match[str]
    said: Sequence[str]
    """The words between date and time."""
    half: int | None
    minute: str | None
    offset: str | None

    def is_followed_by(self, unit: re.Pattern[str]) -> bool:
        """Whether a unit stands behind the number, and no "am" or "pm"."""
        return not self.match["half"] and unit.match(self.match.string, self.match.end()) is not None


def find_time_behind(text: str, at: int, words: DateLexicon) -> ClockTime | None:
    """The time behind a date: ", 17:03 Uhr", " at 5:03 p.m. ET", "T17:03:00Z", " 오후 5:03"."""
    said: list[str] = []
    at = _skip_gap(text, at)
    for _ in range(_MAX_WORDS_BETWEEN + 1):
        if text[at : at + 1].isdigit():
            match = words.clock.match(text, at)
            return _read_time(match, said, words) if match else None
        word = WORD_PATTERN.match(text, at)
        if word is None or fold_word(word[0]) not in words.between:
            return None
        said.append(word[0])
        at = _skip_gap(text, word.end())
    return None


def _skip_gap(text: str, at: int) -> int:
    """Where the signs between words end."""
    match = _GAP.match(text, at)
    return match.end() if match else at


def find_time_before(text: str, at: int, behind: int, words: DateLexicon) -> ClockTime | None:
    """The time before a date: "17:41 JST, October 13, 2024", "20:00, 29 Jan 2024"; `behind` ends the date before."""
    low = max(behind, at - _REACH_CHARS)
    head = text[low:at]
    for hour in _HOUR.finditer(head):
        match = words.clock.match(head, hour.start())
        if match is None or not _is_gap(head[_read_zone(match, words).end :], words):
            continue
        ahead = head[: hour.start()]
        said = [word for word in WORD_PATTERN.findall(ahead)[-1:] if fold_word(word) in words.halves]
        if ahead[-1:].isalpha() and not said and read_label(ahead, words) is None:
            continue  # "Video02:53": a running time stuck to a word
        time = _read_time(match, said, words)
        return time and time._replace(start=low + time.start, end=low + time.end)
    return None


def _is_gap(text: str, words: DateLexicon) -> bool:
    """Whether a text may stand between a time and its date."""
    spoken = WORD_PATTERN.findall(text)
    is_short = len(spoken) <= _MAX_WORDS_BETWEEN and not _NO_GAP.search(text)
    return is_short and words.between.issuperset(fold_words(spoken))


def read_time_within(match: re.Match[str], start: int, words: DateLexicon) -> ClockTime | None:
    """The time in a date that holds one: 20220127T170300Z, Thu Jan 27 17:03:00 IST 2022."""
    name = match["zone"] or ""
    offset = f"{name[:3]}:{name[3:]}" if name[:1] in ("+", "-") else words.zones.get(name)
    return _make_time(match["h"], match["min"], match["s"], _Zone(name or None, offset, match.end()), start)


def _make_time(
    hour: str | int, minute: str | None, second: str | None, zone: _Zone, start: int, *, is_twelve: bool = False
) -> ClockTime | None:
    """A time of day, if there is such a time."""
    numbers = int(hour), int(minute or 0), int(second or 0)
    if not all(map(range.__contains__, (_HOURS, _MINUTES, _MINUTES), numbers)):
        return None
    return ClockTime(*numbers[:2], numbers[2] if second else None, is_twelve, zone.name, zone.offset, start, zone.end)


def _read_time(match: re.Match[str], said: Sequence[str], words: DateLexicon) -> ClockTime | None:
    """What a match of the clock says; None if it is no time of day."""
    zone = _read_zone(match, words)
    phrase = words.phrase.match(match.string, zone.end) if zone.offset is None else None
    if phrase:
        zone = zone._replace(offset=words.phrases[" ".join(phrase[1].casefold().split())], end=phrase.end())
    signs = [match["half"], *said] if match["half"] else said
    half = _read_half(signs, words) if signs else None
    minute = _find_group(match, "min", "dmin", "hmin")
    reading = _Reading(match, said, half, minute, zone.offset)
    if _is_amount(reading) or _is_duration(reading) or _is_count_of_hours(reading):
        return None
    hour = int(match["h"])
    is_twelve = half is not None and hour in _TWELVE_HOURS  # "20:26 PM" is a 24-hour clock with a sign too many
    if half is not None and is_twelve:
        hour = hour % len(_TWELVE_HOURS) + len(_TWELVE_HOURS) * half
    second = _find_group(match, "s", "ds", "hs")
    return _make_time(hour, minute, second, zone, match.start("h"), is_twelve=is_twelve)


def _find_group(match: re.Match[str], *names: str) -> str | None:
    """What the first of these groups holds that took part in the match; None where none did."""
    return next(filter(None, map(match.group, names)), None)


def _read_half(signs: Sequence[str], words: DateLexicon) -> int | None:
    """0 for am, 1 for pm; of several signs the last counts."""
    keys = (fold_word(sign).replace(" ", "").replace("\u00a0", "") for sign in reversed(signs))
    return next((words.halves[key] for key in keys if key in words.halves), None)


def _is_amount(reading: _Reading) -> bool:
    """ "9.50 €"."""
    return bool(reading.match["dmin"]) and not reading.offset and reading.is_followed_by(_AMOUNT_UNIT)


def _is_duration(reading: _Reading) -> bool:
    """ "02:53 min"."""
    return reading.is_followed_by(_DURATION_UNIT)


def _is_count_of_hours(reading: _Reading) -> bool:
    """ "3 h": a length, too, unless a word before it says "at"."""
    is_bare = not (reading.minute or reading.said) and reading.half is None
    return is_bare and reading.match[0].rstrip().endswith(("h", "H"))


def _read_zone(match: re.Match[str], words: DateLexicon) -> _Zone:
    """The zone behind a time; without a meaning where it is unknown, no offset of this world, or the end of a range."""
    written = match["zone"] or ""
    start = match.start("zone") if written else match.end()
    name = match["zname"]
    if not name and written and not _is_range(match):
        name, offset = "UTC", _read_offset(match)
    else:
        offset = words.zones.get(name or "")
    is_closed = written.endswith(")") and not written.strip().startswith("(")  # opened before the time
    return _Zone(name, offset, start + len(written) - is_closed if offset else start)


def _is_range(match: re.Match[str]) -> bool:
    """ "09:00-10:30": from, to; not in "T09:00-10:30", nor behind seconds."""
    is_offset = bool(match["s"]) or match.string.endswith("T", 0, match.start())
    return bool(match["oh"]) and not is_offset and "-" in match["zone"] and ":" in match["zone"]


def _read_offset(match: re.Match[str]) -> str | None:
    """ "+05:30" of "GMT +5:30" or "+0530"; None where no zone has it."""
    hours, minutes = int(_find_group(match, "oh", "zh") or 0), int(_find_group(match, "om", "zm") or 0)
    sign = "-" if "-" in match["zone"] else "+"
    return f"{sign}{hours:02}:{minutes:02}" if hours in _OFFSET_HOURS and minutes in _OFFSET_MINUTES else None


def compute_offset(time: ClockTime, day: datetime.date) -> str:
    """The offset at that moment: "+05:30"; "" where none is known.

    A machine without the IANA tables gives none: better no zone than a wrong one."""
    if not time.offset or time.offset.startswith(("+", "-")):
        return time.offset or ""
    try:
        zone = zoneinfo.ZoneInfo(time.offset)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    moment = datetime.datetime.combine(day, datetime.time(time.hour, time.minute), zone)
    return moment.isoformat(timespec="minutes")[len("2022-01-27T17:03") :][: len("+05:30")]

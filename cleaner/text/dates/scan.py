"""Every date of a line: the day, then the time, zone and label beside it."""

import datetime
import functools
import itertools
import re
from collections.abc import Iterable

import msgspec

from cleaner.text.dates.clock import ClockTime, compute_offset, find_time_before, find_time_behind, read_time_within
from cleaner.text.dates.forms import PART_END, DayMatch, Number, read_day_at
from cleaner.text.dates.labels import read_label, read_label_behind
from cleaner.text.dates.stamp import DateMatch, Precision, Stamp
from cleaner.text.dates.words import WORD_PATTERN, DateLexicon, fold_words, load_lexicon
from cleaner.text.languages.model import Order

MAX_LINE_CHARS = 300
"""Characters of a line that are read: a longer one is prose, and its head is enough."""

LINE_CACHE_SIZE = 256
"""Lines whose dates are remembered: a document is asked for the same date several times."""

_YEAR_REACH_CHARS = 48
"""Characters from a number on in which the year of its date begins."""

_REACH_CHARS, _REACH_BEHIND_CHARS = 20, 16
"""Characters before and behind a date in which its weekday stands."""

_SHORTEST_DATE_CHARS = 7
"""The length of 25.4.22: it may be a chapter, unless nothing else is on the line."""

_ISO_CHARS: dict[Precision, int] = {"year": 4, "month": 7, "day": 10}
"""Characters of an ISO date at a precision."""

_ORDERS: tuple[tuple[re.Pattern[str], Order], ...] = (
    (re.compile(r"(?<![\d/.-])(?:1[3-9]|2\d|3[01])([/-])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?![\d/-])"), "DMY"),
    (re.compile(r"(?<![\d/.-])(?:0?[1-9]|1[0-2])([/-])(?:1[3-9]|2\d|3[01])\1(?:19|20)\d\d(?![\d/-])"), "MDY"),
)
"""Numeric dates that can be read in one way only: 27/01/2022 and 01/27/2022."""

_TWIN_GAP = re.compile(r"\s{0,2}")
"""What stands between the two dates of one element; a dash or a word would make them a span of time."""

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"[12]\d\d\d")
_SHORT_DATE = re.compile(
    r"\d{1,3}+(?:\s?[./-]\s?\d\d?\s?[./-]\s?\d\d|-[^\W\d]{3,9}+-\d\d|\.?\s[^\W\d]{3,9}+\.?\s['’]\d\d|\s?[ก-ฮ]|年"
    r"|\s[A-Z][a-z]{2}\s\d\d\s\d\d:\d\d)"
)
"""Dates without a four-digit year: 27.01.22, 27-Jan-22, 27 Jan '22, Thai ones, eras, those of old mails."""

_FOREIGN_SIGN = re.compile(
    r"[\u060c\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59\uff01-\uff1a\uff5c\u200e\u200f"
    r"\u202a-\u202e\u2066-\u2069\u066b\u2212\u5143]"
)
"""Signs in another form: foreign digits, full-width and Arabic signs, direction marks, 元 for year 1."""
_FOREIGN_TABLE: dict[int, str] = {
    **{zero + i: str(i) for zero in (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10) for i in range(10)},
    **{ord(c): chr(ord(c) - 0xFEE0) for c in "！（），－．／："},
    **dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], " "),
    0x060C: ",",
    0x066B: ".",
    0x2212: "-",
    0xFF5C: "|",
}


def find_dates(line: str, language: str | None = None, *, order: Order | None = None) -> list[DateMatch]:
    """Every date in `line` (its first 300 characters), in order.

    `language` is the code of a file of languages ("de"); without it the months of all languages are tried. `order`
    settles 03/04/2022 where the caller knows more, for instance from `detect_numeric_order` over the whole page; else a
    zone, a 12-hour clock or a weekday in the line decides, and after them the language's own order.
    """
    return list(_find_cached(line, language, order))


@functools.lru_cache(LINE_CACHE_SIZE)
def _find_cached(line: str, language: str | None, order: Order | None) -> tuple[DateMatch, ...]:
    """The dates of a line; most lines end at the first test."""
    digit = _DIGIT.search(line)
    if digit is None:
        return ()
    text, start = line[:MAX_LINE_CHARS], digit.start()
    if not text.isascii():
        text, start = _normalize_signs(text), 0  # a sign that is no digit may have become one
    if not _YEAR.search(text, start) and not _SHORT_DATE.search(text, start):
        return ()
    return tuple(_scan_line(line, text, load_lexicon(language), order))


def _normalize_signs(text: str) -> str:
    """The same text with ASCII digits and signs; every character keeps its place."""
    return text.translate(_FOREIGN_TABLE).replace("元年", "1年") if _FOREIGN_SIGN.search(text) else text


def detect_numeric_order(lines: Iterable[str], language: str | None = None) -> Order | None:
    """The order that the unmistakable numeric dates of a page agree on: 27/01/2022 says DMY, 01/27/2022 MDY."""
    heads = [line[:MAX_LINE_CHARS] for line in lines]
    seen = [order for pattern, order in _ORDERS if any(map(pattern.search, heads))]
    return seen[0] if len(seen) == 1 else None


def _scan_line(line: str, text: str, words: DateLexicon, order: Order | None) -> list[DateMatch]:
    """The dates of a line; `text` is its head in ASCII signs. A number without a year near is passed over at once."""
    found: list[DateMatch] = []
    position = behind = 0
    while number := _NUMBER.search(text, position):
        start, position = number.span()
        if not _YEAR.search(text, start, start + _YEAR_REACH_CHARS) and not _SHORT_DATE.match(text, start):
            continue
        day = read_day_at(Number(text, start, position, behind, words, order or words.order))
        date = _complete_date(line, text, day, behind, words, order) if day else None
        if date:
            found.append(date)
            position = behind = date.end
    return _label_twins(found, text) if len(found) > 1 else found


def _label_twins(found: list[DateMatch], text: str) -> list[DateMatch]:
    """Two days side by side that nothing calls anything are those of publication and of the last change.

    Themes of blogs put both into one element and hide one of them by a style that a text has lost.
    """
    for at, (one, other) in enumerate(itertools.pairwise(found)):
        days = [date.stamp.value[: _ISO_CHARS["day"]] for date in (one, other)]
        is_bare = not (one.label or other.label) and _TWIN_GAP.fullmatch(text, one.end, other.start)
        if is_bare and days[0] != days[1] and all(map(_is_whole_day, days)):
            later = at + (days[0] < days[1])
            found[later] = msgspec.structs.replace(found[later], label="modified")
    return found


def _is_whole_day(written: str) -> bool:
    """Whether the first characters of a stamp name a day."""
    return len(written) == _ISO_CHARS["day"]


def _complete_date(
    line: str, text: str, date: DayMatch, behind: int, words: DateLexicon, order: Order | None
) -> DateMatch | None:
    """The date with the time, zone and label beside it; None for a short one that nothing beside it supports."""
    time = _find_time(text, date, behind, words)
    start = min(date.start, time.start) if time else date.start
    end = max(date.end, time.end) if time else date.end
    label = read_label(text[behind:start], words) or read_label_behind(text, end, words)
    if date.short and not (time or label or _is_alone(text, date, words)):
        return None
    day, ambiguous = _resolve_order(text, date, time, words, order)
    value, precision = day.isoformat()[: _ISO_CHARS[date.precision]], date.precision
    if time:
        value += f"T{time.hour:02}:{time.minute:02}"
        value += "" if time.second is None else f":{time.second:02}"
        value += compute_offset(time, day)
        precision = "minute" if time.second is None else "second"
    return DateMatch(Stamp(value, precision, line[start:end]), start, end, label, ambiguous)


def _find_time(text: str, date: DayMatch, behind: int, words: DateLexicon) -> ClockTime | None:
    """The time of a day: in the date itself, behind it, or before it."""
    if date.precision != "day":
        return None
    if date.time:
        return read_time_within(date.time, date.start, words)
    return find_time_behind(text, date.end, words) or find_time_before(text, date.start, behind, words)


def _is_alone(text: str, date: DayMatch, words: DateLexicon) -> bool:
    """Whether a short date stands alone in its part of the line, or behind a weekday."""
    length = date.end - date.start
    if length <= _SHORTEST_DATE_CHARS:
        return length == len(text.strip()) == _SHORTEST_DATE_CHARS
    before = text[max(0, date.start - _REACH_CHARS) : date.start].rstrip()
    weekdays = [word for word in WORD_PATTERN.findall(before)[-1:] if words.weekdays.keys() & fold_words([word])]
    if before.rstrip(" .,").endswith(tuple(weekdays)):
        return True
    return before[-1:] in "|•·–—―" and PART_END.match(text, date.end) is not None


def _resolve_order(
    text: str, date: DayMatch, time: ClockTime | None, words: DateLexicon, order: Order | None
) -> tuple[datetime.date, bool]:
    """Which reading of 03/04/2022 is meant, and whether that is only habit.

    The weekday beside it decides; then what the caller knows; then, in English, a North American zone, or a 12-hour
    clock without any zone (British pages write 24 hours or name GMT, BST); then the order of the language. The order of
    English is day first, so the other reading is the American."""
    chosen, other = date.day, date.swapped
    if other is None:
        return chosen, False
    by_weekday = {chosen.weekday(): chosen, other.weekday(): other}
    named = map(words.weekdays.get, _find_words_beside(text, date))
    said = next((by_weekday[weekday] for weekday in named if weekday in by_weekday), None)
    if said and len(by_weekday) > 1:
        return said, False
    match time:
        case _ if order or not words.mixed_order:
            return chosen, False
        case ClockTime(zone=str(zone)) if zone in words.american:
            return other, False
        case ClockTime(is_twelve=True, offset=None):
            return other, True
    return chosen, True


def _find_words_beside(text: str, date: DayMatch) -> list[str]:
    """The word before a date and the word behind it, folded."""
    before = WORD_PATTERN.findall(text[max(0, date.start - _REACH_CHARS) : date.start])
    behind = WORD_PATTERN.findall(text[date.end : date.end + _REACH_BEHIND_CHARS])
    return fold_words(before[-1:] + behind[:1])

"""Dates as newspapers write them: where they stand in a line, what they say, and how precisely.

`find_dates` takes one line of text and gives every date in it, as ISO 8601 at the precision the line has. Nothing is
invented: a time without a date gives nothing, a date without a year gives nothing, a zone is only in the value where
the line names it.

The words are data, `dates.toml`: months and weekdays from Unicode CLDR, zones from IANA and RFC 5322. Some zone names
mean several zones. `IST` is read as India (+05:30), not Ireland or Israel, unless the language is Irish or Hebrew;
`CST` as US Central and `BST` as British Summer Time, unless the language is Chinese or Bengali. `ET`, `PT` and their
like take the offset of that day.
"""

import datetime
import functools
import re
from collections.abc import Iterable

from cleaner.text.dates.clock import (
    DIGIT,
    NUMBER,
    Time,
    compute_offset,
    find_time_after,
    find_time_before,
    read_time_within,
)
from cleaner.text.dates.forms import PART_END, Date, read_date_at
from cleaner.text.dates.labels import read_label, read_label_after
from cleaner.text.dates.stamp import DateMatch, Stamp
from cleaner.text.dates.words import WORD_PATTERN, DateLexicon, fold_word, load_lexicon
from cleaner.text.languages.model import Order

MAX_LINE_CHARS = 300  # a longer line is prose: its head is enough
LINE_CACHE_SIZE = 256  # lines whose dates are remembered: a document is asked for the same date several times


def find_dates(line: str, language: str | None = None, *, order: Order | None = None) -> list[DateMatch]:
    """Every date in `line` (its first 300 characters), in order.

    `language` is a code of `dates.toml` ("de"); without it the months of all languages are tried. `order` settles
    03/04/2022 where the caller knows more, for instance from `detect_numeric_order` over the whole page; else a zone, a
    12-hour clock or a weekday in the line decides, and after them the language's own order.
    """
    return list(_find_cached(line, language, order))


@functools.lru_cache(LINE_CACHE_SIZE)
def _find_cached(line: str, language: str | None, order: Order | None) -> tuple[DateMatch, ...]:
    digit = DIGIT.search(line)
    if digit is None:
        return ()
    text, start = line[:MAX_LINE_CHARS], digit.start()
    if not text.isascii():
        text, start = _normalize_signs(text), 0  # a sign that is no digit may have become one
    if not _YEAR.search(text, start) and not _SHORT_DATE.search(text, start):
        return ()
    return tuple(_scan_line(line, text, load_lexicon(language), order))


def detect_numeric_order(lines: Iterable[str], language: str | None = None) -> Order | None:
    """The order that the unmistakable numeric dates of a page agree on: 27/01/2022 says DMY, 01/27/2022 MDY."""
    seen: set[Order] = set()
    for line in lines:
        for match in _SLASHED_DATE.finditer(line[:MAX_LINE_CHARS]):
            first, second = int(match[1]), int(match[3])
            if first > 12 >= second > 0 and first <= 31:
                seen.add("DMY")
            elif second > 12 >= first > 0 and second <= 31:
                seen.add("MDY")
    return seen.pop() if len(seen) == 1 else None


# ---------------------------------------------------------------- patterns
# Everything is anchored at a run of digits, and repeats are short or possessive: the time is linear in the line.


_YEAR = re.compile(r"[12]\d\d\d")
# dates without a four-digit year: 27.01.22, 27-Jan-22, 27 Jan '22, Thai, eras
_SHORT_DATE = re.compile(
    r"\d{1,3}+(?:\s?[./-]\s?\d\d?\s?[./-]\s?\d\d|-[^\W\d]{3,9}+-\d\d|\.?\s[^\W\d]{3,9}+\.?\s['’]\d\d|\s?[ก-ฮ]|年)"
)
_SLASHED_DATE = re.compile(r"(?<![\d/.-])(\d{1,2})([/-])(\d{1,2})\2(?:19|20)\d\d(?![\d/-])")


# signs that are written in another way: foreign digits, full-width and Arabic signs, direction marks (as blanks)
_FOREIGN_SIGN = re.compile(
    r"[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59\uff01-\uff1a\uff5c\u200e\u200f\u202a-\u202e\u2066-\u2069\u066b\u2212\u5143]"
)
_FOREIGN_TABLE: dict[int, str] = {
    **{zero + i: str(i) for zero in (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10) for i in range(10)},
    **{ord(c): chr(ord(c) - 0xFEE0) for c in "！（），－．／："},
    **dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], " "),
    0x066B: ".",
    0x2212: "-",
    0xFF5C: "|",
}


def _normalize_signs(text: str) -> str:
    """The same text with ASCII digits and signs; every character keeps its place."""
    if not _FOREIGN_SIGN.search(text):
        return text
    return text.translate(_FOREIGN_TABLE).replace("元年", "1年")


# ---------------------------------------------------------------- words


# ---------------------------------------------------------------- calendars


# ---------------------------------------------------------------- scanning


def _scan_line(line: str, text: str, words: DateLexicon, order: Order | None) -> list[DateMatch]:
    found: list[DateMatch] = []
    position = 0  # where to look on
    behind = 0  # where the date before ended
    while number := NUMBER.search(text, position):
        start, position = number.span()
        if not _YEAR.search(text, start, start + 48) and not _SHORT_DATE.match(text, start):
            continue  # no year near: most numbers of a line end here
        date = read_date_at(text, number, behind, words, order)
        if date is None:
            continue
        one = _complete_date(line, text, date, behind, words, order)
        if one:
            found.append(one)
            position = behind = one.end
    return found


# ---------------------------------------------------------------- time, zone, label


def _complete_date(
    line: str, text: str, date: Date, behind: int, words: DateLexicon, order: Order | None
) -> DateMatch | None:
    """The date with the time, zone and label beside it."""
    time: Time | None = None
    if date.precision == "day":
        time = (
            read_time_within(date, words)
            if date.time
            else find_time_after(text, date.end, words) or find_time_before(text, date.start, behind, words)
        )
    start, end = date.start, date.end
    if time:
        start, end = min(start, time.start), max(end, time.end)
    label = read_label(text[behind:start], words) or read_label_after(text, end, words)
    if date.short and not (time or label or _is_alone(text, date, words)):
        return None
    day, ambiguous = date.date, False
    if date.swapped:
        day, ambiguous = _resolve_order(text, date, time, words, order)
    value, precision = day.isoformat(), date.precision
    if precision == "month":
        value = value[:7]
    elif precision == "year":
        value = value[:4]
    if time:
        value += f"T{time.hour:02}:{time.minute:02}"
        precision = "minute"
        if time.second is not None:
            value += f":{time.second:02}"
            precision = "second"
        if time.offset:
            value += compute_offset(time, day) or ""
    return DateMatch(Stamp(value, precision, line[start:end]), start, end, label, ambiguous)


def _is_alone(text: str, date: Date, words: DateLexicon) -> bool:
    """A short date stands alone in its part of the line, or behind a weekday."""
    head = text[max(0, date.start - 20) : date.start]
    if date.end - date.start < 8:  # 25.4.22 may be a chapter, unless nothing else is on the line
        return date.end - date.start == 7 and len(text.strip()) == 7
    last = WORD_PATTERN.findall(head)[-1:]
    if last and fold_word(last[0]) in words.weekdays and head.rstrip(" .,").endswith(last[0]):
        return True
    before = head.rstrip()
    return (not before or before[-1] in "|•·–—―") and bool(PART_END.match(text, date.end))


def _resolve_order(
    text: str, date: Date, time: Time | None, words: DateLexicon, order: Order | None
) -> tuple[datetime.date, bool]:
    """Which reading of 03/04/2022 is meant, and whether that is only habit.

    The weekday beside it decides; then what the caller knows; then, in English, a North American zone, or a 12-hour
    clock without any zone (British pages write 24 hours or name GMT, BST); then the order of the language."""
    chosen, other = date.date, date.swapped or date.date
    ahead, after = text[max(0, date.start - 20) : date.start], text[date.end : date.end + 16]
    around = WORD_PATTERN.findall(ahead)[-1:] + WORD_PATTERN.findall(after)[:1]
    for word in around:
        weekday = words.weekdays.get(fold_word(word))
        if weekday is not None and (chosen.weekday() == weekday) != (other.weekday() == weekday):
            return (chosen if chosen.weekday() == weekday else other), False
    if order:
        return chosen, False
    if not words.mixed_order:
        return chosen, False
    if time and time.zone in words.american:
        return other, False  # the order of the table is day first, so the other reading is the American
    if time and time.twelve and not time.offset:
        return other, True
    return chosen, True

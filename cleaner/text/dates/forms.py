"""The ways to write a day, one function for each.

Everything is anchored at a run of digits, and repeats are short or possessive: the time is linear in the line.
Which forms are tried at a number depends on how many digits it has (`_FORMS`); the first that reads a day decides.
"""

import datetime
import re
from collections.abc import Callable
from typing import NamedTuple

from cleaner.text.dates.calendars import (
    FIRST_COMMON_YEAR,
    FIRST_YEAR,
    LAST_YEAR,
    build_day,
    convert_day,
    convert_jalali,
    expand_buddhist_year,
    expand_year,
)
from cleaner.text.dates.labels import read_label
from cleaner.text.dates.months import find_month, find_month_before
from cleaner.text.dates.stamp import Precision
from cleaner.text.dates.words import WORD, DateLexicon, fold_word
from cleaner.text.languages.model import Calendar, Order


class Number(NamedTuple):
    """A run of digits in a line, and all that a form asks for."""

    text: str
    start: int
    end: int
    behind: int
    """Where the date before ended."""
    words: DateLexicon
    order: Order
    """How 03/04/2022 is meant."""

    def is_inside(self) -> bool:
        """Whether a sign glues the number to another one, or to a path, before it."""
        return _GLUE.fullmatch(self.text, max(self.behind, self.start - 2), self.start) is not None


class DayMatch(NamedTuple):
    """A day within the text, before its time is looked for."""

    day: datetime.date
    start: int
    end: int
    precision: Precision = "day"
    swapped: datetime.date | None = None
    """The other reading of 03/04/2022."""
    short: bool = False
    """Whether the year has two digits: something beside it must say that this is a date."""
    time: re.Match[str] | None = None
    """The match of a form that holds a time, too."""


PART_END = re.compile(r"\s*(?:$|[|•·–—―/,;)\]])")
"""The end of a line or of a part of it."""

_GLUE = re.compile(r".?/|\d[-.]", re.DOTALL)
"""A slash, or a dash or point behind a digit; a dash behind a word parts a date from it: "Madrid-29/05/2022"."""

_LONG_NUMBER = re.compile(r"\d{6}.", re.DOTALL)
"""What stands behind the four digits of a number that is no year with a counter stuck to it."""

_MAX_LABEL_CHARS = 40
"""Characters before a year that stands alone behind a label: a longer text is a sentence."""

_MIN_SMALL_MONTH_CHARS = 4
"""The shortest month that is believed before a year when written small: "mar 2022", "set 2022" may be running text."""

_FIRST_GREEK_CHAR = "\u0370"
"""In Latin letters, before it, short words of running text are like short months."""

_ERA_CHARS = 2
"""Characters of an era's name: 令和."""

_ORDINAL = r"(?:(?:st|nd|rd|th|er|re|ère|º|ª|°|-?го|-?е|-?ше|-?me|:e|:a|η|ης)(?![^\W\d_]))?\.?"
"""The ending of a day's number in many languages: "27th", "1er", "27-го"."""

_YEAR_FIRST = re.compile(
    rf"""(?P<y>\d{{4}})(?:(?:\(e\)|e)?ko(?=\s))?(?:
      \s?(?P<sign>[-./])\s?(?P<m>\d{{1,2}})\s?(?P=sign)\s?(?P<d>\d{{1,2}})(?!\d)
    | \s?[年년]도?\s?(?P<cm>\d{{1,2}})\s?[月월](?:\s?(?P<cd>\d{{1,2}})\s?[日일號号])?
    | [\s.,\-/]{{1,3}}+(?P<name>{WORD}(?:[\s./]{{1,3}}+{WORD})?)[\s.,\-/]{{1,3}}+(?P<nd>\d{{1,2}})(?!\d)
      (?:[\s.]{{1,2}}+(?P<last>{WORD}))?
    )""",
    re.VERBOSE,
)
"""The year first, then one of three: numbers with one sign between, Chinese words, or the name of the month.

Basque ties an ending to the year (2022ko). `last` is the month behind the day, as in Latvian (2022. gada 27. janvāris).
"""

_PATH_CONTINUATION = re.compile(r"/|-\w")
"""What shows that 2022/01/27 is a part of an address."""

_DAY_FIRST_NUMERIC = re.compile(
    r"(?P<a>\d{1,2})\s?(?P<sign>[-./])\s?(?P<b>\d{1,2})\s?(?P=sign)\s?"
    r"(?:(?P<y>\d{4})(?=\D|$|\d?\d[./]\d?\d[./][12]\d\d\d)|(?P<yy>\d\d)(?!\d))(?!(?P=sign)\d)"
)
"""The last look-ahead refuses an address or a version: 10.12.20.1."""
_DAY_FIRST_NAMED = re.compile(
    rf"""(?P<d>\d{{1,2}}){_ORDINAL}[\s.,\-/–]{{0,3}}+
    (?P<name>{WORD}(?:[\s./\-'’]{{1,3}}+{WORD}){{0,3}}?)
    (?:[\s.,\-/'’]{{0,3}}+(?P<y>[12]\d{{3}})|(?P<cut>-|\.?\s?['’]|\.?\s)(?P<yy>\d\d)(?!\d|[.:]\d))""",
    re.VERBOSE,
)
"""Up to four words are the month's name; which of them are is seen later. `cut` stands before a year of two digits."""

_MAIL_CLOCK = re.compile(r"\s\d\d:\d\d(?::\d\d)?\s(?:[+-]\d{4}|UTC?|GMT|[ECMP][SD]T)(?!\w)")
"""The time and zone of a mail's header, before which a year may have two digits: Mon, 04 Mar 24 10:15:30 GMT."""

_DAY_FIRST_NUMBERED = re.compile(
    r"(?P<d>\d{1,2})\s+(?:[Tt](?:háng|hg|h)\.?\s*(?P<m>\d{1,2})|(?P<em>\d{1,2})\s?[月월])"
    r"[\s,/\-]{1,3}+(?:[Nn]ăm\s+)?(?P<y>[12]\d{3})(?!\d)"
)
"""27 tháng 11, 2022, 27 thg 11 2022, 27 1月, 2022: the month is a number, too; read before the named forms, where 11
could be a short year."""
_MONTH_NUMBER_FIRST = re.compile(
    r"(?P<m>\d{1,2})(?:\s?[月월]|(?<=[Tt]háng \d)|(?<=[Tt]háng \d\d))\s(?P<d>\d{1,2}),?\s(?P<y>[12]\d{3})(?!\d)"
)
"""1月 27, 2022; Tháng 1 27, 2022: words of the language in the American order, as some themes of blogs put them."""
_MONTH_FIRST = re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:[\s,.]{1,3}+(?:del?\s)?|[/-])(?P<y>[12]\d{3})")
_UNIX_DATE = re.compile(
    r"(?P<d>\d{1,2})\s(?P<h>\d\d):(?P<min>\d\d):(?P<s>\d\d)\s(?:(?P<zone>[A-Z]{2,5}|[+-]\d{4})\s)?(?P<y>[12]\d{3})(?!\d)"
)
"""Thu Jan 27 17:03:00 IST 2022."""
_ERA_DATE = re.compile(r"(?P<y>\d{1,3})年\s?(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})日")
_COMPACT_DATE = re.compile(
    r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)T(?P<h>\d\d)(?P<min>\d\d)(?P<s>\d\d)?(?P<zone>Z|[+-]\d{4})?(?!\w)"
)
"""20220127T170300Z."""


def read_day_at(number: Number) -> DayMatch | None:
    """The day that begins with (or has its day or year at) this run of digits."""
    for form in _FORMS.get(number.end - number.start, ()):
        if day := form(number):
            return day
    return None


def _make_day(
    day: datetime.date | None,
    match: re.Match[str],
    precision: Precision = "day",
    *,
    start: int | None = None,
    short: bool = False,
    time: re.Match[str] | None = None,
) -> DayMatch | None:
    """A day where a form matched, or from `start` on; None where the numbers are no day."""
    begin = match.start() if start is None else start
    return DayMatch(day, begin, match.end(), precision, short=short, time=time) if day else None


def _read_year_first(number: Number) -> DayMatch | None:
    """2022-01-27, 2022年1月27日, 2022. január 27: which it is shows by the group that matched last."""
    match = _YEAR_FIRST.match(number.text, number.start)
    return _YEAR_FIRST_FORMS[str(match.lastgroup)](number, match) if match else None


def _read_numbers_after_year(number: Number, match: re.Match[str]) -> DayMatch | None:
    """2022-01-27, but not in a path or a longer number."""
    if number.is_inside() or _PATH_CONTINUATION.match(number.text, match.end()):
        return None
    year, month, day = map(int, match.group("y", "m", "d"))
    return _make_day(convert_day(year, month, day, number.words.year_first_calendar), match)


def _read_chinese_day(_number: Number, match: re.Match[str]) -> DayMatch | None:
    """2022年1月27日, 2022년 1월 27일."""
    return _make_day(build_day(*map(int, match.group("y", "cm", "cd"))), match)


def _read_chinese_month(_number: Number, match: re.Match[str]) -> DayMatch | None:
    """2022年1月."""
    return _make_day(build_day(int(match["y"]), int(match["cm"]), 1), match, "month")


def _read_name_after_year(number: Number, match: re.Match[str]) -> DayMatch | None:
    """2022. január 27., and 2022. gada 27. janvāris, where the word behind the year is none but "of the year"."""
    words, name, end = number.words, match["name"], match.end("nd")
    if match["last"] and fold_word(name) in words.between:
        name, end = match["last"], match.end()
    day = build_day(int(match["y"]), find_month(name, words) or 0, int(match["nd"]))
    return DayMatch(day, match.start(), end) if day else None


_YEAR_FIRST_FORMS: dict[str, Callable[[Number, re.Match[str]], DayMatch | None]] = {
    "d": _read_numbers_after_year,
    "cd": _read_chinese_day,
    "cm": _read_chinese_month,
    "nd": _read_name_after_year,
    "last": _read_name_after_year,
}
"""The last group of `_YEAR_FIRST` that matched to the form that it belongs to."""


def _read_numeric(number: Number) -> DayMatch | None:
    """27.01.2022, 27/01/2022, 01/27/2022; a day that could be read both ways keeps the other reading."""
    match = _DAY_FIRST_NUMERIC.match(number.text, number.start)
    if match is None or number.is_inside():
        return None
    if match["yy"]:
        return _read_short_numeric(match, number.order)
    a, b, year = map(int, match.group("a", "b", "y"))
    calendar = number.words.calendar
    first, second = convert_day(year, b, a, calendar), convert_day(year, a, b, calendar)
    is_firm = year < FIRST_COMMON_YEAR or (match["sign"] == "." and first)
    return _choose_reading(match, first, None if is_firm else second, number.order)


def _read_short_numeric(match: re.Match[str], order: Order) -> DayMatch | None:
    """27.01.22, and 22.01.27 where the year is written first."""
    a, b, c = map(int, match.group("a", "b", "yy"))
    if order == "YMD" and len(match["a"]) == len(match["yy"]):
        return _make_day(build_day(expand_year(a), b, c), match, short=True)
    year = expand_year(c)
    second = None if match["sign"] == "." else build_day(year, a, b)
    return _choose_reading(match, build_day(year, b, a), second, order, short=True)


def _choose_reading(
    match: re.Match[str],
    first: datetime.date | None,
    second: datetime.date | None,
    order: Order,
    *,
    short: bool = False,
) -> DayMatch | None:
    """Of two readings of one date, day first and month first, the one of the order; the other is kept beside it."""
    readings = (second, first) if order == "MDY" else (first, second)
    day, swapped, *_ = *dict.fromkeys(filter(None, readings)), None, None
    return DayMatch(day, *match.span(), swapped=swapped, short=short) if day else None


def _read_named(number: Number) -> DayMatch | None:
    """27 January 2022, 27 de enero de 2022, 27. Januar 2022, 27-Jan-22, 27 ม.ค. 2565."""
    text, words = number.text, number.words
    match = _DAY_FIRST_NAMED.match(text, number.start)
    if match is None:
        return None
    key = fold_word(match["name"])
    month = words.months.get(key) or find_month(match["name"], words) or 0
    is_thai = key in words.buddhist or not words.buddhist.isdisjoint(key.split())
    calendar: Calendar = "buddhist" if is_thai else "gregorian"
    day = int(match["d"])
    if match["yy"]:
        return _read_short_named(match, day, month, calendar)
    if _LONG_NUMBER.match(text, match.end()):
        return None
    year = int(match["y"])
    if key in words.jalali and year < FIRST_COMMON_YEAR:
        return _make_day(convert_jalali(year, words.jalali[key], day), match)
    return _make_day(convert_day(year, month, day, calendar), match)


def _read_short_named(match: re.Match[str], day: int, month: int, calendar: Calendar) -> DayMatch | None:
    """27-Jan-22, 27 Jan '22, 27 ม.ค. 65; "27 January 22" may go on in any way."""
    is_thai = calendar == "buddhist"
    is_cut = match["cut"].strip(". ") or _MAIL_CLOCK.match(match.string, match.end())
    if not is_thai and not is_cut:
        return None
    year = (expand_buddhist_year if is_thai else expand_year)(int(match["yy"]))
    return _make_day(build_day(year, month, day), match)


def _read_numbered(number: Number) -> DayMatch | None:
    """27 tháng 1 năm 2022, 27 1月, 2022; 1月 27, 2022."""
    text, start = number.text, number.start
    match = _DAY_FIRST_NUMBERED.match(text, start) or _MONTH_NUMBER_FIRST.match(text, start)
    if match is None:
        return None
    month = int(match["m"] or match["em"])
    return _make_day(build_day(int(match["y"]), month, int(match["d"])), match)


def _read_month_first(number: Number) -> DayMatch | None:
    """January 27, 2022; Jan/27/2022; enero 27 de 2022; Thu Jan 27 17:03:00 IST 2022."""
    text, start, words = number.text, number.start, number.words
    match = _MONTH_FIRST.match(text, start) or _UNIX_DATE.match(text, start)
    if match is None:
        return None
    is_iranian = int(match["y"]) < FIRST_COMMON_YEAR
    named = find_month_before(text, start, number.behind, words, words.jalali if is_iranian else words.months)
    if named is None or _LONG_NUMBER.match(text, match.end()):
        return None
    month, name_start = named
    calendar: Calendar = "jalali" if is_iranian else "buddhist" if words.calendar == "buddhist" else "gregorian"
    day = convert_day(int(match["y"]), month, int(match["d"]), calendar)
    return _make_day(day, match, start=name_start, time=match if match.re is _UNIX_DATE else None)


def _read_month_and_year(number: Number) -> DayMatch | None:
    """January 2022; or 2022 alone behind a label."""
    text, start, end, behind, words = number.text, number.start, number.end, number.behind, number.words
    year = int(text[start:end])
    if not FIRST_YEAR <= year <= LAST_YEAR or text[end : end + 1].isalpha():
        return None
    named = find_month_before(text, start, behind, words, words.months)
    if named is None:
        is_labelled = PART_END.match(text, end) and _is_label(text[behind:start], words)
        return DayMatch(datetime.date(year, 1, 1), start, end, "year") if is_labelled else None
    month, name_start = named
    is_behind_day = text[behind:name_start].rstrip(" .")[-1:].isdigit()
    if is_behind_day or _is_running_text(text[name_start:start].rstrip()):
        return None
    return DayMatch(datetime.date(year, month, 1), name_start, end, "month")


def _is_running_text(name: str) -> bool:
    """Whether a month's name may be another word: "mar 2022", "set 2022"."""
    return name[0].islower() and len(name) < _MIN_SMALL_MONTH_CHARS and name[0] < _FIRST_GREEK_CHAR


def _is_label(head: str, words: DateLexicon) -> bool:
    """Whether a text is hardly more than a label, with or without its colon."""
    return len(head) < _MAX_LABEL_CHARS and all(read_label(form, words) for form in (head, head.rstrip(" :")))


def _read_era_date(number: Number) -> DayMatch | None:
    """令和4年1月27日, 民國111年1月27日."""
    start = max(0, number.start - _ERA_CHARS)
    before = number.words.eras.get(number.text[start : number.start])
    match = _ERA_DATE.match(number.text, number.start)
    if before is None or match is None:
        return None
    year, month, day = map(int, match.group("y", "m", "d"))
    return _make_day(build_day(before + year, month, day), match, start=start)


def _read_compact(number: Number) -> DayMatch | None:
    """20220127T170300Z."""
    match = _COMPACT_DATE.match(number.text, number.start)
    if match is None or number.is_inside():
        return None
    return _make_day(build_day(*map(int, match.group("y", "m", "d"))), match, time=match)


_DAY_FORMS = (_read_numeric, _read_numbered, _read_named, _read_month_first, _read_era_date)

_FORMS: dict[int, tuple[Callable[[Number], DayMatch | None], ...]] = {
    1: _DAY_FORMS,
    2: _DAY_FORMS,
    3: (_read_era_date,),
    4: (_read_year_first, _read_month_and_year),
    8: (_read_compact,),
}
"""Digits of a number to the forms that may begin with it, in the order in which they are tried."""

"""The ways to write a day: one function for each, all of them anchored at a run of digits."""

import datetime
import re
from typing import NamedTuple

from cleaner.text.dates.calendars import (
    FIRST_YEAR,
    LAST_YEAR,
    build_day,
    convert_jalali,
    convert_thai_year,
    expand_year,
)
from cleaner.text.dates.labels import read_label
from cleaner.text.dates.months import find_month, find_month_before
from cleaner.text.dates.stamp import Precision
from cleaner.text.dates.words import WORD, DateLexicon, fold_word
from cleaner.text.languages.model import Order

_ORDINAL = r"(?:(?:st|nd|rd|th|er|re|ère|º|ª|°|-?го|-?е|-?ше|-?me|:e|:a|η|ης)(?![^\W\d_]))?\.?"

_YEAR_FIRST = re.compile(
    rf"""(?P<y>\d{{4}})(?:
      \s?(?P<s1>[-./])\s?(?P<m>\d{{1,2}})\s?(?P<s2>[-./])\s?(?P<d>\d{{1,2}})(?!\d)
    | \s?[年년]도?\s?(?P<cm>\d{{1,2}})\s?[月월](?:\s?(?P<cd>\d{{1,2}})\s?[日일號号])?
    | [\s.,\-/]{{1,3}}+(?P<name>{WORD}(?:[\s/]{{1,3}}+{WORD})?)[\s.,\-/]{{1,3}}+(?P<nd>\d{{1,2}})(?!\d)
    )""",
    re.VERBOSE,
)

_DAY_FIRST_NUMERIC = re.compile(
    r"(?P<a>\d{1,2})\s?(?P<s1>[-./])\s?(?P<b>\d{1,2})\s?(?P<s2>[-./])\s?"
    r"(?:(?P<y>\d{4})(?=\D|$|\d?\d[./]\d?\d[./][12]\d\d\d)|(?P<yy>\d\d)(?!\d))"
)

_DAY_FIRST_NAMED = re.compile(
    rf"""(?P<d>\d{{1,2}}){_ORDINAL}[\s.,\-/–]{{0,3}}+
    (?P<name>{WORD}(?:[\s./\-'’]{{1,3}}+{WORD}){{0,3}}?)
    (?:[\s.,\-/'’]{{0,3}}+(?P<y>[12]\d{{3}})|(?P<cut>-|\.?\s?['’]|\.?\s)(?P<yy>\d\d)(?!\d|[.:]\d))""",
    re.VERBOSE,
)

_DAY_FIRST_VIETNAMESE = re.compile(
    r"(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})[\s,/\-]{1,3}+(?:năm\s+)?(?P<y>[12]\d{3})(?!\d)"
)

_MONTH_FIRST = re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s,.]{1,3}+(?P<y>[12]\d{3})")

_UNIX_DATE = re.compile(  # Thu Jan 27 17:03:00 IST 2022
    r"(?P<d>\d{1,2})\s(?P<h>\d\d):(?P<min>\d\d):(?P<s>\d\d)\s(?:(?P<zone>[A-Z]{2,5}|[+-]\d{4})\s)?(?P<y>[12]\d{3})(?!\d)"
)

_ERA_DATE = re.compile(r"(?P<y>\d{1,3})年\s?(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})日")

_COMPACT_TIME = re.compile(r"T(?P<h>\d\d)(?P<min>\d\d)(?P<s>\d\d)?(?P<zone>Z|[+-]\d{4})?(?!\w)")  # 20220127T170300Z

_PATH_CONTINUATION = re.compile(r"/|-\w")

PART_END = re.compile(r"\s*(?:$|[|•·–—―/,;)\]])")


class Date(NamedTuple):
    """A date within the text, before its time is looked for. `day` is 0 where only the month is said."""

    date: datetime.date
    start: int
    end: int
    precision: Precision = "day"
    swapped: datetime.date | None = None  # the other reading of 03/04/2022
    short: bool = False  # two-digit year: wants something beside it that says date
    time: re.Match[str] | None = None


def _build_date(
    date: datetime.date | None,
    start: int,
    end: int,
    precision: Precision = "day",
    *,
    short: bool = False,
    time: re.Match[str] | None = None,
) -> Date | None:
    return Date(date, start, end, precision, short=short, time=time) if date else None


def read_date_at(text: str, number: re.Match[str], behind: int, words: DateLexicon, order: Order | None) -> Date | None:
    """The date that begins with (or has its day or year at) this run of digits."""
    start, end = number.span()
    size = end - start
    before = text[start - 1] if start > behind else " "
    if before in "-." and not (start - 1 > behind and text[start - 2].isdigit()):
        before = " "  # "Madrid-29/05/2022": a dash, not part of a number
    if size == 4:
        return _read_year_first(text, start, before, behind, words) or _read_month_and_year(
            text, start, end, behind, words
        )
    if size <= 2:
        return (
            _read_numeric(text, start, before, words, order)
            or _read_named(text, start, before, words)
            or _read_month_first(text, start, behind, words)
            or _read_era_date(text, start, words)
        )
    if size == 3:
        return _read_era_date(text, start, words)
    if size == 8 and before not in "/-." and (time := _COMPACT_TIME.match(text, end)):
        date = build_day(int(text[start : start + 4]), int(text[start + 4 : start + 6]), int(text[start + 6 : end]))
        return _build_date(date, start, time.end(), time=time)
    return None


def _read_year_first(text: str, start: int, before: str, behind: int, words: DateLexicon) -> Date | None:
    match = _YEAR_FIRST.match(text, start)
    if match is None:
        return None
    year = int(match["y"])
    if match["m"]:
        if match["s1"] != match["s2"] or before in "/-." or _PATH_CONTINUATION.match(text, match.end()):
            return None  # parts of a path or of a longer number
        month, day = int(match["m"]), int(match["d"])
        if year < 1500:
            jalali = convert_jalali(year, month, day) if (words.calendar == "jalali" or not words.language) else None
            return _build_date(jalali, start, match.end())
        date = build_day(convert_thai_year(year, words.calendar == "buddhist"), month, day)
        return _build_date(date, start, match.end())
    if match["cm"]:
        date = build_day(year, int(match["cm"]), int(match["cd"] or 1))
        return _build_date(date, start, match.end(), "day" if match["cd"] else "month")
    month_name = find_month(match["name"], words)
    date = build_day(year, month_name, int(match["nd"])) if month_name else None
    return _build_date(date, start, match.end())


def _read_numeric(text: str, start: int, before: str, words: DateLexicon, order: Order | None) -> Date | None:
    match = _DAY_FIRST_NUMERIC.match(text, start)
    if match is None or before in "/-." or match["s1"] != match["s2"]:
        return None
    end = match.end()
    if text[end : end + 1] == match["s1"] and text[end + 1 : end + 2].isdigit():
        return None  # an address or a version: 10.12.20.1
    a, b, sign = int(match["a"]), int(match["b"]), match["s1"]
    if match["yy"]:
        return _read_short_numeric(match, words, order)
    year = int(match["y"])
    if year < 1500 and words.calendar == "jalali":
        jalali = convert_jalali(year, b, a)
        return _build_date(jalali, start, end)
    year = convert_thai_year(year, words.calendar == "buddhist")
    first, second = build_day(year, b, a), build_day(year, a, b)  # day first, month first
    if sign == "." and first:
        return Date(first, start, end)
    if first and second and a != b:
        month_first = (order or words.order) == "MDY"
        return Date(second, start, end, swapped=first) if month_first else Date(first, start, end, swapped=second)
    date = first or second
    return _build_date(date, start, end)


def _read_short_numeric(match: re.Match[str], words: DateLexicon, order: Order | None) -> Date | None:
    """27.01.22, and 22.01.27 where the year is written first."""
    a, b, c = int(match["a"]), int(match["b"]), int(match["yy"])
    if (order or words.order) == "YMD" and len(match["a"]) == 2:
        year = expand_year(a)
        date = build_day(year, b, c) if year else None
        return _build_date(date, match.start(), match.end(), short=True)
    year = expand_year(c)
    if year is None:
        return None
    first, second = build_day(year, b, a), build_day(year, a, b)
    if match["s1"] == ".":
        return _build_date(first, match.start(), match.end(), short=True)
    if first and second and a != b:
        chosen, other = (second, first) if (order or words.order) == "MDY" else (first, second)
        return Date(chosen, match.start(), match.end(), swapped=other, short=True)
    date = first or second
    return _build_date(date, match.start(), match.end(), short=True)


def _read_named(text: str, start: int, before: str, words: DateLexicon) -> Date | None:
    """27 January 2022, 27 de enero de 2022, 27. Januar 2022, 27-Jan-22, 27 tháng 1 năm 2022, 27 ม.ค. 2565."""
    match = _DAY_FIRST_NAMED.match(text, start)
    if match is None:
        match = _DAY_FIRST_VIETNAMESE.match(text, start)
        date = build_day(int(match["y"]), int(match["m"]), int(match["d"])) if match else None
        return Date(date, start, match.end()) if match and date else None
    key = fold_word(match["name"])
    month = words.months.get(key) or find_month(match["name"], words)
    thai = key in words.buddhist
    day = int(match["d"])
    if match["yy"]:
        return _read_short_named(match, day, month, thai)
    if text[match.end() : match.end() + 6].isdigit() and len(text) > match.end() + 6:
        return None  # a long number, not a year with a counter stuck to it
    year = int(match["y"])
    jalali_month = words.jalali.get(key)
    if jalali_month and year < 1500:
        jalali = convert_jalali(year, jalali_month, day)
        return _build_date(jalali, start, match.end())
    if not month:
        return None
    date = build_day(convert_thai_year(year, thai), month, day)
    return _build_date(date, start, match.end())


def _read_short_named(match: re.Match[str], day: int, month: int | None, thai: bool) -> Date | None:
    """27-Jan-22, 27 Jan '22, 27 ม.ค. 65; "27 January 22" may go on in any way."""
    if not month or (match["cut"].strip(". ") == "" and not thai):
        return None
    two = int(match["yy"])
    year = 1957 + two if thai and two >= 43 else expand_year(two)
    date = build_day(year, month, day) if year else None
    return _build_date(date, match.start(), match.end())


def _read_month_first(text: str, start: int, behind: int, words: DateLexicon) -> Date | None:
    """January 27, 2022; Thu Jan 27 17:03:00 IST 2022."""
    match = _MONTH_FIRST.match(text, start) or _UNIX_DATE.match(text, start)
    named = find_month_before(text, start, behind, words) if match else None
    if match is None or named is None:
        return None
    if text[match.end() : match.end() + 6].isdigit() and len(text) > match.end() + 6:
        return None
    month, name_start = named
    date = build_day(convert_thai_year(int(match["y"]), words.calendar == "buddhist"), month, int(match["d"]))
    return _build_date(date, name_start, match.end(), time=match if match.re is _UNIX_DATE else None)


def _read_month_and_year(text: str, start: int, end: int, behind: int, words: DateLexicon) -> Date | None:
    """January 2022; or 2022 alone behind a label."""
    year = int(text[start:end])
    if not FIRST_YEAR <= year <= LAST_YEAR or text[end : end + 1].isalpha():
        return None
    named = find_month_before(text, start, behind, words)
    if named:
        month, name_start = named
        if text[behind:name_start].rstrip(" .")[-1:].isdigit():
            return None  # "29 February 2021": a day that is none
        name = text[name_start:start].rstrip()
        if name[0].islower() and len(name) < 4 and name[0] < "\u0370":
            return None  # "mar 2022", "set 2022" in running text
        date = build_day(year, month, 1)
        return _build_date(date, name_start, end, "month")
    head = text[behind:start]
    if (
        PART_END.match(text, end)
        and len(head) < 40
        and read_label(head, words)
        and read_label(head.rstrip(" :"), words)
    ):
        return Date(datetime.date(year, 1, 1), start, end, "year")
    return None


def _read_era_date(text: str, start: int, words: DateLexicon) -> Date | None:
    """令和4年1月27日, 民國111年1月27日."""
    if start < 2 or (add := words.eras.get(text[start - 2 : start])) is None:
        return None
    match = _ERA_DATE.match(text, start)
    date = build_day(add + int(match["y"]), int(match["m"]), int(match["d"])) if match else None
    return Date(date, start - 2, match.end()) if match and date else None

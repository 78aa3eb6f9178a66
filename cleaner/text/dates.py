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
import unicodedata
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
import tomli

Precision = Literal["year", "month", "day", "minute", "second"]
Order = Literal["DMY", "MDY", "YMD"]
Label = Literal["published", "modified"]

FIRST_YEAR, LAST_YEAR = 1900, 2100
MAX_LINE_CHARS = 300  # a longer line is prose: its head is enough
LINE_CACHE_SIZE = 256  # lines whose dates are remembered: a document is asked for the same date several times


class Stamp(msgspec.Struct, frozen=True):
    """A moment. `value` is ISO 8601 at its own `precision`; `raw` is what the line says."""

    value: str
    precision: Precision
    raw: str


class DateMatch(msgspec.Struct, frozen=True):
    """A stamp, its place in the line (`line[start:end]` is `stamp.raw`), and what the words beside it call it.

    `ambiguous`: day and month could be the other way round, and only the habit of the language decided."""

    stamp: Stamp
    start: int
    end: int
    label: Label | None = None
    ambiguous: bool = False


def find_dates(line: str, language: str | None = None, *, order: Order | None = None) -> list[DateMatch]:
    """Every date in `line` (its first 300 characters), in order.

    `language` is a code of `dates.toml` ("de"); without it the months of all languages are tried. `order` settles
    03/04/2022 where the caller knows more, for instance from `detect_numeric_order` over the whole page; else a zone, a
    12-hour clock or a weekday in the line decides, and after them the language's own order.
    """
    return list(_find_cached(line, language, order))


@functools.lru_cache(LINE_CACHE_SIZE)
def _find_cached(line: str, language: str | None, order: Order | None) -> tuple[DateMatch, ...]:
    digit = _DIGIT.search(line)
    if digit is None:
        return ()
    text, start = line[:MAX_LINE_CHARS], digit.start()
    if not text.isascii():
        text, start = _normalize_signs(text), 0  # a sign that is no digit may have become one
    if not _YEAR.search(text, start) and not _SHORT_DATE.search(text, start):
        return ()
    return tuple(_scan_line(line, text, _load_lexicon(language), order))


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

_NON_WORD_CHARS = (  # what no word holds
    r"\s\d!-/:-@\[-`{-~\u00a0-\u00bf\u2000-\u200b\u200e-\u206f\u060c\u061b\u06d4\u0964"
    r"\u3000-\u303f\uff00-\uff0f\uff1a-\uff20"
)
_WORD = rf"[^{_NON_WORD_CHARS}]{{1,20}}+"  # not \w: vowel signs of Hindi and Thai are letters of a word, too
_GAP = r"[\s,;:.|/•·@–—―\-()（）\[\]、~]{0,8}+"
_ORDINAL = r"(?:(?:st|nd|rd|th|er|re|ère|º|ª|°|-?го|-?е|-?ше|-?me|:e|:a|η|ης)(?![^\W\d_]))?\.?"

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"[12]\d\d\d")
# dates without a four-digit year: 27.01.22, 27-Jan-22, 27 Jan '22, Thai, eras
_SHORT_DATE = re.compile(
    r"\d{1,3}+(?:\s?[./-]\s?\d\d?\s?[./-]\s?\d\d|-[^\W\d]{3,9}+-\d\d|\.?\s[^\W\d]{3,9}+\.?\s['’]\d\d|\s?[ก-ฮ]|年)"
)
_SLASHED_DATE = re.compile(r"(?<![\d/.-])(\d{1,2})([/-])(\d{1,2})\2(?:19|20)\d\d(?![\d/-])")

_YEAR_FIRST = re.compile(
    rf"""(?P<y>\d{{4}})(?:
      \s?(?P<s1>[-./])\s?(?P<m>\d{{1,2}})\s?(?P<s2>[-./])\s?(?P<d>\d{{1,2}})(?!\d)
    | \s?[年년]도?\s?(?P<cm>\d{{1,2}})\s?[月월](?:\s?(?P<cd>\d{{1,2}})\s?[日일號号])?
    | [\s.,\-/]{{1,3}}+(?P<name>{_WORD}(?:[\s/]{{1,3}}+{_WORD})?)[\s.,\-/]{{1,3}}+(?P<nd>\d{{1,2}})(?!\d)
    )""",
    re.VERBOSE,
)
_DAY_FIRST_NUMERIC = re.compile(
    r"(?P<a>\d{1,2})\s?(?P<s1>[-./])\s?(?P<b>\d{1,2})\s?(?P<s2>[-./])\s?"
    r"(?:(?P<y>\d{4})(?=\D|$|\d?\d[./]\d?\d[./][12]\d\d\d)|(?P<yy>\d\d)(?!\d))"
)
_DAY_FIRST_NAMED = re.compile(
    rf"""(?P<d>\d{{1,2}}){_ORDINAL}[\s.,\-/–]{{0,3}}+
    (?P<name>{_WORD}(?:[\s./\-'’]{{1,3}}+{_WORD}){{0,3}}?)
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

_WORD_PATTERN = re.compile(_WORD)
_GAP_ONLY = re.compile(_GAP)
_NOT_GAP = re.compile(r"[^\w\s,;:.|/•·@–—―\-()\[\]\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e]")
_LAST_CAPITAL = re.compile(r"[^\W\d_a-z][^A-Z\W]*$")  # "March" of "TimesMarch"
_MONTH_JOINTS = re.compile(r"[\s./\-'’]+")
_LABEL_TAIL = re.compile(r"[日時时间間期于於在자시각]{0,4}\s?[\s:：|/]*$")
_SEPARATOR = re.compile(r"[|•·–—―/;,:(\[]|\s-\s|\d")
_DURATION_UNIT = re.compile(r"\s?(?:min|sec|sek|std|分钟|분 )", re.IGNORECASE)
_AMOUNT_UNIT = re.compile(r"\s?(?:[€$£¥%₹]|eur|euro|kr\b|chf|zł|pct|prozent|percent|km|kg|mio|mrd|mil)", re.IGNORECASE)
_PATH_CONTINUATION = re.compile(r"/|-\w")
_PART_END = re.compile(r"\s*(?:$|[|•·–—―/,;)\]])")

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


class _DateLexicon(NamedTuple):
    """The tables for one language over those of all: what `find_dates` looks words up in."""

    order: Order
    language: str
    months: Mapping[str, int]
    jalali: Mapping[str, int]
    thai: frozenset[str]
    weekdays: Mapping[str, int]
    between: frozenset[str]
    labels: Mapping[str, Label]
    openers: frozenset[str]
    by: frozenset[str]
    caseless: tuple[tuple[str, Label], ...]
    after: tuple[tuple[str, Label], ...]
    eras: Mapping[str, int]
    zones: Mapping[str, str]
    american: frozenset[str]
    halves: Mapping[str, int]
    clock: re.Pattern[str]
    phrase: re.Pattern[str]
    phrases: Mapping[str, str]


@functools.cache
def _load_table() -> dict[str, Any]:
    return tomli.loads(Path(__file__).with_name("dates.toml").read_text(encoding="utf-8"))


def _fold_word(word: str) -> str:
    """The form in which words are compared: case-folded (Turkish İ too), without points."""
    key = word.casefold().replace(".", "")
    return key if key.isascii() else key.replace("i\u0307", "i")


def _strip_accents(word: str) -> str:
    """Without accents, in the scripts where pages leave them out."""
    if not ("a" <= word[:1] <= "\u024f" or "\u0370" <= word[:1] <= "\u03ff"):
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _index_forms(rows: Iterable[str], first: int) -> dict[str, int]:
    """["januar|jan", ...] -> {"januar": 1, "jan": 1, ...}, with the forms without accents."""
    found = {_fold_word(form): number for number, row in enumerate(rows, first) for form in row.split("|") if form}
    return {_strip_accents(form): number for form, number in found.items()} | found


@functools.cache
def _merge_months() -> dict[str, int]:
    """The months of all languages; a name that means two months (listopad: Polish 11, Croatian 10) is left out."""
    merged: dict[str, set[int]] = {}
    for table in _load_table()["language"].values():
        for form, number in _index_forms(table.get("months", ()), 1).items():
            merged.setdefault(form, set()).add(number)
    return {form: numbers.pop() for form, numbers in merged.items() if len(numbers) == 1}


@functools.cache
def _build_shared_tables() -> dict[str, Any]:
    """What does not depend on the language, made once."""
    table = _load_table()
    labels: dict[str, Label] = {}
    between: set[str] = set()
    weekdays: set[str] = set()
    halves: dict[str, int] = {}
    for entry in table["language"].values():
        for kind in ("published", "modified"):
            labels.update({_fold_word(form): kind for form in entry[kind]})
        between.update(entry.get("words", ()))
        weekdays.update(part for form in _index_forms(entry["weekdays"], 0) for part in re.split(r"[\s-]+", form))
    for number, kind in enumerate(("am", "pm")):
        halves.update({_fold_word(form).replace(" ", ""): number for form in table["clock"][kind]})

    def either(forms: Iterable[str]) -> str:
        return "|".join(re.escape(form).replace(r"\ ", r"\s?") for form in sorted(forms, key=len, reverse=True))

    half = either([*table["clock"]["am"], *table["clock"]["pm"]])
    word_ends = r"(?:(?<=[a-z.])(?=[A-Z])|(?![^\W\d_]))"  # "6:03 pmNovember": no more lost blanks than these
    clock = rf"""(?P<h>\d{{1,2}})(?:
        \s?:\s?(?P<min>\d\d)(?!\d)(?:\s?[:.]\s?(?P<s>\d\d)(?!\d)(?:[.,]\d{{1,9}}+)?)?
      | \.(?P<dmin>\d\d)(?!\d)(?!\.\d)(?:[.:](?P<ds>\d\d)(?!\d))?
      | \s?(?:h|H|u|時|时|點|点|시|Uhr(?=\s?\d\d(?!\d|[.:]\d)))\s?
        (?:(?P<hmin>\d{{1,2}})(?![\d:.])\s?(?:min|m|分|분)?(?:\s?(?P<hs>\d{{1,2}})\s?(?:秒|초))?)?
      | (?=\s?(?i:{half}|Uhr){word_ends})
      )(?:\s?(?P<half>(?i:{half})){word_ends})?(?:\s?(?i:{either(table["clock"]["units"])})(?![^\W\d_]))?
      (?:(?P<zone>\s?\(?(?:(?:GMT|UTC|UT)\s?[+-]\s?(?P<zh>\d{{1,2}})(?::?(?P<zm>\d\d))?(?!\d)
        |(?P<sign>[+-])(?P<oh>\d\d):?(?P<om>\d\d)(?![\d:.])
        |(?P<zname>[A-Z]{{1,5}}|МСК|мск)(?![^\W\d_A-ZА-Я]|[A-Z]))\)?))?"""
    phrases = table["zone_phrases"]
    caseless = [(form, kind) for form, kind in labels.items() if form[-1] >= "\u0e00"]
    return {
        "labels": labels,
        "between": frozenset(_fold_word(word) for word in between | weekdays) | halves.keys(),
        "openers": frozenset(_fold_word(word) for word in table["labels"]["openers"]),
        "by": frozenset(table["labels"]["by"]),
        "caseless": tuple(caseless),
        "after": tuple(
            (form, kind)
            for kind in ("modified", "published")
            for form in sorted(table["labels"][f"{kind}_after"], key=len, reverse=True)
        ),
        "eras": table["eras"],
        "american": frozenset(table["north_america"]["zones"]),
        "halves": halves,
        "clock": re.compile(clock, re.VERBOSE),
        "phrase": re.compile(rf"\s?\(?({either(phrases)})(?![^\W\d_])\)?", re.IGNORECASE),
        "phrases": phrases,
        "jalali": _index_forms(table["jalali"]["months"], 1),
        "thai": frozenset(_index_forms(table["language"]["th"]["months"], 1)),
    }


@functools.lru_cache(maxsize=128)
def _load_lexicon(language: str | None) -> _DateLexicon:
    table = _load_table()
    own = table["language"].get(language or "", {})
    return _DateLexicon(
        order=own.get("order", "DMY"),
        language=language or "",
        months=_merge_months() | _index_forms(own.get("months", ()), 1),
        weekdays=_index_forms(own.get("weekdays", table["language"]["en"]["weekdays"]), 0),
        zones=table["zones"] | table["zones_in"].get(language or "", {}),
        **_build_shared_tables(),
    )


# ---------------------------------------------------------------- calendars


def _convert_jalali(year: int, month: int, day: int) -> datetime.date | None:
    """The day of the Iranian solar calendar; its 33-year leap rule is exact from 1178 to 1633."""
    if not 1278 <= year <= 1478 or not 1 <= month <= 12:
        return None
    leap = (25 * year + 11) % 33 < 8
    if not 1 <= day <= (31 if month <= 6 else 30 if month <= 11 or leap else 29):
        return None
    days = 365 * (year - 1278) + sum((25 * y + 11) % 33 < 8 for y in range(1278, year))
    days += 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1
    return datetime.date(1899, 3, 21) + datetime.timedelta(days=days)  # 1 Farvardin 1278


def _build_day(year: int, month: int, day: int) -> datetime.date | None:
    """The day, if there is such a day in the years that a newspaper writes of."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _expand_year(two: int) -> int | None:
    """The year that '22 or '98 means; the middle of the century is open."""
    return 2000 + two if two < 50 else 1900 + two if two >= 90 else None


# ---------------------------------------------------------------- scanning


class _Date(NamedTuple):
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
) -> _Date | None:
    return _Date(date, start, end, precision, short=short, time=time) if date else None


def _scan_line(line: str, text: str, words: _DateLexicon, order: Order | None) -> list[DateMatch]:
    found: list[DateMatch] = []
    position = 0  # where to look on
    behind = 0  # where the date before ended
    while number := _NUMBER.search(text, position):
        start, position = number.span()
        if not _YEAR.search(text, start, start + 48) and not _SHORT_DATE.match(text, start):
            continue  # no year near: most numbers of a line end here
        date = _read_date_at(text, number, behind, words, order)
        if date is None:
            continue
        one = _complete_date(line, text, date, behind, words, order)
        if one:
            found.append(one)
            position = behind = one.end
    return found


def _read_date_at(
    text: str, number: re.Match[str], behind: int, words: _DateLexicon, order: Order | None
) -> _Date | None:
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
        date = _build_day(int(text[start : start + 4]), int(text[start + 4 : start + 6]), int(text[start + 6 : end]))
        return _build_date(date, start, time.end(), time=time)
    return None


def _read_year_first(text: str, start: int, before: str, behind: int, words: _DateLexicon) -> _Date | None:
    match = _YEAR_FIRST.match(text, start)
    if match is None:
        return None
    year = int(match["y"])
    if match["m"]:
        if match["s1"] != match["s2"] or before in "/-." or _PATH_CONTINUATION.match(text, match.end()):
            return None  # parts of a path or of a longer number
        month, day = int(match["m"]), int(match["d"])
        if year < 1500:
            jalali = _convert_jalali(year, month, day) if words.language in ("fa", "") else None
            return _build_date(jalali, start, match.end())
        date = _build_day(_convert_thai_year(year, words.language == "th"), month, day)
        return _build_date(date, start, match.end())
    if match["cm"]:
        date = _build_day(year, int(match["cm"]), int(match["cd"] or 1))
        return _build_date(date, start, match.end(), "day" if match["cd"] else "month")
    month_name = _find_month(match["name"], words)
    date = _build_day(year, month_name, int(match["nd"])) if month_name else None
    return _build_date(date, start, match.end())


def _convert_thai_year(year: int, thai: bool) -> int:
    """The year of the common era; Thai pages count from the Buddha, 543 years more."""
    return year - 543 if thai and year > 2400 else year


def _read_numeric(text: str, start: int, before: str, words: _DateLexicon, order: Order | None) -> _Date | None:
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
    if year < 1500 and words.language == "fa":
        jalali = _convert_jalali(year, b, a)
        return _build_date(jalali, start, end)
    year = _convert_thai_year(year, words.language == "th")
    first, second = _build_day(year, b, a), _build_day(year, a, b)  # day first, month first
    if sign == "." and first:
        return _Date(first, start, end)
    if first and second and a != b:
        month_first = (order or words.order) == "MDY"
        return _Date(second, start, end, swapped=first) if month_first else _Date(first, start, end, swapped=second)
    date = first or second
    return _build_date(date, start, end)


def _read_short_numeric(match: re.Match[str], words: _DateLexicon, order: Order | None) -> _Date | None:
    """27.01.22, and 22.01.27 where the year is written first."""
    a, b, c = int(match["a"]), int(match["b"]), int(match["yy"])
    if (order or words.order) == "YMD" and len(match["a"]) == 2:
        year = _expand_year(a)
        date = _build_day(year, b, c) if year else None
        return _build_date(date, match.start(), match.end(), short=True)
    year = _expand_year(c)
    if year is None:
        return None
    first, second = _build_day(year, b, a), _build_day(year, a, b)
    if match["s1"] == ".":
        return _build_date(first, match.start(), match.end(), short=True)
    if first and second and a != b:
        chosen, other = (second, first) if (order or words.order) == "MDY" else (first, second)
        return _Date(chosen, match.start(), match.end(), swapped=other, short=True)
    date = first or second
    return _build_date(date, match.start(), match.end(), short=True)


def _read_named(text: str, start: int, before: str, words: _DateLexicon) -> _Date | None:
    """27 January 2022, 27 de enero de 2022, 27. Januar 2022, 27-Jan-22, 27 tháng 1 năm 2022, 27 ม.ค. 2565."""
    match = _DAY_FIRST_NAMED.match(text, start)
    if match is None:
        match = _DAY_FIRST_VIETNAMESE.match(text, start)
        date = _build_day(int(match["y"]), int(match["m"]), int(match["d"])) if match else None
        return _Date(date, start, match.end()) if match and date else None
    key = _fold_word(match["name"])
    month = words.months.get(key) or _find_month(match["name"], words)
    thai = key in words.thai
    day = int(match["d"])
    if match["yy"]:
        return _read_short_named(match, day, month, thai)
    if text[match.end() : match.end() + 6].isdigit() and len(text) > match.end() + 6:
        return None  # a long number, not a year with a counter stuck to it
    year = int(match["y"])
    jalali_month = words.jalali.get(key)
    if jalali_month and year < 1500:
        jalali = _convert_jalali(year, jalali_month, day)
        return _build_date(jalali, start, match.end())
    if not month:
        return None
    date = _build_day(_convert_thai_year(year, thai), month, day)
    return _build_date(date, start, match.end())


def _read_short_named(match: re.Match[str], day: int, month: int | None, thai: bool) -> _Date | None:
    """27-Jan-22, 27 Jan '22, 27 ม.ค. 65; "27 January 22" may go on in any way."""
    if not month or (match["cut"].strip(". ") == "" and not thai):
        return None
    two = int(match["yy"])
    year = 1957 + two if thai and two >= 43 else _expand_year(two)
    date = _build_day(year, month, day) if year else None
    return _build_date(date, match.start(), match.end())


def _read_month_first(text: str, start: int, behind: int, words: _DateLexicon) -> _Date | None:
    """January 27, 2022; Thu Jan 27 17:03:00 IST 2022."""
    match = _MONTH_FIRST.match(text, start) or _UNIX_DATE.match(text, start)
    named = _find_month_before(text, start, behind, words) if match else None
    if match is None or named is None:
        return None
    if text[match.end() : match.end() + 6].isdigit() and len(text) > match.end() + 6:
        return None
    month, name_start = named
    date = _build_day(_convert_thai_year(int(match["y"]), words.language == "th"), month, int(match["d"]))
    return _build_date(date, name_start, match.end(), time=match if match.re is _UNIX_DATE else None)


def _read_month_and_year(text: str, start: int, end: int, behind: int, words: _DateLexicon) -> _Date | None:
    """January 2022; or 2022 alone behind a label."""
    year = int(text[start:end])
    if not FIRST_YEAR <= year <= LAST_YEAR or text[end : end + 1].isalpha():
        return None
    named = _find_month_before(text, start, behind, words)
    if named:
        month, name_start = named
        if text[behind:name_start].rstrip(" .")[-1:].isdigit():
            return None  # "29 February 2021": a day that is none
        name = text[name_start:start].rstrip()
        if name[0].islower() and len(name) < 4 and name[0] < "\u0370":
            return None  # "mar 2022", "set 2022" in running text
        date = _build_day(year, month, 1)
        return _build_date(date, name_start, end, "month")
    head = text[behind:start]
    if (
        _PART_END.match(text, end)
        and len(head) < 40
        and _read_label(head, words)
        and _read_label(head.rstrip(" :"), words)
    ):
        return _Date(datetime.date(year, 1, 1), start, end, "year")
    return None


def _read_era_date(text: str, start: int, words: _DateLexicon) -> _Date | None:
    """令和4年1月27日, 民國111年1月27日."""
    if start < 2 or (add := words.eras.get(text[start - 2 : start])) is None:
        return None
    match = _ERA_DATE.match(text, start)
    date = _build_day(add + int(match["y"]), int(match["m"]), int(match["d"])) if match else None
    return _Date(date, start - 2, match.end()) if match and date else None


def _find_month(name: str, words: _DateLexicon) -> int | None:
    """The month that one to four words name: "de enero de", "نيسان / أبريل", "TimesMarch"."""
    parts = [_fold_word(part) for part in _MONTH_JOINTS.split(name) if part]
    whole = " ".join(parts)
    if whole in words.months:
        return words.months[whole]
    parts = [part for part in parts if part in words.months or part not in words.between]
    whole = " ".join(parts)
    if whole in words.months:
        return words.months[whole]
    months = {words.months.get(part) for part in parts}
    if len(months) == 1 and parts:
        return months.pop()
    # two months of one meaning, the second in two words: "January / كانون الثاني"
    for cut in range(1, len(parts)):
        left, right = words.months.get(" ".join(parts[:cut])), words.months.get(" ".join(parts[cut:]))
        if left and left == right:
            return left
    return None


def _find_month_before(text: str, at: int, behind: int, words: _DateLexicon) -> tuple[int, int] | None:
    """The month whose name ends at `at`, and where the name begins."""
    low = max(behind, at - 32)
    head = text[low:at]
    end = len(head)
    if not end or head[-1].isdigit():
        return None
    for word in reversed(list(_WORD_PATTERN.finditer(head))):
        if head[word.end() : end].strip(" \u00a0\u202f.,'’"):
            return None
        key = _fold_word(word[0])
        month = words.months.get(key)
        if month:
            return month, low + word.start()
        if key not in words.between:
            glued = _LAST_CAPITAL.search(word[0])  # "TimesMarch 24", but only where a capital opens it
            month = words.months.get(_fold_word(glued[0])) if glued else None
            return (month, low + word.start() + glued.start()) if glued and month and len(glued[0]) > 2 else None
        end = word.start()
    return None


# ---------------------------------------------------------------- time, zone, label


class _Time(NamedTuple):
    hour: int
    minute: int
    second: int | None
    twelve: bool  # written with am or pm
    zone: str | None  # name, if written
    offset: str | None  # "+05:30", or an IANA name
    start: int
    end: int


def _complete_date(
    line: str, text: str, date: _Date, behind: int, words: _DateLexicon, order: Order | None
) -> DateMatch | None:
    """The date with the time, zone and label beside it."""
    time: _Time | None = None
    if date.precision == "day":
        time = (
            _read_time_within(date, words)
            if date.time
            else _find_time_after(text, date.end, words) or _find_time_before(text, date.start, behind, words)
        )
    start, end = date.start, date.end
    if time:
        start, end = min(start, time.start), max(end, time.end)
    label = _read_label(text[behind:start], words) or _read_label_after(text, end, words)
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
            value += _compute_offset(time, day) or ""
    return DateMatch(Stamp(value, precision, line[start:end]), start, end, label, ambiguous)


def _is_alone(text: str, date: _Date, words: _DateLexicon) -> bool:
    """A short date stands alone in its part of the line, or behind a weekday."""
    head = text[max(0, date.start - 20) : date.start]
    if date.end - date.start < 8:  # 25.4.22 may be a chapter, unless nothing else is on the line
        return date.end - date.start == 7 and len(text.strip()) == 7
    last = _WORD_PATTERN.findall(head)[-1:]
    if last and _fold_word(last[0]) in words.weekdays and head.rstrip(" .,").endswith(last[0]):
        return True
    before = head.rstrip()
    return (not before or before[-1] in "|•·–—―") and bool(_PART_END.match(text, date.end))


def _resolve_order(
    text: str, date: _Date, time: _Time | None, words: _DateLexicon, order: Order | None
) -> tuple[datetime.date, bool]:
    """Which reading of 03/04/2022 is meant, and whether that is only habit.

    The weekday beside it decides; then what the caller knows; then, in English, a North American zone, or a 12-hour
    clock without any zone (British pages write 24 hours or name GMT, BST); then the order of the language."""
    chosen, other = date.date, date.swapped or date.date
    ahead, after = text[max(0, date.start - 20) : date.start], text[date.end : date.end + 16]
    around = _WORD_PATTERN.findall(ahead)[-1:] + _WORD_PATTERN.findall(after)[:1]
    for word in around:
        weekday = words.weekdays.get(_fold_word(word))
        if weekday is not None and (chosen.weekday() == weekday) != (other.weekday() == weekday):
            return (chosen if chosen.weekday() == weekday else other), False
    if order:
        return chosen, False
    if words.language not in ("en", ""):
        return chosen, False
    if time and time.zone in words.american:
        return other, False  # the order of the table is day first, so the other reading is the American
    if time and time.twelve and not time.offset:
        return other, True
    return chosen, True


def _find_time_after(text: str, at: int, words: _DateLexicon) -> _Time | None:
    """The time behind a date: ", 17:03 Uhr", " at 5:03 p.m. ET", "T17:03:00Z", " 오후 5:03"."""
    start = _skip_gap(text, at)
    if text[start : start + 1].isdigit():
        match = words.clock.match(text, start)
        return _read_time(text, match, (), words) if match else None
    said: list[str] = []
    while len(said) < 3 and (word := _WORD_PATTERN.match(text, start)) and _fold_word(word[0]) in words.between:
        said.append(word[0])
        start = _skip_gap(text, word.end())
        if text[start : start + 1].isdigit():
            match = words.clock.match(text, start)
            return _read_time(text, match, said, words) if match else None
    return None


def _skip_gap(text: str, at: int) -> int:
    match = _GAP_ONLY.match(text, at)
    return match.end() if match else at


def _find_time_before(text: str, at: int, behind: int, words: _DateLexicon) -> _Time | None:
    """The time before a date: "17:41 JST, October 13, 2024", "20:00, 29 Jan 2024"."""
    low = max(behind, at - 45)
    head = text[low:at]
    if not _DIGIT.search(head):
        return None
    for number in _NUMBER.finditer(head):
        if len(number[0]) > 2 or head[number.start() - 1 : number.start()] in (":", ".", "-", "/"):
            continue
        match = words.clock.match(head, number.start())
        if match is None:
            continue
        _, offset, end = _read_zone(match, words)
        if match["zone"] and offset is None:
            end = match.start("zone")
        rest = _WORD_PATTERN.findall(head[end:])
        if len(rest) > 3 or _DIGIT.search(head[end:]) or not all(_fold_word(word) in words.between for word in rest):
            continue
        if _NOT_GAP.search(head[end:]):
            continue
        ahead = head[: number.start()]
        last = [word for word in _WORD_PATTERN.findall(ahead)[-1:] if _fold_word(word) in words.halves]
        if ahead[-1:].isalpha() and not last and _read_label(ahead, words) is None:
            continue  # "Video02:53": a running time stuck to a word
        time = _read_time(head, match, last, words)
        return time and time._replace(start=low + time.start, end=low + time.end)
    return None


def _read_time_within(date: _Date, words: _DateLexicon) -> _Time | None:
    match = date.time
    if match is None:
        return None
    name = match["zone"]
    offset = None
    if name:
        offset = f"{name[:3]}:{name[3:]}" if name[0] in "+-" else words.zones.get(name)
    hour, minute, second = int(match["h"]), int(match["min"]), int(match["s"]) if match["s"] else None
    if hour > 23 or minute > 59 or (second or 0) > 59:
        return None
    return _Time(hour, minute, second, False, name, offset, date.start, date.end)


def _read_time(text: str, match: re.Match[str], said: Sequence[str], words: _DateLexicon) -> _Time | None:
    """What a match of the clock says; None if it is no time of day."""
    hour = int(match["h"])
    minute_text = match["min"] or match["dmin"] or match["hmin"]
    second_text = match["s"] or match["ds"] or match["hs"]
    minute, second = int(minute_text or 0), int(second_text) if second_text else None
    name, offset, end = _read_zone(match, words)
    if offset is None:
        end = match.start("zone") if match["zone"] else match.end()
        phrase = words.phrase.match(text, end) if end < len(text) else None
        if phrase:
            offset, end = words.phrases[" ".join(phrase[1].casefold().split())], phrase.end()
    half = words.halves.get(_fold_word(match["half"]).replace(" ", "").replace("\u00a0", "")) if match["half"] else None
    for word in said:
        half = words.halves.get(_fold_word(word), half)
    twelve = half is not None and 1 <= hour <= 12  # "20:26 PM" is a 24-hour clock with a sign too many
    if half is not None and twelve:
        hour = hour % 12 + 12 * half
    if hour > 23 or minute > 59 or (second is not None and second > 59):
        return None
    if match["dmin"] and not match["half"] and not offset and _AMOUNT_UNIT.match(text, match.end()):
        return None
    if not match["half"] and _DURATION_UNIT.match(text, match.end()):
        return None  # a length: "02:53 min"
    bare_hour = not minute_text and half is None
    if bare_hour and match[0].rstrip()[-1:] in "hH" and not said:
        return None  # "3 h": a length, too
    return _Time(hour, minute, second, twelve, name, offset, match.start("h"), end)


def _read_zone(match: re.Match[str], words: _DateLexicon) -> tuple[str | None, str | None, int]:
    """Name, offset (or IANA zone) and end of the zone behind a time."""
    if not match["zone"]:
        return None, None, match.end()
    end = match.end("zone")
    if not match["zone"].strip().startswith("(") and match["zone"].endswith(")"):
        end -= 1  # the parenthesis was opened before the time
    if match["zname"]:
        name = match["zname"]
        return name, words.zones.get(name), end
    sign = match["sign"] or ("-" if "-" in match["zone"] else "+")
    if (
        match["oh"]
        and sign == "-"
        and ":" in match["zone"]
        and not match["s"]
        and match.string[match.start() - 1 : match.start()] != "T"
    ):
        return None, None, match.start("zone")  # "09:00-10:30": from, to
    hours, minutes = int(match["oh"] or match["zh"]), int(match["om"] or match["zm"] or 0)
    if hours > 14 or minutes not in (0, 15, 30, 45):
        return None, None, match.start("zone")
    return "UTC", f"{sign}{hours:02}:{minutes:02}", end


def _compute_offset(time: _Time, day: datetime.date) -> str | None:
    """The offset at that moment: "+05:30"."""
    if not time.offset or time.offset[0] in "+-":
        return time.offset
    try:
        zone = zoneinfo.ZoneInfo(time.offset)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None  # a machine without the IANA tables: better no zone than a wrong one
    delta = datetime.datetime.combine(day, datetime.time(time.hour, time.minute), zone).utcoffset()
    if delta is None:
        return None
    minutes = int(delta.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _read_label(head: str, words: _DateLexicon) -> Label | None:
    """What the words at the end of `head`, directly before a date, call it.

    Words like "on", "am", a weekday, may stand between. A label written small must open its part of the line, or
    follow an opener ("last updated"): "a study published on" is prose."""
    head = head[-60:]
    if not head or head.isspace():
        return None
    if not head.isascii():
        trimmed = _LABEL_TAIL.sub("", head)
        for form, kind in words.caseless if trimmed and trimmed[-1] >= "\u0e00" else ():
            if trimmed.endswith(form):
                return kind
    spans = list(_WORD_PATTERN.finditer(head))
    keys = [_fold_word(span[0]) for span in spans]
    while keys and keys[-1] in words.between and keys[-1] not in words.labels:
        keys.pop()
    if not keys:
        return None
    count = len(keys)
    label, first = words.labels.get(keys[-1]), spans[count - 1]
    if label is None:
        glued = _LAST_CAPITAL.search(first[0])  # "MillsPublished"
        if glued and glued.start() and (label := words.labels.get(_fold_word(glued[0]))):
            return label
        for size in (2, 3):
            if label is None and count >= size and (label := words.labels.get(" ".join(keys[-size:]))):
                first = spans[count - size]
    if label is None:  # "Published by Jane Doe on"
        by = count > 2 and count < 9 and keys[1] in words.by and not spans[0][0][0].islower()
        return words.labels.get(keys[0]) if by else None
    if not first[0][0].islower():
        return label
    opening = head[: first.start()]
    part = opening[max((cut.end() for cut in _SEPARATOR.finditer(opening)), default=0) :]
    before = _WORD_PATTERN.findall(part)[-1:]
    if before and before[0][0].isupper() and _fold_word(before[0]) in words.openers:
        return label  # "By Jane Doe Last updated"
    opened = all(key in words.openers or key in words.between for key in map(_fold_word, _WORD_PATTERN.findall(part)))
    return label if opened else None


def _read_label_after(text: str, at: int, words: _DateLexicon) -> Label | None:
    """更新, 配信 … directly behind the date, and not the label of the next one."""
    rest = text[at : at + 24].lstrip(" )")
    if not rest or rest[0] < "\u0900":
        return None
    for form, kind in words.after:
        if rest.startswith(form):
            follows = rest[len(form) :].lstrip()[:1]
            return None if follows in tuple("日时時间間:：于於") or follows.isdigit() else kind
    return None

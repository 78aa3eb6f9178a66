"""Years and days: which of them exist, and what those of other calendars are in ours.

Every function gives None (or 0 for a year) where there is no such day in the years that a newspaper writes of.
"""

import datetime

from cleaner.text.languages.model import Calendar

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years that a newspaper writes of; a number outside is no year."""

FIRST_COMMON_YEAR = 1500
"""A year below is not counted from the year 1: on Persian pages it is Iranian (2022 is 1400)."""

_LAST_COMMON_YEAR = 2400
"""A year above is counted from the Buddha (2022 is 2565)."""

_BUDDHIST_YEARS = 543
"""Years by which Thai pages are ahead."""

_FIRST_SHORT_BUDDHIST_YEAR = 43
"""The Thai '43 is 2543 (our 2000), the year from which two digits are read as Thai; below they are read as ours."""

_BUDDHIST_CENTURY = 2500

_JALALI_YEARS = range(1278, 1479)
"""Iranian years that are read: 1899 to 2100, well within 1178 to 1633, where the leap rule below is exact."""

_JALALI_START = datetime.date(1899, 3, 21)
"""The first day of 1278."""

_JALALI_MONTHS = range(1, 13)

_LAST_YEAR_OF_THIS_CENTURY, _FIRST_YEAR_OF_LAST_CENTURY = 49, 90
"""Two digits up to the first are 20xx, from the second on 19xx; those between could be either."""


def build_day(year: int, month: int, day: int) -> datetime.date | None:
    """The day, if there is such a day."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def convert_day(year: int, month: int, day: int, calendar: Calendar) -> datetime.date | None:
    """The day that three numbers mean on a page whose numeric dates may be in this calendar."""
    match calendar:
        case "jalali" if year < FIRST_COMMON_YEAR:
            return convert_jalali(year, month, day)
        case "buddhist" if year > _LAST_COMMON_YEAR:
            year -= _BUDDHIST_YEARS
    return build_day(year, month, day)


def convert_jalali(year: int, month: int, day: int) -> datetime.date | None:
    """The day of the Iranian solar calendar: six months of 31 days, five of 30, and one of 29 or, in leap years, 30."""
    if year not in _JALALI_YEARS or month not in _JALALI_MONTHS:
        return None
    months = [31] * 6 + [30] * 5 + [29 + _is_jalali_leap(year)]
    if not 1 <= day <= months[month - 1]:
        return None
    days = 365 * (year - _JALALI_YEARS.start) + sum(map(_is_jalali_leap, range(_JALALI_YEARS.start, year)))
    return _JALALI_START + datetime.timedelta(days=days + sum(months[: month - 1]) + day - 1)


def _is_jalali_leap(year: int) -> bool:
    """Eight years of 33 are leap years."""
    return (25 * year + 11) % 33 in range(8)


def expand_year(two: int) -> int:
    """The year that '22 or '98 means; 0 in the middle of the century, which is open."""
    if two <= _LAST_YEAR_OF_THIS_CENTURY:
        return 2000 + two
    return 1900 + two if two >= _FIRST_YEAR_OF_LAST_CENTURY else 0


def expand_buddhist_year(two: int) -> int:
    """The year of the common era that the Thai '65 means."""
    return _BUDDHIST_CENTURY - _BUDDHIST_YEARS + two if two >= _FIRST_SHORT_BUDDHIST_YEAR else expand_year(two)

"""Years and days: which of them exist, and those of other calendars."""

import datetime

FIRST_YEAR, LAST_YEAR = 1900, 2100


def convert_jalali(year: int, month: int, day: int) -> datetime.date | None:
    """The day of the Iranian solar calendar; its 33-year leap rule is exact from 1178 to 1633."""
    if not 1278 <= year <= 1478 or not 1 <= month <= 12:
        return None
    leap = (25 * year + 11) % 33 < 8
    if not 1 <= day <= (31 if month <= 6 else 30 if month <= 11 or leap else 29):
        return None
    days = 365 * (year - 1278) + sum((25 * y + 11) % 33 < 8 for y in range(1278, year))
    days += 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1
    return datetime.date(1899, 3, 21) + datetime.timedelta(days=days)  # 1 Farvardin 1278


def build_day(year: int, month: int, day: int) -> datetime.date | None:
    """The day, if there is such a day in the years that a newspaper writes of."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def expand_year(two: int) -> int | None:
    """The year that '22 or '98 means; the middle of the century is open."""
    return 2000 + two if two < 50 else 1900 + two if two >= 90 else None


def convert_thai_year(year: int, thai: bool) -> int:
    """The year of the common era; Thai pages count from the Buddha, 543 years more."""
    return year - 543 if thai and year > 2400 else year

"""The head of an article on one line: its title, its byline and its date, as texts on one line have them."""

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.text.dates.scan import find_dates
from cleaner.text.dates.stamp import DateMatch
from cleaner.text.names.bylines import find_closing_byline
from cleaner.text.names.person import Person
from cleaner.text.shape import count_words

MIN_TITLE_WORDS = 3
"""Words of a title that stands before its byline."""


class Head(NamedTuple):
    """What stands on one line above an article; without a byline behind it nothing is its title."""

    title: str
    names: Sequence[Person]
    dates: Sequence[DateMatch]


def read_head(line: str, language: str | None) -> Head | None:
    """The title, the persons and the dates of a line; None for a line without a byline directly before a date."""
    dates = find_dates(line, language)
    head = part_head(line, dates, language) if dates else None
    return head if head and head.title else None


def part_head(line: str, dates: Sequence[DateMatch], language: str | None) -> Head:
    """What stands before these dates of a line."""
    start, names = find_closing_byline(line[: dates[0].start], language)
    title = line[:start].strip()
    return Head(title if names and count_words(title) >= MIN_TITLE_WORDS else "", names, dates)

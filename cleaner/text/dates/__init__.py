"""Dates as newspapers write them: where they stand in a line, what they say, and how precisely.

This package is the one address of what other packages use; the modules below it are its rooms:
`words` (the words of all languages, as tables), `calendars`, `months`, `forms` (the ways to write a day), `clock`
(time and zone), `labels` ("published", "updated") and `scan`, which puts them together.

Nothing is invented: a time without a date gives nothing, a date without a year gives nothing, a zone is only in the
value where the line names it.
"""

from cleaner.text.dates.scan import detect_numeric_order, find_dates
from cleaner.text.dates.stamp import DateMatch, Label, Precision, Stamp
from cleaner.text.languages.model import Order

__all__ = ["DateMatch", "Label", "Order", "Precision", "Stamp", "detect_numeric_order", "find_dates"]

"""What is found: a moment at its own precision, and its place in a line."""

from typing import Literal

import msgspec

Precision = Literal["year", "month", "day", "minute", "second"]
"""How much a line says of a moment."""

Label = Literal["published", "modified"]
"""What the words beside a date call it."""


class Stamp(msgspec.Struct, frozen=True):
    """A moment. `value` is ISO 8601 at its own `precision`; `raw` is what the line says."""

    value: str
    precision: Precision
    raw: str


class DateMatch(msgspec.Struct, frozen=True):
    """A stamp, its place in the line (`line[start:end]` is `stamp.raw`), and what the words beside it call it."""

    stamp: Stamp
    start: int
    end: int
    label: Label | None = None
    ambiguous: bool = False
    """Whether day and month could be the other way round, and only the habit of the language decided."""

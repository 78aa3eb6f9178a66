"""The agencies that packs name, and the credits that name them."""

from collections.abc import Iterable, Mapping

import re2

from cleaner.rules.patterns import CompiledPattern, compile_pattern
from cleaner.text.automaton import MAX_PATTERN_BYTES

CREDIT_PATTERN_BYTES = 4 * MAX_PATTERN_BYTES
"""Memory of the pattern for credits: it holds every form of every agency, some 3,000 with the shipped packs."""

MIN_FORM_CHARS = 2
"""Characters of the shortest form of an agency that is looked for in credits; a single letter stands in any text."""

_NO_TEXT = r"[^\s\S]"
"""A pattern that matches nothing, where no pack names an agency."""


def index_agencies(tables: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, str]:
    """From every form of an agency, in small letters, to its short name; later tables go before earlier ones."""
    return {form.casefold(): name for table in tables for name, others in table.items() for form in (name, *others)}


def compile_credit_pattern(forms: Iterable[str]) -> CompiledPattern:
    """The pattern of the credit with which a text opens: a name, a slash or bracket, and agencies of these forms."""
    longest_first = sorted(set(forms), key=len, reverse=True)
    names = "|".join(re2.escape(form) for form in longest_first if len(form) >= MIN_FORM_CHARS) or _NO_TEXT
    more = f"(?:[/ ,|]+(?:{names}|via|photo|images))*"
    return compile_pattern(f"(?i)[^.!?…]{{0,50}}[/|(©] ?(?:{names}){more}[)\\]]?(?:[ ,.)|]|$)", CREDIT_PATTERN_BYTES)

"""The words of dates, as tables and patterns made from the files of all languages.

`load_lexicon` gives the tables for one language. The months of all languages are in them, so that an English date is
read on a German page; a name that means two months is only read in its own language.

Some zone names mean several zones. `IST` is read as India (+05:30), not Ireland or Israel, unless the language is Irish
or Hebrew; `CST` as US Central and `BST` as British Summer Time, unless the language is Chinese or Bengali. `ET`, `PT`
and their like take the offset of that day.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from cleaner.text.dates.stamp import Label
from cleaner.text.languages import ANY, build_alternation, collect_phrases, collect_words, load_languages
from cleaner.text.languages.model import Calendar, DateWords, Language, Order

_NON_WORD_CHARS = (
    r"\s\d!-/:-@\[-`{-~\u00a0-\u00bf\u2000-\u200b\u200e-\u206f\u060c\u061b\u06d4\u0964"
    r"\u3000-\u303f\uff00-\uff0f\uff1a-\uff20"
)
"""What no word holds. Not the opposite of \\w: vowel signs of Hindi and Thai are parts of a word, too."""

WORD = rf"[^{_NON_WORD_CHARS}]{{1,20}}+"
"""The pattern of a word. It takes 20 characters and gives none back: the time of a search is linear in the line."""

WORD_PATTERN = re.compile(WORD)

LAST_CAPITAL = re.compile(r"[^\W\d_a-z][^A-Z\W]*$")
"""The last capital of a word and all behind it: "March" of "TimesMarch"."""

FIRST_UNCASED_CHAR = "\u0e00"
"""Thai is the first of the scripts in which words are not parted by blanks and have no capitals."""

LANGUAGE_CACHE_SIZE = 128
"""Languages whose tables are remembered: more than there are files; a code without a file has an entry, too."""


class DateLexicon(NamedTuple):
    """The tables for one language over those of all: what the functions of this package look words up in.

    Keys are folded (`fold_word`). Months count from 1, weekdays from 0 (Monday), halves of the day are 0 and 1."""

    language: str
    """The code, "" where none is known."""
    order: Order
    mixed_order: bool
    calendar: Calendar
    year_first_calendar: Calendar
    """That of dates whose year is written first: without a language, a year below 1500 is Iranian."""
    months: Mapping[str, int]
    jalali: Mapping[str, int]
    buddhist: frozenset[str]
    """Names of months that show that a year is counted from the Buddha."""
    weekdays: Mapping[str, int]
    between: frozenset[str]
    labels: Mapping[str, Label]
    fillers: frozenset[str]
    """Words between that are no labels: what may stand between a label and its date."""
    openers: frozenset[str]
    lead_ins: frozenset[str]
    """Openers and words between: all that may stand before a label that is written small."""
    by: frozenset[str]
    uncased: tuple[tuple[str, Label], ...]
    """Labels in scripts without blanks, the longest first."""
    behind: tuple[tuple[str, Label], ...]
    """Labels that stand behind their date, the longest first."""
    eras: Mapping[str, int]
    zones: Mapping[str, str]
    american: frozenset[str]
    halves: Mapping[str, int]
    clock: re.Pattern[str]
    phrase: re.Pattern[str]
    phrases: Mapping[str, str]


@functools.lru_cache(LANGUAGE_CACHE_SIZE)
def load_lexicon(language: str | None) -> DateLexicon:
    """The tables for a language; without one (or for a code that has no file) those of all languages together."""
    common = _build_common_lexicon()
    if not language:
        return common
    own = load_languages().get(language, Language(name="")).dates
    return common._replace(
        language=language,
        order=own.order,
        mixed_order=own.mixed_order,
        calendar=own.calendar,
        year_first_calendar=own.calendar,
        months={**common.months, **index_forms(own.months or (), 1)},
        weekdays=index_forms(own.weekdays, 0) if own.weekdays else common.weekdays,
        zones={**common.zones, **own.zones},
    )


@functools.cache
def _build_common_lexicon() -> DateLexicon:
    """The tables of all languages together."""
    languages = {code: own.dates for code, own in load_languages().items()}
    halves = {
        fold_word(form).replace(" ", ""): number
        for number, forms in enumerate((_collect(lambda own: own.am), _collect(lambda own: own.pm)))
        for form in forms
    }
    labels = _rank_labels(_collect(lambda own: own.published), _collect(lambda own: own.modified))
    phrases = {phrase: zone for own in languages.values() for phrase, zone in own.zone_phrases.items()}
    openers = frozenset(map(fold_word, collect_words(lambda own: own.dates.openers)))
    between = frozenset({*map(fold_word, _collect_between()), *halves})
    return DateLexicon(
        language="",
        order="DMY",
        mixed_order=True,
        calendar="gregorian",
        year_first_calendar="jalali",
        months=_merge_months(),
        jalali=index_forms(_collect(lambda own: own.jalali_months or ()), 1),
        buddhist=frozenset(
            form
            for own in languages.values()
            if own.calendar == "buddhist"
            for form in index_forms(own.months or (), 1)
        ),
        weekdays=index_forms(languages["en"].weekdays or (), 0),
        between=between,
        labels=dict(labels),
        fillers=between.difference(form for form, _ in labels),
        openers=openers,
        lead_ins=openers | between,
        by=collect_words(lambda own: own.dates.by),
        uncased=tuple((form, kind) for form, kind in labels if form[-1] >= FIRST_UNCASED_CHAR),
        behind=_rank_labels(_collect(lambda own: own.published_behind), _collect(lambda own: own.modified_behind)),
        eras={era: year for own in languages.values() for era, year in own.eras.items()},
        zones=languages[ANY].zones,
        american=collect_words(lambda own: own.dates.american_zones),
        halves=halves,
        clock=_build_clock_pattern(),
        phrase=re.compile(rf"\s?\(?({build_alternation(phrases, _OPTIONAL_BLANK)})(?![^\W\d_])\)?", re.IGNORECASE),
        phrases=phrases,
    )


_OPTIONAL_BLANK = r"\s?"

_WORD_END = r"(?:(?<=[a-z.])(?=[A-Z])|(?![^\W\d_]))"
"""The end of a sign like "pm". In "6:03 pmNovember" a blank was lost; no other lost blanks are forgiven."""


def _build_clock_pattern() -> re.Pattern[str]:
    """A time of day at its first digit, with half of the day and zone; hours alone need a sign behind them.

    Minutes are in the group `min` behind a colon, `dmin` behind a point, `hmin` behind a word; seconds alike."""
    half = build_alternation([*_collect(lambda own: own.am), *_collect(lambda own: own.pm)], _OPTIONAL_BLANK)
    units = build_alternation(_collect(lambda own: own.units), _OPTIONAL_BLANK)
    return re.compile(
        rf"""(?P<h>\d{{1,2}})(?:
        \s?:\s?(?P<min>\d\d)(?!\d)(?:\s?[:.]\s?(?P<s>\d\d)(?!\d)(?:[.,]\d{{1,9}}+)?)?
      | \.(?P<dmin>\d\d)(?!\d)(?!\.\d)(?:[.:](?P<ds>\d\d)(?!\d))?
      | \s?(?:h|H|u|時|时|點|点|시|Uhr(?=\s?\d\d(?!\d|[.:]\d)))\s?
        (?:(?P<hmin>\d{{1,2}})(?![\d:.])\s?(?:min|m|分|분)?(?:\s?(?P<hs>\d{{1,2}})\s?(?:秒|초))?)?
      | (?=\s?(?i:{half}|Uhr){_WORD_END})
      )(?:\s?(?P<half>(?i:{half})){_WORD_END})?(?:\s?(?i:{units})(?![^\W\d_]))?
      (?:(?P<zone>\s?\(?(?:(?:GMT|UTC|UT)\s?[+-]\s?(?P<zh>\d{{1,2}})(?::?(?P<zm>\d\d))?(?!\d)
        |(?P<sign>[+-])(?P<oh>\d\d):?(?P<om>\d\d)(?![\d:.])
        |(?P<zname>[A-Z]{{1,5}}|МСК|мск)(?![^\W\d_A-ZА-Я]|[A-Z]))\)?))?""",
        re.VERBOSE,
    )


def _collect(pick: Callable[[DateWords], Iterable[str]]) -> tuple[str, ...]:
    """The phrases of one key of all files."""
    return collect_phrases(lambda own: pick(own.dates))


def _collect_between() -> set[str]:
    """The words between label, date and time, with the words of weekdays ("e", "hënë")."""
    weekdays = index_forms(_collect(lambda own: own.weekdays or ()), 0)
    return {*collect_words(lambda own: own.dates.between), *re.split(r"[\s-]+", " ".join(weekdays))}


def _rank_labels(published: Iterable[str], modified: Iterable[str]) -> tuple[tuple[str, Label], ...]:
    """Labels, folded, with their kind; the longest first, since a shorter one may be a part of it."""
    kinds: list[tuple[str, Label]] = [(fold_word(form), "modified") for form in modified]
    kinds += [(fold_word(form), "published") for form in published]
    return tuple(sorted(kinds, key=lambda label: -len(label[0])))


def _merge_months() -> dict[str, int]:
    """The months of all languages; a name that means two months (listopad: Polish 11, Croatian 10) is left out."""
    merged: dict[str, set[int]] = {}
    for own in load_languages().values():
        for form, number in index_forms(own.dates.months or (), 1).items():
            merged.setdefault(form, set()).add(number)
    return {form: numbers.pop() for form, numbers in merged.items() if len(numbers) == 1}


def index_forms(rows: Iterable[str], first: int) -> dict[str, int]:
    """["januar|jan", ...] -> {"januar": 1, "jan": 1, ...}, with the forms without accents."""
    found = {fold_word(form): number for number, row in enumerate(rows, first) for form in row.split("|") if form}
    return {_strip_accents(form): number for form, number in found.items()} | found


def fold_word(word: str) -> str:
    """The form in which words are compared: case-folded (Turkish İ too), without points."""
    key = word.casefold().replace(".", "")
    return key if key.isascii() else key.replace("i\u0307", "i")


def fold_words(words: Iterable[str]) -> list[str]:
    """Words as they are compared."""
    return list(map(fold_word, words))


def _strip_accents(word: str) -> str:
    """Without accents, in the scripts where pages leave them out: Latin and Greek."""
    if not ("a" <= word[:1] <= "\u024f" or "\u0370" <= word[:1] <= "\u03ff"):
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))

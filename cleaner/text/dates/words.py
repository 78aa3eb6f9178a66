"""The words of dates, as tables and patterns made from the files of all languages."""

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import tomli

from cleaner.text.dates.stamp import Label, Order

_NON_WORD_CHARS = (  # what no word holds
    r"\s\d!-/:-@\[-`{-~\u00a0-\u00bf\u2000-\u200b\u200e-\u206f\u060c\u061b\u06d4\u0964"
    r"\u3000-\u303f\uff00-\uff0f\uff1a-\uff20"
)

WORD = rf"[^{_NON_WORD_CHARS}]{{1,20}}+"  # not \w: vowel signs of Hindi and Thai are letters of a word, too

GAP = r"[\s,;:.|/•·@–—―\-()（）\[\]、~]{0,8}+"

WORD_PATTERN = re.compile(WORD)

LAST_CAPITAL = re.compile(r"[^\W\d_a-z][^A-Z\W]*$")  # "March" of "TimesMarch"


class DateLexicon(NamedTuple):
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
    return tomli.loads((Path(__file__).parents[1] / "dates.toml").read_text(encoding="utf-8"))


def fold_word(word: str) -> str:
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
    found = {fold_word(form): number for number, row in enumerate(rows, first) for form in row.split("|") if form}
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
            labels.update({fold_word(form): kind for form in entry[kind]})
        between.update(entry.get("words", ()))
        weekdays.update(part for form in _index_forms(entry["weekdays"], 0) for part in re.split(r"[\s-]+", form))
    for number, kind in enumerate(("am", "pm")):
        halves.update({fold_word(form).replace(" ", ""): number for form in table["clock"][kind]})

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
        "between": frozenset(fold_word(word) for word in between | weekdays) | halves.keys(),
        "openers": frozenset(fold_word(word) for word in table["labels"]["openers"]),
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
def load_lexicon(language: str | None) -> DateLexicon:
    table = _load_table()
    own = table["language"].get(language or "", {})
    return DateLexicon(
        order=own.get("order", "DMY"),
        language=language or "",
        months=_merge_months() | _index_forms(own.get("months", ()), 1),
        weekdays=_index_forms(own.get("weekdays", table["language"]["en"]["weekdays"]), 0),
        zones=table["zones"] | table["zones_in"].get(language or "", {}),
        **_build_shared_tables(),
    )

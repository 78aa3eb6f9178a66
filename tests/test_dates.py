"""Dates: what a line says is read at its own precision, and nothing more."""

import datetime
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.text.dates import calendars, detect_numeric_order, find_dates, words
from cleaner.text.languages import load_languages

CASES = tomllib.loads((Path(__file__).parent / "cases" / "dates.toml").read_text(encoding="utf-8"))
LANGUAGES = {code: own.dates for code, own in load_languages().items() if own.dates.weekdays}


def cases() -> list[Any]:
    found = []
    for group in CASES["group"]:
        for case in group["cases"]:
            language = case.get("language", group.get("language"))
            name = f"{group['shows']}: {case['line']}"
            found.append(pytest.param(case["line"], language, case["found"], id=name))
    return found


def said(line: str, language: str | None) -> list[str]:
    return [f"{one.stamp.value} {one.label}" if one.label else one.stamp.value for one in find_dates(line, language)]


@pytest.mark.parametrize(("line", "language", "found"), cases())
def test_a_line_is_read_as_its_case_says(line: str, language: str | None, found: list[str]) -> None:
    assert said(line, language) == found
    # without the language a day may be missed, but is never read wrongly; the order of these three and of this line,
    # and the calendar, cannot be guessed from digits
    if language not in ("fil", "ko", "th") and line[:10] != "03/04/2022":
        days = [value.split()[0][:10] for value in found]
        assert all(one.stamp.value[:10] in days for one in find_dates(line))


def test_raw_is_what_stands_in_the_line() -> None:
    line = "Published : January 27, 2022 17:03 IST by Jane Doe"
    (one,) = find_dates(line, "en")
    assert line[one.start : one.end] == one.stamp.raw == "January 27, 2022 17:03 IST"


def test_full_width_digits_stay_in_raw() -> None:
    (one,) = find_dates("公開 ２０２２年１月２７日", "ja")
    assert one.stamp.raw == "２０２２年１月２７日"


@pytest.mark.parametrize(
    ("line", "precision"),
    [
        ("Published 2022", "year"),
        ("January 2022", "month"),
        ("27 January 2022", "day"),
        ("27 January 2022 17:03", "minute"),
        ("27 January 2022 17:03:05", "second"),
    ],
)
def test_precision_is_the_lines_own(line: str, precision: str) -> None:
    assert find_dates(line, "en")[0].stamp.precision == precision


def test_a_date_that_only_habit_decides_is_marked_ambiguous() -> None:
    assert find_dates("03/04/2022", "en")[0].ambiguous


def test_a_date_with_a_day_above_twelve_is_not_ambiguous() -> None:
    assert not find_dates("14/03/2022", "en")[0].ambiguous


def test_the_order_of_the_page_beats_the_habit_of_the_language() -> None:
    lines = ["01/27/2022", "03/04/2022"]
    order = detect_numeric_order(lines, "en")
    assert order == "MDY"
    assert find_dates(lines[1], "en", order=order)[0].stamp.value == "2022-03-04"


def test_a_page_that_contradicts_itself_has_no_order() -> None:
    assert detect_numeric_order(["01/27/2022", "27/01/2022"]) is None


def test_ist_is_india_unless_the_language_says_otherwise() -> None:
    line = "27.01.2022 17:03 IST"
    assert find_dates(line, "en")[0].stamp.value.endswith("+05:30")
    assert find_dates(line, "he")[0].stamp.value.endswith("+02:00")


def test_a_month_name_of_two_meanings_needs_the_language() -> None:
    line = "27 listopada 2022"
    assert find_dates(line) == []
    assert find_dates(line, "pl")[0].stamp.value == "2022-11-27"
    assert find_dates(line, "hr")[0].stamp.value == "2022-10-27"


def test_months_without_accents_are_known() -> None:
    assert find_dates("3 fevrier 2022", "fr")[0].stamp.value == "2022-02-03"


def test_an_english_date_is_read_on_a_page_in_another_language() -> None:
    assert find_dates("October 3, 2022", "de")[0].stamp.value == "2022-10-03"


def test_nothing_is_sought_behind_the_first_300_characters() -> None:
    assert find_dates("x " * 200 + "27 January 2022") == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_our_months_hold_those_of_cldr(language: str) -> None:
    babel = pytest.importorskip("babel")
    ours = LANGUAGES[language].months
    if not ours:
        pytest.skip("months are numbers in this language")
    theirs = babel.Locale.parse(language).months
    for number, row in enumerate(ours, 1):
        forms = {words.fold_word(form) for form in row.split("|")}
        name = words.fold_word(theirs["format"]["wide"][number].replace("de ", "").replace("d’", ""))
        assert name in forms


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_long_form_of_cldr_is_read(language: str) -> None:
    babel, dates = pytest.importorskip("babel"), pytest.importorskip("babel.dates")
    locale = babel.Locale.parse(language)
    for month in range(1, 13):
        day = datetime.date(2022, month, 28)
        for form in ("full", "long", "medium"):
            assert said(dates.format_date(day, form, locale=locale), language) == [str(day)]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_has_seven_weekdays_and_an_order(language: str) -> None:
    entry = LANGUAGES[language]
    assert len(entry.weekdays or ()) == 7
    assert len(entry.months or range(12)) == 12
    assert entry.order in ("DMY", "MDY", "YMD")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_month_of_every_language_is_found_in_a_date(language: str) -> None:
    for number, row in enumerate(LANGUAGES[language].months or (), 1):
        for form in row.split("|"):
            assert said(f"27 {form} 2022", language) == [f"2022-{number:02}-27"]


def test_all_zones_are_offsets_or_known_to_iana() -> None:
    zoneinfo = pytest.importorskip("zoneinfo")
    words = [own.dates for own in load_languages().values()]
    for offset in [zone for own in words for zone in [*own.zones.values(), *own.zone_phrases.values()]]:
        assert offset[0] in "+-" or zoneinfo.ZoneInfo(offset)


@pytest.mark.parametrize(
    ("year", "nowruz"),
    [(1375, "1996-03-20"), (1380, "2001-03-21"), (1399, "2020-03-20"), (1400, "2021-03-21"), (1403, "2024-03-20")],
)
def test_the_iranian_new_year_falls_on_its_known_day(year: int, nowruz: str) -> None:
    assert str(calendars.convert_jalali(year, 1, 1)) == nowruz


@given(st.text(max_size=400), st.sampled_from([None, "en", "de", "fa", "th", "ja", "ko", "vi"]))
def test_no_text_makes_it_fail(text: str, language: str | None) -> None:
    for one in find_dates(text, language):
        assert text[one.start : one.end] == one.stamp.raw


PIECES = [
    *"0123456789./-:, |年月日T+",
    " 2022",
    "27",
    " January ",
    " de ",
    "17:03",
    "pm",
    "Uhr",
    "ET",
    "٢",
    "２",
    "ม.ค.",
    "令和",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_line_of_date_parts_makes_it_fail_or_leaves_the_years(line: str) -> None:
    for one in find_dates(line):
        assert "1900" <= one.stamp.value[:4] <= "2100"
        assert line[one.start : one.end] == one.stamp.raw


@pytest.mark.parametrize("line", ["1 " * 150, "a" * 300 + "1", "1.1." * 75, "27 de de de de " * 20, "1 a a a a 2" * 27])
def test_a_hostile_line_has_no_day(line: str) -> None:
    assert not [one for one in find_dates(line * 20) if one.stamp.precision == "second"]

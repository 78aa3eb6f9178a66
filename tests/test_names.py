"""Names: who made an article and from where, without jobs, desks, places and agencies."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.text.datelines import find_dateline
from cleaner.text.names import find_agencies, is_bare_name, normalize_case, split_names

CASES = tomllib.loads((Path(__file__).parent / "cases" / "names.toml").read_text(encoding="utf-8"))
AGENCIES = {
    "afp": "AFP",
    "france media agency": "AFP",
    "ap": "AP",
    "associated press": "AP",
    "the associated press": "AP",
    "ansa": "ANSA",
    "dpa": "dpa",
    "efe": "EFE",
    "reuters": "Reuters",
    "رويترز": "Reuters",
    "ロイター": "Reuters",
    "риа новости": "RIA Novosti",
    "新华社": "Xinhua",
    "연합뉴스": "Yonhap",
    "europa press": "Europa Press",
    "prnewswire": "PR Newswire",
    "美通社": "PR Newswire",
    "business wire": "Business Wire",
    "globe newswire": "GlobeNewswire",
    "accesswire": "ACCESSWIRE",
}


def cases(kind: str, key: str) -> list[Any]:
    return [pytest.param(case, id=f"{group['shows']}: {case[key]}") for group in CASES[kind] for case in group["cases"]]


@pytest.mark.parametrize("case", cases("byline", "raw"))
def test_a_byline_gives_the_persons_of_its_case(case: dict[str, Any]) -> None:
    found = split_names(case["raw"], case.get("language"), agencies=AGENCIES)
    said = [name.name if name.role == "author" else f"{name.name}/{name.role}" for name in found]
    assert said == case["names"]


@pytest.mark.parametrize("case", cases("byline", "raw"))
def test_a_byline_gives_the_agencies_of_its_case(case: dict[str, Any]) -> None:
    assert find_agencies(case["raw"], AGENCIES) == case.get("agencies", [])


@pytest.mark.parametrize("line", CASES["bare"]["names"])
def test_a_bare_name_is_believed(line: str) -> None:
    assert is_bare_name(line)


@pytest.mark.parametrize("line", CASES["bare"]["others"])
def test_a_bare_line_that_is_no_name_is_refused(line: str) -> None:
    assert not is_bare_name(line)


def test_an_unknown_given_name_is_believed_only_where_the_caller_says_so() -> None:
    assert not is_bare_name("Qorblo Zandvex")
    assert is_bare_name("Qorblo Zandvex", strict=False)


def test_what_looks_like_a_name_is_split_into_that_one_name() -> None:
    for line in CASES["bare"]["names"]:
        assert len(split_names(line)) == 1


@pytest.mark.parametrize("case", cases("dateline", "text"))
def test_an_opening_is_read_as_its_case_says(case: dict[str, Any]) -> None:
    found = find_dateline(case["text"], agencies=AGENCIES)
    if "place" not in case:
        assert found is None
        return
    assert found is not None
    assert (found.place, found.raw) == (case["place"], case["raw"])
    assert list(found.agencies) == case.get("agencies", [])
    assert list(found.names) == case.get("names", [])
    assert found.date == case.get("date")


def test_raw_keeps_the_name_as_written() -> None:
    assert split_names("By Antoine MODÈLE")[0].raw == "Antoine MODÈLE"


def test_a_name_is_given_once() -> None:
    assert len(split_names("By Jane Doe, Jane Doe and JANE DOE")) == 1


@pytest.mark.parametrize("name", ["Ludwig van Beethoven", "Fouzia Van Der Berg", "DeShawn McKay", "I.M. Sample"])
def test_a_name_in_normal_case_stays_as_it_is(name: str) -> None:
    assert normalize_case(name) == name


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    for name in split_names(text, agencies=AGENCIES):
        assert name.name.strip()
    find_agencies(text, AGENCIES)
    is_bare_name(text)
    opening = find_dateline(text, agencies=AGENCIES)
    assert opening is None or text.lstrip().startswith(opening.raw)


PARTS = [
    "By ",
    "Von ",
    "Jane",
    "DOE",
    " and ",
    " y ",
    ", ",
    "(",
    ")",
    " | ",
    "AFP",
    "(dpa)",
    " - ",
    "—",
    "MOSCOW",
    "张三",
    "기자",
    "文/",
    ":",
    "27 Jan",
    ". ",
]


@given(st.lists(st.sampled_from(PARTS), max_size=25).map("".join))
def test_no_line_of_byline_parts_makes_it_fail(line: str) -> None:
    for name in split_names(line, agencies=AGENCIES):
        assert not re.search(r"\d", name.name)
    find_dateline(line, agencies=AGENCIES)


@pytest.mark.parametrize(
    "line", ["a " * 300, "Jane Doe, " * 60, "A." * 300, "(" * 300, "A-" * 200, "und " * 150, "MOSCOW " * 60]
)
def test_a_hostile_line_is_no_name_and_no_dateline(line: str) -> None:
    assert len(split_names(line * 5)) <= 1
    assert find_dateline(line * 5) is None
    assert not is_bare_name(line * 5)

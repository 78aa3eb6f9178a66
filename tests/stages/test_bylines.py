"""Bylines in texts: each form gives its people and goes, and nothing else does; cases in cases/bylines.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from cases import shown

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "bylines.toml").read_text(encoding="utf-8"))
PROSE = "{1}\n\n{2}\n\n{3}"


def cases(kind: str) -> list[Any]:
    return [pytest.param(case, id=f"{case['language']} {case['line']}") for case in CASES[kind]["cases"]]


def read(case: dict[str, Any], text: str) -> dict[str, Any]:
    title = CASES["titles"][case["language"]]
    fields = dict.fromkeys(("authors", "others", "houses", "agencies", "text"))
    return shown({"language": case["language"], "text": f"{title}\n\n{text}", "is": fields})


def list_people(case: dict[str, Any], author: bool) -> list[str]:
    parts = [person.partition("/") for person in case["people"]]
    return [name if author else f"{role}: {name}" for name, _, role in parts if (not role) == author]


@pytest.mark.parametrize("case", cases("byline"))
def test_a_byline_below_the_title_gives_its_people_and_goes(case: dict[str, Any]) -> None:
    made = read(case, f"{case['line']}\n\n{PROSE}")
    assert made["authors"] == list_people(case, author=True)
    assert made["others"] == sorted(list_people(case, author=False))
    assert made["agencies"] == case.get("agencies", [])
    assert made["text"] == read(case, PROSE)["text"]


@pytest.mark.parametrize("case", cases("signoff"))
def test_a_signoff_behind_the_text_gives_its_people_and_goes(case: dict[str, Any]) -> None:
    made = read(case, f"{PROSE}\n\n{case['line']}")
    assert made["authors"] == list_people(case, author=True)
    assert made["others"] == sorted(list_people(case, author=False))
    assert made["text"] == read(case, PROSE)["text"]


@pytest.mark.parametrize("case", cases("kept"))
def test_a_line_that_only_opens_like_a_byline_names_nobody_and_stays(case: dict[str, Any]) -> None:
    made = read(case, f"{case['line']}\n\n{PROSE}")
    assert (made["authors"], made["others"], made["houses"]) == ([], [], [])
    assert case["line"] in made["text"]

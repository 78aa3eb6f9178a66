"""Pages with dates and names of several articles: the record has those of its own; cases in dated_pages.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

import cleaner

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "dated_pages.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["why"].replace(" ", "-")) for case in CASES])
def test_a_page_has_the_dates_and_names_of_its_article(case: dict[str, Any]) -> None:
    made = cleaner.clean(html=case["html"])
    views = {
        "authors": [author.name for author in made.authors if author.role == "author"],
        "published": made.published.value if made.published else "",
        "modified": made.modified.value if made.modified else "",
    }
    assert {field: views[field] for field in case["is"]} == case["is"]

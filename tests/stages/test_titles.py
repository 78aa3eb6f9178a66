"""What becomes of the lines that the stage `titles` is about; cases in cases/titles.toml."""

import pytest
from cases import Case, load_cases, shown, wanted


@pytest.mark.parametrize("case", load_cases("titles"))
def test_the_record_says(case: Case) -> None:
    assert shown(case) == wanted(case)

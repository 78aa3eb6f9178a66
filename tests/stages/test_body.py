"""What becomes of the lines that the stage `body` is about; cases in cases/body.toml."""

import pytest
from cases import Case, load_cases, shown, wanted


@pytest.mark.parametrize("case", load_cases("body"))
def test_the_record_says(case: Case) -> None:
    assert shown(case) == wanted(case)

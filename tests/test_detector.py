"""What `cleaner.text.langdetect_fast` says is what langdetect says, to the last bit."""

import langdetect
import pytest
from cases import PROSE

from cleaner.text import langdetect_fast
from cleaner.text.langdetect_fast import LangDetectException


@pytest.fixture(autouse=True)
def seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(langdetect.DetectorFactory, "seed", 0)


def said(text: str) -> list[tuple[str, float]]:
    return [(one.lang, one.prob) for one in langdetect_fast.detect_langs(text)]


def expected(text: str) -> list[tuple[str, float]]:
    return [(one.lang, one.prob) for one in langdetect.detect_langs(text)]


@pytest.mark.parametrize("code", PROSE)
def test_a_text_is_told_as_by_langdetect(code: str) -> None:
    text = "\n".join(PROSE[code])
    assert said(text) == expected(text)


@pytest.mark.parametrize("code", PROSE)
def test_a_few_words_are_told_as_by_langdetect(code: str) -> None:
    text = PROSE[code][0][:25]
    assert said(text) == expected(text)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "NATO and the EU met in OSLO. McDonald",
        "In Москва спросили NATO об этом",
        "“Curly”   quotes  –  and    spaces",
        "see https://example.org/a?b=c or write to jane@example.org",
        "Tie\u0302\u0301ng Vie\u0323\u0302t",
        "東京でNATOの会議",
        "한국어 문장 하나",
    ],
)
def test_an_odd_text_is_told_as_by_langdetect(text: str) -> None:
    assert said(text) == expected(text)


@pytest.mark.parametrize("text", ["", "   ", "12 345", "https://example.org/"])
def test_a_text_without_letters_is_an_error_as_in_langdetect(text: str) -> None:
    with pytest.raises(LangDetectException):
        langdetect_fast.detect_langs(text)

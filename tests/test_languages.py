"""A language is one file: its words reach every place that asks for words, and a file with a mistake is refused."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaner.errors import LanguageError
from cleaner.text import languages
from cleaner.text.dates import find_dates, scan
from cleaner.text.dates import words as date_words
from cleaner.text.names import is_bare_name, split_names
from cleaner.text.names import words as name_words

MADE_UP = """
name = "Made-up"
stop_words = "zir zar zur"
prose = ["Zir zar zur."]

[dates]
order = "MDY"
months = ["unm", "dum", "trem", "quam", "quim", "sexm", "sepm", "octm", "novm", "decm", "undm", "dudm"]
weekdays = ["una", "dua", "tra", "qua", "qui", "sex", "sab"]
published = ["zublik"]

[bylines]
by = ["zon"]
jobs = "zeditor"
family_first = true
"""

CACHES = (
    languages.load_languages,
    languages.load_stop_words,
    languages.load_prose,
    languages.load_label_prose,
    date_words.load_lexicon,
    date_words._build_common_lexicon,
    scan._find_cached,
    name_words.load_lexicon,
)


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The shipped languages and one more, whose only trace is its file."""
    folder = tmp_path / "languages"
    shutil.copytree(languages.FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "xx.toml").write_text(MADE_UP, encoding="utf-8")
    monkeypatch.setattr(languages, "FOLDER", folder)
    forget()
    yield
    monkeypatch.undo()
    forget()


def forget() -> None:
    for cache in CACHES:
        cache.cache_clear()


def test_without_its_file_a_language_is_unknown() -> None:
    assert find_dates("27 quam 2022", "xx") == []


@pytest.mark.usefixtures("made_up")
def test_a_file_is_enough_for_the_dates_of_a_language() -> None:
    found = find_dates("zublik 27 quam 2022", "xx")[0]
    assert (found.stamp.value, found.label) == ("2022-04-27", "published")
    assert find_dates("03/04/2022", "xx")[0].stamp.value == "2022-03-04"


@pytest.mark.usefixtures("made_up")
def test_a_file_is_enough_for_the_bylines_of_a_language() -> None:
    assert [person.name for person in split_names("Zon Jane Doe, Zeditor", "xx")] == ["Jane Doe"]
    assert is_bare_name("Doe Jane", "xx")


@pytest.mark.usefixtures("made_up")
def test_a_file_is_enough_for_the_stop_words_and_the_prose_of_a_language() -> None:
    assert languages.load_stop_words()["xx"] == {"zir", "zar", "zur"}
    assert languages.load_prose()["xx"] == ("Zir zar zur.",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "X"\nweekdays = []', "unknown field `weekdays`"),
        ('name = "X"\n[dates]\nmonth = []', "unknown field `month` - at `$.dates`"),
        ('name = "X"\n[dates]\nmonths = ["a"]', "at `$.dates.months`"),
        ('name = "X"\n[dates]\norder = "DYM"', "at `$.dates.order`"),
        ('name = "X"\n[bylines.roles]\npainting = ["by"]', "painting"),
        ("name = ", "Invalid value"),
    ],
)
def test_a_mistake_is_refused_with_file_and_key(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "xx.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LanguageError) as error:
        languages.read_language(path)
    assert str(error.value).startswith("xx.toml: ")
    assert said in str(error.value)


def test_every_language_has_its_english_name() -> None:
    assert all(own.name.isascii() and own.name for own in languages.load_languages().values())
    assert len({own.name for own in languages.load_languages().values()}) == len(languages.load_languages())

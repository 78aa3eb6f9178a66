"""The words of languages, one file a language: `de.toml` holds all that the cleaner knows of German.

`model.py` says which keys a file may hold; `any.toml` holds the words of no single language, `given_names.txt` the
given names of all, `english_words.txt` frequent words of English.

To add a language, add its file here and its pack in `rules/`.

The files are read when the first text asks for a word, once in a process.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec

from cleaner.errors import LanguageError
from cleaner.ready import read_table
from cleaner.text.languages.model import Language

FOLDER = Path(__file__).parent
"""Where the files are."""

ANY = "any"
"""The file of the words of no single language."""


@cache
def load_languages() -> Mapping[str, Language]:
    """All files by the code of their language, in the order of the codes, with `any` among them.

    Raises LanguageError for a file that cannot be used."""
    return {path.stem: read_language(path) for path in sorted(FOLDER.glob("*.toml"))}


def read_language(path: Path) -> Language:
    """One file. Raises LanguageError, with the file and the key, for what is no TOML, no key, or no value of a key."""
    try:
        return msgspec.convert(read_table(path.read_text(encoding="utf-8"), tomllib.loads), Language)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise LanguageError(f"{path.name}: {error}; the keys are listed in cleaner/text/languages/model.py") from None


def collect_words(pick: Callable[[Language], str]) -> frozenset[str]:
    """The words that `pick` names in every file: `collect_words(lambda own: own.bylines.jobs)`."""
    return frozenset(word for own in load_languages().values() for word in pick(own).split())


def collect_phrases(pick: Callable[[Language], Iterable[str]]) -> tuple[str, ...]:
    """The phrases that `pick` names in every file, each once, in the order of the files."""
    return tuple(dict.fromkeys(phrase for own in load_languages().values() for phrase in pick(own)))


@cache
def load_stop_words() -> Mapping[str, frozenset[str]]:
    """The most frequent small words of the languages that list them, by code."""
    return {code: frozenset(own.stop_words.split()) for code, own in load_languages().items() if own.stop_words}


@cache
def load_prose() -> Mapping[str, tuple[str, ...]]:
    """Clean sentences of the languages that have them, by code: what no generic rule may drop."""
    return {code: own.prose for code, own in load_languages().items() if own.prose}


@cache
def load_label_prose() -> Mapping[str, tuple[str, ...]]:
    """Sentences that open like labels, calls and notices, by code: no generic rule may drop these either."""
    return {code: own.label_prose for code, own in load_languages().items() if own.label_prose}


@cache
def load_given_names() -> frozenset[str]:
    """The given names of all languages, case-folded; lines that open with "#" say where they are from."""
    lines = (FOLDER / "given_names.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


@cache
def load_english_words() -> frozenset[str]:
    """Frequent English words; `english_words.txt` says how it is written."""
    lines = (FOLDER / "english_words.txt").read_text(encoding="utf-8").split("\n")
    groups = (group.split("+") for line in lines if not line.startswith("#") for group in line.split())
    return frozenset(word for stem, *ends in groups for word in (stem, *(stem + end for end in ends)))


def build_alternation(forms: Iterable[str], blank: str = r"\s") -> str:
    """A pattern for any of these forms, the longest first; `blank` is the pattern for a blank within a form."""
    return "|".join(
        re.escape(form).replace(r"\ ", blank) for form in sorted(dict.fromkeys(forms), key=len, reverse=True)
    )

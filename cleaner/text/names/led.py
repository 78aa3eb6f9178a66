"""Lines that open with a by-word or a role and hold names and nothing else: "By Jane Doe in Oslo and agencies"."""

import re
from collections.abc import Mapping

from cleaner.text.names.bare import is_bare_name
from cleaner.text.names.bylines import clear_text, find_by_word_end, read_role_form, split_names
from cleaner.text.names.person import Person
from cleaner.text.names.words import CASELESS, EAST_ASIAN, NameLexicon, load_lexicon

MAX_LED_LINE_CHARS = 300
"""The sign-off of a report by six people has about so many; a longer line is a paragraph."""

MAX_LED_WORDS = 24
"""Words of the longest byline without roles: four persons, each with a place."""

_MAX_CASELESS_WORDS = 6
"""Words of a byline in a script without capitals, where a sentence cannot be told by its small words."""

_OPENING_SIGNS = " \t([*_–—-"
_SENTENCE_SIGNS = re.compile(rf"[!?:\"“”„«»…=<>\d]|{EAST_ASIAN.pattern}")
"""What stands in sentences and addresses, and in no byline whose roles and dates are taken out; and the scripts whose
words no blanks part."""
_WORD = re.compile(r"[^\W\d_]+(?:[’'.-]+[^\W\d_]+)*")
_ELISION = re.compile(r"(?:d|l|dell|dall|all|al|el)[’'-](?=[^\W\d_])")
"""A small word that sticks to a name: "dell’Agenzia", "al-Assad"."""


def parse_led_byline(
    line: str, language: str | None = None, *, agencies: Mapping[str, str] | None = None
) -> list[Person]:
    """The persons of a line that opens with a by-word or the phrase of a role, where every word belongs to a byline.

    Names have capitals, and what is written small joins them or says where they are, whom they write for and what they
    do. Empty for any other line: a sentence, a headline, the credit of a picture."""
    if len(line) > MAX_LED_LINE_CHARS or not is_led(line, language):
        return []
    words = load_lexicon()
    cleared = clear_text(line, language).lstrip(_OPENING_SIGNS)
    if not _has_only_names(words.roles.sub(" ; ", cleared), words, agencies or {}):
        return []
    names = split_names(line, language, agencies=agencies)
    return names if all(_is_full_name(person.name, language) for person in names) else []


def is_led(line: str, language: str | None, *, by_role: bool = False) -> bool:
    """Whether a by-word or a role opens a line; `by_role`, only a role. Roles of pictures open their credits."""
    words = load_lexicon()
    opening = words.roles.match(line.lstrip(_OPENING_SIGNS))
    if opening is None:
        return not by_role and find_by_word_end(line, language, words) > 0
    return words.role_of.get(read_role_form(opening)) != "photography"


def _has_only_names(text: str, words: NameLexicon, agencies: Mapping[str, str]) -> bool:
    """Whether every word has a capital, is an agency or one that is written small in bylines, and no sign is one of
    sentences.
    """
    if _SENTENCE_SIGNS.search(text):
        return False
    said = [_ELISION.sub("", word) for word in _WORD.findall(text)]
    most = _MAX_CASELESS_WORDS if CASELESS.search(text) else MAX_LED_WORDS * (1 + text.count(";"))
    return len(said) <= most and all(
        word[0].isupper() or CASELESS.match(word) or word.casefold() in words.small or word in agencies for word in said
    )


def _is_full_name(name: str, language: str | None) -> bool:
    """Whether a name has two words and the shape of one."""
    return " " in name and (CASELESS.search(name) is not None or is_bare_name(name, language, strict=False))

"""Lines that hold nothing but one name: "Jane Doe"."""

import re
from functools import partial
from itertools import filterfalse, islice

from cleaner.text.names.persons import is_loud
from cleaner.text.names.words import EAST_ASIAN, NameLexicon, load_lexicon

_MAX_NAME_CHARS = 45
"""A longer line is no single name."""

_NAME_WORDS = range(2, 6)
"""Words of a bare name, initials, particles and "Jr." among them."""

_MIN_SHOUTED_CHARS = 3
"""The shortest first word in capitals that makes the rest of a line something else than a name: "MDR Thüringen"."""

_INITIAL = re.compile(r"[^\W\d_a-z]\.(?:-?[^\W\d_a-z]\.)?|[^\W\d_a-z]")
_WORD_CLASSES = re.compile(
    r"(?P<n>(?:[DLO][’']|Mc|Mac|De|La|Le|Di)?[^\W\d_a-z][^\W\d_A-Z]+(?:[-’'][^\W\d_]{2,})*)"
    rf"|(?P<i>{_INITIAL.pattern})"
)
"""A capitalised word, or an initial; the group says which."""
_SURNAME = re.compile(r"(?:wicz|vić|enko|chuk|shvili|poulos|dóttir|sson|енко|чук|швили)$")
"""Endings of family names and of nothing else."""
_SHAPE = re.compile(r"(?=.*n.*n|.*i)(?=[^n]*(?:n[^n]*){1,4}\Z)[pni]*[ns]")
"""Particles, one to four full names and initials in any order; the last word is a full name or "Jr.".

One full name alone needs an initial."""
_HAN_NAME = r"(?:[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,3}[ \u3000][\u4e00-\u9fff\u3005\u3040-\u30ff]{1,3})"
"""A Chinese or Japanese name; a blank may part family and given name."""
_EAST_ASIAN_NAME = re.compile(
    rf"[\uac00-\ud7a3]{{3}}\s?(?:기자|특파원|선임기자)"
    rf"|[（(]?(?:(?:文|撰文|作者|编辑|責編|责编|執筆)\s?[/／:：|・]|(?:记者|記者|本报记者|編集委員)\s?[/／:：|]?)\s?{_HAN_NAME}[)）]?"
    rf"|{_HAN_NAME}\s?(?:记者|記者)"
)
"""A Korean name with the word for reporter, a Chinese or Japanese one with such a word."""


def is_bare_name(text: str, language: str | None = None, *, strict: bool = True) -> bool:
    """Whether a bare line is one person's name and nothing else.

    Two to four capitalised words with initials and particles between, none of them a word of menus, sections or jobs,
    and the first a given name of the table (any of them in Hungarian and Vietnamese, where the family comes first) or
    the last a surname by its ending. In Korean a name with the word for reporter, in Chinese and Japanese a name with
    such a word. Doubtful lines are refused. Not `strict`, the given name need not be known: for a place where nearly
    only a name can stand, as between the title and a date."""
    line = " ".join(text.split()).rstrip(" ,&|·•")
    if len(line) > _MAX_NAME_CHARS or EAST_ASIAN.search(line):
        return _EAST_ASIAN_NAME.fullmatch(line) is not None
    words = load_lexicon()
    parts = line.split(" ")
    if parts[0].strip(".").casefold() in words.degrees:
        parts = parts[1:]
    if len(parts) not in _NAME_WORDS or not _has_shape_of_name(parts, words):
        return False
    is_shouted = line.isupper()
    first = parts[0].casefold()
    is_town = line.casefold() in words.towns or (first in words.towns and first not in words.given)
    if is_town or (is_loud(parts[0], _MIN_SHOUTED_CHARS) and not is_shouted):
        return False
    return _is_known_name(parts, words, language) if strict else not is_shouted


def _has_shape_of_name(parts: list[str], words: NameLexicon) -> bool:
    """Whether full words, initials and particles stand as in a name: a pattern of one letter for each word."""
    return _SHAPE.fullmatch("".join(map(partial(_classify_word, words=words), parts))) is not None


def _classify_word(part: str, words: NameLexicon) -> str:
    """p(article), n(ame), i(nitial), s(uffix), or x for what stands in no name."""
    bare = part.strip(".,")
    key = bare.casefold()
    if bare in words.particles:
        return "p"
    if key in words.no_names:
        return "x"
    if is_loud(part, _MIN_SHOUTED_CHARS) and part.isalpha():
        return "n"
    if shape := _WORD_CLASSES.fullmatch(part):
        return str(shape.lastgroup)
    return "s" if key in words.suffixes else "x"


def _is_known_name(parts: list[str], words: NameLexicon, language: str | None) -> bool:
    """Whether the given name is in the table, or the family name has the ending of one."""
    given = islice(filterfalse(_INITIAL.fullmatch, parts[:2]), 1)
    keys = (part.split("-")[0].casefold() for part in (parts if language in words.family_first else given))
    return not words.given.isdisjoint(keys) or _SURNAME.search(parts[-1]) is not None

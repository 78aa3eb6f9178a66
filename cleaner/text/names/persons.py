"""One piece of a byline, one person: the name in it, without job and place, in normal case."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from itertools import chain, dropwhile, takewhile
from typing import NamedTuple

from cleaner.text.languages.model import Role
from cleaner.text.names.person import Person
from cleaner.text.names.words import CASELESS, EAST_ASIAN, EAST_ASIAN_NAME, INITIALS, NameLexicon, load_lexicon

_MAX_NAME_WORDS = 7
"""Words of the longest name, particles among them."""

_MAX_GRADED_WORDS = 2
"""So many words before a job, the last of which is a grade, are no name: "Deputy Editor", "Senior Political Editor"."""

_MAX_AGENCY_WORDS = 3
"""Words of the longest agency behind a name; one alone is a surname unless it is in capitals."""

_MIN_WORD_CHARS = 3
"""The shortest word that is a name by itself, and not an initial or a particle."""

_MIN_SHOUTED_CHARS = 4
"""The shortest word in capitals that is a name, and not initials ("JFK")."""

_MAX_INITIALS_CHARS = 2
"""Capitals that stay as they are: "AJ Taylor"."""

_NAME_BEFORE_NUMBER = re.compile(r"\A([^\W\d_]{3,})\d")
"""A name to which a number sticks: "Doe5 hours ago"."""
_NO_NAME_SIGNS = re.compile(r"[@#_:%€$!?=<>\d]")
"""Signs that end a name: what follows is an address, an amount, a date or a sentence."""
_ELIDED_PARTICLE = re.compile(r"(?:d|l|al|el|o|van|von)[’'-]?[^\W\d_]")
"""A particle that sticks to a name: "d'Arc", "al-Assad"."""
_CAMEL_CASE_JOINT = re.compile(r"(?<=[^\W\d_])(?=[^\W\d_a-z][a-z])")
"""Where a blank was lost between two words, or a name has a capital inside: "FosterTravel", "McDonald"."""
_SHORT_NAME = re.compile(r"[^\W\d_a-z][a-z]")
"""A family name of two letters, which a degree would write with another capital or with points: "Rui Ma"."""
_ACRONYM = re.compile(r"(?:(?![AEIOUYÄÖÜÁÉÍÓÚÅØÆ])[A-ZÀ-Þ]){3,5}")
"""Capitals without a vowel: "MDR"."""
_KEPT_INITIALS = re.compile(rf"(?=.*\.|.\Z)(?:{INITIALS.pattern})")
"""Initials that stay as they are: one letter, or some with points."""
_MC = re.compile(r"\AMc([^\W\d_])(?=..)")
"""Mc that opens a name, in a word of five letters and more, and the letter behind it, which is a capital."""
_EAST_ASIAN_JOINTS = re.compile(r"[\s、，,；;/／|()（）\[\]［］【】:：=＝&]+")
_INSTITUTION = re.compile(
    r"[社网網报報台臺局部室团版]$|新闻|新聞|통신|뉴스|신문|일보|編集部|编辑部|デジタル|オンライン|来源|來源|공유|구독"
)
"""What a house or a desk has in its name, or a button of the page: "news", "editorial", "source", "share"."""


_NAME_SIGN = r"[\u4e00-\u9fff\u3005\u3040-\u30ff]"
_PARTED_NAME = re.compile(rf"{_NAME_SIGN} {_NAME_SIGN}{{1,2}}")
"""A family name of one sign and the given name, as in China."""
_PARTED_JAPANESE_NAME = re.compile(rf"{_NAME_SIGN}{{1,3}} {_NAME_SIGN}{{1,3}}")
"""Family and given name of Japan: 佐々木 is the longest usual one; a whole name has four signs as a rule."""


class _NameEnds(NamedTuple):
    """Words that end a name they stand behind."""

    degrees: frozenset[str]
    places: frozenset[str]
    """Words before a place, written small; particles of names of three letters and more are none ("des", "von")."""
    desks: frozenset[str]
    """Words of desks, written small, which stand behind a name as jobs do."""


@cache
def _collect_name_ends() -> _NameEnds:
    """The words of all languages that end a name, without those that stand in names or are jobs as well."""
    words = load_lexicon()
    long = {word for word in words.particles if len(word) >= _MIN_WORD_CHARS}
    return _NameEnds(words.degrees - words.jobs, words.places - long, words.desks - words.particles)


def is_loud(word: str, least: int) -> bool:
    """Whether a word of at least so many signs is in capitals."""
    return len(word) >= least and word.isupper()


def is_shouted(piece: str) -> bool:
    """A piece in capitals, or with capitals where a given name would be."""
    first = piece.split()[0]
    return is_loud(piece, _MIN_SHOUTED_CHARS) or (first.isalpha() and is_loud(first, _MIN_WORD_CHARS))


def extract_person(piece: str, words: NameLexicon, agencies: Mapping[str, str]) -> str | None:
    """The name that a piece of a byline holds, without job and place; None if it holds none.

    The keys of `agencies` are case-folded; neither an agency nor a town is a person."""
    if agencies.get(piece.casefold()):
        return None
    parts = map(partial(_split_glued, words=words), _drop_agency(piece.split(), agencies))
    taken = _take_name(list(chain.from_iterable(parts)), words)
    name = list(dropwhile(words.particles.__contains__, reversed(taken)))[::-1]
    if not 1 <= len(name) <= _MAX_NAME_WORDS or not _is_person(name, words):
        return None
    joined = " ".join(name)
    key = joined.casefold()
    return None if agencies.get(key) or key in words.towns else normalize_case(joined)


def _drop_agency(parts: list[str], agencies: Mapping[str, str]) -> list[str]:
    """The words of a piece without the agency that stands right behind the name: "Jane Doe Associated Press"."""
    for size in range(min(_MAX_AGENCY_WORDS, len(parts) - 2), 0, -1):  # two words are a name
        behind = " ".join(parts[-size:])
        if behind.casefold() in agencies and (size > 1 or behind.isupper()):
            return parts[:-size]
    return parts


def _take_name(parts: list[str], words: NameLexicon) -> list[str]:
    """The words before the first that is no part of a name, without a job before it ("our correspondent Jane Doe")."""
    ends = _collect_name_ends()
    name: list[str] = []
    for part in dropwhile(lambda part: part.islower() and _is_of_job(_strip_points(part), words), parts):
        if _NO_NAME_SIGNS.search(part):
            return name + _NAME_BEFORE_NUMBER.findall(part)
        key = _strip_points(part)
        small = key if part[0].islower() else ""
        is_degree = key in ends.degrees and not _SHORT_NAME.fullmatch(part)
        if key in words.stops or (name and (is_degree or small in ends.places)):
            return name
        if key in words.jobs or small in ends.desks:
            return _drop_grades(name, words)
        name.append(part)
    return name


def _strip_points(part: str) -> str:
    """A word as the lexicon has it."""
    return part.strip(".,:;").casefold()


def _is_of_job(key: str, words: NameLexicon) -> bool:
    """Whether a word is a job or the grade of one."""
    return key in words.jobs or key in words.grades


def _drop_grades(name: list[str], words: NameLexicon) -> list[str]:
    """A name without the words that belong to the job behind it; nothing where hardly more stands there."""
    grades = list(takewhile(lambda word: word.casefold() in words.grades, reversed(name)))
    kept = name[: len(name) - len(grades)]
    return kept if len(kept) >= _MAX_GRADED_WORDS or not grades else []


def _split_glued(word: str, words: NameLexicon) -> list[str]:
    """ "FosterTravel" is two words if the second belongs to a job; "McDonald" is one."""
    for cut in _CAMEL_CASE_JOINT.finditer(word, _MIN_WORD_CHARS):
        if word[cut.end() :].strip(".,").casefold() in words.glued_tails:
            return [word[: cut.start()], word[cut.start() :]]
    return [word]


def _is_person(parts: list[str], words: NameLexicon) -> bool:
    """Capitalised words and particles, at least one a real word, none of them a desk or a section."""
    is_lone_initial = len(parts) == 1 and (parts[0].isupper() or len(parts[0]) < _MIN_WORD_CHARS)
    if is_lone_initial or _ACRONYM.fullmatch(parts[0]):
        return False  # "MDR THÜRINGEN"
    return all(map(partial(_is_name_part, words=words), parts)) and any(map(_is_real_word, parts))


def _is_name_part(part: str, words: NameLexicon) -> bool:
    """A capitalised word that is no desk, a particle, or a word in a script without capitals."""
    key = part.strip(".,'’").casefold()
    if CASELESS.match(part):
        return True
    if part[0].isupper():
        return key not in words.desks
    return key in words.particles or _ELIDED_PARTICLE.match(part) is not None


def _is_real_word(part: str) -> bool:
    """More than initials or a particle."""
    least = _MIN_SHOUTED_CHARS if INITIALS.fullmatch(part) else _MIN_WORD_CHARS
    return CASELESS.match(part) is not None or (part[0].isupper() and len(part.strip(".,'’")) >= least)


def normalize_case(name: str) -> str:
    """ "Antoine LAMBROSCHINI" -> "Antoine Lambroschini"; initials, McDonald and de la Cruz stay right."""
    parts = name.split()
    shouted = all(map(str.isupper, filter(lambda part: part[0].isalpha(), parts)))
    particles = load_lexicon().particles
    return " ".join(
        _normalize_part(part, shouted, part.casefold() in particles, number == 0 or part == parts[-1])
        for number, part in enumerate(parts)
    )


def _normalize_part(part: str, shouted: bool, is_particle: bool, is_outer: bool) -> str:
    """One word of a name: `shouted` if the whole name is in capitals, `is_outer` for its first and last word."""
    is_short = len(part) <= _MAX_INITIALS_CHARS and not (shouted and is_particle)
    if is_short or not part.isupper() or _KEPT_INITIALS.fullmatch(part):
        return part
    if is_particle and not is_outer and (shouted or len(part) <= _MIN_WORD_CHARS):
        return part.casefold()
    return _fix_capitals(part)


def _fix_capitals(word: str) -> str:
    """ "O'NEILL" -> "O'Neill", "MCDONALD" -> "McDonald", "JEAN-PIERRE" -> "Jean-Pierre"."""
    return _MC.sub(
        lambda match: f"Mc{match[1].upper()}", re.sub(r"[^-'’.]+", lambda match: match[0].capitalize(), word)
    )


def find_east_asian_persons(
    clause: str, role: Role, words: NameLexicon, agencies: Mapping[str, str], language: str | None
) -> Iterator[Person]:
    """The persons of a Chinese, Japanese or Korean byline; words for a role stand alone or stick to a name.

    One that stands alone or sticks to the front of a name holds for the names behind it, until the next."""
    for token in _split_east_asian(clause, words, language):
        written = token.strip(" .。·•-—")
        if agencies.get(written.casefold()):
            continue
        if written in words.glued_roles:
            role = words.glued_roles[written]
            continue
        written, role = _strip_roles(written, role, words)
        if _is_east_asian_name(written, agencies):
            yield Person(written, role, token)
        elif not EAST_ASIAN.search(written) and " " in (name := extract_person(written, words, agencies) or ""):
            yield Person(name, role, token)


def _split_east_asian(clause: str, words: NameLexicon, language: str | None) -> Iterator[str]:
    """The pieces of a byline, of which family and given name that a blank parts are one: 山田 太郎, 王　毅."""
    clause = words.role_dot.sub(r"\1 /", clause)
    tokens = _EAST_ASIAN_JOINTS.split(clause)
    blanks = [*map(str.isspace, _EAST_ASIAN_JOINTS.findall(clause)), False]
    at = 0
    while at < len(tokens):
        is_parted = blanks[at] and _is_parted_name(tokens[at], tokens[at + 1], words, language)
        yield " ".join(tokens[at : at + 1 + is_parted])
        at += 1 + is_parted


def _is_parted_name(family: str, given: str, words: NameLexicon, language: str | None) -> bool:
    """Whether two words are one name: in Japanese each shorter than a whole name, elsewhere a family of one sign."""
    pattern = _PARTED_JAPANESE_NAME if language == "ja" else _PARTED_NAME
    is_name = pattern.fullmatch(f"{family} {given}") is not None
    return is_name and words.glued_roles.keys().isdisjoint((family, given))


def _strip_roles(written: str, role: Role, words: NameLexicon) -> tuple[str, Role]:
    """A name without the words that stick to both its ends; the one before it gives the role."""
    head = _find_glued_role(written, written.startswith, words)
    name = written.removeprefix(head)
    return name.removesuffix(_find_glued_role(name, name.endswith, words)), words.glued_roles.get(head, role)


def _find_glued_role(written: str, is_at_end: Callable[[str], bool], words: NameLexicon) -> str:
    """The longest word for a role at this end of a name of two signs and more; "" if none is there."""
    return next((word for word in filter(is_at_end, words.glued_roles) if 1 < len(word) < len(written) - 1), "")


def _is_east_asian_name(written: str, agencies: Mapping[str, str]) -> bool:
    """Whether this is a whole name and neither an agency nor a house."""
    is_house = _INSTITUTION.search(written) or agencies.get(written.casefold())
    return EAST_ASIAN_NAME.fullmatch(written.replace(" ", "")) is not None and not is_house

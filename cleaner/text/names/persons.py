"""One piece of a byline, one person: the name in it, without job and place, in normal case."""

import re
from collections.abc import Iterator, Mapping

from cleaner.text.languages.model import Role
from cleaner.text.names.person import Person
from cleaner.text.names.words import CASELESS, EAST_ASIAN, EAST_ASIAN_NAME, INITIALS, NameLexicon, load_lexicon

_MAX_NAME_WORDS = 7
"""Words of the longest name, particles among them."""

_MAX_GRADED_WORDS = 2
"""So many words before a job, the last of which is a grade, are no name: "Deputy Editor", "Senior Political Editor"."""

_AGENCY_WORDS = (3, 2, 1)
"""Words of an agency behind a name; one alone is a surname unless it is in capitals."""

_MIN_WORD_CHARS = 3
"""The shortest word that is a name by itself, and not an initial or a particle."""

_MIN_SHOUTED_CHARS = 4
"""The shortest word in capitals that is a name, and not initials ("JFK")."""

_MAX_INITIALS_CHARS = 2
"""Capitals that stay as they are: "AJ Taylor"."""

_MIN_MC_CHARS = 5
"""The shortest word in which Mc opens a name."""

_DIGITS = re.compile(r"\d")
_NAME_BEFORE_NUMBER = re.compile(r"\A([^\W\d_]{3,})\d")
"""A name to which a number sticks: "Doe5 hours ago"."""
_NO_NAME_SIGNS = re.compile(r"[@#_:%€$!?=<>]")
"""Signs that end a name: what follows is an address, an amount or a sentence."""
_ELIDED_PARTICLE = re.compile(r"(?:d|l|al|el|o|van|von)[’'-]?[^\W\d_]")
"""A particle that sticks to a name: "d'Arc", "al-Assad"."""
_CAMEL_CASE_JOINT = re.compile(r"(?<=[^\W\d_])(?=[^\W\d_a-z][a-z])")
"""Where a blank was lost between two words, or a name has a capital inside: "FosterTravel", "McDonald"."""
_ACRONYM = re.compile(r"(?:(?![AEIOUYÄÖÜÁÉÍÓÚÅØÆ])[A-ZÀ-Þ]){3,5}")
"""Capitals without a vowel: "MDR"."""
_EAST_ASIAN_JOINTS = re.compile(r"[\s、，,；;/／|()（）\[\]［］【】:：=＝&]+")
_INSTITUTION = re.compile(
    r"[社网網报報台臺局部室团版]$|新闻|新聞|통신|뉴스|신문|일보|編集部|编辑部|デジタル|オンライン|来源|來源|공유|구독"
)
"""What a house or a desk has in its name, or a button of the page: "news", "editorial", "source", "share"."""


_NAME_PART = re.compile(r"[\u4e00-\u9fff\u3005\u3040-\u30ff]{1,3}")
"""A family or a given name of one to three signs."""

MAX_NAME_PART_CHARS = 3
"""Signs of the longest usual family name of Japan: 佐々木; a whole name has four as a rule."""

MAX_GIVEN_CHARS = 2
"""Signs of the longest usual given name of China."""


def is_shouted(piece: str) -> bool:
    """A piece in capitals, or with capitals where a given name would be."""
    first = piece.split()[0]
    is_word = first.isalpha() and len(first) >= _MIN_WORD_CHARS
    return (piece.isupper() and len(piece) >= _MIN_SHOUTED_CHARS) or (is_word and first.isupper())


def extract_person(piece: str, words: NameLexicon, agencies: Mapping[str, str]) -> str | None:
    """The name that a piece of a byline holds, without job and place; None if it holds none."""
    if agencies.get(piece.casefold()):
        return None
    parts = _drop_agency(piece.split(), agencies)
    name = _take_name([part for word in parts for part in _split_glued(word, words)], words)
    while name and name[-1].islower() and name[-1].casefold() in words.particles:
        name.pop()
    if not 1 <= len(name) <= _MAX_NAME_WORDS or not _is_person(name, words):
        return None
    joined = " ".join(name)
    key = joined.casefold()
    return None if agencies.get(key) or key in words.towns else normalize_case(joined)


def _drop_agency(parts: list[str], agencies: Mapping[str, str]) -> list[str]:
    """The words of a piece without the agency that stands right behind the name: "Jane Doe Associated Press"."""
    for size in _AGENCY_WORDS:
        behind = " ".join(parts[-size:])
        if len(parts) > size + 1 and behind.casefold() in agencies and (size > 1 or behind.isupper()):
            return parts[:-size]
    return parts


def _take_name(parts: list[str], words: NameLexicon) -> list[str]:
    """The words before the first that is no part of a name."""
    name: list[str] = []
    for part in parts:
        if _DIGITS.search(part):
            return name + _NAME_BEFORE_NUMBER.findall(part)
        key = part.strip(".,:;").casefold()
        if not name and part.islower() and (key in words.jobs or key in words.grades):
            continue  # "our correspondent Jane Doe"
        if key in words.stops or _NO_NAME_SIGNS.search(part) or (name and _is_place_word(part, key, words)):
            return name
        if key in words.jobs or (key in words.desks and part[0].islower() and key not in words.particles):
            return _drop_grades(name, words)
        if name and key in words.degrees:
            return name
        name.append(part)
    return name


def _is_place_word(part: str, key: str, words: NameLexicon) -> bool:
    """A small word before a place; particles of names of three letters and more are none ("des", "von")."""
    is_particle = key in words.particles and len(key) >= _MIN_WORD_CHARS
    return key in words.places and part[0].islower() and not is_particle


def _drop_grades(name: list[str], words: NameLexicon) -> list[str]:
    """A name without the words that belong to the job behind it; nothing where hardly more stands there."""
    while name and name[-1].casefold() in words.grades:
        if len(name) <= _MAX_GRADED_WORDS:
            return []
        name.pop()
    return name


def _split_glued(word: str, words: NameLexicon) -> list[str]:
    """ "FosterTravel" is two words if the second belongs to a job; "McDonald" is one."""
    for cut in _CAMEL_CASE_JOINT.finditer(word, _MIN_WORD_CHARS):
        if word[cut.end() :].strip(".,").casefold() in words.glued_tails:
            return [word[: cut.start()], word[cut.start() :]]
    return [word]


def _is_person(parts: list[str], words: NameLexicon) -> bool:
    """Capitalised words and particles, at least one a real word, none of them a desk or a section."""
    if _ACRONYM.fullmatch(parts[0]) or not all(_is_name_part(part, words) for part in parts):
        return False  # "MDR THÜRINGEN"
    if len(parts) == 1 and (parts[0].isupper() or len(parts[0]) < _MIN_WORD_CHARS):
        return False
    return any(map(_is_real_word, parts))


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
    letters = len(part.strip(".,'’").casefold())
    is_initials = INITIALS.fullmatch(part) and not (part.isupper() and letters >= _MIN_SHOUTED_CHARS)
    return CASELESS.match(part) is not None or (part[0].isupper() and letters >= _MIN_WORD_CHARS and not is_initials)


def normalize_case(name: str) -> str:
    """ "Antoine LAMBROSCHINI" -> "Antoine Lambroschini"; initials, McDonald and de la Cruz stay right."""
    parts = name.split()
    if not any(map(str.isupper, parts)):
        return " ".join(parts)
    shouted = all(part.isupper() for part in parts if part[0].isalpha())
    particles = load_lexicon().particles
    return " ".join(
        _normalize_part(part, shouted, part.casefold() in particles, number == 0 or part == parts[-1])
        for number, part in enumerate(parts)
    )


def _normalize_part(part: str, shouted: bool, is_particle: bool, is_outer: bool) -> str:
    """One word of a name: `shouted` if the whole name is in capitals, `is_outer` for its first and last word."""
    if not part.isupper() or (INITIALS.fullmatch(part) and ("." in part or len(part) == 1)):
        return part
    if len(part) <= _MAX_INITIALS_CHARS and not (shouted and is_particle):
        return part
    if is_particle and not is_outer and (shouted or len(part) <= _MIN_WORD_CHARS):
        return part.casefold()
    return _fix_capitals(part)


def _fix_capitals(word: str) -> str:
    """ "O'NEILL" -> "O'Neill", "MCDONALD" -> "McDonald", "JEAN-PIERRE" -> "Jean-Pierre"."""
    pieces = re.split(r"([-'’.])", word)
    done = "".join(piece[:1] + piece[1:].lower() for piece in pieces)
    if len(word) < _MIN_MC_CHARS:
        return done
    return re.sub(r"^(Mc)([^\W\d_])", lambda match: match[1] + match[2].upper(), done)


def find_east_asian_persons(
    clause: str, role: Role, words: NameLexicon, agencies: Mapping[str, str], language: str | None
) -> Iterator[Person]:
    """The persons of a Chinese, Japanese or Korean byline; words for a role stand alone or stick to a name."""
    for token in _split_east_asian(clause, words, language):
        written = token.strip(" .。·•-—")
        if not written or agencies.get(written.casefold()):
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
    blanks = [joint.isspace() for joint in _EAST_ASIAN_JOINTS.findall(clause)]
    at = 0
    while at < len(tokens):
        is_parted = at < len(blanks) and blanks[at] and _is_parted_name(tokens[at], tokens[at + 1], words, language)
        yield " ".join(tokens[at : at + 1 + is_parted])
        at += 1 + is_parted


def _is_parted_name(family: str, given: str, words: NameLexicon, language: str | None) -> bool:
    """Whether two words are one name: in Japanese each shorter than a whole name, elsewhere a family of one sign."""
    if family in words.glued_roles or given in words.glued_roles:
        return False
    most = MAX_NAME_PART_CHARS if language == "ja" else 1
    is_given = _NAME_PART.fullmatch(given) is not None and (language == "ja" or len(given) <= MAX_GIVEN_CHARS)
    return len(family) <= most and _NAME_PART.fullmatch(family) is not None and is_given


def _strip_roles(written: str, role: Role, words: NameLexicon) -> tuple[str, Role]:
    """A name without the words that stick to both its ends; the one before it gives the role."""
    glued = [word for word in words.glued_roles if len(word) > 1 and word in written]
    for word in glued:
        if written.startswith(word) and len(written) > len(word) + 1:
            written, role = written[len(word) :], words.glued_roles[word]
            break
    tails = (word for word in glued if written.endswith(word) and len(written) > len(word) + 1)
    return written.removesuffix(next(tails, "")), role


def _is_east_asian_name(written: str, agencies: Mapping[str, str]) -> bool:
    """Whether this is a whole name and neither an agency nor a house."""
    is_house = _INSTITUTION.search(written) or agencies.get(written.casefold())
    return EAST_ASIAN_NAME.fullmatch(written.replace(" ", "")) is not None and not is_house

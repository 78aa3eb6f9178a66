"""One piece of a byline, one person: the name in it, without job and place, in normal case."""

import re
from collections.abc import Iterator, Mapping

from cleaner.text.languages.model import Role
from cleaner.text.names.person import Person
from cleaner.text.names.words import CASELESS, EAST_ASIAN, EAST_ASIAN_NAME, INITIALS, NameLexicon, load_lexicon

_DIGITS = re.compile(r"\d")

_CAMEL_CASE_JOINT = re.compile(r"(?<=[^\W\d_])(?=[^\W\d_a-z][a-z])")

_ACRONYM = re.compile(r"(?:(?![AEIOUYÄÖÜÁÉÍÓÚÅØÆ])[A-ZÀ-Þ]){3,5}")


def is_shouted(piece: str) -> bool:
    """A piece in capitals, or with capitals where a given name would be."""
    first = piece.split()[0]
    return (piece.isupper() and len(piece) > 3) or (first.isupper() and first.isalpha() and len(first) > 2)


def extract_person(piece: str, words: NameLexicon, agencies: Mapping[str, str]) -> str | None:
    """The name that a piece of a byline holds, without job and place; None if it holds none."""
    if agencies.get(piece.casefold()):
        return None
    parts: list[str] = []
    for word in piece.split():
        parts.extend(_split_glued(word, words))
    name: list[str] = []
    for part in parts:
        key = part.strip(".,:;").casefold()
        if digits := _DIGITS.search(part):
            if digits.start() > 2 and part[: digits.start()].isalpha():
                name.append(part[: digits.start()])  # "Doe5 hours ago"
            break
        if any(sign in part for sign in "@#_:%€$!?=<>") or key in words.stops:
            break
        if name and key in words.places and part[0].islower() and not (key in words.particles and len(key) > 2):
            break
        if key in words.jobs or (key in words.desks and part[0].islower() and key not in words.particles):
            while len(name) > 2 and name[-1].casefold() in words.grades:
                name.pop()
            if name and len(name) <= 2 and name[-1].casefold() in words.grades:
                return None  # "Deputy Editor"
            break
        if key in words.degrees and name:
            break
        name.append(part)
    while name and name[-1].casefold() in words.particles and name[-1].islower():
        name.pop()
    if not name or len(name) > 7 or not _is_person(name, words):
        return None
    joined = " ".join(name)
    if agencies.get(joined.casefold()) or joined.casefold() in words.towns:
        return None
    return normalize_case(joined)


def _split_glued(word: str, words: NameLexicon) -> list[str]:
    """ "FosterTravel" is two words if the second belongs to a job; "McDonald" is one."""
    for cut in _CAMEL_CASE_JOINT.finditer(word):
        tail = word[cut.end() :].strip(".,").casefold()
        if cut.start() > 2 and (tail in words.jobs or tail in words.grades or tail in words.stops):
            return [word[: cut.start()], word[cut.start() :]]
    return [word]


def _is_person(parts: list[str], words: NameLexicon) -> bool:
    """Capitalised words and particles, at least one a real word, none of them a desk or a section."""
    real = 0
    for part in parts:
        key = part.strip(".,'’").casefold()
        if CASELESS.match(part):
            real += 1
        elif part[0].isupper():
            real += len(key) > 2 and (not INITIALS.fullmatch(part) or (part.isupper() and len(key) > 3))
            if key in words.desks:
                return False
        elif key not in words.particles and not re.match(r"(?:d|l|al|el|o|van|von)[’'-]?[^\W\d_]", part):
            return False
    if parts[0].isupper() and _ACRONYM.fullmatch(parts[0]):
        return False  # "MDR THÜRINGEN"
    if len(parts) == 1:
        return real == 1 and (len(parts[0]) > 2) and not parts[0].isupper()
    return real >= 1


def normalize_case(name: str) -> str:
    """ "Antoine LAMBROSCHINI" -> "Antoine Lambroschini"; initials, McDonald and de la Cruz stay right."""
    parts = name.split()
    words = load_lexicon()
    shouted = all(part.isupper() for part in parts if part[0].isalpha())
    done: list[str] = []
    for part in parts:
        if not part.isupper() or (INITIALS.fullmatch(part) and ("." in part or len(part) == 1)):
            done.append(part)
        elif len(part) <= 2 and not (shouted and part.casefold() in words.particles):
            done.append(part)  # "AJ Taylor"
        elif (shouted or len(part) <= 3) and done and part.casefold() in words.particles and part != parts[-1]:
            done.append(part.casefold())
        else:
            done.append(_fix_capitals(part))
    return " ".join(done)


def _fix_capitals(word: str) -> str:
    """ "O'NEILL" -> "O'Neill", "MCDONALD" -> "McDonald", "JEAN-PIERRE" -> "Jean-Pierre"."""
    pieces = re.split(r"([-'’.])", word)
    done = "".join(piece[:1] + piece[1:].lower() for piece in pieces)
    return re.sub(r"^(Mc)([^\W\d_])", lambda match: match[1] + match[2].upper(), done) if len(word) > 4 else done


def find_east_asian_persons(
    clause: str, role: Role, words: NameLexicon, agencies: Mapping[str, str]
) -> Iterator[Person]:
    """The persons of a Chinese, Japanese or Korean byline; words for a role stand alone or stick to a name."""
    for token in re.split(r"[\s、，,；;/／|()（）\[\]［］【】:：=＝&]+", clause):
        written = token.strip(" .。·•-—")
        if not written or agencies.get(written.casefold()):
            continue
        if written in words.glued_roles:
            role = words.glued_roles[written]
            continue
        for word in words.glued_roles:
            if len(word) > 1 and written.startswith(word) and len(written) > len(word) + 1:
                written, role = written[len(word) :], words.glued_roles[word]
                break
        for word in words.glued_roles:
            if len(word) > 1 and written.endswith(word) and len(written) > len(word) + 1:
                written = written[: -len(word)]
                break
        if (
            EAST_ASIAN_NAME.fullmatch(written)
            and not agencies.get(written.casefold())
            and not _INSTITUTION.search(written)
        ):
            yield Person(written, role, token)
        elif not EAST_ASIAN.search(written) and (name := extract_person(written, words, agencies)) and " " in name:
            yield Person(name, role, token)


_INSTITUTION = re.compile(
    r"[社网網报報台臺局部室团版]$|新闻|新聞|통신|뉴스|신문|일보|編集部|编辑部|デジタル|オンライン|来源|來源|공유|구독"
)

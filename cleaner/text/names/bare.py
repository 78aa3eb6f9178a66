"""Lines that hold nothing but names: "Jane Doe", "Jane Doe, Political Editor"."""

import re
from collections.abc import Mapping

from cleaner.text.names.bylines import GLUED_BY, split_names
from cleaner.text.names.person import Person
from cleaner.text.names.words import EAST_ASIAN, NameLexicon, load_lexicon

MAX_BARE_LINE_CHARS = 80
"""A longer line holds more than names and jobs."""

_MAX_NAME_CHARS = 45
"""A longer line is no single name."""

_NAME_WORDS = range(2, 6)
"""Words of a bare name, initials, particles and "Jr." among them."""

_FULL_WORDS = range(1, 5)
"""Those that are neither: one full word alone needs an initial before it."""

_MIN_SHOUTED_CHARS = 3
"""The shortest first word in capitals that makes the rest of a line something else than a name: "MDR Thüringen"."""

_JOINTS = re.compile(r"\s*[,/&]\s*")
_CAPITALISED_WORD = re.compile(r"(?:[DLO][’']|Mc|Mac|De|La|Le|Di)?[^\W\d_a-z][^\W\d_A-Z]+(?:[-’'][^\W\d_]{2,})*")
_INITIAL = re.compile(r"[^\W\d_a-z]\.(?:-?[^\W\d_a-z]\.)?|[^\W\d_a-z]")
_SURNAME = re.compile(r"(?:wicz|vić|enko|chuk|shvili|poulos|dóttir|sson|енко|чук|швили)$")
"""Endings of family names and of nothing else."""
_SHAPE = re.compile(r"[pni]*[ns]")
"""Particles, full names and initials in any order; the last word is a full name or "Jr."."""
_HAN_NAME = r"(?:[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,3}[ \u3000][\u4e00-\u9fff\u3005\u3040-\u30ff]{1,3})"
"""A Chinese or Japanese name; a blank may part family and given name."""
_EAST_ASIAN_NAME = re.compile(
    rf"[\uac00-\ud7a3]{{3}}\s?(?:기자|특파원|선임기자)"
    rf"|[（(]?(?:(?:文|撰文|作者|编辑|責編|责编|執筆)\s?[/／:：|・]|(?:记者|記者|本报记者|編集委員)\s?[/／:：|]?)\s?{_HAN_NAME}[)）]?"
    rf"|{_HAN_NAME}\s?(?:记者|記者)"
)
"""A Korean name with the word for reporter, a Chinese or Japanese one with such a word."""


def parse_bare_byline(
    line: str, language: str | None = None, *, agencies: Mapping[str, str] | None = None, strict: bool = True
) -> list[Person]:
    """The persons of a line that holds nothing but names, perhaps with their jobs; empty for any other line.

    One of them must be known for a name by its given name or by a job behind it, unless not `strict`, as in
    `is_bare_name`."""
    if len(line) > MAX_BARE_LINE_CHARS:
        return []
    if glued := GLUED_BY.match(line):
        line, strict = line[glued.end() :], False
    parts = _JOINTS.split(line)
    if not _is_possible_name(parts[0]):
        return []
    names_only = [part for part in parts if not _is_job(part)]
    if not all(map(_is_possible_name, names_only)):
        return []
    sure = not strict or len(names_only) < len(parts)
    parts = names_only
    names: list[Person] = []
    for part in parts:
        found = split_names(part, language, agencies=agencies)
        trust = _judge_part(part, found[0].name, language) if len(found) == 1 else None
        if trust is None:
            return []
        sure = sure or trust
        names += found
    return names if sure else []


def _is_job(part: str) -> bool:
    """Whether a part is a job, perhaps with its place: "Political Editor", "correspondante à Londres"."""
    words = load_lexicon()
    said = part.split()
    at = next((at for at, word in enumerate(said) if word.islower() and word in words.places), len(said))
    keys = [word.strip(".").casefold() for word in said[:at]]
    is_placed = all(word[0].isupper() for word in said[at + 1 :])
    is_known = all(key in words.jobs or key in words.grades for key in keys)
    return is_placed and is_known and not words.jobs.isdisjoint(keys)


def _judge_part(part: str, name: str, language: str | None) -> bool | None:
    """Whether a part is known to be this name, by its given name or a job behind it; None if it is something else."""
    if EAST_ASIAN.search(part):
        return True if is_bare_name(part, language) else None
    job = part[len(name) :].split() if part.casefold().startswith(name.casefold()) else []
    if job and (job[-1].isupper() or job[-1].casefold() not in load_lexicon().jobs):
        return None
    shown = part[: len(name)] if job else part
    if is_bare_name(shown, language):
        return True
    return bool(job) if is_bare_name(shown, language, strict=False) else None


def _is_possible_name(text: str) -> bool:
    """Whether the first two words of a bare line leave it open that `is_bare_name`: most lines end here."""
    if EAST_ASIAN.search(text):
        return True
    words = load_lexicon()
    first, _, rest = " ".join(text.split(None, 2)[:2]).partition(" ")
    if not rest:
        return False
    key = first.strip(".,").casefold()
    if key in words.particles or key in words.degrees:
        return True
    if key in words.no_names or not first[0].isalpha():
        return False
    is_small = rest.isascii() and rest.isalpha() and rest.islower()
    return not is_small or rest in words.particles or rest in words.suffixes


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
    if is_town or (parts[0].isupper() and len(parts[0]) >= _MIN_SHOUTED_CHARS and not is_shouted):
        return False
    return _is_known_name(parts, words, language) if strict else not is_shouted


def _has_shape_of_name(parts: list[str], words: NameLexicon) -> bool:
    """Whether full words, initials and particles stand as in a name."""
    shape = "".join(_classify_word(part, words) for part in parts)
    full = shape.count("n")
    return _SHAPE.fullmatch(shape) is not None and full in _FULL_WORDS and (full > 1 or "i" in shape)


def _classify_word(part: str, words: NameLexicon) -> str:
    """p(article), n(ame), i(nitial), s(uffix), or x for what stands in no name."""
    key = part.strip(".,").casefold()
    if part.islower() and key in words.particles:
        return "p"
    if key in words.no_names:
        return "x"
    if _CAPITALISED_WORD.fullmatch(part) or (part.isupper() and part.isalpha() and len(part) >= _MIN_SHOUTED_CHARS):
        return "n"
    if _INITIAL.fullmatch(part):
        return "i"
    return "s" if key in words.suffixes else "x"


def _is_known_name(parts: list[str], words: NameLexicon, language: str | None) -> bool:
    """Whether the given name is in the table, or the family name has the ending of one."""
    given = [part for part in parts[:2] if not _INITIAL.fullmatch(part)][:1]
    asked = parts if language in words.family_first else given
    return not words.given.isdisjoint(part.split("-")[0].casefold() for part in asked) or bool(
        _SURNAME.search(parts[-1])
    )

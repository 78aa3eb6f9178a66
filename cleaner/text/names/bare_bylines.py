"""Lines that hold nothing but names, perhaps with their jobs: "Jane Doe, Political Editor"."""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

from cleaner.text.names.bare import is_bare_name
from cleaner.text.names.bylines import GLUED_BY, split_names
from cleaner.text.names.person import Person
from cleaner.text.names.words import EAST_ASIAN, load_lexicon

MAX_BARE_LINE_CHARS = 80
"""A longer line holds more than names and jobs."""

_MAX_JOB_WORDS = 5
"""Words of the longest job that is known by its last one: "Politics and Health Care Reporter"."""

_JOINTS = re.compile(r"\s*[,/&|]\s*")
"""What parts two names, or a name and a job."""

_SMALL_WORD = re.compile(r"[a-z]+")
"""A second word that no name has, unless it is a particle: most sentences show one."""


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
    called = [part for part in parts if not _is_job(part)]
    if not all(map(_is_possible_name, called)):
        return []
    sure = not strict or len(called) < len(parts)
    names: list[Person] = []
    for part in called:
        found = split_names(part, language, agencies=agencies)
        trust = _judge_part(part, found, language)
        if trust is None:
            return []
        sure |= trust
        names += found
    return names if sure else []


def _is_job(part: str) -> bool:
    """Whether a part is a job, perhaps with its place: "Political Editor", "correspondante à Londres".

    Some words before the place end in a job, or all are jobs or grades, one of them a job; what is behind has
    capitals."""
    words = load_lexicon()
    said = part.split()
    titles = list(takewhile(lambda word: word not in words.places, said))
    keys = {word.strip(".").casefold() for word in titles}
    is_joined = 1 < len(titles) <= _MAX_JOB_WORDS and any(map(str.islower, titles))
    is_called = is_joined and titles[-1].casefold() in words.jobs
    is_known = is_called or (keys - words.jobs <= words.grades and not keys.isdisjoint(words.jobs))
    return is_known and all(word[0].isupper() for word in said[len(titles) + 1 :])


def _judge_part(part: str, found: Sequence[Person], language: str | None) -> bool | None:
    """Whether a part is known to be the one name found in it, by its given name or a job behind it; None if it is
    something else, or holds more than one."""
    if len(found) != 1:
        return None
    name = found[0].name
    is_ahead = part.casefold().startswith(name.casefold()) and not EAST_ASIAN.search(part)
    end = len(name) if is_ahead else len(part)
    shown, job = part[:end], part[end:].split()
    if job and (job[-1].isupper() or job[-1].casefold() not in load_lexicon().jobs):
        return None
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
    return not _SMALL_WORD.fullmatch(rest) or rest in words.particles or rest in words.suffixes

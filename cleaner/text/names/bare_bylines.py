"""Lines that hold nothing but names, perhaps with their jobs: "Jane Doe, Political Editor"."""

import re
from collections.abc import Mapping

from cleaner.text.names.bare import is_bare_name
from cleaner.text.names.bylines import GLUED_BY, split_names
from cleaner.text.names.person import Person
from cleaner.text.names.words import EAST_ASIAN, load_lexicon

MAX_BARE_LINE_CHARS = 80
"""A longer line holds more than names and jobs."""

_JOINTS = re.compile(r"\s*[,/&]\s*")


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

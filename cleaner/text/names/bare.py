"""Lines that hold nothing but names: "Jane Doe", "Jane Doe, Political Editor"."""

import re
from collections.abc import Mapping

from cleaner.text.names.bylines import GLUED_BY, split_names
from cleaner.text.names.person import Person
from cleaner.text.names.words import EAST_ASIAN, load_lexicon

MAX_BARE_LINE_CHARS = 80

_NAME_JOINTS = re.compile(r"\s*[,/&]\s*")

_CAPITALISED_WORD = re.compile(r"(?:[DLO][’']|Mc|Mac|De|La|Le|Di)?[^\W\d_a-z][^\W\d_A-Z]+(?:[-’'][^\W\d_]{2,})*")

_INITIAL = re.compile(r"[^\W\d_a-z]\.(?:-?[^\W\d_a-z]\.)?|[^\W\d_a-z]")

_SURNAME = re.compile(r"(?:wicz|vić|enko|chuk|shvili|poulos|dóttir|sson|енко|чук|швили)$")  # family names only

_KOREAN_REPORTER = re.compile(r"[\uac00-\ud7a3]{3}\s?(?:기자|특파원|선임기자)")

_EAST_ASIAN_LABELLED_NAME = re.compile(
    r"[（(]?(?:(?:文|撰文|作者|编辑|責編|责编|執筆)\s?[/／:：|]|(?:记者|記者|本报记者|編集委員)\s?[/／:：|]?)\s?[\u4e00-\u9fff]{2,4}[)）]?"
    r"|[\u4e00-\u9fff]{2,4}\s?(?:记者|記者)"
)


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
    names: list[Person] = []
    sure = not strict
    parts = _NAME_JOINTS.split(line)
    if not all(map(_is_possible_name, parts)):
        return []
    for part in parts:
        found = split_names(part, language, agencies=agencies)
        if len(found) != 1:
            return []
        name = found[0].name
        job = part[len(name) :].split() if part.casefold().startswith(name.casefold()) else []
        if job and (job[-1].casefold() not in load_lexicon().jobs or job[-1].isupper()):
            return []
        shown = part[: len(name)] if job else part
        known = is_bare_name(shown, language)
        if not known and not is_bare_name(shown, language, strict=False):
            return []
        sure = sure or known or bool(job)
        names += found
    return names if sure else []


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
    if key in words.jobs or key in words.unnamed or key in words.stops or not first[0].isalpha():
        return False
    small = rest.isascii() and rest.isalpha() and rest.islower()
    return not small or rest in words.particles or rest in words.suffixes


def is_bare_name(text: str, language: str | None = None, *, strict: bool = True) -> bool:
    """Whether a bare line is one person's name and nothing else.

    Two to four capitalised words with initials and particles between, none of them a word of menus, sections or jobs,
    and the first a given name of the table (any of them in Hungarian and Vietnamese, where the family comes first) or
    the last a surname by its ending. In Korean a name with the word for reporter, in Chinese and Japanese a name with
    such a word. Doubtful lines are refused. Not `strict`, the given name need not be known: for a place where nearly
    only a name can stand, as between the title and a date."""
    line = " ".join(text.split()).rstrip(" ,&|·•")
    if len(line) > 45 or EAST_ASIAN.search(line):
        return bool(_KOREAN_REPORTER.fullmatch(line) or _EAST_ASIAN_LABELLED_NAME.fullmatch(line))
    words = load_lexicon()
    parts = line.split(" ")
    if parts[0].strip(".").casefold() in words.degrees:
        parts = parts[1:]
    if not 2 <= len(parts) <= 5:
        return False
    full = 0
    last = len(parts) - 1
    for place, part in enumerate(parts):
        key = part.strip(".,").casefold()
        if part.islower() and key in words.particles:
            if place == last:
                return False
        elif key in words.jobs or key in words.unnamed or key in words.stops:
            return False
        elif _CAPITALISED_WORD.fullmatch(part) or (part.isupper() and part.isalpha() and len(part) > 2):
            full += 1
        elif _INITIAL.fullmatch(part):
            if place == last:
                return False
        elif not (place == last and key in words.suffixes):
            return False
    if not 1 <= full <= 4 or (full == 1 and not any(_INITIAL.fullmatch(part) for part in parts[:-1])):
        return False
    if line.casefold() in words.towns or (len(parts[0]) > 2 and parts[0].isupper() and not line.isupper()):
        return False
    if not strict:
        return not line.isupper()
    asked = (
        parts if language in words.family_first else [part for part in parts[:2] if not _INITIAL.fullmatch(part)][:1]
    )
    return any(part.split("-")[0].casefold() in words.given for part in asked) or bool(_SURNAME.search(parts[-1]))

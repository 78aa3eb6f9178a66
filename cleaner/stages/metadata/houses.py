"""Who signs an article that names no person: an agency, a desk or the paper itself, as its lines say."""

import re
from collections.abc import Iterator, Sequence

from cleaner.document import Block, Fact
from cleaner.facts import AUTHORS
from cleaner.stages.metadata.reading import NEAR_TITLE_LINES, Reading
from cleaner.text.names.bylines import find_signature
from cleaner.text.names.person import Person
from cleaner.text.names.words import load_lexicon
from cleaner.text.shape import count_words

HOUSE_ROLES = frozenset({"byline", "agency", "timestamp", "navigation", "other", "related"})
"""Roles of dropped lines in which an agency may sign: those of pictures name whose picture it is."""

MAX_HOUSE_LINE_WORDS = 16
"""Words of the longest line that a house signs, with the date and the section beside its name."""

MAX_HOUSE_WORDS = 4
"""Words of the longest name of a desk: "The Harbour Times Staff"."""

_PARTS = re.compile(r"\s*[|·•/,;()]\s*|\s+[-–—]\s+")
"""What parts a house from the rest of its line."""

_WORD = re.compile(r"[^\W\d_]+")


def find_house(reading: Reading, last: Sequence[Block]) -> Iterator[Fact]:
    """The author of kind organisation that the first such line near the title, or one of the `last`, names."""
    for block in (*reading.near[:NEAR_TITLE_LINES], *last):
        is_read = block.text or block.role in HOUSE_ROLES
        if is_read and count_words(block.line) <= MAX_HOUSE_LINE_WORDS and (name := _read_house(block, reading)):
            yield AUTHORS.make("metadata.house", Person(name, "author", block.line.strip(), "organisation"), block)
            return


def _read_house(block: Block, reading: Reading) -> str:
    """The name of the agency on a line, or of the desk that signs it behind a by-word; "" for any other line, and for
    one that names several agencies: they are sources.
    """
    agencies = reading.rules.agencies
    parts = (part.strip(" .:") for part in _PARTS.split(block.line))
    known = {agencies[part.casefold()]: part for part in parts if part.casefold() in agencies}
    if len(known) > 1:
        return ""
    named = next(iter(known.values()), "")
    signature = "" if named else find_signature(block.line, reading.language)
    is_desk = block.role == "byline" or not _list_keys(signature).isdisjoint(load_lexicon().desks)
    return named or (signature if signature and is_desk and _is_name(signature) else "")


def _list_keys(text: str) -> set[str]:
    """The words of a name, as the lexicon has them: "IN-Redaktion" has two."""
    return set(map(str.casefold, _WORD.findall(text)))


def _is_name(text: str) -> bool:
    """Whether a signature is written as a name is: short, with a capital."""
    return count_words(text) <= MAX_HOUSE_WORDS and text[0].isupper()

"""Conditions about two lines with a blank line between them: what stands apart there needs more evidence to join."""

from cleaner.stages.rejoin.borders import (
    BARE_NAME_WORDS,
    CLAUSE_WORDS,
    SEPARATOR_CHARS,
    Border,
    is_small,
    is_unspaced_script,
)
from cleaner.stages.rejoin.words import LINKING_WORDS
from cleaner.text.layout import COLONS
from cleaner.text.shape import is_open


def has_ended(at: Border) -> bool:
    """A full stop, a colon or the like, and a blank line behind it."""
    return not at.loose and (not at.is_open or at.end in COLONS)


def has_other_script(at: Border) -> bool:
    """A script with spaces on one side of a blank line, and one without on the other, as in columns of a glossary."""
    left = is_unspaced_script(at.left[0]) or is_unspaced_script(at.end)
    return not at.loose and left != is_unspaced_script(at.start)


def has_no_end(at: Border) -> bool:
    """A short line behind a blank one, without a stop and with nothing that goes on behind it: the sentence would have
    no end."""
    return (
        not (at.loose or at.goes_on)
        and at.size < CLAUSE_WORDS
        and is_open(at.right)
        and at.right[-1] not in SEPARATOR_CHARS
        and at.right.rsplit(None, 1)[-1].lower() not in LINKING_WORDS
    )


def has_small_start(at: Border) -> bool:
    """A single line that begins with a small letter, before a blank one: an item of a list begins so, no sentence."""
    return at.fresh and not at.loose and is_small(at.left[0])


def is_salutation(at: Border) -> bool:
    """A few words and a comma, and behind a blank line a whole sentence: "Dear colleagues,"."""
    return at.fresh and at.end == "," and at.running <= BARE_NAME_WORDS and is_whole_sentence(at)


def is_whole_sentence(at: Border) -> bool:
    """Behind a blank line a capital, and a stop at the end of enough words."""
    return not at.loose and at.start.isupper() and at.size > BARE_NAME_WORDS and not is_open(at.right)


def is_item_behind_semicolon(at: Border) -> bool:
    """A semicolon, with "and" or without, and behind a blank line a capital: items of a list."""
    return not at.loose and at.start.isupper() and ";" in (at.end, at.left[: -len(at.last_word)].rstrip()[-1:])

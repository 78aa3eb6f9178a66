"""Words broken by a hyphen at the end of a line, and how they are put together again."""

import re
from collections.abc import Collection, Iterable

from cleaner.text.languages import collect_words

SUSPENDED_HYPHEN_WORDS = collect_words(lambda own: own.spelling.suspended_hyphen_words)
"""Words behind a hyphen that stands for a part left out: Ober- und Unterhaus."""

HYPHENATED_PREFIXES = collect_words(lambda own: own.spelling.hyphenated_prefixes)
"""English first parts that keep their hyphen before a whole word, even if they do not stand alone in the text."""

CLOSED_COMPOUND_ENDINGS = collect_words(lambda own: own.spelling.closed_compound_endings)
"""English words that end longer ones without a hyphen."""

HYPHENS = ("-", "\xad", "\u2010")
"""Hyphen-minus, soft hyphen and hyphen: what a word may be broken with at the end of a line."""

WORD_PATTERN = re.compile(r"(?<![\w-])[^\W_]+(?:[-\u2010’'][^\W_]+)*(?![\w\xad\u2010-])")

"""A word, or a compound with its hyphens; no half of a word that was broken."""

BROKEN_WORD_HEAD = re.compile(r"((?:[^\W_]+[-\u2010])*[^\W\d_]+)[-\xad\u2010]\Z")

"""The first half of a word at the end of a line, with its hyphen; group 1 is the half without it."""

BROKEN_WORD_TAIL = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
"""The second half at the start of the next line."""


def collect_vocabulary(lines: Iterable[str]) -> set[str]:
    """The words of a text in small letters, compounds with their hyphens; no halves of words broken at line ends."""
    words: set[str] = set()
    broken = False
    for line in lines:
        found = WORD_PATTERN.findall(line.lower())
        words.update(found[1:] if broken else found)
        broken = line.endswith(HYPHENS)
    return words


def rejoin_broken_word(left: str, right: str, words: Collection[str]) -> str | None:
    """Two lines as one where a word is broken between them, with or without its hyphen; None where none is.

    `words` are those of the text (`collect_vocabulary`): what is written elsewhere in one word, or with the hyphen, is
    here too.  Otherwise the hyphen goes before a small letter, and stays before a capital and behind capitals
    (EU-weit)."""
    before, after = BROKEN_WORD_HEAD.search(left), BROKEN_WORD_TAIL.match(right)
    if not before or not after or after[0] in SUSPENDED_HYPHEN_WORDS:
        return None
    keeps = left[-1] != "\xad" and _keeps_hyphen(before[1], after[0], words)
    return left[:-1] + ("-" if keeps else "") + right


def _keeps_hyphen(head: str, tail: str, words: Collection[str]) -> bool:
    """Whether the whole word is written with the hyphen at which it was broken."""
    written = {(head + tail).lower(), f"{head}-{tail}".lower()}.intersection(words)
    if written:
        return f"{head}-{tail}".lower() in written
    is_after_capitals = head.isupper() and len(head) > 1
    is_english = "the" in words
    return (
        not tail[0].islower() or is_after_capitals or (is_english and _is_compound(head.lower(), tail.lower(), words))
    )


def _is_compound(head: str, tail: str, words: Collection[str]) -> bool:
    """Whether two halves make an English compound with a hyphen: both are words of the text, and not an ending."""
    return tail in words and tail not in CLOSED_COMPOUND_ENDINGS and (head in words or head in HYPHENATED_PREFIXES)

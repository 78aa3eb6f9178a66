"""Words broken by a hyphen at the end of a line, and how they are put together again."""

import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import NamedTuple

from cleaner.text.languages import load_english_words, load_languages, load_stop_words

HYPHENS = ("-", "\xad", "\u2010")
"""Hyphen-minus, soft hyphen and hyphen: what a word may be broken with at the end of a line."""

ENGLISH = "en"
"""The language of the compounds that are hardest to tell: it writes many of them with a hyphen, and lists are free."""

VOWELS = frozenset("aeiou")
CONSONANTS = frozenset("bcdfghjklmnpqrstvwxz")
"""Letters that are no syllable alone."""

MIN_STOP_WORDS = 3
"""Stop words of a language that a text must have for its language to be guessed."""

MIN_DOUBLED_CHARS = 3
"""Letters of a word that is doubled with a hyphen: shorter halves are syllables, as in `mama`."""

DOUBLING_LANGUAGES = frozenset({"id", "ms", "fil"})
"""Languages that double a word with a hyphen and put endings to it: anak-anaknya."""

ENGLISH_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "er", "ers", "y")
"""Endings of ordinary forms of words: those with them are not all in the list."""

INNER_PARTS = frozenset("in of to by and the for on up à de la en du sur sous auf aan op et und a al".split())
"""Small words inside compounds of three words: mother-in-law, c’est-à-dire."""

PARTICIPLE_ENDINGS = ("ed", "ing")
"""Endings of what follows a name and a hyphen: London-trained."""

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


def rejoin_broken_word(left: str, right: str, words: Collection[str], language: str = "") -> str | None:
    """Two lines as one where a word is broken between them, with or without its hyphen; None where none is.

    `words` are those of the text (`collect_vocabulary`): what is written elsewhere in one word, or with the hyphen, is
    here too.  Otherwise `language` decides, which is guessed if it is not given: see `_keeps_hyphen`.  A hyphen that is
    repeated at the start of the next line, as Polish and Portuguese do, is set once.  A hyphen that stands for a part
    left out is no break: Ober- und Unterhaus."""
    before = BROKEN_WORD_HEAD.search(left)
    if before and right[0] in HYPHENS and BROKEN_WORD_TAIL.match(right, 1):
        return left + right[1:]
    after = BROKEN_WORD_TAIL.match(right)
    if not before or not after:
        return None
    head, tail = before[1], after[0]
    language = language or _guess_language(words)
    solid, hyphenated = (head + tail).lower(), f"{head}-{tail}".lower()
    if solid in words or hyphenated in words:
        keeps = hyphenated in words
    elif tail in find_suspended_words(language) and not _is_known(language, solid):
        return None
    else:
        keeps = _keeps_hyphen(head, tail, words, language)
    return left[:-1] + "-" * (keeps and left[-1] != "\xad") + right


@cache
def find_suspended_words(language: str) -> frozenset[str]:
    """Words of a language behind a hyphen that stands for a part left out; those of all, where it is not known."""
    languages = load_languages()
    own = [languages[language]] if language in languages else languages.values()
    return frozenset(" ".join(one.spelling.suspended_hyphen_words for one in own).split())


def _guess_language(words: Collection[str]) -> str:
    """The language of which a text has most stop words, or "" where it has hardly any."""
    counts = {code: len(stops.intersection(words)) for code, stops in load_stop_words().items()}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] >= MIN_STOP_WORDS else ""


def _keeps_hyphen(head: str, tail: str, words: Collection[str], language: str) -> bool:
    """Whether a word that the text has nowhere else is written with the hyphen at which it was broken.

    Before a capital, behind capitals (EU-weit) and behind a single consonant (T-shirt, a-t-il) it is, and between a
    word and itself (anak-anak).  Else the parts of the language say so; most words are broken between syllables.
    """
    if not tail[0].islower() or (head.isupper() and len(head) > 1):
        return True
    first, _, last = head.rpartition("-")
    is_name = last[0].isupper()
    last, tail = last.lower(), tail.lower()
    if _has_inner_part(first, last, tail):
        return True
    if _is_known(language, last + tail):
        return False
    if last in CONSONANTS or _is_doubled(last, tail, language):
        return True
    if language == ENGLISH:
        return _is_english_compound(last, tail, words, is_name=is_name)
    return _has_hyphenated_form(last, tail, language)


def _has_inner_part(first: str, last: str, tail: str) -> bool:
    """Whether a small word stands in the middle of a compound: before the break, behind `first`, or behind it."""
    middle, hyphen, _ = tail.partition("-")
    return (first != "" and last in INNER_PARTS) or (hyphen != "" and middle in INNER_PARTS)


def _is_doubled(last: str, tail: str, language: str) -> bool:
    """Whether a word is doubled, and its second half has an ending at most."""
    is_same = tail.startswith(last) if language in DOUBLING_LANGUAGES else tail == last
    return is_same and len(last) >= MIN_DOUBLED_CHARS


# ---------------------------------------------------------------- languages


def _has_hyphenated_form(head: str, tail: str, language: str) -> bool:
    """Whether a language writes words like this one with a hyphen."""
    return any(pattern.fullmatch(f"{head}-{tail}") for pattern in _compile_forms(language))


@cache
def _compile_forms(language: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of words that a language writes with a hyphen, from its file; none where it has no file."""
    own = load_languages().get(language)
    return tuple(map(re.compile, own.spelling.hyphenated_forms)) if own else ()


def _is_known(language: str, word: str) -> bool:
    """Whether a word, or what it is an ordinary form of, is among the frequent ones; English alone has a list."""
    if language != ENGLISH:
        return False
    known, word = load_english_words(), word.lower()
    return not known.isdisjoint(map(word.removesuffix, ("", *ENGLISH_ENDINGS)))


def _is_english_compound(head: str, tail: str, words: Collection[str], *, is_name: bool) -> bool:
    """Whether two halves make an English compound with a hyphen: both are words, and none is set solid elsewhere.

    Behind a capital stands a name as a rule, which is one word (New-castle) unless the tail is one that follows names,
    or a participle behind a name of the text.
    """
    own = _find_english_parts()
    last = tail.partition("-")[0]
    if tail in own.closed_endings or head in own.closed_prefixes:
        return head[-1] == tail[0] and head[-1] in VOWELS
    if is_name and head not in own.prefixes:
        return tail in own.endings or (head in words and _is_word(tail, words) and tail.endswith(PARTICIPLE_ENDINGS))
    return _is_word(last, words) and (head in own.prefixes or _is_word(head, words))


def _is_word(part: str, words: Collection[str]) -> bool:
    """Whether half of an English word is a word itself: one of the text, or a frequent one."""
    return part in words or part in load_english_words()


class EnglishParts(NamedTuple):
    """Parts of English compounds: with a hyphen behind or before them, and without."""

    prefixes: frozenset[str]
    endings: frozenset[str]
    closed_prefixes: frozenset[str]
    closed_endings: frozenset[str]


@cache
def _find_english_parts() -> EnglishParts:
    """The parts that the file of English lists."""
    own = load_languages()[ENGLISH].spelling
    lists = own.hyphenated_prefixes, own.hyphenated_endings, own.closed_compound_prefixes, own.closed_compound_endings
    return EnglishParts(*map(frozenset, map(str.split, lists)))

"""The border between two lines, and the conditions about it of which `rejoin.tables` is made."""

import re
from collections.abc import Callable
from functools import cache
from typing import Generic, Literal, TypeVar

from cleaner.stages.rejoin.words import (
    ELISION_WORDS,
    FUNCTION_WORDS,
    JAPANESE_PARTICLES,
    JAPANESE_POSTPOSITIONS,
    KOREAN_PARTICLES,
    LINKING_WORDS,
    ONE_LETTER_WORDS,
    SMALL_ABBREVIATIONS,
)
from cleaner.text.layout import CLOSING_CHARS, COLONS, HYPHENS
from cleaner.text.scripts import HANGUL, HIRAGANA, KHMER, SET_SOLID, THAI_LAO
from cleaner.text.shape import SENTENCE_CLOSERS, count_words, is_open, is_prose

OPENING_CHARS = frozenset("([{¿¡（「『【《")
"""Punctuation that no line ends with, unless the line behind it was torn from it."""

QUOTE_CHARS = frozenset("\"“”„'‘’«»")
LAST_MARK_CHARS = QUOTE_CHARS | OPENING_CHARS
SEPARATOR_CHARS = frozenset(",;&、，،؛")
BRACKETS = frozenset("(（")
DASHES = frozenset("-–—")
CLOSED_ENDS = COLONS.union(SENTENCE_CLOSERS)
SPACED_IN_FRENCH = frozenset(":;!?")
"""Punctuation before which French sets a space."""

BARE_NAME_WORDS, LINKED_PHRASE_WORDS, CLAUSE_WORDS = 4, 8, 12
"""Words: a bare name, a linked phrase, and enough text before it to be sure that a sentence is running."""

MIN_SENTENCE_WORDS = 3
"""Words from which a piece can be the beginning of a sentence: fewer are a label."""

MIN_OPENED_NAME_WORDS = 2
"""Words of a single line that an article opens, from which a name may be torn off: `The ferry`."""

PHRASE_SLACK_WORDS = 2
"""Words by which a phrase inside a sentence that surely runs may be longer than LINKED_PHRASE_WORDS."""

MAX_ABBREVIATION_CHARS = 4
"""Characters of an abbreviation with its full stop: Capt."""

MAX_HEADLINE_WORDS = 12
"""Words of a heading: longer lines are halves of sentences."""

MAX_ELISION_CHARS = 10
"""Characters at the end of a line that are searched for an elided article: the longest, lorsqu’, has seven."""

THAI, LAO = THAI_LAO[0], THAI_LAO[-1]
GEORGIAN = "\u10d0", "\u10ff"
"""The first and the last of the letters of Georgian, which Unicode calls small ones."""

_ANEW_PATTERN = re.compile(r"\.\.\.|…|\)\)|\.[^\W_]")

_NO_CLOSING_PATTERN = re.compile(r"""["“”„'‘’«»](?:[^\W_]|[…(\[.])|(["“”„'‘’«»])\1""")
"""A quotation mark that does not close a quotation: a letter, a bracket or its double stands behind it."""

_STOP_BEHIND_QUOTE_PATTERN = re.compile(r'["”’]\.')
_GENITIVES = ("'s", "’s")
_ADDRESS_PATTERN = re.compile(r"\S*?(?:://|@)|\S[^\s.]*\.(?=\S)")
_HANGUL_PATTERN = re.compile(f"[{HANGUL}]")
_HIRAGANA_PATTERN = re.compile(f"[{HIRAGANA}]")
_SET_SOLID_PATTERN = re.compile(f"[{SET_SOLID}]")


def is_unspaced_script(char: str) -> bool:
    """Whether a character belongs to a script written without spaces between words, or to its punctuation."""
    return _SET_SOLID_PATTERN.match(char) is not None


def has_no_stops(text: str) -> bool:
    """Whether a line begins in Thai, Lao or Khmer, which set spaces for full stops."""
    return THAI <= text[0] <= LAO or KHMER[0] <= text[0] <= KHMER[-1]


def is_small(char: str) -> bool:
    """Whether a character is a small letter of a script in which sentences begin with capitals: Georgian has none."""
    return char.islower() and not GEORGIAN[0] <= char <= GEORGIAN[1]


Value = TypeVar("Value")


class lazy(Generic[Value]):
    """An attribute computed once, when it is first asked for: `cached_property` without its lock, which takes longer
    than what is computed here."""

    def __init__(self, compute: Callable[["Border"], Value]) -> None:
        self.compute, self.name, self.__doc__ = compute, compute.__name__, compute.__doc__

    def __get__(self, border: "Border", owner: type) -> Value:
        value = border.__dict__[self.name] = self.compute(border)
        return value


class Border:
    """Two lines, one behind the other, and what the tables ask about them.  No text is empty but `after`.

    `running` counts the words of the piece that ends with `left`, which is one line (`fresh`) or several joined ones.
    `odd`: a straight quotation mark is open in that piece.  `before` is the character before the last of `left`, and
    `after` the line behind `right`.  `loose`: no blank line parts the two.  `french`: the document sets spaces inside
    its quotation marks; `words` gives the words of the document.
    """

    def __init__(
        self,
        left: str,
        right: str,
        after: str = "",
        running: int = 0,
        fresh: bool = True,
        loose: bool = False,
        odd: bool = False,
        before: str = "",
        french: bool = False,
        words: Callable[[], set[str]] = set,
    ) -> None:
        self.left, self.right, self.after, self.before = left, right, after, before
        self.start, self.end = right[0], left[-1]
        # the last word of the left line, as written and in small letters, and whether it is a linking word
        self.last_word = left.rsplit(None, 1)[-1]
        self.last_word_lower = self.last_word.lower()
        self.has_linking_word = self.last_word_lower in LINKING_WORDS
        self.running, self.fresh, self.loose, self.odd = running, fresh, loose, odd
        self.french, self.words = french, words

    @lazy
    def is_open(self) -> bool:
        """Whether the left line ends in the middle of a sentence."""
        return is_open(self.left)

    @lazy
    def first_word(self) -> str:
        """The first word of the right line."""
        return self.right.split(None, 1)[0]

    @lazy
    def size(self) -> int:
        """Words of the right line."""
        return count_words(self.right)

    @lazy
    def goes_on(self) -> bool:
        """Whether the line behind the right one is no beginning: then the right one is the middle of something."""
        after = self.after
        return after != "" and (
            after[0] in CLOSING_CHARS or (is_small(after[0]) and not is_label(after)) or has_leading_particle(after)
        )

    @lazy
    def closes_quotation(self) -> bool:
        """Whether the right line starts with the end of a quotation: behind the mark stands no letter."""
        if _STOP_BEHIND_QUOTE_PATTERN.match(self.right):
            return self.odd or self.start != '"'
        closes = _CLOSING_QUOTES.get(self.start)
        return closes is not None and not _NO_CLOSING_PATTERN.match(self.right) and closes(self)

    @lazy
    def opens_quotation(self) -> bool:
        """Whether the left line ends with the start of a quotation: nothing or a space stands before the mark."""
        opens = _OPENING_QUOTES.get(self.end)
        return opens is not None and not self.before.strip() and opens(self)

    @lazy
    def has_genitive(self) -> bool:
        """Whether the right line starts with an English genitive: ’s."""
        return self.right.startswith(_GENITIVES) and not self.right[2:3].isalpha()

    @lazy
    def has_elision(self) -> bool:
        """Whether the left line ends in an article or the like that has lost its vowel: l’, qu’, dell’."""
        return self.end in "'’" and self.left[-MAX_ELISION_CHARS:-1].rpartition(" ")[2].lower() in ELISION_WORDS


StartKind = Literal["closing", "small", "uncased", "bracket", "dash", "other"]
"""Kinds of characters with which a line starts: punctuation that closes something, a small letter, a letter of a script
without capitals, an opening bracket, a dash, and capitals, digits and all else."""


@cache
def classify_start(char: str) -> StartKind:
    """The kind of a line's first character."""
    kinds: tuple[tuple[StartKind, bool], ...] = (
        ("closing", char in CLOSING_CHARS),
        ("small", is_small(char)),
        ("uncased", char.isalpha() and not char.isupper()),
        ("bracket", char in BRACKETS),
        ("dash", char in DASHES),
    )
    return next((kind for kind, holds in kinds if holds), "other")


Predicate = Callable[[Border], bool]

_CLOSING_QUOTES: dict[str, Predicate] = {
    '"': lambda at: at.odd,
    "«": lambda at: at.left.count("»") > at.left.count("«"),
    **dict.fromkeys("“»", lambda at: at.is_open if at.right[1:] else not {"„", "«"}.isdisjoint(at.left)),
    **dict.fromkeys("”’", lambda at: True),
    "'": lambda at: at.right[1:] != "",
}
"""When a quotation mark at the start of a line closes a quotation; “ and » open one in other languages."""

_OPENING_QUOTES: dict[str, Predicate] = {
    '"': lambda at: at.odd,
    **dict.fromkeys("„“«‘", lambda at: True),
    "'": lambda at: len(at.left) > 1,
    "»": lambda at: "«" in at.right + at.after and at.left.count("«") < at.left.count("»"),
}
"""When a quotation mark at the end of a line opens a quotation."""


def always(at: Border) -> bool:
    """The condition of rows and groups that apply everywhere."""
    return True


def is_label(line: str) -> bool:
    """Whether a line in lower case is a label with its value, as `edited: jd`."""
    return ":" in line[:-1] and count_words(line) <= BARE_NAME_WORDS


def has_leading_particle(line: str) -> bool:
    """Whether a Japanese or Korean line starts with what belongs to the noun before it."""
    return line[0] in JAPANESE_POSTPOSITIONS or (
        _HANGUL_PATTERN.match(line) is not None and line.split(None, 1)[0] in KOREAN_PARTICLES
    )


# ---------------------------------------------------------------- conditions about the right line


def starts_anew(at: Border) -> bool:
    """Closing punctuation that starts a line all the same: dots for what is left out, smileys, .net."""
    return _ANEW_PATTERN.match(at.right) is not None


def is_fresh_label(at: Border) -> bool:
    """A label with its value, behind a single line."""
    return at.fresh and is_label(at.right)


def is_fresh_address(at: Border) -> bool:
    """An address of a page or of mail, behind a single line."""
    return at.fresh and _ADDRESS_PATTERN.match(at.right) is not None


def is_linked_phrase(at: Border) -> bool:
    """A phrase short enough to be linked, with something before or behind it that it belongs to."""
    return (at.goes_on or at.running > 1) and at.size <= LINKED_PHRASE_WORDS


def is_middle_phrase(at: Border) -> bool:
    """A phrase short enough to be linked, with a line behind it that goes on."""
    return at.goes_on and at.size <= LINKED_PHRASE_WORDS


def is_hiragana_sentence(at: Border) -> bool:
    """A line that starts in hiragana, as no name does, and ends a sentence."""
    return _HIRAGANA_PATTERN.match(at.start) is not None and not is_open(at.right)


def is_bracketed_insertion(at: Border) -> bool:
    """A bracket with which the line does not end, behind more than a word, or than a name over a blank line."""
    behind = at.right.partition(")")[2].lstrip()[:1]
    return at.running > (1 if at.loose else BARE_NAME_WORDS) and (behind.islower() or behind in CLOSING_CHARS)


def is_dashed_insertion(at: Border) -> bool:
    """A dash, a space and a small letter, behind the beginning of a sentence and with no item of a list behind it."""
    starts_small = at.right[1:2] == " " and at.right[2:3].islower()
    return starts_small and at.after[:1] not in DASHES and at.running >= MIN_SENTENCE_WORDS


def is_initial(at: Border) -> bool:
    """A capital alone, set large and apart from its word."""
    return len(at.right) == 1 and at.start.isupper()


def is_drop_cap(at: Border) -> bool:
    """A capital alone before a sentence whose first word goes on in capitals: T | HE LAST ferry, but not B | BMW."""
    is_letter = len(at.left) == 1 and at.left.isupper() and at.left not in ONE_LETTER_WORDS and at.left != at.start
    return is_letter and len(at.first_word) > 1 and at.first_word.isupper() and at.size >= MIN_SENTENCE_WORDS


def is_own_sentence(at: Border) -> bool:
    """The start of a sentence rather than a name, or a line behind one too short for a sentence to be running.

    Only behind a single line, and where no punctuation was torn off behind it.
    """
    words = at.right.split()
    least = MIN_OPENED_NAME_WORDS if at.left.split(None, 1)[0].lower() in FUNCTION_WORDS else BARE_NAME_WORDS
    return (at.fresh and at.after[0] not in CLOSING_CHARS) and (
        at.running < least
        or at.right[-1] in SEPARATOR_CHARS
        or not LINKING_WORDS.isdisjoint((words[0].lower(), words[-1].lower()))
    )


def is_inner_name(at: Border) -> bool:
    """A name between two halves of a sentence; a phrase, where a sentence surely runs."""
    surely = at.running > CLAUSE_WORDS or (not at.fresh and at.last_word.islower())
    return at.size <= (LINKED_PHRASE_WORDS + PHRASE_SLACK_WORDS if surely else BARE_NAME_WORDS)


def is_sentence_end(at: Border) -> bool:
    """A few words and a full stop, behind half a sentence."""
    longest = LINKED_PHRASE_WORDS if at.loose else BARE_NAME_WORDS
    ends = at.size < longest and at.start not in QUOTE_CHARS and not is_open(at.right)
    return ends and at.running >= CLAUSE_WORDS


# ---------------------------------------------------------------- conditions about the left line


def is_quoted_sentence(at: Border) -> bool:
    """A quotation that ends with a full stop, and is no label."""
    return at.end in SENTENCE_CLOSERS and at.running >= MIN_SENTENCE_WORDS and not at.is_open


def has_abbreviation(at: Border) -> bool:
    """A last word that is cut short by its full stop: Dr., U.S."""
    word = at.last_word
    is_short = len(word) <= MAX_ABBREVIATION_CHARS and (word[0].isupper() or word in SMALL_ABBREVIATIONS)
    return at.end == "." and word[0].isalpha() and (is_short or "." in word[:-1])


def is_headline(at: Border) -> bool:
    """A short line, and behind a blank line a whole sentence with a capital first: a heading and its paragraph."""
    return (
        at.fresh
        and not at.loose
        and len(at.left) > 1
        and at.running <= MAX_HEADLINE_WORDS
        and (at.left[0].isupper() or at.left[0].isdigit())
        and at.start.isupper()
        and is_prose(at.right)
        and not is_open(at.right)
        and at.after[:1] not in CLOSING_CHARS
    )


def has_name_length(at: Border) -> bool:
    """A piece that is longer than a label."""
    return at.running >= BARE_NAME_WORDS


def is_closed(at: Border) -> bool:
    """A colon, a closing mark or a full stop at the end."""
    return at.end in CLOSED_ENDS or not at.is_open


def has_function_word(at: Border) -> bool:
    """A last word that ends no line, written small."""
    return at.last_word_lower in FUNCTION_WORDS and at.last_word.islower() and len(at.left) > 1


def has_japanese_particle(at: Border) -> bool:
    """A particle of Japanese at the end."""
    return at.end in JAPANESE_PARTICLES


# ---------------------------------------------------------------- conditions about both


def has_sentence_length(at: Border) -> bool:
    """Two pieces that are together long enough for a sentence."""
    return at.running + at.size >= (MIN_SENTENCE_WORDS if at.loose else BARE_NAME_WORDS)


def has_mark(at: Border) -> bool:
    """A quotation mark where the lines meet, or a bracket that opens there: without one no mark was torn off."""
    return at.start in QUOTE_CHARS or at.end in LAST_MARK_CHARS


def has_separator(at: Border) -> bool:
    """A comma or the like that ends the left line, or an ampersand that starts the right one."""
    return at.end in SEPARATOR_CHARS or at.start == "&"


def has_bracket_or_slash(at: Border) -> bool:
    """A bracket that opens at the end of the left line, or a slash between the two."""
    return at.end in OPENING_CHARS or "/" in (at.start, at.end)


def is_broken_word(at: Border) -> bool:
    """A letter and a hyphen, then a small letter, before which some languages set the hyphen anew."""
    starts_small = at.start.islower() or (at.start in HYPHENS and at.right[1:2].islower())
    return at.end in HYPHENS and starts_small and at.before.isalpha()


def has_leading_hyphen(at: Border) -> bool:
    """The second half of a compound, with its hyphen."""
    return at.start in HYPHENS and at.right[1:2].isalpha()


def is_french_punctuation(at: Border) -> bool:
    """Punctuation before which French sets a space, in a text that does."""
    return at.french and at.start in SPACED_IN_FRENCH


def is_unspaced_pair(at: Border) -> bool:
    """Characters of scripts without spaces on both sides."""
    return is_unspaced_script(at.end) and is_unspaced_script(at.start)


def has_unspaced_script(at: Border) -> bool:
    """A character of a script without spaces on either side."""
    return is_unspaced_script(at.end) or is_unspaced_script(at.start)


def starts_with_hangul(at: Border) -> bool:
    """A Korean syllable first."""
    return _HANGUL_PATTERN.match(at.start) is not None


def is_torn_letter(at: Border) -> bool:
    """A capital alone that is no word, or is the first letter of a word of the text."""
    is_letter = len(at.left) == 1 and at.left.isupper() and at.start.isalpha()
    return is_letter and (at.left not in ONE_LETTER_WORDS or (at.left + at.first_word).lower() in at.words())

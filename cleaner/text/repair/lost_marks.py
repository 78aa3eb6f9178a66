"""Quotes, apostrophes and dashes that became U+FFFD, put back as their neighbours and the text show.

What may have been a letter (caf�) stays as it is: nothing in the text says which.  What stood at a place is looked up
in tables: first by the kinds of its two neighbours, then in a table for such places.  Rows are tried in order.
"""

import re
from collections.abc import Callable
from functools import cached_property

from cleaner.text.languages import collect_words
from cleaner.text.repair.habits import CJK, CLOSERS_BY_OPENER, DASHES, PunctuationHabits, determine_char_kind
from cleaner.text.repair.typography import MAX_LINE_DEFECTS

LOST_CHARS = re.compile("\ufffd{3}|\ufffd")
"""A lost character, or the three bytes of one."""

FIRST_WORD = re.compile(r"[^\W\d_]+")
QUOTE = re.compile("[“”„«»‘‚’]")
DECADE = re.compile(r"\d0s\b")
LOST_CLOSER = re.compile("(?<=[^\\s(])\ufffd(?![^\\W_])")
GENITIVE_TAIL = re.compile("[ ][a-z][^“”„«»‘\ufffd]*[.,!?…]\ufffd(?![^\\W_])")
SIGNATURE_TAIL = re.compile(r" [^@]{1,60} \(@\w+\)")
"""The name and account behind the dash that signs a tweet."""

DATELINE = re.compile(r"(?:[A-ZÀ-Þ][A-ZÀ-Þ.' -]+(?:, [A-Z][\w.]+)?|.{3,40}\((?:AP|AFP|Reuters|CNN|dpa)\)) \Z")

BRACKET_AND_WORD = frozenset((")a", ")A", "a(", "A("))
"""Kinds of neighbours between which a dash stands without spaces."""

STARTING_CHARS = frozenset("…¡¿$#'\".")
"""Signs and points that may start a quotation, though they are no letters."""

VOWELS = frozenset("aeiouyhàâäéèêëíìîïóòôöúùûüœæ")
CONTRACTION_TAILS = collect_words(lambda own: own.spelling.contraction_tails)
ELISION_WORDS = collect_words(lambda own: own.spelling.elisions)
APHAERESIS_WORDS = collect_words(lambda own: own.spelling.clipped_words)


def fill_lost_chars(text: str, language: str | None) -> str:
    """The text with replacement characters as the quotes, apostrophes and dashes that they were, where that shows."""
    habits = PunctuationHabits(text, language)
    return "\n".join(
        _fill_line(line, habits) if 0 < line.count("\ufffd") < MAX_LINE_DEFECTS else line for line in text.split("\n")
    )


def _fill_line(line: str, habits: PunctuationHabits) -> str:
    """The line with what was lost put back, from left to right, as far as it can be known."""
    chars = list(line if CJK.search(line) else LOST_CHARS.sub("\ufffd", line))
    open_quotes: list[str] = []
    for at, char in enumerate(chars):
        if char == "\ufffd":
            chars[at] = _guess_char(_Gap("".join(chars[:at]), "".join(chars[at + 1 :]), habits, open_quotes)) or char
        _follow_quotations(open_quotes, chars, at, habits)
    return "".join(chars)


def _follow_quotations(open_quotes: list[str], chars: list[str], at: int, habits: PunctuationHabits) -> None:
    """Add the quotation that the character at a place opens to those that are open, or take off the one it closes."""
    char = chars[at]
    if open_quotes and char in (habits.closers[open_quotes[-1]], CLOSERS_BY_OPENER.get(open_quotes[-1])):
        if char != "’" or determine_char_kind("".join(chars[at + 1 : at + 2])) not in "aA":
            open_quotes.pop()
    elif char in habits.closers and (char != "»" or habits.opener == "»"):
        open_quotes.append(char)


class _Gap:
    """A place in a line where a character was lost, with what stands before and behind it and the open quotations."""

    def __init__(self, before: str, after: str, habits: PunctuationHabits, open_quotes: list[str]) -> None:
        self.before, self.after, self.habits = before, after, habits
        self.left, self.right = determine_char_kind(before[-1:]), determine_char_kind(after[:1])
        self.open = open_quotes[-1] if open_quotes else ""
        self.closer = habits.closers[self.open] if self.open else ""

    @cached_property
    def head(self) -> str:
        """The letters right before the place."""
        at = len(self.before)
        while at and self.before[at - 1].isalpha():
            at -= 1
        return self.before[at:]

    @cached_property
    def tail(self) -> str:
        """The letters right behind the place."""
        found = FIRST_WORD.match(self.after)
        return found[0] if found else ""

    @cached_property
    def ahead(self) -> str:
        """The next quote of a quotation behind the place, "" for none; apostrophes inside words are not."""
        marks = ((mark[0], self.after[mark.end() : mark.end() + 1]) for mark in QUOTE.finditer(self.after))
        return next((mark for mark, right in marks if mark != "’" or determine_char_kind(right) not in "aA0"), "")

    @cached_property
    def usual_dash(self) -> str:
        """The dash seen most often between such neighbours, "" for none."""
        return self.habits.find_usual_mark(DASHES, self.left, self.right)

    @cached_property
    def dash(self) -> str:
        """The dash seen most often between such neighbours, else the usual one of the text."""
        return self.usual_dash or self.habits.dash

    @cached_property
    def has_spaced_quotes(self) -> bool:
        """Whether the text sets its quotes apart, with spaces on both sides."""
        return self.habits.count("“”", " ", " ") > 0

    @cached_property
    def apostrophes(self) -> int:
        """Apostrophes inside words of the text."""
        return self.habits.count("’", "aA", "aA")

    @cached_property
    def may_open(self) -> bool:
        """Whether something behind the place can close a quotation that opens here."""
        return self.ahead in CLOSERS_BY_OPENER.values() or LOST_CLOSER.search(self.after) is not None


Guess = str | Callable[[_Gap], str]
"""What stood at a place, "" where nothing shows it: a mark, what finds it, or the table in which it is looked up."""

Table = tuple[tuple[Callable[[_Gap], bool], Guess], ...]


def _look_up(table: Table) -> Callable[[_Gap], str]:
    """What looks a place up in a table: the guess of the first row that applies, "" where none does."""

    def guess(gap: _Gap) -> str:
        found = next((found for applies, found in table if applies(gap)), "")
        return found if isinstance(found, str) else found(gap)

    return guess


def _always(gap: _Gap) -> bool:
    """The condition of a table's last row."""
    return True


def _guess_dash_inside_word(gap: _Gap) -> str:
    """The dash between such letters, else the one most common inside words of the text."""
    return gap.usual_dash or max(DASHES, key=lambda mark: gap.habits.count(mark, "aA", "aA"))


def _is_apostrophe_before_word(gap: _Gap) -> bool:
    """Whether an English word or a decade starts here that has lost its beginning: ’em, ’90s."""
    return gap.habits.english and (gap.tail in APHAERESIS_WORDS or DECADE.match(gap.after) is not None)


def _is_dash_before_word(gap: _Gap) -> bool:
    """Whether dashes before words are more common than quotes there, and no quotation ends behind."""
    habits, ends = gap.habits, gap.ahead in CLOSERS_BY_OPENER.values()
    return habits.count(DASHES, " ", "aA0") > habits.count("“„«»‘”", " ", "aA0.") and not ends


def _is_single_quotation(gap: _Gap) -> bool:
    """Whether a quotation in single quotes starts here: ’ ends it, and is no genitive of a plural."""
    habits = gap.habits
    return gap.ahead == "’" and (habits.count("‘", " ") > 0 or not habits.count("“") or "s’ " not in gap.after)


def _is_dash_behind_word(gap: _Gap) -> bool:
    """Whether dashes stand as often as quotes behind such a character."""
    habits = gap.habits
    dashes = habits.count(DASHES, "aA0", gap.right)
    return 0 < dashes >= habits.count("“”«»’", gap.left, gap.right)


_guess_at_line_start = _look_up(
    (
        (lambda gap: SIGNATURE_TAIL.match(gap.after) is not None, "—"),
        (lambda gap: gap.after.strip() != "", lambda gap: gap.usual_dash),
    )
)

_guess_alone = _look_up(
    (
        (lambda gap: not gap.before.strip(), _guess_at_line_start),
        (lambda gap: not gap.after.strip(), ""),
        (lambda gap: gap.has_spaced_quotes and gap.open != "" and gap.ahead != "”", "”"),
        (lambda gap: gap.has_spaced_quotes and not gap.open and gap.ahead == "”", "“"),
        (
            lambda gap: (
                gap.habits.english and not gap.habits.count(DASHES, " ", " ") and DATELINE.match(gap.before) is not None
            ),
            "—",
        ),
        (_always, lambda gap: gap.habits.find_usual_mark("–—’", " ", " ") or gap.habits.dash),
    )
)
"""Between spaces: a dash, or a quote where the text sets its quotes apart."""

_guess_between_digits = _look_up(
    (
        (lambda gap: gap.after.startswith("000"), "’"),
        (lambda gap: gap.habits.count("’", "0", "0") > gap.habits.count(DASHES, "0", "0"), "’"),
        (_always, "–"),
    )
)
"""Between digits: a range, or an apostrophe that parts thousands."""

_guess_inside_word = _look_up(
    (
        (lambda gap: gap.tail in CONTRACTION_TAILS or (gap.tail == "n" and gap.habits.healthy), "’"),
        (
            lambda gap: (
                gap.habits.healthy
                and gap.head.lower() in ELISION_WORDS
                and (gap.apostrophes > 0 or gap.tail[0].lower() in VOWELS)
            ),
            "’",
        ),
        (lambda gap: gap.apostrophes > 0 and gap.tail in gap.habits.tails, "’"),
        (lambda gap: gap.habits.turkish and gap.head[0].isupper(), "’"),
        (lambda gap: gap.habits.count(DASHES, "aA", "aA") > 0, _guess_dash_inside_word),
        (lambda gap: gap.habits.english and gap.habits.healthy and len(gap.head) > 1, "—"),
    )
)
"""Between two letters: an apostrophe, or a dash without spaces."""

_guess_opening = _look_up(
    (
        (_is_apostrophe_before_word, "’"),
        (_is_dash_before_word, lambda gap: gap.habits.find_usual_mark(DASHES, " ", gap.right) or gap.habits.dash),
        (_is_single_quotation, "‘"),
        (lambda gap: gap.ahead == "”" and gap.habits.opener == "‘" and gap.habits.count("“", " ") > 0, "“"),
        (lambda gap: gap.open == gap.habits.opener == "“" and not gap.ahead, "‘"),
        (lambda gap: not gap.habits.english and not gap.may_open, ""),
        (lambda gap: gap.habits.opener != "", lambda gap: gap.habits.opener),
        (lambda gap: gap.habits.english and gap.ahead in ("", "”") and gap.tail != "", "“"),
    )
)
"""Before a word: the quote that the next one closes, else the text's usual one, an apostrophe or a dash."""

_guess_closing_open = _look_up(
    (
        (lambda gap: gap.ahead == gap.closer != "’" and gap.before[-1] in "sxz" and gap.after[:1] == " ", "’"),
        (lambda gap: gap.ahead == gap.closer != "’", ""),
        (lambda gap: gap.closer != "’" and gap.before[-1] == "s" and GENITIVE_TAIL.match(gap.after) is not None, "’"),
        (_always, lambda gap: gap.closer),
    )
)
"""Behind a word inside a quotation: its end, or the genitive of a plural."""

_guess_closing = _look_up(
    (
        (lambda gap: gap.after[:1] == "’" or gap.head == "E", "’"),
        (lambda gap: gap.open != "", _guess_closing_open),
        (_is_dash_behind_word, lambda gap: gap.dash),
        (lambda gap: gap.before[-1] == "s" and gap.after[:1] == " ", "’"),
        (lambda gap: gap.before[-1].isalpha() and not gap.habits.english, ""),
        (
            lambda gap: gap.habits.closers.get(gap.habits.opener, "") != "",
            lambda gap: gap.habits.closers[gap.habits.opener],
        ),
        (lambda gap: gap.habits.english and gap.before[-1] in ".,?!", "”"),
    )
)
"""Behind a word or its punctuation: the end of the open quotation, or an apostrophe or a dash."""

_guess_in_chinese = _look_up(
    (
        (lambda gap: "—" in (gap.before[-1:], gap.after[:1]), "—"),
        (lambda gap: gap.open != "" and gap.ahead != gap.closer, lambda gap: gap.closer),
        (lambda gap: not gap.open or gap.ahead == "’", lambda gap: {"”": "“", "’": "‘"}.get(gap.ahead, "")),
    )
)
"""Beside Chinese, Japanese or Korean characters: half of a double dash, or the other half of a pair."""

_guess_char = _look_up(
    (
        (lambda gap: "\ufffd" in (gap.before[-1:], gap.after[:1]), ""),
        (lambda gap: not gap.habits.healthy and not gap.habits.english, ""),
        (lambda gap: "文" in gap.left + gap.right, _guess_in_chinese),
        (lambda gap: gap.left == gap.right == " ", _guess_alone),
        (lambda gap: gap.left == gap.right == "0", _guess_between_digits),
        (lambda gap: gap.left in "aA" and gap.right in "aA", _guess_inside_word),
        (lambda gap: gap.left + gap.right in BRACKET_AND_WORD, lambda gap: gap.dash),
        (
            lambda gap: (
                gap.left in " ("
                and gap.before[-1:] != "’"
                and (gap.right not in " )." or gap.after[:1] in STARTING_CHARS)
            ),
            _guess_opening,
        ),
        (lambda gap: gap.right in " ).(" and gap.left in "aA0.)", _guess_closing),
        (lambda gap: gap.left == "0" and gap.tail == "s" and gap.right == "a", "’"),
        (_always, lambda gap: gap.usual_dash),
    )
)
"""What stood at a place, by the kinds of its neighbours."""

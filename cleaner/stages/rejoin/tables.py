"""Decision tables for the border between two lines: does a sentence run on, and what comes between its halves?

Rows are tried in order, and the first that applies answers; every row has a name, which `cleaner explain` shows, and an
example, which a test decides again.  Rows that share a condition stand in one group.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, get_args

from cleaner.stages.rejoin import blank_lines as apart
from cleaner.stages.rejoin import borders
from cleaner.stages.rejoin.borders import Border, Predicate, StartKind, always, classify_start
from cleaner.stages.rejoin.words import KOREAN_PARTICLES
from cleaner.text.hyphens import find_suspended_words
from cleaner.text.layout import CLOSING_CHARS, HYPHENS
from cleaner.text.shape import count_words

JOINED, HYPHENATED, WRAPPED, PARTED = "rejoin.sentence", "rejoin.hyphen", "rejoin.wrapped", ""
"""Answers about a border: the rule by which its lines join, or "" for lines that stay apart."""

GLUED, SPACED = "", " "
"""Answers about two halves of a sentence: what is set between them."""


class Row(NamedTuple):
    """A row of a table: where `applies` holds, it gives its `answer`.

    `example` is a border that this row decides, as `read_example` reads it.
    """

    name: str
    answer: str
    example: str
    applies: Predicate = always


class Group(NamedTuple):
    """Rows that are tried only where the guard holds; what none of them decides goes on to the next group.

    A group with a `start` is for right lines that start with a character of this kind (`borders.classify_start`).
    """

    guard: Predicate
    rows: tuple[Row, ...]
    start: StartKind | None = None


Table = Mapping[StartKind, Sequence[Group]]
"""The groups that are tried, in their order, by the kind of the right line's first character."""


def index_groups(*groups: Group) -> Table:
    """The table of these groups, which are tried in this order."""
    return {kind: [group for group in groups if group.start in (None, kind)] for kind in get_args(StartKind)}


def find_row(table: Table, at: Border) -> Row:
    """The first row that applies; the last row of a table applies always."""
    for guard, rows, _ in table[classify_start(at.start)]:
        if guard is always or guard(at):
            for row in rows:
                if row.applies is always or row.applies(at):
                    return row
    raise LookupError("the last row of a table must apply always")


def read_example(example: str) -> Border:
    """The border in an example: `left | right`, or with the line behind it, `left | right | after`.

    `||` is a border with a blank line."""
    left, right, after = f"{example.replace(' || ', ' | ')} | ".split(" | ")[:3]
    is_loose = " || " not in example
    french = example.startswith("«")
    return Border(left, right, after, count_words(left), loose=is_loose, before=left[-2:-1], french=french)


# ---------------------------------------------------------------- does a sentence run on?

_CLOSING_MARKS = (
    Row("dots or a smiley of its own", PARTED, "He paused for breath | ... and then he went on", borders.starts_anew),
    Row("closing punctuation", JOINED, "The mayor | , who was there, said so"),
)
"""The right line starts with punctuation that was torn from the left one."""

_MARKS = (
    Row("end of a quotation", JOINED, "“We go | ” she said", lambda at: at.closes_quotation),
    Row("genitive", JOINED, "The talks in London | 's old town hall", lambda at: at.has_genitive),
    Row("opening bracket", JOINED, "The party ( | SPD) won", lambda at: at.end in borders.OPENING_CHARS),
    Row("elision", JOINED, "Il parle de l’ | Union européenne", lambda at: at.has_elision),
    Row("start of a quotation", JOINED, "He said: “ | We go.”", lambda at: at.opens_quotation),
)
"""Marks that belong to the other line, whatever else the lines are."""

_SMALL_LETTER = (
    Row("blank line behind a full stop or a colon", PARTED, "You need this: || import os, sys", apart.has_ended),
    Row("blank line between scripts", PARTED, "目の前で起きたこと || me no mae de okita koto", apart.has_other_script),
    Row("linking word before a small letter", JOINED, "To | go", lambda at: at.has_linking_word),
    Row("label in small letters", PARTED, "The ferry left the harbour | edited: jd", borders.is_fresh_label),
    Row("address", PARTED, "Write to the newsroom | desk@example.org", borders.is_fresh_address),
    Row("quotation inside a sentence", JOINED, "“Is it all over?” | asked the mayor", borders.is_quoted_sentence),
    Row("abbreviation", JOINED, "The U.S. | senators met", borders.has_abbreviation),
    Row("full stop before a small letter", PARTED, "The vote is over. | iPhone sales rose", lambda at: not at.is_open),
    Row("item in small letters", PARTED, "no light at night || a boat for two || a rope", apart.has_small_start),
    Row("small letter without an end", PARTED, "The bridge is closed || by Anna Weiss || March 4", apart.has_no_end),
    Row("small letter", JOINED, "The mayor | said nothing at all", borders.has_sentence_length),
    Row("two or three words", PARTED, "Home | news"),
)
"""The right line starts with a small letter, as labels and addresses may do."""

_SEPARATORS = (
    Row("salutation", PARTED, "Dear all, || The last ferry leaves at noon.", apart.is_salutation),
    Row("item behind a semicolon", PARTED, "a boat for two; and || Oil for a night", apart.is_item_behind_semicolon),
    Row("separator", JOINED, "In Berlin, | Paris and Rome", borders.has_separator),
)
"""A comma or the like between the lines."""

_DASH_LAST = (
    Row("dash before a sentence", PARTED, "As they say – || Nobody came that cold night.", apart.is_whole_sentence),
    Row("dash inside a sentence", JOINED, "The mayor was there – | Anna Berg came too", borders.has_name_length),
    Row("dash behind a label", PARTED, "BERLIN – | Anna Berg came too"),
)
"""The left line ends with a dash, and is not that dash alone."""

_HEADLINE = (
    Row("heading", PARTED, "What it was for || The council wanted a new hall for the town.", borders.is_headline),
)
"""A short line before a paragraph of its own."""

_LAST_WORDS = (
    Row("colon, full stop or closing mark", PARTED, "The ministers said: | The talks failed", borders.is_closed),
    Row("function word", JOINED, "The mayor of the | Old Town said so", borders.has_function_word),
)
"""How the left line ends."""

_CAPITAL_LINKING_WORD = (
    Row("linking word with a capital", JOINED, "The | Guardian | reported on Monday", lambda at: at.goes_on),
    Row("linking word with a capital, alone", PARTED, "The mayor was IN | Berlin said so"),
)
"""The left line ends with a linking word that is not in small letters, as in titles."""

_PARTICLE = (
    Row("particle before a phrase", JOINED, "The strike was called off in | Old Town", borders.is_linked_phrase),
    Row("particle before a sentence", PARTED, "He went out | Anna Berg says that the firm has known of it for years"),
)
"""The left line ends with a particle, which may belong to a verb and end it."""

_NO_CAPITALS = (
    Row("blank line before another script", PARTED, "all that is seen || 目の前で起きたこと", apart.has_other_script),
    Row("label in a script without capitals", PARTED, "東京 | 大阪", lambda at: not borders.has_name_length(at)),
    Row(
        "particle first",
        JOINED,
        "昨日の会議に出席した首相 | が発言した",
        lambda at: borders.has_leading_particle(at.right),
    ),
    Row("hiragana", JOINED, "昨日の会議に出席した首相 | しかし発言した。", borders.is_hiragana_sentence),
    Row("Japanese particle last", JOINED, "昨日の会議に出席した首相の | 発言内容", borders.has_japanese_particle),
    Row("phrase without capitals", JOINED, "昨日の会議に出席した首相 | 安倍晋三 | 、七十歳", borders.is_middle_phrase),
    Row("line without capitals", PARTED, "昨日の会議に出席した首相 | 東京新聞"),
)
"""The right line starts with a letter of a script that has no capitals."""

_BRACKET = (
    Row("full-width bracket", JOINED, "首相 | （七十歳）", lambda at: borders.is_unspaced_script(at.start)),
    Row("bracket inside a sentence", JOINED, "The party | (SPD) won the vote", borders.is_bracketed_insertion),
    Row("bracket of its own", PARTED, "The party won | (Photo: Anna Berg)"),
)
"""The right line starts with a bracket."""

_DASH_FIRST = (
    Row("dashed insertion", JOINED, "The mayor of Riverton | – and nobody else – came", borders.is_dashed_insertion),
    Row("item of a list", PARTED, "The mayor wants | - More trams"),
)
"""The right line starts with a dash."""

_CAPITALS = (
    Row(
        "first letter of a sentence",
        JOINED,
        "T | HE LAST ferry of the year left at noon on Friday.",
        borders.is_drop_cap,
    ),
    Row("initial set apart", PARTED, "The ferry left the harbour | T | he mayor was there", borders.is_initial),
)
"""The right line starts with a capital, a digit or another mark: as most new lines do."""

_MIDDLE = (
    Row("sentence of its own", PARTED, "Harbour news | The mayor and | the ferry left", borders.is_own_sentence),
    Row("name in a sentence", JOINED, "The ferry left early, said | Anna Berg | , the captain", borders.is_inner_name),
    Row("too long for a name", PARTED, "The ferry left early, said | Anna Berg from Old Town | , the captain"),
)
"""The line behind the right one goes on, so that the right one may be a linked name inside a sentence."""

_LAST = (
    Row(
        "end of a long sentence",
        JOINED,
        "The old ferry left the harbour at noon with all its passengers, said captain | Anna Berg.",
        borders.is_sentence_end,
    ),
    Row("capital or digit", PARTED, "Harbour news | The mayor was there"),
)
"""Nothing but the lengths of the lines is left to go by."""

CONTINUATION = index_groups(
    Group(always, _CLOSING_MARKS, "closing"),
    Group(borders.has_mark, _MARKS),
    Group(always, _SMALL_LETTER, "small"),
    Group(always, _SEPARATORS),
    Group(lambda at: at.end in borders.DASHES and len(at.left) > 1, _DASH_LAST),
    Group(always, _HEADLINE),
    Group(always, _LAST_WORDS),
    Group(lambda at: at.has_linking_word and not at.last_word.islower(), _CAPITAL_LINKING_WORD),
    Group(lambda at: at.has_linking_word, _PARTICLE),
    Group(always, _NO_CAPITALS, "uncased"),
    Group(always, _BRACKET, "bracket"),
    Group(always, _DASH_FIRST, "dash"),
    Group(always, _CAPITALS),
    Group(lambda at: at.goes_on, _MIDDLE),
    Group(always, _LAST),
)
"""Whether a sentence that ends a line runs on into the next."""

# ---------------------------------------------------------------- what comes between the halves?

_PUNCTUATION_SPACING = (
    Row("French punctuation", SPACED, "« Nous partons » dit-il | ?", borders.is_french_punctuation),
    Row("closing punctuation", GLUED, "The mayor | , who was there"),
)
_QUOTATION_END_SPACING = (
    Row(
        "French end of a quotation",
        SPACED,
        "« Nous partons | » a dit le maire",
        lambda at: at.french and at.start == "»",
    ),
    Row("end of a quotation", GLUED, "“We go | ” she said"),
)
_MARK_SPACING = (
    Row("bracket or slash", GLUED, "The party ( | SPD) won", borders.has_bracket_or_slash),
    Row("elision", GLUED, "Il parle de l’ | Union européenne", lambda at: at.has_elision),
)
_QUOTATION_START_SPACING = (
    Row(
        "French start of a quotation",
        SPACED,
        "« Oui », dit-il : « | Nous partons »",
        lambda at: at.french and at.end == "«",
    ),
    Row("start of a quotation", GLUED, "He said: “ | We go.”"),
)
_HYPHEN_FIRST_SPACING = (Row("hyphen first", GLUED, "The 40 | -year-old captain", borders.has_leading_hyphen),)
_HYPHEN_LAST_SPACING = (
    Row("part left out", SPACED, "Ober- | und Unterhaus", lambda at: at.first_word in find_suspended_words("")),
    Row("hyphen last", GLUED, "The Berlin- | Hamburg line"),
)
_UNSPACED_SPACING = (
    Row("script without spaces", GLUED, "昨日の会議 | に出席した", borders.is_unspaced_pair),
    Row("two scripts", SPACED, "昨日の会議 | Berlin"),
)
_KOREAN_SPACING = (
    Row("Korean particle", GLUED, "서울 | 은 크다", lambda at: at.first_word in KOREAN_PARTICLES),
    Row("Korean word", SPACED, "서울 | 시장은 말했다"),
)
_LETTER_SPACING = (
    Row("first letter of a word", GLUED, "T | he mayor", borders.is_torn_letter),
    Row("words", SPACED, "The mayor | said nothing"),
)

SPACING = index_groups(
    Group(lambda at: at.start in CLOSING_CHARS, _PUNCTUATION_SPACING),
    Group(lambda at: at.closes_quotation or at.has_genitive, _QUOTATION_END_SPACING),
    Group(always, _MARK_SPACING),
    Group(lambda at: at.opens_quotation, _QUOTATION_START_SPACING),
    Group(always, _HYPHEN_FIRST_SPACING),
    Group(lambda at: at.end in HYPHENS and at.before.isalnum(), _HYPHEN_LAST_SPACING),
    Group(borders.has_unspaced_script, _UNSPACED_SPACING),
    Group(borders.starts_with_hangul, _KOREAN_SPACING),
    Group(always, _LETTER_SPACING),
)
"""What is set between two lines that join: a space or nothing."""

# ---------------------------------------------------------------- what is decided before the tables

NEW_AFTER_STOP = Row("new line behind a full stop", PARTED, "The vote is over. | The mayor was there.")
NEW_AFTER_LABEL = Row("new line behind a short one", PARTED, "Harbour news | The mayor was there.")
BROKEN_WORD = Row("word broken at a hyphen", HYPHENATED, "The Ger- | man minister", borders.is_broken_word)
WRAPPED_LINE = Row("full line of a wrapped text", WRAPPED, "The mayor of the old | harbour town")
KNOWN_LINE = Row("line that a rule knows by itself", PARTED, "The mayor of | Advertisement")

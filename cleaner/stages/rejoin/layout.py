"""Lines that stand apart for a reason: titles, items of lists, verse, rows of tables, code, transcripts.

Each finder names borders between lines that stay, whatever the lines say: `Lines` in, numbers of left lines out.
Those that it names before the first line and behind the last are left out by `find_kept_borders`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain, compress, count, filterfalse, pairwise
from operator import itemgetter
from typing import NamedTuple

from cleaner.stages.rejoin.borders import BRACKETS, OPENING_CHARS, SEPARATOR_CHARS, is_small
from cleaner.stages.rejoin.tables import PARTED, Row
from cleaner.stages.rejoin.words import ARTICLE_WORDS, ITEM_ARTICLES, LINKING_WORDS
from cleaner.text.layout import (
    CLOSING_CHARS,
    COLONS,
    HYPHENS,
    MIN_STANZA_LINES,
    Lines,
    find_list_items,
    find_stanzas,
    list_runs,
)
from cleaner.text.shape import LINE_CACHE_SIZE, build_match_key, count_words, is_open

HALF_ITEM_WORDS = LINKING_WORDS - ITEM_ARTICLES
"""Words with which no item of a list begins: an article may."""

MAX_TITLE_WORDS, MIN_STANDALONE_WORDS = 20, 4
"""Words of the longest title, and of the shortest sentence that cannot be the rest of one."""

MIN_FULL_LINE_WORDS = 6
"""Words of a line without an end that can be the first line of a wrapped paragraph."""

MAX_ITEM_WORDS, MIN_ITEMS = 6, 3
"""Words of an item without a mark, and how many such items show a list: two lines are a sentence as well."""

MIN_QUANTITY_ROWS = 4
"""Short lines in a row, most of them with a number first, that show a list without a colon before it."""

MIN_SPACED_CELLS = 6
"""Short lines in a row, parted by blank lines, that are cells: a sentence is seldom broken into so many phrases."""

MIN_FLAT_CODE_LINES = 4
"""Lines of code in a row where no blank line parts the text: a scraper may have cut single ones to pieces."""

MIN_CELLS = 2
"""Separators in a row of a table whose neighbour has as many: one stands in many a sentence, but no tab does."""

TORN_STARTS = CLOSING_CHARS | BRACKETS
"""Marks with which no line starts for its layout: they were torn from the line before."""

HALF_ENDS = SEPARATOR_CHARS | HYPHENS
"""Marks with which no title ends."""


def _name(name: str, example: str) -> Row:
    """The row that says why a border stays."""
    return Row(name, PARTED, example)


TITLE = _name("title", "The law nobody voted for | The council voted on Monday.")
LIST_ITEM = _name("item of a list with marks", "- fresh herring | - two onions | - butter")
BARE_ITEM = _name("short line of a list", "You need: | fresh herring | two onions | butter")
CELL = _name("cell of a table", "red lantern for the quay || 12 volts || with a cable")
VERSE = _name("line of verse or of an address", "The boats lie down | like cattle in the rain,")
TABLE_ROW = _name("row of a table", "Riverton | 3 | 7 / Oldham | 2 | 5")
CODE_LINE = _name("line of code", "x = load(); | return x")
TIME_CODE = _name("time code", "00:01:20 | and then he left")


def find_kept_borders(lines: Lines) -> dict[int, Row]:
    """The borders that stay, by the number of the line before them, with the reason; none where a mark was torn off."""
    kept: dict[int, Row] = {}
    for finder in reversed(_FINDERS):
        kept |= finder.find_kept(lines)
    return kept


class KeptBorders:
    """The borders that stay, as far as they were asked for: most finders have nothing to say of the few borders at
    which lines would join, and need not look through the text.
    """

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.rows: dict[int, Row] = {}
        self._unasked = list(_FINDERS)

    def keep_any(self, borders: Collection[int]) -> bool:
        """Whether any of these borders stays; `rows` has them then, and maybe others."""
        for finder in list(self._unasked):
            if any(finder.may_keep(self.lines, at) for at in borders):
                self._unasked.remove(finder)
                self.rows = finder.find_kept(self.lines) | self.rows
        return not self.rows.keys().isdisjoint(borders)


def _is_torn_off(texts: Sequence[str], at: int) -> bool:
    """Whether a mark stands on the wrong side of the border behind a line, or alone on that line."""
    left = texts[at]
    return texts[at + 1][0] in TORN_STARTS or left[-1] in OPENING_CHARS or left in CLOSING_CHARS


# ---------------------------------------------------------------- titles


def _find_titles(lines: Lines) -> Iterator[int]:
    """Borders around the given title, and behind a first line that no capital goes on from in mid-sentence."""
    texts = lines.texts
    key = build_match_key(lines.title)
    for at, text in enumerate(texts[:-1] if key else ()):
        if len(text) >= len(lines.title) // 2 and build_match_key(text) == key:
            yield from (at - 1, at)
    if lines.first and len(texts) > 1 and _stands_apart(texts[0], texts[1], is_loose=lines.loose[0]):
        yield 0


def _stands_apart(title: str, right: str, *, is_loose: bool) -> bool:
    """Whether a line is a title whose next line is a paragraph of its own."""
    is_half = len(title) == 1 or title[-1] in HALF_ENDS or title.rsplit(None, 1)[-1] in ARTICLE_WORDS
    if is_half or is_small(right[0]) or right[0] in CLOSING_CHARS:
        return False
    size = count_words(right)
    is_whole = not is_open(right) and size >= MIN_STANDALONE_WORDS
    return count_words(title) <= MAX_TITLE_WORDS and (is_whole or (not is_loose and size >= MIN_FULL_LINE_WORDS))


# ---------------------------------------------------------------- lists


def _find_items(lines: Lines) -> Iterator[int]:
    """Borders before the items of lists with marks, and behind items that a blank line follows."""
    items = find_list_items(lines)
    return chain((at - 1 for at in items), filterfalse(lines.loose.__getitem__, items))


_NO_START, _NO_END = (re.escape("".join(chars)) for chars in (CLOSING_CHARS, HYPHENS | OPENING_CHARS))
_ITEM_PATTERN = re.compile(rf"(?![{_NO_START}])(?=.*[^\W\d_]{{2}}).*(?<![{_NO_END}])\Z", re.DOTALL)
"""A line with two letters one behind the other, and no mark at either end that belongs to another line."""


@lru_cache(LINE_CACHE_SIZE)
def _is_cell(text: str) -> bool:
    """Whether a line is short, no sentence, and does not end in the middle of a phrase."""
    if count_words(text) > MAX_ITEM_WORDS or not is_open(text):
        return False
    words = text.lower().split()
    return len(words) <= MAX_ITEM_WORDS and _ITEM_PATTERN.match(text) is not None and words[-1] not in LINKING_WORDS


def _is_bare_item(text: str) -> bool:
    """Whether a line is a cell that does not begin in the middle of a phrase."""
    return _is_cell(text) and text.lower().split(None, 1)[0] not in HALF_ITEM_WORDS


def _find_bare_items(lines: Lines) -> Iterator[int]:
    """Borders of short lines without marks: behind a line that ends in a colon, or many in a row, most with a
    number first."""
    texts = lines.texts
    before = ["", *texts]
    for run in list_runs(_find_lines(lines, _is_bare_item), MIN_ITEMS):
        own, behind = texts[run.start : run.stop], texts[run.stop : run.stop + 1]
        goes_on = lines.loose[run.stop - 1] and any(map(is_small, map(_FIRST, behind)))
        if goes_on or not _are_alike(own):
            continue
        if before[run.start][-1:] in COLONS:
            yield from range(run.start - 1, run.stop)
        elif _are_quantities(own):
            yield from range(run.start, run.stop - 1)


def _find_cells(lines: Lines) -> Iterator[int]:
    """Borders of many short lines in a row that blank lines part, as those of a table whose cells stand one a line."""
    for run in list_runs(_find_lines(lines, _is_cell), MIN_SPACED_CELLS):
        if not any(lines.loose[run.start : run.stop - 1]):
            yield from range(run.start, run.stop - 1)


_FIRST, _LAST = itemgetter(0), itemgetter(-1)
"""The first character of a line, and the last."""


def _are_alike(texts: Sequence[str]) -> bool:
    """Whether the lines that begin with a letter all begin with a small one, or none does."""
    return len(set(map(is_small, filter(str.isalpha, map(_FIRST, texts))))) <= 1


def _are_quantities(texts: Sequence[str]) -> bool:
    """Whether enough lines, most with a number first, are what a recipe needs: none ends with a comma."""
    is_numbered = 2 * sum(map(str.isdigit, map(_FIRST, texts))) >= len(texts) >= MIN_QUANTITY_ROWS
    return is_numbered and SEPARATOR_CHARS.isdisjoint(map(_LAST, texts))


# ---------------------------------------------------------------- verse, tables, code, transcripts


def _find_verse(lines: Lines) -> Iterator[int]:
    """Borders inside stanzas."""
    for group in find_stanzas(lines):
        yield from range(group.start, group.stop - 1)


_CELL_HINT = re.compile(r"[|\t]| {3}")
_CELL_PATTERN = re.compile(r"\t|\s\|\s|\|(?=\S)|\s{3,}")
"""What parts the cells of a row, and what shows at once that a line has none."""


def _find_table_rows(lines: Lines) -> Iterator[int]:
    """Borders around lines that have as many cells as a neighbour: between the two, before and behind them."""
    texts = lines.texts
    counts = [len(_CELL_PATTERN.findall(text)) if _CELL_HINT.search(text) else 0 for text in texts]
    for at, (left, right) in enumerate(pairwise(counts)):
        if left == right and left + ("\t" in texts[at]) >= MIN_CELLS:
            yield from (at - 1, at, at + 1)


_FENCES = ("```", "~~~")
"""How a fence of Markdown begins: every second one closes a block of code."""

_KEYWORDS = (
    *"def class import from return const let var function fn func public private static".split(),
    *"for while if else elif end".split(),
)
_COMMANDS = ("sudo", "pip", "npm", "git", "cd", "ls", "curl", "SELECT", "INSERT", "UPDATE")
_CODE_PATTERN = re.compile(
    rf"""[{{}};]$|^[{{}}()\]]|\)\s*[:{{]$|=>|->|==|!=|\+=|</|/>|&&|\|\||::
    |^(?:{"|".join(_KEYWORDS)})\b.*[(){{}}=:;]
    |^(?:\$|>>>|\#!|//|/\*|--)\s|^\#\s*include|^(?:{"|".join(_COMMANDS)})\s
    |^[\w.\[\]]+\s*:?=\s*\S|^[\w.]+\([^)]*\)$""",
    re.VERBOSE,
)
"""What lines of code have and sentences seldom: how they end, operators, a first word with a bracket, a shell's
prompt, an assignment, a call."""

_CODE_STARTS, _CODE_ENDS, _CODE_SIGNS = frozenset("{}()]$#/-"), frozenset("{};:)"), ("=", ">", "</", "&&", "||", "::")
_CODE_WORDS = _KEYWORDS + _COMMANDS
"""One of these has every line that the pattern matches: nearly all others show it at once."""


def _is_code(text: str) -> bool:
    """Whether a line reads like code."""
    can_be = (
        text[0] in _CODE_STARTS
        or text[-1] in _CODE_ENDS
        or text.startswith(_CODE_WORDS)
        or any(map(text.__contains__, _CODE_SIGNS))
    )
    return can_be and _CODE_PATTERN.search(text) is not None


def _find_fenced_code(lines: Lines) -> Iterator[int]:
    """Borders around the fences of Markdown, and between them."""
    fences = [at for at, text in enumerate(lines.texts) if text.startswith(_FENCES)]
    for start, stop in zip(fences[::2], fences[1::2], strict=False):
        yield from range(start - 1, stop + 1)


def _find_code(lines: Lines) -> Iterator[int]:
    """Borders inside groups of lines most of which are code."""
    least = MIN_FLAT_CODE_LINES if lines.is_flat else MIN_STANZA_LINES
    for run in list_runs(_find_lines(lines, _is_code), least):
        yield from range(run.start - 1, run.stop)


def _find_lines(lines: Lines, match: Callable[[str], object]) -> Iterator[int]:
    """Numbers of the lines that a pattern matches."""
    return compress(count(), map(match, lines.texts))


_TIME_PATTERN = re.compile(r"[\[(]?\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?[\])]?(?=\s|$)")
"""A time from the beginning of a recording, with its parts of a second: 00:01:20.5, [01:20]."""


def _find_time_codes(lines: Lines) -> Iterator[int]:
    """Borders around the times of a transcript, of which there are several, at the beginning of lines."""
    times = list(_find_lines(lines, _TIME_PATTERN.match))
    if len(times) >= MIN_ITEMS:
        yield from (at - 1 for at in times)
        yield from (at for at in times if _TIME_PATTERN.fullmatch(lines.texts[at]))


def _always(lines: Lines, at: int) -> bool:
    """The look before a finder that is quick, or whose borders do not show by the lines beside them."""
    return True


def _is_inside_group(lines: Lines, at: int) -> bool:
    """Whether no blank line stands at a border."""
    return lines.loose[at]


def _is_between_cells(lines: Lines, at: int) -> bool:
    """Whether a border is a blank line between two cells."""
    return not lines.loose[at] and _is_cell(lines.texts[at]) and _is_cell(lines.texts[at + 1])


def _is_beside(matches: Callable[[str], object]) -> Callable[[Lines, int], bool]:
    """The look whether one of the two lines at a border is such a line."""
    return lambda lines, at: bool(matches(lines.texts[at]) or matches(lines.texts[at + 1]))


class _Finder(NamedTuple):
    """A finder, the reason that it gives, and a quick look that is true of all borders which it finds."""

    find: Callable[[Lines], Iterator[int]]
    row: Row
    may_keep: Callable[[Lines, int], bool] = _always

    def find_kept(self, lines: Lines) -> dict[int, Row]:
        """The borders that it finds, with its reason; none where a mark was torn off, unless in code."""
        found = filter(range(len(lines.texts) - 1).__contains__, self.find(lines))
        is_torn_off = partial(_is_torn_off, lines.texts)
        return dict.fromkeys(found if self.row is CODE_LINE else filterfalse(is_torn_off, found), self.row)


_FINDERS = (
    _Finder(_find_titles, TITLE),
    _Finder(_find_items, LIST_ITEM),
    _Finder(_find_bare_items, BARE_ITEM, _is_beside(_is_bare_item)),
    _Finder(_find_cells, CELL, _is_between_cells),
    _Finder(_find_verse, VERSE, _is_inside_group),
    _Finder(_find_table_rows, TABLE_ROW, _is_beside(_CELL_HINT.search)),
    _Finder(_find_fenced_code, CODE_LINE),
    _Finder(_find_code, CODE_LINE, _is_beside(_is_code)),
    _Finder(_find_time_codes, TIME_CODE, _is_beside(_TIME_PATTERN.match)),
)
"""All finders: of two that name a border the reason of the first is told."""

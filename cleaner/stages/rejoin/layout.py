"""Lines that stand apart for a reason: titles, items of lists, verse, rows of tables, code, transcripts.

Each finder names borders between lines that stay, whatever the lines say: `Lines` in, numbers of left lines out.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from cleaner.stages.rejoin.borders import BRACKETS, OPENING_CHARS, SEPARATOR_CHARS, is_small
from cleaner.stages.rejoin.tables import PARTED, Row
from cleaner.stages.rejoin.words import ARTICLE_WORDS, ITEM_ARTICLES, LINKING_WORDS
from cleaner.text.layout import CLOSING_CHARS, COLONS, HYPHENS, MIN_STANZA_LINES, Lines, find_list_items, find_stanzas
from cleaner.text.shape import build_match_key, count_words, is_open

MAX_TITLE_WORDS, MIN_STANDALONE_WORDS = 20, 4
"""Words of the longest title, and of the shortest sentence that cannot be the rest of one."""

MIN_FULL_LINE_WORDS = 6
"""Words of a line without an end that can be the first line of a wrapped paragraph."""

MAX_ITEM_WORDS, MIN_ITEMS = 6, 3
"""Words of an item without a mark, and how many such items show a list: two lines are a sentence as well."""

MIN_QUANTITY_ROWS = 4
"""Short lines in a row, most of them with a number first, that show a list without a colon before it."""

MIN_FLAT_CODE_LINES = 4
"""Lines of code in a row where no blank line parts the text: a scraper may have cut single ones to pieces."""

MIN_CELLS = 2
"""Separators in a row of a table whose neighbour has as many: one stands in many a sentence."""


def _name(name: str, example: str) -> Row:
    """The row that says why a border stays."""
    return Row(name, PARTED, example)


TITLE = _name("title", "The law nobody voted for | The council voted on Monday.")
LIST_ITEM = _name("item of a list with marks", "- fresh herring | - two onions | - butter")
BARE_ITEM = _name("short line of a list", "You need: | fresh herring | two onions | butter")
VERSE = _name("line of verse or of an address", "The boats lie down | like cattle in the rain,")
TABLE_ROW = _name("row of a table", "Riverton | 3 | 7 / Oldham | 2 | 5")
CODE_LINE = _name("line of code", "x = load(); | return x")
TIME_CODE = _name("time code", "00:01:20 | and then he left")


def find_kept_borders(lines: Lines) -> dict[int, Row]:
    """The borders that stay, by the number of the line before them, with the reason; none where a mark was torn off."""
    kept: dict[int, Row] = {}
    texts = lines.texts
    for find, row in _FINDERS:
        for at in find(lines):
            if row is CODE_LINE or not _is_torn_off(texts[at], texts[at + 1]):
                kept.setdefault(at, row)
    return kept


def _is_torn_off(left: str, right: str) -> bool:
    """Whether a mark stands on the wrong side of a border, or alone on a line."""
    return right[0] in CLOSING_CHARS or right[0] in BRACKETS or left[-1] in OPENING_CHARS or left in CLOSING_CHARS


# ---------------------------------------------------------------- titles


def _find_titles(lines: Lines) -> Iterator[int]:
    """Borders around the given title, and behind a first line that no capital goes on from in mid-sentence."""
    texts = lines.texts
    key = build_match_key(lines.title)
    for at, text in enumerate(texts[:-1]):
        if key and len(text) >= len(lines.title) // 2 and build_match_key(text) == key:
            yield from (at - 1, at) if at else (at,)
    if lines.first and len(texts) > 1 and _stands_apart(texts[0], texts[1], is_loose=lines.loose[0]):
        yield 0


def _stands_apart(title: str, right: str, *, is_loose: bool) -> bool:
    """Whether a line is a title whose next line is a paragraph of its own."""
    if is_small(right[0]) or right[0] in CLOSING_CHARS or title[-1] in SEPARATOR_CHARS or title[-1] in HYPHENS:
        return False
    if len(title) == 1 or title.rsplit(None, 1)[-1] in ARTICLE_WORDS:
        return False
    size = count_words(right)
    is_whole = not is_open(right) and size >= MIN_STANDALONE_WORDS
    return count_words(title) <= MAX_TITLE_WORDS and (is_whole or (not is_loose and size >= MIN_FULL_LINE_WORDS))


# ---------------------------------------------------------------- lists


def _find_items(lines: Lines) -> Iterator[int]:
    """Borders before the items of lists with marks, and behind items that a blank line follows."""
    for at in find_list_items(lines):
        if at:
            yield at - 1
        if at < len(lines.texts) - 1 and not lines.loose[at]:
            yield at


_LETTER_PATTERN = re.compile(r"[^\W\d_]{2}")


def _is_bare_item(text: str) -> bool:
    """Whether a line is short, no sentence, and neither begins nor ends in the middle of a phrase."""
    words = text.lower().split()
    return (
        len(words) <= MAX_ITEM_WORDS
        and count_words(text) <= MAX_ITEM_WORDS
        and text[0] not in CLOSING_CHARS
        and text[-1] not in HYPHENS
        and text[-1] not in OPENING_CHARS
        and _LETTER_PATTERN.search(text) is not None
        and is_open(text)
        and words[-1] not in LINKING_WORDS
        and (words[0] not in LINKING_WORDS or words[0] in ITEM_ARTICLES)
    )


def _find_bare_items(lines: Lines) -> Iterator[int]:
    """Borders of short lines without marks: behind a line that ends in a colon, or many in a row, most with a
    number first."""
    for run in _list_runs(map(_is_bare_item, lines.texts), MIN_ITEMS):
        before = lines.texts[run.start - 1] if run.start else ""
        is_last = run.stop == len(lines.texts) or not lines.loose[run.stop - 1]
        ends_well = is_last or not is_small(lines.texts[run.stop][0])
        cases = {is_small(text[0]) for text in lines.texts[run.start : run.stop] if text[0].isalpha()}
        if len(cases) > 1:
            continue
        if ends_well and before[-1:] in COLONS and run.start:
            yield from range(run.start - 1, min(run.stop, len(lines.texts) - 1))
        elif ends_well and len(run) >= MIN_QUANTITY_ROWS and _are_quantities([lines.texts[i] for i in run]):
            yield from range(run.start, run.stop - 1)


def _are_quantities(texts: Sequence[str]) -> bool:
    """Whether most lines begin with a number, as what a recipe needs, and none with a comma ends."""
    numbered = sum(text[0].isdigit() for text in texts)
    return 2 * numbered >= len(texts) and not any(text[-1] in SEPARATOR_CHARS for text in texts)


def _list_runs(marks: Iterable[bool], least: int) -> Iterator[range]:
    """Runs of at least so many places that are marked."""
    start = 0
    for at, mark in enumerate((*marks, False)):
        if not mark:
            if at - start >= least:
                yield range(start, at)
            start = at + 1


# ---------------------------------------------------------------- verse, tables, code, transcripts


def _find_verse(lines: Lines) -> Iterator[int]:
    """Borders inside stanzas."""
    for group in find_stanzas(lines):
        yield from range(group.start, group.stop - 1)


_CELL_PATTERN = re.compile(r"\t|\s\|\s|\|(?=\S)|\s{3,}")


def _find_table_rows(lines: Lines) -> Iterator[int]:
    """Borders around lines that have as many cells as a neighbour."""
    counts = [
        len(_CELL_PATTERN.findall(text)) if "|" in text or "\t" in text or "   " in text else 0 for text in lines.texts
    ]
    for at, (left, right) in enumerate(pairwise(counts)):
        if left == right and (left >= MIN_CELLS or (left and "\t" in lines.texts[at])):
            yield from (i for i in (at - 1, at, at + 1) if 0 <= i < len(counts) - 1)


_CODE_PATTERN = re.compile(
    r"""[{};]$|^[{}()\]]|\)\s*[:{]$|=>|->|==|!=|\+=|</|/>|&&|\|\||::
    |^(?:def|class|import|from|return|const|let|var|function|fn|func|public|private|static|for|while|if|else|elif|end)\b
      .*[(){}=:;]
    |^(?:\$|>>>|\#!|//|/\*|--)\s|^\#\s*include|^(?:sudo|pip|npm|git|cd|ls|curl|SELECT|INSERT|UPDATE)\s
    |^[\w.\[\]]+\s*:?=\s*\S|^[\w.]+\([^)]*\)$""",
    re.VERBOSE,
)


def _find_code(lines: Lines) -> Iterator[int]:
    """Borders inside groups of lines most of which are code, and around the fences of Markdown."""
    fences = [i for i, text in enumerate(lines.texts) if text.startswith(("```", "~~~"))]
    for start, stop in zip(fences[::2], fences[1::2], strict=False):
        yield from range(max(start - 1, 0), min(stop + 1, len(lines.texts) - 1))
    least = MIN_FLAT_CODE_LINES if lines.is_flat else MIN_STANZA_LINES
    signs = [_CODE_PATTERN.search(text) is not None for text in lines.texts]
    for run in _list_runs(signs, least):
        yield from range(max(run.start - 1, 0), min(run.stop, len(signs) - 1))


_TIME_PATTERN = re.compile(r"[\[(]?\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?[\])]?(?=\s|$)")


def _find_time_codes(lines: Lines) -> Iterator[int]:
    """Borders around the times of a transcript, of which there are several, at the beginning of lines."""
    times = [(i, time) for i, text in enumerate(lines.texts) if (time := _TIME_PATTERN.match(text))]
    if len(times) < MIN_ITEMS:
        return
    for at, time in times:
        if at:
            yield at - 1
        if time.end() == len(lines.texts[at]) and at < len(lines.texts) - 1:
            yield at


_FINDERS: tuple[tuple[Callable[[Lines], Iterator[int]], Row], ...] = (
    (_find_titles, TITLE),
    (_find_items, LIST_ITEM),
    (_find_bare_items, BARE_ITEM),
    (_find_verse, VERSE),
    (_find_table_rows, TABLE_ROW),
    (_find_code, CODE_LINE),
    (_find_time_codes, TIME_CODE),
)

"""Tables of data as rows: a line a row, its cells apart by a sign.

A table that only sets things side by side is none: its cells hold paragraphs, headings, other tables, or hardly any
two of them stand in one row.  Such a table is laid out like any other element.
"""

from collections.abc import Collection, Iterator
from itertools import chain, filterfalse
from operator import attrgetter

from lxml import etree
from msgspec import Struct

from cleaner.html.elements import INLINE_TAGS, Element, collapse_blanks, is_hidden
from cleaner.text.rows import CELL_SIGN

MIN_ROWS = 2
"""Rows with two filled cells that make a table: one alone may be a label and what belongs to it."""

MIN_FILLED_CELLS = 2
"""Filled cells of such a row."""

MIN_PAIRED_SHARE = 0.5
"""Share of the rows with text that must be such: pictures and their texts side by side are no data."""

MAX_CELL_CHARS = 200
"""Characters of the longest cell: a longer one is a paragraph."""

MAX_SPAN_COLUMNS = 40
"""Columns that one cell may span: a larger number is written by hand, to span all."""

MAX_COLUMNS = 100
"""Columns of the widest table of data: more are a calendar of dots, or spans that push each other aside."""

_CELL_TAGS = frozenset({"td", "th"})
_PART_TAGS = frozenset({"thead", "tbody", "tfoot", "colgroup", "col"})
_TEXT_TAGS = ("table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "article", "section", "form")
"""Elements that hold text of their own: a cell with one sets out a page, and no data."""

_ITEM_SIGN, _ITEM_BORDER = "; ", "\0"
_BORDERS: dict[object, str] = dict.fromkeys((*INLINE_TAGS, etree.Comment, etree.PI), "")
_BORDERS |= dict.fromkeys(("li", "p", "dd", "dt"), _ITEM_BORDER)
"""What parts the text in an element from that around it: nothing inside a line, and a blank for other tags."""

_TEXT_BEHIND = {"start": ("text", 1), "end": ("tail", -1), "comment": ("tail", 0), "pi": ("tail", 0)}
"""By what a walk through a cell comes upon, where the text behind that is, and what it does to the depth of links."""

_SPANS = {str(number): number for number in range(1, MAX_SPAN_COLUMNS + 1)}
_LAYOUT_ROLES = frozenset({"presentation", "none"})


class TableRow(Struct, frozen=True):
    """A row, or the caption, as a line: its `text`, its first cell with text, its share of characters in links."""

    text: str
    cell: Element
    links: float


class _Cell(Struct, frozen=True):
    """A cell: its element, what it reads, the characters of that in links, and the columns that it takes."""

    element: Element
    text: str
    linked: int
    columns: int


def read_table(table: Element, unseen: Collection[str], hidden: bool) -> list[TableRow] | None:
    """The rows of a table of data; None for another table.

    `unseen` are the tags of what no reader sees, and `hidden` says whether what is hidden at first counts.
    """
    if table.get("role") in _LAYOUT_ROLES or next(table.iterdescendants(*_TEXT_TAGS), None) is not None:
        return None
    if any(_holds_loose_text(part) for part in (table, *table.iter(*_PART_TAGS, "tr"))):
        return None
    rows: list[TableRow] = []
    captions = [_read_cell(caption, unseen, hidden) for caption in table.iterchildren("caption")]
    paired = 0
    spans: dict[int, int] = {}
    for row in table.iter("tr") if hidden else filterfalse(is_hidden, table.iter("tr")):
        cells = [_read_cell(cell, unseen, hidden) for cell in row if cell.tag in _CELL_TAGS]
        if any(len(cell.text) > MAX_CELL_CHARS or CELL_SIGN in cell.text for cell in cells):
            return None
        filled = [cell for cell in cells if cell.text]
        paired += len(filled) >= MIN_FILLED_CELLS
        columns = list(_place_cells(cells, spans))
        if len(columns) > MAX_COLUMNS:
            return None
        if filled:
            text = _join_cells(columns if len(cells) > 1 else [cells[0].text])
            share = sum(cell.linked for cell in filled) / len(text)
            rows.append(TableRow(text, filled[0].element, min(1.0, share)))
    if paired < max(MIN_ROWS, MIN_PAIRED_SHARE * len(rows)):
        return None
    return [*(TableRow(one.text, one.element, one.linked / len(one.text)) for one in captions if one.text), *rows]


def _join_cells(cells: Collection[str]) -> str:
    """A row as a line: an empty cell shows as two signs with one blank between."""
    return collapse_blanks(f" {CELL_SIGN} ".join(cells))


def _holds_loose_text(element: Element) -> bool:
    """Whether text stands in a table or a row, but in no cell."""
    return any(map(str.strip, filter(None, chain((element.text,), map(attrgetter("tail"), element)))))


def _place_cells(cells: Collection[_Cell], spans: dict[int, int]) -> Iterator[str]:
    """The text of each column of a row: empty where a cell of this row or of one above spans it.

    `spans` has, by column, the rows below that a cell still spans; it is brought up to this row.
    """
    column = 0
    for cell in cells:
        while spans.get(column):
            yield from _skip_column(spans, column)
            column += 1
        yield cell.text
        yield from [""] * (cell.columns - 1)
        spans.update(dict.fromkeys(range(column, column + cell.columns), _read_span(cell.element, "rowspan") - 1))
        column += cell.columns
    for behind in [at for at in spans if at >= column and spans[at]]:
        yield from _skip_column(spans, behind)


def _skip_column(spans: dict[int, int], column: int) -> Iterator[str]:
    spans[column] -= 1
    yield ""


def _read_span(cell: Element, name: str) -> int:
    """How many columns or rows a cell takes: 1 for a number that is none or too large."""
    return _SPANS.get(cell.get(name, "").strip(), 1)


def _read_cell(cell: Element, unseen: Collection[str], hidden: bool) -> _Cell:
    """What a cell shows, on one line: items and paragraphs in it are parted by a semicolon."""
    parts: list[str] = []
    links = linked = 0
    walk = etree.iterwalk(cell, events=tuple(_TEXT_BEHIND))
    for event, element in walk:
        place, step = _TEXT_BEHIND[event]
        text = getattr(element, place) or ""
        links += step * (element.tag == "a")
        if element is not cell:
            parts.append(_BORDERS.get(element.tag, " "))
            if event == "start" and (element.tag in unseen or (not hidden and is_hidden(element))):
                walk.skip_subtree()
                text = ""
        elif event == "end":
            break
        parts.append(text)
        linked += len(text) * (links > 0)
    items = (collapse_blanks(item) for item in "".join(parts).split(_ITEM_BORDER))
    return _Cell(cell, _ITEM_SIGN.join(filter(None, items)), linked, _read_span(cell, "colspan"))

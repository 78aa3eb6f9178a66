"""Rows of a table in a text: lines next to each other with the same number of cells, a sign between them."""

from collections.abc import Iterator, Sequence
from itertools import groupby

CELL_SIGN = "|"
"""What parts the cells of a row: Markdown writes it, and so does the text of a page's table."""

MIN_ROWS, MIN_NARROW_ROWS = 2, 3
"""Rows of the shortest table, and of one with two cells in a row: a label and a date have a sign between them, too."""

NARROW_CELLS = 2
"""Cells in a row of a narrow table."""

MIN_FIGURE_SHARE = 0.5
"""Share of the rows, at least, with a figure in a cell of its own: menus have none."""

MAX_FIGURE_CHARS, MAX_CELL_CHARS = 12, 60
"""Characters of the longest figure, and of the longest cell: a longer one is a headline with its date or a caption."""


def split_cells(line: str) -> list[str]:
    """The cells of a row; the line itself where it is none."""
    return [cell.strip() for cell in line.split(CELL_SIGN)]


def find_table_rows(lines: Sequence[str]) -> Iterator[int]:
    """The numbers of the lines that are rows of tables."""
    at = 0
    for cells, group in groupby(lines, lambda line: line.count(CELL_SIGN) + 1):
        rows = list(group)
        least = MIN_NARROW_ROWS if cells <= NARROW_CELLS else MIN_ROWS
        if cells > 1 and len(rows) >= least and _is_table(list(map(split_cells, rows))):
            yield from range(at, at + len(rows))
        at += len(rows)


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether all cells are short, and enough rows have a figure."""
    figures = sum(any(map(_is_figure, row)) for row in rows)
    longest = max(len(cell) for row in rows for cell in row)
    return longest <= MAX_CELL_CHARS and figures >= MIN_FIGURE_SHARE * len(rows)


def _is_figure(cell: str) -> bool:
    """Whether a cell opens with a figure, a sign before it at most."""
    return len(cell) <= MAX_FIGURE_CHARS and any(map(str.isdigit, cell[:2]))

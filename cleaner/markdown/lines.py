"""The lines of a Markdown text, each with what it is: heading, item of a list, row of a table, line of code."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, islice, takewhile
from typing import NamedTuple

from msgspec import Struct

from cleaner.markdown.marks import Cut
from cleaner.text.shape import count_words, is_open, is_prose

MAX_UNDERLINED_WORDS = 30
"""Words of the longest line that a line of dashes or equals signs makes a heading."""

CODE_INDENT = 4
"""Blanks before a line of code that stands without a fence."""

MIN_CONTINUED_INDENT = 2
"""Blanks before a line that goes on with the item of a list above it."""

MIN_RULE_SIGNS = 3
"""Signs of the shortest line across the page."""

_LINE_PATTERN = re.compile(r"[^\r\n]+")
_LINE_END_PATTERN = re.compile(r"\r\n|\r|\n")
_FENCE_PATTERN = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*([\w+#.{}= -]*)\s*")
"""A line that opens or closes code: its signs, and the name of a language."""

_HEADING_PATTERN = re.compile(r" {0,3}(#{1,6})[ \t]+(?=[^\s#])")
_HEADING_END_PATTERN = re.compile(r"(?<![ \t])[ \t]++#++[ \t]*+$")
"""The hashes that may close a heading."""

_UNDERLINE_PATTERN = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
"""The line below a heading: equals signs for the first rank, dashes for the second."""

_ACROSS_PATTERN = re.compile(r" {0,3}(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}")
"""A line across the page, of three signs or more that are alike."""

_QUOTE_PATTERN = re.compile(r"(?: {0,3}>[ \t]?)+")
_BULLET_PATTERN = re.compile(r"[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
"""The mark of an item, with the box of a task."""

_NUMBER_PATTERN = re.compile(r"[ \t]*(\d{1,3})[.)][ \t]+(?=\S)")
_BORDER_PATTERN = re.compile(r"[ \t]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+")
"""The line between the head of a table and its rows."""

_PIPE_PATTERN = re.compile(r"(?<!\\)\|")
"""A bar between cells; an escaped one is of the text."""

_DEFINITION_PATTERN = re.compile(
    r" {0,3}\[(?!\^)(?=[^\]\n]*[^\]\s])([^\]\n]{1,80})\]:[ \t]*(?=\S*[/#@])\S+(?:[ \t]+[\"'(][^\n]*[\"')])?[ \t]*"
)
"""The address of a reference, `[name]: https://…`; a note has no such name, and a word is no address."""

_NOTE_PATTERN = re.compile(r" {0,3}\[(\^[^\]\s]{1,40})\]:[ \t]+")
_COMMENT_PATTERN = re.compile(r"[ \t]*(?:<!--[^\n]*-->|</?[a-z][a-z0-9]*(?:[ \t][^<>\n]*)?/?>)[ \t]*", re.IGNORECASE)
"""A comment, or one tag that stands alone."""

_HARD_BREAKS = ("  ", "\\")
"""How a line ends that its author ended by hand."""

_SPACES = " \t"

HEADING, ITEM, ROW, CODE, QUOTE, PARAGRAPH, FRAME = "heading", "item", "row", "code", "quote", "paragraph", "frame"
"""What a line is; `FRAME` is one of marks alone, which the text loses."""


class Line(Struct):
    """A line of the source from `start` to `end`, what it is, and the rule that says so.

    `cuts` are the marks around its words, `level` the rank of a heading, `opens` says that a blank line or another kind
    of line stands before it, `broken` that its author ended it by hand.
    """

    start: int
    end: int
    what: str = PARAGRAPH
    rule: str = "markdown.marks"
    cuts: list[Cut] = []
    level: int = 0
    opens: bool = True
    broken: bool = False
    body: int = 0

    @property
    def continues(self) -> bool:
        """Whether neither a blank line nor the mark of an item parts the line from one of its kind above it."""
        return not self.opens and (self.what != ITEM or self.body == self.start)


def read_lines(source: str, start: int) -> tuple[list[Line], frozenset[str]]:
    """The lines of a source from an offset on, and the names of the references and notes that it explains."""
    lines = list(_find_lines(source, start))
    names: set[str] = set()
    _mark_code(source, lines)
    for i, line in enumerate(lines):
        if line.what == PARAGRAPH:
            _classify_line(source, lines, i, names)
    return lines, frozenset(names)


def _find_lines(source: str, start: int) -> Iterator[Line]:
    """The lines that hold something, nothing said of them yet."""
    end = start
    for found in _LINE_PATTERN.finditer(source, start):
        if found[0].strip(_SPACES):
            opens = len(_LINE_END_PATTERN.findall(source, end, found.start())) != 1
            yield Line(found.start(), found.end(), opens=opens, body=found.start())
            end = found.end()


def _mark_code(source: str, lines: Sequence[Line]) -> None:
    """Marks the lines of code: those between two fences, and those set in behind a blank line."""
    fence: tuple[Line, str] | None = None
    inside: list[Line] = []
    for line in lines:
        found = _FENCE_PATTERN.fullmatch(source, line.start, line.end)
        if fence and found and found[1].startswith(fence[1]) and not found[2]:
            for one in inside:
                one.what, one.rule = CODE, "markdown.code"
            fence[0].what = line.what = FRAME
            fence[0].rule = line.rule = "markdown.code-fence"
            fence, inside = None, []
        elif fence:
            inside.append(line)
        elif found:
            fence = line, found[1]


class _Place(NamedTuple):
    """A line that is asked about: its number, its text, and the line directly above it, None behind a blank one."""

    source: str
    lines: Sequence[Line]
    i: int
    line: Line
    text: str
    before: Line | None
    names: set[str]

    @property
    def indent(self) -> int:
        """Blanks before the line; a tab counts as four."""
        blank = self.text[: len(self.text) - len(self.text.lstrip(_SPACES))]
        return len(blank.expandtabs(CODE_INDENT))

    @property
    def is_below_item(self) -> bool:
        """Whether the last line above, behind a blank one or not, is an item of a list."""
        return self.i > 0 and self.lines[self.i - 1].what == ITEM


def _classify_line(source: str, lines: Sequence[Line], i: int, names: set[str]) -> None:
    """Says of a line that is no code what it is, by the first test that knows it."""
    line, text = lines[i], source[lines[i].start : lines[i].end]
    line.broken = text.endswith(_HARD_BREAKS)
    place = _Place(source, lines, i, line, text, lines[i - 1] if i and not line.opens else None, names)
    next(filter(None, (mark(place) for mark in _TESTS)), None)


def _mark_definition(at: _Place) -> bool:
    """Marks a line that explains a reference."""
    if found := _DEFINITION_PATTERN.fullmatch(at.text):
        at.names.add(found[1].strip().casefold())
        at.line.what, at.line.rule = FRAME, "markdown.reference"
    return bool(found)


def _mark_note(at: _Place) -> bool:
    """Marks a line that is a note."""
    if note := _NOTE_PATTERN.match(at.text):
        at.names.add(note[1].casefold())
        _cut_prefix(at.line, note.end(), PARAGRAPH, "markdown.note")
        at.line.opens = True
    return bool(note)


def _mark_frame(pattern: re.Pattern[str], rule: str, at: _Place) -> bool:
    """Marks a line that a pattern finds to be of marks alone."""
    found = pattern.fullmatch(at.text)
    if found:
        at.line.what, at.line.rule = FRAME, rule
    return bool(found)


def _mark_heading(at: _Place) -> bool:
    """Marks a heading behind hashes."""
    if heading := _HEADING_PATTERN.match(at.text):
        _cut_prefix(at.line, heading.end(), HEADING, "markdown.heading")
        at.line.level = len(heading[1])
        if tail := _HEADING_END_PATTERN.search(at.text, heading.end()):
            at.line.cuts.append(Cut(at.line.start + tail.start(), at.line.end))
    return bool(heading)


def _mark_underline(at: _Place) -> bool:
    """Marks the line below a heading, and the heading."""
    underline = _UNDERLINE_PATTERN.fullmatch(at.text)
    if not (underline and at.before and _is_underlined(at.source, at.before, underline[1])):
        return False
    at.before.what, at.before.rule = HEADING, "markdown.heading"
    at.before.level = 1 if underline[1][0] == "=" else 2
    at.line.what, at.line.rule = FRAME, "markdown.underline"
    return True


def _mark_quote(at: _Place) -> bool:
    """Marks a line of a quotation."""
    if quote := _QUOTE_PATTERN.match(at.text):
        bullet = _BULLET_PATTERN.match(at.text, quote.end())
        _cut_prefix(at.line, (bullet or quote).end(), QUOTE, "markdown.quote")
    return bool(quote)


def _mark_item(at: _Place) -> bool:
    """Marks an item of a list, or a line that goes on with the item above it; a number stays, for it says something."""
    if bullet := _BULLET_PATTERN.match(at.text):
        _cut_prefix(at.line, bullet.end(), ITEM, "markdown.list")
        return True
    number = _find_number(at)
    is_more = at.before and at.is_below_item and at.indent >= MIN_CONTINUED_INDENT
    if number or is_more:
        at.line.what, at.line.rule, at.line.level = ITEM, "markdown.list", number
        at.line.opens = at.line.opens or bool(number)
    return bool(number or is_more)


def _mark_indented(at: _Place) -> bool:
    """Marks code that is set in: behind a blank line and no prose, or below such a line."""
    begins = at.line.opens and not at.is_below_item and not is_prose(at.text.strip())
    is_code = at.indent >= CODE_INDENT and bool(begins or (at.before and at.before.what == CODE))
    if is_code:
        at.line.what, at.line.rule = CODE, "markdown.code"
    return is_code


def _cut_prefix(line: Line, chars: int, what: str, rule: str) -> None:
    """Takes the mark at the beginning of a line off, and says what the line is."""
    line.what, line.rule = what, rule
    line.body = line.start + chars
    line.cuts.append(Cut(line.start, line.body))


def _is_underlined(source: str, before: Line, signs: str) -> bool:
    """Whether a line is short enough for a heading, and the signs below it many enough; dashes also part paragraphs."""
    text = source[before.start : before.end].strip()
    is_single = before.opens and before.what == PARAGRAPH and count_words(text) <= MAX_UNDERLINED_WORDS
    return is_single and len(signs) >= MIN_RULE_SIGNS and (signs[0] == "=" or is_open(text))


def _find_number(at: _Place) -> int:
    """The number with which an item begins, or 0: the first item has 1, and others stand below an item."""
    found = _NUMBER_PATTERN.match(at.text)
    is_below = at.is_below_item and at.lines[at.i - 1].level
    return int(found[1]) if found and (is_below or int(found[1]) == 1) else 0


# ---------------------------------------------------------------- tables


def _mark_table(at: _Place) -> bool:
    """Marks head, border and rows of the table that a line begins: it has cells, and the next line sets them apart."""
    is_table = _has_cells(at.source, at.line) and at.i + 1 < len(at.lines) and _is_border(at.source, at.lines[at.i + 1])
    if is_table:
        below = takewhile(lambda line: _is_row(at.source, line), islice(at.lines, at.i + 1, None))
        for line in chain((at.line,), below):
            line.what, line.rule = ROW, "markdown.table"
            line.cuts = list(_cut_pipes(at.source, line))
        border = at.lines[at.i + 1]
        border.what, border.rule = FRAME, "markdown.table-border"
    return is_table


def _is_row(source: str, line: Line) -> bool:
    """Whether a line goes on with the table above it."""
    return not line.opens and _has_cells(source, line)


def _has_cells(source: str, line: Line) -> bool:
    """Whether a line has bars."""
    return "|" in source[line.start : line.end]


def _is_border(source: str, line: Line) -> bool:
    """Whether a line parts the head of a table from its rows."""
    return _is_row(source, line) and bool(_BORDER_PATTERN.fullmatch(source, line.start, line.end))


def _cut_pipes(source: str, line: Line) -> Iterator[Cut]:
    """The bars between cells with one blank on each side, those at the ends of the row taken off."""
    at = line.start
    for found in _PIPE_PATTERN.finditer(source, line.start, line.end):
        before, after = source[at : found.start()], source[found.end() : line.end]
        start, end = at + len(before.rstrip(_SPACES)), line.end - len(after.lstrip(_SPACES))
        yield Cut(start, end, " | " if line.start < start and end < line.end else "")
        at = end


_TESTS = (
    _mark_definition,
    _mark_note,
    partial(_mark_frame, _COMMENT_PATTERN, "markdown.html"),
    _mark_heading,
    _mark_table,
    _mark_underline,
    partial(_mark_frame, _ACROSS_PATTERN, "markdown.line-across"),
    _mark_quote,
    _mark_item,
    _mark_indented,
)
"""What a line can be, in the order in which it is asked."""

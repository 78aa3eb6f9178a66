"""A piece of HTML, or a text with escaped line ends, laid out as lines of text, each an edit of what was given.

So the ledger gives back every tag: the source of the document is the text as it came.
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import compress

from msgspec import Struct
from msgspec.structs import replace

from cleaner.document import MARKUP_RULE, Block, Document, Edit, Fact
from cleaner.facts import FLAGS
from cleaner.html.elements import UNSEEN_TAGS
from cleaner.readers.written import ESCAPED_TAG_PATTERN, LINE_TAGS, TAG_PATTERN, TAGS, Writing, has_paired_tags

MARKUP_FLAG, ESCAPES_FLAG, PIECE_FLAG = "html-in-text", "escapes-in-text", "html-fragment"
"""Flags of a record whose text was a page or a piece of one, of one whose line ends were escaped, and of one whose
page was only a piece."""

ROLES = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "li": "list-item",
    "blockquote": "quote",
    "figcaption": "caption",
    **dict.fromkeys(("td", "th"), "table"),
}
"""What a line in such an element is."""

HOLDERS = frozenset({*ROLES, "p", "pre", "dd", "dt"})
"""Elements in which a line end is a blank."""

LINE_ENDERS = ("br", "hr")
"""Elements that end a line and begin none."""

CELL_TAGS = ("td", "th")
CELL_GLUE = " | "
"""What parts the cells of a row, which are one line."""

_TABLE_TAGS = ("tr", "tbody", "thead", "tfoot", "table")
"""Elements at whose borders a row ends; any other one within a cell is a blank."""

COMMENT = "!--"
"""The name of a comment's token."""

UNREAD_TAGS = (UNSEEN_TAGS | {"button", COMMENT}) - frozenset("input param source track base frame meta link".split())
"""Elements of which nothing is shown as text, with all that stands in them; and comments."""

_LINE_END = r"\r\n|[\r\n\v\f\u2028\u2029]"
_ESCAPED = r"u[dD][89abAB]\w\w\\{1,2}u[dD][c-fC-F]\w\w|u[0-9a-fA-F]{4}|[nrt\"'/\\]"
"""What stands behind the backslash of an escape."""

_TWICE_ESCAPED = re.compile(r"\\\\[nr]")
_MARKS = r"<!--|<!\[CDATA\[|\]\]>"
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ESCAPED_CHARS = {"n": "\n", "r": " ", "t": " "}
"""What stands for itself is not listed."""

_MARK_NAMES = {"<!--": COMMENT, "<![CDATA[": "", "]]>": ""}
"""The marks that are no tags, by the names of their tokens."""


class _Token(Struct):
    """A tag, a line end, an escape or another mark of a text, from `start` to `end`.

    `name` is that of an element, "\\n" for a line end, "" for what only goes, and `text` what it reads.
    """

    start: int
    end: int
    name: str = ""
    closes: bool = False
    text: str = ""

    @property
    def is_unread(self) -> bool:
        """Whether an element or a comment begins here of which nothing is read."""
        return not self.closes and self.name in UNREAD_TAGS


def read_written(
    source: str, writing: Writing, id: str = "", url: str | None = None, facts: tuple[Fact, ...] = ()
) -> Document:
    """The document of a text that is written so: a block a line, whose edit by `MARKUP_RULE` takes the writing away."""
    flags = FLAGS.make_each("input", compress((MARKUP_FLAG, ESCAPES_FLAG), (writing.is_marked, writing.escapes)))
    lines = _Layout(source, writing).collect_lines()
    edits = [
        Edit(MARKUP_RULE, line.start, line.end, line.text, line.role)
        for line in lines
        if line.role or source[line.start : line.end].rstrip("\n") != line.text
    ]
    blocks = tuple(Block(line.start, line.end, line.text, line.kind) for line in lines)
    document = Document(id, source, blocks, blocks, (), (*facts, *flags), url)
    return document.apply(edits, "layout")


def read_title(title: str) -> str:
    """A title as it reads: feeds write it with entities, and with elements that stress a word of it."""
    if "<" in title and has_paired_tags(title):
        title = TAG_PATTERN.sub(lambda tag: "" if tag[2].lower() in TAGS else tag[0], title)
    return _unescape_once(title)


def _unescape_once(text: str) -> str:
    """A text with its entities read, those that come out of it left alone."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text)


class _Layout:
    """One walk over the tokens of a text.

    Text is gathered in `_parts` until a line ends; `_start` is where its block begins.  `_holder` is the innermost open
    element that holds a line, "" outside of any; `_outer` are those open that say what a line is, and `_role` is what
    this one is whatever they say.  `_cells` counts those of the row, `_line_ends` the line ends with nothing between.
    """

    def __init__(self, source: str, writing: Writing) -> None:
        self._source = source
        self._writing = writing
        self._lines: list[Block] = []
        self._parts: list[str] = []
        self._start = 0
        self._holder = ""
        self._role = ""
        self._outer: list[str] = []
        self._line_ends = 0
        self._cells = 0

    def collect_lines(self) -> list[Block]:
        """The lines of the text, which tile it."""
        at = 0
        for token in self._iterate_tokens():
            self._add_text(self._source[at : token.start])
            at = token.end
            if token.name == "\n":
                self._end_line_of_source(token)
            elif token.name == "":
                self._parts.append(token.text)
            elif token.name in LINE_TAGS:
                self._cross_border(token)
        self._add_text(self._source[at:])
        self._flush_line(len(self._source))
        # what is left belongs to the last line; of a text that shows nothing, all is one that goes
        *lines, last = self._lines or [Block(0, 0, "", role="other")]
        return [*lines, replace(last, end=len(self._source))]

    def _add_text(self, text: str) -> None:
        """Add what stands between two tokens, entities read as what they mean."""
        self._parts.append(_read_entities(text, self._writing))
        if text.strip():
            self._line_ends = 0

    def _end_line_of_source(self, token: _Token) -> None:
        """A line end: within an element that holds a line it is a blank, unless an empty line follows."""
        self._line_ends += 1
        if self._holder == "pre":
            self._parts.append("\n")
        elif self._holder and self._line_ends == 1:
            self._parts.append(" ")
        else:
            self._flush_line(token.end)

    def _cross_border(self, token: _Token) -> None:
        """The beginning or the end of an element that begins a line; cells of one row stay on one line."""
        if token.name in CELL_TAGS:
            self._cross_cell(token)
        elif self._cells and token.name not in _TABLE_TAGS:
            # a paragraph within a cell
            self._parts.append(" ")
        else:
            self._cells = 0
            is_behind = token.closes or token.name in LINE_ENDERS
            self._flush_line(token.end if is_behind else token.start)
            self._note_element(token)

    def _cross_cell(self, token: _Token) -> None:
        """The border of a cell: all but the first of a row are set off from the one before."""
        if not token.closes:
            self._parts.append(CELL_GLUE if self._cells else "")
            self._cells += 1
            self._role = "table"

    def _note_element(self, token: _Token) -> None:
        """Learn what the next line stands in."""
        name = token.name
        if token.closes:
            # the end of a box leaves a paragraph open that has no end
            self._holder = "" if name in (self._holder, *ROLES) else self._holder
            self._outer = list(filter(name.__ne__, self._outer))
        elif name in HOLDERS:
            self._holder = name
            self._outer += ROLES.keys() & {name}

    def _flush_line(self, end: int) -> None:
        """End the line here; nothing where it has no text yet: then what was passed belongs to the line before."""
        text = "".join(self._parts)
        is_verbatim = self._holder == "pre"
        text = text.strip("\n").rstrip() if is_verbatim else _SPACE.sub(" ", text).strip()
        self._parts.clear()
        if not text.strip(" \n|"):
            return
        role = self._role or next(map(ROLES.__getitem__, reversed(self._outer)), "")
        # paragraphs of HTML are whole; other lines may be cut, and the stage rejoin looks at them
        kind = "line" if self._holder == "" else self._holder
        self._lines.append(Block(self._start, end, text, kind, role))
        self._start, self._role = end, ""

    # ------------------------------------------------------------ tokens

    def _iterate_tokens(self) -> Iterator[_Token]:
        """The tokens of the text in their order; an element that shows no text is one, with all that stands in it."""
        scan = _compile_tokens(self._source, self._writing).search
        # ends that do not come any more are looked for once
        gone: set[str] = set()
        at = 0
        while found := scan(self._source, at):
            at = found.end()
            token = _build_token(found)
            if token and token.is_unread:
                at = self._find_end(token, gone)
                token = _Token(token.start, at)
            if token:
                yield token

    def _find_end(self, token: _Token, gone: set[str]) -> int:
        """Where an element or a comment ends of which nothing is read: behind its own tag where it is never closed."""
        mark = "-->" if token.name == COMMENT else f"</{token.name}"
        close = None if mark in gone else re.compile(re.escape(mark), re.IGNORECASE).search(self._source, token.end)
        if close is None:
            gone.add(mark)
            return token.end
        return self._source.find(">", close.end() - 1) + 1 or len(self._source)


def _compile_tokens(source: str, writing: Writing) -> re.Pattern[str]:
    """The pattern of all tokens of a text that is written so."""
    parts = [_LINE_END]
    if writing.is_marked:
        tag = ESCAPED_TAG_PATTERN if writing.nested else TAG_PATTERN
        parts += [_MARKS, f"(?P<tag>{tag.pattern})"]
    if writing.escapes:
        # a text that was escaped twice has two of each backslash
        slash = r"\\" * (2 if _TWICE_ESCAPED.search(source) else 1)
        parts.append(f"(?P<escape>{slash}(?P<what>{_ESCAPED}))")
    return re.compile("|".join(parts))


def _build_token(found: re.Match[str]) -> _Token | None:
    """The token of a match; None for a tag that no element of HTML has, which is text."""
    groups = found.groupdict()
    if groups.get("escape"):
        text = _read_escape(groups["what"]) or found[0]
        return _Token(found.start(), found.end(), "\n" if text == "\n" else "", text=text)
    if groups.get("tag"):
        slash, name = found[2], found[3].lower()
        is_known = name in TAGS or ":" in name
        return _Token(found.start(), found.end(), name, bool(slash)) if is_known else None
    name = _MARK_NAMES.get(found[0], "\n")
    return _Token(found.start(), found.end(), name)


def _read_escape(what: str) -> str:
    """The character behind a backslash, or behind `u` and its number; "" for half a character, which stays."""
    if len(what) == 1:
        return _ESCAPED_CHARS.get(what, what)
    try:
        return b"".join(map(bytes.fromhex, what.replace("\\", "").split("u"))).decode("utf-16-be")
    except ValueError:
        return ""


def _read_entities(text: str, writing: Writing) -> str:
    """The text with its entities read, those in brackets of brackets twice; other texts keep them for the stages."""
    if "&" not in text or not writing.is_marked:
        return text
    once = _unescape_once(text)
    return _unescape_once(once) if writing.nested else once

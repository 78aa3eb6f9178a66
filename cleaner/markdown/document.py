"""A Markdown text as a document: its source as it was, and an edit for every mark that goes.

Three readings, each of offsets of the source alone: `lines` says what each line is, `marks` finds what goes inside of
paragraphs (a link may run over lines), and here the blocks of the clean layout lose the cuts that lie in them.  So a
block always stands for its own part of the source, and the ledger undoes it as it undoes any other edit.

Paragraphs stay one block a line, for a scraper's line end is no proof of a paragraph: `rejoin` joins those that were
wrapped.  Items of lists and code are whole: their marks and their indents say where they end.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, filterfalse
from operator import itemgetter

from msgspec.structs import replace

from cleaner.document import Block, Document, Edit, Fact, lay_out_text
from cleaner.facts import FLAGS, KEEP, MARKUP_IMAGES, MARKUP_TITLE, ROLE, TITLE, Media
from cleaner.markdown.front import Front, read_front
from cleaner.markdown.lines import CODE, FRAME, HEADING, ITEM, PARAGRAPH, QUOTE, ROW, Line, read_lines
from cleaner.markdown.marks import Cut, Image, find_marks
from cleaner.text.names.bylines import split_names
from cleaner.text.shape import build_match_key, is_prose
from cleaner.text.urls import is_decoration

STAGE = "markdown"
"""The name in the ledger under which the marks go."""

RULES = {
    "markdown.front-matter": "Title, author, date and the like, set before a text for a program.",
    "markdown.marks": "Marks of links, pictures, emphasis, code and escapes inside a paragraph.",
    "markdown.heading": "The marks of a heading.",
    "markdown.title": "The heading that is the title.",
    "markdown.underline": "The line below a heading.",
    "markdown.line-across": "A line across the page.",
    "markdown.list": "The mark of an item of a list.",
    "markdown.quote": "The mark of a quotation.",
    "markdown.table": "The bars of a row of a table.",
    "markdown.table-border": "The line below the head of a table.",
    "markdown.code": "Lines of code, kept as they are.",
    "markdown.code-fence": "The line that opens or closes code.",
    "markdown.reference": "The address of a link, written apart from its words.",
    "markdown.note": "The mark of a note.",
    "markdown.html": "A line of HTML that shows nothing.",
    "markdown.image": "A picture on a line of its own.",
    "markdown.menu": "A list of links above the title.",
    "markdown.jump": "Links to places of the same page.",
    "markdown.signs": "Several signs say that the text is Markdown.",
}

MAX_CAPTION_CHARS = 300
"""Characters of the longest line below a picture that is its caption."""

_KINDS = {CODE: "pre", ROW: "tr", ITEM: "li", HEADING: "h2", FRAME: "hr"}
"""The element that each kind of line would be on a page; others stay `line`, as a scraper may have broken them."""

_BROKEN_KINDS = {**_KINDS, PARAGRAPH: "p"}
"""The same of lines that their author ended by hand: such a one is no part of a wrapped paragraph."""

_ROLES = {HEADING: "heading", ITEM: "list-item", ROW: "table", QUOTE: "quote"}
"""What a line is in the ledger, by its kind; others are paragraphs."""

_MARKED = frozenset({PARAGRAPH, QUOTE, ITEM})
"""Lines that share their marks with the lines of their kind below them."""

_KEPT_RULES = frozenset({"markdown.code", "markdown.note"})
"""What stays, whatever later stages think of its shape."""

_CAPTION_PATTERN = re.compile(rf"([*_])(?:.{{0,{MAX_CAPTION_CHARS - 2}}}\1)?", re.DOTALL)
"""A line that is set in italics or bold as a whole."""

INPUT_TITLE = ("input", TITLE.name)
"""Rule and key of a title that was known beside the text."""


def build_markdown_document(
    source: str, id: str = "", url: str | None = None, facts: Iterable[Fact] = (), written: bool = False
) -> Document:
    """The document of a text that is Markdown; `written` where its name says so, so that no flag need say it."""
    blocks, layout = lay_out_text(source)
    front = read_front(source)
    lines, names = read_lines(source, front.end)
    starts = [line.start for line in lines]
    owners = [_find_owner(source, block, lines, starts) for block in blocks]
    blocks = tuple(_set_kind(block, lines, owner) for block, owner in zip(blocks, owners, strict=True))
    known = tuple(facts)
    reader = _Reader(source, lines, names, front, blocks, owners, INPUT_TITLE in map(_name_fact, known))
    document = Document(id, source, blocks, blocks, (), known + reader.choose_front_facts(), url)
    flags = () if written else (FLAGS.make("markdown.signs", STAGE),)
    return document.apply(layout, "layout").apply((*reader.read(), *flags), STAGE)


def _name_fact(fact: Fact) -> tuple[str, str]:
    """Rule and key of a fact."""
    return fact.rule, fact.key


def _find_owner(source: str, block: Block, lines: Sequence[Line], starts: Sequence[int]) -> int | None:
    """The number of the line on which a block stands, or None for what the front matter and blank lines are."""
    at = block.end - len(source[block.start : block.end].lstrip())
    i = bisect_right(starts, at) - 1
    return i if i >= 0 and at < lines[i].end else None


def _set_kind(block: Block, lines: Sequence[Line], owner: int | None) -> Block:
    """A block with the kind that its line makes it; a sentence stays one."""
    if owner is None or block.kind == "sentence":
        return block
    kinds = _BROKEN_KINDS if lines[owner].broken else _KINDS
    return replace(block, kind=kinds.get(lines[owner].what, block.kind))


class _Reader:
    """The lines of a document, with the marks inside them, as edits and facts.

    Lines are known by their numbers: `linked` are those whose words all stand in links, `jumps` those of them whose
    links lead to places of the same page, `pictured` those with a picture.  `title` is the heading that is the title,
    `shown` its words where the head of the text states no other title.
    """

    def __init__(
        self,
        source: str,
        lines: Sequence[Line],
        names: Iterable[str],
        front: Front,
        blocks: Sequence[Block],
        owners: Sequence[int | None],
        is_titled: bool,
    ) -> None:
        self.source, self.lines, self.front, self.blocks, self.owners = source, lines, front, blocks, owners
        self.names = frozenset(names)
        self.is_titled = is_titled
        self.images: list[tuple[Image, int]] = []
        self.linked: set[int] = set()
        self.jumps: set[int] = set()
        for run in _group_lines(lines):
            self._take_marks(run)
        self.pictured = {i for _, i in self.images}
        self.texts = [self._read_span(line.start, line.end, line) for line in lines]
        self.title = self._find_title()
        self.shown = self._choose_shown("" if self.title is None else self.texts[self.title])

    def read(self) -> Iterator[Edit | Fact]:
        """All edits and facts."""
        numbers = range(len(self.lines))
        captions = {i: self.texts[i] for i in filter(self._is_caption, numbers[1:])}
        prose = list(filter(self._is_text, numbers))
        held = frozenset(range(min(prose, default=0), max(prose, default=0))) - self.linked
        for run in _group_runs(len(self.blocks), self._goes_on):
            yield from self._read_run(run, captions, held)
        for image, i in self.images:
            if not (is_decoration(image.url) or image.url.startswith("data:")):
                caption = captions.get(i + 1) or image.alt or None
                yield MARKUP_IMAGES.make("markdown.image", Media(caption, None, image.url or None))
        if self.shown:
            yield MARKUP_TITLE.make("markdown.heading", self.shown)

    def choose_front_facts(self) -> tuple[Fact, ...]:
        """The facts of the head of the text, without a title that is the heading and the name of the site."""
        hidden = MARKUP_TITLE.name if self.shown else None
        return tuple(fact for fact in self.front.facts if fact.key != hidden)

    def _choose_shown(self, heading: str) -> str:
        """The words of the heading that is the title; "" where the head states one that is not in these words."""
        stated = next(iter(MARKUP_TITLE.list_values(self.front.facts)), None)
        return heading if stated is None or build_match_key(heading) in build_match_key(stated) else ""

    def _is_text(self, i: int) -> bool:
        """Whether a line is a paragraph."""
        return self.lines[i].what in (PARAGRAPH, QUOTE) and is_prose(self.texts[i])

    def _take_marks(self, run: range) -> None:
        """Adds the marks inside lines that belong together to their cuts.

        A mark that runs over a line's end is a cut of all the lines that it touches.
        """
        lines = self.lines[run.start : run.stop]
        start, end = lines[0].body, lines[-1].end
        found = find_marks(self.source[start:end], self.names)
        starts = [line.start for line in lines]
        for cut in found.cuts:
            at = Cut(cut.start + start, cut.end + start, cut.text)
            for line in lines[max(0, bisect_right(starts, at.start) - 1) : bisect_left(starts, at.end)]:
                line.cuts.append(at)
        for line in lines:
            line.cuts.sort()
        for image in found.images:
            self.images.append((image, run[max(0, bisect_right(starts, image.start + start) - 1)]))
        links = [Cut(link.start + start, link.end + start) for link in found.links]
        if links and not any(map(str.isalpha, _apply_cuts(self.source, start, end, sorted([*lines[0].cuts, *links])))):
            self.linked.update(run)
            self.jumps.update(run if all(link.url.startswith("#") for link in found.links) else ())

    def _read_span(self, start: int, end: int, line: Line) -> str:
        """What a part of a line reads without its marks."""
        return _apply_cuts(self.source, start, end, line.cuts).strip()

    def _find_title(self) -> int | None:
        """The number of the heading that is the title: of those before the text the last of the first rank.

        Where there is no text at all, it is the first heading.
        """
        text = next(filter(self._is_text, range(len(self.lines))), None)
        headings = [i for i, line in enumerate(self.lines[:text]) if line.what == HEADING and self.texts[i]]
        if text is None:
            return next(iter(headings), None)
        return min(reversed(headings), key=lambda i: self.lines[i].level, default=None)

    def _is_caption(self, i: int) -> bool:
        """Whether a line is set in italics directly below a picture, and names no author."""
        line = self.lines[i]
        is_below = i - 1 in self.pictured and not line.opens and not self.texts[i - 1]
        is_set = is_below and _CAPTION_PATTERN.fullmatch(self.source[line.start : line.end].strip())
        return bool(is_set) and line.what == PARAGRAPH and not split_names(self.texts[i])

    def _goes_on(self, i: int) -> bool:
        """Whether a block is one with the block before it: they are lines of an item, or of a piece of code."""
        above, owner = self.owners[i - 1], self.owners[i]
        if owner is None or self.lines[owner].what != self.lines[above or 0].what:
            return False
        line = self.lines[owner]
        return line.what == CODE or (line.what == ITEM and line.continues)

    def _read_run(self, run: range, captions: dict[int, str], held: frozenset[int]) -> Iterator[Edit | Fact]:
        """The edit of blocks that are one, and what they are.

        Code and notes stay, whatever later stages think of their shape, and so do rows and items between the text's
        paragraphs, whose numbers are `held`; a list of links may be a menu.
        """
        blocks = self.blocks[run.start : run.stop]
        first, owner = blocks[0], self.owners[run.start]
        start, end = first.start, blocks[-1].end
        if owner is None:
            if first.text and start < self.front.end:
                yield Edit("markdown.front-matter", start, end, "", "other")
            return
        line = self.lines[owner]
        text = self._join_blocks(blocks, [self.lines[i or 0] for i in self.owners[run.start : run.stop]])
        role, rule = _ROLES.get(line.what, ""), line.rule
        drop, dropped_role = self._choose_drop(owner, text, captions)
        if drop:
            yield Edit(drop, start, end, "", dropped_role)
            return
        if text != first.text or len(run) > 1:
            yield Edit(rule, start, end, text, role)
        elif role:
            yield Fact(rule, ROLE.name, role, start, end)
        if rule in _KEPT_RULES or (line.what in (ROW, ITEM) and owner in held):
            yield KEEP.make(rule, role or "paragraph", first)

    def _choose_drop(self, owner: int, text: str, captions: dict[int, str]) -> tuple[str, str]:
        """The rule and the role by which a line goes: those of the first row that holds, "" for a line that stays."""
        line = self.lines[owner]
        is_title = owner == self.title and bool(self.shown) and not self.is_titled
        is_menu = line.what == ITEM and owner in self.linked and owner < (self.title or 0)
        rows = (
            (line.what == FRAME, line.rule, "other"),
            (is_title, "markdown.title", "title"),
            (owner in captions, "markdown.image", "caption"),
            (is_menu, "markdown.menu", "navigation"),
            (owner in self.jumps, "markdown.jump", "navigation"),
            (line.what == CODE or any(map(str.isalnum, text)), "", ""),
            (owner in self.pictured, "markdown.image", "caption"),
            (not text, line.rule, "other"),
        )
        return next(((rule, role) for holds, rule, role in rows if holds), ("", ""))

    def _join_blocks(self, blocks: Sequence[Block], lines: Sequence[Line]) -> str:
        """What blocks read as one: code as it stands, everything else without its marks."""
        if lines[0].what == CODE:
            return self.source[lines[0].start : lines[-1].end].replace("\r\n", "\n").rstrip()
        parts = (self._read_span(block.start, block.end, line) for block, line in zip(blocks, lines, strict=True))
        return " ".join(filter(None, parts))


def _group_runs(count: int, goes_on: Callable[[int], bool]) -> Iterator[range]:
    """The numbers below `count` in runs: all but the first of a run go on with the number before them."""
    starts = [*range(min(count, 1)), *filterfalse(goes_on, range(1, count))]
    return map(range, starts, chain(starts[1:], (count,)))


def _group_lines(lines: Sequence[Line]) -> Iterator[range]:
    """Lines in which marks are read together: those of a paragraph, a quotation or an item; no code, and no frame."""

    def goes_on(i: int) -> bool:
        """Whether a line shares its marks with the one above it."""
        return lines[i].what in _MARKED and lines[i].what == lines[i - 1].what and lines[i].continues

    return filter(lambda run: lines[run[0]].what not in (CODE, FRAME), _group_runs(len(lines), goes_on))


MAX_NESTED_CUTS = 4
"""Cuts that may begin before a place and reach over it: a link around a picture."""


def _apply_cuts(source: str, start: int, end: int, cuts: Sequence[Cut]) -> str:
    """A span of the source without its cuts, which are in order; one that reaches over an end counts with its part."""
    parts: list[str] = []
    at = start
    first = max(0, bisect_right(cuts, start, key=itemgetter(0)) - MAX_NESTED_CUTS)
    for cut in cuts[first : bisect_left(cuts, end, key=itemgetter(0))]:
        if cut.end > at:
            parts += (source[at : max(at, cut.start)], cut.text if cut.start >= at else "")
            at = max(at, cut.end)
    parts.append(source[at:end])
    return "".join(parts)

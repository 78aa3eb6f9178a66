"""A Markdown text as a document: its source as it was, and an edit for every mark that goes.

Three readings, each of offsets of the source alone: `lines` says what each line is, `marks` finds what goes inside of
paragraphs (a link may run over lines), and here the blocks of the clean layout lose the cuts that lie in them.  So a
block always stands for its own part of the source, and the ledger undoes it as it undoes any other edit.

Paragraphs stay one block a line, for a scraper's line end is no proof of a paragraph: `rejoin` joins those that were
wrapped.  Items of lists and code are whole: their marks and their indents say where they end.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
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

_ROLES = {HEADING: "heading", ITEM: "list-item", ROW: "table", QUOTE: "quote"}
_JOINED = frozenset({ITEM, CODE})
"""What stands on several lines, and is one block."""

_FENCE_SIGNS = frozenset("*_")


def build_markdown_document(
    source: str, id: str = "", url: str | None = None, facts: Iterable[Fact] = (), written: bool = False
) -> Document:
    """The document of a text that is Markdown; `written` where its name says so, so that no flag need say it."""
    blocks, layout = lay_out_text(source)
    front = read_front(source)
    lines, names = read_lines(source, front.end)
    starts = [line.start for line in lines]
    owners = [_find_owner(source, block, lines, starts) for block in blocks]
    pairs = zip(blocks, owners, strict=True)
    blocks = tuple(block if i is None else replace(block, kind=_name_kind(block, lines[i])) for block, i in pairs)
    known = tuple(facts)
    reader = _Reader(source, lines, names, front, blocks, owners, INPUT_TITLE in map(_name_fact, known))
    document = Document(id, source, blocks, blocks, (), known + reader.choose_front_facts(), url)
    flags = () if written else (FLAGS.make("markdown.signs", STAGE),)
    return document.apply(layout, "layout").apply((*reader.read(), *flags), STAGE)


INPUT_TITLE = ("input", TITLE.name)
"""Rule and key of a title that was known beside the text."""


def _name_fact(fact: Fact) -> tuple[str, str]:
    """Rule and key of a fact."""
    return fact.rule, fact.key


def _find_owner(source: str, block: Block, lines: Sequence[Line], starts: Sequence[int]) -> int | None:
    """The number of the line on which a block stands, or None for what the front matter and blank lines are."""
    at = block.start + len(source[block.start : block.end]) - len(source[block.start : block.end].lstrip())
    i = bisect_right(starts, at) - 1
    return i if i >= 0 and lines[i].start <= at < lines[i].end else None


def _name_kind(block: Block, line: Line) -> str:
    """What kind of block a line makes; one that its author ended is no part of a wrapped paragraph."""
    if block.kind == "sentence":
        return block.kind
    return "p" if line.broken and line.what == PARAGRAPH else _KINDS.get(line.what, block.kind)


class _Reader:
    """The lines of a document, with the marks inside them, as edits and facts."""

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
        self.images: list[tuple[Image, Line]] = []
        # lines whose words all stand in links, and those whose links lead to places of the same page
        self.linked: set[int] = set()
        self.jumps: set[int] = set()
        for run in _group_lines(lines):
            self._take_marks(run)
        self.pictured = {id(line) for _, line in self.images}
        self.texts = [self._read_span(line.start, line.end, line) for line in lines]
        self.title = self._find_title()

    def read(self) -> Iterator[Edit | Fact]:
        """All edits and facts."""
        captions = dict(self._find_captions())
        prose = [i for i, text in enumerate(self.texts) if self._is_text(i, text)]
        held = range(prose[0], prose[-1]) if prose else range(0)
        for run in self._group_blocks():
            yield from self._read_run(run, captions, held)
        below = {id(self.lines[i - 1]): text for i, text in captions.items()}
        for image, line in self.images:
            if not (is_decoration(image.url) or image.url.startswith("data:")):
                caption = below.get(id(line)) or image.alt or None
                yield MARKUP_IMAGES.make("markdown.image", Media(caption, None, image.url or None))
        if self.title is not None and not self._is_named():
            yield MARKUP_TITLE.make("markdown.heading", self.texts[self.title])

    def choose_front_facts(self) -> tuple[Fact, ...]:
        """The facts of the head of the text, without a title that is the heading and the name of the site."""
        if self.title is None or self._is_named():
            return self.front.facts
        return tuple(fact for fact in self.front.facts if fact.key != MARKUP_TITLE.name)

    def _is_named(self) -> bool:
        """Whether the head of the text states a title that is not in the heading's words."""
        named = MARKUP_TITLE.list_values(self.front.facts)
        heading = "" if self.title is None else build_match_key(self.texts[self.title])
        return bool(named) and heading not in build_match_key(named[0])

    def _is_text(self, i: int, text: str) -> bool:
        """Whether a line is a paragraph."""
        return self.lines[i].what in (PARAGRAPH, QUOTE) and bool(text) and is_prose(text)

    def _take_marks(self, run: Sequence[Line]) -> None:
        """Adds the marks inside lines that belong together to their cuts.

        A mark that runs over a line's end is a cut of all the lines that it touches.
        """
        start, end = run[0].body, run[-1].end
        found = find_marks(self.source[start:end], self.names)
        starts = [line.start for line in run]
        for cut in found.cuts:
            at = Cut(cut.start + start, cut.end + start, cut.text)
            for i in range(max(0, bisect_right(starts, at.start) - 1), bisect_left(starts, at.end)):
                run[i].cuts.append(at)
        for line in run:
            line.cuts.sort()
        for image in found.images:
            self.images.append((image, run[max(0, bisect_right(starts, image.start + start) - 1)]))
        links = [Cut(link.start + start, link.end + start) for link in found.links]
        rest = _apply_cuts(self.source, start, end, sorted([*run[0].cuts, *links])) if links else "words"
        if not any(map(str.isalpha, rest)):
            self.linked.update(map(id, run))
            if all(link.url.startswith("#") for link in found.links):
                self.jumps.update(map(id, run))

    def _read_span(self, start: int, end: int, line: Line) -> str:
        """What a part of a line reads without its marks."""
        return _apply_cuts(self.source, start, end, line.cuts).strip()

    def _find_title(self) -> int | None:
        """The number of the heading that is the title: of those before the text the last of the first rank."""
        numbers = range(len(self.lines))
        ahead = list(takewhile(lambda i: not self._is_text(i, self.texts[i]), numbers))
        headings = [i for i in ahead if self.lines[i].what == HEADING and self.texts[i]]
        if not headings or len(ahead) == len(self.lines):
            return headings[0] if headings else None
        best = min(self.lines[i].level for i in headings)
        return [i for i in headings if self.lines[i].level == best][-1]

    def _find_captions(self) -> Iterator[tuple[int, str]]:
        """Lines that are set in italics directly below a picture, and name no author."""
        for i, line in enumerate(self.lines[1:], 1):
            raw = self.source[line.start : line.end].strip()
            is_below = not line.opens and id(self.lines[i - 1]) in self.pictured and not self.texts[i - 1]
            is_set = raw[:1] in _FENCE_SIGNS and raw[-1:] == raw[:1] and len(raw) <= MAX_CAPTION_CHARS
            if is_below and is_set and line.what == PARAGRAPH and not split_names(self.texts[i]):
                yield i, self.texts[i]

    def _group_blocks(self) -> Iterator[list[int]]:
        """Numbers of the blocks that become one: the lines of an item, and those of a piece of code."""
        run: list[int] = []
        for i, owner in enumerate(self.owners):
            line = None if owner is None else self.lines[owner]
            above = self.lines[self.owners[i - 1] or 0] if i else None
            goes_on = line and above and run and line.what == above.what and self._goes_on(line)
            if run and not goes_on:
                yield run
                run = []
            run.append(i)
        if run:
            yield run

    def _goes_on(self, line: Line) -> bool:
        """Whether a line is one block with the line of its kind above it."""
        return line.what == CODE or (line.what == ITEM and not line.opens and line.body == line.start)

    def _read_run(self, run: Sequence[int], captions: dict[int, str], held: range) -> Iterator[Edit | Fact]:
        """The edit of blocks that are one, and what they are.

        Code and notes stay, whatever later stages think of their shape, and so do rows and items between the text's
        paragraphs, whose numbers are `held`; a list of links may be a menu.
        """
        blocks = [self.blocks[i] for i in run]
        first, owner = blocks[0], self.owners[run[0]]
        start, end = first.start, blocks[-1].end
        if owner is None:
            if first.text and start < self.front.end:
                yield Edit("markdown.front-matter", start, end, "", "other")
            return
        line = self.lines[owner]
        text = self._join_blocks(blocks, [self.lines[i] for j in run if (i := self.owners[j]) is not None])
        role, rule = _ROLES.get(line.what, ""), line.rule
        drop = self._choose_drop(owner, text, captions)
        if drop:
            yield Edit(drop[0], start, end, "", drop[1])
            return
        if text != first.text or len(run) > 1:
            yield Edit(rule, start, end, text, role)
        elif role:
            yield Fact(rule, ROLE.name, role, start, end)
        is_held = (
            line.what == CODE
            or rule == "markdown.note"
            or (line.what in (ROW, ITEM) and owner in held and id(line) not in self.linked)
        )
        if is_held:
            yield KEEP.make(rule, role or "paragraph", first)

    def _choose_drop(self, owner: int, text: str, captions: dict[int, str]) -> tuple[str, str] | None:
        """The rule and the role by which a line goes, or None."""
        line = self.lines[owner]
        if line.what == FRAME:
            return line.rule, "other"
        if owner == self.title and not self.is_titled and not self._is_named():
            return "markdown.title", "title"
        if owner in captions:
            return "markdown.image", "caption"
        if line.what == ITEM and id(line) in self.linked and owner < (self.title or 0):
            return "markdown.menu", "navigation"
        if id(line) in self.jumps:
            return "markdown.jump", "navigation"
        if any(map(str.isalnum, text)) or line.what == CODE:
            return None
        if id(line) in self.pictured:
            return "markdown.image", "caption"
        return None if text else (line.rule, "other")

    def _join_blocks(self, blocks: Sequence[Block], lines: Sequence[Line]) -> str:
        """What blocks read as one: code as it stands, everything else without its marks."""
        if lines[0].what == CODE:
            return self.source[lines[0].start : lines[-1].end].replace("\r\n", "\n").rstrip()
        parts = (self._read_span(block.start, block.end, line) for block, line in zip(blocks, lines, strict=True))
        return " ".join(filter(None, parts))


def _group_lines(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines in which marks are read together: those of a paragraph, a quotation or an item; no code, and no frame."""
    run: list[Line] = []
    for line in lines:
        goes_on = run and not line.opens and line.what == run[-1].what and line.what in (PARAGRAPH, QUOTE, ITEM)
        if run and not (goes_on and not (line.what == ITEM and line.body > line.start)):
            yield run
            run = []
        if line.what not in (CODE, FRAME):
            run.append(line)
    if run:
        yield run


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

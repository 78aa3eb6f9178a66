"""The document model: a source, the edits asked for it, and the text that follows from both.

A stage never changes a document.  It yields `Edit`s and `Fact`s, and `Document.apply` is the only code that changes
anything, so every change names its rule and can be undone.  All offsets are code points of the source as read.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple, overload

from msgspec import Struct
from msgspec.structs import replace

from cleaner.errors import StageError

ARTICLE_ROLES = frozenset({"paragraph", "heading", "list-item", "table", "quote", "standfirst", "correction"})
"""Roles of lines that belong to the article and stay in the text unless a user drops them."""

ROLES = ARTICLE_ROLES | frozenset(
    "title kicker byline timestamp dateline caption credit agency contributors tags contact author-note navigation "
    "advertisement promotion related share comments embed player fact-box pull-quote copyright consent message about "
    "other".split()
)
"""Every role a line can have: parts of the article, what is about it, and what stands around it."""


_CELL_TAGS = frozenset({"td", "th"})
_LINE_KINDS = frozenset({"line", "piece"})
PART_KINDS = frozenset({"sentence", "piece"})
"""Kinds of blocks that share a line with others, and may not be lines of their own."""

LAYOUT_RULE = "layout.space"
"""The rule of the edits that only set spaces and line ends."""

MARKUP_RULE = "layout.markup"
"""The rule of the edits that take the tags or the escapes out of a text that is written in HTML or in escapes."""

RULES = {
    LAYOUT_RULE: "Spaces, tabs and line ends between the lines, which the clean layout sets anew.",
    MARKUP_RULE: "Tags and entities of a text that is a piece of HTML, or line ends and quotes that are escaped in it.",
}

_LINE_END_CHARS = "\r\v\f\u2028\u2029"
"""What ends a line beside the usual `\\n`: in old files, word processors and JavaScript, and between pages."""

NEXT_LINE = "\x85"
"""Ends lines on mainframes; far more often it is the ellipsis of windows-1252, misread."""

FactValue = str | float | Struct
"""What a fact can hold; `cleaner.facts` has the type of each key."""


class Edit(Struct, frozen=True):
    """`source[start:end]`, a run of whole blocks, now reads `text`; the empty text drops it.

    `role` is what the blocks are from then on (empty: what they were), `confidence` how sure the rule is, from 0 to 1,
    and `stage` the name of the stage, which `Document.apply` fills in.
    """

    rule: str
    start: int
    end: int
    text: str = ""
    role: str = ""
    confidence: float = 1.0
    stage: str = ""


class Fact(Struct, frozen=True):
    """Metadata: `key` has `value`, shown by `source[start:end]`.

    The key `role` labels the blocks inside the span instead: their text stays, and what they are is known.
    """

    rule: str
    key: str
    value: FactValue
    start: int = 0
    end: int = 0


class LineEnd(NamedTuple):
    """Where a line of a text on one line surely or perhaps ended: the place of the character behind it."""

    place: int
    is_sure: bool


LineEndFinder = Callable[[str], Sequence[LineEnd]]
"""What finds the ends of lines in a text that stands on one line."""


class Hints(Struct, frozen=True):
    """What the markup says of a line.

    `path`, `tags` and `names` tell of the elements from the root to the line's own: their numbers, their tags, and the
    words of their classes and ids.  `shape` is how the last three of them are written, `links` the share of the line's
    characters that stand in links.  `picture` is the number of the innermost of the last three that shows a picture,
    or 0.
    """

    path: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    names: tuple[frozenset[str], ...] = ()
    shape: str = ""
    links: float = 0.0
    picture: int = 0

    @property
    def tag(self) -> str:
        """The tag of the line's own element."""
        return self.tags[-1] if self.tags else ""


NO_HINTS = Hints()
"""The hints of every line of a plain text."""


class Block(Struct, frozen=True):
    """One line of the source with the line ends behind it; blocks tile the source.

    `text` is what the block reads now, and empty once dropped; `dropped` is then what it read before.  `kind` is
    `line`, `sentence` (a part of a line, with more of the line behind it), `piece` (the same as far as can be told, but
    a line of its own perhaps) or an HTML element.
    """

    start: int
    end: int
    text: str
    kind: str = "line"
    role: str = ""
    dropped: str = ""
    hints: Hints = NO_HINTS

    def drop(self, rule: str, role: str, confidence: float = 1.0) -> Edit:
        """The edit by this rule that takes the block out of the text, as a line of this role."""
        return Edit(rule, self.start, self.end, "", role, confidence)

    def rewrite(self, rule: str, text: str, confidence: float = 1.0) -> Edit:
        """The edit by this rule after which the block reads `text`."""
        return Edit(rule, self.start, self.end, text, "", confidence)

    @property
    def is_line(self) -> bool:
        """Whether it is a line of a text, or may be one."""
        return self.kind in _LINE_KINDS

    @property
    def is_set_out(self) -> bool:
        """Whether it is a row of a page's table, or lines of code or verse: its signs and line ends are its own."""
        return bool(self.hints.tags) and ("\n" in self.text or (self.hints.tag in _CELL_TAGS and "|" in self.text))

    @property
    def line(self) -> str:
        """What the block reads, or read before it was dropped."""
        return self.text or self.dropped


class Document(Struct, frozen=True):
    """A source, its blocks as read (`lines`) and as edited (`blocks`), and all edits and facts so far.

    `page` is the root element of an HTML page, for stages that ask an extractor about it.
    """

    id: str
    source: str
    lines: tuple[Block, ...]
    blocks: tuple[Block, ...]
    edits: tuple[Edit, ...] = ()
    facts: tuple[Fact, ...] = ()
    url: str | None = None
    page: object | None = None

    @classmethod
    def read(
        cls,
        source: str,
        id: str = "",
        url: str | None = None,
        facts: Iterable[Fact] = (),
        find_line_ends: LineEndFinder | None = None,
    ) -> "Document":
        """The document of a plain text: one block a line.  Where the text stands on one long line, a block is what
        `find_line_ends` says was one, and without it a sentence.
        """
        lines, edits = lay_out_text(source, find_line_ends)
        return cls(id, source, lines, _drop_blank_lines(lines, edits), tuple(edits), tuple(facts), url)

    @property
    def text(self) -> str:
        """The text as edited: kept blocks with a blank line between, sentences of one line with a space."""
        parts: list[str] = []
        glue = ""
        for block in self.blocks:
            if block.text:
                parts += (glue, block.text)
                glue = "\n\n"
                if block.kind in PART_KINDS:
                    glue = " " if self.source[block.end - 1].isspace() else ""
            elif parts and block.kind not in PART_KINDS:
                glue = "\n\n"
        return "".join(parts)

    @overload
    def find_fact(self, key: Literal["language", "title"], default: str) -> str: ...
    @overload
    def find_fact(self, key: Literal["language", "title"]) -> str | None: ...
    @overload
    def find_fact(self, key: str) -> FactValue | None: ...
    def find_fact(self, key: str, default: str | None = None) -> FactValue | None:
        """The value of the first fact with this key, else the default; `cleaner.facts` has keys with their types."""
        for fact in self.facts:
            if fact.key == key:
                return fact.value
        return default

    def apply(self, findings: Iterable[Edit | Fact], stage: str = "") -> "Document":
        """The document with these edits made and these facts added.

        Raises `StageError` for an edit that does not cover whole blocks, or that overlaps another of the same call.
        """
        edits: list[Edit] = []
        facts: list[Fact] = []
        labels: list[Fact] = []
        for finding in findings:
            if isinstance(finding, Edit):
                edits.append(finding if finding.stage else replace(finding, stage=stage))
            elif finding.key == "role":
                labels.append(finding)
            else:
                facts.append(finding)
        if not (edits or facts or labels):
            return self
        blocks = self.blocks
        if edits:
            edits.sort(key=_get_start)
            blocks = _apply_edits(blocks, edits, self.id)
        if labels:
            blocks = _label_blocks(blocks, labels)
        return replace(
            self,
            blocks=blocks,
            edits=self.edits + tuple(edits) if edits else self.edits,
            facts=(*self.facts, *facts, *labels) if facts or labels else self.facts,
        )

    def undo(self, edit: Edit) -> "Document":
        """The document without this edit and without what was later built upon it."""
        at = next((i for i, other in enumerate(self.edits) if other is edit), -1)
        if at < 0 and edit in self.edits:
            at = self.edits.index(edit)
        if at < 0:
            raise StageError(f"document {self.id!r}: there is no edit by {edit.rule!r} at {edit.start} to undo")
        gone, kept = [edit], list(self.edits[:at])
        for other in self.edits[at + 1 :]:
            built_on = any(other.start < one.end and one.start < other.end for one in gone)
            (gone if built_on else kept).append(other)
        return self.replay(kept)

    def replay(self, edits: Iterable[Edit]) -> "Document":
        """The document as read with these edits made, in their order, and with its facts."""
        blocks = self.lines
        done = tuple(edits)
        for edit in done:
            blocks = _apply_edits(blocks, [edit], self.id)
        labels = [fact for fact in self.facts if fact.key == "role"]
        return replace(self, blocks=_label_blocks(blocks, labels), edits=done)


def find_sentence_blocks(blocks: Sequence[Block]) -> list[int]:
    """Numbers of the blocks that are sentences or pieces of a line they share with others."""
    parts = [block.kind in PART_KINDS for block in blocks]
    return [i for i, is_part in enumerate(parts) if is_part or (i and parts[i - 1])]


def _get_start(finding: Edit | Fact) -> int:
    """Where a finding begins: edits are made in this order."""
    return finding.start


def _apply_edits(blocks: Sequence[Block], edits: Sequence[Edit], id: str) -> tuple[Block, ...]:
    """The blocks after these edits, which are in order of their starts."""
    out: list[Block] = []
    at, count = 0, len(blocks)
    for edit in edits:
        first = at
        while first < count and blocks[first].start < edit.start:
            first += 1
        last = first
        while last < count and blocks[last].end < edit.end:
            last += 1
        if last >= count or blocks[first].start != edit.start or blocks[last].end != edit.end:
            raise StageError(
                f"document {id!r}: the edit by {edit.rule!r} at {edit.start}-{edit.end} does not cover whole blocks, "
                "or meets another edit of its stage; yield one edit for a run of blocks, from start to end"
            )
        if first > at:
            out += blocks[at:first]
        out.append(_rewrite_run(blocks[first : last + 1], edit))
        at = last + 1
    out += blocks[at:]
    return tuple(out)


def _rewrite_run(run: Sequence[Block], edit: Edit) -> Block:
    """The one block that an edit makes of a run of blocks; a dropped one remembers what the run read."""
    first, last = run[0], run[-1]
    if edit.text:
        return Block(first.start, last.end, edit.text, last.kind, edit.role or first.role, "", first.hints)
    before = first.text if last is first else "\n".join([block.text for block in run if block.text])
    return Block(first.start, last.end, "", last.kind, edit.role or "other", before or first.dropped, first.hints)


def _label_blocks(blocks: Sequence[Block], labels: Iterable[Fact]) -> tuple[Block, ...]:
    """The blocks with the roles that facts `role` give to those inside their spans; dropped blocks keep theirs."""
    out = list(blocks)
    where = {block.start: i for i, block in enumerate(out)}
    for label in labels:
        at = where.get(label.start)
        while at is not None and at < len(out) and out[at].end <= label.end:
            if out[at].text:
                out[at] = replace(out[at], role=label.value)
            at += 1
    return tuple(out)


# ---------------------------------------------------------------- layout

BLANKS = " \t\r\n\v\f\u2028\u2029"
"""What is no part of a line, before and behind it."""

BLANKS_BEFORE = BLANKS + "\ufeff"
"""What may stand before the first line of a text, a byte order mark with it."""

MAX_LINE_CHARS = 600
"""A text is flattened when more than this many characters, and most of it, stand on one line."""

_LINE = re.compile(r"[^\r\n\v\f\u2028\u2029]*(?:\r\n|[\r\n\v\f\u2028\u2029])|[^\r\n\v\f\u2028\u2029]+")
_LINE_WITH_NEXT = re.compile(_LINE.pattern.replace("\\v", "\\x85\\v"))
_BESIDE_NEXT_LINE = re.compile("(?:[.!?…。！？:]['\"”’»›)]?|^|[\n\x85])\x85|\x85[\n\x85]")
_MISREAD_BYTE = re.compile("[\x80-\x84\x86-\x9f]")
_SENTENCE_END = re.compile(
    r"(?:[.!?…]['\"”’»›)\]]{0,2} +(?=[\"'“‘„«‹(\[¿¡]{0,2}[^\W_a-zà-öø-ÿ])|"
    r"[。！？]['\"”’」』）]{0,2} *(?=\S)|[؟۔।] +(?=\S))"
)


def lay_out_text(source: str, find_line_ends: LineEndFinder | None = None) -> tuple[tuple[Block, ...], list[Edit]]:
    """Tile a source into blocks, and say which of them do not read like their place in the clean layout.

    A block reads plainly when its source is its text followed by nothing but `\\n`.  Every other spacing, and that
    between the sentences of one line, is an edit by the rule `layout.space`.
    """
    lines: list[Block] = []
    edits: list[Edit] = []
    half = max(MAX_LINE_CHARS, len(source) // 2)
    spans = _split_lines(source)
    ends = [start for start, _, _ in spans[1:]]
    ends.append(len(source))
    for (start, text, plain), end in zip(spans, ends, strict=False):
        if len(text) > half:
            find, kind = (find_line_ends, "piece") if find_line_ends else (_find_sentences, "sentence")
            _split_line(source, start, end, find(source[start:end]), kind, lines, edits)
            continue
        lines.append(Block(start, end, text))
        if not plain:
            edits.append(_make_layout_edit(start, end, text))
    return tuple(lines), edits


def _make_layout_edit(start: int, end: int, text: str) -> Edit:
    """The edit after which a line as read, with what stands around it, reads as its text."""
    return Edit(LAYOUT_RULE, start, end, text, "" if text else "other", 1.0, "layout")


def _drop_blank_lines(lines: tuple[Block, ...], edits: Sequence[Edit]) -> tuple[Block, ...]:
    """The lines after the edits of their layout: each reads as before, but one without a text is dropped."""
    blank = {(edit.start, edit.end) for edit in edits if not edit.text}
    if not blank:
        return lines
    return tuple([replace(one, role="other") if (one.start, one.end) in blank else one for one in lines])


def _split_lines(source: str) -> list[tuple[int, str, bool]]:
    """Start and bare text of each line, and whether it reads plainly.

    It ends where the next begins: line ends and blank lines behind it are its own.
    """
    lines, line_end, blanks = source.split("\n"), 1, BLANKS
    if NEXT_LINE in source and _ends_lines_by_next(source):
        lines, line_end, blanks = _LINE_WITH_NEXT.findall(source), 0, BLANKS + NEXT_LINE
    elif any(map(source.__contains__, _LINE_END_CHARS)):
        lines, line_end = _LINE.findall(source), 0
    spans: list[tuple[int, str, bool]] = []
    at = 0
    for line in lines:
        if line:
            bare = line.strip(blanks)
            whole = line == bare or line == bare + "\n"
            if bare:
                if at and not spans:
                    spans.append((0, "", False))
                spans.append((at, bare, whole))
            elif not whole and spans:
                spans[-1] = (*spans[-1][:2], False)
        at += len(line) + line_end
    return spans or ([(0, "", False)] if source else [])


def _ends_lines_by_next(source: str) -> bool:
    """Whether U+0085 ends lines here: most stand behind a sentence or in pairs, and no other byte was misread."""
    found = len(_BESIDE_NEXT_LINE.findall(source))
    return 2 * found >= source.count(NEXT_LINE) and not _MISREAD_BYTE.search(source)


def _find_sentences(line: str) -> list[LineEnd]:
    """The ends of the sentences of a line."""
    return [LineEnd(found.end(), is_sure=False) for found in _SENTENCE_END.finditer(line)]


def _split_line(
    source: str, start: int, end: int, found: Sequence[LineEnd], kind: str, lines: list[Block], edits: list[Edit]
) -> None:
    """Tile one long line by the ends that were found in it; `kind` is that of what may not be a line of its own."""
    inner = [one for one in found if one.place < end - start]
    stops = [LineEnd(start + place, is_sure) for place, is_sure in inner]
    at = start
    for stop, is_sure in [*stops, LineEnd(end, is_sure=True)]:
        text = source[at:stop].strip(BLANKS)
        lines.append(Block(at, stop, text, "line" if is_sure else kind))
        if stop < end or source[at:stop] != text + "\n" * (stop - at - len(text)):
            edits.append(_make_layout_edit(at, stop, text))
        at = stop

"""Rejoin what a scraper broke: sentences cut at links, names and bold words, wrapped lines, words cut at line ends.

Where the text of a page is taken node by node, one paragraph in five falls apart.  What tells: a piece ends without
a full stop, the next starts in lower case or with a comma, a piece ends in a preposition, a quotation stays open, or
a short name stands between two such pieces.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import compress, filterfalse, groupby, pairwise, repeat, takewhile
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from msgspec.structs import replace

from cleaner.document import Block, Document, Edit
from cleaner.rules.match import RuleSet
from cleaner.stages.rejoin.borders import (
    CLAUSE_WORDS,
    LINKED_PHRASE_WORDS,
    QUOTE_CHARS,
    Border,
    has_no_stops,
    is_small,
    is_unspaced_script,
)
from cleaner.stages.rejoin.furniture import find_furniture
from cleaner.stages.rejoin.layout import KeptBorders, find_kept_borders
from cleaner.stages.rejoin.tables import (
    BROKEN_WORD,
    CONTINUATION,
    KNOWN_LINE,
    NEW_AFTER_LABEL,
    NEW_AFTER_STOP,
    SPACING,
    WRAPPED_LINE,
    Row,
    find_row,
)
from cleaner.stages.rejoin.words import LINKING_WORDS
from cleaner.text.hyphens import collect_vocabulary, rejoin_broken_word
from cleaner.text.layout import CLOSING_CHARS, HYPHENS, Lines, is_loose, measure_first_word
from cleaner.text.shape import LINE_CACHE_SIZE, count_words, is_open

RULES = {
    "rejoin.sentence": "A sentence that stood on several lines, broken at a link, a name or a bold word.",
    "rejoin.wrapped": "A paragraph wrapped to a fixed width.",
    "rejoin.hyphen": "A word cut by a hyphen at the end of a line.",
    "rejoin.furniture": "The running head or the number of a printed page, and a sentence that it cut.",
}

FURNITURE_RULE = "rejoin.furniture"
CUT_CONFIDENCE, COUNTED_CONFIDENCE = 0.9, 0.8
"""How sure a page number is that cuts a sentence, and one that only counts on from another."""

_RULE_RANK = ("", "rejoin.sentence", "rejoin.wrapped", "rejoin.hyphen")
"""Rules, the least telling first: an edit that several of them ask for stands under the last of these."""

NOTHING_KEPT: Mapping[int, Row] = MappingProxyType({})
"""No border that stays for its layout."""

MAX_LABEL_CHARS = 100
"""Characters of the longest line that is asked whether a rule knows it."""

MAX_WORD_CHARS = 80
"""Characters at the end of a line that are searched for its last word: longer ones are no words."""

MIN_WRAP_CHARS, MAX_WRAP_CHARS = 30, 120
"""Characters of the widths to which texts are wrapped."""

MIN_WRAPPED_LINES = 3
"""Lines, not counting the last of a paragraph, that show a width."""

LONGER_LINES_DIVISOR = 10
"""One line in so many may be longer than the width: a headline, an address."""

WIDTH_TOLERANCE, MIN_JUDGED_SHARE = 1.1, 0.6
"""How much wider than most lines the widest wrapped one may be; the share of the width from which a line is judged."""

MIN_STOPLESS_LINES = 8
"""Lines that show a width in a script without full stops, where each line could be a paragraph."""

MIN_FULL_SHARE = 0.8
"""Share of the judged lines that must be full: the next word would not have fitted."""


def rejoin(document: Document, rules: RuleSet) -> Iterator[Edit]:
    """One edit for each run of blocks that belongs together; a line that a rule knows by itself joins nothing.

    Joining goes on until the joined text, read again, would stay as it is.  Lines that are dropped do not part what
    stands around them.
    """
    known = _build_line_test(document, rules)
    for run in _list_runs(document):
        yield from _build_edits(Passage(document, run), known)


def explain_borders(document: Document, rules: RuleSet) -> Iterator[tuple[Block, Block, Row]]:
    """Each two lines of a document between which it is decided, and the row of the tables that decides it first."""
    known = _build_line_test(document, rules)
    for run in _list_runs(document):
        passage = Passage(document, run)
        shown = passage.run
        rows = judge_borders(passage.texts, passage.loose, passage.width, known, find_kept_borders(passage.lines))
        yield from ((left, right, row) for (left, right), row in zip(pairwise(shown), rows, strict=True))


class Passage:
    """Lines of a document one behind the other, without the running heads that cut their sentences.

    `run` are the blocks, `loose` those that no blank line parts from the next, `width` that to which they are wrapped
    (0: none), and `furniture` the heads and page numbers among all blocks, and whether they cut a sentence.
    """

    def __init__(self, document: Document, run: Sequence[Block]) -> None:
        source = document.source
        self.document, self.run = document, run
        # a blank line shows at once in most texts
        self.loose = [source[block.end - 2 : block.end - 1] != "\n" and is_loose(source, block.end) for block in run]
        self.width = _find_wrap_width(document) if any(self.loose[:-1]) else 0
        texts = [block.text for block in run]
        found = find_furniture(texts, is_wrapped=self.width > 0)
        self.furniture = [(run[at], cuts) for at, cuts in sorted(found.items())]
        if found:
            cuts = set(filter(found.__getitem__, found))
            kept = list(filterfalse(cuts.__contains__, range(len(run))))
            # a page ends where its paper does: the line before it is as full as any
            self.loose = [self.loose[i] or (i + 1 in cuts and self.width > 0) for i in kept]
            self.run = [run[i] for i in kept]
        self.texts = [block.text for block in self.run]

    @cached_property
    def kept(self) -> KeptBorders:
        """The borders that stay for their layout."""
        return KeptBorders(self.lines)

    @property
    def lines(self) -> Lines:
        """The lines, for what is asked about their layout."""
        document = self.document
        is_first = not any(block.text for block in takewhile(lambda block: block is not self.run[0], document.blocks))
        return Lines(self.texts, self.loose, document.find_fact("title", ""), first=is_first)


def _build_line_test(document: Document, rules: RuleSet) -> Callable[[str], bool]:
    """The test whether one of these rules knows a line by itself, in the document's language."""
    language = document.find_fact("language", "")
    return lambda line: len(line) <= MAX_LABEL_CHARS and rules.has_line_rule(line, language)


def _list_runs(document: Document) -> Iterator[list[Block]]:
    """Lines with text, one behind the other, that could belong together: items of lists and the like part them."""
    shown = (block for block in document.blocks if block.text)
    for are_lines, blocks in groupby(shown, attrgetter("is_line")):
        if are_lines:
            run = list(blocks)
            if len(run) > 1:
                yield run


def _build_edits(passage: Passage, known: Callable[[str], bool]) -> Iterator[Edit]:
    """The edits for blocks that stand one behind the other.

    In each round all neighbours are judged, and those that belong together become one text; the joined texts are
    judged again, until nothing joins.  `ends` has the number of the last block of each text, `rules` the rule by which
    it was joined, or "".  Borders that stay for their layout are looked for only where something would join.
    """
    document, run = passage.document, passage.run
    texts: Sequence[str] = passage.texts
    ends = list(range(len(run)))
    borders = _list_answers(passage, texts, ends, known)
    if not any(borders):
        yield from _drop_furniture(passage, [])
        return

    @cache
    def words() -> set[str]:
        return collect_vocabulary(block.text for block in document.blocks)

    spelling = Spelling(words, document.find_fact("language", ""), "« " in document.source)
    rules = [""] * len(run)
    while any(borders):
        firsts = [0, *(i for i, border in enumerate(borders, 1) if not border)]
        stops = [*firsts[1:], len(texts)]
        pieces = list(zip(firsts, stops, strict=True))
        # most texts stay alone
        rules = [
            rules[i] if j - i == 1 else max(rules[i:j] + borders[i : j - 1], key=_RULE_RANK.index) for i, j in pieces
        ]
        texts = [texts[i] if j - i == 1 else _join_texts(texts[i:j], borders[i : j - 1], spelling) for i, j in pieces]
        ends = [ends[j - 1] for j in stops]
        borders = _list_answers(passage, texts, ends, known)
    spans = pairwise((-1, *ends))
    edits = [
        Edit(rule, run[last + 1].start, run[end].end, text, run[last + 1].role)
        for text, rule, (last, end) in zip(texts, rules, spans, strict=True)
        if rule
    ]
    yield from _drop_furniture(passage, edits)


def _list_answers(
    passage: Passage, texts: Sequence[str], ends: Sequence[int], known: Callable[[str], bool]
) -> list[str]:
    """For each text but the last the rule by which it joins the next, or "" where they stay apart.

    What stays for its layout is asked of borders that would join, until none of those is left.
    """
    kept, loose = passage.kept, list(map(passage.loose.__getitem__, ends))
    while True:
        still = {at: kept.rows[end] for at, end in enumerate(ends) if end in kept.rows}
        borders = [row.answer for row in judge_borders(texts, loose, passage.width, known, still)]
        joined = list(compress(ends, borders))
        if not kept.keep_any(joined):
            return borders


def _drop_furniture(passage: Passage, edits: Sequence[Edit]) -> Iterator[Edit]:
    """The edits, those that leave out a running head by the rule for it; and those that drop the others.

    A head that is said to cut a sentence stays where none was joined over it.
    """
    within: set[int] = set()
    for edit in edits:
        spanned = {block.start for block, _ in passage.furniture if edit.start <= block.start < edit.end}
        within |= spanned
        yield replace(edit, rule=FURNITURE_RULE, confidence=CUT_CONFIDENCE) if spanned else edit
    for block, cuts in passage.furniture:
        if not cuts and block.start not in within:
            yield block.drop(FURNITURE_RULE, "other", COUNTED_CONFIDENCE)


class Spelling(NamedTuple):
    """How a document is written: its words, its language, and whether it sets spaces inside its quotation marks."""

    words: Callable[[], set[str]]
    language: str
    french: bool


def _join_texts(texts: Sequence[str], borders: Sequence[str], spelling: Spelling) -> str:
    """The texts as one, where `borders` are the rules by which they join.

    Straight quotation marks are counted on the way: an odd number has opened a quotation.
    """
    parts = [texts[0]]
    straight = texts[0].count('"')
    for right, rule in zip(texts[1:], borders, strict=True):
        parts += _join_halves(parts, right, rule, straight % 2 == 1, spelling)
        straight += right.count('"')
    return "".join(parts)


def _join_halves(parts: list[str], right: str, rule: str, odd: bool, spelling: Spelling) -> tuple[str, ...]:
    """What is put behind the parts of a text to join the next line; a broken word leaves the last part for it.

    Between wrapped lines stood a space, unless their script has none; elsewhere the table of spacing decides.
    """
    left = parts[-1]
    if left[-1] in HYPHENS:
        broken = left[-MAX_WORD_CHARS:].rsplit(None, 1)[-1]
        whole = rejoin_broken_word(broken, right, spelling.words(), spelling.language)
        if whole is not None:
            parts[-1] = left[: len(left) - len(broken)]
            return (whole,)
    if rule == "rejoin.wrapped":
        return ("" if is_unspaced_script(left[-1]) and is_unspaced_script(right[0]) else " ", right)
    before = left[-2:-1] or "".join(parts[-2:-1])[-1:]
    at = Border(left, right, odd=odd, before=before, french=spelling.french, words=spelling.words)
    return (find_row(SPACING, at).answer, right)


def judge_borders(
    texts: Sequence[str],
    loose: Sequence[bool],
    width: int,
    known: Callable[[str], bool],
    kept: Mapping[int, Row] = NOTHING_KEPT,
) -> list[Row]:
    """For each text but the last, the row that decides whether it runs on into the next.

    `loose` are the texts that no blank line parts from the next, `width` is that to which they are wrapped (0: none),
    and `known` says whether a rule knows a line by itself: such a line joins nothing, unless its start is torn off.
    `kept` are borders that stay for their layout (`layout.find_kept_borders`).
    """
    rows: list[Row] = []
    running, is_odd = 0, False
    afters = [*texts[2:], ""]
    # nearly all lines are plainly new ones; wrapped lines are looked at closely
    plain = repeat(None) if width else map(_find_plain_row, texts, texts[1:], afters)
    for at, (left, right, after, near, new) in enumerate(zip(texts, texts[1:], afters, loose, plain, strict=False)):
        row = kept.get(at) or (not running and new) or _judge_border(left, right, after, near, running, is_odd, width)
        # a line that a rule knows by itself parts what the table joins, on either side of the border
        if row.answer and row not in _SURE_JOINTS and right[0] not in CLOSING_CHARS:
            row = KNOWN_LINE if known(right) or (not running and known(left)) else row
        rows.append(row)
        running, is_odd = _count_on(left, running, is_odd) if row.answer else (0, False)
    return rows


def _count_on(left: str, running: int, is_odd: bool) -> tuple[int, bool]:
    """The words of a piece with one line more, and whether a straight quotation mark is open in it."""
    return running + count_words(left), is_odd != (left.count('"') % 2 == 1)


_SURE_JOINTS = (BROKEN_WORD, WRAPPED_LINE)
"""Rows that join whatever a rule knows of the lines."""


@lru_cache(LINE_CACHE_SIZE)
def _judge_border(left: str, right: str, after: str, near: bool, running: int, is_odd: bool, width: int) -> Row:
    """The row for a border by its lines alone: a broken word and a full line, behind which the next word had no room,
    come before the table.  Each border of a text is asked about several times.
    """
    if running and not width and (plain := _find_plain_row(left, right, after, running)):
        return plain
    words, odd = _count_on(left, running, is_odd)
    border = Border(left, right, after, words, not running, near, odd, left[-2:-1])
    if BROKEN_WORD.applies(border):
        return BROKEN_WORD
    if width and near and len(left) <= width < len(left) + 1 + measure_first_word(right):
        return WRAPPED_LINE
    return find_row(CONTINUATION, border)


@lru_cache(LINE_CACHE_SIZE)
def _find_plain_row(left: str, right: str, after: str, running: int = 0) -> Row | None:
    """The row for a line that is plainly a new one, as nearly all are behind a line with a full stop; else None.

    Behind a letter or a digit CONTINUATION joins lines that start with a capital or a digit only for what is tested
    here.
    """
    if not left[-1].isalnum():
        return NEW_AFTER_STOP if not is_open(left) and _is_new_after_stop(right) else None
    start = right[0]
    is_new = (
        (start.isupper() or start.isdigit() or start == "©")
        and (not after or after[0].isupper() or after[0].isdigit())
        and not (len(left) == 1 and right[1:2].isupper())
        and left[-MAX_WORD_CHARS:].rsplit(None, 1)[-1].lower() not in LINKING_WORDS
        and (running + count_words(left) < CLAUSE_WORDS or count_words(right) >= LINKED_PHRASE_WORDS)
    )
    return NEW_AFTER_LABEL if is_new else None


def _is_new_after_stop(text: str) -> bool:
    """Whether a line is plainly a new one behind a line with a full stop."""
    start = text[0]
    return not is_small(start) and start not in CLOSING_CHARS and (start not in QUOTE_CHARS or text[1:2].isalpha())


def _find_wrap_width(document: Document) -> int:
    """The width to which the text is wrapped, or 0: nearly every long line ends where the next word is too long.

    A few lines that are longer, as a headline or an address, and lines that are much shorter, say nothing.
    """
    source, lines = document.source, document.lines
    borders = [
        (line.text, after.text)
        for line, after in pairwise(lines)
        if line.text and after.text and is_loose(source, line.end)
    ]
    ends = [(len(left), len(left) + 1 + measure_first_word(right)) for left, right in borders]
    if len(ends) < MIN_WRAPPED_LINES:
        return 0
    sizes = sorted(size for size, _ in ends)
    most = sizes[-1 - max(1, len(sizes) // LONGER_LINES_DIVISOR)]
    if not MIN_WRAP_CHARS <= most <= MAX_WRAP_CHARS:
        return 0
    width = max(size for size in sizes if size <= most * WIDTH_TOLERANCE)
    judged = [wanted > width for size, wanted in ends if width * MIN_JUDGED_SHARE < size <= width]
    enough = len(judged) >= max(MIN_WRAPPED_LINES, len(ends) / 2)
    if not enough or sum(judged) < MIN_FULL_SHARE * len(judged):
        return 0
    # Thai has no full stops: only many lines show a width
    if sum(has_no_stops(right) for _, right in borders) * 2 > len(borders) and len(judged) < MIN_STOPLESS_LINES:
        return 0
    # lines that are paragraphs end with a full stop, those of a wrapped text seldom
    return width if 2 * sum(is_open(left) for left, _ in borders) >= len(borders) else 0

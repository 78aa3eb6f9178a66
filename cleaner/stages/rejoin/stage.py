"""Rejoin what a scraper broke: sentences cut at links, names and bold words, wrapped lines, words cut at line ends.

Where the text of a page is taken node by node, one paragraph in five falls apart.  What tells: a piece ends without
a full stop, the next starts in lower case or with a comma, a piece ends in a preposition, a quotation stays open, or
a short name stands between two such pieces.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise
from operator import attrgetter

from cleaner.document import Block, Document, Edit
from cleaner.rules.match import RuleSet
from cleaner.stages.rejoin.borders import (
    CLAUSE_WORDS,
    CLOSING_CHARS,
    HYPHENS,
    LINKED_PHRASE_WORDS,
    QUOTE_CHARS,
    Border,
    is_unspaced_script,
)
from cleaner.stages.rejoin.tables import (
    BROKEN_WORD,
    CONTINUATION,
    KNOWN_LINE,
    NEW_AFTER_LABEL,
    NEW_AFTER_STOP,
    PARTED,
    SPACING,
    WRAPPED_LINE,
    Row,
    find_row,
)
from cleaner.stages.rejoin.words import LINKING_WORDS
from cleaner.text.hyphens import collect_vocabulary, rejoin_broken_word
from cleaner.text.shape import count_words, is_open

RULES = {
    "rejoin.sentence": "A sentence that stood on several lines, broken at a link, a name or a bold word.",
    "rejoin.wrapped": "A paragraph wrapped to a fixed width.",
    "rejoin.hyphen": "A word cut by a hyphen at the end of a line.",
}

_RULE_RANK = ("", "rejoin.sentence", "rejoin.wrapped", "rejoin.hyphen")
"""Rules, the least telling first: an edit that several of them ask for stands under the last of these."""

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

MIN_FULL_SHARE = 0.8
"""Share of the judged lines that must be full: the next word would not have fitted."""


def rejoin(document: Document, rules: RuleSet) -> Iterator[Edit]:
    """One edit for each run of blocks that belongs together; a line that a rule knows by itself joins nothing.

    Joining goes on until the joined text, read again, would stay as it is.  Lines that are dropped do not part what
    stands around them.
    """
    known = _build_line_test(document, rules)
    for run in _list_runs(document):
        yield from _build_edits(document, run, known)


def explain_borders(document: Document, rules: RuleSet) -> Iterator[tuple[Block, Block, Row]]:
    """Each two lines of a document between which it is decided, and the row of the tables that decides it first."""
    known = _build_line_test(document, rules)
    for run in _list_runs(document):
        loose = [_is_loose(document.source, block.end) for block in run]
        width = _find_wrap_width(document) if any(loose[:-1]) else 0
        rows = judge_borders([block.text for block in run], loose, width, known)
        yield from ((left, right, row) for (left, right), row in zip(pairwise(run), rows, strict=True))


def _build_line_test(document: Document, rules: RuleSet) -> Callable[[str], bool]:
    """The test whether one of these rules knows a line by itself, in the document's language."""
    language = document.find_fact("language", "")
    return lambda line: len(line) <= MAX_LABEL_CHARS and rules.has_line_rule(line, language)


def _list_runs(document: Document) -> Iterator[list[Block]]:
    """Lines with text, one behind the other, that could belong together: items of lists and the like part them."""
    shown = (block for block in document.blocks if block.text)
    for kind, blocks in groupby(shown, attrgetter("kind")):
        if kind == "line":
            run = list(blocks)
            if len(run) > 1:
                yield run


def _build_edits(document: Document, run: Sequence[Block], known: Callable[[str], bool]) -> Iterator[Edit]:
    """The edits for blocks that stand one behind the other.

    In each round all neighbours are judged, and those that belong together become one text; the joined texts are
    judged again, until nothing joins.  `ends` has the number of the last block of each text.
    """
    source = document.source
    texts = [block.text for block in run]
    # a blank line shows at once in most texts
    loose = [source[block.end - 2 : block.end - 1] != "\n" and _is_loose(source, block.end) for block in run]
    width = _find_wrap_width(document) if any(loose[:-1]) else 0
    borders = [row.answer for row in judge_borders(texts, loose, width, known)]
    if not any(borders):
        return

    @cache
    def words() -> set[str]:
        return collect_vocabulary(block.text for block in document.blocks)

    french = "« " in source
    rules = [""] * len(run)
    ends = list(range(len(run)))
    while any(borders):
        firsts = [0, *(i for i, border in enumerate(borders, 1) if not border)]
        stops = [*firsts[1:], len(texts)]
        pieces = list(zip(firsts, stops, strict=True))
        # most texts stay alone
        rules = [
            rules[i] if j - i == 1 else max(rules[i:j] + borders[i : j - 1], key=_RULE_RANK.index) for i, j in pieces
        ]
        texts = [
            texts[i] if j - i == 1 else _join_texts(texts[i:j], borders[i : j - 1], words, french) for i, j in pieces
        ]
        ends = [ends[j - 1] for j in stops]
        borders = [row.answer for row in judge_borders(texts, [loose[end] for end in ends], width, known)]
    first = 0
    for text, rule, end in zip(texts, rules, ends, strict=True):
        if rule:
            yield Edit(rule, run[first].start, run[end].end, text, run[first].role)
        first = end + 1


def _join_texts(texts: Sequence[str], borders: Sequence[str], words: Callable[[], set[str]], french: bool) -> str:
    """The texts as one, where `borders` are the rules by which they join and `words` gives the words of the document.

    `french`: the document sets spaces inside its quotation marks.
    """
    parts = [texts[0]]
    straight = texts[0].count('"')
    for right, rule in zip(texts[1:], borders, strict=True):
        parts += _join_halves(parts, right, rule, straight % 2 == 1, words, french)
        straight += right.count('"')
    return "".join(parts)


def _join_halves(
    parts: list[str], right: str, rule: str, odd: bool, words: Callable[[], set[str]], french: bool
) -> tuple[str, ...]:
    """What is put behind the parts of a text to join the next line; a broken word leaves the last part for it."""
    left = parts[-1]
    if left[-1] in HYPHENS:
        broken = left[-MAX_WORD_CHARS:].rsplit(None, 1)[-1]
        whole = rejoin_broken_word(broken, right, words())
        if whole is not None:
            parts[-1] = left[: len(left) - len(broken)]
            return (whole,)
    if rule == "rejoin.wrapped":
        return ("" if is_unspaced_script(left[-1]) and is_unspaced_script(right[0]) else " ", right)
    before = left[-2:-1] or "".join(parts[-2:-1])[-1:]
    at = Border(left, right, odd=odd, before=before, french=french, words=words)
    return (find_row(SPACING, at).answer, right)


def judge_borders(texts: Sequence[str], loose: Sequence[bool], width: int, known: Callable[[str], bool]) -> list[Row]:
    """For each text but the last, the row that decides whether it runs on into the next.

    `loose` are the texts that no blank line parts from the next, `width` is that to which they are wrapped (0: none),
    and `known` says whether a rule knows a line by itself: such a line joins nothing, unless its start is torn off.
    """
    rows: list[Row] = []
    running = straight = 0
    for left, right, after, is_loose in zip(texts, texts[1:], [*texts[2:], ""], loose, strict=False):
        # nearly all lines are plainly new ones; wrapped lines are looked at closely
        if not width:
            opens = is_open(left)
            if _is_new_after_label(left, right, after, running) if opens else _is_new_after_stop(left, right):
                running = straight = 0
                rows.append(NEW_AFTER_LABEL if opens else NEW_AFTER_STOP)
                continue
        words, straight = running + count_words(left), straight + left.count('"')
        at = Border(left, right, after, words, not running, is_loose, straight % 2 == 1, left[-2:-1])
        row = _judge_border(at, width, known)
        running = words
        if row.answer == PARTED:
            running = straight = 0
        rows.append(row)
    return rows


def _judge_border(at: Border, width: int, known: Callable[[str], bool]) -> Row:
    """The row for a border, its words and its wrapping looked at first."""
    if BROKEN_WORD.applies(at):
        return BROKEN_WORD
    if width and at.loose and len(at.left) <= width < len(at.left) + 1 + len(at.first_word):
        return WRAPPED_LINE
    row = find_row(CONTINUATION, at)
    joins_known = row.answer and at.start not in CLOSING_CHARS and (known(at.right) or (at.fresh and known(at.left)))
    return KNOWN_LINE if joins_known else row


def _is_new_after_stop(left: str, right: str) -> bool:
    """Whether a line is plainly a new one behind a line with a full stop, as nearly all behind such lines are."""
    start = right[0]
    return (
        not start.islower()
        and start not in CLOSING_CHARS
        and (start not in QUOTE_CHARS or right[1:2].isalpha())
        and left not in QUOTE_CHARS
    )


def _is_new_after_label(left: str, right: str, after: str, running: int) -> bool:
    """Whether a line is plainly a new one behind a line without a full stop: CONTINUATION would part the two.

    CONTINUATION joins lines that start with a capital or a digit only for what is tested here.
    """
    start = right[0]
    return (
        (start.isupper() or start.isdigit() or start == "©")
        and left[-1].isalnum()
        and not (len(left) == 1 and right[1:2].isupper())
        and (not after or after[0].isupper() or after[0].isdigit())
        and (running + count_words(left) < CLAUSE_WORDS or count_words(right) >= LINKED_PHRASE_WORDS)
        and left[-MAX_WORD_CHARS:].rsplit(None, 1)[-1].lower() not in LINKING_WORDS
    )


def _is_loose(source: str, end: int) -> bool:
    """Whether no blank line stands before this place, the start of a line."""
    return source[end - 2 : end - 1] != "\n" and source[end - 3 : end] != "\n\r\n"


def _find_wrap_width(document: Document) -> int:
    """The width to which the text is wrapped, or 0: nearly every long line ends where the next word is too long.

    A few lines that are longer, as a headline or an address, and lines that are much shorter, say nothing.
    """
    source, lines = document.source, document.lines
    ends = [
        (len(line.text), len(line.text) + 1 + len(after.text.partition(" ")[0]))
        for line, after in pairwise(lines)
        if line.text and after.text and _is_loose(source, line.end)
    ]
    if len(ends) < MIN_WRAPPED_LINES:
        return 0
    sizes = sorted(size for size, _ in ends)
    most = sizes[-1 - max(1, len(sizes) // LONGER_LINES_DIVISOR)]
    if not MIN_WRAP_CHARS <= most <= MAX_WRAP_CHARS:
        return 0
    width = max(size for size in sizes if size <= most * WIDTH_TOLERANCE)
    judged = [wanted > width for size, wanted in ends if width * MIN_JUDGED_SHARE < size <= width]
    enough = len(judged) >= max(MIN_WRAPPED_LINES, len(ends) / 2)
    return width if enough and sum(judged) >= MIN_FULL_SHARE * len(judged) else 0

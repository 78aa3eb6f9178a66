"""Title, kicker and standfirst, and every copy of the title, from where they stand and how they read.

Titles that the markup or the input names are known already: their copies are dropped, and no other title is looked for.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, takewhile
from operator import attrgetter

from cleaner.document import Block, Document, Edit, Fact
from cleaner.facts import KICKER, ROLE, STANDFIRST, TITLE
from cleaner.text.shape import (
    BULLET_PREFIXES,
    SENTENCE_CLOSERS,
    build_match_key,
    count_words,
    find_prose_region,
    is_open,
    is_prose,
)

RULES = {
    "title.headline": "The line before the text that reads like its title.",
    "title.repeated": "The title once more.",
    "title.kicker": "A label above the title.",
    "title.standfirst": "The summary between the title and the text; it stays in the text.",
}

MIN_TITLE_WORDS, MAX_TITLE_WORDS = 3, 30
"""Words of a title; one word less is enough where no other line is like a title."""

MAX_TITLE_CHARS = 200
"""Characters of the longest title."""

MAX_HEAD_LINES = 15
"""Lines before the text above which a page is taken to bring its menus along."""

MAX_SEARCHED_LINES = 40
"""Lines before the text among which its title is looked for."""

MIN_COUNTED_LETTERS = 4
"""Letters from which a word of a title is looked for in the text."""

FIRST_LINE_BONUS, SHORT_PENALTY, PICTURE_PENALTY = 0.8, 0.5, 0.6
"""What the score of a title gains as the first line of a page without menus, and loses with fewer words than
`MIN_TITLE_WORDS` and beside the credit of a picture.  The score is the share of its words that the text repeats.
"""

MAX_SCORED_WORDS, WORDS_PER_POINT, LINES_PER_POINT = 8, 10, 60
"""A title scores for each of its first words the 10th of a point, and loses the 60th for each line before the text."""

MAX_KICKER_WORDS = 4
MAX_KICKER_LINE = 1
"""Words of a kicker, and the number of the last line that can be one."""

MIN_COPY_LETTERS = 8
"""Letters and digits of the shortest title whose copies are dropped."""

COPY_LACK_CHARS, COPY_SLACK_CHARS = 8, 40
"""A copy of the title may lack so many of its characters, and have twice as many and so many more."""

MIN_STANDFIRST_WORDS, MAX_STANDFIRST_WORDS = 9, 45
"""Words of a standfirst: at least, and in the longest first paragraph that a byline, a date or a picture behind it
makes one.
"""

MAX_LABEL_WORDS = 4
"""Words of a line between title and standfirst that is looked over; a longer one ends the search."""

MIN_BREADCRUMB_LETTERS = 13
"""Letters and digits of the shortest title at the end of a breadcrumb trail."""

_BODY_KINDS = frozenset("li td th blockquote dd pre figcaption".split())
"""Elements of a text that is a piece of HTML in which no title stands."""

_WORD_EDGE_CHARS = ".,;:!?\"'“”„»«()[]|"
_PATH_CHARS = frozenset("/>›»|→")
_BAR_SPLIT_PATTERN = re.compile(r"\s*[|｜]\s*|\s+:\s+")
_ANY_BAR_PATTERN = re.compile(r"[|:｜]")
_TITLE_PATTERN = re.compile(
    f"(?!{'|'.join(map(re.escape, BULLET_PREFIXES))}).{{0,{MAX_TITLE_CHARS - 1}}}[^.。।۔,;:，；、؛]", re.DOTALL
)
_SPOKEN_ENDS = frozenset("?!？！" + SENTENCE_CLOSERS)
_INTRODUCTION_ENDS = frozenset(":：)]")
_BEHIND_STANDFIRST_ROLES = frozenset({"byline", "timestamp", "caption"})

_get_edges = attrgetter("start", "end")
"""Where a block begins and ends in the source: blocks with one of the two in common touch each other."""


def titles(document: Document) -> Iterator[Edit | Fact]:
    """Drops the title, its copies and the kicker, and says what they and the standfirst are."""
    kept = filter(attrgetter("text"), document.blocks)
    blocks = list(takewhile(lambda block: block.kind != "sentence", kept))
    if not blocks:
        return
    lines = [block.text for block in blocks]
    first, end = find_prose_region(lines)
    head = first if end else len(lines)
    if known := document.find_fact("title"):
        yield from _drop_copies(blocks, known)
        yield from _find_standfirst(document.blocks, blocks, -1, head, known)
        return
    at = _find_title(lines, head, end, _find_pictured(document, blocks))
    if at is None or at + 1 == len(blocks) or (document.page is None and blocks[at].kind in _BODY_KINDS):
        return
    kicker, title = _split_kicker(lines[at])
    yield TITLE.make("title.headline", title, blocks[at])
    if kicker:
        yield KICKER.make("title.kicker", kicker, blocks[at])
    elif at and _is_kicker(blocks[at - 1], at - 1):
        yield KICKER.make("title.kicker", lines[at - 1], blocks[at - 1])
        yield blocks[at - 1].drop("title.kicker", "kicker")
    yield blocks[at].drop("title.headline", "title")
    yield from _drop_copies([*blocks[:at], *blocks[at + 1 :]], title)
    yield from _find_standfirst(document.blocks, blocks, at, head, title)


def _find_pictured(document: Document, blocks: Sequence[Block]) -> frozenset[int]:
    """Numbers of the lines directly at the credit of a picture."""
    credits = (block for block in document.blocks if block.role == "credit")
    edges = frozenset(chain.from_iterable(map(_get_edges, credits)))
    return frozenset(i for i, block in enumerate(blocks) if not edges.isdisjoint(_get_edges(block)))


def _find_title(lines: Sequence[str], head: int, end: int, pictured: Collection[int]) -> int | None:
    """Which line of the head is the title; a line at a picture's credit rarely is.

    `head` and `end` are the numbers of the first line of the text and of the first one behind it.
    """
    searched = range(max(0, head - MAX_SEARCHED_LINES), min(head + 1, len(lines)))
    candidates = [at for at in searched if _is_title_like(lines[at], at == head)]
    if len(candidates) <= 1:
        return next(iter(candidates), None)
    text = " ".join(lines[head:end]).casefold()
    first = next((at for at in candidates if count_words(lines[at]) > MIN_TITLE_WORDS), candidates[0])
    first = first if head <= MAX_HEAD_LINES else -1

    def score(at: int) -> float:
        """How likely a candidate is the title; only comparable within one text."""
        size = count_words(lines[at])
        points = _compute_repeated_share(lines[at], text)
        points += min(size, MAX_SCORED_WORDS) / WORDS_PER_POINT - (head - at) / LINES_PER_POINT
        short, beside = size < MIN_TITLE_WORDS, at in pictured
        return points + (FIRST_LINE_BONUS * (at == first) - SHORT_PENALTY * short - PICTURE_PENALTY * beside)

    return _skip_breadcrumbs(lines, candidates, max(candidates, key=score))


def _compute_repeated_share(line: str, text: str) -> float:
    """The share of the longer words of a line that a text repeats; a line of few words cannot reach 1."""
    bare = (word.strip(_WORD_EDGE_CHARS) for word in line.casefold().split())
    words = [word for word in bare if len(word) >= MIN_COUNTED_LETTERS]
    return sum(map(text.__contains__, words)) / (len(words) + 1)


def _is_title_like(line: str, opens_text: bool) -> bool:
    """Whether a line can be a title by its length and its end; the first line of the text only as a question, an
    exclamation or a quotation.
    """
    if count_words(line) not in range(MIN_TITLE_WORDS - 1, MAX_TITLE_WORDS + 1) or not _TITLE_PATTERN.fullmatch(line):
        return False
    if opens_text and is_prose(line) and not is_open(line):
        return line[-1] in _SPOKEN_ENDS
    return any(map(str.isalpha, line))


def _skip_breadcrumbs(lines: Sequence[str], candidates: Sequence[int], at: int) -> int:
    """The line that the chosen one ends with, where that is a breadcrumb trail up to the title."""
    whole = build_match_key(lines[at])
    keys = {other: build_match_key(lines[other]) for other in candidates}
    sizes = range(MIN_BREADCRUMB_LETTERS, len(whole))
    return next((other for other, key in keys.items() if len(key) in sizes and whole.endswith(key)), at)


def _split_kicker(line: str) -> tuple[str, str]:
    """Kicker and title of a line that holds both, as in `Ukraine | Moscow answers`; or the title without its site."""
    parts = _BAR_SPLIT_PATTERN.split(line)
    sizes = [count_words(part) if part else 0 for part in parts]
    *_, second, most = sorted([0, *sizes])
    longest = sizes.index(most)
    if most < max(MIN_TITLE_WORDS, 2 * second) or parts[longest][:1].islower():
        return "", line
    return (parts[0] if longest == 1 else ""), parts[longest]


def _is_kicker(block: Block, at: int) -> bool:
    """Whether the line above the title is a label of a few words at the top of the page, and no breadcrumb trail."""
    short = at <= MAX_KICKER_LINE and block.is_line and count_words(block.text) <= MAX_KICKER_WORDS
    return (
        short and is_open(block.text) and _PATH_CHARS.isdisjoint(block.text) and not any(map(str.isdigit, block.text))
    )


def _drop_copies(blocks: Sequence[Block], title: str) -> Iterator[Edit]:
    """Drops the lines that are the title once more, perhaps with a kicker or the site's name beside it."""
    wanted = build_match_key(title)
    sizes = range(max(1, len(title) - COPY_LACK_CHARS), 2 * len(title) + COPY_SLACK_CHARS + 1)
    if len(wanted) >= MIN_COPY_LETTERS:
        like = filter(lambda block: len(block.text) in sizes, blocks)
        yield from (block.drop("title.repeated", "title") for block in like if _is_copy(block.text, title, wanted))


def _is_copy(text: str, title: str, wanted: str) -> bool:
    """Whether a line is the title, whose letters and digits are `wanted`, or names it behind or before a bar."""
    if text[:1].casefold() == title[:1].casefold() and build_match_key(text) == wanted:
        return True
    return bool(_ANY_BAR_PATTERN.search(text)) and build_match_key(_split_kicker(text)[1]) == wanted


def _find_standfirst(
    all_blocks: Sequence[Block], blocks: Sequence[Block], at: int, head: int, title: str
) -> Iterator[Fact]:
    """The line between title and text that is long enough for a summary, or the text's first if it is set apart; what
    introduces a list is its first paragraph.
    """
    copy = build_match_key(title)
    longer = filter(lambda block: count_words(block.text) > MAX_LABEL_WORDS, blocks[at + 1 : head + 1])
    block = next((block for block in longer if not _is_long_copy(block, copy)), None)
    if block is None or block.role or count_words(block.text) < MIN_STANDFIRST_WORDS:
        return
    i = blocks.index(block, at + 1)
    follows = "".join(map(attrgetter("text"), blocks[i + 1 : i + 2]))
    if follows.startswith(BULLET_PREFIXES):
        yield ROLE.make("title.standfirst", "paragraph", block)
    elif follows and block.text[-1] not in _INTRODUCTION_ENDS and (i < head or _is_set_apart(all_blocks, block)):
        yield STANDFIRST.make("title.standfirst", block.text, block)
        yield ROLE.make("title.standfirst", "standfirst", block)


def _is_long_copy(block: Block, key: str) -> bool:
    """Whether a line long enough for a standfirst is the title once more."""
    return count_words(block.text) >= MIN_STANDFIRST_WORDS and build_match_key(block.text) == key


def _is_set_apart(blocks: Sequence[Block], block: Block) -> bool:
    """Whether the first line of the text has no full stop, or a byline, a date or a picture directly behind it
    (right 18 times of 21, and 15 of 20 for pictures, on pages labelled by reading).
    """
    if count_words(block.text) > MAX_STANDFIRST_WORDS:
        return False
    if is_open(block.text):
        return True
    behind = next(filter(lambda other: other.start >= block.end, blocks), block)
    return not behind.text and behind.role in _BEHIND_STANDFIRST_ROLES

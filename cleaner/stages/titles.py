"""Title, kicker and standfirst, and every copy of the title, from where they stand and how they read.

Which line is the title a model says (`cleaner.models.titles`).  Titles that the markup or the input names are known
already: their copies are dropped, and no other title is looked for.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from operator import attrgetter

from cleaner.document import Block, Document, Edit, Fact
from cleaner.facts import HEADLINE_RULE, KICKER, ROLE, STANDFIRST, TITLE
from cleaner.models.titles import rank_titles, view_lines
from cleaner.text.heads import read_head
from cleaner.text.shape import BULLET_PREFIXES, build_match_key, count_words, find_prose_region, is_open

RULES = {
    HEADLINE_RULE: "The line that the model takes for the title of the text.",
    "title.repeated": "The title once more.",
    "title.kicker": "A label above the title.",
    "title.standfirst": "The summary between the title and the text; it stays in the text.",
}

MIN_TITLE_CHANCE = 0.35
"""The chance from which a line is the title: below it a text has none, for a line that is taken from a text wrongly is
dearer than a title that stays in it."""

MIN_LATE_TITLE_CHANCE = 0.6
"""The same for a line below the first paragraph, which may be a crosshead (on templates held out, 4 of 5 such lines of
that chance were titles, and 3 of 7 of a smaller one), and for a piece of a text on one line, whose end is a guess."""

MIN_TITLE_WORDS = 3
"""Words of the longest part of a line that bars part, from which it alone is the title."""

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

_BODY_KINDS = frozenset("li td th blockquote dd pre figcaption".split())
"""Elements of a text that is a piece of HTML in which no title stands."""

_PATH_CHARS = frozenset("/>›»|→")
_BAR_SPLIT_PATTERN = re.compile(r"\s*[|｜]\s*|\s+:\s+")
_ANY_BAR_PATTERN = re.compile(r"[|:｜]")
_INTRODUCTION_ENDS = frozenset(":：)]")
_BEHIND_STANDFIRST_ROLES = frozenset({"byline", "timestamp", "caption"})


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
    ranked = rank_titles(view_lines(document.blocks))
    if ranked is None or _is_body(document, blocks, ranked.block):
        return
    is_late = any(block.start < ranked.block.start for block in blocks[head : head + 1])
    is_unsure = is_late or ranked.block.kind == "piece"
    if ranked.chance < (MIN_LATE_TITLE_CHANCE if is_unsure else MIN_TITLE_CHANCE):
        return
    head_line = read_head(ranked.block.line, document.find_fact("language", ""))
    kicker, title = split_kicker(head_line.title if head_line else ranked.block.line)
    yield TITLE.make(HEADLINE_RULE, title, ranked.block)
    above = [block for block in blocks if block.start < ranked.block.start]
    at = len(above)
    if kicker:
        yield KICKER.make("title.kicker", kicker, ranked.block)
    elif above and _is_kicker(above[-1], at - 1) and not _is_copy(above[-1].text, title, build_match_key(title)):
        yield KICKER.make("title.kicker", above[-1].text, above[-1])
        yield above[-1].drop("title.kicker", "kicker")
    if ranked.block.text:
        yield ranked.block.drop(HEADLINE_RULE, "title", ranked.chance)
    below = [block for block in blocks if block.start > ranked.block.start]
    yield from _drop_copies([*above, *below], title)
    yield from _find_standfirst(document.blocks, blocks, len(blocks) - len(below) - 1, head, title)


def _is_body(document: Document, blocks: Sequence[Block], title: Block) -> bool:
    """Whether a line cannot be the title, since nothing stands behind it, or since its element is one of the text."""
    return title.start >= blocks[-1].start or (document.page is None and title.kind in _BODY_KINDS)


def split_kicker(line: str) -> tuple[str, str]:
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
    return bool(_ANY_BAR_PATTERN.search(text)) and build_match_key(split_kicker(text)[1]) == wanted


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

"""Where an article ends: behind it pages ask for subscriptions and gifts, and name comments and other articles.

The words are those of `cleaner.text.around`, the same for texts and for pages.  The stage stands before the model of
lines, when all rules have taken what they know, and dropped lines still show what stands around those that are left.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from cleaner.document import Block, Document, Edit
from cleaner.facts import AUTHORS, TAGS
from cleaner.text.around import QUOTE_SIGNS, closes_article, count_appeals
from cleaner.text.shape import build_match_key, count_words, is_open, is_prose

RULES = {
    "ends.appeal": "A line behind the text that asks to subscribe, to log in or to give, or one of its box.",
    "ends.author": "The last paragraph of a page, which opens with the author's name: a note on the author.",
    "ends.tag": "A line behind the text that repeats one of the article's tags.",
    "ends.label": "A line that ends the article, the label of comments or of other articles, and all behind it.",
}

CONFIDENCE = 0.85
"""Of all edits of this stage."""

MIN_APPEALS = 2
"""Phrases of an appeal behind the text from which it is believed: one may stand in an article's last sentence."""

MAX_APPEAL_WORDS, MAX_BOX_LINE_WORDS, MAX_LABEL_WORDS = 50, 14, 8
"""Words of a line with such phrases, of another line in the box with it, and of the label above."""

MAX_BOX_LINES = 12
"""Lines of the box of an appeal."""

MAX_NOTE_WORDS = 60
"""Words of a note on the author."""

MIN_SHARE_BEFORE, MAX_SHARE_BEHIND = 0.5, 0.2
"""Share of the words in paragraphs that stands before the label which ends an article, at least, and behind it."""


def ends(document: Document) -> Iterator[Edit]:
    """Edits that drop what follows the article.

    First comes the label that ends it, with all behind; then lines about it and its author; and of what is left, what
    asks for something.
    """
    blocks = [block for block in document.blocks if block.line and block.kind != "sentence"]
    prose = [is_prose(block.text) for block in blocks]
    label = _find_closing_label(blocks, prose)
    found = dict.fromkeys(range(label, len(blocks)), ("ends.label", "related"))
    found |= dict(_find_about(blocks[:label], prose, document))
    prose = [is_text and i not in found for i, is_text in enumerate(prose)]
    found |= dict.fromkeys(_find_appeal(blocks[:label], prose), ("ends.appeal", "consent"))
    for i, (rule, role) in sorted(found.items()):
        if blocks[i].text:
            yield blocks[i].drop(rule, role, CONFIDENCE)


def _find_closing_label(blocks: Sequence[Block], prose: Sequence[bool]) -> int:
    """The number of the first line that ends the article; the number of all lines without one."""
    labels = [i for i, block in enumerate(blocks) if block.text and closes_article(block.text)]
    if not labels:
        return len(blocks)
    before = [0, *accumulate(count_words(block.text) * is_text for block, is_text in zip(blocks, prose, strict=True))]
    whole = before[-1]
    # one word at least, for a page without a paragraph
    least, most = max(MIN_SHARE_BEFORE * whole, 1), MAX_SHARE_BEHIND * whole
    return next((i for i in labels if before[i] >= least and whole - before[i] <= most), len(blocks))


def _find_about(
    blocks: Sequence[Block], prose: Sequence[bool], document: Document
) -> Iterator[tuple[int, tuple[str, str]]]:
    """The lines behind the text that speak of its author, and those that only repeat the article's tags."""
    tags = {build_match_key(tag) for tag in TAGS.list_values(document.facts)}
    names = tuple(f"{person.name} " for person in AUTHORS.list_values(document.facts) if " " in person.name)
    last = -1
    for i in reversed(range(len(blocks))):
        block = blocks[i]
        if block.text and build_match_key(block.text) in tags:
            yield i, ("ends.tag", "tags")
        elif prose[i]:
            last = i
            break
    if last > 0 and _is_note(blocks[last], names):
        yield last, ("ends.author", "author-note")


def _is_note(block: Block, names: tuple[str, ...]) -> bool:
    """Whether a paragraph of a page opens with one of its authors' names and speaks of the author: nobody is quoted."""
    is_led = block.hints.tags != () and block.text.startswith(names)
    return is_led and count_words(block.text) <= MAX_NOTE_WORDS and QUOTE_SIGNS.isdisjoint(block.text)


def _find_appeal(blocks: Sequence[Block], prose: Sequence[bool]) -> list[int]:
    """Numbers of the lines of an appeal behind the last paragraph, and of the label above it."""
    behind = reversed(range(len(blocks)))
    first = next((i + 1 for i in behind if prose[i] and not count_appeals(blocks[i].text)), 0)
    tail = range(first, min(len(blocks), first + MAX_BOX_LINES)) if first else range(0)
    phrases = {i: count for i in tail if _is_short(blocks[i]) and (count := count_appeals(blocks[i].line))}
    if sum(phrases.values()) < MIN_APPEALS:
        return []
    start, end = min(phrases), max(phrases) + 1
    found = [i for i in range(start, end) if i in phrases or count_words(blocks[i].line) <= MAX_BOX_LINE_WORDS]
    above = start - 1
    return [above, *found] if above >= first and _is_label(blocks[above].line) else found


def _is_short(block: Block) -> bool:
    """Whether a line has the length of one of an appeal."""
    return count_words(block.line) <= MAX_APPEAL_WORDS


def _is_label(text: str) -> bool:
    """Whether a line is the label above a box: short, and no sentence."""
    return is_open(text) and count_words(text) <= MAX_LABEL_WORDS

"""What every part of the stage `metadata` asks of a document, found once."""

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.document import Block, Document, Fact
from cleaner.facts import RAW_FIELDS
from cleaner.rules.match import RuleSet
from cleaner.text.shape import is_prose

NEAR_TITLE_LINES = 12
"""Lines behind the title in which a bare name or date is believed."""

MAX_LEADING_PARAGRAPHS = 2
"""Paragraphs behind the title among which a line is near it still."""


class Reading(NamedTuple):
    """A document and what is known of it: its paragraphs (`prose`), what rules captured (`raw`), the lines around the
    title that are no paragraphs (`near`), and where the block of the title is (-1 where there is none).
    """

    document: Document
    rules: RuleSet
    language: str | None
    prose: Sequence[Block]
    raw: Sequence[Fact]
    near: Sequence[Block]
    title_start: int
    title_end: int


def build_reading(document: Document, rules: RuleSet) -> Reading:
    """The reading of a document."""
    blocks = document.blocks
    title = next((i for i, block in enumerate(blocks) if block.role == "title"), -1)
    is_cut = title < 0 and document.find_fact("title") is not None
    prose = [block for block in blocks if block.text and is_prose(block.text)]
    raw = [fact for fact in document.facts if fact.key in RAW_FIELDS]
    near = _find_near_title(blocks[title + 1 :], 0 if is_cut else MAX_LEADING_PARAGRAPHS)
    start, end = (blocks[title].start, blocks[title].end) if title >= 0 else (-1, -1)
    return Reading(document, rules, document.find_fact("language"), prose, raw, near, start, end)


def _find_near_title(blocks: Sequence[Block], most: int) -> list[Block]:
    """The lines among the first `most` paragraphs of these blocks, which begin behind the title.

    A text without the title that is known of it has been cleaned or cut: only what stands before its first paragraph
    is near.
    """
    near: list[Block] = []
    paragraphs = 0
    for block in blocks:
        if block.text and is_prose(block.text):
            paragraphs += 1
            if paragraphs > most or len(near) > NEAR_TITLE_LINES:
                break
        elif block.line:
            near.append(block)
            if len(near) > 2 * NEAR_TITLE_LINES:
                break
    return near

"""What the page model is asked about a line: the window of lines in question, and a number for each column."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from cleaner.stages.extraction.page import VotedPage
from cleaner.stages.extraction.rules import RULE_NUMBERS, Guess
from cleaner.stages.extraction.vocabulary import (
    BODY_CLASS_WORDS,
    CLASS_WORDS_BY_ROLE,
    HEADING_TAGS,
    KEPT_ROLES,
    NO_TEXT_TAG_ROLES,
    NUMBERED_TAGS,
    STANDFIRST_CLASS_WORDS,
)

MAX_DISTANCE = 99
"""A number of lines or words that the model does not tell from larger ones."""

WINDOW_MARGIN_LINES = 10
"""Lines before and behind those that may be the article: they show where it begins and ends."""

ANCESTOR_CACHE_SIZE = 2_000
"""LRU size for the columns of the tags and of the class words around a line: the pages of a template share them."""

_TAG_NUMBERS = {tag: number for number, tag in enumerate(NUMBERED_TAGS)}
_HEADING_TAGS = frozenset(HEADING_TAGS)


class MarkupColumns(NamedTuple):
    """The columns of one line, in the order in which the model was trained on them; bools are 0 or 1."""

    voted: float
    """Trafilatura took the line."""
    inside: float
    """The line stands in the article's element."""
    links: float
    """Share of its characters in links, 0 to 1."""
    tag: float
    """Place of its own tag in `NUMBERED_TAGS`; their number for any other."""
    p: float
    heading: float
    li: float
    in_article: float
    in_main: float
    in_li: float
    in_table: float
    in_quote: float
    in_header: float
    in_section: float
    element: float
    """Place, from 1, of the first of `NO_TEXT_TAG_ROLES` around the line; 0 without one."""
    named: float
    """Place, from 1, of the first of `CLASS_WORDS_BY_ROLE` around the line; 0 without one."""
    lead: float
    """A word for a standfirst stands around it."""
    body: float
    """A word for an article's text stands around it."""
    share: float
    """Voted share of the words in lines with its shape."""
    home: float
    """Voted share of the words in lines with its parent."""
    picture: float
    """A picture stands beside it."""
    beside: float
    """Words beside that picture, at most `MAX_DISTANCE`, which also stands for no picture."""
    depth: float
    """Elements around it."""
    from_headline: float
    """Lines from the headline to it, within ± `MAX_DISTANCE`; the least number without a headline."""
    from_first: float
    """Lines from the first voted text to it, in the same range."""
    to_last: float
    """Lines from it to the last voted text, in the same range."""
    like: float
    """It is of the kind of a voted text."""
    is_text: float
    """It reads like a sentence."""
    text_words: float
    """Its words outside links if it does, else 0."""
    guessed: float
    """The first guess keeps it."""
    rule: float
    """Number of the rule of the first guess (`RULE_NUMBERS`)."""
    between: float
    """It stands between the first and the last voted text."""
    known: float
    """A rule of the packs would drop it."""


def find_window(page: VotedPage) -> range:
    """Numbers of the blocks that may be the article: from above its headline to behind its element's end."""
    likely = [i for i, inside in enumerate(page.inside) if inside or page.voted[i]] or range(len(page.blocks))
    first = min(likely[0], page.headline) if page.headline >= 0 else likely[0]
    return range(max(0, first - WINDOW_MARGIN_LINES), min(len(page.blocks), likely[-1] + 1 + WINDOW_MARGIN_LINES))


def compute_columns(
    page: VotedPage, guessed: Sequence[Guess], window: range, known: Collection[int]
) -> dict[str, tuple[float, ...]]:
    """What the markup says of each block of the window: a column of numbers under each name of `MarkupColumns`.

    `known` are the places in the window of lines that a rule would drop.
    """
    rows = [_describe_line(page, i, guessed[i], i - window.start in known) for i in window]
    return dict(zip(MarkupColumns._fields, zip(*rows, strict=True), strict=True))


def _describe_line(page: VotedPage, i: int, guess: Guess, known: bool) -> MarkupColumns:
    hints, text, (rule, role) = page.hints[i], page.texts[i], guess
    tag, tags = hints.tag, hints.tags
    return MarkupColumns(
        page.voted[i],
        page.inside[i],
        hints.links,
        _TAG_NUMBERS.get(tag, len(NUMBERED_TAGS)),
        tag == "p",
        tag in _HEADING_TAGS,
        tag == "li",
        "article" in tags,
        "main" in tags,
        *_compute_tag_columns(page.tags[i]),
        *_compute_name_columns(page.names[i]),
        share=page.shares[i],
        home=page.homes[i],
        picture=bool(hints.picture),
        beside=min(page.beside[hints.picture], MAX_DISTANCE) if hints.picture else MAX_DISTANCE,
        depth=len(hints.path),
        from_headline=_trim_distance(i - page.headline) if page.headline >= 0 else -MAX_DISTANCE,
        from_first=_trim_distance(i - page.first),
        to_last=_trim_distance(page.last - i),
        like=page.get_kind(i) in page.seen,
        is_text=text,
        text_words=page.sizes[i] * text,
        guessed=role in KEPT_ROLES,
        rule=RULE_NUMBERS[rule],
        between=page.first <= i <= page.last,
        known=known,
    )


@lru_cache(ANCESTOR_CACHE_SIZE)
def _compute_tag_columns(tags: frozenset[str]) -> tuple[float, float, float, float, float, float]:
    """The columns from `in_li` to `element`."""
    element = next((number for number, tag in enumerate(NO_TEXT_TAG_ROLES, 1) if tag in tags), 0)
    return "li" in tags, "table" in tags, "blockquote" in tags, "header" in tags, "section" in tags, element


@lru_cache(ANCESTOR_CACHE_SIZE)
def _compute_name_columns(names: frozenset[str]) -> tuple[float, float, float]:
    """The columns from `named` to `body`."""
    named = next((number for number, own in enumerate(CLASS_WORDS_BY_ROLE.values(), 1) if own & names), 0)
    return named, bool(names & STANDFIRST_CLASS_WORDS), bool(names & BODY_CLASS_WORDS)


def _trim_distance(distance: int) -> int:
    return max(-MAX_DISTANCE, min(MAX_DISTANCE, distance))

"""What becomes of each line of a page, from the first guess and the model; and what the page as a whole is."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import partial
from itertools import compress, count
from operator import attrgetter

from cleaner.stages.extraction.guess import label_line
from cleaner.stages.extraction.page import LINKED_SHARE, MIN_VOTED_SHARE, VotedPage, find_table
from cleaner.stages.extraction.rules import FIRM_RULES, Guess
from cleaner.stages.extraction.vocabulary import (
    HEADING_TAGS,
    KEPT_ROLES,
    PAYWALL_CLASS_WORDS,
    SPOKEN_CLASS_WORDS,
    TAG_ROLES,
)

MAX_TEASER_WORDS = 200
"""Words of the longest text that a paywall is believed to have cut: pages hold the element of an unused one, too."""

MIN_ARTICLE_WORDS = 30
"""Words below which a page holds no article."""

MIN_LIST_HEADINGS = 5
"""Headings that are links, or that are numbered, from which a page is a list."""

MIN_LIST_ITEM_SHARE = 0.6
"""Share of words in list items above which an article is a list."""

DATA_SHARE = 0.6
"""Share of the chance from which a line stays that is enough for rows and code which the first guess keeps: the model
was trained on tables cell by cell, and knows sentences better than figures.  In 60 tables of the pages that it was
trained on, the rows of the article's had .5 and more, and those of others .05 and less."""

MIN_BOX_LINES = 4
"""Short lines in one element that make a box: fewer are a byline and a date."""

MIN_GONE_SHARE = 0.3
"""Share of a box's lines that the model drops from which all of it goes: the first guess drops all."""

MIN_SISTERS = 2
"""Crossheads in the text, of the same element and parent as a heading above it, from which that one is the first."""

MAX_SPOKEN_WORDS = 30
"""Words of the longest line for screen readers alone."""

_TEASER_TAGS = HEADING_TAGS[1:4]
_NUMBERED = re.compile(r"\d{1,3}(?:[.):]|\s?[-–—])\s")
_TITLE_ROLES = frozenset({"title", "kicker"})


def decide_roles(page: VotedPage, guessed: Sequence[Guess], sure: Sequence[float], strictness: float) -> list[Guess]:
    """For each block the rule that decides it, and its role: the guess, but where the model knows better.

    `sure` are the chances of the blocks to be article, `strictness` the one from which a line stays.  Where the model
    would leave less than half of what was guessed, the guess stands.
    """
    kept = _settle_data(page, guessed, sure, strictness)
    before = sum(compress(page.sizes, (role in KEPT_ROLES for _, role in guessed)))
    if sum(compress(page.sizes, kept)) < MIN_VOTED_SHARE * before:
        return list(guessed)
    decided = list(map(partial(_decide_line, page), count(), guessed, kept))
    return _settle_first_crosshead(page, _settle_boxes(page, guessed, decided))


def _settle_data(page: VotedPage, guessed: Sequence[Guess], sure: Sequence[float], strictness: float) -> list[bool]:
    """For each block whether the model keeps it; a table stays or goes as a whole, and so do lines of code."""
    kept = [chance >= strictness for chance in sure]
    set_out = compress(count(), map(attrgetter("is_set_out"), page.blocks))
    for rows in _group_lines(set_out, lambda i: find_table(page.hints[i]) or i):
        least = strictness * (DATA_SHARE if guessed[rows[0]][1] in KEPT_ROLES else 1)
        stays = sum(map(sure.__getitem__, rows)) >= least * len(rows)
        for i in rows:
            kept[i] = stays
    return kept


def _settle_boxes(page: VotedPage, guessed: Sequence[Guess], decided: list[Guess]) -> list[Guess]:
    """The decisions, but a box of short lines before the text goes as a whole where a part of it does: a score, a fact
    sheet.  Half of one is worse than none."""
    head = range(max(0, page.headline), page.first)
    short = (i for i in head if guessed[i][0] == "extraction.head" and page.hints[i].tag not in TAG_ROLES)
    for lines in _group_lines(short, lambda i: page.hints[i].path[:-1]):
        gone = sum(decided[i][1] not in KEPT_ROLES for i in lines)
        if len(lines) >= MIN_BOX_LINES and gone >= MIN_GONE_SHARE * len(lines):
            for i in lines:
                decided[i] = guessed[i]
    return decided


def _settle_first_crosshead(page: VotedPage, decided: list[Guess]) -> list[Guess]:
    """The decisions, but a heading right above the text stays where its sisters in the text do: the text begins with a
    crosshead, as behind a table of contents."""
    i = page.first - 1
    if i <= page.headline or page.hints[i].tag not in HEADING_TAGS or decided[i][0] != "extraction.head":
        return decided
    own = page.hints[i].tag, page.hints[i].path[:-1]
    sisters = (j for j in range(page.first, len(decided)) if decided[j][1] == "heading" and page.words[j])
    like = [j for j in sisters if (page.hints[j].tag, page.hints[j].path[:-1]) == own]
    if len(like) >= MIN_SISTERS and page.hints[i].links < LINKED_SHARE:
        decided[i] = label_line(page, i)
    return decided


def _group_lines(numbers: Iterable[int], find_key: Callable[[int], Hashable]) -> Collection[list[int]]:
    """Numbers of blocks in groups with the same key, in the order of their first ones."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for i in numbers:
        groups[find_key(i)].append(i)
    return groups.values()


def _decide_line(page: VotedPage, i: int, guess: Guess, keep: bool) -> Guess:
    """The guess if the model agrees or may not overrule it, else the model's answer: the line's role, or `other`."""
    rule, role = guess
    if role in _TITLE_ROLES:
        return guess
    if _is_spoken(page, i):
        return ("extraction.named", "other")
    if keep == (role in KEPT_ROLES) or _is_firm(rule, role):
        return guess
    return label_line(page, i) if keep else ("extraction.model", "other")


def _is_spoken(page: VotedPage, i: int) -> bool:
    """Whether a line is said to screen readers alone; a long one is shown by a script."""
    own = frozenset[str]().union(*page.hints[i].names[-1:])
    return page.words[i] <= MAX_SPOKEN_WORDS and any(map(own.issuperset, SPOKEN_CLASS_WORDS))


def _is_firm(rule: str, role: str) -> bool:
    """Whether a line goes whatever the model says of it."""
    return role not in KEPT_ROLES and (rule in FIRM_RULES or (rule, role) == ("extraction.element", "caption"))


def find_flags(page: VotedPage, roles: Sequence[str]) -> list[str]:
    """What a reader of the record should know of the page: it is no article, a list, or behind a paywall.

    `roles` has the role decided for each block.
    """
    kept = list(compress(count(), map(KEPT_ROLES.__contains__, roles)))
    return [flag for flag, holds in _FLAGS.items() if holds(page, kept, roles)]


def _is_no_article(page: VotedPage, kept: Sequence[int], _: Sequence[str]) -> bool:
    """Whether the text is very short; or short, with more headings that are links than twice the paragraphs."""
    words = _count_words(page, kept)
    headings = (hints for hints in compress(page.hints, page.inside) if hints.tag in _TEASER_TAGS)
    teasers = sum(hints.links > LINKED_SHARE for hints in headings)
    # a very short text is none with any number of them
    many = max(MIN_LIST_HEADINGS, 2 * sum(map(page.texts.__getitem__, kept)))
    return words < (MAX_TEASER_WORDS if teasers > many else MIN_ARTICLE_WORDS)


def _is_list(page: VotedPage, kept: Sequence[int], roles: Sequence[str]) -> bool:
    """Whether headings are numbered, or most words stand in list items."""
    headings, items = ([i for i in kept if roles[i] == role] for role in ("heading", "list-item"))
    numbered = sum(_NUMBERED.match(page.blocks[i].text) is not None for i in headings)
    listed = _count_words(page, items)
    most = MIN_LIST_ITEM_SHARE * max(_count_words(page, kept), 2 * MIN_ARTICLE_WORDS)
    return numbered >= MIN_LIST_HEADINGS or listed > most


def _is_cut_by_paywall(page: VotedPage, kept: Sequence[int], _: Sequence[str]) -> bool:
    """Whether the text is short, and the message of a paywall stands on the page."""
    is_short = _count_words(page, kept) < MAX_TEASER_WORDS
    return is_short and not PAYWALL_CLASS_WORDS.isdisjoint(frozenset().union(*page.names))


def _count_words(page: VotedPage, numbers: Sequence[int]) -> int:
    """The words of the blocks of these numbers."""
    return sum(map(page.words.__getitem__, numbers))


_FLAGS: dict[str, Callable[[VotedPage, Sequence[int], Sequence[str]], bool]] = {
    "no-article": _is_no_article,
    "list": _is_list,
    "paywall": _is_cut_by_paywall,
}
"""The flags in the order in which they stand in the record, and when each is set."""

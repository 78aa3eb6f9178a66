"""Teasers of other articles that are elements `article` themselves, and lists of links between two paragraphs.

Lines that are dropped already still show where a teaser or a list is.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from operator import attrgetter

from cleaner.document import Block
from cleaner.text.shape import build_match_key, count_words, is_open, is_prose

MIN_LINKED_SHARE = 0.8
"""Share of a line's characters in links from which it is one."""

MIN_TEASERS = 2
"""Teasers of a page: one alone may be the article."""

MAX_TEASER_WORDS, MAX_TEASER_LINES = 80, 6
"""Words outside links, and lines, of the longest teaser."""

MIN_ARTICLE_RATIO, MAX_TEASERS_RATIO = 3, 2
"""How many times the words of the largest teaser the rest of the page's paragraphs have at least, and how many times
the words of the rest all teasers have at most: on a list of articles and in a live blog nothing is left beside them."""

MIN_ARTICLE_PARAGRAPHS = 2
"""Paragraphs that the rest has at least."""

MIN_ITEM_WORDS = 3
"""Words of a headline in a list of links on average: topics and names are shorter."""

MAX_LISTED_LINKS = 10
"""Links of the longest such list between two paragraphs: a longer one is a list that the article is about."""

MAX_LABEL_WORDS = 6
"""Words of the label above a list."""

MAX_LISTS_SHARE = 0.2
"""Share of words in such lists, of all between the first and the last paragraph, above which the page is made of lists
of links."""

_HEADING_TAGS = ("h2", "h3", "h4", "h5", "h6")
_LIST_TAGS = ("ul", "ol")
_get_line = attrgetter("line")


# ---------------------------------------------------------------- teasers


def find_teasers(blocks: Sequence[Block], title: str) -> list[int]:
    """Numbers of the lines of other articles' teasers: small elements `article`, each with a linked heading, beside
    an article that is much longer than any of them."""
    held: dict[int, list[int]] = defaultdict(list)
    for i, block in enumerate(blocks):
        if "article" in block.hints.tags:
            held[_find_innermost(block, ("article",))].append(i)
    if not held:
        return []
    wanted = build_match_key(title)
    cards = [numbers for numbers in held.values() if _is_teaser([blocks[i] for i in numbers], wanted)]
    if len(cards) < MIN_TEASERS:
        return []
    found = list(chain.from_iterable(cards))
    own = list(map(_count_own_words, blocks))
    words = [sum(map(own.__getitem__, numbers)) for numbers in cards]
    rest = [own[i] for i in sorted(set(range(len(blocks))).difference(found)) if is_prose(blocks[i].line)]
    is_beside = len(rest) >= MIN_ARTICLE_PARAGRAPHS and sum(rest) >= MIN_ARTICLE_RATIO * max(words)
    return found if is_beside and sum(words) <= MAX_TEASERS_RATIO * sum(rest) else []


def _is_teaser(lines: Sequence[Block], title: str) -> bool:
    """Whether the lines of an element `article` are a teaser: few, with a heading that is a link and not the title."""
    if len(lines) > MAX_TEASER_LINES or sum(map(_count_own_words, lines)) > MAX_TEASER_WORDS:
        return False
    headings = [line for line in lines if line.hints.tag in _HEADING_TAGS]
    is_linked = bool(headings) and all(map(_is_link, headings))
    return is_linked and title not in map(build_match_key, map(_get_line, headings))


def _count_own_words(block: Block) -> float:
    """The words of a line outside links."""
    return count_words(block.line) * (1 - block.hints.links)


def _sum_words(blocks: Sequence[Block]) -> int:
    """The words of some lines, those in links among them."""
    return sum(map(count_words, map(_get_line, blocks)))


def _is_link(block: Block) -> bool:
    """Whether a line is a link, but for a sign or a date beside it."""
    return block.hints.links >= MIN_LINKED_SHARE


def _find_innermost(block: Block, tags: Sequence[str]) -> int:
    """The number of the innermost element with one of these tags around a line; 0 without one."""
    hints = block.hints
    return next((at for at, tag in zip(reversed(hints.path), reversed(hints.tags), strict=False) if tag in tags), 0)


# ---------------------------------------------------------------- lists of links


def find_link_lists(blocks: Sequence[Block]) -> list[int]:
    """Numbers of the lines of lists between two paragraphs that hold nothing but links to other articles, and of the
    labels above them."""
    prose = [i for i, block in enumerate(blocks) if not _is_link(block) and is_prose(block.line)]
    if len(prose) < MIN_ARTICLE_PARAGRAPHS:
        return []
    found: list[int] = []
    i = prose[0]
    while i < prose[-1]:
        end = _find_list_end(blocks, i)
        if _is_list_of_links(blocks, i, end):
            label = _find_label(blocks, i, end)
            if is_prose(blocks[i - 1 - len(label)].line) and is_prose(blocks[end].line):
                found += [*label, *range(i, end)]
        i = max(end, i + 1)
    if not found:
        return []
    within = _sum_words(blocks[prose[0] : prose[-1] + 1])
    return found if _sum_words([blocks[i] for i in found]) <= MAX_LISTS_SHARE * within else []


def _find_list_end(blocks: Sequence[Block], start: int) -> int:
    """Where the list ends that begins with a line: the first line behind that is not in its element, or the end of the
    page; the line itself where no list begins."""
    item = blocks[start]
    element = _find_innermost(item, _LIST_TAGS) if _is_link(item) and item.hints.tag not in _HEADING_TAGS else 0
    if not element:
        return start
    return next((i for i in range(start, len(blocks)) if element not in blocks[i].hints.path), len(blocks))


def _is_list_of_links(blocks: Sequence[Block], start: int, end: int) -> bool:
    """Whether some lines are a short list of nothing but headlines that are links, with a line behind them."""
    items = blocks[start:end]
    is_short = 0 < len(items) <= MAX_LISTED_LINKS and end < len(blocks)
    return is_short and all(map(_is_link, items)) and _sum_words(items) >= MIN_ITEM_WORDS * len(items)


def _find_label(blocks: Sequence[Block], start: int, end: int) -> list[int]:
    """The number of the label above a list: a short line in a box with it, or a heading of a kind that no other is."""
    i = start - 1
    label = blocks[i]
    if is_prose(label.line) or not is_open(label.line) or count_words(label.line) > MAX_LABEL_WORDS:
        return []
    if label.line.endswith((":", "：")):
        return [i]
    # the first element around the list that is none around its label is the list itself, or a box in the box
    inner = [at for at in label.hints.path[:-1] if at in blocks[start].hints.path][-1:]
    boxed = bool(inner) and inner[0] not in (*blocks[i - 1].hints.path, *blocks[end].hints.path)
    tag = label.hints.tag
    is_single = tag in _HEADING_TAGS and sum(block.hints.tag == tag for block in blocks) == 1
    return [i] if boxed or is_single else []

"""What trafilatura takes for the article, as a vote on each line of the page; and which line is the headline."""

import re
from collections.abc import Sequence

from cleaner.document import Block, Document
from cleaner.stages.extraction.vocabulary import HEADING_TAGS
from cleaner.text.shape import build_match_key, count_words, is_prose

MIN_MATCHED_SHARE = 0.6
"""Minimum share of a line's runs of three words that must stand in trafilatura's text for the line to be voted for."""

MIN_TAKEN_SHARE = 0.4
"""Words that trafilatura takes in its fast mode, of those that the page has in sentences, below which it is asked once
more with all that it can do.  On 1,210 pages it took more then in 38, and the last that gained by it had .36."""

MAX_NOTHING_SHARE = 0.1
"""The same share up to which the fast mode has found nothing of the article."""

MIN_COMMON_SHARE = 0.5
"""Share of the fast mode's runs of three words from which the slow one has found the same article, and more of it;
below it on those pages it had found another one."""

MIN_HEADLINE_WORDS = 3
"""Words of the shortest h1 that is a headline when none repeats the title: shorter ones are sections or the site."""

MAX_HEADLINE_GROWTH, HEADLINE_SPARE_CHARS = 2, 20
"""A line is compared with the title if it has fewer characters than this many times those of the title's key, plus
the spare ones for spaces and signs."""

MIN_SITE_LINKS = 0.8
"""Share of a heading's characters in links above which it is one."""

_ARTICLE_TAGS = frozenset({"article", "main", "section"})
_WORD = re.compile(r"\w+")


def ask_trafilatura(document: Document) -> str:
    """What trafilatura takes for the article of a page, a paragraph a line; empty where it finds none.

    Its fast mode is asked, and the slow one, which looks into more elements, where that takes little of the page; what
    the slow one finds counts if it is more of the same, or if there was nothing.
    """
    import trafilatura  # slow to import, and never needed for texts

    article = trafilatura.extract(document.page, fast=True, include_comments=False) or ""
    words, whole = count_words(article), sum(map(_count_sentence_words, document.blocks))
    if words >= MIN_TAKEN_SHARE * whole:
        return article
    slow = trafilatura.extract(document.page, include_comments=False) or ""
    runs = _collect_runs(article)
    is_same = len(runs & _collect_runs(slow)) >= MIN_COMMON_SHARE * len(runs)
    return slow if slow and (is_same or words <= MAX_NOTHING_SHARE * whole) else article


def _count_sentence_words(block: Block) -> float:
    """The words outside links of a line that reads like sentences; 0 for any other."""
    return count_words(block.text) * (1 - block.hints.links) if is_prose(block.text) else 0


def mark_voted_blocks(blocks: Sequence[Block], article: str) -> list[bool]:
    """For each block, whether it stands in the article: as a whole line of it, or with most of its word trigrams.

    Trigrams do not reach over a line's end, so a line is not voted for by what stands at the borders of two others.
    """
    lines = article.split("\n")
    whole = set(map(build_match_key, lines))
    runs = _collect_runs(article)
    return [build_match_key(block.text) in whole or _shares_trigrams(block.text, runs) for block in blocks]


def _collect_runs(article: str) -> frozenset[tuple[str, str, str]]:
    """The trigrams of all lines of a text."""
    return frozenset().union(*map(_list_trigrams, article.split("\n")))


def _shares_trigrams(text: str, runs: frozenset[tuple[str, str, str]]) -> bool:
    own = _list_trigrams(text)
    return bool(own) and sum(map(runs.__contains__, own)) >= MIN_MATCHED_SHARE * len(own)


def _list_trigrams(line: str) -> list[tuple[str, str, str]]:
    words = _WORD.findall(line.casefold())
    return list(zip(words, words[1:], words[2:], strict=False))


def find_headline(blocks: Sequence[Block], title: str | None) -> int:
    """The number of the block that shows the headline, or -1.

    A heading that repeats the title comes first, then any line that does, then an h1 of some words.
    """
    wanted = build_match_key(title or "")
    limit = MAX_HEADLINE_GROWTH * len(wanted) + HEADLINE_SPARE_CHARS
    headings = [i for i, block in enumerate(blocks) if get_tag(block)[:1] == "h"]
    short = (i for i, block in enumerate(blocks) if len(block.text) < limit)
    for i in (*headings, *short) if wanted else ():
        if build_match_key(blocks[i].text) == wanted:
            return i
    main = (i for i in headings if get_tag(blocks[i]) == HEADING_TAGS[0])
    return next((i for i in main if count_words(blocks[i].text) >= MIN_HEADLINE_WORDS and not _is_site(blocks[i])), -1)


def _is_site(block: Block) -> bool:
    """Whether a heading is the name of the site: a link, in the head of the page and not of the article."""
    tags = block.hints.tags
    return block.hints.links > MIN_SITE_LINKS and "header" in tags and _ARTICLE_TAGS.isdisjoint(tags)


def get_tag(block: Block) -> str:
    """The tag of a line's own element; empty for a line of no page."""
    return block.hints.tag

"""The net below the decisions: an article is not lost where trafilatura, or a plain reading of the page, has one."""

from collections.abc import Collection, Sequence
from itertools import compress, count

from cleaner.stages.extraction.decide import MAX_TEASER_WORDS, MIN_ARTICLE_WORDS
from cleaner.stages.extraction.guess import label_line
from cleaner.stages.extraction.page import VotedPage
from cleaner.stages.extraction.rules import Guess
from cleaner.stages.extraction.vocabulary import KEPT_ROLES

MIN_KEPT_SHARE = 0.5
"""Words that stay, of those in sentences that trafilatura took, below which these stay, too."""


def find_lost_text(page: VotedPage, decided: Sequence[Guess]) -> tuple[str, list[int]]:
    """The rule that says why a page is doubtful, and the numbers of the lines that would be lost; "" and none for most.

    What trafilatura took counts first, and then the largest text of the page, if hardly anything would stay.
    """
    kept = list(compress(count(), (role in KEPT_ROLES for _, role in decided)))
    stays = _sum_sizes(page, kept)
    asked = page.find_asked_texts()
    if stays < MIN_KEPT_SHARE * _sum_sizes(page, asked):
        return "extraction.short", asked
    if stays < MIN_ARTICLE_WORDS and _sum_sizes(page, own := page.find_largest_text()) > MAX_TEASER_WORDS:
        return "extraction.nothing", own
    return "", []


def rescue_lines(page: VotedPage, decided: Sequence[Guess]) -> tuple[str, list[Guess]]:
    """The rule that says why a page is doubtful, "" for most, and the decisions with what would be lost kept."""
    rule, lost = find_lost_text(page, decided)
    out = list(decided)
    for i in lost:
        if out[i][1] not in KEPT_ROLES:
            out[i] = (rule, label_line(page, i)[1])
    return rule, out


def _sum_sizes(page: VotedPage, numbers: Collection[int]) -> float:
    """The words outside links of some lines."""
    return sum(map(page.sizes.__getitem__, numbers))

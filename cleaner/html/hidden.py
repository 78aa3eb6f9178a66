"""Articles that a page hides until a script runs, while it shows something else: a menu, a notice, a footer."""

import re
from collections.abc import Iterable

from cleaner.html.elements import Element, get_names
from cleaner.html.layout import VisibleLine

MIN_VISIBLE_WORDS = 60
"""Below this many words in visible sentences a page counts as empty, and hidden elements and scripts are tried."""

MIN_SENTENCE_CHARS, MAX_SENTENCE_LINKS = 60, 0.4
"""A line of more characters, with a smaller share of them in links, counts as a sentence."""

MIN_HIDDEN_WORDS = 2 * MIN_VISIBLE_WORDS
"""Words of the shortest hidden article."""

_BODY_TAGS = frozenset({"article", "main", "section", "div"})
_ARTICLE_TAGS = frozenset({"article", "main"})
_HIDING_ATTRIBUTES = ("hidden", "aria-hidden", "style")
_BODY_NAME = re.compile(
    r"(?:article|entry|story|post|news)[-_]{0,2}(?:body|content|text)|body[-_]?(?:copy|text)", re.IGNORECASE
)


def count_sentence_words(lines: Iterable[VisibleLine]) -> int:
    """Words that stand in lines of some length and outside links: what a reader finds to read on a page."""
    return sum(line.text.count(" ") + 1 for line in filter(_is_sentence, lines))


def _is_sentence(line: VisibleLine) -> bool:
    """Whether a line is long enough for a sentence, and no link."""
    return len(line.text) > MIN_SENTENCE_CHARS and line.hints.links < MAX_SENTENCE_LINKS


def uncover_articles(hidden: Iterable[Element], lines: Iterable[VisibleLine]) -> bool:
    """Shows the articles among the hidden elements of a page, where it shows no other one in `lines`; whether there
    was any."""
    bodies = list(filter(_holds_article, hidden))
    shown = (line for line in lines if not _ARTICLE_TAGS.isdisjoint(line.hints.tags))
    if not bodies or count_sentence_words(shown) >= MIN_VISIBLE_WORDS:
        return False
    for body in bodies:
        for name in _HIDING_ATTRIBUTES:
            body.attrib.pop(name, "")
    return True


def _holds_article(element: Element) -> bool:
    """Whether a hidden element is an article by its tag or its names, or is around one, and has the words of one."""
    if element.tag not in _BODY_TAGS:
        return False
    is_named = element.get("itemprop") == "articleBody" or _BODY_NAME.search(" ".join(get_names(element))) is not None
    is_article = is_named or next(element.iter(*_ARTICLE_TAGS), None) is not None
    return is_article and sum(map(len, map(str.split, map(str, element.itertext())))) >= MIN_HIDDEN_WORDS

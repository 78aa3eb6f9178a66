"""Articles that a page hides until a script runs, while it shows something else: a menu, a notice, a footer."""

import re
from collections.abc import Iterable

from lxml import etree

from cleaner.html.elements import Element, get_names, is_hidden
from cleaner.html.layout import VisibleLine

MIN_VISIBLE_WORDS = 60
"""Below this many words in visible sentences a page counts as empty, and hidden elements and scripts are tried."""

MIN_SENTENCE_CHARS, MAX_SENTENCE_LINKS = 60, 0.4
"""A line of more characters, with a smaller share of them in links, counts as a sentence."""

MIN_HIDDEN_WORDS = 2 * MIN_VISIBLE_WORDS
"""Words of the shortest hidden article."""

_ARTICLE_TAGS = frozenset({"article", "main"})
_BODY_NAME = re.compile(
    r"(?:article|entry|story|post|news)[-_]{0,2}(?:body|content|text)|body[-_]?(?:copy|text)", re.IGNORECASE
)
_HIDDEN_PATH = etree.XPath(
    "//*[self::article or self::main or self::section or self::div]"
    "[@hidden or @aria-hidden='true' or contains(@style, 'none') or contains(@style, 'hidden')]"
)


def count_sentence_words(lines: Iterable[VisibleLine]) -> int:
    """Words that stand in lines of some length and outside links: what a reader finds to read on a page."""
    return sum(
        line.text.count(" ") + 1
        for line in lines
        if len(line.text) > MIN_SENTENCE_CHARS and line.hints.links < MAX_SENTENCE_LINKS
    )


def uncover_articles(root: Element, lines: Iterable[VisibleLine]) -> bool:
    """Shows the articles that a page hides, where it shows no other one in `lines`; whether there was any."""
    found = _HIDDEN_PATH(root)
    hidden = [one for one in found if isinstance(one, etree._Element)] if isinstance(found, list) else []
    bodies = [one for one in hidden if is_hidden(one) and _holds_article(one)]
    if not bodies:
        return False
    shown = [line for line in lines if not _ARTICLE_TAGS.isdisjoint(line.hints.tags)]
    if count_sentence_words(shown) >= MIN_VISIBLE_WORDS:
        return False
    for body in bodies:
        for name in {"hidden", "aria-hidden", "style"}.intersection(map(str, body.attrib)):
            del body.attrib[name]
    return True


def _holds_article(element: Element) -> bool:
    """Whether a hidden element is an article by its tag or its names, or is around one, and has the words of one."""
    is_named = element.get("itemprop") == "articleBody" or _BODY_NAME.search(" ".join(get_names(element))) is not None
    is_article = is_named or element.tag in _ARTICLE_TAGS or next(element.iter(*_ARTICLE_TAGS), None) is not None
    return is_article and sum(len(str(text).split()) for text in element.itertext()) >= MIN_HIDDEN_WORDS

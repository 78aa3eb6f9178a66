"""Elements that broken markup wraps around an article: a menu, a button or a link that is never closed.

A parser hangs all that follows an element without its end below that element, and then the article stands in a menu.
A browser shows it all the same.
"""

from collections.abc import Iterable
from itertools import islice

from cleaner.html.elements import Element

MIN_PARAGRAPH_CHARS = 40
"""Characters of an element's own text from which it is a paragraph: labels of menus and buttons are shorter."""

MIN_WRAPPED_PARAGRAPHS = 3
"""Such paragraphs from which an element may wrap an article: teasers that are links have one or two."""

MIN_WRAPPED_SHARE = 0.5
"""Share of the page's text in paragraphs that a wrapper holds at least, and the headline or the article's element with
it."""

_WRAPPER_TAGS = ("nav", "button", "footer", "a")
_ARTICLE_TAGS = ("h1", "main", "article")
_NEVER_WRAPPER_TAGS = frozenset({"button"})
"""Tags of elements that hold no paragraphs at all: several of them are enough."""


def release_article(root: Element) -> None:
    """Makes each element that wraps the article by a mistake of the markup one that says nothing (`div`)."""
    likely = list(filter(_holds_paragraphs, root.iter(*_WRAPPER_TAGS)))
    whole = sum(_list_paragraph_chars(root)) if likely else 0
    for wrapper in likely:
        held = list(_list_paragraph_chars(wrapper))
        is_large = sum(held) >= MIN_WRAPPED_SHARE * whole and next(wrapper.iter(*_ARTICLE_TAGS), None) is not None
        if wrapper.tag in _NEVER_WRAPPER_TAGS or (len(held) >= MIN_WRAPPED_PARAGRAPHS and is_large):
            wrapper.tag = "div"


def _holds_paragraphs(wrapper: Element) -> bool:
    """Whether an element holds as many paragraphs as one that may wrap an article."""
    return len(list(islice(wrapper.iter("p"), MIN_WRAPPED_PARAGRAPHS))) == MIN_WRAPPED_PARAGRAPHS


def _list_paragraph_chars(root: Element) -> Iterable[int]:
    """The characters of each paragraph in an element: of its own text, and of what stands between its children."""
    for element in root.iter():
        own = len(element.text or "") + sum(len(child.tail or "") for child in element)
        if own >= MIN_PARAGRAPH_CHARS:
            yield own

"""A page as text, as others hand it over: all that it shows, or its article's element, by text node or by block.

R1 and R4 have a line for each text node, R2 and R3 for each block; R1 and R2 are the whole page, R3 and R4 the smallest
element that holds the article, with the title in front.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from lxml import etree, html

from cleaner.html.elements import Element, has_hidden_style
from cleaner.training.gold import split_words

_UNSEEN_TAGS = frozenset("script style noscript template head svg".split())

_BLOCK_TAGS = frozenset(
    "address article aside blockquote body br center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre section summary "
    "table tbody td tfoot th thead title tr ul".split()
)
"""Elements that stand on lines of their own; a button, a label or an element that HTML does not know stands inside."""

ARTICLE_SHARE = 0.97
"""Share of the article that its element must hold, of what any element of the page holds."""


class TextNode(NamedTuple):
    """A piece of text, the number of its block, and the numbers of the elements around it from the root on."""

    text: str
    block: int
    path: tuple[int, ...]


def list_text_nodes(markup: str) -> list[TextNode]:
    """The pieces of text that a page shows, in their order.

    A block ends where an element begins or ends that does not stand inside a line; comments do not part a text.
    Raises `lxml.etree.LxmlError` or `ValueError` for what is no HTML.
    """
    root = html.fromstring(markup.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8", remove_comments=True))
    found: list[TextNode] = []
    path: list[int] = []
    block = number = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        block += element.tag in _BLOCK_TAGS
        if event == "start":
            number += 1
            path.append(number)
            if _is_unseen(element):
                walk.skip_subtree()
            elif element.text:
                found.append(TextNode(element.text, block, tuple(path)))
            continue
        path.pop()
        if element.tail:
            found.append(TextNode(element.tail, block, tuple(path)))
    return found


def _is_unseen(element: Element) -> bool:
    """Whether no reader sees an element."""
    return element.tag in _UNSEEN_TAGS or element.get("hidden") is not None or has_hidden_style(element.get("style"))


def render_page_texts(markup: str, title: str, body: str) -> dict[str, str]:
    """The four renderings of a page whose article is known by its title and its text."""
    nodes = list_text_nodes(markup)
    inside = _find_article_nodes(nodes, body)
    head = [TextNode(title, 0, ())] if title and not any(title in node.text for node in inside) else []
    return {
        "R1": "\n".join(_list_lines(nodes)),
        "R2": "\n\n".join(_list_blocks(nodes)),
        "R3": "\n\n".join(_list_blocks([*head, *inside])),
        "R4": "\n".join(_list_lines([*head, *inside])),
    }


def list_page_lines(markup: str) -> list[str]:
    """The lines of R2; none of what is no HTML."""
    try:
        return _list_blocks(list_text_nodes(markup))
    except (ValueError, etree.LxmlError):
        return []


def _list_lines(nodes: Iterable[TextNode]) -> list[str]:
    """A line for each piece of text."""
    return [text for node in nodes if (text := node.text.strip())]


def _list_blocks(nodes: Iterable[TextNode]) -> list[str]:
    """A line for each block."""
    blocks = ("".join(node.text for node in part) for _, part in groupby(nodes, attrgetter("block")))
    return [text for block in blocks if (text := " ".join(block.split()))]


def _find_article_nodes(nodes: Collection[TextNode], body: str) -> list[TextNode]:
    """The pieces of text in the smallest element that holds nearly all of the article, by its pairs of words."""
    wanted = set(pairwise(split_words(body)))
    held: defaultdict[tuple[int, ...], set[tuple[str, str]]] = defaultdict(set)
    for node in nodes:
        hits = wanted.intersection(pairwise(split_words(node.text)))
        for depth in range(1, len(node.path) + 1) if hits else ():
            held[node.path[:depth]] |= hits
    least = ARTICLE_SHARE * max(map(len, held.values()), default=0)
    around = max((path for path, hits in held.items() if len(hits) >= least), key=len, default=())
    return [node for node in nodes if node.path[: len(around)] == around]

"""Lines that belong to something beside the article: the card of another story, a comment, the foot of the page."""

from collections.abc import Sequence

from cleaner.document import Block
from cleaner.text.shape import count_words

MIN_LINKED_SHARE = 0.5
"""Share of a line's characters in links from which it is a link."""

MIN_LINKED_WORDS = 3
"""Words from which a link can be the headline of another story; a name or a section has fewer."""

BESIDE_ROLES = frozenset({"related", "comments", "navigation", "promotion", "advertisement", "consent", "copyright"})
"""Roles of lines that have nothing to do with the article."""

_BESIDE_TAGS = frozenset({"aside", "nav", "footer"})
_BESIDE_NAMES = frozenset(
    {
        *("card", "cards", "teaser", "teasers", "related", "recommended", "recommendations", "recommendation"),
        *("comment", "comments", "comentarios", "kommentare", "commentaires", "sidebar", "popular", "trending"),
        *("latest", "promo", "carousel", "widget", "footer", "disqus", "slider", "upnext"),
    }
)
"""Words of classes and ids of what stands beside an article."""


def is_beside_article(block: Block, above: Block | None, own: Sequence[int]) -> bool:
    """Whether a line is part of a card, a comment or the foot of a page: by its role, by the elements around it that
    are not around the article's title as well (`own` is their path), or by the link above it, a headline.
    """
    if block.role in BESIDE_ROLES:
        return True
    shared = sum(1 for one, other in zip(block.hints.path, own, strict=False) if one == other)
    if not _BESIDE_TAGS.isdisjoint(block.hints.tags[shared:]):
        return True
    if any(not _BESIDE_NAMES.isdisjoint(names) for names in block.hints.names[shared:]):
        return True
    return _is_linked_headline(block) or (above is not None and _is_linked_headline(above))


def _is_linked_headline(block: Block) -> bool:
    """Whether a line is a link of some words."""
    return block.hints.links >= MIN_LINKED_SHARE and count_words(block.line) >= MIN_LINKED_WORDS

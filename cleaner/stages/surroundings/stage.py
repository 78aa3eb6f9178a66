"""What surely stands around an article, whatever a model would say of it: consent boxes, teasers, lists of links.

The stage stands twice in the pipeline: before extraction, so that a consent box is taken neither for the first
paragraph of a page nor for the element of its article; and when lines are whole.
"""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from cleaner.document import Block, Document, Edit
from cleaner.facts import TITLE
from cleaner.stages.surroundings.cards import find_link_lists, find_teasers
from cleaner.stages.surroundings.consent import find_boxed, find_worded

RULES = {
    "surroundings.consent-box": "A line in an element that is a consent box by its class, id or role.",
    "surroundings.consent-words": "A sentence of a consent box: who asks, and the purposes of the common framework.",
    "surroundings.teaser": "A line of another article's teaser, which is an element `article` of its own.",
    "surroundings.link-list": "A line of a list of links between two paragraphs, or the label above it.",
}

CONFIDENCES = {
    "surroundings.consent-box": 0.95,
    "surroundings.consent-words": 0.9,
    "surroundings.teaser": 0.85,
    "surroundings.link-list": 0.8,
}
"""How sure each rule is: names of consent tools leave no doubt, a list of links may be meant to be read."""


def surroundings(document: Document, before_extraction: bool = False) -> Iterator[Edit]:
    """Edits that drop what stands around the article: consent boxes, of pages `before_extraction`, and of texts once
    lines are whole; and then teasers and lists of links, of pages."""
    is_page = document.page is not None
    if is_page == before_extraction:
        yield from _drop_consent(list(filter(attrgetter("text"), document.blocks)), TITLE.find(document) or "")
    elif is_page:
        found = dict.fromkeys(find_link_lists(document.blocks), "surroundings.link-list")
        found |= dict.fromkeys(find_teasers(document.blocks, TITLE.find(document) or ""), "surroundings.teaser")
        for i, rule in sorted(found.items()):
            if document.blocks[i].text:
                yield document.blocks[i].drop(rule, "related", CONFIDENCES[rule])


def _drop_consent(blocks: Sequence[Block], title: str) -> Iterator[Edit]:
    """Edits that drop the lines of consent boxes: what their elements are named, and then what other lines say."""
    boxed = set(find_boxed(blocks, title))
    free = sorted(set(range(len(blocks))) - boxed)
    worded = find_worded([blocks[i] for i in free])
    found = dict.fromkeys(boxed, "surroundings.consent-box")
    found |= dict.fromkeys(map(free.__getitem__, worded), "surroundings.consent-words")
    for i, rule in sorted(found.items()):
        yield blocks[i].drop(rule, "consent", CONFIDENCES[rule])

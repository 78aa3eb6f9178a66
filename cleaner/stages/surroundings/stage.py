"""What surely stands around an article, whatever a model would say of it: consent boxes, teasers, lists of links.

The stage stands twice in the pipeline: on pages before extraction, so that a box is taken neither for the first
paragraph nor for the element of the article; on texts when lines are whole.
"""

from collections.abc import Iterator

from cleaner.document import Document, Edit
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


def surroundings(document: Document, pages_only: bool = False) -> Iterator[Edit]:
    """Edits that drop what stands around the article; with `pages_only` texts are passed over, and otherwise pages."""
    if pages_only != (document.page is not None):
        return
    blocks = [block for block in document.blocks if block.text]
    found: dict[int, tuple[str, str]] = {}
    if pages_only:
        title = TITLE.find(document) or ""
        found |= dict.fromkeys(find_link_lists(blocks), ("surroundings.link-list", "related"))
        found |= dict.fromkeys(find_teasers(blocks, title), ("surroundings.teaser", "related"))
        found |= dict.fromkeys(find_boxed(blocks, title), ("surroundings.consent-box", "consent"))
    free = [i for i in range(len(blocks)) if i not in found]
    worded = find_worded([blocks[i] for i in free])
    found |= dict.fromkeys((free[i] for i in worded), ("surroundings.consent-words", "consent"))
    for i in sorted(found):
        rule, role = found[i]
        yield blocks[i].drop(rule, role, CONFIDENCES[rule])

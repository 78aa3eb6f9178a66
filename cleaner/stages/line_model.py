"""Which lines are the article, told by their shape and by what stands around them.

A small model, trained on pages in many languages, gives each line that no rule knows its chance to be article.  What
rules or other stages labelled is left as it is.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from cleaner.document import ARTICLE_ROLES, Block, Document, Edit, Fact
from cleaner.facts import AROUND_RULE, ROLE
from cleaner.models.lines import Labeller, load_labeller
from cleaner.text.layout import Lines, find_list_items, find_stanzas, is_loose
from cleaner.text.shape import BULLET_PREFIXES, count_words, is_open, is_prose

RULES = {
    AROUND_RULE: "A line that the model takes for what stands around the article.",
    "lines.role": "What a line of the article is: a crosshead, a list item, a quotation.",
}

MIN_ARTICLE_CHANCE = 0.4
"""The chance from which a line stays: F1 is flat from .35 to .5 on pages not trained on, and what is lost is dearer."""

STRICTNESS_CHANCES = {"recall": 0.25, "balanced": MIN_ARTICLE_CHANCE, "precision": 0.6}
"""That chance for those who would rather keep too much, or too little."""

MAX_CROSSHEAD_WORDS = 16
"""Words of a crosshead, at most."""

MIN_REPEATS = 3
"""Times that a sentence stands from which it is a template's; short lines may be cells of a table or labels."""

REFRAIN_SHARE = 0.8
"""Share of a text above which its repeated lines are a refrain, and not a template's."""

VERSE_ENDS = frozenset(",;.!?")
"""With what lines of verse end now and then."""

MAX_CLEAN_DOUBT = 0.25
"""The mean doubt of the model about its lines up to which a text is clean already, where no stage before found anything
but what is about the article.  Pages of which no rule knows anything lose .001 of F1 by it; twice as much costs .005.
"""

MIN_CLEAN_SHARE, MIN_CLEAN_SHARE_BEHIND = 0.6, 0.8
"""Share of the words in lines of prose from which a text is clean, too, where no stage before found anything to drop
(hardly one scraped page in a thousand), and its first line is prose; and where its first line is none."""

MIN_HEADING_WORDS = 2
"""Words of a doubtful line above the first paragraph that stays in a clean text: one word is the name of a section."""

ABOUT_ROLES = frozenset({"title", "kicker", "byline", "timestamp", "dateline"})
"""Roles of what a clean text has above its first paragraph."""


def lines(
    document: Document, strictness: float = MIN_ARTICLE_CHANCE, labeller: Labeller | None = None
) -> Iterator[Edit | Fact]:
    """Drops each line whose chance to be article is below `strictness`, and labels those that stay.

    A text without prose, one that was judged or is clean already, and one of which nothing would be left, stay as they
    are.
    """
    blocks = document.blocks
    prose = [bool(block.text) and is_prose(block.text) for block in blocks]
    if not any(prose) or _is_judged(document):
        return
    labeller = labeller or load_labeller()
    groups = _find_groups(document)
    items = {i for group, is_list in groups if is_list for i in group}
    judged = labeller.judge_lines(blocks, document.find_fact("title", ""))
    stays = _choose_lines(blocks, prose, dict(zip(judged.numbers, judged.chances, strict=True)), strictness)
    if document.page is None:
        # elements of a text that is a piece of HTML say what they are
        stays = {*stays, *(i for i in judged.numbers if not blocks[i].is_line and blocks[i].role in ARTICLE_ROLES)}
    stays = {*stays, *_complete_stanzas(groups, stays, blocks)} & set(judged.numbers)
    for i, chance, kept_role, dropped_role in zip(*judged, strict=True):
        if i in stays:
            yield from _label_line(i, "list-item" if i in items else kept_role, blocks, prose)
        else:
            yield blocks[i].drop(AROUND_RULE, dropped_role, round(1 - chance, 2))


def _is_judged(document: Document) -> bool:
    """Whether the model was asked about the lines before."""
    edits = (edit.rule in RULES for edit in document.edits)
    return any(edits) or any(fact.rule in RULES for fact in document.facts)


def _choose_lines(
    blocks: Sequence[Block], prose: Sequence[bool], chance: Mapping[int, float], strictness: float
) -> Collection[int]:
    """Numbers of the lines that stay, of those that have a chance: likely ones but no sentences that stand again and
    again; where the text is clean already, all below its title but unlikely ones that part its paragraphs again and
    again; all if nothing would be left of the text.
    """
    stays = {i for i in chance if chance[i] >= strictness}
    repeated = _find_repeated(blocks)
    if _is_clean(blocks, prose, chance):
        return stays.union(set(_list_own_lines(blocks, prose, chance)) - _find_templates(repeated, blocks, prose))
    stays -= {i for i in repeated if prose[i]}
    return stays if stays or {block.role for block in blocks if block.text} & ARTICLE_ROLES else chance


def _find_groups(document: Document) -> list[tuple[list[int], bool]]:
    """Lists with marks and stanzas of a text: the numbers of their blocks, and whether they are lists."""
    blocks, source = document.blocks, document.source
    shown = [i for i, block in enumerate(blocks) if block.text and block.is_line]
    lines = Lines([blocks[i].text for i in shown], [is_loose(source, blocks[i].end) for i in shown])
    stanzas = [[shown[i] for i in group] for group in find_stanzas(lines)]
    verse = {i for stanza in stanzas for i in stanza}
    items = [shown[i] for i in find_list_items(lines) if shown[i] not in verse]
    lists = groupby(enumerate(items), lambda item: item[1] - item[0])
    return [(stanza, False) for stanza in stanzas] + [([i for _, i in group], True) for _, group in lists]


def _complete_stanzas(
    groups: Sequence[tuple[Sequence[int], bool]], stays: Collection[int], blocks: Sequence[Block]
) -> set[int]:
    """The lines of the stanzas half of which stay, and its title.  Lines of a menu have no commas."""
    found: set[int] = set()
    for group, is_list in groups:
        is_verse = not is_list and any(blocks[i].text[-1] in VERSE_ENDS for i in group)
        if is_verse and 2 * len([i for i in group if i in stays]) >= len(group):
            found.update(group)
            if group[0] and not is_prose(blocks[group[0] - 1].text):
                found.add(group[0] - 1)
    return found


def _label_line(i: int, role: str, blocks: Sequence[Block], prose: Sequence[bool]) -> Iterator[Fact]:
    """What a line that stays is: as the model says, unless its bullet or the paragraphs around it say more."""
    block = blocks[i]
    if block.text.startswith(BULLET_PREFIXES) and not prose[i]:
        role = "list-item"
    elif role == "paragraph" and _is_alone(i, blocks, prose):
        role = "heading"
    if block.is_line and role != "paragraph":
        yield ROLE.make("lines.role", role, block)


def _is_alone(i: int, blocks: Sequence[Block], prose: Sequence[bool]) -> bool:
    """Whether a short line without a stop stands between two paragraphs, as a crosshead does; what was dropped between
    them is looked through.
    """
    text = blocks[i].text
    if not is_open(text) or text[-1] in ",;" or count_words(text) > MAX_CROSSHEAD_WORDS:
        return False
    sides = range(i - 1, -1, -1), range(i + 1, len(blocks))
    return all(next((prose[j] for j in side if blocks[j].text), False) for side in sides)


def _find_repeated(blocks: Sequence[Block]) -> set[int]:
    """Numbers of the lines that stand three times or more, unless most of the text does."""
    texts = [(i, block.text) for i, block in enumerate(blocks) if block.text]
    times = Counter(map(itemgetter(1), texts))
    repeated = [(i, text) for i, text in texts if times[text] >= MIN_REPEATS]
    if not repeated:
        return set()
    words, lost = (sum(count_words(text) for _, text in some) for some in (texts, repeated))
    return {i for i, _ in repeated} if lost <= REFRAIN_SHARE * words else set()


def _list_own_lines(blocks: Sequence[Block], prose: Sequence[bool], chance: Iterable[int]) -> Iterator[int]:
    """Numbers of the lines of a clean text that are its own: those below its title, but no bare word between title and
    text.
    """
    title = next((i for i, block in enumerate(blocks) if block.dropped and block.role == "title"), -1)
    first = prose.index(True) if title >= 0 else -1
    for i in chance:
        is_section = i < first and count_words(blocks[i].text) < MIN_HEADING_WORDS and is_open(blocks[i].text)
        if i > title and not is_section:
            yield i


def _find_templates(repeated: Iterable[int], blocks: Sequence[Block], prose: Sequence[bool]) -> set[int]:
    """Those of the repeated lines that part paragraphs; others are signs, cells of a table, or items of lists."""
    return {i for i in repeated if _is_alone(i, blocks, prose) and any(map(str.isalnum, blocks[i].text))}


def _is_clean(blocks: Sequence[Block], prose: Sequence[bool], chance: Mapping[int, float]) -> bool:
    """Whether a text reads like an article with nothing around it: nothing was dropped but what is about it, it has no
    line of several sentences, and the model doubts few of its lines; or nothing at all was dropped, and most is prose.
    """
    gone = {block.role for block in blocks if block.dropped}
    if gone - ABOUT_ROLES or any(block.kind == "sentence" for block in blocks):
        return False
    if len(chance) - sum(chance.values()) <= MAX_CLEAN_DOUBT * len(chance):
        return True
    sizes = [(count_words(block.text), whole) for block, whole in zip(blocks, prose, strict=True) if block.text]
    share = MIN_CLEAN_SHARE if sizes[0][1] else MIN_CLEAN_SHARE_BEHIND
    return not gone and sum(size * whole for size, whole in sizes) >= share * sum(size for size, _ in sizes)

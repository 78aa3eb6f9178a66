"""Which lines of an HTML page are its article: what trafilatura takes, mended by what the page's structure shows.

trafilatura appends other articles, stops at the borders of sections, drops key points and takes captions along.  So
its result is a vote on every line (`votes`).  The element that holds most of the votes is the article's, and in it
lines are compared with their like: those of the same element and classes are all paragraphs, or all teasers (`page`).
A table of rules makes a first guess at each line (`guess`), the page model judges it by the guess and by what stands
around it (`columns`, `cleaner.models.pages`), and `decide` settles the two.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.document import ARTICLE_ROLES, Block, Document, Edit, Fact
from cleaner.facts import FLAGS
from cleaner.models.pages import predict_chances
from cleaner.rules.match import RuleSet
from cleaner.stages.extraction.columns import compute_columns, find_window
from cleaner.stages.extraction.decide import decide_roles, find_flags
from cleaner.stages.extraction.guess import guess_roles
from cleaner.stages.extraction.page import VotedPage
from cleaner.stages.extraction.rescue import rescue_lines
from cleaner.stages.extraction.rules import Guess
from cleaner.stages.extraction.vocabulary import KEPT_ROLES
from cleaner.stages.extraction.votes import ask_trafilatura, find_headline, mark_voted_blocks

MIN_ARTICLE_CHANCE = 0.48
"""The chance of being article from which a line stays: where F1 is best on pages not trained on."""

STRICTNESS_CHANCES = {"recall": 0.3, "balanced": MIN_ARTICLE_CHANCE, "precision": 0.7}
"""That chance for those who would rather keep too much, or too little."""

MIN_CONFIDENCE = 0.5
"""The confidence of an edit that was made for another reason than the model's."""

PIECE_FLAG = "html-fragment"
"""The flag of a document whose page is only a piece of one, as feeds have it."""

_NO_ARTICLE = FLAGS.make("extraction.flag", "no-article")
_TITLE_ROLES = frozenset({"title", "kicker"})
_PICTURE_ROLES = frozenset({"caption", "credit"})


def extraction(document: Document, rules: RuleSet, strictness: float = MIN_ARTICLE_CHANCE) -> Iterator[Edit | Fact]:
    """Edits for the lines of a page that are not its article, labels for those that are; nothing for a text.

    `strictness` is the chance of being article from which a line stays.
    """
    if document.page is None or not any(block.text for block in document.blocks):
        return
    page, guessed, window, columns = build_page_view(document, ask_trafilatura(document), rules)
    sure = [0.0] * len(page.blocks)
    near = page.blocks[window.start : window.stop]
    sure[window.start : window.stop] = predict_chances(near, document.find_fact("title", ""), columns)
    reason, decided = rescue_lines(page, decide_roles(page, guessed, sure, strictness))
    if reason:
        yield FLAGS.make(reason, "doubtful")
    # a piece of a page is what somebody took for the article, however short
    is_piece = PIECE_FLAG in FLAGS.list_values(document.facts)
    yield from (one for one in build_findings(page, decided, sure) if not (is_piece and one == _NO_ARTICLE))


class PageView(NamedTuple):
    """What the model is asked: the page, the first guess at each block, the blocks in question, and their columns."""

    page: VotedPage
    guessed: list[Guess]
    window: range
    columns: dict[str, tuple[float, ...]]


def build_page_view(document: Document, article: str, rules: RuleSet) -> PageView:
    """The page of a document that has text, with what trafilatura took for its article."""
    blocks = [block for block in document.blocks if block.text]
    page = VotedPage(blocks, mark_voted_blocks(blocks, article), find_headline(blocks, document.find_fact("title")))
    guessed = guess_roles(page)
    window = find_window(page)
    known = rules.find_dropped_lines(
        ["" if blocks[i].is_set_out else blocks[i].text for i in window], document.find_fact("language", "")
    )
    return PageView(page, guessed, window, compute_columns(page, guessed, window, known))


def build_findings(page: VotedPage, decided: Sequence[Guess], sure: Sequence[float]) -> Iterator[Edit | Fact]:
    """What follows from the rule and the role decided for each block of a page, and its chance to be article; nothing
    for blocks that are known to be article."""
    for flag in find_flags(page, [role for _, role in decided]):
        yield Fact("extraction.flag", "flags", flag)
    for block, chance, (rule, role) in zip(page.blocks, sure, decided, strict=True):
        if block.role in ARTICLE_ROLES:
            continue  # a rule, or the markup of an entry, has said what it is
        if role in KEPT_ROLES:
            yield from _label_kept(block, rule, role)
        elif rule:
            if key := _find_fact_key(page, block, role):
                yield Fact(rule, key, block.text, block.start, block.end)
            yield Edit(rule, block.start, block.end, "", role, max(MIN_CONFIDENCE, round(1 - chance, 2)))


def _label_kept(block: Block, rule: str, role: str) -> Iterator[Fact]:
    """The label of a line that stays; a standfirst is a fact of the record, too."""
    yield Fact(rule or "extraction.role", "role", role or "paragraph", block.start, block.end)
    if role == "standfirst":
        yield Fact(rule, "standfirst", block.text, block.start, block.end)


def _find_fact_key(page: VotedPage, block: Block, role: str) -> str:
    """The key under which a line that goes stays known; empty for most.  Captions count beside the article only."""
    if role in _PICTURE_ROLES and page.is_shown(block):
        return f"raw.images.{role}"
    return role if role in _TITLE_ROLES else ""

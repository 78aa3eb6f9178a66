"""Which lines are the article, told by their shape and by what stands around them.

A small model, trained on pages in many languages, gives each line that no rule knows its chance to be article.  What
rules or other stages labelled is left as it is.
"""

from collections.abc import Iterator, Sequence

from cleaner.document import ARTICLE_ROLES, Block, Document, Edit, Fact
from cleaner.model.labeller import Labeller, Verdict, shipped
from cleaner.prose import count, is_open, is_prose

RULES = {
    "lines.around": "A line that the model takes for what stands around the article.",
    "lines.role": "What a line of the article is: a crosshead, a list item, a quotation.",
}

STRICTNESS = 0.44
"""The chance from which a line stays: where F1 is best on pages that the model was not trained on."""

RUN = 4
"""Short lines in a row that are taken for a list."""

SHORT = 12
"""Words of a list's lines, at most."""

LIST = 0.2
"""The mean chance from which a list that stands in the article stays."""

HEADING = 16
"""Words of a crosshead, at most."""

BULLETS = ("•", "·", "▪", "■", "●", "‣", "◦", "- ", "– ", "— ", "* ", "✓", "➤", "►")

CLEAN = 0.8
"""Share of the words in lines of prose from which a text is taken for an article already, where no stage before found
anything to drop (hardly one scraped page in a thousand)."""


def lines(
    document: Document, strictness: float = STRICTNESS, labeller: Labeller | None = None
) -> Iterator[Edit | Fact]:
    """Drops each line whose chance to be article is below `strictness`, and labels those that stay.

    A text without prose, one that is clean already, and one of which nothing would be left, stay as they are.
    """
    blocks = document.blocks
    prose = [bool(block.text) and is_prose(block.text) for block in blocks]
    if not any(prose) or any(edit.rule == "lines.around" for edit in document.edits):
        return
    verdicts = (labeller or shipped()).verdicts(blocks, str(document.fact("title") or ""))
    stays = {verdict.number for verdict in verdicts if verdict.chance >= strictness}
    stays |= _lists(blocks, verdicts, stays)
    if _is_clean(blocks, prose) or not (stays or any(block.text and block.role in ARTICLE_ROLES for block in blocks)):
        stays = {verdict.number for verdict in verdicts}
    for verdict in verdicts:
        i, block = verdict.number, blocks[verdict.number]
        if i not in stays:
            sure = round(1 - verdict.chance, 2)
            yield Edit("lines.around", block.start, block.end, "", verdict.dropped_as, sure)
        elif block.kind == "line" and (role := _role(verdict, blocks, prose)) != "paragraph":
            yield Fact("lines.role", "role", role, block.start, block.end)


def _role(verdict: Verdict, blocks: Sequence[Block], prose: Sequence[bool]) -> str:
    """The role of a line that stays; a short one without a stop, alone between paragraphs, is a crosshead."""
    i = verdict.number
    text = blocks[i].text
    if text.startswith(BULLETS):
        return "list-item"
    alone = any(prose[i - 1 : i]) and any(prose[i + 1 : i + 2])
    if alone and verdict.kept_as == "paragraph" and is_open(text) and count(text) <= HEADING and text[-1] not in ",;":
        return "heading"
    return verdict.kept_as


def _is_clean(blocks: Sequence[Block], prose: Sequence[bool]) -> bool:
    """Whether a text reads like an article with nothing around it."""
    if any(block.dropped or block.kind == "sentence" for block in blocks):
        return False
    sizes = [(count(block.text), whole) for block, whole in zip(blocks, prose, strict=True) if block.text]
    return sum(size for size, whole in sizes if whole) >= CLEAN * sum(size for size, _ in sizes)


def _lists(blocks: Sequence[Block], verdicts: Sequence[Verdict], stays: set[int]) -> set[int]:
    """Numbers of the doubtful lines of lists that stand between lines which stay."""
    found: set[int] = set()
    run: list[Verdict] = []
    opened = False
    for verdict in verdicts:
        text = blocks[verdict.number].text
        if count(text) <= SHORT and not is_prose(text):
            run.append(verdict)
            continue
        closed = verdict.number in stays
        if opened and closed and len(run) >= RUN and sum(one.chance for one in run) >= LIST * len(run):
            found |= {one.number for one in run}
        opened, run = closed, []
    return found

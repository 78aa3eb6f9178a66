"""Where the article begins and ends, and which short lines in it are its own.

What no rule knows is told by shape: the run of lines that holds most of the prose is the article, and inside it a
short line stays when it stands alone between paragraphs, as a crosshead does, or in a list of its like.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from cleaner.document import Block, Document, Edit, Fact
from cleaner.prose import count, is_open, is_prose, key, region

RULES = {
    "body.before": "A line before the run of lines that holds the article's prose.",
    "body.after": "A line after the run of lines that holds the article's prose.",
    "body.repeated": "A line that stands three times or more in the page.",
    "body.between": "Short lines in a row inside the article that are neither crosshead nor list.",
    "body.headlines": "Headlines, tags or labels side by side in a text that stands on one line.",
    "body.heading": "A short line alone between paragraphs: a crosshead.",
}

LEAST = 0.2
"""Share of a page's words that its region must hold for the rest to be judged by it."""

COMMON = 40
"""Words that are taken for the small words of a text's language: its most frequent ones without a capital."""

_AROUND = ".,;:!?\"'“”„»«()[]"

NEAR_END = 4
"""Lines behind the region, at most, among which a last paragraph is believed."""

MOST = 0.8
"""Share of a text above which its lines are a refrain, and not a template's."""

_BULLETS = ("•", "·", "▪", "■", "●", "‣", "◦", "- ", "– ", "— ", "* ", "✓", "➤", "►")


def body(document: Document) -> Iterator[Edit | Fact]:
    """Drops what stands around the article, and labels crossheads and list items."""
    blocks = [block for block in document.blocks if block.text]
    lines = [block.text for block in blocks]
    often = _repeated(lines)
    for i in often:
        yield _drop("body.repeated", blocks[i], "other")
    if often:
        blocks = [block for i, block in enumerate(blocks) if i not in often]
        lines = [block.text for block in blocks]
    if "sentence" in [block.kind for block in blocks]:
        gone = _headlines(blocks, lines)
        for i in gone:
            yield _drop("body.headlines", blocks[i], "related")
        blocks = [block for i, block in enumerate(blocks) if i not in gone]
        lines = [block.text for block in blocks]
    first, end = region(lines)
    if not end or sum(map(count, lines[first:end])) < LEAST * sum(map(count, lines)):
        return
    prose = [is_prose(line) for line in lines]
    if len(lines) - end <= NEAR_END:
        end = max((i + 1 for i in range(end, len(lines)) if prose[i]), default=end)
    for i, block in enumerate(blocks):
        if block.role:
            continue
        if i < first:
            yield _drop("body.before", block, "navigation")
        elif i >= end:
            yield _drop("body.after", block, "related")
        elif block.kind == "line" and not prose[i]:
            yield from _short(blocks, lines, prose, i, first, end)


def _short(
    blocks: Sequence[Block], lines: Sequence[str], prose: Sequence[bool], i: int, first: int, end: int
) -> Iterator[Edit | Fact]:
    block, line = blocks[i], lines[i]
    if line.startswith(_BULLETS):
        yield Fact("body.heading", "role", "list-item", block.start, block.end)
    elif not is_open(line) and count(line) >= 3:
        return
    elif prose[i - 1] and i + 1 < end and prose[i + 1] and _heading(line):
        yield Fact("body.heading", "role", "heading", block.start, block.end)
    else:
        yield _drop("body.between", block, "other")


def _heading(line: str) -> bool:
    return count(line) <= 16 and any(map(str.isalpha, line)) and line[-1] not in ",;"


def _headlines(blocks: Sequence[Block], lines: Sequence[str]) -> set[int]:
    """In a text on one line: numbers of the stretches that are headlines, tags or labels side by side.

    They are long, full of capitals, and have few commas and few of the small words of which the text has most
    (chosen on flattened pages in 17 languages).
    """
    words = [[bare for word in line.split() if (bare := word.strip(_AROUND))] for line in lines]
    small = Counter(word for line in words for word in line if word[0].islower())
    common = {word for word, _ in small.most_common(COMMON)}
    gone = set()
    for i, (line, said) in enumerate(zip(lines, words, strict=True)):
        if (
            len(said) > 30
            and sum(word[0].isupper() for word in said) > 0.41 * len(said)
            and sum(word in common for word in said) <= 0.29 * len(said)
            and line.count(",") <= 0.09 * len(said)
        ):
            gone.add(i)
    if len(blocks) > 1 and blocks[-2].kind == "sentence" and _list_of_names(lines[-1]):
        gone.add(len(lines) - 1)
    return gone


def _list_of_names(line: str) -> bool:
    """Whether the unfinished end of a text on one line is headlines, tags or labels rather than a cut sentence."""
    words = [word for word in line.split() if word[0].isalpha()]
    return is_open(line) and len(words) > 2 and sum(word[0].isupper() for word in words) > 0.5 * len(words)


def _repeated(lines: Sequence[str]) -> set[int]:
    """Numbers of the lines that stand three times or more, unless most of the text does."""
    if len(lines) == len(set(lines)):
        return set()
    # few lines share their first letters with two others
    starts = [line[:3].casefold()[:3] if line[:3].isalnum() else key(line)[:3] for line in lines]
    often = Counter(starts)
    forms = {i: key(line) for i, line in enumerate(lines) if often[starts[i]] >= 3}
    times = Counter(forms.values())
    found = {i for i, form in forms.items() if form and times[form] >= 3}
    if not found:
        return found
    return found if sum(count(lines[i]) for i in found) <= MOST * sum(map(count, lines)) else set()


def _drop(rule: str, block: Block, role: str) -> Edit:
    return Edit(rule, block.start, block.end, "", role, 0.5)

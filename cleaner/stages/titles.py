"""Title, kicker and standfirst, and every copy of the title, from where they stand and how they read."""

import re
from collections.abc import Collection, Iterator, Sequence

from cleaner.document import Block, Document, Edit, Fact
from cleaner.text.shape import CLOSERS, count, is_open, is_prose, key, region

RULES = {
    "title.headline": "The line before the text that reads like its title.",
    "title.repeated": "The title once more.",
    "title.kicker": "A label above the title.",
    "title.standfirst": "The summary between the title and the text; it stays in the text.",
}

FEWEST, MOST = 3, 30
"""Words of a title."""

FAR = 15
"""Lines before the text above which a page is taken to bring its menus along."""

SUMMARY = 45
"""Words of the longest first paragraph that a byline, a date or a picture behind it makes the standfirst."""

_AROUND = ".,;:!?\"'“”„»«()[]|"
_BULLETS = ("•", "·", "▪", "■", "●", "- ", "– ", "* ")
_PATH = frozenset("/>›»|→")
_BAR = re.compile(r"[|｜]|\s:\s")
_SPLIT = re.compile(r"\s*[|｜]\s*|\s+:\s+")
_TITLE_END = frozenset(".。।۔,;:，；、؛")


def titles(document: Document) -> Iterator[Edit | Fact]:
    """Drops the title, its copies and the kicker, and says what they and the standfirst are."""
    blocks = [block for block in document.blocks if block.text]
    kinds = [block.kind for block in blocks]
    flat = kinds.index("sentence") if "sentence" in kinds else len(blocks)
    blocks = blocks[:flat]
    if not blocks:
        return
    known = document.fact("title")
    lines = [block.text for block in blocks]
    first, end = region(lines)
    head = first if end else len(lines)
    if known:
        yield from _copies(blocks, str(known))
        yield from _standfirst(document.blocks, blocks, -1, head, str(known))
        return
    edges = {edge for block in document.blocks if block.role == "credit" for edge in (block.start, block.end)}
    pictured = {i for i, block in enumerate(blocks) if not edges.isdisjoint((block.start, block.end))} if edges else ()
    at = _title(lines, head, end, pictured)
    if at is None or (at + 1 == len(blocks) and flat == len(blocks)):
        return
    block = blocks[at]
    kicker, title = _parts(block.text)
    yield Fact("title.headline", "title", title, block.start, block.end)
    if kicker:
        yield Fact("title.kicker", "kicker", kicker, block.start, block.end)
    elif at and _is_kicker(blocks[at - 1], lines[at - 1], at - 1):
        above = blocks[at - 1]
        yield Fact("title.kicker", "kicker", above.text, above.start, above.end)
        yield Edit("title.kicker", above.start, above.end, "", "kicker")
    yield Edit("title.headline", block.start, block.end, "", "title")
    yield from _copies([other for other in blocks if other is not block], title)
    yield from _standfirst(document.blocks, blocks, at, head, title)


def _title(lines: Sequence[str], head: int, end: int, pictured: Collection[int]) -> int | None:
    """Which line of the head is the title; a line at a picture's credit rarely is."""
    candidates = [
        at for at in range(max(0, head - 40), min(head + 1, len(lines))) if _like_a_title(lines[at], at == head)
    ]
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    text = " ".join(lines[head:end]).casefold()
    first = next((at for at in candidates if count(lines[at]) >= FEWEST + 1), candidates[0])
    best, found = float("-inf"), candidates[0]
    for at in candidates:
        size = count(lines[at])
        words = [word for part in lines[at].casefold().split() if len(word := part.strip(_AROUND)) > 3]
        score = sum(word in text for word in words) / (len(words) + 1)
        score += min(size, 8) / 10 - (head - at) / 60
        score += 0.8 * (at == first and head <= FAR) - 0.5 * (size < FEWEST) - 0.6 * (at in pictured)
        if score > best:
            best, found = score, at
    return _without_path(lines, candidates, found)


def _like_a_title(line: str, opens_text: bool) -> bool:
    if not FEWEST - 1 <= count(line) <= MOST or len(line) > 200 or line[-1] in _TITLE_END:
        return False
    if opens_text and is_prose(line) and not is_open(line):
        return line.rstrip(CLOSERS)[-1:] in "?!？！" or line[-1] in CLOSERS
    return any(map(str.isalpha, line))


def _without_path(lines: Sequence[str], candidates: Sequence[int], at: int) -> int:
    """The line that the chosen one ends with, where that is a breadcrumb trail up to the title."""
    whole = key(lines[at])
    for other in candidates:
        short = key(lines[other])
        if other != at and len(short) > 12 and whole != short and whole.endswith(short):
            return other
    return at


def _parts(line: str) -> tuple[str, str]:
    """Kicker and title of a line that holds both, as in `Ukraine | Moscow answers`; or the title without its site."""
    parts = _SPLIT.split(line) if _BAR.search(line) else [line]
    if len(parts) >= 2:
        sizes = [count(part) if part else 0 for part in parts]
        longest = sizes.index(max(sizes))
        others = max(size for i, size in enumerate(sizes) if i != longest)
        if not parts[longest][:1].islower() and sizes[longest] >= max(FEWEST, 2 * others):
            return (parts[0] if longest == 1 else ""), parts[longest]
    return "", line


def _is_kicker(block: Block, line: str, at: int) -> bool:
    return (
        at <= 1
        and count(line) <= 4
        and is_open(line)
        and block.kind == "line"
        and not any(char.isdigit() or char in _PATH for char in line)
    )


def _copies(blocks: Sequence[Block], title: str) -> Iterator[Edit]:
    wanted, initial = key(title), title[:1].casefold()
    if len(wanted) < 8:
        return
    for block in blocks:
        text = block.text
        if len(text) > 2 * len(title) + 40 or len(text) + 8 < len(title):
            continue
        barred = "|" in text or ":" in text or "｜" in text
        if (text[:1].casefold() == initial and key(text) == wanted) or (barred and key(_parts(text)[1]) == wanted):
            yield Edit("title.repeated", block.start, block.end, "", "title")


def _standfirst(all_blocks: Sequence[Block], blocks: Sequence[Block], at: int, head: int, title: str) -> Iterator[Fact]:
    """The line between title and text that is long enough for a summary, or the text's first if it is set apart; what
    introduces a list is its first paragraph."""
    for i in range(at + 1, min(head + 1, len(blocks))):
        block = blocks[i]
        size = count(block.text)
        if size >= 9 and key(block.text) != key(title):
            if block.role:
                return
            follows = blocks[i + 1].text if i + 1 < len(blocks) else ""
            if follows.startswith(_BULLETS):
                yield Fact("title.standfirst", "role", "paragraph", block.start, block.end)
            elif follows and block.text[-1] not in ":：)]" and (i < head or _set_apart(all_blocks, block)):
                yield Fact("title.standfirst", "standfirst", block.text, block.start, block.end)
                yield Fact("title.standfirst", "role", "standfirst", block.start, block.end)
            return
        if 4 < size < 9:
            return


def _set_apart(blocks: Sequence[Block], block: Block) -> bool:
    """Whether the first line of the text has no full stop, or a byline, a date or a picture directly behind it
    (right 18 times of 21, and 15 of 20 for pictures, on pages labelled by reading)."""
    if count(block.text) > SUMMARY:
        return False
    if is_open(block.text):
        return True
    behind = next((other for other in blocks if other.start >= block.end), block)
    return not behind.text and behind.role in ("byline", "timestamp", "caption")

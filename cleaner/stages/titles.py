"""Title, kicker and standfirst, and every copy of the title, from where they stand and how they read."""

import re
from collections.abc import Collection, Iterator, Sequence

from cleaner.document import Block, Document, Edit, Fact
from cleaner.text.shape import SENTENCE_CLOSERS, build_match_key, count_words, find_prose_region, is_open, is_prose

RULES = {
    "title.headline": "The line before the text that reads like its title.",
    "title.repeated": "The title once more.",
    "title.kicker": "A label above the title.",
    "title.standfirst": "The summary between the title and the text; it stays in the text.",
}

MIN_TITLE_WORDS, MAX_TITLE_WORDS = 3, 30
"""Words of a title."""

MAX_HEAD_LINES = 15
"""Lines before the text above which a page is taken to bring its menus along."""

MAX_STANDFIRST_WORDS = 45
"""Words of the longest first paragraph that a byline, a date or a picture behind it makes the standfirst."""

_WORD_EDGE_CHARS = ".,;:!?\"'“”„»«()[]|"
_BULLETS = ("•", "·", "▪", "■", "●", "- ", "– ", "* ")
_PATH_CHARS = frozenset("/>›»|→")
_BAR_PATTERN = re.compile(r"[|｜]|\s:\s")
_BAR_SPLIT_PATTERN = re.compile(r"\s*[|｜]\s*|\s+:\s+")
_NON_TITLE_ENDS = frozenset(".。।۔,;:，；、؛")


def titles(document: Document) -> Iterator[Edit | Fact]:
    """Drops the title, its copies and the kicker, and says what they and the standfirst are."""
    blocks = [block for block in document.blocks if block.text]
    kinds = [block.kind for block in blocks]
    flat = kinds.index("sentence") if "sentence" in kinds else len(blocks)
    blocks = blocks[:flat]
    if not blocks:
        return
    known = document.find_fact("title")
    lines = [block.text for block in blocks]
    first, end = find_prose_region(lines)
    head = first if end else len(lines)
    if known:
        yield from _drop_copies(blocks, str(known))
        yield from _find_standfirst(document.blocks, blocks, -1, head, str(known))
        return
    edges = {edge for block in document.blocks if block.role == "credit" for edge in (block.start, block.end)}
    pictured = {i for i, block in enumerate(blocks) if not edges.isdisjoint((block.start, block.end))} if edges else ()
    at = _find_title(lines, head, end, pictured)
    if at is None or (at + 1 == len(blocks) and flat == len(blocks)):
        return
    block = blocks[at]
    kicker, title = _split_kicker(block.text)
    yield Fact("title.headline", "title", title, block.start, block.end)
    if kicker:
        yield Fact("title.kicker", "kicker", kicker, block.start, block.end)
    elif at and _is_kicker(blocks[at - 1], lines[at - 1], at - 1):
        above = blocks[at - 1]
        yield Fact("title.kicker", "kicker", above.text, above.start, above.end)
        yield Edit("title.kicker", above.start, above.end, "", "kicker")
    yield Edit("title.headline", block.start, block.end, "", "title")
    yield from _drop_copies([other for other in blocks if other is not block], title)
    yield from _find_standfirst(document.blocks, blocks, at, head, title)


def _find_title(lines: Sequence[str], head: int, end: int, pictured: Collection[int]) -> int | None:
    """Which line of the head is the title; a line at a picture's credit rarely is."""
    candidates = [
        at for at in range(max(0, head - 40), min(head + 1, len(lines))) if _is_title_like(lines[at], at == head)
    ]
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    text = " ".join(lines[head:end]).casefold()
    first = next((at for at in candidates if count_words(lines[at]) >= MIN_TITLE_WORDS + 1), candidates[0])
    best, found = float("-inf"), candidates[0]
    for at in candidates:
        size = count_words(lines[at])
        words = [word for part in lines[at].casefold().split() if len(word := part.strip(_WORD_EDGE_CHARS)) > 3]
        score = sum(word in text for word in words) / (len(words) + 1)
        score += min(size, 8) / 10 - (head - at) / 60
        score += (
            0.8 * (at == first and head <= MAX_HEAD_LINES) - 0.5 * (size < MIN_TITLE_WORDS) - 0.6 * (at in pictured)
        )
        if score > best:
            best, found = score, at
    return _skip_breadcrumbs(lines, candidates, found)


def _is_title_like(line: str, opens_text: bool) -> bool:
    if (
        not MIN_TITLE_WORDS - 1 <= count_words(line) <= MAX_TITLE_WORDS
        or len(line) > 200
        or line[-1] in _NON_TITLE_ENDS
    ):
        return False
    if opens_text and is_prose(line) and not is_open(line):
        return line.rstrip(SENTENCE_CLOSERS)[-1:] in "?!？！" or line[-1] in SENTENCE_CLOSERS
    return any(map(str.isalpha, line))


def _skip_breadcrumbs(lines: Sequence[str], candidates: Sequence[int], at: int) -> int:
    """The line that the chosen one ends with, where that is a breadcrumb trail up to the title."""
    whole = build_match_key(lines[at])
    for other in candidates:
        short = build_match_key(lines[other])
        if other != at and len(short) > 12 and whole != short and whole.endswith(short):
            return other
    return at


def _split_kicker(line: str) -> tuple[str, str]:
    """Kicker and title of a line that holds both, as in `Ukraine | Moscow answers`; or the title without its site."""
    parts = _BAR_SPLIT_PATTERN.split(line) if _BAR_PATTERN.search(line) else [line]
    if len(parts) >= 2:
        sizes = [count_words(part) if part else 0 for part in parts]
        longest = sizes.index(max(sizes))
        others = max(size for i, size in enumerate(sizes) if i != longest)
        if not parts[longest][:1].islower() and sizes[longest] >= max(MIN_TITLE_WORDS, 2 * others):
            return (parts[0] if longest == 1 else ""), parts[longest]
    return "", line


def _is_kicker(block: Block, line: str, at: int) -> bool:
    return (
        at <= 1
        and count_words(line) <= 4
        and is_open(line)
        and block.kind == "line"
        and not any(char.isdigit() or char in _PATH_CHARS for char in line)
    )


def _drop_copies(blocks: Sequence[Block], title: str) -> Iterator[Edit]:
    wanted, initial = build_match_key(title), title[:1].casefold()
    if len(wanted) < 8:
        return
    for block in blocks:
        text = block.text
        if len(text) > 2 * len(title) + 40 or len(text) + 8 < len(title):
            continue
        barred = "|" in text or ":" in text or "｜" in text
        if (text[:1].casefold() == initial and build_match_key(text) == wanted) or (
            barred and build_match_key(_split_kicker(text)[1]) == wanted
        ):
            yield Edit("title.repeated", block.start, block.end, "", "title")


def _find_standfirst(
    all_blocks: Sequence[Block], blocks: Sequence[Block], at: int, head: int, title: str
) -> Iterator[Fact]:
    """The line between title and text that is long enough for a summary, or the text's first if it is set apart; what
    introduces a list is its first paragraph."""
    for i in range(at + 1, min(head + 1, len(blocks))):
        block = blocks[i]
        size = count_words(block.text)
        if size >= 9 and build_match_key(block.text) != build_match_key(title):
            if block.role:
                return
            follows = blocks[i + 1].text if i + 1 < len(blocks) else ""
            if follows.startswith(_BULLETS):
                yield Fact("title.standfirst", "role", "paragraph", block.start, block.end)
            elif follows and block.text[-1] not in ":：)]" and (i < head or _is_set_apart(all_blocks, block)):
                yield Fact("title.standfirst", "standfirst", block.text, block.start, block.end)
                yield Fact("title.standfirst", "role", "standfirst", block.start, block.end)
            return
        if 4 < size < 9:
            return


def _is_set_apart(blocks: Sequence[Block], block: Block) -> bool:
    """Whether the first line of the text has no full stop, or a byline, a date or a picture directly behind it
    (right 18 times of 21, and 15 of 20 for pictures, on pages labelled by reading)."""
    if count_words(block.text) > MAX_STANDFIRST_WORDS:
        return False
    if is_open(block.text):
        return True
    behind = next((other for other in blocks if other.start >= block.end), block)
    return not behind.text and behind.role in ("byline", "timestamp", "caption")

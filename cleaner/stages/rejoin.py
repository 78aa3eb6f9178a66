"""Rejoin what a scraper broke: sentences cut at links, names and bold words, wrapped lines, words cut at line ends.

Where the text of a page is taken node by node, one paragraph in five falls apart.  What tells: a piece ends without
a full stop, the next starts in lower case or with a comma, or a short name stands between two such pieces.
"""

from collections.abc import Callable, Iterator, Sequence

from cleaner.document import Block, Document, Edit
from cleaner.mending import unhyphenate
from cleaner.prose import CLOSERS, count, is_open
from cleaner.rules import RuleSet

RULES = {
    "rejoin.sentence": "A sentence that stood on several lines, broken at a link, a name or a bold word.",
    "rejoin.wrapped": "A paragraph wrapped to a fixed width.",
    "rejoin.hyphen": "A word cut by a hyphen at the end of a line.",
}

_CLOSING = frozenset(",.;:!?)]}’”%…、。，：；）」』】》،؛؟।۔")
_OPENING = frozenset("([{¿¡（「『【《")
_HYPHENS = frozenset("-‐")
_PARTICLES = frozenset("のはがをにでとも、，")
_KOREAN_PARTICLES = ("은", "는", "이", "가", "을", "를", "의", "에", "로", "와", "과", "도", "으로", "에서")
_ONE_LETTER_WORDS = frozenset("AIOEYÀÉВИОУКСЯАÓ")

SHORT, NAME, CLAUSE = 4, 8, 12
"""Words: a bare name, a linked phrase, and enough text before it to be sure that a sentence is running."""


LABEL = 100
"""Characters of the longest line that is asked whether a rule knows it."""


def rejoin(document: Document, rules: RuleSet) -> Iterator[Edit]:
    """One edit for each run of blocks that belongs together; a line that a rule knows by itself joins nothing."""
    blocks = [block for block in document.blocks if block.text and block.kind == "line"]
    if len(blocks) < 2:
        return
    open_ends = [is_open(block.text) for block in blocks]
    if not any(open_ends) and not any(block.text[0].islower() or block.text[0] in _CLOSING for block in blocks):
        return
    language = document.fact("language") or ""
    borders = _joins(document.source, blocks, lambda line: rules.knows(line, language))
    first = 0
    vocabulary: set[str] | None = None
    for last in range(len(blocks)):
        if last + 1 < len(blocks) and borders[last] and blocks[last].end == blocks[last + 1].start:
            continue
        if last > first:
            if vocabulary is None:
                vocabulary = words(document.source)
            yield _joined(document, blocks[first : last + 1], borders[first:last], vocabulary)
        first = last + 1


def words(text: str) -> set[str]:
    """The words of a text in lower case, without the punctuation around them."""
    return {word.strip(".,;:!?\"'“”„’»«()[]").lower() for word in text.split()}


def _joined(document: Document, run: Sequence[Block], rules: Sequence[str], vocabulary: set[str]) -> Edit:
    parts = [run[0].text]
    for block in run[1:]:
        left = parts[-1]
        whole = unhyphenate(left, block.text, vocabulary) if left[-1] in _HYPHENS else None
        if whole is not None:
            parts[-1] = whole
        else:
            if not _tight(left, block.text, vocabulary, "« " in document.source):
                parts.append(" ")
            parts.append(block.text)
    rule = max(rules, key=("", "rejoin.sentence", "rejoin.wrapped", "rejoin.hyphen").index)
    return Edit(rule, run[0].start, run[-1].end, "".join(parts), run[0].role)


def _joins(source: str, blocks: Sequence[Block], known: Callable[[str], bool]) -> list[str]:
    """For each block but the last, the rule by which it runs on into the next, or nothing."""
    width = _wrapped_at(source, blocks)
    out: list[str] = []
    running = 0
    for i, (block, after) in enumerate(zip(blocks, blocks[1:], strict=False)):
        left, right = block.text, after.text
        if not width and not is_open(left) and not right[0].islower() and right[0] not in _CLOSING:
            running = 0
            out.append("")
            continue
        fresh = running == 0
        running += count(left)
        if left[-1] in _HYPHENS and len(left) > 1 and left[-2].isalpha() and right[0].islower():
            rule = "rejoin.hyphen"
        elif width and source[block.end - 2] != "\n" and len(left) + 1 + len(right.split(None, 1)[0]) > width:
            rule = "rejoin.wrapped"
        elif _continues(left, right, blocks[i + 2].text if i + 2 < len(blocks) else "", running, fresh) and not (
            right[0] not in _CLOSING and len(right) <= LABEL and known(right)
        ):
            rule = "rejoin.sentence"
        else:
            rule = ""
            running = 0
        out.append(rule)
    return out


def _wrapped_at(source: str, blocks: Sequence[Block]) -> int:
    """The width to which the text is wrapped, or 0: nearly every single line end stands where the next word is too long."""
    single = [i for i, block in enumerate(blocks[:-1]) if source[block.end - 2 : block.end - 1] != "\n"]
    if len(single) < 3:
        return 0
    width = max(len(blocks[i].text) for i in single)
    if not 30 <= width <= 120:
        return 0
    full = sum(len(blocks[i].text) + 1 + len(blocks[i + 1].text.split(None, 1)[0]) > width for i in single)
    return width if full >= 0.8 * len(single) else 0


def _continues(left: str, right: str, after: str, running: int, fresh: bool) -> bool:
    """Whether `right` runs on from `left`, the last line of a piece of `running` words; `after` is the line behind."""
    start, end = right[0], left[-1]
    if start in _CLOSING:
        return not right.startswith(("...", "…", "))"))
    stopped = not is_open(left)
    if start.islower():
        return running + count(right) >= 4 and (not stopped or running >= 3) and not (stopped and end not in CLOSERS)
    if end in ",;、，،؛" or end in _OPENING:
        return True
    if end in "-–—" and len(left) > 1:
        return running >= 4
    if stopped or end in ":：" or end in CLOSERS:
        return False
    last = left.rsplit(None, 1)[-1]
    if start.isalpha() and not start.isupper():
        return running >= 4 and ("\u3040" <= start <= "\u309f" or last[-1] in _PARTICLES)
    size = count(right)
    runs_on = bool(after) and (after[0].islower() or after[0] in _CLOSING)
    if last.islower() and len(last) <= 4 and running >= 2 and (runs_on or not fresh):
        return size <= NAME or (runs_on and running >= SHORT)
    if runs_on:
        return running >= 2 and size <= (NAME + 2 if running > CLAUSE or (last.islower() and not fresh) else SHORT)
    return not is_open(right) and size <= NAME - 1 and running >= CLAUSE and start not in "\"'“„«([‘‹"


def _tight(left: str, right: str, vocabulary: set[str], french: bool) -> bool:
    """Whether two pieces join without a space."""
    start, end = right[0], left[-1]
    if start in _CLOSING:
        return not (french and start in ":;!?")
    if start == "»":
        return not french
    if end in _OPENING or end == "/" or start == "/":
        return True
    if end in "“„‘" and left.count(end) > left.count({"“": "”", "„": "“", "‘": "’"}[end]):
        return True
    if (start in _HYPHENS and right[1:2].isalpha()) or (end in _HYPHENS and left[-2:-1].isalpha()):
        return True
    if wide(end) or wide(start):
        return wide(end) and wide(start)
    if "\uac00" <= start <= "\ud7a3":
        return right.split(None, 1)[0] in _KOREAN_PARTICLES
    if len(left) == 1 and left.isupper() and start.isalpha():
        return left not in _ONE_LETTER_WORDS or (left + right.split(None, 1)[0]).lower() in vocabulary
    return False


def wide(char: str) -> bool:
    """Whether a character belongs to a script written without spaces between words, or to its punctuation."""
    return "\u3000" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\uff00" <= char <= "\uff9f"

"""Captions and credits that no rule of a language names: told by agencies, by repetition and by their neighbours."""

import re
from collections.abc import Iterator, Sequence

from cleaner.document import Block, Document, Edit, Fact
from cleaner.prose import count, is_open, key
from cleaner.record import Media
from cleaner.rules import RuleSet

RULES = {
    "caption.credited": "A caption with its credit behind it.",
    "caption.credit": "A line that names only a photographer or a picture agency.",
    "caption.neighbour": "A short line directly at a credit: the caption of the same picture.",
    "caption.repeated": "A line that stands twice in a row: the picture's alternative text and its caption.",
}

LONGEST = 60
"""Words of a caption at most."""

TAIL = 60
"""Characters at the end of a line in which an agency is looked for."""

_SEPARATORS = str.maketrans(dict.fromkeys("([|©,:–—-", "/"))
_CREDIT = re.compile(r"^(?P<caption>.{12,}?[.!?”\"'’)…]?)\s*[(\[|/©–—]\s*(?P<credit>[^()\[\]]{2,70})[)\]]?\.?$")
_LABEL = re.compile(r"^[\w ]{2,20}:\s*")
_SENTENCE = re.compile(r"[.!?…]['\"”’]?\s+(?=[^\W\d_a-z])")


def captions(document: Document, rules: RuleSet) -> Iterator[Edit | Fact]:
    """Drops captions and credits, and says which images and videos they belong to."""
    blocks = [block for block in document.blocks if block.text or block.role in ("caption", "credit", "byline")]
    raw = [fact for fact in document.facts if fact.key.startswith(("raw.images.", "raw.videos."))]
    done: set[int] = set()
    for i, block in enumerate(blocks):
        for finding in _found(blocks, i, rules, done):
            if isinstance(finding, Fact):
                raw.append(finding)
            else:
                yield finding
    for finding in _inside(blocks, rules):
        if isinstance(finding, Fact):
            raw.append(finding)
        else:
            yield finding
    yield from _media(raw, blocks)


def _inside(blocks: Sequence[Block], rules: RuleSet) -> Iterator[Edit | Fact]:
    """Credits with which a sentence begins in a text on one line, and the captions before them."""
    flat = [i for i, block in enumerate(blocks) if block.kind == "sentence" or (i and blocks[i - 1].kind == "sentence")]
    if not flat:
        return
    free = -1
    for i in flat:
        block = blocks[i]
        end = rules.opening_credit(block.text)
        rest = block.text[end:].lstrip(" )].|") if end else ""
        if len(rest) < 30 or rest[0].islower():
            continue
        yield _fact("caption.credit", "raw.images.credit", block.text[:end], block)
        yield Edit("caption.credit", block.start, block.end, rest, "", 0.6)
        if i - 1 > free and i - 1 in flat and 6 <= count(blocks[i - 1].text) <= 30:
            yield _fact("caption.neighbour", "raw.images.caption", blocks[i - 1].text, blocks[i - 1])
            yield _drop("caption.neighbour", blocks[i - 1], "caption")
        free = i


def _found(blocks: Sequence[Block], i: int, rules: RuleSet, done: set[int]) -> Iterator[Edit | Fact]:
    block, text = blocks[i], blocks[i].text
    if not text:
        if block.role == "credit":
            yield from _beside(blocks, i, done)
        return
    if i in done or block.kind == "sentence":
        return
    size = count(text)
    agency = size <= LONGEST and (size <= 15 or is_open(text)) and _agency(text, rules)
    if agency and size <= 10 and len(text) <= 90:
        done.add(i)
        yield _fact("caption.credit", "raw.images.credit", text, block)
        yield _drop("caption.credit", block, "credit")
        yield from _beside(blocks, i, done)
    elif agency:
        if found := _CREDIT.match(text):
            done.add(i)
            yield _fact("caption.credited", "raw.images.caption", found["caption"].strip(), block)
            yield _fact("caption.credited", "raw.images.credit", found["credit"].strip(), block)
            yield _drop("caption.credited", block, "caption")
    elif i + 1 < len(blocks) and 24 < len(text) and size <= LONGEST and text[:8] == blocks[i + 1].text[:8]:
        if key(text) == key(blocks[i + 1].text):
            done.update((i, i + 1))
            yield _fact("caption.repeated", "raw.images.caption", text, block)
            yield _drop("caption.repeated", block, "caption")
            yield _drop("caption.repeated", blocks[i + 1], "caption")


def _media(raw: list[Fact], blocks: Sequence[Block]) -> Iterator[Fact]:
    """Captions and credits as images: a credit belongs to the caption before it when nothing kept stands between."""
    raw.sort(key=lambda fact: (fact.start, fact.key != "raw.images.caption"))
    kept = [block.start for block in blocks if block.text]
    gone = {fact.start for fact in raw}
    waiting: Fact | None = None
    for fact in raw:
        if fact.key == "raw.videos.caption":
            yield Fact(fact.rule, "videos", Media(fact.value), fact.start, fact.end)
        elif fact.key == "raw.images.caption":
            if waiting:
                yield _image(waiting, None)
            waiting = fact
        elif waiting and not any(waiting.start < start < fact.start and start not in gone for start in kept):
            yield _image(waiting, fact)
            waiting = None
        else:
            yield _image(None, fact)
    if waiting:
        yield _image(waiting, None)


def _image(caption: Fact | None, credit: Fact | None) -> Fact:
    shown = caption or credit
    assert shown is not None
    words = caption.value if caption else None
    return Fact(shown.rule, "images", Media(words, _name(credit.value) if credit else None), shown.start, shown.end)


def _name(credit: str) -> str:
    """A credit without the word for it and the signs around it."""
    return _LABEL.sub("", credit).strip(" /|()[]©:")


def _agency(text: str, rules: RuleSet) -> bool:
    """Whether a line ends in the name of an agency, set off as a credit is."""
    end = text[-TAIL:].rstrip(" .)]").translate(_SEPARATORS)
    name = end.rpartition("/")[2].strip().casefold()
    for word in ("via ", "by ", "for "):
        name = name.rpartition(word)[2]
    return name in rules.agencies or name in rules.picture_agencies


def _beside(blocks: Sequence[Block], at: int, done: set[int]) -> Iterator[Edit | Fact]:
    """The bare caption before a credit."""
    if not at or at - 1 in done:
        return
    block = blocks[at - 1]
    text = block.text
    if not text or block.role or block.kind == "sentence" or count(text) > 40 or _SENTENCE.search(text):
        return
    if count(text) <= (40 if is_open(text) else 25):
        done.add(at - 1)
        yield _fact("caption.neighbour", "raw.images.caption", text, block)
        yield _drop("caption.neighbour", block, "caption")


def _fact(rule: str, field: str, value: str, block: Block) -> Fact:
    return Fact(rule, field, value, block.start, block.end)


def _drop(rule: str, block: Block, role: str) -> Edit:
    return Edit(rule, block.start, block.end, "", role, 0.8)

"""Captions and credits that no rule of a language names: told by agencies, by repetition and by their neighbours."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from cleaner.document import ARTICLE_ROLES, Block, Document, Edit, Fact, find_sentence_blocks
from cleaner.record import Media
from cleaner.rules import RuleSet
from cleaner.stages.captions.merge import merge_images
from cleaner.stages.captions.pair import Figures
from cleaner.text.names import is_open_credit
from cleaner.text.shape import SENTENCE_TERMINATORS, build_match_key, count_words, is_open, is_prose

RULES = {
    "caption.credited": "A caption with its credit behind it.",
    "caption.credit": "A line that names only a photographer or a picture agency.",
    "caption.neighbour": "A short line directly at a credit: the caption of the same picture.",
    "caption.repeated": "A line that stands twice: the picture's alternative text and its caption.",
}

MAX_CAPTION_WORDS = 60
"""Words of a caption at most."""

BARRIER_ROLES = frozenset({"title", "caption", "credit", "byline", "other"})
"""Roles of dropped lines that part what stands before and behind them; others are looked through."""

MIN_PARAGRAPH_CHARS = 200
"""Characters from which a line that ends like a sentence is not looked at: it is a paragraph."""

AGENCY_TAIL_CHARS = 60
"""Characters at the end of a line in which an agency is looked for."""

SHORT_CAPTION_WORDS = 9
"""Words of a sentence before a credit that is a caption wherever it stands."""

COPY_PREFIX_CHARS = 12
"""Characters at the beginning of a line by which copies of it are looked for."""

MIN_COPY_CHARS = 24
"""Characters of the shortest line whose copy makes it a caption."""

MAX_LINES_BETWEEN = 12
"""Lines that are no sentences, and that may stand between two copies of a caption."""

MAX_SHORT_PARAGRAPH_SHARE = 0.4
"""Share of a text's paragraphs that may be single short sentences where one before a credit is taken for a caption."""

_SEPARATOR_TABLE = str.maketrans(dict.fromkeys("([|©,:–—-", "/"))
_CREDIT_PATTERN = re.compile(r"^(?P<caption>.{12,}?[.!?”\"'’)…]?)\s*[(\[|/©–—]\s*(?P<credit>[^()\[\]]{2,70})[)\]]?\.?$")
_LABEL_PATTERN = re.compile(r"^[\w ]{2,20}:\s*")
_SENTENCE_END_PATTERN = re.compile(r"[.!?…]['\"”’]?\s+(?=[^\W\d_a-z])")


def captions(document: Document, rules: RuleSet) -> Iterator[Edit | Fact]:
    """Drops captions and credits, and says which images and videos they belong to."""
    blocks = [block for block in document.blocks if block.text or block.role in BARRIER_ROLES]
    raw = [fact for fact in document.facts if fact.key.startswith(("raw.images.", "raw.videos."))]
    done: set[int] = set()
    for finding in _find_captions(blocks, rules, done):
        if isinstance(finding, Fact) and finding.key.startswith("raw."):
            raw.append(finding)
        else:
            yield finding
    # what a rule or a shape reads out of a line is finer than the whole line of a figure
    fine = {fact.start for fact in raw if not fact.rule.startswith("extraction.")}
    raw = [fact for fact in raw if fact.start not in fine or not fact.rule.startswith("extraction.")]
    figures = Figures(document, {blocks[i].start for i in done})
    owners = figures.match_pictures(raw)
    media = _collect_media(raw, blocks, done, owners)
    shown = list(figures.select_illustrations(figures.join_captions(media, owners), owners))
    yield from (fact for fact in shown if fact.key != "images")
    named = [fact for fact in document.facts if fact.key == "evidence.images"]
    article = all(fact.value != "no-article" for fact in document.facts if fact.key == "flags")
    yield from merge_images(
        named, [fact for fact in shown if fact.key == "images"], figures.list_bare_pictures() if article else ()
    )


def _find_captions(blocks: Sequence[Block], rules: RuleSet, done: set[int]) -> Iterator[Edit | Fact]:
    endings = _collect_endings(rules)
    for i, block in enumerate(blocks):
        text = block.text
        if not text:
            if block.role == "credit":
                yield from _find_neighbour(blocks, i, done)
        elif (len(text) < MIN_PARAGRAPH_CHARS or text[-1] not in SENTENCE_TERMINATORS) and _has_possible_agency(
            text, endings
        ):
            yield from _match_credit(blocks, i, rules, done)
    yield from _find_repeated(blocks, done)
    yield from _find_flat_credits(blocks, rules, done)


def _find_flat_credits(blocks: Sequence[Block], rules: RuleSet, done: set[int]) -> Iterator[Edit | Fact]:
    """Credits with which a sentence begins in a text on one line, and the captions before them."""
    flat = find_sentence_blocks(blocks)
    if not flat:
        return
    free = -1
    for i in flat:
        block = blocks[i]
        end = rules.find_credit_end(block.text)
        rest = block.text[end:].lstrip(" )].|") if end else ""
        if len(rest) < 30 or rest[0].islower():
            continue
        yield _make_fact("caption.credit", "raw.images.credit", block.text[:end], block)
        yield Edit("caption.credit", block.start, block.end, rest, "", 0.6)
        if i - 1 > free and i - 1 in flat and i - 1 not in done and 6 <= count_words(blocks[i - 1].text) <= 30:
            yield _make_fact("caption.neighbour", "raw.images.caption", blocks[i - 1].text, blocks[i - 1])
            yield _drop_block("caption.neighbour", blocks[i - 1], "caption")
        free = i


def _match_credit(blocks: Sequence[Block], i: int, rules: RuleSet, done: set[int]) -> Iterator[Edit | Fact]:
    block, text = blocks[i], blocks[i].text
    if i in done or block.kind == "sentence" or block.role in ARTICLE_ROLES:
        return
    size = count_words(text)
    agency = size <= MAX_CAPTION_WORDS and (size <= 15 or is_open(text)) and _has_agency_ending(text, rules)
    if agency and size <= 10 and len(text) <= 90:
        done.add(i)
        yield _make_fact("caption.credit", "raw.images.credit", text, block)
        yield _drop_block("caption.credit", block, "credit")
        yield from _find_neighbour(blocks, i, done)
    elif agency and (found := _CREDIT_PATTERN.match(text)):
        done.add(i)
        yield _make_fact("caption.credited", "raw.images.caption", found["caption"].strip(), block)
        yield _make_fact("caption.credited", "raw.images.credit", found["credit"].strip(), block)
        yield _drop_block("caption.credited", block, "caption")


def _find_repeated(blocks: Sequence[Block], done: set[int]) -> Iterator[Edit | Fact]:
    """Lines that stand twice with nothing of the text between, and alternative texts above the caption itself."""
    rest = [i for i, block in enumerate(blocks) if block.text or block.role == "caption"]
    starts = [(blocks[i].text or blocks[i].dropped)[:COPY_PREFIX_CHARS] for i in rest]
    if len(set(starts)) == len(starts):
        return
    again = {start for start, times in Counter(starts).items() if times > 1}
    at = 0
    while at < len(rest):
        block = blocks[rest[at]]
        fits = block.text[:COPY_PREFIX_CHARS] in again and len(block.text) > MIN_COPY_CHARS and rest[at] not in done
        other = _find_copy(blocks, rest, at, done) if fits else None
        if other is None or (other in done and block.role in ARTICLE_ROLES):
            at += 1
            continue
        own = block.role in ARTICLE_ROLES
        if other not in done and blocks[other].text:
            if not own:
                yield _make_fact("caption.repeated", "raw.images.caption", block.text, block)
            yield _drop_block("caption.repeated", blocks[other], "caption")
        if not own:
            yield _drop_block("caption.repeated", block, "caption")
            done.add(rest[at])
        done.add(other)
        at = max(0, at - 3)  # what stood around them are neighbours now


def _find_copy(blocks: Sequence[Block], rest: Sequence[int], at: int, done: set[int]) -> int | None:
    """Which block says the same once more, with only short labels and other captions between."""
    block = blocks[rest[at]]
    text = block.text
    if block.kind == "sentence" or count_words(text) > MAX_CAPTION_WORDS:
        return None
    between = 0
    for i in rest[at + 1 : at + 3 * MAX_LINES_BETWEEN]:
        other = blocks[i]
        kept = other.text and i not in done
        line = other.text or other.dropped
        alike = (
            line[:COPY_PREFIX_CHARS] == text[:COPY_PREFIX_CHARS]
            and other.kind == block.kind
            and build_match_key(line).startswith(build_match_key(text))
        )
        if alike and (not kept or build_match_key(line) == build_match_key(text)):
            return i
        if kept:
            between += 1
            if between > MAX_LINES_BETWEEN or is_prose(line) or not is_open(line):
                return None
    return None


def _collect_media(
    raw: list[Fact], blocks: Sequence[Block], done: set[int], owners: Mapping[int, int]
) -> Iterator[Fact]:
    """Captions and credits as images: a credit belongs to the caption before it when nothing kept stands between, and
    they are not of two pictures."""
    raw.sort(key=lambda fact: (fact.start, fact.key != "raw.images.caption"))
    gone = {fact.start for fact in raw} | {blocks[i].start for i in done}
    kept = [block.start for block in blocks if block.text and block.start not in gone]
    lines = {block.start: block.text or block.dropped for block in blocks}
    waiting: Fact | None = None
    last: Fact | None = None
    for fact in _join_credits(raw, lines):
        if fact.key == "raw.videos.caption":
            yield Fact(fact.rule, "videos", Media(fact.value), fact.start, fact.end)
        elif fact.key == "raw.images.caption":
            if waiting:
                yield _build_image(waiting, None)
            waiting = fact
        elif waiting and not (
            any(waiting.start < start < fact.start for start in kept)
            or owners.get(waiting.start, 0) != owners.get(fact.start, owners.get(waiting.start, 0))
        ):
            yield _build_image(waiting, fact)
            waiting, last = None, fact
        elif not (last and last.value == fact.value and not any(last.start < start < fact.start for start in kept)):
            yield _build_image(None, fact)
            last = fact
    if waiting:
        yield _build_image(waiting, None)


def _join_credits(raw: Sequence[Fact], lines: Mapping[int, str]) -> Iterator[Fact]:
    """The facts with a credit that goes on in the next line put together."""
    held: Fact | None = None
    for fact in raw:
        follows = held and fact.key == "raw.images.credit" and fact.start == held.end
        if held and follows and is_open_credit(lines.get(held.start, "")):
            glue = "" if held.value[-1:] == "/" and held.value[-2:] != " /" else " "
            held = Fact(held.rule, held.key, f"{held.value}{glue}{fact.value}", held.start, fact.end)
            continue
        if held:
            yield held
        held = fact
    if held:
        yield held


def _build_image(caption: Fact | None, credit: Fact | None) -> Fact:
    shown = caption or credit
    assert shown is not None
    words = caption.value if caption else None
    return Fact(
        shown.rule, "images", Media(words, _clean_credit(credit.value) if credit else None), shown.start, shown.end
    )


def _clean_credit(credit: str) -> str:
    """A credit without the word for it and the signs around it."""
    name = _LABEL_PATTERN.sub("", credit).strip(" /|[]©:")
    if name.count("(") != name.count(")") or name[:1] == "(":
        name = name.strip(" /|()©:")
    return name


def _has_agency_ending(text: str, rules: RuleSet) -> bool:
    """Whether a line ends in the name of an agency, set off as a credit is."""
    end = text[-AGENCY_TAIL_CHARS:].rstrip(" .)]").translate(_SEPARATOR_TABLE)
    name = end.rpartition("/")[2].strip().casefold()
    for word in ("via ", "by ", "for "):
        name = name.rpartition(word)[2]
    return name in rules.agencies or name in rules.picture_agencies


@lru_cache(4)
def _collect_endings(rules: RuleSet) -> frozenset[str]:
    """The last letters of the names of all agencies."""
    return frozenset(name[-3:] for name in (*rules.agencies, *rules.picture_agencies))


def _has_possible_agency(text: str, endings: frozenset[str]) -> bool:
    """Whether the last letters of a line leave it open that an agency ends it: most lines are asked no more."""
    end = text[-AGENCY_TAIL_CHARS:].rstrip(" .)]").rstrip()[-3:].casefold()[-3:]
    return end in endings or end[-2:] in endings or end[-1:] in endings


def _find_neighbour(blocks: Sequence[Block], at: int, done: set[int]) -> Iterator[Edit | Fact]:
    """The bare caption before a credit."""
    if not at or at - 1 in done:
        return
    block = blocks[at - 1]
    text = block.text
    if (
        not text
        or block.role
        or block.kind == "sentence"
        or count_words(text) > 40
        or _SENTENCE_END_PATTERN.search(text)
    ):
        return
    if is_open(text) or (count_words(text) <= 25 and _is_sentence_caption(blocks, at - 1)):
        done.add(at - 1)
        yield _make_fact("caption.neighbour", "raw.images.caption", text, block)
        yield _drop_block("caption.neighbour", block, "caption")


def _is_sentence_caption(blocks: Sequence[Block], at: int) -> bool:
    """Whether a sentence before a credit is its caption and no paragraph: it is very short, it has no paragraph
    above, or the text's paragraphs are hardly ever as short."""
    above = blocks[at - 1] if at else None
    if count_words(blocks[at].text) <= SHORT_CAPTION_WORDS or (
        above and above.role != "title" and not is_prose(above.text or " ")
    ):
        return True
    others = [block.text for i, block in enumerate(blocks) if i != at and block.text and is_prose(block.text)]
    like_it = sum(count_words(text) <= 25 and not _SENTENCE_END_PATTERN.search(text) for text in others)
    return len(others) > 2 and like_it <= MAX_SHORT_PARAGRAPH_SHARE * len(others)


def _make_fact(rule: str, field: str, value: str, block: Block) -> Fact:
    return Fact(rule, field, value, block.start, block.end)


def _drop_block(rule: str, block: Block, role: str) -> Edit:
    return Edit(rule, block.start, block.end, "", role, 0.8)

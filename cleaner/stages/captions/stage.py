"""Captions and credits that no rule of a language names: told by agencies, by repetition and by their neighbours."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, filterfalse
from operator import attrgetter
from typing import TypeGuard

from cleaner.document import ARTICLE_ROLES, Block, Document, Edit, Fact, find_sentence_blocks
from cleaner.facts import (
    EVIDENCE_IMAGES,
    FLAGS,
    IMAGES,
    RAW_CAPTION,
    RAW_CREDIT,
    RAW_VIDEO_CAPTION,
    VIDEOS,
    Media,
    Place,
    place_of,
)
from cleaner.rules.match import RuleSet
from cleaner.stages.captions.credits import mend_media
from cleaner.stages.captions.merge import merge_images
from cleaner.stages.captions.pair import Figures
from cleaner.text.names.bylines import is_open_credit
from cleaner.text.shape import BULLET_PREFIXES, SENTENCE_TERMINATORS, build_match_key, count_words, is_open, is_prose

RULES = {
    "caption.credited": "A caption with its credit behind it.",
    "caption.credit": "A line that names only a photographer or a picture agency.",
    "caption.neighbour": "A short line directly at a credit: the caption of the same picture.",
    "caption.figure": "The caption of a figure in a text that is a piece of HTML.",
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

NO_CAPTION_PREFIXES = (*BULLET_PREFIXES, "http://", "https://", "www.")
"""What items of lists begin with, and the addresses of sources, which may stand in two notes."""

MIN_COPY_CHARS = 24
"""Characters of the shortest line whose copy makes it a caption."""

MIN_TABLE_COPIES = 5
"""Times that a line stands from which it is a cell or a label: a picture's text stands twice."""

MAX_LINES_BETWEEN = 12
"""Lines that are no sentences, and that may stand between two copies of a caption."""

MAX_SHORT_PARAGRAPH_SHARE = 0.4
"""Share of a text's paragraphs that may be single short sentences where one before a credit is taken for a caption."""

MAX_CLOSED_CAPTION_WORDS = 15
"""Words of a caption that ends like a sentence and then names an agency."""

MAX_CREDIT_WORDS, MAX_CREDIT_CHARS = 10, 90
"""Words and characters of the longest line that is a credit and nothing else."""

MAX_NEIGHBOUR_WORDS = 40
"""Words of the longest line before a credit that is its caption."""

MAX_SENTENCE_CAPTION_WORDS = 25
"""The same of one that ends like a sentence."""

FLAT_CAPTION_WORDS = range(6, 31)
"""Words that the caption before a credit has in a text on one line."""

MIN_FLAT_REST_CHARS = 30
"""Characters of a sentence, at least, behind a credit in a text on one line."""

MIN_COMPARED_PARAGRAPHS = 3
"""Paragraphs of a text from which their lengths say something."""

ENDING_CHARS = 3
"""Letters at the end of a line that are compared with the ends of agencies' names first."""

CONFIDENCE = 0.8
"""Of the edits that drop captions and credits."""

NO_ARTICLE_FLAG = "no-article"
"""The flag of a page on which the stage `extraction` found no article: its pictures are not listed."""

_MEDIA_KEYS = frozenset({RAW_CAPTION.name, RAW_CREDIT.name, RAW_VIDEO_CAPTION.name})
"""Keys of what is known of captions so far."""

_AGENCY_LEAD_PATTERN = re.compile(r".*(?:via|by|for) ")
"""What stands before the agency in a credit: `Jane Doe via AP`, `Photo by AFP`."""

_OPEN_SLASH_PATTERN = re.compile(r"(?<! )/\Z")
"""A credit that goes on with its agency: `Jane Doe/`."""

_SEPARATOR_TABLE = str.maketrans(dict.fromkeys("([|©,:–—-", "/"))
"""Signs that set an agency off from what stands before it, all as a slash."""

_CREDIT_PATTERN = re.compile(r"^(?P<caption>.{12,}?[.!?”\"'’)…]?)\s*[(\[|/©–—]\s*(?P<credit>[^()\[\]]{2,70})[)\]]?\.?$")
"""A caption and its credit behind it, in brackets or behind a sign."""

_LABEL_PATTERN = re.compile(r"^[\w ]{2,20}:\s*")
"""The word for it before a credit: `Photo: `."""

_SENTENCE_END_PATTERN = re.compile(r"[.!?…]['\"”’]?\s+(?=[^\W\d_a-z])")
"""The end of a sentence with another one behind it."""


def captions(document: Document, rules: RuleSet) -> Iterator[Edit | Fact]:
    """Drops captions and credits, and says which images and videos they belong to.

    Lines become raw facts first, by a rule of a language, by the markup, or by their shape here; then the facts are put
    together, and those of a page are laid beside its pictures.
    """
    blocks = [block for block in document.blocks if block.text or block.role in BARRIER_ROLES]
    done: set[int] = set()
    findings: list[Edit | Fact] = list(
        chain(_take_figures(document, blocks, done), _find_captions(blocks, rules, done))
    )
    raw = list(filter(_is_of_media, [*document.facts, *findings]))
    yield from filterfalse(_is_of_media, findings)
    # what a rule or a shape reads out of a line is finer than the whole line of a figure
    fine = [fact for fact in raw if place_of(fact) is not Place.EXTRACTION]
    starts = set(map(attrgetter("start"), fine))
    raw = [*fine, *(fact for fact in raw if fact.start not in starts)]
    figures = Figures(document, {blocks[i].start for i in done})
    owners = figures.match_pictures(raw)
    media = _collect_media(raw, blocks, done, owners)
    shown = list(map(_mend_image, figures.select_illustrations(figures.join_captions(media, owners), owners)))
    yield from VIDEOS.pick(shown)
    bare = () if NO_ARTICLE_FLAG in FLAGS.list_values(document.facts) else figures.list_bare_pictures()
    yield from merge_images(EVIDENCE_IMAGES.pick(document.facts), IMAGES.pick(shown), bare)


def _is_of_media(finding: Edit | Fact) -> TypeGuard[Fact]:
    """Whether a finding is a fact that says what a caption or a credit is."""
    return isinstance(finding, Fact) and finding.key in _MEDIA_KEYS


def _take_figures(document: Document, blocks: Sequence[Block], done: set[int]) -> Iterator[Edit | Fact]:
    """The captions of figures in a text that is a piece of HTML, whose reader has named them; `done` gets them."""
    for i, block in enumerate(blocks if document.page is None else ()):
        if block.text and block.role == "caption":
            done.add(i)
            yield from _take_caption("caption.figure", block)


def _find_captions(blocks: Sequence[Block], rules: RuleSet, done: set[int]) -> Iterator[Edit | Fact]:
    """Captions and credits as raw facts, and the edits that drop them; `done` gets the numbers of their blocks."""
    endings = _collect_endings(rules)
    for i, block in enumerate(blocks):
        text = block.text
        if text and not _is_paragraph(text) and _has_possible_agency(text, endings):
            yield from _match_credit(blocks, i, rules, done)
        elif not text and block.role == "credit" and not _has_caption_behind(blocks, i):
            yield from _find_neighbour(blocks, i, done)
    yield from _find_repeated(blocks, done)
    yield from _find_flat_credits(blocks, rules, done)


def _mend_image(fact: Fact) -> Fact:
    """An image with its caption and its credit mended; another fact as it is."""
    if fact.key != IMAGES.name:
        return fact
    return Fact(fact.rule, fact.key, mend_media(IMAGES.read(fact)), fact.start, fact.end)


def _is_paragraph(text: str) -> bool:
    """Whether a line is too long for a caption, and ends like a sentence."""
    return len(text) >= MIN_PARAGRAPH_CHARS and text[-1] in SENTENCE_TERMINATORS


def _find_flat_credits(blocks: Sequence[Block], rules: RuleSet, done: set[int]) -> Iterator[Edit | Fact]:
    """Credits with which a sentence begins in a text on one line, and the captions before them.

    The sentence stays without its credit; one before it that begins with a credit itself is no caption.
    """
    flat = find_sentence_blocks(blocks)
    free = set(flat) - done
    for i in flat:
        block, before = blocks[i], blocks[i - 1]
        end = rules.find_credit_end(block.text)
        rest = block.text[end:].lstrip(" )].|") if end else ""
        if len(rest) < MIN_FLAT_REST_CHARS or rest[0].islower():
            continue
        yield RAW_CREDIT.make("caption.credit", block.text[:end], block)
        yield block.rewrite("caption.credit", rest, 0.6)
        if i - 1 in free and count_words(before.text) in FLAT_CAPTION_WORDS:
            yield from _take_caption("caption.neighbour", before)
        free.discard(i)


def _match_credit(blocks: Sequence[Block], i: int, rules: RuleSet, done: set[int]) -> Iterator[Edit | Fact]:
    """A line that ends in the name of an agency: a credit, or a caption with its credit.

    A line that ends like a sentence has to be short; a credit takes along the bare caption before it.
    """
    block, text = blocks[i], blocks[i].text
    if i in done or block.kind == "sentence" or block.role in ARTICLE_ROLES:
        return
    words = count_words(text)
    most = MAX_CAPTION_WORDS if is_open(text) else MAX_CLOSED_CAPTION_WORDS
    if words > most or not _has_agency_ending(text, rules):
        return
    if words <= MAX_CREDIT_WORDS and len(text) <= MAX_CREDIT_CHARS:
        done.add(i)
        yield RAW_CREDIT.make("caption.credit", text, block)
        yield block.drop("caption.credit", "credit", CONFIDENCE)
        yield from _find_neighbour(blocks, i, done)
    elif found := _CREDIT_PATTERN.match(text):
        done.add(i)
        yield RAW_CAPTION.make("caption.credited", found["caption"].strip(), block)
        yield RAW_CREDIT.make("caption.credited", found["credit"].strip(), block)
        yield block.drop("caption.credited", "caption", CONFIDENCE)


def _find_repeated(blocks: Sequence[Block], done: set[int]) -> Iterator[Edit | Fact]:
    """Lines that stand twice with nothing of the text between, and alternative texts above the caption itself.

    Both lines are dropped, and the first is the caption; where the first is of the article or a whole paragraph, as a
    summary that opens the text once more, it stays, and only the second goes.  Where the second was dropped before,
    there is no new caption.
    """
    rest = [i for i, block in enumerate(blocks) if block.text or block.role == "caption"]
    starts = [blocks[i].line[:COPY_PREFIX_CHARS] for i in rest]
    if len(set(starts)) == len(starts):
        return
    again = {start for start, times in Counter(starts).items() if 1 < times < MIN_TABLE_COPIES}
    if not again:
        return
    at = 0
    while at < len(rest):
        block = blocks[rest[at]]
        is_copied = block.text[:COPY_PREFIX_CHARS] in again and len(block.text) > MIN_COPY_CHARS
        fits = is_copied and rest[at] not in done and not block.text.startswith(NO_CAPTION_PREFIXES)
        other = _find_copy(blocks, rest, at, done) if fits else None
        of_article = other is not None and (block.role in ARTICLE_ROLES or _is_paragraph(block.text))
        if other is None or (other in done and of_article):
            at += 1
            continue
        if not of_article:
            done.add(rest[at])
            yield block.drop("caption.repeated", "caption", CONFIDENCE)
        if other not in done and blocks[other].text:
            yield blocks[other].drop("caption.repeated", "caption", CONFIDENCE)
            yield from () if of_article else [RAW_CAPTION.make("caption.repeated", block.text, block)]
        done.add(other)


def _find_copy(blocks: Sequence[Block], rest: Sequence[int], at: int, done: set[int]) -> int | None:
    """Which block says the same once more, with only short labels and other captions between; None for none.

    `rest` are the numbers of the blocks that are looked at, `at` the place in them of the one whose copy is sought.  A
    copy that was dropped as a caption may go on behind what the line says.
    """
    block = blocks[rest[at]]
    text = block.text
    if block.kind == "sentence" or count_words(text) > MAX_CAPTION_WORDS:
        return None
    between = 0
    for i in rest[at + 1 : at + 3 * MAX_LINES_BETWEEN]:
        other = blocks[i]
        kept = other.text and i not in done
        line = other.line
        if line[:COPY_PREFIX_CHARS] == text[:COPY_PREFIX_CHARS] and other.kind == block.kind:
            copy, own = build_match_key(line), build_match_key(text)
            if copy == own or (not kept and copy.startswith(own)):
                return i
        between += bool(kept)
        if kept and (between > MAX_LINES_BETWEEN or is_prose(line) or not is_open(line)):
            return None
    return None


def _collect_media(
    raw: list[Fact], blocks: Sequence[Block], done: set[int], owners: Mapping[int, int]
) -> Iterator[Fact]:
    """Captions and credits as images and videos: a credit belongs to the caption before it when nothing that stays is
    between them, and they are not of two pictures; the same credit once more is none of another image.
    """
    raw.sort(key=lambda fact: (fact.start, fact.key != RAW_CAPTION.name))
    starts, lines = (list(map(attrgetter(name), blocks)) for name in ("start", "line"))
    gone = {*map(attrgetter("start"), raw), *map(starts.__getitem__, done)}
    kept = [block.start for block in blocks if block.text and block.start not in gone]
    waiting: Fact | None = None
    last: Fact | None = None
    for fact in _join_credits(raw, dict(zip(starts, lines, strict=True))):
        if fact.key == RAW_VIDEO_CAPTION.name:
            yield VIDEOS.make(fact.rule, Media(RAW_VIDEO_CAPTION.read(fact)), fact)
        elif fact.key == RAW_CAPTION.name:
            yield from _build_images(waiting)
            waiting = fact
        elif waiting and not _is_parted(waiting, fact, kept) and _has_one_picture(waiting, fact, owners):
            yield from _build_images(waiting, fact)
            waiting, last = None, fact
        elif not (last and last.value == fact.value and not _is_parted(last, fact, kept)):
            yield from _build_images(None, fact)
            last = fact
    yield from _build_images(waiting)


def _is_parted(first: Fact, second: Fact, kept: Sequence[int]) -> bool:
    """Whether a line that stays stands between two facts; `kept` are the starts of these lines."""
    return any(first.start < start < second.start for start in kept)


def _has_one_picture(caption: Fact, credit: Fact, owners: Mapping[int, int]) -> bool:
    """Whether a caption and a credit are not known to be of two pictures."""
    own = owners.get(caption.start, 0)
    return owners.get(credit.start, own) == own


def _join_credits(raw: Sequence[Fact], lines: Mapping[int, str]) -> Iterator[Fact]:
    """The facts with a credit that goes on in the next line put together; `lines` are the lines by their starts."""
    joined: list[Fact] = []
    for fact in raw:
        held = joined[-1] if joined else fact
        follows = fact.key == RAW_CREDIT.name and fact.start == held.end
        if follows and is_open_credit(lines.get(held.start, "")):
            first = RAW_CREDIT.read(held)
            glue = "" if _OPEN_SLASH_PATTERN.search(first) else " "
            joined[-1] = Fact(held.rule, held.key, f"{first}{glue}{fact.value}", held.start, fact.end)
        else:
            joined.append(fact)
    yield from joined


def _build_images(caption: Fact | None, credit: Fact | None = None) -> Iterator[Fact]:
    """The image with this caption and this credit; nothing where there is neither."""
    if shown := caption or credit:
        words = RAW_CAPTION.read(caption) if caption else None
        name = _clean_credit(RAW_CREDIT.read(credit)) if credit else None
        yield IMAGES.make(shown.rule, Media(words, name), shown)


def _clean_credit(credit: str) -> str:
    """A credit without the word for it and the signs around it; round brackets go only where one is alone or first."""
    name = _LABEL_PATTERN.sub("", credit).strip(" /|[]©:")
    if name.count("(") != name.count(")") or name[:1] == "(":
        name = name.strip(" /|()©:")
    return name


def _has_agency_ending(text: str, rules: RuleSet) -> bool:
    """Whether a line ends in the name of an agency, set off as a credit is."""
    end = text[-AGENCY_TAIL_CHARS:].rstrip(" .)]").translate(_SEPARATOR_TABLE)
    name = _AGENCY_LEAD_PATTERN.sub("", end.rpartition("/")[2].strip().casefold())
    return name in rules.agencies or name in rules.picture_agencies


@lru_cache(4)
def _collect_endings(rules: RuleSet) -> frozenset[str]:
    """The last letters of the names of all agencies.

    They are kept for a few sets of rules: a run of many documents has one.
    """
    return frozenset(name[-ENDING_CHARS:] for name in (*rules.agencies, *rules.picture_agencies))


def _has_possible_agency(text: str, endings: frozenset[str]) -> bool:
    """Whether the last letters of a line leave it open that an agency ends it: most lines are asked no more."""
    end = text[-AGENCY_TAIL_CHARS:].rstrip(" .)]").rstrip()[-ENDING_CHARS:].casefold()[-ENDING_CHARS:]
    return not endings.isdisjoint((end, end[-2:], end[-1:]))


def _find_neighbour(blocks: Sequence[Block], at: int, done: set[int]) -> Iterator[Edit | Fact]:
    """The bare caption before the credit of number `at`, if there is one: an open line, or a sentence that is short."""
    if not at or at - 1 in done or not _is_bare(blocks[at - 1]):
        return
    block = blocks[at - 1]
    if count_words(block.text) <= MAX_NEIGHBOUR_WORDS and (is_open(block.text) or _is_sentence_caption(blocks, at - 1)):
        done.add(at - 1)
        yield from _take_caption("caption.neighbour", block)


def _has_caption_behind(blocks: Sequence[Block], at: int) -> bool:
    """Whether the next line is a caption that a rule knows: then the line before the credit is none of its picture."""
    return at + 1 < len(blocks) and not blocks[at + 1].text and blocks[at + 1].role == "caption"


def _is_bare(block: Block) -> bool:
    """Whether a line stays so far, nothing is known of it, and it is at most one sentence."""
    untouched = block.kind != "sentence" and not block.role
    return untouched and block.text != "" and not _SENTENCE_END_PATTERN.search(block.text)


def _is_short_sentence(text: str) -> bool:
    """Whether a line has the words of a caption that ends like a sentence, and is not more than one sentence."""
    return count_words(text) <= MAX_SENTENCE_CAPTION_WORDS and not _SENTENCE_END_PATTERN.search(text)


def _is_sentence_caption(blocks: Sequence[Block], at: int) -> bool:
    """Whether a sentence before a credit is its caption and no paragraph: of few words, and these are very few, or it
    has no paragraph above, or the text's paragraphs are hardly ever as short.
    """
    if not _is_short_sentence(blocks[at].text):
        return False
    headed = any(above.role != "title" and not is_prose(above.text) for above in blocks[max(0, at - 1) : at])
    if headed or count_words(blocks[at].text) <= SHORT_CAPTION_WORDS:
        return True
    others = list(filter(is_prose, map(attrgetter("text"), (*blocks[:at], *blocks[at + 1 :]))))
    like_it = sum(map(_is_short_sentence, others))
    return len(others) >= MIN_COMPARED_PARAGRAPHS and like_it <= MAX_SHORT_PARAGRAPH_SHARE * len(others)


def _take_caption(rule: str, block: Block) -> Iterator[Edit | Fact]:
    """Takes a line out of the text as a caption."""
    yield RAW_CAPTION.make(rule, block.text, block)
    yield block.drop(rule, "caption", CONFIDENCE)

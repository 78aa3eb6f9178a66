"""Whether an article reads as translated, from what, and what shows it.  Nothing is ever dropped because of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Literal

from cleaner.document import Block, Document, Fact
from cleaner.facts import Evidence, Translation
from cleaner.models.translation import SCORED_LANGUAGE, load_model
from cleaner.rules.sign_files import load_shipped_signs
from cleaner.rules.signs import LITERAL_KINDS, PROOF_KINDS, SignMatch

RULES = {
    "translation.verdict": "Whether the text reads as translated: see `verdict` in cleaner/stages/translation.py.",
    "translation.loop": "The same few words over and over, as translation engines write when they lose their way.",
}

# ---------------------------------------------------------------- policy

SUSPECTED_SCORE = 0.912
"""The score above which 1% of 231 English originals lie, as cleaner.training.translation says, cross-validated."""

MIN_SOURCE_SHARE = 0.6
"""Share of the signs that must be able to come from a language for it to be named."""


def verdict(kinds: set[str], score: float | None) -> Literal["none", "suspected", "confirmed"]:
    """What the kinds of evidence and the score amount to.

    Confirmed: the text or its site says so, or two kinds of evidence of which one is put word for word.
    Suspected: two kinds of evidence, or a score above that of 99 in 100 originals.  Of 231 originals none has two
    kinds; of 2,201 machine translations 13%, of 724 human ones 3%.  One kind alone says nothing.
    """
    if kinds & PROOF_KINDS.keys() or (len(kinds) > 1 and kinds & LITERAL_KINDS.keys()):
        return "confirmed"
    return "suspected" if len(kinds) > 1 or (score is not None and score > SUSPECTED_SCORE) else "none"


def guess_source_language(found: Sequence[SignMatch]) -> str | None:
    """The one language that most of the different signs can come from; None where two are as likely.

    So 15% of translations get one, 94% of them the right one (2,925 English texts from seven languages).  Ukrainian
    leaves the same signs as Russian: where nothing tells the two apart, the more common is named.
    """
    sources = list(filter(None, {one.sign.id: one.sign.source for one in found}.values()))
    votes = Counter(chain.from_iterable(sources))
    if votes["ru"] >= votes["uk"]:
        del votes["uk"]
    (likely, most), (_, second), *_ = *votes.most_common(2), ("", 0), ("", 0)
    return likely if second < most >= MIN_SOURCE_SHARE * len(sources) else None


# ---------------------------------------------------------------- the stage

MAX_PLACES_PER_SIGN = 5
"""Places shown of one sign."""

MIN_LOOP_REPEATS = {1: 12, 2: 6, 3: 5, 4: 5, 5: 4, 6: 4, 7: 4, 8: 4}
"""Words of a phrase, and how many times in a row it must stand to be a loop: chants and refrains have fewer."""

LOOP_STRIDE_WORDS = 6
"""Words from one place to the next where a loop is looked for."""

MIN_CREDIT_SHARE = 0.6
"""Share of a line from which the agency that it names is the article's own, and not one that is talked about."""


DROPPED_KINDS = PROOF_KINDS.keys() | {"agency"}
"""Kinds of signs that count in dropped lines too: notices and agencies stand there, its other words are no article."""

_AROUND_EVIDENCE = " \n.,;:!?\"'“”‘’()"
"""Signs that are cut off around the words shown as evidence: patterns match the border of a word with them."""


def translation(document: Document) -> Iterator[Fact]:
    """The fact `translation`, and `agencies` whose names are translated.

    Signs are looked for in the lines of the text and in those that were dropped; loops and the score in the text alone.
    """
    blocks = list(filter(_get_words, document.blocks))
    language = document.find_fact("language", "")
    found = _find_signs(blocks, language)
    text = document.text
    evidence = [*_collect_evidence(document, blocks, found), *_find_loop_evidence(document, blocks, text)]
    scored = load_model().score_text(text) if language == SCORED_LANGUAGE else None
    score = scored.probability if scored else None
    decided = verdict({one.kind for one in evidence}, score)
    source = guess_source_language(found)
    if scored and decided != "none":
        source = source or scored.source
    yield from _name_agencies(blocks, found)
    yield Fact("translation.verdict", "translation", Translation(decided, score, source, tuple(evidence)))


def _get_words(block: Block) -> str:
    """The text of a block, or what it was before it was dropped."""
    return block.text or block.dropped


def _find_signs(blocks: Sequence[Block], language: str) -> list[SignMatch]:
    """The signs in these blocks that count, in the order of the text."""
    signs = load_shipped_signs().find_signs(list(map(_get_words, blocks)), language)
    found = [one for one in signs if one.sign.kind in DROPPED_KINDS or blocks[one.paragraph].text]
    return sorted(found, key=lambda one: (one.paragraph, one.start))


def _name_agencies(blocks: Sequence[Block], found: Iterable[SignMatch]) -> Iterator[Fact]:
    """The agencies whose translated names are most of a line: those are the article's own."""
    for one in found:
        block = blocks[one.paragraph]
        if one.sign.agency and one.end - one.start >= MIN_CREDIT_SHARE * len(_get_words(block)):
            yield Fact(one.sign.id, "agencies", one.sign.agency, block.start, block.end)


def _collect_evidence(document: Document, blocks: Sequence[Block], found: Sequence[SignMatch]) -> Iterator[Evidence]:
    """The first places of each sign, and behind them the translators that no notice among them names."""
    notices = set()
    for one in _pick_first_places(found):
        sign = one.sign
        evidence = _build_evidence(document, blocks[one.paragraph], sign.id, sign.kind, one.start, one.end)
        if evidence.kind == "notice":
            notices.add(evidence.text)
        yield evidence
    # a byline names the translator
    for fact in document.facts:
        name = str(fact.value)
        if fact.key == "raw.translation" and not any(name in notice for notice in notices):
            yield Evidence(fact.rule, "notice", name, fact.start, fact.end)


def _pick_first_places(found: Iterable[SignMatch]) -> Iterator[SignMatch]:
    """The first MAX_PLACES_PER_SIGN places of each sign."""
    times: Counter[str] = Counter()
    for one in found:
        times[one.sign.id] += 1
        if times[one.sign.id] <= MAX_PLACES_PER_SIGN:
            yield one


def _build_evidence(document: Document, block: Block, rule: str, kind: str, first: int, last: int) -> Evidence:
    """The evidence with its place in the source, which is the whole block where an edit rewrote the words.

    `first` and `last` are offsets in the text of the block.
    """
    raw = _get_words(block)[first:last]
    text = raw.strip(_AROUND_EVIDENCE) or raw
    at = document.source.find(text, block.start, block.end)
    start, end = (at, at + len(text)) if at >= 0 else (block.start, block.end)
    return Evidence(rule, kind, text, start, end)


# ---------------------------------------------------------------- loops


def _find_loop_evidence(document: Document, blocks: Sequence[Block], text: str) -> Iterator[Evidence]:
    """The first loop of a text; without a place where it goes over the end of a block."""
    loop = _find_loop(text)
    if not loop:
        return
    block = next((block for block in blocks if loop in block.text), None)
    if block is None:
        yield Evidence("translation.loop", "residue", loop, 0, 0)
    else:
        start = block.text.index(loop)
        yield _build_evidence(document, block, "translation.loop", "residue", start, start + len(loop))


def _find_loop(text: str) -> str:
    """The phrase that stands over and over in a text, two times of it; nothing where none does."""
    words = text.split()
    # every loop is long enough to hold one of these places with two phrases behind it
    for at in range(0, len(words) - LOOP_STRIDE_WORDS, LOOP_STRIDE_WORDS):
        if words[at] in words[at + 1 : at + 1 + len(MIN_LOOP_REPEATS)]:
            for size, times in MIN_LOOP_REPEATS.items():
                if _count_loop_words(words, at, size) >= size * (times - 1):
                    return " ".join(words[at : at + size] * 2)
    return ""


def _count_loop_words(words: Sequence[str], at: int, size: int) -> int:
    """The words of the run in which the phrase of so many words at this place stands again and again, before and behind
    it too; 0 where it does not stand twice, or holds no word of letters alone."""
    phrase = words[at : at + size]
    if phrase != words[at + size : at + 2 * size] or not any(map(str.isalpha, phrase)):
        return 0
    first, last = at, at + size
    while first >= size and words[first - size : first] == phrase:
        first -= size
    while words[last : last + size] == phrase:
        last += size
    return last - first

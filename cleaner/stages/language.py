"""The language of a document, asked of its prose alone.

langdetect decides, seeded so that it always says the same; its exact and much faster port langdetect-rs stands in for
it where it is installed, and `cleaner.text.langdetect_fast` elsewhere.  Where langdetect is unsure, or says one of the
languages that it confuses with those it does not know, the neural CLD3 is asked too, and believed when it names a
language that langdetect lacks.
"""

import re
from collections.abc import Iterator
from itertools import islice

from cleaner.document import Document, Fact
from cleaner.text.language_id import (
    KNOWN_LANGUAGES,
    SAMPLE_CHARS,
    SURE_CONFIDENCE,
    ask_neural_detector,
    detect_language,
    normalize_code,
)
from cleaner.text.shape import is_open

RULES = {
    "language.detect": "The language in which the article's prose is written.",
    "language.passage": "A paragraph in another language than the article's.",
}

MIN_LETTERS, LETTER_SAMPLE_CHARS = 12, 40
"""Letters below which a text is too short to tell; and characters that are counted first, as they are enough mostly."""

MIN_PROSE_CHARS = 80
"""Characters of a sentence that is taken as a sample: shorter ones are captions and labels too."""

MAX_SAMPLE_LINES = 200
"""Lines that are read where a text has few long sentences."""

_CODE_PATTERN = re.compile(r"([A-Za-z]{2,3})(?:[-_.]|$)")
"""A language as pages declare it: en, en-GB, pt_BR, de.UTF-8."""


def language(document: Document) -> Iterator[Fact]:
    """Facts `language` (ISO 639-1, else 639-3) and `language_confidence`; none for a text too short to tell."""
    if document.find_fact("language"):
        return
    text = sample_prose(document)
    declared = _find_declared_language(document)
    if _count_letters(text[:LETTER_SAMPLE_CHARS]) < MIN_LETTERS and _count_letters(text) < MIN_LETTERS:
        if declared is not None:
            yield Fact(declared.rule, "language", declared.value)
        return
    code, confidence = detect_language(text)
    if declared is not None and declared.value != code and _is_declared_language(text, str(declared.value), confidence):
        yield Fact(declared.rule, "language", declared.value)
    elif code:
        yield Fact("language.detect", "language", code)
        yield Fact("language.detect", "language_confidence", round(confidence, 3))


def _count_letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _find_declared_language(document: Document) -> Fact | None:
    """The language that the markup declares, as a fact `language` with a code; None where it declares none."""
    for fact in document.facts:
        if fact.key == "markup.language" and (found := _CODE_PATTERN.match(str(fact.value))):
            return Fact(fact.rule, "language", normalize_code(found[1].lower()))
    return None


def _is_declared_language(text: str, declared: str, confidence: float) -> bool:
    """Whether a text is in the declared language after all, though another was found: one that langdetect lacks, or is
    unsure of, and in which CLD3 sees it."""
    if declared in KNOWN_LANGUAGES and confidence >= SURE_CONFIDENCE:
        return False
    return normalize_code(ask_neural_detector(text).language) == declared


def sample_prose(document: Document) -> str:
    """The first characters of the document's longer whole sentences, or of all of it where it has few."""
    sentences = (one.text for one in document.blocks if len(one.text) >= MIN_PROSE_CHARS and not is_open(one.text))
    # no more sentences than these can be needed
    found = list(islice(sentences, SAMPLE_CHARS // MIN_PROSE_CHARS))
    if sum(map(len, found)) < SAMPLE_CHARS // 3:
        found = [block.text for block in document.blocks[:MAX_SAMPLE_LINES] if block.text]
    return "\n".join(found)[:SAMPLE_CHARS]

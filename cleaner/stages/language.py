"""The language of a document, asked of its prose alone.

langdetect decides, seeded so that it always says the same; its exact and much faster port langdetect-rs stands in for
it where it is installed, and `cleaner.text.langdetect_fast` elsewhere.  Where langdetect is unsure, or says one of the
languages that it confuses with those it does not know, the neural CLD3 is asked too, and believed when it names a
language that langdetect lacks.
"""

import re
from collections.abc import Iterator

from cleaner.document import Document, Fact
from cleaner.text.language_id import (
    _CODE_ALIASES,
    SAMPLE_CHARS,
    SURE_CONFIDENCE,
    _list_known_languages,
    _load_cld3,
    detect_language,
)
from cleaner.text.shape import is_open

RULES = {
    "language.detect": "The language in which the article's prose is written.",
    "language.passage": "A paragraph in another language than the article's.",
}


_CODE_PATTERN = re.compile(r"([A-Za-z]{2,3})(?:[-_.]|$)")


def language(document: Document) -> Iterator[Fact]:
    """Facts `language` (ISO 639-1, else 639-3) and `language_confidence`; none for a text too short to tell."""
    if document.find_fact("language"):
        return
    text = sample_prose(document)
    declared = _find_declared_language(document)
    if sum(map(str.isalpha, text[:40])) < 12 and sum(map(str.isalpha, text)) < 12:
        if declared is not None:
            yield Fact(declared.rule, "language", declared.value)
        return
    code, confidence = detect_language(text)
    if declared is not None and declared.value != code and _is_declared_language(text, str(declared.value), confidence):
        yield Fact(declared.rule, "language", declared.value)
    elif code:
        yield Fact("language.detect", "language", code)
        yield Fact("language.detect", "language_confidence", round(confidence, 3))


def _find_declared_language(document: Document) -> Fact | None:
    """The language that the markup declares, as a code."""
    for fact in document.facts:
        if fact.key == "markup.language" and (found := _CODE_PATTERN.match(str(fact.value))):
            code = found[1].lower()
            return Fact(fact.rule, "language", _CODE_ALIASES.get(code, code))
    return None


def _is_declared_language(text: str, declared: str, confidence: float) -> bool:
    """Whether a text is in the declared language after all, though another was found: one that langdetect lacks, or is
    unsure of, and in which CLD3 sees it."""
    if declared in _list_known_languages() and confidence >= SURE_CONFIDENCE:
        return False
    other = _load_cld3().FindLanguage(text.encode("utf-8", "replace").decode()).language.split("-")[0]
    return bool(_CODE_ALIASES.get(other, other) == declared)


def sample_prose(document: Document) -> str:
    """The first characters of the document's longer whole sentences, or of all of it where it has few."""
    found: list[str] = []
    size = 0
    for block in document.blocks:
        if len(block.text) >= 80 and not is_open(block.text):
            found.append(block.text)
            size += len(block.text)
            if size >= SAMPLE_CHARS:
                break
    if size < SAMPLE_CHARS // 3:
        found = [block.text for block in document.blocks[:200] if block.text]
    return "\n".join(found)[:SAMPLE_CHARS]

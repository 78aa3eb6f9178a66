"""Passages in another language than the article's."""

from collections.abc import Iterator

from cleaner.document import Document, Fact
from cleaner.text.language_id import CONFUSED_LANGUAGES, SAMPLE_CHARS, SURE_CONFIDENCE, detect_language
from cleaner.text.languages import load_stop_words

MIN_PASSAGE_LETTERS, MIN_PASSAGE_WORDS = 60, 9
"""Letters and words of a paragraph, at least, whose language is asked."""

MIN_STOP_WORD_SHARE = 0.12
"""Share of a language's small words from which a paragraph is taken to be in it, and nothing is asked: 98% of 34,436
English sentences have as many, 1.3% of 10,314 German ones."""


def passages(document: Document) -> Iterator[Fact]:
    """Facts `passage.language`: paragraphs that are surely in another language than the document, and in which."""
    own = document.find_fact("language")
    small = load_stop_words().get(own)
    if small is None:
        return
    for block in document.blocks:
        if len(block.text) < MIN_PASSAGE_LETTERS:
            continue
        words = block.text.lower().split()
        if len(words) >= MIN_PASSAGE_WORDS and sum(map(small.__contains__, words)) >= MIN_STOP_WORD_SHARE * len(words):
            continue
        if sum(map(str.isalpha, block.text)) < MIN_PASSAGE_LETTERS:
            continue
        code, confidence = detect_language(block.text[:SAMPLE_CHARS])
        sure = code and code != own and confidence >= SURE_CONFIDENCE and code not in CONFUSED_LANGUAGES
        if sure and _is_other_language(block.text, words, code, small):
            yield Fact("language.passage", "passage.language", code, block.start, block.end)


def _is_other_language(text: str, words: list[str], code: str, small: frozenset[str]) -> bool:
    """Whether small words or the script speak for this language against the document's: names alone do not."""
    theirs = load_stop_words().get(code)
    if theirs is None:
        return not text.isascii() and sum(letter > "\u036f" for letter in text) > len(text) // 2
    return sum(word in theirs for word in words) > max(2, 2 * sum(word in small for word in words))

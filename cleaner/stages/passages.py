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

MIN_FOREIGN_STOP_WORDS, FOREIGN_RATIO = 2, 2
"""How many small words of another language must be exceeded, and how many times those of the document's, for a
paragraph to be in it: names alone are in no language."""

LAST_LATIN_CHAR = "\u036f"
"""The last letter or accent of Latin scripts."""


def passages(document: Document) -> Iterator[Fact]:
    """Facts `passage.language`: paragraphs that are surely in another language than the document, and in which."""
    own = document.find_fact("language")
    small = load_stop_words().get(own or "")
    if small is None:
        return
    unsure = CONFUSED_LANGUAGES | {"", own}
    for block in document.blocks:
        if len(block.text) < MIN_PASSAGE_LETTERS:
            continue
        words = block.text.lower().split()
        if _is_own_language(words, small) or sum(map(str.isalpha, block.text)) < MIN_PASSAGE_LETTERS:
            continue
        code, confidence = detect_language(block.text[:SAMPLE_CHARS])
        is_sure = confidence >= SURE_CONFIDENCE and code not in unsure
        if is_sure and _is_other_language(block.text, words, code, small):
            yield Fact("language.passage", "passage.language", code, block.start, block.end)


def _is_own_language(words: list[str], small: frozenset[str]) -> bool:
    """Whether the words of a paragraph, in small letters, have so many small words that its language is not asked."""
    share = MIN_STOP_WORD_SHARE * len(words)
    return len(words) >= MIN_PASSAGE_WORDS and sum(map(small.__contains__, words)) >= share


def _is_other_language(text: str, words: list[str], code: str, small: frozenset[str]) -> bool:
    """Whether small words or the script show this language rather than the document's: names alone do not."""
    theirs = load_stop_words().get(code)
    if theirs is None:
        return not text.isascii() and sum(map(LAST_LATIN_CHAR.__lt__, text)) > len(text) // 2
    own, other = (sum(map(known.__contains__, words)) for known in (small, theirs))
    return other > max(MIN_FOREIGN_STOP_WORDS, FOREIGN_RATIO * own)

"""Passages in another language than the article's."""

from collections.abc import Iterator

from cleaner.document import Document, Fact
from cleaner.text.language_id import CONFUSED_LANGUAGES, SAMPLE_CHARS, SURE_CONFIDENCE, detect_language

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

_STOP_WORD_LISTS = {
    "en": "the of and to in a is that for on was with as it at by from are his be this have he an not but has had her",
    "de": "der die das und in zu den ist mit von auf für nicht ein eine im dem des sich auch als es an er sie hat wird",
    "fr": "le la les de des du et en un une est que qui dans pour au sur par pas a il ce aux plus avec se son ne à",
    "es": "el la los las de del y en un una que es por con para no se a su al lo más como ha fue sus este o pero",
    "it": "il la le i di del della e in un una che è per con non si a da al dei nel alla sono ha più come anche lo gli",
    "pt": "o a os as de do da dos das e em um uma que é por com para não se no na ao mais como foi sua seu ou",
    "nl": "de het een van en in is dat op te voor met die niet zijn aan er om ook als bij was door naar hij ze maar",
    "pl": "i w z na się że do nie to jest o jak po od za przez dla ale co był są tym oraz już tak jego",
    "cs": "a v se na je že z do s o to i za pro k by jako po ale od podle který které jsou byl až také ve",
    "ru": "и в не на что с по как а к у из за о от для это он его но было был при так же до все",
    "uk": "і в не на що з по як а до у та за про від для це він його але було був при так ж все й",
    "sv": "och i att det som en på är av för med den till inte om ett har de var han från men sig hon kan",
    "tr": "ve bir bu da de için ile olarak daha çok olan en gibi kadar sonra ise ne o var değil ancak her",
}

"""The most common small words of languages."""

_STOP_WORDS = {language: frozenset(words.split()) for language, words in _STOP_WORD_LISTS.items()}


def passages(document: Document) -> Iterator[Fact]:
    """Facts `passage.language`: paragraphs that are surely in another language than the document, and in which."""
    own = document.find_fact("language")
    small = _STOP_WORDS.get(own or "")
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
    theirs = _STOP_WORDS.get(code)
    if theirs is None:
        return not text.isascii() and sum(map(LAST_LATIN_CHAR.__lt__, text)) > len(text) // 2
    own, other = (sum(map(known.__contains__, words)) for known in (small, theirs))
    return other > max(MIN_FOREIGN_STOP_WORDS, FOREIGN_RATIO * own)

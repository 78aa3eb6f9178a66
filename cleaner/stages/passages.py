"""Passages in another language than the article's."""

from collections.abc import Iterator

from cleaner.document import Document, Fact
from cleaner.text.language_id import CONFUSED_LANGUAGES, SAMPLE_CHARS, SURE_CONFIDENCE, detect_language

MIN_PASSAGE_LETTERS, MIN_PASSAGE_WORDS = 60, 9
"""Letters and words of a paragraph, at least, whose language is asked."""

MIN_STOP_WORD_SHARE = 0.12
"""Share of a language's small words from which a paragraph is taken to be in it, and nothing is asked: 98% of 34,436
English sentences have as many, 1.3% of 10,314 German ones."""

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

_STOP_WORDS = {language: frozenset(words.split()) for language, words in _STOP_WORD_LISTS.items()}


def passages(document: Document) -> Iterator[Fact]:
    """Facts `passage.language`: paragraphs that are surely in another language than the document, and in which."""
    own = document.find_fact("language")
    small = _STOP_WORDS.get(own or "")
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
    theirs = _STOP_WORDS.get(code)
    if theirs is None:
        return not text.isascii() and sum(letter > "\u036f" for letter in text) > len(text) // 2
    return sum(word in theirs for word in words) > max(2, 2 * sum(word in small for word in words))

"""The language of a document, asked of its prose alone.

langdetect decides, seeded so that it always says the same; its exact and much faster port langdetect-rs stands in for
it where it is installed, and `cleaner.detector` elsewhere.  Where langdetect is unsure, or says one of the languages
that it confuses with those it does not know, the neural CLD3 is asked too, and believed when it names a language that
langdetect lacks.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from cleaner.document import Document, Fact
from cleaner.prose import is_open

RULES = {
    "language.detect": "The language in which the article's prose is written.",
    "language.passage": "A paragraph in another language than the article's.",
}

SAMPLE = 400
"""Characters that are read: 3 languages of 1,855 renderings wrong, as with 600, in two thirds of the time."""

SURE = 0.999
CONFUSED = frozenset({"sw", "so", "tl", "id", "af", "hr", "et", "fi"})
"""What langdetect calls the languages it does not know (Zulu and Xhosa are `sw` to it, with full confidence)."""

_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_.]|$)")
_CODES = {"iw": "he", "jw": "jv", "nb": "no", "fil": "tl"}


def language(document: Document) -> Iterator[Fact]:
    """Facts `language` (ISO 639-1, else 639-3) and `language_confidence`; none for a text too short to tell."""
    if document.fact("language"):
        return
    text = sample(document)
    declared = _declared(document)
    if sum(map(str.isalpha, text[:40])) < 12 and sum(map(str.isalpha, text)) < 12:
        if declared is not None:
            yield Fact(declared.rule, "language", declared.value)
        return
    code, confidence = detect(text)
    if declared is not None and declared.value != code and _is(text, declared.value, confidence):
        yield Fact(declared.rule, "language", declared.value)
    elif code:
        yield Fact("language.detect", "language", code)
        yield Fact("language.detect", "language_confidence", round(confidence, 3))


def _declared(document: Document) -> Fact | None:
    """The language that the markup declares, as a code."""
    for fact in document.facts:
        if fact.key == "markup.language" and (found := _CODE.match(str(fact.value))):
            code = found[1].lower()
            return Fact(fact.rule, "language", _CODES.get(code, code))
    return None


def _is(text: str, declared: str, confidence: float) -> bool:
    """Whether a text is in the declared language after all, though another was found: one that langdetect lacks, or is
    unsure of, and in which CLD3 sees it."""
    if declared in _known() and confidence >= SURE:
        return False
    other = _second().FindLanguage(text.encode("utf-8", "replace").decode()).language.split("-")[0]
    return bool(_CODES.get(other, other) == declared)


LEAST_LETTERS, LEAST_WORDS = 60, 9
"""Letters and words of a paragraph, at least, whose language is asked."""

OWN = 0.12
"""Share of a language's small words from which a paragraph is taken to be in it, and nothing is asked: 98% of 34,436
English sentences have as many, 1.3% of 10,314 German ones."""

_SMALL = {
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
_SMALL_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}


def passages(document: Document) -> Iterator[Fact]:
    """Facts `passage.language`: paragraphs that are surely in another language than the document, and in which."""
    own = document.fact("language")
    small = _SMALL_WORDS.get(own)
    if small is None:
        return
    for block in document.blocks:
        if len(block.text) < LEAST_LETTERS:
            continue
        words = block.text.lower().split()
        if len(words) >= LEAST_WORDS and sum(map(small.__contains__, words)) >= OWN * len(words):
            continue
        if sum(map(str.isalpha, block.text)) < LEAST_LETTERS:
            continue
        code, confidence = detect(block.text[:SAMPLE])
        sure = code and code != own and confidence >= SURE and code not in CONFUSED
        if sure and _apart(block.text, words, code, small):
            yield Fact("language.passage", "passage.language", code, block.start, block.end)


def _apart(text: str, words: list[str], code: str, small: frozenset[str]) -> bool:
    """Whether small words or the script speak for this language against the document's: names alone do not."""
    theirs = _SMALL_WORDS.get(code)
    if theirs is None:
        return not text.isascii() and sum(letter > "\u036f" for letter in text) > len(text) // 2
    return sum(word in theirs for word in words) > max(2, 2 * sum(word in small for word in words))


def sample(document: Document) -> str:
    """The first characters of the document's longer whole sentences, or of all of it where it has few."""
    found: list[str] = []
    size = 0
    for block in document.blocks:
        if len(block.text) >= 80 and not is_open(block.text):
            found.append(block.text)
            size += len(block.text)
            if size >= SAMPLE:
                break
    if size < SAMPLE // 3:
        found = [block.text for block in document.blocks[:200] if block.text]
    return "\n".join(found)[:SAMPLE]


def detect(text: str) -> tuple[str, float]:
    """Language code and confidence of a text; ("", 0) where nothing can be told."""
    detect_langs, error = _detector()
    try:
        first = detect_langs(text)[0]
    except error:
        return "", 0.0
    code, confidence = first.lang.split("-")[0], first.prob
    if confidence < SURE or code in CONFUSED:
        other = _second().FindLanguage(text.encode("utf-8", "replace").decode())
        second = _CODES.get(other.language.split("-")[0], other.language.split("-")[0])
        if other.is_reliable and second not in _known():
            return second, float(other.probability)
    return code, confidence


@cache
def _detector() -> tuple[Any, type[Exception]]:
    try:
        import langdetect_rs as library
    except ImportError:
        from cleaner import detector as library
    else:
        library.DetectorFactory.seed = 0
    return library.detect_langs, library.LangDetectException


@cache
def _second() -> Any:
    import gcld3

    return gcld3.NNetLanguageIdentifier(0, 4 * SAMPLE)


@cache
def _known() -> frozenset[str]:
    """The languages that langdetect knows (its README)."""
    return frozenset(
        "af ar bg bn ca cs cy da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk ml mr ne nl no pa pl "
        "pt ro ru sk sl so sq sv sw ta te th tl tr uk ur vi zh".split()
    )

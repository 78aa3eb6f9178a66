"""Which language a text is in: langdetect, and CLD3 where langdetect is unsure or lacks the language."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cleaner.text.langdetect_fast import Guess

SAMPLE_CHARS = 400
"""Characters that are read: 3 languages of 1,855 renderings wrong, as with 600, in two thirds of the time."""

SURE_CONFIDENCE = 0.999
"""Probability from which langdetect is believed alone."""

CONFUSED_LANGUAGES = frozenset({"sw", "so", "tl", "id", "af", "hr", "et", "fi"})
"""What langdetect calls the languages it does not know (Zulu and Xhosa are `sw` to it, with full confidence)."""

KNOWN_LANGUAGES = frozenset(
    "af ar bg bn ca cs cy da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk ml mr ne nl no pa pl "
    "pt ro ru sk sl so sq sv sw ta te th tl tr uk ur vi zh".split()
)
"""The languages that langdetect knows (its README)."""

_CODE_ALIASES = {"iw": "he", "jw": "jv", "nb": "no", "fil": "tl"}
"""Codes that are no longer used, or are written otherwise by langdetect, and those that stand in the record."""


class NeuralGuess(Protocol):
    """A language as CLD3 gives it."""

    language: str
    probability: float
    is_reliable: bool


class NeuralDetector(Protocol):
    """CLD3's detector."""

    def FindLanguage(self, text: str) -> NeuralGuess:
        """The language of a text."""


def normalize_code(code: str) -> str:
    """The code of a language without its region and script, as the record has it."""
    code = code.split("-")[0]
    return _CODE_ALIASES.get(code, code)


def detect_language(text: str) -> tuple[str, float]:
    """Language code and confidence (0 to 1) of a text; ("", 0) where nothing can be told."""
    detect_langs, error = _load_langdetect()
    try:
        first = detect_langs(text)[0]
    except error:
        return "", 0.0
    code, confidence = first.lang.split("-")[0], first.prob
    if confidence < SURE_CONFIDENCE or code in CONFUSED_LANGUAGES:
        other = ask_neural_detector(text)
        second = normalize_code(other.language)
        if other.is_reliable and second not in KNOWN_LANGUAGES:
            return second, float(other.probability)
    return code, confidence


def ask_neural_detector(text: str) -> NeuralGuess:
    """What CLD3 says of a text; lone surrogates are question marks to it."""
    return _load_cld3().FindLanguage(text.encode("utf-8", "replace").decode())


@cache
def _load_langdetect() -> tuple[Callable[[str], "Sequence[Guess]"], type[Exception]]:
    """langdetect, or the fastest stand-in for it that is installed, and the exception by which it says that it cannot.

    All of them are seeded, so that they always say the same of a text.
    """
    try:
        import langdetect_rs as library
    except ImportError:
        from cleaner.text import langdetect_fast as library
    else:
        library.DetectorFactory.seed = 0
    return library.detect_langs, library.LangDetectException


@cache
def _load_cld3() -> NeuralDetector:
    """CLD3, which reads as many bytes as SAMPLE_CHARS characters can have."""
    import gcld3

    made: NeuralDetector = gcld3.NNetLanguageIdentifier(0, 4 * SAMPLE_CHARS)
    return made

"""Which language a text is in: langdetect, and CLD3 where langdetect is unsure or lacks the language."""

from functools import cache
from typing import Any

SAMPLE_CHARS = 400
"""Characters that are read: 3 languages of 1,855 renderings wrong, as with 600, in two thirds of the time."""

SURE_CONFIDENCE = 0.999

CONFUSED_LANGUAGES = frozenset({"sw", "so", "tl", "id", "af", "hr", "et", "fi"})
"""What langdetect calls the languages it does not know (Zulu and Xhosa are `sw` to it, with full confidence)."""

_CODE_ALIASES = {"iw": "he", "jw": "jv", "nb": "no", "fil": "tl"}


def detect_language(text: str) -> tuple[str, float]:
    """Language code and confidence of a text; ("", 0) where nothing can be told."""
    detect_langs, error = _load_langdetect()
    try:
        first = detect_langs(text)[0]
    except error:
        return "", 0.0
    code, confidence = first.lang.split("-")[0], first.prob
    if confidence < SURE_CONFIDENCE or code in CONFUSED_LANGUAGES:
        other = _load_cld3().FindLanguage(text.encode("utf-8", "replace").decode())
        second = _CODE_ALIASES.get(other.language.split("-")[0], other.language.split("-")[0])
        if other.is_reliable and second not in _list_known_languages():
            return second, float(other.probability)
    return code, confidence


@cache
def _load_langdetect() -> tuple[Any, type[Exception]]:
    try:
        import langdetect_rs as library
    except ImportError:
        from cleaner.text import langdetect_fast as library
    else:
        library.DetectorFactory.seed = 0
    return library.detect_langs, library.LangDetectException


@cache
def _load_cld3() -> Any:
    import gcld3

    return gcld3.NNetLanguageIdentifier(0, 4 * SAMPLE_CHARS)


@cache
def _list_known_languages() -> frozenset[str]:
    """The languages that langdetect knows (its README)."""
    return frozenset(
        "af ar bg bn ca cs cy da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk ml mr ne nl no pa pl "
        "pt ro ru sk sl so sq sv sw ta te th tl tr uk ur vi zh".split()
    )

"""Blocks of Unicode by script, written as the inside of a character class: `re.compile(f"[{UNSPACED}]")`.

The tables differ on purpose.  Which one a question needs depends on whether punctuation, Korean (which has spaces) or
the scripts of Southeast Asia belong to it; the docstring of each table says so.
"""

THAI_LAO, MYANMAR, KHMER = "\u0e00-\u0eff", "\u1000-\u109f", "\u1780-\u17ff"
HIRAGANA, KANA = "\u3040-\u309f", "\u3040-\u30ff"
IDEOGRAPHS, COMPATIBILITY_IDEOGRAPHS = "\u3400-\u9fff", "\uf900-\ufaff"
HANGUL = "\uac00-\ud7a3"

SOUTHEAST_ASIAN = THAI_LAO + MYANMAR + KHMER
"""Scripts that may mark the borders of words with a zero-width space, as Chinese and Japanese do not."""

JAPANESE_CHINESE = KANA + IDEOGRAPHS
"""Letters of Japanese and Chinese, for counting words where Thai and its neighbours are left as runs."""

UNSPACED = SOUTHEAST_ASIAN + JAPANESE_CHINESE + COMPATIBILITY_IDEOGRAPHS
"""Letters of all scripts written without spaces between words; no punctuation, and not Korean, which has spaces."""

KANA_TO_IDEOGRAPHS = "\u3040-\u9fff"
"""One range over JAPANESE_CHINESE and what lies between (Bopomofo, compatibility signs), which is in no word."""

SET_SOLID = "\u3000-\u9fff" + COMPATIBILITY_IDEOGRAPHS + "\uff00-\uff9f"
"""What joins the next line without a space: letters of Chinese and Japanese, their punctuation and full-width forms.

Without the scripts of Southeast Asia, which set spaces between phrases.
"""

EAST_ASIAN_TEXT = "\u3000-\u30ff\u4e00-\u9fff" + HANGUL + "\uff00-\uffef"
"""Common characters of Chinese, Japanese and Korean: bytes that decode to these alone are no accident.

Without the rare ideographs of extension A (3400–4dff).
"""

EAST_ASIAN_NEIGHBOURS = "\u2e80-\ud7ff" + COMPATIBILITY_IDEOGRAPHS + "\uff00-\uffef\U00020000-\U0003ffff"
"""Everything of Chinese, Japanese and Korean, beside which quotes and dashes have no spaces: punctuation, radicals and
the further planes too."""


def list_ranges(characters: str) -> list[tuple[int, int]]:
    """First and last code point of each range of a table above, every range being three characters such as `a-z`."""
    return list(zip(map(ord, characters[::3]), map(ord, characters[2::3]), strict=True))

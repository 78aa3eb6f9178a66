"""The name of a month before or behind a number."""

import re
from collections.abc import Mapping

from cleaner.text.dates.words import LAST_CAPITAL, WORD_PATTERN, DateLexicon, fold_word, fold_words

_JOINTS = re.compile(r"[\s./\-'’]+")
"""What stands between the words of a month: "de enero de", "نيسان / أبريل"."""

_REACH_CHARS = 32
"""Characters before a day in which the name of its month ends and begins."""

_MAX_MONTH_WORDS = 3
"""Words of the longest month: "tháng mười hai"."""

_GAP_CHARS = " \u00a0\u202f.,'’/-"
"""What may stand between a month and its day."""

_MIN_GLUED_CHARS = 3
"""The shortest month that is believed when it sticks to a word: "TimesMar 24"."""


def find_month(name: str, words: DateLexicon) -> int | None:
    """The month that one to four words name: "de enero de", "نيسان / أبريل", "TimesMarch"."""
    parts = fold_words(filter(None, _JOINTS.split(name)))
    named = [part for part in parts if part in words.months or part not in words.between]
    whole = words.months.get(" ".join(parts)) or words.months.get(" ".join(named))
    return whole or _find_common_month(named, words)


def _find_common_month(parts: list[str], words: DateLexicon) -> int | None:
    """The month of words that all mean the same one; one of two may have several words ("January / كانون الثاني")."""
    months = set(map(words.months.get, parts))
    if len(months) == 1:
        return months.pop()
    pairs = ((words.months.get(" ".join(parts[:cut])), " ".join(parts[cut:])) for cut in range(1, len(parts)))
    return next((month for month, other in pairs if month and month == words.months.get(other)), None)


def find_month_before(
    text: str, at: int, behind: int, words: DateLexicon, months: Mapping[str, int]
) -> tuple[int, int] | None:
    """The month of this table whose name ends at `at`, and where the name begins; `behind` ends the date before."""
    low = max(behind, at - _REACH_CHARS)
    head = text[low:at]
    end = len(head)
    if head[-1:].isdigit():
        return None
    found = list(WORD_PATTERN.finditer(head))
    while found:
        word = found[-1]
        if head[word.end() : end].strip(_GAP_CHARS):
            return None
        keys = [fold_word(one[0]) for one in found[-_MAX_MONTH_WORDS:]]
        for size in range(len(keys), 0, -1):  # the longest first: "tháng mười" ends in "tháng mười hai" nowhere else
            if month := months.get(" ".join(keys[-size:])):
                return month, low + found[-size].start()
        if keys[-1] not in words.between:
            return _find_glued_month(word, low, words)
        end = word.start()
        found.pop()
    return None


def _find_glued_month(word: re.Match[str], low: int, words: DateLexicon) -> tuple[int, int] | None:
    """The month that sticks to another word, if a capital opens it: "TimesMarch 24"."""
    glued = LAST_CAPITAL.search(word[0])
    if glued is None or len(glued[0]) < _MIN_GLUED_CHARS:
        return None
    month = words.months.get(fold_word(glued[0]))
    return (month, low + word.start() + glued.start()) if month else None

"""The name of a month before or behind a number."""

import re

from cleaner.text.dates.words import LAST_CAPITAL, WORD_PATTERN, DateLexicon, fold_word

_MONTH_JOINTS = re.compile(r"[\s./\-'’]+")


def find_month(name: str, words: DateLexicon) -> int | None:
    """The month that one to four words name: "de enero de", "نيسان / أبريل", "TimesMarch"."""
    parts = [fold_word(part) for part in _MONTH_JOINTS.split(name) if part]
    whole = " ".join(parts)
    if whole in words.months:
        return words.months[whole]
    parts = [part for part in parts if part in words.months or part not in words.between]
    whole = " ".join(parts)
    if whole in words.months:
        return words.months[whole]
    months = {words.months.get(part) for part in parts}
    if len(months) == 1 and parts:
        return months.pop()
    # two months of one meaning, the second in two words: "January / كانون الثاني"
    for cut in range(1, len(parts)):
        left, right = words.months.get(" ".join(parts[:cut])), words.months.get(" ".join(parts[cut:]))
        if left and left == right:
            return left
    return None


def find_month_before(text: str, at: int, behind: int, words: DateLexicon) -> tuple[int, int] | None:
    """The month whose name ends at `at`, and where the name begins."""
    low = max(behind, at - 32)
    head = text[low:at]
    end = len(head)
    if not end or head[-1].isdigit():
        return None
    for word in reversed(list(WORD_PATTERN.finditer(head))):
        if head[word.end() : end].strip(" \u00a0\u202f.,'’"):
            return None
        key = fold_word(word[0])
        month = words.months.get(key)
        if month:
            return month, low + word.start()
        if key not in words.between:
            glued = LAST_CAPITAL.search(word[0])  # "TimesMarch 24", but only where a capital opens it
            month = words.months.get(fold_word(glued[0])) if glued else None
            return (month, low + word.start() + glued.start()) if glued and month and len(glued[0]) > 2 else None
        end = word.start()
    return None

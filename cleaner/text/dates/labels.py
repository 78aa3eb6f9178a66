"""What the words beside a date call it: published or modified.

Before a date: "Published on", "Zuletzt aktualisiert am", "発行日:". Behind it, in Chinese, Japanese and Hindi: 更新.
"""

import re

from cleaner.text.dates.stamp import Label
from cleaner.text.dates.words import FIRST_UNCASED_CHAR, LAST_CAPITAL, WORD_PATTERN, DateLexicon, fold_word, fold_words

_REACH_CHARS = 60
"""Characters before a date in which its label stands."""

_REACH_BEHIND_CHARS = 24
"""Characters behind a date in which its label stands."""

_FIRST_INDIC_CHAR = "\u0900"
"""Hindi is the first of the scripts whose labels stand behind a date."""

_LABEL_SIZES = (1, 2, 3)
"""Words of a label: "updated", "mis en ligne"."""

_BYLINE_SIZES = range(3, 9)
"""Words of "Published by Jane Doe on", without the last: label, by-word and a name."""

_UNCASED_TAIL = re.compile(r"[日時时間间期于於在자시각]{0,4}\s?[\s:：|/]*$")
"""What may follow a label in a script without blanks: "day", "time", a colon."""

_PART_START = re.compile(r".*(?:[|•·–—―/;,:(\[]|\s-\s|\d)", re.DOTALL)
"""All up to the last sign that parts a line."""

_OWN_DATE = re.compile(r"\s*[日时時间間:：于於\d]")
"""What shows that a label behind a date is that of the next one: 更新日, 更新:."""


def read_label(head: str, words: DateLexicon) -> Label | None:
    """What the words at the end of `head`, directly before a date, call it.

    Words like "on", "am", a weekday, may stand between. A label written small must open its part of the line, or
    follow an opener ("last updated"): "a study published on" is prose."""
    head = head[-_REACH_CHARS:]
    if not head or head.isspace():
        return None
    return _read_uncased_label(head, words) or _read_cased_label(head, words)


def _read_uncased_label(head: str, words: DateLexicon) -> Label | None:
    """A label in a script without blanks: the text ends in it, perhaps with "day" or "time" behind."""
    if head.isascii():
        return None
    trimmed = _UNCASED_TAIL.sub("", head)
    if trimmed[-1:] < FIRST_UNCASED_CHAR:
        return None
    return next((kind for form, kind in words.uncased if trimmed.endswith(form)), None)


def _read_cased_label(head: str, words: DateLexicon) -> Label | None:
    """A label of words with blanks between."""
    spans = list(WORD_PATTERN.finditer(head))
    keys = [fold_word(span[0]) for span in spans]
    while keys and keys[-1] in words.fillers:
        keys.pop()
    if not keys:
        return None
    last = spans[len(keys) - 1]
    if keys[-1] not in words.labels and (label := _read_glued_label(last[0], words)):
        return label
    size = next((size for size in _LABEL_SIZES if " ".join(keys[-size:]) in words.labels), 0)
    if not size:
        return _read_byline_label(spans[0][0], keys, words)
    first = spans[len(keys) - size]
    if first[0][0].islower() and not _is_opening(head[: first.start()], words):
        return None
    return words.labels[" ".join(keys[-size:])]


def _read_glued_label(word: str, words: DateLexicon) -> Label | None:
    """ "MillsPublished": a label with a capital behind another word."""
    glued = LAST_CAPITAL.search(word)
    return words.labels.get(fold_word(glued[0])) if glued and glued.start() else None


def _read_byline_label(first: str, keys: list[str], words: DateLexicon) -> Label | None:
    """ "Published by Jane Doe on": the label opens the line, and a by-word follows."""
    is_byline = len(keys) in _BYLINE_SIZES and keys[1] in words.by and not first[0].islower()
    return words.labels.get(keys[0]) if is_byline else None


def _is_opening(opening: str, words: DateLexicon) -> bool:
    """Whether a label behind this text opens its part of the line, or follows an opener: "By Jane Doe Last updated"."""
    start = _PART_START.match(opening)
    before = WORD_PATTERN.findall(opening, start.end() if start else 0)
    keys = fold_words(before)
    follows_opener = bool(before) and before[-1][0].isupper() and keys[-1] in words.openers
    return follows_opener or words.lead_ins.issuperset(keys)


def read_label_behind(text: str, at: int, words: DateLexicon) -> Label | None:
    """更新, 配信 … directly behind the date, and not the label of the next one."""
    rest = text[at : at + _REACH_BEHIND_CHARS].lstrip(" )")
    if rest[:1] < _FIRST_INDIC_CHAR:
        return None
    form, kind = next((label for label in words.behind if rest.startswith(label[0])), ("", None))
    return None if _OWN_DATE.match(rest, len(form)) else kind

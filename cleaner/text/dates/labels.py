"""What the words beside a date call it: published or modified."""

import re

from cleaner.text.dates.stamp import Label
from cleaner.text.dates.words import LAST_CAPITAL, WORD_PATTERN, DateLexicon, fold_word

_LABEL_TAIL = re.compile(r"[日時时间間期于於在자시각]{0,4}\s?[\s:：|/]*$")

_SEPARATOR = re.compile(r"[|•·–—―/;,:(\[]|\s-\s|\d")


def read_label(head: str, words: DateLexicon) -> Label | None:
    """What the words at the end of `head`, directly before a date, call it.

    Words like "on", "am", a weekday, may stand between. A label written small must open its part of the line, or
    follow an opener ("last updated"): "a study published on" is prose."""
    head = head[-60:]
    if not head or head.isspace():
        return None
    if not head.isascii():
        trimmed = _LABEL_TAIL.sub("", head)
        for form, kind in words.uncased if trimmed and trimmed[-1] >= "\u0e00" else ():
            if trimmed.endswith(form):
                return kind
    spans = list(WORD_PATTERN.finditer(head))
    keys = [fold_word(span[0]) for span in spans]
    while keys and keys[-1] in words.between and keys[-1] not in words.labels:
        keys.pop()
    if not keys:
        return None
    count = len(keys)
    label, first = words.labels.get(keys[-1]), spans[count - 1]
    if label is None:
        glued = LAST_CAPITAL.search(first[0])  # "MillsPublished"
        if glued and glued.start() and (label := words.labels.get(fold_word(glued[0]))):
            return label
        for size in (2, 3):
            if label is None and count >= size and (label := words.labels.get(" ".join(keys[-size:]))):
                first = spans[count - size]
    if label is None:  # "Published by Jane Doe on"
        by = count > 2 and count < 9 and keys[1] in words.by and not spans[0][0][0].islower()
        return words.labels.get(keys[0]) if by else None
    if not first[0][0].islower():
        return label
    opening = head[: first.start()]
    part = opening[max((cut.end() for cut in _SEPARATOR.finditer(opening)), default=0) :]
    before = WORD_PATTERN.findall(part)[-1:]
    if before and before[0][0].isupper() and fold_word(before[0]) in words.openers:
        return label  # "By Jane Doe Last updated"
    opened = all(key in words.openers or key in words.between for key in map(fold_word, WORD_PATTERN.findall(part)))
    return label if opened else None


def read_label_after(text: str, at: int, words: DateLexicon) -> Label | None:
    """更新, 配信 … directly behind the date, and not the label of the next one."""
    rest = text[at : at + 24].lstrip(" )")
    if not rest or rest[0] < "\u0900":
        return None
    for form, kind in words.behind:
        if rest.startswith(form):
            follows = rest[len(form) :].lstrip()[:1]
            return None if follows in tuple("日时時间間:：于於") or follows.isdigit() else kind
    return None

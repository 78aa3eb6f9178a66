"""A caption and its credit, mended where they were parted at the wrong sign, and the counters of galleries."""

import re

from cleaner.facts import Media

MIN_CREDIT_WORDS, MAX_CREDIT_WORDS = 2, 10
"""Words of a credit that stands in capitals behind a caption: one alone is an abbreviation."""

MAX_OPEN_CHARS = 20
"""Characters behind a bracket that a caption leaves open: the agency of its credit, "(AP"."""

_COUNTER = re.compile(r"^\(?\d{1,3}\s*(?:/|of|von|de|di|van|av|af|sur|din|из|з|z|ze)\s*\d{1,3}\)?\s*[|:.–—-]?\s+", re.I)
"""The number of a picture in its gallery: "2 of 4 | "."""

_OPEN_BRACKET = re.compile(rf"\s*[(\[](?P<agency>[^()\[\]]{{1,{MAX_OPEN_CHARS}}})\Z")
_SENTENCE_END = re.compile(r"[.!?…]['\"”’»]*\s+")


def mend_media(media: Media) -> Media:
    """The same caption and credit, each with what belongs to it."""
    caption, credit = media.caption, media.credit
    if caption and credit and (tail := _OPEN_BRACKET.search(caption)):
        caption, credit = caption[: tail.start()], f"{credit}/{tail['agency'].strip()}"
    elif caption and not credit:
        caption, credit = _split_capitals(caption)
    if credit and credit.count("(") == credit.count(")") + 1:
        credit = f"{credit})"
    return Media(strip_counter(caption) if caption else caption, credit, media.url)


def strip_counter(caption: str) -> str:
    """A caption without the number of its picture; as it is, where nothing else is left."""
    return _COUNTER.sub("", caption) or caption


def has_counter(media: Media) -> bool:
    """Whether a caption says which picture of a gallery it belongs to."""
    return bool(media.caption) and _COUNTER.match(media.caption or "") is not None


def _split_capitals(caption: str) -> tuple[str, str | None]:
    """A caption and the credit behind its last sentence, where that stands in capitals and nothing else does."""
    end = max((found.end() for found in _SENTENCE_END.finditer(caption)), default=0)
    head, tail = caption[:end].rstrip(), caption[end:]
    words = len(tail.split())
    is_credit = end and tail.isupper() and MIN_CREDIT_WORDS <= words <= MAX_CREDIT_WORDS and not head.isupper()
    return (head, tail) if is_credit else (caption, None)

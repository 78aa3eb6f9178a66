"""The words of what stands around an article, in every language covered: one place for texts and for pages.

A consent box is told by who speaks in it ("we and our partners") together with what it speaks of: the purposes of the
Transparency and Consent Framework, cookies, devices, personal data.  An article about consent has the second without
the first, or between quotation marks.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from cleaner.text.automaton import MATCH_ANYWHERE, Automaton
from cleaner.text.languages import collect_phrases, load_languages

MIN_CONSENT_TERMS, MIN_AMID_CONSENT_TERMS = 2, 3
"""Terms of a consent box in one of its sentences, beside the words of who speaks; and in one between two paragraphs."""

MAX_BUTTON_CHARS = 40
"""Characters of a button's name between quotation marks: longer quotations are somebody's words."""

LINE_CACHE_SIZE = 512
"""Lines whose answer is remembered: a page asks about the same lines before and behind its extraction."""

MAX_LABEL_CHARS = 60
"""Characters of the longest label that ends an article."""

AUTOMATON_BYTES = 1 << 20
"""Memory of the set of all voices, to begin with."""

_NUMBER = re.compile(r"\d[\d.,'\s]*")
_ASCII_SIGNS = bytes(code for code in range(128) if not chr(code).isalpha())
_OTHER_BLANKS = tuple(
    map(str.encode, "’\x85\xa0\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))))
)
"""The apostrophe, and blanks outside of ASCII, in UTF-8."""

_OWN_DIGIT_BYTES = b"\xd9\xdb\xdf\xe0\xe1\xea\xef\xf0"
"""With what characters begin in UTF-8 in blocks that have digits of their own."""

_QUOTED_BUTTON = re.compile(rf"[\"“”„«»「『]\s*[^\"“”„«»「」『』]{{1,{MAX_BUTTON_CHARS}}}[\"“”«»」』]")
_LABEL_SIGNS = ' .,:;!?…()[]|•·–—-«»"#*>'
_LABEL_EDGES = _LABEL_SIGNS + "0123456789'’\t\xa0\u2009\u202f"
"""Signs at the edges of a label, and what goes with its numbers."""

QUOTE_SIGNS = frozenset('"“”„«»「」『』')


def has_consent_voice(lines: Sequence[str]) -> bool:
    """Whether somebody speaks in these lines as consent boxes do: a quick look before `is_consent` is asked."""
    text = "\n".join(lines)
    bare = _squeeze(text)
    if bare is not None and not _load_bare_voices().match(bare):
        return False
    return bool(_load_voices().match(_fold(text).encode("utf-8", "replace")))


@lru_cache(LINE_CACHE_SIZE)
def is_consent(line: str, is_amid: bool = False) -> bool:
    """Whether a line is a sentence of a consent box; one that stands `is_amid` paragraphs must say more of it."""
    text = _fold(_QUOTED_BUTTON.sub(" ", line))
    if not QUOTE_SIGNS.isdisjoint(text):
        return False
    least = MIN_AMID_CONSENT_TERMS if is_amid else MIN_CONSENT_TERMS
    spoken = (own for own in load_languages().values() if any(voice in text for voice in own.around.consent_voices))
    return any(sum(term in text for term in own.around.consent_terms) >= least for own in spoken)


def is_about_consent(lines: Sequence[str]) -> bool:
    """Whether lines use some terms of consent boxes, whoever speaks: enough for what lies over a page."""
    text = _fold("\n".join(lines))
    languages = load_languages().values()
    return any(sum(term in text for term in own.around.consent_terms) >= MIN_CONSENT_TERMS for own in languages)


@lru_cache(LINE_CACHE_SIZE)
def count_appeals(line: str) -> int:
    """How many phrases of an appeal a line holds: to subscribe, to log in, to give; none where somebody is quoted."""
    text = _fold(line)
    if not QUOTE_SIGNS.isdisjoint(text):
        return 0
    found = _load_appeals().match(text.encode("utf-8", "replace"))
    return len(found or ())


def closes_article(line: str) -> bool:
    """Whether a whole line is a label of comments or of other articles, with or without their number."""
    if len(line) > MAX_LABEL_CHARS:
        return False
    bare = _squeeze(line.strip(_LABEL_EDGES))
    if bare is not None and bare not in _load_bare_closers():
        return False
    label = _fold(line).strip(_LABEL_SIGNS)
    return label in _load_closers()


def _fold(text: str) -> str:
    """A text as the words of the language files are looked for in it."""
    return " ".join(_NUMBER.sub("", text.lower().replace("’", "'")).split())


def _squeeze(text: str) -> bytes | None:
    """The letters of a text in one piece, a tenth of the work of `_fold`: what is not in them is not in the folded
    text.  None for a text in a script that has digits of its own, which need more care.
    """
    data = text.lower().encode("utf-8", "replace")
    if not data.isascii():
        if any(map(data.__contains__, _OWN_DIGIT_BYTES)):
            return None
        for blank in _OTHER_BLANKS:
            data = data.replace(blank, b"")
    return data.translate(None, _ASCII_SIGNS)


def _squeeze_phrases(phrases: Iterable[str]) -> frozenset[bytes]:
    """The letters of phrases, of those that can stand in a text of which `_squeeze` gives them."""
    return frozenset(filter(None, map(_squeeze, phrases)))


@cache
def _load_closers() -> frozenset[str]:
    """The labels of all languages that end an article."""
    return frozenset(collect_phrases(lambda own: own.around.closers))


@cache
def _load_bare_closers() -> frozenset[bytes]:
    """Their letters."""
    return _squeeze_phrases(_load_closers())


@cache
def _load_appeals() -> Automaton:
    """The phrases of appeals in all languages."""
    phrases = collect_phrases(lambda own: own.around.appeals)
    return Automaton(list(map(re.escape, phrases)), AUTOMATON_BYTES, MATCH_ANYWHERE)


@cache
def _load_voices() -> Automaton:
    """The voices of all languages, to be looked for in one reading."""
    voices = map(re.escape, _list_voices())
    return Automaton(sorted(voices), AUTOMATON_BYTES, MATCH_ANYWHERE)


@cache
def _load_bare_voices() -> Automaton:
    """Their letters."""
    voices = (bare.decode() for bare in _squeeze_phrases(_list_voices()))
    return Automaton(sorted(map(re.escape, voices)), AUTOMATON_BYTES, MATCH_ANYWHERE)


def _list_voices() -> set[str]:
    """The voices of all languages."""
    return {voice for own in load_languages().values() for voice in own.around.consent_voices}

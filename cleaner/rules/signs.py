"""Signs of translation: what they are, and where they stand in a text.

A sign is found anywhere in a paragraph, unlike the rules for lines; it never changes a text.  The shipped ones stand in
rules/translation/*.toml; `cleaner.rules.sign_files` reads and proves them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from msgspec import Struct

from cleaner.rules.model import TomlTable
from cleaner.rules.patterns import CompiledPattern, compile_pattern, encode_text, replace_surrogates
from cleaner.text.automaton import MATCH_ANYWHERE, Automaton

PROOF_KINDS = {
    "notice": "The text itself says that it is translated.",
    "residue": "What a republishing site or a translation engine leaves behind: stamps, placeholders, loops.",
}
LITERAL_KINDS = {
    "agency": "The name of a news agency, paper or broadcaster put word for word.",
    "institution": "The name of a ministry, parliament, court or office put word for word.",
    "inversion": "A verb of saying before its subject, in an order that English does not have.",
    "calque": "A set phrase of another language put word for word.",
}
SIGN_KINDS = {
    "ordinal": "A day without its month: 'On the 28th'.",
    "attribution": "Sources named as another language does: 'According to him,' 'It is noted that'.",
    "number": "Numbers, times and dates written as in another language.",
    "transliteration": "A name in the spelling of another language that does not use its script.",
    "spelling": "Two spellings of one place that no style guide uses together.",
    "punctuation": "East Asian punctuation between Latin letters.",
    "untranslated": "Words in another script inside a sentence, outside brackets and quotes.",
}
EVIDENCE_KINDS = PROOF_KINDS | LITERAL_KINDS | SIGN_KINDS
"""Every kind of evidence, from what proves by itself to what only counts together with others."""

ANY_LANGUAGE = "any"
"""The `language` of signs that are looked for in every text."""

SIGN_AUTOMATON_BYTES = 32 << 20
"""Memory that an automaton or a pattern may use; with too little it forgets its states, and is slow."""

PATTERNS_PER_SET = 64
"""Patterns that are read for together: an automaton for all 400 has so many states that every text needs new ones."""

_PLAIN_SIGNS = {
    **dict.fromkeys("‘’‚‛´`′", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
}
_TYPOGRAPHIC_SIGN = re.compile(f"[{''.join(_PLAIN_SIGNS)}]")


def normalize_punctuation(text: str) -> str:
    """The text with every kind of quote, dash and space as the plain one; no character moves."""
    # a search for the few takes a tenth of the time of a table asked for every character
    return text if text.isascii() else _TYPOGRAPHIC_SIGN.sub(lambda found: _PLAIN_SIGNS[found[0]], text)


class Rate(Struct, frozen=True, forbid_unknown_fields=True):
    """In how many documents of a hundred a sign was found: machine and human translations, originals."""

    machine: float
    human: float
    original: float


class Sign(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table `[[rule]]` of a pack.

    `source` are the languages that leave it, `language` is that of the texts it is looked for in ("any": all).  Any of
    the patterns will do; with `together` all must be found in the document.  `agency` is the normal short name.
    """

    id: str
    why: str
    kind: str
    match: tuple[str, ...]
    examples: tuple[str, ...]
    keeps: tuple[str, ...]
    source: tuple[str, ...] = ()
    language: str = "en"
    together: bool = False
    agency: str = ""
    rate: Rate | None = None
    pack: str = ""


class ForeignName(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table `[[name]]`: a name as English writes it, and as other languages spell it."""

    id: str
    english: tuple[str, ...]
    forms: dict[str, tuple[str, ...]]
    rate: Rate | None = None


class SignPack(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file as written."""

    rule: tuple[TomlTable, ...] = ()
    name: tuple[TomlTable, ...] = ()


class SignMatch(Struct, frozen=True):
    """A sign, and where it stands: paragraph number, and characters in the paragraph."""

    sign: Sign
    paragraph: int
    start: int
    end: int


PatternPlace = tuple[int, int]
"""The number of a sign, and that of one of its patterns."""

SearchSet = tuple[Automaton, Sequence[PatternPlace]]
"""What reads a text for many patterns at once, and whose they are."""


@cache
def compile_sign_pattern(pattern: str) -> CompiledPattern:
    """A pattern of a sign, in which `^` and `$` are the ends of a paragraph; raises `re2.error` for a bad one."""
    return compile_pattern(f"(?m){pattern}", SIGN_AUTOMATON_BYTES)


class Signs:
    """All signs of a run, and the matching of paragraphs against them."""

    def __init__(self, signs: Iterable[Sign]) -> None:
        self.signs = tuple(signs)
        self._languages = {sign.language for sign in self.signs}
        self._search_sets: dict[str, list[SearchSet]] = {}

    def _get_search_sets(self, language: str) -> list[SearchSet]:
        """What says in a few readings which patterns stand in a text of this language.

        A language that no sign names shares the sets of the signs for all texts.
        """
        asked = language if language in self._languages else ANY_LANGUAGE
        if asked not in self._search_sets:
            self._search_sets[asked] = list(self._build_search_sets({asked, ANY_LANGUAGE}))
        return self._search_sets[asked]

    def _build_search_sets(self, languages: set[str]) -> Iterator[SearchSet]:
        """The patterns of all signs for these languages, PATTERNS_PER_SET at a time."""
        places = [
            (number, place)
            for number, sign in enumerate(self.signs)
            if sign.language in languages
            for place in range(len(sign.match))
        ]
        for first in range(0, len(places), PATTERNS_PER_SET):
            chosen = places[first : first + PATTERNS_PER_SET]
            patterns = [f"(?m){self.signs[number].match[place]}" for number, place in chosen]
            yield Automaton(patterns, SIGN_AUTOMATON_BYTES, MATCH_ANYWHERE), chosen

    def find_signs(self, paragraphs: Sequence[str], language: str) -> Iterator[SignMatch]:
        """Every sign in these paragraphs of a text in this language, in the order of the signs."""
        whole = encode_text(normalize_punctuation("\n".join(paragraphs)))
        hits = [
            owners[hit]
            for automaton, owners in self._get_search_sets(language)
            for hit in sorted(automaton.match(whole) or ())
        ]
        if not hits:
            return
        places: defaultdict[int, list[int]] = defaultdict(list)
        for number, place in hits:
            places[number].append(place)
        plain = [replace_surrogates(normalize_punctuation(paragraph)) for paragraph in paragraphs]
        for number, found in places.items():
            sign = self.signs[number]
            if not sign.together or len(found) == len(sign.match):
                for place in found:
                    yield from _locate_pattern(sign, sign.match[place], plain)


def _locate_pattern(sign: Sign, pattern: str, paragraphs: Sequence[str]) -> Iterator[SignMatch]:
    """Every place of a pattern of a sign in paragraphs with plain punctuation."""
    compiled = compile_sign_pattern(pattern)
    for number, text in enumerate(paragraphs):
        for found in compiled.finditer(text):
            yield SignMatch(sign, number, found.start(), found.end())

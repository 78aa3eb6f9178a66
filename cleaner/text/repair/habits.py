"""How a text uses its quotes, apostrophes and dashes, counted where they are unharmed."""

import re
from collections import Counter

from cleaner.text.scripts import EAST_ASIAN_NEIGHBOURS

CLOSERS_BY_OPENER = {"“": "”", "„": "“", "«": "»", "»": "«", "‘": "’", "‚": "‘"}
"""What closes a quotation, unless the text shows another use."""

DASHES = "–—"
QUOTES_AND_DASHES = "’‘“”„‚«»–—"
OPENING_CHARS = frozenset("([{“„‘‚«¿¡")
CLOSING_CHARS = frozenset(")]}”’»")

MAX_CHARS_PER_TURKISH_LETTER = 50
"""A text is taken to be Turkish if one character in fewer than so many is a letter of Turkish."""

MAX_WORDS_PER_ENGLISH_WORD = 40
"""A text is taken to be English if one word in fewer than so many is a small English word."""

CJK = re.compile(f"[{EAST_ASIAN_NEIGHBOURS}]")
APOSTROPHE_TAIL = re.compile(r"[^\W\d_][’'](\w+)")
ENGLISH = re.compile(r" (?:the|and|of|that|was|with) ")
ROMANIAN_POLISH_HUNGARIAN = re.compile("[łżęąőűțș]")
TURKISH = re.compile("[ışğİ]")
_MARK_PATTERN = re.compile(f"[{QUOTES_AND_DASHES}]")
_SURVIVOR_PATTERN = re.compile("[^\\x00-\x7f\ufffd]")
"""A character outside ASCII that is not lost."""


def determine_char_kind(char: str) -> str:
    """A neighbour's kind: " " for none and spaces, a, A, 0, 文, ( for what opens, ) for what closes, . for others."""
    if not char or char.isspace():
        return " "
    if char.isalpha():
        return "文" if CJK.match(char) else "A" if char.isupper() else "a"
    if char.isdigit():
        return "0"
    return "(" if char in OPENING_CHARS else ")" if char in CLOSING_CHARS else "."


class PunctuationHabits:
    """How a text uses its quotes, apostrophes and dashes.

    `seen` counts (mark, kind of what is before it, kind of what is behind it), `tails` are the letters behind
    apostrophes.  `healthy` says that other characters outside ASCII have survived, so that what is lost is not every
    one of them.  `opener` is the usual opening quote ("": none), `closers` has what closes each, `dash` the usual dash.
    """

    def __init__(self, text: str, language: str | None) -> None:
        self.seen: Counter[tuple[str, str, str]] = Counter(
            (
                mark[0],
                determine_char_kind(text[mark.start() - 1 : mark.start()]),
                determine_char_kind(text[mark.end() : mark.end() + 1]),
            )
            for mark in _MARK_PATTERN.finditer(text)
        )
        self.tails = frozenset(APOSTROPHE_TAIL.findall(text))
        if language:
            self.turkish, self.english = language == "tr", language == "en"
        else:
            self.turkish = len(TURKISH.findall(text)) * MAX_CHARS_PER_TURKISH_LETTER > len(text)
            self.english = len(ENGLISH.findall(text)) * MAX_WORDS_PER_ENGLISH_WORD > text.count(" ")
        self.healthy = _SURVIVOR_PATTERN.search(text) is not None
        self.opener, self.closers = self._detect_quotes(text)
        spaced = {mark: self.seen[mark, " ", " "] for mark in DASHES}
        if not any(spaced.values()):
            spaced = {mark: self.count(mark) for mark in DASHES}
        usual = "—" if self.english or language == "ru" else "–"
        self.dash = max(spaced, key=lambda mark: (spaced[mark], mark == usual))

    def _detect_quotes(self, text: str) -> tuple[str, dict[str, str]]:
        """The usual opening quote, "" if there is none, and what closes each.

        An apostrophe may start a word, but never counts as the usual quote.
        """
        openers: Counter[str] = Counter()
        closers: Counter[str] = Counter()
        for (mark, left, right), count in self.seen.items():
            if mark in DASHES:
                continue
            if left in " (" and right not in " ).":
                openers[mark] += count * (mark != "’")
            elif right in " .)" and left not in " (" and mark != "’":
                closers[mark] += count
        closing = dict(CLOSERS_BY_OPENER)
        if closers["”"] > closers["“"] or (not closers["“"] and ROMANIAN_POLISH_HUNGARIAN.search(text)):
            closing["„"] = "”"
        opener = max(openers, key=openers.__getitem__, default="")
        if not opener and closers:
            closer = max(closers, key=closers.__getitem__)
            opener = next((o for o, c in closing.items() if c == closer), "")
        if opener == "”":
            closing["”"] = "”"
        return opener, closing

    def count(self, marks: str, left: str = "", right: str = "") -> int:
        """How often one of these marks is seen between these kinds of neighbours; "" is any."""
        return sum(
            count
            for (mark, before, behind), count in self.seen.items()
            if mark in marks and (not left or before in left) and (not right or behind in right)
        )

    def find_usual_mark(self, among: str, left: str, right: str) -> str:
        """The mark seen most often between these kinds of neighbours, "" where none is."""
        best = max(among, key=lambda mark: self.seen[mark, left, right])
        return best if self.seen[best, left, right] else ""

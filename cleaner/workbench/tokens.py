"""Tokens of a line, and the RE2 pattern that stands for a token, for some of its kind, or for its very text."""

import re
from collections.abc import Sequence
from typing import Literal, cast

from msgspec import Struct

from cleaner.workbench.templates import TYPOGRAPHY_TABLE, UPPER_LETTERS

TokenKind = Literal["url", "mail", "date", "time", "number", "name", "word", "sign"]
"""What a token is; `name` is a capitalised word, `sign` one character that is neither letter nor digit."""

VALUE_KINDS = frozenset({"url", "mail", "date", "time", "number"})
"""Kinds whose tokens are values: one may stand for another of the kind, whatever it says."""

KIND_CODES = dict(url="u", mail="m", date="d", time="t", number="9", name="N", word="W", sign="s")  # noqa: C408
"""A letter for each kind; a word of at most MAX_SMALL_CHARS has `w`."""

MAX_SMALL_CHARS = 3
"""Characters of the longest small word, such as those in "Karl van der Lund"."""

NUMBER_ROOM_CHARS = 3
"""Characters that a number with points or commas may have more than the longest example."""

MIN_ROOMY_DIGITS = 3
"""Digits from which a number has room enough; a shorter one gets two more: pages of a site count up."""

YEAR_DIGITS, YEAR_BEGINNINGS = 4, ("19", "20")
"""Digits of a year, and how it begins."""

_DATE_FORMS = {
    r"\d{1,2}\.? (?:de |of )?\p{L}{3,12}\.?,? (?:de )?\d{4}": (
        r"\d{1,2}\.? (?:de |of )?[^\W\d_]{3,12}\.?,? (?:de )?\d{4}"
    ),
    r"\p{Lu}\p{L}{2,8}\.? \d{1,2}, \d{4}": rf"[{UPPER_LETTERS}][^\W\d_]{{2,8}}\.? \d{{1,2}}, \d{{4}}",
    r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}": r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}",
}
"""Forms of dates, each as RE2 reads it and as `re` does: 3 May 2024, May 3, 2024 and 3.5.2024."""

_TIME_PATTERN = r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\b\.?)?"
_TOKEN_PATTERN = re.compile(
    r"(?P<url>(?:https?://|www\.)[^\s<>\"]+)|(?P<mail>[\w.+-]+@[\w-]+\.[\w.]+)|"
    rf"(?P<date>(?<!\d)(?:{'|'.join(_DATE_FORMS.values())})(?!\d))|(?P<time>(?<!\d){_TIME_PATTERN}(?![\d.:]))|"
    rf"(?P<number>\d+(?:[.,]\d+)*)|(?P<name>[{UPPER_LETTERS}][^\W\d_]*(?:['’.-][^\W\d_]+)*)|"
    r"(?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*)|(?P<sign>\S)"
)
"""One token; its groups are the kinds, those that go first named first."""

_KIND_CLASSES = {
    "url": r"(?:https?://|www\.)[^ ]{3,300}",
    "mail": r"[\w.+-]{1,60}@[\w.-]{3,80}",
    "time": r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?",
}
"""RE2 patterns for any value of a kind."""

_ESCAPES = {ord(char): f"\\{char}" for char in r"\.+*?()[]{}|^$"}
"""Signs with a meaning in RE2, each with a backslash before it, for `str.translate`."""

_LOOSE_ESCAPES = _ESCAPES | {ord(form): f"[{forms}]" for forms in ("'’‘´`", '"“”„«»', "–—‑−-") for form in forms}
"""The same, and for each quote and dash the class of its forms."""


class Token(Struct, frozen=True):
    """A word, number or sign of a line, and whether a space stands before it."""

    kind: TokenKind
    text: str
    spaced: bool

    @property
    def same(self) -> str:
        """What tokens of several lines must have in common to stand for each other: `<kind>`, or the plain text."""
        return f"<{self.kind}>" if self.kind in VALUE_KINDS else self.text.translate(TYPOGRAPHY_TABLE).casefold()

    @property
    def code(self) -> str:
        """The letter of the token's kind, see KIND_CODES."""
        return "w" if self.kind == "word" and len(self.text) <= MAX_SMALL_CHARS else KIND_CODES[self.kind]


def tokenize_line(line: str) -> list[Token]:
    """The tokens of a line, in order."""
    return [
        Token(cast(TokenKind, match.lastgroup), match[0], line[match.start() - 1 : match.start()].isspace())
        for match in _TOKEN_PATTERN.finditer(line)
    ]


def join_tokens(tokens: Sequence[Token]) -> str:
    """The text of these tokens, with one blank for the spaces between two."""
    return "".join(f" {token.text}" if token.spaced else token.text for token in tokens).removeprefix(" ")


def encode_tokens(tokens: Sequence[Token]) -> str:
    """The codes of these tokens, with one blank for the spaces between two: "Karl van Lund" is `N w N`."""
    return "".join(f" {token.code}" if token.spaced else token.code for token in tokens).removeprefix(" ")


def escape_text(text: str) -> str:
    """The RE2 pattern of just this text, its quotes and dashes in any form."""
    return text.translate(_LOOSE_ESCAPES)


def build_exact_patterns(text: str) -> tuple[str, ...]:
    """One RE2 pattern for each line of a text that is not blank, which matches it and nothing else."""
    return tuple(f"^{line.strip().translate(_ESCAPES)}$" for line in text.split("\n") if line.strip())


def choose_value_class(kind: TokenKind, texts: Sequence[str]) -> str:
    """The RE2 pattern of a value of this kind (one of VALUE_KINDS), wide enough for these examples of it."""
    match kind:
        case "number":
            return _choose_number_class(texts)
        case "date":
            forms = [form for form, known in _DATE_FORMS.items() if any(re.fullmatch(known, text) for text in texts)]
            return forms[0] if len(forms) == 1 else f"(?:{'|'.join(forms)})"
    return _KIND_CLASSES[kind]


def _choose_number_class(texts: Sequence[str]) -> str:
    r"""`\d{4}` for years, else `\d{1,N}` with N even and room for more, or digits, points and commas."""
    longest = max(map(len, texts))
    if not all(map(str.isdigit, texts)):
        return rf"[\d.,]{{1,{longest + NUMBER_ROOM_CHARS}}}"
    if all(len(text) == YEAR_DIGITS and text.startswith(YEAR_BEGINNINGS) for text in texts):
        return r"\d{4}"
    room = 2 if longest < MIN_ROOMY_DIGITS else 0
    return rf"\d{{1,{longest + longest % 2 + room}}}"

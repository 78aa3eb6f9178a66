r"""The syntax of RE2 patterns, as far as looser forms need it: tokens, repeats, classes, groups and their alternatives.

A token is a character, an escape, a class in brackets, a repeat (`*`, `+?`, `{1,5}`), the beginning of a group, `)`,
`|`, an anchor, or a run of plain characters that no repeat follows.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from msgspec import Struct

UNBOUNDED_REPEATS = 1 << 30
"""The greatest count of a repeat without an upper end, as `*` and `{3,}`."""

ASCII_CHARS = 128
"""Characters of ASCII: code points below are written out in looser forms, those from here on are all alike."""

NON_ASCII_RANGE = r"\x{80}-\x{10FFFF}"
"""All characters outside ASCII, as a member of a class."""

MAX_CATEGORY_CHARS = 2
"""Characters of the longest general category, such as `Lu`; longer names are those of scripts."""

_CHAR_PATTERN = r"\\x(?:\{[0-9A-Fa-f]+\}|[0-9A-Fa-f]{2})|\\[0-7]{1,3}|\\."
_CATEGORY_PATTERN = r"\\[pP](?:\{\^?\w+\}|\w)"
# RE2 takes {01} for five plain characters
_COUNT_PATTERN = "(?:0|[1-9][0-9]*)"
_TOKEN_PATTERN = re.compile(
    rf"{_CATEGORY_PATTERN}|{_CHAR_PATTERN}|\[\^?\]?(?:\[:\^?\w+:\]|{_CATEGORY_PATTERN}|\\.|[^\]\\])*\]|"
    rf"\(\?P?<\w+>|\(\?[a-zA-Z-]*:|\(\?[a-zA-Z-]*\)|[*+?]\??|\{{{_COUNT_PATTERN}(?:,(?:{_COUNT_PATTERN})?)?\}}\??|"
    r"(?:[^\\\[\](){}|*+?.^$](?![*+?{]))+|.",
    re.DOTALL,
)
_CLASS_MEMBER_PATTERN = re.compile(
    rf"{_CATEGORY_PATTERN}|\[:\^?\w+:\]|({_CHAR_PATTERN}|[^\\])(?:-({_CHAR_PATTERN}|[^\\]))?", re.DOTALL
)
_CATEGORY_SIGNS = (r"\p", r"\P")


class Atom(Struct, frozen=True, gc=False):
    """What can be repeated: a character, a class, or a group with its alternatives; or a run of characters."""

    text: str
    least: int = 1
    most: int = 1
    branches: tuple[tuple["Atom", ...], ...] = ()

    @property
    def is_flag(self) -> bool:
        """Whether it sets a flag for what follows, as `(?i)`, and matches nothing."""
        return self.text.startswith("(?") and self.text.endswith(")")


Branches = tuple[tuple[Atom, ...], ...]
"""Alternatives, each a sequence of atoms."""


def split_tokens(pattern: str) -> list[str]:
    """The tokens of a pattern, which together are the pattern."""
    return _TOKEN_PATTERN.findall(pattern)


def is_repeat(token: str) -> bool:
    """Whether a token says how often what stands before it is repeated."""
    return token[0] in "*+?{" and token != "{"


def is_class(token: str) -> bool:
    r"""Whether a token is a class in brackets, or a category such as `\p{Lu}`."""
    return token[0] == "[" or token.startswith(_CATEGORY_SIGNS)


@cache
def parse_counts(token: str) -> tuple[int, int]:
    """The least and the greatest count of a repeat."""
    if token[0] != "{":
        return (int(token[0] == "+"), 1 if token[0] == "?" else UNBOUNDED_REPEATS)
    least, comma, most = token.rstrip("?")[1:-1].partition(",")
    return int(least), int(most or (UNBOUNDED_REPEATS if comma else least))


def parse_branches(tokens: Sequence[str], at: int) -> tuple[Branches, int]:
    """The alternatives from here to the closing bracket, and where that stands; raises `RecursionError`."""
    branches: list[tuple[Atom, ...]] = []
    branch: list[Atom] = []
    while at < len(tokens) and tokens[at] != ")":
        token = tokens[at]
        at += 1
        if token == "|":
            branches.append(tuple(branch))
            branch = []
        elif is_repeat(token) and branch:
            branch[-1] = _repeat_atom(branch[-1], *parse_counts(token))
        elif token == "(" or (token.startswith("(?") and token[-1] in ":>"):
            inner, at = parse_branches(tokens, at)
            branch.append(Atom(token if token[-1] == ":" else "(?:", branches=inner))
            at += 1
        else:
            branch.append(_make_plain_atom(token))
    return (*branches, tuple(branch)), at


# the same few thousand tokens make up all patterns
_make_plain_atom = cache(Atom)


def _repeat_atom(atom: Atom, least: int, most: int) -> Atom:
    """The atom repeated so often, on top of the counts that it has."""
    return Atom(atom.text, least * atom.least, min(most * atom.most, UNBOUNDED_REPEATS), atom.branches)


@cache
def normalize_token(token: str) -> str:
    """A token that captures nothing, and repeats without regard to what is matched first."""
    if token == "(" or (token.startswith("(?") and token.endswith(">")):
        return "(?:"
    return write_counts(*parse_counts(token)) if is_repeat(token) else token


def write_counts(least: int, most: int) -> str:
    """The repeat of these counts, as short as it can be written."""
    if most < UNBOUNDED_REPEATS:
        return f"{{{least},{most}}}"
    return f"{{{least},}}" if least > 1 else "+" if least else "*"


# ---------------------------------------------------------------- classes


@cache
def replace_categories(token: str) -> str:
    r"""A class in which all characters outside ASCII stand for those of `\p{...}`; any other token as it is."""
    if not any(sign in token for sign in _CATEGORY_SIGNS):
        return token
    inner = token if token[0] == "\\" else token[1:-1]
    if inner.startswith("^"):
        return _replace_negated_categories(inner)
    out = NON_ASCII_RANGE
    for found in _CLASS_MEMBER_PATTERN.finditer(inner):
        member = found[0]
        if member.startswith(_CATEGORY_SIGNS):
            if _is_negated(member):
                return _ANY_CHAR
            out += _list_ascii_members(member[2:].strip("{}"))
        else:
            out += rf"\{member}" if member.startswith("]") else member
    return f"[{out}]"


_ANY_CHAR = "(?s:.)"


def _replace_negated_categories(inner: str) -> str:
    """What stands between brackets after `^`, as the characters of ASCII that the class leaves out; anything where that
    cannot be said."""
    out = ""
    for found in _CLASS_MEMBER_PATTERN.finditer(inner, 1):
        member = found[0]
        if member.startswith(_CATEGORY_SIGNS):
            if _is_negated(member):
                return _ANY_CHAR
            out += _list_ascii_members(member[2:].strip("{}"))
        elif member.startswith("[:") and member != "[:":
            out += member
        else:
            first, last = _parse_code_point(found[1]), _parse_code_point(found[2] or found[1])
            out += "".join(map(_escape_code_point, range(first, min(last, ASCII_CHARS - 1) + 1)))
    # a category knows no case, so that its letters must not be folded where they are left out
    return f"(?-i:[^{out}])" if out else _ANY_CHAR


def _is_negated(category: str) -> bool:
    r"""Whether a category is written as what it is not: `\P{L}` or `\p{^L}`."""
    return category[1] == "P" or "^" in category


def _parse_code_point(member: str) -> int:
    """The code point of one character of a class; beyond ASCII for one that is hard to tell."""
    if member[0] != "\\":
        return ord(member)
    if member.startswith(r"\x"):
        return int(member[2:].strip("{}"), 16)
    return ASCII_CHARS if member[1].isalnum() else ord(member[1])


def _escape_code_point(code: int) -> str:
    return rf"\x{code:02x}"


@cache
def _list_ascii_members(category: str) -> str:
    """The characters in ASCII of a general category or a script, to stand in a class."""
    return "".join(_escape_code_point(code) for code in range(ASCII_CHARS) if _is_in_category(chr(code), category))


def _is_in_category(char: str, category: str) -> bool:
    """Whether a character of ASCII is in a general category, or in a script: Latin, or Common as all signs."""
    if len(category) <= MAX_CATEGORY_CHARS:
        return unicodedata.category(char).startswith(category)
    return category in ("Any", "Latin" if char.isalpha() else "Common")

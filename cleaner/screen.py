"""What a line must begin with, hold and measure for a pattern to match it: cheap questions asked before the pattern.

The answers err on one side only: whatever a pattern matches passes its screen.  The idea is that of RE2's FilteredRE2
(Russ Cox, "Regular expression matching with a trigram index", 2012).
"""

import re
from functools import cache

from msgspec import Struct

DEPTH = 6
"""Characters of a line's beginning that are told apart."""

WIDEST = 200
"""Beginnings, or alternative texts, above which a screen is not worth having."""

ENDLESS = 1 << 30

LONGEST = 500
"""Characters of the longest line that is asked about: a paragraph above that is no label, and prose is most of a page."""

SIGNS_IN_A_ROW = 40
"""Spaces and punctuation marks that `*` and `+` are taken to match at most."""

_TOKEN = re.compile(
    r"\\[pP](?:\{\^?\w+\}|\w)|\\x(?:\{[0-9A-Fa-f]+\}|[0-9A-Fa-f]{2})|\\.|"
    r"\[\^?\]?(?:\[:\^?\w+:\]|\\[pP](?:\{\^?\w+\}|\w)|\\.|[^\]\\])*\]|"
    r"\(\?P<\w+>|\(\?[a-zA-Z-]*:|\(\?[a-zA-Z-]+\)|[*+?]\??|\{\d+(?:,\d*)?\}\??|"
    r"(?:[^\\\[\](){}|*+?.^$](?![*+?{]))+|.",
    re.DOTALL,
)
_MEMBER = re.compile(r"\\x(?:\{[0-9A-Fa-f]+\}|[0-9A-Fa-f]{2})|\\.|.", re.DOTALL)
_DIGITS = re.compile(r"\d+")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}

Starts = frozenset[tuple[str, bool]]
"""Beginnings, each with whether anything may follow it."""

NOTHING: Starts = frozenset({("", False)})
ANYTHING: Starts = frozenset({("", True)})
SIGNS: Starts = frozenset({("\0", False)})
"""One or more characters that are neither letter nor digit."""
_COMMON = frozenset(" .,:;!?-'\"\0")
_DIGIT: Starts = frozenset({("0", False)})


class Screen(Struct, frozen=True):
    """What is known of a pattern: `starts` and `needles` (a line has one of them) where there are any, the lengths of
    the lines that it can match, and whether they hold a digit."""

    starts: frozenset[str] | None
    needles: frozenset[str] | None
    shortest: int
    longest: int
    digit: bool


class _Part(Struct, frozen=True):
    starts: Starts
    needles: frozenset[str] | None
    shortest: int
    longest: int
    literal: str = ""
    digit: bool = False


def beginning(line: str) -> str:
    """The normal form of a line's beginning: case-folded, without leading signs, every number as one `0`."""
    start = line[: 3 * DEPTH]
    if not start[:1].isalpha():
        for at, char in enumerate(line):
            if char.isalpha() or char.isdecimal():
                start = line[at : at + 3 * DEPTH]
                break
        else:
            return ""
    return _DIGITS.sub("0", start.casefold())[:DEPTH]


@cache
def screen(pattern: str) -> Screen:
    """The screen of an RE2 pattern that matches whole lines."""
    tokens = _TOKEN.findall(pattern)
    part, _ = _choice(tokens, 0)
    starts = frozenset(_normal(text) for text, _ in part.starts)
    told = starts if "" not in starts and len(starts) <= WIDEST else None
    return Screen(told, part.needles, part.shortest, min(part.longest, LONGEST), part.digit)


def _normal(text: str) -> str:
    """A beginning as lines' beginnings are: without leading signs, and only as far as it is known."""
    for at, char in enumerate(text):
        if char.isalpha() or char.isdecimal():
            return text[at:].partition("\0")[0][:DEPTH]
    return ""


def _choice(tokens: list[str], at: int) -> tuple[_Part, int]:
    """The alternatives from here to the closing bracket, and where that stands."""
    branches: list[_Part] = []
    while True:
        branch, at = _sequence(tokens, at)
        branches.append(branch)
        if at >= len(tokens) or tokens[at] != "|":
            break
        at += 1
    if len(branches) == 1:
        return branches[0], at
    needles = [branch.needles for branch in branches]
    return _Part(
        frozenset().union(*(branch.starts for branch in branches)),
        frozenset().union(*(texts for texts in needles if texts)) if all(needles) else None,
        min(branch.shortest for branch in branches),
        max(branch.longest for branch in branches),
        digit=all(branch.digit for branch in branches),
    ), at


def _sequence(tokens: list[str], at: int) -> tuple[_Part, int]:
    starts, growing, best, run = NOTHING, True, None, ""
    shortest = longest = 0
    digit = False
    while at < len(tokens) and tokens[at] not in ("|", ")"):
        part, at = _atom(tokens, at)
        least, most = 1, 1
        if at < len(tokens) and tokens[at][0] in "*+?{" and (tokens[at][0] != "{" or len(tokens[at]) > 2):
            least, most = _counts(tokens[at])
            at += 1
            if most > SIGNS_IN_A_ROW and all(_is_signs(text) and not ended for text, ended in part.starts):
                most = SIGNS_IN_A_ROW
        shortest += least * part.shortest
        longest = min(ENDLESS, longest + most * part.longest)
        digit = digit or (part.digit and least > 0)
        if growing:
            starts = _joined(starts, _repeated(part, least, most))
            growing = any(not ended and len(text) < 2 * DEPTH for text, ended in starts)
        if part.literal and least == most == 1:
            run += part.literal
            continue
        best = _better(_better(best, run), part.needles if least else None)
        run = ""
    return _Part(starts, _better(best, run), shortest, longest, digit=digit), at


def _atom(tokens: list[str], at: int) -> tuple[_Part, int]:
    token = tokens[at]
    if token == "(" or token.startswith(("(?P<", "(?")) and token[-1] in ">:":
        part, at = _choice(tokens, at + 1)
        return part, at + 1
    if token.startswith("(?") or token in ("^", "$") or (token[0] == "\\" and token[1:] in ("A", "z", "b", "B")):
        return _Part(NOTHING, None, 0, 0), at + 1
    if token == "." or token.startswith(("\\P", "\\C")):
        return _Part(ANYTHING, None, 1, 1), at + 1
    if token.startswith("\\p"):
        return _Part(_class(f"[{token}]"), None, 1, 1, digit=token == "\\p{Nd}"), at + 1
    if token[0] == "[" and len(token) > 1:
        starts = _class(token)
        signs = frozenset(text for text, _ in starts)
        rare = signs if len(signs) < 6 and signs.isdisjoint(_COMMON) and all(map(_is_signs, signs)) else None
        return _Part(starts, rare, 1, 1, digit=starts == _DIGIT), at + 1
    text = token if token[0] != "\\" else _literal(token)
    start = _DIGITS.sub("0", text[: 2 * DEPTH].casefold())
    whole = len(text) <= 2 * DEPTH
    return _Part(
        frozenset({(start, not whole)}), None, len(text), len(text), text.casefold(), any(map(str.isdecimal, text))
    ), at + 1


def _counts(token: str) -> tuple[int, int]:
    if token[0] != "{":
        return (int(token[0] == "+"), 1 if token[0] == "?" else ENDLESS)
    least, comma, most = token.rstrip("?")[1:-1].partition(",")
    return int(least), int(most) if most else ENDLESS if comma else int(least)


def _repeated(part: _Part, least: int, most: int) -> Starts:
    starts = part.starts
    if most > 1:
        if all(text and not ended and _is_signs(text) for text, ended in starts):
            starts = SIGNS
        elif starts != _DIGIT:
            starts = frozenset((text, True) for text, _ in starts)
    return starts | NOTHING if least == 0 else starts


def _joined(starts: Starts, more: Starts) -> Starts:
    grown = {(text, ended) for text, ended in starts if ended or len(text) >= 2 * DEPTH}
    for text, _ in starts - grown:
        for tail, ended in more:
            grown.add((text + (tail[1:] if text[-1:] == "0" and tail[:1] == "0" else tail), ended))
    for depth in (DEPTH, DEPTH // 2, 3, 2):
        if len(grown) <= WIDEST:
            break
        grown = {(text[:depth], ended or len(text) > depth) for text, ended in grown}
    return frozenset(grown) if len(grown) <= WIDEST else ANYTHING


def _is_signs(text: str) -> bool:
    return not any(char.isalpha() or char.isdecimal() for char in text)


@cache
def _class(token: str) -> Starts:
    """The beginnings that a bracketed class makes."""
    inner = re.sub(r"\\p\{(?:Z|Zs)\}|\\s", " ", token[1:-1]).replace("\\p{Nd}", "0")
    if token.startswith("[^") or "[:" in token or "\\p" in inner or "\\P" in inner:
        return ANYTHING
    members = {"0" if char.isdecimal() else char.casefold() for char in _members(inner)}
    if all(map(_is_signs, members)):
        return frozenset((char, False) for char in members) if len(members) < 6 else SIGNS
    return frozenset((char, False) for char in members) if len(members) <= 12 else ANYTHING


def _members(inner: str) -> set[str]:
    """The characters of a class without categories."""
    chars = [_literal(token) for token in _MEMBER.findall(inner)]
    out: set[str] = set()
    at = 0
    while at < len(chars):
        if at + 2 < len(chars) and chars[at + 1] == "-":
            out.update(map(chr, range(ord(chars[at]), ord(chars[at + 2]) + 1)))
            at += 3
        else:
            out.add(chars[at])
            at += 1
    return out


def _literal(token: str) -> str:
    """The character that a token of a pattern stands for."""
    if token[0] != "\\" or len(token) == 1:
        return token[0]
    if token[1] == "x":
        return chr(int(token[2:].strip("{}"), 16))
    return _CONTROLS.get(token[1], token[1])


def _better(one: frozenset[str] | None, other: frozenset[str] | str | None) -> frozenset[str] | None:
    """The more telling of two sets of texts."""
    if isinstance(other, str):
        other = frozenset({other}) if other else None
    return max(one, other, key=_worth)


def _worth(texts: frozenset[str] | None) -> float:
    """How well a screen tells: by its shortest text, less a little for every alternative; nothing for common letters."""
    if not texts or len(texts) > WIDEST:
        return 0.0
    worth = 6.0
    for text in texts:
        bare = text.strip(" 0123456789.,:-")
        worth = min(worth, len(bare) if bare.isascii() and bare.isalnum() else 3 * len(bare))
    return worth - len(texts) / 100 if worth >= 3 else 0.0

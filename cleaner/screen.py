"""What a line must begin with, hold and measure for a pattern to match it: cheap questions asked before the pattern.

The answers err on one side only: whatever a pattern matches passes its screen.  The idea is that of RE2's FilteredRE2
(Russ Cox, "Regular expression matching with a trigram index", 2012).
"""

import hashlib
import os
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock

import msgspec
from msgspec import Struct

DEPTH = 6
"""Characters of a line's beginning that are told apart."""

WIDEST = 800
"""Beginnings, or alternative texts, above which a screen is not worth having."""

ENDLESS = 1 << 30

LONGEST = 300
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
_UNKNOWN = re.compile("[\0" "0]")
"""What stands for any signs, and for any number, in a beginning."""
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
    the lines that it can match, whether they hold a digit, begin with a sign, and can hold a space."""

    starts: frozenset[str] | None
    needles: frozenset[str] | None
    shortest: int
    longest: int
    digit: bool
    sign: bool
    space: bool


class _Part(Struct, frozen=True):
    starts: Starts
    needles: frozenset[str] | None
    shortest: int
    longest: int
    literal: str = ""
    digit: bool = False
    space: bool = False


def beginning(line: str) -> str:
    """The normal form of a line's beginning: case-folded, without leading signs, every number as one `0`."""
    start = line[: 2 * DEPTH]
    if not start[:1].isalpha():
        for at, char in enumerate(line):
            if char.isalpha() or char.isdecimal():
                start = line[at : at + 3 * DEPTH]
                break
        else:
            return ""
    start = start.casefold()
    return _DIGITS.sub("0", start)[:DEPTH] if _DIGITS.search(start) else start[:DEPTH]


def screens(patterns: Sequence[tuple[str, int]]) -> list[Screen]:
    """The screen of each pattern for lines of at most so many characters.

    Finding them takes a few milliseconds a pattern, so they are kept in a file of the user's cache folder, where there
    is one that can be written; what is kept is only ever what `screen` says.
    """
    with _LOCK:
        if not _kept:
            _kept.update(_read())
        missing = [one for one in dict.fromkeys(patterns) if _name(*one) not in _kept]
        for pattern, longest in missing:
            _kept[_name(pattern, longest)] = screen(pattern, longest)
        if missing:
            _write()
        return [_kept[_name(*one)] for one in patterns]


_kept: dict[str, Screen] = {}
_LOCK = Lock()


def _name(pattern: str, longest: int) -> str:
    return f"{longest} {pattern}"


@cache
def _file() -> Path:
    """The file of kept screens: another one for every change of how they are found."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    code = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
    return Path(home) / "article-cleaner" / f"screens-{code}.msgpack"


def _read() -> dict[str, Screen]:
    try:
        return msgspec.msgpack.decode(_file().read_bytes(), type=dict[str, Screen])
    except (OSError, RuntimeError, msgspec.DecodeError):
        return {}


def _write() -> None:
    try:
        path = _file()
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        part.write_bytes(msgspec.msgpack.encode(_kept))
        part.replace(path)
    except (OSError, RuntimeError):
        return  # without a place to keep them, they are found anew by the next process


def screen(pattern: str, longest: int = LONGEST) -> Screen:
    """The screen of an RE2 pattern that matches whole lines of at most `longest` characters."""
    tokens = _TOKEN.findall(pattern)
    part, _ = _choice(tokens, 0, whole=False)
    starts = frozenset(_normal(text) for text, _ in part.starts)
    told = starts if "" not in starts and len(starts) <= 4 * WIDEST else None
    if told and min(map(len, told)) > 2:
        return Screen(told, None, 1, longest, False, False, True)
    part, _ = _choice(tokens, 0, whole=True)
    sign = all(text and _is_signs(text[0]) for text, _ in part.starts)
    return Screen(told, part.needles, part.shortest, min(part.longest, longest), part.digit, sign, part.space)


def _normal(text: str) -> str:
    """A beginning as lines' beginnings are: without leading signs, and only as far as it is known."""
    for at, char in enumerate(text):
        if char.isalpha() or char.isdecimal():
            return text[at:].partition("\0")[0][:DEPTH]
    return ""


def _choice(tokens: list[str], at: int, whole: bool) -> tuple[_Part, int]:
    """The alternatives from here to the closing bracket, and where that stands; only their beginnings unless `whole`."""
    branches: list[_Part] = []
    while True:
        branch, at = _sequence(tokens, at, whole)
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
        space=any(branch.space for branch in branches),
    ), at


def _sequence(tokens: list[str], at: int, whole: bool) -> tuple[_Part, int]:
    starts, growing = NOTHING, True
    best: frozenset[str] | None = None
    runs = frozenset({""})
    shortest = longest = 0
    digit = space = False
    while at < len(tokens) and tokens[at] not in ("|", ")"):
        if not growing and not whole:
            at = _end(tokens, at)
            break
        part, at = _atom(tokens, at, whole)
        least, most = 1, 1
        if at < len(tokens) and tokens[at][0] in "*+?{" and (tokens[at][0] != "{" or len(tokens[at]) > 2):
            least, most = _counts(tokens[at])
            at += 1
            if most > SIGNS_IN_A_ROW and all(_is_signs(text) and not ended for text, ended in part.starts):
                most = SIGNS_IN_A_ROW
        shortest += least * part.shortest
        longest = min(ENDLESS, longest + most * part.longest)
        digit = digit or (part.digit and least > 0)
        space = space or part.space
        more = _repeated(part, least, most)
        if growing:
            starts = _joined(starts, more)
            growing = any(not ended and len(text) < DEPTH + 2 for text, ended in starts)
        if whole:
            runs, told = _run(runs, part, more)
            best = _better(_better(best, told), part.needles if least else None)
    return _Part(starts, _better(best, runs), shortest, longest, digit=digit, space=space), at


def _run(runs: frozenset[str], part: _Part, more: Starts) -> tuple[frozenset[str], frozenset[str]]:
    """What the texts that stand together grow to with the next part, and what they are where they cannot grow on."""
    if part.literal and more == part.starts and len(runs) <= WIDEST:
        grown = frozenset(run + part.literal for run in runs)
        return grown, grown
    if len(runs) * len(more) > WIDEST:
        return frozenset({""}), runs
    grown = frozenset(run + _UNKNOWN.split(text, 1)[0] for run in runs for text, _ in more)
    if any(ended or len(text) >= DEPTH or _UNKNOWN.search(text) for text, ended in more):
        return frozenset({""}), grown
    return grown, grown


def _atom(tokens: list[str], at: int, whole: bool) -> tuple[_Part, int]:
    token = tokens[at]
    if token == "(" or token.startswith(("(?P<", "(?")) and token[-1] in ">:":
        part, at = _choice(tokens, at + 1, whole)
        return part, at + 1
    if token.startswith("(?") or token in ("^", "$") or (token[0] == "\\" and token[1:] in ("A", "z", "b", "B")):
        return _Part(NOTHING, None, 0, 0), at + 1
    if token == "." or token.startswith(("\\P", "\\C")):
        return _Part(ANYTHING, None, 1, 1, space=True), at + 1
    if token.startswith("\\p"):
        return _Part(
            _class(f"[{token}]"), None, 1, 1, digit=token == "\\p{Nd}", space=token.startswith("\\p{Z")
        ), at + 1
    if token[0] == "[" and len(token) > 1:
        starts = _class(token)
        signs = frozenset(text for text, _ in starts)
        rare = signs if len(signs) < 6 and signs.isdisjoint(_COMMON) and all(map(_is_signs, signs)) else None
        return _Part(starts, rare, 1, 1, digit=starts == _DIGIT, space=_holds_space(token)), at + 1
    text = token if token[0] != "\\" else _literal(token)
    start = _DIGITS.sub("0", text[: 2 * DEPTH].casefold())
    whole = len(text) <= 2 * DEPTH
    return _Part(
        frozenset({(start, not whole)}), None, len(text), len(text), text.casefold(), any(map(str.isdecimal, text)), " " in text
    ), at + 1


def _end(tokens: list[str], at: int) -> int:
    """Where the alternative ends in whose middle `at` stands."""
    depth = 0
    while at < len(tokens) and (depth or tokens[at] not in ("|", ")")):
        token = tokens[at]
        if token == ")":
            depth -= 1
        elif token[0] == "(" and (token == "(" or token[-1] in ">:"):
            depth += 1
        at += 1
    return at


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
    """Every beginning with every continuation; where these are too many, longer beginnings are left as they are."""
    for length in (DEPTH, 4, 3, 2):
        if len(more) <= WIDEST // 4:
            break
        more = frozenset((text[:length], ended or len(text) > length) for text, ended in more)
    growing = [text for text, ended in starts if not ended and len(text) < 2 * DEPTH]
    grown = {(text, ended) for text, ended in starts if ended or len(text) >= 2 * DEPTH}
    for least in (0, DEPTH, 3, 2, 1):
        short = [text for text in growing if not least or len(text) < least]
        if len(short) * len(more) <= WIDEST:
            break
    else:
        return ANYTHING
    if least:
        grown |= {(text, True) for text in growing if len(text) >= least}
    for text in short:
        for tail, ended in more:
            grown.add((text + (tail[1:] if text[-1:] == "0" and tail[:1] == "0" else tail), ended))
    return frozenset(grown) if len(grown) <= 2 * WIDEST else ANYTHING


def _is_signs(text: str) -> bool:
    return not any(char.isalpha() or char.isdecimal() for char in text)


@cache
def _class(token: str) -> Starts:
    """The beginnings that a bracketed class makes."""
    inner = re.sub(r"\\p\{(?:Z|Zs)\}|\\s", " ", token[1:-1]).replace("\\p{Nd}", "0")
    if token.startswith("[^") or "[:" in inner or "\\p" in inner or "\\P" in inner:
        return ANYTHING
    members = {"0" if char.isdecimal() else char.casefold() for char in _members(inner)}
    if all(map(_is_signs, members)):
        return frozenset((char, False) for char in members) if len(members) < 6 else SIGNS
    return frozenset((char, False) for char in members) if len(members) <= 12 else ANYTHING


def _holds_space(token: str) -> bool:
    """Whether a bracketed class matches a space."""
    named = bool(re.search(r" |\\s|\\p\{Z|\[:space:|\\x\{?20", token)) or bool(re.search(r"[\x00-\x1f]-", token))
    return not named if token.startswith("[^") else named or "\\P" in token


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
    if not texts or len(texts) > 2 * WIDEST:
        return 0.0
    worth = 6.0
    for text in texts:
        bare = text.strip(" 0123456789.,:-")
        worth = min(worth, len(bare) if bare.isascii() and bare.isalnum() else 3 * len(bare))
    return worth - len(texts) / 1000 if worth >= 3 else 0.0

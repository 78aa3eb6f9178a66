r"""Looser forms of patterns: whatever a pattern matches, its looser form matches too, with far less work.

A pattern such as `^Foto: \p{Lu}[\p{L} ]{2,60}$` makes a large program, and hundreds of those cannot be joined into one
automaton.  Loosened to `^Foto: [A-Z\x{80}-\x{10FFFF}][A-Za-z \x{80}-\x{10FFFF}]+$` they can: it reads a line once, and
only the few rules that it names are then asked with their real patterns.  Two things are let go: how often something is
repeated, above MOST times, and which characters outside ASCII a class like `\p{L}` holds.

A pattern whose end tells more than its beginning, such as `^.{5,300} \(AFP\)$`, is turned round, to be asked about
lines that are turned round: on most lines its automaton can stop after a few signs, which otherwise would read on.

The idea of a cheap necessary condition is that of RE2's FilteredRE2 (Russ Cox, "Regular expression matching with a
trigram index", 2012); here it is a pattern, not a set of substrings.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import re2
from msgspec import Struct

MOST = 4
"""Repetitions that are counted; above, any number will do."""

ENDLESS = 1 << 30

_ONE = r"\\x(?:\{[0-9A-Fa-f]+\}|[0-9A-Fa-f]{2})|\\[0-7]{1,3}|\\."
_CATEGORY = r"\\[pP](?:\{\^?\w+\}|\w)"
# RE2 takes {01} for five plain characters
_COUNT = "(?:0|[1-9][0-9]*)"
_TOKEN = re.compile(
    rf"{_CATEGORY}|{_ONE}|\[\^?\]?(?:\[:\^?\w+:\]|{_CATEGORY}|\\.|[^\]\\])*\]|"
    rf"\(\?P?<\w+>|\(\?[a-zA-Z-]*:|\(\?[a-zA-Z-]*\)|[*+?]\??|\{{{_COUNT}(?:,(?:{_COUNT})?)?\}}\??|"
    r"(?:[^\\\[\](){}|*+?.^$](?![*+?{]))+|.",
    re.DOTALL,
)
_MEMBER = re.compile(rf"{_CATEGORY}|\[:\^?\w+:\]|({_ONE}|[^\\])(?:-({_ONE}|[^\\]))?", re.DOTALL)
_BEYOND = r"\x{80}-\x{10FFFF}"
_PROSE = " a.,:0("
_TRIED = _PROSE + "A’-"
_COMMON = frozenset(" .,:;!?'\"’“”-")
_TURNED = {"^": "$", "$": "^", r"\A": r"\z", r"\z": r"\A"}


class Loose(Struct, frozen=True):
    """A looser form; whether it is about lines turned round, whether it is no looser than the pattern, and whether a
    few characters of prose are enough for it to fail."""

    text: str
    backwards: bool
    exact: bool
    quick: bool


class _Atom(Struct, frozen=True, gc=False):
    """What can be repeated: a character, a class, or a group with its alternatives; or a run of characters."""

    text: str
    least: int = 1
    most: int = 1
    branches: tuple[tuple["_Atom", ...], ...] = ()


_Branches = tuple[tuple[_Atom, ...], ...]


@cache
def loosened(pattern: str) -> Loose:
    """The looser form of an RE2 pattern that is to match whole lines; without groups that capture."""
    # a plain brace may stand elsewhere in a pattern turned round, and count there
    tokens = [f"\\{token}" if token in "{}" else token for token in _TOKEN.findall(pattern)]
    text = "".join(map(_looser, tokens))
    exact, wildness = text == "".join(map(_plain, tokens)), 0
    if _may_be_wild(tokens):
        try:
            branches, _ = _parsed(tokens, 0)
            wildness = _wildness(branches)
            turned = _turned(branches) if wildness else None
        except RecursionError:
            raise ValueError("its brackets are nested too deeply; write it flatter") from None
        if turned is not None and _wildness(turned, ".") < wildness:
            return Loose(_written(turned), backwards=True, exact=False, quick=False)
    return Loose(text, backwards=False, exact=exact, quick=not wildness)


def opening(text: str) -> str:
    """The pattern by which a text opens whose first words a looser form matches."""
    return "".join("(?: |$)" if token in ("$", r"\z") else token for token in _TOKEN.findall(text))


# ---------------------------------------------------------------- reading a pattern


def _parsed(tokens: Sequence[str], at: int) -> tuple[_Branches, int]:
    """The alternatives from here to the closing bracket, and where that stands."""
    branches: list[tuple[_Atom, ...]] = []
    branch: list[_Atom] = []
    while at < len(tokens) and tokens[at] != ")":
        token = tokens[at]
        at += 1
        if token == "|":
            branches.append(tuple(branch))
            branch = []
        elif token[0] in "*+?{" and token != "{" and branch:
            least, most = _counts(token)
            last = branch[-1]
            branch[-1] = _Atom(last.text, least * last.least, min(most * last.most, ENDLESS), last.branches)
        elif token == "(" or (token.startswith("(?") and token[-1] in ":>"):
            inner, at = _parsed(tokens, at)
            branch.append(_Atom(token if token[-1] == ":" else "(?:", branches=inner))
            at += 1
        else:
            branch.append(_plain_atom(token))
    return (*branches, tuple(branch)), at


# the same few thousand tokens make up all patterns
_plain_atom = cache(_Atom)


@cache
def _counts(token: str) -> tuple[int, int]:
    if token[0] != "{":
        return (int(token[0] == "+"), 1 if token[0] == "?" else ENDLESS)
    least, comma, most = token.rstrip("?")[1:-1].partition(",")
    return int(least), int(most) if most else ENDLESS if comma else int(least)


def _is_flag(atom: _Atom) -> bool:
    return atom.text.startswith("(?") and atom.text.endswith(")")


def _turned(branches: _Branches) -> _Branches | None:
    """What matches the same lines turned round; None where a flag stands in the middle, which holds for the rest."""
    out = []
    for branch in branches:
        flags = branch[:1] if branch and _is_flag(branch[0]) else ()
        atoms = [*flags]
        for atom in reversed(branch[len(flags) :]):
            inner = _turned(atom.branches)
            if _is_flag(atom) or inner is None:
                return None
            text = atom.text
            if not inner:
                text = _TURNED.get(text, text if text[0] in "\\[" else text[::-1])
            atoms.append(_Atom(text, atom.least, atom.most, inner))
        out.append(tuple(atoms))
    return tuple(out)


# ---------------------------------------------------------------- what a beginning tells


def _may_be_wild(tokens: Sequence[str]) -> bool:
    """Whether anything in a pattern may match on and on in prose."""
    return any(
        after[0] in "*+{" and after != "{" and _counts(after)[1] > MOST and _holds(before, " ") and _holds(before, "a")
        for before, after in pairwise(tokens)
    )


def _wildness(branches: _Branches, first: str = "") -> int:
    """How far alternatives may match on and on in prose from its beginning, which is `first`: 0 for a few characters
    only, else how many of the characters that prose is made of the widest class holds."""
    return max(_wild_and_ended(branch, first)[0] for branch in branches)


def _wild_and_ended(atoms: Sequence[_Atom], first: str) -> tuple[int, bool]:
    """The wildness of a sequence up to what few lines hold, and whether it ends before that."""
    wildest = 0
    for atom in atoms:
        if atom.branches:
            parts = [_wild_and_ended(branch, first) for branch in atom.branches]
            wildest = max(wildest, *(wildness for wildness, _ in parts))
            if atom.least and not any(ended for _, ended in parts):
                return wildest, False
        elif atom.most > MOST and all(_holds(atom.text, char) for char in " a" + first):
            wildest = max(wildest, sum(_holds(atom.text, char) for char in _PROSE))
        elif atom.least and atom.text not in _TURNED and not _is_flag(atom) and _tells(atom.text):
            return wildest, False
    return wildest, True


@cache
def _tells(token: str) -> bool:
    """Whether few lines hold what a token matches: two letters in a row, or a sign or digit rare in prose."""
    if token == "." or token[0] == "[" or token.startswith((r"\p", r"\P")):
        return not any(_holds(token, char) for char in "aA .,’-")
    text = token[1:] if token[0] == "\\" and not token.startswith(r"\x") else token
    if any(not char.isalnum() and char not in _COMMON for char in text):
        return True
    return len("".join(filter(str.isalnum, text)).encode("utf-8", "replace")) > 1


def _holds(token: str, char: str) -> bool:
    """Whether a class or a dot matches one of the characters to try it with."""
    return char in _held(token)


@cache
def _held(token: str) -> str:
    """Those of the characters to try it with that a class or a dot matches; only for an estimate, so that it may be
    wrong on rare forms."""
    if token == ".":
        return _TRIED
    if token[0] != "[" and not token.startswith((r"\p", r"\P")):
        return ""
    options = re2.Options()
    options.log_errors = False
    try:
        # in a tenth of the time that `re` takes
        members = re2.compile(_character(token).replace(_BEYOND, ""), options)
    except re2.error:
        return ""  # nothing of it is in ASCII
    return "".join(filter(members.fullmatch, _TRIED))


# ---------------------------------------------------------------- writing it down


@cache
def _looser(token: str) -> str:
    """A token as it stands in a looser form."""
    if token[0] in "*+?{" and token != "{":
        least, most = _counts(token)
        return ("+" if least else "*") if most > MOST else f"{{{least},{most}}}"
    return _character(_plain(token))


@cache
def _plain(token: str) -> str:
    """A token that captures nothing, and repeats without regard to what is matched first."""
    if token == "(" or (token.startswith("(?") and token.endswith(">")):
        return "(?:"
    if token[0] in "*+?{" and token != "{":
        least, most = _counts(token)
        if most == ENDLESS:
            return f"{{{least},}}" if least > 1 else "+" if least else "*"
        return f"{{{least},{most}}}"
    return token


def _written(branches: _Branches) -> str:
    """Alternatives as a looser pattern."""
    return "|".join("".join(map(_piece, branch)) for branch in branches)


def _piece(atom: _Atom) -> str:
    text = f"{atom.text}{_written(atom.branches)})" if atom.branches else _character(atom.text)
    if atom.least == atom.most == 1:
        return text
    return text + (("+" if atom.least else "*") if atom.most > MOST else f"{{{atom.least},{atom.most}}}")


@cache
def _character(token: str) -> str:
    r"""A class in which all characters outside ASCII stand for those of `\p{...}`; any other token as it is."""
    if r"\p" not in token and r"\P" not in token:
        return token
    inner = token if token[0] == "\\" else token[1:-1]
    negated = inner.startswith("^")
    out = "" if negated else _BEYOND
    for found in _MEMBER.finditer(inner, int(negated)):
        member = found[0]
        if member.startswith((r"\p", r"\P")):
            if member[1] == "P" or "^" in member:
                return "(?s:.)"
            out += _ascii(member[2:].strip("{}"))
        elif member.startswith("[:") and len(member) > 2:
            out += member
        elif not negated:
            out += rf"\{member}" if member[0] == "]" else member
        else:
            first, last = _code(found[1]), _code(found[2] or found[1])
            out += "".join(_escaped(code) for code in range(first, min(last, 127) + 1))
    # a category knows no case, so that its letters must not be folded where they are left out
    return f"(?-i:[^{out}])" if negated and out else "(?s:.)" if negated else f"[{out}]"


def _code(member: str) -> int:
    """The code point of one character of a class; beyond ASCII for one that is hard to tell."""
    if member[0] != "\\":
        return ord(member)
    if member.startswith(r"\x"):
        return int(member[2:].strip("{}"), 16)
    return 128 if member[1].isalnum() else ord(member[1])


def _escaped(code: int) -> str:
    return rf"\x{code:02x}"


@cache
def _ascii(category: str) -> str:
    """The characters in ASCII of a general category or a script, to stand in a class."""
    return "".join(_escaped(code) for code in range(128) if _is_in(chr(code), category))


def _is_in(char: str, category: str) -> bool:
    if len(category) < 3:
        return unicodedata.category(char).startswith(category)
    return category == "Any" or (category == ("Latin" if char.isalpha() else "Common"))

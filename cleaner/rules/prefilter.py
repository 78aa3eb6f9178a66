r"""Looser forms of patterns: whatever a pattern matches, its looser form matches too, with far less work.

A pattern such as `^Foto: \p{Lu}[\p{L} ]{2,60}$` makes a large program, and hundreds of those cannot be joined into one
automaton.  Loosened to `^Foto: [A-Z\x{80}-\x{10FFFF}][A-Za-z \x{80}-\x{10FFFF}]+$` they can: it reads a line once, and
only the few rules that it names are then asked with their real patterns.  Two things are let go: how often something is
repeated, above MAX_COUNTED_REPEATS times, and which characters outside ASCII a class like `\p{L}` holds.

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

MAX_COUNTED_REPEATS = 4
"""Repetitions that are counted; above, any number will do."""

UNBOUNDED_REPEATS = 1 << 30

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
_NON_ASCII_RANGE = r"\x{80}-\x{10FFFF}"
_PROSE_CHARS = " a.,:0("
_PROBE_CHARS = _PROSE_CHARS + "A’-"
_COMMON_SIGNS = frozenset(" .,:;!?'\"’“”-")
_REVERSED_ANCHORS = {"^": "$", "$": "^", r"\A": r"\z", r"\z": r"\A"}


class LoosePattern(Struct, frozen=True):
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
def derive_loose_pattern(pattern: str) -> LoosePattern:
    """The looser form of an RE2 pattern that is to match whole lines; without groups that capture."""
    # a plain brace may stand elsewhere in a pattern turned round, and count there
    tokens = [f"\\{token}" if token in "{}" else token for token in _TOKEN_PATTERN.findall(pattern)]
    text = "".join(map(_write_loose_token, tokens))
    exact, wildness = text == "".join(map(_normalize_token, tokens)), 0
    if _has_wild_repeat(tokens):
        try:
            branches, _ = _parse_branches(tokens, 0)
            wildness = _measure_wildness(branches)
            turned = _derive_reversed(branches) if wildness else None
        except RecursionError:
            raise ValueError("its brackets are nested too deeply; write it flatter") from None
        if turned is not None and _measure_wildness(turned, ".") < wildness:
            return LoosePattern(_write_branches(turned), backwards=True, exact=False, quick=False)
    return LoosePattern(text, backwards=False, exact=exact, quick=not wildness)


def build_opening_pattern(text: str) -> str:
    """The pattern by which a text opens whose first words a looser form matches."""
    return "".join("(?: |$)" if token in ("$", r"\z") else token for token in _TOKEN_PATTERN.findall(text))


# ---------------------------------------------------------------- reading a pattern


def _parse_branches(tokens: Sequence[str], at: int) -> tuple[_Branches, int]:
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
            least, most = _parse_counts(token)
            last = branch[-1]
            branch[-1] = _Atom(last.text, least * last.least, min(most * last.most, UNBOUNDED_REPEATS), last.branches)
        elif token == "(" or (token.startswith("(?") and token[-1] in ":>"):
            inner, at = _parse_branches(tokens, at)
            branch.append(_Atom(token if token[-1] == ":" else "(?:", branches=inner))
            at += 1
        else:
            branch.append(_make_plain_atom(token))
    return (*branches, tuple(branch)), at


# the same few thousand tokens make up all patterns
_make_plain_atom = cache(_Atom)


@cache
def _parse_counts(token: str) -> tuple[int, int]:
    if token[0] != "{":
        return (int(token[0] == "+"), 1 if token[0] == "?" else UNBOUNDED_REPEATS)
    least, comma, most = token.rstrip("?")[1:-1].partition(",")
    return int(least), int(most) if most else UNBOUNDED_REPEATS if comma else int(least)


def _is_flag(atom: _Atom) -> bool:
    return atom.text.startswith("(?") and atom.text.endswith(")")


def _derive_reversed(branches: _Branches) -> _Branches | None:
    """What matches the same lines turned round; None where a flag stands in the middle, which holds for the rest."""
    out = []
    for branch in branches:
        flags = branch[:1] if branch and _is_flag(branch[0]) else ()
        atoms = [*flags]
        for atom in reversed(branch[len(flags) :]):
            inner = _derive_reversed(atom.branches)
            if _is_flag(atom) or inner is None:
                return None
            text = atom.text
            if not inner:
                text = _REVERSED_ANCHORS.get(text, text if text[0] in "\\[" else text[::-1])
            atoms.append(_Atom(text, atom.least, atom.most, inner))
        out.append(tuple(atoms))
    return tuple(out)


# ---------------------------------------------------------------- what a beginning tells


def _has_wild_repeat(tokens: Sequence[str]) -> bool:
    """Whether anything in a pattern may match on and on in prose."""
    return any(
        after[0] in "*+{"
        and after != "{"
        and _parse_counts(after)[1] > MAX_COUNTED_REPEATS
        and _has_member(before, " ")
        and _has_member(before, "a")
        for before, after in pairwise(tokens)
    )


def _measure_wildness(branches: _Branches, first: str = "") -> int:
    """How far alternatives may match on and on in prose from its beginning, which is `first`: 0 for a few characters
    only, else how many of the characters that prose is made of the widest class holds."""
    return max(_scan_wildness(branch, first)[0] for branch in branches)


def _scan_wildness(atoms: Sequence[_Atom], first: str) -> tuple[int, bool]:
    """The wildness of a sequence up to what few lines hold, and whether it ends before that."""
    wildest = 0
    for atom in atoms:
        if atom.branches:
            parts = [_scan_wildness(branch, first) for branch in atom.branches]
            wildest = max(wildest, *(wildness for wildness, _ in parts))
            if atom.least and not any(ended for _, ended in parts):
                return wildest, False
        elif atom.most > MAX_COUNTED_REPEATS and all(_has_member(atom.text, char) for char in " a" + first):
            wildest = max(wildest, sum(_has_member(atom.text, char) for char in _PROSE_CHARS))
        elif atom.least and atom.text not in _REVERSED_ANCHORS and not _is_flag(atom) and _is_rare_token(atom.text):
            return wildest, False
    return wildest, True


@cache
def _is_rare_token(token: str) -> bool:
    """Whether few lines hold what a token matches: two letters in a row, or a sign or digit rare in prose."""
    if token == "." or token[0] == "[" or token.startswith((r"\p", r"\P")):
        return not any(_has_member(token, char) for char in "aA .,’-")
    text = token[1:] if token[0] == "\\" and not token.startswith(r"\x") else token
    if any(not char.isalnum() and char not in _COMMON_SIGNS for char in text):
        return True
    return len("".join(filter(str.isalnum, text)).encode("utf-8", "replace")) > 1


def _has_member(token: str, char: str) -> bool:
    """Whether a class or a dot matches one of the characters to try it with."""
    return char in _list_probe_members(token)


@cache
def _list_probe_members(token: str) -> str:
    """Those of the characters to try it with that a class or a dot matches; only for an estimate, so that it may be
    wrong on rare forms."""
    if token == ".":
        return _PROBE_CHARS
    if token[0] != "[" and not token.startswith((r"\p", r"\P")):
        return ""
    options = re2.Options()
    options.log_errors = False
    try:
        # in a tenth of the time that `re` takes
        members = re2.compile(_replace_categories(token).replace(_NON_ASCII_RANGE, ""), options)
    except re2.error:
        return ""  # nothing of it is in ASCII
    return "".join(filter(members.fullmatch, _PROBE_CHARS))


# ---------------------------------------------------------------- writing it down


@cache
def _write_loose_token(token: str) -> str:
    """A token as it stands in a looser form."""
    if token[0] in "*+?{" and token != "{":
        least, most = _parse_counts(token)
        return ("+" if least else "*") if most > MAX_COUNTED_REPEATS else f"{{{least},{most}}}"
    return _replace_categories(_normalize_token(token))


@cache
def _normalize_token(token: str) -> str:
    """A token that captures nothing, and repeats without regard to what is matched first."""
    if token == "(" or (token.startswith("(?") and token.endswith(">")):
        return "(?:"
    if token[0] in "*+?{" and token != "{":
        least, most = _parse_counts(token)
        if most == UNBOUNDED_REPEATS:
            return f"{{{least},}}" if least > 1 else "+" if least else "*"
        return f"{{{least},{most}}}"
    return token


def _write_branches(branches: _Branches) -> str:
    """Alternatives as a looser pattern."""
    return "|".join("".join(map(_write_atom, branch)) for branch in branches)


def _write_atom(atom: _Atom) -> str:
    text = f"{atom.text}{_write_branches(atom.branches)})" if atom.branches else _replace_categories(atom.text)
    if atom.least == atom.most == 1:
        return text
    return text + (("+" if atom.least else "*") if atom.most > MAX_COUNTED_REPEATS else f"{{{atom.least},{atom.most}}}")


@cache
def _replace_categories(token: str) -> str:
    r"""A class in which all characters outside ASCII stand for those of `\p{...}`; any other token as it is."""
    if r"\p" not in token and r"\P" not in token:
        return token
    inner = token if token[0] == "\\" else token[1:-1]
    negated = inner.startswith("^")
    out = "" if negated else _NON_ASCII_RANGE
    for found in _CLASS_MEMBER_PATTERN.finditer(inner, int(negated)):
        member = found[0]
        if member.startswith((r"\p", r"\P")):
            if member[1] == "P" or "^" in member:
                return "(?s:.)"
            out += _list_ascii_members(member[2:].strip("{}"))
        elif member.startswith("[:") and len(member) > 2:
            out += member
        elif not negated:
            out += rf"\{member}" if member[0] == "]" else member
        else:
            first, last = _parse_code_point(found[1]), _parse_code_point(found[2] or found[1])
            out += "".join(_escape_code_point(code) for code in range(first, min(last, 127) + 1))
    # a category knows no case, so that its letters must not be folded where they are left out
    return f"(?-i:[^{out}])" if negated and out else "(?s:.)" if negated else f"[{out}]"


def _parse_code_point(member: str) -> int:
    """The code point of one character of a class; beyond ASCII for one that is hard to tell."""
    if member[0] != "\\":
        return ord(member)
    if member.startswith(r"\x"):
        return int(member[2:].strip("{}"), 16)
    return 128 if member[1].isalnum() else ord(member[1])


def _escape_code_point(code: int) -> str:
    return rf"\x{code:02x}"


@cache
def _list_ascii_members(category: str) -> str:
    """The characters in ASCII of a general category or a script, to stand in a class."""
    return "".join(_escape_code_point(code) for code in range(128) if _is_in_category(chr(code), category))


def _is_in_category(char: str, category: str) -> bool:
    if len(category) < 3:
        return unicodedata.category(char).startswith(category)
    return category == "Any" or (category == ("Latin" if char.isalpha() else "Common"))

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

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import re2
from msgspec import Struct

from cleaner.rules.syntax import (
    NON_ASCII_RANGE,
    Atom,
    Branches,
    is_class,
    is_repeat,
    normalize_token,
    parse_branches,
    parse_counts,
    replace_categories,
    split_tokens,
)
from cleaner.text.automaton import build_re2_options

MAX_COUNTED_REPEATS = 4
"""Repetitions that are counted; above, any number will do."""

PROSE_CHARS = " a.,:0("
"""Characters of which a class that matches much of prose holds most: how many it holds is its wildness."""

PROBE_CHARS = PROSE_CHARS + "A’-"
"""Characters with which a class is tried."""

WORD_CHARS = " a"
"""What a class must hold to match on and on in prose: words and the spaces between them."""

COMMON_CHARS = "aA .,’-"
"""What most lines hold: a class that matches one of these says little of a line."""

COMMON_SIGNS = frozenset(" .,:;!?'\"’“”-")
"""Signs that stand in most lines of prose; others are rare."""

END_ANCHORS = frozenset({"$", r"\z"})

_REVERSED_ANCHORS = {"^": "$", "$": "^", r"\A": r"\z", r"\z": r"\A"}


class LoosePattern(Struct, frozen=True, array_like=True):
    """A looser form; whether it is about lines turned round, whether it is no looser than the pattern, and whether a
    few characters of prose are enough for it to fail."""

    text: str
    backwards: bool
    exact: bool
    quick: bool


@cache
def derive_loose_pattern(pattern: str) -> LoosePattern:
    """The looser form of an RE2 pattern that is to match whole lines; without groups that capture.

    Raises `ValueError` for brackets that are nested too deeply.
    """
    # a plain brace may stand elsewhere in a pattern turned round, and count there
    tokens = [f"\\{token}" if token in "{}" else token for token in split_tokens(pattern)]
    text = "".join(map(_write_loose_token, tokens))
    exact, wildness = text == "".join(map(normalize_token, tokens)), 0
    if _has_wild_repeat(tokens):
        try:
            branches, _ = parse_branches(tokens, 0)
            wildness = _measure_wildness(branches)
            turned = _derive_reversed(branches) if wildness else None
        except RecursionError:
            raise ValueError("its brackets are nested too deeply; write it flatter") from None
        if turned is not None and _measure_wildness(turned, ".") < wildness:
            return LoosePattern(_write_branches(turned), backwards=True, exact=False, quick=False)
    return LoosePattern(text, backwards=False, exact=exact, quick=not wildness)


def build_opening_pattern(text: str) -> str:
    """The pattern by which a text opens whose first words a looser form matches."""
    return "".join("(?: |$)" if token in END_ANCHORS else token for token in split_tokens(text))


def _derive_reversed(branches: Branches) -> Branches | None:
    """What matches the same lines turned round; None where a flag stands in the middle, which holds for the rest."""
    turned = list(map(_reverse_sequence, branches))
    return None if None in turned else tuple(one for one in turned if one is not None)


def _reverse_sequence(atoms: Sequence[Atom]) -> tuple[Atom, ...] | None:
    """The atoms from the last to the first, behind a flag with which they begin; None for a flag elsewhere."""
    flags = atoms[:1] if atoms and atoms[0].is_flag else ()
    out = [*flags]
    for atom in reversed(atoms[len(flags) :]):
        inner = _derive_reversed(atom.branches)
        if atom.is_flag or inner is None:
            return None
        out.append(Atom(atom.text if inner else _reverse_token(atom.text), atom.least, atom.most, inner))
    return tuple(out)


def _reverse_token(token: str) -> str:
    """A token as it reads from its end: anchors change sides, runs of characters are turned round."""
    return _REVERSED_ANCHORS.get(token, token if token[0] in "\\[" else token[::-1])


# ---------------------------------------------------------------- what a beginning tells


def _has_wild_repeat(tokens: Sequence[str]) -> bool:
    """Whether anything in a pattern may match on and on in prose."""
    return any(
        is_repeat(after) and parse_counts(after)[1] > MAX_COUNTED_REPEATS and _has_members(before, WORD_CHARS)
        for before, after in pairwise(tokens)
    )


def _measure_wildness(branches: Branches, first: str = "") -> int:
    """How far alternatives may match on and on in prose from its beginning, which is `first`: 0 for a few characters
    only, else how many of the characters that prose is made of the widest class holds."""
    return max(_scan_wildness(branch, first)[0] for branch in branches)


def _scan_wildness(atoms: Sequence[Atom], first: str) -> tuple[int, bool]:
    """The wildness of a sequence up to what few lines hold, and whether it ends before that."""
    wildest = 0
    for atom in atoms:
        if atom.branches:
            parts = [_scan_wildness(branch, first) for branch in atom.branches]
            wildest = max(wildest, *(wildness for wildness, _ in parts))
            if atom.least and not any(ended for _, ended in parts):
                return wildest, False
        elif atom.most > MAX_COUNTED_REPEATS and _has_members(atom.text, WORD_CHARS + first):
            wildest = max(wildest, len(_list_probe_members(atom.text).intersection(PROSE_CHARS)))
        elif atom.least and _is_rare_token(atom.text):
            return wildest, False
    return wildest, True


@cache
def _is_rare_token(token: str) -> bool:
    """Whether few lines hold what a token matches: two letters in a row, or a sign or digit rare in prose."""
    if token in _REVERSED_ANCHORS or Atom(token).is_flag:
        return False
    if token == "." or is_class(token):
        return _list_probe_members(token).isdisjoint(COMMON_CHARS)
    text = token[1:] if token[0] == "\\" and not token.startswith(r"\x") else token
    words = "".join(filter(str.isalnum, text))
    return not COMMON_SIGNS.issuperset(set(text).difference(words)) or len(words.encode("utf-8", "replace")) > 1


def _has_members(token: str, chars: str) -> bool:
    """Whether a class or a dot matches each of these characters, which are of those to try it with."""
    return _list_probe_members(token).issuperset(chars)


@cache
def _list_probe_members(token: str) -> frozenset[str]:
    """Those of the characters to try it with that a class or a dot matches; none for any other token.

    It is only for an estimate, and may be wrong on rare forms.
    """
    if token == ".":
        return frozenset(PROBE_CHARS)
    if not is_class(token):
        return frozenset()
    try:
        # in a tenth of the time that `re` takes
        members = re2.compile(replace_categories(token).replace(NON_ASCII_RANGE, ""), build_re2_options())
    except re2.error:
        return frozenset()  # nothing of it is in ASCII
    return frozenset(filter(members.fullmatch, PROBE_CHARS))


# ---------------------------------------------------------------- writing it down


@cache
def _write_loose_token(token: str) -> str:
    """A token as it stands in a looser form."""
    return _write_loose_counts(*parse_counts(token)) if is_repeat(token) else replace_categories(normalize_token(token))


def _write_loose_counts(least: int, most: int) -> str:
    """The repeat of these counts, which above MAX_COUNTED_REPEATS takes any number."""
    return ("+" if least else "*") if most > MAX_COUNTED_REPEATS else f"{{{least},{most}}}"


def _write_branches(branches: Branches) -> str:
    """Alternatives as a looser pattern."""
    return "|".join("".join(map(_write_atom, branch)) for branch in branches)


def _write_atom(atom: Atom) -> str:
    """An atom with its repeat as it stands in a looser form."""
    text = f"{atom.text}{_write_branches(atom.branches)})" if atom.branches else replace_categories(atom.text)
    return text if atom.least == atom.most == 1 else text + _write_loose_counts(atom.least, atom.most)

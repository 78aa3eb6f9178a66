"""From example lines to patterns: one narrow RE2 pattern a line, proven on what must go and on what must stay."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Literal, NamedTuple

from cleaner.errors import RuleError
from cleaner.rules.match import SINGLE_AUTOMATON_BYTES
from cleaner.rules.patterns import expand_unicode_classes
from cleaner.rules.proof import load_prose, split_lines
from cleaner.text import languages
from cleaner.text.automaton import Automaton
from cleaner.workbench.align import Gap, Shared, align_rows
from cleaner.workbench.templates import TYPOGRAPHY_TABLE
from cleaner.workbench.tokens import (
    MAX_SMALL_CHARS,
    VALUE_KINDS,
    Token,
    choose_value_class,
    encode_tokens,
    escape_text,
    join_tokens,
    tokenize_line,
)

MAX_FREE_CHARS = 400
"""Characters of the longest free text that a pattern allows."""

MAX_LISTED_LINES = 40
"""Lines that a pattern may list."""

MIN_FIXED_LETTERS = {"free": 4, "name": 2, "": 1}
"""Letters that a pattern must fix, by its widest gap: beside free text, beside names, and beside values or nothing."""

MARKING_SIGNS = tuple("©#@")
"""Signs at the beginning of a line that mark it as no sentence: such a pattern may fix fewer letters."""

MARKING_KINDS = frozenset({"date", "time", "url", "mail"})
"""Kinds of values that mark a line as no sentence, where it has no gap besides."""

FREE_ROOM_SHARE, FREE_ROOM_STEP_CHARS = 1.5, 10
"""How much longer than in the longest example free text may be, rounded up to this many characters."""

Width = Literal["wide", "tight", "listed"]
"""How much a pattern allows: more than the examples have, only as much as they have, or just these lines."""

WIDTHS: tuple[Width, ...] = ("wide", "tight", "listed")
"""All widths in the order in which they are tried."""

KEEP_REFUSAL = (
    "what is to go cannot be told from what is to stay: {!r}; add longer examples, with a line before or behind"
)
PROSE_REFUSAL = (
    "the pattern would drop the sentence {!r} of an article; name the site it is for, or add longer examples"
)
"""Why patterns are refused that match a keep, or the baseline of clean prose."""

_NAME_CLASS = r"\p{Lu}[\p{L}\p{M}.'’-]*"
_SMALL_NAME_CLASS = rf"(?:\p{{Ll}}{{1,{MAX_SMALL_CHARS}}} ){{0,2}}"
_WORD_CLASS = r"[\p{L}\p{M}'’-]+"


# ---------------------------------------------------------------- proposing and proving


def propose_patterns(
    examples: Sequence[str], keeps: Sequence[str] = (), site: bool = False, fixed: bool = False
) -> tuple[str, ...]:
    """One anchored pattern for each line of the examples, which matches all of them; with `fixed`, nothing else.

    The patterns match none of `keeps`, and unless they are for one site, no sentence of the baseline of clean prose.
    They are as wide as that allows.  Raises `RuleError` where there are no such patterns, and says why for the widest.
    """
    rows = list(map(split_lines, dict.fromkeys(examples)))
    if not rows or not all(rows):
        raise RuleError("an example is empty; paste the lines that are to go")
    if len(set(map(len, rows))) > 1:
        raise RuleError("the examples differ in their number of lines; paste examples of one kind, one at a time")
    refusals: list[RuleError] = []
    for width in WIDTHS[-1:] if fixed else WIDTHS:
        try:
            patterns = tuple(_build_pattern(list(dict.fromkeys(column)), width) for column in zip(*rows, strict=True))
            _check_patterns(patterns, rows, keeps, site)
            return patterns
        except RuleError as error:
            refusals.append(error)
    raise refusals[0]


def _check_patterns(patterns: Sequence[str], rows: Sequence[Sequence[str]], keeps: Iterable[str], site: bool) -> None:
    """Raises `RuleError` for patterns that miss an example, or match a keep or, where they are for all sites, prose."""
    automata = [Automaton([expand_unicode_classes(pattern)], SINGLE_AUTOMATON_BYTES) for pattern in patterns]

    def hits(lines: Sequence[str]) -> bool:
        """Whether the patterns match consecutive lines among these."""
        encoded = [line.encode("utf-8", "replace") for line in lines]
        return any(
            all(one.match(line) is not None for one, line in zip(automata, encoded[at:], strict=False))
            for at in range(len(lines) - len(automata) + 1)
        )

    trials = chain(
        ((row, True, f"no pattern was found that matches {' / '.join(row)!r}; write the rule by hand") for row in rows),
        ((split_lines(keep), False, KEEP_REFUSAL.format(keep)) for keep in keeps),
        (([sentence], False, PROSE_REFUSAL.format(sentence)) for sentence in (() if site else load_prose())),
    )
    for lines, wanted, refusal in trials:
        if hits(lines) != wanted:
            raise RuleError(refusal)


def _build_pattern(lines: Sequence[str], width: Width) -> str:
    """The pattern of different examples of one line; raises `RuleError` for a pattern that fixes too few letters.

    More than MAX_LISTED_LINES lines are not listed; their pattern is tight instead.
    """
    rows = list(map(tokenize_line, lines))
    if width == "listed" and len(lines) <= MAX_LISTED_LINES:
        listed = [escape_text(join_tokens(row)) for row in rows]
        return f"^{listed[0]}$" if len(listed) == 1 else f"^(?:{'|'.join(listed)})$"
    pieces = [
        _build_gap(part, width) if isinstance(part, list) else _build_anchor(part, width) for part in align_rows(rows)
    ]
    widest = max((piece.gap for piece in pieces), key=MIN_FIXED_LETTERS.__getitem__)
    letters = sum(piece.letters for piece in pieces)
    if letters < MIN_FIXED_LETTERS[widest] and not _is_marked(lines[0], rows[0], widest):
        raise RuleError(
            f"the examples have too few words in common ({letters} letters) to tell such a line from others; "
            "paste more lines of the same kind, or a line before or behind along with each"
        )
    return f"^{''.join(piece.pattern for piece in pieces)}$"


def _is_marked(line: str, row: Sequence[Token], widest: str) -> bool:
    """Whether a line is no sentence for all that its signs or values say; free text could still be one."""
    valued = not MARKING_KINDS.isdisjoint(token.kind for token in row)
    return widest != "free" and (line.startswith(MARKING_SIGNS) or (valued and not widest))


# ---------------------------------------------------------------- pieces of a pattern


class Piece(NamedTuple):
    """A part of a pattern, how wide a gap it is (a key of MIN_FIXED_LETTERS), and how many letters it fixes."""

    pattern: str
    gap: Literal["free", "name", ""] = ""
    letters: int = 0


def _build_anchor(column: Shared, width: Width) -> Piece:
    """The piece for a token that all lines have: a class for values, else its text, in any case where that differs.

    The value of a single line is fixed only by a pattern that is not wide.
    """
    space, first, texts = _build_space(column), column[0], sorted({token.text for token in column})
    if first.kind in VALUE_KINDS and (len(texts) > 1 or (len(column) == 1 and width == "wide")):
        return Piece(space + choose_value_class(first.kind, texts))
    text = escape_text(first.text)
    one_form = len({text.translate(TYPOGRAPHY_TABLE) for text in texts}) == 1
    return Piece(space + (text if one_form else f"(?i:{text})"), letters=sum(map(str.isalpha, first.text)))


def _build_space(tokens: Iterable[Token]) -> str:
    """The pattern of the space before these tokens: a space, none, or either."""
    spaced = {token.spaced for token in tokens}
    return " ?" if len(spaced) > 1 else " " * spaced.pop()


def _build_gap(column: Gap, width: Width) -> Piece:
    """The piece for what differs from line to line, by the first of GAP_SHAPES that it has; optional where lines have
    nothing there."""
    runs = list(filter(None, column))
    codes = "|".join(map(encode_tokens, runs))
    build = next(shape.build for shape in GAP_SHAPES if shape.codes.fullmatch(codes))
    piece = build(runs, width)
    pattern = _build_space(run[0] for run in runs) + piece.pattern
    return piece._replace(pattern=pattern if len(runs) == len(column) else f"(?:{pattern})?")


def _build_value(runs: Gap, width: Width) -> Piece:
    """The class of the values."""
    return Piece(choose_value_class(runs[0][0].kind, [run[0].text for run in runs]))


def _build_signs(runs: Gap, width: Width) -> Piece:
    """The class of just these signs."""
    return Piece(f"[{''.join(sorted({re.escape(run[0].text) for run in runs}))}]")


def _build_names(runs: Gap, width: Width) -> Piece:
    """Capitalised words; a wide pattern allows one more than the longest name has, and one word alone."""
    sizes, wide = list(map(len, runs)), width == "wide"
    least, most = 0 if wide else min(sizes) - 1, max(sizes) - 1 + wide
    return Piece(_NAME_CLASS + (f"(?: {_SMALL_NAME_CLASS}{_NAME_CLASS}){{{least},{most}}}" if most else ""), "name")


def _build_words(runs: Gap, width: Width) -> Piece:
    """As many words as the longest run has, or fewer."""
    more = max(map(len, runs)) - 1
    return Piece(_WORD_CLASS + (f"(?: {_WORD_CLASS}){{0,{more}}}" if more else ""), "free")


def _build_text(runs: Gap, width: Width) -> Piece:
    """Any text about as long as in the examples, or for a pattern that is not wide, exactly so."""
    sizes = [len(join_tokens(run)) for run in runs]
    least, most = min(sizes), max(sizes)
    if width == "wide":
        steps = -(-most * FREE_ROOM_SHARE // FREE_ROOM_STEP_CHARS)
        least, most = max(1, least // 2), int(steps) * FREE_ROOM_STEP_CHARS
    return Piece(f".{{{least},{min(most, MAX_FREE_CHARS)}}}", "free")


class GapShape(NamedTuple):
    """What a gap can be: a pattern for the codes of its filled runs, joined by |, and what makes the piece for them."""

    codes: re.Pattern[str]
    build: Callable[[Gap, Width], Piece]


GAP_SHAPES = (
    GapShape(re.compile(r"([umdt9])(\|\1)*"), _build_value),  # one value of one kind: 9|9
    GapShape(re.compile(r"s(\|s)*"), _build_signs),  # one sign: s|s
    GapShape(re.compile(r"(N(( [Nw]){0,3} N)?(\||$))+"), _build_names),  # names of up to five words: N|N w N
    GapShape(re.compile(r"([NwW]( [NwW]){0,2}(\||$))+"), _build_words),  # up to three words: w N|W
    GapShape(re.compile(r".*"), _build_text),
)
"""All shapes of gaps, narrowest first."""


# ---------------------------------------------------------------- keeps


def pick_clean_sentence(near: str, language: str = "") -> str:
    """The sentence of the baseline of clean prose that has most words in common with this text, as a keep for a rule.

    It is one in this language where the baseline has that, else one in any.
    """
    prose = languages.load_prose()
    sentences = prose.get(language) or list(chain.from_iterable(prose.values()))
    words = set(near.casefold().split())
    return max(sentences, key=lambda sentence: len(words.intersection(sentence.casefold().split())))

"""The steps that repair a text: their order, what calls for each, and the rule under which it stands.

One RE2 set, DAMAGE_SET, is run over the whole text and says which kinds of damage there may be; a text without any
is left after that one pass.  What ftfy knows (its table of improbable neighbours, its encodings, its lossy cases) is
taken from ftfy itself, and ftfy decides wherever a plain re-decoding does not settle the matter.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from cleaner.text.repair.lost_marks import LOST_CHARS, fill_lost_chars
from cleaner.text.repair.misread import (
    IMPROBABLE_PATTERN,
    MAC_ROMAN_PATTERN,
    MISREAD_UTF8_PATTERN,
    build_search_set,
    convert_c1_controls,
    decode_mac_roman,
    decode_text,
)
from cleaner.text.repair.typography import (
    BLANK_CHARS,
    DECOMPOSED_CHARS,
    DOUBLED_APOSTROPHES,
    INVISIBLE_RUN,
    normalize_to_nfc,
    remove_controls,
    remove_lone_surrogates,
    replace_doubled_apostrophes,
    replace_spaces,
    split_ligatures,
    unescape_entities,
    unescape_json,
)

RULES = {
    "repair.encoding": "Text that was read in the wrong encoding, such as Ã© for é.",
    "repair.replacement": "A replacement character whose neighbours show which quote, apostrophe or dash it was.",
    "repair.entities": "HTML entities left in the text, such as &amp; or &amp;#8217;.",
    "repair.escapes": r"JSON escapes left in the text, such as \u2019 or \".",
    "repair.controls": "Soft hyphens, zero-width spaces and control characters.",
    "repair.quotes": "Two apostrophes or two backticks typed for a double quote.",
    "repair.ligatures": "Typeset ligatures of Latin letters, such as the single character ﬁ.",
    "repair.normal-form": "Letters whose accents stand apart: Unicode's normal form C.",
    "repair.spaces": "No-break, thin and other odd spaces, now plain ones.",
}
"""The rules and what each repairs, the most telling first: a line that several changed is entered under the first."""

RULE_RANKS = {rule: rank for rank, rule in enumerate(RULES)}

Step = Callable[[str, str | None], str]
"""What repairs one kind of damage: a text and its language, if that is known, in; the text out."""

REPAIR_TABLE: tuple[tuple[tuple[str, ...], str, Step], ...] = (
    ((r"\\+u[0-9A-Fa-f]{4}", r"""\\["'/]"""), "repair.escapes", unescape_json),
    ((r"&#?[0-9A-Za-z]{1,24};",), "repair.entities", unescape_entities),
    ((MAC_ROMAN_PATTERN,), "repair.encoding", decode_mac_roman),
    ((IMPROBABLE_PATTERN, MISREAD_UTF8_PATTERN), "repair.encoding", decode_text),
    ((r"[\x{80}-\x{9f}]",), "repair.encoding", convert_c1_controls),
    ((r"[\x{fb00}-\x{fb06}]",), "repair.ligatures", split_ligatures),
    ((f"[{INVISIBLE_RUN.pattern[1:-2]}]",), "repair.controls", remove_controls),
    ((f"[{DECOMPOSED_CHARS}]",), "repair.normal-form", normalize_to_nfc),
    ((f"[{BLANK_CHARS}]",), "repair.spaces", replace_spaces),
    (("''", "``"), "repair.quotes", replace_doubled_apostrophes),
    ((r"\x{fffd}",), "repair.replacement", fill_lost_chars),
)
"""Signs, rule and step, in the order in which they are tried: bytes before characters, what misleads others first."""

DAMAGE_SET = build_search_set([sign for signs, _, _ in REPAIR_TABLE for sign in signs])

_SIGN_NUMBERS = [*accumulate((len(signs) for signs, _, _ in REPAIR_TABLE), initial=0)]

STEPS: tuple[tuple[frozenset[int], str, Step], ...] = tuple(
    (frozenset(range(first, end)), rule, step)
    for (first, end), (_, rule, step) in zip(pairwise(_SIGN_NUMBERS), REPAIR_TABLE, strict=True)
)
"""The numbers of the signs in DAMAGE_SET, any of which calls for the step; its rule; and the step."""

MAX_REPAIR_STEPS = 50
"""Changing steps after which a text counts as beyond mending and is left as it then reads; no real text takes ten."""


PLACES_BY_RULE: dict[str, tuple[float, re.Pattern[str]]] = {
    "repair.encoding": (0.05, re.compile(r"[^\x00-\x7f]+")),
    "repair.replacement": (0.2, LOST_CHARS),
    "repair.quotes": (0.1, DOUBLED_APOSTROPHES),
}
"""Rules that go by evidence: the chance that one place alone misleads them, and what such a place looks like.

Places count as independent of each other: two of them mislead with the square of that chance.
"""


class Mending(NamedTuple):
    """Line number `line` (from 0) should read `text`; `rule` is the most telling of the rules that asked for it.

    `confidence` (0 to 1) grows with the places of the whole text that show the damage.
    """

    line: int
    rule: str
    text: str
    confidence: float


def mend_lines(lines: Sequence[str], *, language: str | None = None) -> list[Mending]:
    """What is to be changed in a text given as its lines, in order; nothing where nothing is.

    All lines are looked at together, because what is ambiguous in one is often plain in another.  Mending the mended
    lines asks for nothing more.
    """
    before = text = "\n".join(lines)
    rules: dict[int, str] = {}
    places: Counter[str] = Counter()
    for _ in range(MAX_REPAIR_STEPS):
        after, rule = _apply_first_change(text, language)
        if not rule:
            break
        places[rule] += _count_places(text, after, rule)
        text = _record_change(text, after, rule, rules)
    return list(_collect_mendings(lines, text, rules, places)) if text != before else []


def _count_places(text: str, after: str, rule: str) -> int:
    """In how many places the lines that a step changed show the damage; 0 for a rule that needs no evidence."""
    _, place = PLACES_BY_RULE.get(rule, (0, None))
    if place is None:
        return 0
    changed = (old for old, new in zip(text.split("\n"), after.split("\n"), strict=True) if old != new)
    return sum(len(place.findall(line)) for line in changed)


def _compute_confidence(rule: str, places: Counter[str]) -> float:
    """How sure a rule is of its changes in a text, from 0 to 1."""
    misled, _ = PLACES_BY_RULE.get(rule, (0.0, None))
    return round(1 - misled ** max(places[rule], 1), 2)


def _apply_first_change(text: str, language: str | None) -> tuple[str, str]:
    """The text after the first step that changes it, and that step's rule: "" where no step does."""
    try:
        signs = DAMAGE_SET.match(text)
    except UnicodeEncodeError:
        return remove_lone_surrogates(text), "repair.controls"
    called = (row for row in STEPS if not row[0].isdisjoint(signs)) if signs else ()
    changes = ((step(text, language), rule) for _, rule, step in called)
    return next((change for change in changes if change[0] != text), (text, ""))


def _record_change(text: str, after: str, rule: str, rules: dict[int, str]) -> str:
    """The text after a step with bare line ends; `rules` learns which lines were changed by which rule."""
    lines = after.split("\n")
    for i, old in enumerate(text.split("\n")):
        if lines[i] != old:
            lines[i] = lines[i].strip(" \t")
            rules[i] = min(rules.get(i, rule), rule, key=RULE_RANKS.__getitem__)
    return "\n".join(lines)


def _collect_mendings(
    lines: Sequence[str], text: str, rules: dict[int, str], places: Counter[str]
) -> Iterator[Mending]:
    """The lines that read otherwise in the repaired text; a line that was given with line ends inside is several."""
    parts, at = text.split("\n"), 0
    for i, line in enumerate(lines):
        stop = at + line.count("\n") + 1
        new = "\n".join(parts[at:stop])
        if new != line:
            changed_by = rules.keys() & set(range(at, stop))
            rule = min((rules[j] for j in changed_by), key=RULE_RANKS.__getitem__)
            yield Mending(i, rule, new, _compute_confidence(rule, places))
        at = stop

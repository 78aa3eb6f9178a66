"""Press releases: what stands around their text by habit goes, where several habits show that a text is one.

The paragraph about the house, notes that the law asks for, and the names of those who answer questions stand below
many texts in the same words; none of it is of the article, and whom one may call is no author.

No sign is enough by itself: magazines part their texts by ###, associations have a contact below their news, and a
heading may begin with "About".  Two different ones hardly stand in a text that is no release.  A sign takes its own
part with it, up to the next sign or the next heading; only the house that sent the release and the mark of its end
take all that follows.  The stage goes before `rejoin`, while labels still stand on lines of their own.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from operator import attrgetter

from cleaner.document import Block, Document, Edit
from cleaner.text.languages import collect_phrases
from cleaner.text.shape import count_words, is_open, is_prose

RULES = {
    "press.opening": "A line that says that a press release follows.",
    "press.house": "The name of the house alone, above its release.",
    "press.about": "The paragraph about the house below a press release, with its heading.",
    "press.note": "A note that stands below a press release by law or by habit.",
    "press.contact": "Whom to ask about a press release.",
    "press.source": "The house that sent a press release, and what follows it.",
    "press.end": "The mark that ends a press release, and what follows it.",
}

MIN_SIGNS = 2
"""Different signs from which a text is a press release: each of them alone stands in other texts."""

HEAD_LINES, CONTACT_LINES = 12, 8
"""Lines above a release that may open it; lines of the longest contact."""

MAX_HEADING_WORDS = 9
"""Words of the longest heading of a part below a release."""

MIN_TAIL_SHARE = 0.3
"""Share of the lines behind which parts about the house stand."""

MIN_NAME_CHARS = 4
"""Letters of the shortest name of a house."""

MAX_END_PROSE_SHARE = 0.4
"""Share of a release's paragraphs that may stand behind the mark of its end."""

SURE, LIKELY = 0.95, 0.85
"""How sure an edit is by its sign alone, and by what stands below it."""

_WIRE_PATTERN = re.compile(r"/[A-Z][\w .&-]{2,30}/ {0,2}(?:--|[–—-])|\([A-Z ]{0,20}WIRE\) {0,2}(?:--|[–—-])")
"""A dateline in which the name of a wire stands between slashes, or in brackets."""

_SOURCE_PATTERN = re.compile(r"SOURCE:? (?=\S)[^.!?]{2,100}\.?")
_END_PATTERN = re.compile(r"#(?: ?#){2,4}|[-–—] ?30 ?[-–—]|[*•](?: ?[*•]){2,4}")
_REACH_PATTERN = re.compile(r"\S@\S+\.\S|\+?\(?\d[\d ()./–-]{6,}\d|https?://|www\.")
"""An address or a telephone number."""

_PARTING_CHARS = frozenset(":：|–—-,(")
_LABEL_ENDS = " :：.*#-–—"

_ROLES = {"press.contact": "contact", "press.opening": "other", "press.house": "other"}
"""What lines are that go by such a rule; others are about the house."""

_LAST_RULES = frozenset({"press.source", "press.end"})
"""Signs that take all that follows them."""

_MOST_LINES = {"press.wire": 0, "press.opening": 1, "press.contact": 1 + CONTACT_LINES}
"""Lines of the longest part of a sign, its own with them; that of another sign has no limit."""

_WIRE_REACH_CHARS = 120
"""Characters of a line in which the dateline of a wire stands."""

Signs = dict[int, str]
"""The rule that each line of a release is known by, by the number of the line."""


@cache
def _load_labels() -> dict[str, frozenset[str]]:
    """The set lines that are whole, by the rule that knows them."""
    return {rule: frozenset(_load_phrases()[rule]) for rule in ("press.contact", "press.note", "press.end")}


@cache
def _load_phrases() -> dict[str, tuple[str, ...]]:
    """The set lines of all languages, by the rule that knows them."""
    return {
        "press.opening": collect_phrases(lambda own: own.press.openings),
        "press.contact": collect_phrases(lambda own: own.press.contacts),
        "press.about": collect_phrases(lambda own: own.press.abouts),
        "press.note": collect_phrases(lambda own: own.press.notes),
        "press.end": collect_phrases(lambda own: own.press.ends),
    }


def press(document: Document) -> Iterator[Edit]:
    """Edits that drop what stands around the text of a press release; nothing for any other text."""
    blocks = list(filter(attrgetter("text"), document.blocks))
    lines = [block.text for block in blocks]
    signs = _find_signs(lines)
    if len(set(signs.values())) < MIN_SIGNS:
        return
    taken: set[int] = set()
    for i, rule in sorted(signs.items()):
        if i not in taken:
            run = sorted(set(_extend_sign(i, rule, lines, signs)) - taken)
            taken.update(run)
            yield from (_drop_line(blocks[j], rule, SURE if j == i else LIKELY) for j in run)
    house = next((_read_source(lines[i]) for i, rule in signs.items() if rule == "press.source"), "")
    for i, line in enumerate(lines[:HEAD_LINES]):
        if house and i not in taken and line.strip(_LABEL_ENDS) == house:
            yield _drop_line(blocks[i], "press.house", SURE)


def _drop_line(block: Block, rule: str, confidence: float) -> Edit:
    """The edit that drops a line of a release."""
    return block.drop(rule, _ROLES.get(rule, "about"), confidence)


def _find_signs(lines: Sequence[str]) -> Signs:
    """The lines that a release has around its text, and that which a wire opens."""
    tail = range(max(1, int(len(lines) * MIN_TAIL_SHARE)), len(lines))
    head = {i: rule for i, line in enumerate(lines[:HEAD_LINES]) if (rule := _name_head_line(line))}
    labels = {i: _read_label(lines[i]) for i in tail if count_words(lines[i]) <= MAX_HEADING_WORDS}
    found = {i: rule for i, label in labels.items() if (rule := _name_tail_line(lines, i, label))}
    if not (head or found):
        return {}
    # the paragraph about a house alone is no release, and takes longer to find
    about = [i for i, label in labels.items() if _is_about(lines, i, label)]
    return head | dict.fromkeys(about, "press.about") | found


def _name_head_line(line: str) -> str:
    """The rule by which a line above a release is known, or ""."""
    if _has_opening(line):
        return "press.opening"
    reach = line[:_WIRE_REACH_CHARS]
    has_sign = "/" in reach or "(" in reach
    return "press.wire" if has_sign and _WIRE_PATTERN.search(reach) else ""


def _is_label(line: str) -> bool:
    """Whether a line is short, and ends without a stop."""
    return count_words(line) <= MAX_HEADING_WORDS and is_open(line)


def _has_opening(line: str) -> bool:
    """Whether a line says that a press release follows, and nothing else but a number or what a colon parts from it."""
    if not _is_label(line):
        return False
    label = line.casefold().strip(_LABEL_ENDS)
    openings = _load_phrases()["press.opening"]
    if not label.startswith(openings):
        return False
    opening = next(filter(label.startswith, openings))
    rest = label[len(opening) :].lstrip()
    return rest[:1] in _PARTING_CHARS or not any(map(str.isalpha, rest))


def _read_label(line: str) -> str:
    """What a short line says, as the phrases are written."""
    return line.casefold().replace("’", "'").strip(_LABEL_ENDS)


def _name_tail_line(lines: Sequence[str], i: int, label: str) -> str:
    """The rule by which a short line below a release is known, or ""; that about the house is asked apart."""
    line = lines[i]
    if _is_end(line, label):
        return "press.end"
    if line.startswith("SOURCE") and _SOURCE_PATTERN.fullmatch(line):
        return "press.source"
    if label in _load_labels()["press.note"]:
        return "press.note"
    return "press.contact" if _is_contact(lines, i, label) else ""


def _is_end(line: str, label: str) -> bool:
    """Whether a line is the mark of an end: signs, or a word for it that is set in capitals or behind a dash."""
    is_word = label in _load_labels()["press.end"] and (line.isupper() or line.startswith(("-", "–", "—")))
    # a mark has no letters
    return is_word or (not line[-1].isalpha() and _END_PATTERN.fullmatch(line.strip()) is not None)


def _is_contact(lines: Sequence[str], i: int, label: str) -> bool:
    """Whether a line is the label of a contact, with an address or a number in it or closely below it."""
    name = label.partition(":")[0].partition("：")[0].strip()
    if name not in _load_labels()["press.contact"]:
        return False
    return any(map(_REACH_PATTERN.search, lines[i : i + CONTACT_LINES // 2 + 1]))


def _is_about(lines: Sequence[str], i: int, label: str) -> bool:
    """Whether a line names a house that the text has named before, and a paragraph about it follows."""
    abouts = _load_phrases()["press.about"]
    if not (label.startswith(abouts) and is_open(lines[i]) and _is_above_prose(lines, i)):
        return False
    name = label.removeprefix(next(filter(label.startswith, abouts))).strip()
    # the paragraph begins with the name, or has it at least
    is_named = len(name) >= MIN_NAME_CHARS and name in lines[i + 1].casefold()
    return is_named and any(name in line.casefold() for line in lines[:i])


def _is_above_prose(lines: Sequence[str], i: int) -> bool:
    """Whether a paragraph stands directly below a line."""
    return any(map(is_prose, lines[i + 1 : i + 2]))


def _read_source(line: str) -> str:
    """The house in a line that says who sent a release."""
    return line.partition(" ")[2].strip(_LABEL_ENDS)


def _extend_sign(i: int, rule: str, lines: Sequence[str], signs: Signs) -> range:
    """The numbers of the lines that go with a sign: those of its part, or all that follow it; none for a wire's."""
    if rule in _LAST_RULES:
        prose = list(map(is_prose, lines))
        return range(i, len(lines) if sum(prose[i:]) <= MAX_END_PROSE_SHARE * sum(prose) else i + 1)
    end = min(len(lines), i + _MOST_LINES.get(rule, len(lines)))
    is_contact = rule == "press.contact"
    others = (
        j
        for j in range(i + 1, end)
        if j in signs or (is_contact and is_prose(lines[j])) or (j > i + 1 and _is_heading(lines, j))
    )
    return range(i, next(others, end))


def _is_heading(lines: Sequence[str], i: int) -> bool:
    """Whether a line opens another part: it is short, without a stop, and stands between two paragraphs."""
    return is_prose(lines[i - 1]) and _is_above_prose(lines, i) and _is_label(lines[i])

"""How a text is written: as plain lines, as a piece of HTML, or with its line ends and quotes escaped.

Feeds and tables hold texts as `<p>One.</p><p>Two.</p>`, as `One.\\n\\nTwo.` in which `\\n` is two characters, or both.
Several signs must agree: an article about HTML names its tags, and one about programs has `\\n` in its code.
"""

import re
from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from cleaner.html.elements import INLINE_TAGS, UNSEEN_TAGS

LINE_TAGS = frozenset(
    "address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
"""Elements that begin and end lines."""

TAGS = LINE_TAGS | INLINE_TAGS | UNSEEN_TAGS | {"button"}
"""All elements that a piece of HTML can have; anything else between < and > is text."""

LONE_TAGS = frozenset("br hr img wbr meta link input source track embed param area base".split())
"""Elements without an end."""

OPEN_ENDED_TAGS = LONE_TAGS | frozenset("p li dt dd td th tr thead tbody tfoot".split())
"""Elements that may lack their end."""

MIN_COVERED_SHARE = 0.8
"""Share of letters inside elements from which all is a piece of HTML: an article about HTML is mostly outside."""

MIN_BREAKS = 2
"""Tags `br` that end lines, or escaped line ends, from which they are no examples; one pair is as good."""

MIN_PAIRED_TAGS = 2
"""Elements inside lines, opened and closed, from which these are no examples; one with attributes is as good."""

TAG_PATTERN = re.compile(r"<(\\?/?)([a-zA-Z][a-zA-Z0-9]*(?::p)?)((?:[\s/][^<>]*)?)>")
"""A tag: slash, name, attributes.  A slash may be escaped, as JSON in JSON has it."""

ESCAPED_TAG_PATTERN = re.compile(r"&lt;(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[\s/](?:(?!&[lg]t;)[^<>])*)?)&gt;")
"""A tag whose brackets are escaped once more, as feeds in feeds have it."""

_ESCAPED_BREAK = re.compile(r"(?<!\\)(?:\\{1,2}r)?\\{1,2}n")
_ESCAPED_BREAKS = re.compile(rf"(?:{_ESCAPED_BREAK.pattern}[ \t]*)+")
"""An escaped line end, and some with nothing between them."""

_CODE_ESCAPE = re.compile(
    r"[\"'`“‘\[(|^]\\{1,2}[nr](?:\\{1,2}n)?[\"'`”’\])*+|]"  # in quotes or in a pattern
    r"|\b[A-Za-z]:\\{1,2}n[a-z]"  # in a path
)
"""An escape in code, as `"\\n"`, in a pattern, as `[\\n]+`, or in a path, as `C:\\new`."""

_MENTIONED_TAG = re.compile(
    r"[\"'`“‘«„(\[](?:<|&lt;)/?[a-zA-Z][^<>&]{0,80}(?:>|&gt;)[\"'`”’»)\]]"  # in quotes or brackets
    r"|[^\W\d_] (?:<|&lt;)(?:p|br|li|hr|t[drh]|d[dt]|wbr) ?/?(?:>|&gt;)(?: (?!<)|[,.])",  # amid a sentence
    re.IGNORECASE,
)
"""A tag that is spoken of."""

_SENTENCE_END = re.compile(r"[.!?…:;。！？।؟۔](?:\\?[\"'”’»›」』)\]])*\s*$|^\s*$")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_TECHNICAL_WORD = re.compile(r"\b(?:X?HTML5?|CSS|XML|JavaScript|PHP|Markdown|JSON)\b", re.IGNORECASE)
"""Words of articles that may name tags: there, no tag inside a line is believed."""

_HOLDER_TAGS = LINE_TAGS - LONE_TAGS
"""Elements that begin lines and hold text."""

_AROUND_MARKUP = " \t\r\n\ufeff\\nrt"
"""What may stand around elements: blanks, and line ends that are escaped."""

_ATTRIBUTE = re.compile(r"\s(?:href|src|class|style|id|target|rel|title|alt|width|dir|lang)\s*=")
_BEFORE_CHARS = 12
"""Characters before a break that are looked at for the end of a sentence."""


class Writing(Struct, frozen=True):
    """How a text is written: with `tags`, with tags whose brackets are escaped (`nested`), with `escapes`."""

    tags: bool = False
    nested: bool = False
    escapes: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it is written as it reads."""
        return self == PLAIN

    @property
    def is_marked(self) -> bool:
        """Whether it has tags of either kind."""
        return self.tags or self.nested


PLAIN = Writing()


def recognise_writing(text: str) -> Writing:
    """How a text is written; what is not sure counts as written as it reads."""
    tags = "<" in text and _is_markup(text, TAG_PATTERN)
    nested = not tags and _holds_sign(text, "&lt;") and _is_markup(text, ESCAPED_TAG_PATTERN, inline=False)
    # only JSON escapes the slash of a tag
    escapes = (_holds_sign(text, "\\n") and _is_escaped(text)) or (tags and "<\\/" in text)
    return Writing(tags, nested, escapes)


def _holds_sign(text: str, sign: str) -> bool:
    """Whether a text has a sign; its first character is asked for alone, for one is found a hundred times faster."""
    return sign[0] in text and sign in text


# ---------------------------------------------------------------- tags


def has_paired_tags(line: str) -> bool:
    """Whether a line that is no prose, as a title, has elements that are opened and closed, none of them spoken of."""
    tags = _find_tags(line, TAG_PATTERN)
    return bool(tags) and not _count_unpaired(tags) and not _TECHNICAL_WORD.search(line)


def _find_tags(text: str, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """The tags of elements that HTML has."""
    return [tag for tag in pattern.finditer(text) if tag[2].lower() in TAGS or ":" in tag[2]]


def _is_markup(text: str, pattern: re.Pattern[str], inline: bool = True) -> bool:
    """Whether a text is a piece of HTML: by what its tags enclose, by how they end lines, or, with `inline`, by those
    inside lines."""
    tags = _find_tags(text, pattern)
    if not tags or _is_covered(text, tags):
        return bool(tags)
    # an element among paragraphs of the text's own is an example
    if _MENTIONED_TAG.search(text) or (_BLANK_LINE.search(text) and _closes_line_element(tags)):
        return False
    # feeds cut their texts, so that the last element may lack its end
    unpaired = _count_unpaired(tags)
    if unpaired <= 1 and _count_breaks(text, tags) >= MIN_BREAKS:
        return True
    return inline and not unpaired and not _TECHNICAL_WORD.search(text) and _has_inline_signs(tags)


def _is_covered(text: str, tags: list[re.Match[str]]) -> bool:
    """Whether a text begins with a tag and nearly all of its characters stand in elements that begin lines.

    An element that is never closed, as the `p` of old pages, goes to the end; one at least is closed.
    """
    if text[: tags[0].start()].strip(_AROUND_MARKUP):
        return False
    # characters by whether they stand inside of an element
    sizes: Counter[bool] = Counter()
    depth = closed = at = 0
    for tag in tags:
        sizes[depth > 0] += len(text[at : tag.start()].strip(_AROUND_MARKUP))
        at = tag.end()
        if tag[2].lower() in _HOLDER_TAGS:
            depth = max(0, depth + _count_step(tag))
            closed += bool(tag[1])
    sizes[depth > 0] += len(text[at:].strip(_AROUND_MARKUP))
    return closed > 0 and sizes[True] >= MIN_COVERED_SHARE * sizes.total()


def _count_step(tag: re.Match[str]) -> int:
    """How many more elements are open behind a tag than before it: 1 or -1."""
    return -1 if tag[1] else 1


def _is_line_tag(tag: re.Match[str]) -> bool:
    """Whether a tag is of an element that begins lines."""
    return tag[2].lower() in LINE_TAGS


def _closes_line_element(tags: Iterable[re.Match[str]]) -> bool:
    """Whether an element that begins lines has an end."""
    return any(tag[1] for tag in filter(_is_line_tag, tags))


def _count_unpaired(tags: Iterable[re.Match[str]]) -> int:
    """How many beginnings or ends are too many, of the elements that have both."""
    balance: Counter[str] = Counter()
    for tag in tags:
        balance[tag[2].lower()] += _count_step(tag)
    return sum(abs(balance[name]) for name in balance.keys() - OPEN_ENDED_TAGS)


def _count_breaks(text: str, tags: list[re.Match[str]]) -> int:
    """How many tags end lines where lines end: behind a sentence, beside another such tag, at either end of the text.

    One that stands between two letters' signs without a blank counts twice: nobody speaks of a tag like that.  A tag
    `p` counts as well: old feeds write it between paragraphs.
    """
    count = edge = 0
    for tag in filter(_is_line_tag, tags):
        before = text[max(edge, tag.start() - _BEFORE_CHARS) : tag.start()]
        edge = tag.end()
        if _SENTENCE_END.search(before):
            count += 1 + bool(before[-1:].strip() and text[edge : edge + 1].isalpha())
    return count + bool(count and edge >= len(text.rstrip()))


def _has_inline_signs(tags: Iterable[re.Match[str]]) -> bool:
    """Whether there are elements inside lines enough, or one that leads or shows something."""
    telling = any(not tag[1] and _ATTRIBUTE.search(tag[3]) for tag in tags)
    pairs = sum(tag[2].lower() not in LONE_TAGS for tag in tags) // 2
    return telling or pairs >= MIN_PAIRED_TAGS


# ---------------------------------------------------------------- escapes


def _is_escaped(text: str) -> bool:
    """Whether `\\n` stands for line ends: behind sentences or in pairs, none of it in code or a path.

    Where the text has line ends of its own, all of its `\\n` must stand so, else most.
    """
    if _CODE_ESCAPE.search(text):
        return False
    # escapes by whether they stand so
    counts: Counter[bool] = Counter()
    for run in _ESCAPED_BREAKS.finditer(text):
        count = len(_ESCAPED_BREAK.findall(run[0]))
        counts[count > 1 or _stands_at_line_end(text, run)] += count
    return counts[True] >= MIN_BREAKS and counts[False] <= (0 if "\n" in text.strip() else counts[True])


def _stands_at_line_end(text: str, run: re.Match[str]) -> bool:
    """Whether an escaped line end stands behind a sentence, beside a tag, or at the end of the text."""
    before = text[max(0, run.start() - _BEFORE_CHARS) : run.start()]
    beside = before.endswith(">") or text[run.end() : run.end() + 1] in ("", "<")
    return beside or _SENTENCE_END.search(before) is not None

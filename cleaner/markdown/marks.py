"""Marks inside a paragraph: links, pictures, code, emphasis, escapes.  Each that goes is a cut; the words stay.

Marks are taken in their order of strength.  What one of them has used is hidden from the next under a sign of private
use, so that no mark is read twice and all offsets stay those of the text.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

HIDDEN, GONE = "\ue000", "\ue001"
"""What stands for a mark that was used, and for a picture or a note that went as a whole."""

MAX_MARKS = 3
"""Asterisks or underscores, at most, that stand together as emphasis: more are a line, or a word left out."""

BOLD_MARKS = 2
"""Asterisks of bold, which may stand inside a word where a script has no spaces."""

MAX_OPEN_RUNS = 12
"""Runs that wait for their other half; emphasis does not nest deeper."""

MAX_LINK_ROUNDS = 3
"""How deep links may nest: pictures in links, brackets in their words."""


class Cut(NamedTuple):
    """A part of the source that goes; `text` is what stands there instead."""

    start: int
    end: int
    text: str = ""


class Image(NamedTuple):
    """A picture in the text: its place, its address and its alternative text."""

    start: int
    url: str
    alt: str


class Link(NamedTuple):
    """A link in the text: its place with all its marks, and its address."""

    start: int
    end: int
    url: str


class Marks(NamedTuple):
    """What was found in a paragraph: its cuts, its pictures and its links."""

    cuts: list[Cut]
    images: list[Image]
    links: list[Link]


_ADDRESS = r"(?:<[^<>\n]*+>|[^\s()<>]*+(?:\([^\s()]*+\)[^\s()]*+){0,9})"
"""An address: in angle brackets, or without blanks, brackets of its own in pairs."""

_DESTINATION = rf"\([ \t]*+({_ADDRESS})(?:\s++(?:\"[^\"]*+\"|'[^']*+'))?[ \t]*+\)"
"""What follows the words of a link: its address and perhaps a title."""

_WORDS = r"((?>[^\[\]]++|\[[^\[\]]*+\])*+)"
"""The words of a link, which may have brackets in them."""

_CODE_PATTERN = re.compile(r"(?<!`)(`{1,3})(?!`)([^`]++)\1(?!`)")
"""Code between backticks, as many behind it as before it."""

_ESCAPE_PATTERN = re.compile(r"\\(?=[!-/:-@\[-`{-~\r\n])")
_IMAGE_PATTERN = re.compile(rf"!\[{_WORDS}\]{_DESTINATION}")
_LINK_PATTERN = re.compile(rf"(?<!!)\[{_WORDS}\]{_DESTINATION}")
_REFERENCE_PATTERN = re.compile(rf"(!?)\[{_WORDS}\](?:\[([^\[\]]{{0,80}})\])?")
_NOTE_PATTERN = re.compile(r"\[\^([^\]\s]{1,40})\]")
_AUTOLINK_PATTERN = re.compile(r"<((?:https?://|mailto:)[^\s<>]++|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})>")
_TAG_PATTERN = re.compile(
    r"<!--[^<>]{0,2000}-->|</?(?:br|sup|sub|u|b|i|em|strong|span|div|p|center|font|small|figure|figcaption)\b[^<>]{0,400}>",
    re.IGNORECASE,
)
"""Comments, and tags of HTML that only set the text."""

_BARE_ADDRESS_PATTERN = re.compile(r"https?://[^\s*<>()\[\]\ue000\ue001]++")
_STRIKE_PATTERN = re.compile(r"(?<!~)~~(?=[^\s~])[^~]*+(?<=\S)~~(?!~)")
_RUN_PATTERN = re.compile(r"\*+|_+")
_COUNTED_PATTERN = re.compile(r"Image \d+(?:: |$)")
"""What readers for language models put before the words of a picture."""

_ADDRESS_SIGNS = frozenset("/.:#?@")
"""What an address holds one of: `[sic](note)` is no link."""

_PATH_CHARS = frozenset(".(")
"""What follows an underscore inside a name of a program: `__init__.py`."""

_JUMP_BACK = frozenset("↩↑^\ufe0e⏎")
"""Signs of a link from a note back to its mark."""


class _Paragraph:
    """A paragraph whose marks are taken: `rest` has its letters, what was used hidden."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self.rest = text
        self.text = text
        self.names = names
        self.marks = Marks([], [], [])
        self._used: list[tuple[int, int, str]] = []

    def cut(self, start: int, end: int, sign: str = HIDDEN) -> None:
        """Takes a part out of the text, and out of what the next marks see."""
        if start < end:
            self.marks.cuts.append(Cut(start, end))
            self.hide(start, end, sign)

    def hide(self, start: int, end: int, sign: str = HIDDEN) -> None:
        """Hides a part of the text from the marks of the next step."""
        self._used.append((start, end, sign))

    def finish_step(self) -> None:
        """Makes the rest anew, once for all that a step has used."""
        if self._used:
            chars = list(self.rest)
            for start, end, sign in self._used:
                chars[start:end] = sign * (end - start)
            self.rest = "".join(chars)
            self._used.clear()

    def list_matches(self, pattern: re.Pattern[str]) -> Sequence[re.Match[str]]:
        """What a pattern finds in the rest as it is now."""
        return list(pattern.finditer(self.rest))


def find_marks(text: str, names: Collection[str] = ()) -> Marks:
    """The marks of a paragraph; `names` are those of the references and notes (`^1`) that the document explains."""
    paragraph = _Paragraph(text, names)
    for guard, take in _STEPS:
        if guard in paragraph.rest:
            take(paragraph)
            paragraph.finish_step()
    return paragraph.marks


def _take_code(at: _Paragraph) -> None:
    """Code: its marks go, and no other mark is read in it."""
    for found in at.list_matches(_CODE_PATTERN):
        at.cut(found.start(), found.start(2))
        at.cut(found.end(2), found.end())
        at.hide(found.start(2), found.end(2), "x")


def _take_escapes(at: _Paragraph) -> None:
    """Backslashes before a sign go, and the sign is none of Markdown's."""
    for found in at.list_matches(_ESCAPE_PATTERN):
        if at.rest[found.start()] != HIDDEN:
            at.cut(found.start(), found.end())
            at.hide(found.end(), found.end() + 1)


def _take_images(at: _Paragraph) -> None:
    """Pictures go as a whole; their address and their words are noted."""
    for found in at.list_matches(_IMAGE_PATTERN):
        at.marks.images.append(_build_image(at, found))
        at.cut(found.start(), found.end(), GONE)


def _build_image(at: _Paragraph, found: re.Match[str]) -> Image:
    """The picture of a match whose groups are its words and its address."""
    alt, url = (at.text[slice(*found.span(group))] for group in (1, 2))
    return Image(found.start(), url.strip("<>"), _COUNTED_PATTERN.sub("", alt).strip())


def _take_links(at: _Paragraph) -> None:
    """Links leave their words; one without words, and one from a note back to its mark, goes as a whole."""
    for _ in range(MAX_LINK_ROUNDS):
        found = at.list_matches(_LINK_PATTERN)
        for link in found:
            address = at.text[link.start(2) : link.end(2)].strip("<>")
            if not address or not _ADDRESS_SIGNS.isdisjoint(address):
                at.marks.links.append(Link(*link.span(), address))
                _uncover_words(at, link)
        at.finish_step()
        if not found:
            break


def _uncover_words(at: _Paragraph, link: re.Match[str]) -> None:
    """Cuts what stands around the words of a link, whose last group before its address is `words`."""
    start, end = link.span(1)
    words = at.rest[start:end].replace(GONE, "").strip()
    if not words or _JUMP_BACK.issuperset(words):
        at.cut(link.start(), link.end(), GONE)
        return
    at.cut(link.start(), start)
    at.cut(end, link.end())


def _take_references(at: _Paragraph) -> None:
    """Links whose address stands elsewhere, `[words][name]` and `[name]`, leave their words."""
    for found in at.list_matches(_REFERENCE_PATTERN) if at.names else ():
        name = (found[3] or found[2]).strip().casefold()
        if name not in at.names or name.startswith("^"):
            continue
        if found[1]:
            at.cut(found.start(), found.end(), GONE)
            continue
        at.marks.links.append(Link(*found.span(), ""))
        at.cut(found.start(), found.start(2))
        at.cut(found.end(2), found.end())


def _take_notes(at: _Paragraph) -> None:
    """Marks of notes go where the document has the note."""
    for found in at.list_matches(_NOTE_PATTERN):
        if f"^{found[1]}".casefold() in at.names:
            at.cut(found.start(), found.end(), GONE)


def _take_autolinks(at: _Paragraph) -> None:
    """Addresses in angle brackets lose the brackets; HTML that only sets the text goes."""
    for found in at.list_matches(_AUTOLINK_PATTERN):
        at.cut(found.start(), found.start(1))
        at.cut(found.end(1), found.end())
        at.hide(found.start(1), found.end(1), "x")
    for found in at.list_matches(_TAG_PATTERN):
        at.cut(found.start(), found.end())


def _hide_addresses(at: _Paragraph) -> None:
    """No mark is read in an address."""
    for found in at.list_matches(_BARE_ADDRESS_PATTERN):
        at.hide(found.start(), found.end(), "x")


def _take_strikes(at: _Paragraph) -> None:
    """The marks of words that are struck out go; whether the words count is not ours to say."""
    for found in at.list_matches(_STRIKE_PATTERN):
        at.cut(found.start(), found.start() + BOLD_MARKS)
        at.cut(found.end() - BOLD_MARKS, found.end())


class _Run(NamedTuple):
    """Asterisks or underscores that stand together, and what they may do."""

    start: int
    end: int
    sign: str
    opens: bool
    closes: bool


def _take_emphasis(at: _Paragraph) -> None:
    """Pairs of asterisks or underscores go: one at the beginning of a word, the other at the end of one."""
    opened: list[_Run] = []
    for run in _list_runs(at.rest):
        partner = _find_partner(opened, run) if run.closes else None
        if partner is not None:
            first = opened[partner]
            at.cut(first.start, first.end)
            at.cut(run.start, run.end)
            del opened[partner:]
        elif run.opens:
            opened.append(run)
            del opened[:-MAX_OPEN_RUNS]


def _find_partner(opened: Sequence[_Run], run: _Run) -> int | None:
    """The number of the last run that is open and like this one."""
    like = (run.end - run.start, run.sign)
    return next((i for i in range(len(opened) - 1, -1, -1) if _describe(opened[i]) == like), None)


def _describe(run: _Run) -> tuple[int, str]:
    """How many signs a run has, and which."""
    return run.end - run.start, run.sign


def _list_runs(rest: str) -> Iterator[_Run]:
    """The runs of emphasis, those inside words and numbers left out: a*b*c, snake_case."""
    for found in _RUN_PATTERN.finditer(rest):
        start, end = found.span()
        before, after = rest[start - 1 : start] or " ", rest[end : end + 1] or " "
        bold = found[0] == "*" * BOLD_MARKS
        opens = not after.isspace() and (not before.isalnum() or (bold and not before.isascii()))
        closes = not before.isspace() and (not after.isalnum() or (bold and after.isalpha()))
        is_inside = found[0][0] == "_" and after in _PATH_CHARS and rest[end + 1 : end + 2].isalnum()
        if end - start <= MAX_MARKS and not is_inside:
            yield _Run(start, end, found[0][0], opens, closes)


_STEPS: tuple[tuple[str, Callable[[_Paragraph], None]], ...] = (
    ("`", _take_code),
    ("\\", _take_escapes),
    ("![", _take_images),
    ("](", _take_links),
    ("[^", _take_notes),
    ("[", _take_references),
    ("<", _take_autolinks),
    ("://", _hide_addresses),
    ("~~", _take_strikes),
    ("*", _take_emphasis),
    ("_", _take_emphasis),
)
"""What is taken in this order, each where its sign is there at all."""

"""Text that was decoded with the wrong encoding, read rightly (repair.encoding); ftfy decides the hard cases."""

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

import ftfy
from ftfy.badness import BADNESS_RE
from ftfy.chardata import ALTERED_UTF8_RE, CHARMAP_ENCODINGS, LOSSY_UTF8_RE, UTF8_CLUES
from ftfy.fixes import A_GRAVE_WORD_RE, fix_c1_controls, replace_lossy_sequences

from cleaner.text.automaton import MATCH_ANYWHERE, Automaton

SEARCH_SET_BYTES = 64 << 20
"""Memory of a set (64 MiB), RE2's cache of states included."""

SPACE_CLASS, WORD_CLASS = r"\s\x0b\x1c-\x1f\x{85}\p{Z}", r"\p{L}\p{N}_"
r"""What Python's `\s` and `\w` match in all of Unicode, for the inside of a class of RE2."""

_VERBOSE_TOKEN = re.compile(
    r"(?P<comment>#[^\n]*)|(?P<blank>\s)|\\(?P<escape>[sw])|(?P<start>\^)|(?P<class>\[[^]]*\])|\\.|."
)
"""A token of a pattern in Python's verbose dialect, as far as ftfy's patterns use it."""


def _translate_to_re2(pattern: str) -> str:
    """A pattern in Python's verbose dialect in RE2's: no comments, no blanks, Unicode's spaces and letters."""
    return _VERBOSE_TOKEN.sub(_translate_token, pattern)


def _translate_token(token: re.Match[str]) -> str:
    """A token of a verbose pattern in RE2's dialect, "" for comments and blanks."""
    match token.lastgroup:
        case "comment" | "blank":
            return ""
        case "escape":
            return f"[{SPACE_CLASS if token['escape'] == 's' else WORD_CLASS}]"
        case "start":
            return "(?m:^)"
        case "class":
            return token[0].replace(r"\s", SPACE_CLASS).replace(r"\w", WORD_CLASS)
        case _:
            return token[0]


def build_search_set(patterns: Collection[str]) -> Automaton:
    """Patterns that are looked for anywhere in a text."""
    return Automaton(list(patterns), SEARCH_SET_BYTES, MATCH_ANYWHERE)


IMPROBABLE_PATTERN = _translate_to_re2(BADNESS_RE.pattern)
"""ftfy's improbable neighbours: without one of these ftfy never changes an encoding."""

EMBEDDED_UTF8_PATTERN = "|".join(
    f"[{UTF8_CLUES[first]}][{UTF8_CLUES['utf8_continuation']}]{{{more}}}"
    for first, more in (("utf8_first_of_2", 1), ("utf8_first_of_3", 2), ("utf8_first_of_4", 3))
)
"""What ftfy's UTF8_DETECTOR_RE finds, and a little more: it looks behind as well."""

UTF8_IN_LATIN_PATTERN = "[{0}](?:[{3} ]|(?m:$))|[{1}](?:[{3} ]{{2}}|[{3}](?m:$))|[{2}][{3} ]{{3}}".format(
    *(
        "".join(bytes(range(*ends)).decode(latin) for latin in ("latin-1", "iso-8859-2"))
        for ends in ((0xC2, 0xE0), (0xE0, 0xF0), (0xF0, 0xF5), (0x80, 0xC0))
    )
)
"""UTF-8 sequences, whole or with A0 lost, in the two encodings that hold C1 controls."""

RARE_LETTERS_PATTERN = (
    r"[\x{180}-\x{18f}\x{191}-\x{19f}\x{1a2}-\x{1ae}\x{1b1}-\x{217}\x{21c}-\x{253}\x{255}-\x{258}"
    r"\x{25a}\x{25c}-\x{2af}]"
)
"""Letters of phonetics and of few languages: a text that is UTF-8 only for these may be so by chance."""

MISREAD_UTF8_PATTERN = "|".join(
    (
        "[A-Za-z][ВГДЕЖ][\u0400-\u040f\u0450-\u0491\u2018-\u203a\xa0-\xbb]",  # fГјr: UTF-8 as windows-1251
        "[ВГДЕЖ][\u0402-\u040f\u0452-\u045f\u201a-\u203a\xa0-\xbb]+[a-z]",  # Гњber
        "(?:[В-Я][\u0402-\u040f\u0452-\u0491\u2018-\u203a\u20ac\u2116\u2122\xa0-\xbbЁё]){3}",  # Щ„Щ…ШЇ: Arabic
        "[√¬ƒ≈][^\\x00-\\x{7f}\\p{L}\\s]",  # √º: UTF-8 as mac-roman
        "[√¬≈][A-ZÀ-Ö][a-z]",  # √Ñther
    )
)
"""Signs of UTF-8 read as windows-1251 or mac-roman that ftfy's table leaves out."""


def decode_text(text: str, language: str | None) -> str:
    """UTF-8 that was read as a single-byte encoding, as a whole or in single lines, read rightly."""
    for encoding in CHARMAP_ENCODINGS:
        whole = _try_decoding(text, encoding)
        if whole is not None and not RARE_LETTERS_SET.match(whole):
            return whole
    lines = text.split("\n")
    used: dict[str, set[str]] = {}
    for i, line in enumerate(lines):
        if not line.isascii() and IMPROBABLE_SET.match(line):
            lines[i] = _decode_line(line, used)
    if used:
        lines = [line if line.isascii() else _decode_like_others(line, used) for line in lines]
    return "\n".join(lines)


def _decode_line(line: str, used: dict[str, set[str]]) -> str:
    """A line with improbable neighbours, reread; `used` learns the encoding, and which characters came of it.

    A line that no encoding rereads as a whole goes to ftfy, if it holds anything that ftfy would repair.
    """
    if C1_IN_WINDOWS.search(line) and not UTF8_IN_LATIN_SET.match(line):
        return line
    for encoding in CHARMAP_ENCODINGS:
        fixed = _try_decoding(line, encoding)
        if fixed is not None:
            used.setdefault(encoding, set()).update(fixed)
            return fixed
    if LOST_DAGGER.search(line):
        return line  # ftfy would take the space behind for the last byte of a dagger
    possible = any(_is_ftfy_repairable(line, encoding) for encoding in CHARMAP_ENCODINGS)
    return _ask_ftfy(line) if possible or EMBEDDED_UTF8_SET.match(line) else line


def _ask_ftfy(line: str) -> str:
    """A line as ftfy repairs it; as it is where ftfy would make a rare character of a sign and the space behind it."""
    after = ftfy.fix_encoding(line)
    swallows = after.count(" ") < line.count(" ")
    return line if swallows and COMMON_CHARS.sub("", "".join(set(after) - set(line))) else after


def _is_ftfy_repairable(line: str, encoding: str) -> bool:
    """Whether ftfy would try to repair the bytes of this line before decoding them."""
    try:
        raw = line.encode(encoding)
    except UnicodeEncodeError:
        return False
    return any(pattern.search(raw) for pattern in FTFY_REPAIRS)


def _decode_like_others(line: str, used: dict[str, set[str]]) -> str:
    """A line without improbable neighbours, reread if it is UTF-8 throughout, as other lines of its text were.

    Its characters must be known from those lines or be common: CAFÉ’S is UTF-8 too, by chance, for CAFɒS; and MANHÃ
    with a space behind it, for MANHà.
    """
    for encoding, known in used.items():
        fixed = _try_decoding(line, encoding, sure=True)
        if fixed is None or CAPITALS_AND_A_GRAVE.search(fixed):
            continue
        if known.issuperset(COMMON_CHARS.sub("", fixed)):
            return fixed
    return line


def _try_decoding(text: str, encoding: str, sure: bool = False) -> str | None:
    """The UTF-8 that this text is when written in an encoding; None for what is none, or reads the same.

    Byte A0 may have become a plain space, or have been lost at the end of a line.  Unless `sure`, one other sequence
    must be whole.
    """
    try:
        raw = _restore_lost_byte(text.encode(encoding), encoding)
        if "\ufffd" in text:
            raw = replace_lossy_sequences(raw)
        fixed = raw.decode()
    except UnicodeEncodeError:
        return None
    except UnicodeDecodeError as error:
        may_lack_a0 = raw[error.end : error.end + 1] in b" \n" and encoding != "macroman"
        if not may_lack_a0 or not (sure or UTF8_SEQUENCE.search(raw)):
            return None
        try:
            fixed = _restore_a0(raw).decode()
        except UnicodeDecodeError:
            return None
    return fixed if fixed != text else None


def _restore_lost_byte(raw: bytes, encoding: str) -> bytes:
    """UTF-8 bytes with the last byte of a quote put back that the encoding has no character for, and so lost."""
    pattern, quote = LOST_QUOTES.get(encoding, (None, b""))
    return pattern.sub(quote, raw) if pattern and b"\xe2\x80" in raw else raw


LOST_CLOSING = re.compile(rb"(?<=[^\s(\[])\xe2\x80(?![\x80-\xbf\w])")
LOST_OPENING = re.compile(rb"(?<![^\s(\[])\xe2\x80(?=\w)")

LOST_QUOTES = {
    "sloppy-windows-1252": (LOST_CLOSING, "”".encode()),
    "sloppy-windows-1250": (LOST_OPENING, "‘".encode()),
    "sloppy-windows-1251": (LOST_OPENING, "‘".encode()),
}
"""What stood where the bytes E2 80 of UTF-8 are followed by nothing: windows-1252 has no character for 9D, the last
byte of ”, and windows-1250 and 1251 have none for 98, that of ‘ (https://encoding.spec.whatwg.org/#indexes); software
that drops such bytes leaves â€ behind."""

FTFY_REPAIRS = (ALTERED_UTF8_RE, LOSSY_UTF8_RE, re.compile(b"[\xed\xc0]"))
"""What ftfy repairs in bytes: UTF-8 with A0 or lossy characters in it, surrogates, and NUL as two bytes."""

COMMON_CHARS = re.compile("[\x00-\u017f\u2000-\u206f]+")
"""Letters of Latin scripts and punctuation, which need not be known from other lines of a text."""

CAPITALS_AND_A_GRAVE = re.compile("[A-ZÀ-Þ]à")
"""À in small letters behind a capital: the sign of an accident, as MANHà."""

LATIN_LEAD_BYTES = frozenset(b"\xc2\xc3\xc5")
"""First bytes of the no-break space, of à and of Š, whose second byte is A0."""

UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
"""A whole sequence of UTF-8."""

A0_AT_END = re.compile(rb"(?:[\xc2-\xdf]|(?!\xe2\x80)[\xe0-\xef][\x80-\xbf])(?=\n|\Z)")
"""A sequence that lacks its last byte, at the end of a line."""

A0_AS_SPACE = re.compile(
    rb"[\xc2-\xdf] |(?!\xe2\x80 )[\xe0-\xef](?: [\x80-\xbf]|[\x80-\xbf] |  )"
    rb"|[\xf0-\xf4](?: [\x80-\xbf]{2}|[\x80-\xbf] [\x80-\xbf]|[\x80-\xbf]{2} )"
)
"""A sequence that has a space for one of its bytes; not the dagger, which is rarer than a quote that lost its end."""

LOST_DAGGER = re.compile("â€(?: |$)")

A_GRAVE_THEN_STOP = re.compile(rb"\xc3 (?=[.,)])")


def _restore_a0(raw: bytes) -> bytes:
    """UTF-8 bytes with A0 put back where it became a space, or was stripped from the end of a line.

    Only behind bytes that start a character elsewhere in the text, too, or à, Š and the no-break space.
    Two spaces in a row anywhere show that runs of spaces were left alone, so each space is one byte; else "Ã " has
    swallowed the space behind "à", as ftfy assumes.
    """
    known = {m[0][0] for m in UTF8_SEQUENCE.finditer(raw)} | LATIN_LEAD_BYTES

    def restored(match: re.Match[bytes]) -> bytes:
        return match[0].replace(b" ", b"\xa0") if match[0][0] in known else match[0]

    raw = A0_AT_END.sub(lambda m: m[0] + b"\xa0" if m[0][0] in known else m[0], raw)
    if b"  " not in raw:
        raw = A_GRAVE_THEN_STOP.sub(b"\xc3\xa0", raw)
        raw = A_GRAVE_WORD_RE.sub(b"\xc3\xa0 ", raw)
    return A0_AS_SPACE.sub(restored, raw)


def convert_c1_controls(text: str, language: str | None) -> str:
    """C1 controls as the windows-1252 characters of the same bytes, as browsers read them."""
    return fix_c1_controls(text)


C1_IN_WINDOWS = re.compile("[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f]")
"""C1 controls whose bytes are characters of windows-1252."""

MAC_ROMAN_PATTERN = "|".join(
    (
        r"[A-Za-z][È-ÌÎÏÒ-ÔÙ-Û‰ˆ¸¯˘˙˚˜˝˛ˇ·‡†][a-z]",
        r"[a-z][ÈÍÎËÌÓÙÚÂ‡˚˘·][\s,.;:!?]",
        r"(?m:^|[\s(])[ìë][A-Z]",
        r"(?m:^|[\s(])ì[a-z]",
        r"[.,!?][îí](?m:$|[\s,.])",
        r"\s[ñóìÖ]\s",
        r"[a-z]í(?:s|t|re|ve|ll|d|m)\b",
    )
)
"""Where windows-1252 read as mac-roman first shows: è as Ë inside a word, “ as ì before one, ’ as í in don’t."""


FEWER_ODDITIES_RATIO = 4
"""So many times fewer odd places must be left for a text to have been windows-1252."""

MIN_ODD_CHARS, MIN_ODD_WORDS = 2, 3
"""Different characters that must stand oddly, or else different words in which one does: a single ‡ behind a word, or
a single name with a capital inside, says nothing of the text."""


def decode_mac_roman(text: str, language: str | None) -> str:
    """Windows-1252 that was read as mac-roman, read rightly where that leaves far fewer odd places.

    Several odd places must show it that do not depend on each other.
    """
    try:
        after = text.encode("mac-roman").decode("sloppy-windows-1252")
    except UnicodeEncodeError:
        return text
    odd = _find_oddities(text)
    chars, words = {place.char for place in odd}, {(place.word, place.char, place.ahead) for place in odd}
    several = len(chars) >= MIN_ODD_CHARS or (len(words) >= MIN_ODD_WORDS and chars.isdisjoint(FOOTNOTE_MARKS))
    fewer = several and len(_find_oddities(after)) * FEWER_ODDITIES_RATIO < len(odd)
    return after if fewer and "\x1a" not in text else text


def _find_oddities(text: str) -> list["_Place"]:
    """The characters outside ASCII that stand where no language writes them."""
    english = " the " in text
    places = (
        _Place(
            m[0],
            text[m.start() - 1 : m.start()],
            text[m.end() : m.end() + CONTRACTION_CHARS],
            english,
            text[max(0, m.start() - MAX_PREFIX_CHARS) : m.start()],
        )
        for m in NOT_ASCII.finditer(text)
    )
    return list(filter(_is_odd, places))


class _Place(NamedTuple):
    """A character outside ASCII, the one before it and the next few; `left` and `ahead` are "" at the text's ends.

    `before` is what stands before it, as far as a prefix of a word may reach.
    """

    char: str
    left: str
    ahead: str
    english: bool
    before: str

    @property
    def word(self) -> str:
        """The beginning of its word, as far as it is seen."""
        return self.before.split(" ")[-1].split("\n")[-1]

    @property
    def right(self) -> str:
        """The character behind it."""
        return self.ahead[:1]

    @property
    def starts(self) -> bool:
        """Whether it is the first of a word."""
        return self.left in WORD_STARTS

    @property
    def ends(self) -> bool:
        """Whether it is the last of a word."""
        return self.right in WORD_ENDS


def _is_odd(place: _Place) -> bool:
    """Whether a character stands oddly: by the first row whose characters it belongs to."""
    return next(is_odd(place) for belongs, is_odd in ODDITIES if belongs(place.char))


def _is_misread_mark(place: _Place) -> bool:
    """A letter where a quote or a dash would stand: before a word, between spaces, behind a sentence, in don’t."""
    left, right = place.left, place.right
    return (
        (place.starts and (right.isupper() or place.char == "ì"))
        or (left in BLANKS and right in BLANKS)
        or (left in SENTENCE_ENDS and not right.isalpha())
        or (place.char == "í" and place.english and left.islower() and CONTRACTION.match(place.ahead) is not None)
    )


def _is_capital_inside_word(place: _Place) -> bool:
    """A capital behind a small letter, unless the letters before it are a prefix of names and mutated words."""
    inside = place.left.islower() and place.char.isupper() and (place.ends or place.right.islower())
    return inside and CAPITAL_PREFIX.search(place.before) is None


def _is_misread_capital(place: _Place) -> bool:
    """A capital where a quote or a dash would stand, read the other way round: Ñ between spaces, “It as ÒIt."""
    alone = place.left in BLANKS and place.right in BLANKS and place.char != "Ó"  # Ó is an Irish word
    opens = place.starts and place.right.isupper() and place.ahead[1:2].islower()
    closes = place.left in SENTENCE_ENDS and not place.right.isalpha()
    return alone or opens or closes or _is_capital_inside_word(place)


def _is_mark_inside_word(place: _Place) -> bool:
    """A sign between letters, or at the end of a word unless it stands there in law and trade."""
    at_end = place.ends and place.left.islower() and place.char not in TRADE_MARKS
    return place.left.isalpha() and (place.right.isalpha() or at_end)


NOT_ASCII = re.compile(r"[^\x00-\x7f]")
WORD_STARTS = frozenset(("", *" \n(„"))
WORD_ENDS = frozenset(("", *" \n,.;:!?"))
BLANKS = frozenset(" \n")
SENTENCE_ENDS = frozenset(".,!?…")
CAPITAL_PREFIX = re.compile(r"\b(?:[htn]|Mac|Mc|Nic|Mhic|Fitz|[DLd][aeu]|Des|Van|Al|El)$")
"""What stands before a capital inside a word: h, t and n in Irish and Gaelic (na hÉireann), prefixes of surnames."""

MAX_PREFIX_CHARS = 5
"""Letters of the longest such prefix, and the sign before it."""

FOOTNOTE_MARKS = frozenset("†‡·˚")
"""Signs that stand behind words for their own sake, of notes and degrees."""

MARKS_IN_WORDS = frozenset("’—…„′″°€£\xa0\xad·")
TRADE_MARKS = frozenset("®©™")
CONTRACTION = re.compile(r"(?:s|t|re|ve|ll|d|m)(?!\w)")

CONTRACTION_CHARS = 4
"""Characters that are looked at to see a contraction and its end."""

MISREAD_MARKS = frozenset("ìîíëñóÖ")
"""What the quotes “ ” ’ ‘, the dashes – — and the ellipsis of windows-1252 are in mac-roman."""

ODDITIES: tuple[tuple[Callable[[str], bool], Callable[[_Place], bool]], ...] = (
    (MISREAD_MARKS.__contains__, _is_misread_mark),
    (frozenset("ÑÐÒÓÔÕ").__contains__, _is_misread_capital),
    (frozenset("ƒ").__contains__, lambda place: place.left.isalpha() or place.right.isalpha()),
    (str.isalpha, _is_capital_inside_word),
    (frozenset("“‘«¿¡–").__contains__, lambda place: place.left.islower() and place.right.islower()),
    (frozenset("”»").__contains__, lambda place: place.left.isalpha() and place.right.islower()),
    (MARKS_IN_WORDS.__contains__, lambda place: False),
    (lambda char: True, _is_mark_inside_word),
)
"""Which characters stand oddly where; the first row that a character belongs to counts."""

IMPROBABLE_SET = build_search_set([IMPROBABLE_PATTERN, MISREAD_UTF8_PATTERN])

EMBEDDED_UTF8_SET = build_search_set([EMBEDDED_UTF8_PATTERN])

RARE_LETTERS_SET = build_search_set([RARE_LETTERS_PATTERN])

UTF8_IN_LATIN_SET = build_search_set([EMBEDDED_UTF8_PATTERN, UTF8_IN_LATIN_PATTERN])

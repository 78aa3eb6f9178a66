"""Escapes, odd spaces, invisible characters, ligatures, normal form C and doubled apostrophes, one step each."""

import re
import unicodedata
from functools import partial

from ftfy.chardata import CONTROL_CHARS
from ftfy.fixes import SURROGATE_PAIR_RE, convert_surrogate_pair, remove_terminal_escapes, unescape_html

from cleaner.text.scripts import SOUTHEAST_ASIAN

MAX_LINE_DEFECTS = 200
"""Lost characters, or doubled apostrophes, in one line from which on it is no prose, and is left alone."""


def unescape_entities(text: str, language: str | None) -> str:
    """HTML entities as their characters, however often they were escaped; no angle brackets in lines with markup."""
    return "\n".join(_unescape_line(line) if "&" in line else line for line in text.split("\n"))


def _unescape_line(line: str) -> str:
    """A line with its entities as characters, and none that breaks it; \x1a holds the place of those that stay."""
    if MARKUP.search(line):
        line = ESCAPED_BRACKET.sub("\x1a\\1", line)
    if not line.isascii():
        line = ENTITY.sub(partial(_hold_mention, line), line)
    return LINE_BREAK.sub(" ", unescape_html(line)).replace("\x1a", "&")


def _hold_mention(line: str, entity: re.Match[str]) -> str:
    """An entity with \x1a for its first sign where it is a mention, else as it is."""
    return "\x1a" + entity[1] if _is_mention(unescape_html(entity[0]), line) else entity[0]


def _is_mention(char: str, line: str) -> bool:
    """Whether a line that has this letter as an escape has it as itself, too: the line is about escapes, then."""
    return char.isalpha() and not char.isascii() and char in line


ENTITY = re.compile("&(#?[0-9A-Za-z]{1,24};)")

ESCAPED_BRACKET = re.compile(r"&((?:lt|gt|LT|GT|#0*6[02]|#[xX]0*3[cCeE]);)")

MARKUP = re.compile(r"<[A-Za-z/!]")
"""A tag: in a line with markup, an escaped angle bracket is text and would become a tag."""

LINE_BREAK = re.compile(r"[\n\r]+")


def unescape_json(text: str, language: str | None) -> str:
    r"""The characters that JSON's escapes stand for: \u2019, \" and \/."""
    return "\n".join(ESCAPE.sub(_decode_escape, line) if "\\" in line else line for line in text.split("\n"))


def _decode_escape(match: re.Match[str]) -> str:
    """The character of one escape; a line end as a space, because lines stay lines."""
    if not match[1]:
        return match[2] or match[3]
    char = chr(int(match[1], 16))
    return match[0] if _is_mention(char, match.string) else LINE_BREAK.sub(" ", char)


ESCAPE = re.compile(r"""(?<!\\)\\+(?:u([0-9A-Fa-f]{4})|(["']))|(?<=[\w:/<])\\(/)(?=[\w\\])""")
"""An escape of JSON, however often it was escaped: a code (group 1), a quote (2), or a slash inside an address (3)."""

BLANK_CHARS = "\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\x0b\x0c\x1c-\x1f"
"""Spaces that are plain ones here; not the ideographic space, which is a character's width of CJK typography."""

INVISIBLE_CHARS = (
    "".join(chr(c) for c in CONTROL_CHARS if chr(c) not in "\x0b\x0c\x1c\x1d\x1e\x1f")
    + "\xad\u200b\x81\x8d\x8f\x90\x9d"
)
"""What ftfy's CONTROL_CHARS removes, soft hyphens, zero-width spaces, the C1 controls that windows-1252 lacks.

Joiners, word joiners and direction marks stay: they are spelling in Persian, Hindi, emoji and right-to-left text.
"""

BLANK_RUN = re.compile(f"[{BLANK_CHARS}][ \t{BLANK_CHARS}]*")

BEFORE_BLANK = re.compile(f"[ \t](?<![ \t]{{2}})[ \t]*(?=[{BLANK_CHARS}])")
"""Plain spaces before an odd one: all of them are one space in the end."""

BROKEN_AT_HYPHEN = re.compile(r"(?<=[^\W\d_])\xad(?=\n[^\W\d_])")
"""A soft hyphen at which a word was broken between two lines."""

INVISIBLE_RUN = re.compile(f"[{re.escape(INVISIBLE_CHARS)}]+")

WORD_BREAK = re.compile(f"([{SOUTHEAST_ASIAN}]\u200b)(?=[{SOUTHEAST_ASIAN}])")

LIGATURE = re.compile("[\ufb00-\ufb06]")


def replace_spaces(text: str, language: str | None) -> str:
    """Odd spaces, and the spaces beside them, as one plain space."""
    return BLANK_RUN.sub(" ", BEFORE_BLANK.sub("", text))


def remove_controls(text: str, language: str | None) -> str:
    """No invisible characters, except a soft hyphen at which a line broke: it is written out for the rejoining.

    A zero-width space stays between letters of scripts that part words with it (Thai, Lao, Burmese, Khmer).
    """
    if "\x1b" in text:
        text = remove_terminal_escapes(text)
    if "\xad\n" in text:
        text = BROKEN_AT_HYPHEN.sub("-", text)
    parts = WORD_BREAK.split(text) if "\u200b" in text else [text]
    return "".join(part if i % 2 else INVISIBLE_RUN.sub("", part) for i, part in enumerate(parts))


LONE_SURROGATE = re.compile("(?<![^ ])[\ud800-\udfff]+ |[\ud800-\udfff]+")
"""Halves of characters, with the space behind them where there is one before them, too."""


def remove_lone_surrogates(text: str) -> str:
    """The halves of a character as the character; halves that have lost the other one go: nothing says what it was."""
    return LONE_SURROGATE.sub("", SURROGATE_PAIR_RE.sub(convert_surrogate_pair, text))


def split_ligatures(text: str, language: str | None) -> str:
    """Ligatures of Latin letters as the letters that they join: ﬁ as fi."""
    return LIGATURE.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)


def normalize_to_nfc(text: str, language: str | None) -> str:
    """Letters and their accents as single characters, as Unicode's normal form C has them."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


OPENING_PAIR, CLOSING_PAIR = (
    re.compile(r"""(?:^|(?<=[\s([“‘—–-]))(?:''|``|["“„])(?=\w|[.¿¡…])""", re.M),
    re.compile(r"(?<=[\w.,!?…»”’])''(?!\w)"),
)
"""What opens a quotation and what closes it: without either the marks are code, or the second derivative f''(x)."""

DOUBLED_APOSTROPHES = re.compile(r"(?<!')''(?!')|(?<!`)``(?!`)")


def replace_doubled_apostrophes(text: str, language: str | None) -> str:
    """Two apostrophes or two backticks as the double quote that they were typed for, if quotations open and close."""
    if OPENING_PAIR.search(text) is None or CLOSING_PAIR.search(text) is None:
        return text  # f''(x), name=''
    return "\n".join(
        _replace_in_line(line) if 0 < len(DOUBLED_APOSTROPHES.findall(line)) < MAX_LINE_DEFECTS else line
        for line in text.split("\n")
    )


def _replace_in_line(line: str) -> str:
    """A line's doubled apostrophes as double quotes.

    Not between letters (dell''arte), not alone, not before an Afrikaans article (''n), and not behind a number
    (5'10'') unless a quotation is open.
    """

    def quote(match: re.Match[str]) -> str:
        """A double quote, or the two apostrophes where they are none."""
        before, after = line[: match.start()], line[match.end() :]
        left, right = before[-1:], after[:1]
        opens = not left.strip() or left in BEFORE_QUOTATION
        closes = not right.isalnum() and right not in QUOTED_AGAIN
        if opens == closes or AFRIKAANS_ARTICLE.match(after):
            return match[0]
        is_measure = left.isdigit() and len(QUOTATION_MARK.findall(before)) % 2 == 0
        return match[0] if is_measure else '"'

    return DOUBLED_APOSTROPHES.sub(quote, line)


QUOTATION_MARK = re.compile(r"""(?<![\d'])''(?!')|(?<!\d)"|``""")

"""A mark of a quotation before the place, in either spelling; not inches behind a number."""

AFRIKAANS_ARTICLE = re.compile(r"n\b")

BEFORE_QUOTATION, QUOTED_AGAIN = frozenset("([{—–-:“‘"), frozenset("'`(")
"""What may stand before a quotation, beside spaces; and what shows, behind one, that it is not the end of it."""

DECOMPOSED_CHARS = (
    r"\p{M}\x{374}\x{37e}\x{387}\x{958}-\x{95f}\x{9dc}-\x{9df}\x{a33}\x{a36}\x{a59}-\x{a5e}\x{b5c}\x{b5d}\x{f43}-\x{f69}"
    r"\x{1100}-\x{11ff}\x{1f00}-\x{1fff}\x{2000}\x{2001}\x{2126}\x{212a}\x{212b}"
    r"\x{2329}\x{232a}\x{2adc}\x{f900}-\x{faff}\x{fb1d}-\x{fb4e}\x{1d15e}-\x{1d1ff}\x{2f800}-\x{2fa1d}"
)
"""Every character that can keep a text from being in normal form C, and some that cannot."""

"""Mending the letters of a text: pure functions from lines to what they should read, each change under its rule.

One screen, an RE2 set, is run over the whole text and says which kinds of damage there may be; a text without any
is left after that one pass.  What ftfy knows (its table of improbable neighbours, its encodings, its lossy cases) is
taken from ftfy itself, and ftfy decides wherever a plain re-decoding does not settle the matter.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import ftfy
import re2
from ftfy.badness import BADNESS_RE
from ftfy.chardata import ALTERED_UTF8_RE, CHARMAP_ENCODINGS, CONTROL_CHARS, LOSSY_UTF8_RE, UTF8_CLUES
from ftfy.fixes import (
    A_GRAVE_WORD_RE,
    fix_c1_controls,
    fix_surrogates,
    remove_terminal_escapes,
    replace_lossy_sequences,
    unescape_html,
)

from cleaner.text.languages import collect_words

MAX_REPAIR_STEPS = 50
"""Changing steps after which a text counts as beyond mending and is left as it then reads; no real text takes ten."""

MAX_LINE_DEFECTS = 200
"""Lost characters, or doubled apostrophes, in one line from which on it is no prose, and is left alone."""


class Mending(NamedTuple):
    """Line number `line` should read `text`; `rule` is the most telling of the rules that asked for it."""

    line: int
    rule: str
    text: str


def mend_lines(lines: Sequence[str], *, language: str | None = None) -> list[Mending]:
    """What is to be changed in a text given as its lines, in order; nothing where nothing is.

    All lines are looked at together, because what is ambiguous in one is often plain in another.  Mending the mended
    lines asks for nothing more.
    """
    before = text = "\n".join(lines)
    rules: dict[int, str] = {}
    for _ in range(MAX_REPAIR_STEPS):
        after, rule = _apply_first_change(text, language)
        if not rule:
            break
        text = _record_change(text, after, rule, rules)
    return list(_collect_mendings(lines, text, rules)) if text != before else []


def _apply_first_change(text: str, language: str | None) -> tuple[str, str]:
    """The text after the first step that changes it, and that step's rule: "" where no step does."""
    try:
        signs = DAMAGE_SET.Match(text)
    except UnicodeEncodeError:
        return fix_surrogates(text), "repair.replacement"
    if signs:
        for wanted, rule, step in STEPS:
            if not wanted.isdisjoint(signs):
                after = step(text, language)
                if after != text:
                    return after, rule
    return text, ""


def _record_change(text: str, after: str, rule: str, rules: dict[int, str]) -> str:
    """The text after a step with bare line ends; `rules` learns which lines were changed by which rule."""
    lines = after.split("\n")
    for i, old in enumerate(text.split("\n")):
        if lines[i] != old:
            lines[i] = lines[i].strip(" \t")
            if i not in rules or RULE_RANKS[rule] < RULE_RANKS[rules[i]]:
                rules[i] = rule
    return "\n".join(lines)


def _collect_mendings(lines: Sequence[str], text: str, rules: dict[int, str]) -> Iterator[Mending]:
    parts, at = text.split("\n"), 0
    for i, line in enumerate(lines):
        stop = at + line.count("\n") + 1
        new = "\n".join(parts[at:stop])
        if new != line:
            yield Mending(i, min((rules[j] for j in range(at, stop) if j in rules), key=RULE_RANKS.__getitem__), new)
        at = stop


# ---------------------------------------------------------------- patterns, derived from ftfy's tables


def _translate_to_re2(pattern: str) -> str:
    """A pattern in Python's verbose dialect in RE2's: no comments, no blanks, Unicode's spaces and letters."""
    out: list[str] = []
    at, in_class = 0, False
    while at < len(pattern):
        char = pattern[at]
        if not in_class and char == "#":
            at = pattern.index("\n", at)
        elif char == "\\" and pattern[at + 1] in "sw":
            inner = SPACE_CLASS if pattern[at + 1] == "s" else WORD_CLASS
            out.append(inner if in_class else f"[{inner}]")
            at += 1
        elif in_class or not char.isspace():
            out.append("(?m:^)" if char == "^" and not in_class else char)
            in_class = char != "]" if in_class else char == "["
        at += 1
    return "".join(out)


def _join_patterns(*patterns: str) -> str:
    return "|".join(patterns)


def _build_search_set(patterns: Collection[str]) -> Any:
    """An RE2 set; its Match gives the numbers of the patterns found anywhere in a text, None for none."""
    options = re2.Options()
    options.max_mem = 64 << 20
    options.never_capture = True
    made = re2.Set.SearchSet(options)
    for pattern in patterns:
        made.Add(pattern)
    made.Compile()
    return made


SPACE_CLASS = r"\s\x0b\x1c-\x1f\x{85}\p{Z}"
WORD_CLASS = r"\p{L}\p{N}_"

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

MISREAD_UTF8_PATTERN = _join_patterns(
    "[A-Za-z][ВГДЕЖ][\u0400-\u040f\u0450-\u0491\u2018-\u203a\xa0-\xbb]",  # fГјr: UTF-8 as windows-1251
    "[ВГДЕЖ][\u0402-\u040f\u0452-\u045f\u201a-\u203a\xa0-\xbb]+[a-z]",  # Гњber
    "(?:[В-Я][\u0402-\u040f\u0452-\u0491\u2018-\u203a\u20ac\u2116\u2122\xa0-\xbbЁё]){3}",  # Щ„Щ…ШЇ: Arabic
    "[√¬ƒ≈][^\\x00-\\x{7f}\\p{L}\\s]",  # √º: UTF-8 as mac-roman
    "[√¬≈][A-ZÀ-Ö][a-z]",  # √Ñther
)
"""Signs of UTF-8 read as windows-1251 or mac-roman that ftfy's table leaves out."""


# ---------------------------------------------------------------- repair.encoding


def _decode_text(text: str, language: str | None) -> str:
    """UTF-8 that was read as a single-byte encoding, as a whole or in single lines, read rightly."""
    for encoding in CHARMAP_ENCODINGS:
        whole = _try_decoding(text, encoding)
        if whole is not None and not RARE_LETTERS_SET.Match(whole):
            return whole
    lines = text.split("\n")
    used: dict[str, set[str]] = {}
    for i, line in enumerate(lines):
        if not line.isascii() and IMPROBABLE_SET.Match(line):
            lines[i] = _decode_line(line, used)
    if used:
        lines = [line if line.isascii() else _decode_like_others(line, used) for line in lines]
    return "\n".join(lines)


def _decode_line(line: str, used: dict[str, set[str]]) -> str:
    """A line with improbable neighbours, reread; `used` learns the encoding, and which characters came of it."""
    possible = False
    if C1_IN_WINDOWS.search(line) and not UTF8_IN_LATIN_SET.Match(line):
        return line
    for encoding in CHARMAP_ENCODINGS:
        fixed = _try_decoding(line, encoding)
        if fixed is not None:
            used.setdefault(encoding, set()).update(fixed)
            return fixed
        possible = possible or _is_ftfy_repairable(line, encoding)
    return ftfy.fix_encoding(line) if possible or EMBEDDED_UTF8_SET.Match(line) else line


def _is_ftfy_repairable(line: str, encoding: str) -> bool:
    """Whether ftfy would try to repair the bytes of this line before decoding them."""
    try:
        raw = line.encode(encoding)
    except UnicodeEncodeError:
        return False
    return bool(ALTERED_UTF8_RE.search(raw) or LOSSY_UTF8_RE.search(raw) or b"\xed" in raw or b"\xc0" in raw)


def _decode_like_others(line: str, used: dict[str, set[str]]) -> str:
    """A line without improbable neighbours, reread if it is UTF-8 throughout, as other lines of its text were.

    Its characters must be known from those lines or be common: CAFÉ’S is UTF-8 too, by chance, for CAFɒS; and MANHÃ
    with a space behind it, for MANHà.
    """
    for encoding, known in used.items():
        fixed = _try_decoding(line, encoding, sure=True)
        if fixed is None or CAPITALS_AND_A_GRAVE.search(fixed):
            continue
        if all(c < "\u0180" or "\u2000" <= c < "\u2070" or c in known for c in fixed):
            return fixed
    return line


def _try_decoding(text: str, encoding: str, sure: bool = False) -> str | None:
    """The UTF-8 that this text is when written in an encoding, or None.

    Byte A0 may have become a plain space, or have been lost at the end of a line.  Unless `sure`, one other sequence
    must be whole.
    """
    try:
        raw = text.encode(encoding)
        if "\ufffd" in text:
            raw = replace_lossy_sequences(raw)
        fixed = raw.decode()
    except UnicodeEncodeError:
        return None
    except UnicodeDecodeError as error:
        if raw[error.end : error.end + 1] not in b" \n" or encoding == "macroman":
            return None
        if not sure and not UTF8_SEQUENCE.search(raw):
            return None
        try:
            fixed = _restore_a0(raw).decode()
        except UnicodeDecodeError:
            return None
    return fixed if fixed != text else None


CAPITALS_AND_A_GRAVE = re.compile("[A-ZÀ-Þ]à")
LATIN_LEAD_BYTES = frozenset(b"\xc2\xc3\xc5")
UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")

A0_AT_END = re.compile(rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf])(?=\n|\Z)")

A0_AS_SPACE = re.compile(
    rb"[\xc2-\xdf] |[\xe0-\xef](?: [\x80-\xbf]|[\x80-\xbf] |  )"
    rb"|[\xf0-\xf4](?: [\x80-\xbf]{2}|[\x80-\xbf] [\x80-\xbf]|[\x80-\xbf]{2} )"
)

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


def _convert_c1_controls(text: str, language: str | None) -> str:
    """C1 controls as the windows-1252 characters of the same bytes, as browsers read them."""
    return fix_c1_controls(text)


C1_IN_WINDOWS = re.compile("[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f]")


# windows-1252 read as mac-roman --------------------------------------------------

MAC_ROMAN_PATTERN = _join_patterns(
    r"[A-Za-z][È-ÌÎÏÒ-ÔÙ-Û‰ˆ¸¯˘˙˚˜˝˛ˇ·‡†][a-z]",
    r"[a-z][ÈÍÎËÌÓÙÚÂ‡˚˘·][\s,.;:!?]",
    r"(?m:^|[\s(])[ìë][A-Z]",
    r"(?m:^|[\s(])ì[a-z]",
    r"[.,!?][îí](?m:$|[\s,.])",
    r"\s[ñóìÖ]\s",
    r"[a-z]í(?:s|t|re|ve|ll|d|m)\b",
)
"""Where windows-1252 read as mac-roman first shows: è as Ë inside a word, “ as ì before one, ’ as í in don’t."""


def _decode_mac_roman(text: str, language: str | None) -> str:
    """Windows-1252 that was read as mac-roman, read rightly where that leaves far fewer odd places."""
    try:
        after = text.encode("mac-roman").decode("sloppy-windows-1252")
    except UnicodeEncodeError:
        return text
    return after if "\x1a" not in text and _count_oddities(after) * 4 < _count_oddities(text) else text


def _count_oddities(text: str) -> int:
    """How many characters outside ASCII stand where no language writes them."""
    english = " the " in text
    return sum(
        _is_odd(m[0], text[m.start() - 1 : m.start()], text[m.end() : m.end() + 4], english)
        for m in NOT_ASCII.finditer(text)
    )


def _is_odd(char: str, left: str, ahead: str, english: bool) -> bool:
    """Whether a character stands oddly between the one before it and those behind it."""
    right = ahead[:1]
    starts, ends = not left or left in " \n(„", not right or right in " \n,.;:!?"
    if char.isalpha():
        if char in MISREAD_MARKS:
            return (
                (starts and (right.isupper() or char == "ì"))
                or (left != "" and left in " \n" and right != "" and right in " \n")
                or (left in SENTENCE_ENDS and not right.isalpha())
                or (char == "í" and english and left.islower() and CONTRACTION.match(ahead) is not None)
            )
        return left.islower() and char.isupper() and (ends or right.islower())
    if char in "“‘«¿¡–":
        return left.islower() and right.islower()
    if char in "”»":
        return left.isalpha() and right.islower()
    return (
        char not in MARKS_IN_WORDS
        and left.isalpha()
        and (right.isalpha() or (ends and left.islower() and char not in "®©™"))
    )


NOT_ASCII = re.compile(r"[^\x00-\x7f]")
MISREAD_MARKS = "ìîíëñóÖ"
"""What the quotes “ ” ’ ‘, the dashes – — and the ellipsis of windows-1252 are in mac-roman."""
SENTENCE_ENDS = frozenset(".,!?…")
CONTRACTION = re.compile(r"(?:s|t|re|ve|ll|d|m)(?!\w)")
MARKS_IN_WORDS = "’—…„′″°€£\xa0\xad·"


# ---------------------------------------------------------------- repair.entities and repair.escapes


def _unescape_entities(text: str, language: str | None) -> str:
    """HTML entities as their characters, however often they were escaped; no angle brackets in lines with markup."""
    return "\n".join(_unescape_line(line) if "&" in line else line for line in text.split("\n"))


def _unescape_line(line: str) -> str:
    if MARKUP.search(line):
        line = ESCAPED_BRACKET.sub("\x1a\\1", line)
    return LINE_BREAK.sub(" ", unescape_html(line)).replace("\x1a", "&")


ESCAPED_BRACKET = re.compile(r"&((?:lt|gt|LT|GT|#0*6[02]|#[xX]0*3[cCeE]);)")
MARKUP = re.compile(r"<[A-Za-z/!]")
LINE_BREAK = re.compile(r"[\n\r]+")


def _unescape_json(text: str, language: str | None) -> str:
    r"""The characters that JSON's escapes stand for: \u2019, \" and \/."""
    return ESCAPE.sub(_decode_escape, text)


def _decode_escape(match: re.Match[str]) -> str:
    return LINE_BREAK.sub(" ", chr(int(match[1], 16))) if match[1] else match[2] or match[3]


ESCAPE = re.compile(r"""(?<!\\)\\+(?:u([0-9A-Fa-f]{4})|(["']))|(?<=[\w:/<])\\(/)(?=[\w\\])""")


# ---------------------------------------------------------------- repair.spaces, .controls, .ligatures, .normal-form

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
BROKEN_AT_HYPHEN = re.compile(r"(?<=[^\W\d_])\xad(?=\n[^\W\d_])")
INVISIBLE_RUN = re.compile(f"[{re.escape(INVISIBLE_CHARS)}]+")
WORD_BREAK = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]\u200b)(?=[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])"
)
LIGATURE = re.compile("[\ufb00-\ufb06]")


def _replace_spaces(text: str, language: str | None) -> str:
    return BLANK_RUN.sub(" ", BEFORE_BLANK.sub("", text))


def _remove_controls(text: str, language: str | None) -> str:
    """No invisible characters, except a soft hyphen at which a line broke: it is written out for the rejoining.

    A zero-width space stays between letters of scripts that part words with it (Thai, Lao, Burmese, Khmer).
    """
    if "\x1b" in text:
        text = remove_terminal_escapes(text)
    if "\xad\n" in text:
        text = BROKEN_AT_HYPHEN.sub("-", text)
    parts = WORD_BREAK.split(text) if "\u200b" in text else [text]
    return "".join(part if i % 2 else INVISIBLE_RUN.sub("", part) for i, part in enumerate(parts))


def _split_ligatures(text: str, language: str | None) -> str:
    return LIGATURE.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)


def _normalize_to_nfc(text: str, language: str | None) -> str:
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


# ---------------------------------------------------------------- repair.quotes

DOUBLED_APOSTROPHES = re.compile(r"(?<!')''(?!')|(?<!`)``(?!`)")


def _replace_doubled_apostrophes(text: str, language: str | None) -> str:
    """Two apostrophes or two backticks as the double quote that they were typed for."""
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
        before, after = line[: match.start()], line[match.end() :]
        left, right = before[-1:], after[:1]
        opens = not left or left.isspace() or left in "([{—–-:“‘"
        closes = not right or not (right.isalnum() or right in "'`")
        if opens == closes or AFRIKAANS_ARTICLE.match(after):
            return match[0]
        if left.isdigit() and len(QUOTATION_MARK.findall(before)) % 2 == 0:
            return match[0]
        return '"'

    return DOUBLED_APOSTROPHES.sub(quote, line)


QUOTATION_MARK = re.compile(r"""(?<![\d'])''(?!')|(?<!\d)"|``""")
AFRIKAANS_ARTICLE = re.compile(r"n\b")


# ---------------------------------------------------------------- repair.replacement

CLOSERS_BY_OPENER = {"“": "”", "„": "“", "«": "»", "»": "«", "‘": "’", "‚": "‘"}
DASHES = "–—"
MARK_PATTERN = re.compile("[’‘“”„‚«»–—]")
CJK = re.compile("[\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
LOST_CHARS = re.compile("\ufffd{3}|\ufffd")
FIRST_WORD = re.compile(r"[^\W\d_]+")
ENGLISH = re.compile(r" (?:the|and|of|that|was|with) ")
ROMANIAN_POLISH_HUNGARIAN = re.compile("[łżęąőűțș]")
TURKISH = re.compile("[ışğİ]")
APOSTROPHE_TAIL = re.compile(r"[^\W\d_][’'](\w+)")
VOWELS = frozenset("aeiouyhàâäéèêëíìîïóòôöúùûüœæ")
CONTRACTION_TAILS = collect_words(lambda own: own.spelling.contraction_tails)
ELISION_WORDS = collect_words(lambda own: own.spelling.elisions)
APHAERESIS_WORDS = collect_words(lambda own: own.spelling.clipped_words)
LOST_CLOSER = re.compile("(?<=[^\\s(])\ufffd(?![^\\W_])")
GENITIVE_TAIL = re.compile("[ ][a-z][^“”„«»‘\ufffd]*[.,!?…]\ufffd(?![^\\W_])")
SIGNATURE_TAIL = re.compile(r" [^@]{1,60} \(@\w+\)")
DATELINE = re.compile(r"(?:[A-ZÀ-Þ][A-ZÀ-Þ.' -]+(?:, [A-Z][\w.]+)?|.{3,40}\((?:AP|AFP|Reuters|CNN|dpa)\)) \Z")


def _fill_lost_chars(text: str, language: str | None) -> str:
    """Replacement characters as the quotes, apostrophes and dashes that their neighbours and the text's habits show.

    What may have been a letter (caf�) stays as it is: nothing in the text says which.
    """
    habits = _PunctuationHabits(text, language)
    return "\n".join(
        _LineFiller(line, habits).fill_line() if 0 < line.count("\ufffd") < MAX_LINE_DEFECTS else line
        for line in text.split("\n")
    )


class _PunctuationHabits:
    """How a text uses its quotes, apostrophes and dashes, counted where they are unharmed.

    `seen` counts (mark, kind of what is before it, kind of what is behind it).  `healthy` says that other characters
    outside ASCII have survived, so that what is lost is not every one of them.
    """

    def __init__(self, text: str, language: str | None) -> None:
        self.seen: Counter[tuple[str, str, str]] = Counter()
        for match in MARK_PATTERN.finditer(text):
            at = match.start()
            self.seen[
                match[0], _determine_char_kind(text[at - 1 : at]), _determine_char_kind(text[at + 1 : at + 2])
            ] += 1
        self.tails = frozenset(APOSTROPHE_TAIL.findall(text))
        self.turkish = language == "tr" if language else len(TURKISH.findall(text)) * 50 > len(text)
        self.english = language == "en" if language else len(ENGLISH.findall(text)) * 40 > text.count(" ")
        self.healthy = any(c != "\ufffd" for c in NOT_ASCII.findall(text))
        self.opener, self.closers = self._detect_quotes(text)
        spaced = {mark: self.seen[mark, " ", " "] for mark in DASHES}
        if not any(spaced.values()):
            spaced = {mark: self.count(mark) for mark in DASHES}
        usual = "—" if self.english or language == "ru" else "–"
        self.dash = max(spaced, key=lambda mark: (spaced[mark], mark == usual))

    def _detect_quotes(self, text: str) -> tuple[str, dict[str, str]]:
        """The usual opening quote, "" if there is none, and what closes each."""
        openers: Counter[str] = Counter()
        closers: Counter[str] = Counter()
        for (mark, left, right), count in self.seen.items():
            if mark in DASHES:
                continue
            if left in " (" and right not in " ).":
                openers[mark] += count if mark not in "’" else 0
            elif right in " .)" and left not in " (" and mark != "’":
                closers[mark] += count
        closing = dict(CLOSERS_BY_OPENER)
        if closers["”"] > closers["“"] or (not closers["“"] and ROMANIAN_POLISH_HUNGARIAN.search(text)):
            closing["„"] = "”"
        opener = max(openers, key=openers.__getitem__, default="")
        if not opener and closers:
            closer = max(closers, key=closers.__getitem__)
            opener = next((o for o, c in closing.items() if c == closer), "")
        if opener == "”":
            closing["”"] = "”"
        return opener, closing

    def count(self, marks: str, left: str = "", right: str = "") -> int:
        """How often one of these marks is seen between these kinds of neighbours; "" is any."""
        return sum(
            n
            for (m, a, b), n in self.seen.items()
            if m in marks and (not left or a in left) and (not right or b in right)
        )

    def find_usual_mark(self, among: str, left: str, right: str) -> str:
        """The mark seen most often between these kinds of neighbours, "" where none is."""
        best = max(among, key=lambda mark: self.seen[mark, left, right])
        return best if self.seen[best, left, right] else ""


def _determine_char_kind(char: str) -> str:
    """A neighbour's kind: " " for none and spaces, a, A, 0, 文, ( for what opens, ) for what closes, . for others."""
    if not char or char.isspace():
        return " "
    if char.isalpha():
        return "文" if CJK.match(char) else "A" if char.isupper() else "a"
    if char.isdigit():
        return "0"
    return "(" if char in "([{“„‘‚«¿¡" else ")" if char in ")]}”’»" else "."


class _LineFiller:
    """A line being filled in: its characters so far, and the quotations open at the place that is looked at."""

    def __init__(self, line: str, habits: _PunctuationHabits) -> None:
        self.chars = list(line if CJK.search(line) else LOST_CHARS.sub("\ufffd", line))
        self.habits = habits
        self.open: list[str] = []

    def fill_line(self) -> str:
        """The line with what was lost put back, as far as it can be known."""
        for at, char in enumerate(self.chars):
            if char == "\ufffd":
                self.chars[at] = self._guess_char(at) or char
            self._follow_quotations(at)
        return "".join(self.chars)

    def _read_before(self, at: int) -> str:
        return "".join(self.chars[:at])

    def _read_after(self, at: int) -> str:
        return "".join(self.chars[at + 1 :])

    def _follow_quotations(self, at: int) -> None:
        char = self.chars[at]
        if self.open and char in (self.habits.closers[self.open[-1]], CLOSERS_BY_OPENER.get(self.open[-1])):
            if char != "’" or _determine_char_kind(self._read_after(at)[:1]) not in "aA":
                self.open.pop()
        elif char in self.habits.closers and (char != "»" or self.habits.opener == "»"):
            self.open.append(char)

    def _guess_char(self, at: int) -> str:
        """What stood at a place, "" where nothing shows it."""
        before, after = self._read_before(at)[-1:], self._read_after(at)[:1]
        if "\ufffd" in (before, after) or not (self.habits.healthy or self.habits.english):
            return ""
        left, right, habits = _determine_char_kind(before), _determine_char_kind(after), self.habits
        if "文" in left + right:
            return self._guess_in_chinese(at)
        if left == right == " ":
            return self._guess_alone(at)
        if left == right == "0":
            return self._guess_between_digits(at)
        if left in "aA" and right in "aA":
            return self._guess_inside_word(at)
        if (left == ")" and right in "aA") or (left in "aA" and right == "("):
            return habits.find_usual_mark(DASHES, left, right) or habits.dash
        if left in " (" and (right not in " )." or (after and after in "…¡¿$#'\".")) and before != "’":
            return self._guess_opening(at)
        if right in " ).(" and left in "aA0.)":
            return self._guess_closing(at)
        if left == "0" and right == "a":
            return (
                "’" if _extract_first_word(self._read_after(at)) == "s" else habits.find_usual_mark(DASHES, left, right)
            )
        return habits.find_usual_mark(DASHES, left, right)

    def _guess_alone(self, at: int) -> str:
        """Between spaces: a dash, or a quote where the text sets its quotes apart."""
        habits, before, after = self.habits, self._read_before(at), self._read_after(at)
        if not before.strip():
            return (
                "—"
                if SIGNATURE_TAIL.match(after)
                else habits.find_usual_mark(DASHES, " ", " ")
                if after.strip()
                else ""
            )
        if not after.strip():
            return ""
        if habits.count("“”", " ", " "):
            ahead = self._find_next_quote(at)
            if self.open and ahead != "”":
                return "”"
            if not self.open and ahead == "”":
                return "“"
        if habits.english and not habits.count(DASHES, " ", " ") and DATELINE.match(before):
            return "—"
        return habits.find_usual_mark("–—’", " ", " ") or habits.dash

    def _guess_between_digits(self, at: int) -> str:
        """Between digits: a range, or an apostrophe that parts thousands."""
        if self._read_after(at)[:3] == "000" or self.habits.count("’", "0", "0") > self.habits.count(DASHES, "0", "0"):
            return "’"
        return "–"

    def _guess_inside_word(self, at: int) -> str:
        """Between two letters: an apostrophe, or a dash without spaces."""
        habits = self.habits
        head, tail = _extract_last_word(self._read_before(at)), _extract_first_word(self._read_after(at))
        left, right = _determine_char_kind(head[-1]), _determine_char_kind(tail[0])
        if (tail in CONTRACTION_TAILS and (habits.english or habits.healthy)) or (tail == "n" and habits.healthy):
            return "’"
        dashes, apostrophes = habits.count(DASHES, "aA", "aA"), habits.count("’", "aA", "aA")
        if head.lower() in ELISION_WORDS and habits.healthy and (apostrophes or tail[0].lower() in VOWELS):
            return "’"
        if (apostrophes and tail in habits.tails) or (habits.turkish and head[0].isupper()):
            return "’"
        if dashes:
            return habits.find_usual_mark(DASHES, left, right) or max(
                DASHES, key=lambda mark: habits.count(mark, "aA", "aA")
            )
        return "—" if habits.english and habits.healthy and len(head) > 1 else ""

    def _find_next_quote(self, at: int) -> str:
        """The next quote of a quotation behind a place, "" for none; apostrophes inside words are not."""
        for i in range(at + 1, len(self.chars)):
            char = self.chars[i]
            if char in "“”„«»‘‚" or (
                char == "’" and _determine_char_kind("".join(self.chars[i + 1 : i + 2])) not in "aA0"
            ):
                return char
        return ""

    def _guess_opening(self, at: int) -> str:
        """Before a word: the quote that the next one closes, else the text's usual one, an apostrophe or a dash."""
        habits, after, ahead = self.habits, self._read_after(at), self._find_next_quote(at)
        word = _extract_first_word(after)
        if habits.english and (word in APHAERESIS_WORDS or re.match(r"\d0s\b", after)):
            return "’"
        dashes = habits.count(DASHES, " ", "aA0")
        if dashes > habits.count("“„«»‘”", " ", "aA0.") and ahead not in CLOSERS_BY_OPENER.values():
            return habits.find_usual_mark(DASHES, " ", _determine_char_kind(after[0])) or habits.dash
        if ahead == "’" and (habits.count("‘", " ") or not habits.count("“") or "s’ " not in after):
            return "‘"
        if ahead == "”" and habits.opener == "‘" and habits.count("“", " "):
            return "“"
        if self.open and self.open[-1] == habits.opener == "“" and not ahead:
            return "‘"
        if not habits.english and ahead not in CLOSERS_BY_OPENER.values() and not self._has_lost_closer(at):
            return ""
        return habits.opener or ("“" if habits.english and ahead in ("", "”") and word else "")

    def _has_lost_closer(self, at: int) -> bool:
        """Whether another replacement character behind a place may close a quotation."""
        return LOST_CLOSER.search(self._read_after(at)) is not None

    def _guess_closing(self, at: int) -> str:
        """Behind a word or its punctuation: the end of the open quotation, or an apostrophe or a dash."""
        habits, before, after, ahead = (
            self.habits,
            self._read_before(at),
            self._read_after(at),
            self._find_next_quote(at),
        )
        if after[:1] == "’" or _extract_last_word(before) == "E":
            return "’"
        if self.open:
            closer = habits.closers[self.open[-1]]
            if ahead == closer != "’":
                return "’" if before[-1] in "sxz" and after[:1] == " " else ""
            if before[-1] == "s" and GENITIVE_TAIL.match(after) and closer != "’":
                return "’"
            return closer
        right = _determine_char_kind(after[:1])
        dashes = habits.count(DASHES, "aA0", right)
        if dashes and dashes >= habits.count("“”«»’", _determine_char_kind(before[-1]), right):
            return habits.find_usual_mark(DASHES, _determine_char_kind(before[-1]), right) or habits.dash
        if before[-1] == "s" and after[:1] == " ":
            return "’"
        if before[-1].isalpha() and not habits.english:
            return ""
        return habits.closers.get(habits.opener, "") or ("”" if habits.english and before[-1] in ".,?!" else "")

    def _guess_in_chinese(self, at: int) -> str:
        """Beside Chinese, Japanese or Korean characters: half of a double dash, or the other half of a pair."""
        if "—" in self.chars[max(0, at - 1) : at + 2]:
            return "—"
        ahead = self._find_next_quote(at)
        if self.open and ahead != self.habits.closers[self.open[-1]]:
            return self.habits.closers[self.open[-1]]
        return {"”": "“", "’": "‘"}.get(ahead, "") if not self.open or ahead == "’" else ""


def _extract_first_word(text: str) -> str:
    """The letters that a text starts with."""
    found = FIRST_WORD.match(text)
    return found[0] if found else ""


def _extract_last_word(text: str) -> str:
    """The letters that a text ends with."""
    at = len(text)
    while at and text[at - 1].isalpha():
        at -= 1
    return text[at:]


# ---------------------------------------------------------------- words broken at a line's end

SUSPENDED_HYPHEN_WORDS = collect_words(lambda own: own.spelling.suspended_hyphen_words)
"""Words behind a hyphen that stands for a part left out: Ober- und Unterhaus."""

HYPHENATED_PREFIXES = collect_words(lambda own: own.spelling.hyphenated_prefixes)
"""English first parts that keep their hyphen before a whole word, even if they do not stand alone in the text."""

CLOSED_COMPOUND_ENDINGS = collect_words(lambda own: own.spelling.closed_compound_endings)
"""English words that end longer ones without a hyphen."""

HYPHENS = "-\xad\u2010"
WORD_PATTERN = re.compile(r"(?<![\w-])[^\W_]+(?:[-\u2010’'][^\W_]+)*(?![\w\xad\u2010-])")
BROKEN_WORD_HEAD = re.compile(r"((?:[^\W_]+[-\u2010])*[^\W\d_]+)[-\xad\u2010]\Z")
BROKEN_WORD_TAIL = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


def collect_vocabulary(lines: Iterable[str]) -> set[str]:
    """The words of a text in small letters, compounds with their hyphens; no halves of words broken at line ends."""
    words: set[str] = set()
    broken = False
    for line in lines:
        found = WORD_PATTERN.findall(line.lower())
        words.update(found[1:] if broken else found)
        broken = line.endswith(tuple(HYPHENS))
    return words


def rejoin_broken_word(left: str, right: str, words: Collection[str]) -> str | None:
    """Two lines as one where a word is broken between them, with or without its hyphen; None where none is.

    `words` are those of the text (`collect_vocabulary`): what is written elsewhere in one word, or with the hyphen, is
    here too.  Otherwise the hyphen goes before a small letter, and stays before a capital and behind capitals
    (EU-weit)."""
    before, after = BROKEN_WORD_HEAD.search(left), BROKEN_WORD_TAIL.match(right)
    if not before or not after or after[0] in SUSPENDED_HYPHEN_WORDS:
        return None
    head, tail = before[1], after[0]
    joined, hyphenated = (head + tail).lower(), f"{head}-{tail}".lower()
    if left[-1] == "\xad":
        keeps = False
    elif joined in words or hyphenated in words:
        keeps = hyphenated in words
    else:
        keeps = (
            not tail[0].islower()
            or (head.isupper() and len(head) > 1)
            or ("the" in words and _is_compound(head.lower(), tail.lower(), words))
        )
    return left[:-1] + ("-" if keeps else "") + right


def _is_compound(head: str, tail: str, words: Collection[str]) -> bool:
    """Whether two halves make an English compound with a hyphen: both are words of the text, and not an ending."""
    return tail in words and tail not in CLOSED_COMPOUND_ENDINGS and (head in words or head in HYPHENATED_PREFIXES)


# ---------------------------------------------------------------- the screen and the steps

Step = Callable[[str, str | None], str]

DECOMPOSED_CHARS = (
    r"\p{M}\x{374}\x{37e}\x{387}\x{958}-\x{95f}\x{9dc}-\x{9df}\x{a33}\x{a36}\x{a59}-\x{a5e}\x{b5c}\x{b5d}\x{f43}-\x{f69}"
    r"\x{1100}-\x{11ff}\x{1f00}-\x{1fff}\x{2000}\x{2001}\x{2126}\x{212a}\x{212b}"
    r"\x{2329}\x{232a}\x{2adc}\x{f900}-\x{faff}\x{fb1d}-\x{fb4e}\x{1d15e}-\x{1d1ff}\x{2f800}-\x{2fa1d}"
)
"""Every character that can keep a text from being in normal form C, and some that cannot."""

REPAIR_TABLE: tuple[tuple[tuple[str, ...], str, Step], ...] = (
    ((r"\\+u[0-9A-Fa-f]{4}", r"""\\["'/]"""), "repair.escapes", _unescape_json),
    ((r"&#?[0-9A-Za-z]{1,24};",), "repair.entities", _unescape_entities),
    ((MAC_ROMAN_PATTERN,), "repair.encoding", _decode_mac_roman),
    ((IMPROBABLE_PATTERN, MISREAD_UTF8_PATTERN), "repair.encoding", _decode_text),
    ((r"[\x{80}-\x{9f}]",), "repair.encoding", _convert_c1_controls),
    ((r"[\x{fb00}-\x{fb06}]",), "repair.ligatures", _split_ligatures),
    ((f"[{INVISIBLE_RUN.pattern[1:-2]}]",), "repair.controls", _remove_controls),
    ((f"[{DECOMPOSED_CHARS}]",), "repair.normal-form", _normalize_to_nfc),
    ((f"[{BLANK_CHARS}]",), "repair.spaces", _replace_spaces),
    (("''", "``"), "repair.quotes", _replace_doubled_apostrophes),
    ((r"\x{fffd}",), "repair.replacement", _fill_lost_chars),
)
"""Signs, rule and step, in the order in which they are tried: bytes before characters, what misleads others first."""

DAMAGE_SET = _build_search_set([sign for signs, _, _ in REPAIR_TABLE for sign in signs])
IMPROBABLE_SET = _build_search_set([IMPROBABLE_PATTERN, MISREAD_UTF8_PATTERN])
EMBEDDED_UTF8_SET = _build_search_set([EMBEDDED_UTF8_PATTERN])
RARE_LETTERS_SET = _build_search_set([RARE_LETTERS_PATTERN])
UTF8_IN_LATIN_SET = _build_search_set([EMBEDDED_UTF8_PATTERN, UTF8_IN_LATIN_PATTERN])


def _index_steps() -> Iterator[tuple[frozenset[int], str, Step]]:
    at = 0
    for signs, rule, step in REPAIR_TABLE:
        yield frozenset(range(at, at + len(signs))), rule, step
        at += len(signs)


STEPS = tuple(_index_steps())

RULES = (
    "repair.encoding",
    "repair.replacement",
    "repair.entities",
    "repair.escapes",
    "repair.controls",
    "repair.quotes",
    "repair.ligatures",
    "repair.normal-form",
    "repair.spaces",
)
"""The rules, the most telling first: a line that several of them changed is entered under the first."""

RULE_RANKS = {rule: i for i, rule in enumerate(RULES)}

"""Bytes of unknown encoding in, text out."""

import codecs
import re

from cleaner.errors import ReadError
from cleaner.text.scripts import EAST_ASIAN_TEXT

BINARY_MESSAGE = "this is binary data, not text; extract its text first"

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
"""Byte order marks, the encoding's name and the codec of what stands behind the mark; UTF-32 before UTF-16, whose mark
its own begins with."""

MIN_WIDE_NULLS = 2
WIDE_SAMPLE_BYTES = 64
"""Null bytes among the first from which characters have two bytes: UTF-16 without a mark, in a text mostly ASCII."""

_MAGIC_BYTES = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a ZIP archive (or .docx, .epub, .odt)",
    b"\x1f\x8b": "gzip data",
    b"\x28\xb5\x2f\xfd": "Zstandard data",
    b"BZh": "bzip2 data",
    b"\xfd7zXZ": "xz data",
    b"7z\xbc\xaf": "a 7z archive",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"{\\rtf": "an RTF file",
    b"\x7fELF": "a program",
    b"PAR1": "a Parquet file",
}
"""First bytes of files that are no text, and what they are."""

_CONTROL_BYTES = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
"""Control codes that text does not have."""

_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_ESCAPED_BYTES = re.compile("[\udc80-\udcff]+")
"""Bytes that are not UTF-8, as Python's error handler `surrogateescape` holds them."""

_NOT_ASCII = re.compile("[^\0-\x7f\udc80-\udcff]+")
_EAST_ASIAN = re.compile(rf"[\s{EAST_ASIAN_TEXT}]")
_CP1252_PUNCTUATION = frozenset(b"\x80\x85\x91\x92\x93\x94\x96\x97\xa0\xab\xb7\xbb")
"""Punctuation of windows-1252: where no other high byte occurs, no detector has anything else to go by."""

_SAMPLE_BYTES = 1 << 16
"""Bytes at the beginning that are looked at to tell text from other data."""

_SAMPLE_CHARS, _BYTES_BEFORE_SAMPLE = 4096, 1000
"""Characters of what was decoded for a trial; bytes before the first high one that a detector of encodings is given."""

BYTES_PER_CONTROL, BYTES_PER_CONTROL_IN_UTF8 = 50, 4
"""Bytes to a control code below which data is binary; compressed data has a control code in every tenth byte, and
hardly ever happens to be UTF-8."""

CHARS_PER_LOST_CHAR = 10
"""Characters to a U+FFFD below which data with a byte order mark is binary all the same."""

MIN_LETTER_SHARE = 1 / 2
"""Share of letters and spaces in real text; a misread table of numbers has neither."""

MIN_EAST_ASIAN_CHARS, CHARS_PER_OTHER_CHAR = 20, 10
"""Characters of a text, and those to one that is not Chinese, Japanese or Korean, that show UTF-16 without a NUL."""

MOSTLY_NUL, FEW_NUL = 1.8, 0.25
"""NULs to a character of UTF-32: at its two high places together, at least, and at its lowest place, at most."""

CHARS_PER_NUL = 50
"""Half the characters of UTF-16 to a NUL, at most: spaces and line ends have one in every script."""

NUL_RATIO = 4
"""How many more NULs the one half of the places must have than the other in UTF-16."""

LEAD_BYTES_START, CONTINUATION_END = 0xC2, 0xC0
"""In UTF-8, the least byte that starts a character of several, and the end of the bytes that go on with one."""

GOOD_PER_BAD_BYTE = 8
"""Characters outside ASCII to a byte that is not UTF-8, from which a text is UTF-8 with damage."""


def find_wide_encoding(head: bytes) -> str:
    """The codec of data with characters of several bytes each that begin so, "" where they have none.

    By its mark, which stays in the text, or by the null bytes of the first ASCII characters.
    """
    marked = next((codec for bom, _, codec in BOMS if head.startswith(bom)), "")
    if marked or head[:WIDE_SAMPLE_BYTES].count(0) < MIN_WIDE_NULLS:
        return marked.replace("utf-8", "")
    return "utf-16-be" if head.startswith(b"\0") else "utf-16-le"


def decode_bytes(raw: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; a byte order mark belongs to the encoding, not to the text.

    Raises `ReadError` for binary data, and for nothing else.
    """
    for bom, name, codec in BOMS:
        if raw.startswith(bom):
            raw = raw[len(bom) :]
            text = _try_codec(raw, codec, "surrogatepass")
            if text is not None:
                return text, name
            if codec != "utf-8":
                return _check_is_text(raw.decode(codec, "replace")), name
    for magic, what in _MAGIC_BYTES.items():
        if raw.startswith(magic):
            raise ReadError(f"this is {what}, not text; extract its text first")
    found = (b"\0" in raw and _decode_wide(raw)) or _decode_japanese_mail(raw)
    return found or _decode_unmarked(raw)


def _try_codec(raw: bytes, codec: str, errors: str = "strict") -> str | None:
    """The text of these bytes in an encoding, or None where they are none."""
    try:
        return raw.decode(codec, errors)
    except UnicodeDecodeError:
        return None


def _decode_japanese_mail(raw: bytes) -> tuple[str, str] | None:
    """Text in ISO-2022-JP, whose escape sequences show it."""
    has_escapes = b"\x1b$" in raw or b"\x1b(" in raw
    text = _try_codec(raw, "iso2022_jp") if has_escapes else None
    return None if text is None else (text, "iso-2022-jp")


def _decode_unmarked(raw: bytes) -> tuple[str, str]:
    """UTF-8, or whatever else without NUL and without marks; raises `ReadError` for binary data."""
    head = raw[:_SAMPLE_BYTES]
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    text = _try_codec(raw, "utf-8")
    if text is not None and controls * BYTES_PER_CONTROL_IN_UTF8 <= len(head):
        return text, "utf-8"
    if text is None and controls * BYTES_PER_CONTROL <= len(head):
        return _decode_mostly_utf8(raw) or _decode_legacy(raw)
    wide = _decode_east_asian(raw) if text is None else None
    if wide is None:
        raise ReadError(BINARY_MESSAGE)
    return wide


def _check_is_text(text: str) -> str:
    """The same text; raises `ReadError` where too much of it could not be decoded."""
    if text.count("\ufffd") * CHARS_PER_LOST_CHAR > len(text):
        raise ReadError(BINARY_MESSAGE)
    return text


def _decode_wide(raw: bytes) -> tuple[str, str] | None:
    """UTF-16 or UTF-32 without a mark: in most scripts every second, or three of four bytes, are NUL at times."""
    head = raw[:_SAMPLE_BYTES]
    # NULs at each of the four places of a UTF-32 character
    first, second, third, fourth = (head[place::4].count(0) for place in range(4))
    quarter = max(1, len(head) // 4)
    even, odd = first + third, second + fourth
    shares = {
        "utf-32-le": third + fourth > MOSTLY_NUL * quarter and first < FEW_NUL * quarter,
        "utf-32-be": first + second > MOSTLY_NUL * quarter and fourth < FEW_NUL * quarter,
        "utf-16-le": odd > NUL_RATIO * even and odd * CHARS_PER_NUL > quarter,
        "utf-16-be": even > NUL_RATIO * odd and even * CHARS_PER_NUL > quarter,
    }
    for codec in (codec for codec, is_likely in shares.items() if is_likely):
        text = _try_codec(raw, codec)
        sample = (text or "")[:_SAMPLE_CHARS]
        readable = sum(map(str.isalpha, sample)) + sum(map(str.isspace, sample))
        if text is not None and readable > MIN_LETTER_SHARE * len(sample) and "\0" not in sample:
            return text, codec
    return None


def _decode_east_asian(raw: bytes) -> tuple[str, str] | None:
    """UTF-16 without a mark and without a single NUL: Chinese, Japanese or Korean with no space or line end."""
    for codec in ("utf-16-le", "utf-16-be"):
        text = _try_codec(raw, codec) or ""
        others = len(text) - len(_EAST_ASIAN.findall(text))
        if len(text) >= MIN_EAST_ASIAN_CHARS and others * CHARS_PER_OTHER_CHAR < len(text):
            return text, codec
    return None


def _decode_mostly_utf8(raw: bytes) -> tuple[str, str] | None:
    """UTF-8 with surrogates encoded, or with a few bytes that are not UTF-8; None when it is another encoding."""
    text = _try_codec(raw, "utf-8", "surrogatepass")
    if text is not None:
        whole = _try_codec(text.encode("utf-16-le", "surrogatepass"), "utf-16-le", "surrogatepass")
        if whole is not None:
            return whole, "cesu-8"
    text = raw.decode("utf-8", "surrogateescape")
    bad, good = (sum(map(len, pattern.findall(text))) for pattern in (_ESCAPED_BYTES, _NOT_ASCII))
    return (_ESCAPED_BYTES.sub(_decode_stray_bytes, text), "utf-8") if bad * GOOD_PER_BAD_BYTE <= good else None


def _decode_stray_bytes(run: re.Match[str]) -> str:
    """Stray bytes as windows-1252, but U+FFFD for a character that was cut in two."""
    stray = bytes(ord(char) - 0xDC00 for char in run[0])
    is_cut = len(stray) > 1 or run.end() == len(run.string)
    if is_cut and stray[0] >= LEAD_BYTES_START and max(stray[1:], default=0) < CONTINUATION_END:
        return "\ufffd"
    return stray.decode("cp1252", "replace")


def _decode_legacy(raw: bytes) -> tuple[str, str]:
    """Text in an encoding of one script, as chardet finds it; windows-1252 where nothing shows another one."""
    first = _HIGH_BYTE.search(raw)
    at = first.start() if first else 0
    name = _detect_encoding(raw[max(0, at - _BYTES_BEFORE_SAMPLE) : at + _SAMPLE_BYTES])
    try:
        return raw.decode(name, "replace"), name.lower()
    except LookupError:
        return raw.decode("cp1252", "replace"), "windows-1252"


def _detect_encoding(sample: bytes) -> str:
    """The name of the encoding that chardet finds in these bytes, windows-1252 for none."""
    if _CP1252_PUNCTUATION.issuperset(b"".join(_HIGH_BYTE.findall(sample))):
        return "windows-1252"
    import chardet  # slow to import, and rarely needed

    era = chardet.EncodingEra
    eras = era.MODERN_WEB | era.LEGACY_ISO | era.LEGACY_REGIONAL
    return chardet.detect(sample, encoding_era=eras)["encoding"] or "windows-1252"

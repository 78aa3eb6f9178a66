"""Bytes of unknown encoding in, text out."""

import codecs
import re

from cleaner.errors import ReadError
from cleaner.text.scripts import EAST_ASIAN_TEXT

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
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
_CONTROL_BYTES = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_ESCAPED_BYTES = re.compile("[\udc80-\udcff]+")
_EAST_ASIAN = re.compile(rf"[\s{EAST_ASIAN_TEXT}]")
_CP1252_PUNCTUATION = frozenset(b"\x80\x85\x91\x92\x93\x94\x96\x97\xa0\xab\xb7\xbb")
"""Punctuation of windows-1252: where no other high byte occurs, no detector has anything else to go by."""

_SAMPLE_BYTES = 1 << 16


def decode_bytes(raw: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; a byte order mark belongs to the encoding, not to the text.

    Raises `ReadError` for binary data, and for nothing else.
    """
    for bom, name, codec in _BOMS:
        if raw.startswith(bom):
            try:
                return raw[len(bom) :].decode(codec, "surrogatepass"), name
            except UnicodeDecodeError:
                if name != "utf-8-sig":
                    return _check_is_text(raw[len(bom) :].decode(codec, "replace")), name
                raw = raw[len(bom) :]
    for magic, what in _MAGIC_BYTES.items():
        if raw.startswith(magic):
            raise ReadError(f"this is {what}, not text; extract its text first")
    if b"\0" in raw and (wide := _decode_wide(raw)):
        return wide
    if b"\x1b$" in raw or b"\x1b(" in raw:
        try:
            return raw.decode("iso2022_jp"), "iso-2022-jp"
        except UnicodeDecodeError:
            pass
    head = raw[:_SAMPLE_BYTES]
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        # compressed data has a control code in every tenth byte
        if controls * 50 > len(head):
            if wide := _decode_east_asian(raw):
                return wide
            raise ReadError("this is binary data, not text; extract its text first") from None
        return _decode_mostly_utf8(raw) or _decode_legacy(raw)
    if controls * 4 > len(head):
        raise ReadError("this is binary data, not text; extract its text first")
    return text, "utf-8"


def _check_is_text(text: str) -> str:
    if text.count("\ufffd") * 10 > len(text):
        raise ReadError("this is binary data, not text; extract its text first")
    return text


def _decode_wide(raw: bytes) -> tuple[str, str] | None:
    """UTF-16 or UTF-32 without a mark: in most scripts every second, or three of four bytes, are NUL at times."""
    head = raw[:_SAMPLE_BYTES]
    nuls = [head[i::4].count(0) for i in range(4)]
    quarter = max(1, len(head) // 4)
    candidates = []
    if nuls[2] + nuls[3] > 1.8 * quarter and nuls[0] * 4 < quarter:
        candidates.append("utf-32-le")
    if nuls[0] + nuls[1] > 1.8 * quarter and nuls[3] * 4 < quarter:
        candidates.append("utf-32-be")
    even, odd = nuls[0] + nuls[2], nuls[1] + nuls[3]
    if odd > 4 * even and odd * 50 > quarter:
        candidates.append("utf-16-le")
    if even > 4 * odd and even * 50 > quarter:
        candidates.append("utf-16-be")
    for codec in candidates:
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        # real text has letters and spaces; a misread table of numbers has neither
        sample = text[:4096]
        if sum(char.isalpha() or char.isspace() for char in sample) * 2 > len(sample) and "\0" not in sample:
            return text, codec
    return None


def _decode_east_asian(raw: bytes) -> tuple[str, str] | None:
    """UTF-16 without a mark and without a single NUL: Chinese, Japanese or Korean with no space or line end."""
    for codec in ("utf-16-le", "utf-16-be"):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if len(text) >= 20 and len(_EAST_ASIAN.findall(text)) * 10 > 9 * len(text):
            return text, codec
    return None


def _decode_mostly_utf8(raw: bytes) -> tuple[str, str] | None:
    """UTF-8 with surrogates encoded, or with a few bytes that are not UTF-8; None when it is another encoding."""
    try:
        text = raw.decode("utf-8", "surrogatepass")
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass"), "cesu-8"
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "surrogateescape")
    bad = sum(len(run) for run in _ESCAPED_BYTES.findall(text))
    good = sum(len(run) for run in re.findall("[^\0-\x7f\udc80-\udcff]+", text))
    return (_ESCAPED_BYTES.sub(_decode_stray_bytes, text), "utf-8") if bad * 8 <= good else None


def _decode_stray_bytes(run: re.Match[str]) -> str:
    """Stray bytes as windows-1252, but U+FFFD for a character that was cut in two."""
    stray = bytes(ord(char) - 0xDC00 for char in run[0])
    if stray[0] >= 0xC2 and (len(stray) > 1 or run.end() == len(run.string)) and all(b < 0xC0 for b in stray[1:]):
        return "\ufffd"
    return stray.decode("cp1252", "replace")


def _decode_legacy(raw: bytes) -> tuple[str, str]:
    first = _HIGH_BYTE.search(raw)
    at = first.start() if first else 0
    sample = raw[max(0, at - 1000) : at + _SAMPLE_BYTES]
    name: str | None = "windows-1252"
    if not _CP1252_PUNCTUATION.issuperset(b"".join(_HIGH_BYTE.findall(sample))):
        import chardet  # slow to import, and rarely needed

        era = chardet.EncodingEra
        eras = era.MODERN_WEB | era.LEGACY_ISO | era.LEGACY_REGIONAL
        name = chardet.detect(sample, encoding_era=eras)["encoding"]
    try:
        return raw.decode(name or "cp1252"), (name or "windows-1252").lower()
    except (UnicodeDecodeError, LookupError):
        try:
            return raw.decode(name or "cp1252", "replace"), (name or "windows-1252").lower()
        except LookupError:
            return raw.decode("cp1252", "replace"), "windows-1252"

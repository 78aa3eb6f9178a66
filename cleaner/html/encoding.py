"""Bytes of a page as text: what it declares, what browsers read instead, what is likely."""

import codecs
import re

from cleaner.text.encoding import decode_bytes

MAX_DECLARATION_BYTES = 2048
"""Bytes of a page's beginning in which it may name its encoding (1,024 by the HTML standard, section 13.2.3.2)."""

ENCODING_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs",
    "x-user-defined": "cp1252",
}
"""Encodings that stand for another on the web (WHATWG Encoding Standard, section 4.2)."""

_NOT_HTML_MAGIC = (b"%PDF-", b"{\\rtf")

_HIGH_BYTES = bytes(range(0x80, 0x100))

_META_CHARSET = re.compile(rb"<meta[^<>]{1,400}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)

_HIGH_BYTE_RUN = re.compile(rb"[\x80-\xff]{3,}")

_C1_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")

_ESCAPED_BYTES = re.compile("[\udc80-\udcff]+")


def decode_page(raw: bytes, label: str = "") -> tuple[str, str]:
    """A page's characters and the name of their encoding: its byte order mark, UTF-8 where the bytes are valid UTF-8,
    the label that its server gave, what the page declares, else what its bytes look like.

    Raises `ReadError` for what is no text.
    """
    if raw.startswith((*_NOT_HTML_MAGIC, codecs.BOM_UTF8, codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)) or b"\x1b$" in raw:
        return decode_bytes(raw)
    try:
        markup = raw.decode("utf-8")
        if "\0" not in markup:
            return markup, "utf-8"
    except UnicodeDecodeError:
        pass
    if label and (labelled := _decode_as_labelled(raw, label)):
        return labelled
    found = _META_CHARSET.search(raw, 0, MAX_DECLARATION_BYTES)
    if not found:
        return _decode_detected(raw)
    if declared := _decode_as_labelled(raw, found[1].decode("ascii", "replace")):
        return declared
    # a detector believes the declaration too
    return _decode_detected(raw[: found.start(1)] + raw[found.end(1) :])


def _decode_as_labelled(raw: bytes, label: str) -> tuple[str, str] | None:
    """The page in the encoding of this label, unless its bytes show that it is another."""
    label = label.lower()
    try:
        codec = codecs.lookup(ENCODING_ALIASES.get(label, label)).name
        if codec == "utf-8":
            mixed = _decode_mixed(raw)
            return None if mixed is None else (mixed, codec)
        if not codec.startswith("utf-") and not (codec == "cp1252" and _is_not_latin(raw)):
            return raw.decode(codec), codec.replace("cp125", "windows-125")
    except (LookupError, UnicodeDecodeError, ValueError):
        pass
    return None


def _decode_detected(raw: bytes) -> tuple[str, str]:
    """What the bytes look like; a code page with quotes where the ISO standard has control codes is windows' own."""
    text, encoding = decode_bytes(raw)
    if encoding.startswith("iso") and _C1_CONTROLS.search(text):
        windows = "cp1250" if encoding.endswith("8859-2") else "cp1252"
        return raw.decode(windows, "replace"), windows.replace("cp", "windows-")
    return text, encoding


def _decode_mixed(raw: bytes) -> str | None:
    """A page in UTF-8 with parts in windows-1252, as a page put together from several; None where UTF-8 is rare."""
    text = raw.decode("utf-8", "surrogateescape")
    strays = sum(map(len, _ESCAPED_BYTES.findall(text)))
    if strays > sum(char > "\x7f" for char in text) - strays:
        return None
    return _ESCAPED_BYTES.sub(lambda run: run[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), text)


def _is_not_latin(raw: bytes) -> bool:
    """Whether bytes above ASCII stand in long runs, which no language written in Latin letters has."""
    high = len(raw) - len(raw.translate(None, _HIGH_BYTES))
    return sum(map(len, _HIGH_BYTE_RUN.findall(raw))) > high / 2

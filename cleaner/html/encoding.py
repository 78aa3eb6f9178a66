"""Bytes of a page as text: what it declares, what browsers read instead, what is likely."""

import codecs
import re
from contextlib import suppress

import webencodings

from cleaner.text.encoding import decode_bytes

MAX_DECLARATION_BYTES = 2048
"""Bytes of a page's beginning in which it may name its encoding (1,024 by the HTML standard, section 13.2.3.2)."""

_READ_CODECS = {"gbk": "gb18030", "x-user-defined": "cp1252"}
"""Codecs that are read instead of those that webencodings names: the larger set that the standard's decoder of GBK
reads, too, and windows-1252 for bytes that a page's scripts were to decode."""

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
    with suppress(LookupError, UnicodeError, ValueError):
        codec = _find_codec(label)
        if codec == "utf-8":
            mixed = _decode_mixed(raw)
            return None if mixed is None else (mixed, codec)
        if not (codec.startswith("utf-") or (codec == "cp1252" and _is_not_latin(raw))):
            return raw.decode(codec), codec.replace("cp125", "windows-125")
    return None


def _find_codec(label: str) -> str:
    """Python's codec for a label as browsers read it (WHATWG Encoding Standard, section 4.2), else for its own name.

    Raises `LookupError` for a label that neither knows, and for those that browsers refuse to read, as hz-gb-2312.
    """
    known = webencodings.lookup(label)
    name = known.codec_info.name if known else label.lower()
    return codecs.lookup(_READ_CODECS.get(name, name)).name


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

"""File names made from ids of documents: safe on every file system, and different for different ids."""

import hashlib
import re
from urllib.parse import quote

STORE_FOLDER = ".cleaner"
"""Where, below the output, an unfinished run keeps what it has done."""

MAX_NAME_BYTES = 200
"""Bytes of the longest name of a file or folder, its ending left out: file systems take 255."""

MAX_PATH_BYTES = 1000
"""Bytes of the longest path below the output folder: systems take from 1,024 to 4,096 for the whole of a path."""

_CUT_NAME_BYTES = 180
"""Bytes that stay of a longer name; behind them come a percent sign and 16 hexadecimal digits of a hash."""

_UNSAFE_PATTERN = re.compile(r'[\x00-\x1f\x7f<>:"\\|?*%\ud800-\udfff]|^ |[ .]$')
"""What some file system does not take, or takes for something else; the percent sign, since it escapes the others."""

_FILE_ENDING_PATTERN = re.compile(r"\.(txt|md|jsonl|part)$", re.IGNORECASE)
"""An ending that our own files have."""

_DEVICE_NAME_PATTERN = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)
"""Names that Windows takes for devices, whatever stands behind a dot."""

_WHOLE_NAMES = {"": "%", ".": "%2E", "..": "%2E%2E"}
"""Names that mean a folder's own or parent's folder, or none, and what stands for them."""


def derive_file_path(id: str) -> str:
    """A relative path, without an ending, for the document of this id; "/" in the id parts folders."""
    *folders, last = map(_sanitize_name, id.split("/"))
    # a folder must not be where the file of another document goes
    folders = [_FILE_ENDING_PATTERN.sub(lambda found: "%2E" + found[1], name) for name in folders]
    path = "/".join((*folders, last))
    if len(path.encode()) <= MAX_PATH_BYTES:
        return path
    return _cut_name(path.replace("/", "%2F"), id)


def _sanitize_name(part: str) -> str:
    """One name of a path, percent-encoded where it is unsafe."""
    name = _UNSAFE_PATTERN.sub(lambda found: quote(found[0], errors="surrogatepass"), part)
    name = _WHOLE_NAMES.get(part, name)
    if name.casefold() == STORE_FOLDER:
        name = f"%2E{name[1:]}"
    if _DEVICE_NAME_PATTERN.match(name):
        name = f"%{ord(name[0]):02X}{name[1:]}"
    return _cut_name(name, part) if len(name.encode()) > MAX_NAME_BYTES else name


def _cut_name(name: str, of: str) -> str:
    """The beginning of a name that is too long, with a hash of what it was made of."""
    digest = hashlib.sha256(of.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{name.encode()[:_CUT_NAME_BYTES].decode('utf-8', 'ignore')}%{digest}"

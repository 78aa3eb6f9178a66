"""Output files that carry their final name only once they are whole."""

import errno
import hashlib
import os
import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from cleaner.errors import WriteError

_FULL_DISK_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_UNSAFE_PATTERN = re.compile(r'[\x00-\x1f\x7f<>:"\\|?*%\ud800-\udfff]|^ |[ .]$')


_FILE_ENDING_PATTERN = re.compile(r"\.(txt|md|jsonl|part)$", re.IGNORECASE)
_DEVICE_NAME_PATTERN = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE)
"""Names that Windows takes for devices, whatever stands behind a dot."""

STORE_FOLDER = ".cleaner"
"""Where, below the output, an unfinished run keeps what it has done."""

MAX_NAME_BYTES = 200
"""Bytes of the longest name of a file or folder, its ending left out: file systems take 255."""

MAX_PATH_BYTES = 1000
"""Bytes of the longest path below the output folder: systems take from 1,024 to 4,096 for the whole of a path."""


class Part:
    """A file written as `PATH.part`, which `commit` renames to PATH.

    As a context manager it removes the part on the way out, unless it was committed.  Every failure is a `WriteError`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(path.name + ".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = open(self._part, "wb", buffering=1 << 16)  # noqa: SIM115
        except OSError as error:
            raise wrap_os_error(path, error) from error

    def write(self, data: bytes) -> None:
        """Append these bytes."""
        try:
            self._file.write(data)
        except OSError as error:
            raise wrap_os_error(self.path, error) from error

    def sync(self) -> None:
        """Everything written reaches the disk itself."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        except OSError as error:
            raise wrap_os_error(self.path, error) from error

    def commit(self) -> None:
        """The file gets its final name."""
        try:
            self._file.close()
            os.replace(self._part, self.path)
        except OSError as error:
            raise wrap_os_error(self.path, error) from error

    def __enter__(self) -> "Part":
        return self

    def __exit__(self, *_: object) -> None:
        # a full disk refuses the buffered rest once more
        with suppress(OSError):
            self._file.close()
        self._part.unlink(missing_ok=True)


def sync_folders(folders: Collection[Path]) -> None:
    """The names that files in these folders got reach the disk; without a folder, everything that anybody wrote."""
    if not folders and hasattr(os, "sync"):
        os.sync()
    for folder in folders:
        # a folder cannot be opened everywhere
        with suppress(OSError):
            held = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(held)
            finally:
                os.close(held)


def wrap_os_error(path: Path, error: OSError) -> WriteError:
    """The error for this path, with the cure."""
    cure = (
        "free some space"
        if error.errno in _FULL_DISK_ERRNOS
        else "check that the folder exists and is yours to write to"
    )
    return WriteError(f"{path}: cannot be written: {error.strerror or error}; {cure}, or choose another --output")


def derive_file_path(id: str) -> str:
    """A relative path for the document of this id, different for different ids and safe on every file system."""
    *folders, last = map(_sanitize_name, id.split("/"))
    # a folder must not be where the file of another document goes
    folders = [_FILE_ENDING_PATTERN.sub(lambda found: "%2E" + found[1], name) for name in folders]
    path = "/".join((*folders, last))
    if len(path.encode()) <= MAX_PATH_BYTES:
        return path
    return _cut_name(path.replace("/", "%2F"), id)


def _sanitize_name(part: str) -> str:
    name = _UNSAFE_PATTERN.sub(lambda found: quote(found[0], errors="surrogatepass"), part)
    name = {"": "%", ".": "%2E", "..": "%2E%2E"}.get(part, name)
    if name.casefold() == STORE_FOLDER:
        name = f"%2E{name[1:]}"
    if _DEVICE_NAME_PATTERN.match(name):
        name = f"%{ord(name[0]):02X}{name[1:]}"
    return _cut_name(name, part) if len(name.encode()) > MAX_NAME_BYTES else name


def _cut_name(name: str, of: str) -> str:
    digest = hashlib.sha256(of.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{name.encode()[:180].decode('utf-8', 'ignore')}%{digest}"

"""Output files that carry their final name only once they are whole."""

import errno
import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from cleaner.errors import WriteError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"\\|?*%\ud800-\udfff]|^ |[ .]$')


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
            raise unwritable(path, error) from error

    def write(self, data: bytes) -> None:
        """Append these bytes."""
        try:
            self._file.write(data)
        except OSError as error:
            raise unwritable(self.path, error) from error

    def sync(self) -> None:
        """Everything written reaches the disk itself."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        except OSError as error:
            raise unwritable(self.path, error) from error

    def commit(self) -> None:
        """The file gets its final name."""
        try:
            self._file.close()
            os.replace(self._part, self.path)
        except OSError as error:
            raise unwritable(self.path, error) from error

    def __enter__(self) -> "Part":
        return self

    def __exit__(self, *_: object) -> None:
        # a full disk refuses the buffered rest once more
        with suppress(OSError):
            self._file.close()
        self._part.unlink(missing_ok=True)


def unwritable(path: Path, error: OSError) -> WriteError:
    """The error for this path, with the cure."""
    cure = "free some space" if error.errno in _FULL else "check that the folder exists and is yours to write to"
    return WriteError(f"{path}: cannot be written: {error.strerror or error}; {cure}, or choose another --output")


def file_name(id: str) -> str:
    """A relative path for the document of this id, different for different ids and safe on every file system."""
    parts = []
    for part in id.split("/"):
        name = _UNSAFE.sub(lambda found: quote(found[0], errors="surrogatepass"), part)
        name = {"": "%", ".": "%2E", "..": "%2E%2E"}.get(part, name)
        if len(name.encode()) > 200:
            digest = hashlib.sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            name = f"{name.encode()[:180].decode('utf-8', 'ignore')}%{digest}"
        parts.append(name)
    return "/".join(parts)

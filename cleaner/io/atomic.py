"""Output files that carry their final name only once they are whole."""

import errno
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cleaner.errors import WriteError

_FULL_DISK_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

BUFFER_BYTES = 1 << 16
"""Bytes of a part that are held back before they are written."""


class Part:
    """A file written as `PATH.part`, which `commit` renames to PATH.

    As a context manager it removes the part on the way out, unless it was committed.  `tag` stands before `.part`, so
    that two processes may write the same file at once.  Every failure is a `WriteError`.
    """

    def __init__(self, path: Path, tag: str = "") -> None:
        """Open the part; folders that are missing are made."""
        self.path = path
        self._part = path.with_name(f"{path.name}{tag}.part")
        with convert_os_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = open(self._part, "wb", buffering=BUFFER_BYTES)  # noqa: SIM115

    def write(self, data: bytes) -> None:
        """Append these bytes."""
        with convert_os_errors(self.path):
            self._file.write(data)

    def writelines(self, lines: Iterable[bytes]) -> None:
        """Append these bytes, one behind the other."""
        for line in lines:
            self.write(line)

    def tell(self) -> int:
        """How many bytes were written."""
        return self._file.tell()

    def sync(self) -> None:
        """Everything written reaches the disk itself."""
        with convert_os_errors(self.path):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def commit(self) -> None:
        """The file gets its final name."""
        with convert_os_errors(self.path):
            self._file.close()
            os.replace(self._part, self.path)

    def __enter__(self) -> "Part":
        return self

    def __exit__(self, *_: object) -> None:
        # a full disk refuses the buffered rest once more
        with suppress(OSError):
            self._file.close()
        self._part.unlink(missing_ok=True)


def write_file(path: Path, data: bytes) -> None:
    """A whole file at once; raises `WriteError`."""
    with Part(path) as part:
        part.write(data)
        part.commit()


@contextmanager
def open_durable(path: Path) -> Iterator[Part]:
    """A file that gets its name behind the block, when all of it is on the disk.

    The part carries the process id: another process may still write the part that a dead one has left.
    """
    with Part(path, f".{os.getpid()}") as part:
        yield part
        part.sync()
        part.commit()


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


@contextmanager
def convert_os_errors(path: Path) -> Iterator[None]:
    """An `OSError` in the block becomes the `WriteError` for this path."""
    try:
        yield
    except OSError as error:
        raise wrap_os_error(path, error) from error


def wrap_os_error(path: Path, error: OSError) -> WriteError:
    """The error for this path, with the cure."""
    cure = "check that the folder exists and is yours to write to"
    if error.errno in _FULL_DISK_ERRNOS:
        cure = "free some space"
    return WriteError(f"{path}: cannot be written: {error.strerror or error}; {cure}, or choose another --output")

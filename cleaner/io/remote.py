"""Addresses of files elsewhere (`s3://…`, `https://…`), read through fsspec.

fsspec has a store for each kind of address, whose package may be missing and whose errors are the package's own: here
all of them become a `ReadError` that names the address.  Stores answer differently where the standard is silent; what
was met is noted where it matters.
"""

import io
import posixpath
from collections.abc import Iterator
from io import BufferedReader
from typing import IO, TYPE_CHECKING, Protocol, cast
from urllib.parse import unquote, urlsplit

from cleaner.errors import ReadError, advise_install

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_REASON_CHARS = 300
"""Characters that are shown of the message of a store's own library, which may hold a whole web page."""


class _Store(Protocol):
    """What is used of fsspec's `AbstractFileSystem`; a path is the address without its protocol.

    `ls` and `glob` give for each entry at least `name` and `type`, which is "file" or "directory"; `size` is None where
    the store does not say.  `unstrip_protocol` makes an address of a path, `_strip_protocol` the reverse.
    """

    def exists(self, path: str) -> bool: ...
    def isfile(self, path: str) -> bool: ...
    def isdir(self, path: str) -> bool: ...
    def size(self, path: str) -> object: ...
    def ls(self, path: str, detail: bool) -> list[dict[str, object]]: ...
    def glob(self, path: str, detail: bool) -> dict[str, dict[str, object]]: ...
    def open(self, path: str, mode: str) -> IO[bytes]: ...
    def unstrip_protocol(self, path: str) -> str: ...
    def _strip_protocol(self, path: str) -> str: ...


def is_address(given: str) -> bool:
    """Whether an input is an address, not a path."""
    return "://" in given


def resolve_local_path(given: str) -> str | None:
    """The path that a `file://` address stands for; None for other addresses.

    Raises `ReadError` for one of another machine.
    """
    if not given.lower().startswith("file://"):
        return None
    host, _, path = given[len("file://") :].partition("/")
    if host not in ("", "localhost"):
        raise ReadError(f"{given}: names another machine; write file:/// and the whole path")
    return "/" + unquote(path)


def extract_file_name(address: str) -> str:
    """The file name at the end of an address, without the query of a web address."""
    path = urlsplit(address).path if address.startswith(("http://", "https://")) else address
    return posixpath.basename(path)


def list_files(address: str) -> Iterator[tuple[str, str]]:
    """The files at an address, each with its path below it, "" for a file itself.

    A folder is listed with all below it, what is hidden left out; a pattern gives the files that fit.  In order.
    Raises `ReadError`, also where there is nothing.
    """
    files, path = _resolve_store(address)
    try:
        # a web address has its question mark before its query
        pattern = any(sign in path for sign in "*[" if not files.exists(path))
        if pattern:
            found = sorted(one for one, info in files.glob(path, detail=True).items() if info["type"] == "file")
            if not found:
                raise ReadError(f"{address}: no file fits this pattern; check it")
            for one in found:
                yield files.unstrip_protocol(one), ""
        elif files.isfile(path):
            yield address, ""
        elif files.isdir(path):
            root = files._strip_protocol(path).rstrip("/")
            for one in _walk_folder(files, root):
                yield files.unstrip_protocol(one), one[len(root) :].strip("/")
        else:
            raise ReadError(f"{address}: there is no such file or folder; check the address")
    except ReadError:
        raise
    except Exception as error:
        raise _build_read_error(address, error) from error


def _walk_folder(files: _Store, folder: str) -> Iterator[str]:
    """Every file below a folder, as paths: its own in order, then those of each folder in it.

    `find` of fsspec is not used, for it lists hidden files, and the whole of a bucket before the first of them.
    """
    folders = []
    for entry in sorted(files.ls(folder, detail=True), key=lambda entry: str(entry["name"])):
        name = str(entry["name"]).rstrip("/")
        # a store may list the folder itself, and a web page addresses elsewhere
        if not name.startswith(folder + "/") or posixpath.basename(name).startswith("."):
            continue
        if entry["type"] == "directory":
            folders.append(name)
        else:
            yield name
    for inner in folders:
        yield from _walk_folder(files, inner)


def open_address(address: str) -> BufferedReader:
    """The bytes at an address; raises `ReadError`, also while they are read."""
    files, path = _resolve_store(address)
    try:
        return BufferedReader(_RemoteFile(address, files.open(path, "rb")))
    except Exception as error:
        raise _build_read_error(address, error) from error


def measure_size(address: str) -> int | None:
    """The bytes at an address, None where its store does not say."""
    try:
        files, path = _resolve_store(address)
        found = files.size(path)
    except Exception:
        return None
    return found if isinstance(found, int) else None


class _RemoteFile(io.RawIOBase):
    """A file that fsspec has opened; what a store's own library raises becomes a `ReadError`.

    Behind a `BufferedReader` it has `read1` and `peek`, as readers use them of any file.
    """

    def __init__(self, address: str, file: IO[bytes]) -> None:
        self._address = address
        self._file = file

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill the buffer; gives how many bytes were read, 0 at the end."""
        view = memoryview(buffer)
        try:
            data = self._file.read(len(view))
        except Exception as error:
            raise _build_read_error(self._address, error) from error
        view[: len(data)] = data
        return len(data)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def _resolve_store(address: str) -> tuple[_Store, str]:
    """The store of an address and the path in it; raises `ReadError`, also where a package is missing."""
    try:
        import fsspec
    except ImportError as error:
        cure = advise_install("remote")
        raise ReadError(f"{address}: addresses are read with fsspec, which is not installed; {cure}") from error
    try:
        return cast(tuple[_Store, str], fsspec.core.url_to_fs(address))
    except ImportError as error:
        raise ReadError(f"{address}: {error}") from error
    except ValueError as error:
        raise ReadError(f"{address}: {error}; check what stands before ://") from error
    except Exception as error:
        raise _build_read_error(address, error) from error


def _build_read_error(address: str, error: Exception) -> ReadError:
    """The error for this address, with the cure, of what a store's library raised."""
    what = " ".join(str(error).split())[:MAX_REASON_CHARS]
    if isinstance(error, ImportError):
        return ReadError(f"{address}: {what}; install what it asks for")
    if isinstance(error, FileNotFoundError):
        return ReadError(f"{address}: there is no such file or folder; check the address")
    what = f"{type(error).__name__}: {what}"
    return ReadError(f"{address}: cannot be read: {what}; check the address and your credentials")

"""Arguments of a run to the files to read, in an order that is the same on every machine.

The order and the names of the outputs are part of what a run can be resumed by.
"""

import glob
import os
import posixpath
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from cleaner.errors import ReadError
from cleaner.io import remote
from cleaner.io.files import STDIN, File, Oversize
from cleaner.io.streams import PACKINGS, open_file
from cleaner.readers import READERS, cut_stream, read_piece, split_piece
from cleaner.readers.base import Item, reject_oversized
from cleaner.record import Rejected

FORMAT_ADVICE = {
    ".xml": "fetch the pages it links to, or write one article a line into a .jsonl file",
    **dict.fromkeys((".rss", ".atom"), "fetch the pages it links to"),
    ".wat": "it holds no texts; take the .warc or the .wet",
    **dict.fromkeys((".xlsx", ".xls", ".ods"), "save it as .csv"),
    **dict.fromkeys((".arrow", ".feather"), "write it as .parquet"),
    **dict.fromkeys((".zip", ".tar", ".tgz", ".7z"), "unpack it, and name the folder"),
    **dict.fromkeys((".bz2", ".xz"), "unpack it, or pack it as .gz or .zst"),
    ".xhtml": "name it .html",
    ".pdf": "extract its text into a .txt file",
    **dict.fromkeys((".docx", ".doc", ".odt", ".rtf", ".pages"), "save it as .txt or .html"),
    **dict.fromkeys((".epub", ".mobi"), "convert it to .html or .md (pandoc FILE.epub -o FILE.md)"),
    ".msg": "save it as .eml",
    ".mbox": "save each of its mails as .eml",
}
"""What to do with files of formats that no reader takes."""


def split_file_name(name: str) -> tuple[str, str, str]:
    """A file name in three parts: its stem, the format's ending, the packing's.

    `page.JSONL.gz` gives `page`, `.jsonl`, `.gz`.  Of a name that no reader takes, the whole is the stem and the other
    two are empty.
    """
    bare, packing = _strip_packing(name)
    stem, _, ending = bare.rpartition(".")
    ending = f".{ending.lower()}"
    return (stem, ending, packing) if stem and ending in READERS else (name, "", "")


def _strip_packing(name: str) -> tuple[str, str]:
    """A file name without the ending of its packing, and that ending, "" where it is not packed."""
    packing = next(filter(name.lower().endswith, filter(None, PACKINGS)), "")
    return name[: len(name) - len(packing)], packing


def expand_inputs(inputs: Sequence[str], leave_out: Collection[Path] = ()) -> Iterator[tuple[str, Iterable[File]]]:
    """The files of each output, under the name that the output gets.

    An input is a path, a pattern (`*`, `?`, `[…]`, and `**` for folders at any depth), an address that fsspec knows, or
    - for standard input.  A file of many documents has an output of its own, and so has a single document named as an
    input; all single documents below a folder share one, named after the folder.  Folders in `leave_out` are not looked
    into.  Raises `ReadError` for an input that is not there, or that no reader takes.
    """
    taken: set[str] = set()
    left_out = {path.resolve() for path in leave_out}
    for given in inputs:
        path = remote.resolve_local_path(given) if remote.is_address(given) else given
        if given == STDIN:
            yield _choose_free_name("stdin", taken), [File(STDIN, "stdin", ".txt")]
        elif path is None:
            yield from _expand_address(given, taken)
        else:
            for one in _match_pattern(path or given):
                if os.path.isdir(one):
                    yield from _expand_folder(one, taken, left_out)
                else:
                    file = _build_file(one, os.path.basename(one))
                    yield _choose_free_name(file.id, taken), [file]


def _match_pattern(given: str) -> list[str]:
    """The input itself, or what a pattern fits: folders, and the files of known formats that lie in none of them."""
    if os.path.exists(given):
        return [given]
    if not glob.has_magic(given):
        raise ReadError(f"{given}: there is no such file or folder; check the path")
    found = sorted(path.replace(os.sep, "/") for path in glob.glob(given, recursive=True))
    folders = {path.rstrip("/") for path in found if os.path.isdir(path)}
    # a folder brings all that lies in it
    outermost = [path for path in found if folders.isdisjoint(_list_parents(path))]
    matches = [path for path in outermost if path.rstrip("/") in folders or split_file_name(os.path.basename(path))[1]]
    if not matches:
        known = f"; files can be {', '.join(READERS)}" if found else ""
        raise ReadError(f"{given}: no file or folder fits this pattern{known}; check it")
    return matches


def _list_parents(path: str) -> Iterator[str]:
    """The folders that hold a path."""
    path = posixpath.dirname(path.rstrip("/"))
    while path and path != "/":
        yield path
        path = posixpath.dirname(path)


def _build_file(path: str, name: str) -> File:
    """The file at a path or an address, by its name; raises `ReadError` where no reader takes it."""
    stem, ending, packing = split_file_name(name)
    if not ending:
        unknown = os.path.splitext(_strip_packing(name)[0])[1].lower()
        cure = FORMAT_ADVICE.get(unknown, "name it after its format, or use - for standard input")
        known = f"it can be {', '.join(READERS)}, also packed as {' or '.join(filter(None, PACKINGS))}"
        raise ReadError(f"{path}: no reader for this ending; {cure}; {known}")
    return File(path, stem, ending, packing)


def _expand_address(given: str, taken: set[str]) -> Iterator[tuple[str, Iterable[File]]]:
    """The outputs of an address: those of its file, of the files that fit it, or of the folder there."""
    below: list[File] = []
    alone = False
    for address, inside in remote.list_files(given):
        name = remote.extract_file_name(inside or address)
        is_known = bool(split_file_name(name)[1])
        if inside and is_known:
            stem, ending, packing = split_file_name(inside)
            below.append(File(address, _sanitize_path(stem), ending, packing))
        elif not inside and (is_known or address == given):
            file = _build_file(address, name)
            yield _choose_free_name(_sanitize_path(file.id), taken), [file]
            alone = True
    if not (below or alone):
        raise ReadError(f"{given}: holds no file that a reader takes; it can be {', '.join(READERS)}")
    folder_name = _sanitize_path(remote.extract_file_name(given.rstrip("/")))
    yield from _share_outputs(lambda: iter(below), folder_name, taken)


def _sanitize_path(path: str) -> str:
    """A path that stays below where it begins: a store's keys may hold anything."""
    return "/".join("_" if part in ("", ".", "..") else part for part in path.split("/"))


def _expand_folder(given: str, taken: set[str], leave_out: Collection[Path]) -> Iterator[tuple[str, Iterable[File]]]:
    """The outputs of a folder on this machine."""
    root = given.rstrip("/" + os.sep) or given
    name = os.path.basename(os.path.abspath(root)) or "root"
    yield from _share_outputs(lambda: _walk_folder(root, leave_out), name, taken)


def _share_outputs(
    list_files: Callable[[], Iterator[File]], name: str, taken: set[str]
) -> Iterator[tuple[str, Iterable[File]]]:
    """One output of this name for all single documents of a folder, then one for each file of many documents.

    The files are listed twice, for a folder can hold millions: they are never in a list.
    """
    singles = (file for file in list_files() if not READERS[file.ending].many)
    for first in singles:
        yield _choose_free_name(name, taken), chain((first,), singles)
    for file in list_files():
        if READERS[file.ending].many:
            yield _choose_free_name(file.id, taken), [file]


def _walk_folder(root: str, leave_out: Collection[Path]) -> Iterator[File]:
    """Every file below a folder that a reader takes, in order; what is hidden stays so.

    The id of a file is its path below the folder without the endings: the same wherever the folder lies.
    """
    for folder, folders, names in os.walk(root, onerror=_raise_unlisted):
        folders[:] = sorted(f for f in folders if _is_shown(f) and _is_wanted_folder(folder, f, leave_out))
        inside = os.path.relpath(folder, root).replace(os.sep, "/")
        prefix = "" if inside == "." else f"{inside}/"
        for name in sorted(filter(_is_shown, names)):
            stem, ending, packing = split_file_name(name)
            if ending:
                yield File(f"{folder}/{name}".replace(os.sep, "/"), f"{prefix}{stem}", ending, packing)


def _is_shown(name: str) -> bool:
    """Whether a file or folder is not hidden."""
    return not name.startswith(".")


def _raise_unlisted(error: OSError) -> None:
    """A folder that cannot be listed must not be passed over: half a corpus would look like all of it."""
    raise ReadError(f"{error.filename}: this folder cannot be listed: {error.strerror}; see that it is yours to read")


def _is_wanted_folder(folder: str, name: str, leave_out: Collection[Path]) -> bool:
    """Whether a folder is none of those that are left out, such as the output of this run."""
    return not leave_out or Path(folder, name).resolve() not in leave_out


def _choose_free_name(name: str, taken: set[str]) -> str:
    """The name, with a number behind it when an earlier output has it; `taken` learns it.

    Names that differ in their case alone are one: on some machines they are one file.
    """
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free.casefold())
    return free


def read_file(path: str) -> Iterator[Item | Rejected]:
    """The documents of one file, and what in it is none; raises `ReadError`.

    `path` is any input: of a folder or a pattern all files are read.  For commands that show documents one by one; runs
    cut shards instead (`cleaner.run.shards`).
    """
    for _, files in expand_inputs([path]):
        for file in files:
            with open_file(file) as raw:
                for piece in cut_stream(file, raw):
                    if isinstance(piece, Oversize):
                        deque(piece.chunks, maxlen=0)
                        yield reject_oversized(piece)
                    else:
                        yield from map(read_piece, split_piece(piece))

"""Arguments of a run to the files to read, in an order that is the same on every machine.

The order and the names of the outputs are part of what a run can be resumed by.
"""

import glob
import os
import posixpath
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, count, filterfalse
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from cleaner.errors import ReadError, RefusedInput
from cleaner.io import remote
from cleaner.io.files import AS_FOUND, STDIN, Columns, File, Intake, Oversize
from cleaner.io.streams import PACKINGS, open_file
from cleaner.readers import READERS, cut_stream, read_piece, split_piece
from cleaner.readers.base import Item, reject_oversized
from cleaner.readers.left_out import FORMAT_ADVICE, NO_ENDING, LeftOut, find_kind
from cleaner.readers.peek import read_head
from cleaner.readers.recognise import recognise_format
from cleaner.record import Rejected, Source

LOOKED_INSIDE = frozenset({NO_ENDING, ".php", ".asp", ".aspx", ".jsp", ".shtml", ".xht", ".cgi"})
"""Endings of saved pages, and of none: what such a file holds is looked at."""


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


def expand_inputs(
    inputs: Sequence[str], leave_out: Collection[Path] = (), intake: Intake = AS_FOUND, left: LeftOut | None = None
) -> Iterator[tuple[str, Iterable[File]]]:
    """The files of each output, under the name that the output gets.

    An input is a path, a pattern (`*`, `?`, `[…]`, and `**` for folders at any depth), an address that fsspec knows, or
    - for standard input.  A file of many documents has an output of its own, and so has a single document named as an
    input; all single documents below a folder share one, named after the folder.  Folders in `leave_out` are not looked
    into.  `intake` is what is said of all files, and `left` gets those of folders that no reader takes.  Raises
    `ReadError` for an input that is not there, or that no reader takes.
    """
    search = _Search(intake, {path.resolve() for path in leave_out}, left or LeftOut())
    taken: set[str] = set()
    for given in inputs:
        path = remote.resolve_local_path(given) if remote.is_address(given) else given
        if given == STDIN:
            yield _choose_free_name("stdin", taken), [build_stdin(intake)]
        elif path is None:
            yield from _expand_address(given, taken, search)
        else:
            for one in _match_pattern(path or given, search):
                if os.path.isdir(one):
                    yield from _expand_folder(one, taken, search)
                else:
                    file = _build_file(one, os.path.basename(one), search.intake)
                    yield _choose_free_name(file.id, taken), [file]


def build_stdin(intake: Intake = AS_FOUND) -> File:
    """Standard input as a file: what it holds says what it is, where the user has not."""
    return File(STDIN, "stdin", intake.ending, "", intake.columns, named=True, said=bool(intake.ending))


class _Search(NamedTuple):
    """What files are looked for: what is said of all of them, the folders not to look into, and what is left out."""

    intake: Intake
    folders: Collection[Path]
    left: LeftOut

    def find_file(self, path: str, below: str, name: str, note: bool) -> File | None:
        """The file at a path that was found, `below` being its path in the folder; None where no reader takes it.

        With `note`, one that no reader takes is noted.
        """
        stem, ending, packing = split_file_name(name)
        if self.intake.ending:
            ending, packing = self.intake.ending, packing or _strip_packing(name)[1]
        elif not ending and find_kind(_strip_packing(name)[0]) in LOOKED_INSIDE:
            ending = _look_inside(path, self.intake.columns)
        if not ending:
            if note:
                self.left.add(path, name)
            return None
        id = below[: len(below) - len(name)] + stem
        return File(path, id, ending, packing, self.intake.columns, said=bool(self.intake.ending))


def _look_inside(path: str, columns: Columns) -> str:
    """The ending of the format of a file on this machine, by its first bytes; "" where they do not surely say it."""
    if remote.is_address(path):
        return ""
    try:
        with open(path, "rb") as raw:
            found = recognise_format(read_head(raw), columns)
    except OSError:
        return ""
    return found.ending if found and found.sure else ""


def _match_pattern(given: str, search: _Search) -> list[str]:
    """The input itself, or what a pattern fits: folders, and the files of known formats that lie in none of them."""
    if os.path.exists(given):
        return [given]
    if not glob.has_magic(given):
        raise ReadError(f"{given}: there is no such file or folder; check the path")
    found = sorted(path.replace(os.sep, "/") for path in glob.glob(given, recursive=True))
    folders = {path.rstrip("/") for path in filter(os.path.isdir, found)}
    # a folder brings all that lies in it
    outermost = [path for path in found if folders.isdisjoint(_list_parents(path))]
    matches = [path for path in outermost if path.rstrip("/") in folders or _is_taken(path, search)]
    if not matches:
        known = f"; files can be {', '.join(READERS)}" if found else ""
        raise ReadError(f"{given}: no file or folder fits this pattern{known}; check it")
    return matches


def _is_taken(path: str, search: _Search) -> bool:
    """Whether a file that fits a pattern is read; else it is noted."""
    return search.find_file(path, path, os.path.basename(path), note=True) is not None


def _list_parents(path: str) -> Iterator[str]:
    """The folders that hold a path."""
    path = posixpath.dirname(path.rstrip("/"))
    while path and path != "/":
        yield path
        path = posixpath.dirname(path)


def _build_file(path: str, name: str, intake: Intake) -> File:
    """The file at a path or an address, by its name; raises `ReadError` where no reader takes it."""
    file = _Search(intake, (), LeftOut()).find_file(path, name, name, note=False)
    if file is None:
        unknown = os.path.splitext(_strip_packing(name)[0])[1].lower()
        cure = FORMAT_ADVICE.get(unknown, "say what it is with --input-format, or name it after its format")
        known = f"it can be {', '.join(READERS)}, also packed as {' or '.join(filter(None, PACKINGS))}"
        raise ReadError(f"{path}: no reader for this ending; {cure}; {known}")
    return replace(file, named=True)


def _expand_address(given: str, taken: set[str], search: _Search) -> Iterator[tuple[str, Iterable[File]]]:
    """The outputs of an address: those of its file, of the files that fit it, or of the folder there."""
    below: list[File] = []
    alone = False
    for address, inside in remote.list_files(given):
        name = remote.extract_file_name(inside or address)
        found = search.find_file(address, inside or name, name, note=bool(inside))
        if inside and found:
            below.append(replace(found, id=_sanitize_path(found.id)))
        elif not inside and (found or address == given):
            file = _build_file(address, name, search.intake)
            yield _choose_free_name(_sanitize_path(file.id), taken), [file]
            alone = True
    if not (below or alone):
        raise ReadError(f"{given}: holds no file that a reader takes; it can be {', '.join(READERS)}")
    folder_name = _sanitize_path(remote.extract_file_name(given.rstrip("/")))
    yield from _share_outputs(lambda note: iter(below), folder_name, taken)


def _sanitize_path(path: str) -> str:
    """A path that stays below where it begins: a store's keys may hold anything."""
    return "/".join("_" if part in ("", ".", "..") else part for part in path.split("/"))


def _expand_folder(given: str, taken: set[str], search: _Search) -> Iterator[tuple[str, Iterable[File]]]:
    """The outputs of a folder on this machine."""
    root = given.rstrip("/" + os.sep) or given
    name = os.path.basename(os.path.abspath(root)) or "root"
    yield from _share_outputs(lambda note: _walk_folder(root, search, note), name, taken)


def _share_outputs(
    list_files: Callable[[bool], Iterator[File]], name: str, taken: set[str]
) -> Iterator[tuple[str, Iterable[File]]]:
    """One output of this name for all single documents of a folder, then one for each file of many documents.

    The files are listed twice, for a folder can hold millions: they are never in a list.  What is left out is noted
    the first time.
    """
    singles = filterfalse(_holds_many, list_files(True))
    for first in singles:
        yield _choose_free_name(name, taken), chain((first,), singles)
    for file in filter(_holds_many, list_files(False)):
        yield _choose_free_name(file.id, taken), [file]


def _holds_many(file: File) -> bool:
    """Whether a file is one of many documents."""
    return READERS[file.ending].many


def _walk_folder(root: str, search: _Search, note: bool) -> Iterator[File]:
    """Every file below a folder that a reader takes, in order; what is hidden stays so.  With `note`, others are noted.

    The id of a file is its path below the folder without the endings: the same wherever the folder lies.
    """
    for folder, folders, names in os.walk(root, onerror=_raise_unlisted):
        folders[:] = sorted(f for f in filter(_is_shown, folders) if _is_wanted_folder(folder, f, search.folders))
        inside = os.path.relpath(folder, root).replace(os.sep, "/")
        for name in sorted(filter(_is_shown, names)):
            path = f"{folder}/{name}".replace(os.sep, "/")
            if file := search.find_file(path, f"{inside}/{name}".removeprefix("./"), name, note):
                yield file


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
    names = chain((name,), (f"{name}-{number}" for number in count(2)))
    free = next(free for free in names if free.casefold() not in taken)
    taken.add(free.casefold())
    return free


def read_file(path: str, intake: Intake = AS_FOUND) -> Iterator[Item | Rejected]:
    """The documents of one file, and what in it is none; raises `ReadError`.

    `path` is any input: of a folder or a pattern all files are read.  For commands that show documents one by one; runs
    cut shards instead (`cleaner.run.shards`).
    """
    for _, files in expand_inputs([path], intake=intake):
        for file in files:
            try:
                yield from _read_opened(file)
            except RefusedInput as error:
                # in a folder it must not end what is shown of the others
                if file.named:
                    raise
                yield Rejected(file.id, "read", str(error), Source(file.path))


def _read_opened(file: File) -> Iterator[Item | Rejected]:
    """The documents of a file, and what in it is none."""
    with open_file(file) as raw:
        for piece in cut_stream(file, raw):
            if isinstance(piece, Oversize):
                deque(piece.chunks, maxlen=0)
                yield reject_oversized(piece)
            else:
                yield from map(read_piece, split_piece(piece))

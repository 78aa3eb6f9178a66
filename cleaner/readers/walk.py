"""Arguments of a run to the files to read, in an order that is the same on every machine."""

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from cleaner.errors import ReadError
from cleaner.readers import READERS
from cleaner.readers.item import File
from cleaner.readers.streams import PACKINGS

STDIN = "-"


def endings(name: str) -> tuple[str, str, str]:
    """A file name in three parts: its stem, the format's ending, the packing's; the ending is empty if unknown."""
    packing = next((p for p in PACKINGS if p and name.lower().endswith(p)), "")
    stem, dot, ending = name[: len(name) - len(packing)].rpartition(".")
    ending = f".{ending.lower()}"
    return (stem, ending, packing) if dot and stem and ending in READERS else (name, "", "")


def expand(inputs: Sequence[str], leave_out: Collection[Path] = ()) -> Iterator[tuple[str, Iterable[File]]]:
    """The files of each output, under the name that the output gets.

    A JSON Lines file has an output of its own, and so has a single document named as an input; all single documents
    below a folder share one, named after the folder.  Raises `ReadError` for an input that is not there, or that no
    reader takes.
    """
    taken: set[str] = set()
    for given in inputs:
        if given == STDIN:
            yield _free("stdin", taken), [File(STDIN, "stdin", ".txt")]
        elif os.path.isdir(given):
            yield from _folder(given, taken, {path.resolve() for path in leave_out})
        elif os.path.exists(given):
            stem, ending, packing = endings(os.path.basename(given))
            if not ending:
                known = ", ".join(READERS)
                raise ReadError(f"{given}: no reader for this ending; it can be {known}, or use - for standard input")
            yield _free(stem, taken), [File(given, stem, ending, packing)]
        else:
            raise ReadError(f"{given}: there is no such file or folder; check the path")


def _folder(given: str, taken: set[str], leave_out: Collection[Path]) -> Iterator[tuple[str, Iterable[File]]]:
    root = given.rstrip("/" + os.sep) or given
    singles = (file for file in _below(root, leave_out) if not READERS[file.ending].many)
    # a folder can hold millions: they are never in a list
    for first in singles:
        yield _free(os.path.basename(os.path.abspath(root)) or "root", taken), chain((first,), singles)
    for file in _below(root, leave_out):
        if READERS[file.ending].many:
            yield _free(file.id, taken), [file]


def _below(root: str, leave_out: Collection[Path]) -> Iterator[File]:
    """Every file below a folder that a reader takes, in order; what is hidden stays so."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and _wanted(folder, f, leave_out))
        inside = os.path.relpath(folder, root).replace(os.sep, "/")
        for name in sorted(names):
            stem, ending, packing = endings(name)
            if ending and not name.startswith("."):
                id = stem if inside == "." else f"{inside}/{stem}"
                yield File(f"{folder}/{name}".replace(os.sep, "/"), id, ending, packing)


def _wanted(folder: str, name: str, leave_out: Collection[Path]) -> bool:
    return not leave_out or Path(folder, name).resolve() not in leave_out


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number behind it when an earlier output has it."""
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free.casefold())
    return free

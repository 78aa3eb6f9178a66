"""Outputs made of the shards that are done: every file gets its name once it is whole."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from cleaner.readers.records import from_json, record
from cleaner.report import Report
from cleaner.settings import Settings
from cleaner.store import Finished, Footer, Store
from cleaner.writers import WRITERS
from cleaner.writers import record as record_writer
from cleaner.writers.encode import to_json
from cleaner.writers.parts import Part, file_name

CHUNK = 1 << 20
"""Bytes that are copied at a time."""


class Ids:
    """The ids of a run; the second document of an id gets `#2` behind it, the third `#3`.

    Of each id 8 bytes are kept, of a hash, in sorted runs that double in length.
    """

    def __init__(self) -> None:
        self._runs: list[NDArray[np.uint64]] = []
        self._next: dict[str, int] = {}

    def unique(self, ids: Sequence[str]) -> list[str]:
        """These ids, each under another one if an earlier document has its own."""
        hashes = np.array([_hash(id) for id in ids], dtype=np.uint64)
        fresh = np.unique(hashes)
        if len(fresh) == len(ids) and not any(self._in(run, fresh).any() for run in self._runs):
            self.add(fresh)
            return list(ids)
        taken: set[int] = set()
        unique = []
        for id in ids:
            new = id
            number = self._next.get(id, 2)
            while self._seen(_hash(new), taken):
                new, number = f"{id}#{number}", number + 1
            if new != id:
                self._next[id] = number
            taken.add(_hash(new))
            unique.append(new)
        self.add(np.array(sorted(taken), dtype=np.uint64))
        return unique

    def add(self, hashes: NDArray[np.uint64]) -> None:
        """Take these, sorted, as seen."""
        if not len(hashes):
            return
        while self._runs and len(self._runs[-1]) <= len(hashes):
            hashes = np.union1d(self._runs.pop(), hashes)
        self._runs.append(hashes)

    def all(self) -> bytes:
        """What `add` would have to be given."""
        return np.unique(np.concatenate(self._runs)).tobytes() if self._runs else b""

    def _seen(self, hash: int, taken: set[int]) -> bool:
        return hash in taken or any(self._in(run, np.array([hash], dtype=np.uint64))[0] for run in self._runs)

    @staticmethod
    def _in(run: NDArray[np.uint64], hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        at = np.searchsorted(run, hashes)
        found: NDArray[np.bool_] = run[np.minimum(at, len(run) - 1)] == hashes
        return found


def _hash(id: str) -> int:
    data = id.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


class Sink:
    """The files of one output, all of which get their names together at the end."""

    def __init__(self, folder: Path, output: str, settings: Settings) -> None:
        self._stack = ExitStack()
        self._folder = folder
        self._to = settings.to
        self._format = WRITERS[settings.to]
        self._paths = {kind: folder / f"{output}.{kind}.jsonl" for kind in ("edits", "rejected")}
        self._parts: dict[str, Part] = {}
        try:
            if settings.audit == "file":
                self._part("edits")
            if self._format.many:
                self._paths["articles"] = folder / f"{output}{self._format.ending}"
                self._part("articles")
        except BaseException:
            self._stack.close()
            raise

    def _part(self, kind: str) -> Part:
        part = self._parts.get(kind)
        if part is None:
            part = self._parts[kind] = self._stack.enter_context(Part(self._paths[kind]))
        return part

    def shard(self, footer: Footer, file: BinaryIO, ids: Sequence[str]) -> None:
        """Write what a shard's file holds, its documents under these ids."""
        renamed = {place: id for place, (id, known) in enumerate(zip(ids, footer.index, strict=True)) if id != known[0]}
        if self._format.write is record_writer.write and not renamed:
            _copy(file, footer.records, self._part("articles"))
        else:
            for place, (id, size, _) in enumerate(footer.index):
                self._document(file.read(size), id, renamed.get(place))
        if footer.edits and not renamed:
            _copy(file, footer.edits, self._part("edits"))
        elif footer.edits:
            for place, (_, _, size) in enumerate(footer.index):
                lines = file.read(size)
                if place in renamed:
                    lines = b"".join(_renamed(line, renamed[place]) for line in lines.split(b"\n") if line)
                self._part("edits").write(lines)
        if footer.rejected:
            _copy(file, footer.rejected, self._part("rejected"))

    def _document(self, line: bytes, id: str, new: str | None) -> None:
        if new is not None:
            line = _renamed(line, new)
        data = rendered(self._to, line)
        if self._format.many:
            self._part("articles").write(data)
            return
        with Part(self._folder / (file_name(new or id) + self._format.ending)) as part:
            part.write(data)
            part.commit()

    @property
    def files(self) -> list[str]:
        """Names of the files that hold many documents."""
        return [self._paths[kind].name for kind in self._parts]

    def commit(self) -> None:
        """Give every file its name, and remove those that an earlier run left and this one has not."""
        for part in self._parts.values():
            part.sync()
        for part in self._parts.values():
            part.commit()
        for kind, path in self._paths.items():
            if kind not in self._parts:
                path.unlink(missing_ok=True)

    def __enter__(self) -> "Sink":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def rendered(to: str, line: bytes) -> bytes:
    """A record's line in an output format."""
    write = WRITERS[to].write
    return line if write is record_writer.write else write(record(line))


def _copy(file: BinaryIO, size: int, part: Part) -> None:
    while size:
        data = file.read(min(size, CHUNK))
        part.write(data)
        size -= len(data)


def _renamed(line: bytes, id: str) -> bytes:
    fields: dict[str, Any] = from_json(line)
    for edit in fields.get("edits", ()):
        edit["id"] = id
    return to_json({**fields, "id": id}) + b"\n"


def finish(store: Store, output: str, digests: Sequence[str], folder: Path, settings: Settings, ids: Ids) -> Finished:
    """Make the files of an output from its shards, of which these are the digests."""
    report = Report()
    times: dict[int, int] = {}
    own = Ids()
    with Sink(folder, output, settings) as sink:
        for number in range(len(digests)):
            with store.opened(output, number) as (footer, file):
                named = ids.unique([id for id, _, _ in footer.index])
                own.unique(named)
                sink.shard(footer, file, named)
            report.merge(footer.report)
            for bar, count in footer.times.items():
                times[bar] = times.get(bar, 0) + count
        sink.commit()
    finished = Finished(list(digests), sink.files, own.all(), report, times)
    store.finish(output, finished)
    return finished

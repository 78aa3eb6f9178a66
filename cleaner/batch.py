"""Files in, files out: cut into shards, cleaned by workers, written down in order."""

import base64
import os
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from msgspec import Struct

from cleaner.document import Document
from cleaner.engines import local
from cleaner.errors import CleanerError, ReadError, StageError, WriteError
from cleaner.readers import READERS
from cleaner.readers import item as limits
from cleaner.readers.item import File, Item, Oversize, Piece
from cleaner.readers.records import from_json
from cleaner.readers.walk import STDIN, expand
from cleaner.record import Rejected, Source, article, ledger
from cleaner.report import Report
from cleaner.settings import Prepared, Settings, prepare
from cleaner.writers import WRITERS
from cleaner.writers import ledger as ledger_writer
from cleaner.writers.encode import to_json
from cleaner.writers.parts import Part, file_name, unwritable

SHARD_BYTES = 1 << 20
SHARD_FILES = 256

TOGETHER = 1 << 16
"""Characters of the documents that go through the stages together: more than one, and few enough to be small."""

Cleaned = tuple[str, bytes, bytes]
"""Id, bytes and ledger lines of a cleaned document."""

class Shard(Struct, frozen=True):
    """Pieces for one worker; `output` names the output, `last` ends it.

    `rejected` is what could not even be cut, and `spooled` says that an oversized document waits in the parent.
    """

    output: str
    pieces: tuple[Piece, ...] = ()
    rejected: Rejected | None = None
    spooled: bool = False
    last: bool = False


class Result(Struct, frozen=True):
    """What became of a shard: id, bytes and ledger lines of each document, and the rejected lines."""

    shard: Shard
    documents: list[Cleaned]
    rejected: list[bytes]
    report: Report


def run(
    inputs: Sequence[str],
    output: Path,
    settings: Settings,
    workers: int = 1,
    tick: Callable[[int], None] = lambda read: None,
) -> Report:
    """Clean every document of the inputs into files below `output`, and say what was done.

    A document that cannot be cleaned is written down with its reason, and the run goes on.  `tick` hears of the bytes
    read.  Raises `ReadError` for an input that is not there, `RuleError`, and `WriteError`; then, as after an
    interrupt, no file below `output` is half-written under its final name.
    """
    prepare(settings)
    _refuse_overwriting(inputs, output, settings)
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(output, error) from error
    report = Report()
    spools: deque[IO[bytes]] = deque()
    seen = Ids()
    with ExitStack() as stack:
        sink: Sink | None = None
        shards = cut(expand(inputs, leave_out=[output]), output, spools, tick)
        results = stack.enter_context(closing(local.run(partial(clean_shard, settings), shards, workers)))
        try:
            for result in results:
                if sink is None:
                    sink = stack.enter_context(Sink(output, result.shard.output, settings))
                for id, data, edits in result.documents:
                    sink.document(*seen.unique(id, data, edits, settings.to == "jsonl"))
                sink.rejected(result.rejected, spools.popleft() if result.shard.spooled else None)
                report.merge(result.report)
                if result.shard.last:
                    sink.commit()
                    sink = None
        except ChildProcessError as error:
            raise CleanerError(str(error)) from error
    return report


def _refuse_overwriting(inputs: Sequence[str], output: Path, settings: Settings) -> None:
    for given in inputs:
        folder = given if os.path.isdir(given) else os.path.dirname(given) or "."
        ours = os.path.isdir(given) or (settings.to == "text" and given != STDIN)
        if ours and output.exists() and os.path.exists(folder) and os.path.samefile(folder, output):
            raise WriteError(f"{output}: is where the input lies; choose another --output")


# ---------------------------------------------------------------- cutting


def cut(
    outputs: Iterable[tuple[str, Iterable[File]]], folder: Path, spools: deque[IO[bytes]], tick: Callable[[int], None]
) -> Iterator[Shard]:
    """The shards of all outputs in their order; an oversized document goes into a new file in `spools`."""
    for output, files in outputs:
        pieces: list[Piece] = []
        size = 0
        for file in files:
            try:
                with _opened(file) as raw:
                    for piece in READERS[file.ending].cut(file, raw, tick):
                        if isinstance(piece, Oversize):
                            yield Shard(output, tuple(pieces))
                            pieces, size = [], 0
                            rejected = _oversized(piece)
                            spools.append(_spooled(folder, rejected, piece.chunks))
                            yield Shard(output, rejected=rejected, spooled=True)
                            continue
                        pieces.append(piece)
                        size += len(piece.data)
                        if size >= SHARD_BYTES or len(pieces) >= SHARD_FILES:
                            yield Shard(output, tuple(pieces))
                            pieces, size = [], 0
            except (OSError, ReadError) as error:
                yield Shard(output, tuple(pieces))
                pieces, size = [], 0
                what = error.strerror if isinstance(error, OSError) else error
                reason = f"{file.path}: cannot be read: {what}"
                yield Shard(output, rejected=Rejected(file.id, "read", reason, Source(file.path)))
        yield Shard(output, tuple(pieces), last=True)


def _silent(read: int) -> None:
    """Nobody wants to know how much was read."""


def _opened(file: File) -> BufferedReader:
    return os.fdopen(os.dup(sys.stdin.fileno()), "rb") if file.path == STDIN else open(file.path, "rb")


def _oversized(piece: Oversize) -> Rejected:
    file, line = piece.file, piece.line or None
    place = f"{file.path}:{line}" if line else file.path
    reason = f"{place}: larger than {limits.LIMIT >> 20} MiB, which no article is; split it into its articles"
    id = f"{file.id}:{line}" if line else file.id
    return Rejected(id, "read", reason, Source(file.path, line), input_base64="")


def _spooled(folder: Path, rejected: Rejected, chunks: Iterable[bytes]) -> IO[bytes]:
    """A nameless file with the rejection and its input, which is never in memory as a whole."""
    try:
        spool = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        spool.write(to_json(rejected).removesuffix(b'"}'))
        rest = b""
        for chunk in chunks:
            whole = rest + chunk
            end = len(whole) // 3 * 3
            spool.write(base64.b64encode(memoryview(whole)[:end]))
            rest = whole[end:]
        spool.write(base64.b64encode(rest) + b'"}\n')
        spool.seek(0)
    except OSError as error:
        raise unwritable(folder, error) from error
    return spool


def read_file(path: str) -> Iterator[Item | Rejected]:
    """The documents of one file, and what in it is none; raises `ReadError`."""
    for _, files in expand([path]):
        for file in files:
            with _opened(file) as raw:
                for piece in READERS[file.ending].cut(file, raw, _silent):
                    if isinstance(piece, Oversize):
                        deque(piece.chunks, maxlen=0)
                        yield _oversized(piece)
                    else:
                        yield from map(READERS[file.ending].read, READERS[file.ending].split(piece))


def clean_stream(raw: BufferedReader, settings: Settings) -> tuple[bytes, Report]:
    """One text from a stream, clean as bytes, and the report."""
    file = File(STDIN, "stdin", ".txt")
    shards = []
    for piece in READERS[file.ending].cut(file, raw, _silent):
        if isinstance(piece, Oversize):
            shards.append(Shard("stdin", rejected=_oversized(piece)))
        else:
            shards.append(Shard("stdin", (piece,)))
    results = [clean_shard(settings, shard) for shard in shards]
    return b"".join(data for result in results for _, data, _ in result.documents), results[0].report


# ---------------------------------------------------------------- cleaning


def clean_shard(settings: Settings, shard: Shard) -> Result:
    """What becomes of every document of the shard; the work that an engine spreads."""
    ready = prepare(settings, prove=False)
    report = Report()
    documents: list[Cleaned] = []
    rejected: list[bytes] = []
    if shard.rejected:
        report.reject(shard.rejected.reason)
        if not shard.spooled:
            rejected.append(to_json(shard.rejected) + b"\n")
    for items in _together(shard.pieces):
        for done in clean_items(ready, settings, items, report):
            if isinstance(done, Rejected):
                report.reject(done.reason)
                rejected.append(to_json(done) + b"\n")
            else:
                documents.append(done)
    return Result(Shard(shard.output, spooled=shard.spooled, last=shard.last), documents, rejected, report)


def _together(pieces: Iterable[Piece]) -> Iterator[list[Item | Rejected]]:
    """What is read from these pieces, a few documents at a time."""
    items: list[Item | Rejected] = []
    size = 0
    for piece in pieces:
        reader = READERS[piece.file.ending]
        for item in map(reader.read, reader.split(piece)):
            items.append(item)
            size += len(item.document.source) if isinstance(item, Item) else 0
            # the tree of a page is many times as large as its text
            if size >= TOGETHER or (isinstance(item, Item) and item.document.page is not None):
                yield items
                items, size = [], 0
    yield items


def clean_items(
    ready: Prepared, settings: Settings, items: Sequence[Item | Rejected], report: Report
) -> list[Cleaned | Rejected]:
    """What becomes of each of these documents, in their order; what the reader has rejected stays so."""
    cleaned = iter(ready.pipeline.each([item.document for item in items if isinstance(item, Item)]))
    return [
        _written(ready, settings, item, next(cleaned), report) if isinstance(item, Item) else item for item in items
    ]


def clean_item(ready: Prepared, settings: Settings, item: Item, report: Report) -> Cleaned | Rejected:
    """What becomes of one document."""
    return clean_items(ready, settings, [item], report)[0]


def _written(
    ready: Prepared, settings: Settings, item: Item, document: Document | StageError, report: Report
) -> Cleaned | Rejected:
    """Id, bytes and ledger lines of a document, or its rejection: no document can stop a run."""
    stage = "record"
    try:
        if isinstance(document, StageError):
            stage = document.stage or "pipeline"
            raise document
        made = article(document, item.source, ready.tool, item.extra)
        edits = b""
        if settings.audit == "inline":
            made.edits = tuple(ledger(document))
        elif settings.audit == "file" and document.edits:
            edits = ledger_writer.write(ledger(document))
        data = WRITERS[settings.to].write(made)
        report.add(document, made.text)
        return document.id, data, edits
    except Exception as error:
        reason = str(error) if isinstance(error, CleanerError) else f"document {item.document.id!r}: {error!r}"
        return Rejected.of(item.document.id, stage, reason, item.source, item.raw)


# ---------------------------------------------------------------- writing


class Ids:
    """The ids of a run; the second document of an id gets `#2` behind it, the third `#3`."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._next: dict[str, int] = {}

    def unique(self, id: str, data: bytes, edits: bytes, as_json: bool) -> tuple[str, bytes, bytes]:
        """The document, under another id if an earlier one has its own."""
        if id not in self._seen:
            self._seen.add(id)
            return id, data, edits
        number = self._next.get(id, 2)
        while f"{id}#{number}" in self._seen:
            number += 1
        self._next[id] = number + 1
        new = f"{id}#{number}"
        self._seen.add(new)
        lines = [_renamed(line, new) for line in edits.split(b"\n") if line]
        if as_json:
            data = _renamed(data, new)
        elif data.startswith(b"---\nid: "):
            data = data.replace(b"id: " + to_json(id), b"id: " + to_json(new), 1)
        return new, data, b"".join(lines)


def _renamed(line: bytes, id: str) -> bytes:
    fields: dict[str, Any] = from_json(line)
    for edit in fields.get("edits", ()):
        edit["id"] = id
    return to_json({**fields, "id": id}) + b"\n"


class Sink:
    """The files of one output, all of which get their names together at the end."""

    def __init__(self, folder: Path, output: str, settings: Settings) -> None:
        self._stack = ExitStack()
        self._folder = folder
        self._format = WRITERS[settings.to]
        self._paths = {kind: folder / f"{output}.{kind}.jsonl" for kind in ("edits", "rejected")}
        self._parts: dict[str, Part] = {}
        try:
            if settings.audit == "file":
                self._open("edits")
            if self._format.many:
                self._paths["articles"] = folder / f"{output}{self._format.ending}"
                self._open("articles")
        except BaseException:
            self._stack.close()
            raise

    def _open(self, kind: str) -> Part:
        part = self._parts.get(kind)
        if part is None:
            part = self._parts[kind] = self._stack.enter_context(Part(self._paths[kind]))
        return part

    def document(self, id: str, data: bytes, edits: bytes) -> None:
        """Write a cleaned document and its ledger."""
        if self._format.many:
            self._parts["articles"].write(data)
        else:
            with Part(self._folder / (file_name(id) + self._format.ending)) as part:
                part.write(data)
                part.commit()
        if edits:
            self._parts["edits"].write(edits)

    def rejected(self, lines: Iterable[bytes], spool: IO[bytes] | None) -> None:
        """Write rejected documents, the oversized one last."""
        for line in lines:
            self._open("rejected").write(line)
        if spool:
            with spool:
                shutil.copyfileobj(spool, self._open("rejected"), 1 << 20)

    def commit(self) -> None:
        """Give every file its name, and remove those that an earlier run left and this one has not."""
        for part in self._parts.values():
            part.close()
        for part in self._parts.values():
            part.commit()
        for kind, path in self._paths.items():
            if kind not in self._parts:
                path.unlink(missing_ok=True)

    def __enter__(self) -> "Sink":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


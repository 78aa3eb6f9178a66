"""Outputs made of the shards that are done: every file gets its name once it is whole."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from cleaner.io.atomic import Part, derive_file_path, sync_folders
from cleaner.io.compression import CompressedStream, compress_stream
from cleaner.io.json import encode_json
from cleaner.pipeline.settings import Settings
from cleaner.readers.own_records import decode_article, decode_edit, decode_json
from cleaner.record import Article
from cleaner.run.checkpoint import Footer, Store
from cleaner.run.report import Report
from cleaner.writers import WRITERS, RecordFile
from cleaner.writers import ledger as ledger_writer
from cleaner.writers import record as record_writer

if TYPE_CHECKING:
    from cleaner.dedup.link import Link

MAX_NAME_BYTES = 200
"""Bytes of a file's name, to which endings are still to come."""

COPY_CHUNK_BYTES = 1 << 20
"""Bytes that are copied at a time."""


class IdRegistry:
    """The ids of a run; the second document of an id gets `#2` behind it, the third `#3`.

    Of each id 8 bytes are kept, of a hash, in sorted runs that double in length.
    """

    def __init__(self) -> None:
        self._runs: list[NDArray[np.uint64]] = []
        self._next: dict[int, int] = {}

    def make_unique(self, ids: Sequence[str]) -> list[str]:
        """These ids, each under another one if an earlier document has its own."""
        hashes = np.array([_hash_id(id) for id in ids], dtype=np.uint64)
        fresh = np.unique(hashes)
        known = np.zeros(len(fresh), dtype=np.bool_)
        for run in self._runs:
            known |= self._match_run(run, fresh)
        if len(fresh) == len(ids) and not known.any():
            self.add(fresh)
            return list(ids)
        old = set(fresh[known].tolist())
        taken: set[int] = set()
        unique = []
        for id, own in zip(ids, hashes.tolist(), strict=True):
            new, hash = id, own
            number = self._next.get(own, 2)
            # looked up one by one are only ids of our own making
            while hash in taken or (hash in old if new is id else self._is_seen(hash)):
                new, number = f"{id}#{number}", number + 1
                hash = _hash_id(new)
            if new is not id:
                self._next[own] = number
            taken.add(hash)
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

    def dump_hashes(self) -> bytes:
        """What `add` would have to be given."""
        return np.unique(np.concatenate(self._runs)).tobytes() if self._runs else b""

    def _is_seen(self, hash: int) -> bool:
        return any(self._match_run(run, np.array([hash], dtype=np.uint64))[0] for run in self._runs)

    @staticmethod
    def _match_run(run: NDArray[np.uint64], hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        at = np.searchsorted(run, hashes)
        found: NDArray[np.bool_] = run[np.minimum(at, len(run) - 1)] == hashes
        return found


def _hash_id(id: str) -> int:
    data = id.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


class Sink:
    """The files of one output, all of which get their names together at the end."""

    def __init__(self, folder: Path, output: str, settings: Settings) -> None:
        self._stack = ExitStack()
        self._folder = folder
        self._settings = settings
        self._format = format = WRITERS[settings.to]
        if max(len(os.fsencode(part)) for part in output.split("/")) > MAX_NAME_BYTES:
            output = derive_file_path(output)
        self._paths = {kind: folder / f"{output}.{kind}.jsonl{format.packing}" for kind in ("edits", "rejected")}
        self._paths["articles"] = folder / format.folder / f"{output}{format.ending}"
        self._parts: dict[str, Part] = {}
        self._lines: dict[str, CompressedStream] = {}
        self._sheet: RecordFile | None = None
        try:
            if settings.audit == "file":
                self._open_lines("edits")
            if format.many and format.verbatim:
                self._open_lines("articles")
            elif format.many:
                self._sheet = format.open_file(self._add_part("articles"))
        except BaseException:
            self._stack.close()
            raise

    def _add_part(self, kind: str) -> Part:
        self._parts[kind] = self._stack.enter_context(Part(self._paths[kind]))
        return self._parts[kind]

    def _open_lines(self, kind: str) -> CompressedStream:
        if kind not in self._lines:
            self._lines[kind] = compress_stream(self._add_part(kind), self._format.packing)
        return self._lines[kind]

    def write_shard(
        self, footer: Footer, file: BinaryIO, ids: Sequence[str], links: "Iterator[Link | None] | None"
    ) -> None:
        """Write what a shard's file holds, its documents under these ids and with these links."""
        records, edits = file.read(footer.records), file.read(footer.edits)
        if links is None and self._format.verbatim and ids == [id for id, _, _ in footer.index]:
            self._open_lines("articles").write(records)
            if edits:
                self._open_lines("edits").write(edits)
        else:
            at = told = 0
            for id, (old, size, lines) in zip(ids, footer.index, strict=True):
                link = next(links) if links else None
                self._write_document(
                    id, old, records[at : at + size], edits[told : told + lines], links is not None, link
                )
                at, told = at + size, told + lines
        left = footer.rejected
        while left:  # a document that is too large is among them
            data = file.read(min(left, COPY_CHUNK_BYTES))
            self._open_lines("rejected").write(data)
            left -= len(data)

    def _write_document(self, id: str, old: str, line: bytes, edits: bytes, linked: bool, link: "Link | None") -> None:
        if id != old:
            line = _replace_id(line, id)
            edits = b"".join(_replace_id(one, id) for one in edits.split(b"\n") if one)
        if link and link.duplicate_of and self._settings.dedup == "drop":
            self._open_lines("edits").write(edits + _log_dropped_copy(line, edits, link))
            return
        if edits:
            self._open_lines("edits").write(edits)
        if linked:
            line = record_writer.encode_record(_mark_copy(decode_article(line), link))
        if self._format.verbatim:
            self._open_lines("articles").write(line)
        elif self._sheet:
            self._sheet.add(decode_article(line))
        else:
            with Part(self._folder / (derive_file_path(id) + self._format.ending)) as part:
                part.write(self._format.write(decode_article(line)))
                part.commit()

    @property
    def files(self) -> list[str]:
        """Names of the files that hold many documents, below the output."""
        return [str(self._paths[kind].relative_to(self._folder)) for kind in self._parts]

    def commit(self) -> None:
        """Give every file its name, and remove those that an earlier run left and this one has not."""
        for one in (*self._lines.values(), *([self._sheet] if self._sheet else ())):
            one.close()
        for part in self._parts.values():
            part.sync()
        for part in self._parts.values():
            part.commit()
        sync_folders({self._paths[kind].parent for kind in self._parts} if self._format.many else ())
        for kind, path in self._paths.items():
            if kind not in self._parts and self._format.many:
                path.unlink(missing_ok=True)

    def __enter__(self) -> "Sink":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def _replace_id(line: bytes, id: str) -> bytes:
    fields: dict[str, Any] = decode_json(line)
    for edit in fields.get("edits", ()):
        edit["id"] = id
    return encode_json({**fields, "id": id}) + b"\n"


def _mark_copy(article: Article, link: "Link | None") -> Article:
    from cleaner.dedup.link import mark_article  # only where copies are looked for

    return mark_article(article, link)


def _log_dropped_copy(line: bytes, edits: bytes, link: "Link") -> bytes:
    """The last line in the ledger of a copy that is left out, behind those that its record held."""
    from cleaner.dedup.link import build_ledger_line

    article = decode_article(line)
    lines = [decode_edit(one) for one in edits.split(b"\n") if one]
    own = b"" if article.edits is UNSET else ledger_writer.encode_edits(article.edits)
    said = lines if article.edits is UNSET else article.edits
    return own + ledger_writer.encode_edits([build_ledger_line(article, said, link)])


OutputSummary = tuple[list[str], bytes, Report, dict[int, int]]


def assemble_output(
    store: Store,
    output: str,
    shards: int,
    folder: Path,
    settings: Settings,
    ids: IdRegistry,
    links: "Iterator[Link | None] | None" = None,
) -> OutputSummary:
    """Make the files of an output from its shards; gives their names, hashes of the ids, and what was counted."""
    report = Report()
    times: dict[int, int] = {}
    own = IdRegistry()
    with store.lock_outputs(), Sink(folder, output, settings) as sink:
        for number in range(shards):
            with store.open_shard(output, number) as (footer, file):
                named = ids.make_unique([id for id, _, _ in footer.index])
                own.make_unique(named)
                sink.write_shard(footer, file, named, links)
            report.merge(footer.report)
            for bar, count in footer.times.items():
                times[bar] = times.get(bar, 0) + count
        sink.commit()
    return sink.files, own.dump_hashes(), report, times


def read_signatures(store: Store, outputs: Iterable[tuple[str, int]]) -> Iterator[tuple[str, bytes]]:
    """The final id of each record of these outputs, with so many shards each, and its signature."""
    ids = IdRegistry()
    for output, shards in outputs:
        for number in range(shards):
            with store.open_shard(output, number) as (footer, file):
                file.seek(footer.records + footer.edits + footer.rejected)
                size = footer.signatures // max(1, len(footer.index))
                for id in ids.make_unique([id for id, _, _ in footer.index]):
                    yield id, file.read(size)

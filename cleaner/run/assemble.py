"""Outputs made of the shards that are done: every file gets its name once it is whole.

A worker knows nothing of other shards.  What depends on them is done here, in the order of the input: the numbers of
doubled ids, and the links between copies.  Where nothing depends on them, the bytes of a shard are copied as they are.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from msgspec import UNSET

from cleaner.io.atomic import Part, sync_folders, write_file
from cleaner.io.compression import CompressedStream, compress_stream
from cleaner.io.file_names import MAX_NAME_BYTES, derive_file_path
from cleaner.io.json import encode_json
from cleaner.readers.own_records import decode_article, decode_edit, decode_json
from cleaner.record import Article
from cleaner.run.checkpoint import FinishedOutput, Footer, Store
from cleaner.run.ids import IdRegistry
from cleaner.settings import Settings
from cleaner.writers import WRITERS, RecordFile
from cleaner.writers.jsonl import encode_edits, encode_record

if TYPE_CHECKING:
    from cleaner.dedup.link import Link

COPY_CHUNK_BYTES = 1 << 20
"""Bytes that are copied at a time."""


class ShardDocument(NamedTuple):
    """A document as a shard's file holds it: the id that it brought, its record's line and those of its ledger."""

    id: str
    line: bytes
    edits: bytes

    def rename(self, id: str) -> "ShardDocument":
        """The same under another id."""
        edits = b"".join(_replace_id(one, id) for one in self.edits.split(b"\n") if one)
        return ShardDocument(id, _replace_id(self.line, id), edits)


class Sink:
    """The files of one output, all of which get their names together at the end.

    They are `articles`, `edits` and `rejected`, each opened when there is something to write; a format of one file a
    document has no `articles`, and writes those files at once.
    """

    def __init__(self, folder: Path, output: str, settings: Settings) -> None:
        """Open the files that are there even if nothing is written; raises `WriteError`."""
        self._stack = ExitStack()
        self._folder = folder
        self._settings = settings
        self._format = format = WRITERS[settings.to]
        # endings are still to come behind it
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
            if format.verbatim:
                self._open_lines("articles")
            elif format.many:
                self._sheet = format.open_file(self._add_part("articles"))
        except BaseException:
            self._stack.close()
            raise

    def _add_part(self, kind: str) -> Part:
        """Open the file of this kind."""
        self._parts[kind] = self._stack.enter_context(Part(self._paths[kind]))
        return self._parts[kind]

    def _open_lines(self, kind: str) -> CompressedStream:
        """The file of this kind, which holds lines; opened where it is not open yet."""
        if kind not in self._lines:
            self._lines[kind] = compress_stream(self._add_part(kind), self._format.packing)
        return self._lines[kind]

    def write_shard(
        self, footer: Footer, file: BinaryIO, ids: Sequence[str], links: "Iterator[Link | None] | None"
    ) -> None:
        """Write what a shard's file holds, its documents under these ids and with these links.

        `links` gives one for each document, and is None in a run that does not look for copies.
        """
        records, edits = file.read(footer.records), file.read(footer.edits)
        if links is None and self._format.verbatim and ids == [id for id, _, _ in footer.index]:
            # nothing changes: the usual case, and the fast one
            self._open_lines("articles").write(records)
            if edits:
                self._open_lines("edits").write(edits)
        else:
            for id, document in zip(ids, _split_shard(footer, records, edits), strict=True):
                named = document if id == document.id else document.rename(id)
                if links is None:
                    self._write_document(named)
                else:
                    self._write_linked(named, next(links))
        left = footer.rejected
        while left:  # a document that is too large is among them
            data = file.read(min(left, COPY_CHUNK_BYTES))
            self._open_lines("rejected").write(data)
            left -= len(data)

    def _write_linked(self, document: ShardDocument, link: "Link | None") -> None:
        """Write a document with what it is a copy of; a copy that is to be left out goes into the ledger alone."""
        from cleaner.dedup.link import mark_article

        if link and link.duplicate_of and self._settings.dedup == "drop":
            self._open_lines("edits").write(document.edits + _log_dropped_copy(document, link))
        else:
            marked = encode_record(mark_article(decode_article(document.line), link))
            self._write_document(document._replace(line=marked))

    def _write_document(self, document: ShardDocument) -> None:
        """Write a document's edits, and its record in the format."""
        if document.edits:
            self._open_lines("edits").write(document.edits)
        if self._format.verbatim:
            self._open_lines("articles").write(document.line)
            return
        article = decode_article(document.line)
        if self._sheet:
            self._sheet.add(article)
        else:
            path = self._folder / (derive_file_path(document.id) + self._format.ending)
            write_file(path, self._format.write(article))

    @property
    def files(self) -> list[str]:
        """Names of the files that hold many documents, below the output."""
        return [str(self._paths[kind].relative_to(self._folder)) for kind in self._parts]

    def commit(self) -> None:
        """Give every file its name, and remove those that an earlier run left and this one has not.

        All files are on the disk before the first gets its name, and all names are before this returns: then the
        shards may go.
        """
        for one in (*self._lines.values(), *([self._sheet] if self._sheet else ())):
            one.close()
        for part in self._parts.values():
            part.sync()
        for part in self._parts.values():
            part.commit()
        sync_folders({self._paths[kind].parent for kind in self._parts} if self._format.many else ())
        if self._format.many:
            for kind in self._paths.keys() - self._parts.keys():
                self._paths[kind].unlink(missing_ok=True)

    def __enter__(self) -> "Sink":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def _split_shard(footer: Footer, records: bytes, edits: bytes) -> Iterator[ShardDocument]:
    """The documents of a shard, cut out of its records and edits by the sizes in its index."""
    record_at = edits_at = 0
    for id, record_size, edits_size in footer.index:
        record_end, edits_end = record_at + record_size, edits_at + edits_size
        yield ShardDocument(id, records[record_at:record_end], edits[edits_at:edits_end])
        record_at, edits_at = record_end, edits_end


def _replace_id(line: bytes, id: str) -> bytes:
    """The line of a record or of an edit under another id, its other bytes as they are."""
    fields = decode_json(line)
    for edit in fields.get("edits", ()):
        edit["id"] = id
    return encode_json({**fields, "id": id}) + b"\n"


def _log_dropped_copy(document: ShardDocument, link: "Link") -> bytes:
    """The last line in the ledger of a copy that is left out, behind those that its record held."""
    from cleaner.dedup.link import build_ledger_line

    article: Article = decode_article(document.line)
    if article.edits is UNSET:
        lines = [decode_edit(one) for one in document.edits.split(b"\n") if one]
        return encode_edits([build_ledger_line(article, lines, link)])
    return encode_edits([*article.edits, build_ledger_line(article, article.edits, link)])


def assemble_output(
    store: Store,
    output: str,
    digests: list[str],
    folder: Path,
    settings: Settings,
    ids: IdRegistry,
    links: "Iterator[Link | None] | None" = None,
) -> FinishedOutput:
    """Make the files of an output from its shards, whose digests these are; raises `WriteError`.

    `ids` holds the ids of the outputs before; `links` gives one for each document, as `Sink.write_shard` takes them.
    """
    finished = FinishedOutput(digests=digests, files=[], ids=b"")
    own = IdRegistry()
    with store.lock_outputs(), Sink(folder, output, settings) as sink:
        for number in range(len(digests)):
            with store.open_shard(output, number) as (footer, file):
                named = ids.make_unique([id for id, _, _ in footer.index])
                own.make_unique(named)
                sink.write_shard(footer, file, named, links)
            finished.merge(footer)
        sink.commit()
    finished.files, finished.ids = sink.files, own.dump_hashes()
    return finished


def read_signatures(store: Store, outputs: Iterable[tuple[str, int]]) -> Iterator[tuple[str, bytes]]:
    """The final id of each record of these outputs, with so many shards each, and its signature.

    The ids are those that `assemble_output` gives later, since both number doubled ids in the same order.
    """
    ids = IdRegistry()
    for output, shards in outputs:
        for number in range(shards):
            with store.open_shard(output, number) as (footer, file):
                file.seek(footer.records + footer.edits + footer.rejected)
                # all signatures are equally long
                size = footer.signatures // max(1, len(footer.index))
                for id in ids.make_unique([id for id, _, _ in footer.index]):
                    yield id, file.read(size)

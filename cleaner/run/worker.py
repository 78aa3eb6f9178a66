"""What a worker does to a shard: every document of it becomes a record, or a rejection.

No document can stop this: a reader or a stage that breaks costs that document, which is written down untouched.
"""

import time
from collections.abc import Callable, Iterator, Sequence

from cleaner.errors import CleanerError, StageError
from cleaner.io.files import Piece
from cleaner.pipeline.records import FULL_GROUP_SIZE, Record, group_units, make_records
from cleaner.pipeline.settings import Prepared, prepare_settings
from cleaner.readers import read_piece
from cleaner.readers.base import Item, format_id, format_place
from cleaner.record import Article, Rejected, Source, build_ledger
from cleaner.run.report import Report
from cleaner.run.results import CleanedDocument, ShardResult
from cleaner.run.shards import Shard, split_documents
from cleaner.settings import Settings
from cleaner.writers.jsonl import encode_edits, encode_record


def clean_shard(settings: Settings, shard: Shard, mark: Callable[[int], None]) -> ShardResult:
    """What becomes of every document of the shard.

    `mark` is called with the place of the first document of a group before any of the group is read: should the
    process die, the culprit is among them.
    """
    ready = prepare_settings(settings, prove=False)
    result = ShardResult()
    poisoned = dict(shard.poisoned)
    for first, group in _group_documents(shard):
        mark(first)
        began = time.perf_counter()
        items = [
            _reject_piece(piece, "worker", poisoned[place]) if place in poisoned else _read_piece(piece)
            for place, piece in enumerate(group, first)
        ]
        for done in clean_items(ready, settings, items, result.report):
            if isinstance(done, Rejected):
                result.reject(done)
            else:
                result.add(done)
        result.add_time(time.perf_counter() - began, len(group))
    return result


def _group_documents(shard: Shard) -> Iterator[tuple[int, list[Piece]]]:
    """A few documents at a time, with the place of the first; single ones for a shard that asks for that."""
    first = 0
    for group in group_units(split_documents(shard), _measure_piece, 0 if shard.alone else FULL_GROUP_SIZE):
        yield first, group
        first += len(group)


def _measure_piece(piece: Piece) -> int:
    return len(piece.data)


def _read_piece(piece: Piece) -> Item | Rejected:
    """The document of a piece, or its rejection, also where the reader itself breaks."""
    try:
        return read_piece(piece)
    except Exception as error:
        return _reject_piece(piece, "read", f"the reader broke: {error!r}")


def _reject_piece(piece: Piece, stage: str, why: str) -> Rejected:
    """The rejection of a piece that was not read; its id is its place."""
    file, line = piece.file, piece.line or None
    reason = f"{format_place(file, line)}: {why}"
    return Rejected.build_from_input(format_id(file, line), stage, reason, Source(file.path, line), piece.data)


def clean_items(
    ready: Prepared, settings: Settings, items: Sequence[Item | Rejected], report: Report
) -> list[CleanedDocument | Rejected]:
    """What becomes of each of these documents, in their order; what the reader has rejected stays so.

    Cleaned documents are counted in `report`; rejections are not.
    """
    made = make_records(ready, [item for item in items if isinstance(item, Item)], settings.audit == "inline")
    return [_encode_record(settings, item, next(made), report) if isinstance(item, Item) else item for item in items]


def _encode_record(
    settings: Settings, item: Item, made: Record | Exception, report: Report
) -> CleanedDocument | Rejected:
    """Record and ledger of a document, or its rejection: no document can stop a run.

    `document` is what the stages made of the item, or what broke; the report counts it only once all is encoded.
    """
    stage = "record"
    try:
        if isinstance(made, StageError):
            stage = made.stage or "pipeline"
        if isinstance(made, Exception):
            raise made
        document, article = made
        edits = b""
        if settings.audit == "file" and document.edits:
            edits = encode_edits(build_ledger(document))
        line = encode_record(article)
        signature = _compute_signature(article) if settings.dedup else b""
        report.add(document, article.text)
        return CleanedDocument(document.id, line, edits, signature)
    except Exception as error:
        reason = str(error) if isinstance(error, CleanerError) else f"document {item.document.id!r}: {error!r}"
        return Rejected.build_from_input(item.document.id, stage, reason, item.source, item.raw)


def _compute_signature(made: Article) -> bytes:
    """What the record's text is compared by when copies are looked for."""
    from cleaner.dedup.minhash import compute_signature  # only where copies are looked for

    return compute_signature(made.text, made.title, made.agencies)

"""Files in, files out: cut into shards, cleaned by workers, written down in order."""

import hashlib
import json
import logging
import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from msgspec import Struct

from cleaner.errors import CleanerError, WriteError
from cleaner.io.atomic import Part, wrap_os_error
from cleaner.io.files import STDIN, File, Oversize
from cleaner.io.remote import is_address, resolve_local_path
from cleaner.pipeline.settings import Settings, prepare_settings
from cleaner.readers import READERS
from cleaner.readers.inputs import expand_inputs, reject_oversized
from cleaner.readers.own_records import decode_article
from cleaner.run.assemble import IdRegistry, assemble_output, read_signatures
from cleaner.run.checkpoint import FinishedOutput, Store, open_store
from cleaner.run.report import Report
from cleaner.run.shards import FULL_SHARD_BYTES, FULL_SHARD_PIECES, OutputEnd, Shard, UnreadPart, cut_shards, hash_part
from cleaner.run.worker import ShardResult, clean_shard
from cleaner.workers import pool
from cleaner.workers.process import PLACE_OUTSIDE_SHARD, Mark
from cleaner.writers import WRITERS, require_format

Engine = Literal["local", "ray"]

TIME_LIMIT_SECONDS = 60.0
"""Seconds that a document may take: the slowest page that is read at all takes about a half of it."""

log = logging.getLogger("cleaner")


class ShardCounts(Struct, frozen=True):
    """What a worker says of a shard that it has put into the store."""

    documents: int
    rejected: int


@dataclass
class Watch:
    """What a run tells of itself: bytes as they are read, documents cleaned and rejected as they are done.

    `times` has, at the end, the documents by the time they took, as `cleaner.run.worker.ShardResult` has them.
    """

    read: Callable[[int], None] = lambda read: None
    done: Callable[[int, int], None] = lambda documents, rejected: None
    times: dict[int, int] = field(default_factory=dict)


def clean_inputs(
    inputs: Sequence[str],
    output: Path,
    settings: Settings,
    workers: int = 1,
    *,
    engine: Engine = "local",
    resume: bool = False,
    time_limit: float = TIME_LIMIT_SECONDS,
    watch: Watch | None = None,
) -> Report:
    """Clean every document of the inputs into files below `output`, and say what was done.

    A document that cannot be cleaned, that takes longer than `time_limit` seconds or that ends its worker is written
    down with its reason, and the run goes on.  What is done lies below `output` until the run is over; with `resume`
    a run that was stopped, in whatever way, goes on from there, to the same files.  Raises `ReadError` for an input
    that is not there, `RuleError`, and `WriteError`; then, as after an interrupt, no file below `output` is
    half-written under its final name.
    """
    watch = watch or Watch()
    format = require_format(settings.to)
    made_by = _hash_settings(settings)
    _refuse_overwriting(inputs, output, settings)
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise wrap_os_error(output, error) from error
    name = hashlib.blake2b(json.dumps([settings.to, *inputs]).encode(), digest_size=6).hexdigest()
    with open_store(output, name, made_by, resume) as store:
        progress = _Progress(store, output, settings, watch)
        shards = progress.iterate_undone(inputs, resume)
        if engine == "ray":
            results = _run_on_ray(settings, store, shards, workers, time_limit)
        else:
            results = pool.run_shards(
                partial(_clean_and_store, settings, store), shards, workers, time_limit, _plan_retry
            )
        try:
            with closing(results):
                for shard, done in results:
                    progress.record_done(shard, done)
        except ChildProcessError as error:
            raise CleanerError(f"{error}; choose fewer --workers, or raise the limit (ulimit)") from error
        if settings.dedup:
            progress.link_copies()
        if format.readme:
            with Part(output / "README.md") as part:
                part.write(format.readme(output))
                part.commit()
        store.remove()
    return progress.report


def _hash_settings(settings: Settings) -> str:
    """What tells rules, options and version from any other."""
    tool = prepare_settings(settings).tool
    scheme = ""
    if settings.dedup:
        from cleaner.dedup.minhash import SCHEME as scheme
    return hashlib.sha256(
        msgspec.json.encode([tool, settings, FULL_SHARD_BYTES, FULL_SHARD_PIECES, scheme])
    ).hexdigest()


def _refuse_overwriting(inputs: Sequence[str], output: Path, settings: Settings) -> None:
    format = WRITERS[settings.to]
    target = output / format.folder
    for given in inputs:
        path = (resolve_local_path(given) or "") if is_address(given) else given
        folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
        ours = os.path.isdir(path) or format.folder or (settings.to == "text" and given != STDIN)
        if ours and target.exists() and os.path.exists(folder) and os.path.samefile(folder, target):
            raise WriteError(f"{output}: is where the input lies; choose another --output")


def _run_on_ray(
    settings: Settings, store: Store, shards: Iterator[Shard], workers: int, time_limit: float
) -> Generator[tuple[Shard, ShardCounts], None, None]:
    """The work of a cluster, whose workers have no way to the store."""
    try:
        from cleaner.workers import ray
    except ImportError as error:
        raise CleanerError("--engine ray needs Ray: pip install 'article-cleaner[ray]'") from error
    for shard, result in ray.run_shards(partial(clean_shard, settings), shards, workers, time_limit, _plan_retry):
        store.keep_shard(shard, result)
        yield shard, ShardCounts(len(result.index), len(result.rejected))


def _clean_and_store(settings: Settings, store: Store, shard: Shard, mark: Mark) -> ShardCounts:
    """The work of a local worker."""
    result = clean_shard(settings, shard, mark)
    # a slow disk is no fault of the last document
    mark(PLACE_OUTSIDE_SHARD)
    store.keep_shard(shard, result)
    return ShardCounts(len(result.index), len(result.rejected))


def _plan_retry(shard: Shard, place: int, why: str) -> Shard:
    """What to do instead of a shard on which a worker died: first find out of which document, then leave that out.

    Raises `CleanerError` where leaving out has not helped: then workers die of something else.
    """
    if place in dict(shard.poisoned):
        raise CleanerError(
            f"{shard.output}, shard {shard.number}: {why}, twice, and not because of a document; see "
            "that workers have the memory and the disk they need, and go on with --resume"
        )
    log.warning("worker died", extra={"output": shard.output, "shard": shard.number, "place": place, "why": why})
    if not shard.alone and place != PLACE_OUTSIDE_SHARD:
        return msgspec.structs.replace(shard, alone=True)
    return msgspec.structs.replace(shard, poisoned=(*shard.poisoned, (place, why)))


@dataclass
class _OpenOutput:
    """An output: its shards' digests, which of them are not done, and what an earlier run said that made its files."""

    output: str
    finished: FinishedOutput | None = None
    digests: list[str] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)
    ended: bool = False


class _Progress:
    """Which shards of which outputs are done; outputs are finished in their order."""

    def __init__(self, store: Store, folder: Path, settings: Settings, watch: Watch) -> None:
        self.report = Report()
        self._store = store
        self._folder = folder
        self._settings = settings
        self._watch = watch
        self._ids = IdRegistry()
        self._open: deque[_OpenOutput] = deque()

    def iterate_undone(self, inputs: Sequence[str], resume: bool) -> Iterator[Shard]:
        """The shards that are still to be done."""
        for part in cut_shards(expand_inputs(inputs, leave_out=[self._folder]), self._watch.read):
            if not self._open or self._open[-1].output != part.output:
                self._open.append(_OpenOutput(part.output, self._store.read_finished(part.output) if resume else None))
            current = self._open[-1]
            if isinstance(part, OutputEnd):
                current.ended = True
                self._finish_outputs()
            elif current.finished:
                current.digests.append(hash_part(part))
            elif isinstance(part, UnreadPart):
                current.digests.append(self._store.keep_unread(part))
                self._watch.done(0, 1)
            else:
                current.digests.append(hash_part(part))
                known = self._store.read_report(part, current.digests[-1]) if resume else None
                if known:
                    self._watch.done(known.documents, known.rejected)
                else:
                    current.undone.add(part.number)
                    yield part

    def record_done(self, shard: Shard, done: ShardCounts) -> None:
        """A shard is in the store."""
        log.info(
            "shard done",
            extra={
                "output": shard.output,
                "shard": shard.number,
                "documents": done.documents,
                "rejected": done.rejected,
            },
        )
        self._watch.done(done.documents, done.rejected)
        next(one for one in self._open if one.output == shard.output).undone.remove(shard.number)
        self._finish_outputs()

    def link_copies(self) -> None:
        """With all shards done, find the copies among their documents, and finish the outputs with them."""
        from cleaner.dedup.link import link_copies  # only where copies are looked for

        with link_copies(read_signatures(self._store, [(one.output, len(one.digests)) for one in self._open])) as links:
            each = iter(links)
            while self._open:
                one = self._open.popleft()
                _, _, report, times = assemble_output(
                    self._store, one.output, len(one.digests), self._folder, self._settings, self._ids, each
                )
                self._count_output(one.output, report, times)

    def _finish_outputs(self) -> None:
        # of an output that may have copies of what is still to come no shard must go
        while not self._settings.dedup and self._open and self._open[0].ended and not self._open[0].undone:
            one = self._open.popleft()
            known = one.finished
            if known is None:
                known = FinishedOutput(
                    one.digests,
                    *assemble_output(
                        self._store, one.output, len(one.digests), self._folder, self._settings, self._ids
                    ),
                )
                self._store.mark_finished(one.output, known)
            else:
                self._check_finished(one.output, known, one.digests)
                self._ids.add(np.frombuffer(known.ids, dtype=np.uint64))
                self._watch.done(known.report.documents, known.report.rejected)
            self._count_output(one.output, known.report, known.times)

    def _count_output(self, output: str, report: Report, times: dict[int, int]) -> None:
        self.report.merge(report)
        for bar, count in times.items():
            self._watch.times[bar] = self._watch.times.get(bar, 0) + count
        log.info("output done", extra={"output": output, "documents": report.documents, "rejected": report.rejected})

    def _check_finished(self, output: str, finished: FinishedOutput, digests: Sequence[str]) -> None:
        gone = next((name for name in finished.files if not (self._folder / name).exists()), None)
        if gone or finished.digests != list(digests):
            what = f"{self._folder / gone}: is gone" if gone else f"{output}: its input is another"
            raise WriteError(f"{what} since the run that is to go on has made it; begin anew without --resume")


def clean_stream(raw: BufferedReader, settings: Settings) -> tuple[bytes, Report]:
    """One text from a stream, clean as bytes, and the report."""
    file = File(STDIN, "stdin", ".txt")
    (piece,) = READERS[file.ending].cut(file, raw, lambda read: None)
    if isinstance(piece, Oversize):
        result = ShardResult()
        result.reject(reject_oversized(piece))
    else:
        result = clean_shard(settings, Shard("stdin", 0, (piece,)), lambda place: None)
    made = BytesIO()
    sheet = WRITERS[settings.to].open_file(made)
    for line in result.records:
        sheet.add(decode_article(line))
    sheet.close()
    return made.getvalue(), result.report

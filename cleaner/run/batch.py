"""Files in, files out: cut into shards, cleaned by workers, written down in order.

Inputs are grouped into outputs (`readers.inputs`), an output is cut into shards (`shards`), a worker cleans a shard and
puts the result into the store (`worker`, `checkpoint`), and an output with all its shards done becomes files
(`progress`, `assemble`).  Only shards that are on the disk count, so that a run can stop at any moment.
"""

import hashlib
import json
import logging
import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Literal

import msgspec

from cleaner.errors import CleanerError, WriteError, advise_install
from cleaner.io.atomic import convert_os_errors, write_file
from cleaner.io.files import AS_FOUND, STDIN, Intake, Oversize
from cleaner.io.remote import is_address, resolve_local_path
from cleaner.pipeline.settings import prepare_settings
from cleaner.readers import cut_stream
from cleaner.readers.base import reject_oversized
from cleaner.readers.inputs import build_stdin
from cleaner.readers.left_out import LeftOut
from cleaner.readers.own_records import decode_article
from cleaner.run.checkpoint import Store, open_store
from cleaner.run.progress import Progress, ShardCounts, Watch
from cleaner.run.report import Report
from cleaner.run.shards import FULL_SHARD_BYTES, FULL_SHARD_PIECES, Shard
from cleaner.run.worker import clean_shard
from cleaner.settings import Settings
from cleaner.workers import pool
from cleaner.workers.process import PLACE_OUTSIDE_SHARD, Mark
from cleaner.writers import WRITERS, require_format

Engine = Literal["local", "ray"]
"""Where shards are cleaned: by processes of this machine, or by a Ray cluster."""

TIME_LIMIT_SECONDS = 60.0
"""Seconds that a document may take: the slowest page that is read at all takes about a half of it."""

RUN_NAME_BYTES = 6
"""Bytes of the hash that names a run's store: the runs that are unfinished below one output are few."""

log = logging.getLogger("cleaner")


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
    intake: Intake = AS_FOUND,
) -> Report:
    """Clean every document of the inputs into files below `output`, and say what was done.

    A document that cannot be cleaned, that takes longer than `time_limit` seconds or that ends its worker is written
    down with its reason, and the run goes on.  What is done lies below `output` until the run is over; with `resume`
    a run that was stopped, in whatever way, goes on from there, to the same files.  `intake` is what is said of all
    inputs.  Files of folders that no reader takes are counted.  Raises `ReadError` for an input
    that is not there, `RuleError`, and `WriteError`; then, as after an interrupt, no file below `output` is
    half-written under its final name.
    """
    watch = watch or Watch()
    format = require_format(settings.to)
    made_by = _hash_settings(settings)
    _refuse_overwriting(inputs, output, settings)
    with convert_os_errors(output):
        output.mkdir(parents=True, exist_ok=True)
    name = hashlib.blake2b(json.dumps([settings.to, *inputs]).encode(), digest_size=RUN_NAME_BYTES).hexdigest()
    with open_store(output, name, made_by, resume) as store:
        progress = Progress(store, output, settings, watch)
        left = LeftOut()
        shards = progress.iterate_undone(inputs, resume, intake, left)
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
            write_file(output / "README.md", format.readme(output))
        store.remove()
    return _report_left_out(progress.counts.report, left)


def _report_left_out(report: Report, left: LeftOut) -> Report:
    """The report with what was not read, which the log says as well."""
    report.left_out, report.left_out_reasons = dict(sorted(left.counts.items())), list(left.explain_each())
    for kind, count in report.left_out.items():
        log.info("files left out", extra={"kind": kind, "files": count})
    return report


def _hash_settings(settings: Settings) -> str:
    """A hash of all that decides what a run's shards are and what becomes of them: a run goes on only with the same."""
    tool = prepare_settings(settings).tool
    scheme = ""
    if settings.dedup:
        from cleaner.dedup.minhash import SCHEME as scheme
    return hashlib.sha256(
        msgspec.json.encode([tool, settings, FULL_SHARD_BYTES, FULL_SHARD_PIECES, scheme])
    ).hexdigest()


def _refuse_overwriting(inputs: Sequence[str], output: Path, settings: Settings) -> None:
    """Raise `WriteError` where an input lies in the folder that is written to, and could be written over.

    A single file is safe there in all formats but `text`, whose files have the names of text inputs, and those with a
    folder of their own.
    """
    format = WRITERS[settings.to]
    target = output / format.folder
    for given in inputs:
        path = (resolve_local_path(given) or "") if is_address(given) else given
        is_folder = os.path.isdir(path)
        in_danger = is_folder or format.folder or (settings.to == "text" and given != STDIN)
        if in_danger and _is_same_folder(path if is_folder else os.path.dirname(path) or ".", target):
            raise WriteError(f"{output}: is where the input lies; choose another --output")


def _is_same_folder(one: str, other: Path) -> bool:
    """Whether both are there and the same, whatever links lead to them."""
    return other.exists() and os.path.exists(one) and os.path.samefile(one, other)


def _run_on_ray(
    settings: Settings, store: Store, shards: Iterator[Shard], workers: int, time_limit: float
) -> Generator[tuple[Shard, ShardCounts], None, None]:
    """The shards as they are done on a cluster, whose workers have no way to the store: this process keeps them.

    Raises `CleanerError` without Ray.
    """
    try:
        from cleaner.workers import ray
    except ImportError as error:
        raise CleanerError(f"--engine ray needs Ray: {advise_install('ray')}") from error
    for shard, result in ray.run_shards(partial(clean_shard, settings), shards, workers, time_limit, _plan_retry):
        store.keep_shard(shard, result)
        yield shard, ShardCounts(len(result.index), len(result.rejected))


def _clean_and_store(settings: Settings, store: Store, shard: Shard, mark: Mark) -> ShardCounts:
    """The work of a local worker: only the counts come back through its pipe, the records are in the store."""
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


def clean_stream(raw: BufferedReader, settings: Settings, intake: Intake = AS_FOUND) -> tuple[bytes, Report]:
    """The documents of a stream, clean as bytes, and the report.

    Several texts are parted by a blank line.  Raises `RefusedInput` where it is in doubt what the stream holds.
    """
    file = build_stdin(intake)
    report = Report()
    stream = BytesIO()
    format = WRITERS[settings.to]
    records = format.open_file(stream)
    for number, piece in enumerate(cut_stream(file, raw)):
        if isinstance(piece, Oversize):
            report.reject(reject_oversized(piece).reason)
            deque(piece.chunks, maxlen=0)
            continue
        result = clean_shard(settings, Shard(file.id, number, (piece,)), lambda place: None)
        report.merge(result.report)
        for line in result.records:
            if not format.many and stream.tell():
                stream.write(b"\n")
            records.add(decode_article(line))
    records.close()
    return stream.getvalue(), report

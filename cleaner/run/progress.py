"""Which shards of which outputs are done; outputs are finished in the order of their inputs.

The order matters: which of two documents of the same id keeps it, and which of two copies is the first, must not depend
on which worker was faster.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from msgspec import Struct

from cleaner.errors import WriteError
from cleaner.io.files import Intake
from cleaner.readers.inputs import expand_inputs
from cleaner.readers.left_out import LeftOut
from cleaner.run.assemble import assemble_output, read_signatures
from cleaner.run.checkpoint import FinishedOutput, Store
from cleaner.run.ids import IdRegistry
from cleaner.run.report import Counts
from cleaner.run.shards import OutputEnd, Shard, UnreadPart, cut_shards, hash_part
from cleaner.settings import Settings

log = logging.getLogger("cleaner")


class ShardCounts(Struct, frozen=True):
    """What a worker says of a shard that it has put into the store."""

    documents: int
    rejected: int


@dataclass
class Watch:
    """What a run tells of itself: bytes as they are read, documents cleaned and rejected as they are done.

    `times` has, at the end, the documents by the time they took, as `cleaner.run.report.Counts` has them.
    """

    read: Callable[[int], None] = lambda read: None
    done: Callable[[int, int], None] = lambda documents, rejected: None
    times: dict[int, int] = field(default_factory=dict)


@dataclass
class _OpenOutput:
    """An output that has no files yet in this run.

    `finished` is what an earlier run has noted that made its files; `digests` are those of the shards as far as the
    input was read, `undone` the numbers of those that are not in the store, and `ended` whether they are all.
    """

    output: str
    finished: FinishedOutput | None = None
    digests: list[str] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)
    ended: bool = False


class Progress:
    """The outputs that have no files yet, first to last, and what was counted in all others.

    Outputs are added by `iterate_undone` as their shards are asked for, and taken away as their files are made.  Where
    copies are looked for, all stay until `link_copies`.
    """

    def __init__(self, store: Store, folder: Path, settings: Settings, watch: Watch) -> None:
        self.counts = Counts(times=watch.times)
        self._store = store
        self._folder = folder
        self._settings = settings
        self._watch = watch
        self._ids = IdRegistry()
        self._open: deque[_OpenOutput] = deque()

    def iterate_undone(self, inputs: Sequence[str], resume: bool, intake: Intake, left: LeftOut) -> Iterator[Shard]:
        """The shards that are still to be done, as the inputs are read; `left` gets the files that are not read.

        Raises `ReadError` and `WriteError`.
        """
        for part in cut_shards(expand_inputs(inputs, [self._folder], intake, left), self._watch.read):
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
            elif not self._find_done(part, current, resume):
                current.undone.add(part.number)
                yield part

    def _find_done(self, shard: Shard, current: _OpenOutput, resume: bool) -> bool:
        """Whether an earlier run has done this shard, which is counted then; keeps its digest."""
        digest = hash_part(shard)
        current.digests.append(digest)
        known = self._store.read_report(shard, digest) if resume else None
        if known:
            self._watch.done(known.documents, known.rejected)
        return known is not None

    def record_done(self, shard: Shard, done: ShardCounts) -> None:
        """A shard is in the store: make the files of an output that was waiting for it alone."""
        said = {"output": shard.output, "shard": shard.number, "documents": done.documents, "rejected": done.rejected}
        log.info("shard done", extra=said)
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
                self._count_output(
                    one.output,
                    assemble_output(
                        self._store, one.output, one.digests, self._folder, self._settings, self._ids, each
                    ),
                )

    def _finish_outputs(self) -> None:
        """Make the files of the first outputs that are done."""
        # of an output that may have copies of what is still to come no shard must go
        while not self._settings.dedup and self._open and self._open[0].ended and not self._open[0].undone:
            one = self._open.popleft()
            if one.finished is None:
                made = assemble_output(self._store, one.output, one.digests, self._folder, self._settings, self._ids)
                self._store.mark_finished(one.output, made)
            else:
                made = one.finished
                self._check_finished(one.output, made, one.digests)
                self._ids.add(np.frombuffer(made.ids, dtype=np.uint64))
                self._watch.done(made.report.documents, made.report.rejected)
            self._count_output(one.output, made)

    def _count_output(self, output: str, made: FinishedOutput) -> None:
        """Add what was counted in an output that has its files."""
        self.counts.merge(made)
        said = {"output": output, "documents": made.report.documents, "rejected": made.report.rejected}
        log.info("output done", extra=said)

    def _check_finished(self, output: str, finished: FinishedOutput, digests: Sequence[str]) -> None:
        """Raise `WriteError` where the files of an earlier run are gone, or made of another input."""
        gone = next((name for name in finished.files if not (self._folder / name).exists()), None)
        if gone or finished.digests != digests:
            what = f"{self._folder / gone}: is gone" if gone else f"{output}: its input is another"
            raise WriteError(f"{what} since the run that is to go on has made it; begin anew without --resume")

"""Shards over the processors of this machine, each worker a process that may die without the run."""

import multiprocessing
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import islice
from multiprocessing.connection import wait
from multiprocessing.context import ForkContext, SpawnContext

from cleaner.workers.process import Result, Shard, Work, Worker

Again = Callable[[Shard, int, str], Shard]
"""The shard to do instead of one on which a worker died: the shard, the place it was at, and why it died."""

MIN_WAIT_SECONDS, MAX_WAIT_SECONDS = 0.01, 1.0
"""Limits of one wait for news: the first keeps an overdue worker from making a busy loop, the second lets workers that
come to a new place meanwhile be timed from there."""


def run_shards(
    work: Work[Shard, Result], shards: Iterable[Shard], workers: int, limit: float, again: Again[Shard]
) -> Generator[tuple[Shard, Result], None, None]:
    """Each shard with the result of the work on it, as they are done.

    Shards are asked for only as they are needed, one ahead for each worker.  A worker that dies, or stays at one place
    for more than `limit` seconds and is killed for it, is replaced, and what `again` says is done in place of its
    shard.  An exception of the work is raised here, and `ChildProcessError` where no worker can be started.
    """
    context = _choose_context()
    crew: list[Worker[Shard, Result]] = []
    waiting: deque[Shard] = deque()
    source = iter(shards)
    try:
        for _ in range(workers):
            crew.append(_start_worker(context, work, crew))
        while True:
            waiting.extend(islice(source, max(0, workers - len(waiting))))
            for worker in crew:
                if worker.shard is None and waiting:
                    worker.give_shard(waiting.popleft())
            waiting.extend(islice(source, max(0, workers - len(waiting))))
            busy = [worker for worker in crew if worker.shard is not None]
            if not busy:
                return
            for worker in _wait_for_workers(busy, limit):
                shard = worker.shard
                assert shard is not None
                try:
                    result = worker.take_result()
                except EOFError:
                    why = worker.explain_end(limit)
                    crew.remove(worker)
                    crew.append(_start_worker(context, work, crew))
                    waiting.appendleft(again(shard, worker.place, why))
                else:
                    yield shard, result
    finally:
        for worker in crew:
            worker.close()


def _start_worker(
    context: ForkContext | SpawnContext, work: Work[Shard, Result], crew: Sequence[Worker[Shard, Result]]
) -> Worker[Shard, Result]:
    """One more worker beside this crew; raises `ChildProcessError` where the machine has no room for it."""
    try:
        return Worker(context, work, crew)
    except OSError as error:
        raise ChildProcessError(f"no more than {len(crew)} workers can be started: {error.strerror}") from error


def _wait_for_workers(busy: Sequence[Worker[Shard, Result]], limit: float) -> Iterator[Worker[Shard, Result]]:
    """Wait for news, and give the workers that have a result, that are dead, or that are killed here for their time."""
    left = min(worker.since + limit for worker in busy) - time.monotonic()
    ends = [end for worker in busy for end in (worker.connection, worker.process.sentinel)]
    ready = set(wait(ends, min(max(left, MIN_WAIT_SECONDS), MAX_WAIT_SECONDS)))
    for worker in busy:
        if not ready.isdisjoint((worker.connection, worker.process.sentinel)):
            yield worker
        elif worker.since + limit < time.monotonic():
            worker.late = True
            worker.kill()
            yield worker


def _choose_context() -> ForkContext | SpawnContext:
    """How processes begin: as copies of this one where that is quick and safe, else from nothing.

    Forked, a worker has the rules and models at once (spawned, it takes a second to load them); a process with several
    threads must not fork, for a copy of another thread's lock is never released.
    """
    if sys.platform == "linux" and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("spawn")

"""Shards over the processors of this machine."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from cleaner.engines import collect_seldom

Shard = TypeVar("Shard")
Result = TypeVar("Result")


def run(work: Callable[[Shard], Result], shards: Iterable[Shard], workers: int) -> Generator[Result, None, None]:
    """The results of the work on each shard, in the order of the shards.

    Shards are asked for only as they are needed, two for each worker.  One worker is this process itself.  Raises
    `ChildProcessError` when a worker dies.
    """
    if workers == 1:
        yield from map(work, shards)
        return
    # spawn is the one way to start a process that every platform has, and that is safe beside threads
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _begin)
    waiting: deque[Future[Result]] = deque()
    try:
        for shard in shards:
            waiting.append(pool.submit(work, shard))
            if len(waiting) >= 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise ChildProcessError("a worker process died, perhaps for want of memory; run with fewer workers") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """What a worker does first: leave interrupts to the parent, and collect garbage seldom."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()

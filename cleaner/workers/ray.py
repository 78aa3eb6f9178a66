"""Shards over a Ray cluster; results come back to this machine, which alone writes."""

import faulthandler
import os
from collections import deque
from collections.abc import Generator, Iterable

import ray
from ray import ObjectRef
from ray.exceptions import RayError, RayTaskError

from cleaner.workers import collect_seldom, pool
from cleaner.workers.pool import Again
from cleaner.workers.process import Result, Shard, Work

MAX_RETRIES = 2
"""How often a shard is done again elsewhere when its process or its node dies."""

SHARDS_PER_WORKER = 2
"""Shards that are with the cluster for each worker: one at work, and one on its way."""


def run_shards(
    work: Work[Shard, Result], shards: Iterable[Shard], workers: int, limit: float, again: Again[Shard]
) -> Generator[tuple[Shard, Result], None, None]:
    """Each shard with the result of the work on it, as they are done, as `pool.run_shards` does it.

    Works on the cluster that this process is connected to or that RAY_ADDRESS names, else on one of this machine with
    so many workers.  A shard on which several processes died is done on this machine, where one document can be told
    from another.  Raises `ImportError` without Ray.
    """
    begun = not ray.is_initialized()
    if begun:
        here = None if "RAY_ADDRESS" in os.environ else workers
        ray.init(num_cpus=here, include_dashboard=False, log_to_driver=False)
    try:
        task = ray.remote(max_retries=MAX_RETRIES, num_cpus=1)(_run_task)
        job = ray.put((work, limit))
        source = iter(shards)
        waiting: dict[ObjectRef, Shard] = {}
        lost: deque[Shard] = deque()
        while True:
            while len(waiting) < SHARDS_PER_WORKER * workers and (shard := next(source, None)) is not None:
                waiting[task.remote(job, shard)] = shard
            if not waiting:
                break
            for done in ray.wait(list(waiting), num_returns=1)[0]:
                shard = waiting.pop(done)
                try:
                    result = ray.get(done)
                except RayTaskError as error:
                    raise error.cause from error
                except RayError:
                    lost.append(shard)
                else:
                    yield shard, result
        yield from pool.run_shards(work, lost, 1, limit, again)
    finally:
        if begun:
            ray.shutdown()


def _run_task(job: tuple[Work[Shard, Result], float], shard: Shard) -> Result:
    """A task: the work on one shard, in a process that ends itself when it stays at one place too long."""
    work, limit = job
    collect_seldom()

    def mark(place: int) -> None:
        # a thread that needs no interpreter, so that nothing can hold it up
        faulthandler.dump_traceback_later(limit, exit=True)

    try:
        return work(shard, mark)
    finally:
        faulthandler.cancel_dump_traceback_later()

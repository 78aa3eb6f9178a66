"""Workers of this machine: what they do, and what becomes of work on which they die."""

import os
import signal
import time
from multiprocessing import active_children

import pytest

from cleaner.workers import pool
from cleaner.workers.process import PLACE_OUTSIDE_SHARD, Mark

Shard = tuple[int, ...]


def work(shard: Shard, mark: Mark) -> int:
    """The sum of a shard; some numbers are poison."""
    for place, number in enumerate(shard):
        mark(place)
        if number == 666:
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 667:
            time.sleep(3600)
        if number == 668:
            raise ValueError("this is no number")
    return sum(shard)


def without(shard: Shard, place: int, why: str) -> Shard:
    """The shard without what the worker died of."""
    assert why
    return shard[:place] + shard[place + 1 :]


def results(shards: list[Shard], workers: int = 2, limit: float = 60) -> list[int]:
    """The results in the order of their size."""
    return sorted(result for _, result in pool.run_shards(work, shards, workers, limit, without))


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_each_shard_is_done_once(workers: int) -> None:
    assert results([(number, number) for number in range(20)], workers) == [2 * number for number in range(20)]


def test_shards_are_asked_for_only_as_they_are_needed() -> None:
    asked = []

    def shards() -> object:
        for i in range(1000):
            asked.append(i)
            yield (i,)

    done = pool.run_shards(work, shards(), 2, 60, without)  # type: ignore[arg-type]
    next(done)
    done.close()
    assert len(asked) <= 5


def test_a_worker_that_dies_costs_no_more_than_what_it_died_of() -> None:
    assert results([(1, 2), (3, 666, 4), (5, 6), (666,), (7,)]) == [0, 3, 7, 7, 11]


def test_a_worker_that_stays_at_one_place_is_killed_for_it() -> None:
    assert results([(1, 2), (3, 667, 4)], limit=0.3) == [3, 7]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_exception_of_the_work_ends_the_run(workers: int) -> None:
    with pytest.raises(ValueError, match="no number"):
        results([(1, 2), (3, 668, 4)], workers)


def test_no_worker_outlives_the_run() -> None:
    done = pool.run_shards(work, [(number,) for number in range(100)], 2, 60, without)
    next(done)
    assert len(active_children()) == 2
    done.close()
    assert not active_children()


def idle_death(shard: Shard, mark: Mark) -> int:
    """Work that dies behind its last place."""
    mark(0)
    mark(PLACE_OUTSIDE_SHARD)
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def test_a_worker_that_dies_behind_its_shard_died_of_no_place_in_it() -> None:
    shards: list[Shard] = [(1,)]
    places = []

    def again(shard: Shard, place: int, why: str) -> Shard:
        places.append(place)
        raise ValueError(why)

    with pytest.raises(ValueError, match="SIGKILL"):
        next(pool.run_shards(idle_death, shards, 1, 60, again))
    assert places == [PLACE_OUTSIDE_SHARD]

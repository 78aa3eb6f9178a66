"""Shards over the processors of this machine, each worker a process that may die without the run."""

import ctypes
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from cleaner.workers import collect_seldom

Shard = TypeVar("Shard")
Result = TypeVar("Result")

Mark = Callable[[int], None]
"""What a worker calls with the place, in its shard, of what it turns to."""

PLACE_OUTSIDE_SHARD = -1
"""The place of a worker that is before or behind its shard."""

Again = Callable[[Shard, int, str], Shard]
"""The shard to do instead of one on which a worker died: the shard, the place it was at, and why it died."""

_PR_SET_PDEATHSIG = 1
"""PR_SET_PDEATHSIG of Linux' prctl: the signal that a process gets when its parent has died."""


def run_shards(
    work: Callable[[Shard, Mark], Result], shards: Iterable[Shard], workers: int, limit: float, again: Again[Shard]
) -> Generator[tuple[Shard, Result], None, None]:
    """Each shard with the result of the work on it, as they are done.

    Shards are asked for only as they are needed, one ahead for each worker.  A worker that dies, or stays at one place
    for more than `limit` seconds and is killed for it, is replaced, and what `again` says is done in place of its
    shard.  An exception of the work is raised here, and `ChildProcessError` where no worker can be started.
    """
    context = _choose_context()
    crew: list[_Worker[Shard, Result]] = []
    waiting: deque[Shard] = deque()
    source = iter(shards)
    try:
        for _ in range(workers):
            crew.append(_Worker(context, work, crew))
        while True:
            _fill_waiting(waiting, source, workers)
            for worker in crew:
                if worker.shard is None and waiting:
                    worker.give_shard(waiting.popleft())
            _fill_waiting(waiting, source, workers)
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
                    crew[crew.index(worker)] = _Worker(context, work, [one for one in crew if one is not worker])
                    waiting.appendleft(again(shard, worker.place, why))
                else:
                    yield shard, result
    finally:
        for worker in crew:
            worker.kill()


def _fill_waiting(waiting: deque[Shard], source: Iterator[Shard], workers: int) -> None:
    while len(waiting) < workers:
        try:
            waiting.append(next(source))
        except StopIteration:
            return


def _wait_for_workers(busy: "Sequence[_Worker[Any, Any]]", limit: float) -> "Iterator[_Worker[Any, Any]]":
    """Workers that have something to say, that are dead or that have been killed for their time."""
    left = min(worker.since + limit for worker in busy) - time.monotonic()
    ends = [end for worker in busy for end in (worker.connection, worker.process.sentinel)]
    said = set(wait(ends, min(max(left, 0.01), 1.0)))
    for worker in busy:
        if worker.connection in said or worker.process.sentinel in said:
            yield worker
        elif worker.since + limit < time.monotonic():
            worker.late = True
            worker.kill()
            yield worker


class _Worker(Generic[Shard, Result]):
    """A process that does one shard after the other."""

    def __init__(self, context: Any, work: Callable[[Shard, Mark], Result], others: "Sequence[_Worker[Any, Any]]"):
        self.shard: Shard | None = None
        self.late = False
        self._at = context.RawArray("d", 2)
        try:
            self.connection, theirs = context.Pipe()
            self._start_process(context, work, theirs, others)
        except OSError as error:
            raise ChildProcessError(f"no more than {len(others)} workers can be started: {error.strerror}") from error

    def _start_process(
        self, context: Any, work: Any, theirs: Connection, others: "Sequence[_Worker[Any, Any]]"
    ) -> None:
        ours = [one.connection for one in others] + [self.connection]
        # a forked worker has copies of our ends, and would never hear that we are gone
        inherited = ours if context.get_start_method() == "fork" else []
        self.process = context.Process(target=_serve_shards, args=(work, theirs, self._at, inherited), daemon=True)
        self.process.start()
        theirs.close()

    @property
    def place(self) -> int:
        """Where in its shard the worker is, or was when it died; `PLACE_OUTSIDE_SHARD` before and behind it."""
        return int(self._at[0])

    @property
    def since(self) -> float:
        """When it came there; for one that has not begun, in the far future."""
        return self._at[1] or float("inf")

    def give_shard(self, shard: Shard) -> None:
        """Let it begin; a dead worker takes its shard along like one that dies at once."""
        self.shard = shard
        self._at[:] = PLACE_OUTSIDE_SHARD, 0
        with suppress(OSError):
            self.connection.send(shard)

    def take_result(self) -> Result:
        """The result of its shard; raises what the work raised, and `EOFError` for a dead worker."""
        if self.late or not (self.connection.poll() or self.process.is_alive()):
            raise EOFError
        try:
            done, result = self.connection.recv()
        except OSError as error:
            raise EOFError from error
        self.shard = None
        if not done:
            raise result
        return result  # type: ignore[no-any-return]

    def explain_end(self, limit: float) -> str:
        """How it came to its end."""
        self.kill()
        if self.late:
            return f"a worker took longer than {limit:g} seconds"
        code = self.process.exitcode or 0
        how = f"with {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        return f"a worker process died {how}" + (", perhaps for want of memory" if code == -9 else "")

    def kill(self) -> None:
        """End it at once: whatever it writes has no name yet."""
        self.process.kill()
        self.process.join()
        self.connection.close()


def _choose_context() -> Any:
    """How processes begin: as copies of this one where that is quick and safe, else from nothing."""
    copies = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if copies else "spawn")


def _serve_shards(
    work: Callable[[Shard, Mark], Result], connection: Connection, at: Any, inherited: Sequence[Connection]
) -> None:
    """What a worker does until nobody wants anything of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent(os.getppid())
    collect_seldom()
    for end in inherited:
        end.close()

    def mark(place: int) -> None:
        at[:] = place, time.monotonic()

    while True:
        try:
            shard = connection.recv()
        except EOFError:
            return
        mark(PLACE_OUTSIDE_SHARD)
        answer: tuple[bool, Any]
        try:
            answer = True, work(shard, mark)
        except Exception as error:
            answer = False, _ensure_picklable(error)
        at[:] = PLACE_OUTSIDE_SHARD, 0
        try:
            connection.send(answer)
        except BrokenPipeError:
            return


def _end_with_parent(parent: int) -> None:
    """A worker must not go on writing after its parent was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _ensure_picklable(error: Exception) -> Exception:
    """The error as it can be sent to another process."""
    try:
        pickle.loads(pickle.dumps(error))
        return error
    except Exception:
        return RuntimeError(repr(error))

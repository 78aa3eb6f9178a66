"""Workers that answer one request at a time, for an asyncio server: a late or dead one costs its request alone.

Neither pool of the known libraries is enough: `ProcessPoolExecutor` is broken for all by one dead worker and has no
time limits, and pebble's pool (5.2) is broken by a worker that dies while it waits for work.
"""

import asyncio
import logging
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from cleaner.serve.answer import HTML, TEXT, Answer, CleanRequest, process_request
from cleaner.settings import Settings
from cleaner.workers.process import Mark, Worker

Result = TypeVar("Result")
_RequestWorker = Worker[CleanRequest, Answer]

RESTART_PAUSE_SECONDS = 1.0
"""Seconds between two attempts to start a process, where the machine has no room for one."""

WARM_UP_REQUESTS = (
    CleanRequest(TEXT, "", b"The council met on Monday, and voted for the second ferry."),
    CleanRequest(TEXT, "", b"{}"),
    CleanRequest(TEXT, "", "Der Fährmann grüßt die Gäste.".encode("cp1252")),
    CleanRequest(
        HTML, "", b"<html><body><p>The council met on Monday, and voted for the second ferry.</p></body></html>"
    ),
)
"""What a worker answers before it counts as free: each of these loads rules or models, some for seconds, at its first
use."""

_log = logging.getLogger(__name__)
# the server has threads, so its processes must not be forked
_spawn_context = multiprocessing.get_context("spawn")


class Busy(Exception):
    """No worker became free within the time limit."""


class Late(Exception):
    """The worker was not done within the time limit, and is killed."""


class Died(Exception):
    """The worker died over the request."""


def _answer_request(settings: Settings, request: CleanRequest, mark: Mark) -> Answer:
    """The work of a worker; it says nothing of its place, for the server itself watches the time."""
    return process_request(settings, request)


class Pool:
    """Workers, and the requests that wait for one.

    `workers` is how many there are and `busy` how many have a request.  A request waits at most `seconds` for a worker,
    and a worker has as many for its answer.  Each pipe is waited for in a thread.
    """

    def __init__(self, settings: Settings, workers: int, seconds: float) -> None:
        self._work = partial(_answer_request, settings)
        self._seconds = seconds
        self._free: asyncio.Queue[_RequestWorker] = asyncio.Queue()
        self._all: set[_RequestWorker] = set()
        self._closed = False
        self._starting: set[asyncio.Task[None]] = set()
        # a worker ends with the thread that started it: these live as long as the pool
        self._threads = ThreadPoolExecutor(workers, "worker")
        self.workers = workers
        self.busy = 0

    async def start(self) -> None:
        """Start all workers; raises `EOFError` or `OSError` when one cannot start."""
        for worker in await asyncio.gather(*(self._run_in_thread(self._start_worker) for _ in range(self.workers))):
            self._free.put_nowait(worker)

    def close(self) -> None:
        """Kill all workers, also those that are about to start; requests that are inside get `Died`."""
        self._closed = True
        for task in self._starting:
            task.cancel()
        for worker in list(self._all):
            worker.kill()
        self._threads.shutdown(wait=False)

    async def ask(self, request: CleanRequest) -> Answer:
        """The answer of the next free worker; raises `Busy`, `Late` and `Died`.

        A worker that is late or dead is replaced; so is one whose request the server has given up, for its answer
        would be taken for that of the next request.
        """
        try:
            async with asyncio.timeout(self._seconds):
                worker = await self._take_living_worker()
        except TimeoutError:
            raise Busy from None
        self.busy += 1
        done = False
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._run_in_thread(partial(_ask_worker, worker, request))
            done = True
        except TimeoutError:
            raise Late from None
        except (EOFError, OSError):
            raise Died from None
        finally:
            self.busy -= 1
            # also when the server itself gives up on the request
            self._free.put_nowait(worker) if done else self._replace_worker(worker)
        return answer

    async def _take_living_worker(self) -> _RequestWorker:
        """The next free worker that has not died while it waited."""
        while not (worker := await self._free.get()).process.is_alive():
            self._replace_worker(worker)
        return worker

    def _replace_worker(self, worker: _RequestWorker) -> None:
        """Kill a worker that is late or dead, and let another start in its place."""
        self._all.discard(worker)
        code = worker.process.exitcode
        worker.kill()
        if self._closed:
            return
        why = "is killed: not done in time" if code is None else f"ended with exit code {code}"
        _log.warning("worker %s %s; another is started", worker.process.pid, why)
        task = asyncio.create_task(self._start_another())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _start_another(self) -> None:
        """Start a worker, however many attempts that takes: until then the server has one less."""
        while True:
            try:
                self._free.put_nowait(await self._run_in_thread(self._start_worker))
                return
            except (EOFError, OSError):
                await asyncio.sleep(RESTART_PAUSE_SECONDS)

    def _start_worker(self) -> _RequestWorker:
        """A worker with everything loaded; blocks meanwhile.  Raises `EOFError` or `OSError` when it cannot start."""
        worker: _RequestWorker = Worker(_spawn_context, self._work)
        self._all.add(worker)
        try:
            for request in WARM_UP_REQUESTS:
                _ask_worker(worker, request)
        except BaseException:
            self._all.discard(worker)
            worker.kill()
            raise
        if self._closed:
            worker.kill()
        return worker

    async def _run_in_thread(self, call: Callable[[], Result]) -> Result:
        """What blocks, without blocking the server."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


def _ask_worker(worker: _RequestWorker, request: CleanRequest) -> Answer:
    """Wait for the answer; raises `EOFError` when the process ends before."""
    worker.give_shard(request)
    return worker.take_result()

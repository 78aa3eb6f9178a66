"""Processes that answer one request at a time, and may be killed: a late or dead one costs its request alone.

Neither pool of the known libraries is enough: `ProcessPoolExecutor` is broken for all by one dead worker and has no
time limits, and pebble's pool (5.2) is broken by a worker that dies while it waits for work.
"""

import asyncio
import logging
import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import TypeVar

import msgspec

from cleaner.pipeline.settings import Settings
from cleaner.serve.answer import HTML, TEXT, Answer, CleanRequest, process_request
from cleaner.workers import collect_seldom

Result = TypeVar("Result")

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
"""What a worker does before it is ready: each of these loads rules or models, some for seconds, at its first use."""

_log = logging.getLogger(__name__)
_spawn_context = multiprocessing.get_context("spawn")


class Busy(Exception):
    """No worker became free within the time limit."""


class Late(Exception):
    """The worker was not done within the time limit, and is killed."""


class Died(Exception):
    """The worker died over the request."""


class Worker:
    """A process with everything loaded, and the pipe to it.  Raises `EOFError` or `OSError` when it cannot start."""

    def __init__(self, settings: Settings) -> None:
        self._pipe, theirs = _spawn_context.Pipe()
        self.process = _spawn_context.Process(target=serve_requests, args=(theirs, settings), daemon=True)
        try:
            self.process.start()
            # the pipe must end with the process, so nobody else may hold that end
            theirs.close()
            self._pipe.recv_bytes()
        except BaseException:
            theirs.close()
            self.kill()
            raise

    def ask(self, request: bytes) -> bytes:
        """Wait for the answer; raises `EOFError` or `OSError` when the process ends before."""
        self._pipe.send_bytes(request)
        return self._pipe.recv_bytes()

    def kill(self) -> None:
        """End the process, whatever it does; who waits for its answer gets an error."""
        if self.process.pid is not None:
            self.process.kill()


def serve_requests(pipe: "Connection[bytes, bytes]", settings: Settings) -> None:
    """Answer requests until the pipe ends, which it does with the server; only the server ends a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    collect_seldom()
    for request in WARM_UP_REQUESTS:
        process_request(settings, request)
    asked, encoded = msgspec.msgpack.Decoder(CleanRequest).decode, msgspec.msgpack.Encoder().encode
    try:
        pipe.send_bytes(b"ready")
        while True:
            pipe.send_bytes(encoded(process_request(settings, asked(pipe.recv_bytes()))))
    except (EOFError, OSError):
        return


class Pool:
    """Workers, and the requests that wait for one."""

    def __init__(self, settings: Settings, workers: int, seconds: float) -> None:
        self._settings = settings
        self._seconds = seconds
        self._free: asyncio.Queue[Worker] = asyncio.Queue()
        self._all: set[Worker] = set()
        self._closed = False
        self._starting: set[asyncio.Task[None]] = set()
        self._threads = ThreadPoolExecutor(workers, "worker")
        self.workers = workers
        self.busy = 0

    async def start(self) -> None:
        """Start all workers; raises `EOFError` or `OSError` when one cannot start."""
        for worker in await asyncio.gather(*(self._run_in_thread(self._start_worker) for _ in range(self.workers))):
            self._free.put_nowait(worker)

    def close(self) -> None:
        """Kill all workers, also those that are about to start."""
        self._closed = True
        for task in self._starting:
            task.cancel()
        for worker in list(self._all):
            worker.kill()
        self._threads.shutdown(wait=False)

    async def ask(self, request: CleanRequest) -> Answer:
        """The answer of the next free worker; raises `Busy`, `Late` and `Died`."""
        try:
            async with asyncio.timeout(self._seconds):
                worker = await self._take_living_worker()
        except TimeoutError:
            raise Busy from None
        self.busy += 1
        done = False
        try:
            async with asyncio.timeout(self._seconds):
                said = await self._run_in_thread(lambda: worker.ask(msgspec.msgpack.encode(request)))
            done = True
        except TimeoutError:
            raise Late from None
        except (EOFError, OSError):
            raise Died from None
        finally:
            self.busy -= 1
            # also when the server itself gives up on the request
            self._free.put_nowait(worker) if done else self._replace_worker(worker)
        return msgspec.msgpack.decode(said, type=Answer)

    async def _take_living_worker(self) -> Worker:
        """The next free worker that has not died while it waited."""
        while not (worker := await self._free.get()).process.is_alive():
            self._replace_worker(worker)
        return worker

    def _replace_worker(self, worker: Worker) -> None:
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
        while True:
            try:
                self._free.put_nowait(await self._run_in_thread(self._start_worker))
                return
            except (EOFError, OSError):
                await asyncio.sleep(RESTART_PAUSE_SECONDS)

    def _start_worker(self) -> Worker:
        worker = Worker(self._settings)
        self._all.add(worker)
        if self._closed:
            worker.kill()
        return worker

    async def _run_in_thread(self, call: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

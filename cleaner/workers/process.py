"""One worker: a process that does one piece of work after the other, and that may die without harm to this process."""

import ctypes
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, SpawnContext
from typing import Generic, NamedTuple, TypeVar

from cleaner.workers import collect_seldom

Shard = TypeVar("Shard")
"""What a worker is given at a time: a part of a run's input, or a request to the server.  It can be pickled."""

Result = TypeVar("Result")
"""What the work makes of it.  It can be pickled too."""

Mark = Callable[[int], None]
"""What the work calls with the place, in its shard, of the document that it turns to."""

Work = Callable[[Shard, Mark], Result]
"""What a worker does with a shard.  Where processes are spawned, it can be pickled."""

PLACE_OUTSIDE_SHARD = -1
"""The place of a worker that is before or behind its shard."""

_PR_SET_PDEATHSIG = 1
"""PR_SET_PDEATHSIG of Linux' prctl: the signal that a process gets when its parent has died."""


class _Failure(NamedTuple):
    """What comes through the pipe instead of a result when the work raised."""

    error: Exception


class Worker(Generic[Shard, Result]):
    """A process, and our end of the pipe to it.

    `shard` is what it works on, None while it waits; `late` is set by whoever kills it for its time.
    """

    def __init__(
        self,
        context: ForkContext | SpawnContext,
        work: Work[Shard, Result],
        siblings: "Iterable[Worker[Shard, Result]]" = (),
    ) -> None:
        """Start the process, which waits for its first shard.

        `siblings` are the other workers of this process.  Raises `OSError` where no process can be started.
        """
        self.shard: Shard | None = None
        self.late = False
        # shared memory: the place in the shard, and since when (seconds of `time.monotonic`; 0 for not begun)
        self._at = context.RawArray(ctypes.c_double, 2)
        self.connection, theirs = context.Pipe()
        # a forked worker has copies of our ends of all pipes; with them open it would not see that we are gone
        inherited = [one.connection for one in (self, *siblings)] if isinstance(context, ForkContext) else []
        self.process = context.Process(target=_do_shards, args=(work, theirs, self._at, inherited), daemon=True)
        self.process.start()
        # the pipe ends with the worker only if nobody else holds its end
        theirs.close()

    @property
    def place(self) -> int:
        """Where in its shard the worker is, or was when it died; `PLACE_OUTSIDE_SHARD` before and behind it."""
        return int(self._at[0])

    @property
    def since(self) -> float:
        """When it came there, as `time.monotonic` counts; infinity for one that has not begun."""
        return self._at[1] or float("inf")

    def give_shard(self, shard: Shard) -> None:
        """Let it begin.  A dead worker takes the shard without an error: `take_result` raises then."""
        self.shard = shard
        self._at[:] = [PLACE_OUTSIDE_SHARD, 0]
        with suppress(OSError):
            self.connection.send(shard)

    def take_result(self) -> Result:
        """Wait for the result of its shard; raises what the work raised, and `EOFError` for a dead or late worker."""
        if self.late or not (self.connection.poll() or self.process.is_alive()):
            raise EOFError
        answer: Result | _Failure
        try:
            answer = self.connection.recv()
        except OSError as error:
            raise EOFError from error
        self.shard = None
        if isinstance(answer, _Failure):
            raise answer.error
        return answer

    def explain_end(self, limit: float) -> str:
        """How it came to its end, as a sentence; `limit` is the time limit in seconds."""
        self.close()
        if self.late:
            return f"a worker took longer than {limit:g} seconds"
        code = self.process.exitcode or 0
        how = f"with {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        return f"a worker process died {how}" + (", perhaps for want of memory" if code == -signal.SIGKILL else "")

    def kill(self) -> None:
        """Send SIGKILL, and do not wait: a thread in `take_result` gets `EOFError`.  What it writes has no name yet."""
        self.process.kill()

    def close(self) -> None:
        """Kill the process, wait for its end and close the pipe; no thread may be in `take_result`."""
        self.kill()
        self.process.join()
        self.connection.close()


def _do_shards(
    work: Work[Shard, Result],
    connection: "Connection[Result | _Failure, Shard]",
    at: "ctypes.Array[ctypes.c_double]",
    inherited: "Iterable[Connection[Shard, Result]]",
) -> None:
    """What a worker process runs: shards in and results out, until the other end of the pipe is closed.

    Signals that end a process group end the parent; it decides what becomes of its workers.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    _end_with_parent(os.getppid())
    collect_seldom()
    for end in inherited:
        end.close()

    def mark(place: int) -> None:
        at[:] = [place, time.monotonic()]

    # EOFError and OSError: the parent has closed its end, or is gone
    with suppress(EOFError, OSError):
        while True:
            shard = connection.recv()
            mark(PLACE_OUTSIDE_SHARD)
            answer = _attempt_work(work, shard, mark)
            at[:] = [PLACE_OUTSIDE_SHARD, 0]
            connection.send(answer)


def _attempt_work(work: Work[Shard, Result], shard: Shard, mark: Mark) -> Result | _Failure:
    """The result of the work, or what it raised."""
    try:
        return work(shard, mark)
    except Exception as error:
        return _Failure(_ensure_picklable(error))


def _end_with_parent(parent: int) -> None:
    """Let the kernel kill this process when the thread that started it ends: a worker must not write after its run.

    `parent` is the process id of the parent as it was before; another one now means that it has died meanwhile.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _ensure_picklable(error: Exception) -> Exception:
    """The error, or one with the same text where it cannot be pickled."""
    try:
        pickle.loads(pickle.dumps(error))
        return error
    except Exception:
        return RuntimeError(repr(error))

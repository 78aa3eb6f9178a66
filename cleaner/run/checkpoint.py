"""Shards that are done, each in a file of its own until its output is whole: what a run can go on from."""

import base64
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from cleaner.errors import WriteError
from cleaner.io.atomic import STORE_FOLDER, wrap_os_error
from cleaner.io.json import encode_json
from cleaner.readers.own_records import decode_json
from cleaner.run.report import Report
from cleaner.run.shards import Shard, UnreadPart, hash_part
from cleaner.run.worker import ShardResult

try:
    from fcntl import LOCK_EX, LOCK_NB, lockf
except ImportError:  # Windows, where nothing keeps two runs apart
    lockf = None  # type: ignore[assignment]


class Footer(Struct):
    """The end of a shard's file: what the shard was, and what stands before, one after the other."""

    digest: str
    records: int
    edits: int
    rejected: int
    signatures: int
    index: list[tuple[str, int, int]]
    report: Report
    times: dict[int, int]


class FinishedOutput(Struct):
    """An output that has its files: the digests of its shards, and all that was counted in it."""

    digests: list[str]
    files: list[str]
    ids: bytes
    report: Report
    times: dict[int, int]


_finished_decoder = msgspec.msgpack.Decoder(FinishedOutput)


@contextmanager
def open_store(output: Path, run: str, made_by: str, resume: bool) -> "Iterator[Store]":
    """The store of a run, kept from every other run meanwhile.

    `run` tells the run's inputs and `made_by` its rules and options; without `resume`, what lies there goes.  Raises
    `WriteError`: also when a run with other rules or options, or one that is still at work, lies there.
    """
    path = output / STORE_FOLDER / run
    said = path / "run"
    try:
        path.mkdir(parents=True, exist_ok=True)
        with open(path / "lock", "wb") as lock:
            _lock_run(lock, output)
            known = said.read_text() if resume and said.exists() else ""
            if known and known != made_by:
                raise WriteError(
                    f"{output}: the unfinished run there was begun with other rules, options or version; "
                    "go on with those, or begin anew without --resume"
                )
            if not known:
                # first of all: shards count only beside it
                said.unlink(missing_ok=True)
                for old in path.iterdir():
                    if old.is_dir():
                        shutil.rmtree(old)
                    elif old.name != "lock":
                        old.unlink()
                with _write_atomically(said) as file:
                    file.write(made_by.encode())
            store = Store(path)
            try:
                yield store
            except BaseException:
                # a run that could not even begin leaves nothing
                if path.exists() and {one.name for one in path.iterdir()} <= {"lock", said.name}:
                    store.remove()
                raise
    except OSError as error:
        raise wrap_os_error(path, error) from error


def _lock_run(lock: BinaryIO, output: Path) -> None:
    if lockf is None:
        return
    try:
        lockf(lock, LOCK_EX | LOCK_NB)
    except OSError:
        raise WriteError(
            f"{output}: another run of the same input is at work there; wait for it, or choose another --output"
        ) from None


class Store(Struct, frozen=True):
    """The folder of a run."""

    path: Path

    # ------------------------------------------------------------ shards

    def read_report(self, shard: Shard, digest: str) -> Report | None:
        """What was done to a shard of this digest before; None when it was not, or another was."""
        try:
            with open(self._name_file(shard.output, shard.number), "rb") as file:
                footer = _read_footer(file)
        except (OSError, msgspec.MsgspecError, ValueError):  # not there, or not whole after all
            return None
        return footer.report if footer.digest == digest else None

    def keep_shard(self, shard: Shard, result: ShardResult) -> None:
        """Write a shard's result; it gets its name when all of it is on the disk."""
        parts = result.records, result.edits, result.rejected, result.signatures
        records, edits, rejected, signatures = (sum(map(len, lines)) for lines in parts)
        with _write_atomically(self._name_file(shard.output, shard.number)) as file:
            for lines in parts:
                file.writelines(lines)
            _write_footer(
                file,
                Footer(
                    hash_part(shard), records, edits, rejected, signatures, result.index, result.report, result.times
                ),
            )

    def keep_unread(self, unread: UnreadPart) -> str:
        """Write a part that holds no document, never all of it in memory; returns its digest."""
        report = Report()
        report.reject(unread.rejected.reason)
        line = encode_json(unread.rejected)
        seen = hashlib.blake2b(unread.rejected.reason.encode("utf-8", "replace"), digest_size=16)
        with _write_atomically(self._name_file(unread.output, unread.number)) as file:
            if unread.chunks is None:
                file.write(line + b"\n")
            else:
                file.write(line.removesuffix(b'"}'))
                file.writelines(_encode_base64(unread.chunks, seen.update))
                file.write(b'"}\n')
            _write_footer(file, Footer(seen.hexdigest(), 0, 0, file.tell(), 0, [], report, {}))
        return seen.hexdigest()

    @contextmanager
    def open_shard(self, output: str, number: int) -> Iterator[tuple[Footer, BinaryIO]]:
        """A shard's footer, and its file at the first record."""
        with open(self._name_file(output, number), "rb") as file:
            footer = _read_footer(file)
            file.seek(0)
            yield footer, file

    def _name_file(self, output: str, number: int) -> Path:
        return self._name_folder(output) / f"{number:06}.shard"

    def _name_folder(self, output: str) -> Path:
        # the name of an output can be a path, or too long for one
        return self.path / hashlib.blake2b(output.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    # ------------------------------------------------------------ outputs

    def mark_finished(self, output: str, finished: FinishedOutput) -> None:
        """An output has its files: its shards are no longer needed."""
        with _write_atomically(self._name_folder(output).with_suffix(".finished")) as file:
            file.write(msgspec.msgpack.encode(finished))
        shutil.rmtree(self._name_folder(output), ignore_errors=True)

    def read_finished(self, output: str) -> FinishedOutput | None:
        """What is known of an output that has its files."""
        try:
            return _finished_decoder.decode(self._name_folder(output).with_suffix(".finished").read_bytes())
        except (OSError, msgspec.MsgspecError):
            return None

    @contextmanager
    def lock_outputs(self) -> Iterator[None]:
        """Keeps other runs from making files below the same output meanwhile; waits for one that does."""
        with open(self.path.parent / "lock", "wb") as lock:
            if lockf is not None:
                lockf(lock, LOCK_EX)
            yield

    def remove(self) -> None:
        """The run is over."""
        shutil.rmtree(self.path, ignore_errors=True)
        with suppress(OSError):
            # other runs may be at work beside this one
            if not any(one.is_dir() for one in self.path.parent.iterdir()):
                shutil.rmtree(self.path.parent)


@contextmanager
def _write_atomically(path: Path) -> Iterator[BinaryIO]:
    """A file that gets its name when all of it is on the disk."""
    # another process may still write the part that a dead one left
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        with open(part, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise wrap_os_error(path, error) from error


def _write_footer(file: BinaryIO, footer: Footer) -> None:
    data = encode_json(footer)
    file.write(data + len(data).to_bytes(8, "little"))


def _read_footer(file: BinaryIO) -> Footer:
    file.seek(-8, os.SEEK_END)
    size = int.from_bytes(file.read(8), "little")
    file.seek(-8 - size, os.SEEK_END)
    return msgspec.convert(decode_json(file.read(size)), Footer, strict=False)


def _encode_base64(chunks: Iterable[bytes], tell: Callable[[bytes], None]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        tell(chunk)
        whole = rest + chunk
        end = len(whole) // 3 * 3
        yield base64.b64encode(memoryview(whole)[:end])
        rest = whole[end:]
    yield base64.b64encode(rest)

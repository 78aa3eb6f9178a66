"""Shards that are done, each in a file of its own until its output is whole: what a run can go on from.

Below the output, `.cleaner/RUN/` holds `run` (a hash of what decides the result), `lock`, for each output a folder of
`NUMBER.shard` files, and `OUTPUT.finished` in place of that folder once the output has its files.
"""

import base64
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct, field

from cleaner.errors import WriteError
from cleaner.io.atomic import Part, convert_os_errors, open_durable
from cleaner.io.file_names import STORE_FOLDER
from cleaner.io.json import encode_json
from cleaner.readers.own_records import decode_json
from cleaner.run.report import Counts, Report
from cleaner.run.results import ShardResult
from cleaner.run.shards import Shard, UnreadPart, hash_part

try:
    from fcntl import LOCK_EX, LOCK_NB, lockf
except ImportError:  # Windows, where nothing keeps two runs apart
    lockf = None  # type: ignore[assignment]

MARKER, LOCK = "run", "lock"
"""The files in a store that are no shards: the hash of what decides the result, and the lock."""

SIZE_BYTES = 8
"""Bytes at the end of a shard's file: the size of its footer, which stands before them."""


class Footer(Counts, kw_only=True):
    """The end of a shard's file: what the shard was, and what stands before, one after the other.

    `records`, `edits`, `rejected` and `signatures` are sizes in bytes; `index` is that of `ShardResult`.
    """

    digest: str
    records: int = 0
    edits: int = 0
    rejected: int = 0
    signatures: int = 0
    index: list[tuple[str, int, int]] = field(default_factory=list)


class FinishedOutput(Counts, kw_only=True):
    """An output that has its files, `files` below the output folder.

    `digests` are those of its shards, `ids` the hashes of its documents' ids as `IdRegistry.dump_hashes` gives them.
    """

    digests: list[str]
    files: list[str]
    ids: bytes


_finished_decoder = msgspec.msgpack.Decoder(FinishedOutput)


@contextmanager
def open_store(output: Path, run: str, made_by: str, resume: bool) -> "Iterator[Store]":
    """The store of a run, kept from every other run meanwhile.

    `run` is a name made of the run's inputs, and `made_by` a hash of its rules and options; without `resume`, what
    lies there goes.  Raises `WriteError`: also when a run with other rules or options, or one that is still at work,
    lies there.
    """
    store = Store(output / STORE_FOLDER / run)
    with convert_os_errors(store.path):
        store.path.mkdir(parents=True, exist_ok=True)
        with open(store.path / LOCK, "wb") as lock:
            _lock_run(lock, output)
            known = store.read_marker() if resume else ""
            if not known:
                store.clear(made_by)
            elif known != made_by:
                raise WriteError(
                    f"{output}: the unfinished run there was begun with other rules, options or version; "
                    "go on with those, or begin anew without --resume"
                )
            try:
                yield store
            except BaseException:
                # a run that could not even begin leaves nothing
                if store.path.exists() and {one.name for one in store.path.iterdir()} <= {LOCK, MARKER}:
                    store.remove()
                raise


def _lock_run(lock: BinaryIO, output: Path) -> None:
    """Take the lock of a run, which ends with this process; raises `WriteError` where another run has it."""
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

    def read_marker(self) -> str:
        """What decides the result of the run that lies here, "" where there is none."""
        marker = self.path / MARKER
        return marker.read_text() if marker.exists() else ""

    def clear(self, made_by: str) -> None:
        """Remove an earlier run, and mark the store as one of this."""
        marker = self.path / MARKER
        # before all else: a crash while clearing must leave no shards that --resume would trust
        marker.unlink(missing_ok=True)
        for old in self.path.iterdir():
            if old.is_dir():
                shutil.rmtree(old)
            elif old.name != LOCK:
                old.unlink()
        with open_durable(marker) as part:
            part.write(made_by.encode())

    def remove(self) -> None:
        """The run is over."""
        shutil.rmtree(self.path, ignore_errors=True)
        with suppress(OSError):
            # other runs may be at work beside this one
            if not any(one.is_dir() for one in self.path.parent.iterdir()):
                shutil.rmtree(self.path.parent)

    # ------------------------------------------------------------ shards

    def read_report(self, shard: Shard, digest: str) -> Report | None:
        """What was done to a shard of this digest before; None when it was not, or another was."""
        # not there, or not whole after all
        with suppress(OSError, msgspec.MsgspecError, ValueError), self.open_shard(shard.output, shard.number) as opened:
            footer, _ = opened
            return footer.report if footer.digest == digest else None
        return None

    def keep_shard(self, shard: Shard, result: ShardResult) -> None:
        """Write a shard's result; it gets its name when all of it is on the disk."""
        parts = result.records, result.edits, result.rejected, result.signatures
        records, edits, rejected, signatures = (sum(map(len, lines)) for lines in parts)
        footer = Footer(
            digest=hash_part(shard),
            records=records,
            edits=edits,
            rejected=rejected,
            signatures=signatures,
            index=result.index,
            report=result.report,
            times=result.times,
        )
        with open_durable(self._name_file(shard.output, shard.number)) as part:
            for lines in parts:
                part.writelines(lines)
            _write_footer(part, footer)

    def keep_unread(self, unread: UnreadPart) -> str:
        """Write a part that holds no document, never all of it in memory; returns its digest, that of `hash_part`."""
        report = Report()
        report.reject(unread.rejected.reason)
        line = encode_json(unread.rejected)
        total = hashlib.blake2b(unread.rejected.reason.encode("utf-8", "replace"), digest_size=16)
        with open_durable(self._name_file(unread.output, unread.number)) as part:
            if unread.chunks is None:
                part.write(line + b"\n")
            else:
                part.write(line.removesuffix(b'"}'))
                part.writelines(_encode_base64(unread.chunks, total.update))
                part.write(b'"}\n')
            _write_footer(part, Footer(digest=total.hexdigest(), rejected=part.tell(), report=report))
        return total.hexdigest()

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
        """The folder of an output's shards: a hash, for the name of an output can be a path, or too long for one."""
        return self.path / hashlib.blake2b(output.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    # ------------------------------------------------------------ outputs

    def mark_finished(self, output: str, finished: FinishedOutput) -> None:
        """An output has its files: its shards are no longer needed."""
        with open_durable(self._name_folder(output).with_suffix(".finished")) as part:
            part.write(msgspec.msgpack.encode(finished))
        shutil.rmtree(self._name_folder(output), ignore_errors=True)

    def read_finished(self, output: str) -> FinishedOutput | None:
        """What is known of an output that has its files; None for one that is not finished."""
        try:
            return _finished_decoder.decode(self._name_folder(output).with_suffix(".finished").read_bytes())
        except (OSError, msgspec.MsgspecError):
            return None

    @contextmanager
    def lock_outputs(self) -> Iterator[None]:
        """Keeps other runs from making files below the same output meanwhile; waits for one that does."""
        with open(self.path.parent / LOCK, "wb") as lock:
            if lockf is not None:
                lockf(lock, LOCK_EX)
            yield


def _write_footer(part: Part, footer: Footer) -> None:
    """End a shard's file: the footer as JSON, and its size."""
    data = encode_json(footer)
    part.write(data + len(data).to_bytes(SIZE_BYTES, "little"))


def _read_footer(file: BinaryIO) -> Footer:
    """The footer of a shard's file; raises `OSError`, `ValueError` or `MsgspecError` for a file that is not whole."""
    file.seek(-SIZE_BYTES, os.SEEK_END)
    size = int.from_bytes(file.read(SIZE_BYTES), "little")
    file.seek(-SIZE_BYTES - size, os.SEEK_END)
    return msgspec.convert(decode_json(file.read(size)), Footer, strict=False)


def _encode_base64(chunks: Iterable[bytes], see: Callable[[bytes], None]) -> Iterator[bytes]:
    """The chunks as one base64 text, in pieces; `see` is called with each chunk."""
    rest = b""
    for chunk in chunks:
        see(chunk)
        whole = rest + chunk
        # three bytes make four characters, so that pieces of base64 can stand one behind the other
        end = len(whole) // 3 * 3
        yield base64.b64encode(memoryview(whole)[:end])
        rest = whole[end:]
    yield base64.b64encode(rest)

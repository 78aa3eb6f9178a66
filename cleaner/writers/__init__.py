"""Writers: a record becomes bytes.  A format is one function in a module here, and one entry in `WRITERS`.

Importing this folder loads none of them: the command line needs the names of the formats for `--help`, while the record
and pyarrow take long to import.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cleaner.errors import WriteError, advise_install

if TYPE_CHECKING:
    from cleaner.io.compression import CompressedStream, Packing, Writable
    from cleaner.record import Article


class RecordFile(Protocol):
    """A file of records, open for more."""

    def add(self, article: "Article") -> None:
        """Take one more record."""

    def close(self) -> None:
        """Write what is still held, and the file's end; the stream below stays open."""


class _ConcatenatedRecords:
    """A file that is nothing but the bytes of its records, one behind the other."""

    def __init__(self, write: "Callable[[Article], bytes]", stream: "CompressedStream") -> None:
        self._write = write
        self._stream = stream

    def add(self, article: "Article") -> None:
        self._stream.write(self._write(article))

    def close(self) -> None:
        self._stream.close()


class OutputFormat(NamedTuple):
    """How one format is written.

    `write` gives one record as a file of its own; `many` when all documents of an input stand in one file, which is
    these bytes one behind the other and then packed, or else a `table`.  `verbatim` when the file is the lines of the
    record as they are, to be copied to `compress_stream(stream, packing)`.  `holds_edits` when there is room for the
    ledger.  `folder` is where the file stands below the output, and `readme` what the output's README.md says of the
    finished files.  `needs` is a package, and the extra with it.
    """

    write: "Callable[[Article], bytes]"
    ending: str
    many: bool = True
    packing: "Packing" = ""
    verbatim: bool = False
    holds_edits: bool = False
    table: "Callable[[Writable], RecordFile] | None" = None
    folder: str = ""
    readme: Callable[[Path], bytes] | None = None
    needs: tuple[str, str] | None = None

    def open_file(self, stream: "Writable") -> RecordFile:
        """A file of many records, open on this stream."""
        from cleaner.io.compression import compress_stream

        if self.table:
            return self.table(stream)
        return _ConcatenatedRecords(self.write, compress_stream(stream, self.packing))


def _defer_encoder(module: str, name: str) -> "Callable[[Article], bytes]":
    """The function of this name in a module of this folder, which is loaded at the first call."""

    def load_and_encode(article: "Article") -> bytes:
        encode: Callable[[Article], bytes] = getattr(import_module(f"{__name__}.{module}"), name)
        return encode(article)

    return load_and_encode


def _open_parquet(stream: "Writable") -> RecordFile:
    from cleaner.writers.parquet import ParquetRecordFile

    return ParquetRecordFile(stream)


def _build_card(folder: Path) -> bytes:
    from cleaner.writers.dataset_card import build_card

    return build_card(folder)


_JSONL = OutputFormat(_defer_encoder("jsonl", "encode_record"), ".articles.jsonl", verbatim=True, holds_edits=True)
_PARQUET = OutputFormat(
    _defer_encoder("parquet", "encode_parquet"),
    ".articles.parquet",
    holds_edits=True,
    table=_open_parquet,
    needs=("pyarrow", "parquet"),
)

WRITERS = {
    "jsonl": _JSONL,
    "jsonl.gz": _JSONL._replace(ending=".articles.jsonl.gz", packing=".gz"),
    "jsonl.zst": _JSONL._replace(ending=".articles.jsonl.zst", packing=".zst"),
    "parquet": _PARQUET,
    "huggingface": _PARQUET._replace(ending=".parquet", folder="data", readme=_build_card),
    "ninjs": OutputFormat(_defer_encoder("ninjs", "encode_ninjs"), ".ninjs.jsonl"),
    "json-ld": OutputFormat(_defer_encoder("schema_org", "encode_news_article"), ".jsonld.jsonl"),
    "markdown": OutputFormat(_defer_encoder("markdown", "encode_markdown"), ".md", many=False),
    "text": OutputFormat(_defer_encoder("text", "encode_text"), ".txt", many=False),
}
"""The formats by the names that `--to` takes."""


def require_format(to: str) -> OutputFormat:
    """The format of this name; raises `WriteError` where the package that it needs is missing."""
    format = WRITERS[to]
    if format.needs and find_spec(format.needs[0]) is None:
        package, extra = format.needs
        raise WriteError(f"--to {to}: needs {package}, which is missing; {advise_install(extra)}")
    return format

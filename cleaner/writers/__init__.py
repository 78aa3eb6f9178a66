"""Writers: a record becomes bytes.  A format is one function in a module here, and one entry in `WRITERS`.

Importing this folder loads none of them: the command line needs the names of the formats for `--help`, while the record
and pyarrow take long to import.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from cleaner.errors import WriteError, advise_install

if TYPE_CHECKING:
    from cleaner.io.compression import CompressedStream, Packing, Writable
    from cleaner.record import Article

Given = TypeVar("Given")
Made = TypeVar("Made")


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


def _defer(place: str) -> Callable[[Given], Made]:
    """The function at `module:name` of this folder; the module is loaded at the first call."""
    module, _, name = place.partition(":")

    def load_and_call(given: Given) -> Made:
        function: Callable[[Given], Made] = getattr(import_module(f"{__name__}.{module}"), name)
        return function(given)

    return load_and_call


_JSONL = OutputFormat(_defer("jsonl:encode_record"), ".articles.jsonl", verbatim=True, holds_edits=True)
_PARQUET = OutputFormat(
    _defer("parquet:encode_parquet"),
    ".articles.parquet",
    holds_edits=True,
    table=_defer("parquet:ParquetRecordFile"),
    needs=("pyarrow", "parquet"),
)

WRITERS = {
    "jsonl": _JSONL,
    "jsonl.gz": _JSONL._replace(ending=".articles.jsonl.gz", packing=".gz"),
    "jsonl.zst": _JSONL._replace(ending=".articles.jsonl.zst", packing=".zst"),
    "parquet": _PARQUET,
    "huggingface": _PARQUET._replace(ending=".parquet", folder="data", readme=_defer("dataset_card:build_card")),
    "ninjs": OutputFormat(_defer("ninjs:encode_ninjs"), ".ninjs.jsonl"),
    "json-ld": OutputFormat(_defer("schema_org:encode_news_article"), ".jsonld.jsonl"),
    "markdown": OutputFormat(_defer("markdown:encode_markdown"), ".md", many=False),
    "text": OutputFormat(_defer("text:encode_text"), ".txt", many=False),
}
"""The formats by the names that `--to` takes."""


def require_format(to: str) -> OutputFormat:
    """The format of this name; raises `WriteError` where the package that it needs is missing."""
    format = WRITERS[to]
    if format.needs and find_spec(format.needs[0]) is None:
        package, extra = format.needs
        raise WriteError(f"--to {to}: needs {package}, which is missing; {advise_install(extra)}")
    return format

"""Writers: a record becomes bytes.  A format is one function, and one entry here."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, Protocol

from cleaner.errors import WriteError, advise_install
from cleaner.io.compression import CompressedStream, Packing, Writable, compress_stream
from cleaner.record import Article
from cleaner.writers import markdown, ninjs, record, schema_org, text


class RecordFile(Protocol):
    """A file of records, open for more."""

    def add(self, article: Article) -> None:
        """Take one more record."""

    def close(self) -> None:
        """Write what is still held, and the file's end; the stream below stays open."""


class _ConcatenatedRecords:
    """A file that is nothing but the bytes of its records, one behind the other."""

    def __init__(self, write: Callable[[Article], bytes], stream: CompressedStream) -> None:
        self._write = write
        self._stream = stream

    def add(self, article: Article) -> None:
        self._stream.write(self._write(article))

    def close(self) -> None:
        self._stream.close()


class OutputFormat(NamedTuple):
    """How one format is written.

    `write` gives one record as a file of its own; `many` when all documents of an input stand in one file, which is
    these bytes one behind the other and then packed, or else a `table`.  `folder` is where it stands below the output,
    and `readme` what the output's README.md says of the finished files.  `needs` is a package, and the extra with it.
    """

    write: Callable[[Article], bytes]
    ending: str
    many: bool
    packing: Packing = ""
    table: Callable[[Writable], RecordFile] | None = None
    folder: str = ""
    readme: Callable[[Path], bytes] | None = None
    needs: tuple[str, str] | None = None

    @property
    def verbatim(self) -> bool:
        """Whether the file is the lines of the record as they are, to be copied to `compress_stream(stream,
        packing)`."""
        return self.write is record.encode_record

    @property
    def holds_edits(self) -> bool:
        """Whether the format has room for the ledger inside each record (`--audit inline`)."""
        return self.verbatim or self.table is not None

    def open_file(self, stream: Writable) -> RecordFile:
        """A file of many records, open on this stream."""
        return (
            self.table(stream)
            if self.table
            else _ConcatenatedRecords(self.write, compress_stream(stream, self.packing))
        )


# pyarrow is only loaded where a format asks for it


def _encode_parquet(article: Article) -> bytes:
    from cleaner.writers import parquet

    return parquet.encode_parquet(article)


def _open_parquet(stream: Writable) -> RecordFile:
    from cleaner.writers import parquet

    return parquet.ParquetRecordFile(stream)


def _build_card(folder: Path) -> bytes:
    from cleaner.writers import dataset_card

    return dataset_card.build_card(folder)


_PYARROW_EXTRA = ("pyarrow", "parquet")

WRITERS = {
    "jsonl": OutputFormat(record.encode_record, ".articles.jsonl", many=True),
    "jsonl.gz": OutputFormat(record.encode_record, ".articles.jsonl.gz", many=True, packing=".gz"),
    "jsonl.zst": OutputFormat(record.encode_record, ".articles.jsonl.zst", many=True, packing=".zst"),
    "parquet": OutputFormat(_encode_parquet, ".articles.parquet", many=True, table=_open_parquet, needs=_PYARROW_EXTRA),
    "huggingface": OutputFormat(
        _encode_parquet,
        ".parquet",
        many=True,
        table=_open_parquet,
        folder="data",
        readme=_build_card,
        needs=_PYARROW_EXTRA,
    ),
    "ninjs": OutputFormat(ninjs.encode_ninjs, ".ninjs.jsonl", many=True),
    "json-ld": OutputFormat(schema_org.encode_news_article, ".jsonld.jsonl", many=True),
    "markdown": OutputFormat(markdown.encode_markdown, ".md", many=False),
    "text": OutputFormat(text.encode_text, ".txt", many=False),
}


def require_format(to: str) -> OutputFormat:
    """The format of this name; raises `WriteError` where the package that it needs is missing."""
    format = WRITERS[to]
    if format.needs and find_spec(format.needs[0]) is None:
        package, extra = format.needs
        raise WriteError(f"--to {to}: needs {package}, which is missing; {advise_install(extra)}")
    return format

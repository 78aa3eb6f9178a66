"""Writers: a record becomes bytes.  A format is one function, and one entry here."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, Protocol

from cleaner.errors import WriteError
from cleaner.io.compression import Packed, Packing, Writable, packed
from cleaner.record import Article
from cleaner.writers import markdown, ninjs, record, schema_org, text


class Sheet(Protocol):
    """A file of records, open for more."""

    def add(self, article: Article) -> None:
        """Take one more record."""

    def close(self) -> None:
        """Write what is still held, and the file's end; the stream below stays open."""


class _Lines:
    """A file that is nothing but the bytes of its records, one behind the other."""

    def __init__(self, write: Callable[[Article], bytes], stream: Packed) -> None:
        self._write = write
        self._stream = stream

    def add(self, article: Article) -> None:
        self._stream.write(self._write(article))

    def close(self) -> None:
        self._stream.close()


class Format(NamedTuple):
    """How one format is written.

    `write` gives one record as a file of its own; `many` when all documents of an input stand in one file, which is
    these bytes one behind the other and then packed, or else a `table`.  `folder` is where it stands below the output,
    and `readme` what the output's README.md says of the finished files.  `needs` is a package, and the extra with it.
    """

    write: Callable[[Article], bytes]
    ending: str
    many: bool
    packing: Packing = ""
    table: Callable[[Writable], Sheet] | None = None
    folder: str = ""
    readme: Callable[[Path], bytes] | None = None
    needs: tuple[str, str] | None = None

    @property
    def verbatim(self) -> bool:
        """Whether the file is the lines of the record as they are, to be copied to `packed(stream, packing)`."""
        return self.write is record.write

    def opened(self, stream: Writable) -> Sheet:
        """A file of many records, open on this stream."""
        return self.table(stream) if self.table else _Lines(self.write, packed(stream, self.packing))


# pyarrow is only loaded where a format asks for it


def _parquet(article: Article) -> bytes:
    from cleaner.writers import parquet

    return parquet.write(article)


def _rows(stream: Writable) -> Sheet:
    from cleaner.writers import parquet

    return parquet.Rows(stream)


def _card(folder: Path) -> bytes:
    from cleaner.writers import dataset_card

    return dataset_card.card(folder)


_PYARROW = ("pyarrow", "parquet")

WRITERS = {
    "jsonl": Format(record.write, ".articles.jsonl", many=True),
    "jsonl.gz": Format(record.write, ".articles.jsonl.gz", many=True, packing=".gz"),
    "jsonl.zst": Format(record.write, ".articles.jsonl.zst", many=True, packing=".zst"),
    "parquet": Format(_parquet, ".articles.parquet", many=True, table=_rows, needs=_PYARROW),
    "huggingface": Format(_parquet, ".parquet", many=True, table=_rows, folder="data", readme=_card, needs=_PYARROW),
    "ninjs": Format(ninjs.write, ".ninjs.jsonl", many=True),
    "json-ld": Format(schema_org.write, ".jsonld.jsonl", many=True),
    "markdown": Format(markdown.write, ".md", many=False),
    "text": Format(text.write, ".txt", many=False),
}


def ready(to: str) -> Format:
    """The format of this name; raises `WriteError` where the package that it needs is missing."""
    format = WRITERS[to]
    if format.needs and find_spec(format.needs[0]) is None:
        package, extra = format.needs
        raise WriteError(f"--to {to}: needs {package}, which is missing; pip install 'article-cleaner[{extra}]'")
    return format

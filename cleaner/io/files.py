"""Files, pieces of them, and the limits of a document."""

from collections.abc import Iterator

from msgspec import Struct

from cleaner.errors import ReadError

STDIN = "-"
"""The input that stands for standard input."""

MAX_DOCUMENT_BYTES = 4 << 20
"""Bytes of the largest document that is read at all."""

MAX_TEXT_CHARS = 1 << 20
"""Characters of the longest text that is cleaned: no article comes near, and a worker stays below 150 MB."""

CHUNK_BYTES = 1 << 16
"""Bytes that are read at a time."""


INPUT_FORMATS = {
    "text": ".txt",
    "html": ".html",
    "jsonl": ".jsonl",
    "csv": ".csv",
    "tsv": ".tsv",
    "parquet": ".parquet",
    "warc": ".warc",
    "wet": ".wet",
}
"""The names that `--input-format` takes, each with the ending under which `cleaner.readers` has its reader.

They stand here, so that `--help` need not load the readers; a test holds them to these.
"""


class Columns(Struct, frozen=True):
    """The keys of a line, or columns of a table, that a user has named for what we read; "" where none is named."""

    text: str = ""
    html: str = ""
    id: str = ""
    url: str = ""
    title: str = ""

    def name_of(self, field: str) -> str:
        """The name under which a field is read: the user's, else its own."""
        return getattr(self, field) or field

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all fields, in their order."""
        return tuple(map(self.name_of, self.__struct_fields__))

    @property
    def content(self) -> tuple[str, ...]:
        """The fields that may hold the article, the one to be read first; a page goes first where it alone is named."""
        return ("html", "text") if self.html and not self.text else ("text", "html")

    @property
    def named(self) -> dict[str, str]:
        """What the user has named, by its field."""
        return {field: name for field in self.__struct_fields__ if (name := getattr(self, field))}


class Intake(Struct, frozen=True):
    """What a user says of all inputs: `ending` is that of the format that they are read as, "" for what they are."""

    ending: str = ""
    columns: Columns = Columns()


AS_FOUND = Intake()
"""Every input is read as what it is."""


class File(Struct, frozen=True):
    """A file to read: `path` as the user sees it, `id` for the documents in it, `ending` as in `READERS`.

    The ending is "" where the content has to say what the file is.  `named` says that it is an input itself, and not
    found in a folder; `said` that the user has said its format.
    """

    path: str
    id: str
    ending: str
    packing: str = ""
    columns: Columns = Columns()
    named: bool = False
    said: bool = False


class Piece(Struct, frozen=True):
    """Whole documents of a file as bytes; `line` is the number of the first line, 0 where lines do not count.

    `encoding` is there where the bytes are no longer those of the file, and `fault` says why they hold no document.
    """

    file: File
    data: bytes
    line: int = 0
    encoding: str = ""
    fault: str = ""


class Oversize(Struct, frozen=True):
    """A document over the limit, passed on in chunks that must be used up before the next piece is asked for."""

    file: File
    chunks: Iterator[bytes]
    line: int = 0


def check_length(text: str) -> str:
    """The text, unless it is too long for an article; then raises `ReadError`."""
    if len(text) > MAX_TEXT_CHARS:
        raise ReadError(f"a text of {len(text):,} characters, which no article has; split it into its articles")
    return text

"""CSV and TSV: one document a row, below a row with the columns' names.

The rows are read by `csv` of Python; what stands around it finds the delimiter and the encoding, keeps the number of
each line, and rejects a row whose quotes are broken without losing those behind it.
"""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from io import BufferedReader
from itertools import chain

from cleaner.errors import ReadError
from cleaner.io import files
from cleaner.io.files import CHUNK_BYTES, File, Oversize, Piece
from cleaner.io.streams import Tick, unpack_chunks
from cleaner.readers import rows
from cleaner.readers.base import Part
from cleaner.text.encoding import decode_bytes

DELIMITERS = ",;\t|"
"""What may part the cells; the header shows which of them does."""

MAX_REREAD_MULTIPLE = 16
"""Limit of what is read again behind broken quotes, in multiples of a row's limit, beside each line of the file once.

Without it, a file of nothing but opening quotes would be read again from each of its lines on.
"""

_WIDE_CHAR_BYTES = 4
"""Bytes of the widest character of an encoding with null bytes (UTF-32); UTF-16 ends at multiples of these as well."""

_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
"""A byte that is not UTF-8, as `surrogateescape` decodes it."""

_UNMATCHED_QUOTES_FAULT = (
    "the quotes of the row do not match; double each quote within a cell, and put the cell into quotes"
)


def cut_pieces(file: File, raw: BufferedReader, tick: Tick) -> Iterator[Part]:
    """The rows in runs, as lines of JSON with empty lines behind a row that takes several of the file's.

    So a line of the piece has the number that it has in the file.  Raises `ReadError` for a header that is none.
    """
    stream = unpack_chunks(raw, file.packing, tick)
    head: list[bytes] = []
    while sum(map(len, head)) < CHUNK_BYTES and (chunk := next(stream, b"")):
        head.append(chunk)
    encoding = _detect_encoding(b"".join(head))
    lines = _LineReader(_decode_chunks(chain(head, stream), encoding))
    delimiter, columns = _read_header(file, lines)
    rows.check_columns(columns, file.columns)
    # one for the whole process; a row is limited by its lines
    csv.field_size_limit(max(csv.field_size_limit(), 2 * files.MAX_DOCUMENT_BYTES))
    parts: list[bytes] = []
    start = size = 0
    for row in _read_rows(lines, delimiter, len(columns)):
        if isinstance(row.cells, list):
            if row.cells:
                parts.append(rows.encode_row(dict(zip(columns, row.cells, strict=False)), file.columns))
                start = start if size else row.line
                size += len(parts[-1])
            if size:
                parts.append(b"\n" * row.lines)
            if size < CHUNK_BYTES:
                continue
        if size:
            yield Piece(file, b"".join(parts), start, encoding)
            parts, size = [], 0
        if isinstance(row.cells, str):
            text = row.text.encode("utf-8", "surrogatepass")
            yield Piece(file, text, row.line, encoding, fault=row.cells)
        elif row.rest is not None:
            yield Oversize(file, (text.encode("utf-8", "surrogatepass") for text in row.rest), row.line)
    if size:
        yield Piece(file, b"".join(parts), start, encoding)


# ---------------------------------------------------------------- bytes to lines


def _detect_encoding(sample: bytes) -> str:
    """The encoding of a file that begins with these bytes, which may end within a character."""
    try:
        # an incremental decoder leaves out the last character where it is cut in two
        return decode_bytes(codecs.getincrementaldecoder("utf-8")().decode(sample).encode())[1]
    except UnicodeDecodeError:
        pass
    # wide characters end at multiples of four, others at the end of a line
    end = len(sample) // _WIDE_CHAR_BYTES * _WIDE_CHAR_BYTES if b"\0" in sample else sample.rfind(b"\n") + 1
    return decode_bytes(sample[:end] or sample)[1]


def _decode_chunks(chunks: Iterable[bytes], encoding: str) -> Iterator[str]:
    """The characters of these bytes.

    Stray bytes in UTF-8 become lone surrogates, of which `_mend_line` makes what they mean; in other encodings U+FFFD.
    """
    codec = "utf-8" if encoding == "cesu-8" else encoding
    errors = "surrogateescape" if codec in ("utf-8", "utf-8-sig") else "replace"
    decoder = codecs.getincrementaldecoder(codec)(errors)
    yield from map(decoder.decode, chunks)
    yield decoder.decode(b"", final=True)


def _mend_line(line: str) -> str:
    """A line with what its stray bytes mean."""
    if not _ESCAPED_BYTE.search(line):
        return line
    try:
        raw = line.encode("utf-8", "surrogateescape")
        return decode_bytes(raw)[0]
    except (ReadError, UnicodeEncodeError):
        return _ESCAPED_BYTE.sub("\ufffd", line)


class _LineReader:
    """Lines with their ends, for one row after another: `taken` are those of this row, and can be given back.

    Where a row gets too long, or a line does, which then stands in `rest`, they end with `_RowTooLong`.  `over` says
    that the file ended within the row.  `csv.reader` takes its lines from here, and stops within the row that is wrong.
    """

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self._ready: deque[str] = deque()
        self._held = ""
        self._ended = False
        self._read = self._again = self._size = 0
        self.rest: Iterator[str] | None = None
        self.taken: list[str] = []
        self.over = False

    def __iter__(self) -> "_LineReader":
        return self

    def __next__(self) -> str:
        while not self._ready and not self.rest and not self._ended:
            self._read_more()
        if not self._ready:
            if self.rest:
                raise _RowTooLong
            self.over = True
            raise StopIteration
        line = self._ready.popleft()
        self.taken.append(line)
        self._size += len(line)
        if self._size > files.MAX_DOCUMENT_BYTES:
            raise _RowTooLong
        return line

    def _read_more(self) -> None:
        """Hold the lines of the next characters ready; the last of them is held back until its end is read."""
        text = next(self._texts, None)
        if text is None:
            self._ended = True
            lines, self._held = [self._held] if self._held else [], ""
        else:
            self._read += len(text)
            lines = list(io.StringIO(text, newline=""))
            if not lines:
                return
            lines[0] = self._held + lines[0]
            # a line end of two characters may be cut in two
            self._held = "" if lines[-1].endswith("\n") else lines.pop()
            if "\r" in self._held[:-1]:
                *whole, self._held = io.StringIO(self._held, newline="")
                lines += whole
        self._ready.extend(map(_mend_line, lines))
        if len(self._held) > files.MAX_DOCUMENT_BYTES:
            self.rest = self._read_to_line_end()

    def _read_to_line_end(self) -> Iterator[str]:
        """The rest of a line that is too long; what stands behind it is held."""
        text: str | None = self._held
        self._held = ""
        while text is not None:
            line, end, after = text.partition("\n")
            yield line
            if end:
                self._held = after
                break
            text = next(self._texts, None)
        self.rest = None

    def peek_line(self) -> str:
        """The next line, "" where none is held already or comes with the next characters."""
        if not self._ready and not self.rest and not self._ended:
            self._read_more()
        return next(iter(self._ready), "")

    def start_row(self) -> None:
        """What comes next is another row's."""
        self.taken = []
        self._size = 0
        self.over = False

    def return_lines(self) -> bool:
        """Give all lines of the row but the first back, to be read as rows of their own.

        False where that was done too often; then the row keeps them.
        """
        self._again += self._size
        if self._again > self._read + MAX_REREAD_MULTIPLE * files.MAX_DOCUMENT_BYTES:
            return False
        self._ready.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]
        return True


class _RowTooLong(Exception):
    """A row is longer than any article."""


# ---------------------------------------------------------------- lines to rows


class _Row:
    """A row: its `cells`, or why it has none; the `line` it begins on, and how many `lines` it takes.

    Where the cells are a string, which says what is wrong, `text` has the lines as read.  Where they are None, `rest`
    is a line that is too long to be held.
    """

    def __init__(
        self, line: int, taken: list[str], cells: list[str] | str | None, rest: Iterator[str] | None = None
    ) -> None:
        self.line, self.lines, self.cells, self.rest = line, len(taken), cells, rest
        self.text = "".join(taken) if isinstance(cells, str) else ""


def _read_header(file: File, lines: _LineReader) -> tuple[str, list[str]]:
    """The delimiter, and the names of the columns.

    Of all delimiters that one is right by which a column has the name of the article's, then the one that makes most
    columns, then the one that the file's ending stands for.
    """
    try:
        first = next(lines, "")
    except _RowTooLong:
        first = ""
    if not first.strip():
        raise ReadError('the first line is not one of column names; name the article\'s column "text" or "html"')
    usual = "\t" if file.ending == ".tsv" else ","
    best = (False, 0, False)
    content = {file.columns.name_of("text"), file.columns.name_of("html")}
    found = usual, [first.strip()]
    for delimiter in DELIMITERS:
        names = [name.strip("\ufeff \t") for name in next(csv.reader([first], delimiter=delimiter), [])]
        while names and not names[-1]:
            names.pop()
        score = (not content.isdisjoint(names), len(names), delimiter == usual)
        if score > best:
            best, found = score, (delimiter, names)
    return found


def _read_rows(lines: _LineReader, delimiter: str, width: int) -> Iterator[_Row]:
    """The rows behind the header, those that are damaged among them.

    Where the quotes of a row do not match, its first line is read without them if that gives as many cells as the
    header has, and the lines behind it are read as rows of their own.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 2
    while True:
        lines.start_row()
        cells: list[str] | None = None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_RowTooLong, csv.Error):
            if lines.rest and not lines.taken:
                yield _Row(number, [], None, lines.rest)
                number += 1
                continue
            alone = len(lines.taken) == 1 and not lines.over
            if lines.return_lines() and (alone or delimiter == "\t"):
                cells = _split_unquoted(lines, delimiter, width)
        taken = lines.taken
        if cells is None:
            yield _Row(number, taken, _UNMATCHED_QUOTES_FAULT)
        elif cells and (len(cells) < width or any(cells[width:])):
            yield _Row(number, taken, f"a row of {len(cells)} cells where the header has {width}; mend the row")
        else:
            yield _Row(number, taken, cells)
        number += len(taken)


def _split_unquoted(lines: _LineReader, delimiter: str, width: int) -> list[str] | None:
    """The cells of a line in which quotes mean nothing; None where it or the next line has too many or too few."""
    cells = lines.taken[0].rstrip("\r\n").split(delimiter)
    following = lines.peek_line().rstrip("\r\n")
    return cells if len(cells) == width and (not following or following.count(delimiter) == width - 1) else None

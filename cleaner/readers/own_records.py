"""Records and ledgers back in, and the source texts that follow from them.

Files that are read here may have been changed by anybody since a run wrote them: nothing in them is trusted.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec
from msgspec import UNSET, Struct

from cleaner.errors import ReadError
from cleaner.io import files
from cleaner.io.file_names import STORE_FOLDER
from cleaner.io.streams import PACKINGS, unpack_chunks
from cleaner.readers.base import TEXT_TYPE
from cleaner.record import Article, LedgerLine, Passage, count_line_ends, restore_source

_article_decoder = msgspec.json.Decoder(Article)
_edit_decoder = msgspec.json.Decoder(LedgerLine)
Value = TypeVar("Value")

_DUPLICATE_RULE = b'"stories.duplicate"'
"""In the line of a ledger for a document that was left out as a copy: its whole source stands there."""


class _Id(Struct):
    """What of a ledger's line must be known to find the lines of a document."""

    id: str


_id_decoder = msgspec.json.Decoder(_Id)


ARTICLES_ENDING = ".articles.jsonl"
"""End of the name of a file of records, as a run writes it."""


def find_articles(given: Path) -> list[Path]:
    """The files of records in a folder and all folders below it, or this one file.

    Raises `ReadError` for a folder without any.
    """
    below = (path for path in given.rglob(f"*{ARTICLES_ENDING}") if STORE_FOLDER not in path.parts)
    found = sorted(below) if given.is_dir() else [given]
    if not found:
        raise ReadError(f"{given}: holds no NAME{ARTICLES_ENDING}; name a folder that cleaner run has made")
    return found


def decode_json(line: bytes) -> Any:
    """A JSON value, lone surrogates and all; raises `ValueError`."""
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(line)


def _decode_value(decoder: msgspec.json.Decoder[Value], line: bytes) -> Value:
    """The value of a line as the decoder types it; slower where it holds lone surrogates, which msgspec refuses."""
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        value: Value = msgspec.convert(decode_json(line), decoder.type)
        return value


def decode_article(line: bytes) -> Article:
    """The article of a line that cleaner wrote; raises `ValueError` for any other."""
    return _decode_value(_article_decoder, line)


def decode_edit(line: bytes) -> LedgerLine:
    """The edit of a line that cleaner wrote; raises `ValueError` for any other."""
    return _decode_value(_edit_decoder, line)


def restore_sources(articles: Path, edits: Path | None = None) -> Iterator[tuple[str, str]]:
    """Id and source text as read, to the character, of each article of a file, then of the copies left out of it.

    Raises `ReadError` as `verify_articles` does.
    """
    for article, _, source in verify_articles(articles, edits):
        yield article.id, source
    path = edits or _find_ledger(articles)
    if path != articles and path.exists():
        for number, line in enumerate(_read_lines(path), 1):
            if _DUPLICATE_RULE in line:
                edit = _decode_line(_edit_decoder, line, path, number)
                if edit.rule == "stories.duplicate":
                    yield edit.id, edit.before


def verify_articles(articles: Path, edits: Path | None = None) -> Iterator[tuple[Article, list[LedgerLine], str]]:
    """Each article of a file with its edits in their order and its source text as read, to the character.

    The ledger is `edits`, or stands beside the articles, or inside each as `edits`; both may be packed.  Raises
    `ReadError` when it is missing or is another run's.
    """
    path = edits or _find_ledger(articles)
    ledger: BinaryIO | None = None
    places: dict[str, tuple[int, int]] = {}
    try:
        for number, line in enumerate(_read_lines(articles), 1):
            article = _decode_line(_article_decoder, line, articles, number)
            if article.edits is not UNSET:
                lines = list(article.edits)
            else:
                if ledger is None:
                    ledger = _open_ledger(articles, path)
                    places = _index_ledger(ledger, path)
                start, end = places.get(article.id, (0, 0))
                ledger.seek(start)
                lines = [_decode_line(_edit_decoder, one, path, 0) for one in ledger.read(end - start).splitlines()]
            source = restore_source(article, lines) if _is_bounded(article, lines) else None
            if source is None or not _is_consistent(article, lines, source):
                cure = "give the ledger of the same run with --edits"
                raise ReadError(f"{path}: does not fit {articles}:{number} (id {article.id!r}); {cure}")
            yield article, lines, source
    finally:
        if ledger:
            ledger.close()


def _find_ledger(articles: Path) -> Path:
    """The ledger beside the articles, packed as they are, or else as it is found."""
    own = articles.with_name(articles.name.replace(".articles.jsonl", ".edits.jsonl"))
    if own == articles or own.exists():
        return own
    plain = own.with_suffix("") if own.suffix in PACKINGS else own
    return next((path for path in (plain.with_name(plain.name + ending) for ending in PACKINGS) if path.exists()), own)


def _open_ledger(articles: Path, path: Path) -> BinaryIO:
    """The ledger, open to be read at any place: a packed one is unpacked into a nameless file."""
    if path == articles:
        raise ReadError(f"{articles}: is not named NAME.articles.jsonl; name its ledger with --edits")
    try:
        raw = open(path, "rb")  # noqa: SIM115
        if _get_packing(path) == "":
            return raw
        with raw:
            spool = tempfile.TemporaryFile()  # noqa: SIM115
            for chunk in _unpack_file(path, raw):
                spool.write(chunk)
        spool.seek(0)
        return spool
    except OSError as error:
        cure = "name it with --edits, or clean again with --audit file"
        raise ReadError(f"{path}: the ledger cannot be read ({error.strerror}); {cure}") from error


def _index_ledger(ledger: BinaryIO, path: Path) -> dict[str, tuple[int, int]]:
    """The byte at which the lines of each document begin, and that behind them, by its id.

    The lines of one document stand together, as a run writes them.
    """
    places: dict[str, tuple[int, int]] = {}
    at = 0
    for number, line in enumerate(ledger, 1):
        id = _decode_line(_id_decoder, line, path, number).id
        places[id] = (places.get(id, (at, at))[0], at + len(line))
        at += len(line)
    return places


def _read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, packed or not, without their ends; raises `ReadError`."""
    rest = b""
    try:
        with open(path, "rb") as raw:
            for chunk in _unpack_file(path, raw):
                *lines, rest = (rest + chunk).split(b"\n")
                yield from lines
            if rest:
                yield rest
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror}") from error


def _get_packing(path: Path) -> str:
    """The ending of the file's packing, "" where it is not packed."""
    return path.suffix if path.suffix in PACKINGS else ""


def _unpack_file(path: Path, raw: BufferedReader) -> Iterator[bytes]:
    """The unpacked bytes of a file in chunks; raises `ReadError`, which names it."""
    try:
        yield from unpack_chunks(raw, _get_packing(path))
    except ReadError as error:
        raise ReadError(f"{path}: {error}") from error


def _decode_line(decoder: msgspec.json.Decoder[Value], line: bytes, path: Path, number: int) -> Value:
    """The value of a line of a file; raises `ReadError`, which names the line unless its number is 0."""
    try:
        return _decode_value(decoder, line)
    except (ValueError, RecursionError) as error:
        place = f"{path}:{number}" if number else f"{path}"
        raise ReadError(f"{place}: not a line that cleaner wrote: {error}") from error


def _is_bounded(article: Article, edits: list[LedgerLine]) -> bool:
    """Whether a record asks for no more line ends than a text can have; a forged one might ask for all memory."""
    return sum(map(count_line_ends, _list_unedited(article, edits))) <= files.MAX_DOCUMENT_BYTES


def _list_unedited(article: Article, edits: list[LedgerLine]) -> list[Passage]:
    """The passages that no edit touched: they read as in the source."""
    edited = {edit.start for edit in edits}
    return [passage for passage in article.blocks if passage.start not in edited]


def _is_consistent(article: Article, edits: list[LedgerLine], source: str) -> bool:
    """Whether record, ledger and restored source fit each other, and the bytes that were read where these are known.

    The hash can be checked of plain text in UTF-8 alone: other bytes cannot be had again from the text.
    """
    fits = (
        [edit.seq for edit in edits] == list(range(len(edits)))
        and all(source[edit.start : edit.end] == edit.before for edit in edits)
        and all(source.startswith(passage.text, passage.start) for passage in _list_unedited(article, edits))
    )
    where = article.source
    if fits and where.media_type == TEXT_TYPE and where.sha256 and where.encoding == "utf-8":
        return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest() == where.sha256
    return fits

"""Records and ledgers back in, and the source texts that follow from them."""

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
from cleaner.io.streams import PACKINGS, unpack_chunks
from cleaner.record import Article, LedgerLine, count_line_ends, restore_source

_article_decoder = msgspec.json.Decoder(Article)
_edit_decoder = msgspec.json.Decoder(LedgerLine)
Value = TypeVar("Value")

_DUPLICATE_RULE = b'"stories.duplicate"'


class _Id(Struct):
    id: str


_id_decoder = msgspec.json.Decoder(_Id)


ARTICLES_ENDING = ".articles.jsonl"
"""End of the name of a file of records, as a run writes it."""


def find_articles(given: Path) -> list[Path]:
    """The files of records in a folder, or this one file; raises `ReadError` for a folder without any."""
    found = sorted(given.glob(f"*{ARTICLES_ENDING}")) if given.is_dir() else [given]
    if not found:
        raise ReadError(f"{given}: holds no NAME{ARTICLES_ENDING}; name a folder that cleaner run has made")
    return found


def decode_json(line: bytes) -> Any:
    """A JSON value, lone surrogates and all; raises `ValueError`."""
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(line)


def decode_article(line: bytes) -> Article:
    """The article of a line that cleaner wrote; raises `ValueError` for any other."""
    try:
        return _article_decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.convert(decode_json(line), Article)


def decode_edit(line: bytes) -> LedgerLine:
    """The edit of a line that cleaner wrote; raises `ValueError` for any other."""
    try:
        return _edit_decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.convert(decode_json(line), LedgerLine)


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
                raise ReadError(
                    f"{path}: does not fit {articles}:{number} (id {article.id!r}); give the ledger of the "
                    "same run with --edits"
                )
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
        raise ReadError(
            f"{path}: the ledger cannot be read ({error.strerror}); name it with --edits, or clean again "
            "with --audit file"
        ) from error


def _index_ledger(ledger: BinaryIO, path: Path) -> dict[str, tuple[int, int]]:
    """Where the lines of each document begin and end."""
    places: dict[str, tuple[int, int]] = {}
    at = 0
    for number, line in enumerate(ledger, 1):
        id = _decode_line(_id_decoder, line, path, number).id
        places[id] = (places.get(id, (at, at))[0], at + len(line))
        at += len(line)
    return places


def _read_lines(path: Path) -> Iterator[bytes]:
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
    return path.suffix if path.suffix in PACKINGS else ""


def _unpack_file(path: Path, raw: BufferedReader) -> Iterator[bytes]:
    try:
        yield from unpack_chunks(raw, _get_packing(path))
    except ReadError as error:
        raise ReadError(f"{path}: {error}") from error


def _decode_line(decoder: msgspec.json.Decoder[Value], line: bytes, path: Path, number: int) -> Value:
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        try:
            value: Value = msgspec.convert(decode_json(line), decoder.type)
            return value
        except (ValueError, RecursionError) as error:
            place = f"{path}:{number}" if number else f"{path}"
            raise ReadError(f"{place}: not a line that cleaner wrote: {error}") from error


def _is_bounded(article: Article, edits: list[LedgerLine]) -> bool:
    """Whether a record asks for no more line ends than a text can have; a forged one might ask for all memory."""
    edited = {edit.start for edit in edits}
    return (
        sum(count_line_ends(passage) for passage in article.blocks if passage.start not in edited)
        <= files.MAX_DOCUMENT_BYTES
    )


def _is_consistent(article: Article, edits: list[LedgerLine], source: str) -> bool:
    if any(source[edit.start : edit.end] != edit.before for edit in edits):
        return False
    if [edit.seq for edit in edits] != list(range(len(edits))):
        return False
    edited = {edit.start for edit in edits}
    if any(p.start not in edited and not source.startswith(p.text, p.start) for p in article.blocks):
        return False
    where = article.source
    if where.media_type == "text/plain" and where.sha256 and where.encoding == "utf-8":
        return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest() == where.sha256
    return True

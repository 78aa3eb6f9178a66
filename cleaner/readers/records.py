"""Records and ledgers back in, and the source texts that follow from them."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec
from msgspec import UNSET, Struct

from cleaner.errors import ReadError
from cleaner.readers import item
from cleaner.readers.streams import unpacked
from cleaner.record import Article, LedgerLine, line_ends, restore

_article = msgspec.json.Decoder(Article)
_edit = msgspec.json.Decoder(LedgerLine)
Value = TypeVar("Value")


class _Id(Struct):
    id: str


_id = msgspec.json.Decoder(_Id)


def from_json(line: bytes) -> Any:
    """A JSON value, lone surrogates and all; raises `ValueError`."""
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(line)


def restored(articles: Path, edits: Path | None = None) -> Iterator[tuple[Article, str]]:
    """Each article of a file with its source text as read, to the character; raises `ReadError` as `audited` does."""
    return ((article, source) for article, _, source in audited(articles, edits))


def audited(articles: Path, edits: Path | None = None) -> Iterator[tuple[Article, list[LedgerLine], str]]:
    """Each article of a file with its edits in their order and its source text as read, to the character.

    The ledger is `edits`, or stands beside the articles, or inside each as `edits`.  Raises `ReadError` when it is
    missing or is another run's.
    """
    beside = articles.with_name(articles.name.replace(".articles.jsonl", ".edits.jsonl"))
    path = edits or beside
    ledger: BinaryIO | None = None
    places: dict[str, tuple[int, int]] = {}
    try:
        for number, line in enumerate(_lines(articles), 1):
            article = _typed(_article, line, articles, number)
            if article.edits is not UNSET:
                lines = list(article.edits)
            else:
                if ledger is None:
                    ledger = _ledger(articles, path)
                    places = _index(ledger, path)
                start, end = places.get(article.id, (0, 0))
                ledger.seek(start)
                lines = [_typed(_edit, one, path, 0) for one in ledger.read(end - start).splitlines()]
            source = restore(article, lines) if _is_bounded(article, lines) else None
            if source is None or not _fits(article, lines, source):
                raise ReadError(f"{path}: does not fit {articles}:{number} (id {article.id!r}); give the ledger of the "
                                "same run with --edits")  # fmt: skip
            yield article, lines, source
    finally:
        if ledger:
            ledger.close()


def _ledger(articles: Path, path: Path) -> BinaryIO:
    if path == articles:
        raise ReadError(f"{articles}: is not named NAME.articles.jsonl; name its ledger with --edits")
    try:
        return open(path, "rb")
    except OSError as error:
        raise ReadError(f"{path}: the ledger cannot be read ({error.strerror}); name it with --edits, or clean again "
                        "with --audit file") from error  # fmt: skip


def _index(ledger: BinaryIO, path: Path) -> dict[str, tuple[int, int]]:
    """Where the lines of each document begin and end."""
    places: dict[str, tuple[int, int]] = {}
    at = 0
    for number, line in enumerate(ledger, 1):
        id = _typed(_id, line, path, number).id
        places[id] = (places.get(id, (at, at))[0], at + len(line))
        at += len(line)
    return places


def _lines(path: Path) -> Iterator[bytes]:
    packing = path.suffix if path.suffix in (".gz", ".zst") else ""
    rest = b""
    try:
        with open(path, "rb") as raw:
            for chunk in unpacked(raw, packing):
                *lines, rest = (rest + chunk).split(b"\n")
                yield from lines
            if rest:
                yield rest
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror}") from error
    except ReadError as error:
        raise ReadError(f"{path}: {error}") from error


def _typed(decoder: msgspec.json.Decoder[Value], line: bytes, path: Path, number: int) -> Value:
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        try:
            return msgspec.convert(from_json(line), decoder.type)
        except (ValueError, RecursionError) as error:
            place = f"{path}:{number}" if number else f"{path}"
            raise ReadError(f"{place}: not a line that cleaner wrote: {error}") from error


def _is_bounded(article: Article, edits: list[LedgerLine]) -> bool:
    """Whether a record asks for no more line ends than a text can have; a forged one might ask for all memory."""
    edited = {edit.start for edit in edits}
    return sum(line_ends(passage) for passage in article.blocks if passage.start not in edited) <= item.LIMIT


def _fits(article: Article, edits: list[LedgerLine], source: str) -> bool:
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

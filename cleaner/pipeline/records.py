"""Documents to records: the one loop in which all doors clean what they have read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from cleaner.document import Document
from cleaner.errors import StageError
from cleaner.record import Article, Source, build_article, build_ledger

if TYPE_CHECKING:
    from cleaner.pipeline.settings import Prepared

FULL_GROUP_SIZE = 1 << 16
"""Size, in bytes or characters, of the documents that go through the stages together.

More than one document, so that each stage finds its rules and models in the processor's caches; few enough to be small.
"""

Unit = TypeVar("Unit")
"""What is grouped: pieces that are not read yet, or documents."""


class DocumentRead(Protocol):
    """What a reader makes of an input that is a document, as `cleaner.readers.base.Item`.

    Named by its parts, for this folder and that of the readers know nothing of each other.
    """

    @property
    def document(self) -> Document: ...
    @property
    def source(self) -> Source: ...
    @property
    def extra(self) -> dict[str, object] | None: ...


class Record(NamedTuple):
    """A cleaned document and its record; the ledger is built from the document by who wants it."""

    document: Document
    article: Article


def group_units(units: Iterable[Unit], measure: Callable[[Unit], int], full: int) -> Iterator[list[Unit]]:
    """The units in runs, each ended by the one that makes its size, as measured, `full` or more.

    With 0 for `full` each unit is a run of its own.  Nothing is lost: the last run may be smaller.
    """
    group: list[Unit] = []
    size = 0
    for unit in units:
        group.append(unit)
        size += measure(unit)
        if size >= full:
            yield group
            group, size = [], 0
    if group:
        yield group


def make_records(
    ready: "Prepared", group: Sequence[DocumentRead | Exception], with_edits: bool = False
) -> Iterator[Record | Exception]:
    """The record of each document of a group, in their order, or the error of the stage that broke on it.

    Errors of reading are passed on in their place.  With `with_edits` each record holds its ledger.  An error is given
    back and not raised, so that one document cannot stop the others.
    """
    documents = [one.document for one in group if not isinstance(one, Exception)]
    cleaned = iter(ready.pipeline.process_documents(documents))
    for one in group:
        yield one if isinstance(one, Exception) else _build_record(ready, one, next(cleaned), with_edits)


def make_article(ready: "Prepared", read: DocumentRead, with_edits: bool = False) -> Article:
    """The record of one document; raises `StageError` for one that breaks a stage."""
    (made,) = make_records(ready, [read], with_edits)
    if isinstance(made, Exception):
        raise made
    return made.article


def _build_record(
    ready: "Prepared", read: DocumentRead, cleaned: Document | StageError, with_edits: bool
) -> Record | Exception:
    """The record of a cleaned document, or what broke: a stage on the way, or the record itself."""
    if isinstance(cleaned, StageError):
        return cleaned
    try:
        article = build_article(cleaned, read.source, ready.tool, read.extra)
        if with_edits:
            article.edits = tuple(build_ledger(cleaned))
    except Exception as error:
        return error
    return Record(cleaned, article)

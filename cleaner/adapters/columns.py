"""A batch of columns in, columns out: what data sets, data frames and crawlers of others call to clean articles."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypedDict, TypeVar, Unpack

import msgspec
from msgspec import inspect

from cleaner.document import ROLES, Document, Fact
from cleaner.errors import CleanerError, ReadError
from cleaner.html.encoding import decode_page
from cleaner.html.page import build_page_document
from cleaner.io import files
from cleaner.io.files import check_length
from cleaner.io.json import scrub_json
from cleaner.pipeline import Strictness
from cleaner.pipeline.settings import Prepared, Settings, prepare_settings
from cleaner.record import SCHEMA_VERSION, Article, Source, build_article, build_ledger
from cleaner.text.encoding import decode_bytes
from cleaner.writers.arrow_types import RECORD_TYPE, derive_column_types, is_always_there

BATCH_CHARS = 1 << 16
"""Characters of the documents that go through the stages together."""

_EXCLUDED_FIELDS = frozenset({"extra", "story", "duplicate_of", "likeness"})
"""Fields that a batch cannot have: its other columns are columns, and copies may lie in other batches."""

FIELDS: tuple[str, ...] = tuple(name for name in Article.__struct_fields__ if name not in _EXCLUDED_FIELDS | {"edits"})
"""Fields of the record that become columns; behind them stand `edits`, if asked for, and `error`."""

Type = TypeVar("Type")


@contextmanager
def require_extra(extra: str) -> Iterator[None]:
    """Says which extra of ours installs the package that an import within needs."""
    try:
        yield
    except ModuleNotFoundError as error:
        cure = f"pip install 'article-cleaner[{extra}]'"
        raise ModuleNotFoundError(f"cleaner.adapters.{extra} needs {error.name}: {cure}", name=error.name) from error


class Choices(TypedDict, total=False):
    """What a caller may decide besides the columns: the keys of `cleaner.toml`, with the same meaning."""

    rules: Sequence[str]
    extends: Sequence[str] | None
    disable: Sequence[str]
    keep: Sequence[str]
    drop: Sequence[str]
    select: Sequence[str]
    ignore: Sequence[str]
    skip: Sequence[str]
    strictness: Strictness


class Options(Choices, total=False):
    """The keyword arguments of `clean_columns`."""

    text: str
    html: str
    id: str
    url: str
    title: str
    edits: bool


class InputRow(NamedTuple):
    """One row of a batch, as it came."""

    text: Any
    html: Any
    id: Any
    url: Any
    title: Any


def clean_columns(
    batch: Mapping[str, Any],
    *,
    text: str = "text",
    html: str = "html",
    id: str = "id",
    url: str = "url",
    title: str = "title",
    edits: bool = False,
    **choices: Unpack[Choices],
) -> dict[str, Any]:
    """The batch with its articles cleaned: a column for each field of the record, and `error`.

    `batch` has columns of equal length: lists, or arrays of numpy, pyarrow, pandas or polars.  The keyword arguments
    name the columns to read; of a row with text and html, the text is read.  `edits` adds the ledger.  `choices` are
    the keys of `cleaner.toml`.

    The new columns are lists of plain values.  `provenance` is a list of field and rule.  A row that cannot be cleaned
    stays, with None for its text and the reason in `error`, which is None elsewhere.  Other columns are carried
    along untouched; where one has the name of a field of the record, as `input_NAME`.

    Raises `RuleError` for rules that cannot be used, `ReadError` for a batch without the columns to read, and
    `TypeError` for a choice that is none; never because of what a row holds.
    """
    names = InputRow(text, html, id, url, title)
    ready = prepare_settings(build_settings(**choices))
    read = _select_columns(batch, names)
    made = list(_clean_rows(map(InputRow._make, zip(*read, strict=True)), ready, edits))
    columns = (*FIELDS, "edits", "error") if edits else (*FIELDS, "error")
    return {**_keep_other_columns(batch, names, columns), **{name: [row[name] for row in made] for name in columns}}


def build_settings(**choices: Unpack[Choices]) -> Settings:
    """The settings that these keys of `cleaner.toml` make; raises `TypeError` for one that is none."""
    for key, value in choices.items():
        if key not in Choices.__annotations__:
            raise TypeError(f"{key}: is no setting; there are {', '.join(Choices.__annotations__)}")
        roles = value if key in ("keep", "drop") and isinstance(value, list | tuple) else ()
        if unknown := [role for role in roles if role not in ROLES]:
            raise TypeError(f"{key}: {unknown[0]!r} is no role; there are {', '.join(sorted(ROLES))}")
    try:
        return msgspec.convert(dict(choices), Settings)
    except msgspec.ValidationError as error:
        raise TypeError(f"a setting has the wrong type: {error}; write them as lists, as in keep=['caption']") from None


def map_column_types(
    scalars: Mapping[type, Type], listed: Callable[[Type], Type], struct: Callable[[dict[str, Type]], Type]
) -> dict[str, Type]:
    """The type of each column that `clean_columns` makes, in the words of another library.

    `scalars` are its types for str, int and float; `listed` makes the type of a list from that of its elements, and
    `struct` that of a record from those of its fields.
    """
    columns = derive_column_types(scalars, listed, struct, is_always_there)
    return {**{name: kind for name, kind in columns.items() if name not in _EXCLUDED_FIELDS}, "error": scalars[str]}


# ---------------------------------------------------------------- columns


def _select_columns(batch: Mapping[str, Any], names: InputRow) -> list[list[Any]]:
    """The columns of these names as lists, empty values for those that are not there."""
    there = list(batch)
    for field, name in zip(InputRow._fields, names, strict=True):
        if name != field and name not in there:
            raise ReadError(f"{name!r}: there is no such column to read as {field}; there are {_join_names(there)}")
    if names.text not in there and names.html not in there:
        raise ReadError(
            f"no column {names.text!r} or {names.html!r}; there are {_join_names(there)}: "
            "name the one with the articles, as in text='body'"
        )
    found = {name: _list_values(name, batch[name]) for name in names if name in there}
    nothing = [None] * len(next(iter(found.values())))
    return [found.get(name, nothing) for name in names]


def _join_names(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names)) or "none"


def _list_values(name: str, column: Any) -> list[Any]:
    if isinstance(column, str | bytes):
        raise TypeError(f"the column {name!r} is one string; give a list of them, or map with batched=True")
    for method in ("to_pylist", "to_list", "tolist"):
        if hasattr(column, method):
            values: list[Any] = getattr(column, method)()
            return values
    return list(column)


def _keep_other_columns(batch: Mapping[str, Any], names: InputRow, columns: Iterable[str]) -> dict[str, Any]:
    """The columns that nothing replaces, and those whose name the record needs under another."""
    taken = {name for name in columns if name in batch and name not in names}
    carried: dict[str, Any] = {}
    # `Dataset.map` merges the batch itself, and would decode every image to hand it over
    if not hasattr(batch, "keys_to_format"):
        carried = {name: batch[name] for name in batch if name not in taken}
    for name in taken:
        free = f"input_{name}"
        while free in batch:
            free = f"input_{free}"
        carried[free] = batch[name]
    return carried


# ---------------------------------------------------------------- rows


def _clean_rows(given: Iterable[InputRow], ready: Prepared, edits: bool) -> Iterator[dict[str, Any]]:
    """The record of each row, or an empty one with the error; some rows go through the stages together."""
    group: list[tuple[InputRow, Document | Exception, Source]] = []
    size = 0
    for row in given:
        document, source = _read_row(row)
        group.append((row, document, source))
        size += len(document.source) if isinstance(document, Document) else 0
        # the tree of a page is many times as large as its text
        if size >= BATCH_CHARS or (isinstance(document, Document) and document.page is not None):
            yield from _clean_group(group, ready, edits)
            group, size = [], 0
    yield from _clean_group(group, ready, edits)


def _clean_group(
    group: Sequence[tuple[InputRow, Document | Exception, Source]], ready: Prepared, edits: bool
) -> Iterator[dict[str, Any]]:
    cleaned = iter(
        ready.pipeline.process_documents([document for _, document, _ in group if isinstance(document, Document)])
    )
    for row, document, source in group:
        done = next(cleaned) if isinstance(document, Document) else document
        try:
            if isinstance(done, Exception):
                raise done
            yield _build_row(done, source, ready, edits)
        except Exception as error:
            yield _build_error_row(row, error, ready)


def _read_row(row: InputRow) -> tuple[Document | Exception, Source]:
    """The document of a row, or what is wrong with it."""
    source = Source()
    try:
        title, url = (value if isinstance(value, str) and value else None for value in (row.title, row.url))
        facts = (Fact("input", "title", title),) if title else ()
        if not _is_missing(row.text):
            source, text = _decode_field(row.text, "text", decode_bytes)
            return Document.read(check_length(text), _format_id(row.id), url, facts), source
        if _is_missing(row.html):
            raise ReadError("the row holds neither text nor html; fetch it again or leave it out")
        source, markup = _decode_field(row.html, "html", decode_page)
        if len(markup) > files.MAX_DOCUMENT_BYTES:
            raise ReadError(f"a page of {len(markup):,} characters, which no article has; split it into its articles")
        return build_page_document(markup, _format_id(row.id), url, facts), source
    except Exception as error:
        return error, source


def _decode_field(value: Any, field: str, decoder: Callable[[bytes], tuple[str, str]]) -> tuple[Source, str]:
    media_type = "text/html" if field == "html" else "text/plain"
    if isinstance(value, str):
        return Source(media_type=media_type), value
    if isinstance(value, bytes | bytearray | memoryview):
        text, encoding = decoder(bytes(value))
        return Source(media_type=media_type, encoding=encoding), text
    raise ReadError(f"the {field} is of the type {type(value).__name__}; an article is a string, or bytes")


_MISSING_TYPE_NAMES = ("NAType", "NaTType")


def _is_missing(value: Any) -> bool:
    """Whether this is how some library writes that there is no value."""
    return (
        value is None or value != value
        if isinstance(value, float | None)
        else type(value).__name__ in _MISSING_TYPE_NAMES
    )


def _format_id(value: Any) -> str:
    return "" if _is_missing(value) else str(value)


def _build_row(document: Document, source: Source, ready: Prepared, edits: bool) -> dict[str, Any]:
    made = build_article(document, source, ready.tool)
    if edits:
        made.edits = tuple(build_ledger(document))
    try:
        row: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(made))
    except UnicodeEncodeError:
        row = scrub_json(msgspec.to_builtins(made))
    for block in row["blocks"]:
        # left out of the record where it is the article's: here every row has the same keys
        block.setdefault("language", None)
    row["provenance"] = [{"field": field, "rule": rule} for field, rule in row["provenance"].items()]
    row["error"] = None
    return row


def _build_error_row(row: InputRow, error: Exception, ready: Prepared) -> dict[str, Any]:
    """A record that holds nothing but what the row brought along, and why."""
    found: dict[str, Any] = {
        field.name: [] if isinstance(field.type, inspect.VarTupleType | inspect.DictType) else None
        for field in RECORD_TYPE.fields
    }
    found |= {
        "id": _format_id(row.id),
        "schema_version": SCHEMA_VERSION,
        "tool": msgspec.to_builtins(ready.tool),
        "edits": [],
    }
    found |= {name: value for name in ("url", "title") if isinstance(value := getattr(row, name), str)}
    found["error"] = str(error) if isinstance(error, CleanerError) else f"document {_format_id(row.id)!r}: {error!r}"
    return {name: scrub_json(value) for name, value in found.items()}

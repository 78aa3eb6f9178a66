"""A batch of columns in, columns out: what data sets, data frames and crawlers of others call to clean articles."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar, Unpack, cast

import msgspec
from msgspec import inspect

from cleaner.errors import CleanerError, ReadError, advise_install
from cleaner.io.json import scrub_json
from cleaner.pipeline.records import FULL_GROUP_SIZE, Record, group_units, make_records
from cleaner.pipeline.settings import Prepared, prepare_settings
from cleaner.readers.base import Item
from cleaner.readers.given import Given, read_given
from cleaner.record import SCHEMA_VERSION, Article
from cleaner.settings import Choices, build_settings

_EXCLUDED_FIELDS = frozenset({"extra", "story", "duplicate_of", "likeness"})
"""Fields that a batch cannot have: its other columns are columns, and copies may lie in other batches."""

FIELDS: tuple[str, ...] = tuple(name for name in Article.__struct_fields__ if name not in _EXCLUDED_FIELDS | {"edits"})
"""Fields of the record that become columns; behind them stand `edits`, if asked for, and `error`."""

RECORD_TYPE = cast(inspect.StructType, inspect.type_info(Article))

Type = TypeVar("Type")


@contextmanager
def require_extra(extra: str) -> Iterator[None]:
    """Says which extra of ours installs the package that an import within needs."""
    try:
        yield
    except ModuleNotFoundError as error:
        message = f"cleaner.adapters.{extra} needs {error.name}: {advise_install(extra)}"
        raise ModuleNotFoundError(message, name=error.name) from error


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
    ready = prepare_settings(build_settings(choices))
    read = _select_columns(batch, names)
    made = list(_clean_rows(map(InputRow._make, zip(*read, strict=True)), ready, edits))
    columns = (*FIELDS, "edits", "error") if edits else (*FIELDS, "error")
    return {**_keep_other_columns(batch, names, columns), **{name: [row[name] for row in made] for name in columns}}


def map_column_types(
    scalars: Mapping[type, Type], listed: Callable[[Type], Type], struct: Callable[[dict[str, Type]], Type]
) -> dict[str, Type]:
    """The type of each column that `clean_columns` makes, in the words of another library.

    `scalars` are its types for str, int and float; `listed` makes the type of a list from that of its elements, and
    `struct` that of a record from those of its fields.
    """

    def of(kind: inspect.Type) -> Type:
        if isinstance(kind, inspect.UnionType):
            return of(next(one for one in kind.types if not isinstance(one, inspect.NoneType)))
        if isinstance(kind, inspect.StructType):
            return struct({one.name: of(one.type) for one in kind.fields if not _is_omitted_if_unset(one)})
        if isinstance(kind, inspect.VarTupleType):
            return listed(of(kind.item_type))
        if isinstance(kind, inspect.DictType):
            return listed(struct({"field": scalars[str], "rule": scalars[str]}))
        return scalars[{inspect.IntType: int, inspect.FloatType: float}.get(type(kind), str)]

    columns = {field.name: of(field.type) for field in RECORD_TYPE.fields if field.name not in _EXCLUDED_FIELDS}
    return {**columns, "error": scalars[str]}


def _is_omitted_if_unset(one: inspect.Field) -> bool:
    """Whether it is left out of a record that has no value for it."""
    return not one.required and one.default is msgspec.NODEFAULT and one.default_factory is msgspec.NODEFAULT


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


def _clean_rows(given: Iterable[InputRow], ready: Prepared, edits: bool) -> Iterator[dict[str, object]]:
    """The record of each row, or an empty one with the error; some rows go through the stages together."""
    read = ((row, _read_row(row)) for row in given)
    for group in group_units(read, _measure_row, FULL_GROUP_SIZE):
        made = make_records(ready, [item for _, item in group], edits)
        for (row, _), one in zip(group, made, strict=True):
            yield _build_row(row, one, ready)


def _measure_row(read: tuple[InputRow, Item | Exception]) -> int:
    """The characters of a document; of a page a whole group's, for its tree is many times as large as its text."""
    item = read[1]
    if isinstance(item, Exception):
        return 0
    return len(item.document.source) if item.document.page is None else FULL_GROUP_SIZE


def _read_row(row: InputRow) -> Item | Exception:
    """The document of a row, or what is wrong with it."""
    try:
        title, url = (value if isinstance(value, str) and value else None for value in (row.title, row.url))
        text, html = (None if _is_missing(value) else value for value in (row.text, row.html))
        if text is None and html is None:
            raise ReadError("the row holds neither text nor html; fetch it again or leave it out")
        text, html = _accept_content(text, "text"), _accept_content(html if text is None else None, "html")
        return read_given(Given(text=text, html=html, id=_format_id(row.id), url=url, title=title))
    except Exception as error:
        return error


def _accept_content(value: object, field: str) -> str | bytes | None:
    """The value, where it can be an article or is missing; raises `ReadError`."""
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    if not isinstance(value, str | bytes | None):
        raise ReadError(f"the {field} is of the type {type(value).__name__}; an article is a string, or bytes")
    return value


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


def _build_row(row: InputRow, made: Record | Exception, ready: Prepared) -> dict[str, object]:
    """The values of a record by their columns, or those of a row that cannot be cleaned."""
    try:
        if isinstance(made, Exception):
            raise made
        return _convert_article(made.article)
    except Exception as error:
        return _build_error_row(row, error, ready)


def _convert_article(article: Article) -> dict[str, object]:
    """The fields of a record as plain values, the same keys in every row."""
    try:
        row: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(article))
    except UnicodeEncodeError:
        row = scrub_json(msgspec.to_builtins(article))
    for block in row["blocks"]:
        # left out of the record where it is the article's
        block.setdefault("language", None)
    row["provenance"] = [{"field": field, "rule": rule} for field, rule in row["provenance"].items()]
    row["error"] = None
    return row


def _build_error_row(row: InputRow, error: Exception, ready: Prepared) -> dict[str, object]:
    """A record that holds nothing but what the row brought along, and why."""
    found: dict[str, object] = {
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

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
"""The record with the types of its fields: what columns there are and of which types follows from it alone."""

Column = Any
"""A column of a batch, and a cell of it: an array of numpy, pyarrow, pandas or polars, or a list; any plain value."""

Type = TypeVar("Type")
"""What another library has for the type of a column."""


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
    """One row of a batch as it came, or the names of the columns it is read from."""

    text: object
    html: object
    id: object
    url: object
    title: object


def clean_columns(
    batch: Mapping[str, Column],
    *,
    text: str = "text",
    html: str = "html",
    id: str = "id",
    url: str = "url",
    title: str = "title",
    edits: bool = False,
    **choices: Unpack[Choices],
) -> dict[str, Column]:
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
    names = {"text": text, "html": html, "id": id, "url": url, "title": title}
    ready = prepare_settings(build_settings(choices))
    read = _select_columns(batch, names)
    made = list(_clean_rows(map(InputRow._make, zip(*read, strict=True)), ready, edits))
    columns = (*FIELDS, "edits", "error") if edits else (*FIELDS, "error")
    kept = _keep_other_columns(batch, names.values(), columns)
    return {**kept, **{name: [row[name] for row in made] for name in columns}}


def map_column_types(
    scalars: Mapping[type, Type], listed: Callable[[Type], Type], struct: Callable[[dict[str, Type]], Type]
) -> dict[str, Type]:
    """The type of each column that `clean_columns` makes, in the words of another library.

    `scalars` are its types for str, int and float; `listed` makes the type of a list from that of its elements, and
    `struct` that of a record from those of its fields.
    """

    def convert(kind: inspect.Type) -> Type:
        match kind:
            case inspect.UnionType():
                # a value that may be missing has the type that it has when it is there
                return convert(next(one for one in kind.types if not isinstance(one, inspect.NoneType)))
            case inspect.StructType():
                return struct({one.name: convert(one.type) for one in kind.fields if not _is_omitted_if_unset(one)})
            case inspect.VarTupleType():
                return listed(convert(kind.item_type))
            case inspect.DictType():
                return listed(struct({"field": scalars[str], "rule": scalars[str]}))
            case inspect.IntType():
                return scalars[int]
            case inspect.FloatType():
                return scalars[float]
            case _:
                return scalars[str]

    columns = {field.name: convert(field.type) for field in RECORD_TYPE.fields if field.name not in _EXCLUDED_FIELDS}
    return {**columns, "error": scalars[str]}


def _is_omitted_if_unset(one: inspect.Field) -> bool:
    """Whether it is left out of a record that has no value for it."""
    return not one.required and one.default is msgspec.NODEFAULT and one.default_factory is msgspec.NODEFAULT


# ---------------------------------------------------------------- columns


def _select_columns(batch: Mapping[str, Column], names: Mapping[str, str]) -> list[list[object]]:
    """The columns to read as lists of equal length, in the order of `InputRow`; None for those that are not there.

    `names` are the columns by what they are read as.  Raises `ReadError` where one is missing that the caller named,
    or that of the articles.
    """
    there = list(batch)
    known = ", ".join(map(repr, there)) or "none"
    for field, name in names.items():
        if name != field and name not in there:
            raise ReadError(f"{name!r}: there is no such column to read as {field}; there are {known}")
    found = {name: _list_values(name, batch[name]) for name in names.values() if name in there}
    if found.keys().isdisjoint((names["text"], names["html"])):
        cure = "name the one with the articles, as in text='body'"
        raise ReadError(f"no column {names['text']!r} or {names['html']!r}; there are {known}: {cure}")
    nothing: list[object] = [None] * len(next(iter(found.values())))
    return [found.get(name, nothing) for name in names.values()]


_LIST_METHODS = ("to_pylist", "to_list", "tolist")
"""How arrays become lists of plain values: those of pyarrow, of polars and pandas, of numpy."""


def _list_values(name: str, column: Column) -> list[object]:
    """The values of a column; raises `TypeError` for one row given in place of a batch."""
    if isinstance(column, str | bytes):
        raise TypeError(f"the column {name!r} is one string; give a list of them, or map with batched=True")
    convert = next((getattr(column, method) for method in _LIST_METHODS if hasattr(column, method)), None)
    return list(convert() if convert else column)


def _keep_other_columns(batch: Mapping[str, Column], read: Iterable[str], columns: Iterable[str]) -> dict[str, Column]:
    """The columns that nothing replaces, and those whose name the record needs under another.

    A column that is read and has the name of a field is replaced.
    """
    taken = {name for name in columns if name in batch}.difference(read)
    carried: dict[str, Column] = {}
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


def _clean_rows(given: Iterable[InputRow], ready: Prepared, edits: bool) -> Iterator[dict[str, Column]]:
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
        text, html = _accept_content(row.text, "text"), None
        if text is None:
            html = _accept_content(row.html, "html")
            if html is None:
                raise ReadError("the row holds neither text nor html; fetch it again or leave it out")
        url, title = _accept_string(row.url), _accept_string(row.title)
        return read_given(Given(text=text, html=html, id=_format_id(row.id), url=url, title=title))
    except Exception as error:
        return error


def _accept_content(value: object, field: str) -> str | bytes | None:
    """The value, where it can be an article, None where it is missing; raises `ReadError` for any other."""
    if _is_missing(value):
        return None
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    if not isinstance(value, str | bytes):
        raise ReadError(f"the {field} is of the type {type(value).__name__}; an article is a string, or bytes")
    return value


def _accept_string(value: object) -> str | None:
    """The value, where it is a string with something in it: what else stands in a column beside counts as nothing."""
    return value if isinstance(value, str) and value else None


_MISSING_TYPE_NAMES = ("NAType", "NaTType")
"""Types of the missing values of pandas, which is not imported to ask it."""


def _is_missing(value: object) -> bool:
    """Whether this is how some library writes that there is no value: None, a float that is none, or pandas' NA."""
    if isinstance(value, float | None):
        return value is None or value != value
    return type(value).__name__ in _MISSING_TYPE_NAMES


def _format_id(value: object) -> str:
    """The id of the record: numbers are ids as well."""
    return "" if _is_missing(value) else str(value)


def _build_row(row: InputRow, made: Record | Exception, ready: Prepared) -> dict[str, Column]:
    """The values of a record by their columns, or those of a row that cannot be cleaned."""
    try:
        if isinstance(made, Exception):
            raise made
        return _convert_article(made.article)
    except Exception as error:
        return _build_error_row(row, error, ready)


def _convert_article(article: Article) -> dict[str, Column]:
    """The fields of a record as plain values, the same keys in every row."""
    try:
        row: dict[str, Column] = msgspec.json.decode(msgspec.json.encode(article))
    except UnicodeEncodeError:
        row = scrub_json(msgspec.to_builtins(article))
    for block in row["blocks"]:
        # left out of the record where it is the article's
        block.setdefault("language", None)
    row["provenance"] = [{"field": field, "rule": rule} for field, rule in row["provenance"].items()]
    row["error"] = None
    return row


def _build_error_row(row: InputRow, error: Exception, ready: Prepared) -> dict[str, Column]:
    """A record that holds nothing but what the row brought along, and why."""
    id = _format_id(row.id)
    found: dict[str, Column] = {
        field.name: [] if isinstance(field.type, inspect.VarTupleType | inspect.DictType) else None
        for field in RECORD_TYPE.fields
    }
    found |= {"id": id, "schema_version": SCHEMA_VERSION, "tool": msgspec.to_builtins(ready.tool), "edits": []}
    found |= {name: value for name in ("url", "title") if isinstance(value := getattr(row, name), str)}
    found["error"] = str(error) if isinstance(error, CleanerError) else f"document {id!r}: {error!r}"
    return {name: scrub_json(value) for name, value in found.items()}

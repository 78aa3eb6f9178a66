"""The types of a record's columns, read from the record's own fields, in the words of any library of tables."""

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

import msgspec
from msgspec import inspect

from cleaner.record import Article

Type = TypeVar("Type")
"""A column type of the library."""

RECORD_TYPE = cast(inspect.StructType, inspect.type_info(Article))

PAIR_FIELDS = ("field", "rule")
"""What `provenance`, a mapping, is a list of in a table."""


_SCALAR_KINDS: dict[type[inspect.Type], type] = {inspect.IntType: int, inspect.FloatType: float}
"""The fields that are numbers; all others that hold no other fields are strings."""


def derive_column_types(
    scalars: Mapping[type, Type],
    make_list: Callable[[Type], Type],
    make_struct: Callable[[dict[str, Type]], Type],
    is_inner_column: Callable[[inspect.Field], bool] = lambda field: True,
) -> dict[str, Type]:
    """The type of each field of the record, by name, in the record's order.

    `scalars` are the library's types for str, int and float; `make_list` makes the type of a list from that of its
    elements, and `make_struct` that of a record from those of its fields; fields within fields for which
    `is_inner_column` is false are left out.  A mapping of strings is a list of `PAIR_FIELDS`; any other mapping is a
    string of JSON.
    """

    def derive(kind: inspect.Type) -> Type:
        match kind:
            case inspect.UnionType(types=types):
                return derive(next(one for one in types if not isinstance(one, inspect.NoneType)))
            case inspect.StructType(fields=fields):
                return make_struct({one.name: derive(one.type) for one in fields if is_inner_column(one)})
            case inspect.VarTupleType(item_type=item):
                return make_list(derive(item))
            case inspect.DictType(value_type=inspect.StrType()):
                return make_list(make_struct(dict.fromkeys(PAIR_FIELDS, scalars[str])))
        return scalars[_SCALAR_KINDS.get(type(kind), str)]

    return {field.name: derive(field.type) for field in RECORD_TYPE.fields}


def is_always_there(field: inspect.Field) -> bool:
    """Whether every record has the field: not one that is left out where it has no value."""
    return field.required or field.default is not msgspec.NODEFAULT or field.default_factory is not msgspec.NODEFAULT

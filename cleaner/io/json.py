"""Values to JSON that is valid UTF-8 whatever their strings hold.

A Python string may hold a lone surrogate (half of a UTF-16 pair), and an integer any number of digits.  UTF-8 and the
fast encoder take neither, so each function here tries the fast encoder and mends the value only where it refuses.
"""

import json
import re
from collections.abc import Iterable
from typing import TypeVar, cast

import msgspec

Value = TypeVar("Value")

JsonObject = dict[str, object]
"""An object of JSON, by its keys."""

_NOTHING: tuple[object, ...] = (None, "", [])

_encoder = msgspec.json.Encoder()
_REFUSALS = (UnicodeEncodeError, OverflowError, msgspec.EncodeError, msgspec.ValidationError)
"""What the fast encoder raises for a value that is not plain."""

_SURROGATE_PATTERN = re.compile("[\ud800-\udfff]")
_INT64 = range(-(1 << 63), 1 << 63)
"""The integers that Arrow, and the strictest readers of JSON, take."""


def encode_json(value: object) -> bytes:
    r"""One JSON value without line ends; a lone surrogate, which UTF-8 cannot hold, is escaped as `\udXXX`."""
    try:
        return _encoder.encode(value)
    except _REFUSALS:
        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False, separators=(",", ":"))
        return _SURROGATE_PATTERN.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def encode_json_lines(values: Iterable[object]) -> bytes:
    """JSON Lines: each value as `encode_json` leaves it, with a line end."""
    values = list(values)
    try:
        return _encoder.encode_lines(values)
    except _REFUSALS:
        return b"".join(encode_json(value) + b"\n" for value in values)


def encode_strict_json(value: object) -> bytes:
    """One JSON value without line ends that the strictest parser reads: as `scrub_json` leaves it."""
    try:
        return _encoder.encode(value)
    except _REFUSALS:
        return _encoder.encode(scrub_json(value))


def drop_empty(fields: JsonObject) -> JsonObject:
    """The object without the keys that say nothing: those of null, an empty string or an empty list."""
    return {key: value for key, value in fields.items() if value not in _NOTHING}


def scrub_json(value: Value) -> Value:
    """The value of JSON with U+FFFD for each lone surrogate and null for each integer of more than 64 bits.

    A tuple becomes a list; a value without either of them is equal to what it was.
    """
    return cast(Value, _scrub_value(value))


def _scrub_value(value: object) -> object:
    match value:
        case str():
            return replace_surrogates(value)
        case dict():
            return {_scrub_value(key): _scrub_value(one) for key, one in value.items()}
        case list() | tuple():
            return list(map(_scrub_value, value))
        case int() if value not in _INT64:
            return None
    return value


def replace_surrogates(text: str) -> str:
    """The text with U+FFFD for each lone surrogate; the two of a pair become the character that they stand for."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def encode_utf8(text: str) -> bytes:
    """Plain text; a lone surrogate becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return replace_surrogates(text).encode()

"""Values to JSON that is valid UTF-8 whatever their strings hold."""

import json
import re
from collections.abc import Iterable
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()
_SURROGATE_PATTERN = re.compile("[\ud800-\udfff]")


def encode_json(value: object) -> bytes:
    r"""One JSON value without line ends; a lone surrogate, which UTF-8 cannot hold, is escaped as `\udXXX`."""
    try:
        return _encoder.encode(value)
    except (UnicodeEncodeError, OverflowError, msgspec.EncodeError, msgspec.ValidationError):
        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False, separators=(",", ":"))
        return _SURROGATE_PATTERN.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def encode_json_lines(values: Iterable[object]) -> bytes:
    """JSON Lines."""
    values = list(values)
    try:
        return _encoder.encode_lines(values)
    except (UnicodeEncodeError, OverflowError, msgspec.EncodeError, msgspec.ValidationError):
        return b"".join(encode_json(value) + b"\n" for value in values)


def encode_strict_json(value: object) -> bytes:
    """One JSON value without line ends that the strictest parser reads: as `scrub_json` leaves it."""
    try:
        return _encoder.encode(value)
    except (UnicodeEncodeError, OverflowError, msgspec.EncodeError, msgspec.ValidationError):
        return _encoder.encode(scrub_json(value))


def scrub_json(value: Any) -> Any:
    """The value of JSON with U+FFFD for each lone surrogate and null for each integer of more than 64 bits."""
    if isinstance(value, str):
        return _SURROGATE_PATTERN.sub("\ufffd", value)
    if isinstance(value, dict):
        return {scrub_json(key): scrub_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [scrub_json(one) for one in value]
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        return None
    return value


def encode_utf8(text: str) -> bytes:
    """Plain text; a lone surrogate becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE_PATTERN.sub("\ufffd", text).encode()

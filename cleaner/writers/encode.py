"""Values to JSON that is valid UTF-8 whatever their strings hold."""

import json
import re
from collections.abc import Iterable

import msgspec

_encoder = msgspec.json.Encoder()
_SURROGATE = re.compile("[\ud800-\udfff]")


def to_json(value: object) -> bytes:
    r"""One JSON value without line ends; a lone surrogate, which UTF-8 cannot hold, is escaped as `\udXXX`."""
    try:
        return _encoder.encode(value)
    except (UnicodeEncodeError, OverflowError, msgspec.EncodeError, msgspec.ValidationError):
        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False, separators=(",", ":"))
        return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def to_lines(values: Iterable[object]) -> bytes:
    """JSON Lines."""
    values = list(values)
    try:
        return _encoder.encode_lines(values)
    except (UnicodeEncodeError, OverflowError, msgspec.EncodeError, msgspec.ValidationError):
        return b"".join(to_json(value) + b"\n" for value in values)


def to_utf8(text: str) -> bytes:
    """Plain text; a lone surrogate becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode()

"""TOML as it can be trusted to be read in time that grows with its length."""

import re
import tomllib
from tomllib import TOMLDecodeError as TOMLDecodeError

MAX_KEY_PARTS = 1000
"""Parts of the longest dotted key (`a.b.c` has three): the standard library takes quadratic time for them, a minute for
500,000."""

_DOTTED_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n\\]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+)++""")


def parse_toml(text: str) -> dict[str, object]:
    """The table that a text in TOML stands for.

    Raises `TOMLDecodeError` for what is no TOML or has a key of more than `MAX_KEY_PARTS` parts, `ValueError` for a
    number with thousands of digits, and `RecursionError` for thousands of brackets in each other.
    """
    for key in _DOTTED_KEY.finditer(text):
        parts = key.group().count(".") + 1
        if parts > MAX_KEY_PARTS:
            line = text.count("\n", 0, key.start()) + 1
            raise TOMLDecodeError(f"a key of {parts:,} parts (at line {line}), but a key may have {MAX_KEY_PARTS:,}")
    return tomllib.loads(text)

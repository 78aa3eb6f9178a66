"""The looser forms of the patterns in rule files: those of the shipped rules come ready-made, others are derived.

They lie in the ready file by the digest of the code that loosens, so that forms of other code are never used.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from cleaner.ready import compute_digest, find_packed
from cleaner.rules.patterns import expand_unicode_classes
from cleaner.rules.prefilter import LoosePattern, derive_loose_pattern

CODE_FILES = ("patterns.py", "prefilter.py", "syntax.py")
"""The code on which a looser form depends."""


def derive_rule_prefilter(pattern: str) -> LoosePattern:
    """The looser form of a pattern as a rule file writes it; raises `ValueError` for what cannot be loosened."""
    return _load_shipped().get(pattern) or derive_loose_pattern(expand_unicode_classes(pattern))


def compute_code_digest() -> bytes:
    """By what the looser forms that this code makes are found in the ready file.

    Raises `OSError` where the code does not lie in files."""
    folder = Path(__file__).parent
    return compute_digest("\0".join((folder / name).read_text(encoding="utf-8") for name in CODE_FILES))


@cache
def _load_shipped() -> Mapping[str, LoosePattern]:
    """The looser forms of the patterns of the shipped rules, by the pattern; empty where they are not ready."""
    try:
        packed = find_packed(compute_code_digest())
        return msgspec.msgpack.decode(packed, type=dict[str, LoosePattern]) if packed else {}
    except (OSError, msgspec.MsgspecError):
        return {}

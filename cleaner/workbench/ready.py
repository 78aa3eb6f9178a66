"""Makes the file anew from which the shipped TOML is read: `python -m cleaner.workbench.ready`.

It is stale after each change of that TOML and of the code that loosens patterns; the tests say so.
"""

from collections.abc import Iterator

import msgspec

from cleaner.io.toml import parse_toml
from cleaner.ready import READY_PATH, pack_tables
from cleaner.rules.files import read_text
from cleaner.rules.loading import load
from cleaner.rules.loose import compute_code_digest
from cleaner.rules.packs import find_rules_folder
from cleaner.rules.patterns import expand_unicode_classes
from cleaner.rules.prefilter import LoosePattern, derive_loose_pattern
from cleaner.text.languages import FOLDER


def list_shipped_texts() -> Iterator[str]:
    """The texts of all languages, packs and signs that come with `cleaner`."""
    for folder in (FOLDER, find_rules_folder()):
        yield from map(read_text, sorted(folder.rglob("*.toml")))


def derive_shipped_patterns() -> dict[str, LoosePattern]:
    """The looser form of each pattern of the shipped rules, by the pattern, in the order of the patterns."""
    written = sorted({pattern for rule in load().rules for pattern in rule.match})
    return {pattern: derive_loose_pattern(expand_unicode_classes(pattern)) for pattern in written}


def write_ready() -> None:
    """Writes the file."""
    loose = {compute_code_digest(): msgspec.msgpack.encode(derive_shipped_patterns())}
    READY_PATH.write_bytes(pack_tables(list_shipped_texts(), parse_toml, loose))


if __name__ == "__main__":
    write_ready()

"""Makes the file anew from which the shipped TOML is read, after each change: `python -m cleaner.workbench.ready`."""

from collections.abc import Iterator

from cleaner.io.toml import parse_toml
from cleaner.ready import READY_PATH, pack_tables
from cleaner.rules.files import read_text
from cleaner.rules.packs import find_rules_folder
from cleaner.text.languages import FOLDER


def list_shipped_texts() -> Iterator[str]:
    """The texts of all languages, packs and signs that come with `cleaner`."""
    for folder in (FOLDER, find_rules_folder()):
        yield from map(read_text, sorted(folder.rglob("*.toml")))


def write_ready() -> None:
    """Writes the file."""
    READY_PATH.write_bytes(pack_tables(list_shipped_texts(), parse_toml))


if __name__ == "__main__":
    write_ready()

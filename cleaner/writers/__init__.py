"""Writers: a record becomes bytes.  A format is one function, and one entry here."""

from collections.abc import Callable
from typing import NamedTuple

from cleaner.record import Article
from cleaner.writers import markdown, record, text


class Format(NamedTuple):
    """How one format is written; `many` when all documents of an input stand in one file."""

    write: Callable[[Article], bytes]
    ending: str
    many: bool


WRITERS = {
    "jsonl": Format(record.write, ".articles.jsonl", many=True),
    "markdown": Format(markdown.write, ".md", many=False),
    "text": Format(text.write, ".txt", many=False),
}

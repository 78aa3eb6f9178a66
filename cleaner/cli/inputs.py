"""The documents of inputs for the commands that show them, one after the other."""

from collections.abc import Iterator
from itertools import chain, repeat
from typing import TYPE_CHECKING

import click

from cleaner.cli.options import EXIT_OK, EXIT_SOME_REJECTED

if TYPE_CHECKING:
    from cleaner.document import Document
    from cleaner.io.files import Intake
    from cleaner.pipeline.settings import Prepared
    from cleaner.record import Source


def read_with_sources(path: str, intake: "Intake | None" = None) -> "Iterator[tuple[Source, Document | str]]":
    """The documents of a file or folder, each with where it came from, or why one is none; `intake` says what it is.

    Raises `ReadError` for an input that is not there.
    """
    from cleaner.io.files import AS_FOUND
    from cleaner.readers.inputs import read_file
    from cleaner.record import Rejected

    for item in read_file(path, intake or AS_FOUND):
        if isinstance(item, Rejected):
            yield item.source, f"rejected: {item.reason}"
        else:
            yield item.source, item.document


class CleanedDocuments:
    """The cleaned documents of files and folders, each with where it came from.

    What cannot be cleaned goes to standard error with its reason, and is counted in `rejected`.
    """

    def __init__(self, ready: "Prepared", *inputs: str, intake: "Intake | None" = None) -> None:
        self._ready = ready
        self._intake = intake
        self._inputs = inputs
        self.rejected = 0

    def __iter__(self) -> "Iterator[tuple[Source, Document]]":
        from cleaner.errors import StageError

        for source, document in chain.from_iterable(map(read_with_sources, self._inputs, repeat(self._intake))):
            done = document if isinstance(document, str) else self._ready.pipeline.process_documents([document])[0]
            if isinstance(done, StageError):
                done = f"rejected: {done}"
            if isinstance(done, str):
                self.rejected += 1
                click.echo(done, err=True)
            else:
                yield source, done

    @property
    def code(self) -> int:
        """The exit code of a command that is through with them."""
        return EXIT_SOME_REJECTED if self.rejected else EXIT_OK

"""The documents of an input for the commands that show them, one after the other."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from cleaner.document import Document
    from cleaner.record import Source


def read_documents(path: str) -> "Iterator[tuple[int, Document | str]]":
    """The documents of a file, each with its line in a JSON Lines file (else 0), or why one is none."""
    for source, found in read_with_sources(path):
        yield source.line or 0, found


def read_with_sources(path: str) -> "Iterator[tuple[Source, Document | str]]":
    """The documents of a file or folder, each with where it came from, or why one is none."""
    from cleaner.readers.inputs import read_file
    from cleaner.record import Rejected

    for item in read_file(path):
        if isinstance(item, Rejected):
            yield item.source, f"rejected: {item.reason}"
        else:
            yield item.source, item.document


def show_translation(document: "Document") -> None:
    """One line for the verdict, and one for each piece of evidence with its line in the source."""
    from cleaner.facts import TRANSLATION, Translation

    said = TRANSLATION.find(document) or Translation()
    score = "no score" if said.score is None else f"score {said.score:.2f}"
    styles = {"none": "green", "suspected": "yellow", "confirmed": "red"}
    verdict = click.style(said.verdict, fg=styles[said.verdict])
    click.echo(f"{click.style(document.id, bold=True)}  {verdict}  {score}  from {said.source_language or 'unknown'}")
    for one in said.evidence:
        line = document.source.count("\n", 0, one.start) + 1
        click.echo(f"{line:5}  {one.kind:15} {click.style(one.rule, fg='cyan')}  {one.text}")


def format_annotation(level: Literal["error", "warning"], file: str, line: int, title: str, message: str) -> str:
    """One annotation; a file that is empty and a line that is 0 are left out."""
    place = [f"file={_escape_property(file)}"] * bool(file) + [f"line={line}"] * bool(line)
    return f"::{level} {','.join([*place, f'title={_escape_property(title)}'])}::{_escape_message(message)}"


def _escape_message(text: str) -> str:
    """A text as the message of a workflow command of GitHub."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    """A text as the value of a property of a workflow command."""
    return _escape_message(text).replace(":", "%3A").replace(",", "%2C")

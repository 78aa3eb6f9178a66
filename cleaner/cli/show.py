"""How commands show things: tables, counts of rules, verdicts, annotations of a workflow."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from cleaner.document import Document


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


def sort_counts(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Rule ids with their counts: the largest first, those of one count by their ids."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def show_counts(counts: Mapping[str, int], why: Mapping[str, str], form: str) -> None:
    """How often each rule was at work, and why there is such a rule; `form` is the format of a count."""
    for rule, count in sort_counts(counts):
        click.echo(f"{count:{form}}  {click.style(rule, fg='cyan')}  {why.get(rule, '')}")


def format_count(number: int, noun: str) -> str:
    """`1 rule`, `2 rules`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def print_table(head: Sequence[str], rows: Iterable[tuple[str, *tuple[int, ...]]]) -> None:
    """A table of names and their numbers on standard error; nothing where it has no rows."""
    cells = [[name, *(f"{number:,}" for number in numbers)] for name, *numbers in rows]
    if not cells:
        return
    widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    for number, (name, *others) in enumerate([list(head), *cells]):
        columns = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        click.secho("  ".join((name.ljust(widths[0]), *columns)), bold=number == 0, err=True)


def escape_unprintable(text: str) -> str:
    """A text with nothing in it that moves the cursor or colours the terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def cut_text(text: str, limit: int) -> str:
    """The beginning of a text in one line of at most so many characters."""
    # blanks may be most of it, but not of a line that anybody wants to see
    line = " ".join(text[: 4 * limit].split())
    return escape_unprintable(line if len(line) <= limit else line[: limit - 1] + "…")


# ---------------------------------------------------------------- workflow commands of GitHub


def format_annotation(level: Literal["error", "warning"], file: str, line: int, title: str, message: str) -> str:
    """One annotation; a file that is empty and a line that is 0 are left out."""
    place = [f"file={_escape_property(file)}"] * bool(file) + [f"line={line}"] * bool(line)
    return f"::{level} {','.join([*place, f'title={_escape_property(title)}'])}::{_escape_message(message)}"


def _escape_message(text: str) -> str:
    """A text as the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    """A text as the value of a property of a workflow command."""
    return _escape_message(text).replace(":", "%3A").replace(",", "%2C")

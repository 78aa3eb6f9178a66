"""`cleaner check`: what a run would drop or rewrite, a line each, as linters say it."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from operator import attrgetter
from re import finditer
from typing import TYPE_CHECKING, Literal

import click
from msgspec import Struct

from cleaner.cli.inputs import CleanedDocuments
from cleaner.cli.options import (
    EXIT_FOUND,
    EXIT_OK,
    add_format_option,
    add_intake_options,
    add_policy_options,
    build_settings,
    prepare_checked,
    take_intake,
)
from cleaner.cli.show import cut_text, escape_unprintable, format_annotation, show_counts, show_translation, sort_counts

if TYPE_CHECKING:
    from cleaner.document import Document
    from cleaner.pipeline.settings import Prepared
    from cleaner.record import Source

MAX_SHOWN_CHARS = 80
"""Characters of a line that are shown: enough to know it again, and with its place about a screen's width."""

LAYOUT_RULE = "layout.space"
"""The rule whose edits only set blank lines and spaces anew: nobody calls that a finding."""


class Finding(Struct, frozen=True):
    """A line that a run would drop or rewrite: where it stands in the file as read, by which rule, and what it is.

    `number` is the line of a JSON Lines file that holds the document, 0 elsewhere.
    """

    file: str
    number: int
    line: int
    rule: str
    role: str
    before: str
    after: str

    @property
    def place(self) -> str:
        """Where the line stands, as `cleaner explain` takes it."""
        return f"{self.file}:{self.number}:{self.line}" if self.number else f"{self.file}:{self.line}"

    @property
    def what(self) -> str:
        """What the line is or reads, in one line; both texts are cut, and free of control characters."""
        before, after = (cut_text(text, MAX_SHOWN_CHARS) for text in (self.before, self.after))
        return f"reads “{after}” instead of “{before}”" if self.after else f"{self.role}: {before}"


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--statistics", is_flag=True, help="How often each rule was found, and nothing else.")
@add_format_option
@click.option("--translation", is_flag=True, help="Verdicts on translation, and their evidence, instead.")
@add_intake_options
@add_policy_options
def check(
    inputs: tuple[str, ...],
    statistics: bool,
    format: Literal["text", "json", "github"],
    translation: bool,
    **policy: object,
) -> int:
    """List what a run would drop or rewrite in files and folders, and write nothing.

    One line each: file, line, rule, and what it is; in a JSON Lines file, FILE:NUMBER:LINE as cleaner explain takes it.
    Exit codes: 0 nothing found, 1 something found or a document rejected, 2 the call was wrong.

    \b
    cleaner check raw
    cleaner check raw --statistics
    cleaner check feed.jsonl --format github --select ad
    cleaner check --translation raw
    """
    if translation and (statistics or format != "text"):
        raise click.UsageError("--translation shows verdicts as text; leave --statistics and --format out")
    if statistics and format == "github":
        raise click.UsageError("--format github annotates lines, and --statistics has none; use text or json")
    intake = take_intake(policy)
    ready = prepare_checked(build_settings(policy))
    documents = CleanedDocuments(ready, *inputs, intake=intake)
    if translation:
        for _, document in documents:
            show_translation(document)
        return documents.code
    findings = _CountedFindings(
        finding for source, document in documents for finding in _list_findings(source, document)
    )
    if statistics:
        _show_statistics(ready, findings, format)
    else:
        _show_findings(findings, format)
    return EXIT_FOUND if findings.count or documents.rejected else EXIT_OK


class _CountedFindings:
    """Findings, counted as they go by: there may be more than a list could hold."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings = findings
        self.count = 0

    def __iter__(self) -> Iterator[Finding]:
        for finding in self._findings:
            self.count += 1
            yield finding


def _list_findings(source: "Source", document: "Document") -> Iterator[Finding]:
    """Every edit of a cleaned document but those of the layout, in the order of the lines.

    An edit may span several lines, or begin with blank ones: its line is the first with something in it.
    """
    starts = [0, *(end.end() for end in finditer(r"\r\n|\r|\n", document.source))]
    edits = [edit for edit in document.edits if edit.rule != LAYOUT_RULE]
    for edit in sorted(edits, key=attrgetter("start")):
        before = document.source[edit.start : edit.end]
        text_start = edit.start + len(before) - len(before.lstrip())
        yield Finding(
            source.path or document.id,
            source.line or 0,
            bisect_right(starts, text_start),
            edit.rule,
            edit.role or "other",
            before.strip(),
            edit.text,
        )


def _show_findings(findings: Iterable[Finding], format: str) -> None:
    """Each finding in one of the three formats, as soon as it is found: a folder may take hours."""
    match format:
        case "json":
            _show_as_json(findings)
        case "github":
            for one in findings:
                message = f"{one.place}: {one.what}"
                click.echo(format_annotation("warning", one.file, one.number or one.line, one.rule, message))
        case _:
            for one in findings:
                click.echo(f"{escape_unprintable(one.place)}: {click.style(one.rule, fg='cyan')} {one.what}")


def _show_as_json(findings: Iterable[Finding]) -> None:
    """A JSON array, one finding a line, so that it can be read both as a whole and line by line."""
    from cleaner.io.json import encode_json

    glue = "["
    for finding in findings:
        click.echo(f"{glue}\n{encode_json(finding).decode()}", nl=False)
        glue = ","
    click.echo("[]" if glue == "[" else "\n]")


def _show_statistics(ready: "Prepared", findings: Iterable[Finding], format: str) -> None:
    """How often each rule was found, and why it exists, the most frequent first."""
    from cleaner.pipeline.explain import collect_rule_reasons

    why = collect_rule_reasons(ready.rules)
    counts = Counter(finding.rule for finding in findings)
    if format == "json":
        found = [{"rule": rule, "count": count, "why": why.get(rule, "")} for rule, count in sort_counts(counts)]
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        show_counts(counts, why, "6,")

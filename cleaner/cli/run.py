"""`cleaner run`: files and folders in, clean articles out."""

import json
import logging
import os
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from cleaner.cli.options import (
    EXIT_INTERRUPTED,
    EXIT_OK,
    EXIT_SOME_REJECTED,
    EXIT_WRONG_CALL,
    add_policy_options,
    build_settings,
    prepare_checked,
)
from cleaner.cli.show import print_table
from cleaner.errors import CleanerError, ReadError
from cleaner.settings import Settings
from cleaner.version import __version__
from cleaner.writers import WRITERS

if TYPE_CHECKING:
    from cleaner.run.progress import Watch
    from cleaner.run.report import Report

REFRESH_SECONDS = 0.2
"""Seconds between two looks of the progress line."""


@click.command()
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Folder for what is made.  [default: clean]")
@click.option("--to", type=click.Choice(list(WRITERS)), help="Format.  [default: jsonl]")
@click.option(
    "--audit",
    type=click.Choice(["file", "inline", "none"]),
    default="file",
    show_default=True,
    help="Where the edits are written down.",
)
@add_policy_options
@click.option("--dedup", type=click.Choice(["link", "drop"]), help="Say which articles are copies, or leave those out.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes to work in.")
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Where the work is done: on this machine or on a Ray cluster.",
)
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped.")
@click.option(
    "--time-limit",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Reject a document that takes longer.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be read and written, and do nothing.")
@click.option(
    "--metrics",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the figures of the run to this JSON file.",
)
@click.option("--log-format", type=click.Choice(["text", "json"]), help="Log each step to standard error.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def run(
    inputs: tuple[str, ...],
    output: Path | None,
    to: str | None,
    audit: str,
    dedup: str | None,
    workers: int,
    engine: Literal["local", "ray"],
    resume: bool,
    time_limit: float,
    dry_run: bool,
    metrics: Path | None,
    log_format: str | None,
    quiet: bool,
    **policy: object,
) -> int:
    """Clean files and folders.

    INPUT is a .txt, .html, .jsonl, .csv, .tsv, .parquet, .warc or .wet file, packed as .gz or .zst or not, a folder of
    them, a pattern or an address (s3://...); without any it is the folder raw.  A JSON Lines file NAME.jsonl becomes
    NAME.articles.jsonl and NAME.edits.jsonl; so does a text or a page, and a folder of them as a whole.  What cannot be
    cleaned goes to NAME.rejected.jsonl.

    \b
    cleaner run                                      raw/ into clean/
    cleaner run pages.jsonl.gz -o out --workers 4    a large file
    cleaner run pages.jsonl.gz -o out --resume       the same, after it was stopped
    cleaner run raw --to markdown --keep caption     one Markdown file an article
    cat page.txt | cleaner run - > clean.txt         a filter
    """
    from cleaner.io.atomic import Part
    from cleaner.run import batch

    if inputs == ("-",) and output is None:
        chosen = build_settings(policy, to=to or "text", audit="inline" if audit == "inline" else "none")
        return _filter_stdin(chosen)
    if dedup == "drop" and audit == "none":
        raise click.UsageError("--dedup drop needs the ledger, where what is left out stands; leave --audit none out")
    chosen = build_settings(policy, to=to or "jsonl", audit=audit, dedup=dedup or "")
    if not inputs and not os.path.isdir("raw"):
        raise ReadError("there is no folder raw here; name an input, as in: cleaner run page.txt")
    inputs = inputs or ("raw",)
    output = output or Path("clean")
    prepare_checked(chosen)
    if dry_run:
        return _show_plan(inputs, output, chosen)
    if metrics:
        # what cannot be written is better known before hours of work
        with Part(metrics):
            pass
    _configure_log(log_format)
    began = time.monotonic()
    with _watch_progress(inputs, quiet or log_format is not None) as watch:
        try:
            report = batch.clean_inputs(
                inputs, output, chosen, workers, engine=engine, resume=resume, time_limit=time_limit, watch=watch
            )
        except KeyboardInterrupt:
            return _report_interrupt()
        except CleanerError as error:
            if log_format != "json":
                raise
            logging.getLogger("cleaner").error(str(error))
            return EXIT_WRONG_CALL
    if metrics:
        _write_metrics(metrics, report, watch, time.monotonic() - began, workers)
    if not report.documents and not report.rejected and all(map(os.path.isdir, inputs)):
        raise _build_no_input_error(inputs)
    if not quiet and log_format is None:
        _show_summary(report)
    return EXIT_SOME_REJECTED if report.rejected else EXIT_OK


def _filter_stdin(chosen: Settings) -> int:
    """Standard input to standard output, as one document."""
    from cleaner.run.batch import clean_stream

    prepare_checked(chosen)
    with open(sys.stdin.fileno(), "rb", closefd=False) as stream:
        data, report = clean_stream(stream, chosen)
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
    for reason in report.reasons:
        click.echo(f"rejected: {reason}", err=True)
    return EXIT_SOME_REJECTED if report.rejected else EXIT_OK


def _show_plan(inputs: Sequence[str], output: Path, chosen: Settings) -> int:
    """What would be read, and what written."""
    from cleaner.io.streams import measure_size
    from cleaner.readers.inputs import expand_inputs
    from cleaner.writers import require_format

    made = require_format(chosen.to)
    found = False
    for name, files in expand_inputs(inputs, leave_out=[output]):
        found = True
        sizes = [measure_size(file) for file in files]
        what = output / made.folder / (f"{name}{made.ending}" if made.many else f"*{made.ending}")
        count = f"{len(sizes):,} {'file' if len(sizes) == 1 else 'files'}"
        total = "of unknown size" if None in sizes else f"{sum(filter(None, sizes)):,} bytes"
        click.echo(f"{what}: {count}, {total}")
    if not found:
        raise _build_no_input_error(inputs)
    return EXIT_OK


def _build_no_input_error(inputs: Sequence[str]) -> ReadError:
    from cleaner.readers import READERS

    return ReadError(f"{', '.join(inputs)}: holds no file that a reader takes ({', '.join(READERS)}); check the path")


def _report_interrupt() -> int:
    click.echo("interrupted; nothing half-written is left under a final name", err=True)
    call = [argument for argument in sys.argv[1:] if argument != "--resume"]
    click.echo(f"go on with: {shlex.join(['cleaner', *call, '--resume'])}", err=True)
    return EXIT_INTERRUPTED


# ---------------------------------------------------------------- what is seen of it


@contextmanager
def _watch_progress(inputs: Sequence[str], quiet: bool) -> "Iterator[Watch]":
    """What watches a run: a line where people look, nothing elsewhere."""
    from cleaner.run.progress import Watch

    if quiet or not sys.stderr.isatty() or "-" in inputs:
        yield Watch()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from cleaner.io.streams import measure_size
    from cleaner.readers.inputs import expand_inputs

    sizes = [measure_size(file) for _, files in expand_inputs(inputs) for file in files]
    total = None if None in sizes else sum(filter(None, sizes))
    counts = TextColumn(
        "{task.fields[documents]:,} documents, {task.fields[rate]:,.0f}/s, {task.fields[rejected]:,} rejected"
    )
    columns = (TextColumn("cleaning"), BarColumn(), DownloadColumn(), counts, TimeRemainingColumn())
    # without a thread of its own: a process with threads cannot be copied
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("cleaning", total=total, documents=0, rejected=0, rate=0.0)
        began = last = time.monotonic()
        counted = [0, 0]

        def look() -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= REFRESH_SECONDS:
                last = now
                bar.refresh()

        def read(size: int) -> None:
            bar.advance(task, size)
            look()

        def done(documents: int, rejected: int) -> None:
            counted[0] += documents
            counted[1] += rejected
            rate = counted[0] / (time.monotonic() - began)
            bar.update(task, documents=counted[0], rejected=counted[1], rate=rate)
            look()

        yield Watch(read, done)


def _configure_log(form: str | None) -> None:
    """Send the log to standard error: nothing below a warning unless asked for."""
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonFormatter() if form == "json" else logging.Formatter("%(message)s %(said)s"))
    handler.addFilter(_append_extras)
    log = logging.getLogger("cleaner")
    log.handlers = [handler]
    log.setLevel(logging.INFO if form else logging.WARNING)
    log.propagate = False


_STANDARD_LOG_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"said", "message"}


def _append_extras(record: logging.LogRecord) -> bool:
    """Put what a message comes with behind it."""
    record.said = ", ".join(f"{key} {value}" for key, value in vars(record).items() if key not in _STANDARD_LOG_FIELDS)
    return True


class _JsonFormatter(logging.Formatter):
    """A message and what it comes with as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {key: value for key, value in vars(record).items() if key not in _STANDARD_LOG_FIELDS}
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        return json.dumps({"time": stamp, "level": record.levelname.lower(), "event": record.getMessage(), **fields})


def _write_metrics(path: Path, report: "Report", watch: "Watch", seconds: float, workers: int) -> None:
    from cleaner.io.atomic import Part
    from cleaner.run.report import count_by_role, count_by_rule, estimate_percentile

    figures = {
        "version": __version__,
        "workers": workers,
        "seconds": round(seconds, 3),
        "documents": report.documents,
        "rejected": report.rejected,
        "empty": report.empty,
        "documents_per_second": round(report.documents / seconds, 1),
        "words_kept": report.words,
        "characters_in": report.characters_in,
        "characters_out": report.characters_out,
        "milliseconds_a_document": {
            f"p{share}": round(estimate_percentile(watch.times, share / 100) * 1e3, 3) for share in (50, 90, 99, 100)
        },
        "by_language": dict(sorted(report.languages.items())),
        "by_role": {role: {"lines": lines, "characters": size} for role, lines, size in count_by_role(report)},
        "by_rule": {
            rule: {"edits": edits, "lines": lines, "characters": size}
            for rule, edits, lines, size in count_by_rule(report)
        },
        "reasons": report.reasons,
    }
    with Part(path) as part:
        part.write(json.dumps(figures, indent=2, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        part.commit()


def _show_summary(report: "Report") -> None:
    from cleaner.run.report import count_by_role, count_by_rule, summarize_report

    click.echo(summarize_report(report), err=True)
    for reason in report.reasons:
        click.echo(f"rejected: {reason}", err=True)
    if len(report.reasons) < report.rejected:
        click.echo(f"rejected: and {report.rejected - len(report.reasons):,} more", err=True)
    print_table(("role dropped", "lines", "characters"), count_by_role(report))
    print_table(("rule", "edits", "lines dropped", "characters"), count_by_rule(report))

"""What is seen of a run: a line that moves, a log, a summary, and figures in a file."""

import json
import logging
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.show import print_table
from cleaner.version import __version__

if TYPE_CHECKING:
    from cleaner.io.files import File, Intake
    from cleaner.run.progress import Watch
    from cleaner.run.report import Report

REFRESH_SECONDS = 0.2
"""Seconds between two looks of the progress line: more often is work that nobody sees."""

PERCENTILES = (50, 90, 99, 100)
"""Percentiles of the times of documents that the figures of a run hold."""


@contextmanager
def watch_progress(inputs: Sequence[str], quiet: bool, intake: "Intake") -> "Iterator[Watch]":
    """What watches a run: a line where people look, nothing elsewhere.

    The inputs are listed and measured before the run, for the share that is done and the time that is left; where the
    size of one is not known, the line shows neither.  The line is gone when the run is over.
    """
    from cleaner.run.progress import Watch

    # standard input can be read only once, and so cannot be measured before
    if quiet or not sys.stderr.isatty() or "-" in inputs:
        yield Watch()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from cleaner.readers.inputs import expand_inputs

    total = measure_files(file for _, files in expand_inputs(inputs, intake=intake) for file in files)[1]
    counts = TextColumn(
        "{task.fields[documents]:,} documents, {task.fields[rate]:,.0f}/s, {task.fields[rejected]:,} rejected"
    )
    columns = (TextColumn("cleaning"), BarColumn(), DownloadColumn(), counts, TimeRemainingColumn())
    # without a thread of its own: a process with threads cannot be copied
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("cleaning", total=total, documents=0, rejected=0, rate=0.0)
        began = last = time.monotonic()
        documents = rejected = 0

        def refresh() -> None:
            # by the clock, for there is no thread that would do it
            nonlocal last
            now = time.monotonic()
            if now - last >= REFRESH_SECONDS:
                last = now
                bar.refresh()

        def count_bytes(size: int) -> None:
            bar.advance(task, size)
            refresh()

        def count_done(more_documents: int, more_rejected: int) -> None:
            nonlocal documents, rejected
            documents, rejected = documents + more_documents, rejected + more_rejected
            rate = documents / (time.monotonic() - began)
            bar.update(task, documents=documents, rejected=rejected, rate=rate)
            refresh()

        yield Watch(count_bytes, count_done)


def measure_files(files: "Iterable[File]") -> tuple[int, int | None]:
    """How many files there are, and their bytes in all, None where those of one are not known."""
    from cleaner.io.streams import measure_size

    sizes = list(map(measure_size, files))
    return len(sizes), None if None in sizes else sum(filter(None, sizes))


def show_summary(report: "Report") -> None:
    """What a run kept, dropped and rejected, on standard error: standard output belongs to results."""
    from cleaner.run.report import count_by_role, count_by_rule, summarize_report

    click.echo(summarize_report(report), err=True)
    for reason in report.left_out_reasons:
        click.echo(reason, err=True)
    show_rejected(report)
    if len(report.reasons) < report.rejected:
        click.echo(f"rejected: and {report.rejected - len(report.reasons):,} more", err=True)
    print_table(("role dropped", "lines", "characters"), count_by_role(report))
    print_table(("rule", "edits", "lines dropped", "characters"), count_by_rule(report))


def show_rejected(report: "Report") -> None:
    """The reasons that a report holds, which are the first ones."""
    for reason in report.reasons:
        click.echo(f"rejected: {reason}", err=True)


# ---------------------------------------------------------------- for machines


def configure_log(form: str | None) -> None:
    """Send the log to standard error as `text` or `json`; None logs nothing below a warning.

    Handlers of an earlier call in the same process are replaced, and no handler of others gets the log.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonFormatter() if form == "json" else logging.Formatter("%(message)s %(said)s"))
    handler.addFilter(_append_extras)
    log = logging.getLogger("cleaner")
    log.handlers = [handler]
    log.setLevel(logging.INFO if form else logging.WARNING)
    log.propagate = False


_STANDARD_LOG_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"said", "message"}
"""What every record of a log has; any other field came with the message, as `extra`."""


def _get_extras(record: logging.LogRecord) -> dict[str, object]:
    """What a message came with, by its names."""
    return {key: value for key, value in vars(record).items() if key not in _STANDARD_LOG_FIELDS}


def _append_extras(record: logging.LogRecord) -> bool:
    """Put what a message comes with into `said`, for the formatter; every record passes this filter."""
    record.said = ", ".join(f"{key} {value}" for key, value in _get_extras(record).items())
    return True


class _JsonFormatter(logging.Formatter):
    """A message and what it comes with as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line: time in UTC, level, event, and then whatever the message came with."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        head = {"time": stamp, "level": record.levelname.lower(), "event": record.getMessage()}
        return json.dumps(head | _get_extras(record))


def write_metrics(path: Path, report: "Report", watch: "Watch", seconds: float, workers: int) -> None:
    """Write the figures of a run to a file, as one JSON object; the README says what each means.

    `seconds` is the time from the first input to the last output by the wall clock, while the times of documents are
    those of the workers.  The file has its name only when it is whole.
    """
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
            f"p{share}": round(estimate_percentile(watch.times, share / 100) * 1e3, 3) for share in PERCENTILES
        },
        "by_language": dict(sorted(report.languages.items())),
        "by_role": {role: {"lines": lines, "characters": size} for role, lines, size in count_by_role(report)},
        "by_rule": {
            rule: {"edits": edits, "lines": lines, "characters": size}
            for rule, edits, lines, size in count_by_rule(report)
        },
        "reasons": report.reasons,
        "left_out": report.left_out,
    }
    with Part(path) as part:
        part.write(json.dumps(figures, indent=2, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        part.commit()

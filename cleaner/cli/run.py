"""`cleaner run`: files and folders in, clean articles out.

What is heavy is imported where it is used: `cleaner --help` shows this command without the engine.
"""

import logging
import os
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from cleaner.cli.options import (
    EXIT_INTERRUPTED,
    EXIT_OK,
    EXIT_SOME_REJECTED,
    EXIT_WRONG_CALL,
    add_intake_options,
    add_policy_options,
    build_settings,
    prepare_checked,
    take_intake,
)
from cleaner.cli.progress import (
    configure_log,
    measure_files,
    show_rejected,
    show_summary,
    watch_progress,
    write_metrics,
)
from cleaner.cli.show import format_count
from cleaner.errors import CleanerError, ReadError
from cleaner.settings import Settings
from cleaner.writers import WRITERS

if TYPE_CHECKING:
    from cleaner.io.files import Intake


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
@add_intake_options
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
    cleaner run feed.csv --html-field body           a table with columns of other names
    """
    from cleaner.io.atomic import Part
    from cleaner.run import batch

    intake = take_intake(policy)
    # a filter: neither folder nor format has a default then, and the ledger has no place but the record
    if inputs == ("-",) and output is None:
        chosen = build_settings(policy, to=to or "text", audit="inline" if audit == "inline" else "none")
        return _filter_stdin(chosen, intake)
    if dedup == "drop" and audit == "none":
        raise click.UsageError("--dedup drop needs the ledger, where what is left out stands; leave --audit none out")
    chosen = build_settings(policy, to=to or "jsonl", audit=audit, dedup=dedup or "")
    if not inputs and not os.path.isdir("raw"):
        raise ReadError("there is no folder raw here; name an input, as in: cleaner run page.txt")
    inputs = inputs or ("raw",)
    output = output or Path("clean")
    # in this process, before anything is written or another is started
    prepare_checked(chosen)
    if dry_run:
        return _show_plan(inputs, output, chosen, intake)
    if metrics:
        # what cannot be written is better known before hours of work
        with Part(metrics):
            pass
    configure_log(log_format)
    began = time.monotonic()
    with watch_progress(inputs, quiet or log_format is not None, intake) as watch:
        try:
            report = batch.clean_inputs(
                inputs,
                output,
                chosen,
                workers,
                engine=engine,
                resume=resume,
                time_limit=time_limit,
                watch=watch,
                intake=intake,
            )
        except KeyboardInterrupt:
            return _report_interrupt()
        except CleanerError as error:
            if log_format != "json":
                raise
            # whoever reads the log reads nothing else
            logging.getLogger("cleaner").error(str(error))
            return EXIT_WRONG_CALL
    if metrics:
        write_metrics(metrics, report, watch, time.monotonic() - began, workers)
    # known only now, for folders are read as the run goes on
    if not report.documents and not report.rejected and all(map(os.path.isdir, inputs)):
        raise _build_no_input_error(inputs, report.left_out)
    if not quiet and log_format is None:
        show_summary(report)
    return EXIT_SOME_REJECTED if report.rejected else EXIT_OK


def _filter_stdin(chosen: Settings, intake: "Intake") -> int:
    """Standard input to standard output; the exit code.

    Neither file nor folder is written.  What cannot be cleaned gives no output, and its reason on standard error.
    """
    from cleaner.run.batch import clean_stream

    prepare_checked(chosen)
    with open(sys.stdin.fileno(), "rb", closefd=False) as stream:
        data, report = clean_stream(stream, chosen, intake)
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
    show_rejected(report)
    return EXIT_SOME_REJECTED if report.rejected else EXIT_OK


def _show_plan(inputs: Sequence[str], output: Path, chosen: Settings, intake: "Intake") -> int:
    """What would be read, and what written: a line for each output, with its files and their size; then what not.

    Nothing is opened to be read, so that a file that is damaged is not noticed.  Raises `ReadError` for inputs without
    any file that a reader takes, and `WriteError` for a format whose package is missing.
    """
    from cleaner.readers.inputs import expand_inputs
    from cleaner.readers.left_out import LeftOut
    from cleaner.writers import require_format

    made = require_format(chosen.to)
    found = False
    left = LeftOut()
    for name, files in expand_inputs(inputs, [output], intake, left):
        found = True
        number, size = measure_files(files)
        what = output / made.folder / (f"{name}{made.ending}" if made.many else f"*{made.ending}")
        count = format_count(number, "file")
        total = "of unknown size" if size is None else f"{size:,} bytes"
        click.echo(f"{what}: {count}, {total}")
    if not found:
        raise _build_no_input_error(inputs, left.counts)
    for reason in left.explain_each():
        click.echo(reason)
    return EXIT_OK


def _build_no_input_error(inputs: Sequence[str], left_out: Mapping[str, int]) -> ReadError:
    """The error of inputs that are there and hold nothing to read; `left_out` counts what they do hold."""
    from cleaner.readers import READERS
    from cleaner.readers.left_out import summarize_kinds

    what = f"holds no file that a reader takes ({', '.join(READERS)})"
    cure = f"{summarize_kinds(left_out)}; say with --input-format what they are" if left_out else "check the path"
    return ReadError(f"{', '.join(inputs)}: {what}; {cure}")


def _report_interrupt() -> int:
    """The exit code of a run that was stopped, after the call with which it goes on.

    The call is that of the user, in the quotes of a shell, so that it can be copied.
    """
    click.echo("interrupted; nothing half-written is left under a final name", err=True)
    call = [argument for argument in sys.argv[1:] if argument != "--resume"]
    click.echo(f"go on with: {shlex.join(['cleaner', *call, '--resume'])}", err=True)
    return EXIT_INTERRUPTED

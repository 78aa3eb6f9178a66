"""The command line: its commands, its exit codes, and no traceback for an error of the user's making.

Each command is a file of this folder.  They import what is heavy where they use it.
"""

import os
import sys
from collections.abc import Sequence

import click

from cleaner.cli.authoring import apply_command, mine, new
from cleaner.cli.check import check
from cleaner.cli.diff import diff
from cleaner.cli.explain import explain_command
from cleaner.cli.options import EXIT_INTERRUPTED, EXIT_OK, EXIT_WRONG_CALL
from cleaner.cli.report import report, review
from cleaner.cli.restore import restore
from cleaner.cli.rules import rules
from cleaner.cli.rules_check import docs, impact, lint, schema, test
from cleaner.cli.run import run
from cleaner.cli.serve import serve
from cleaner.errors import CleanerError
from cleaner.version import __version__
from cleaner.workers import collect_seldom


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cleaner")
def cli() -> None:
    """Clean articles out of scraped text, every change on record.

    Exit codes: 0 all cleaned, 1 some documents rejected, 2 the call was wrong, 130 interrupted.
    """


for command in (run, check, diff, explain_command, restore, rules, report, review, serve):
    cli.add_command(command)
for command in (lint, test, schema, docs, impact, new, mine, apply_command):
    rules.add_command(command)


def invoke(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return its exit code; no error of the user's making shows a traceback.

    `arguments` are those behind the name of the program, None for those of this process.  An error that is our own
    passes through: its traceback is wanted.
    """
    try:
        # not standalone: click would end this process itself
        code = cli.main(arguments, prog_name="cleaner", standalone_mode=False)
        return code if isinstance(code, int) else EXIT_OK
    except click.ClickException as error:
        error.show()
    except click.Abort:
        click.echo("interrupted; nothing half-written is left under a final name", err=True)
        return EXIT_INTERRUPTED
    except CleanerError as error:
        click.echo(f"Error: {error}", err=True)
    return EXIT_WRONG_CALL


def main() -> None:
    """The command `cleaner`, and `python -m cleaner`: ends this process with the exit code."""
    # the matrices of the models are so small that threads cost twice the time; numpy reads this when it is imported
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    collect_seldom()
    sys.exit(invoke())


if __name__ == "__main__":
    main()

"""`cleaner report` and `cleaner review`: see what was dropped, and decide."""

from pathlib import Path

import click


@click.command()
@click.argument("out", type=click.Path(exists=True, path_type=Path))
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The page to write.")
def report(out: Path, html: Path) -> None:
    """Make one HTML page of what a run kept and dropped.

    OUT is a folder that cleaner run has made, or a NAME.articles.jsonl with its NAME.edits.jsonl beside it, or with
    the edits inside.  The page needs no server and no network.  Decisions that people save on it are a file for
    cleaner rules apply.

    \b
    cleaner report clean --html report.html
    """
    from cleaner.review.page import outputs, write
    from cleaner.review.why import shipped_reasons

    count = write(outputs(out), html, shipped_reasons())
    size = html.stat().st_size / 1_000_000
    click.echo(f"{html}: {count:,} {'article' if count == 1 else 'articles'}, {size:,.1f} MB", err=True)

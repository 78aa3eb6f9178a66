"""`cleaner report` and `cleaner review`: see what was dropped, and decide."""

from pathlib import Path

import click

from cleaner.cli.show import format_count


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
    from cleaner.pipeline.explain import collect_shipped_reasons
    from cleaner.readers.own_records import find_articles
    from cleaner.review.page import write_page

    count = write_page(find_articles(out), html, collect_shipped_reasons())
    size = html.stat().st_size / 1_000_000
    click.echo(f"{html}: {format_count(count, 'article')}, {size:,.1f} MB", err=True)


@click.command()
@click.argument("given", metavar="INPUT", type=click.Path(exists=True))
@click.option(
    "--rules",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    default="own.toml",
    show_default=True,
    help="A rule file of your own, on top of the shipped.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on.  [default: a free one]")
@click.option("--no-browser", is_flag=True, help="Open no browser; the address is printed.")
def review(given: str, rules: Path, port: int, no_browser: bool) -> None:
    """Clean INPUT and decide on its lines on a local page.

    The page is served to this machine alone, and until Ctrl-C.  Saved decisions go to decisions.toml beside the rule
    file, in place of those of an earlier review; what they ask for goes into the rule file, which need not be there
    yet, and INPUT is cleaned again.

    \b
    cleaner review raw --rules own.toml
    """
    import webbrowser

    from cleaner.review.session import open_desk
    from cleaner.run.report import summarize_report

    with open_desk(given, rules, port) as (server, done):
        try:
            click.echo(summarize_report(done), err=True)
            click.echo(f"Serving {server.address} until Ctrl-C", err=True)
            if not no_browser:
                webbrowser.open(server.address)
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("\nended", err=True)

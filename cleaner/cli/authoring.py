"""`cleaner rules new`, `mine` and `apply`: rules out of examples, pages and decisions."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.options import require_role
from cleaner.errors import RuleError

if TYPE_CHECKING:
    from cleaner.workbench.risk import Proposal

MAX_CELL_CHARS = 46
"""Characters of a pattern and of an example in the table."""


@click.command()
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Rule file.  [default: own.toml]")
@click.option("--role", help="What the lines are, e.g. advertisement.")
@click.option("--example", "examples", multiple=True, metavar="TEXT", help="A line, or lines, that must go.")
@click.option("--keep", "keeps", multiple=True, metavar="TEXT", help="A line that must stay.")
@click.option("--site", metavar="HOST", help="The site that the rule is for, e.g. example.org; without, all.")
def new(to: Path | None, role: str | None, examples: tuple[str, ...], keeps: tuple[str, ...], site: str | None) -> int:
    """Write a rule from examples.

    Asks for what is not given, proposes a pattern that matches the examples and no more than it must, proves it and
    adds it to the rule file.

    \b
    cleaner rules new
    cleaner rules new --role promotion --example 'Win 3 tickets' --example 'Win 12 tickets' --keep 'Win or lose.'
    """
    from cleaner.document import ARTICLE_ROLES, ROLES
    from cleaner.workbench.propose import pick_clean_sentence, propose_patterns
    from cleaner.workbench.write import Draft, normalize_host, write_rules

    asking = not examples
    if asking:
        examples = tuple(_prompt_lines("Paste lines that must go, all of one kind"))
        if len(examples) > 1 and click.confirm("Do they stand one below the other, as one example?", default=False):
            examples = ("\n".join(examples),)
    if not examples:
        raise click.UsageError("there is no example; paste a line, or give it with --example")
    if role is None:
        role = click.prompt("Role", type=click.Choice(sorted(ROLES - ARTICLE_ROLES)), show_choices=False)
    require_role(role)
    if asking and not keeps:
        keeps = tuple(_prompt_lines("Paste lines that look alike and must stay, or nothing"))
    if asking and site is None:
        site = click.prompt("Site, or nothing for all", default="", show_default=False)
    site = normalize_host(site or "")
    match = propose_patterns(examples, keeps, bool(site))
    for pattern in match:
        click.echo(f"pattern   {click.style(pattern, fg='cyan')}")
    why = f"Marked as {role} by hand."
    if asking:
        why = click.prompt("Why", default=why)
        if to is None:
            to = Path(click.prompt("Rule file", default="own.toml"))
    to = to or Path("own.toml")
    keeps = keeps or (pick_clean_sentence(examples[0]),)
    draft = Draft(role=role, why=why, match=match, examples=tuple(dict.fromkeys(examples)), keeps=keeps, site=site)
    for id in write_rules([draft], to):
        click.echo(f"{to}: {id} is written and proven; try it: cleaner run INPUT --rules {to}")
    return 0


def _prompt_lines(what: str) -> list[str]:
    """Lines as pasted, up to an empty one."""
    click.echo(f"{what}; an empty line ends:")
    lines: list[str] = []
    while line := click.prompt("", default="", show_default=False, prompt_suffix="> ").strip():
        lines.append(line)
    return lines


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--site", is_flag=True, help="Write the rules of each site to sites/HOST.toml.")
@click.option("--most", type=click.IntRange(1), default=50, show_default=True, help="Proposals at most.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Write all rules to this file.")
def mine(inputs: tuple[str, ...], site: bool, most: int, to: Path | None) -> int:
    """Find what repeats like a template on many pages and is not article, and propose rules for it.

    Prints the proposals, those first that gain most at the least risk; with --to or --site writes them as proven
    rules, with examples and keeps from the pages.

    \b
    cleaner rules mine pages.jsonl.gz
    cleaner rules mine raw --most 20 --to own.toml
    cleaner rules mine pages.jsonl.gz --site
    """
    from cleaner.workbench.mine import mine_templates as mined_from
    from cleaner.workbench.write import read_marks, write_rules

    if site and to:
        raise click.UsageError("--site and --to both say where to write; give one of them")
    mined = mined_from(inputs, most)
    sites = {one.site for one in mined.found}
    click.echo(f"{mined.documents:,} documents, {mined.lines:,} lines: {len(mined.found):,} proposals", err=True)
    if mined.rejected:
        click.echo(f"{mined.rejected:,} documents cannot be read; cleaner run says why", err=True)
    _print_table(mined.found, len(sites) > 1)
    for path, some in _choose_files(mined.found, site, to):
        known = read_marks(path)
        ids = write_rules([one.draft for one in some if one.draft.mark not in known], path)
        click.echo(f"{path}: {len(ids)} rules are written and proven", err=True)
    return 0


def _choose_files(found: Sequence["Proposal"], site: bool, to: Path | None) -> list[tuple[Path, list["Proposal"]]]:
    """Where to write which of the proposals."""
    if to and found:
        return [(to, list(found))]
    hosts = sorted({one.draft.site for one in found if one.draft.site}) if site else []
    if site and found and not hosts:
        raise RuleError(
            "these documents have no url, so that there is no site to write rules for; write them to a "
            "file with --to, or give the pages as JSON Lines with a url each"
        )
    return [(Path("sites") / f"{host}.toml", [one for one in found if one.draft.site == host]) for host in hosts]


def _print_table(found: Sequence["Proposal"], many: bool) -> None:
    rows = [("rank", "documents", "share", "left", "role", "risk", "place", "pattern", "example", "site")]
    for rank, one in enumerate(found, 1):
        rows.append(
            (
                str(rank),
                f"{one.documents:,}",
                f"{one.share:.0%}",
                f"{one.left:.0%}",
                one.draft.role,
                f"{one.risk:.2f}",
                one.place,
                _cut_cell(one.draft.match[0]),
                _cut_cell(one.draft.examples[0]),
                one.site,
            )
        )
    if len(rows) == 1:
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows if many else (row[:-1] for row in rows):
        cells = (
            cell.rjust(width) if cell[:1].isdigit() and i in (0, 1, 2, 3, 5) else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=False))
        )
        click.echo("  ".join(cells).rstrip())


def _cut_cell(text: str) -> str:
    text = text.replace("\n", " / ")
    return text if len(text) <= MAX_CELL_CHARS else text[: MAX_CELL_CHARS - 1] + "…"


@click.command("apply")
@click.argument("decisions", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--to",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("own.toml"),
    show_default=True,
    help="Rule file.",
)
@click.option(
    "--articles",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="What was decided on, as cleaner run wrote it: refuses decisions on other versions.",
)
def apply_command(decisions: Path, to: Path, articles: Path | None) -> int:
    """Turn the decisions of a review into proven rules.

    A line that was wrongly dropped gets a rule that keeps it; lines that were marked get a rule that drops them.

    \b
    cleaner rules apply decisions.toml --to own.toml --articles clean
    cleaner run raw --rules own.toml
    """
    from cleaner.workbench.decisions import apply_decisions

    done = apply_decisions(decisions, to, articles)
    for id in done.written:
        click.echo(f"{to}: {id} is written and proven")
    for why in done.refused:
        click.echo(f"refused: {why}", err=True)
    standing = f", {done.standing} stood there already" if done.standing else ""
    click.echo(
        f"{len(done.written)} rules written, {len(done.refused)} decisions refused, {done.accepted} lines "
        f"accepted as they are{standing}",
        err=True,
    )
    return 1 if done.refused else 0

"""`cleaner rules new`, `mine` and `apply`: rules out of examples, pages and decisions."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.options import require_role
from cleaner.cli.show import cut_text
from cleaner.errors import RuleError

if TYPE_CHECKING:
    from cleaner.workbench.risk import Proposal

MAX_CELL_CHARS = 46
"""Characters of a pattern and of an example in the table of proposals."""

NUMBER_COLUMNS = frozenset({"rank", "documents", "share", "left", "risk"})
"""Columns of that table with numbers, which stand to the right."""

DEFAULT_RULE_FILE = Path("own.toml")
"""The rule file that rules are written to where none is named."""

RULE_FILE = click.Path(dir_okay=False, path_type=Path)
"""The type of options that name a rule file."""


@click.command()
@click.option("--to", type=RULE_FILE, help="Rule file.  [default: own.toml]")
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
    from cleaner.text.urls import normalize_host
    from cleaner.workbench.propose import pick_clean_sentence, propose_patterns
    from cleaner.workbench.write import Draft, write_rules

    asking = not examples
    examples = examples or _prompt_examples()
    if role is None:
        role = click.prompt("Role", type=click.Choice(sorted(ROLES - ARTICLE_ROLES)), show_choices=False)
    require_role(role)
    if asking:
        keeps = keeps or tuple(_prompt_lines("Paste lines that look alike and must stay, or nothing"))
        if site is None:
            site = click.prompt("Site, or nothing for all", default="", show_default=False)
    site = normalize_host(site or "")
    match = propose_patterns(examples, keeps, bool(site))
    for pattern in match:
        click.echo(f"pattern   {click.style(pattern, fg='cyan')}")
    why = f"Marked as {role} by hand."
    if asking:
        why = click.prompt("Why", default=why)
        to = to or Path(click.prompt("Rule file", default=str(DEFAULT_RULE_FILE)))
    to = to or DEFAULT_RULE_FILE
    keeps = keeps or (pick_clean_sentence(examples[0]),)
    draft = Draft(role=role, why=why, match=match, examples=tuple(dict.fromkeys(examples)), keeps=keeps, site=site)
    for id in write_rules([draft], to):
        click.echo(f"{to}: {id} is written and proven; try it: cleaner run INPUT --rules {to}")
    return 0


def _prompt_examples() -> tuple[str, ...]:
    """Examples that somebody pastes, one a line, or all lines as one; raises `UsageError` where there is none."""
    lines = _prompt_lines("Paste lines that must go, all of one kind")
    if not lines:
        raise click.UsageError("there is no example; paste a line, or give it with --example")
    if len(lines) > 1 and click.confirm("Do they stand one below the other, as one example?", default=False):
        return ("\n".join(lines),)
    return tuple(lines)


def _prompt_lines(what: str) -> list[str]:
    """The lines that somebody pastes, up to an empty one."""
    click.echo(f"{what}; an empty line ends:")
    lines: list[str] = []
    while line := click.prompt("", default="", show_default=False, prompt_suffix="> ").strip():
        lines.append(line)
    return lines


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--site", is_flag=True, help="Write the rules of each site to sites/HOST.toml.")
@click.option("--most", type=click.IntRange(1), default=50, show_default=True, help="Proposals at most.")
@click.option("--to", type=RULE_FILE, help="Write all rules to this file.")
def mine(inputs: tuple[str, ...], site: bool, most: int, to: Path | None) -> int:
    """Find what repeats like a template on many pages and is not article, and propose rules for it.

    Prints the proposals, those first that gain most at the least risk; with --to or --site writes them as proven
    rules, with examples and keeps from the pages.

    \b
    cleaner rules mine pages.jsonl.gz
    cleaner rules mine raw --most 20 --to own.toml
    cleaner rules mine pages.jsonl.gz --site
    """
    from cleaner.workbench.mine import mine_templates
    from cleaner.workbench.write import read_marks, write_rules

    if site and to:
        raise click.UsageError("--site and --to both say where to write; give one of them")
    mined = mine_templates(inputs, most)
    click.echo(f"{mined.documents:,} documents, {mined.lines:,} lines: {len(mined.found):,} proposals", err=True)
    if mined.rejected:
        click.echo(f"{mined.rejected:,} documents cannot be read; cleaner run says why", err=True)
    _print_proposals(mined.found)
    for path, some in _choose_files(mined.found, site, to):
        known = read_marks(path)
        ids = write_rules([one.draft for one in some if one.draft.mark not in known], path)
        click.echo(f"{path}: {len(ids)} rules are written and proven", err=True)
    return 0


def _choose_files(found: Sequence["Proposal"], site: bool, to: Path | None) -> list[tuple[Path, list["Proposal"]]]:
    """The files to write, and the proposals for each: all for `to`, with `site` a file for each site, else none.

    Raises `RuleError` where no proposal is for a site that rules can name.
    """
    if not found or not (to or site):
        return []
    if to:
        return [(to, list(found))]
    hosts = sorted({one.draft.site for one in found} - {""})
    if not hosts:
        raise RuleError(
            "these documents have no url, so that there is no site to write rules for; write them to a "
            "file with --to, or give the pages as JSON Lines with a url each"
        )
    return [(Path("sites") / f"{host}.toml", [one for one in found if one.draft.site == host]) for host in hosts]


def _print_proposals(found: Sequence["Proposal"]) -> None:
    """Print a table of proposals, best first; its last column, the site, only where there are several."""
    rows = [
        {
            "rank": str(rank),
            "documents": f"{one.documents:,}",
            "share": f"{one.share:.0%}",
            "left": f"{one.left:.0%}",
            "role": one.draft.role,
            "risk": f"{one.risk:.2f}",
            "place": one.place,
            "pattern": cut_text(one.draft.match[0], MAX_CELL_CHARS),
            "example": cut_text(one.draft.examples[0], MAX_CELL_CHARS),
            "site": one.site,
        }
        for rank, one in enumerate(found, 1)
    ]
    columns = [[head, *(row[head] for row in rows)] for head in next(iter(rows), ())]
    if len({one.site for one in found}) <= 1:
        columns = columns[:-1]
    for cells in zip(*map(_justify_column, columns), strict=True):
        click.echo("  ".join(cells).rstrip())


def _justify_column(column: list[str]) -> list[str]:
    """A column of the table of proposals, its head first, with its cells equally wide."""
    head, *cells = column
    width = max(map(len, column))
    justify = str.rjust if head in NUMBER_COLUMNS else str.ljust
    return [head.ljust(width), *(justify(cell, width) for cell in cells)]


@click.command("apply")
@click.argument("decisions", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--to", type=RULE_FILE, default=DEFAULT_RULE_FILE, show_default=True, help="Rule file.")
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

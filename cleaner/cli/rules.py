"""`cleaner rules list` and `show`; `cleaner.cli.rules_check` and `authoring` hold the other commands on rules."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.options import EXIT_OK, RULES_HELP, require_role
from cleaner.errors import ReadError
from cleaner.settings.project import read_current_project

if TYPE_CHECKING:
    from cleaner.rules.model import Rule

HITS_HELP = "Count hits in the ledgers of this run: its folder, or one .edits.jsonl."


@click.group()
def rules() -> None:
    """See, check, write and compare rules.

    Rules are the shipped ones, those of the project's settings, and those named by --rules.

    \b
    cleaner rules list --language de --role advertisement
    cleaner rules show de.advertisement.label
    cleaner rules lint own.toml && cleaner rules test own.toml
    """


add_rules_option = click.option("--rules", "given", metavar="FILE", multiple=True, help=RULES_HELP)
"""The option that names rule files."""

add_hits_option = click.option("--hits", "run", metavar="OUT", type=click.Path(path_type=Path), help=HITS_HELP)
"""The option that names a run."""

LIST_FILTERS: "Mapping[str, Callable[[Rule, str], bool]]" = {
    "language": lambda rule, language: rule.is_for_language(language),
    "role": lambda rule, role: role in rule.roles,
    "site": lambda rule, site: rule.is_for_site(site),
    "status": lambda rule, status: rule.status == status,
}
"""By the option of `list`: whether a rule fits its value."""


# ---------------------------------------------------------------- list, show


@rules.command("list")
@click.option("--language", metavar="CODE", help="Only rules asked about texts in this language.")
@click.option("--role", metavar="ROLE", help="Only rules that say a line is this.")
@click.option("--site", metavar="HOST", help="Only rules for this site, or one above it.")
@click.option("--status", type=click.Choice(["experimental", "stable", "deprecated"]), help="Only rules that stand so.")
@add_hits_option
@add_rules_option
def list_command(run: Path | None, given: tuple[str, ...], **wanted: str | None) -> int:
    """List rules, one a line: id, role, what it is for, how it stands.

    \b
    cleaner rules list --language de --role advertisement
    cleaner rules list --hits clean
    """
    if role := wanted["role"]:
        require_role(role)
    hits = _count_hits(run) if run else None
    asked = [(LIST_FILTERS[option], value) for option, value in wanted.items() if value]
    listed = [rule for rule in _load_rules(given) if all(fits(rule, value) for fits, value in asked)]
    for rule in listed:
        scope = ",".join(rule.sites or rule.languages) or "all"
        stands = rule.status + (f", until {rule.until}" if rule.until else "")
        number = "" if hits is None else f"{hits[rule.id]:8,}  "
        roles = "+".join(dict.fromkeys(rule.roles))
        click.echo(f"{number}{click.style(rule.id, fg='cyan')}  {roles}  {scope}  {stands}")
    click.echo(f"{len(listed):,} rules", err=True)
    return EXIT_OK


@rules.command("show")
@click.argument("id")
@add_hits_option
@add_rules_option
def show_command(id: str, run: Path | None, given: tuple[str, ...]) -> int:
    """Say all of a rule: why, patterns, examples, keeps, how it stands, and its hits in a run.

    \b
    cleaner rules show de.advertisement.label
    cleaner rules show de.advertisement.label --hits clean
    """
    known = {rule.id: rule for rule in _load_rules(given)}
    if id not in known:
        from cleaner.settings import suggest_words

        meant = suggest_words(id, known)
        cure = f"did you mean {', '.join(meant)}?" if meant else "cleaner rules list shows all"
        raise click.UsageError(f"there is no rule {id!r}; {cure}")
    show_rule(known[id], _count_hits(run)[id] if run else None)
    return EXIT_OK


def _load_rules(given: tuple[str, ...]) -> "tuple[Rule, ...]":
    """The rules of these files, or of the project, unproven: what is wrong with them `lint` says."""
    from cleaner.rules.loading import load

    project = read_current_project()
    return load(given or project.rules or (), False, project.extends, project.disable or ()).rules


def _count_hits(run: Path) -> Counter[str]:
    """How many edits each rule made in a run; raises `ReadError` where there is no ledger."""
    from cleaner.readers.own_records import decode_json

    ledgers = sorted(run.glob("*.edits.jsonl")) if run.is_dir() else [run]
    if not ledgers or not ledgers[0].is_file():
        raise ReadError(f"{run}: holds no .edits.jsonl; name the folder of a run with --audit file")
    found: Counter[str] = Counter()
    for path in ledgers:
        with open(path, "rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    found[decode_json(line)["rule"]] += 1
                except (ValueError, KeyError, TypeError) as error:
                    raise ReadError(f"{path}:{number}: is no line of a ledger; name one that a run made") from error
    return found


def show_rule(rule: "Rule", hits: int | None = None) -> None:
    """All that a rule says of itself, and how often a run used it."""
    click.secho(rule.id, bold=True)
    click.echo(f"why       {rule.why}")
    click.echo(f"role      {', '.join(dict.fromkeys(rule.roles))}")
    until = f", to be looked at again by {rule.until}" if rule.until else ""
    click.echo(f"pack      {rule.pack}" + ("" if rule.status == "stable" else f" ({rule.status})") + until)
    single = {
        "where": rule.where,
        "through": rule.through,
        "replace": "with nothing" if rule.replace == "" else rule.replace,
        "action": "keep" if rule.is_exception else "",
    }
    for name, value in single.items():
        if value:
            click.echo(f"{name:10}{value}")
    several = {
        "match": rule.match,
        "languages": rule.languages,
        "sites": rule.sites,
        "facts": tuple(f"{source} -> {field}" for source, field in rule.facts.items()),
        "examples": rule.examples,
        "keeps": rule.keeps,
    }
    for name, values in several.items():
        for number, one in enumerate(values):
            indented = one.replace("\n", "\n          ")
            click.echo(f"{'' if number else name:10}{indented}")
    if hits is not None:
        click.echo(f"hits      {hits:,}")

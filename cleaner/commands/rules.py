"""`cleaner rules`: see, check, write and compare rules."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cleaner.matching import Rule


@click.group()
def rules() -> None:
    """See, check, write and compare rules."""


def show_rule(rule: "Rule", hits: int | None = None) -> None:
    """All that a rule says of itself, and how often a run used it."""
    click.secho(rule.id, bold=True)
    click.echo(f"why       {rule.why}")
    click.echo(f"role      {', '.join(dict.fromkeys(rule.roles))}")
    history = f", revision {rule.rev}" if rule.rev != 1 else ""
    until = f", to be looked at again by {rule.until}" if rule.until else ""
    click.echo(f"pack      {rule.pack}" + ("" if rule.status == "stable" else f" ({rule.status})") + history + until)
    for name, value in (("where", rule.where), ("through", rule.through), ("replace", rule.replace),
                        ("action", rule.action if rule.action != "drop" else "")):  # fmt: skip
        if value or (name == "replace" and value is not None):
            click.echo(f"{name:10}{value or 'with nothing'}")
    facts = [f"{source} -> {field}" for source, field in rule.facts.items()]
    for name, values in (("match", rule.match), ("languages", rule.languages), ("sites", rule.sites), ("facts", facts),
                         ("examples", rule.examples), ("keeps", rule.keeps)):  # fmt: skip
        for number, one in enumerate(values):
            indented = one.replace("\n", "\n          ")
            click.echo(f"{'' if number else name:10}{indented}")
    if hits is not None:
        click.echo(f"hits      {hits:,}")

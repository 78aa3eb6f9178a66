"""`cleaner diff`: what goes from a file, line by line, and why."""

import sys
from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING

import click

from cleaner.cli.inputs import CleanedDocuments
from cleaner.cli.options import add_intake_options, add_policy_options, build_settings, prepare_checked, take_intake
from cleaner.cli.show import format_count, show_counts

if TYPE_CHECKING:
    from cleaner.document import Document
    from cleaner.pipeline.explain import Change

VISIBLE_BLANKS = str.maketrans({"\n": "⏎", "\xa0": "⍽", "\t": "⇥", "\u200b": "∅"})
"""Blank differences as characters that can be seen."""

CONTINUATION = "\n" + " " * 8
"""A line end within a line that is shown, and the margin of what follows it."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@add_intake_options
@add_policy_options
def diff(file: str, **policy: object) -> int:
    """Show what goes from FILE, and why.

    \b
    cleaner diff raw/page.txt
    cleaner diff raw/page.txt --keep caption
    """
    from cleaner.pipeline.explain import collect_rule_reasons

    intake = take_intake(policy)
    ready = prepare_checked(build_settings(policy))
    why = collect_rule_reasons(ready.rules)
    documents = CleanedDocuments(ready, file, intake=intake)
    for _, document in documents:
        _show_changes(document, why)
    return documents.code


def _show_changes(document: "Document", why: Mapping[str, str]) -> None:
    """Every changed line of a cleaned document, how many lie between them, and how often each rule was at work.

    `why` has the reason of each rule id.  A rule counts once for each line that it had a part in.
    """
    from cleaner.pipeline.explain import iterate_changes

    click.secho(document.id, bold=True)
    used: Counter[str] = Counter()
    for is_same, changes in groupby(iterate_changes(document), lambda change: change.after == change.before):
        if is_same:
            count = sum(1 for _ in changes)
            click.secho(f"      … {format_count(count, 'line')} unchanged", dim=True)
            continue
        for change in changes:
            _show_change(change)
            used.update({edit.rule for edit in change.edits})
    show_counts(used, why, "5")
    click.echo()


def _show_change(change: "Change") -> None:
    """One line: what is gone in red, what is new in green, with the rules that made the change.

    On a terminal a rewritten line is shown once, with its differences marked; elsewhere as read and as it reads now.
    """
    from cleaner.pipeline.explain import diff_texts

    rules = ", ".join(dict.fromkeys(edit.rule for edit in change.edits))
    label = click.style(rules if change.after else f"{change.role}: {rules}", fg="cyan")
    number = click.style(f"{change.line:5}", dim=True)
    if not change.after:
        first, *others = change.before.splitlines() or [""]
        click.echo(f"{number} {click.style('- ' + first, fg='red')}  {label}")
        for line in others:
            click.secho(f"      - {line}", fg="red")
    elif sys.stdout.isatty():
        parts = (_style_run(sign, text) for sign, text in diff_texts(change.before, change.after))
        click.echo(f"{number} ~ {''.join(parts)}  {label}")
    else:
        click.echo(f"{number} - {change.before}".replace("\n", "\n      - "))
        click.echo(f"      + {change.after}  {label}")


def _style_run(sign: str, text: str) -> str:
    """A run of `diff_texts` as a terminal shows it."""
    match sign:
        case "-":
            return click.style(text.translate(VISIBLE_BLANKS), fg="red", strikethrough=True)
        case "+":
            return click.style(text.translate(VISIBLE_BLANKS), fg="green", bold=True)
        case _:
            return click.style(text.replace("\n", CONTINUATION))

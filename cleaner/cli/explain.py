"""`cleaner explain`: why a rule exists, what became of a line, why a text is suspected to be translated."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from cleaner.cli.inputs import CleanedDocuments, read_with_sources
from cleaner.cli.options import (
    EXIT_OK,
    add_intake_options,
    add_policy_options,
    build_settings,
    prepare_checked,
    take_intake,
)
from cleaner.cli.rules import show_rule
from cleaner.cli.show import show_translation
from cleaner.errors import ReadError
from cleaner.settings import suggest_words

if TYPE_CHECKING:
    from cleaner.document import Document, Edit
    from cleaner.io.files import Intake
    from cleaner.pipeline.settings import Prepared
    from cleaner.rules.signs import Sign


@click.command("explain")
@click.argument("what", metavar="RULE|FILE|FILE:LINE")
@add_intake_options
@add_policy_options
def explain_command(what: str, **policy: object) -> int:
    """Say why a rule exists, what became of a line, or why a file is suspected to be translated.

    In a JSON Lines file, FILE:NUMBER:LINE is a line of the text in that line of the file.

    \b
    cleaner explain ad.story-continues
    cleaner explain raw/page.txt:17
    cleaner explain raw/page.txt
    """
    intake = take_intake(policy)
    ready = prepare_checked(build_settings(policy))
    if place := _parse_place(what):
        return _explain_line(ready, *place, intake)
    if os.path.isfile(what):
        return _explain_translation(ready, what, intake)
    return _explain_rule(ready, what)


def _parse_place(what: str) -> tuple[str, int, int] | None:
    """Path, line of the file that holds the document (0: the first document) and line of its text; None for no place.

    A path may hold colons: of the readings whose path is there, the one with the longest path counts.
    """
    path, colon, line = what.rpartition(":")
    if not (colon and line.isdigit()):
        return None
    number = ""
    if not os.path.exists(path):
        path, _, number = path.rpartition(":")
    return (path, int(number or 0), int(line)) if os.path.exists(path) else None


# ---------------------------------------------------------------- a file


def _explain_translation(ready: "Prepared", path: str, intake: "Intake") -> int:
    """The verdict on each document of a file, its evidence, and what the kinds and rules of that mean.

    The policy by which evidence becomes a verdict is the docstring of the function that applies it.
    """
    from cleaner.facts import TRANSLATION, Translation
    from cleaner.pipeline.explain import collect_rule_reasons
    from cleaner.rules.signs import EVIDENCE_KINDS
    from cleaner.stages.translation import verdict

    why = collect_rule_reasons(ready.rules)
    policy = " ".join((verdict.__doc__ or "").split())
    documents = CleanedDocuments(ready, path, intake=intake)
    for _, document in documents:
        show_translation(document)
        evidence = (TRANSLATION.find(document) or Translation()).evidence
        for kind in dict.fromkeys(one.kind for one in evidence):
            click.echo(f"kind      {kind}: {EVIDENCE_KINDS[kind]}")
        for rule in dict.fromkeys(one.rule for one in evidence):
            click.echo(f"rule      {click.style(rule, fg='cyan')}: {why.get(rule, '')}")
        click.echo(f"policy    {policy}")
    return documents.code


# ---------------------------------------------------------------- a rule


def _explain_rule(ready: "Prepared", id: str) -> int:
    """All of a rule of a pack or a sign of translation; of a rule that is built in, its reason.

    Raises `UsageError` for an id that no rule has: `what` may have been meant as a file as well.
    """
    from cleaner.pipeline.explain import collect_rule_reasons
    from cleaner.rules.sign_files import load_shipped_signs

    rule = next((one for one in ready.rules.rules if one.id == id), None)
    sign = next((one for one in load_shipped_signs().signs if one.id == id), None)
    reasons = collect_rule_reasons(ready.rules)
    if rule:
        show_rule(rule)
    elif sign:
        _show_sign(sign)
    elif id in reasons:
        click.secho(id, bold=True)
        click.echo(f"why       {reasons[id]}")
        click.echo("pack      none: it is built in")
    else:
        meant = suggest_words(id, reasons)
        cure = f"did you mean {', '.join(meant)}?" if meant else "cleaner diff FILE shows the rules at work"
        raise click.UsageError(f"there is no rule {id!r}, and no file with such a line; {cure}")
    return EXIT_OK


def _show_sign(sign: "Sign") -> None:
    """All that a sign of translation says of itself, as `show_rule` does for a rule."""
    from cleaner.rules.signs import EVIDENCE_KINDS

    click.secho(sign.id, bold=True)
    click.echo(f"why       {sign.why}")
    click.echo(f"kind      {sign.kind}: {EVIDENCE_KINDS[sign.kind]}")
    click.echo(f"source    {', '.join(sign.source) or 'any'}")
    click.echo(f"pack      translation/{sign.pack}")
    _show_values("match", sign.match)
    _show_values("examples", sign.examples)
    _show_values("keeps", sign.keeps)


def _show_values(name: str, values: Iterable[str]) -> None:
    """Values one below the other, the first behind their name."""
    for number, value in enumerate(values):
        click.echo(f"{'' if number else name:10}{value}")


# ---------------------------------------------------------------- a line


def _explain_line(ready: "Prepared", path: str, number: int, line: int, intake: "Intake") -> int:
    """What became of a line of a document's text: its role, the edits and facts that touch it, and their reasons.

    `number` is the line of the file that holds the document, 0 for its first document.
    """
    from cleaner.pipeline.explain import describe_borders, find_at_line

    document = next((found for source, found in read_with_sources(path, intake) if number in (0, source.line)), None)
    if document is None or isinstance(document, str):
        raise ReadError(document or f"{path}: has no document {number}")
    cleaned = ready.pipeline(document)
    touched = find_at_line(cleaned, line)
    if touched is None:
        raise ReadError(f"{path}: has no line {line}")
    text, blocks, edits, facts = touched
    click.echo(f"{click.style(f'{path}:{line}', bold=True)}  {text}")
    for block in blocks:
        click.echo(f"role      {block.role or 'paragraph'}{'' if block.text else ', dropped'}")
    _show_edits(ready, cleaned, edits)
    for border in describe_borders(document, line, ready.pipeline, ready.rules):
        click.echo(f"border    {border}")
    for fact in facts:
        click.echo(f"fact      {fact.key} = {fact.value}  {click.style(fact.rule, fg='cyan')}")
    if not edits:
        click.echo("edit      none: it stays as it is")
    return EXIT_OK


def _show_edits(ready: "Prepared", document: "Document", edits: "Iterable[Edit]") -> None:
    """Each edit with its reason; of a model's, what weighed most, in log odds of being article or title."""
    from cleaner.pipeline.explain import collect_rule_reasons, weigh_features

    why = collect_rule_reasons(ready.rules)
    for edit in edits:
        click.echo(f"edit      {edit.stage}: {click.style(edit.rule, fg='cyan')}  {why.get(edit.rule, '')}")
        click.echo(f"          {'now: ' + edit.text if edit.text else 'dropped'}")
        if weighed := weigh_features(document, edit, ready.rules):
            shown = ", ".join(f"{feature} {weight:+.2f}" for feature, weight in weighed)
            is_title = edit.role == "title"
            what, chance = ("title", edit.confidence) if is_title else ("article", 1 - edit.confidence)
            click.echo(f"          {what} with a chance of {chance:.2f}: {shown}")

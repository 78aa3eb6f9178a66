"""The command line."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli.authoring import apply_command, mine, new
from cleaner.cli.check import check
from cleaner.cli.inputs import read_documents, show_translation
from cleaner.cli.options import (
    EXIT_INTERRUPTED,
    EXIT_OK,
    EXIT_SOME_REJECTED,
    EXIT_WRONG_CALL,
    add_policy_options,
    build_settings,
    prepare_checked,
)
from cleaner.cli.report import report, review
from cleaner.cli.rules import rules, show_rule
from cleaner.cli.run import run
from cleaner.cli.serve import serve
from cleaner.errors import CleanerError, ReadError
from cleaner.version import __version__
from cleaner.workers import collect_seldom

if TYPE_CHECKING:
    from cleaner.document import Document
    from cleaner.pipeline.explain import Change
    from cleaner.pipeline.settings import Prepared


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cleaner")
def cli() -> None:
    """Clean articles out of scraped text, every change on record.

    Exit codes: 0 all cleaned, 1 some documents rejected, 2 the call was wrong, 130 interrupted.
    """


cli.add_command(run)
cli.add_command(check)
cli.add_command(rules)
cli.add_command(report)
cli.add_command(review)
cli.add_command(serve)
for command in (new, mine, apply_command):
    rules.add_command(command)


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@add_policy_options
def diff(file: str, **policy: Any) -> int:
    """Show what goes from FILE, and why.

    \b
    cleaner diff raw/page.txt
    cleaner diff raw/page.txt --keep caption
    """
    from cleaner.pipeline import explain

    ready = prepare_checked(build_settings(policy))
    why = explain.collect_reasons((stage for _, stage in ready.pipeline.stages), ready.rules)
    code = EXIT_OK
    for _, document in read_documents(file):
        if isinstance(document, str):
            click.echo(document, err=True)
            code = EXIT_SOME_REJECTED
            continue
        _show_changes(ready.pipeline(document), why)
    return code


@cli.command("explain")
@click.argument("what", metavar="RULE|FILE|FILE:LINE")
@add_policy_options
def explain_command(what: str, **policy: Any) -> int:
    """Say why a rule exists, what became of a line, or why a file is suspected to be translated.

    In a JSON Lines file, FILE:NUMBER:LINE is a line of the text in that line of the file.

    \b
    cleaner explain ad.story-continues
    cleaner explain raw/page.txt:17
    cleaner explain raw/page.txt
    """
    ready = prepare_checked(build_settings(policy))
    path, colon, line = what.rpartition(":")
    if colon and line.isdigit():
        number = ""
        if not os.path.exists(path):
            path, _, number = path.rpartition(":")
        if os.path.exists(path):
            return _explain_line(ready, path, int(number or 0), int(line))
    if os.path.isfile(what):
        return _explain_translation(ready, what)
    return _explain_rule(ready, what)


@cli.command()
@click.argument("articles", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--edits", type=click.Path(path_type=Path), help="The ledger, where it does not stand beside ARTICLES.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Folder for one text file a document.")
def restore(articles: Path, edits: Path | None, output: Path | None) -> int:
    """Give back the source texts as read, to the character.

    One document goes to standard output; several need --output.

    \b
    cleaner restore clean/page.articles.jsonl > page.txt
    cleaner restore clean/raw.articles.jsonl -o restored
    """
    from cleaner.io.atomic import Part, derive_file_path
    from cleaner.readers.own_records import restore_sources

    texts = restore_sources(articles, edits)
    if output is None:
        found = [source for _, (_, source) in zip(range(2), texts, strict=False)]
        if len(found) > 1:
            raise ReadError(f"{articles}: holds more than one article; name a folder for them with --output")
        for source in found:
            sys.stdout.buffer.write(source.encode("utf-8", "surrogatepass"))
        return EXIT_OK
    for id, source in texts:
        with Part(output / f"{derive_file_path(id)}.txt") as part:
            part.write(source.encode("utf-8", "surrogatepass"))
            part.commit()
    return EXIT_OK


# ---------------------------------------------------------------- diff, explain


def _explain_translation(ready: "Prepared", path: str) -> int:
    from cleaner.facts import TRANSLATION
    from cleaner.pipeline.explain import collect_reasons
    from cleaner.rules.signs import EVIDENCE_KINDS
    from cleaner.stages.translation import verdict

    code = EXIT_OK
    for _, document in read_documents(path):
        if isinstance(document, str):
            click.echo(document, err=True)
            code = EXIT_SOME_REJECTED
            continue
        done = ready.pipeline(document)
        show_translation(done)
        why = collect_reasons((stage for _, stage in ready.pipeline.stages), ready.rules)
        said = TRANSLATION.find(done)
        for kind in dict.fromkeys(one.kind for one in said.evidence) if said else ():
            click.echo(f"kind      {kind}: {EVIDENCE_KINDS[kind]}")
        for rule in dict.fromkeys(one.rule for one in said.evidence) if said else ():
            click.echo(f"rule      {click.style(rule, fg='cyan')}: {why.get(rule, '')}")
        click.echo(f"policy    {' '.join((verdict.__doc__ or '').split())}")
    return code


def _show_changes(document: "Document", why: dict[str, str]) -> None:
    from cleaner.pipeline.explain import iterate_changes

    click.secho(document.id, bold=True)
    same = 0
    used: dict[str, int] = {}
    for change in iterate_changes(document):
        if change.after == change.before:
            same += 1
            continue
        if same:
            click.secho(f"      … {same} {'line' if same == 1 else 'lines'} unchanged", dim=True)
        same = 0
        _show_change(change)
        for rule in {edit.rule for edit in change.edits}:
            used[rule] = used.get(rule, 0) + 1
    if same:
        click.secho(f"      … {same} {'line' if same == 1 else 'lines'} unchanged", dim=True)
    for rule, count in sorted(used.items(), key=lambda pair: (-pair[1], pair[0])):
        click.echo(f"{count:5}  {click.style(rule, fg='cyan')}  {why.get(rule, '')}")
    click.echo()


def _show_change(change: "Change") -> None:
    from cleaner.pipeline.explain import diff_texts

    rules = ", ".join(dict.fromkeys(edit.rule for edit in change.edits))
    label = click.style(f"{change.role}: {rules}" if not change.after else rules, fg="cyan")
    number = click.style(f"{change.line:5}", dim=True)
    if not change.after:
        lines = change.before.splitlines() or [""]
        click.echo(f"{number} {click.style('- ' + lines[0], fg='red')}  {label}")
        for line in lines[1:]:
            click.secho(f"      - {line}", fg="red")
        return
    styles: dict[str, dict[str, Any]] = {
        "=": {},
        "-": {"fg": "red", "strikethrough": True},
        "+": {"fg": "green", "bold": True},
    }
    if sys.stdout.isatty():
        parts = (
            click.style(_show_blanks(text, sign), **styles[sign])
            for sign, text in diff_texts(change.before, change.after)
        )
        click.echo(f"{number} ~ {''.join(parts)}  {label}")
        return
    click.echo(f"{number} - {change.before}".replace("\n", "\n      - "))
    click.echo(f"      + {change.after}  {label}")


def _show_blanks(text: str, sign: str) -> str:
    """Blank differences as characters that can be seen."""
    if sign == "=":
        return text.replace("\n", "\n        ")
    return text.replace("\n", "⏎").replace("\xa0", "⍽").replace("\t", "⇥").replace("\u200b", "∅")


def _explain_rule(ready: "Prepared", id: str) -> int:
    from cleaner.pipeline import default_stages, explain
    from cleaner.rules.signs import EVIDENCE_KINDS, load_shipped_signs

    for rule in ready.rules.rules:
        if rule.id == id:
            show_rule(rule)
            return EXIT_OK
    for sign in load_shipped_signs().signs:
        if sign.id == id:
            click.secho(sign.id, bold=True)
            click.echo(f"why       {sign.why}")
            click.echo(f"kind      {sign.kind}: {EVIDENCE_KINDS[sign.kind]}")
            click.echo(f"source    {', '.join(sign.source) or 'any'}")
            click.echo(f"pack      translation/{sign.pack}")
            for name, values in (("match", sign.match), ("examples", sign.examples), ("keeps", sign.keeps)):
                for number, value in enumerate(values):
                    click.echo(f"{'' if number else name:10}{value}")
            return EXIT_OK
    known = explain.collect_reasons(default_stages(ready.rules), ready.rules)
    if id not in known:
        meant = explain.suggest_words(id, known)
        cure = f"did you mean {', '.join(meant)}?" if meant else "cleaner diff FILE shows the rules at work"
        raise click.UsageError(f"there is no rule {id!r}, and no file with such a line; {cure}")
    click.secho(id, bold=True)
    click.echo(f"why       {known[id]}")
    click.echo("pack      none: it is built in")
    return EXIT_OK


def _explain_line(ready: "Prepared", path: str, number: int, line: int) -> int:
    from cleaner.pipeline import default_stages, explain

    document = next((found for place, found in read_documents(path) if not number or place == number), None)
    if document is None or isinstance(document, str):
        raise ReadError(document or f"{path}: has no document {number}")
    why = explain.collect_reasons(default_stages(ready.rules), ready.rules)
    cleaned = ready.pipeline(document)
    touched = explain.find_at_line(cleaned, line)
    if touched is None:
        raise ReadError(f"{path}: has no line {line}")
    text, blocks, edits, facts = touched
    click.echo(f"{click.style(f'{path}:{line}', bold=True)}  {text}")
    for block in blocks:
        click.echo(f"role      {block.role or 'paragraph'}" + ("" if block.text else ", dropped"))
    for edit in edits:
        click.echo(f"edit      {edit.stage}: {click.style(edit.rule, fg='cyan')}  {why.get(edit.rule, '')}")
        click.echo(f"          {'now: ' + edit.text if edit.text else 'dropped'}")
        if weighed := explain.weigh_features(cleaned, edit, ready.rules):
            shown = ", ".join(f"{feature} {weight:+.2f}" for feature, weight in weighed)
            click.echo(f"          article with a chance of {1 - edit.confidence:.2f}: {shown}")
    for fact in facts:
        click.echo(f"fact      {fact.key} = {fact.value}  {click.style(fact.rule, fg='cyan')}")
    if not edits:
        click.echo("edit      none: it stays as it is")
    return EXIT_OK


# ---------------------------------------------------------------- entry


def invoke(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return its exit code; no error of the user's making shows a traceback."""
    try:
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
    """The command `cleaner`."""
    collect_seldom()
    sys.exit(invoke())


if __name__ == "__main__":
    main()

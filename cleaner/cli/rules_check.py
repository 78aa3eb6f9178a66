"""`cleaner rules lint`, `test`, `schema`, `docs` and `impact`: whether rules are sound, and what they change."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from msgspec.structs import replace

from cleaner.cli.inputs import read_with_sources
from cleaner.cli.options import EXIT_FOUND, EXIT_OK, add_format_option, build_settings, prepare_checked
from cleaner.cli.show import escape_unprintable, format_annotation, format_count
from cleaner.errors import CleanerError
from cleaner.settings.project import read_current_project

if TYPE_CHECKING:
    from cleaner.document import Document
    from cleaner.rules.packs import PackFile
    from cleaner.settings import Settings
    from cleaner.workbench.impact import Impact
    from cleaner.workbench.lint import CheckedCounts, Remark

# ---------------------------------------------------------------- lint, test


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@add_format_option
def lint(files: tuple[str, ...], format: Literal["text", "json", "github"]) -> int:
    """List all that loading refuses in rule files, and warnings.

    Warnings: overlap (an example falls to another rule), shadowed, replaced, expired, wide and slow.  FILE is a file
    of rules or of signs of translation, a folder of them or an installed pack; without any, those of the project's
    settings, else the shipped ones.
    Exit codes: 0 nothing refused, 1 something refused, 2 the call was wrong.

    \b
    cleaner rules lint own.toml
    cleaner rules lint packs --format github
    """
    checked, remarks = _lint_files(files)
    if format == "json":
        from cleaner.io.json import encode_json

        click.echo(f"[{','.join(encode_json(remark).decode() for remark in remarks)}]")
    for remark in remarks if format != "json" else ():
        if format == "github":
            level: Literal["error", "warning"] = "error" if remark.kind == "refused" else "warning"
            click.echo(format_annotation(level, remark.path, remark.line, remark.rule or "rule file", remark.what))
        else:
            _show_remark(remark)
    refused = sum(remark.kind == "refused" for remark in remarks)
    count = f"{format_count(checked.rules, 'rule')} in {format_count(checked.packs, 'pack')}"
    click.echo(f"{count}: {refused:,} refused, {len(remarks) - refused:,} warnings", err=True)
    return EXIT_FOUND if refused else EXIT_OK


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
def test(files: tuple[str, ...]) -> int:
    """Prove rules: their examples match, their keeps do not, and no clean prose goes.

    FILE as in cleaner rules lint.  Exit codes: 0 all proven, 1 something failed, 2 the call was wrong.

    \b
    cleaner rules test
    cleaner rules test own.toml
    """
    from cleaner.rules.proof import load_prose

    checked, remarks = _lint_files(files, warn=False)
    for remark in remarks:
        _show_remark(remark)
    counts = (format_count(checked.rules, "rule"), format_count(checked.packs, "pack"))
    count = f"{' in '.join(counts)}, {checked.texts:,} examples and keeps"
    result = f"{len(remarks):,} failed" if remarks else "all proven"
    click.echo(f"{count}, {len(load_prose()):,} sentences of clean prose: {result}")
    return EXIT_FOUND if remarks else EXIT_OK


def _lint_files(files: tuple[str, ...], warn: bool = True) -> "tuple[CheckedCounts, list[Remark]]":
    """What there is to say of these files, or of those of the project, or of the shipped ones."""
    from cleaner.rules.packs import find_rules_folder, list_rule_files, resolve_pack_names
    from cleaner.rules.sign_files import find_signs_folder
    from cleaner.workbench.lint import CheckedCounts, lint_packs, lint_signs, split_sign_files

    project = read_current_project()
    given = files or project.rules or ()
    meant: set[Path] = set()
    for name in given:
        try:
            meant.update(path.resolve() for path, _ in resolve_pack_names([name]))
        except CleanerError:
            # lint says what is wrong with it
            continue

    def is_meant(one: "PackFile") -> bool:
        return one.path.resolve() in meant if given else one.path.is_relative_to(find_rules_folder())

    checked = CheckedCounts()
    disable = () if files else project.disable or ()
    rule_files, sign_files = split_sign_files(given) if given else ((), list_rule_files(find_signs_folder()))
    remarks = list(lint_signs(sign_files, checked))
    if rule_files or not given:
        remarks += lint_packs(rule_files, project.extends, disable, date.today(), is_meant, checked, warn)
    return checked, remarks


def _show_remark(remark: "Remark") -> None:
    """One line: the place as far as it is known, what kind of remark it is, of which rule, and what is to be said."""
    place = "".join(f"{part}:" for part in (remark.path, remark.line) if part)
    place = f"{place} " if place else ""
    colour = "red" if remark.kind == "refused" else "yellow"
    name = f"{remark.rule}: " if remark.rule else ""
    click.echo(
        f"{escape_unprintable(place)}{click.style(remark.kind, fg=colour)}: {name}{escape_unprintable(remark.what)}"
    )


# ---------------------------------------------------------------- schema, docs


@click.command()
def schema() -> int:
    """Print the JSON Schema of a rule file, for editors.

    Even Better TOML (VS Code) completes and checks a rule file that begins with the line #:schema ./rules.schema.json

    \b
    cleaner rules schema > rules.schema.json
    """
    from cleaner.workbench.schema import build_schema as made

    click.echo(json.dumps(made(), ensure_ascii=False, indent=1))
    return EXIT_OK


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("rules"))
@click.option("--check", "compare", is_flag=True, help="Write nothing; say whether the reference is up to date.")
def docs(folder: Path, compare: bool) -> int:
    """Write the reference of all rules in FOLDER (default: rules) into its README.md.

    Exit codes: 0 written or up to date, 1 out of date (with --check), 2 the call was wrong.

    \b
    cleaner rules docs packs
    cleaner rules docs --check
    """
    from cleaner.io.atomic import Part
    from cleaner.workbench.reference import REFERENCE_FILE, build_reference

    path = folder / REFERENCE_FILE
    data = build_reference(folder).encode()
    if compare:
        if path.is_file() and path.read_bytes() == data:
            return EXIT_OK
        click.echo(f"{path}: is out of date; run: cleaner rules docs {folder}", err=True)
        return EXIT_FOUND
    with Part(path) as part:
        part.write(data)
        part.commit()
    click.echo(f"{path}: written", err=True)
    return EXIT_OK


# ---------------------------------------------------------------- impact


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--summary", is_flag=True, help="Only counts, no lines.")
def impact(old: str, new: str, inputs: tuple[str, ...], summary: bool) -> int:
    """Show what changes in the output between two sets of rules.

    OLD and NEW are rule files, folders of them or installed packs, each on top of the shipped rules; - is the shipped
    alone.  Lines only in the old output have -, those only in the new +, each with the rule that makes the difference.

    \b
    cleaner rules impact - own.toml raw
    cleaner rules impact old-packs new-packs raw --summary
    """
    from cleaner.workbench.impact import Impact, compare_documents

    before, after = (prepare_checked(_replace_packs(one)).pipeline for one in (old, new))
    counts = Impact()
    for document, lines in compare_documents(_read_documents(inputs), before, after, counts):
        if not summary:
            click.secho(document.id, bold=True)
            for line in lines:
                sign = click.style(
                    f"{line.sign} {escape_unprintable(line.text)}", fg="red" if line.sign == "-" else "green"
                )
                click.echo(f"{line.number:5} {sign}  {click.style(line.rule, fg='cyan')}")
    _show_impact(counts)
    return EXIT_OK


def _replace_packs(name: str) -> "Settings":
    """The project's settings with this rule file in the place of its packs."""
    lists = dict.fromkeys(("keep", "drop", "select", "ignore", "only", "skip"), ())
    rules = () if name == "-" else (name,)
    return replace(build_settings({**lists, "strictness": None}), rules=rules, extends=None, disable=())


def _read_documents(inputs: Iterable[str]) -> "Iterator[Document]":
    """The documents of these files and folders; says of the others why they cannot be read."""
    for _, document in chain.from_iterable(map(read_with_sources, inputs)):
        if isinstance(document, str):
            click.echo(document, err=True)
        else:
            yield document


def _show_impact(counts: "Impact") -> None:
    """How many lines and words are gone or new, in all and by the rule that makes the difference."""
    said = [
        f"{number:,} {name if number != 1 else name[:-1]} {way}"
        for sign, way in (("-", "gone"), ("+", "new"))
        for what, name in ((counts.lines, "lines"), (counts.words, "words"))
        if (number := counts.sum_by_sign(what, sign)) or name == "lines"
    ]
    click.echo(f"{counts.changed:,} of {counts.documents:,} documents change: {', '.join(said)}")
    for sign, rule in sorted(counts.lines, key=lambda one: (-counts.lines[one], one)):
        lines, words = counts.lines[sign, rule], counts.words[sign, rule]
        click.echo(f"{lines:6,} {sign} {words:8,} words  {click.style(rule, fg='cyan')}")

"""The options that decide what becomes of a document, and the settings that follow from them and from the project's."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from cleaner.pipeline.project import Project
    from cleaner.pipeline.settings import Prepared, Settings

EXIT_OK, EXIT_SOME_REJECTED, EXIT_WRONG_CALL, EXIT_INTERRUPTED = 0, 1, 2, 130

EXIT_FOUND = 1
"""Exit code of a command that looks for something, and found it."""

FORMATS_WITHOUT_EDITS = ("ninjs", "json-ld", "markdown", "text")
"""Formats that have no place for the ledger."""

RULES_HELP = "A rule file of your own, a folder of them or an installed pack, on top of the shipped."


def add_policy_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that decide what becomes of a document."""
    many: dict[str, Any] = {"multiple": True}
    for option in (
        click.option("--rules", metavar="FILE", help=RULES_HELP, **many),
        click.option("--skip", metavar="STAGE", help="Leave this stage out.", **many),
        click.option("--only", metavar="STAGE", help="Run no stages but those named.", **many),
        click.option(
            "--strictness",
            type=click.Choice(["recall", "balanced", "precision"]),
            help="Whether a line that no rule knows, and that is in doubt, stays or goes.  [default: balanced]",
        ),
        click.option("--drop", metavar="ROLE", help="Drop lines of this role, e.g. --drop table.", **many),
        click.option("--keep", metavar="ROLE", help="Keep lines of this role, e.g. --keep caption.", **many),
        click.option("--ignore", metavar="RULE", help="Make no edit by this rule, e.g. --ignore ad.", **many),
        click.option("--select", metavar="RULE", help="Make only edits by this rule, or by all that begin so.", **many),
    ):
        command = option(command)
    return command


def read_current_project() -> "Project":
    """The settings of the project that the working directory is in; none where there are none."""
    from cleaner.pipeline.project import Project, find_project_file, read_project

    path = find_project_file(Path.cwd())
    return read_project(path) if path else Project()


def build_settings(policy: dict[str, Any], **others: Any) -> "Settings":
    """The settings, their roles checked: an option takes the place of what the project says."""
    from cleaner.document import ROLES
    from cleaner.pipeline.settings import Settings

    for option in ("keep", "drop"):
        for role in policy[option]:
            _require_known(option, "role", role, ROLES)
    if others.get("audit") == "inline" and others.get("to") in FORMATS_WITHOUT_EDITS:
        raise click.UsageError("--audit inline needs --to jsonl or parquet: only the record has room for the edits")
    project = read_current_project()
    said = {key: value for key in project.__struct_fields__ if (value := getattr(project, key)) is not None}
    return Settings(**{**said, **{key: value for key, value in policy.items() if value}}, **others)


def prepare_checked(chosen: "Settings") -> "Prepared":
    """The pipeline, its stages and rules checked."""
    from cleaner.pipeline import default_stages, name_stage
    from cleaner.pipeline.settings import prepare_settings
    from cleaner.rules.loading import select_outdated_rules

    ready = prepare_settings(chosen)
    for rule in select_outdated_rules(ready.rules.rules, date.today()):
        click.echo(f"warning: rule {rule.id!r} was to be looked at again by {rule.until}: renew or remove it", err=True)
    stages = default_stages(ready.rules)
    for option, given in (("only", chosen.only), ("skip", chosen.skip)):
        for stage in given:
            _require_known(option, "stage", stage, map(name_stage, stages))
    if chosen.select or chosen.ignore:
        from cleaner.pipeline import explain

        ids = explain.collect_reasons(stages, ready.rules)
        for option, prefixes in (("select", chosen.select), ("ignore", chosen.ignore)):
            for prefix in prefixes:
                if not any(id.startswith(prefix) for id in ids):
                    _require_known(option, "rule", prefix, ids)
    return ready


def _require_known(option: str, what: str, given: str, known: Any) -> None:
    known = sorted(known)
    if given not in known:
        from cleaner.pipeline.explain import suggest_words

        meant = suggest_words(given, known) or (known if len(known) < 50 else [])
        cure = f"; did you mean {', '.join(meant)}?" if meant else "; cleaner diff FILE shows the rules at work"
        raise click.UsageError(f"--{option}: there is no {what} {given!r}{cure}")

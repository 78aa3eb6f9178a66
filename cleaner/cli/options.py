"""The options that decide what becomes of a document, and the settings that follow from them and from the project's."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeVar, get_args, get_type_hints

import click
from msgspec.structs import replace

from cleaner.document import ROLES
from cleaner.io.files import INPUT_FORMATS, Columns, Intake
from cleaner.settings import SETTING_HINTS, Hint, Settings, require_known, require_roles

if TYPE_CHECKING:
    from cleaner.pipeline.settings import Prepared

EXIT_OK, EXIT_SOME_REJECTED, EXIT_WRONG_CALL, EXIT_INTERRUPTED = 0, 1, 2, 130
"""Exit codes of all commands; 130 is what shells give for a command that Ctrl-C ended."""

EXIT_FOUND = 1
"""Exit code of a command that looks for something, and found it."""

RULES_HELP = SETTING_HINTS["rules"].help
"""For commands that take rule files and no other setting."""

FIELD_HELP = {
    "text": "The key or column that holds the article's text.",
    "html": "The key or column that holds its page, or its text in HTML.",
    "id": "The key or column of its id.",
    "url": "The key or column of its address.",
    "title": "The key or column of its title.",
}
"""What can be named of lines and tables, and the help of its option."""

Policy = Mapping[str, object]
"""The values of the options by the names of the settings; empty ones are not given."""

Command = TypeVar("Command", bound=Callable[..., int])
"""A function that is about to become a command, and gives its exit code."""


add_format_option = click.option(
    "--format",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="Lines to read, JSON, or annotations of a GitHub workflow.",
)
"""Decorates a command that says what it has found as text or to other programs."""


def add_policy_options(command: Command) -> Command:
    """Decorates a command with an option for each setting that has one; it gets them as `Policy`."""
    # click lists the option first that was added last
    for name, hint in reversed(SETTING_HINTS.items()):
        if hint.option:
            command = _make_option(name, hint)(command)
    return command


def add_intake_options(command: Command) -> Command:
    """Decorates a command with the options that say what inputs are; it gets them as `said`, which `take_intake` reads.

    So a command that takes its settings as keywords has them among these.
    """
    for field, help in reversed(FIELD_HELP.items()):
        command = click.option(f"--{field}-field", metavar="NAME", help=help)(command)
    choices = click.Choice(list(INPUT_FORMATS))
    return click.option("--input-format", type=choices, help="What every input is, whatever its name says.")(command)


def take_intake(policy: dict[str, object]) -> Intake:
    """What the options say of all inputs, taken out of the values of a command's options."""
    ending = INPUT_FORMATS.get(str(policy.pop("input_format", None)), "")
    named = {field: str(policy.pop(f"{field}_field", None) or "") for field in FIELD_HELP}
    return Intake(ending, Columns(**named))


def _make_option(name: str, hint: Hint) -> Callable[[Command], Command]:
    """The option of a setting: names, as many as are wanted, or one of a few values."""
    if hint.metavar:
        return click.option(f"--{name}", metavar=hint.metavar, help=hint.help, multiple=True)
    choices = click.Choice(get_args(get_type_hints(Settings)[name]))
    default = getattr(Settings(), name)
    return click.option(f"--{name}", type=choices, help=f"{hint.help}  [default: {default}]")


def build_settings(policy: Policy, to: str = "jsonl", audit: str = "file", dedup: str = "") -> Settings:
    """The settings of a command: an option takes the place of what the project says.

    Raises `UnknownName` for a role that there is not, `UsageError` for options that contradict each other, and
    `ProjectError`.
    """
    from cleaner.settings.project import read_current_project

    require_roles(policy, "--")
    if audit == "inline":
        from cleaner.writers import WRITERS

        if not WRITERS[to].holds_edits:
            raise click.UsageError("--audit inline needs --to jsonl or parquet: only the record has room for the edits")
    given = {key: value for key, value in policy.items() if value}
    return replace(read_current_project(), **given, to=to, audit=audit, dedup=dedup)


def prepare_checked(chosen: Settings) -> "Prepared":
    """The pipeline of these settings; names of stages and rules are checked, and rules past their day warned of.

    Raises `UnknownName` for a name that there is not, and `RuleError`.
    """
    from cleaner.pipeline.default import STAGE_NAMES
    from cleaner.pipeline.settings import prepare_settings
    from cleaner.rules.loading import select_outdated_rules

    ready = prepare_settings(chosen)
    for rule in select_outdated_rules(ready.rules.rules, date.today()):
        click.echo(f"warning: rule {rule.id!r} was to be looked at again by {rule.until}: renew or remove it", err=True)
    require_known("--only", "stage", chosen.only, STAGE_NAMES)
    require_known("--skip", "stage", chosen.skip, STAGE_NAMES)
    if chosen.select or chosen.ignore:
        from cleaner.pipeline.explain import collect_rule_reasons

        ids = sorted(collect_rule_reasons(ready.rules))
        for option, prefixes in (("--select", chosen.select), ("--ignore", chosen.ignore)):
            unknown = [prefix for prefix in prefixes if not any(id.startswith(prefix) for id in ids)]
            require_known(option, "rule", unknown, ids)
    return ready


def require_role(role: str) -> None:
    """Raises `UnknownName` where the option --role names a role that there is not."""
    require_known("--role", "role", [role], sorted(ROLES))

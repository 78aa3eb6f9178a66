"""The options that decide what becomes of a document, and the settings that follow from them and from the project's."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import click
from msgspec.structs import replace

from cleaner.settings import SETTING_OPTIONS, SettingOption, Settings, UnknownName, require_known, require_roles

if TYPE_CHECKING:
    from cleaner.pipeline.settings import Prepared

EXIT_OK, EXIT_SOME_REJECTED, EXIT_WRONG_CALL, EXIT_INTERRUPTED = 0, 1, 2, 130

EXIT_FOUND = 1
"""Exit code of a command that looks for something, and found it."""

RULES_HELP = next(option.help for option in SETTING_OPTIONS if option.name == "rules")

Policy = Mapping[str, object]
"""The values of the options by the names of the settings; empty ones are not given."""

Command = TypeVar("Command", bound=Callable[..., int])


def add_policy_options(command: Command) -> Command:
    """Decorates a command with an option for each setting that has one; it gets them as `Policy`."""
    # decorators are listed from the last to the first
    for setting in reversed(SETTING_OPTIONS):
        command = _add_option(setting, command)
    return command


def _add_option(setting: SettingOption, command: Command) -> Command:
    name = f"--{setting.name}"
    if not setting.choices:
        return click.option(name, metavar=setting.metavar, help=setting.help, multiple=True)(command)
    default = getattr(Settings(), setting.name)
    return click.option(name, type=click.Choice(setting.choices), help=f"{setting.help}  [default: {default}]")(command)


def build_settings(policy: Policy, to: str = "jsonl", audit: str = "file", dedup: str = "") -> Settings:
    """The settings of a command: an option takes the place of what the project says.

    Raises `UsageError` for a role that there is not and for options that contradict each other, and `ProjectError`.
    """
    from cleaner.settings.project import read_current_project

    with _UsageErrors():
        require_roles(policy)
    if audit == "inline":
        from cleaner.writers import WRITERS

        if not WRITERS[to].holds_edits:
            raise click.UsageError("--audit inline needs --to jsonl or parquet: only the record has room for the edits")
    given = {key: value for key, value in policy.items() if value}
    return replace(read_current_project(), **given, to=to, audit=audit, dedup=dedup)


def prepare_checked(chosen: Settings) -> "Prepared":
    """The pipeline of these settings; names of stages and rules are checked, and rules past their day warned of.

    Raises `UsageError` for a name that there is not, and `RuleError`.
    """
    from cleaner.pipeline import STAGE_NAMES
    from cleaner.pipeline.settings import prepare_settings
    from cleaner.rules.loading import select_outdated_rules

    ready = prepare_settings(chosen)
    for rule in select_outdated_rules(ready.rules.rules, date.today()):
        click.echo(f"warning: rule {rule.id!r} was to be looked at again by {rule.until}: renew or remove it", err=True)
    with _UsageErrors():
        for setting, stages in (("only", chosen.only), ("skip", chosen.skip)):
            require_known(setting, "stage", stages, STAGE_NAMES)
        if chosen.select or chosen.ignore:
            from cleaner.pipeline.explain import collect_rule_reasons

            ids = sorted(collect_rule_reasons(ready.rules))
            for setting, prefixes in (("select", chosen.select), ("ignore", chosen.ignore)):
                unknown = [prefix for prefix in prefixes if not any(id.startswith(prefix) for id in ids)]
                require_known(setting, "rule", unknown, ids)
    return ready


def require_role(role: str) -> None:
    """Raises `UsageError` where the option --role names a role that there is not."""
    from cleaner.document import ROLES

    with _UsageErrors():
        require_known("role", "role", [role], sorted(ROLES))


class _UsageErrors:
    """Within, a name that there is not becomes an error of the call, which names the option."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, UnknownName):
            raise click.UsageError(f"--{error}") from None

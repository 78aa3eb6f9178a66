"""A project's own settings: `cleaner.toml`, or `[tool.cleaner]` in `pyproject.toml`."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec
import tomli
from msgspec import Struct

from cleaner.document import ROLES
from cleaner.errors import ProjectError
from cleaner.pipeline import Strictness


class Project(Struct, frozen=True, forbid_unknown_fields=True):
    """What a project sets for all runs in its folder; `path` is the file that says so.

    None where the file says nothing.
    """

    rules: tuple[str, ...] | None = None
    extends: tuple[str, ...] | None = None
    disable: tuple[str, ...] | None = None
    keep: tuple[str, ...] | None = None
    drop: tuple[str, ...] | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    skip: tuple[str, ...] | None = None
    strictness: Strictness | None = None


PROJECT_KEYS = Project.__struct_fields__


def find_project_file(start: Path) -> Path | None:
    """The settings file for work in this folder: its own, or that of the nearest parent within its repository.

    `cleaner.toml` goes before `pyproject.toml`, which counts only with a table `[tool.cleaner]`.
    """
    folders = [start, *start.parents]
    root = next((i for i, folder in enumerate(folders) if (folder / ".git").exists()), 0)
    for folder in folders[: root + 1]:
        own, shared = folder / "cleaner.toml", folder / "pyproject.toml"
        if own.is_file():
            return own
        if shared.is_file() and "cleaner" in _get_tools(_read_table(shared)):
            return shared
    return None


def read_project(path: Path) -> Project:
    """The settings of a file, its rule files as paths from where it stands; raises `ProjectError`."""
    table = _read_table(path)
    settings = _get_tools(table)["cleaner"] if path.name == "pyproject.toml" else table
    place = f"{path}: [tool.cleaner]" if path.name == "pyproject.toml" else str(path)
    if not isinstance(settings, dict):
        raise ProjectError(f"{place}: is no table; write [tool.cleaner] and its keys below")
    for key in settings:
        if key not in PROJECT_KEYS:
            meant = get_close_matches(key, PROJECT_KEYS, 1)
            cure = f"did you mean {meant[0]}?" if meant else f"the keys are {', '.join(PROJECT_KEYS)}"
            raise ProjectError(f"{place}: there is no key {key!r}; {cure}")
    try:
        project = msgspec.convert(settings, Project)
    except msgspec.ValidationError as error:
        cure = 'lists are written as in keep = ["caption"]; strictness is "recall", "balanced" or "precision"'
        raise ProjectError(f"{place}: {error}; {cure}") from error
    for key, roles in (("keep", project.keep), ("drop", project.drop)):
        for role in roles or ():
            if role not in ROLES:
                raise ProjectError(f"{place}: {key}: there is no role {role!r}; roles: {', '.join(sorted(ROLES))}")
    if project.rules is None:
        return project
    return msgspec.structs.replace(
        project, rules=tuple(_resolve_rule_path(name, path.parent) for name in project.rules)
    )


def _resolve_rule_path(name: str, folder: Path) -> str:
    """A rule file as a path from where the settings stand; the name of an installed package as it is."""
    path = folder / name
    return str(path) if path.exists() or name.endswith((".toml", "/")) else name


def _read_table(path: Path) -> dict[str, Any]:
    try:
        return tomli.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path}: cannot be read: {error}; it is TOML in UTF-8") from error
    except (tomli.TOMLDecodeError, RecursionError) as error:
        raise ProjectError(f"{path}: not valid TOML: {error}; mend it, or take it away") from error


def _get_tools(table: dict[str, Any]) -> dict[str, Any]:
    tools = table.get("tool", {})
    return tools if isinstance(tools, dict) else {}

"""A project's own settings: `cleaner.toml`, or `[tool.cleaner]` in `pyproject.toml`."""

from pathlib import Path

import msgspec

from cleaner.errors import ProjectError
from cleaner.io.toml import TOMLDecodeError, parse_toml
from cleaner.settings import Settings, UnknownName, convert_settings

SHARED_FILE = "pyproject.toml"
"""The file that projects share with other tools; ours are the keys below `[tool.cleaner]`."""


def find_project_file(start: Path) -> Path | None:
    """The settings file for work in this folder: its own, or that of the nearest parent within its repository.

    `cleaner.toml` goes before `pyproject.toml`, which counts only with a table `[tool.cleaner]`.
    """
    folders = [start, *start.parents]
    root = next((i for i, folder in enumerate(folders) if (folder / ".git").exists()), 0)
    for folder in folders[: root + 1]:
        own, shared = folder / "cleaner.toml", folder / SHARED_FILE
        if own.is_file():
            return own
        if shared.is_file() and "cleaner" in _get_tools(_read_table(shared)):
            return shared
    return None


def read_current_project() -> Settings:
    """The settings of the project that the working directory is in, the defaults where there is none.

    Raises `ProjectError`.
    """
    path = find_project_file(Path.cwd())
    return read_project(path) if path else Settings()


def read_project(path: Path) -> Settings:
    """The settings of a file, its rule files as paths from where it stands; raises `ProjectError`."""
    table: object = _read_table(path)
    place = str(path)
    if path.name == SHARED_FILE:
        table, place = _get_tools(table)["cleaner"], f"{place}: [tool.cleaner]"
    if not isinstance(table, dict):
        raise ProjectError(f"{place}: is no table; write [tool.cleaner] and its keys below")
    try:
        settings = convert_settings(table)
    except UnknownName as error:
        raise ProjectError(f"{place}: {error}") from error
    except msgspec.ValidationError as error:
        cure = 'lists are written as in keep = ["caption"]; strictness is "recall", "balanced" or "precision"'
        raise ProjectError(f"{place}: {error}; {cure}") from error
    rules = tuple(_resolve_rule_path(name, path.parent) for name in settings.rules)
    return msgspec.structs.replace(settings, rules=rules)


def _resolve_rule_path(name: str, folder: Path) -> str:
    """A rule file as a path from where the settings stand; the name of an installed package as it is."""
    path = folder / name
    return str(path) if path.exists() or name.endswith((".toml", "/")) else name


def _read_table(path: Path) -> dict[str, object]:
    """The table of a TOML file, with or without a byte order mark; raises `ProjectError`."""
    try:
        return parse_toml(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path}: cannot be read: {error}; it is TOML in UTF-8") from error
    except (TOMLDecodeError, RecursionError) as error:
        raise ProjectError(f"{path}: not valid TOML: {error}; mend it, or take it away") from error


def _get_tools(table: object) -> dict[str, object]:
    """The tables of all tools in `pyproject.toml`."""
    tools = table.get("tool") if isinstance(table, dict) else None
    return tools if isinstance(tools, dict) else {}

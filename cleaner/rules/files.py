"""Where rule files lie, in which order they come, and what each says as written."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

import msgspec
import tomli
from msgspec import Struct

from cleaner.errors import RuleError
from cleaner.rules.model import RulePack

ENTRY_POINT_GROUP = "cleaner.packs"
"""The entry points by which Python packages offer packs: each names a module or package whose folder holds them."""

MAX_FILE_BYTES = 4 << 20
"""Bytes of the largest rule file that is read: five thousand rules have less."""

MAX_FILE_RULES = 20_000
"""Rules of the largest rule file that is read."""

MAX_AGENCY_CHARS = 200_000
"""Characters of the names in a table of agencies: they become one pattern."""

SETTINGS_FILES = ("cleaner.toml", "pyproject.toml")
"""Files of a folder of packs that hold settings, not rules."""

_RULE_HEADER = re.compile(r"[ \t]*\[\[[ \t]*rule[ \t]*\]\]")


class PackFile(Struct, frozen=True):
    """A pack, the file that it stands in, and the installed package that it comes with, if any."""

    path: Path
    pack: RulePack
    package: str = ""


# ---------------------------------------------------------------- one file


def read_pack(path: Path) -> RulePack:
    """A rule file as written; raises `RuleError` where it is not TOML, or has an unknown table."""
    try:
        return _enforce_limits(path, msgspec.convert(tomli.loads(_read_text(path)), RulePack))
    except RecursionError:
        raise RuleError(f"{path}: its tables are nested too deeply; a pack has rule, disable, extends") from None
    except tomli.TOMLDecodeError as error:
        cure = "write patterns in 'single quotes', where a backslash needs no escape"
        raise RuleError(f"{path}: not valid TOML: {error}; {cure}") from error
    except msgspec.ValidationError as error:
        raise RuleError(f"{path}: {error}; a pack has rule, disable, extends, agencies, picture_agencies") from error
    except ValueError as error:
        raise RuleError(f"{path}: not valid TOML: {error}; write a number that a rule can have") from error


def _enforce_limits(path: Path, pack: RulePack) -> RulePack:
    """The pack, unless there is more in it than a run can ask about; then raises `RuleError`."""
    if len(pack.rule) > MAX_FILE_RULES:
        raise RuleError(
            f"{path}: {len(pack.rule):,} rules, but a rule file may have {MAX_FILE_RULES:,}; split it into several"
        )
    for table in (pack.agencies, pack.picture_agencies):
        if (size := sum(len(form) for name, others in table.items() for form in (name, *others))) > MAX_AGENCY_CHARS:
            raise RuleError(
                f"{path}: names of agencies with {size:,} characters, but a table may have {MAX_AGENCY_CHARS:,}; "
                "name those that your articles name"
            )
    return pack


def find_rule_lines(path: Path) -> list[int]:
    """The line in which each rule of a file begins; nothing where that cannot be told for all of them."""
    lines = [number for number, line in enumerate(_read_text(path).split("\n"), 1) if _RULE_HEADER.match(line)]
    return lines if len(lines) == len(read_pack(path).rule) else []


def _read_text(path: Path) -> str:
    """What a rule file says; raises `RuleError` for one that is missing, too large, or in another encoding."""
    try:
        if path.exists() and not path.is_file():
            raise RuleError(f"{path}: cannot be read: it is no file; name a rule file, or a folder of them")
        if (size := path.stat().st_size) > MAX_FILE_BYTES:
            raise RuleError(
                f"{path}: {size / (1 << 20):.1f} MiB, but a rule file may have {MAX_FILE_BYTES >> 20}; "
                "split it into several"
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise RuleError(f"{path}: there is no such rule file") from None
    except (OSError, ValueError) as error:
        raise RuleError(f"{path}: cannot be read: {error}; check its name and its rights") from error
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = "it is UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else f"byte 0x{data[error.start]:02x}"
        raise RuleError(
            f"{path}:{line}: cannot be read: {what}; a rule file is TOML in UTF-8: save it in that encoding"
        ) from None


# ---------------------------------------------------------------- many files


@cache
def find_rules_folder() -> Path:
    """The folder of the packs that come with `cleaner`."""
    installed = Path(__file__).parents[1] / "packs"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "rules"


def list_rule_files(folder: Path) -> list[Path]:
    """The rule files of a folder: its own, and then those of its sites."""
    own = [path for path in sorted(folder.glob("*.toml")) if path.name not in SETTINGS_FILES]
    return own + sorted(folder.glob("sites/*.toml"))


def resolve_pack_names(given: Iterable[str | Path]) -> list[tuple[Path, str]]:
    """The rule files that these names stand for, each with the installed package that it comes with.

    A name is a file, a folder of them, or an installed package.  Raises `RuleError` for what is none of these.
    """
    found: list[tuple[Path, str]] = []
    for name in given:
        path = Path(name)
        if _ask_path(path.is_dir):
            inside = list_rule_files(path)
            if not inside:
                raise RuleError(f"{path}: cannot be read: the folder holds no rule file; they end in .toml")
            found += [(one, "") for one in inside]
        elif _ask_path(path.exists) or path.suffix == ".toml" or len(path.parts) > 1:
            found.append((path, ""))
        else:
            found += [
                (one, str(name)) for one in _find_installed_files(str(name), f"{path}: there is no such rule file")
            ]
    return found


def _ask_path(asked: Callable[[], bool]) -> bool:
    """What a path says of itself; no where it cannot be asked, as for a name that is too long."""
    try:
        return asked()
    except OSError:
        return False


def collect_packs(given: Iterable[str | Path] = (), extends: Sequence[str] | None = None) -> list[PackFile]:
    """The packs that a run loads, in the order in which later rules replace earlier ones.

    These are all the shipped ones and then those given; with `extends`, or where one of those given says it, only the
    named ones come first.  Raises `RuleError` for a file that cannot be read and for a circle.
    """
    own = [PackFile(path, read_pack(path), package) for path, package in resolve_pack_names(given)]
    order: dict[Path, PackFile] = {}
    if extends is None and all(one.pack.extends is None for one in own):
        order.update((path.resolve(), PackFile(path, read_pack(path))) for path in list_rule_files(find_rules_folder()))
    for path, package in (one for name in extends or () for one in _resolve_extended_name(name, None)):
        _add_pack(PackFile(path, read_pack(path), package), (), order)
    for one in own:
        _add_extended_packs(one, (), order)
    for one in own:
        order.pop(one.path.resolve(), None)
        order[one.path.resolve()] = one
    return list(order.values())


def _add_pack(one: PackFile, chain: tuple[Path, ...], order: dict[Path, PackFile]) -> None:
    """Put a pack behind those that it extends; `chain` are the files that led to it."""
    at = one.path.resolve()
    if at in chain:
        circle = " -> ".join(path.name for path in (*chain[chain.index(at) :], at))
        raise RuleError(f"{one.path}: extends goes in a circle: {circle}; take one of them out")
    if at not in order:
        _add_extended_packs(one, chain, order)
        order[at] = one


def _add_extended_packs(one: PackFile, chain: tuple[Path, ...], order: dict[Path, PackFile]) -> None:
    for name in one.pack.extends or ():
        for path, package in _resolve_extended_name(name, one.path):
            _add_pack(PackFile(path, read_pack(path), package), (*chain, one.path.resolve()), order)


def _resolve_extended_name(name: str, beside: Path | None) -> list[tuple[Path, str]]:
    """The files of a name in `extends`: a shipped pack, a file beside the one that says so, an installed package."""
    folders = [beside.parent] if beside else []
    for path in (
        find_rules_folder() / f"{name}.toml",
        *(one for f in folders for one in (f / name, f / f"{name}.toml")),
    ):
        if _ask_path(path.is_file):
            return [(path, "")]
        if _ask_path(path.is_dir) and list_rule_files(path):
            return [(one, "") for one in list_rule_files(path)]
    known = ", ".join(sorted(path.stem for path in find_rules_folder().glob("*.toml")))
    place = f"{beside}: " if beside else ""
    missing = f"{place}extends names {name!r}, which is neither a file beside it nor one of: {known}"
    return [(path, name) for path in _find_installed_files(name, missing)]


# ---------------------------------------------------------------- installed packages


def _find_installed_files(name: str, missing: str) -> list[Path]:
    """The rule files of an installed package; raises `RuleError`, beginning with `missing` where there is none."""
    offered = list(entry_points(group=ENTRY_POINT_GROUP))
    same = [one for one in offered if one.name == name]
    if not same:
        others = ", ".join(sorted({one.name for one in offered})) or "none is installed"
        raise RuleError(f"{missing}, nor an installed package of packs ({others})")
    if len(same) > 1:
        owners = " and ".join(sorted(one.dist.name if one.dist else one.value for one in same))
        raise RuleError(f"{name}: two installed packages offer packs by this name: {owners}; uninstall one")
    folder = _find_package_folder(same[0].module, name)
    if not list_rule_files(folder):
        raise RuleError(f"{name}: the installed package has no rule file in {folder}; ship them with it")
    return list_rule_files(folder)


def _find_package_folder(module: str, name: str) -> Path:
    try:
        spec = find_spec(module)
    except (ImportError, ValueError) as error:
        raise RuleError(f"{name}: the installed package names {module!r}: {error}; install it anew") from error
    if spec is None or not (spec.origin or spec.submodule_search_locations):
        raise RuleError(f"{name}: the installed package names {module!r}, which is not there; install it anew")
    inside = list(spec.submodule_search_locations or ())
    return Path(inside[0]) if inside else Path(str(spec.origin)).parent

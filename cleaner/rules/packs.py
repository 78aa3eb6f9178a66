"""Many rule files: where they lie, which files a name stands for, and the order in which they are loaded.

A name on the command line or in `extends` is a file, a folder of them, a shipped pack, or an installed Python package
that offers packs by an entry point.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.metadata import entry_points
from importlib.util import find_spec
from itertools import chain, repeat
from pathlib import Path

from msgspec import Struct

from cleaner.errors import RuleError
from cleaner.rules.files import read_pack
from cleaner.rules.model import RulePack

ENTRY_POINT_GROUP = "cleaner.packs"
"""The entry points by which Python packages offer packs: each names a module or package whose folder holds them."""

SETTINGS_FILES = ("cleaner.toml", "pyproject.toml")
"""Files of a folder of packs that hold settings, not rules."""

NamedFile = tuple[Path, str]
"""A rule file and the installed package that it comes with; "" for none."""


class PackFile(Struct, frozen=True):
    """A pack, the file that it stands in, and the installed package that it comes with, if any."""

    path: Path
    pack: RulePack
    package: str = ""


def read_pack_file(path: Path, package: str = "") -> PackFile:
    """The pack of a file; raises `RuleError` where it cannot be read."""
    return PackFile(path, read_pack(path), package)


# ---------------------------------------------------------------- folders and names


@cache
def find_rules_folder() -> Path:
    """The folder of the packs that come with `cleaner`: in an installed package, or in the source tree."""
    installed = Path(__file__).parents[1] / "packs"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "rules"


def list_rule_files(folder: Path) -> list[Path]:
    """The rule files of a folder: its own, and then those of its sites."""
    own = [path for path in sorted(folder.glob("*.toml")) if path.name not in SETTINGS_FILES]
    return own + sorted(folder.glob("sites/*.toml"))


def resolve_pack_names(given: Iterable[str | Path]) -> list[NamedFile]:
    """The rule files that these names stand for.

    A name is a file, a folder of them, or an installed package.  Raises `RuleError` for what is none of these.
    """
    return [one for name in given for one in _resolve_name(str(name))]


def _resolve_name(name: str) -> list[NamedFile]:
    path = Path(name)
    if _ask_path(path.is_dir):
        inside = list_rule_files(path)
        if not inside:
            raise RuleError(f"{path}: cannot be read: the folder holds no rule file; they end in .toml")
        return [(one, "") for one in inside]
    if _ask_path(path.exists) or path.suffix == ".toml" or len(path.parts) > 1:
        return [(path, "")]
    return [(one, name) for one in _find_installed_files(name, f"{path}: there is no such rule file")]


def _ask_path(asked: Callable[[], bool]) -> bool:
    """What a method of a path answers; False where it cannot be asked, as for a name that is too long."""
    try:
        return asked()
    except OSError:
        return False


# ---------------------------------------------------------------- the order


def collect_packs(given: Iterable[str | Path] = (), extends: Sequence[str] | None = None) -> list[PackFile]:
    """The packs that a run loads, in the order in which later rules replace earlier ones.

    These are all the shipped ones and then those given; with `extends`, or where one of those given says it, only the
    named ones come first.  Raises `RuleError` for a file that cannot be read and for a circle.
    """
    own = [read_pack_file(*one) for one in resolve_pack_names(given)]
    order: dict[Path, PackFile] = {}
    if extends is None and all(one.pack.extends is None for one in own):
        order.update((path.resolve(), read_pack_file(path)) for path in list_rule_files(find_rules_folder()))
    for file in _resolve_extended_names(extends, None):
        _add_pack(read_pack_file(*file), (), order)
    for one in own:
        _add_extended_packs(one, (), order)
    for one in own:  # a file that is given comes last, also where another one extends it
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
    """Put the packs that a pack extends into the order."""
    for file in _resolve_extended_names(one.pack.extends, one.path):
        _add_pack(read_pack_file(*file), (*chain, one.path.resolve()), order)


def _resolve_extended_names(names: Iterable[str] | None, beside: Path | None) -> Iterator[NamedFile]:
    """The files of the names in `extends` of this file, or of the project's settings."""
    return chain.from_iterable(map(_resolve_extended_name, names or (), repeat(beside)))


def _resolve_extended_name(name: str, beside: Path | None) -> list[NamedFile]:
    """The files of a name in `extends`: a shipped pack, a file beside the one that says so, an installed package."""
    near = [beside.parent / name, beside.parent / f"{name}.toml"] if beside else []
    for path in (find_rules_folder() / f"{name}.toml", *near):
        if _ask_path(path.is_file):
            return [(path, "")]
        if _ask_path(path.is_dir) and (inside := list_rule_files(path)):
            return [(one, "") for one in inside]
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
    files = list_rule_files(folder)
    if not files:
        raise RuleError(f"{name}: the installed package has no rule file in {folder}; ship them with it")
    return files


def _find_package_folder(module: str, name: str) -> Path:
    """The folder of the module that an entry point names, without importing it; raises `RuleError`."""
    try:
        spec: ModuleSpec | None = find_spec(module)
    except (ImportError, ValueError) as error:
        raise RuleError(f"{name}: the installed package names {module!r}: {error}; install it anew") from error
    inside = list(spec.submodule_search_locations or ()) if spec else []
    if inside:
        return Path(inside[0])
    if spec is None or not spec.origin:
        raise RuleError(f"{name}: the installed package names {module!r}, which is not there; install it anew")
    return Path(spec.origin).parent

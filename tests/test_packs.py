"""Packs in folders and Python packages, project settings, and rule files that are bad; one claim a test."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import PAGE, RULES, Done

from cleaner.errors import ProjectError, RuleError
from cleaner.rules import load
from cleaner.rules.files import MAX_FILE_BYTES
from cleaner.rules.packs import find_rules_folder, list_rule_files
from cleaner.settings import Settings
from cleaner.settings.project import find_project_file, read_project

Call = Callable[..., Done]


def slot(id: str = "own.slot", role: str = "advertisement") -> str:
    """A good rule as TOML."""
    return RULES.replace("test.slot", id).replace('"advertisement"', f'"{role}"')


def ids(*given: Path | str, **options: tuple[str, ...]) -> list[str]:
    return [rule.id for rule in load(list(given), **options).rules]  # type: ignore[arg-type]


# ---------------------------------------------------------------- folders, extends


def test_a_folder_stands_for_its_rule_files_and_those_of_its_sites(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    for name in ("b.toml", "a.toml", "sites/example.org.toml"):
        (tmp_path / name).write_text("extends = []\n" + slot(f"own.{name[0]}"), encoding="utf-8")
    assert ids(tmp_path) == ["own.a", "own.b", "own.s"]


@pytest.mark.parametrize("name", ["cleaner.toml", "pyproject.toml"])
def test_settings_in_a_folder_of_packs_are_no_rule_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.toml").write_text("extends = []\n" + slot(), encoding="utf-8")
    (tmp_path / name).write_text("strictness = 'recall'\n", encoding="utf-8")
    assert ids(tmp_path) == ["own.slot"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"holds no rule file; they end in \.toml"):
        load([tmp_path])


def test_what_is_extended_may_extend_another(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("extends = ['b']\n" + slot("own.a"), encoding="utf-8")
    (tmp_path / "b.toml").write_text("extends = ['c']\n" + slot("own.b"), encoding="utf-8")
    (tmp_path / "c.toml").write_text(slot("own.c"), encoding="utf-8")
    assert ids(tmp_path / "a.toml") == ["own.c", "own.b", "own.a"]


@pytest.mark.parametrize("names", ["a", "ab", "abc"])
def test_a_circle_of_extends_is_refused_and_shown(tmp_path: Path, names: str) -> None:
    for name, following in zip(names, names[1:] + names[0], strict=True):
        (tmp_path / f"{name}.toml").write_text(f"extends = ['{following}']\n", encoding="utf-8")
    circle = " -> ".join(f"{name}.toml" for name in [*names, "a"])
    with pytest.raises(RuleError, match=f"in a circle: {circle}; take one of them out"):
        load([tmp_path / "a.toml"])


def test_a_pack_that_two_others_extend_is_loaded_once(tmp_path: Path) -> None:
    for name, head in (("a", "extends = ['c']\n"), ("b", "extends = ['c']\n"), ("c", "")):
        (tmp_path / f"{name}.toml").write_text(head + slot(f"own.{name}"), encoding="utf-8")
    assert ids(tmp_path / "a.toml", tmp_path / "b.toml") == ["own.c", "own.a", "own.b"]


def test_settings_can_name_the_only_packs_that_come_first(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(slot(), encoding="utf-8")
    rules = load([path], prove=False, extends=("de",)).rules
    assert {rule.pack for rule in rules} == {"de", "a"}


def test_settings_can_disable_a_rule(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("extends = []\n" + slot() + slot("own.b"), encoding="utf-8")
    assert ids(path, disable=("own.b",)) == ["own.slot"]


# ---------------------------------------------------------------- bad files


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (RULES.encode("utf-16"), "UTF-16"),
        (b"\n\n# caf\xe9\n", ":3: cannot be read: byte 0xe9; a rule file is TOML in UTF-8: save it"),
        (RULES.encode("utf-32"), "UTF-8: save it in that encoding"),
        (b"\x00" * 100, "not valid TOML"),
        (b"\x1f\x8b\x08\x00", "cannot be read: byte 0x8b"),
        (b"[" * 100_000, "not valid TOML"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"rule = 1\n", "a pack has rule, disable"),
        (b"rule = [1]\n", "a pack has rule, disable"),
        (b"disable = 'x'\n", "a pack has rule, disable"),
        (b"[[rule]]\nid = 7\n", "rule '7'"),
        (b"[[rule]]\nid = ['x']\n", "id: Expected `str`, got `array`"),
        (b"[agencies]\nAFP = 1\n", "a pack has rule, disable"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_the_cure(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(data)
    with pytest.raises(RuleError) as caught:
        load([path])
    assert str(caught.value).startswith(str(path))
    assert said in str(caught.value)


def test_utf_8_with_a_mark_of_its_byte_order_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbfextends = []\r\n" + RULES.replace("\n", "\r\n").encode())
    assert ids(path) == ["test.slot"]


def test_ten_megabytes_of_rules_are_refused_before_they_are_read(tmp_path: Path, call: Call) -> None:
    path = tmp_path / "large.toml"
    path.write_text(slot() * (10 * (1 << 20) // len(slot())), encoding="utf-8")
    done = call("rules", "lint", path)
    assert done.code == 1
    assert f"{path}: 10.0 MiB, but a rule file may have {MAX_FILE_BYTES >> 20}; split it" in done.out.decode()


def test_a_call_with_a_bad_file_ends_with_2_and_no_traceback(tmp_path: Path, call: Call) -> None:
    path, page = tmp_path / "bad.toml", tmp_path / "page.txt"
    path.write_bytes(RULES.encode("utf-16"))
    page.write_text(PAGE, encoding="utf-8")
    for command in (
        ["check", page, "--rules", path],
        ["run", page, "-o", tmp_path / "out", "--rules", path],
        ["rules", "list", "--rules", path],
        ["rules", "impact", "-", path, page],
    ):
        done = call(*command)
        assert (done.code, str(path) in done.err, "Traceback" in done.err) == (2, True, False)


def test_a_file_that_never_ends_is_not_read() -> None:
    with pytest.raises(RuleError, match="it is no file"):
        load([Path("/dev/zero")])


def test_a_refusal_says_how_many_more_there_are(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(slot(role="slogan") + slot("own.b", role="slogan"), encoding="utf-8")
    with pytest.raises(RuleError, match=r"own\.slot.*\(1 more: see cleaner rules lint "):
        load([path])


# ---------------------------------------------------------------- installed packages


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Install a package of packs under these entry points, in a folder of its own."""
    root = tmp_path / "installed"
    root.mkdir()
    monkeypatch.syspath_prepend(str(root))

    def installed(name: str, *rules: str, entry: str | None = None, module: str | None = None) -> Path:
        folder = root / name.replace("-", "_")
        folder.mkdir()
        (folder / "__init__.py").write_text("raise RuntimeError('a pack needs no code')\n")
        for number, text in enumerate(rules):
            (folder / f"{number}.toml").write_text(text, encoding="utf-8")
        info = root / f"{folder.name}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[cleaner.packs]\n{entry or name} = {module or folder.name}\n")
        return folder

    yield installed
    for module in [name for name in sys.modules if name.startswith("packs_")]:
        del sys.modules[module]


def test_an_installed_package_is_loaded_when_it_is_named(install: Callable[..., Path]) -> None:
    install("packs-of-ours", slot())
    assert "own.slot" in ids("packs-of-ours")
    assert "own.slot" not in ids()


def test_an_installed_package_can_be_extended(install: Callable[..., Path], tmp_path: Path) -> None:
    install("packs-of-ours", slot())
    path = tmp_path / "a.toml"
    path.write_text("extends = ['packs-of-ours']\n" + slot("own.a"), encoding="utf-8")
    assert ids(path) == ["own.slot", "own.a"]


def test_the_code_of_an_installed_package_is_not_run(install: Callable[..., Path]) -> None:
    install("packs-of-ours", slot())
    assert "own.slot" in ids("packs-of-ours")


def test_two_installed_packages_with_one_id_are_refused_and_both_named(install: Callable[..., Path]) -> None:
    install("packs-a", slot())
    install("packs-b", slot())
    with pytest.raises(RuleError, match=r"rule 'own\.slot': two installed packages have it, packs-a and packs-b"):
        load(["packs-a", "packs-b"])


def test_a_file_of_ones_own_may_replace_a_rule_of_an_installed_package(
    install: Callable[..., Path], tmp_path: Path
) -> None:
    install("packs-a", slot())
    path = tmp_path / "a.toml"
    path.write_text(slot(role="promotion"), encoding="utf-8")
    assert [rule.role for rule in load(["packs-a", path]).rules if rule.id == "own.slot"] == ["promotion"]


def test_two_installed_packages_of_one_name_are_refused(install: Callable[..., Path]) -> None:
    install("packs-a", slot(), entry="ours")
    install("packs-b", slot("own.b"), entry="ours")
    with pytest.raises(RuleError, match="packs-a and packs-b; uninstall one"):
        load(["ours"])


def test_an_installed_package_without_rules_is_refused(install: Callable[..., Path]) -> None:
    install("packs-a")
    with pytest.raises(RuleError, match="packs-a: the installed package has no rule file"):
        load(["packs-a"])


def test_an_entry_point_to_nowhere_is_refused(install: Callable[..., Path]) -> None:
    install("packs-a", slot(), module="packs_nowhere")
    with pytest.raises(RuleError, match="names 'packs_nowhere', which is not there; install it anew"):
        load(["packs-a"])


def test_a_name_that_is_neither_file_nor_package_names_the_packages_there_are(install: Callable[..., Path]) -> None:
    install("packs-a", slot())
    with pytest.raises(RuleError, match=r"packs-b: there is no such rule file, nor an installed package .*packs-a"):
        load(["packs-b"])


# ---------------------------------------------------------------- project settings


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A repository with a pack, a page and these settings, and the working directory in it."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "own.toml").write_text(RULES, encoding="utf-8")
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "deep" / "down").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)

    def written(text: str, name: str = "cleaner.toml") -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return written


def found(call: Call, *options: str) -> str:
    return call("check", "page.txt", "--select", "test.slot", *options).out.decode()


@pytest.mark.parametrize(
    ("name", "head"), [("cleaner.toml", ""), ("pyproject.toml", "[project]\nname = 'x'\n[tool.cleaner]\n")]
)
def test_a_project_names_its_packs(call: Call, project: Callable[..., Path], name: str, head: str) -> None:
    project(f"{head}rules = ['packs']\n", name)
    assert "page.txt:5: test.slot" in found(call)


def test_paths_are_from_where_the_settings_stand(
    call: Call, project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project("rules = ['packs/']\n")
    monkeypatch.chdir(root / "deep" / "down")
    assert "test.slot" in call("check", "../../page.txt").out.decode()


def test_settings_above_the_repository_do_not_count(project: Callable[..., Path]) -> None:
    root = project("rules = ['packs']\n")
    (root / "deep" / ".git").mkdir()
    assert find_project_file(root / "deep" / "down") is None
    assert find_project_file(root) == root / "cleaner.toml"


def test_outside_a_repository_only_the_working_directory_counts(project: Callable[..., Path]) -> None:
    root = project("rules = ['packs']\n")
    shutil.rmtree(root / ".git")
    assert find_project_file(root) == root / "cleaner.toml"
    assert find_project_file(root / "deep") is None


def test_a_pyproject_without_a_table_is_passed_by(project: Callable[..., Path]) -> None:
    root = project("rules = ['packs']\n")
    (root / "deep" / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert find_project_file(root / "deep") == root / "cleaner.toml"


def test_an_option_takes_the_place_of_a_setting(call: Call, project: Callable[..., Path]) -> None:
    root = project("rules = ['packs']\nkeep = ['advertisement']\n")
    assert found(call) == ""
    assert "test.slot" in found(call, "--keep", "caption")
    (root / "other.toml").write_text(slot("test.slot.other"), encoding="utf-8")
    assert "test.slot.other" in found(call, "--keep", "caption", "--rules", "other.toml")


@pytest.mark.parametrize(
    "setting", ["disable = ['test.slot']", "ignore = ['test.slot']", "skip = ['boilerplate']", "select = ['test.x']"]
)
def test_a_setting_takes_a_rule_out(call: Call, project: Callable[..., Path], setting: str) -> None:
    root = project(f"rules = ['packs']\n{setting}\n")
    (root / "packs" / "b.toml").write_text(slot("test.x").replace("SLOT", "SHOP"), encoding="utf-8")
    done = call("check", "page.txt")
    assert done.code in (0, 1)
    assert b"test.slot" not in done.out


def test_extends_in_settings_names_the_only_packs_that_come_first(call: Call, project: Callable[..., Path]) -> None:
    project("rules = ['packs']\nextends = []\n")
    assert call("rules", "list").out.decode().split() == ["test.slot", "advertisement", "all", "stable"]


def test_a_run_heeds_the_strictness_of_the_project(call: Call, project: Callable[..., Path]) -> None:
    root = project("strictness = 'recall'\n")
    assert read_project(root / "cleaner.toml") == Settings(strictness="recall")
    assert call("run", "page.txt", "-o", "out", "-q").code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rule = ['packs']", "there is no key 'rule'; did you mean rules?"),
        ("colour = 1", "there is no key 'colour'; the keys are rules, extends, disable"),
        ("rules = 'packs'", "got `str` - at `$.rules`; lists are written as in"),
        ("strictness = 'high'", "Invalid enum value 'high'"),
        ("keep = ['slogan']", "there is no role 'slogan'"),
        ("keep = [", "not valid TOML"),
        ("rules = ['none.toml']", "none.toml: there is no such rule file"),
        ("rules = ['none']", "nor an installed package"),
        ("disable = ['test.none']", "project settings: disable names 'test.none'"),
        ("skip = ['boilerplates']", "did you mean boilerplate?"),
    ],
)
@pytest.mark.parametrize(("name", "head"), [("cleaner.toml", ""), ("pyproject.toml", "[tool.cleaner]\n")])
def test_wrong_settings_end_with_2_and_the_cure(
    call: Call, project: Callable[..., Path], text: str, said: str, name: str, head: str
) -> None:
    project(head + text + "\n", name)
    done = call("check", "page.txt")
    assert done.code == 2
    assert said in done.err


def test_wrong_settings_name_their_file(project: Callable[..., Path]) -> None:
    root = project("rule = ['packs']\n")
    with pytest.raises(ProjectError, match=r"^.*cleaner\.toml: there is no key"):
        read_project(root / "cleaner.toml")


def test_a_folder_of_packs_is_what_lint_and_test_ask_about(call: Call, project: Callable[..., Path]) -> None:
    project("rules = ['packs']\n")
    done = call("rules", "test")
    assert (done.code, b"1 rule in 1 pack" in done.out) == (0, True)
    assert call("rules", "lint").code == 0


def test_the_shipped_packs_lie_in_one_folder() -> None:
    assert len(list_rule_files(find_rules_folder())) > 30


def test_a_key_of_very_many_parts_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "pack.toml"
    path.write_text(f"# a pack\n{'a.' * 5_000}b = 1\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"a key of 5,001 parts \(at line 2\), but a key may have 1,000"):
        load([path])

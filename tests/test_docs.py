"""The README says what the code does: its examples hold, and nothing that a user can name is missing."""

import json
import re
import subprocess
import tomllib
from collections.abc import Callable
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import get_args

import click
import pytest
from conftest import Done

from cleaner import clean
from cleaner.cli.main import cli
from cleaner.document import ARTICLE_ROLES
from cleaner.io import files
from cleaner.io.json import encode_json
from cleaner.io.streams import PACKINGS
from cleaner.pipeline import default_stages, name_stage
from cleaner.pipeline.settings import Settings
from cleaner.readers import READERS
from cleaner.record import Article
from cleaner.rules import Rule, load
from cleaner.rules.model import RulePack
from cleaner.rules.packs import find_rules_folder
from cleaner.run.batch import clean_stream
from cleaner.settings import SETTING_KEYS
from cleaner.workbench.lint import RemarkKind

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

COMMANDS = sorted(cli.commands)
OPTIONS = sorted(
    {
        option
        for command in cli.commands.values()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }
)


group = cli.commands["rules"]
assert isinstance(group, click.Group)
RULE_COMMANDS = group.commands


def blocks(language: str, text: str = README) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def section(title: str) -> str:
    """What stands below a heading, up to the next."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"the README has no section {title!r}"
    return found[1]


def first_cells(title: str) -> set[str]:
    """What the first column of a section's tables names."""
    rows = re.findall(r"^\|([^|]*)\|", section(title), re.MULTILINE)
    return {code for row in rows for code in re.findall(r"`([^`]+)`", row)}


# ---------------------------------------------------------------- examples


def test_the_first_example_is_what_comes_out() -> None:
    before, after = blocks("text")[:2]
    data, _ = clean_stream(BufferedReader(BytesIO(before.encode())), Settings(to="text", audit="none"))
    assert data.decode() == after


def test_the_record_shown_is_what_comes_out() -> None:
    before = blocks("text")[0]
    shown = json.loads(blocks("json")[0])
    made = json.loads(encode_json(clean(before)))
    assert shown == {key: made[key] for key in shown}


def test_the_ledger_line_shown_is_what_comes_out() -> None:
    shown = json.loads(blocks("json", section("The ledger"))[0])
    made = json.loads(encode_json(clean(blocks("text")[0], id="page")))["edits"][shown["seq"]]
    assert shown.keys() == made.keys()
    assert shown == {**made, "before": "…", "after": "…"}


@pytest.mark.parametrize("code", blocks("python"), ids=["clean", "pipeline"])
def test_python_examples_run(code: str) -> None:
    exec(compile(code, "README.md", "exec"), {"__name__": "readme"})


def test_the_rule_example_loads_and_works(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(blocks("toml")[0], encoding="utf-8")
    text = "Fog closes the harbour\n\nOur reporter: Ann Lee\n\nThe harbour was closed on Monday, and no ship came in.\n"
    article = clean(text, rules=[str(path)])
    assert "own.byline.reporter" in {edit.rule for edit in article.edits or ()}
    assert [author.name for author in article.authors] == ["Ann Lee"]


def test_terminal_examples_call_what_there_is(
    monkeypatch: pytest.MonkeyPatch, call: Callable[..., Done], tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    lines = [line.removeprefix("$ cleaner ") for block in blocks("console") for line in block.splitlines()]
    assert lines
    for line in lines:
        done = call(*(str(tmp_path) if word == "restored" else word for word in line.split()))
        # check ends with 1 where it finds something
        assert done.code == (1 if line.startswith("check raw") else 0), (line, done.err)


def test_there_are_two_commands() -> None:
    commands = [block.strip() for block in blocks("sh", section("Two commands"))]
    assert len(commands) == 2
    for command in commands:
        assert "\n" not in command
        subprocess.run(["sh", "-n", "-c", command], check=True)


# ---------------------------------------------------------------- nothing is missing


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_is_in_the_readme(command: str) -> None:
    assert cli.commands[command].help
    assert f"`cleaner {command} " in section("Command line")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_has_help(command: str) -> None:
    for parameter in cli.commands[command].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


def test_every_option_is_in_the_readme_and_no_other() -> None:
    known = {*OPTIONS, "--help", "-h", "--version"}
    named = {cell for cell in first_cells("Command line") if cell.startswith("-")}
    assert named == known
    of_rules = {
        option
        for command in RULE_COMMANDS.values()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", README)) <= known | of_rules
    assert of_rules - known <= set(re.findall(r"--[a-z-]+", section("Working on rules")))


@pytest.mark.parametrize("command", sorted(RULE_COMMANDS))
def test_every_command_of_rules_is_in_the_readme_with_help_and_an_example(command: str) -> None:
    assert f"| `cleaner rules {command}" in section("Working on rules")
    assert f"    cleaner rules {command}" in (RULE_COMMANDS[command].help or "")
    for parameter in RULE_COMMANDS[command].params:
        assert not isinstance(parameter, click.Option) or parameter.help, parameter.name


def test_every_warning_of_lint_is_in_the_readme() -> None:
    for kind in set(get_args(RemarkKind)) - {"refused"}:
        assert f"`{kind}`" in section("Working on rules")


def test_every_key_of_project_settings_is_in_the_readme() -> None:
    assert first_cells("Packs and project settings") >= set(SETTING_KEYS)


def template(folder: Path) -> None:
    """The repository that the README describes, in this folder."""
    settings, package = blocks("toml", section("Packs and project settings"))
    assert set(tomllib.loads(settings)) <= set(SETTING_KEYS)
    assert "cleaner.packs" in tomllib.loads(package)["project"]["entry-points"]
    (folder / "cleaner.toml").write_text(settings, encoding="utf-8")
    (folder / "packs" / "sites").mkdir(parents=True)
    (folder / "packs" / "house.toml").write_text(blocks("toml")[0], encoding="utf-8")
    (folder / "pages").mkdir()
    said = "The harbour was closed on Monday for the third time this year, and no ship came in before the evening."
    more = "Two ferries waited outside the bar until the fog had lifted, and their passengers were given tea and bread."
    after = f"{said.replace('third', 'last')}\n\n{more.replace('Two', 'Six')}"
    page = f"Fog closes the harbour\n\n{said}\n\n{more}\n\nSlot 4\n\n{after}\n"
    (folder / "pages" / "a.txt").write_text(page, encoding="utf-8")


def test_the_tests_of_the_template_repository_pass(
    monkeypatch: pytest.MonkeyPatch, call: Callable[..., Done], tmp_path: Path
) -> None:
    template(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert call("rules", "docs", "packs").code == 0
    (line,) = blocks("sh", section("Packs and project settings"))
    for command in line.split("&&"):
        words = command.split()
        assert words[0] == "cleaner"
        done = call(*words[1:])
        assert done.code == 0, (command, done.out, done.err)
    assert b"- Slot 4  own.advertisement.slot" in done.out


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_is_listed_with_its_commands(option: str) -> None:
    row = next(row for row in section("Command line").splitlines() if f"`{option}`" in row and row.startswith("|"))
    listed = {word.strip() for word in row.split("|")[2].split(",")}
    assert listed == {
        command for command in COMMANDS if any(option in parameter.opts for parameter in cli.commands[command].params)
    }


def test_every_field_of_the_record_is_in_the_readme_and_no_other() -> None:
    assert first_cells("The record") == set(Article.__struct_fields__)


def test_every_key_of_a_rule_is_in_the_readme() -> None:
    assert first_cells("Rules") >= set(Rule.__struct_fields__) - {"pack"}
    for key in RulePack.__struct_fields__:
        assert key in section("Rules")


def test_every_stage_is_in_the_readme_in_its_place() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", section("What it does"), re.MULTILINE)
    # exceptions and rejoin run twice, and are told of once
    assert rows == list(dict.fromkeys(name_stage(stage) for stage in default_stages(load(prove=False))))


def test_what_stays_and_what_is_read_is_in_the_readme() -> None:
    told = section("What it does")
    for word in (*ARTICLE_ROLES, *READERS, *filter(None, PACKINGS)):
        assert f"`{word}`" in told


def test_the_flags_that_rules_set_are_in_the_readme() -> None:
    flags = {
        field.removeprefix("=") if field.startswith("=") else source
        for rule in load(prove=False).rules
        for source, field in rule.facts.items()
        if "flags" in (source, field)
    }
    assert flags - {"flags"} <= set(re.findall(r"`([a-z]+)`", section("The record")))


def test_limits_are_those_of_the_code() -> None:
    megabytes = f"{files.MAX_DOCUMENT_BYTES >> 20} MiB"
    assert megabytes in section("Limits")
    assert megabytes in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert f"{files.MAX_TEXT_CHARS:,}" in section("Limits")


def test_the_number_of_languages_is_true() -> None:
    packs = [path for path in find_rules_folder().glob("*.toml") if path.stem != "any"]
    told = re.search(r"in over (\d+) languages", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert told
    assert len(packs) > int(told[1])

"""`cleaner rules`: list, show, lint, test, schema, docs and impact; one claim a test."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import jsonschema
import msgspec
import pytest
from conftest import RULES, Done

from cleaner.rules.packs import find_rules_folder, list_rule_files
from cleaner.workbench.reference import build_reference
from cleaner.workbench.schema import build_schema

Call = Callable[..., Done]


def rule(id: str = "own.slot", **keys: str) -> str:
    """A good rule as TOML, with these keys written anew."""
    written = {
        "id": f"'{id}'",
        "why": "'A slot.'",
        "role": "'advertisement'",
        "match": r"['^SLOT \d+$']",
        "examples": "['SLOT 12']",
        "keeps": "['The SLOT 12 is free.']",
        **keys,
    }
    return "[[rule]]\n" + "".join(f"{key} = {value}\n" for key, value in written.items())


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Write a rule file that stands alone."""

    def written(*rules: str, head: str = "extends = []\n", name: str = "own.toml") -> Path:
        path = tmp_path / name
        path.write_text(head + "".join(rules), encoding="utf-8")
        return path

    return written


Pack = Callable[..., Path]


# ---------------------------------------------------------------- list, show


def listed(done: Done) -> list[str]:
    return [line.split()[0] for line in done.out.decode().splitlines()]


def test_list_names_every_rule(call: Call, pack: Pack) -> None:
    assert listed(call("rules", "list", "--rules", pack(rule(), rule("own.b")))) == ["own.slot", "own.b"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--language", "de"], ["own.a", "own.d"]),
        (["--role", "promotion"], ["own.b"]),
        (["--site", "www.example.org"], ["own.c"]),
        (["--status", "deprecated"], ["own.d"]),
    ],
)
def test_list_filters(call: Call, pack: Pack, options: list[str], found: list[str]) -> None:
    path = pack(
        rule("own.a", languages="['de']"),
        rule("own.b", role="'promotion'", languages="['fr']"),
        rule("own.c", sites="['example.org']", languages="['fr']"),
        rule("own.d", status="'deprecated'"),
    )
    assert listed(call("rules", "list", "--rules", path, *options)) == found


def test_list_suggests_the_role_that_was_meant(call: Call, pack: Pack) -> None:
    done = call("rules", "list", "--rules", pack(rule()), "--role", "captoin")
    assert (done.code, "--role: there is no role 'captoin'; did you mean caption?" in done.err) == (2, True)


def test_list_counts_hits_of_a_run(call: Call, page: Path, rules: Path) -> None:
    call("run", page, "-o", page.parent / "out", "--rules", rules, "-q")
    out = call("rules", "list", "--rules", rules, "--hits", page.parent / "out").out.decode()
    assert next(line for line in out.splitlines() if "test.slot" in line).split()[0] == "1"


def test_hits_of_a_folder_without_a_ledger_are_refused(call: Call, tmp_path: Path) -> None:
    done = call("rules", "list", "--hits", tmp_path)
    assert done.code == 2
    assert str(tmp_path) in done.err and "--audit file" in done.err


def test_hits_in_a_file_that_is_no_ledger_are_refused_with_the_line(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "a.edits.jsonl"
    path.write_text('{"rule": "a"}\n[1]\n')
    done = call("rules", "list", "--hits", tmp_path)
    assert done.code == 2
    assert f"{path}:2" in done.err


def test_show_tells_all_of_a_rule(call: Call, pack: Pack) -> None:
    path = pack(rule(status="'experimental'", until="2031-05-01", replace="''"))
    out = call("rules", "show", "own.slot", "--rules", path).out.decode()
    parts = [
        "A slot.",
        "advertisement",
        r"^SLOT \d+$",
        "SLOT 12",
        "is free.",
        "experimental",
        "2031-05-01",
        "with nothing",
    ]
    assert [part for part in parts if part not in out] == []


def test_show_suggests_what_was_meant(call: Call, pack: Pack) -> None:
    done = call("rules", "show", "own.slto", "--rules", pack(rule()))
    assert done.code == 2
    assert "own.slot" in done.err


# ---------------------------------------------------------------- lint


def test_lint_of_a_good_file_ends_with_0_and_says_nothing(call: Call, pack: Pack) -> None:
    done = call("rules", "lint", pack(rule()))
    assert (done.code, done.out) == (0, b"")


def test_lint_names_all_faults_of_all_rules_with_their_lines(call: Call, pack: Pack) -> None:
    path = pack(
        rule("own.a", match="'^x$'", wy="'A typo.'"),
        rule("own.b", role="'slogan'", match="['^(x$']"),
        rule("own.c", keeps="['SLOT 13']"),
    )
    done = call("rules", "lint", path)
    found = [line.split(": ")[:3] for line in done.out.decode().splitlines()]
    assert found == [
        [f"{path}:2", "refused", "own.a"],
        [f"{path}:2", "refused", "own.a"],
        [f"{path}:10", "refused", "own.b"],
        [f"{path}:10", "refused", "own.b"],
        [f"{path}:17", "refused", "own.c"],
    ]
    assert done.code == 1
    assert "did you mean why?" in done.out.decode()


def test_lint_goes_on_behind_a_file_that_cannot_be_read(call: Call, pack: Pack) -> None:
    broken = pack("[[rule]\n", name="broken.toml", head="")
    bad = pack(rule(keeps="['SLOT 13']"))
    out = call("rules", "lint", broken, bad).out.decode()
    assert str(broken) in out and "narrow the pattern" in out


WARNED = {
    "expired": [rule(until="2001-01-01")],
    "replaced": [rule(), rule()],
    "shadowed": [rule("own.all", match="['^SLOT .*$']", keeps="['SLOT']"), rule()],
    "overlap": [
        rule("own.b", match="['^SLOT [1-4]$']", examples="['SLOT 1']", role="'promotion'"),
        rule(examples="['SLOT 1', 'SLOT 12']"),
    ],
    "wide": [rule(match=r"['^\p{L}+ \p{L}+ \p{L}+$']", examples="['One two three']", keeps="['One']")],
    "slow": [rule(match=r"['^SLOT \p{L}{1,40}\p{N}{1,40}[\p{L}\p{N}]{1,90}$']", examples="['SLOT a1b']")],
}


@pytest.mark.parametrize("kind", WARNED)
def test_lint_warns_and_ends_with_0(call: Call, pack: Pack, kind: str) -> None:
    paths = [pack(text, name=f"{number}.toml") for number, text in enumerate(WARNED[kind])]
    done = call("rules", "lint", *paths)
    assert [line.split(": ")[1] for line in done.out.decode().splitlines()] == [kind]
    assert done.code == 0


def test_lint_in_json_is_a_list(call: Call, pack: Pack) -> None:
    path = pack(rule(keeps="['SLOT 13']"))
    (remark,) = json.loads(call("rules", "lint", path, "--format", "json").out)
    assert (remark["path"], remark["line"], remark["rule"], remark["kind"]) == (str(path), 2, "own.slot", "refused")


def test_lint_annotates_for_github(call: Call, pack: Pack) -> None:
    path = pack(rule(keeps="['SLOT 13']"))
    assert (
        call("rules", "lint", path, "--format", "github")
        .out.decode()
        .startswith(f"::error file={path},line=2,title=own.slot::")
    )


# ---------------------------------------------------------------- test


def test_test_proves_a_file(call: Call, pack: Pack) -> None:
    done = call("rules", "test", pack(rule()))
    assert done.code == 0
    assert b"1 rule in 1 pack, 2 examples and keeps" in done.out and b"all proven" in done.out


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"examples": "['SLOTS']"}, "does not match"),
        ({"keeps": "['SLOT 1']"}, "its own keep"),
        ({"match": "['^.*$']", "keeps": "['']"}, "would drop all"),
    ],
)
def test_test_fails_on_what_is_not_proven(call: Call, pack: Pack, keys: dict[str, str], said: str) -> None:
    done = call("rules", "test", pack(rule(**keys)))
    assert done.code == 1
    assert said in done.out.decode() and "failed" in done.out.decode()


def test_test_proves_a_rule_of_a_site_on_its_site(call: Call, pack: Pack) -> None:
    path = pack(rule(match=r"['SLOT \d+']", sites="['example.org']", examples="['A SLOT 1 here']", keeps="['SLOT']"))
    assert call("rules", "test", path).code == 0


# ---------------------------------------------------------------- schema


FILES = list_rule_files(find_rules_folder())


def instance(text: str) -> object:
    """A rule file as an editor's checker sees it: JSON, with dates as text."""
    return msgspec.to_builtins(tomllib.loads(text))


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(find_rules_folder())) for path in FILES])
def test_the_schema_takes_every_shipped_pack(path: Path) -> None:
    jsonschema.validate(instance(path.read_text(encoding="utf-8")), build_schema())


@pytest.mark.parametrize(
    "text",
    [
        rule(wy="'x'"),
        rule(match="'^x$'"),
        rule(role="'slogan'"),
        rule(role="['caption', 'slogan']"),
        rule(examples="[]"),
        rule(status="'new'"),
        rule(facts="{ who = 'weather' }"),
        rule(confidence="'high'"),
        rule(until="'soon'"),
        "titles = 1\n",
        "[[rule]]\nid = 'own.a'\n",
        "disable = 'own.a'\n",
    ],
)
def test_the_schema_refuses_a_wrong_file(text: str) -> None:
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(instance(text), build_schema(), format_checker=checker)


def test_the_schema_is_printed_and_says_how_an_editor_takes_it(call: Call) -> None:
    made = json.loads(call("rules", "schema").out)
    assert made == json.loads(json.dumps(build_schema()))
    assert "#:schema" in made["description"] and "Even Better TOML" in made["description"]


def test_every_key_of_the_schema_says_what_it_is() -> None:
    made = build_schema()
    for table in (made["properties"], made["$defs"]["Rule"]["properties"]):
        assert all(part["description"] for part in table.values())


# ---------------------------------------------------------------- docs


def test_the_reference_of_the_shipped_rules_is_up_to_date() -> None:
    written = (find_rules_folder() / "README.md").read_text(encoding="utf-8")
    assert written == build_reference(find_rules_folder()), "run: cleaner rules docs"


def test_docs_writes_and_then_finds_it_up_to_date(call: Call, pack: Pack) -> None:
    folder = pack(rule(why="'A | pipe.'")).parent
    assert call("rules", "docs", folder, "--check").code == 1
    assert call("rules", "docs", folder).code == 0
    assert call("rules", "docs", folder, "--check").code == 0
    assert r"| `own.slot` | A \| pipe. | SLOT 12 |" in (folder / "README.md").read_text(encoding="utf-8")


# ---------------------------------------------------------------- impact


def test_impact_lists_what_goes_and_by_which_rule(call: Call, page: Path, rules: Path) -> None:
    done = call("rules", "impact", "-", rules, page)
    out = done.out.decode().splitlines()
    assert done.code == 0
    assert "    5 - SLOT 17  test.slot" in out
    assert "1 of 1 documents change: 1 line gone, 2 words gone, 0 lines new" in out


def test_impact_the_other_way_lists_what_comes_back(call: Call, page: Path, rules: Path) -> None:
    out = call("rules", "impact", rules, "-", page).out.decode().splitlines()
    assert "    5 + SLOT 17  test.slot" in out


def test_impact_takes_folders_of_rules(call: Call, page: Path, tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "own.toml").write_text(RULES, encoding="utf-8")
    assert b"- SLOT 17" in call("rules", "impact", "-", tmp_path / "packs", page).out


def test_impact_of_the_same_rules_is_none(call: Call, page: Path) -> None:
    assert call("rules", "impact", "-", "-", page).out == b"0 of 1 documents change: 0 lines gone, 0 lines new\n"


def test_impact_shows_a_rewritten_line_as_it_was_and_is(call: Call, page: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(rule(match=r"['^SLOT (\d+)$']", replace=r"'Number \1'"), encoding="utf-8")
    out = call("rules", "impact", "-", path, page).out.decode()
    assert "    5 - SLOT 17  own.slot\n    5 + Number 17  own.slot" in out


def test_impact_in_short_shows_no_lines(call: Call, page: Path, rules: Path) -> None:
    out = call("rules", "impact", "-", rules, page, "--summary").out.decode()
    assert "SLOT 17" not in out and "1 of 1 documents change" in out


def test_a_rule_for_all_lines_is_refused_in_one_line_with_a_few_examples_and_their_count(
    call: Call, pack: Pack
) -> None:
    lines = call("rules", "lint", pack(rule(match="['^.*$']", keeps="['']"))).out.decode().splitlines()
    assert len(lines) == 1
    assert "would drop all " in lines[0] and 'such as "The council voted' in lines[0]
    assert len(lines[0]) < 500


def test_patterns_that_are_meant_as_alternatives_are_explained_once(call: Call, pack: Pack) -> None:
    path = pack(rule(match=r"['^Slot \d+$', '^Sponsored by us$']", examples="['Slot 4', 'Sponsored by us']"))
    lines = call("rules", "lint", path).out.decode().splitlines()
    assert len(lines) == 1
    assert "match has 2 patterns, so it means 2 lines, one behind the other" in lines[0]


def test_all_that_keeps_a_rule_from_being_asked_is_listed(call: Call, pack: Pack) -> None:
    path = pack(rule("Own Slot!", languages="['English']", confidence="90"))
    assert [line.split(": ")[3] for line in call("rules", "lint", path).out.decode().splitlines()] == [
        "id",
        "languages",
        "confidence",
    ]

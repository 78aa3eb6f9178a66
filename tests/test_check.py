"""`cleaner check`: what it finds, how it says it, and what it leaves alone; one claim a test."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PAGE, Done, write_lines

Call = Callable[..., Done]


def test_a_finding_names_file_line_rule_and_what_it_is(call: Call, page: Path, rules: Path) -> None:
    out = call("check", page, "--rules", rules).out.decode()
    assert f"{page}:5: test.slot advertisement: SLOT 17" in out.splitlines()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_in_the_file(call: Call, page: Path, rules: Path, end: str) -> None:
    page.write_bytes(PAGE.replace("\n", end).encode())
    assert f"{page}:5: test.slot" in call("check", page, "--rules", rules).out.decode()


def test_a_rewritten_line_is_a_finding(call: Call, page: Path) -> None:
    page.write_text(PAGE.replace("Nobody in the hall", "“Nobodyâ€™s in the hall"), encoding="utf-8")
    assert f"{page}:7: repair.encoding reads “" in call("check", page).out.decode()


def test_new_spacing_is_no_finding(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    text = PAGE.replace("SLOT 17\n\n", "").split("\n\n")[1]
    path.write_text(f"  {text}  \n\n\n\n", encoding="utf-8")
    assert (call("check", path).code, call("check", path).out) == (0, b"")


def test_something_found_ends_with_1(call: Call, page: Path, rules: Path) -> None:
    assert call("check", page, "--rules", rules).code == 1


def test_a_wrong_call_ends_with_2(call: Call, page: Path) -> None:
    assert call("check", page, "--format", "xml").code == 2
    assert call("check", page.parent / "none.txt").code == 2


@pytest.mark.parametrize("options", [["--statistics", "--format", "github"], ["--translation", "--statistics"]])
def test_options_that_contradict_each_other_are_refused(call: Call, page: Path, options: list[str]) -> None:
    assert call("check", page, *options).code == 2


def test_nothing_is_written(call: Call, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(page.parent)
    call("check", page)
    assert [path.name for path in page.parent.iterdir()] == [page.name]


def test_a_place_in_json_lines_is_one_that_explain_takes(call: Call, tmp_path: Path, rules: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n" + json.dumps({"text": "One."}) + "\n\n" + json.dumps({"text": PAGE}) + "\n")
    out = call("check", path, "--rules", rules, "--select", "test").out.decode()
    assert out == f"{path}:4:5: test.slot advertisement: SLOT 17\n"
    explained = call("explain", f"{path}:4:5", "--rules", rules)
    assert (explained.code, b"test.slot" in explained.out) == (0, True)


def test_a_folder_is_checked_file_by_file(call: Call, page: Path, rules: Path) -> None:
    (page.parent / "other.txt").write_text(PAGE, encoding="utf-8")
    out = call("check", page.parent, "--rules", rules, "--select", "test.slot").out.decode()
    assert [line.split(":")[0] for line in out.splitlines()] == [str(page.parent / "other.txt"), str(page)]


def test_statistics_count_by_rule(call: Call, tmp_path: Path, rules: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [{"text": PAGE}] * 3)
    done = call("check", path, "--rules", rules, "--statistics", "--select", "test.slot")
    assert done.out.decode() == "     3  test.slot  A slot of the test's own.\n"
    assert done.code == 1


def test_statistics_in_json(call: Call, page: Path, rules: Path) -> None:
    done = call("check", page, "--rules", rules, "--statistics", "--format", "json", "--select", "test.slot")
    assert json.loads(done.out) == [{"rule": "test.slot", "count": 1, "why": "A slot of the test's own."}]


def test_json_is_a_list_of_findings(call: Call, page: Path, rules: Path) -> None:
    done = call("check", page, "--rules", rules, "--format", "json", "--select", "test.slot")
    assert json.loads(done.out) == [
        {
            "file": str(page),
            "number": 0,
            "line": 5,
            "rule": "test.slot",
            "role": "advertisement",
            "before": "SLOT 17",
            "after": "",
        }
    ]


def test_json_without_findings_is_an_empty_list(call: Call, page: Path, rules: Path) -> None:
    done = call("check", page, "--rules", rules, "--format", "json", "--select", "test.slot", "--skip", "boilerplate")
    assert (done.code, json.loads(done.out)) == (0, [])


def test_github_gets_an_annotation_of_the_line(call: Call, page: Path, rules: Path) -> None:
    out = call("check", page, "--rules", rules, "--format", "github", "--select", "test.slot").out.decode()
    assert out == f"::warning file={page},line=5,title=test.slot::{page}:5: advertisement: SLOT 17\n"


def test_an_annotation_cannot_be_broken_by_what_is_in_the_page(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "50%,a:b.txt"
    rules = tmp_path / "own.toml"
    rules.write_text(
        "[[rule]]\nid = 'own.all'\nwhy = 'All.'\nrole = 'advertisement'\nmatch = ['^SLOT.*$']\n"
        "examples = ['SLOT 1']\nkeeps = ['No']\n"
    )
    path.write_text(PAGE.replace("SLOT 17", "SLOT 100%\x0b::error::x"), encoding="utf-8")
    out = call("check", path, "--rules", rules, "--format", "github", "--select", "own").out.decode()
    assert out.count("\n") == 1
    assert "file=" + str(tmp_path) + "/50%25%2Ca%3Ab.txt,line=5" in out
    assert "SLOT 100%25" in out


def test_nothing_in_a_page_can_colour_the_terminal(call: Call, page: Path, rules: Path) -> None:
    page.write_text(PAGE.replace("Council", "\x1b[31mCouncil"), encoding="utf-8")
    assert b"\x1b" not in call("check", page, "--rules", rules).out


def test_a_document_that_cannot_be_read_is_told_of_and_ends_with_1(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": \n')
    done = call("check", path)
    assert done.code == 1
    assert "rejected" in done.err and f"{path}:1" in done.err


def test_translation_shows_verdicts_instead(call: Call, page: Path) -> None:
    done = call("check", "--translation", page)
    assert (done.code, done.out.startswith(b"page  none")) == (0, True)

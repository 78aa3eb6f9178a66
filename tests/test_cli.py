"""The command line as people and the benchmark call it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PAGE, Done, read_lines, start, write_lines

from cleaner import clean
from cleaner.cli.main import cli
from cleaner.errors import ReadError

Call = Callable[..., Done]


def test_run_cleans_raw_into_clean_without_being_told(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "page.txt").write_text(PAGE)
    assert call("run").code == 0
    assert sorted(path.name for path in (tmp_path / "clean").iterdir()) == ["raw.articles.jsonl", "raw.edits.jsonl"]
    (record,) = read_lines(tmp_path / "clean" / "raw.articles.jsonl")
    assert (record["id"], record["source"]["path"]) == ("page", "raw/page.txt")


def test_the_call_of_the_benchmark_writes_one_pair_and_nothing_else(call: Call, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "pages.jsonl", [{"id": "a", "text": PAGE}, {"id": "b", "text": PAGE}])
    done = call("run", path, "--output", tmp_path / "out", "--to", "jsonl", "--quiet")
    assert done == Done(0, b"", "")
    assert [r["id"] for r in read_lines(tmp_path / "out" / "pages.articles.jsonl")] == ["a", "b"]
    assert {e["id"] for e in read_lines(tmp_path / "out" / "pages.edits.jsonl")} <= {"a", "b"}


def test_each_text_file_named_has_a_pair_of_its_own(call: Call, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(PAGE)
    call("run", tmp_path / "a.txt", tmp_path / "b.txt", "-o", tmp_path / "out", "-q")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["a.articles.jsonl", "a.edits.jsonl", "b.articles.jsonl", "b.edits.jsonl"]


def test_the_summary_goes_to_standard_error_with_role_and_rule(call: Call, page: Path, rules: Path) -> None:
    done = call("run", page, "-o", page.parent / "out", "--rules", rules)
    assert done.out == b""
    assert "1 document cleaned" in done.err
    assert "advertisement" in done.err and "test.slot" in done.err


def filtered(*arguments: object, data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "cleaner", *map(str, arguments)], input=data, capture_output=True)


def test_a_dash_filters_standard_input_into_standard_output(rules: Path) -> None:
    done = filtered("run", "-", "--rules", rules, data=PAGE.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"SLOT" not in done.stdout and b"the members voted for the new bridge.\n\nNobody in" in done.stdout


def test_a_dash_gives_the_record_when_asked(rules: Path) -> None:
    done = filtered("run", "-", "--to", "jsonl", "--audit", "inline", "--rules", rules, data=PAGE.encode())
    assert done.stdout.count(b"\n") == 1
    assert b'"rule":"test.slot"' in done.stdout


def test_a_dash_says_why_it_gives_nothing() -> None:
    done = filtered("run", "-", data=b"%PDF-1.7 and so on")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"a PDF" in done.stderr


@pytest.mark.parametrize(
    ("options", "slot", "vote"),
    [
        ([], False, True),
        (["--keep", "advertisement"], True, True),
        (["--drop", "paragraph"], False, False),
        (["--ignore", "test."], True, True),
        (["--select", "test.slot"], False, True),
        (["--select", "layout"], True, True),
        (["--skip", "boilerplate"], True, True),
    ],
)
def test_policy_options_decide_what_goes(
    call: Call, page: Path, rules: Path, options: list[str], slot: bool, vote: bool
) -> None:
    # a slot between two paragraphs is dropped by its rule alone, so nothing but the rule may be at work
    only = [] if "--skip" in options else ["--only", "boilerplate"]
    out = page.parent / "out"
    done = call("run", page, "-o", out, "--rules", rules, "-q", *only, *options)
    assert done.code == 0, done.err
    (record,) = read_lines(out / "page.articles.jsonl")
    if "--skip" not in options:
        assert ("SLOT 17" in record["text"]) == slot
    assert ("after four hours" in record["text"]) == vote


@pytest.mark.parametrize(
    ("options", "cure"),
    [
        (["--keep", "captoin"], "caption"),
        (["--only", "bolerplate"], "boilerplate"),
        (["--select", "tset.slot"], "test.slot"),
        (["--to", "word"], "jsonl"),
        (["--audit", "inline", "--to", "text"], "--to jsonl"),
        (["--workers", "0"], "1"),
        (["--colour"], "--"),
    ],
)
def test_a_wrong_option_ends_with_2_and_what_was_meant(
    call: Call, page: Path, rules: Path, options: list[str], cure: str
) -> None:
    done = call("run", page, "-o", page.parent / "out", "--rules", rules, *options)
    assert done.code == 2
    assert cure in done.err
    assert not (page.parent / "out").exists()


def test_audit_inline_puts_the_edits_into_the_record_and_none_leaves_them_out(
    call: Call, page: Path, rules: Path
) -> None:
    out = page.parent / "out"
    call("run", page, "-o", out, "--rules", rules, "-q", "--audit", "inline")
    (record,) = read_lines(out / "page.articles.jsonl")
    assert "test.slot" in {edit["rule"] for edit in record["edits"]}
    assert [path.name for path in out.iterdir()] == ["page.articles.jsonl"]
    call("run", page, "-o", out, "--rules", rules, "-q", "--audit", "none")
    (record,) = read_lines(out / "page.articles.jsonl")
    assert "edits" not in record


def test_the_ledger_has_the_fields_of_the_contract(call: Call, page: Path, rules: Path) -> None:
    call("run", page, "-o", page.parent, "--rules", rules, "-q")
    edits = read_lines(page.parent / "page.edits.jsonl")
    (edit,) = (edit for edit in edits if edit["rule"] == "test.slot")
    assert list(edit) == "id seq stage rule role start end before after confidence".split()
    assert PAGE[edit["start"] : edit["end"]] == edit["before"] == "SLOT 17\n\n"
    assert [edit["seq"] for edit in edits] == list(range(len(edits)))


def test_diff_shows_what_goes_and_why(call: Call, page: Path, rules: Path) -> None:
    page.write_text(PAGE.replace("debate", "de\u00adbate "))
    done = call("diff", page, "--rules", rules)
    shown = done.out.decode()
    assert done.code == 0
    assert "    5 - SLOT 17  advertisement: test.slot" in shown
    assert "A slot of the test's own." in shown
    assert "Nobody in the hall" not in shown


def test_explain_tells_all_about_a_rule(call: Call, rules: Path) -> None:
    shown = call("explain", "test.slot", "--rules", rules).out.decode()
    parts = ["A slot of the test's own.", "advert", r"^SLOT \d+$", "SLOT 12", "The SLOT 12 is free.", "own-rules"]
    assert [part for part in parts if part not in shown] == []


def test_explain_knows_the_rules_that_are_built_in(call: Call) -> None:
    done = call("explain", "layout.space")
    assert (done.code, b"built in" in done.out) == (0, True)


def test_explain_suggests_what_was_meant(call: Call, rules: Path) -> None:
    done = call("explain", "tset.slot", "--rules", rules)
    assert done.code == 2
    assert "test.slot" in done.err


def test_explain_tells_what_became_of_a_line(call: Call, page: Path, rules: Path) -> None:
    shown = call("explain", f"{page}:5", "--rules", rules).out.decode()
    assert "SLOT 17" in shown and "advertisement, dropped" in shown and "test.slot" in shown
    assert call("explain", f"{page}:99", "--rules", rules).code == 2


def test_explain_shows_by_which_row_of_the_tables_a_line_was_joined_or_parted(call: Call, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("The mayor of the\n\nOld Town said so to everybody.\n\nHarbour news\n")
    assert "joined with the next line: function word" in call("explain", f"{page}:1").out.decode()
    shown = call("explain", f"{page}:3").out.decode()
    assert "joined with the line before: function word" in shown
    assert "parted from the next line: new line behind a full stop" in shown


def test_explain_reaches_into_json_lines(call: Call, tmp_path: Path, rules: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [{"text": "One."}, {"text": PAGE}])
    assert "test.slot" in call("explain", f"{path}:2:5", "--rules", rules).out.decode()


LAYOUTS = [PAGE, PAGE.replace("\n", "\r\n"), "\n\n" + PAGE + " \n\n\n", PAGE.replace("\n\n", " ") * 9]


@pytest.mark.parametrize("text", LAYOUTS)
def test_restore_gives_back_the_text_to_the_character(call: Call, page: Path, rules: Path, text: str) -> None:
    page.write_bytes(text.encode())
    call("run", page, "-o", page.parent / "out", "--rules", rules, "-q")
    assert call("restore", page.parent / "out" / "page.articles.jsonl").out == text.encode()


def test_restore_writes_a_file_a_document(call: Call, tmp_path: Path, rules: Path) -> None:
    texts = {"a/1": PAGE, "b": "One.\n\n\nTwo.", "c": ""}
    path = write_lines(tmp_path / "pages.jsonl", [{"id": id, "text": text} for id, text in texts.items()])
    call("run", path, "-o", tmp_path, "--rules", rules, "-q")
    articles = tmp_path / "pages.articles.jsonl"
    assert call("restore", articles).code == 2
    assert call("restore", articles, "-o", tmp_path / "back").code == 0
    assert {id: (tmp_path / "back" / f"{id}.txt").read_text() for id in texts} == texts


def test_restore_says_when_the_ledger_is_missing_or_another_runs(call: Call, page: Path, rules: Path) -> None:
    out = page.parent
    call("run", page, "-o", out, "--rules", rules, "-q")
    ledger = out / "page.edits.jsonl"
    whole = ledger.read_text()
    ledger.write_text(whole.replace("SLOT 17", "SLOT 1"))
    done = call("restore", out / "page.articles.jsonl")
    assert (done.code, done.out) == (2, b"")
    assert "does not fit" in done.err and "--edits" in done.err
    ledger.write_text("")
    assert call("restore", out / "page.articles.jsonl").code == 2
    ledger.unlink()
    done = call("restore", out / "page.articles.jsonl")
    assert done.code == 2
    assert str(ledger) in done.err and "--audit file" in done.err


def test_every_command_and_option_has_a_help_text_and_every_command_an_example(call: Call) -> None:
    for name, command in cli.commands.items():
        assert f"    cleaner {name}" in (command.help or ""), name
        for option in command.params:
            if option.param_type_name == "option":
                assert getattr(option, "help", None), f"{name} {option.name}"
        assert call(name, "--help").code == 0


def test_version_and_help_do_not_load_the_engine() -> None:
    script = "import sys; from cleaner.cli.main import invoke; invoke(['--version']); print(sorted(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown.startswith("cleaner, version ")
    assert not any(f"'{slow}'" in shown for slow in ("numpy", "re2", "ftfy", "rich", "langdetect", "chardet"))


def test_a_reader_that_stops_early_shows_no_traceback(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [{"id": i, "text": PAGE} for i in range(50)])
    process = start("diff", path)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait()


def test_the_library_gives_the_article_with_its_edits(rules: Path) -> None:
    article = clean(PAGE, title="Another title", url="https://example.org/", rules=[str(rules)])
    assert article.title == "Another title"
    assert article.url == "https://example.org/"
    assert "SLOT" not in article.text and "SLOT" in clean(PAGE, rules=[str(rules)], keep=["advertisement"]).text
    assert article.edits and "test.slot" in {edit.rule for edit in article.edits}


@pytest.mark.parametrize("given", [{"text": "word " * 254_400}, {"html": "<p>" + "x" * (5 << 20)}])
def test_the_library_refuses_what_is_too_long_for_an_article(given: dict[str, str]) -> None:
    with pytest.raises(ReadError, match="which no article has"):
        clean(**given)


def test_a_rule_past_its_day_is_warned_of_and_still_used(call: Call, tmp_path: Path) -> None:
    rules, page = tmp_path / "own.toml", tmp_path / "page.txt"
    rules.write_text(
        """[[rule]]
id = "own.slot"
why = "A slot."
role = "advertisement"
match = ['^Slot [0-9]$']
examples = ["Slot 4"]
keeps = ["Slot 4 is free."]
until = 2020-01-01
""",
        encoding="utf-8",
    )
    page.write_text("Slot 4\n", encoding="utf-8")
    done = call("run", page, "-o", tmp_path / "out", "--rules", rules, "--quiet")
    assert done.code == 0
    assert "own.slot" in done.err and "2020-01-01" in done.err

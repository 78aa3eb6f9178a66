"""Hostile ids, file names, records and rule files end in output where it belongs, or in an error with its place.

What the fuzz targets in fuzz/ found stands here as cases.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import read_lines

from cleaner.document import Document
from cleaner.errors import ReadError, RuleError
from cleaner.io.file_names import derive_file_path
from cleaner.pipeline import Pipeline
from cleaner.pipeline.settings import Settings
from cleaner.readers.own_records import restore_sources
from cleaner.rules import load
from cleaner.run.batch import clean_inputs
from cleaner.stages.boilerplate import boilerplate
from cleaner.writers import WRITERS

TEXT = "By Ann Lee\n\nThe ferry Gull leaves Port Ellery on Monday, as the council has decided after a long debate.\n"

# ---------------------------------------------------------------- ids and file names

IDS = (
    "../x",
    "../../etc/passwd",
    "/etc/passwd",
    "a/../b",
    "a/./b",
    "//",
    "~/x",
    "-rf",
    "$(touch x)",
    "C:\\x",
    "\\\\srv\\share\\x",
    "a/" * 2000 + "b",
    "x" * 4096,
    "é" * 4096,
    "\U0001f600" * 1000,
    "x" * 255,
    "a\nb",
    "\0",
    "\1\x1b[31m",
    "\x7f",
    "\u202etxt.exe",
    "\ud800",
    "\udfff\udfff",
    "CON",
    "con.txt",
    "nul",
    "Aux.",
    "COM1",
    "lpt9.md",
    "com¹",
    "conin$",
    " ",
    ".",
    " /..",
    "%",
    "..%2f",
    "*?",
    "a:b",
    "a",
    "a",
    "a#2",
    "a.txt/b",
    "a.md/b",
    "a.txt.part/b",
    "a.MD.PART/b",
    "in.edits.jsonl",
    "in.edits.jsonl/b",
    "in.rejected.jsonl.part/b",
    "in",
    "in.txt",
)


@pytest.mark.parametrize("to", WRITERS)
def test_hostile_ids_are_all_written_and_none_outside_the_output(tmp_path: Path, to: str) -> None:
    lines = [json.dumps({"id": id, "text": TEXT}) + "\n" for id in IDS]
    (tmp_path / "in.jsonl").write_text("".join(lines))
    output = tmp_path / "some" / "where" / "out"
    report = clean_inputs([str(tmp_path / "in.jsonl")], output, Settings(to=to))
    assert (report.documents, report.rejected) == (len(IDS), 0)
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and not path.is_relative_to(output)]
    assert outside == [tmp_path / "in.jsonl"]
    if not WRITERS[to].many:
        assert sum(path.suffix == WRITERS[to].ending for path in output.rglob("*") if path.is_file()) == len(IDS)


@pytest.mark.parametrize("id", ["CON", "con.txt", "nul", "Aux.", "a/COM1.x/b", "com¹", "conin$.md", "prn .x", "LPT9"])
def test_no_file_is_named_like_a_device(id: str) -> None:
    stems = [part.partition(".")[0].strip().casefold() for part in derive_file_path(id).split("/")]
    assert not {"con", "nul", "aux", "com1", "com¹", "conin$", "prn", "lpt9"}.intersection(stems)


def test_no_document_needs_a_folder_where_another_has_its_file() -> None:
    names = [derive_file_path(id) for id in ("a", "a.txt/b", "a.txt.part/b", "A.TXT/b", "a.jsonl/c")]
    assert not any(name.casefold().startswith(("a.txt/", "a.txt.part/", "a.jsonl/")) for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("id", ["a/" * 2000 + "b", "x" * 4096, "é/" * 500, "/" * 4096, "\ud800/" * 4000])
def test_no_path_is_longer_than_a_system_takes(id: str) -> None:
    assert len(derive_file_path(id).encode()) <= 1000
    assert derive_file_path(id) != derive_file_path(f"{id}/c")


NAMES = (
    b"a\nb.txt",
    b"\xff\xfe.txt",
    b"con.txt",
    b"a.txt.txt",
    b" .txt",
    b"-.txt",
    b"\x1b[31m.txt",
    b"x" * 240 + b".txt",
    b"%2e%2e.txt",
    b"$(x).txt",
    b"a.txt.gz.txt",
    "é".encode() * 120 + b".txt",
)


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes are Linux's")
@pytest.mark.parametrize("to", WRITERS)
def test_files_of_any_name_are_read_and_written_below_the_output(tmp_path: Path, to: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in NAMES:
        Path(os.fsdecode(bytes(folder) + b"/" + name)).write_text(TEXT)
    report = clean_inputs([str(folder)], tmp_path / "out", Settings(to=to))
    assert (report.documents, report.rejected) == (len(NAMES), 0)
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}


# ---------------------------------------------------------------- records

RECORD = {
    "id": "a",
    "text": "x",
    "hashes": {"text": "", "simhash": ""},
    "tool": {"version": "", "rules_sha256": ""},
    "edits": [],
}


def passages(*spans: tuple[str, int, int]) -> bytes:
    blocks = [{"role": "paragraph", "text": text, "start": start, "end": end} for text, start, end in spans]
    return json.dumps({**RECORD, "blocks": blocks}).encode()


FORGED = {
    "a passage that asks for all memory": passages(("x", 0, 10**12)),
    "many passages that ask for it together": passages(*(("x", i, i + (1 << 20)) for i in range(1000))),
    "a passage that ends beyond any number": passages(("x", 0, 10**30)),
    "a passage that ends before it starts": passages(("x", 9, -(10**9))),
    "brackets in brackets": b'{"id":' + b"[" * 100_000,
    "a number of too many digits": b'{"id":' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_record_is_refused_or_holds_no_more_than_its_text(tmp_path: Path, what: str) -> None:
    path = tmp_path / "a.articles.jsonl"
    path.write_bytes(FORGED[what] + b"\n")
    try:
        assert [source for _, source in restore_sources(path)] == ["x"]
    except ReadError as error:
        assert str(path) in str(error)


@pytest.mark.parametrize(
    ("ending", "data"), [("gz", b"\x1f\x8b\x08\0"), ("gz", b"x"), ("zst", b"x"), ("zst", b"\x28\xb5\x2f\xfd")]
)
def test_damaged_records_are_refused_with_the_name_of_their_file(tmp_path: Path, ending: str, data: bytes) -> None:
    path = tmp_path / f"a.articles.jsonl.{ending}"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=f"a.articles.jsonl.{ending}: .*damaged|too early"):
        list(restore_sources(path))


# ---------------------------------------------------------------- single rules


def rule(**keys: object) -> str:
    """A rule as TOML."""
    given = {"id": "t.a", "why": "w", "role": "other", "match": ["^x$"], "examples": ["x"], "keeps": ["Slot"], **keys}
    return "[[rule]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in given.items())


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def written(content: str) -> Path:
        path = tmp_path / "pack.toml"
        path.write_text(f"extends = []\n{content}")
        return path

    return written


ODD = (
    ("^x{2,00}$", "x{2,00}"),
    ("^x{01}$", "x{01}"),
    ("^(?)x$", "x"),
    ("^a(?)b{1,9}$", "abb"),
    (r"^[^.]{2,60} \364$", "ab cd ô"),
    ("^.{5,300}}2{$", "abcdef}2{"),
    ("^.{5,300}{2,x}$", "abcdef{2,x}"),
    (r"^.{5,300}\07$", "abcdef\7"),
    ("^.{5,300}x{٣}$", "abcdefx{٣}"),
    ("^.*}1,2{x$", "ab}1,2{x"),
)
"""Patterns that RE2 reads in another way than it seems, with a line that each matches."""


@pytest.mark.parametrize(("pattern", "line"), ODD)
def test_an_odd_pattern_matches_what_re2_matches(pattern: str, line: str, write: Callable[[str], Path]) -> None:
    rules = load([write(rule(match=[pattern], examples=[line]))])
    assert [hit.rule.id for hit in rules.find_hits([line], "", "en")] == ["t.a"]
    for other in (line + line, line[:-1], line[1:], f"{line}y", line[::-1]):
        matches = rules.pattern(pattern).fullmatch(other) is not None
        assert bool(list(rules.find_hits([other], "", "en"))) == matches, other


def replaced(path: Path, line: str) -> str:
    document = Document.read(f"The council voted on Monday, as it had said it would, for a new ferry.\n\n{line}", "d")
    return Pipeline([lambda one: boilerplate(one, load([path]))])(document).text.rpartition("\n\n")[2]


@pytest.mark.parametrize(
    ("replace", "then"),
    [("Präsident’ \\1", "Präsident’ a"), ("\\g<two>-\\1", "b-a"), ("\\\\1", "\\1"), ("中\\3", "中"), ("\\0!", "a b!")],
)
def test_a_replacement_says_what_is_written(replace: str, then: str, write: Callable[[str], Path]) -> None:
    keys = {"match": ["^(a) (?P<two>b)( c)?$"], "examples": ["a b"], "role": "paragraph", "replace": replace}
    assert replaced(write(rule(**keys)), "a b") == then


@pytest.mark.parametrize("replace", ["\\9", "\\g<who>", "\\q", "\\", "\\u00e9", "\\g<a"])
def test_a_replacement_of_what_no_group_holds_is_refused(replace: str, write: Callable[[str], Path]) -> None:
    with pytest.raises(RuleError, match=r"pack.toml:2: rule 't.a': replace: "):
        load([write(rule(replace=replace))])


def test_a_replacement_next_to_a_lone_surrogate_breaks_no_stage(write: Callable[[str], Path]) -> None:
    path = write(rule(match=["^Slot (.)$"], examples=["Slot 4"], keeps=["x"], replace="\\1", role="paragraph"))
    assert replaced(path, "Slot \ud800") == "?"


# ---------------------------------------------------------------- hostile rule files


def rules(count: int, *keys: str) -> str:
    """Many rules, each with its own id and pattern, and its number in a list under these keys."""
    return "".join(
        rule(id=f"t.{i}", match=[f"^x{i}$"], examples=[f"x{i}"], **{k: [str(i)] for k in keys}) for i in range(count)
    )


HOSTILE: dict[str, Callable[[], str]] = {
    "a pattern of 100 MB": lambda: rule(match=["^" + "a" * (100 << 20) + "$"]),
    "a pattern of 3 MB": lambda: rule(match=["^" + "a" * (3 << 20) + "$"]),
    "a pattern of 100,000 words": lambda: rule(
        match=["^(?:" + "|".join(f"w{i}" for i in range(100_000)) + ")$"], examples=["w5"]
    ),
    "100,000 rules": lambda: "".join(f'[[rule]]\nid = "t.{i}"\n' for i in range(100_000)),
    "300,000 empty rules": lambda: "[[rule]]\n" * 300_000,
    "15,000 rules of a language each": lambda: rules(15_000, "languages"),
    "counts of counts": lambda: rule(match=["^x{1,1000}{1,1000}$"]),
    "counts of counts in brackets": lambda: rule(match=["^(?:(?:x{1,30}){1,30}){1,30}$"]),
    "counts of wide classes": lambda: rule(match=[r"^(?:\p{L}{1,30}x){1,30}$"]),
    "brackets in brackets": lambda: rule(match=["^" + "(" * 100_000 + "x" + ")" * 100_000 + "$"]),
    "stars upon stars": lambda: rule(match=["^" + "(?:" * 300 + "x" + ")*" * 300 + "$"]),
    "patterns that remember much": lambda: "".join(
        rule(id=f"t.{i}", match=[f"^(?:.*a.{{14}}|.*b.{{13}}){i}$"], examples=["a" + "x" * 14 + str(i)])
        for i in range(40)
    ),
    "5,000 groups": lambda: rule(match=["^" + "".join(f"(?P<g{i}>x?)" for i in range(5000)) + "$"]),
    "100,000 lines in a row": lambda: rule(match=["^x$"] * 100_000),
    "500,000 examples": lambda: rule(examples=["x"] * 500_000),
    "500,000 roles": lambda: rule(role=["other"] * 500_000),
    "50,000 unknown keys": lambda: rule() + "".join(f"matc{i} = 1\n" for i in range(50_000)),
    "100,000 facts": lambda: rule() + "facts = {" + ",".join(f'"{i}" = "tags"' for i in range(100_000)) + "}\n",
    "arrays in arrays": lambda: "x = " + "[" * 100_000,
    "tables in tables": lambda: "x = " + "{a=" * 100_000,
    "a key of 500,000 parts": lambda: "a." * 500_000 + "b = 1",
    "headers of ever more parts": lambda: "\n".join("[" + ".".join("a" * i) + "]" for i in range(1, 1500)),
    "a number of 3 million digits": lambda: "x = " + "9" * 3_000_000,
    "200,000 agencies": lambda: "[agencies]\n" + "".join(f"k{i} = []\n" for i in range(200_000)),
    "agencies of long names": lambda: "[agencies]\n" + "".join(f'"{"x" * 50} {i}" = []\n' for i in range(50_000)),
    "a name in extends longer than a path": lambda: 'disable = []\n#EXTENDS ["' + "x" * 1_000_000 + '"]',
    "a name in extends with NUL": lambda: '#EXTENDS ["\\u0000"]',
    "a name in extends with a line end": lambda: '#EXTENDS ["a\\nb"]',
    "a pack that extends a file that is none": lambda: '#EXTENDS ["../../../../../../etc/passwd"]',
    "a pack that extends a device": lambda: '#EXTENDS ["/dev/zero"]',
    "a pack that extends its folder": lambda: '#EXTENDS ["."]',
}

LOADING = """
import resource, sys
from cleaner.errors import RuleError
from cleaner.rules import load
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
try:
    rules = load([sys.argv[1]], extends=())
    lines = ["x", "By Ann Lee", "a" * 3000, "ab" * 1500, " aa b" * 500]
    for language in ("", "de"):
        list(rules.find_hits(lines, "", language))
    rules.find_credit_end("Ann Lee/k5 The ferry")
    print("loaded", len(rules.rules))
except RuleError as error:
    print("refused", sys.argv[1] in str(error) or "passwd" in str(error))
"""
"""Load a rule file and ask its rules, with a minute of processor time and three gigabytes of address space."""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_rule_file_is_loaded_or_refused_within_bounds(what: str, tmp_path: Path) -> None:
    path = tmp_path / "pack.toml"
    path.write_text(HOSTILE[what]().replace("#EXTENDS", "extends ="))
    done = subprocess.run([sys.executable, "-c", LOADING, str(path)], capture_output=True, text=True)
    assert done.stdout.split()[:1] in (["loaded"], ["refused"]), (done.returncode, done.stderr[-500:])
    assert done.stdout.split()[0] == "loaded" or done.stdout.split()[1] == "True"


def test_folders_and_links_that_lead_to_themselves_are_loaded_once_or_refused(tmp_path: Path) -> None:
    good = tmp_path / "good"
    good.mkdir()
    (good / "own.toml").write_text(f"extends = []\n{rule()}")
    (good / "sites").symlink_to(".", target_is_directory=True)
    (good / "again.toml").symlink_to("own.toml")
    assert [one.id for one in load([good], extends=()).rules] == ["t.a"]
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "loop.toml").symlink_to("loop.toml")
    with pytest.raises(RuleError, match=r"loop.toml: .*cannot be read|no rule file|no such rule file"):
        load([bad], extends=())


@pytest.mark.parametrize(
    "name", ["a\nb.toml", "\x1b[31m.toml", "a b.toml", "-.toml", "x" * 5000 + ".toml", "\udcff.toml", "x" * 5000]
)
def test_a_rule_file_of_any_name_is_loaded_or_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if len(name) < 250:
        path.write_text(f"extends = []\n{rule()}")
        assert [one.id for one in load([path]).rules] == ["t.a"]
    else:
        with pytest.raises(RuleError, match=r"cannot be read|no such rule file"):
            load([path])


# ---------------------------------------------------------------- documents


def test_a_line_nested_deeper_than_any_parser_goes_is_rejected_and_its_neighbours_go_on(tmp_path: Path) -> None:
    deep = '{"text":"a","x":' + "[" * 100_000 + "]" * 100_000 + "}\n"
    (tmp_path / "in.jsonl").write_text(deep + json.dumps({"text": TEXT}) + "\n")
    report = clean_inputs([str(tmp_path / "in.jsonl")], tmp_path / "out", Settings())
    assert (report.documents, report.rejected) == (1, 1)
    assert "nested too deeply" in read_lines(tmp_path / "out" / "in.rejected.jsonl")[0]["reason"]


@pytest.mark.parametrize("target", ["restore", "rules", "readers", "pipeline"])
def test_the_seeds_of_a_fuzz_target_keep_its_laws(target: str) -> None:
    code = f"import {target}\nfor seed in {target}.seeds(): {target}.attacked(seed)"
    folder = Path(__file__).parent / "fuzz"
    paths = os.pathsep.join([str(folder), str(folder.parents[1])])
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": paths})

"""What scraped data, disks and people do: nothing is lost, nothing is half-written, nothing shows a traceback."""

import base64
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PAGE, Done, read_lines, start, write_lines

from cleaner.io.files import MAX_DOCUMENT_BYTES, MAX_TEXT_CHARS

Call = Callable[..., Done]


def one(folder: Path, name: str = "page") -> dict[str, object]:
    (record,) = read_lines(folder / f"{name}.articles.jsonl")
    return record


@pytest.mark.parametrize("text", ["", " \n\t\r\n \u00a0", "SLOT 1\nSLOT 2\n"])
def test_a_text_without_an_article_becomes_an_empty_record_with_the_flag(
    call: Call, page: Path, rules: Path, tmp_path: Path, text: str
) -> None:
    page.write_text(text, encoding="utf-8")
    assert call("run", page, "-o", tmp_path / "out", "--rules", rules).code == 0
    record = one(tmp_path / "out")
    assert (record["text"], record["flags"]) == ("", ["empty"])
    assert call("restore", tmp_path / "out" / "page.articles.jsonl").out.decode() == text


def test_an_empty_json_lines_file_is_no_error(call: Call, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("")
    assert call("run", tmp_path / "none.jsonl", "-o", tmp_path / "out").code == 0
    assert (tmp_path / "out" / "none.articles.jsonl").read_bytes() == b""


def test_bad_lines_are_rejected_with_place_and_cure_and_the_rest_goes_on(call: Call, tmp_path: Path) -> None:
    bad = ['{"id": 1, "text": "cut', '["no object"]', '{"id": 2}', '{"text": 5}', '{"text": null}', "[" * 9999, "null"]
    path = tmp_path / "mixed.jsonl"
    path.write_text("\n".join(['{"id": "first", "text": "One."}', *bad, '{"id": "last", "text": "Two."}']) + "\n")
    done = call("run", path, "-o", tmp_path / "out")
    assert done.code == 1
    assert [r["id"] for r in read_lines(tmp_path / "out" / "mixed.articles.jsonl")] == ["first", "last"]
    rejected = read_lines(tmp_path / "out" / "mixed.rejected.jsonl")
    assert [r["input"] for r in rejected] == bad
    assert [r["source"]["line"] for r in rejected] == list(range(2, 9))
    assert all(r["reason"].startswith(f"{path}:{i}: ") and r["stage"] == "read" for i, r in enumerate(rejected, 2))
    assert f"{path}:2: not valid JSON" in done.err


def test_binary_data_is_rejected_and_kept_byte_for_byte(call: Call, tmp_path: Path) -> None:
    (tmp_path / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (tmp_path / "good.txt").write_text(PAGE)
    assert call("run", tmp_path, "-o", tmp_path / "out").code == 1
    (rejected,) = read_lines(tmp_path / "out" / f"{tmp_path.name}.rejected.jsonl")
    assert rejected["id"] == "image"
    assert base64.b64decode(rejected["input_base64"]) == b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    assert one(tmp_path / "out", tmp_path.name)["id"] == "good"


STRANGE = "A lone \ud800 surrogate, and \udfff one more.\n\nA NUL \0 inside, and \x01 \x1b \x85 \u2028 others.\n"


@pytest.mark.parametrize("audit", ["file", "inline"])
def test_surrogates_and_nuls_survive_from_json_to_json_and_back(call: Call, tmp_path: Path, audit: str) -> None:
    path = write_lines(tmp_path / "odd.jsonl", [{"id": "\ud83d", "text": STRANGE, "x": "\udead"}])
    assert call("run", path, "-o", tmp_path, "--audit", audit).code == 0
    for made in tmp_path.glob("*.jsonl"):
        made.read_bytes().decode("utf-8")
    record = one(tmp_path, "odd")
    assert (record["id"], record["extra"]) == ("\ud83d", {"x": "\udead"})
    done = call("restore", tmp_path / "odd.articles.jsonl")
    assert done.out.decode("utf-8", "surrogatepass") == STRANGE


def test_a_text_file_with_nuls_is_restored(call: Call, page: Path, tmp_path: Path) -> None:
    page.write_bytes(b"One \0 NUL in a text that is otherwise quite usual.\r\n\r\n\r\nTwo.\r")
    assert call("run", page, "-o", tmp_path).code == 0
    assert call("restore", tmp_path / "page.articles.jsonl").out == page.read_bytes()


def test_right_to_left_text_keeps_its_order_and_comes_back(call: Call, page: Path, tmp_path: Path) -> None:
    text = "وافق المجلس البلدي أمس على الميزانية الجديدة بعد نقاش طويل.\n\nואחר כך אישרה גם העירייה את התקציב החדש.\n"
    page.write_text(text, encoding="utf-8")
    assert call("run", page, "-o", tmp_path).code == 0
    assert call("restore", tmp_path / "page.articles.jsonl").out.decode() == text
    assert "ואחר כך אישרה גם העירייה את התקציב החדש." in str(one(tmp_path)["text"])


def test_a_wrong_encoding_is_named_in_the_record(call: Call, page: Path, tmp_path: Path) -> None:
    text = "Der Stadtrat hat gestern über die Brücke abgestimmt, sagte die Bürgermeisterin.\n"
    page.write_bytes(text.encode("cp1252"))
    assert call("run", page, "-o", tmp_path).code == 0
    assert one(tmp_path)["source"]["encoding"] == "windows-1252"  # type: ignore[index]
    assert call("restore", tmp_path / "page.articles.jsonl").out.decode() == text


def test_a_document_over_the_limit_is_rejected_untouched_and_its_neighbours_go_on(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    huge = json.dumps({"id": "huge", "text": "x" * 10_000_000})
    path.write_text(f'{{"id": "a", "text": "One."}}\n{huge}\n{{"id": "b", "text": "Two."}}\n{huge}')
    assert call("run", path, "-o", tmp_path / "out").code == 1
    assert [r["id"] for r in read_lines(tmp_path / "out" / "big.articles.jsonl")] == ["a", "b"]
    rejected = read_lines(tmp_path / "out" / "big.rejected.jsonl")
    assert [r["source"]["line"] for r in rejected] == [2, 4]
    assert all(base64.b64decode(r["input_base64"]).decode() == huge for r in rejected)


def test_a_text_longer_than_any_article_is_rejected(call: Call, page: Path, tmp_path: Path) -> None:
    page.write_text("word " * (MAX_TEXT_CHARS // 5 + 1))
    assert page.stat().st_size < MAX_DOCUMENT_BYTES
    assert call("run", page, "-o", tmp_path).code == 1
    assert read_lines(tmp_path / "page.rejected.jsonl")[0]["input"] == page.read_text()


@pytest.mark.parametrize("kind", ["one file", "one line"])
def test_two_hundred_megabytes_need_little_memory(tmp_path: Path, kind: str) -> None:
    path = tmp_path / ("huge.txt" if kind == "one file" else "huge.jsonl")
    with path.open("wb") as out:
        for _ in range(200):
            out.write(b"A line of a text that never ends. " * 30000 + (b"\n" if kind == "one file" else b" "))
    script = (
        "import sys; from cleaner.cli.main import invoke; code = invoke(sys.argv[1:]);"
        "print(code, open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "run", path, "-o", tmp_path / "out", "-q"], capture_output=True, check=True
    )
    code, peak = map(int, done.stdout.split())
    assert code == 1
    assert peak < 150 * 1024


def test_an_output_that_cannot_be_written_is_named_with_the_cure(call: Call, page: Path) -> None:
    for output in (page, page / "below", "/proc/nowhere"):
        done = call("run", page, "-o", output)
        assert done.code == 2
        assert str(output) in done.err and "--output" in done.err and "Traceback" not in done.err


def test_a_full_disk_leaves_no_file_and_says_so(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [{"id": i, "text": PAGE * 20} for i in range(200)])

    def small_files_only() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    process = start("run", path, "-o", tmp_path / "out", "-q", preexec_fn=small_files_only)
    _, err = process.communicate()
    assert process.returncode == 2
    assert b"free some space" in err and b"Traceback" not in err
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".cleaner"]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_leaves_nothing_under_a_final_name(tmp_path: Path, workers: int) -> None:
    pipe = tmp_path / "endless.jsonl"
    os.mkfifo(pipe)

    def heed_interrupts() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    options = {"start_new_session": True, "preexec_fn": heed_interrupts}
    process = start("run", pipe, "-o", tmp_path / "out", "--workers", workers, "--only", "titles", **options)
    with pipe.open("wb", buffering=0) as feed:
        # six shards, enough for two workers to have given back the first
        feed.write(b"".join(json.dumps({"id": i, "text": PAGE * 20}).encode() + b"\n" for i in range(1000)))
        while not list((tmp_path / "out").rglob("*.shard")):
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in err and b"--resume" in err
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".cleaner"]


def test_no_input_is_a_wrong_call(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "page.docx").write_bytes(b"PK\x03\x04")
    for arguments in ([], ["nowhere.txt"], ["empty"], ["page.docx"]):
        done = call("run", *arguments)
        assert done.code == 2
        assert done.err.startswith("Error: ") and "Traceback" not in done.err


BAD_RULES = {
    "regex": ("match = ['^(a$']", "pattern"),
    "lookaround": ("match = ['^(?=a)a$']", "RE2"),
    "unknown key": ("match = ['^a$']\ncolour = 'red'", "colour"),
    "no examples": ("match = ['^a$']\nexamples = []", "example"),
    "not anchored": ("match = ['a']", "^...$"),
}


@pytest.mark.parametrize("kind", BAD_RULES)
def test_a_bad_rule_file_ends_with_the_file_the_rule_and_the_cure(call: Call, page: Path, kind: str) -> None:
    body, word = BAD_RULES[kind]
    examples = "" if "examples" in body else "examples = ['a']\n"
    path = page.with_name("bad.toml")
    path.write_text(f"[[rule]]\nid = 'my.rule'\nwhy = 'x'\nrole = 'other'\n{examples}keeps = ['b']\n{body}\n")
    done = call("run", page, "-o", page.parent / "out", "--rules", path)
    assert done.code == 2
    assert str(path) in done.err and "my.rule" in done.err and word in done.err


def test_a_catastrophic_regex_does_not_hang_a_run(call: Call, page: Path, tmp_path: Path) -> None:
    path = page.with_name("slow.toml")
    path.write_text(
        "[[rule]]\nid = 'my.slow'\nwhy = 'x'\nrole = 'other'\nmatch = ['^(a+)+$']\nexamples = ['aa']\nkeeps = ['ab']\n"
    )
    page.write_text("a" * 5000 + "!\n" + "aaa\n")
    assert call("run", page, "-o", tmp_path, "--rules", path).code == 0
    assert "aaa\n" not in str(one(tmp_path)["text"])

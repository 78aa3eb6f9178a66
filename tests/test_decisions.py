"""Decisions of a review become rules; one claim a test."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from cleaner import clean
from cleaner.errors import ReadError, RuleError
from cleaner.record import Article
from cleaner.rules import load
from cleaner.workbench.decisions import Applied, apply_decisions

TEXT = """Council votes on the new bridge

Jane Miller

12 May 2021, 14:05

The council met on Tuesday evening, and after four hours of debate the members voted for the new bridge over the river.

Advertisement

Nobody in the hall had expected that the vote would be so clear, said the mayor after the meeting with the press.

Council votes on the new bridge

Photo: Jane Doe/Reuters

The old bridge will be taken down in autumn, because its repair would cost more than a new one, the engineers say.

Share this article

More from the harbour
"""

URL = "https://www.example.org/a"


def decision(article: Article, line: str, verdict: str = "reject", **changed: object) -> dict[str, Any]:
    """What a reviewer says of a line, as the report writes it down."""
    start = TEXT.index(f"\n{line}\n") + 1 if f"\n{line}\n" in TEXT else TEXT.index(line)
    edit = next((edit for edit in article.edits or () if edit.start == start and not edit.after), None)
    return {
        "verdict": verdict,
        "document": article.id,
        "text_sha256": article.hashes.text,
        "start": start,
        "end": edit.end if edit else start + len(line),
        "text": line,
        "rule": edit.rule if edit else "",
        "role": edit.role if edit else "other",
        "language": "en",
        "url": article.url or "",
        **changed,
    }


def save(folder: Path, *decisions: dict[str, Any], version: int = 1) -> Path:
    path = folder / "decisions.toml"
    path.write_text(tomlkit.dumps({"schema_version": version, "decision": list(decisions)}), encoding="utf-8")
    return path


def applied(folder: Path, *decisions: dict[str, Any]) -> Applied:
    return apply_decisions(save(folder, *decisions), folder / "own.toml")


def again(folder: Path, text: str = TEXT, url: str | None = None) -> Article:
    return clean(text, url=url, id="d", rules=[str(folder / "own.toml")])


def dropped(article: Article) -> list[str]:
    return [edit.before.strip() for edit in article.edits or () if not edit.after]


OBEYED = ["Advertisement", "Photo: Jane Doe/Reuters", "Share this article", "More from the harbour"]


@pytest.mark.parametrize("url", [None, URL])
@pytest.mark.parametrize("line", OBEYED)
def test_a_rejected_line_is_back(tmp_path: Path, line: str, url: str | None) -> None:
    article = clean(TEXT, url=url, id="d")
    assert line in dropped(article)
    assert not applied(tmp_path, decision(article, line)).refused
    assert line not in dropped(again(tmp_path, url=url))


@pytest.mark.parametrize("line", ["Council votes on the new bridge", "Jane Miller", "12 May 2021, 14:05"])
def test_a_rejected_line_that_titles_or_metadata_dropped_is_back(tmp_path: Path, line: str) -> None:
    article = clean(TEXT, id="d")
    applied(tmp_path, decision(article, line))
    assert line in dropped(article)
    assert line not in dropped(again(tmp_path))


def test_a_line_of_a_page_that_extraction_dropped_is_back(tmp_path: Path) -> None:
    body = "".join(f"<p>{line}</p>" for line in TEXT.split("\n\n")[3:8] if len(line) > 90)
    html = f"<html><body><article><h1>Bridge</h1>{body}</article><aside><p>Tide tables of May</p></aside></body></html>"
    article = clean(html=html, url=URL, id="d")
    edit = next(edit for edit in article.edits or () if "Tide tables" in edit.before)
    assert edit.stage == "extraction"
    place = {"start": edit.start, "end": edit.end, "text": "Tide tables of May"}
    applied(tmp_path, {**decision(article, "Advertisement"), **place})
    assert "Tide tables of May" in clean(html=html, url=URL, id="d", rules=[str(tmp_path / "own.toml")]).text


def test_a_rejected_line_of_a_site_stays_only_there(tmp_path: Path) -> None:
    applied(tmp_path, decision(clean(TEXT, url=URL, id="d"), "Advertisement"))
    assert "Advertisement" in dropped(again(tmp_path, url="https://other.org/a"))


def test_a_rejected_line_keeps_no_other_line(tmp_path: Path) -> None:
    applied(tmp_path, decision(clean(TEXT, id="d"), "Photo: Jane Doe/Reuters"))
    other = TEXT.replace("Photo: Jane Doe/Reuters", "Photo: Max Roe/Reuters")
    assert "Photo: Max Roe/Reuters" in dropped(again(tmp_path, other))


def test_marked_lines_that_are_alike_become_one_rule(tmp_path: Path) -> None:
    article = clean(TEXT, url=URL, id="d")
    lines = [decision(article, "Advertisement", "rule", role="promotion", text=f"Win {n} tickets") for n in (3, 12)]
    done = applied(tmp_path, *lines)
    assert done.written == ("example.org.promotion.win-tickets",)
    assert "Win 7 tickets" in dropped(again(tmp_path, TEXT.replace("Advertisement", "Win 7 tickets"), URL))


def test_marked_lines_of_two_roles_become_two_rules(tmp_path: Path) -> None:
    article = clean(TEXT, id="d")
    line = decision(article, "Advertisement", "rule", text="Win 3 tickets")
    assert len(applied(tmp_path, {**line, "role": "promotion"}, {**line, "role": "share"}).written) == 2


def test_a_marked_sentence_of_prose_is_refused_and_the_rest_applied(tmp_path: Path) -> None:
    article = clean(TEXT, id="d")
    prose = "The old bridge will be taken down in autumn, because its repair would cost more than a new one."
    done = applied(tmp_path, decision(article, "Advertisement", "rule", text=prose), decision(article, "Advertisement"))
    assert len(done.written) == len(done.refused) == 1


def test_a_role_that_is_article_cannot_be_dropped(tmp_path: Path) -> None:
    (why,) = applied(tmp_path, decision(clean(TEXT, id="d"), "Advertisement", "rule", role="paragraph")).refused
    assert "cannot be dropped; choose one of" in why


def test_accepted_lines_are_only_counted(tmp_path: Path) -> None:
    assert applied(tmp_path, decision(clean(TEXT, id="d"), "Advertisement", "accept")) == Applied((), (), 1, 0)
    assert not (tmp_path / "own.toml").exists()


def test_decisions_applied_twice_write_nothing_more(tmp_path: Path) -> None:
    rejected = decision(clean(TEXT, id="d"), "Advertisement")
    applied(tmp_path, rejected)
    old = (tmp_path / "own.toml").read_bytes()
    assert applied(tmp_path, rejected) == Applied((), (), 0, 1)
    assert (tmp_path / "own.toml").read_bytes() == old


def test_a_keep_rule_has_a_place_in_its_file(tmp_path: Path) -> None:
    applied(tmp_path, decision(clean(TEXT, url=URL, id="d"), "Advertisement"))
    (rule,) = [rule for rule in load([tmp_path / "own.toml"]).rules if rule.pack == "own"]
    assert (rule.id, rule.action, rule.match) == ("example.org.keep.advertisement", "keep", ("^Advertisement$",))


# ---------------------------------------------------------------- versions


@pytest.fixture
def out(call: Callable[..., Any], tmp_path: Path) -> Path:
    """The folder of a run on the text."""
    (tmp_path / "d.jsonl").write_text(json.dumps({"id": "d", "text": TEXT}) + "\n")
    call("run", tmp_path / "d.jsonl", "-o", tmp_path / "out", "-q")
    return tmp_path / "out"


def test_a_decision_on_what_stands_there_is_applied(tmp_path: Path, out: Path) -> None:
    path = save(tmp_path, decision(clean(TEXT, id="d"), "Advertisement"))
    assert not apply_decisions(path, tmp_path / "own.toml", out).refused


STALE = {
    "another version": ({"text_sha256": "0" * 64}, "reads otherwise now"),
    "another place": ({"start": 0, "end": 12}, "does not stand at 0-12"),
    "a place outside": ({"start": 90_000, "end": 90_012}, "does not stand at"),
    "another line": ({"text": "Sponsored"}, "does not stand at"),
    "another document": ({"document": "e"}, "there is no such document"),
}


@pytest.mark.parametrize("name", STALE)
def test_a_stale_decision_is_refused_and_the_others_applied(tmp_path: Path, out: Path, name: str) -> None:
    changed, why = STALE[name]
    article = clean(TEXT, id="d")
    path = save(tmp_path, {**decision(article, "Advertisement"), **changed}, decision(article, "Share this article"))
    done = apply_decisions(path, tmp_path / "own.toml", out)
    assert (len(done.written), len(done.refused)) == (1, 1)
    assert why in done.refused[0]


NONE = ["schema_version = 2\n", "schema_version = 1\nx = 2\n", "x = [", "schema_version = 1\n[[decision]]\nstart = 1\n"]


@pytest.mark.parametrize("text", NONE)
def test_a_file_that_holds_no_decisions_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "decisions.toml").write_text(text)
    with pytest.raises(ReadError, match=r"decisions\.toml"):
        apply_decisions(tmp_path / "decisions.toml", tmp_path / "own.toml")


def test_a_rule_file_that_is_wrong_already_is_named_and_stays(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("rule = 3\n")
    with pytest.raises(RuleError, match=r"own\.toml"):
        applied(tmp_path, decision(clean(TEXT, id="d"), "Advertisement"))
    assert own.read_text() == "rule = 3\n"


def test_the_command_says_what_it_wrote_and_what_it_refused(call: Callable[..., Any], tmp_path: Path) -> None:
    article = clean(TEXT, id="d")
    path = save(tmp_path, decision(article, "Advertisement"), decision(article, "Advertisement", "rule", role="quote"))
    done = call("rules", "apply", path, "--to", tmp_path / "own.toml")
    assert (done.code, b"own.keep.advertisement" in done.out) == (1, True)
    assert "1 rules written, 1 decisions refused" in done.err

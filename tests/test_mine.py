"""Templates are found on many pages, and what articles say again and again is not; one claim a test."""

import gzip
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleaner.errors import ReadError
from cleaner.rules import RuleSet, load
from cleaner.workbench.likeness import RoleLikeness
from cleaner.workbench.mine import MiningResult, mine_templates

sys.path.insert(0, str(Path(__file__).parent / "bench"))
import mining

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def shipped() -> RuleSet:
    return load(prove=False)


@pytest.fixture(scope="module")
def of_own(tmp_path_factory: pytest.TempPathFactory) -> tuple[float, float, list[str]]:
    """Share of planted templates found and of proposals that are right, on sixty pages a site."""
    return mining.measured(tmp_path_factory.mktemp("mining"), 60)


def test_nineteen_of_twenty_planted_templates_are_found(of_own: tuple[float, float, list[str]]) -> None:
    assert of_own[0] >= 0.95, of_own[2]


def test_forty_nine_of_fifty_proposals_are_right(of_own: tuple[float, float, list[str]]) -> None:
    assert of_own[1] >= 0.98, of_own[2]


Change = Callable[[int, list[str]], None]


def pages(folder: Path, count: int, *changes: Change, url: str = "https://a.example/") -> Path:
    """Pages of one site, each changed by these functions of its number and its lines."""
    chance = random.Random(3)
    path = folder / "pages.jsonl"
    with path.open("w") as out:
        for number in range(count):
            title = f"{chance.choice(mining.SUBJECTS)} {chance.choice(mining.VERBS)} the {chance.choice(mining.THINGS)}"
            lines = [title.capitalize(), *(mining.paragraph(chance) for _ in range(6))]
            for change in changes:
                change(number, lines)
            record = {"id": str(number), "text": "\n\n".join(lines)}
            out.write(json.dumps({**record, "url": f"{url}{number}"} if url else record) + "\n")
    return path


def matches(mined: MiningResult) -> list[str]:
    return [one.draft.match[0] for one in mined.found]


def footer(number: int, lines: list[str]) -> None:
    lines += [f"Tide table number {number}", "The pier shop is round the corner"]


def test_a_footer_with_another_number_each_time_is_one_proposal(tmp_path: Path, shipped: RuleSet) -> None:
    found = matches(mine_templates([str(pages(tmp_path, 30, footer))], rules=shipped))
    assert r"^Tide table number \d{1,4}$" in found


def test_a_standing_crosshead_is_no_proposal(tmp_path: Path, shipped: RuleSet) -> None:
    path = pages(tmp_path, 30, footer, lambda number, lines: lines.insert(4, "Weather"))
    assert not any("Weather" in match for match in matches(mine_templates([str(path)], rules=shipped)))


def test_a_paragraph_that_many_articles_repeat_is_no_proposal(tmp_path: Path, shipped: RuleSet) -> None:
    said = "The bridge has been shut to all traffic since cracks were found in its second pier in May."
    path = pages(tmp_path, 30, footer, lambda number, lines: lines.insert(4, said))
    assert not any("bridge" in match for match in matches(mine_templates([str(path)], rules=shipped)))


def test_the_same_article_on_many_pages_is_no_template(tmp_path: Path, shipped: RuleSet) -> None:
    path = pages(tmp_path, 1)
    path.write_text(path.read_text() * 30)
    assert mine_templates([str(path)], rules=shipped).found == []


def test_what_a_shipped_rule_drops_is_no_proposal(tmp_path: Path, shipped: RuleSet) -> None:
    path = pages(tmp_path, 30, lambda number, lines: lines.append("Share this article"))
    assert mine_templates([str(path)], rules=shipped).found == []


def test_pages_without_a_url_are_of_the_site_of_their_folder(tmp_path: Path, shipped: RuleSet) -> None:
    found = mine_templates([str(pages(tmp_path, 30, footer, url=""))], rules=shipped).found
    assert {(one.site, one.draft.site) for one in found} == {(f"{tmp_path}/", "")}


def test_a_packed_file_and_a_folder_of_pages_are_read(tmp_path: Path, shipped: RuleSet) -> None:
    path = pages(tmp_path, 30, footer)
    (tmp_path / "packed").mkdir()
    (tmp_path / "packed" / "pages.jsonl.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert matches(mine_templates([str(tmp_path / "packed")], rules=shipped)) == matches(
        mine_templates([str(path)], rules=shipped)
    )


def test_two_runs_propose_the_same(tmp_path: Path, shipped: RuleSet) -> None:
    path = str(pages(tmp_path, 30, footer))
    assert mine_templates([path], rules=shipped) == mine_templates([path], rules=shipped)


def test_two_processes_write_the_same_keeps(tmp_path: Path) -> None:
    path = pages(tmp_path, 30, footer)
    for seed in "12":
        call = [sys.executable, "-m", "cleaner", "rules", "mine", str(path), "--to", str(tmp_path / "own.toml")]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
        subprocess.run(call, env=environment, capture_output=True, check=True)
        (tmp_path / "own.toml").rename(tmp_path / f"{seed}.toml")
    assert (tmp_path / "1.toml").read_bytes() == (tmp_path / "2.toml").read_bytes()


def test_standard_input_is_refused() -> None:
    with pytest.raises(ReadError, match="cannot be read twice"):
        mine_templates(["-"])


def test_lines_that_cannot_be_read_are_counted(tmp_path: Path, shipped: RuleSet) -> None:
    path = pages(tmp_path, 30, footer)
    path.write_text(path.read_text() + "no json\n")
    assert mine_templates([str(path)], rules=shipped).rejected == 1


def test_a_line_like_a_known_example_gets_its_role(shipped: RuleSet) -> None:
    assert RoleLikeness(shipped)("Story continues below this advertisement")[0] == "advertisement"


def test_mine_writes_a_pack_for_each_site_that_drops_the_lines(
    call: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pages(tmp_path, 30, footer)
    assert call("rules", "mine", "pages.jsonl", "--site").code == 0
    rules = load([tmp_path / "sites" / "a.example.toml"])
    assert {hit.rule.pack for hit in rules.find_hits(["Tide table number 99"], "www.a.example")} == {"a.example"}
    assert not list(rules.find_hits(["Tide table number 99"], "b.example"))


def test_mine_twice_writes_nothing_more(call: Callable[..., Any], tmp_path: Path) -> None:
    path = pages(tmp_path, 30, footer)
    call("rules", "mine", path, "--to", tmp_path / "own.toml")
    old = (tmp_path / "own.toml").read_bytes()
    call("rules", "mine", path, "--to", tmp_path / "own.toml")
    assert (tmp_path / "own.toml").read_bytes() == old


def test_mine_with_site_and_no_url_says_what_to_do(call: Callable[..., Any], tmp_path: Path) -> None:
    done = call("rules", "mine", pages(tmp_path, 30, footer, url=""), "--site")
    assert (done.code, "have no url" in done.err) == (2, True)


def test_the_table_shows_evidence_pattern_and_example(call: Callable[..., Any], tmp_path: Path) -> None:
    done = call("rules", "mine", pages(tmp_path, 30, footer))
    assert b"rank" in done.out and rb"^Tide table number \d{1,4}$" in done.out and b"100%" in done.out

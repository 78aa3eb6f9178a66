"""The review page in a real browser: see, filter, decide and save, with nothing of an article running."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, needs_chromium, opened
from conftest import PAGE, Done, read_lines, write_lines
from playwright.sync_api import Browser, Page, expect

from cleaner.cli.main import invoke
from cleaner.document import ARTICLE_ROLES, ROLES
from cleaner.workbench.decisions import parse_decisions

pytestmark = needs_chromium
ROOT = Path(__file__).parent.parent

HOSTILE = [
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 2</script>",
    "<img src=x onerror='window.ran = 3'>",
    '"><svg onload="window.ran = 4">',
    "javascript:window.ran=5",
    "<!--<script>",
    "]]><iframe srcdoc='<script>parent.ran = 6</script>'>",
    "${window.ran = 7}{{window.ran = 8}}",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of our own samples."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    assert invoke(["report", str(ROOT / "clean"), "--html", str(path)]) == 0
    return path


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield opened(context.new_page(), report)
    context.close()


def show(page: Page, title: str) -> None:
    """Open the article of this title."""
    page.fill("#search", title)
    expect(page.locator("#count")).to_have_text("1 of 22 articles")
    page.locator(".article", has_text=title).click()
    expect(page.locator("#view h2")).to_contain_text(title, ignore_case=True)


def saved(page: Page) -> list[dict[str, Any]]:
    """What a save downloads."""
    with page.expect_download() as found:
        page.click("#save")
    assert found.value.suggested_filename == "decisions.toml"
    data = Path(found.value.path()).read_bytes()
    parse_decisions(data, "decisions.toml")
    decisions: list[dict[str, Any]] = tomllib.loads(data.decode())["decision"]
    return decisions


# ---------------------------------------------------------------- see


def test_it_opens_from_disk_and_asks_for_nothing_else(browser: Browser, report: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, report)
    expect(page.locator("#count")).to_have_text("22 of 22 articles")
    assert asked == [report.as_uri()]
    page.close()


def test_it_opens_without_an_error(browser: Browser, report: Path) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    opened(page, report)
    show(page, "tram")
    assert said == []
    page.close()


def test_the_overview_counts_what_the_ledger_holds(page: Page) -> None:
    rules: dict[str, int] = {}
    for path in (ROOT / "clean").glob("*.edits.jsonl"):
        for edit in read_lines(path):
            rules[edit["rule"]] = rules.get(edit["rule"], 0) + 1
    plot = page.locator("section", has=page.get_by_role("heading", name="Rules"))
    row = plot.locator("button", has_text="extraction.named")
    assert row.locator(".value").text_content() == str(rules["extraction.named"])


def test_dropped_lines_stand_struck_through_in_their_place(page: Page) -> None:
    show(page, "tram")
    texts = page.locator(".lines li").all_inner_texts()
    assert "Change Edition" in texts[0] and "Valdorf tram will not" in texts[1]
    first = page.locator(".lines li").first.locator("del")
    assert first.evaluate("node => getComputedStyle(node).textDecorationLine") == "line-through"


def test_hovering_shows_rule_stage_and_confidence(page: Page) -> None:
    show(page, "tram")
    page.locator(".lines li.dropped", has_text="From our online archive").hover()
    shown = page.locator(".tools")
    expect(shown).to_be_visible()
    expect(shown).to_contain_text("confidence")
    expect(shown.locator("b")).to_have_text("en.timestamp.reading-time-date")


def test_a_screen_reader_hears_what_became_of_a_line(page: Page) -> None:
    show(page, "tram")
    heard = page.locator(".lines li.dropped").first.locator(".sr").text_content() or ""
    assert heard.startswith("Dropped as navigation, ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_in_light_and_dark(browser: Browser, report: Path, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = opened(context.new_page(), report)
    show(page, "tram")
    ratios = page.evaluate(
        """() => {
          const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
          const light = color => {
            canvas.fillStyle = color;
            canvas.fillRect(0, 0, 1, 1);
            const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map(byte => byte / 255)
              .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
          };
          const paper = light(getComputedStyle(document.body).backgroundColor);
          return [...document.querySelectorAll('.text, .chip, h1, h2, #status, .quiet')].map(node => {
            const ink = light(getComputedStyle(node).color);
            return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
          });
        }"""
    )
    assert min(ratios) > 4.5
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
    context.close()


# ---------------------------------------------------------------- filter


@pytest.mark.parametrize(
    ("select", "value", "left"),
    [("language", "nl", 1), ("flag", "amp", None), ("rule", "lines.around", None), ("role", "comments", None)],
)
def test_a_filter_leaves_the_articles_it_names(page: Page, select: str, value: str, left: int | None) -> None:
    option = page.locator(f"#{select} option[value='{value}']").text_content() or ""
    count = int(option.split("(")[1].rstrip(")"))
    page.select_option(f"#{select}", value)
    expect(page.locator("#count")).to_have_text(f"{count} of 22 articles")
    assert left is None or count == left


def test_confidence_leaves_articles_with_a_doubtful_line_and_marks_it(page: Page) -> None:
    notes = page.locator(".article small").all_text_contents()
    doubtful = sum(float(note.rsplit(" ", 1)[1]) <= 0.75 for note in notes)
    page.select_option("#confidence", "75")
    expect(page.locator("#count")).to_have_text(re.compile(rf"^{doubtful} of \d+ articles$"))
    assert 0 < doubtful < len(notes)
    page.locator(".article").first.click()
    page.wait_for_selector(".lines li")
    for line in page.locator(".lines li.wanted .sr").all_text_contents():
        assert float(line.rsplit("· ", 1)[1].rstrip(": ")) <= 0.76


def test_the_least_certain_article_comes_first(page: Page) -> None:
    notes = page.locator(".article small").all_text_contents()
    doubts = [float(note.rsplit(" ", 1)[1]) for note in notes]
    assert doubts == sorted(doubts) and doubts[0] < 0.7


def test_search_finds_a_word_of_a_dropped_line(page: Page) -> None:
    page.fill("#search", "from our ONLINE archive")
    expect(page.locator("#count")).to_have_text("1 of 22 articles")


def test_a_bar_of_the_overview_filters(page: Page) -> None:
    page.locator("button.row", has_text="advertisement").first.click()
    expect(page.locator("#role")).to_have_value("advertisement")


# ---------------------------------------------------------------- decide


def test_a_rejected_line_is_saved_as_the_contract_has_it(page: Page) -> None:
    show(page, "tram")
    page.locator(".lines li.dropped", has_text="From our online archive").hover()
    page.get_by_role("button", name="Reject").click()
    (decision,) = saved(page)
    record = next(r for r in read_lines(ROOT / "clean" / "raw.articles.jsonl") if r["id"] == "en-tram-depot")
    edit = next(e for e in read_lines(ROOT / "clean" / "raw.edits.jsonl") if "online archive" in e["before"])
    assert decision == {
        "verdict": "reject",
        "document": "en-tram-depot",
        "text_sha256": record["hashes"]["text"],
        "start": edit["start"],
        "end": edit["end"],
        "text": edit["before"].strip(),
        "rule": edit["rule"],
        "role": edit["role"],
        "language": "en",
        "url": "",
    }


def test_a_kept_line_becomes_a_rule_of_the_role_chosen(page: Page) -> None:
    show(page, "tram")
    line = page.locator(".lines li.kept").last
    line.hover()
    page.get_by_role("button", name="Make it a rule …").click()
    page.select_option("#dialog-role", "contact")
    page.get_by_role("button", name="Make it a rule", exact=True).click()
    expect(line).to_contain_text("rule: contact")
    (decision,) = saved(page)
    assert (decision["verdict"], decision["rule"], decision["role"]) == ("rule", "", "contact")


def test_only_roles_that_can_be_dropped_are_offered(page: Page) -> None:
    show(page, "tram")
    page.locator(".lines li.kept").last.focus()
    page.keyboard.press("m")
    offered = set(page.locator("#dialog-role option").all_text_contents())
    assert offered == ROLES - ARTICLE_ROLES


def test_a_kept_line_cannot_be_rejected(page: Page) -> None:
    show(page, "tram")
    page.locator(".lines li.kept").last.focus()
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Reject")).to_have_count(0)
    expect(page.locator("#save")).to_be_disabled()


def test_a_dialog_cancelled_decides_nothing(page: Page) -> None:
    show(page, "tram")
    page.locator(".lines li.kept").last.hover()
    page.get_by_role("button", name="Make it a rule …").click()
    page.keyboard.press("Escape")
    expect(page.locator("#save")).to_be_disabled()


def test_the_same_verdict_again_takes_it_back(page: Page) -> None:
    show(page, "tram")
    page.locator(".lines li.dropped").first.hover()
    button = page.get_by_role("button", name="Accept")
    button.click()
    expect(page.locator("#save")).to_have_text("Save decisions (1)")
    button.click()
    expect(page.locator("#save")).to_be_disabled()


def test_decisions_stay_while_people_look_at_other_articles(page: Page) -> None:
    show(page, "tram")
    page.locator(".lines li.dropped").first.hover()
    page.get_by_role("button", name="Reject").click()
    show(page, "swing bridge")
    show(page, "tram")
    expect(page.locator(".lines li").first).to_contain_text("rejected")


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.locator("#search").focus()
    page.keyboard.type("tram")
    expect(page.locator("#count")).to_have_text("1 of 22 articles")
    while page.evaluate("document.activeElement.id") != "list":
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#line-0")).to_be_focused()
    expect(page.locator(".tools")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Accept")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Accept")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("m")
    expect(page.locator("#dialog-role")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("3 decisions")
    page.keyboard.press("Escape")
    expect(page.locator("#list")).to_be_focused()
    page.locator("#save").focus()
    with page.expect_download() as found:
        page.keyboard.press("Enter")
    verdicts = [
        decision.verdict for decision in parse_decisions(Path(found.value.path()).read_bytes(), "decisions.toml")
    ]
    assert verdicts == ["reject", "accept", "rule"]


def test_a_line_rejected_on_the_page_is_back_after_apply_and_run(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE.replace("SLOT 17", "Advertisement"))
    own, out = tmp_path / "own.toml", tmp_path / "out"
    assert invoke(["run", str(tmp_path / "page.txt"), "-o", str(out), "-q"]) == 0
    assert invoke(["report", str(out), "--html", str(tmp_path / "r.html")]) == 0
    assert "Advertisement" not in read_lines(out / "page.articles.jsonl")[0]["text"]
    page = opened(browser.new_page(), tmp_path / "r.html")
    page.locator(".article").click()
    page.locator(".lines li.dropped", has_text="Advertisement").hover()
    page.get_by_role("button", name="Reject").click()
    with page.expect_download() as found:
        page.click("#save")
    found.value.save_as(tmp_path / "decisions.toml")
    page.close()
    applied = ["rules", "apply", str(tmp_path / "decisions.toml"), "--to", str(own), "--articles", str(out)]
    assert invoke(applied) == 0
    assert invoke(["run", str(tmp_path / "page.txt"), "-o", str(out), "--rules", str(own), "-q"]) == 0
    assert "\n\nAdvertisement\n\n" in read_lines(out / "page.articles.jsonl")[0]["text"]


def test_a_click_begun_while_the_list_moves_opens_its_article(page: Page) -> None:
    row = page.locator(".article").nth(5)
    box = row.bounding_box()
    title = row.locator(".title").text_content() or ""
    assert box and title
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.evaluate("document.querySelector('#list').scrollTop += 3")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.mouse.up()
    expect(page.locator("#view h2")).to_have_text(title)


# ---------------------------------------------------------------- hostile


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of articles whose titles, captions, addresses, ids, rules and lines would like to run."""
    folder = tmp_path_factory.mktemp("hostile")
    texts = [
        f"{bad}\n\nThe council spoke of HTML on Tuesday evening, and {bad} was said.\n\nAdvertisement\n\nBy {bad}\n\n"
        f"The members voted for the new bridge after four hours of debate.\n\nPhoto: {bad}\n"
        for bad in HOSTILE
    ]
    source = write_lines(folder / "in.jsonl", [{"id": str(i), "text": text} for i, text in enumerate(texts)])
    assert invoke(["run", str(source), "-o", str(folder), "--audit", "inline", "--ignore", "repair", "-q"]) == 0
    records = read_lines(folder / "in.articles.jsonl")
    for record, bad in zip(records, HOSTILE, strict=True):
        record["images"] = [{"caption": bad, "credit": bad, "url": bad}]
        record["authors"] = [{"name": bad, "role": "author", "raw": bad}]
        record["edits"] = [
            {**edit, "rule": bad, "stage": bad, "role": bad if not edit["after"] else ""} for edit in record["edits"]
        ]
        record |= {
            "id": bad,
            "title": bad,
            "url": bad,
            "flags": [bad],
            "agencies": [bad],
            "language": bad,
            "kicker": bad,
            "published": {"value": bad, "precision": "day", "raw": bad},
        }
    write_lines(folder / "in.articles.jsonl", records)
    assert invoke(["report", str(folder), "--html", str(folder / "report.html")]) == 0
    return folder / "report.html"


def test_nothing_of_an_article_is_part_of_the_markup(hostile: Path) -> None:
    assert "window.ran" not in hostile.read_text("utf-8")


def test_hostile_articles_do_not_run(browser: Browser, hostile: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, hostile)
    for place in range(len(HOSTILE)):
        page.locator(".article").nth(place).click()
        page.wait_for_selector(".lines li")
        page.locator(".facts summary").click()
        for line in page.locator(".lines li").all():
            line.focus()
        assert page.locator("#view a").count() == 0
    assert page.locator("img, svg svg, iframe, script:not([type]):not(:last-of-type)").count() == 0
    assert page.evaluate("window.ran") is None
    assert [url for url in asked if not url.startswith("file:")] == []
    context.close()


def test_hostile_lines_come_through_a_save_as_they_are(browser: Browser, hostile: Path) -> None:
    context = browser.new_context()
    page = opened(context.new_page(), hostile)
    page.select_option("#sort", "order")
    for place in range(len(HOSTILE)):
        page.locator(".article").nth(place).click()
        page.wait_for_function("bad => document.querySelector('#view h2')?.textContent === bad", arg=HOSTILE[place])
        page.locator(".lines li.kept").first.focus()
        page.get_by_role("button", name="Accept").click()
    with page.expect_download() as found:
        page.click("#save")
    decisions = parse_decisions(Path(found.value.path()).read_bytes(), "decisions.toml")
    assert [(decision.document, decision.url) for decision in decisions] == [(bad, bad) for bad in HOSTILE]
    context.close()


def test_its_policy_allows_no_other_script(browser: Browser, report: Path) -> None:
    page = opened(browser.new_page(), report)
    refused = page.evaluate(
        """() => new Promise(done => {
          document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective));
          const script = document.createElement('script');
          try { script.textContent = 'window.ran = 1'; } catch { done('refused'); }
          document.body.append(script);
        })"""
    )
    assert refused in ("require-trusted-types-for", "script-src-elem", "refused")
    assert page.evaluate("window.ran") is None
    page.close()


def test_a_web_address_is_a_link_that_tells_nothing(browser: Browser, tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", [{"text": "A line of text.\n", "url": "https://news.example/a"}])
    assert invoke(["run", str(source), "-o", str(tmp_path), "-q"]) == 0
    assert invoke(["report", str(tmp_path), "--html", str(tmp_path / "r.html")]) == 0
    page = opened(browser.new_page(), tmp_path / "r.html")
    page.locator(".article").click()
    link = page.locator("#view a")
    expect(link).to_have_attribute("href", "https://news.example/a")
    expect(link).to_have_attribute("rel", "noreferrer noopener")
    page.close()


# ---------------------------------------------------------------- odd runs


@pytest.mark.parametrize(
    "text",
    ["", "\n", "x", "\ud800 lone", "مرحبا\n\nאבג\n", "\x00\x01 control\n", "a\u2028b\n"],
    ids=["empty", "blank", "one", "surrogate", "right-to-left", "control", "separator"],
)
def test_an_odd_text_can_be_opened_and_decided_on(browser: Browser, tmp_path: Path, text: str) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "odd", "text": text}) + "\n")
    assert invoke(["run", str(tmp_path / "in.jsonl"), "-o", str(tmp_path), "-q"]) in (0, 1)
    assert invoke(["report", str(tmp_path), "--html", str(tmp_path / "r.html")]) == 0
    page = opened(browser.new_page(), tmp_path / "r.html")
    if page.locator(".article").count():
        page.locator(".article").click()
        expect(page.locator("#view h2")).to_have_text("odd")
        if page.locator(".lines li").count():
            page.locator(".lines li").first.focus()
            page.get_by_role("button", name="Accept").click()
            with page.expect_download() as found:
                page.click("#save")
            assert len(parse_decisions(Path(found.value.path()).read_bytes(), "decisions.toml")) == 1
    page.close()


def test_a_long_article_is_drawn_in_parts(browser: Browser, tmp_path: Path) -> None:
    text = "".join(f"The council met on day {i} and voted for the bridge.\n\n" for i in range(1000))
    source = write_lines(tmp_path / "in.jsonl", [{"text": text}])
    assert invoke(["run", str(source), "-o", str(tmp_path), "-q"]) == 0
    assert invoke(["report", str(tmp_path), "--html", str(tmp_path / "r.html")]) == 0
    page = opened(browser.new_page(), tmp_path / "r.html")
    page.locator(".article").click()
    page.wait_for_selector(".more button")
    before = page.locator(".lines li.kept, .lines li.dropped").count()
    page.locator(".more button").click()
    assert page.locator(".lines li.kept, .lines li.dropped").count() == 2 * before
    page.close()


def test_a_folder_without_a_run_is_refused_with_the_cure(call: Callable[..., Done], tmp_path: Path) -> None:
    done = call("report", tmp_path, "--html", tmp_path / "r.html")
    assert done.code == 2
    assert "name a folder that cleaner run has made" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_its_ledger_is_refused_with_the_cure(call: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "a.articles.jsonl").write_bytes((ROOT / "clean" / "feed.articles.jsonl").read_bytes())
    done = call("report", tmp_path / "a.articles.jsonl", "--html", tmp_path / "r.html")
    assert done.code == 2
    assert "clean again with --audit file" in done.err

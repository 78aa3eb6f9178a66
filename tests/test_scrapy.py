"""The Scrapy item pipeline in real crawls, of pages that a server of our own holds."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from samples import ROOT, samples

pytest.importorskip("scrapy", reason="scrapy is not installed")

SPIDER = """
import dataclasses, json, sys
import attrs, scrapy
from scrapy.crawler import CrawlerProcess

address, out, settings = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])


@dataclasses.dataclass
class Story:
    url: str
    html: str
    text: str | None = None
    authors: list | None = None
    section: str | None = "from the spider"


@attrs.define
class Page:
    url: str
    html: object
    text: str = ""
    title: str = ""
    error: str = ""


class Declared(scrapy.Item):
    url = scrapy.Field()
    html = scrapy.Field()
    text = scrapy.Field()
    language = scrapy.Field()


MAKE = {
    "dict": lambda response: {"url": response.url, "html": response.text},
    "response": lambda response: {"html": response},
    "text": lambda response: {
        "url": response.url, "text": "\\n\\n".join(response.css("p::text").getall()), "html": response.text,
    },
    "dataclass": lambda response: Story(response.url, response.text),
    "attrs": lambda response: Page(response.url, response.text),
    "item": lambda response: Declared(url=response.url, html=response.text),
}


class Spider(scrapy.Spider):
    name = "stories"
    start_urls = [address]

    def parse(self, response):
        for link in response.css("a::attr(href)").getall():
            yield response.follow(link, self.story)

    def story(self, response):
        yield MAKE[response.url.rpartition("?")[2]](response)


process = CrawlerProcess({
    "ITEM_PIPELINES": {"cleaner.adapters.scrapy.CleanerPipeline": 300},
    "FEEDS": {out: {"format": "jsonlines"}},
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "INFO",
    **settings,
})
process.crawl(Spider)
process.start()
"""

STORY = """<html><head><title>Boats | The Bay</title></head><body><article><h1>Boats</h1>
<p class="byline">By Ann Lee</p>
<p>The council voted on Monday evening to buy a second boat, and it will come before the summer.</p>
<p>Advertisement</p>
<p>Nobody in the hall had expected that the vote would be so clear, said the mayor after the meeting.</p>
</article></body></html>"""

BODY = [
    "The council voted on Monday evening to buy a second boat, and it will come before the summer.",
    "Nobody in the hall had expected that the vote would be so clear, said the mayor after the meeting.",
]

KINDS = ("dict", "response", "text", "dataclass", "attrs", "item")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small site: an index, a story, something that is no page, and the samples."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "story.html").write_text(STORY, encoding="utf-8")
    (folder / "broken.html").write_text('{"a": 1}', encoding="utf-8")
    for path in (ROOT / "raw").glob("*.html"):
        (folder / path.name).write_bytes(path.read_bytes())
    links = [f"{name}.html?{kind}" for name in ("story", "broken") for kind in KINDS]
    links += [f"{one.id}.html?response" for one in samples(".html")]
    index = "".join(f'<a href="{link}">{link}</a>' for link in links)
    (folder / "index.html").write_text(index, encoding="utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


Crawled = tuple[dict[str, dict[str, Any]], str]
"""The items of a crawl by the last part of their address, and its log."""


def crawl(folder: Path, site: str, **settings: Any) -> Crawled:
    spider, out = folder / "spider.py", folder / "items.jsonl"
    spider.write_text(SPIDER, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(spider), f"{site}/index.html", str(out), json.dumps(settings)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    items = [json.loads(line) for line in out.read_text("utf-8").splitlines()] if out.exists() else []
    return {item["url"].rpartition("/")[2]: item for item in items}, done.stderr


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, site: str) -> Crawled:
    return crawl(tmp_path_factory.mktemp("crawl"), site)


def test_pages_have_the_texts_of_a_run(crawled: Crawled) -> None:
    for one in samples(".html"):
        assert crawled[0][f"{one.id}.html?response"]["text"] == one.record["text"]


def test_no_item_is_dropped_and_all_are_counted(crawled: Crawled) -> None:
    items, log = crawled
    good, bad = len(KINDS) + len(samples(".html")), len(KINDS)
    # of the broken page, the text of its paragraphs is empty as well
    assert len(items) == good + bad, log
    assert f"'cleaner/cleaned': {good}" in log and f"'cleaner/rejected': {bad}" in log


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_item_is_cleaned(crawled: Crawled, kind: str) -> None:
    assert crawled[0][f"story.html?{kind}"]["text"].split("\n\n") == BODY


@pytest.mark.parametrize("kind", ("dict", "response", "text", "attrs"))
def test_an_item_that_cannot_be_cleaned_goes_on_with_the_error(crawled: Crawled, kind: str) -> None:
    broken = crawled[0][f"broken.html?{kind}"]
    assert "this is JSON" in broken["error"] and broken["html"] == '{"a": 1}' and not broken.get("text")


def test_a_dict_holds_the_whole_record(crawled: Crawled) -> None:
    story = crawled[0]["story.html?dict"]
    assert (story["title"], story["authors"][0]["name"], story["language"]) == ("Boats", "Ann Lee", "en")
    assert story["html"] == STORY and story["error"] is None


def test_a_declared_item_is_filled_where_it_has_room(crawled: Crawled) -> None:
    items, log = crawled
    story = items["story.html?dataclass"]
    assert set(story) == {"url", "html", "text", "authors", "section"}
    assert (story["authors"][0]["name"], story["section"]) == ("Ann Lee", "from the spider")
    assert "Story has no field 'error': this is JSON" in log


def test_the_record_can_go_into_one_field(tmp_path: Path, site: str) -> None:
    items, _ = crawl(tmp_path, site, CLEANER_FIELD="article", CLEANER_SETTINGS={"keep": ["advertisement"]})
    story = items["story.html?dict"]
    assert set(story) == {"url", "html", "article"}
    assert story["article"]["text"].split("\n\n") == [BODY[0], "Advertisement", BODY[1]]
    assert "this is JSON" in items["broken.html?dict"]["article"]["error"]


def test_settings_that_are_wrong_stop_the_crawl_at_its_start(tmp_path: Path, site: str) -> None:
    items, log = crawl(tmp_path, site, CLEANER_SETTINGS={"keep": ["captoin"]})
    assert items == {} and "'captoin' is no role" in log

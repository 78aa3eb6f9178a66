"""The Scrapy item pipeline in real crawls, of pages that a server of our own holds."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.samples import ROOT, samples

pytest.importorskip("scrapy", reason="scrapy is not installed")

SPIDER = '''
import dataclasses, json, sys
import attrs, scrapy
from scrapy.crawler import CrawlerProcess

address, kind, out, settings = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])


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
    "text": lambda response: {"url": response.url, "text": "\\n\\n".join(response.css("p::text").getall())},
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
        yield MAKE[kind](response)


process = CrawlerProcess({
    "ITEM_PIPELINES": {"cleaner.scrapy.CleanerPipeline": 300},
    "FEEDS": {out: {"format": "jsonlines"}},
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "INFO",
    **settings,
})
process.crawl(Spider)
process.start()
'''

STORY = """<html><head><title>Boats | The Bay</title></head><body><article><h1>Boats</h1>
<p class="byline">By Ann Lee</p>
<p>The council voted on Monday evening to buy a second boat, and it will come before the summer.</p>
<p>Nobody in the hall had expected that the vote would be so clear, said the mayor after the meeting.</p>
</article></body></html>"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small site: an index, a story, something that is no page, and the samples."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "story.html").write_text(STORY, encoding="utf-8")
    (folder / "broken.html").write_text('{"a": 1}', encoding="utf-8")
    (folder / "index.html").write_text('<a href="story.html">1</a><a href="broken.html">2</a>', encoding="utf-8")
    pages = [path.name for path in sorted((ROOT / "raw").glob("*.html"))]
    for name in pages:
        (folder / name).write_bytes((ROOT / "raw" / name).read_bytes())
    links = "".join(f'<a href="{name}">{name}</a>' for name in pages)
    (folder / "samples.html").write_text(links, encoding="utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def crawl(
    folder: Path, site: str, kind: str, start: str = "index.html", **settings: Any
) -> tuple[dict[str, dict[str, Any]], str]:
    """The items of a crawl by the last part of their address, and its log."""
    spider, out = folder / "spider.py", folder / "items.jsonl"
    spider.write_text(SPIDER, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(spider), f"{site}/{start}", kind, str(out), json.dumps(settings)],
        capture_output=True, text=True, check=False, cwd=ROOT, env=None,
    )  # fmt: skip
    items = [json.loads(line) for line in out.read_text("utf-8").splitlines()] if out.exists() else []
    return {(item.get("url") or "").rpartition("/")[2]: item for item in items}, done.stderr


BODY = [
    "The council voted on Monday evening to buy a second boat, and it will come before the summer.",
    "Nobody in the hall had expected that the vote would be so clear, said the mayor after the meeting.",
]


def test_pages_have_the_texts_of_a_run(tmp_path: Path, site: str) -> None:
    items, _ = crawl(tmp_path, site, "response", "samples.html")
    expected = {f"{one.id}.html": one.record["text"] for one in samples(".html")}
    assert {name: item["text"] for name, item in items.items()} == expected


@pytest.mark.parametrize("kind", ("dict", "response", "text", "dataclass", "attrs", "item"))
def test_every_kind_of_item_goes_on_clean_and_none_is_dropped(tmp_path: Path, site: str, kind: str) -> None:
    items, log = crawl(tmp_path, site, kind)
    assert set(items) == {"story.html", "broken.html"}, log
    assert items["story.html"]["text"].split("\n\n") == BODY
    assert "'cleaner/cleaned': 1" in log and "'cleaner/rejected': 1" in log


def test_a_dict_holds_the_whole_record(tmp_path: Path, site: str) -> None:
    items, _ = crawl(tmp_path, site, "dict")
    story, broken = items["story.html"], items["broken.html"]
    assert (story["title"], story["authors"][0]["name"], story["language"]) == ("Boats", "Ann Lee", "en")
    assert story["html"] == STORY and story["error"] is None
    assert broken["html"] == '{"a": 1}' and "this is JSON" in broken["error"] and "text" not in broken


def test_a_declared_item_is_filled_where_it_has_room(tmp_path: Path, site: str) -> None:
    items, log = crawl(tmp_path, site, "dataclass")
    assert set(items["story.html"]) == {"url", "html", "text", "authors", "section"}
    assert items["story.html"]["authors"][0]["name"] == "Ann Lee"
    assert items["story.html"]["section"] == "from the spider"
    assert "Story has no field 'error': this is JSON" in log


def test_the_record_can_go_into_one_field(tmp_path: Path, site: str) -> None:
    items, _ = crawl(tmp_path, site, "text", CLEANER_FIELD="article", CLEANER_SETTINGS={"keep": ["byline"]})
    story = items["story.html"]
    assert set(story) == {"url", "text", "article"}
    assert story["text"].split("\n\n") == ["By Ann Lee", *BODY] == story["article"]["text"].split("\n\n")


def test_settings_that_are_wrong_stop_the_crawl_at_its_start(tmp_path: Path, site: str) -> None:
    items, log = crawl(tmp_path, site, "dict", CLEANER_SETTINGS={"keep": ["captoin"]})
    assert items == {} and "'captoin' is no role" in log

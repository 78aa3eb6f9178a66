"""Articles in Scrapy: an item pipeline that cleans the text or the page of every item."""

import logging
from typing import TypeVar

from cleaner.adapters.columns import FIELDS, clean_columns, require_extra
from cleaner.pipeline.settings import prepare_settings
from cleaner.settings import Choices, build_settings

with require_extra("scrapy"):
    from itemadapter import ItemAdapter
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response, TextResponse

logger = logging.getLogger(__name__)

Item = TypeVar("Item")
"""Whatever the spider yields: a dict, or an object that itemadapter knows."""

REPLACED_FIELDS = ("text", "title")
"""Fields of an item that cleaning replaces; others it fills only where they are empty."""


class CleanerPipeline:
    """Cleans the `text` of every item or, where that is empty, its `html`: a page, or the response that brought it.

    `url` and `title` are read too.  Those fields of the record are filled that the item has room for and the spider has
    left empty; of a dict, all.  No item is dropped: one that cannot be cleaned goes on as it is, with `error`.

    Settings: `CLEANER_FIELD` is the one field into which the whole record goes instead, as a dict;
    `CLEANER_SETTINGS` is a dict of the keys of `cleaner.toml`.
    """

    # A page takes some 20 ms, which the reactor can wait for: a thread would wait for the same processor.

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.field: str = crawler.settings.get("CLEANER_FIELD") or ""
        self.choices: Choices = crawler.settings.getdict("CLEANER_SETTINGS")
        # rules that cannot be used stop the crawl before its first page
        prepare_settings(build_settings(self.choices))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "CleanerPipeline":
        """The pipeline as a crawl's settings want it; raises `RuleError` and `TypeError` for what they cannot want."""
        return cls(crawler)

    def process_item(self, item: Item, spider: Spider | None = None) -> Item:
        """The item, its article clean; the same object, as scrapy hands it to the next pipeline."""
        fields = ItemAdapter(item)
        html, url = fields.get("html"), fields.get("url")
        if isinstance(html, Response):
            if not url:
                url = html.url
                self._fill_field(fields, "url", url)
            html = html.text if isinstance(html, TextResponse) else html.body
            # no feed can hold a response
            self._fill_field(fields, "html", html)
        given = {"text": fields.get("text") or None, "html": html or None, "url": url, "title": fields.get("title")}
        made = clean_columns({name: [value] for name, value in given.items()}, **self.choices)
        row = {name: made[name][0] for name in (*FIELDS, "error")}
        self._count_outcome("rejected" if row["error"] else "cleaned")
        if self.field:
            self._fill_field(fields, self.field, row)
        elif row["error"]:
            self._fill_field(fields, "error", row["error"])
        else:
            for name, value in row.items():
                if name in REPLACED_FIELDS or not fields.get(name):
                    self._fill_field(fields, name, value)
        return item

    def _fill_field(self, fields: ItemAdapter, name: str, value: object) -> None:
        """Set a field where the item has room for it; warn where what is lost would be missed."""
        try:
            fields[name] = value
        except (KeyError, AttributeError):
            if name in ("error", self.field):
                logger.warning("%s has no field %r: %s", type(fields.item).__name__, name, value)

    def _count_outcome(self, what: str) -> None:
        """Add one to a figure in the statistics of the crawl."""
        if self.crawler.stats:
            self.crawler.stats.inc_value(f"cleaner/{what}")

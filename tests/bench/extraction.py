"""Quality and CPU time of cleaner and of other extractors on the same pages, in one run.

    python tests/bench/extraction.py [--pages FILE ...] [--limit N]

FILE holds pages with gold, as `../shared/bench/data/fundus.dev.jsonl.gz` does; the scorer beside it does the scoring.
An extractor that is not installed is left out, and said so.  For every page all extractors take their turn, so that a
machine that gets slower gets slower for all.  Each is called as its own documentation does: the page as text in, the
body and the metadata out.
"""

import argparse
import gzip
import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import corpus

BENCH = corpus.ROOT.parent / "shared" / "bench"
SETS = [BENCH / "data" / f"{name}.dev.jsonl.gz" for name in ("fundus", "scrapinghub", "roles")]
COLUMNS = ("f1", "perfect", "para_f1", "title", "authors", "date")

Found = dict[str, Any]
Extractor = Callable[[str, str], Found]


def cleaner() -> Extractor:
    """All stages of cleaner, the record and its ledger."""
    from cleaner import clean

    def extract(html: str, url: str) -> Found:
        made = clean(html=html, url=url)
        authors = [author.name for author in made.authors if author.role == "author"]
        published = made.published.value if made.published else None
        return {
            "body": made.text,
            "title": made.title,
            "authors": authors,
            "published": published,
            "language": made.language,
        }

    return extract


def trafilatura(fast: bool) -> Extractor:
    """trafilatura with its metadata."""
    library = importlib.import_module("trafilatura")

    def extract(html: str, url: str) -> Found:
        written = library.extract(html, url=url, fast=fast, with_metadata=True, output_format="json")
        made = json.loads(written) if written else {}
        authors = [name.strip() for name in (made.get("author") or "").split(";") if name.strip()]
        body = (made.get("text") or "").replace("\n", "\n\n")
        return {"body": body, "title": made.get("title"), "authors": authors, "published": made.get("date")}

    return extract


def resiliparse() -> Extractor:
    """resiliparse: text only."""
    plain = importlib.import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda html, _: {"body": plain(html, main_content=True)}


def readability() -> Extractor:
    """readability-lxml: the article's HTML and its short title."""
    library = importlib.import_module("readability")
    lxml_html = importlib.import_module("lxml.html")

    def extract(html: str, _: str) -> Found:
        document = library.Document(html)
        tree = lxml_html.fromstring(document.summary())
        lines = (line.strip() for part in tree.iter("p", "h2", "h3", "h4", "li") for line in [part.text_content()])
        return {"body": "\n\n".join(filter(None, lines)), "title": document.short_title()}

    return extract


def newspaper() -> Extractor:
    """newspaper4k with its metadata."""
    library = importlib.import_module("newspaper")

    def extract(html: str, url: str) -> Found:
        article = library.Article(url or "https://example.org/", fetch_images=False)
        article.download(input_html=html)
        article.parse()
        published = article.publish_date.isoformat() if article.publish_date else None
        return {"body": article.text, "title": article.title, "authors": article.authors, "published": published}

    return extract


EXTRACTORS: dict[str, Callable[[], Extractor]] = {
    "cleaner": cleaner,
    "trafilatura": lambda: trafilatura(fast=False),
    "trafilatura, fast": lambda: trafilatura(fast=True),
    "resiliparse": resiliparse,
    "readability-lxml": readability,
    "newspaper4k": newspaper,
}


def main() -> None:
    """Measure and print a table for each file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, nargs="+", default=SETS)
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    sys.path.insert(0, str(BENCH))
    score = importlib.import_module("score").score
    ready = {}
    for name, make in EXTRACTORS.items():
        try:
            ready[name] = make()
        except ImportError as error:
            print(f"{name} is left out: {error}")
    print(corpus.machine())
    for path in options.pages:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            pages = [json.loads(line) for line in lines][: options.limit]
        times = dict.fromkeys(ready, 0.0)
        found: dict[str, list[Found]] = {name: [] for name in ready}
        failed = dict.fromkeys(ready, 0)
        for extract in ready.values():
            extract(pages[0]["html"], pages[0].get("url") or "")
        for page in pages:
            for name, extract in ready.items():
                start = time.process_time()
                try:
                    made = extract(page["html"], page.get("url") or "")
                except Exception:  # an extractor that breaks on a page has extracted nothing from it
                    made = {}
                    failed[name] += 1
                times[name] += time.process_time() - start
                found[name].append({"id": page["id"], "rendering": "html", **made})
        size = sum(len(page["html"]) for page in pages) / len(pages) / 1024
        print(f"\n{path.name}: {len(pages)} pages of {size:.0f} KB on average")
        print(f"{'':20}" + "".join(f"{column:>9}" for column in COLUMNS) + f"{'ms/page':>10}{'failed':>8}")
        for name in ready:
            means = score(pages, found[name])["html"]["mean"]
            cells = "".join(f"{means[column]:9.3f}" if column in means else f"{'-':>9}" for column in COLUMNS)
            print(f"{name:20}{cells}{times[name] / len(pages) * 1e3:10.1f}{failed[name]:8}")


if __name__ == "__main__":
    main()

"""What the markup of a page says about its article: raw facts out of JSON-LD, microdata, meta tags, links and the
elements that a reader sees as headline, byline and date.

`extract_facts` takes the tree of a page and yields facts with the keys `markup.FIELD`; each one's rule names where it
stands: `json-ld.author`, `opengraph.title`, `meta.author`, `dublin-core.creator`, `microdata.datePublished`,
`time.published`, `rel.author`, `byline`, `link.canonical`, `heading`.  Nothing is judged here but which node of many is
the article, and which heading of many is its headline: both need the tree."""

from collections.abc import Iterator
from typing import Any

from cleaner.document import Fact
from cleaner.html.bylines import find_byline_facts
from cleaner.html.headline import find_headline, find_kicker
from cleaner.html.json_ld import Graph, extract_json_ld_facts, extract_text, is_live_blog
from cleaner.html.loose_json import read_json
from cleaner.html.meta_tags import extract_meta_facts, select_pairs
from cleaner.html.scan import PageScan, extract_shown_text
from cleaner.text.urls import normalise_address


def extract_facts(root: Any, url: str | None = None) -> Iterator[Fact]:
    """Every raw fact of a page, in the order of trust within its source."""
    seen = PageScan(root)
    graph = Graph([value for script in seen.scripts for value in read_json(script)])
    # a plain meta title is often written for search engines
    titles = [content for name, content in select_pairs("title", seen.pairs) if name not in ("title", "headline")]
    canonical = ""
    for link in seen.links:
        rel = (link.get("rel") or "").casefold().split()
        address = (link.get("href") or "").strip()
        if "canonical" in rel and address and not canonical:
            canonical = address
            yield Fact("link.canonical", "markup.canonical_url", address)
    top = root if root.tag == "html" else root.getroottree().getroot()
    if top.get("amp") is not None or top.get("\u26a1") is not None:
        yield Fact("html.amp", "markup.flags", "amp")
    if declared := top.get("lang") or top.get("{http://www.w3.org/XML/1998/namespace}lang"):
        yield Fact("html.lang", "markup.language", declared.strip())
    article = graph.find_article(canonical or url, [*titles, seen.page])
    if article is not None and (name := extract_text(article.get("headline")) or extract_text(article.get("name"))):
        titles.insert(0, name)
    if seen.page:
        titles.append(seen.page)
    sites = [content for _, content in select_pairs("publisher", seen.pairs)]
    if site := graph.find_site_name():
        sites.append(site)
    for address in (url or "", canonical):
        host = normalise_address(address).partition("/")[0]
        sites += [host, host.rpartition(".")[0]]
    shown = find_headline(seen, list(dict.fromkeys(titles)), sites)
    if shown is not None:
        element, title = seen.found[shown[0]].element, shown[1]
        if (above := find_kicker(element)) is not None and (rest := extract_shown_text(element, 400, above))[
            :1
        ] not in ("", ":"):
            yield Fact("heading.kicker", "markup.kicker", extract_shown_text(above))
            title = rest
        yield Fact("heading", "markup.title", title)
    if article is not None:
        yield from extract_json_ld_facts(graph, article)
    yield from extract_meta_facts(seen.pairs)
    if seen.page:
        yield Fact("title", "markup.title", seen.page)
    if site:
        yield Fact("json-ld.website", "markup.publisher", site)
    dated = article is not None and is_live_blog(article) and "datePublished" in article
    yield from find_byline_facts(seen, shown[0] if shown else -1, dated)

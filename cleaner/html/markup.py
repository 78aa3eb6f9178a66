"""What the markup of a page says about its article: raw facts out of JSON-LD, microdata, meta tags, links and the
elements that a reader sees as headline, byline and date.

`extract_facts` takes the tree of a page and yields facts with the keys `markup.FIELD`; each one's rule names where it
stands: `json-ld.author`, `opengraph.title`, `meta.author`, `dublin-core.creator`, `microdata.datePublished`,
`time.published`, `rel.author`, `byline`, `link.canonical`, `heading`.  Nothing is judged here but which node of many is
the article, and which heading of many is its headline: both need the tree."""

from collections.abc import Iterator, Sequence

from cleaner.document import Fact
from cleaner.html.bylines import find_byline_facts
from cleaner.html.elements import Element
from cleaner.html.headline import MAX_HEADLINE_CHARS, find_headline, find_kicker, find_kicker_above
from cleaner.html.json_ld import Graph, extract_json_ld_facts, extract_property, is_live_blog
from cleaner.html.loose_json import read_json
from cleaner.html.meta_tags import extract_meta_facts, select_pairs
from cleaner.html.scan import PageScan, extract_shown_text
from cleaner.text.urls import normalise_address

_AMP_ATTRIBUTES = ("amp", "\u26a1")
"""Attributes of `html` that make a page an AMP page: the word, or a sign of high voltage."""

_LANGUAGE_ATTRIBUTES = ("lang", "{http://www.w3.org/XML/1998/namespace}lang")

_SEARCH_TITLE_NAMES = frozenset({"title", "headline"})
"""Meta tags whose title is often written for search engines: no headline is chosen by it."""


def extract_facts(root: Element, url: str | None = None) -> Iterator[Fact]:
    """Every raw fact of a page, in the order of trust within its source."""
    seen = PageScan(root)
    graph = Graph(value for script in seen.scripts for value in read_json(script))
    canonical = _find_canonical_address(seen.links)
    if canonical:
        yield Fact("link.canonical", "markup.canonical_url", canonical)
    yield from _extract_root_facts(root)
    titles = [content for name, content in select_pairs("title", seen.pairs) if name not in _SEARCH_TITLE_NAMES]
    article = graph.find_article(canonical or url, [*titles, seen.page])
    own = extract_property(article or {}, "headline", "name")
    site = graph.find_site_name()
    sites = [content for _, content in select_pairs("publisher", seen.pairs)]
    sites += [*filter(None, [site]), *_list_site_names(url or ""), *_list_site_names(canonical)]
    shown = find_headline(seen, list(dict.fromkeys(filter(None, (own, *titles, seen.page)))), sites)
    if shown is not None:
        yield from _extract_heading_facts(seen.found[shown[0]].element, shown[1])
    if article is not None:
        yield from extract_json_ld_facts(graph, article)
    yield from extract_meta_facts(seen.pairs)
    if seen.page:
        yield Fact("title", "markup.title", seen.page)
    if site:
        yield Fact("json-ld.website", "markup.publisher", site)
    dated = article is not None and is_live_blog(article) and "datePublished" in article
    yield from find_byline_facts(seen, shown[0] if shown else -1, dated)


def _find_canonical_address(links: Sequence[Element]) -> str:
    """The address that the page gives as its own, as written; empty where it gives none."""
    canonical = (link for link in links if "canonical" in link.get("rel", "").casefold().split())
    return next(filter(None, (link.get("href", "").strip() for link in canonical)), "")


def _extract_root_facts(root: Element) -> Iterator[Fact]:
    """What the attributes of `html` say: an AMP page, and the language."""
    top = root if root.tag == "html" else root.getroottree().getroot()
    if any(top.get(name) is not None for name in _AMP_ATTRIBUTES):
        yield Fact("html.amp", "markup.flags", "amp")
    if declared := next(filter(None, map(top.get, _LANGUAGE_ATTRIBUTES)), ""):
        yield Fact("html.lang", "markup.language", declared.strip())


def _extract_heading_facts(heading: Element, title: str) -> Iterator[Fact]:
    """The headline, and the label with which it opens; one before a colon, or before nothing, is a part of it."""
    label = find_kicker(heading)
    if label is not None:
        rest = extract_shown_text(heading, MAX_HEADLINE_CHARS, label)
        if rest[:1] not in ("", ":"):
            yield Fact("heading.kicker", "markup.kicker", extract_shown_text(label))
            title = rest
    elif (above := find_kicker_above(heading)) is not None:
        yield Fact("heading.kicker", "markup.kicker", extract_shown_text(above))
    yield Fact("heading", "markup.title", title)


def _list_site_names(address: str) -> list[str]:
    """Names by which headings may call the site of an address: its host, with and without its last part."""
    host = normalise_address(address).partition("/")[0]
    return [host, host.rpartition(".")[0]]

"""JSON-LD: the article among the nodes of a page, and the raw facts of its node.

Any shape is read: graphs, lists, strings for objects, objects by their `@id`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cleaner.document import Fact
from cleaner.facts import Media, Party
from cleaner.html.headline import measure_agreement
from cleaner.html.loose_json import TYPE_RANKS
from cleaner.html.values import flatten_text
from cleaner.text.urls import normalise_address

MAX_NODES = 4000
"""Objects of a page's JSON-LD that are looked at; comments and recipes of a page can be tens of thousands."""


def _collect_nodes(values: Iterable[Any]) -> list[dict[str, Any]]:
    """Every object that is no mere value of another, outermost first: those of lists, graphs and main entities."""
    found: list[dict[str, Any]] = []
    queue = list(values)
    for value in queue:
        if len(queue) > MAX_NODES:
            break
        if isinstance(value, list):
            queue += value
        elif isinstance(value, dict):
            found.append(value)
            for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed", "subjectOf", "hasPart"):
                if isinstance(value.get(name), dict | list):
                    queue.append(value[name])
    return found


def _list_types(node: Mapping[str, Any]) -> list[str]:
    kind = node.get("@type")
    return [
        one.rpartition("/")[2].rpartition(":")[2].casefold()
        for one in (kind if isinstance(kind, list) else [kind])
        if isinstance(one, str)
    ]


def _rank_node(node: Mapping[str, Any]) -> int:
    return min((TYPE_RANKS.get(kind, 9) for kind in _list_types(node)), default=9)


def _ensure_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def extract_text(value: Any, *names: str) -> str:
    """The text of a value that is a string, an object with one of these names, or a list of such."""
    if isinstance(value, str):
        return flatten_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return next(
            (text for one in value[:20] if not isinstance(one, list) and (text := extract_text(one, *names))), ""
        )
    if isinstance(value, dict):
        for name in ("@value", "name", *names):
            if not isinstance(inner := value.get(name), dict) and (text := extract_text(inner)):
                return text
    return ""


_PAGE_PROPERTIES = ("datePublished", "inLanguage", "isAccessibleForFree")


class Graph:
    """The article among the nodes of a page's JSON-LD."""

    def __init__(self, values: Iterable[Any]) -> None:
        self.nodes = _collect_nodes(values)
        self.by_id: dict[str, dict[str, Any]] = {}
        for node in self.nodes:
            if isinstance(name := node.get("@id"), str) and len(node) > 1:
                known = self.by_id.get(name)
                self.by_id[name] = {**node, **known} if known else node

    def find_article(self, url: str | None, titles: Sequence[str]) -> dict[str, Any] | None:
        """The node of the best kind; of several the one with the page's address or title, which teasers have not."""
        ranked: list[tuple[float, int, dict[str, Any]]] = []
        own = normalise_address(url)
        for at, node in enumerate(self.nodes):
            rank = _rank_node(node)
            if rank > 8:
                continue
            score = float(rank)
            address = node.get("mainEntityOfPage") or node.get("url") or node.get("@id")
            address = address.get("@id") or address.get("url") if isinstance(address, dict) else address
            if own and isinstance(address, str) and normalise_address(address) == own:
                score -= 2
            name = extract_text(node.get("headline")) or extract_text(node.get("name"))
            if name and any(measure_agreement(name, title) > 0.8 for title in titles):
                score -= 3
            if not (node.get("author") or node.get("datePublished")):
                score += 2
            ranked.append((score, at, node))
        if not ranked:
            return None
        first = min(ranked, key=lambda one: one[:2])[2]
        pages = [node for _, _, node in ranked if node is not first and _rank_node(node) > 5]
        if _rank_node(first) > 2 or not pages:
            return first
        # the page itself knows what the article's own node lacks
        lacking: dict[str, Any] = {name: pages[0][name] for name in _PAGE_PROPERTIES if name in pages[0]}
        return lacking | first

    def find_site_name(self) -> str:
        """The name of the site, as its own node gives it."""
        for node in self.nodes:
            if "website" in _list_types(node) and (name := extract_text(node.get("name"))):
                return name
        return ""

    def list_parties(self, value: Any, part: str = "author", depth: int = 0) -> Iterator[Party]:
        """Persons and organizations, one by one, of any shape."""
        for one in _ensure_list(value)[:40]:
            if isinstance(one, list) and depth < 3:
                yield from self.list_parties(one, part, depth + 1)
            elif isinstance(one, str):
                if name := flatten_text(one):
                    yield Party(name, "", part)
            elif isinstance(one, dict):
                if isinstance(id := one.get("@id"), str) and "name" not in one:
                    one = {**self.by_id.get(id, {}), **one}
                kinds = _list_types(one)
                kind = "person" if "person" in kinds else "organization" if kinds and kinds != ["thing"] else ""
                names = [extract_text(name) for name in _ensure_list(one.get("name"))]
                if not any(names):
                    names = [f"{extract_text(one.get('givenName'))} {extract_text(one.get('familyName'))}".strip()]
                for name in names:
                    if name:
                        yield Party(name, kind, part)


_ROLE_PROPERTIES = {"author": "author", "creator": "author", "editor": "editing", "translator": "translation"}
_FIELD_PROPERTIES = {
    "datePublished": "published",
    "dateModified": "modified",
    "uploadDate": "published",
    "articleSection": "section",
    "inLanguage": "language",
    "copyrightYear": "copyright.year",
}


def extract_json_ld_facts(graph: Graph, node: Mapping[str, Any]) -> Iterator[Fact]:
    for name in ("headline", "name"):
        if title := extract_text(node.get(name)):
            yield Fact(f"json-ld.{name}", "markup.title", title)
            break
    for name, part in _ROLE_PROPERTIES.items():
        for party in graph.list_parties(node.get(name), part):
            yield Fact(f"json-ld.{name}", "markup.authors", party)
    for name, field in _FIELD_PROPERTIES.items():
        for one in _ensure_list(node.get(name))[:10]:
            if text := extract_text(one, "@id"):
                yield Fact(f"json-ld.{name}", f"markup.{field}", text)
    for party in graph.list_parties(node.get("publisher"), "publisher"):
        yield Fact("json-ld.publisher", "markup.publisher", party.name)
    for party in graph.list_parties(node.get("copyrightHolder"), "publisher"):
        yield Fact("json-ld.copyrightHolder", "markup.copyright.holder", party.name)
    for word in _ensure_list(node.get("keywords"))[:100]:
        if text := extract_text(word):
            yield Fact("json-ld.keywords", "markup.tags", text)
    for name, field in (("image", "images"), ("video", "videos")):
        for media in _list_media(graph, node.get(name)):
            yield Fact(f"json-ld.{name}", f"markup.{field}", media)
    parts = [node, *(part for part in _ensure_list(node.get("hasPart")) if isinstance(part, dict))]
    if any(str(part.get("isAccessibleForFree", "")).rpartition("/")[2].casefold() == "false" for part in parts):
        yield Fact("json-ld.isAccessibleForFree", "markup.flags", "paywall")
    if is_live_blog(node):
        yield Fact("json-ld.type", "markup.flags", "live-blog")


def is_live_blog(node: Mapping[str, Any]) -> bool:
    """Whether a node is a live blog."""
    return "liveblogposting" in _list_types(node)


def _list_media(graph: Graph, value: Any) -> Iterator[Media]:
    for one in _ensure_list(value)[:20]:
        if isinstance(one, str):
            yield Media(url=one.strip()) if one.strip() else Media()
        elif isinstance(one, dict):
            if isinstance(id := one.get("@id"), str) and len(one) < 3:
                one = {**graph.by_id.get(id, {}), **one}
            address = (
                extract_text(one.get("url"))
                or extract_text(one.get("contentUrl"))
                or extract_text(one.get("embedUrl"))
                or None
            )
            caption = extract_text(one.get("caption")) or None
            if one.get("@type") == "VideoObject":
                caption = caption or extract_text(one.get("name")) or None
            credit = (
                extract_text(one.get("creditText"))
                or extract_text(one.get("creator"))
                or extract_text(one.get("author"))
                or None
            )
            if address or caption:
                yield Media(caption, credit, address)

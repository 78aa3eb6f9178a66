"""JSON-LD: the article among the nodes of a page, and the raw facts of its node.

Any shape is read: graphs, lists, strings for objects, objects by their `@id`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from cleaner.document import Fact
from cleaner.html.headline import measure_agreement
from cleaner.html.loose_json import TYPE_RANKS, UNKNOWN_TYPE_RANK, WEB_PAGE_RANK
from cleaner.html.values import Party, flatten_text
from cleaner.record import Media
from cleaner.text.urls import normalise_address

Node = Mapping[str, object]
"""An object of JSON-LD: its properties by name."""

MAX_NODES = 4000
"""Objects of a page's JSON-LD that are looked at; comments and recipes of a page can be tens of thousands."""

MAX_NAMES, MAX_VALUES, MAX_MEDIA, MAX_PARTIES, MAX_KEYWORDS = 20, 10, 20, 40, 100
"""Entries of one property that are read: names of a thing, plain values, images or videos, persons, and keywords."""

MAX_NESTED_LISTS = 3
"""Lists inside lists of persons that are read."""

MAX_ARTICLE_RANK = 8
"""The highest rank of `TYPE_RANKS` of a node that can stand for the article."""

MAX_OWN_RANK = 2
"""Up to this rank a node is an article's own, which the node of its page adds to."""

MIN_TITLE_AGREEMENT = 0.8
"""Agreement above which a node's title is the page's."""

ADDRESS_POINTS, TITLE_POINTS, UNSIGNED_COST = 2, 3, 2
"""Ranks that a node wins by having the page's address or its title, and loses by having neither author nor date, as
teasers do."""

MAX_REFERENCE_PROPERTIES = 2
"""Properties of the largest image or video that only names another node by its `@id`."""

_INNER_NODES = ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed", "subjectOf", "hasPart")
"""Properties whose objects are nodes of the page themselves."""

_PAGE_PROPERTIES = ("datePublished", "inLanguage", "isAccessibleForFree")
"""Properties that the node of a page knows for its article."""


def _collect_nodes(values: Iterable[object]) -> list[Node]:
    """Every object that is no mere value of another, outermost first: those of lists, graphs and main entities."""
    found: list[Node] = []
    queue = list(values)
    for value in queue:
        if len(queue) > MAX_NODES:
            break
        match value:
            case list():
                queue += value
            case dict():
                found.append(value)
                queue += (inner for inner in map(value.get, _INNER_NODES) if isinstance(inner, dict | list))
    return found


def _list_values(value: object, most: int | None = None) -> list[object]:
    """The entries of a list, at most so many; a single value is a list of one, none an empty one."""
    match value:
        case list():
            return value[:most]
        case None:
            return []
    return [value]


def _list_types(node: Node) -> list[str]:
    """The types of a node in lower case, without the address of the vocabulary."""
    kinds = (kind for kind in _list_values(node.get("@type")) if isinstance(kind, str))
    return [kind.rpartition("/")[2].rpartition(":")[2].casefold() for kind in kinds]


def _rank_node(node: Node) -> int:
    """How surely a node stands for an article, by the surest of its types: see `TYPE_RANKS`."""
    return min((TYPE_RANKS.get(kind, UNKNOWN_TYPE_RANK) for kind in _list_types(node)), default=UNKNOWN_TYPE_RANK)


def extract_text(value: object, *names: str) -> str:
    """The text of a value that is a string, an object with one of these names, or a list of such."""
    match value:
        case str():
            return flatten_text(value)
        case bool():
            return ""
        case int() | float():
            return str(value)
        case list():
            return _extract_first(value[:MAX_NAMES], list, *names)
        case dict():
            return _extract_first(map(value.get, ("@value", "name", *names)), dict)
    return ""


def _extract_first(values: Iterable[object], skipped: type, *names: str) -> str:
    """The first text of these values but those of one type."""
    return next(filter(None, (extract_text(one, *names) for one in values if not isinstance(one, skipped))), "")


def extract_property(node: Node, *properties: str) -> str:
    """The text of the first of these properties that has one."""
    return next(filter(None, (extract_text(node.get(name)) for name in properties)), "")


class Graph:
    """The article among the nodes of a page's JSON-LD."""

    def __init__(self, values: Iterable[object]) -> None:
        self.nodes = _collect_nodes(values)
        self.by_id: dict[str, Node] = {}
        for node in self.nodes:
            if isinstance(name := node.get("@id"), str) and len(node) > 1:
                self.by_id[name] = {**node, **self.by_id.get(name, {})}

    def find_article(self, url: str | None, titles: Sequence[str]) -> Node | None:
        """The node of the best kind; of several the one with the page's address or title, which teasers have not."""
        own = normalise_address(url)
        likely = [node for node in self.nodes if _rank_node(node) <= MAX_ARTICLE_RANK]
        if not likely:
            return None
        first = min(likely, key=lambda node: _score_node(node, own, titles))
        pages = [node for node in likely if node is not first and _rank_node(node) > WEB_PAGE_RANK]
        if _rank_node(first) > MAX_OWN_RANK or not pages:
            return first
        # the page itself knows what the article's own node lacks
        return {**{name: pages[0][name] for name in _PAGE_PROPERTIES if name in pages[0]}, **first}

    def find_site_name(self) -> str:
        """The name of the site, as its own node gives it."""
        sites = (extract_property(node, "name") for node in self.nodes if "website" in _list_types(node))
        return next(filter(None, sites), "")

    def resolve_reference(self, node: Node, is_reference: bool) -> Node:
        """The node that another one names by its `@id`, with what that says itself; the node as it is if it is none."""
        name = node.get("@id")
        return {**self.by_id.get(name, {}), **node} if is_reference and isinstance(name, str) else node

    def list_parties(self, value: object, part: str = "author", depth: int = 0) -> Iterator[Party]:
        """Persons and organizations, one by one, of any shape."""
        for one in _list_values(value, MAX_PARTIES):
            match one:
                case list() if depth < MAX_NESTED_LISTS:
                    yield from self.list_parties(one, part, depth + 1)
                case str():
                    yield from _name_parties([flatten_text(one)], "", part)
                case dict():
                    party = self.resolve_reference(one, "name" not in one)
                    yield from _name_parties(_list_names(party), _find_party_kind(party), part)

    def list_media(self, value: object) -> Iterator[Media]:
        """Images or videos, of any shape: addresses as strings, objects with captions and credits."""
        for one in _list_values(value, MAX_MEDIA):
            match one:
                case str():
                    yield Media(url=one.strip() or None)
                case dict():
                    node = self.resolve_reference(one, len(one) <= MAX_REFERENCE_PROPERTIES)
                    address = extract_property(node, "url", "contentUrl", "embedUrl") or None
                    of_video = ("name",) if node.get("@type") == "VideoObject" else ()
                    caption = extract_property(node, "caption", *of_video) or None
                    if address or caption:
                        yield Media(caption, extract_property(node, "creditText", "creator", "author") or None, address)


def _score_node(node: Node, own: str, titles: Sequence[str]) -> int:
    """How far a node is from being the page's article: its rank, less what speaks for it; `own` is the page's key."""
    address = _get_first(node, "mainEntityOfPage", "url", "@id")
    if isinstance(address, dict):
        address = _get_first(address, "@id", "url")
    is_own = own != "" and isinstance(address, str) and normalise_address(address) == own
    name = extract_property(node, "headline", "name")
    is_titled = name != "" and any(measure_agreement(name, title) > MIN_TITLE_AGREEMENT for title in titles)
    is_unsigned = not _get_first(node, "author", "datePublished")
    return _rank_node(node) - ADDRESS_POINTS * is_own - TITLE_POINTS * is_titled + UNSIGNED_COST * is_unsigned


def _get_first(node: Node, *properties: str) -> object:
    """The first of these properties that is neither missing nor empty."""
    return next(filter(None, map(node.get, properties)), None)


def _list_names(party: Node) -> list[str]:
    """The names of a person or an organization; given and family name where there is no other."""
    names = list(map(extract_text, _list_values(party.get("name"))))
    parts = map(extract_text, map(party.get, ("givenName", "familyName")))
    return names if any(names) else [" ".join(parts).strip()]


def _find_party_kind(party: Node) -> str:
    """`person`, `organization` for any other type, or empty where a node does not say."""
    kinds = _list_types(party)
    if "person" in kinds:
        return "person"
    return "" if kinds in ([], ["thing"]) else "organization"


def _name_parties(names: Iterable[str], kind: str, part: str) -> Iterator[Party]:
    return (Party(name, kind, part) for name in filter(None, names))


# ---------------------------------------------------------------- facts


Reader = Callable[[Graph, object], Iterable[str | Party | Media]]


def _read_texts(
    graph: Graph, value: object, names: tuple[str, ...] = ("@id",), most: int = MAX_VALUES
) -> Iterator[str]:
    return filter(None, (extract_text(one, *names) for one in _list_values(value, most)))


def _read_party_names(graph: Graph, value: object) -> Iterator[str]:
    return (party.name for party in graph.list_parties(value, "publisher"))


_PROPERTY_READERS: tuple[tuple[str, str, Reader], ...] = (
    ("author", "authors", Graph.list_parties),
    ("creator", "authors", Graph.list_parties),
    ("editor", "authors", partial(Graph.list_parties, part="editing")),
    ("translator", "authors", partial(Graph.list_parties, part="translation")),
    ("datePublished", "published", _read_texts),
    ("dateModified", "modified", _read_texts),
    ("uploadDate", "published", _read_texts),
    ("articleSection", "section", _read_texts),
    ("inLanguage", "language", _read_texts),
    ("copyrightYear", "copyright.year", _read_texts),
    ("publisher", "publisher", _read_party_names),
    ("copyrightHolder", "copyright.holder", _read_party_names),
    ("keywords", "tags", partial(_read_texts, names=(), most=MAX_KEYWORDS)),
    ("image", "images", Graph.list_media),
    ("video", "videos", Graph.list_media),
)
"""Properties of an article's node in the order of their facts, the field of each, and how its values are read."""


def extract_json_ld_facts(graph: Graph, node: Node) -> Iterator[Fact]:
    """The raw facts of the article's node: its title, the properties of `_PROPERTY_READERS`, its flags."""
    name = next(filter(lambda name: extract_text(node.get(name)), ("headline", "name")), "")
    if name:
        yield Fact(f"json-ld.{name}", "markup.title", extract_text(node.get(name)))
    for name, field, read in _PROPERTY_READERS:
        yield from (Fact(f"json-ld.{name}", f"markup.{field}", value) for value in read(graph, node.get(name)))
    parts = [node, *(part for part in _list_values(node.get("hasPart")) if isinstance(part, dict))]
    if any(map(_is_paid, parts)):
        yield Fact("json-ld.isAccessibleForFree", "markup.flags", "paywall")
    if is_live_blog(node):
        yield Fact("json-ld.type", "markup.flags", "live-blog")


def _is_paid(part: Node) -> bool:
    """Whether a node says that it is not free: False, "false", "False", "http://schema.org/False"."""
    return str(part.get("isAccessibleForFree", "")).rpartition("/")[2].casefold() == "false"


def is_live_blog(node: Node) -> bool:
    """Whether a node is a live blog."""
    return "liveblogposting" in _list_types(node)

"""What the markup of a page says about its article: raw facts out of JSON-LD, microdata, meta tags, links and the
elements that a reader sees as headline, byline and date.

`facts` takes the tree of a page and yields facts with the keys `markup.FIELD`; each one's rule names where it stands:
`json-ld.author`, `opengraph.title`, `meta.author`, `dublin-core.creator`, `microdata.datePublished`, `time.published`,
`rel.author`, `byline`, `link.canonical`, `heading`.  Nothing is judged here but which node of many is the article, and
which heading of many is its headline: both need the tree.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import msgspec
from lxml import etree
from msgspec import Struct

from cleaner.document import Fact
from cleaner.prose import key
from cleaner.record import Media

Element = etree._Element


class Party(Struct, frozen=True):
    """Somebody or something that the markup names: `kind` is `person`, `organization`, or empty where it does not say;
    `part` is a role of `cleaner.names.Role`."""

    name: str
    kind: str = ""
    part: str = "author"


# ---------------------------------------------------------------- JSON-LD

NODES = 4000
"""Objects of a page's JSON-LD that are looked at; comments and recipes of a page can be tens of thousands."""

BROKEN = 1 << 20
"""Characters of broken JSON-LD that are mended; more is read by its pieces only."""

_ARTICLE = {
    "newsarticle": 0, "reportagenewsarticle": 0, "analysisnewsarticle": 0, "opinionnewsarticle": 0,
    "backgroundnewsarticle": 0, "reviewnewsarticle": 0, "askpublicnewsarticle": 0, "article": 0, "report": 1,
    "liveblogposting": 0, "blogposting": 0, "advertisercontentarticle": 1, "satiricalarticle": 0,
    "scholarlyarticle": 1, "techarticle": 1, "medicalscholarlyarticle": 1, "socialmediaposting": 2,
    "discussionforumposting": 2, "review": 3, "recipe": 1, "creativework": 3, "howto": 2, "interview": 1,
    "podcastepisode": 3, "videoobject": 4, "event": 5, "product": 5, "webpage": 6, "itempage": 6, "collectionpage": 8,
    "medicalwebpage": 5, "qapage": 6, "faqpage": 7, "aboutpage": 6, "profilepage": 7,
}  # fmt: skip
"""schema.org's kinds of article, and other kinds that stand for one, by how surely they do."""

_OPENING = re.compile(r"\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)+")
_CLOSING = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?|;|\s){1,40}\Z")
_STRING = r'"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)'  # to the end where it is not closed: linear
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)", re.DOTALL)
_COMMA = re.compile(rf"({_STRING})|,(?=\s*(?:[}}\]]|,|$))", re.DOTALL)
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_PIECE = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|description|inLanguage)"\s*:\s*("(?:[^"\\\n]|\\.)*+")'
)
_PIECE_AUTHOR = re.compile(
    r'"author"\s*:\s*\[?\s*\{[^{}]{0,300}?"name"\s*:\s*("(?:[^"\\\n]|\\.)*+")|"author"\s*:\s*("(?:[^"\\\n]|\\.)*+")'
)
_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(\w+)"')
_loads = msgspec.json.Decoder().decode
_lenient = json.JSONDecoder(strict=False)


def read_json(text: str) -> list[Any]:
    """The values that a script holds: one as a rule; several where they stand one behind the other; none of nonsense.

    Comments, CDATA marks, commas too many, line ends in strings, escaped quotes and bad escapes are mended."""
    try:
        return [_loads(text)]
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        pass
    text = text.lstrip("\ufeff")
    if opening := _OPENING.match(text):
        text = text[opening.end() :]
    text = text.strip()
    if closing := _CLOSING.search(text, max(0, len(text) - 60)):
        text = text[: closing.start()]
    if not text.startswith(("{", "[")):
        return []
    for mend in (_unchanged, _mended, _unescaped) if len(text) <= BROKEN else ():
        try:
            return list(_values(mend(text)))
        except (ValueError, RecursionError):
            continue
    return _pieces(text)


def _values(text: str) -> Iterator[Any]:
    at = 0
    while at < len(text):
        value, at = _lenient.raw_decode(text, at)
        yield value
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1


def _unchanged(text: str) -> str:
    return text


def _unescaped(text: str) -> str:
    return _mended(html.unescape(text))


def _mended(text: str) -> str:
    text = _COMMENT.sub(lambda found: found[1] or "", text)
    text = _COMMA.sub(lambda found: found[1] or "", text)
    return _BAD_ESCAPE.sub(r"\\\\", text)


def _pieces(text: str) -> list[Any]:
    """What can be read of an article in JSON beyond repair: its plain fields, each the first time it stands."""
    kind = next((found[1] for found in _TYPE.finditer(text) if _ARTICLE.get(found[1].casefold(), 9) < 5), None)
    if kind is None:
        return []
    node: dict[str, Any] = {"@type": kind}
    for name, value in _PIECE.findall(text):
        node.setdefault(name, _string(value))
    if found := _PIECE_AUTHOR.search(text):
        node["author"] = _string(found[1] or found[2])
    return [node]


def _string(written: str) -> str:
    try:
        return str(_lenient.decode(_BAD_ESCAPE.sub(r"\\\\", written)))
    except ValueError:
        return written[1:-1]


def _nodes(values: Iterable[Any]) -> list[dict[str, Any]]:
    """Every object that is no mere value of another, outermost first: those of lists, graphs and main entities."""
    found: list[dict[str, Any]] = []
    queue = list(values)
    for value in queue:
        if len(queue) > NODES:
            break
        if isinstance(value, list):
            queue += value
        elif isinstance(value, dict):
            found.append(value)
            for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed", "subjectOf", "hasPart"):
                if isinstance(value.get(name), dict | list):
                    queue.append(value[name])
    return found


def _kinds(node: Mapping[str, Any]) -> list[str]:
    kind = node.get("@type")
    return [
        one.rpartition("/")[2].rpartition(":")[2].casefold()
        for one in (kind if isinstance(kind, list) else [kind])
        if isinstance(one, str)
    ]


def _rank(node: Mapping[str, Any]) -> int:
    return min((_ARTICLE.get(kind, 9) for kind in _kinds(node)), default=9)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any, *names: str) -> str:
    """The text of a value that is a string, an object with one of these names, or a list of such."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return next((text for one in value[:20] if not isinstance(one, list) and (text := _text(one, *names))), "")
    if isinstance(value, dict):
        for name in ("@value", "name", *names):
            if not isinstance(inner := value.get(name), dict) and (text := _text(inner)):
                return text
    return ""


_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


def _clean(text: str) -> str:
    """On one line, without tags and entities; twice escaped ones too."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    return " ".join(text.split())


_OF_THE_PAGE = ("datePublished", "inLanguage", "isAccessibleForFree")


class _Graph:
    """The article among the nodes of a page's JSON-LD."""

    def __init__(self, values: Iterable[Any]) -> None:
        self.nodes = _nodes(values)
        self.by_id: dict[str, dict[str, Any]] = {}
        for node in self.nodes:
            if isinstance(name := node.get("@id"), str) and len(node) > 1:
                known = self.by_id.get(name)
                self.by_id[name] = {**node, **known} if known else node

    def article(self, url: str | None, titles: Sequence[str]) -> dict[str, Any] | None:
        """The node of the best kind; of several the one with the page's address or title, which teasers have not."""
        ranked: list[tuple[float, int, dict[str, Any]]] = []
        own = _address(url)
        for at, node in enumerate(self.nodes):
            rank = _rank(node)
            if rank > 8:
                continue
            score = float(rank)
            address = node.get("mainEntityOfPage") or node.get("url") or node.get("@id")
            address = address.get("@id") or address.get("url") if isinstance(address, dict) else address
            if own and isinstance(address, str) and _address(address) == own:
                score -= 2
            name = _text(node.get("headline")) or _text(node.get("name"))
            if name and any(agreement(name, title) > 0.8 for title in titles):
                score -= 3
            if not (node.get("author") or node.get("datePublished")):
                score += 2
            ranked.append((score, at, node))
        if not ranked:
            return None
        first = min(ranked, key=lambda one: one[:2])[2]
        pages = [node for _, _, node in ranked if node is not first and _rank(node) > 5]
        if _rank(first) > 2 or not pages:
            return first
        # the page itself knows what the article's own node lacks
        lacking: dict[str, Any] = {name: pages[0][name] for name in _OF_THE_PAGE if name in pages[0]}
        return lacking | first

    def site(self) -> str:
        """The name of the site, as its own node gives it."""
        for node in self.nodes:
            if "website" in _kinds(node) and (name := _text(node.get("name"))):
                return name
        return ""

    def parties(self, value: Any, part: str = "author", depth: int = 0) -> Iterator[Party]:
        """Persons and organizations, one by one, of any shape."""
        for one in _many(value)[:40]:
            if isinstance(one, list) and depth < 3:
                yield from self.parties(one, part, depth + 1)
            elif isinstance(one, str):
                if name := _clean(one):
                    yield Party(name, "", part)
            elif isinstance(one, dict):
                if isinstance(id := one.get("@id"), str) and "name" not in one:
                    one = {**self.by_id.get(id, {}), **one}
                kinds = _kinds(one)
                kind = "person" if "person" in kinds else "organization" if kinds and kinds != ["thing"] else ""
                names = [_text(name) for name in _many(one.get("name"))]
                if not any(names):
                    names = [f"{_text(one.get('givenName'))} {_text(one.get('familyName'))}".strip()]
                for name in names:
                    if name:
                        yield Party(name, kind, part)


def _address(url: str | None) -> str:
    """An address as two of the same page compare: host without www, path without slash at its end."""
    if not url:
        return ""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return f"{parts.netloc.casefold().removeprefix('www.')}{parts.path.rstrip('/')}"


_PARTS = {"author": "author", "creator": "author", "editor": "editing", "translator": "translation"}
_FIELDS = {
    "datePublished": "published", "dateModified": "modified", "uploadDate": "published", "articleSection": "section",
    "description": "description", "inLanguage": "language", "copyrightYear": "copyright.year",
}  # fmt: skip


def _json_ld(graph: _Graph, node: Mapping[str, Any]) -> Iterator[Fact]:
    for name in ("headline", "name"):
        if title := _text(node.get(name)):
            yield Fact(f"json-ld.{name}", "markup.title", title)
            break
    for name, part in _PARTS.items():
        for party in graph.parties(node.get(name), part):
            yield Fact(f"json-ld.{name}", "markup.authors", party)
    for name, field in _FIELDS.items():
        for one in _many(node.get(name))[:10]:
            if text := _text(one, "@id"):
                yield Fact(f"json-ld.{name}", f"markup.{field}", text)
    for party in graph.parties(node.get("publisher"), "publisher"):
        yield Fact("json-ld.publisher", "markup.publisher", party.name)
    for party in graph.parties(node.get("copyrightHolder"), "publisher"):
        yield Fact("json-ld.copyrightHolder", "markup.copyright.holder", party.name)
    for word in _many(node.get("keywords"))[:100]:
        if text := _text(word):
            yield Fact("json-ld.keywords", "markup.tags", text)
    for name, field in (("image", "images"), ("video", "videos")):
        for media in _media(graph, node.get(name)):
            yield Fact(f"json-ld.{name}", f"markup.{field}", media)
    parts = [node, *(part for part in _many(node.get("hasPart")) if isinstance(part, dict))]
    if any(str(part.get("isAccessibleForFree", "")).rpartition("/")[2].casefold() == "false" for part in parts):
        yield Fact("json-ld.isAccessibleForFree", "markup.flags", "paywall")
    if "liveblogposting" in _kinds(node):
        yield Fact("json-ld.type", "markup.flags", "live-blog")


def _media(graph: _Graph, value: Any) -> Iterator[Media]:
    for one in _many(value)[:20]:
        if isinstance(one, str):
            yield Media(url=one.strip()) if one.strip() else Media()
        elif isinstance(one, dict):
            if isinstance(id := one.get("@id"), str) and len(one) < 3:
                one = {**graph.by_id.get(id, {}), **one}
            address = _text(one.get("url")) or _text(one.get("contentUrl")) or _text(one.get("embedUrl")) or None
            caption = _text(one.get("caption")) or None
            if one.get("@type") == "VideoObject":
                caption = caption or _text(one.get("name")) or None
            credit = _text(one.get("creditText")) or _text(one.get("creator")) or _text(one.get("author")) or None
            if address or caption:
                yield Media(caption, credit, address)


# ---------------------------------------------------------------- meta tags

_META = {
    "title": "og:title twitter:title dc.title dcterms.title parsely-title sailthru.title citation_title title headline "
             "article:title cxenseparse:title",
    "authors": "author article:author og:article:author byl byline parsely-author sailthru.author dc.creator "
               "dcterms.creator citation_author cxenseparse:author article.author authors article:author_name "
               "dc.contributor vr:author lp.article:author blogger:author",
    "published": "article:published_time og:published_time og:article:published_time article:published datepublished "
                 "parsely-pub-date sailthru.date pubdate publishdate publish-date publish_date publication_date "
                 "date dc.date dc.date.issued dc.date.created dcterms.date dcterms.created dcterms.issued "
                 "citation_publication_date citation_date cxenseparse:recs:publishtime published_at published-date "
                 "originalpublicationdate article:published_date article.published article_date_original "
                 "og:pubdate release_date publicationdate displaydate pub_date created_at dcterms.available "
                 "shareaholic:article_published_time vr:published_time datecreated og:publish_date pdate "
                 "rnews:datepublished bt:pubdate lp.article:published_date newsdate article:create_time",
    "modified": "article:modified_time og:updated_time og:article:modified_time og:modified_time dc.date.modified "
                "dcterms.modified datemodified last-modified lastmod modified revised lastmodified updated_time "
                "article:modified article:updated_time shareaholic:article_modified_time",
    "section": "article:section parsely-section cxenseparse:category section og:article:section",
    "tags": "article:tag keywords news_keywords parsely-tags sailthru.tags og:article:tag dc.subject",
    "publisher": "og:site_name application-name dc.publisher dcterms.publisher publisher al:android:app_name "
                 "citation_journal_title",
    "description": "og:description description twitter:description dc.description dcterms.abstract",
    "images": "og:image og:image:url og:image:secure_url twitter:image twitter:image:src",
    "videos": "og:video og:video:url og:video:secure_url",
    "language": "og:locale content-language dc.language dcterms.language language",
    "canonical_url": "og:url",
    "copyright.holder": "copyright dc.rights",
    "alt": "og:image:alt twitter:image:alt",
}  # fmt: skip
_META_FIELD = {name: (field, order) for field, names in _META.items() for order, name in enumerate(names.split())}
"""Names of meta tags for each field, the most telling first.  Sources: ogp.me, the documentations of Twitter cards,
Dublin Core, Parse.ly, Sailthru, Cxense and Google Scholar."""


def _source(name: str) -> str:
    if name.startswith(("og:", "article:")):
        return "opengraph"
    if name.startswith(("dc.", "dcterms.")):
        return "dublin-core"
    return "twitter" if name.startswith("twitter:") else "meta"


def _of(field: str, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if pair[0] in _META_FIELD and _META_FIELD[pair[0]][0] == field]


def _from_meta(pairs: Sequence[tuple[str, str]]) -> Iterator[Fact]:
    found: list[tuple[int, Fact]] = []
    labels: dict[str, str] = {}
    for name, content in pairs:
        if name in _META_FIELD:
            field, order = _META_FIELD[name]
            source = _source(name)
            if field == "alt":
                continue
            value: Any = content
            if field == "authors":
                value = Party(content)
            elif field in ("images", "videos"):
                value = Media(url=content)
            shown = field if source != "dublin-core" else name.rpartition(".")[2]
            found.append((order, Fact(f"{source}.{shown}", f"markup.{field}", value)))
        elif name.startswith(("twitter:label", "twitter:data")):
            labels[name] = content
    alt = next((content for _, content in _of("alt", pairs)), None)
    for _, fact in sorted(found, key=lambda one: one[0]):
        yield Fact(fact.rule, fact.key, Media(alt, None, fact.value.url)) if fact.key == "markup.images" else fact
    for number in "12":
        # WordPress plug-ins put "Written by" and the author here, in the language of the page
        label, content = labels.get(f"twitter:label{number}"), labels.get(f"twitter:data{number}", "")
        if label and content and not re.search(r"\d", content):
            yield Fact("twitter.label", "markup.authors", Party(f"{label}: {content}"))


# ---------------------------------------------------------------- what is seen

_OUTSIDE = frozenset("aside footer nav figure figcaption form noscript template".split())
_NO_TEXT = frozenset("script style noscript template svg button iframe select".split())
_INLINE = frozenset("a b i em strong u sup sub small mark abbr font wbr".split())
_HEAD = frozenset("title meta link img base script style svg path g use symbol".split())

_AROUND = re.compile(
    r"comment|kommentar|related|teaser|sidebar|side-bar|(?<!post-)(?<!entry-)(?<!article-)(?<!post_)footer|promo|recommend|newsletter|most-?read|widget-area|widget_|carousel|"
    r"\bcards?\b|popular|trending|latest|breadcrumb|share|social|\bnav\b|navigation|\bmenu|disqus|respond|reply|"
    r"gallery|caption|also-|read-?more|more-?from|next-?post|prev|slider|swiper|\bads?\b|banner|cookie",
    re.IGNORECASE,
)
_WORD_STARTS = r"(?:^|[\s_-]|(?<=[a-z])(?=[A-Z]))"
_BY = re.compile(
    _WORD_STARTS + r"(?:by-?line|authors?|autor(?:en|in|es|a|e)?|auteurs?|writers?|written-?by|posted-?by|verfasser|"
    r"redakteur|p-author|vcard|fn|skribent|toimittaja|författare|autore)(?:$|[\s_-]|(?=[A-Z])|s?name|link|box|info)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    _WORD_STARTS + r"(?:pub(?:lished|lication)?-?date|date-?(?:time|line|published|stamp)?|datum|"
    r"time-?(?:stamp|published)?|published|posted(?:-?on|-?date)?|post-?date|entry-?date|fecha|dato|updated|created|"
    r"datetime|dt-published)(?:$|[\s_-]|(?=[A-Z]))",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"modif|updat|aktualis|lastmod", re.IGNORECASE)
_TITLED = re.compile(r"headline|(?:^|[\s_-])(?:\w+-)?title(?:$|[\s_-])", re.IGNORECASE)
_KICKER = re.compile(
    r"kicker|over-?line|top-?line|dachzeile|spitzmarke|eyebrow|pre-?title|roof-?line|super-?title|surtitre|antetit|"
    r"pre-?headline|over-?title|headline-?(?:intro|prefix|label)|category|rubrik|topic",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

LONGEST = 5000
"""Characters of a meta tag's content that are read."""

LONG = 220
"""Characters of the longest byline or line of dates."""

MOST = 60
"""Bylines and dates of a page that are read: lists of articles have hundreds."""

ALIKE = 3
"""Different bylines in elements of one kind that make them those of teasers, but for one right below the headline."""


_PROMISES = (
    "title", "headline", "author", "autor", "auteur", "byline", "by-line", "writer", "-by", "_by", "verfasser",
    "redakteur", "vcard", "fn", "skribent", "toimittaja", "författare", "dat", "time", "publ", "posted", "fecha",
    "created",
)  # fmt: skip
"""Parts of names without one of which none of the patterns matches."""


@lru_cache(4096)
def _signs(tag: str, names: str) -> str:
    """What an element's tag and class names promise: t(itle), b(yline), d(ate) or m(odified)."""
    signs = "t" if tag in ("h1", "h2") else "d" if tag == "time" else ""
    small = names.casefold()
    if not any(part in small for part in _PROMISES):
        return signs
    signs = ""
    if tag in ("h1", "h2") or (tag not in ("p", "a", "time") and _TITLED.search(names)):
        signs += "t"
    if _BY.search(names):
        signs += "b"
    if tag == "time" or _WHEN.search(names):
        signs += "m" if _CHANGED.search(names) else "d"
    return signs


@lru_cache(4096)
def _is_around(names: str) -> bool:
    return _AROUND.search(names) is not None


def shown_text(element: Element, limit: int = 600, without: Element | None = None) -> str:
    """The text of an element as it reads: no scripts, and a blank where another element than a word's begins."""
    parts: list[str] = []
    size = 0
    stack: list[tuple[Element, bool]] = [(element, False)]
    while stack and size < limit:
        node, behind = stack.pop()
        tag = node.tag
        if behind:
            text = node.tail
        else:
            if node is not element:
                stack.append((node, True))
            if node is without or not isinstance(tag, str) or tag in _NO_TEXT:
                continue
            if len(node):
                stack.extend([(child, False) for child in reversed(node)])
            text = node.text
        if node is not element and tag not in _INLINE:
            parts.append(" ")
        if text:
            parts.append(text)
            size += len(text)
    return " ".join("".join(parts).split())


_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_CUT = re.compile(r"\s+[-–—|·•:»«›~/]+\s+|\s*[|｜]\s*|(?<=\w):\s+")


@lru_cache(256)
def _words(text: str) -> frozenset[str]:
    """The words of a title; pairs of letters where a script does without spaces."""
    text = text.casefold()
    if _UNSPACED.search(text):
        plain = key(text)
        return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))
    return frozenset(_WORD.findall(text))


def agreement(one: str, other: str) -> float:
    """How far two titles are the same, from 0 to 1: the share of words, of the one with fewer; order does not count."""
    first, second = _words(one), _words(other)
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer else 0.0


def _likeness(shown: str, title: str, plain: str) -> float:
    """How far a heading is what the metadata call the page, from 0 to 1; `plain` is its key."""
    first, second = _words(shown), _words(title)
    common = len(first & second)
    if not common:
        return 0.0
    if plain == key(title):
        return 1.0
    parts = [key(part) for part in _CUT.split(title)]
    if plain in parts:  # a shorter part may be a section or the site
        return 0.9 if len(plain) == max(map(len, parts)) else 0.6
    share = common / len(first | second)
    return max(share, common / len(first) - 0.1) if len(first) > 3 else share


class _Found(Struct):
    """An element that promises something: its place among them, and how many paragraphs stand before it."""

    element: Any
    signs: str
    texts: int


class _Seen:
    """What one walk over a page finds: scripts, meta tags, links, and in their order headings, bylines and dates."""

    def __init__(self, root: Element) -> None:
        self.scripts: list[str] = []
        self.pairs: list[tuple[str, str]] = []
        self.links: list[Element] = []
        self.found: list[_Found] = []
        self.page = ""
        self._outside: dict[Element, bool] = {}
        texts = 0
        for element in root.iter(etree.Element):
            tag = element.tag
            if tag == "p":
                texts += len(element.text or "") > 60
            elif tag == "meta":
                get = element.get
                name = get("property") or get("name") or get("itemprop") or get("http-equiv")
                if name and (content := get("content")) and (content := _clean(content[:LONGEST])):
                    self.pairs.append((name.strip().casefold(), content))
                continue
            elif tag == "link":
                self.links.append(element)
                continue
            elif tag == "script":
                if "ld+json" in (element.get("type") or "").casefold() and element.text:
                    self.scripts.append(element.text)
                continue
            elif tag == "title":
                self.page = self.page or _clean(element.text or "")
                continue
            names = element.get("class")
            signs = _signs(tag, names) if names else "t" if tag in ("h1", "h2") else "d" if tag == "time" else ""
            if prop := element.get("itemprop"):
                if "author" in prop or "creator" in prop:
                    signs += "B"
                elif "date" in prop:
                    signs += "M" if "modified" in prop.casefold() else "D"
                elif "headline" in prop:
                    signs += "t"
            if tag == "a" and "author" in (element.get("rel") or ""):
                signs += "r"
            if signs and tag not in _HEAD and tag != "body":
                self.found.append(_Found(element, signs, texts))

    def outside(self, element: Element) -> bool:
        """Whether an element belongs to something beside the article: a comment, a teaser, a menu, a picture."""
        trail: list[Element] = []
        node: Element | None = element
        outside = False
        while node is not None and len(trail) < 60:
            known = self._outside.get(node)
            if known is not None:
                outside = known
                break
            tag = node.tag
            if tag in ("body", "html", "main") or (tag == "article" and trail):
                break
            trail.append(node)
            names, style = f"{node.get('class') or ''} {node.get('id') or ''}", node.get("style")
            if tag in _OUTSIDE or _is_around(names) or (style and _HIDDEN.search(style)):
                outside = True
                break
            node = node.getparent()
        self._outside.update(dict.fromkeys(trail, outside))
        return outside

    def headline(self, titles: Sequence[str], sites: Sequence[str]) -> tuple[int, str] | None:
        """Place and text of the heading that agrees best with what the metadata call the page, else of the only h1.

        An h1 need not agree as much as another; nothing that is the site's name is a headline."""
        names = {key(site) for site in sites}
        alone: list[tuple[int, str]] = []
        best, place, shown = 0.0, -1, ""
        for first in (True, False):
            for at, found in enumerate(self.found):
                if "t" not in found.signs or (found.element.tag == "h1") != first:
                    continue
                text = shown_text(found.element, 400)
                plain = key(text)
                if not 1 < len(plain) < 400 or plain in names:
                    continue
                score = max([_likeness(text, title, plain) - 0.02 * i for i, title in enumerate(titles)], default=0)
                if first and not self.outside(found.element):
                    alone.append((at, text))
                if score < (0.4 if first else 0.8):
                    continue
                score -= 0 if first else 0.3 if self.outside(found.element) else 0.1
                if score > best + 0.05:
                    best, place, shown = score, at, text
            if best > 0.6:
                break
        if place < 0 and len(alone) == 1 and " " in alone[0][1]:
            place, shown = alone[0]
        return (place, shown) if place >= 0 else None


def _kicker(heading: Element) -> Element | None:
    """The label in an element of its own with which a heading opens."""
    if heading.text and not heading.text.isspace():
        return None
    node = heading
    for _ in range(3):
        first = next((child for child in node if isinstance(child.tag, str)), None)
        if first is None:
            return None
        if _KICKER.search(first.get("class") or ""):
            return first
        if len(node) > 1 and not len(first):
            return None
        node = first
    return None


NEAR = 4
"""Paragraphs behind a headline before which a byline or date is near it."""


def _visible(seen: _Seen, start: int) -> Iterator[Fact]:
    """Bylines and dates as they are seen, the nearest behind the headline first.

    Their rules end with `.above` where they stand above the headline, with `.far` where `NEAR` paragraphs and more
    stand between.  Of elements of one kind that differ from one to the next, as those of teasers, none is told."""
    base = seen.found[start].texts if start >= 0 else 0
    facts: list[tuple[int, int, Fact, str]] = []
    for at, found in enumerate(seen.found):
        signs, element = found.signs, found.element
        if signs == "t" or len(facts) >= MOST or seen.outside(element):
            continue
        near = found.texts - base
        order = near if at > start else 1000 - near
        place = ".above" if at < start else ".far" if near >= NEAR else ""
        by = "rel.author" if "r" in signs else "microdata.author" if "B" in signs else "byline" if "b" in signs else ""
        text = shown_text(element, LONG + 1)
        if by and 1 < len(text) <= LONG:
            kind = f"{element.tag} {element.get('class') or ''}"
            facts.append((order, at, Fact(by + place, "markup.authors", Party(text)), kind))
        when = next((sign for sign in signs if sign in "DMdm"), "")
        if when:
            field = "modified" if when in "Mm" else "published"
            rule = "microdata" if when in "DM" else "time" if element.tag == "time" else "date"
            for value in (element.get("datetime") or element.get("content") or "", text):
                if _DIGIT.search(value) and len(value) <= LONG:
                    kind = f"{element.tag} {element.get('class') or ''}"
                    facts.append((order, at, Fact(f"{rule}.{field}{place}", f"markup.{field}", value), kind))
                    break
    kinds: dict[tuple[str, bool], set[str]] = {}
    for order, _, fact, kind in facts:
        if isinstance(fact.value, Party):
            kinds.setdefault((kind, order == 0), set()).add(fact.value.name)
        elif _DAY.search(fact.value):
            kinds.setdefault((kind, order == 0), set()).add(fact.value[:10])
    for order, _, fact, kind in sorted(facts, key=lambda one: one[:2]):
        below = order == 0 and isinstance(fact.value, Party)
        if below or len(kinds.get((kind, order == 0), ())) < ALIKE:
            yield fact


_DIGIT = re.compile(r"\d")
_DAY = re.compile(r"\d\D+\d{1,4}\b.*\d|\d{1,2}\.?\s\w+\s\d{4}|\d{8}")


# ---------------------------------------------------------------- all of it


def facts(root: Any, url: str | None = None) -> Iterator[Fact]:
    """Every raw fact of a page, in the order of trust within its source."""
    seen = _Seen(root)
    graph = _Graph([value for script in seen.scripts for value in read_json(script)])
    # a plain meta title is often written for search engines
    titles = [content for name, content in _of("title", seen.pairs) if name not in ("title", "headline")]
    canonical = ""
    for link in seen.links:
        rel = (link.get("rel") or "").casefold().split()
        address = (link.get("href") or "").strip()
        if "canonical" in rel and address and not canonical:
            canonical = address
            yield Fact("link.canonical", "markup.canonical_url", address)
        elif "amphtml" in rel and address:
            yield Fact("link.amphtml", "markup.amp_url", address)
    top = root if root.tag == "html" else root.getroottree().getroot()
    if top.get("amp") is not None or top.get("\u26a1") is not None:
        yield Fact("html.amp", "markup.flags", "amp")
    if declared := top.get("lang") or top.get("{http://www.w3.org/XML/1998/namespace}lang"):
        yield Fact("html.lang", "markup.language", declared.strip())
    article = graph.article(canonical or url, [*titles, seen.page])
    if article is not None and (name := _text(article.get("headline")) or _text(article.get("name"))):
        titles.insert(0, name)
    if seen.page:
        titles.append(seen.page)
    sites = [content for _, content in _of("publisher", seen.pairs)]
    if site := graph.site():
        sites.append(site)
    for address in (url or "", canonical):
        host = _address(address).partition("/")[0]
        sites += [host, host.rpartition(".")[0]]
    headline = seen.headline(list(dict.fromkeys(titles)), sites)
    if headline is not None:
        element = seen.found[headline[0]].element
        title = headline[1]
        if (above := _kicker(element)) is not None and (rest := shown_text(element, 400, above))[:1] not in ("", ":"):
            yield Fact("heading.kicker", "markup.kicker", shown_text(above))
            title = rest
        yield Fact("heading", "markup.title", title)
    if article is not None:
        yield from _json_ld(graph, article)
    yield from _from_meta(seen.pairs)
    if seen.page:
        yield Fact("title", "markup.title", seen.page)
    if site:
        yield Fact("json-ld.website", "markup.publisher", site)
    yield from _visible(seen, headline[0] if headline else -1)

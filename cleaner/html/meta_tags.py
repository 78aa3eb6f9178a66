"""Meta tags: OpenGraph, Twitter cards, Dublin Core, and those of publishing systems, as raw facts."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from cleaner.document import Fact
from cleaner.facts import MARKUP_IMAGES, Media, Party

_FIELD_META_NAMES = {
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
    "images": "og:image og:image:url og:image:secure_url twitter:image twitter:image:src",
    "videos": "og:video og:video:url og:video:secure_url",
    "language": "og:locale content-language dc.language dcterms.language language",
    "canonical_url": "og:url",
    "copyright.holder": "copyright dc.rights",
    "alt": "og:image:alt twitter:image:alt",
}
_META_NAME_FIELDS = {
    name: (field, order) for field, names in _FIELD_META_NAMES.items() for order, name in enumerate(names.split())
}
"""Names of meta tags for each field, the most telling first.  Sources: ogp.me, the documentations of Twitter cards,
Dublin Core, Parse.ly, Sailthru, Cxense and Google Scholar."""


def _name_source(name: str) -> str:
    if name.startswith(("og:", "article:")):
        return "opengraph"
    if name.startswith(("dc.", "dcterms.")):
        return "dublin-core"
    return "twitter" if name.startswith("twitter:") else "meta"


def select_pairs(field: str, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if pair[0] in _META_NAME_FIELDS and _META_NAME_FIELDS[pair[0]][0] == field]


def extract_meta_facts(pairs: Sequence[tuple[str, str]]) -> Iterator[Fact]:
    found: list[tuple[int, Fact]] = []
    labels: dict[str, str] = {}
    for name, content in pairs:
        if name in _META_NAME_FIELDS:
            field, order = _META_NAME_FIELDS[name]
            source = _name_source(name)
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
    alt = next((content for _, content in select_pairs("alt", pairs)), None)
    for _, fact in sorted(found, key=lambda one: one[0]):
        yield (
            Fact(fact.rule, fact.key, Media(alt, None, MARKUP_IMAGES.read(fact).url))
            if fact.key == "markup.images"
            else fact
        )
    for number in "12":
        # WordPress plug-ins put "Written by" and the author here, in the language of the page
        label, content = labels.get(f"twitter:label{number}"), labels.get(f"twitter:data{number}", "")
        if label and content and not re.search(r"\d", content):
            yield Fact("twitter.label", "markup.authors", Party(f"{label}: {content}"))

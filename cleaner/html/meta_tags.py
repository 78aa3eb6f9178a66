"""Meta tags: OpenGraph, Twitter cards, Dublin Core, and those of publishing systems, as raw facts."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from cleaner.document import Fact
from cleaner.facts import Media, Party

# names in lower case, the most telling first; a name belongs to one field only
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
    "rnews:datepublished bt:pubdate lp.article:published_date newsdate article:create_time published date_published "
    "dateposted post_date",
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
"""The field of each name of a meta tag, and its place among those of the field, the most telling first.  Sources:
ogp.me, the documentations of Twitter cards, Dublin Core, Parse.ly, Sailthru, Cxense and Google Scholar."""

_NAME_SOURCES = {
    "og": "opengraph",
    "article": "opengraph",
    "twitter": "twitter",
    "dc": "dublin-core",
    "dcterms": "dublin-core",
}
"""What a rule calls the source of a meta tag, by what stands before the first colon or dot of its name."""

# pairs of a label and its content, as in twitter:label1 and twitter:data1
_LABEL_PATTERN = re.compile(r"twitter:(?:label|data)")
_PREFIX_PATTERN = re.compile(r"(og:|article:|twitter:|dc\.|dcterms\.)?")
_DIGIT = re.compile(r"\d")


def _name_source(name: str) -> str:
    """The source of a meta tag as rules name it; `meta` for a name without a prefix of a standard."""
    prefix = _PREFIX_PATTERN.match(name)
    return _NAME_SOURCES.get(prefix[0][:-1] if prefix else "", "meta")


def select_pairs(field: str, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Names and contents of the tags for one field, in the order of the page."""
    return [pair for pair in pairs if _META_NAME_FIELDS.get(pair[0], ("", 0))[0] == field]


def extract_meta_facts(pairs: Sequence[tuple[str, str]]) -> Iterator[Fact]:
    """The facts of a page's meta tags, the most telling names first.

    `pairs` are names in lower case and contents.  An image gets the first text that describes one.
    """
    found = [(*_META_NAME_FIELDS[name], name, content) for name, content in pairs if name in _META_NAME_FIELDS]
    alt = next((content for field, _, _, content in found if field == "alt"), None)
    # how a content is held: as plain text in any other field
    makers: dict[str, Callable[[str], str | Party | Media]] = {
        "authors": Party,
        "images": partial(Media, alt, None),
        "videos": partial(Media, None, None),
    }
    for field, _, name, content in sorted(found, key=lambda one: one[1]):
        if field != "alt":
            source = _name_source(name)
            shown = name.rpartition(".")[2] if source == "dublin-core" else field
            yield Fact(f"{source}.{shown}", f"markup.{field}", makers.get(field, str)(content))
    yield from _extract_labels({name: content for name, content in pairs if _LABEL_PATTERN.match(name)})


def _extract_labels(labels: dict[str, str]) -> Iterator[Fact]:
    """The authors of Twitter's labels: WordPress plug-ins put "Written by" and the author there, in the language of the
    page, and the time of reading, which has a digit."""
    for number in "12":
        label, content = labels.get(f"twitter:label{number}"), labels.get(f"twitter:data{number}", "")
        if label and content and not _DIGIT.search(content):
            yield Fact("twitter.label", "markup.authors", Party(f"{label}: {content}"))
            return  # the second label names a section or the topics

"""JSON-LD: a schema.org NewsArticle a line, in the terms that search engines and libraries read.

Strings are as `encode_strict_json` leaves them; a date stands at its own precision, as ISO 8601 and schema.org allow.
What the record knows and schema.org has no property for is left out.
"""

from cleaner.facts import Media
from cleaner.io.json import JsonObject, drop_empty, encode_strict_json
from cleaner.record import Article
from cleaner.text.urls import encode_uri

CONTEXT = "https://schema.org"
"""Where the terms come from."""

_ROLE_PROPERTIES = {
    "author": "author",
    "reporting": "author",
    "writing": "author",
    "editing": "editor",
    "translation": "translator",
}
"""The property of schema.org for each role of a person; `contributor` for any other."""


def encode_news_article(article: Article) -> bytes:
    """The NewsArticle of a record as a line; properties without a value are left out."""
    page = encode_uri(article.canonical_url) or encode_uri(article.url)
    link = encode_uri(article.url)
    rights = article.copyright
    made: JsonObject = {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "@id": page,
        "identifier": article.id,
        "headline": article.title,
        "alternativeHeadline": article.kicker,
        "description": article.standfirst,
        "articleBody": article.text,
        **_list_people(article),
        "datePublished": article.published and article.published.value,
        "dateModified": article.modified and article.modified.value,
        "dateline": article.dateline and article.dateline.place,
        "publisher": _describe_publisher(article),
        "sourceOrganization": [_build_entity("Organization", agency) for agency in article.agencies],
        "articleSection": article.section,
        "keywords": list(article.tags),
        "copyrightHolder": _build_entity("Organization", rights.holder) if rights and rights.holder else None,
        "copyrightYear": rights and rights.year,
        "copyrightNotice": rights and rights.notice,
        "image": [_describe_media("ImageObject", media) for media in article.images],
        "video": [_describe_media("VideoObject", media) for media in article.videos],
        "inLanguage": article.language,
        "url": page,
        "mainEntityOfPage": page,
        "sameAs": link if link != page else None,
        "isAccessibleForFree": False if "paywall" in article.flags else None,
        "translationOfWork": _describe_original(article),
    }
    return encode_strict_json(drop_empty(made)) + b"\n"


def _build_entity(type: str, name: str) -> JsonObject:
    """A person or an organization, `type` being its class in schema.org."""
    return {"@type": type, "name": name}


def _list_people(article: Article) -> dict[str, list[JsonObject]]:
    """The authors by the property that their role has in schema.org."""
    made: dict[str, list[JsonObject]] = {}
    for who in article.authors:
        type = "Organization" if who.kind == "organisation" else "Person"
        made.setdefault(_ROLE_PROPERTIES.get(who.role, "contributor"), []).append(_build_entity(type, who.name))
    return made


def _describe_publisher(article: Article) -> JsonObject | None:
    """The publisher, named by its domain where it has no name."""
    publisher = article.publisher
    if publisher is None or not (publisher.name or publisher.domain):
        return None
    named = _build_entity("Organization", publisher.name or publisher.domain or "")
    return drop_empty({**named, "identifier": publisher.domain})


def _describe_media(type: str, media: Media) -> JsonObject:
    """An image or a video, with what is known of it."""
    return drop_empty(
        {"@type": type, "caption": media.caption, "creditText": media.credit, "contentUrl": encode_uri(media.url)}
    )


def _describe_original(article: Article) -> JsonObject | None:
    """The work that this translates; None where a translation is not confirmed."""
    if article.translation.verdict != "confirmed":
        return None
    return drop_empty({"@type": "CreativeWork", "inLanguage": article.translation.source_language})

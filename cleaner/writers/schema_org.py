"""JSON-LD: a schema.org NewsArticle a line, in the terms that search engines and libraries read.

Strings are as `to_strict_json` leaves them; a date stands at its own precision.
"""

from typing import Any

from cleaner.io.json import to_strict_json
from cleaner.record import Article, Media
from cleaner.text.urls import uri

CONTEXT = "https://schema.org"
_BY = {
    "author": "author", "reporting": "author", "writing": "author", "editing": "editor", "translation": "translator",
}  # fmt: skip


def write(article: Article) -> bytes:
    """The NewsArticle of a record as a line."""
    page = uri(article.canonical_url) or uri(article.url)
    link = uri(article.url)
    rights = article.copyright
    made: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "@id": page,
        "identifier": article.id,
        "headline": article.title,
        "alternativeHeadline": article.kicker,
        "description": article.standfirst,
        "articleBody": article.text,
        **_people(article),
        "datePublished": article.published and article.published.value,
        "dateModified": article.modified and article.modified.value,
        "dateline": article.dateline and article.dateline.place,
        "publisher": _publisher(article),
        "sourceOrganization": [_named("Organization", agency) for agency in article.agencies],
        "articleSection": article.section,
        "keywords": list(article.tags),
        "copyrightHolder": _named("Organization", rights.holder) if rights and rights.holder else None,
        "copyrightYear": rights and rights.year,
        "copyrightNotice": rights and rights.notice,
        "image": [_media("ImageObject", media) for media in article.images],
        "video": [_media("VideoObject", media) for media in article.videos],
        "inLanguage": article.language,
        "url": page,
        "mainEntityOfPage": page,
        "sameAs": link if link != page else None,
        "isAccessibleForFree": False if "paywall" in article.flags else None,
        "translationOfWork": _original(article),
    }
    return to_strict_json(_filled(made)) + b"\n"


def _filled(made: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in made.items() if value not in (None, "", [])}


def _named(type: str, name: str) -> dict[str, Any]:
    return {"@type": type, "name": name}


def _people(article: Article) -> dict[str, list[dict[str, Any]]]:
    made: dict[str, list[dict[str, Any]]] = {}
    for who in article.authors:
        made.setdefault(_BY.get(who.role, "contributor"), []).append(_named("Person", who.name))
    return made


def _publisher(article: Article) -> dict[str, Any] | None:
    publisher = article.publisher
    if publisher is None or not (publisher.name or publisher.domain):
        return None
    named = _named("Organization", publisher.name or publisher.domain or "")
    return _filled({**named, "identifier": publisher.domain})


def _media(type: str, media: Media) -> dict[str, Any]:
    return _filled({"@type": type, "caption": media.caption, "creditText": media.credit, "contentUrl": uri(media.url)})


def _original(article: Article) -> dict[str, Any] | None:
    if article.translation.verdict != "confirmed":
        return None
    return _filled({"@type": "CreativeWork", "inLanguage": article.translation.source_language})

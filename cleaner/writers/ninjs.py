"""IPTC ninjs 3.2: one news object a line, valid by the standard's own JSON schema.

What ninjs has no place for stands in `edNote`, its note to editors: flags, a suspected translation, and dates without a
time or a zone, since ninjs dates have both.  Strings are as `encode_strict_json` leaves them.
"""

from urllib.parse import urldefrag
from uuid import NAMESPACE_OID, uuid5

from cleaner.facts import Media
from cleaner.io.json import JsonObject, drop_empty, encode_strict_json, replace_surrogates
from cleaner.record import Article
from cleaner.text.urls import encode_uri
from cleaner.writers.timestamps import format_date_time

# what every ninjs object says of its own format
NINJS_STANDARD = {"name": "ninjs", "version": "3.2", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.2.json#"}
_BYLINE_ROLES = ("author", "reporting", "writing")
"""The roles of those who stand in the byline; ninjs has `people` for all of them."""


def encode_ninjs(article: Article) -> bytes:
    """The news object of a record as a line.

    Its `uri` is the article's address, else a UUID made of its id and its text; the id itself is one of `altIds`.
    """
    page = encode_uri(article.canonical_url) or encode_uri(article.url)
    own = page or f"urn:uuid:{uuid5(NAMESPACE_OID, replace_surrogates(f'{article.hashes.text} {article.id}'))}"
    link = encode_uri(article.url) or page
    rights = article.copyright
    made: JsonObject = {
        "uri": own,
        "type": "text",
        "representationType": "partial" if "paywall" in article.flags else None,
        "firstCreated": format_date_time(article.published),
        "versionCreated": format_date_time(article.modified) or format_date_time(article.published),
        "copyrightHolder": rights and rights.holder,
        "copyrightNotice": rights and rights.notice,
        "edNote": _assemble_note(article),
        "language": article.language,
        "headlines": _list_values(main=article.title, kicker=article.kicker),
        "descriptions": _list_values(standfirst=article.standfirst),
        "bodies": [
            {"role": "main", "contentType": "text/plain", "charCount": len(article.text), "value": article.text}
        ],
        "by": ", ".join(who.name for who in article.authors if who.role in _BYLINE_ROLES),
        "people": [{"name": who.name, "rel": who.role} for who in article.authors if who.kind == "person"],
        "infoSources": _list_sources(article),
        "located": article.dateline and article.dateline.place,
        "subjects": [{"name": article.section, "rel": "section"}] * bool(article.section)
        + [{"name": tag, "rel": "tag"} for tag in article.tags],
        "renditions": [{"name": "web", "href": link, "contentType": "text/html"}] if link else [],
        "associations": [
            _build_association(own, "picture", number, media) for number, media in enumerate(article.images, 1)
        ]
        + [_build_association(own, "video", number, media) for number, media in enumerate(article.videos, 1)],
        "altIds": [{"role": "id", "value": article.id}, {"role": "sha256", "value": article.hashes.text}],
        "standard": NINJS_STANDARD,
    }
    return encode_strict_json(drop_empty(made)) + b"\n"


def _list_values(**values: str | None) -> list[dict[str, str]]:
    """Each of the values that are there, with its keyword as its role."""
    return [{"role": role, "value": value} for role, value in values.items() if value]


def _list_sources(article: Article) -> list[dict[str, str]]:
    """The publisher, then the agencies."""
    made = [{"name": agency, "role": "agency"} for agency in article.agencies]
    publisher = article.publisher and (article.publisher.name or article.publisher.domain)
    return [{"name": publisher, "role": "publisher"}, *made] if publisher else made


def _build_association(own: str, type: str, number: int, media: Media) -> JsonObject:
    """An image or a video, the `number`th of its type.

    One without an address has that of the article, `own`, with a fragment: ninjs wants a `uri` for each.
    """
    address = encode_uri(media.url)
    return drop_empty(
        {
            "name": f"{type} {number}",
            "uri": address or f"{urldefrag(own).url}#{type}-{number}",
            "type": type,
            "rel": type,
            "by": media.credit,
            "descriptions": _list_values(caption=media.caption),
            "renditions": [{"name": "main", "href": address}] if address else [],
        }
    )


def _assemble_note(article: Article) -> str:
    """What editors should know and ninjs has no field for; "" for nothing."""
    facts = [
        f"{key}: {stamp.value}"
        for key, stamp in (("published", article.published), ("modified", article.modified))
        if stamp and not format_date_time(stamp)
    ]
    if article.flags:
        facts.append(f"flags: {', '.join(article.flags)}")
    if article.translation.verdict != "none":
        source = article.translation.source_language
        facts.append(f"translation: {article.translation.verdict}" + (f" from {source}" if source else ""))
    return "; ".join(facts)

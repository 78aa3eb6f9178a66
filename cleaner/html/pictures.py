"""Pictures of a page: their addresses, wherever lazy loading hides them, and which of them may stand for themselves."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from cleaner.facts import Picture
from cleaner.html.layout import PlacedPicture
from cleaner.text.urls import is_decoration, normalize_picture_url

LAZY_ATTRIBUTES = (
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-lazy",
    "data-full-url",
    "data-orig-file",
    "data-image-url",
    "data-full-src",
    "data-original-url",
    "data-url",
    "data-hi-res-src",
)
"""Attributes in which scripts keep the address of a picture that is loaded later."""

SRCSET_ATTRIBUTES = ("srcset", "data-srcset", "data-lazy-srcset", "data-original-set")
"""Attributes that hold the addresses of a picture in several sizes."""

MIN_PICTURE_PIXELS = 100
"""Pixels of the width or height below which a picture is an icon."""

OUTSIDE_TAGS = frozenset("nav footer aside form button".split())
"""Elements whose pictures are not the article's."""

OUTSIDE_WORDS = frozenset(
    "logo logos avatar avatars icon icons author authors byline bio profile menu navigation nav sidebar teaser teasers "
    "related recommended recommendations share sharing social newsletter promo comments comment ad ads advert "
    "advertisement sponsor sponsored emoji smiley badge breadcrumb taboola outbrain".split()
)
"""Words of classes and ids of pictures and the elements around them that are not the article's."""

_SRCSET_DESCRIPTOR = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)([wxh]),?(.*)", re.DOTALL)
_PIXEL_NUMBER = re.compile(r"\s*(\d{1,5})(?:px)?\s*")
_UNUSABLE_ADDRESS = re.compile(r"(?:data|about|blob|javascript):|#", re.IGNORECASE)
_IMAGE_ENDING = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)\b", re.IGNORECASE)


def find_pictures(placed: Iterable[PlacedPicture], base: str) -> Iterator[tuple[Picture, int]]:
    """The pictures among what a page shows, each with the number of the line that it stands before."""
    last = ""
    for one in placed:
        address = find_picture_address(one.element)
        if not address:
            continue
        url = _resolve_url(address, base)
        name = normalize_picture_url(url or address)
        if one.spare and name == last:
            continue  # the same again for those without scripts
        last = name
        decorates = _is_decorative(one, url or address)
        yield Picture(url, one.path, decorates, not decorates and not _is_outward_link(one.link, base)), one.line


def find_picture_address(element: Any) -> str:
    """The address of the largest picture that an element can show, as written; empty where there is none.

    A set of sizes with widths is believed first, then the attributes of lazy loading, then the plain address.
    """
    image = _find_image(element)
    # a parser that does not know `source` for empty puts the next one and the image into it
    sources = element.iter("source") if element.tag == "picture" else ()
    sized = [
        one
        for holder in (image, *sources)
        for name in SRCSET_ATTRIBUTES
        for one in _parse_srcset(holder.get(name) or "")
    ]
    widest = max(sized, key=lambda one: one[0], default=(0.0, ""))
    if widest[0] > MIN_PICTURE_PIXELS:
        return widest[1]
    for name in (*LAZY_ATTRIBUTES, "src"):
        address = (image.get(name) or "").strip()
        if _is_address(address) and not (name != "src" and not re.search(r"[./]", address)):
            if name == "src" and widest[1] and is_decoration(address):
                break  # what is shown until the picture is loaded
            return address
    return widest[1]


def _find_image(element: Any) -> Any:
    """The image of a `picture`; any other element is its own."""
    return next(element.iter("img"), element) if element.tag == "picture" else element


def _parse_srcset(written: str) -> Iterator[tuple[float, str]]:
    """The addresses of a set and their widths; densities count as a few pixels."""
    address = ""
    for token in written.split():
        if address and (found := _SRCSET_DESCRIPTOR.fullmatch(token)):
            yield float(found[1]) if found[2] == "w" else float(found[1]) / 100, address
            address = found[3].strip(",")
            continue
        if address:
            yield 0.0, address
        address = token.strip(",")
        if not _is_address(address):
            address = ""
    if address:
        yield 0.0, address


def _is_address(written: str) -> bool:
    return bool(written) and len(written) < 2000 and not _UNUSABLE_ADDRESS.match(written) and "{" not in written


def _resolve_url(address: str, base: str) -> str:
    """An address made whole; empty for what cannot be."""
    try:
        url = urljoin(base, address)
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def _is_decorative(one: PlacedPicture, address: str) -> bool:
    # a figure may be a button that shows it larger
    depth = len(one.tags) - one.tags[::-1].index("figure") if "figure" in one.tags else len(one.tags)
    if not OUTSIDE_TAGS.isdisjoint(one.tags[:depth]) or any(
        not OUTSIDE_WORDS.isdisjoint(names) for names in one.names[-4:]
    ):
        return True
    image = _find_image(one.element)
    for side in ("width", "height"):
        if (found := _PIXEL_NUMBER.fullmatch(image.get(side) or "")) and int(found[1]) < MIN_PICTURE_PIXELS:
            return True
    return is_decoration(address)


def _is_outward_link(link: str, base: str) -> bool:
    """Whether a link around a picture goes to another page, and not to the picture itself."""
    if not link or link.startswith("#") or _IMAGE_ENDING.search(link):
        return False
    own = base.partition("#")[0]
    return bool(_resolve_url(link, base or "http://localhost")) and (
        not own or _resolve_url(link, base).partition("#")[0] != own
    )

"""Pictures of a page: their addresses, wherever lazy loading hides them, and which of them may stand for themselves."""

import re
from collections.abc import Iterable, Iterator
from itertools import repeat

from msgspec import Struct

from cleaner.html.elements import NO_PICTURE_TAGS, Element
from cleaner.html.layout import PlacedPicture
from cleaner.text.urls import is_decoration, normalize_picture_url, resolve_web_address

LAZY_ATTRIBUTES = tuple(
    "data-src data-lazy-src data-original data-lazy data-full-url data-orig-file data-image-url data-full-src "
    "data-original-url data-url data-hi-res-src".split()
)
"""Attributes in which scripts keep the address of a picture that is loaded later."""

SRCSET_ATTRIBUTES = ("srcset", "data-srcset", "data-lazy-srcset", "data-original-set")
"""Attributes that hold the addresses of a picture in several sizes."""

MIN_PICTURE_PIXELS = 100
"""Pixels of the width or height below which a picture is an icon."""

MAX_ADDRESS_CHARS = 2000
"""An address of as many characters is none: data, or the code of a template."""

DENSITY_DIVISOR = 100
"""What the number of a density (`2x`) or a height is divided by to count as a width: less than any true one, so that
widths are believed first."""

NEAR_ELEMENTS = 4
"""Innermost elements around a picture, itself among them, whose class words say whether it is the article's."""

OUTSIDE_WORDS = frozenset(
    "logo logos avatar avatars icon icons author authors byline bio profile menu navigation nav sidebar teaser teasers "
    "related recommended recommendations share sharing social newsletter promo comments comment ad ads advert "
    "advertisement sponsor sponsored emoji smiley badge breadcrumb taboola outbrain".split()
)
"""Words of classes and ids of pictures and the elements around them that are not the article's."""

_SRCSET_DESCRIPTOR = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)([wxh]),?(.*)", re.DOTALL)
_SIZE_DIVISORS = {"w": 1, "x": DENSITY_DIVISOR, "h": DENSITY_DIVISOR}

_PIXEL_NUMBER = re.compile(r"\s*(\d{1,5})(?:px)?\s*")
_UNUSABLE_ADDRESS = re.compile(r"(?:data|about|blob|javascript):|#", re.IGNORECASE)
_PATH_SIGN = re.compile(r"[./]")
_IMAGE_ENDING = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)\b", re.IGNORECASE)


class Picture(Struct, frozen=True):
    """A picture: its address made whole, or empty where the page's own is not known.

    `path` holds the numbers of the elements around it as `Hints.path` does.  One that `decorates` is an icon, a logo,
    or stands in a menu; `alone` says that it does not, and links to no other page.
    """

    url: str
    path: tuple[int, ...]
    decorates: bool = False
    alone: bool = True


def find_pictures(placed: Iterable[PlacedPicture], base: str) -> Iterator[tuple[Picture, int]]:
    """The pictures among what a page shows, each with the number of the line that it stands before."""
    last = ""
    for one in placed:
        address = find_picture_address(one.element)
        if not address:
            continue
        url = resolve_web_address(address, base)
        name = normalize_picture_url(url or address)
        if one.spare and name == last:
            continue  # the same again for those without scripts
        last = name
        decorates = _is_decorative(one, url or address)
        yield Picture(url, one.path, decorates, not decorates and not _is_outward_link(one.link, base)), one.line


def find_picture_address(element: Element) -> str:
    """The address of the largest picture that an element can show, as written; empty where there is none.

    A set of sizes with widths is believed first, then the attributes of lazy loading, then the plain address.
    """
    image = _find_image(element)
    # a parser that does not know `source` for empty puts the next one and the image into it
    holders = (image, *(element.iter("source") if element.tag == "picture" else ()))
    sets = filter(None, (holder.get(name) for holder in holders for name in SRCSET_ATTRIBUTES))
    width, widest = max((one for written in sets for one in _parse_srcset(written)), key=_get_width, default=(0.0, ""))
    if width > MIN_PICTURE_PIXELS:
        return widest
    lazy = filter(_PATH_SIGN.search, map(_get_address, repeat(image), LAZY_ATTRIBUTES))
    plain = _get_address(image, "src")
    # a decoration is shown until the picture is loaded
    return next(lazy, "") or ("" if widest and is_decoration(plain) else plain) or widest


def _get_width(sized: tuple[float, str]) -> float:
    return sized[0]


def _get_address(image: Element, attribute: str) -> str:
    """The address in an attribute; empty where there is none."""
    address = (image.get(attribute) or "").strip()
    return address if _is_address(address) else ""


def _find_image(element: Element) -> Element:
    """The image of a `picture`; any other element is its own."""
    return next(element.iter("img"), element) if element.tag == "picture" else element


def _parse_srcset(written: str) -> Iterator[tuple[float, str]]:
    """The addresses of a set and their widths; densities count as a few pixels.

    An address without a size has none; a comma without a blank behind it may part a size from the next address.
    """
    address = ""
    for token in written.split():
        sized = _SRCSET_DESCRIPTOR.fullmatch(token) if address else None
        if sized:
            yield float(sized[1]) / _SIZE_DIVISORS[sized[2]], address
            address = sized[3].strip(",")
            continue
        if address:
            yield 0.0, address
        bare = token.strip(",")
        address = bare if _is_address(bare) else ""
    if address:
        yield 0.0, address


def _is_address(written: str) -> bool:
    """Whether an attribute holds an address: no data, no code, no template."""
    return 0 < len(written) < MAX_ADDRESS_CHARS and "{" not in written and not _UNUSABLE_ADDRESS.match(written)


def _is_decorative(one: PlacedPicture, address: str) -> bool:
    """Whether a picture is an icon, a logo, or stands in a menu: by the elements around it, its size, its address."""
    # a figure may be a button that shows it larger
    depth = len(one.tags) - one.tags[::-1].index("figure") if "figure" in one.tags else len(one.tags)
    words = frozenset().union(*one.names[-NEAR_ELEMENTS:])
    if not (NO_PICTURE_TAGS.isdisjoint(one.tags[:depth]) and OUTSIDE_WORDS.isdisjoint(words)):
        return True
    image = _find_image(one.element)
    sides = filter(None, (_PIXEL_NUMBER.fullmatch(image.get(side) or "") for side in ("width", "height")))
    return any(int(side[1]) < MIN_PICTURE_PIXELS for side in sides) or is_decoration(address)


def _is_outward_link(link: str, base: str) -> bool:
    """Whether a link around a picture goes to another page, and not to the picture itself."""
    if not link or link.startswith("#") or _IMAGE_ENDING.search(link):
        return False
    target, own = resolve_web_address(link, base or "http://localhost"), base.partition("#")[0]
    return target != "" and target.partition("#")[0] != own

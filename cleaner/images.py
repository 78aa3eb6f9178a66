"""Images of an article: where what its page shows and captions of its lines meet what its markup says, each once.

Two addresses are one image where they are the same, or name the same file in another size.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from cleaner.document import Fact
from cleaner.prose import key
from cleaner.record import Media

WIDTHS = frozenset(range(300, 6001, 100)).union(
    map(int, "320 360 375 414 480 540 560 620 640 660 680 720 750 768 828 960 976 1024 1080 1152 1170 1280".split()),
    map(int, "1296 1366 1440 1536 1680 1920 2048 2560".split()),
)
"""Numbers in names of files that are widths of pictures rather than numbers of photographs."""

SIZE_KEYS = frozenset(
    "w h width height q quality fit crop auto format fm dpr resize size s strip ssl quality wid hei fmt sw sh v ver "
    "rect ar mode scale cache".split()
)
"""Keys of a query that ask for a picture in a size, not for another one."""

DECORATION = frozenset(
    "logo logos icon icons favicon sprite sprites avatar avatars gravatar pixel pixels spacer blank placeholder "
    "transparent emoji smiley smilies button badge loader loading spinner tracking beacon default arrow dummy".split()
)
"""Words in the name of a picture's file that decorates a page."""

_EXTENSION = re.compile(r"\.(?:jpe?g|jfif|png|webp|avif|gif|tiff?|bmp|heic|svg|ico)(?=$|[.!:;,?&/])", re.IGNORECASE)
_MARK = re.compile(
    r"(?:[-_@.~]|(?<=\d))(?:v?(?:16|4|3|2|1|9|5)[-_x:](?:9|16|3|4|2|1|5)|w?(\d{3,4})w?|\d{1,4}x\d{0,4}(?:px)?|x\d{2,4}|\d(?:\.\d)?x|[wh]_?\d{2,4}|scaled|rotated|"
    r"e\d{9,}|thumb(?:nail)?|small|medium|large|big|original|full|hd|crop(?:ped)?|square|wide|preview|social|share|"
    r"portrait|landscape)\Z",
    re.IGNORECASE,
)
_SIZED_AHEAD = re.compile(r"(?:[whxy]_?\d{2,4}[_-]){2,8}")
_CAMERA = re.compile(r"(?:img|dscn?|dscf|pxl|mg|p|photo|foto|image)[-_]?\d+", re.IGNORECASE)
_GENERIC = re.compile(
    r"(?:image|img|photo|picture|original|master|default|index|thumb|thumbnail|file|full|large|medium|small|resize|"
    r"public|static|media|images|photos|uploads?|files|crop|fit|auto|webp|jpe?g|[wh]?_?\d{1,4}|[\d_x:.,=%-]+|"
    r"\w{1,8}[=:].*|.*,.*)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+")


@lru_cache(1024)
def same_picture(url: str) -> str:
    """The address of a picture as two of its sizes compare: by the name of the file, without marks of its size."""
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query) if parts.query else []
    except ValueError:
        return url
    for name, value in query:
        if name in ("url", "src", "image", "img", "u") and ("/" in value or _EXTENSION.search(value)) and value != url:
            return same_picture(value)
    segments = [segment for segment in unquote(parts.path).casefold().split("/") if segment]
    named = [at for at, segment in enumerate(segments) if _EXTENSION.search(segment)]
    while len(named) > 1 and _GENERIC.fullmatch(_bare(segments[named[-1]])):
        named.pop()
    if named:
        del segments[named[-1] + 1 :]
    if not segments:
        return url
    stem = _without_size(_bare(segments[-1]))
    if len(stem) < 5 or _GENERIC.fullmatch(stem):
        above = next((one for one in reversed(segments[:-1]) if not _GENERIC.fullmatch(one) or _is_number(one)), "")
        is_size = stem.strip("wh_").isdecimal() and int(stem.strip("wh_")) in WIDTHS
        stem = f"{above or parts.netloc.casefold()}/{'' if is_size and above else stem}"
    number = next((one for one in reversed(segments[:-1]) if one.isdecimal() and len(one) > 5), "")
    if number not in stem:
        stem = f"{number}/{stem}"
    if not named:
        stem += "?" + "&".join(sorted(f"{name}={value}" for name, value in query if name.casefold() not in SIZE_KEYS))
    return stem


def _bare(segment: str) -> str:
    """The name of a file without its ending, and what stands behind that."""
    found = _EXTENSION.search(segment)
    return segment[: found.start()] if found else segment


def _is_number(segment: str) -> bool:
    """Whether a part of a path numbers an article or a picture."""
    return segment.isdecimal() and len(segment) > 4


def _without_size(stem: str) -> str:
    if ahead := _SIZED_AHEAD.match(stem):
        stem = stem[ahead.end() :]
    for _ in range(4):
        found = _MARK.search(stem)
        if not found or (found[1] and (int(found[1]) not in WIDTHS or _CAMERA.fullmatch(stem))) or not found.start():
            break
        stem = stem[: found.start()]
    return stem


@lru_cache(1024)
def is_decoration(url: str) -> bool:
    """Whether the address of a picture says that it decorates the page: a logo, an icon, a pixel."""
    path = unquote(url.partition("?")[0]).casefold()
    if path.endswith((".svg", ".ico")) or "gravatar.com" in path:
        return True
    return not DECORATION.isdisjoint(_WORD.findall(path.rpartition("/")[2]))


class _Listed:
    """An image with what is known of it so far."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self.media: Media = fact.value

    def add(self, fact: Fact, shown: bool) -> None:
        """Another fact of the same image; what a line shows of it goes before what the markup says."""
        new, own = fact.value, self.media
        first, second = (new, own) if shown else (own, new)
        self.media = Media(first.caption or second.caption, first.credit or second.credit, own.url or new.url)


def settled(markup: Iterable[Fact], shown: Sequence[Fact], alone: Iterable[Fact]) -> Iterator[Fact]:
    """Every image once: those that the markup names, those with a caption or a credit, and those that only stand in
    the text.  All are facts of `Media` with whole addresses, or none."""
    listed: list[_Listed] = []
    known: dict[str, _Listed] = {}
    for place, facts in enumerate((markup, shown, alone)):
        for fact in facts:
            media: Media = fact.value
            if place != 1 and media.url and not media.caption and is_decoration(media.url):
                continue
            names = [f"={same_picture(media.url)}"] if media.url else []
            # captions of a few words may be of several images
            if media.caption and len(plain := key(media.caption)) > 24:
                names.append(plain)
            other = next((known[name] for name in names if name in known), None)
            if other is None:
                other = _Listed(fact)
                listed.append(other)
            else:
                other.add(fact, place == 1)
            for name in names:
                known.setdefault(name, other)
    for image in listed:
        fact = image.fact
        yield Fact(fact.rule, "images", image.media, fact.start, fact.end)


__all__ = ["is_decoration", "same_picture", "settled"]

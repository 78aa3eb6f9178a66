"""Addresses: when two are of one page or one picture, and as URIs of RFC 3986."""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit


def parse_host(url: str | None) -> str:
    """The host of an address in lower case, with its www.; "" for an address without a host, or for none.

    Never raises: the url of a scraped record is whatever its markup said, such as `https://[example.org/a`.
    """
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


def resolve_web_address(written: str, base: str) -> str:
    """An address, relative ones taken from `base`; "" for what is no http(s) address with a host.  Never raises."""
    try:
        address = urljoin(base, written)
        return address if urlsplit(address).scheme in WEB_SCHEMES and parse_host(address) else ""
    except ValueError:
        return ""


WEB_SCHEMES = ("http", "https")
"""Schemes of addresses at which a page or a picture can be."""


def normalise_address(url: str | None) -> str:
    """An address as two of the same page compare: host without www, path without slash at its end."""
    if not url:
        return ""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return f"{parts.netloc.casefold().removeprefix('www.')}{parts.path.rstrip('/')}"


_LOOSE_PERCENT_PATTERN = re.compile(r"%(?![0-9A-Fa-f]{2})")


def encode_uri(url: str | None) -> str | None:
    """The web address as a URI of RFC 3986, other characters percent-encoded; nothing where it is none."""
    if not url:
        return None
    address, _, fragment = _LOOSE_PERCENT_PATTERN.sub("%25", url.strip()).partition("#")
    try:
        parts = urlsplit(address)
        # asking for a port that is none raises
        web = parts.scheme in WEB_SCHEMES and parts.hostname and parts.port != 0
    except ValueError:
        return None
    if not web or "[" in parts.netloc or parts.netloc.count("@") > 1:
        return None
    safe = "!$&'()*+,;=:@/?-._~%"
    try:
        kept = quote(address, safe=safe)
        return f"{kept}#{quote(fragment, safe=safe)}" if fragment else kept
    except UnicodeEncodeError:
        return None


PICTURE_WIDTHS = frozenset(range(300, 6001, 100)).union(
    map(int, "320 360 375 414 480 540 560 620 640 660 680 720 750 768 828 960 976 1024 1080 1152 1170 1280".split()),
    map(int, "1296 1366 1440 1536 1680 1920 2048 2560".split()),
)
"""Numbers in names of files that are widths of pictures rather than numbers of photographs."""

SIZE_QUERY_KEYS = frozenset(
    "w h width height q quality fit crop auto format fm dpr resize size s strip ssl quality wid hei fmt sw sh v ver "
    "rect ar mode scale cache".split()
)
"""Keys of a query that ask for a picture in a size, not for another one."""

DECORATION_WORDS = frozenset(
    "logo logos icon icons favicon sprite sprites avatar avatars gravatar pixel pixels spacer blank placeholder "
    "transparent emoji smiley smilies button badge loader loading spinner tracking beacon default arrow dummy".split()
)
"""Words in the name of a picture's file that decorates a page."""

_EXTENSION_PATTERN = re.compile(
    r"\.(?:jpe?g|jfif|png|webp|avif|gif|tiff?|bmp|heic|svg|ico)(?=$|[.!:;,?&/])", re.IGNORECASE
)

_SIZE_MARK_PATTERN = re.compile(
    r"(?:[-_@.~]|(?<=\d))(?:v?(?:16|4|3|2|1|9|5)[-_x:](?:9|16|3|4|2|1|5)|w?(\d{3,4})w?|\d{1,4}x\d{0,4}(?:px)?|x\d{2,4}|\d(?:\.\d)?x|[wh]_?\d{2,4}|scaled|rotated|"
    r"e\d{9,}|thumb(?:nail)?|small|medium|large|big|original|full|hd|crop(?:ped)?|square|wide|preview|social|share|"
    r"portrait|landscape)\Z",
    re.IGNORECASE,
)

_SIZE_PREFIX_PATTERN = re.compile(r"(?:[whxy]_?\d{2,4}[_-]){2,8}")

_CAMERA_NAME_PATTERN = re.compile(r"(?:img|dscn?|dscf|pxl|mg|p|photo|foto|image)[-_]?\d+", re.IGNORECASE)

_GENERIC_NAME_PATTERN = re.compile(
    r"(?:image|img|photo|picture|original|master|default|index|thumb|thumbnail|file|full|large|medium|small|resize|"
    r"public|static|media|images|photos|uploads?|files|crop|fit|auto|webp|jpe?g|[wh]?_?\d{1,4}|[\d_x:.,=%-]+|"
    r"\w{1,8}[=:].*|.*,.*)",
    re.IGNORECASE,
)

_WORD_PATTERN = re.compile(r"[a-z]+")


@lru_cache(1024)
def normalize_picture_url(url: str) -> str:
    """The address of a picture as two of its sizes compare: by the name of the file, without marks of its size."""
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query) if parts.query else []
    except ValueError:
        return url
    for name, value in query:
        if (
            name in ("url", "src", "image", "img", "u")
            and ("/" in value or _EXTENSION_PATTERN.search(value))
            and value != url
        ):
            return normalize_picture_url(value)
    segments = [segment for segment in unquote(parts.path).casefold().split("/") if segment]
    named = [at for at, segment in enumerate(segments) if _EXTENSION_PATTERN.search(segment)]
    while len(named) > 1 and _GENERIC_NAME_PATTERN.fullmatch(_strip_extension(segments[named[-1]])):
        named.pop()
    if named:
        del segments[named[-1] + 1 :]
    if not segments:
        return url
    stem = _strip_size_marks(_strip_extension(segments[-1]))
    if len(stem) < 5 or _GENERIC_NAME_PATTERN.fullmatch(stem):
        above = next(
            (one for one in reversed(segments[:-1]) if not _GENERIC_NAME_PATTERN.fullmatch(one) or _is_number(one)), ""
        )
        is_size = stem.strip("wh_").isdecimal() and int(stem.strip("wh_")) in PICTURE_WIDTHS
        stem = f"{above or parts.netloc.casefold()}/{'' if is_size and above else stem}"
    number = next((one for one in reversed(segments[:-1]) if one.isdecimal() and len(one) > 5), "")
    if number not in stem:
        stem = f"{number}/{stem}"
    if not named:
        stem += "?" + "&".join(
            sorted(f"{name}={value}" for name, value in query if name.casefold() not in SIZE_QUERY_KEYS)
        )
    return stem


def _strip_extension(segment: str) -> str:
    """The name of a file without its ending, and what stands behind that."""
    found = _EXTENSION_PATTERN.search(segment)
    return segment[: found.start()] if found else segment


def _is_number(segment: str) -> bool:
    """Whether a part of a path numbers an article or a picture."""
    return segment.isdecimal() and len(segment) > 4


def _strip_size_marks(stem: str) -> str:
    if ahead := _SIZE_PREFIX_PATTERN.match(stem):
        stem = stem[ahead.end() :]
    for _ in range(4):
        found = _SIZE_MARK_PATTERN.search(stem)
        if (
            not found
            or (found[1] and (int(found[1]) not in PICTURE_WIDTHS or _CAMERA_NAME_PATTERN.fullmatch(stem)))
            or not found.start()
        ):
            break
        stem = stem[: found.start()]
    return stem


@lru_cache(1024)
def is_decoration(url: str) -> bool:
    """Whether the address of a picture says that it decorates the page: a logo, an icon, a pixel."""
    path = unquote(url.partition("?")[0]).casefold()
    if path.endswith((".svg", ".ico")) or "gravatar.com" in path:
        return True
    return not DECORATION_WORDS.isdisjoint(_WORD_PATTERN.findall(path.rpartition("/")[2]))

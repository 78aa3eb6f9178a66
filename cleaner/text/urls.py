"""Addresses: when two are of one page or one picture, and as URIs of RFC 3986."""

import re
from collections.abc import Iterable, Sequence
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


def normalize_host(site: str) -> str:
    """A host as rules name a site: in lower case, without www."""
    return site.lower().removeprefix("www.")


def parse_site(url: str | None) -> str:
    """The host of an address as rules name a site; "" where it has none."""
    return normalize_host(parse_host(url))


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
"""A percent sign that encodes nothing."""

_URI_CHARS = "!$&'()*+,;=:@/?-._~%"
"""Characters that stay as they are in a URI, beside letters and digits of ASCII (RFC 3986, 2.2 and 2.3)."""


def encode_uri(url: str | None) -> str | None:
    """The web address as a URI of RFC 3986, other characters percent-encoded; None for what is no such address.

    No address: another scheme, no host, a port that is none, brackets of IPv6, two @, a lone surrogate.
    """
    if not url:
        return None
    address, _, fragment = _LOOSE_PERCENT_PATTERN.sub("%25", url.strip()).partition("#")
    try:
        parts = urlsplit(address)
        # asking for a port that is none raises
        is_web = parts.scheme in WEB_SCHEMES and parts.hostname and parts.port != 0
        if not is_web or "[" in parts.netloc or parts.netloc.count("@") > 1:
            return None
        kept = quote(address, safe=_URI_CHARS)
        return f"{kept}#{quote(fragment, safe=_URI_CHARS)}" if fragment else kept
    except ValueError:  # UnicodeEncodeError is one
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

PICTURE_QUERY_KEYS = frozenset("url src image img u".split())
"""Keys of a query in which a resizing service is given the address of the picture itself."""

MIN_NAME_CHARS = 5
"""Characters of a file's name from which it can name one picture: shorter ones (`1`, `lead`) are common to many."""

MIN_NUMBER_DIGITS = 5
"""Digits of a number in a path that stands for an article or a picture: four are a year or a day."""

MIN_PATH_NUMBER_DIGITS = 6
"""Digits of a number in a path that tells pictures with one name apart."""

MAX_SIZE_MARKS = 4
"""Marks of size at the end of a name that are taken off: photo-scaled-1200x800@2x has three."""

PICTURE_CACHE_SIZE = 1024
"""Addresses of pictures that are remembered: pages name each a few times."""

_EXTENSION_PATTERN = re.compile(
    r"\.(?:jpe?g|jfif|png|webp|avif|gif|tiff?|bmp|heic|svg|ico)(?=$|[.!:;,?&/])", re.IGNORECASE
)

_SIZE_MARK_PATTERN = re.compile(
    r"(?:[-_@.~]|(?<=\d))(?:v?(?:16|4|3|2|1|9|5)[-_x:](?:9|16|3|4|2|1|5)|w?(\d{3,4})w?|\d{1,4}x\d{0,4}(?:px)?|"
    r"x\d{2,4}|\d(?:\.\d)?x|[wh]_?\d{2,4}|scaled|rotated|e\d{9,}|thumb(?:nail)?|small|medium|large|big|original|full|"
    r"hd|crop(?:ped)?|square|wide|preview|social|share|portrait|landscape)\Z",
    re.IGNORECASE,
)
"""A mark of a picture's size or shape at the end of its name; group 1 is a width, which may be a number instead."""

_SIZE_PREFIX_PATTERN = re.compile(r"(?:[whxy]_?\d{2,4}[_-]){2,8}")
"""Sizes before the name: w_1200-h_800-."""

_CAMERA_NAME_PATTERN = re.compile(r"(?:img|dscn?|dscf|pxl|mg|p|photo|foto|image)[-_]?\d+", re.IGNORECASE)
"""Names that cameras give, whose number is part of them whatever it is."""

_GENERIC_NAME_PATTERN = re.compile(
    r"(?:image|img|photo|picture|original|master|default|index|thumb|thumbnail|file|full|large|medium|small|resize|"
    r"public|static|media|images|photos|uploads?|files|crop|fit|auto|webp|jpe?g|[wh]?_?\d{1,4}|[\d_x:.,=%-]+|"
    r"\w{1,8}[=:].*|.*,.*)",
    re.IGNORECASE,
)
"""Parts of a path that name no picture: words of content systems, sizes, lists of parameters."""

_WORD_PATTERN = re.compile(r"[a-z]+")


@lru_cache(PICTURE_CACHE_SIZE)
def normalize_picture_url(url: str) -> str:
    """The address of a picture as two of its sizes compare: by the name of the file, without marks of its size.

    A generic name is preceded by the part of the path above it, a path with a long number by that number, and a name
    without an ending is followed by the query, but for keys of sizes.  An address that cannot be read stays as it is.
    """
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query) if parts.query else []
    except ValueError:
        return url
    for name, value in query:
        if name in PICTURE_QUERY_KEYS and value != url and ("/" in value or _EXTENSION_PATTERN.search(value)):
            return normalize_picture_url(value)
    segments = [segment for segment in unquote(parts.path).casefold().split("/") if segment]
    is_named = _cut_behind_name(segments)
    if not segments:
        return url
    folders = segments[-2::-1]
    stem = _build_stem(segments[-1], folders, parts.netloc.casefold())
    number = next((one for one in folders if one.isdecimal() and len(one) >= MIN_PATH_NUMBER_DIGITS), "")
    if number not in stem:
        stem = f"{number}/{stem}"
    return stem if is_named else f"{stem}?{_write_query(query)}"


def _cut_behind_name(segments: list[str]) -> bool:
    """Take off the parts of a path behind the picture's file, and say whether one has a file's ending.

    Of several such parts it is the last whose name is not generic, or the first.
    """
    named = [at for at, segment in enumerate(segments) if _EXTENSION_PATTERN.search(segment)]
    while len(named) > 1 and _GENERIC_NAME_PATTERN.fullmatch(_strip_extension(segments[named[-1]])):
        named.pop()
    if named:
        del segments[named[-1] + 1 :]
    return bool(named)


def _build_stem(segment: str, folders: Sequence[str], host: str) -> str:
    """The name of a picture from the last part of its path, with a folder (the nearest is first) or the host where it
    says too little."""
    stem = _strip_size_marks(_strip_extension(segment))
    if len(stem) >= MIN_NAME_CHARS and not _GENERIC_NAME_PATTERN.fullmatch(stem):
        return stem
    above = next((one for one in folders if not _GENERIC_NAME_PATTERN.fullmatch(one) or _is_number(one)), "")
    bare = stem.strip("wh_")
    is_size = bare.isdecimal() and int(bare) in PICTURE_WIDTHS
    return f"{above or host}/{'' if is_size and above else stem}"


def _write_query(query: Iterable[tuple[str, str]]) -> str:
    """The keys and values that name a picture, in the order of the alphabet."""
    return "&".join(sorted(f"{name}={value}" for name, value in query if name.casefold() not in SIZE_QUERY_KEYS))


def _strip_extension(segment: str) -> str:
    """The name of a file without its ending, and what stands behind that."""
    return _EXTENSION_PATTERN.split(segment, maxsplit=1)[0]


def _is_number(segment: str) -> bool:
    """Whether a part of a path numbers an article or a picture."""
    return segment.isdecimal() and len(segment) >= MIN_NUMBER_DIGITS


def _strip_size_marks(stem: str) -> str:
    """The name of a picture without sizes before and behind it; a name that is all size stays."""
    stem = _SIZE_PREFIX_PATTERN.sub("", stem, count=1) if _SIZE_PREFIX_PATTERN.match(stem) else stem
    for _ in range(MAX_SIZE_MARKS):
        found = _SIZE_MARK_PATTERN.search(stem)
        if not found or not found.start() or (found[1] and _is_name_number(stem, int(found[1]))):
            break
        stem = stem[: found.start()]
    return stem


def _is_name_number(stem: str, number: int) -> bool:
    """Whether the number at the end of a name is part of it, rather than a width."""
    return number not in PICTURE_WIDTHS or _CAMERA_NAME_PATTERN.fullmatch(stem) is not None


@lru_cache(PICTURE_CACHE_SIZE)
def is_decoration(url: str) -> bool:
    """Whether the address of a picture says that it decorates the page: a logo, an icon, a pixel."""
    path = unquote(url.partition("?")[0]).casefold()
    if path.endswith((".svg", ".ico")) or "gravatar.com" in path:
        return True
    return not DECORATION_WORDS.isdisjoint(_WORD_PATTERN.findall(path.rpartition("/")[2]))

"""Addresses as pages write them, for formats that take nothing but a URI."""

import re
from urllib.parse import quote, urlsplit

_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def uri(url: str | None) -> str | None:
    """The web address as a URI of RFC 3986, other characters percent-encoded; nothing where it is none."""
    if not url:
        return None
    address, _, fragment = _LOOSE_PERCENT.sub("%25", url.strip()).partition("#")
    try:
        parts = urlsplit(address)
        # asking for a port that is none raises
        web = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
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

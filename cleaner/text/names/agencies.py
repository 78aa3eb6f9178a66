"""The agencies that a byline, a credit or a dateline names."""

import re
from collections.abc import Mapping

from cleaner.text.names.words import STRIP_CHARS

_AGENCY_JOINTS = re.compile(
    r"\s*[,;&|()\[\]/+=、，]\s*|\s+[–—-]+\s+|\s+(?:and|und|et|y|e|with|mit|avec|con|i|и|та|og|och)\s+"
)


def find_agencies(raw: str, agencies: Mapping[str, str]) -> list[str]:
    """The short names of the agencies that a byline, credit or dateline names, in order, each once."""
    found: dict[str, None] = {}
    for part in _AGENCY_JOINTS.split(raw):
        key = part.strip(STRIP_CHARS).casefold()
        for opening in ("by ", "von ", "par ", "por ", "di ", "quelle: ", "source: ", "the "):
            if key not in agencies and key.startswith(opening):
                key = key.removeprefix(opening)
        if short := agencies.get(key):
            found[short] = None
    if not found and (short := agencies.get(raw.strip(STRIP_CHARS).casefold())):
        found[short] = None
    return list(found)

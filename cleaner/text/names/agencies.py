"""The agencies that a byline, a credit or a dateline names."""

import re
from collections.abc import Mapping

from cleaner.text.names.words import STRIP_CHARS

_JOINTS = re.compile(r"\s*[,;&|()\[\]/+=、，]\s*|\s+[–—-]+\s+|\s+(?:and|und|et|y|e|with|mit|avec|con|i|и|та|og|och)\s+")

_OPENINGS = ("by ", "von ", "par ", "por ", "di ", "quelle: ", "source: ", "the ")
"""What may stand before the name of an agency; several follow each other in this order only: "by the ap"."""


def find_agencies(raw: str, agencies: Mapping[str, str]) -> list[str]:
    """The short names of the agencies that a byline, credit or dateline names, in order, each once.

    The whole text is asked last: a name may hold what parts two others ("dpa/AFP" as one house)."""
    keys = [_strip_openings(part.strip(STRIP_CHARS).casefold(), agencies) for part in _JOINTS.split(raw)]
    found = dict.fromkeys(agencies[key] for key in keys if key in agencies)
    return list(found) or list(filter(None, [agencies.get(raw.strip(STRIP_CHARS).casefold())]))


def _strip_openings(key: str, agencies: Mapping[str, str]) -> str:
    """A part without the words before the name; a name that is known with them stays whole ("the canadian press")."""
    for opening in _OPENINGS:
        if key in agencies:
            return key
        key = key.removeprefix(opening)
    return key

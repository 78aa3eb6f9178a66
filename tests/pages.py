"""Real pages and seed documents, read from ../shared where that is at hand; nothing of them is kept here."""

import gzip
import os
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

SHARED = Path(__file__).parents[2] / "shared"
SETS = ("fundus", "roles", "scrapinghub")
RENDERINGS = ("R1", "R2", "R3", "R4", "R5")

ALL = bool(os.environ.get("CLEANER_ALL_PAGES"))
"""Whether the tests read every page; without it, a fixed sample of them."""


class Gold(Struct):
    """What a page should come out as."""

    body: tuple[str, ...] = ()
    optional: tuple[int, ...] = ()
    lang: str | None = None


class Page(Struct):
    """A page of the bench."""

    id: str
    html: str = ""
    text: dict[str, str] = {}
    gold: Gold = msgspec.field(default_factory=Gold)


def needed(*parts: str) -> Path:
    """A path below ../shared; skips the test where it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"../shared/{'/'.join(parts)} is not here")
    return path


@cache
def pages(name: str) -> tuple[Page, ...]:
    """The pages of a set; none where ../shared is absent."""
    path = SHARED / "bench" / "data" / f"{name}.dev.jsonl.gz"
    if not path.exists():
        return ()
    decoder = msgspec.json.Decoder(Page)
    with gzip.open(path) as lines:
        return tuple(decoder.decode(line) for line in lines)


def rendered(page: Page, rendering: str) -> str | None:
    """A rendering of a page as a text, or None where it has none."""
    if rendering == "R5":
        return " ".join(page.text["R3"].split()) if "R3" in page.text else None
    return page.text.get(rendering)


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of each seed and of each rendering of each page, all of them or the sample."""
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        yield f"seeds/{path.stem}", path.read_bytes().decode("utf-8")
    for name in SETS:
        for page in pages(name):
            for rendering in RENDERINGS:
                text = rendered(page, rendering)
                if text is not None and (ALL or _sampled(f"{page.id}-{rendering}")):
                    yield f"{page.id}-{rendering}", text


def markups() -> Iterator[tuple[str, str]]:
    """Name and HTML of each page, all of them or the sample."""
    for name in SETS:
        for page in pages(name):
            if ALL or _sampled(f"{page.id}-html"):
                yield f"{page.id}-html", page.html


def _sampled(name: str) -> bool:
    return zlib.crc32(name.encode()) % 16 == 0


def bodies(names: tuple[str, ...] = SETS) -> Iterator[tuple[Page, str]]:
    """Every paragraph that the clean text of a page must have, with its page."""
    for name in names:
        for page in pages(name):
            for number, paragraph in enumerate(page.gold.body):
                if number not in page.gold.optional:
                    yield page, paragraph

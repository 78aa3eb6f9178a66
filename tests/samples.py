"""The samples of `raw/`, and what `cleaner run` makes of them: every integration must make the same."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.text.encoding import decode_bytes

ROOT = Path(__file__).parents[1]
PAGE = "<html><head><title>Tide</title></head><body><p>The tide was out by noon, and nobody had seen it go.</p></body>"


class Sample(NamedTuple):
    """A text or a page, and its record."""

    id: str
    raw: str
    record: dict[str, Any]


@cache
def samples(ending: str) -> tuple[Sample, ...]:
    """Those with this ending, `.txt` or `.html`."""
    lines = (ROOT / "clean" / "raw.articles.jsonl").read_bytes().splitlines()
    records = {record["id"]: record for record in map(json.loads, lines)}
    found = sorted((ROOT / "raw").glob(f"*{ending}"))
    return tuple(Sample(path.stem, decode_bytes(path.read_bytes())[0], records[path.stem]) for path in found)


def field(ending: str) -> str:
    """The column in which samples with this ending are given."""
    return ending.removeprefix(".").replace("txt", "text")


def batch(ending: str) -> dict[str, list[Any]]:
    """The samples as columns, with one that cleaning knows nothing of."""
    given = samples(ending)
    return {
        "id": [one.id for one in given],
        field(ending): [one.raw for one in given],
        "shelf": list(range(len(given))),
    }


def clean_texts(ending: str) -> list[str]:
    """What `cleaner run` makes of the texts."""
    return [one.record["text"] for one in samples(ending)]

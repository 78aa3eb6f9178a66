"""The record that a cleaned document becomes, and the line that each of its edits becomes in the ledger.

Field names and meanings are the contract with every reader of the output; all output formats are made from `Article`.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import numpy as np
from msgspec import UNSET, Struct, UnsetType, field

from cleaner.document import Document
from cleaner.text.dates import Stamp
from cleaner.text.names import Person

SCHEMA_VERSION = 1


class Dateline(Struct, frozen=True):
    """The place an article reports from, as its first paragraph opens with it."""

    place: str
    raw: str = ""


class Publisher(Struct, frozen=True):
    """Who published the article."""

    name: str | None = None
    domain: str | None = None


class Copyright(Struct, frozen=True):
    """A copyright notice and what it says."""

    holder: str | None = None
    year: int | None = None
    notice: str | None = None


class Media(Struct, frozen=True):
    """An image or a video: what its caption, credit and address were."""

    caption: str | None = None
    credit: str | None = None
    url: str | None = None


class Passage(Struct, frozen=True, omit_defaults=True):
    """A part of the text with its role; `start` and `end` are code points of the source as read.

    `language` is there only where it is not the document's.
    """

    role: str
    text: str
    start: int
    end: int
    language: str = ""


class Evidence(Struct, frozen=True):
    """A sign of translation: `start` and `end` are code points of the source as read."""

    rule: str
    kind: str
    text: str
    start: int
    end: int


class Translation(Struct, frozen=True):
    """Whether the text reads as translated, and what shows it."""

    verdict: Literal["none", "suspected", "confirmed"] = "none"
    score: float | None = None
    source_language: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Source(Struct, frozen=True):
    """Where a document came from.

    `line` is the line of a JSON Lines or CSV file, the row of Parquet, the record of an archive; `sha256` is that of
    the bytes as they lay, of an archive's page as it was unpacked, of a table's row as a line of JSON.
    """

    path: str | None = None
    line: int | None = None
    media_type: str = "text/plain"
    encoding: str | None = None
    sha256: str | None = None


class Hashes(Struct, frozen=True):
    """Of the clean text: SHA-256, and a 64-bit simhash that is near for near texts, both in hexadecimal."""

    text: str
    simhash: str


class Likeness(Struct, frozen=True):
    """Why a record is a copy of another: what shows it, how like the texts are, what they share.

    `exact`: the same letters; `agency`: most shingles and an agency; `shingles`: most shingles.  `similarity` is the
    share of all shingles of both texts that both have, `shared` of those of the shorter one, both as estimated.
    """

    reason: Literal["exact", "agency", "shingles"]
    similarity: float
    shared: float


class Tool(Struct, frozen=True):
    """What made the record."""

    version: str
    rules_sha256: str


class LedgerLine(Struct, frozen=True):
    """One edit: `before` is `source[start:end]` as read, `after` what it reads from then on.

    `duplicate_of` is there only where the whole document went, because it is a copy of that one.
    """

    id: str
    seq: int
    stage: str
    rule: str
    role: str
    start: int
    end: int
    before: str
    after: str
    confidence: float
    duplicate_of: str | UnsetType = UNSET


class Rejected(Struct, frozen=True, omit_defaults=True):
    """What could not be cleaned: the stage that gave up, why, and the input untouched.

    Input that is not UTF-8 stands in `input_base64`.  Both are left out where a damaged archive holds the rest.
    """

    id: str
    stage: str
    reason: str
    source: Source
    input: str | None = None
    input_base64: str | None = None

    @classmethod
    def build_from_input(cls, id: str, stage: str, reason: str, source: Source, untouched: bytes | str) -> "Rejected":
        """The rejection with its input as text where it is UTF-8, else in base64."""
        if isinstance(untouched, str):
            return cls(id, stage, reason, source, untouched)
        try:
            return cls(id, stage, reason, source, untouched.decode("utf-8"))
        except UnicodeDecodeError:
            return cls(id, stage, reason, source, input_base64=base64.b64encode(untouched).decode("ascii"))


class Article(Struct, kw_only=True):
    """A cleaned article.

    `provenance` names, for each field that a fact filled, the rule of the first one: `json-ld.author`, `title.kicker`.
    `story`, `duplicate_of` and `likeness` are there only where copies were looked for.
    """

    id: str
    text: str
    title: str | None = None
    kicker: str | None = None
    standfirst: str | None = None
    blocks: tuple[Passage, ...] = ()
    authors: tuple[Person, ...] = ()
    published: Stamp | None = None
    modified: Stamp | None = None
    dateline: Dateline | None = None
    agencies: tuple[str, ...] = ()
    publisher: Publisher | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    copyright: Copyright | None = None
    images: tuple[Media, ...] = ()
    videos: tuple[Media, ...] = ()
    language: str | None = None
    language_confidence: float | None = None
    translation: Translation = field(default_factory=Translation)
    url: str | None = None
    canonical_url: str | None = None
    source: Source = field(default_factory=Source)
    flags: tuple[str, ...] = ()
    provenance: dict[str, str] = {}
    story: str | UnsetType | None = UNSET
    duplicate_of: str | UnsetType | None = UNSET
    likeness: Likeness | UnsetType | None = UNSET
    hashes: Hashes
    schema_version: int = SCHEMA_VERSION
    tool: Tool
    extra: dict[str, Any] | UnsetType = UNSET
    edits: tuple[LedgerLine, ...] | UnsetType = UNSET


_SINGLE_VALUE_FIELDS = frozenset(
    "title kicker standfirst section published modified dateline publisher copyright language language_confidence "
    "canonical_url translation".split()
)
_LIST_FIELDS = frozenset({"authors", "agencies", "tags", "images", "videos", "flags"})


def build_article(document: Document, source: Source, tool: Tool, extra: dict[str, Any] | None = None) -> Article:
    """The record of a cleaned document: the first fact of a field with one value, all of a field with many."""
    text = document.text
    data = text.encode("utf-8", "surrogatepass")
    found: dict[str, Any] = {}
    many: dict[str, dict[Any, None]] = {}
    provenance: dict[str, str] = {}
    foreign: dict[int, str] = {}
    for fact in document.facts:
        key = fact.key
        if key in _SINGLE_VALUE_FIELDS:
            found.setdefault(key, fact.value)
        elif key in _LIST_FIELDS:
            many.setdefault(key, {})[fact.value] = None
        elif key == "passage.language":
            foreign[fact.start] = fact.value
            continue
        else:
            continue
        provenance.setdefault(key, fact.rule)
    if not text:
        many.setdefault("flags", {})["empty"] = None
    for key, values in many.items():
        found[key] = tuple(values)
    return Article(
        id=document.id,
        text=text,
        blocks=tuple(
            [
                Passage(block.role or "paragraph", block.text, block.start, block.end, foreign.get(block.start, ""))
                for block in document.blocks
                if block.text
            ]
        ),
        url=document.url,
        source=source,
        hashes=Hashes(hashlib.sha256(data).hexdigest(), f"{_hash_bytes(data):016x}"),
        provenance=provenance,
        tool=tool,
        extra=extra or UNSET,
        **found,
    )


def build_ledger(document: Document) -> Iterator[LedgerLine]:
    """One line for each edit, in the order in which they were made."""
    for seq, edit in enumerate(document.edits):
        yield LedgerLine(
            document.id,
            seq,
            edit.stage,
            edit.rule,
            edit.role,
            edit.start,
            edit.end,
            document.source[edit.start : edit.end],
            edit.text,
            edit.confidence,
        )


def restore_source(article: Article, edits: Iterable[LedgerLine]) -> str:
    """The source text as read, from its record and its ledger.

    Every span that an edit touched reads as its `before`; a passage that none touched reads as its text, followed by
    the line ends that its span leaves room for.
    """
    spans = sorted((edit.start, -edit.end, edit.before) for edit in edits)
    pieces: dict[int, str] = {}
    reach = 0
    for start, end, before in spans:
        if start >= reach:
            pieces[start] = before
            reach = -end
    for passage in article.blocks:
        if passage.start not in pieces:
            pieces[passage.start] = passage.text + "\n" * count_line_ends(passage)
    return "".join(pieces[start] for start in sorted(pieces))


def count_line_ends(passage: Passage) -> int:
    """How many line ends the span of a passage leaves room for that no edit touched."""
    return max(0, passage.end - passage.start - len(passage.text))


def compute_simhash(text: str) -> int:
    """A 64-bit simhash of the 8 bytes behind the spaces, or at every eighth place where a script has few.

    In longer texts a quarter of these is taken.

    Source: Charikar, "Similarity estimation techniques from rounding algorithms" (2002).
    """
    return _hash_bytes(text.encode("utf-8", "surrogatepass"))


_MIXER_MULTIPLIERS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_MIXER_SHIFT_BITS = np.uint64(29), np.uint64(32)
_QUARTER_MASK = np.uint64(3)


def _hash_bytes(data: bytes) -> int:
    data = data.ljust(9, b" ")
    size = len(data) - 8
    signs = np.frombuffer(data, np.uint8, size)
    at = (signs == 32).nonzero()[0]
    if len(at) * 40 < size:
        at = (signs & 7 == 0).nonzero()[0]
    if not len(at):
        at = np.zeros(1, np.int64)
    pieces = np.ndarray((size,), dtype="<u8", buffer=data, offset=1, strides=(1,)).take(at)
    for multiplier, shift in zip(_MIXER_MULTIPLIERS, _MIXER_SHIFT_BITS, strict=True):
        pieces *= multiplier
        pieces ^= pieces >> shift
    if len(pieces) > 256:
        pieces = pieces[pieces & _QUARTER_MASK == 0]
    bits = np.unpackbits(pieces.view(np.uint8), bitorder="little").reshape(-1, 64)
    votes = np.add.reduce(bits, axis=0, dtype=np.int32) * 2 > len(pieces)
    return int.from_bytes(np.packbits(votes, bitorder="little").tobytes(), "little")

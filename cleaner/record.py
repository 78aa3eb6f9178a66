"""The record that a cleaned document becomes, and the line that each of its edits becomes in the ledger.

Field names and meanings are the contract with every reader of the output; all output formats are made from `Article`.

A new field touches four files: `Article` here (its type says whether the first fact or all facts fill it, and is the
type of its column in Parquet), its key in `cleaner.facts`, the stage that writes it, and the README.
"""

import base64
import hashlib
from collections.abc import Iterable
from types import GenericAlias
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field

from cleaner.document import Document, FactValue
from cleaner.facts import FLAGS, KEYS, PASSAGE_LANGUAGE, Copyright, Dateline, Media, Publisher, Translation, get_key
from cleaner.text.dates.stamp import Stamp
from cleaner.text.names.person import Person
from cleaner.text.simhash import compute_simhash

SCHEMA_VERSION = 1


class Passage(Struct, frozen=True, omit_defaults=True):
    """A part of the text with its role; `start` and `end` are code points of the source as read.

    `language` is there only where it is not the document's.
    """

    role: str
    text: str
    start: int
    end: int
    language: str = ""


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


FACT_FIELDS = frozenset(Article.__struct_fields__) & KEYS.keys()
"""Fields of the record that facts fill."""

_LIST_FIELDS = frozenset(name for name in FACT_FIELDS if isinstance(Article.__annotations__[name], GenericAlias))


def build_article(document: Document, source: Source, tool: Tool, extra: dict[str, Any] | None = None) -> Article:
    """The record of a cleaned document: the first fact of a field with one value, all of a field with many.

    Raises `StageError` for a fact whose key is not in the table of `cleaner.facts`.
    """
    text = document.text
    data = text.encode("utf-8", "surrogatepass")
    found: dict[str, dict[FactValue, None]] = {}  # a dict of values keeps each once, in their order
    provenance: dict[str, str] = {}
    for fact in document.facts:
        if fact.key in FACT_FIELDS:
            found.setdefault(fact.key, {})[fact.value] = None
            provenance.setdefault(fact.key, fact.rule)
        elif fact.key not in KEYS:
            get_key(fact.key)
    if not text:
        found.setdefault(FLAGS.name, {})["empty"] = None
    fields: dict[str, Any] = {
        key: tuple(values) if key in _LIST_FIELDS else next(iter(values)) for key, values in found.items()
    }
    foreign = {fact.start: PASSAGE_LANGUAGE.read(fact) for fact in PASSAGE_LANGUAGE.pick(document.facts)}
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
        hashes=Hashes(hashlib.sha256(data).hexdigest(), f"{compute_simhash(data):016x}"),
        provenance=provenance,
        tool=tool,
        extra=extra or UNSET,
        **fields,
    )


def build_ledger(document: Document) -> list[LedgerLine]:
    """One line for each edit, in the order in which they were made."""
    id, source = document.id, document.source
    return [
        LedgerLine(
            id,
            seq,
            edit.stage,
            edit.rule,
            edit.role,
            edit.start,
            edit.end,
            source[edit.start : edit.end],
            edit.text,
            edit.confidence,
        )
        for seq, edit in enumerate(document.edits)
    ]


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

"""What becomes of documents and shards on their way from a worker to the files."""

from msgspec import Struct, field

from cleaner.io.json import encode_json
from cleaner.record import Rejected
from cleaner.run.report import Counts


class CleanedDocument(Struct, frozen=True):
    """A cleaned document: the lines of its record and of its ledger, and its signature where copies are looked for.

    `edits` is empty where the ledger stands in the record, or is not wanted.
    """

    id: str
    record: bytes
    edits: bytes
    signature: bytes = b""


class ShardResult(Counts, kw_only=True):
    """What became of a shard.

    `records`, `edits` and `rejected` are JSON Lines, `signatures` those of the records where copies are looked for;
    `index` has the id of each record and the bytes that its record and its edits take.
    """

    index: list[tuple[str, int, int]] = field(default_factory=list)
    records: list[bytes] = field(default_factory=list)
    edits: list[bytes] = field(default_factory=list)
    rejected: list[bytes] = field(default_factory=list)
    signatures: list[bytes] = field(default_factory=list)

    def add(self, done: CleanedDocument) -> None:
        """Add a document, which the report has counted already."""
        self.index.append((done.id, len(done.record), len(done.edits)))
        self.records.append(done.record)
        self.edits.append(done.edits)
        self.signatures.append(done.signature)

    def reject(self, rejected: Rejected) -> None:
        """Add a rejection, and count it."""
        self.report.reject(rejected.reason)
        self.rejected.append(encode_json(rejected) + b"\n")

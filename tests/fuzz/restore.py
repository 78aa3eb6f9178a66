"""Attack on records and ledgers: any bytes in their place end in `ReadError`, or in the source that the record vouches
for."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import attack

with attack.watched():
    from cleaner.document import Document
    from cleaner.errors import ReadError
    from cleaner.io.json import encode_json
    from cleaner.pipeline import Pipeline, default_stages
    from cleaner.readers.own_records import restore_sources, verify_articles
    from cleaner.record import LedgerLine, Source, Tool, build_article, build_ledger
    from cleaner.rules import load

BETWEEN = b"\n==\n"
"""What stands between the records and the ledger of an input."""

TOKENS = (
    BETWEEN,
    b"\n",
    b'"id":',
    b'"edits":[',
    b'"seq":',
    b'"start":',
    b'"end":',
    b'"before":""',
    b'"after":"x"',
    b"null",
    b"true",
    b"[]",
    b"{}",
    b"[",
    b"{",
    b"}",
    b'"',
    b",",
    b'"\\ud800"',
    b'"\\u0000"',
    b"\xed\xa0\x80",
    b"\xff",
    b"\xef\xbb\xbf",
    b'"blocks":[',
    b'"text":"',
    b'"sha256":',
    b'"encoding":"utf-8"',
    b'"media_type":"text/plain"',
    b"-1",
    b"1e9",
    b"NaN",
    b'"a":' * 9,
    b"\r\n",
    b"\xe2\x80\xa8",
    b"\x0b",
    b"\x1c",
    b"\xc2\x85",
)

_folder = Path(tempfile.mkdtemp(prefix="restore", dir="/dev/shm" if os.path.isdir("/dev/shm") else None))


def attacked(data: bytes) -> None:
    """Restore the articles in these bytes, all but the first of which are records, and a ledger behind `BETWEEN`."""
    records, between, edits = data[1:].partition(BETWEEN)
    ending = ("", "", "", "", "", "", ".gz", ".zst")[data[0] % 8 if data else 0]
    path, beside = _folder / f"a.articles.jsonl{ending}", _folder / f"a.edits.jsonl{ending}"
    path.write_bytes(records)
    if between:
        beside.write_bytes(edits)
    else:
        beside.unlink(missing_ok=True)
    try:
        for made, _, source in verify_articles(path):
            where = made.source
            if where.sha256 and where.media_type == "text/plain" and where.encoding == "utf-8":
                found = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
                assert found == where.sha256, "a source that the record does not vouch for"
        assert all(isinstance(source, str) for _, source in restore_sources(path))
    except ReadError as error:
        assert str(_folder) in str(error), "an error that names no file"


def seeds() -> Iterator[bytes]:
    """Records with their ledgers, behind them and inside, as a run writes them."""
    pipeline = Pipeline(default_stages(load(prove=False)))
    texts = [path.read_text("utf-8", "replace") for path in sorted(attack.RAW.glob("*.txt"))]
    small = ["By Ann Lee\n\nThe ferry leaves.\n", "Advertisement\r\n\r\nIt’s late\u2028 x\n\n", "\ud800 a\x00b\n", "\n"]
    for number, text in enumerate((*small, *texts)):
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        document = pipeline(Document.read(text, f"d{number}"))
        made = build_article(document, Source("d", None, "text/plain", "utf-8", digest), Tool("0", ""))
        edits: list[LedgerLine] = list(build_ledger(document))
        yield b"0" + encode_json(made) + b"\n" + BETWEEN + b"".join(encode_json(one) + b"\n" for one in edits)
        made.edits = tuple(edits)
        yield b"0" + encode_json(made) + b"\n"


if __name__ == "__main__":
    attack.fuzz(attacked, seeds(), TOKENS)

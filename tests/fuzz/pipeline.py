"""Attack on the stages: whatever a text or a page holds, every stage is done with it, every edit can be replayed and
undone, every writer writes it, and record and ledger give its source back."""

from collections.abc import Iterator

import attack
import msgspec
import readers

with attack.watched():
    from cleaner.document import Document, Fact
    from cleaner.errors import ReadError
    from cleaner.html.page import build_page_document
    from cleaner.io.json import encode_json
    from cleaner.pipeline import Pipeline, default_stages
    from cleaner.readers.own_records import decode_json
    from cleaner.record import Article, LedgerLine, Source, Tool, build_article, build_ledger, restore_source
    from cleaner.rules import load
    from cleaner.text.languages import load_prose
    from cleaner.writers import WRITERS

TOKENS = (
    *readers.TOKENS,
    b"Advertisement\n",
    b"By Ann Lee and TOM OKORO\n",
    b"Published: 4 March 2024, 17:05 GMT\n",
    b"Photo: Mara Quill/Reuters",
    b"PORT ELLERY, March 4 (Reuters) - ",
    b"\n\n",
    b"Read also: ",
    b"inter-\nnational",
    b"''",
    b"\xc3\x83\xc2\xa9",
    b"&nbsp;",
    b"\xc2\xa0",
    b"\xe2\x80\x8b",
    b"\xcc\x81",
    b"http://example.org/a?b=c",
    b"www.[",
    b"12.5.2023",
    b"31/02/9999",
    b"\xd9\xa1\xd9\xa2",
    b"2024-02-30T25:61:00Z",
    b"(dpa) - ",
    b"\xe2\x80\x9e",
    b"\xe2\x80\x9d",
    b". ",
    b"! ",
    b"\xe3\x80\x82",
    b"\xe0\xa5\xa4 ",
    b"- ",
    b"\xe2\x80\xa2 ",
    b"1. ",
    b"\xc2\xa9 2021 ",
    b"Translated from the German by ",
    b"Mit Material von AFP",
    b"Share",
    b"\t",
    b"|",
    b" / ",
    b": ",
    b"@",
    b"#",
    b"\\n",
    b"\\u00e9",
    b"*",
)

_rules = load(prove=False)
_pipelines = [Pipeline(default_stages(_rules, how)) for how in ("balanced", "recall", "precision")]
_pipelines.append(Pipeline(default_stages(_rules), keep=("byline", "other"), drop=("heading", "list-item")))


def attacked(data: bytes) -> None:
    """Clean these bytes: the first says whether they are a text or a page, how to clean it, and what is known of it."""
    if not data:
        return
    how = data[0]
    # stray bytes become lone surrogates, which JSON can hold
    text = data[1:].decode("utf-8", "surrogateescape")
    url = "https://www.example.org/news/a-b.html" if how & 2 else None
    facts = (Fact("input", "title", text.strip().partition("\n")[0]),) if how & 4 and text.strip() else ()
    try:
        document = build_page_document(text, "d", url, facts) if how & 1 else Document.read(text, "d", url, facts)
    except ReadError:
        return
    done = _pipelines[how // 8 % 4](document)
    assert "".join([done.source[block.start : block.end] for block in done.blocks]) == document.source
    assert done.replay(done.edits).text == done.text, "replayed edits give another text"
    bare = [(block.start, block.end, block.text) for block in done.replay(()).blocks]
    assert bare == [(block.start, block.end, block.text) for block in document.lines], "what is undone is not as read"
    if done.edits:
        left = done.undo(done.edits[len(done.edits) // 2])
        assert left.replay(left.edits).text == left.text
    made = build_article(done, Source(), Tool("0", ""))
    for writer in WRITERS.values():
        if not writer.needs:
            assert isinstance(writer.write(made), bytes)
    edits = [encode_json(line) for line in build_ledger(done)]
    back = msgspec.convert(decode_json(WRITERS["jsonl"].write(made)), Article)
    lines = [msgspec.convert(decode_json(line), LedgerLine) for line in edits]
    assert restore_source(back, lines) == document.source, "record and ledger give another source"


def seeds() -> Iterator[bytes]:
    """The samples, whole and cut, and sentences in every language that the rules know."""
    for number, path in enumerate(sorted(attack.RAW.glob("*.txt"))):
        body = path.read_bytes()
        yield bytes((number * 8 % 256 & 254,)) + body[:700]
        yield bytes((number * 2 % 256 & 254,)) + body
    for number, path in enumerate(sorted(attack.RAW.glob("*.html"))):
        body = path.read_bytes()
        yield bytes((number * 8 % 256 | 1,)) + body
        yield bytes((3,)) + body[-1500:]
    for line in (attack.RAW / "feed.jsonl").read_bytes().split(b"\n")[:20]:
        yield b"\x00" + line[:1500]
    for sentences in load_prose().values():
        yield b"\x02" + "\n\n".join(sentences[:4]).encode()
    yield b"\x03<html><body><article><h1>A</h1><p>By Ann Lee</p><p>The ferry leaves.</p></article></body></html>"


if __name__ == "__main__":
    attack.fuzz(attacked, seeds(), TOKENS)

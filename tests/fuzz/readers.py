"""Attack on the readers: any bytes end in documents whose blocks tile their source, in rejections that keep their
input, or in `ReadError` for the file; and nothing of the file is lost on the way."""

import gzip
import io
import zlib
from collections.abc import Iterator

import attack
import zstandard

with attack.watched():
    from cleaner.errors import ReadError
    from cleaner.io import files, streams
    from cleaner.io.files import File, Oversize, Piece
    from cleaner.io.json import encode_json
    from cleaner.readers import READERS
    from cleaner.readers.base import Item
    from cleaner.record import Rejected

ENDINGS = (".txt", ".html", ".jsonl")
PACKINGS = ("", ".gz", ".zst")

TOKENS = (
    b"\n",
    b"\r\n",
    b"\r",
    b"\x00",
    b"\x1b$B",
    b"\x1b(",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xff\xfe\0\0",
    b"\xed\xa0\x80",
    b"\xed\xb0\x80",
    b"\xc3\x83\xc2\xa9",
    b"\xe9",
    b"\x80\x92\x94",
    b"\x85",
    b"\xe2\x80\xa8",
    b"\xf0\x9f\x98\x80",
    b"%PDF-",
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b'{"text":"',
    b'{"html":"<p>',
    b'"url":"http://[',
    b'"id":',
    b'"title":',
    b"null",
    b"[",
    b"{",
    b"}",
    b'"',
    b"\\ud800",
    b"\\u0000",
    b"NaN",
    b"1e999",
    b"<html>",
    b"<body>",
    b"<p>",
    b"</p>",
    b"<div class='byline author'>",
    b"<h1>",
    b"<time datetime='2024-01-01'>",
    b'<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"',
    b'"author":[{"@type":"Person","name":"',
    b'"@graph":[',
    b"</script>",
    b"<script>window.x={",
    b"<meta charset='utf-7'>",
    b"<meta charset=gbk>",
    b'<meta property="article:published_time" content="',
    b"<base href='",
    b"<img src='//[' alt='a'>",
    b'<link rel=canonical href="',
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"<!DOCTYPE html>",
    b"<!ENTITY a '&a;'>",
    b"&#0;",
    b"&#xD800;",
    b"&#1114112;",
    b"&amp;amp;",
    b"<table><tr><td>",
    b"<ul><li>",
    b"<br>",
    b"<style>",
    b"<template>",
    b"<svg>",
    b"<noscript>",
    b"<figure><figcaption>",
    b"<picture><source srcset='a 1x, b 2x'>",
    b" itemprop=author",
    b" hidden",
    b" style='display:none'",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"<frameset>",
    b"<plaintext>",
    b"<select><option>",
    b"</html>",
    b"<a href='http://[::1'>",
)


def attacked(data: bytes) -> None:
    """Read these bytes: the first says as what, the second in how small chunks and up to which limit."""
    if len(data) < 2:
        return
    how, sizes, body = data[0], data[1], data[2:]
    ending, packing, whole = ENDINGS[how % 3], PACKINGS[how // 3 % 3], how < 128
    streams.CHUNK_BYTES = (1 << 16, 64, 7, 1)[sizes % 4]
    files.MAX_DOCUMENT_BYTES = (4 << 20, 300, 40)[sizes // 4 % 3]
    packed = _packed(body, packing) if whole else body
    file = File("f", "f", ending, packing)
    read = [0]
    documents = 0
    found: list[bytes] = []
    oversize = False

    def tick(count: int) -> None:
        read[0] += count

    try:
        for piece in READERS[ending].cut(file, io.BufferedReader(io.BytesIO(packed)), tick):  # type: ignore[arg-type]
            if isinstance(piece, Oversize):
                oversize = True
                found += piece.chunks
                continue
            found.append(piece.data)
            for single in READERS[ending].split(piece):
                documents += 1
                _read(single, ending, body if whole else None)
    except ReadError:
        assert not whole, "whole data that is said to be damaged"
        return
    assert read[0] <= len(packed)
    if whole:
        assert oversize or read[0] == len(packed), "bytes that were read and not told"
        lines = ending == ".jsonl" and oversize
        got = b"".join(found)
        assert (got.replace(b"\n", b"") == body.replace(b"\n", b"")) if lines else got == body, "lost on the way"
        if ending == ".jsonl" and not oversize:
            marked = body.removeprefix(b"\xef\xbb\xbf")
            assert documents == sum(bool(line) and not line.isspace() for line in marked.split(b"\n"))


def _read(piece: Piece, ending: str, body: bytes | None) -> None:
    if ending == ".jsonl" and body is not None:
        line = body.split(b"\n")[piece.line - 1]
        assert piece.data == (line.removeprefix(b"\xef\xbb\xbf") if piece.line == 1 else line)
    done = READERS[ending].read(piece)
    assert isinstance(done, Item | Rejected)
    if isinstance(done, Rejected):
        assert encode_json(done) and done.reason.startswith("f:" if ending != ".jsonl" else f"f:{piece.line}:")
        return
    document = done.document
    for blocks in (document.lines, document.blocks):
        assert "".join([document.source[block.start : block.end] for block in blocks]) == document.source
        assert all(block.start < block.end for block in blocks)
    assert done.raw == piece.data
    assert encode_json(done.source) and encode_json(done.extra)


def _packed(data: bytes, packing: str) -> bytes:
    if packing == ".gz":
        # two members: what is packed in parts is one file
        half = len(data) // 2
        return gzip.compress(data[:half], 1) + gzip.compress(data[half:], 1)
    if packing == ".zst":
        return zstandard.ZstdCompressor(level=1).compress(data)
    return data


def seeds() -> Iterator[bytes]:
    """The samples as they lie, in older encodings, and packed; and lines and pages that readers refuse."""
    for path in sorted(attack.RAW.iterdir()):
        body = path.read_bytes()
        how = (".txt", ".html", ".jsonl").index(path.suffix)
        yield bytes((how, 0)) + body
        if how == 2:
            for number, line in enumerate(body.split(b"\n")[:20]):
                yield bytes((how + 3 * (number % 3), number % 12)) + line + b'\n\n{"text":"a"}\n'
        else:
            for codec in ("cp1252", "utf-16", "utf-16-be", "iso2022_jp", "gb18030", "koi8-r"):
                yield bytes((how, 0)) + body.decode("utf-8", "replace")[:1500].encode(codec, "replace")
    for how in (3, 6, 4, 7, 5, 8):
        yield bytes((how, how)) + b'{"html":"<p>A page</p>","url":"http://a.b/"}\n' * 9
    text = b"The ferry leaves on Monday.\n" * 5
    yield bytes((128 + 1, 0)) + gzip.compress(text)
    yield bytes((132, 1)) + gzip.compress(text)[:-3]
    yield bytes((135, 1)) + zstandard.ZstdCompressor().compress(text)
    yield bytes((135, 0)) + zstandard.ZstdCompressor().compress(text)[:-3]
    yield bytes((132, 0)) + b"\x1f\x8b" + zlib.compress(text)


if __name__ == "__main__":
    attack.fuzz(attacked, seeds(), TOKENS)

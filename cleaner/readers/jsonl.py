"""JSON Lines: one document a line, as an object with `text`, or with `html` and the page's `url`.

Of a line with both, the text is read: who wrote it there has chosen it.  The page is carried along with other keys.
"""

import hashlib
import json
from collections.abc import Iterator
from io import BufferedReader
from itertools import chain
from typing import Any

import msgspec

from cleaner.document import Document, Fact
from cleaner.errors import ReadError
from cleaner.html import page
from cleaner.io import files
from cleaner.io.files import File, Oversize, Piece, check_length
from cleaner.io.streams import Tick, unpack_chunks
from cleaner.readers.base import Item
from cleaner.record import Rejected, Source
from cleaner.text.encoding import decode_bytes

_decode_json = msgspec.json.Decoder().decode
_BOM = b"\xef\xbb\xbf"


def cut_pieces(file: File, raw: BufferedReader, tick: Tick) -> Iterator[Piece | Oversize]:
    """The file in runs of whole lines, nothing parsed."""
    line = 1
    parts: list[bytes] = []
    size = 0
    stream: Iterator[bytes] = unpack_chunks(raw, file.packing, tick)
    while chunk := next(stream, b""):
        end = chunk.rfind(b"\n") + 1
        if not end:
            parts.append(chunk)
            size += len(chunk)
            if size > files.MAX_DOCUMENT_BYTES:
                tail: list[bytes] = []
                yield Oversize(file, _read_to_line_end(parts, stream, tail), line)
                line += 1
                parts, size = [], 0
                stream = chain(tail, stream)
            continue
        data = b"".join((*parts, memoryview(chunk)[:end]))
        parts = [chunk[end:]] if end < len(chunk) else []
        size = len(chunk) - end
        yield Piece(file, data, line)
        line += data.count(b"\n")
    if size:
        yield Piece(file, b"".join(parts), line)


def _read_to_line_end(parts: list[bytes], stream: Iterator[bytes], tail: list[bytes]) -> Iterator[bytes]:
    """The rest of a line; what stands behind it is left in `tail`."""
    yield from parts
    for chunk in stream:
        line, end, after = chunk.partition(b"\n")
        yield line
        if end:
            tail += (after,) if after else ()
            return


def split_piece(piece: Piece) -> Iterator[Piece]:
    """These lines, one by one, without those that hold nothing."""
    for number, line in enumerate(piece.data.split(b"\n"), piece.line):
        if number == 1 and line.startswith(_BOM):
            line = line[len(_BOM) :]
        if line and not line.isspace():
            yield Piece(piece.file, line, number, piece.encoding)


def read_document(piece: Piece) -> Item | Rejected:
    """The document of a line, or why it holds none."""
    return read_json_line(piece, "application/x-ndjson")


def read_json_line(piece: Piece, media_type: str) -> Item | Rejected:
    """The document of a line that stood in a file of this type, or why it holds none."""
    file, line, number = piece.file, piece.data, piece.line
    default_id = f"{file.id}:{number}"
    digest = hashlib.sha256(line).hexdigest()
    encoding = "utf-8"
    try:
        try:
            fields = _decode_json(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            fields, encoding = _decode_leniently(line)
        source = Source(file.path, number, media_type, piece.encoding or encoding, digest)
        if not isinstance(fields, dict):
            raise ReadError('the line is not a JSON object; write {"id": ..., "text": ...}')
        text, html = _pop_string(fields, "text"), None
        if text is None and (html := _pop_string(fields, "html")) is None:
            cure = 'the article\'s text belongs into the key "text", or its page into "html"'
            raise ReadError(f'"text" is {_describe_type(fields.get("text"))}; {cure}')
        id = fields.pop("id", None)
        if isinstance(id, int | float) and not isinstance(id, bool):
            id = str(id)
        elif id is not None and not isinstance(id, str):
            fields["id"], id = id, None
        url = _pop_string(fields, "url")
        title = _pop_string(fields, "title")
        facts = (Fact("input", "title", title),) if title else ()
        if text is None:
            made = page.build_page_document(html or "", id or default_id, url, facts)
        else:
            made = Document.read(check_length(text), id or default_id, url, facts)
        return Item(made, source, line, fields or None)
    except (ReadError, ValueError, RecursionError) as error:
        source = Source(file.path, number, media_type, None, digest)
        return Rejected.build_from_input(
            default_id, "read", f"{file.path}:{number}: {_explain_error(error)}", source, line
        )


def _decode_leniently(line: bytes) -> tuple[Any, str]:
    """The value of a line that msgspec refuses: lone surrogates, control codes, huge numbers, another encoding."""
    text, encoding = decode_bytes(line)
    return json.loads(text, strict=False), encoding


def _pop_string(fields: dict[str, Any], key: str) -> str | None:
    """Take a string out of the fields; anything else stays there."""
    return fields.pop(key) if isinstance(fields.get(key), str) else None


def _describe_type(value: object) -> str:
    names = {type(None): "missing", list: "a list", dict: "an object", bool: "true or false"}
    return names.get(type(value), "a number")


def _explain_error(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not valid JSON: {error.msg} at character {error.pos + 1}; mend or remove the line"
    if isinstance(error, RecursionError):
        return "the JSON is nested too deeply; flatten it"
    return str(error)

"""JSON Lines: one document a line, as an object with `text`, or with `html` and the page's `url`.

Of a line with both, the text is read: who wrote it there has chosen it.  The page is carried along with other keys.
"""

import codecs
import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from io import BufferedReader
from itertools import chain

import msgspec

from cleaner.errors import ReadError, list_names
from cleaner.io import files
from cleaner.io.files import Columns, File, Oversize, Piece
from cleaner.io.streams import Tick, unpack_chunks
from cleaner.readers.base import Item, Part, format_id, reject_piece, require_columns
from cleaner.readers.given import Given, read_given
from cleaner.record import Rejected, Source
from cleaner.text.encoding import decode_bytes, find_wide_encoding

_decode_json = msgspec.json.Decoder().decode
_BOM = b"\xef\xbb\xbf"
"""The mark of UTF-8 that some programs write before the first line."""


def cut_pieces(file: File, raw: BufferedReader, tick: Tick) -> Iterator[Part]:
    """The file in runs of whole lines, nothing parsed.

    A run is as long as what is read at a time, and what the line before it left over; `line` is the number of its first
    line.  A line over the limit is passed on in chunks, never held as a whole.
    """
    line = 1
    parts: list[bytes] = []
    named = file.columns.named
    size = 0
    stream: Iterator[bytes] = unpack_chunks(raw, file.packing, tick)
    stream, encoding = _narrow_chunks(stream)
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
        if named and line == 1:
            _check_named_keys(data, named)
        parts = [chunk[end:]] if end < len(chunk) else []
        size = len(chunk) - end
        yield Piece(file, data, line, encoding)
        line += data.count(b"\n")
    if size:
        if named and line == 1:
            _check_named_keys(b"".join(parts), named)
        yield Piece(file, b"".join(parts), line, encoding)


def _narrow_chunks(stream: Iterator[bytes]) -> tuple[Iterator[bytes], str]:
    """The chunks in UTF-8 where the file has several bytes a character, and its encoding then, else "".

    Shells of Windows write such files.
    """
    head = next(stream, b"")
    encoding = find_wide_encoding(head)
    stream = chain((head,), stream)
    if not encoding:
        return stream, ""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    texts = (decoder.decode(chunk) for chunk in stream)
    return (text.encode("utf-8", "surrogatepass") for text in texts if text), encoding


def _check_named_keys(data: bytes, named: dict[str, str]) -> None:
    """Raises `RefusedInput` where the first lines of a file lack a key that the user has named."""
    known: dict[str, object] = {}
    for line in data.removeprefix(_BOM).split(b"\n"):
        with suppress(msgspec.DecodeError, UnicodeDecodeError, ReadError, ValueError, RecursionError):
            value = _decode_json(line)
            known.update(value if isinstance(value, dict) else {})
    require_columns(named, known)


def _read_to_line_end(parts: list[bytes], stream: Iterator[bytes], tail: list[bytes]) -> Iterator[bytes]:
    """The rest of a line whose beginning is `parts`; what stands behind it in its last chunk is left in `tail`."""
    yield from parts
    for chunk in stream:
        line, end, after = chunk.partition(b"\n")
        yield line
        if end:
            tail += (after,) if after else ()
            return


def split_piece(piece: Piece) -> Iterator[Piece]:
    """These lines, one by one, without those that hold nothing and without a byte order mark before the first."""
    for number, line in enumerate(piece.data.split(b"\n"), piece.line):
        if number == 1 and line.startswith(_BOM):
            line = line[len(_BOM) :]
        if line and not line.isspace():
            yield Piece(piece.file, line, number, piece.encoding)


def read_document(piece: Piece) -> Item | Rejected:
    """The document of a line, or why it holds none."""
    return read_json_line(piece, "application/x-ndjson")


def read_json_line(piece: Piece, media_type: str) -> Item | Rejected:
    """The document of a line that stood in a file of this type, or why it holds none.

    Rows of tables come here too: their `encoding` is that of the table, from which the line was made.
    """
    line = piece.data
    digest = hashlib.sha256(line).hexdigest()
    encoding = "utf-8"
    try:
        try:
            fields = _decode_json(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            fields, encoding = _decode_leniently(line)
        given = _take_given(fields, format_id(piece.file, piece.line), piece.file.columns)
        origin = Source(piece.file.path, piece.line, media_type, piece.encoding or encoding, digest)
        return read_given(given, origin, line, fields or None)
    except (ReadError, ValueError, RecursionError) as error:
        return reject_piece(piece, _explain_error(error), media_type)


def _take_given(fields: object, default_id: str, columns: Columns) -> Given:
    """The article in the keys of a line, which are taken out; what stays is carried along.

    A number is an id as well; an id of any other type is carried along, and the default id takes its place.  Raises
    `ReadError` where there is neither text nor page.
    """
    if not isinstance(fields, dict):
        raise ReadError('the line is not a JSON object; write {"id": ..., "text": ...}')
    content = ((field, _pop_string(fields, columns.name_of(field))) for field in columns.content)
    found = next(((field, value) for field, value in content if value is not None), None)
    if found is None:
        raise ReadError(_explain_no_content(fields, columns))
    id_name = columns.name_of("id")
    id = fields.pop(id_name, None)
    if isinstance(id, int | float) and not isinstance(id, bool):
        id = str(id)
    elif id is not None and not isinstance(id, str):
        fields[id_name], id = id, None
    url, title = (_pop_string(fields, columns.name_of(field)) for field in ("url", "title"))
    text, html = (found[1] if found[0] == field else None for field in ("text", "html"))
    return Given(text=text, html=html, id=id or default_id, url=url, title=title)


def _explain_no_content(fields: dict[str, object], columns: Columns) -> str:
    """Why a line holds no article, and which keys it has."""
    name = columns.name_of(columns.content[0])
    cure = 'the article\'s text belongs into the key "text", or its page into "html"'
    if fields:
        cure += f"; name its own key with --text-field or --html-field: there are {list_names(fields)}"
    return f'"{name}" is {_describe_type(fields.get(name))}; {cure}'


def _decode_leniently(line: bytes) -> tuple[object, str]:
    """The value of a line that msgspec refuses: lone surrogates, control codes, huge numbers, another encoding."""
    text, encoding = decode_bytes(line)
    return json.loads(text, strict=False), encoding


def _pop_string(fields: dict[str, object], key: str) -> str | None:
    """Take a string out of the fields; anything else stays there."""
    value = fields.get(key)
    if not isinstance(value, str):
        return None
    del fields[key]
    return value


def _describe_type(value: object) -> str:
    """What a value is that should have been a string, in the words of a message."""
    names = {type(None): "missing", list: "a list", dict: "an object", bool: "true or false"}
    return names.get(type(value), "a number")


def _explain_error(error: Exception) -> str:
    """Why a line holds no document, and the cure; errors of ours say both themselves."""
    if isinstance(error, json.JSONDecodeError):
        return f"not valid JSON: {error.msg} at character {error.pos + 1}; mend or remove the line"
    if isinstance(error, RecursionError):
        return "the JSON is nested too deeply; flatten it"
    return str(error)

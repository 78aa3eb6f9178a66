"""JSON: an array of objects, one object, or lists inside of objects (`{"articles": [...]}`); each object is a document.

An object has the fields of a line of JSON Lines.  Files of JSON Lines that are named .json are read as well.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from io import BufferedReader
from itertools import chain, islice

from cleaner.io import files
from cleaner.io.files import File, Oversize, Piece
from cleaner.io.streams import Tick, unpack_chunks
from cleaner.readers import jsonl
from cleaner.readers.base import Item, Part, reject_piece
from cleaner.readers.json_elements import Element, ElementCutter
from cleaner.record import Rejected

MEDIA_TYPE = "application/json"

MAX_KEYS_SHOWN = 12
MAX_KEY_CHARS = 40
"""Keys that a message shows, and characters of each."""

_ARTICLE_KEYS = ("text", "html")
_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
"""Marks of UTF-16, in which the brackets are other bytes."""


def cut_pieces(file: File, raw: BufferedReader, tick: Tick) -> Iterator[Part]:
    """Each element as a piece, whose `line` is its number."""
    chunks: Iterator[bytes] = unpack_chunks(raw, file.packing, tick)
    first = next(filter(bytes.strip, chunks), b"").removeprefix(_BOM).lstrip()
    stream = chain((first,), chunks)
    if first.startswith(_WIDE_BOMS):
        yield Piece(file, first, 1, fault="JSON in UTF-16; save it as UTF-8")
    elif first.startswith(b"["):
        yield from _number(file, ElementCutter("array").cut(stream))
    else:
        yield from _cut_object(file, stream)


def _number(file: File, elements: Iterator[Element]) -> Iterator[Part]:
    """The elements as pieces, from 1; those over the limit without their bytes."""
    for number, element in enumerate(elements, 1):
        yield Oversize(file, iter(()), number) if element.data is None else Piece(file, element.data, number)


def _cut_object(file: File, stream: Iterator[bytes]) -> Iterator[Part]:
    """The documents of a file that begins with an object: it is one, others follow it, or it holds lists of them."""
    head = list(_read_head(stream))
    objects = list(islice(ElementCutter("sequence").cut(head), 2))
    if len(objects) > 1 or (objects and _holds_article(objects[0].data or b"")):
        yield from _number(file, ElementCutter("sequence").cut(chain(head, stream)))
        return
    found: list[int] = []
    seen: dict[str, list[str]] = {}
    yield from _number(file, _choose_lists(ElementCutter("nested").cut(chain(head, stream)), found, seen))
    if objects and not found:
        start = objects[0].data or b"".join(head)[: files.CHUNK_BYTES]
        yield Piece(file, start, 1, fault=_explain_shape(seen) if seen else "")


def _read_head(stream: Iterator[bytes]) -> Iterator[bytes]:
    """Chunks up to the size of the largest document and one more."""
    size = 0
    for chunk in stream:
        yield chunk
        size += len(chunk)
        if size > files.MAX_DOCUMENT_BYTES:
            return


def _choose_lists(elements: Iterator[Element], found: list[int], seen: dict[str, list[str]]) -> Iterator[Element]:
    """The elements of the lists whose first element is an article; `found` gets their numbers, and `seen` the keys of
    the first object of all others.
    """
    asked = 0
    for element in elements:
        if element.list_number != asked:
            asked = element.list_number
            fields = _decode(element.data or b"")
            if element.data is None or (fields and _has_article(fields)):
                found.append(asked)
            elif fields:
                seen.setdefault(element.key, list(fields))
        if asked in found[-1:]:
            yield element


def _decode(data: bytes) -> dict[str, object]:
    """The fields of an object; none for what is no object."""
    value: object = None
    with suppress(ValueError, RecursionError):
        value = json.loads(data, strict=False)
    return value if isinstance(value, dict) else {}


def _holds_article(data: bytes) -> bool:
    """Whether these bytes are an object with a text or a page."""
    return _has_article(_decode(data))


def _has_article(fields: dict[str, object]) -> bool:
    """Whether an object has a text or a page."""
    return any(isinstance(fields.get(key), str) for key in _ARTICLE_KEYS)


def _explain_shape(seen: dict[str, list[str]]) -> str:
    """Why the lists of a file hold no document, and the cure, with what they hold instead."""
    cure = 'write one object for each article, with the key "text" or "html"'
    name, keys = next(iter(seen.items()))
    shown = ", ".join(f'"{key[:MAX_KEY_CHARS]}"' for key in keys[:MAX_KEYS_SHOWN])
    return f'the objects in "{name[:MAX_KEY_CHARS]}" have neither "text" nor "html", but {shown}; {cure}'


def read_document(piece: Piece) -> Item | Rejected:
    """The document of an element, or why it holds none."""
    if piece.fault:
        return reject_piece(piece, piece.fault, MEDIA_TYPE)
    return jsonl.read_json_line(piece, MEDIA_TYPE)

"""The elements of a JSON file, cut out of a stream: nothing is understood, and never more than one is held.

Brackets, commas and quotation marks alone are looked at, so that an element that is no JSON costs only itself: it is
cut where the next comma of its list stands, and whoever decodes it says what is wrong with it.
"""

import re
from collections.abc import Generator, Iterable, Iterator
from typing import Literal, NamedTuple

from cleaner.io import files

Mode = Literal["array", "sequence", "nested"]
"""Where the elements stand: in the array that is the file, one behind the other, or in arrays inside of objects."""

MAX_DEPTH = 1000
"""Brackets inside one another that no article has; deeper ones are not told apart."""

_TOKEN_PATTERN = re.compile(rb'["\[\]{},]')
_STRING_END_PATTERN = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_KEY_PATTERN = re.compile(rb'"((?:[^"\\]|\\.){0,200})"\s*:\s*$', re.DOTALL)
_OPENING, _CLOSING, _COMMA, _QUOTE = b"[{", b"]}", b",", b'"'

_ESCAPE_BYTES = 2
"""Bytes of a backslash and what it stands before."""

_KEY_REACH_BYTES = 256
"""Bytes before a list in which its key is looked for."""


class Element(NamedTuple):
    """The bytes of an element, None where it is over the limit; which list it stands in, and the list's key."""

    data: bytes | None
    list_number: int = 0
    key: str = ""


class ElementCutter:
    """Cuts a stream into elements as its chunks come.

    `_stack` has the brackets that are open, `_held` the bytes since the element began; in an element that is over the
    limit no bytes are held.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        self.lists = 0
        self._stack = bytearray()
        self._held = bytearray()
        self._key = ""
        self._is_in_string = False
        self._is_over = False

    def cut(self, chunks: Iterable[bytes]) -> Iterator[Element]:
        """The elements of a stream; what follows the last separator is one as well, unless it is blank."""
        rest = b""
        for chunk in chunks:
            rest = yield from self._cut_chunk(rest + chunk)
        self._hold(rest)
        if self._is_inside() or self.mode == "sequence":
            yield from self._finish()

    def _cut_chunk(self, data: bytes) -> Generator[Element, None, bytes]:
        """The elements that end in these bytes; gives back an escape that they cut in two."""
        at = 0
        while at < len(data):
            if self._is_in_string:
                found = _STRING_END_PATTERN.match(data, at)
                if not found:
                    cut = len(data) - (len(data) - max(at, len(data.rstrip(b"\\")))) % _ESCAPE_BYTES
                    self._hold(data[at:cut])
                    return data[cut:]
                self._hold(data[at : found.end()])
                self._is_in_string, at = False, found.end()
                continue
            token = _TOKEN_PATTERN.search(data, at)
            if not token:
                break
            self._hold(data[at : token.start()])
            at = token.end()
            yield from self._take_token(token[0])
        self._hold(data[at:])
        return b""

    def _take_token(self, token: bytes) -> Iterator[Element]:
        """What a bracket, a comma or a quotation mark means where it stands."""
        if token in _CLOSING and self._is_inside() and self.mode != "sequence":
            yield from self._finish()
            self._stack.pop()
            return
        if token == _COMMA and self._is_inside():
            yield from self._finish()
            return
        self._is_in_string = token == _QUOTE
        if token in _OPENING:
            self._open(token)
        else:
            self._hold(token)
        if token in _CLOSING and self._stack:
            self._stack.pop()
            if self.mode == "sequence" and not self._stack:
                yield from self._finish()

    def _open(self, token: bytes) -> None:
        """Goes into a list or an object; what stands before a list of elements is no part of them."""
        if len(self._stack) < MAX_DEPTH:
            self._stack += token
        if self._is_inside() and self.mode != "sequence":
            key = _KEY_PATTERN.search(bytes(self._held[-_KEY_REACH_BYTES:]))
            self._key = key[1].decode("utf-8", "replace") if key else ""
            self.lists += 1
            self._held.clear()
        else:
            self._hold(token)

    def _is_inside(self) -> bool:
        """Whether an element of a list is begun or awaited here."""
        if self.mode == "array":
            return self._stack == b"["
        if self.mode == "sequence":
            return not self._stack
        return self._stack.endswith(b"[") and self._stack.count(b"[") == 1 and len(self._stack) > 1

    def _hold(self, data: bytes) -> None:
        """Adds bytes to the element."""
        if not self._is_over:
            self._held += data
            if len(self._held) > files.MAX_DOCUMENT_BYTES:
                self._is_over = self._is_element()
                self._held.clear()

    def _is_element(self) -> bool:
        """Whether the bytes held are those of an element, and not what stands around lists."""
        return self.mode != "nested" or self._stack.count(b"[") > 0

    def _finish(self) -> Iterator[Element]:
        """The element that ends here, unless it is blank."""
        data = bytes(self._held).strip()
        if data or self._is_over:
            yield Element(None if self._is_over else data, self.lists, self._key)
        self._held.clear()
        self._is_over = False

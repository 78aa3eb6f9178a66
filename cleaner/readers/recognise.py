"""What the first bytes of an input are: a page, JSON Lines, a table, an archive, whatever its name says.

One table of signs, one row a format; the first sign that is found counts.  A name that says what there is stays
believed: only texts, standard input and files without an ending are looked at.
"""

import re
from collections.abc import Callable

import msgspec
from msgspec import Struct

from cleaner.document import BLANKS_BEFORE
from cleaner.errors import RefusedInput, list_names
from cleaner.io.files import Columns
from cleaner.text.encoding import find_wide_encoding

HEAD_BYTES = 1 << 16
"""Bytes that are looked at: more than the first line of most files of one article a line."""

PACKING_MAGIC = {".gz": b"\x1f\x8b\x08", ".zst": b"\x28\xb5\x2f\xfd"}
"""How a packed file begins, by the ending of its packing."""

TABLE_DELIMITERS = {",": ".csv", ";": ".csv", "\t": ".tsv", "|": ".csv"}
NO_COLUMNS = Columns()
CONTENT_NAMES = frozenset({"text", "html"})
"""Keys of a line and columns of a table by which it is known to hold articles."""

MIN_COLUMNS = 2
MAX_BLANK_BYTES = 4096
"""Bytes or characters of the blanks that templates leave before a page at most."""

_LINES_START = re.compile(r'\s*\{\s*"(?:[^"\\]|\\.)*"\s*:')
_STRING_KEY = re.compile(r'"([^"\\]{1,80})"\s*:\s*"')
_PROLOGUE = r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).){0,4000}-->\s*)*"
"""What may stand before the first element: a declaration and comments."""

_PAGE_START = re.compile(_PROLOGUE + r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE | re.DOTALL)
MIN_PAGE_PARTS = 2
"""Different parts of a page, closed in a text, from which it is the body of one."""

_PAGE_PART = re.compile(r"</(nav|header|footer|aside|main|article|form|h1)\s*>", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(r"(?:<!--.*?-->\s*)?<[a-z][a-z0-9]*[\s>]", re.IGNORECASE | re.DOTALL)
_OUTERMOST_TAG = re.compile(r"<(?:!doctype|html|head|body)[\s>]", re.IGNORECASE)
_XML_TAGS = r"<(?:\?xml|rss|feed|rdf:RDF|urlset|sitemapindex|nitf|newsml)[\s>]"
_XML_START = re.compile(_PROLOGUE + _XML_TAGS, re.IGNORECASE | re.DOTALL)
_JSON_START = re.compile(r'\s*(?:\[\s*(?:\{|"|\]\s*$)|\{\s*["}])')
_COLUMN_NAME = re.compile(r"[^\W\d][\w .:-]{0,40}")
_SAID_OUTRIGHT = "say what it is with --input-format"


class Recognised(Struct, frozen=True):
    """What an input is: the `ending` of its format, "" where no reader takes it; `why` says by which sign.

    Where it is not `sure`, it is refused with `cure`.
    """

    ending: str
    why: str
    sure: bool = True
    cure: str = _SAID_OUTRIGHT


def is_page(text: str | bytes) -> bool:
    """Whether a text is a whole page of HTML: it begins as one."""
    if isinstance(text, bytes):
        return b"<" in text[:MAX_BLANK_BYTES] and _PAGE_START.match(_decode_head(text)) is not None
    start = text[:MAX_BLANK_BYTES].lstrip(BLANKS_BEFORE)
    return start.startswith("<") and _PAGE_START.match(text.lstrip(BLANKS_BEFORE)) is not None


def is_built_as_page(text: str | bytes) -> bool:
    """Whether a text is what stands in the body of a page: it begins with an element, and has the parts of a page."""
    start = text[:MAX_BLANK_BYTES]
    if isinstance(start, bytes) or isinstance(text, bytes) or not start.lstrip(BLANKS_BEFORE).startswith("<"):
        return False
    found = {tag.lower() for tag in _PAGE_PART.findall(text)}
    return len(found) >= MIN_PAGE_PARTS and _FIRST_ELEMENT.match(text.lstrip(BLANKS_BEFORE)) is not None


def is_piece(markup: str) -> bool:
    """Whether markup is only a piece of a page: none of a page's outermost elements stands in it."""
    return _OUTERMOST_TAG.search(markup) is None


def find_packing(head: bytes) -> str:
    """The ending of the packing of data that begin so, "" where they are not packed."""
    return next((ending for ending, magic in PACKING_MAGIC.items() if head.startswith(magic)), "")


def recognise_format(head: bytes, columns: Columns = NO_COLUMNS) -> Recognised | None:
    """What data are that begin with these bytes, unpacked; None where nothing says that they are no plain text.

    `columns` are what the user has named: a line or a table with one of these holds articles, too.
    """
    text, names = _decode_head(head), CONTENT_NAMES.union(columns.named.values())
    return next((found for find in SIGNS if (found := find(text, names))), None)


def require_sure(path: str, found: Recognised) -> str:
    """The ending of what was recognised; raises `RefusedInput` with the cure where that is not sure."""
    if not found.sure:
        raise RefusedInput(f"{path}: {found.why}; {found.cure}")
    return found.ending


def _decode_head(head: bytes) -> str:
    """The first characters, whose signs are all ASCII; other characters may come out wrong."""
    head = head[:HEAD_BYTES]
    return head.decode(find_wide_encoding(head) or "utf-8", "replace").removeprefix("\ufeff")


# ---------------------------------------------------------------- signs


def _find_page(text: str, _: frozenset[str]) -> Recognised | None:
    """A page begins with its doctype or one of its outermost elements."""
    return Recognised(".html", "it begins as a page of HTML does") if _PAGE_START.match(text) else None


def _find_xml(text: str, _: frozenset[str]) -> Recognised | None:
    """A feed or other XML holds no page."""
    if not _XML_START.match(text):
        return None
    return Recognised(
        "",
        "this is a feed, a site map or other XML, not an article",
        False,
        "fetch the pages it links to, or, if it is a page all the same, use --input-format html",
    )


def _find_archive(text: str, _: frozenset[str]) -> Recognised | None:
    """A web archive begins with its version."""
    return Recognised(".warc", "it begins as a web archive does") if text.startswith(("WARC/1.", "WARC/0.")) else None


def _find_json_lines(text: str, known: frozenset[str]) -> Recognised | None:
    """JSON Lines begin with an object on a line of its own, which has a key that holds an article."""
    if not _LINES_START.match(text):
        return None
    first, end, _ = text.lstrip().partition("\n")
    try:
        value = msgspec.json.decode(first)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        # a first line longer than what is looked at, or damaged
        if any(name in known for name in _STRING_KEY.findall(first)) and (end or len(text) >= HEAD_BYTES // 2):
            return Recognised(".jsonl", "its first line begins as one of JSON Lines with an article does")
        return None
    if not known.isdisjoint(value):
        return Recognised(".jsonl", "its first line is a JSON object with an article")
    cure = f"name the key of the article with --text-field or --html-field; there are {list_names(value)}"
    return Recognised(".jsonl", "its first line is a JSON object without text or html", False, cure)


def _find_json(text: str, _: frozenset[str]) -> Recognised | None:
    """Other JSON: a list, or an object over several lines."""
    if not _JSON_START.match(text):
        return None
    cure = "write one article a line (jq -c '.[]'), or, if it is plain text all the same, use --input-format text"
    return Recognised(".json", "this looks like JSON that is no JSON Lines", False, cure)


def _find_table(text: str, known: frozenset[str]) -> Recognised | None:
    """A table begins with the names of its columns, one of which holds an article."""
    first, end, _ = text.partition("\n")
    for delimiter, ending in TABLE_DELIMITERS.items():
        names = [name.strip(" \r\"'") for name in first.split(delimiter)]
        if len(names) >= MIN_COLUMNS and end and known.intersection(names) and all(map(_COLUMN_NAME.fullmatch, names)):
            return Recognised(ending, "its first line names columns, one of them for the article")
    return None


SIGNS: tuple[Callable[[str, frozenset[str]], Recognised | None], ...] = (
    _find_page,
    _find_xml,
    _find_archive,
    _find_json_lines,
    _find_json,
    _find_table,
)
"""The signs of formats, in the order in which they are looked for; each says what a beginning is, or None.

The second argument has the names by which keys and columns are known to hold articles."""

"""One HTML file with a whole run in it: what was kept, what was dropped, and why.

The articles lie in the file packed, some dozens to a piece; the page unpacks a piece when somebody opens one of its
articles.  Nothing of an article is ever part of the markup.
"""

import base64
import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import chain
from pathlib import Path

from msgspec import Struct, field

from cleaner.document import ARTICLE_ROLES, ROLES
from cleaner.io.atomic import Part
from cleaner.io.json import encode_json
from cleaner.readers.own_records import verify_articles
from cleaner.record import Article
from cleaner.review.timeline import ReviewLine, list_lines
from cleaner.text.scripts import JAPANESE_CHINESE

SCRIPTS = ("data.js", "bars.js", "filters.js", "decisions.js", "list.js", "article.js", "main.js")
"""The parts of the page's script, in the order in which they use each other."""

PIECE_BYTES = 1 << 20
"""Bytes of articles from which a piece is packed: enough to pack well, and opened within a moment."""

GZIP_LEVEL = 6
"""Level of compression, from 1 (fast) to 9 (small): zlib's own default, but for Python's gzip it is 9."""

MONTH_CHARS = len("2024-05")
"""Characters of a date by which articles are plotted."""

PERCENT = 100
"""The confidence of lines without edits, and what one of 1.0 is written as."""

_WORD_PATTERN = re.compile(rf"[{JAPANESE_CHINESE}]|[^\W{JAPANESE_CHINESE}]+")
"""A word, or a character of Japanese or Chinese, which do without spaces."""


class NameNumbers:
    """Numbers from 0 for strings that come again and again; iterating gives the strings in that order."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        """The number of a string, a new one when it is first asked for."""
        return self._numbers.setdefault(name, len(self._numbers))

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)


class Columns(Struct):
    """What the list of articles, the filters and the plots need: JSON with a column for each field.

    The columns down to `hits` have a value for each article.  Languages, agencies, flags, rules and roles are numbers
    of `names`; `published` is a month; `words` counts those of all lines, and `kept` those that stay.

    `hits` has five numbers for each different edit of an article, one after the other: rule, role, confidence in
    hundredths, count, and 1 where the edit dropped its line; a line without edits has the rule "".  `pieces` has the
    number of each piece's first article, `droppable` the roles that a rule may drop, `why` the reason of each rule.
    """

    id: list[str] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    url: list[str] = field(default_factory=list)
    sha256: list[str] = field(default_factory=list)
    language: list[int] = field(default_factory=list)
    agencies: list[list[int]] = field(default_factory=list)
    flags: list[list[int]] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    hits: list[list[int]] = field(default_factory=list)
    pieces: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    droppable: list[str] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)


def write_page(articles: Iterable[Path], to: Path, why: dict[str, str], save: str = "") -> int:
    """Write the page of these files of records, and return how many articles are in it.

    `why` gives the reason of a rule by its id.  `save` is the address to which the page sends decisions; without it
    people download them.  Raises `ReadError` for a ledger that is missing or another run's, and `WriteError`.
    """
    index, names = Columns(roles=sorted(ROLES), droppable=sorted(ROLES - ARTICLE_ROLES)), NameNumbers()
    with Part(to) as part:
        part.write(_build_head(save))
        bodies: list[bytes] = []
        size = 0
        for number, (article, edits, source) in enumerate(chain.from_iterable(map(verify_articles, articles))):
            if size >= PIECE_BYTES or not index.pieces:
                part.write(_pack_piece(index, bodies))
                index.pieces.append(number)
                bodies, size = [], 0
            lines = list_lines(article, edits, source)
            _enter_article(index, names, article, lines)
            bodies.append(encode_json([[_encode_line(names, line) for line in lines], list(_list_facts(article))]))
            size += len(bodies[-1])
        part.write(_pack_piece(index, bodies))
        index.names = list(names)
        index.why = {name: why[name] for name in index.names if name in why}
        part.write(_pack_block("index", [encode_json(index)]))
        part.write(f"<script>{join_scripts()}</script>\n</body>\n</html>\n".encode())
        part.commit()
    return len(index.id)


# ---------------------------------------------------------------- markup


def _read_asset(name: str) -> str:
    """The text of a file of the folder `assets`."""
    return files("cleaner.review").joinpath("assets", name).read_text("utf-8")


def join_scripts() -> str:
    """The page's script: its parts in one function, so that they share names and leave none in the window."""
    return "'use strict';\n(() => {\n" + "\n".join(map(_read_asset, SCRIPTS)) + "})();\n"


def _build_head(save: str) -> bytes:
    """The page down to the data, with a security policy that allows only its own script and style, by their hashes.

    The policy also allows requests to the page's own server where there is one to `save` on.
    """
    style = _read_asset("page.css")
    connect = "'self'" if save else "'none'"
    policy = (
        "default-src 'none'; "
        f"script-src '{_hash_for_csp(join_scripts())}'; style-src '{_hash_for_csp(style)}'; "
        f"base-uri 'none'; form-action 'none'; connect-src {connect}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    page = _read_asset("page.html").replace("{{policy}}", policy).replace("{{style}}", style).replace("{{save}}", save)
    return page.encode()


def _hash_for_csp(text: str) -> str:
    """The hash of an inline script or style as Content-Security-Policy writes it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _pack_piece(index: Columns, bodies: list[bytes]) -> bytes:
    """The block of the last piece of the index, with these articles in it; nothing without articles."""
    return _pack_block(f"piece-{len(index.pieces) - 1}", bodies) if bodies else b""


def _pack_block(id: str, values: list[bytes]) -> bytes:
    """A block of data by this id: JSON, in gzip, in base64, which holds nothing that HTML would read.

    The values of a piece become a list; the index is one value.  The time in gzip's header is 0, so that the same run
    gives the same page.
    """
    data = values[0] if id == "index" else b"[" + b",".join(values) + b"]"
    packed = base64.b64encode(gzip.compress(data, GZIP_LEVEL, mtime=0))
    return b'<script type="application/octet-stream" id="%s">%s</script>\n' % (id.encode(), packed)


# ---------------------------------------------------------------- data


def _enter_article(index: Columns, names: NameNumbers, article: Article, lines: list[ReviewLine]) -> None:
    """Append an article with these lines to the columns of the index."""
    words: Counter[bool] = Counter()
    hits: Counter[tuple[int, int, int, int]] = Counter()
    for line in lines:
        words[line.dropped] += len(_WORD_PATTERN.findall(line.text))
        role = names[line.role]
        if not line.edits:
            hits[names[""], role, PERCENT, 0] += 1
        for edit in line.edits:
            dropped = line.dropped and edit is line.edits[-1]
            hits[names[edit.rule], role, int(edit.confidence * PERCENT), int(dropped)] += 1
    index.id.append(article.id)
    index.title.append(article.title or "")
    index.url.append(article.url or "")
    index.sha256.append(article.hashes.text)
    index.language.append(names[article.language or ""])
    index.agencies.append([names[agency] for agency in article.agencies])
    index.flags.append([names[flag] for flag in article.flags])
    index.published.append(article.published.value[:MONTH_CHARS] if article.published else "")
    index.kept.append(words[False])
    index.words.append(words.total())
    index.hits.append([one for (*key, gone), count in hits.items() for one in (*key, count, gone)])


def _encode_line(names: NameNumbers, line: ReviewLine) -> list[object]:
    """A line as the page reads it: start, end, 1 if dropped, role, text, a list of edits, and the raw text.

    Each edit is a list of rule, stage and confidence; names are numbers.
    """
    edits = [[names[edit.rule], names[edit.stage], edit.confidence] for edit in line.edits]
    return [line.start, line.end, int(line.dropped), names[line.role], line.text, edits, line.raw]


def _list_facts(article: Article) -> Iterator[tuple[str, str]]:
    """What the record knows besides the text, as pairs of a label and a value; what it does not know is left out."""
    source = article.source
    found = (
        ("kicker", article.kicker),
        ("standfirst", article.standfirst),
        ("authors", ", ".join(author.name for author in article.authors)),
        ("published", article.published.value if article.published else ""),
        ("modified", article.modified.value if article.modified else ""),
        ("agencies", ", ".join(article.agencies)),
        ("publisher", article.publisher.name or article.publisher.domain if article.publisher else ""),
        ("section", article.section),
        ("tags", ", ".join(article.tags)),
        ("flags", ", ".join(article.flags)),
        ("translation", article.translation.verdict if article.translation.verdict != "none" else ""),
        ("source", f"{source.path or ''}:{source.line}" if source.line else source.path),
    )
    yield from ((label, value) for label, value in found if value)
    for kind, media in (("image", article.images), ("video", article.videos)):
        for one in media:
            yield kind, " · ".join(filter(None, (one.caption, one.credit, one.url)))

"""One HTML file with a whole run in it: what was kept, what was dropped, and why.

The articles lie in the file packed, some dozens to a piece; the page unpacks a piece when somebody opens one of its
articles.  Nothing of an article is ever part of the markup.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from cleaner.document import ARTICLE_ROLES, ROLES
from cleaner.io.atomic import Part
from cleaner.io.json import encode_json
from cleaner.readers.own_records import verify_articles
from cleaner.record import Article, LedgerLine
from cleaner.review.timeline import ReviewLine, list_lines
from cleaner.text.scripts import JAPANESE_CHINESE

SCRIPTS = ("data.js", "bars.js", "filters.js", "decisions.js", "list.js", "article.js", "main.js")
PIECE_BYTES = 1 << 20
"""Bytes of articles that are packed together."""

_WORD_PATTERN = re.compile(rf"[{JAPANESE_CHINESE}]|[^\W{JAPANESE_CHINESE}]+")


class NameNumbers:
    """Numbers for strings that come again and again."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)


class Columns(Struct):
    """What the list of articles, the filters and the plots need, a column for each field.

    `hits` has for each article rule, role, confidence in hundredths, count and 1 where the edit dropped its line, again
    and again; a line without edits has the rule "".  `pieces` has the number of each piece's first article.
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
    """Write the page of these files, and say how many articles are in it.

    `why` gives the reason of a rule.  `save` is where the page sends decisions to; without it people download them.
    Raises `ReadError` for a ledger that is missing or another run's, and `WriteError`.
    """
    index, names = Columns(roles=sorted(ROLES), droppable=sorted(ROLES - ARTICLE_ROLES)), NameNumbers()
    with Part(to) as part:
        part.write(_build_head(save))
        bodies: list[bytes] = []
        size = 0
        for number, (article, edits, source) in enumerate(chain.from_iterable(map(verify_articles, articles))):
            found = list_lines(article, edits, source)
            _enter_article(index, names, article, found)
            body = encode_json([[_encode_line(names, line) for line in found], list(_list_facts(article))])
            if not bodies:
                index.pieces.append(number)
            bodies.append(body)
            size += len(body)
            if size >= PIECE_BYTES:
                part.write(_pack_block(f"piece-{len(index.pieces) - 1}", bodies))
                bodies, size = [], 0
        if bodies:
            part.write(_pack_block(f"piece-{len(index.pieces) - 1}", bodies))
        index.names = list(names)
        index.why = {name: why[name] for name in index.names if name in why}
        part.write(_pack_block("index", [encode_json(index)]))
        part.write(f"<script>{join_scripts()}</script>\n</body>\n</html>\n".encode())
        part.commit()
    return len(index.id)


# ---------------------------------------------------------------- markup


def _read_asset(name: str) -> str:
    return files("cleaner.review").joinpath("assets", name).read_text("utf-8")


def join_scripts() -> str:
    """The page's script, out of its parts."""
    return "'use strict';\n(() => {\n" + "\n".join(map(_read_asset, SCRIPTS)) + "})();\n"


def _build_head(save: str) -> bytes:
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
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _pack_block(id: str, values: list[bytes]) -> bytes:
    """A block of data: JSON, in gzip, in base64, which holds nothing that HTML would read."""
    data = values[0] if id == "index" else b"[" + b",".join(values) + b"]"
    packed = base64.b64encode(gzip.compress(data, 6, mtime=0))
    return b'<script type="application/octet-stream" id="%s">%s</script>\n' % (id.encode(), packed)


# ---------------------------------------------------------------- data


def _enter_article(index: Columns, names: NameNumbers, article: Article, found: list[ReviewLine]) -> None:
    kept = words = 0
    hits: dict[tuple[int, int, int, int], int] = {}
    for line in found:
        count = len(_WORD_PATTERN.findall(line.text))
        words += count
        kept += 0 if line.dropped else count
        role = names[line.role]
        if not line.edits:
            key = (names[""], role, 100, 0)
            hits[key] = hits.get(key, 0) + 1
        for edit in line.edits:
            key = (names[edit.rule], role, _convert_to_hundredths(edit), int(line.dropped and edit is line.edits[-1]))
            hits[key] = hits.get(key, 0) + 1
    index.id.append(article.id)
    index.title.append(article.title or "")
    index.url.append(article.url or "")
    index.sha256.append(article.hashes.text)
    index.language.append(names[article.language or ""])
    index.agencies.append([names[agency] for agency in article.agencies])
    index.flags.append([names[flag] for flag in article.flags])
    index.published.append(article.published.value[:7] if article.published else "")
    index.kept.append(kept)
    index.words.append(words)
    index.hits.append([one for (*key, gone), count in hits.items() for one in (*key, count, gone)])


def _convert_to_hundredths(edit: LedgerLine) -> int:
    return int(edit.confidence * 100)


def _encode_line(names: NameNumbers, line: ReviewLine) -> list[Any]:
    """Start, end, whether dropped, role and text; then rule, stage and confidence of each edit; then the raw."""
    edits = [[names[edit.rule], names[edit.stage], edit.confidence] for edit in line.edits]
    return [line.start, line.end, int(line.dropped), names[line.role], line.text, edits, line.raw]


def _list_facts(article: Article) -> Iterator[tuple[str, str]]:
    """What the record knows besides the text, a label and a value each."""
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

"""The lines of a source in its order, each with what became of it, from a record and its ledger."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from msgspec import Struct

from cleaner.record import Article, LedgerLine

LAYOUT_RULE = "layout.space"
"""The rule of edits that only set spaces and line ends anew; no page shows them."""


class ReviewLine(Struct, frozen=True):
    """A line as read: `text` is how it reads in the article, or read before it was dropped.

    `start` and `end` are code points of the source as read.  `edits` are those that made it so, the deciding one last;
    `raw` is how the source has it, where that differs, else "".
    """

    start: int
    end: int
    text: str
    role: str
    dropped: bool
    edits: tuple[LedgerLine, ...] = ()
    raw: str = ""


class _EditedSpan(Struct):
    """A span that edits touched: what it reads now, or read before it was dropped."""

    end: int
    text: str
    dropped: bool
    edits: tuple[LedgerLine, ...]


def list_lines(article: Article, edits: Iterable[LedgerLine], source: str) -> list[ReviewLine]:
    """The lines of an article in the order of its source, kept and dropped, blank ones left out.

    `edits` are the article's ledger in its order, `source` the text that it was made from.
    """
    spans = _replay_edits(edits, source)
    lines: list[ReviewLine] = []
    for passage in article.blocks:
        touched = spans.pop(passage.start, None)
        by = _exclude_layout(touched.edits) if touched else ()
        raw = _find_raw(source, passage.start, passage.end, passage.text) if by else ""
        lines.append(ReviewLine(passage.start, passage.end, passage.text, passage.role, False, by, raw))
    for start, span in spans.items():
        if span.dropped and span.text:
            by = _exclude_layout(span.edits) or span.edits[-1:]
            raw = _find_raw(source, start, span.end, span.text)
            lines.append(ReviewLine(start, span.end, span.text, by[-1].role or "other", True, by, raw))
    return sorted(lines, key=lambda line: line.start)


def _find_raw(source: str, start: int, end: int, text: str) -> str:
    """How the source has this text, or "" where it reads the same there but for blanks."""
    raw = _strip_blanks(source[start:end])
    return raw if raw != text else ""


def _replay_edits(edits: Iterable[LedgerLine], source: str) -> dict[int, _EditedSpan]:
    """The spans that were touched, by their starts, after all edits.

    An edit swallows the spans inside its own, and with them their edits: the ledger's spans are whole blocks, so that
    two of them never overlap in part.
    """
    spans: dict[int, _EditedSpan] = {}
    starts: list[int] = []
    for edit in edits:
        first, last = bisect_left(starts, edit.start), bisect_left(starts, edit.end)
        inside = [(start, spans.pop(start)) for start in starts[first:last]]
        starts[first:last] = [edit.start]
        text = edit.after or _restore_text(edit, inside, source)
        earlier = tuple(one for _, span in inside for one in span.edits)
        spans[edit.start] = _EditedSpan(edit.end, text, not edit.after, (*earlier, edit))
    return spans


def _restore_text(edit: LedgerLine, inside: list[tuple[int, _EditedSpan]], source: str) -> str:
    """What a span read before this edit dropped it: its lines still there, else those dropped before.

    `inside` are the spans in it that were touched before, by their starts; between them the source stands as read.
    """

    def read(dropped: bool) -> Iterator[str]:
        at = edit.start
        for start, span in inside:
            yield _strip_blanks(source[at:start])
            if span.dropped == dropped:
                yield span.text
            at = span.end
        yield _strip_blanks(source[at : edit.end])

    return "\n".join(filter(None, read(False))) or "\n".join(filter(None, read(True)))


def _strip_blanks(text: str) -> str:
    """The lines of a text without the blanks around each, and without empty ones."""
    return "\n".join(filter(None, (line.strip(" \t\r\n") for line in text.splitlines())))


def _exclude_layout(edits: tuple[LedgerLine, ...]) -> tuple[LedgerLine, ...]:
    """The edits that a page shows."""
    return tuple(edit for edit in edits if edit.rule != LAYOUT_RULE)

"""The lines of a source in its order, each with what became of it, from a record and its ledger."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from msgspec import Struct

from cleaner.record import Article, LedgerLine

LAYOUT_RULE = "layout.space"
"""The rule of edits that only set spaces and line ends anew; no page shows them."""


class ReviewLine(Struct, frozen=True):
    """A line as read: `text` is how it reads in the article, or read before it was dropped.

    `edits` are those that made it so, the deciding one last; `raw` is how the source has it, where that differs.
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
    """The lines of an article in the order of its source, blank ones left out."""
    pieces = _replay_edits(edits, source)
    out: list[ReviewLine] = []
    for passage in article.blocks:
        touched = pieces.pop(passage.start, None)
        by = _exclude_layout(touched.edits) if touched else ()
        raw = _strip_blanks(source[passage.start : passage.end]) if by else ""
        out.append(
            ReviewLine(
                passage.start, passage.end, passage.text, passage.role, False, by, raw if raw != passage.text else ""
            )
        )
    for start, piece in pieces.items():
        if piece.dropped and piece.text:
            by = _exclude_layout(piece.edits) or piece.edits[-1:]
            raw = _strip_blanks(source[start : piece.end])
            out.append(
                ReviewLine(
                    start, piece.end, piece.text, by[-1].role or "other", True, by, raw if raw != piece.text else ""
                )
            )
    out.sort(key=lambda line: line.start)
    return out


def _replay_edits(edits: Iterable[LedgerLine], source: str) -> dict[int, _EditedSpan]:
    """The spans that were touched, by their starts, after all edits."""
    pieces: dict[int, _EditedSpan] = {}
    starts: list[int] = []
    for edit in edits:
        first, last = bisect_left(starts, edit.start), bisect_left(starts, edit.end)
        inside = [(start, pieces.pop(start)) for start in starts[first:last]]
        starts[first:last] = [edit.start]
        text = edit.after or _restore_text(edit, inside, source)
        earlier = tuple(one for _, piece in inside for one in piece.edits)
        pieces[edit.start] = _EditedSpan(edit.end, text, not edit.after, (*earlier, edit))
    return pieces


def _restore_text(edit: LedgerLine, inside: list[tuple[int, _EditedSpan]], source: str) -> str:
    """What a span read before this edit dropped it: its lines still there, else those dropped before."""

    def read(dropped: bool) -> Iterator[str]:
        at = edit.start
        for start, piece in inside:
            yield _strip_blanks(source[at:start])
            if piece.dropped == dropped:
                yield piece.text
            at = piece.end
        yield _strip_blanks(source[at : edit.end])

    return "\n".join(filter(None, read(False))) or "\n".join(filter(None, read(True)))


def _strip_blanks(text: str) -> str:
    """The lines of a text without the blanks around each."""
    return "\n".join(filter(None, (line.strip(" \t\r\n") for line in text.splitlines())))


def _exclude_layout(edits: tuple[LedgerLine, ...]) -> tuple[LedgerLine, ...]:
    return tuple(edit for edit in edits if edit.rule != LAYOUT_RULE)

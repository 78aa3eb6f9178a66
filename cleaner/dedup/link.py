"""The same story, once: records that are copies of each other are linked, or left out with a line in the ledger."""

from array import array
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from types import TracebackType
from typing import Literal, NamedTuple

import numpy as np

from cleaner.dedup.cluster import REASON_AGENCY, REASON_EXACT, REASON_SHINGLES, Spool, find_copies
from cleaner.record import Article, LedgerLine, Likeness, restore_source

SHARE_DIGITS = 2
"""Decimals of a likeness: the estimates are no better."""

_REASON_NAMES: dict[int, Literal["exact", "agency", "shingles"]] = {
    REASON_EXACT: "exact",
    REASON_AGENCY: "agency",
    REASON_SHINGLES: "shingles",
}


class Link(NamedTuple):
    """A record's place in its story, by ids: the canonical record is a duplicate of none."""

    story: str
    duplicate_of: str | None = None
    likeness: Likeness | None = None


class Links:
    """The links among all records: iterated, one for each in the order of the input, None for one without copies.

    The canonical record of a story is the first of those nearly as long as the longest copy.  All others are like that
    very one: what is only like another copy goes to no story, or to a second one.  Nothing but the records and their
    order decides.  Signatures and ids lie in temporary files, which are gone when this is closed.
    """

    def __init__(self, entries: Iterable[tuple[str, bytes]]) -> None:
        self._ids = TemporaryFile(prefix="cleaner-")  # noqa: SIM115
        self._starts = array("q", [0])
        rows = Spool()
        try:
            for id, signature in entries:
                data = id.encode("utf-8", "surrogatepass")
                self._ids.write(data)
                self._starts.append(self._starts[-1] + len(data))
                rows.add(signature)
            self._found = find_copies(rows)
        except BaseException:
            self.close()
            raise
        finally:
            rows.close()

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[Link | None]:
        canonical, reason, similarity, shared = self._found
        copied = np.zeros(len(self), np.bool_)
        copied[canonical[canonical != np.arange(len(self))]] = True
        for place in range(len(self)):
            if canonical[place] != place:
                id = self._read_id(int(canonical[place]))
                like = round(float(similarity[place]), SHARE_DIGITS), round(float(shared[place]), SHARE_DIGITS)
                yield Link(id, id, Likeness(_REASON_NAMES[int(reason[place])], *like))
            else:
                yield Link(self._read_id(place)) if copied[place] else None

    def _read_id(self, place: int) -> str:
        """The id of the record at a place of the input."""
        start, end = self._starts[place], self._starts[place + 1]
        self._ids.seek(start)
        return self._ids.read(end - start).decode("utf-8", "surrogatepass")

    def close(self) -> None:
        """Give the temporary file back."""
        self._ids.close()

    def __enter__(self) -> "Links":
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def link_copies(entries: Iterable[tuple[str, bytes]]) -> Links:
    """The links among records, each given as its id and its `signatures.signature`, in the order of the input.

    Raises what reading the entries raises, and `OSError` where there is no room for temporary files.
    """
    return Links(entries)


def mark_article(article: Article, link: Link | None) -> Article:
    """The record with its place in its story: `story`, `duplicate_of` and `likeness` null where it has no copies."""
    article.story, article.duplicate_of, article.likeness = link or (None, None, None)
    return article


def build_ledger_line(article: Article, edits: Iterable[LedgerLine], link: Link) -> LedgerLine:
    """The last line in the ledger of a duplicate that is left out: the whole source as read goes."""
    edits = list(edits)
    source = restore_source(article, edits)
    return LedgerLine(
        article.id,
        len(edits),
        "stories",
        "stories.duplicate",
        "duplicate",
        0,
        len(source),
        source,
        "",
        link.likeness.shared if link.likeness else 1.0,
        link.duplicate_of or link.story,
    )

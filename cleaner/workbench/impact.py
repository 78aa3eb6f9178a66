"""What changes in the output between two sets of rules, before anyone merges them."""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from cleaner.document import Document, Edit
from cleaner.errors import StageError
from cleaner.pipeline import Pipeline
from cleaner.text.shape import count_words


class ChangedLine(Struct, frozen=True):
    """A line of the clean text that only one of two sets of rules gives: its `sign` is `-` for the old, `+` the new.

    `number` is its line in the source, from 1; `rule` drops or rewrites it under the other set.
    """

    number: int
    sign: str
    text: str
    rule: str


class Impact(Struct):
    """What changes over all documents: how many there are, how many change, and lines and words by sign and rule."""

    documents: int = 0
    changed: int = 0
    lines: Counter[tuple[str, str]] = field(default_factory=Counter)
    words: Counter[tuple[str, str]] = field(default_factory=Counter)

    def sum_by_sign(self, what: "Counter[tuple[str, str]]", sign: str) -> int:
        """All lines, or words, of this sign, whatever their rule; `what` is one of the two counts."""
        return sum(number for (one, _), number in what.items() if one == sign)


def compare_documents(
    documents: Iterable[Document], old: Pipeline, new: Pipeline, impact: Impact
) -> Iterator[tuple[Document, list[ChangedLine]]]:
    """The documents whose clean text changes between two pipelines, each with the lines that change.

    All documents are counted in `impact`, as they are asked for.  Raises `StageError` where a stage breaks.
    """
    for document in documents:
        before, after = old(document), new(document)
        impact.documents += 1
        changed = diff_lines(before, after)
        if changed:
            impact.changed += 1
            for line in changed:
                impact.lines[line.sign, line.rule] += 1
                impact.words[line.sign, line.rule] += count_words(line.text)
            yield document, changed


def diff_lines(before: Document, after: Document) -> list[ChangedLine]:
    """The lines that only one of two cleaned forms of a document has, in the order of the source.

    Lines are the same where their start and their text are.  Raises `StageError` for forms of different sources.
    """
    if before.source != after.source:
        raise StageError(f"document {before.id!r}: two forms of different texts cannot be compared")
    old, new = _map_line_ends(before), _map_line_ends(after)
    gone = [(start, "-", text, _find_rule(after, before, start, old[start, text])) for start, text in old.keys() - new]
    added = [(start, "+", text, _find_rule(before, after, start, new[start, text])) for start, text in new.keys() - old]
    return [
        ChangedLine(_find_line_number(before.source, start), sign, text, rule)
        for start, sign, text, rule in sorted(gone + added, key=lambda one: (one[0], one[1] == "+"))
    ]


def _map_line_ends(document: Document) -> dict[tuple[int, str], int]:
    """The end of each line that stays, by its start and its text."""
    return {(block.start, block.text): block.end for block in document.blocks if block.text}


def _find_rule(other: Document, mine: Document, start: int, end: int) -> str:
    """The rule by which the line at this span is not so in the other form, `none` where no edit says.

    That is the last of the edits there that only the other form has, or else of those that only this one has.
    """
    theirs, ours = _list_edits(other, start, end), _list_edits(mine, start, end)
    own = [edit for edit in theirs if edit not in ours] or [edit for edit in ours if edit not in theirs]
    return own[-1].rule if own else "none"


def _list_edits(document: Document, start: int, end: int) -> list[Edit]:
    """The edits of a cleaned document that touch this span of its source, in their order."""
    return [edit for edit in document.edits if edit.start < end and start < edit.end]


def _find_line_number(source: str, at: int) -> int:
    """The number, from 1, of the line in which this character of the source stands, or begins."""
    return len(source[:at].splitlines()) + (at == 0 or source[at - 1] in "\r\n")

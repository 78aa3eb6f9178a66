"""What a run did, in numbers that add up.

Characters read are those of the kept plus those of the dropped lines; what is dropped by role is dropped by rule; the
edits by rule are the lines of the ledger.
"""

from collections.abc import Iterable
from math import log
from typing import TypeVar

from msgspec import Struct, field

from cleaner.document import Document
from cleaner.readers.left_out import summarize_kinds

MAX_REASONS = 5
"""How many reasons for rejection are kept to be shown."""

BUCKET_RATIO = 1.05
"""Ratio between neighbouring buckets of the histogram of times: an estimated percentile is at most 5% off."""

MICROSECONDS = 1e6
"""In a second."""

SUMS = ("documents", "rejected", "empty", "characters_in", "characters_out", "words")
"""The numbers of a report that are added up."""

TALLIES = ("kept", "dropped", "rules")
"""The tables of a report whose tallies are added up."""


Key = TypeVar("Key")


class Tally(Struct):
    """Edits made, lines dropped or kept, and their characters as read."""

    edits: int = 0
    lines: int = 0
    characters: int = 0

    def merge(self, other: "Tally") -> None:
        """Add another tally's counts."""
        self.edits += other.edits
        self.lines += other.lines
        self.characters += other.characters


class Report(Struct):
    """Counts over documents; words are what spaces and paragraphs part.

    `languages` counts documents by language, "unknown" where none was found; `kept` and `dropped` have a tally for each
    role, `rules` one for each rule; `reasons` are those of the first rejections.

    `left_out` counts the files of folders that no reader takes, by their ending; `left_out_reasons` say what to do.
    """

    documents: int = 0
    rejected: int = 0
    empty: int = 0
    characters_in: int = 0
    characters_out: int = 0
    words: int = 0
    languages: dict[str, int] = field(default_factory=dict)
    kept: dict[str, Tally] = field(default_factory=dict)
    dropped: dict[str, Tally] = field(default_factory=dict)
    rules: dict[str, Tally] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    left_out_reasons: list[str] = field(default_factory=list)

    def add(self, document: Document, text: str) -> None:
        """Count a cleaned document, whose clean text is this."""
        self.documents += 1
        self.characters_in += len(document.source)
        self.characters_out += len(text)
        self.empty += not text
        self.words += text.count(" ") + text.count("\n\n") + 1 if text else 0
        language = document.find_fact("language") or "unknown"
        self.languages[language] = self.languages.get(language, 0) + 1
        rules, kept, dropped = self.rules, self.kept, self.dropped
        last: dict[int, str] = {}
        for edit in document.edits:
            rule = edit.rule
            last[edit.start] = rule
            tally = rules.get(rule)
            if tally is None:
                tally = rules[rule] = Tally()
            tally.edits += 1
        for block in document.blocks:
            size = block.end - block.start
            if block.text:
                role = block.role or "paragraph"
                tally = kept.get(role)
                if tally is None:
                    tally = kept[role] = Tally()
            else:
                tally = dropped.setdefault(block.role or "other", Tally())
                # the edit that was made last upon a block begins where the block does
                by_rule = rules[last[block.start]]
                by_rule.lines += 1
                by_rule.characters += size
            tally.lines += 1
            tally.characters += size

    def reject(self, reason: str) -> None:
        """Count a rejected document."""
        self.rejected += 1
        if len(self.reasons) < MAX_REASONS:
            self.reasons.append(reason)

    def merge(self, other: "Report") -> None:
        """Add another report's counts."""
        for name in SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in TALLIES:
            mine: dict[str, Tally] = getattr(self, name)
            for key, tally in getattr(other, name).items():
                mine.setdefault(key, Tally()).merge(tally)
        _add_counts(self.languages, other.languages)
        self.reasons = (self.reasons + other.reasons)[:MAX_REASONS]


class Counts(Struct, kw_only=True):
    """What was counted over documents: the report, and how long they took.

    `times` counts documents by the time they took: bucket n ends at `BUCKET_RATIO` to the n + 1 microseconds.
    """

    report: Report = field(default_factory=Report)
    times: dict[int, int] = field(default_factory=dict)

    def add_time(self, seconds: float, documents: int) -> None:
        """Count documents that took so long together, each an equal part of it."""
        bucket = int(log(max(seconds / documents * MICROSECONDS, 1.0)) / log(BUCKET_RATIO))
        _add_counts(self.times, {bucket: documents})

    def merge(self, other: "Counts") -> None:
        """Add the counts of other documents."""
        self.report.merge(other.report)
        _add_counts(self.times, other.times)


def _add_counts(total: dict[Key, int], more: dict[Key, int]) -> None:
    """Add counts to those of the same keys."""
    for key, count in more.items():
        total[key] = total.get(key, 0) + count


def estimate_percentile(times: dict[int, int], share: float) -> float:
    """The seconds within which this share of the documents was done, to `BUCKET_RATIO`; 0 for none.

    `times` is that of `Counts`.
    """
    wanted = share * sum(times.values())
    for bucket in sorted(times):
        wanted -= times[bucket]
        if wanted <= 0:
            return float(BUCKET_RATIO ** (bucket + 1) / MICROSECONDS)
    return 0.0


def summarize_report(report: Report) -> str:
    """The report in one sentence."""
    parts = [f"{report.documents:,} {'document' if report.documents == 1 else 'documents'} cleaned"]
    if report.empty:
        parts.append(f"{report.empty:,} of them empty")
    if report.rejected:
        parts.append(f"{report.rejected:,} rejected")
    gone = sum(tally.lines for tally in report.dropped.values())
    edits = sum(tally.edits for tally in report.rules.values())
    parts.append(f"{edits:,} edits")
    parts.append(f"{gone:,} of {gone + sum(t.lines for t in report.kept.values()):,} lines dropped")
    parts.append(f"{report.characters_in:,} characters in, {report.characters_out:,} out")
    return "; ".join(filter(None, (", ".join(parts), summarize_kinds(report.left_out))))


def count_by_role(report: Report) -> Iterable[tuple[str, int, int]]:
    """Dropped lines and characters of each role, the most frequent first."""
    rows = ((role, tally.lines, tally.characters) for role, tally in report.dropped.items())
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def count_by_rule(report: Report) -> Iterable[tuple[str, int, int, int]]:
    """Edits, dropped lines and characters of each rule, the most frequent first."""
    rows = ((rule, tally.edits, tally.lines, tally.characters) for rule, tally in report.rules.items())
    return sorted(rows, key=lambda row: (-row[1], row[0]))

"""What a run did, in numbers that add up.

Characters read are those of the kept plus those of the dropped lines; what is dropped by role is dropped by rule; the
edits by rule are the lines of the ledger.
"""

from collections.abc import Iterable

from msgspec import Struct, field

from cleaner.document import Document

MAX_REASONS = 5
"""How many reasons for rejection are kept to be shown."""


class Tally(Struct):
    """Edits made, lines dropped or kept, and their characters as read."""

    edits: int = 0
    lines: int = 0
    characters: int = 0


class Report(Struct):
    """Counts over documents; words are what spaces and paragraphs part."""

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
        for name in ("documents", "rejected", "empty", "characters_in", "characters_out", "words"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for mine, theirs in ((self.kept, other.kept), (self.dropped, other.dropped), (self.rules, other.rules)):
            for key, tally in theirs.items():
                total = mine.setdefault(key, Tally())
                total.edits += tally.edits
                total.lines += tally.lines
                total.characters += tally.characters
        for language, count in other.languages.items():
            self.languages[language] = self.languages.get(language, 0) + count
        self.reasons = (self.reasons + other.reasons)[:MAX_REASONS]


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
    return ", ".join(parts)


def count_by_role(report: Report) -> Iterable[tuple[str, int, int]]:
    """Dropped lines and characters of each role, the most frequent first."""
    rows = ((role, tally.lines, tally.characters) for role, tally in report.dropped.items())
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def count_by_rule(report: Report) -> Iterable[tuple[str, int, int, int]]:
    """Edits, dropped lines and characters of each rule, the most frequent first."""
    rows = ((rule, tally.edits, tally.lines, tally.characters) for rule, tally in report.rules.items())
    return sorted(rows, key=lambda row: (-row[1], row[0]))

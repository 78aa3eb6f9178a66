"""Files of folders that are not read: what was left out is said, by its kind and with the cure."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping

FORMAT_ADVICE = {
    ".xml": "fetch the pages it links to, or write one article a line into a .jsonl file",
    **dict.fromkeys((".rss", ".atom"), "fetch the pages it links to"),
    ".wat": "it holds no texts; take the .warc or the .wet",
    **dict.fromkeys((".xlsx", ".xls", ".ods"), "save it as .csv"),
    **dict.fromkeys((".arrow", ".feather"), "write it as .parquet"),
    **dict.fromkeys((".zip", ".tar", ".tgz", ".7z"), "unpack it, and name the folder"),
    **dict.fromkeys((".bz2", ".xz"), "unpack it, or pack it as .gz or .zst"),
    ".pdf": "extract its text into a .txt file",
    **dict.fromkeys((".docx", ".doc", ".odt", ".rtf", ".pages"), "save it as .txt or .html"),
    **dict.fromkeys((".epub", ".mobi"), "convert it to .html or .md (pandoc FILE.epub -o FILE.md)"),
    ".msg": "save it as .eml",
    ".mbox": "save each of its mails as .eml",
}
"""What to do with files of formats that no reader takes."""

NO_ENDING = "none"
"""The kind of a file whose name has no ending."""

OTHER_ADVICE = "say with --input-format what it is"
MAX_ENDING_CHARS = 10
"""Characters of the longest ending: what is longer behind a dot is a part of the name."""


def find_kind(name: str) -> str:
    """The ending of a file's name in lower case, `NO_ENDING` where it has none."""
    ending = os.path.splitext(name)[1].lower()
    return ending if ending[1:].isalnum() and len(ending) <= MAX_ENDING_CHARS else NO_ENDING


class LeftOut:
    """The files that were left out so far: how many of each kind, and the first of each."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._firsts: dict[str, str] = {}

    def add(self, path: str, name: str) -> None:
        """Count a file by the ending of its name."""
        kind = find_kind(name)
        self.counts[kind] += 1
        self._firsts.setdefault(kind, path)

    def explain_each(self) -> Iterator[str]:
        """For each kind how many there are, the first of them, and what to do."""
        for kind, count in sorted(self.counts.items()):
            cure = FORMAT_ADVICE.get(kind, OTHER_ADVICE)
            more = f" and {count - 1:,} more" if count > 1 else ""
            yield f"left out: {self._firsts[kind]}{more}: no reader for {_name_kind(kind)}; {cure}"


def summarize_kinds(counts: Mapping[str, int]) -> str:
    """What was left out in one clause, "" where nothing was; those without an ending come last."""
    total = sum(counts.values())
    files = "1 file" if total == 1 else f"{total:,} files"
    endings = " ".join(sorted(counts.keys() - {NO_ENDING}))
    names = ", ".join(filter(None, (endings, NO_ENDING if NO_ENDING in counts else "")))
    return f"{files} left out, of kinds that are not read: {names}" if total else ""


def _name_kind(kind: str) -> str:
    """A kind in the words of a message."""
    return "files without an ending whose content does not say what it is" if kind == NO_ENDING else kind

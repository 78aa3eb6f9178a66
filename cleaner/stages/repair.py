"""Repair the letters of a text: wrong encodings, escapes, odd spaces, lost quotes; see `cleaner.text.repair`."""

from collections.abc import Iterator

from cleaner.document import Document, Edit
from cleaner.text.repair.steps import RULES, mend_lines

__all__ = ["RULES", "repair"]


def repair(document: Document) -> Iterator[Edit]:
    """An edit for each block that does not read as it was written, under the most telling of the rules it needs."""
    blocks = [block for block in document.blocks if block.text]
    mended = mend_lines([block.text for block in blocks], language=document.find_fact("language"))
    for i, rule, text, confidence in mended:
        yield Edit(rule, blocks[i].start, blocks[i].end, text, "" if text else "other", confidence)

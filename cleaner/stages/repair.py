"""Repair the letters of a text: wrong encodings, escapes, odd spaces, lost quotes; see `cleaner.text.repair`."""

from collections.abc import Iterator

from cleaner.document import Document, Edit
from cleaner.text.repair.steps import mend_lines

RULES = {
    "repair.encoding": "Text that was read in the wrong encoding, such as Ã© for é.",
    "repair.replacement": "A replacement character whose neighbours show which quote, apostrophe or dash it was.",
    "repair.entities": "HTML entities left in the text, such as &amp; or &amp;#8217;.",
    "repair.escapes": r"JSON escapes left in the text, such as \u2019 or \".",
    "repair.controls": "Soft hyphens, zero-width spaces and control characters.",
    "repair.quotes": "Two apostrophes or two backticks typed for a double quote.",
    "repair.ligatures": "Typeset ligatures of Latin letters, such as the single character ﬁ.",
    "repair.normal-form": "Letters whose accents stand apart: Unicode's normal form C.",
    "repair.spaces": "No-break, thin and other odd spaces, now plain ones.",
}


def repair(document: Document) -> Iterator[Edit]:
    """An edit for each block that does not read as it was written, under the most telling of the rules it needs."""
    blocks = [block for block in document.blocks if block.text]
    for i, rule, text in mend_lines([block.text for block in blocks], language=document.find_fact("language")):
        yield Edit(rule, blocks[i].start, blocks[i].end, text, "" if text else "other")

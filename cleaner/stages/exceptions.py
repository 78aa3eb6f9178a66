"""Rules with `action = "keep"`: the lines that no stage may drop.

The stage stands twice in the pipeline: before extraction, which drops lines of pages, and after rejoin, when lines are
whole.  It only asks the rules; that the lines stay is up to `Pipeline`, which passes over every edit that drops one.
"""

from collections.abc import Iterator

from cleaner.document import ARTICLE_ROLES, Document, Fact
from cleaner.rules.match import RuleSet
from cleaner.rules.model import Hit
from cleaner.text.shape import find_prose_region
from cleaner.text.urls import parse_host


def exceptions(document: Document, rules: RuleSet, pages_only: bool = False) -> Iterator[Fact]:
    """For each line that a keep rule matches, the fact `keep` with its role, and that role as its label.

    A line that is kept already gets no second fact.  With `pages_only` texts are passed over: their lines may still be
    parts of one.
    """
    if rules.exceptions is None or (pages_only and document.page is None):
        return
    blocks = [block for block in document.blocks if block.text]
    lines = [block.text for block in blocks]
    head, end = find_prose_region(lines)
    known = {fact.start for fact in document.facts if fact.key == "keep"}
    for hit in rules.exceptions.find_hits(lines, parse_host(document.url), document.find_fact("language", "")):
        if not _is_in_place(hit, max(head, 1), min(end, len(lines) - 1)):
            continue
        for block, role in zip(blocks[hit.first : hit.last + 1], hit.rule.roles, strict=True):
            if block.start not in known:
                known.add(block.start)
                role = role if role in ARTICLE_ROLES else "paragraph"
                yield Fact(hit.rule.id, "keep", role, block.start, block.end)
                yield Fact(hit.rule.id, "role", role, block.start, block.end)


def _is_in_place(hit: Hit, head: int, tail: int) -> bool:
    """Whether the lines of a hit stand where its rule is asked: before line number `head`, or from `tail` on."""
    return {"head": hit.last < head, "tail": hit.first >= tail}.get(hit.rule.where, True)

"""The rules: lines that match one are what it says they are, and go or stay by their role."""

from collections.abc import Iterator, Sequence

from cleaner.document import ARTICLE_ROLES, Block, Document, Edit, Fact, find_sentence_blocks
from cleaner.rules import Rule, RuleSet
from cleaner.rules.model import Hit
from cleaner.text.shape import count_words, find_prose_region, is_prose
from cleaner.text.urls import parse_host

RULES: dict[str, str] = {}

MAX_LABEL_WORDS = 8
"""Words of the longest label looked for inside a text that stands on one line."""

MIN_END_SHARE = 0.75
"""Share of a text on one line behind which a heading of related articles or comments is believed to end it."""

MAX_THROUGH_SHARE = 0.2
"""Share of the document's prose that a rule with `through` may take along at most."""

FACT_ROLES = frozenset({"byline", "timestamp", "caption", "credit", "author-note", "agency", "copyright"})
"""Roles of dropped lines of a page that may hold facts wherever they stand."""

FACT_MARGIN_LINES = 24
"""Lines before and behind the text of a page that may hold facts whatever they are."""

EDGE_LINES = 3
"""Lines of the text, a standfirst and a crosshead among them, between which bylines and dates stand at either end."""


def boilerplate(document: Document, rules: RuleSet) -> Iterator[Edit | Fact]:
    """Edits for what the rules drop or rewrite, labels for what is article, and the raw facts they capture.

    Lines that a keep rule holds are left to the stage `exceptions`.
    """
    site = parse_host(document.url)
    language = document.find_fact("language") or ""
    yield from _apply_to_text(document, rules, site, language)
    if document.page is not None:
        yield from _apply_to_dropped(document.blocks, rules, site, language)


def _apply_to_text(document: Document, rules: RuleSet, site: str, language: str) -> Iterator[Edit | Fact]:
    blocks = [block for block in document.blocks if block.text]
    lines = [block.text for block in blocks]
    first, end = find_prose_region(lines)
    hits = list(rules.find_hits(lines, site, language, max(first, 1), min(end, len(lines) - 1)))
    flat = any(block.kind == "sentence" for block in blocks)
    if not hits and not flat:
        return
    hits = [hit for hit in hits if hit.rule.where != "head" or hit.last < max(first, 1)]
    taken = _find_exceptions(document, blocks, rules)
    hits.sort(key=lambda hit: hit.rule.rank_in(language))
    made = []
    for hit in hits:
        span = hit.span
        if not hit.rule.is_exception and taken.isdisjoint(span):
            taken.update(span)
            made.append(hit)
            yield from _apply_hit(hit, blocks, lines, rules)
    for hit in made:
        for i in _extend_hit(hit, blocks, lines, first) if hit.rule.through else ():
            if i not in taken:
                taken.add(i)
                yield _make_edit(hit.rule, blocks[i], "", hit.rule.roles[-1])
    if flat:
        yield from _apply_to_one_line(blocks, taken, rules, language)


def _apply_to_dropped(blocks: Sequence[Block], rules: RuleSet, site: str, language: str) -> Iterator[Edit | Fact]:
    """What rules know of the lines that a page shows about its article, and that are dropped already: more exact roles,
    and the facts in them."""
    for ahead, run in _find_fact_runs(blocks):
        lines, roles = [block.dropped for block in run], {block.start: block.role for block in run}
        done: set[int] = set()
        hits = rules.find_hits(lines, site, language, len(lines) if ahead else 0, 0 if not ahead else len(lines))
        for hit in sorted(hits, key=lambda hit: hit.rule.rank_in(language)):
            span = hit.span
            if hit.rule.drops and done.isdisjoint(span):
                done.update(span)
                for finding in _apply_hit(hit, run, lines, rules):
                    if isinstance(finding, Fact) or finding.role != roles[finding.start]:
                        yield finding


def _find_fact_runs(blocks: Sequence[Block]) -> Iterator[tuple[bool, list[Block]]]:
    """Runs of dropped lines that may say something about the article, and whether they stand before its text: those
    near its beginning and its end, captions, and what names a right."""
    kept = [i for i, block in enumerate(blocks) if block.text]
    if not kept:
        return
    opened, closed = kept[min(EDGE_LINES, len(kept)) - 1], kept[-min(EDGE_LINES, len(kept))]
    run: list[Block] = []
    for i, block in enumerate(blocks):
        near = kept[0] - FACT_MARGIN_LINES <= i < opened or closed < i <= kept[-1] + FACT_MARGIN_LINES
        if block.dropped and (near or block.role in FACT_ROLES or "©" in block.dropped):
            run.append(block)
        elif run and (block.text or block.dropped):
            yield run[0].start < blocks[opened].start, run
            run = []
    if run:
        yield False, run


def _find_exceptions(document: Document, blocks: Sequence[Block], rules: RuleSet) -> set[int]:
    """The numbers of the blocks in which a line stands that a keep rule holds."""
    if rules.exceptions is None:
        return set()
    by_rules = {rule.id for rule in rules.exceptions.rules}
    held = [fact.start for fact in document.facts if fact.key == "keep" and fact.rule in by_rules]
    return {i for i, block in enumerate(blocks) if any(block.start <= start < block.end for start in held)}


def _is_heading(block: Block) -> bool:
    """Whether a line of a page is a heading that links nowhere: what stands below it is something else."""
    hints = block.hints
    return hints is not None and hints.tag in ("h1", "h2", "h3") and not hints.links


def _extend_hit(hit: Hit, blocks: Sequence[Block], lines: Sequence[str], first: int) -> Iterator[int]:
    """The lines behind a hit that its `through` takes along."""
    rest = range(hit.last + 1, len(lines))
    if hit.rule.through == "end":
        if sum(is_prose(lines[i]) for i in rest) <= MAX_THROUGH_SHARE * sum(map(is_prose, lines)):
            yield from rest
    elif hit.last >= first:
        for i in rest:
            if is_prose(lines[i]) or _is_heading(blocks[i]):
                return
            yield i


def _apply_to_one_line(
    blocks: Sequence[Block], taken: set[int], rules: RuleSet, language: str
) -> Iterator[Edit | Fact]:
    """What rules know inside a text that stands on one line: `Advertisement He said ...`, `... Related posts A B C`."""
    flat = find_sentence_blocks(blocks)
    whole = sum(len(blocks[i].text) for i in flat)
    seen = 0
    edited = set(taken)
    for at, i in enumerate(flat):
        block, text = blocks[i], blocks[i].text
        rule, last, again = None, 0, i not in taken
        while again:
            again = False
            for start, end, found in rules.find_labels(text[last:], language, MAX_LABEL_WORDS):
                if found.through == "end" and seen + last + start > MIN_END_SHARE * whole:
                    yield _make_edit(found, block, text[last : last + start].strip(), found.roles[0])
                    yield from (
                        _make_edit(found, blocks[j], "", found.roles[0]) for j in flat[at + 1 :] if j not in taken
                    )
                    return
                if start == 0 and _is_removable(found, text[last : last + end].count(" ") + 1):
                    for field, value, _ in rules.extract_facts(found, [text[last : last + end]]):
                        yield Fact(found.id, f"raw.{field}", value, block.start, block.end)
                    rule, last, again = found, last + end + 1, True
                    break
        if rule:
            edited.add(i)
            yield _make_edit(rule, block, text[last:].strip(), rule.roles[0])
            if rule.roles[0] == "credit" and at and flat[at - 1] not in edited:
                before = blocks[flat[at - 1]]
                if _is_caption(before.text):
                    yield Fact(rule.id, "raw.images.caption", before.text, before.start, before.end)
                    yield _make_edit(rule, before, "", "caption")
        seen += len(text)


def _is_caption(text: str) -> bool:
    return 6 <= count_words(text) <= 30


def _is_removable(rule: Rule, words: int) -> bool:
    """Whether a rule only drops what it matches, and its label of so many words is no name in running text."""
    return rule.drops and not rule.where and (words > 1 or rule.roles[0] == "advertisement")


def _apply_hit(hit: Hit, blocks: Sequence[Block], lines: Sequence[str], rules: RuleSet) -> Iterator[Edit | Fact]:
    rule = hit.rule
    run = blocks[hit.first : hit.last + 1]
    for field, value, number in rules.extract_facts(rule, lines[hit.first : hit.last + 1]):
        yield Fact(rule.id, f"raw.{field}", value, run[number].start, run[number].end)
    for number, (block, role) in enumerate(zip(run, rule.roles, strict=True)):
        if rule.replace is not None:
            text = rules.rewrite_line(rule, number, block.text).strip()
            if text != block.text:
                yield _make_edit(rule, block, text, role)
        elif role in ARTICLE_ROLES:
            yield Fact(rule.id, "role", role, block.start, block.end)
        else:
            yield _make_edit(rule, block, "", role)


def _make_edit(rule: Rule, block: Block, text: str, role: str) -> Edit:
    return Edit(rule.id, block.start, block.end, text, "" if text else role, rule.confidence)

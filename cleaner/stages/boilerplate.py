"""The rules: lines that match one are what it says they are, and go or stay by their role."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress, count, groupby, takewhile
from operator import attrgetter
from typing import NamedTuple

from cleaner.document import ARTICLE_ROLES, Block, Document, Edit, Fact, find_sentence_blocks
from cleaner.rules.match import RuleSet
from cleaner.rules.model import Hit, Rule
from cleaner.text.rows import CELL_SIGN, find_table_rows
from cleaner.text.shape import count_words, find_prose_region, is_open, is_prose
from cleaner.text.talks import find_talks
from cleaner.text.urls import parse_host

RULES = {
    "boilerplate.row": "A row of a table in a text: lines side by side with as many cells, and figures in them.",
    "boilerplate.turn": "What somebody says in a talk, or the line that names who says it.",
}

MAX_LABEL_WORDS = 8
"""Words of the longest label looked for inside a text that stands on one line."""

MIN_END_SHARE = 0.75
"""Share of a text on one line behind which a heading of related articles or comments is believed to end it."""

MIN_CAPTION_WORDS, MAX_CAPTION_WORDS = 6, 30
"""Words of a sentence before a credit that is taken for the caption of its picture."""

HEADING_TAGS = frozenset({"h1", "h2", "h3"})
"""Elements of headings that begin another part of a page."""

MAX_THROUGH_SHARE = 0.2
"""Share of the document's prose that a rule with `through` may take along at most."""

FACT_ROLES = frozenset({"byline", "timestamp", "caption", "credit", "author-note", "agency", "copyright"})
"""Roles of dropped lines of a page that may hold facts wherever they stand."""

MIN_SENTENCE_WORDS = 5
"""Words of a line with a stop that may be a sentence of the article; shorter ones are calls, such as "Join now!"."""

FACT_MARGIN_LINES = 24
"""Lines before and behind the text of a page that may hold facts whatever they are."""

LATER_STAGES = frozenset({"boilerplate", "titles", "metadata", "captions", "ends", "lines", "repeats", "passages"})
"""This stage and those behind it: what they dropped is none of what was known when a text was cleaned first."""

EDGE_LINES = 3
"""Lines of the text, a standfirst and a crosshead among them, between which bylines and dates stand at either end."""


def boilerplate(document: Document, rules: RuleSet) -> Iterator[Edit | Fact]:
    """Edits for what the rules drop or rewrite, labels for what is article, and the raw facts they capture.

    Lines that a keep rule holds are left to the stage `exceptions`.
    """
    site = parse_host(document.url)
    language = document.find_fact("language", "")
    yield from _apply_to_text(document, rules, site, language)
    if document.page is not None:
        yield from _apply_to_dropped(document.blocks, rules, site, language)


def _apply_to_text(document: Document, rules: RuleSet, site: str, language: str) -> Iterator[Edit | Fact]:
    """What rules know of the lines of the text: first what they match, then what their `through` takes along."""
    blocks = list(filter(attrgetter("text"), document.blocks))
    lines = list(map(attrgetter("text"), blocks))
    first, end = find_prose_region(lines)
    head = max(first, 1)
    data = _find_data(document, blocks, lines)
    found = rules.find_hits(lines, site, language, head, min(end, len(lines) - 1))
    taken = _find_exceptions(document, blocks, rules)
    made = list(_choose_hits((hit for hit in found if _is_applicable(hit, head, data)), language, taken))
    for hit in _find_lone_hits(made, document, lines):
        made.remove(hit)
        taken.difference_update(hit.span)
    yield from chain.from_iterable(_apply_hit(hit, blocks, lines, rules) for hit in made)
    prose = list(map(is_prose, lines))
    for hit in filter(attrgetter("rule.through"), made):
        extended = sorted(set(_extend_hit(hit, blocks, prose, first)) - taken)
        taken.update(extended)
        yield from (_make_edit(hit.rule, blocks[i], "", hit.rule.roles[-1]) for i in extended)
    rows = (blocks[i] for i in sorted(data - taken))
    yield from (Fact("boilerplate.row", "role", "table", row.start, row.end) for row in rows if not row.role)
    turns = chain.from_iterable(find_talks(lines) if document.page is None else ())
    said = (blocks[i] for i in turns if i not in taken | data)
    yield from (Fact("boilerplate.turn", "role", "paragraph", one.start, one.end) for one in said if not one.role)
    yield from _apply_to_one_line(blocks, taken, rules, language)


def _is_applicable(hit: Hit, head: int, data: set[int]) -> bool:
    """Whether a hit is one to act on: no exception, no menu in the lines of `data`, and one of a rule for the head only
    where it ends before the text begins, on line number `head`.
    """
    rule = hit.rule
    if rule.is_exception or (rule.where == "head" and hit.last >= head):
        return False
    return rule.roles[0] != "navigation" or data.isdisjoint(hit.span)


def _find_data(document: Document, blocks: Sequence[Block], lines: Sequence[str]) -> set[int]:
    """The numbers of the blocks that are rows of a table, or code: the signs in them are not those of a menu."""
    if document.page is not None:
        return set(compress(count(), map(attrgetter("is_set_out"), blocks)))
    return set(find_table_rows(lines)) if CELL_SIGN in document.source else set()


def _choose_hits(hits: Iterable[Hit], language: str, taken: set[int]) -> Iterator[Hit]:
    """The hits to act on, those of the first rank first: no two have a line in common, and none a line that is taken.

    Their lines are added to those taken.
    """
    for hit in sorted(hits, key=lambda hit: hit.rule.rank_in(language)):
        if taken.isdisjoint(hit.span):
            taken.update(hit.span)
            yield hit


def _find_lone_hits(made: Sequence[Hit], document: Document, lines: Sequence[str]) -> list[Hit]:
    """The hits on whole sentences and on signs by rules that need company, where no other rule hits and no stage before
    dropped anything: a text that is clean but for one line is clean.  Bylines, dates and captions are no company, nor
    is what later stages dropped from a document that is cleaned once more.

    A sentence in the last line is let go, where calls and notices stand, but not to a rule that is asked there only.
    """
    last = len(lines) - 1

    def is_on_sentence(hit: Hit) -> bool:
        return _is_sentence(lines[hit.last]) and (hit.rule.where != "" or hit.last < last)

    def is_on_signs(hit: Hit) -> bool:
        return not any(map(str.isalnum, lines[hit.last]))

    held = list(filter(attrgetter("rule.company"), made))
    lone = [*filter(is_on_sentence, held), *filter(is_on_signs, held)]
    # most texts have none: the others need not be asked
    if not lone:
        return []
    telling = {hit.rule.id for hit in made if hit.rule.drops and FACT_ROLES.isdisjoint(hit.rule.roles)}
    before = (edit for edit in document.edits if edit.stage not in LATER_STAGES and not edit.text)
    has_company = telling - {lone[0].rule.id} or any(document.source[edit.start : edit.end].strip() for edit in before)
    return [] if has_company else lone


def _is_sentence(line: str) -> bool:
    """Whether a line has the stop and the words of a sentence, which labels and links have not."""
    return not is_open(line) and count_words(line) >= MIN_SENTENCE_WORDS


def _apply_to_dropped(blocks: Sequence[Block], rules: RuleSet, site: str, language: str) -> Iterator[Edit | Fact]:
    """What rules know of the lines that a page shows about its article, and that are dropped already: more exact roles,
    and the facts in them."""
    for ahead, run in _find_fact_runs(blocks):
        lines = list(map(attrgetter("dropped"), run))
        # all lines are the head of the text, or all its foot
        border = len(lines) if ahead else 0
        hits = filter(attrgetter("rule.drops"), rules.find_hits(lines, site, language, border, border))
        known = {(block.start, block.role) for block in run}
        for finding in chain.from_iterable(
            _apply_hit(hit, run, lines, rules) for hit in _choose_hits(hits, language, set())
        ):
            if isinstance(finding, Fact) or (finding.start, finding.role) not in known:
                yield finding


def _find_fact_runs(blocks: Sequence[Block]) -> Iterator[tuple[bool, list[Block]]]:
    """Runs of dropped lines that may say something about the article, and whether they stand before its text: those
    near its beginning and its end, captions, and what names a right."""
    kept = list(compress(count(), map(attrgetter("text"), blocks)))
    if not kept:
        return
    edge = min(EDGE_LINES, len(kept))
    opened, closed = kept[edge - 1], kept[-edge]
    near = {*range(kept[0] - FACT_MARGIN_LINES, opened), *range(closed + 1, kept[-1] + FACT_MARGIN_LINES + 1)}

    def may_hold_facts(i: int) -> bool:
        text = blocks[i].dropped
        return text != "" and (i in near or blocks[i].role in FACT_ROLES or "©" in text)

    # what is empty, and was when it was read, parts nothing
    shown = compress(count(), map(attrgetter("line"), blocks))
    for holds, places in groupby(shown, may_hold_facts):
        if holds:
            run = list(map(blocks.__getitem__, places))
            yield run[0].start < blocks[opened].start, run


def _find_exceptions(document: Document, blocks: Sequence[Block], rules: RuleSet) -> set[int]:
    """The numbers of the blocks in which a line stands that a keep rule holds."""
    if rules.exceptions is None:
        return set()
    by_rules = set(map(attrgetter("id"), rules.exceptions.rules))
    held = [fact.start for fact in document.facts if fact.key == "keep" and fact.rule in by_rules]
    return {i for i, block in enumerate(blocks) if any(block.start <= start < block.end for start in held)}


# ---------------------------------------------------------------- what a hit takes along


def _extend_hit(hit: Hit, blocks: Sequence[Block], prose: Sequence[bool], first: int) -> Iterable[int]:
    """The numbers of the lines behind a hit that its `through` takes along; `prose` says which lines are, `first` is
    the first line of the region of prose.

    `through = "end"` takes all of them, where little prose is among them; `through = "prose"` those before the next
    prose or heading, but nothing in the head, where that would be the whole way to the text.
    """
    rest = range(hit.last + 1, len(prose))
    if hit.rule.through == "end":
        return rest if sum(prose[rest.start :]) <= MAX_THROUGH_SHARE * sum(prose) else ()
    if hit.last < first:
        return ()
    return takewhile(lambda i: not (prose[i] or _is_heading(blocks[i])), rest)


def _is_heading(block: Block) -> bool:
    """Whether a line of a page is a heading that links nowhere: what stands below it is something else."""
    return block.hints.tag in HEADING_TAGS and not block.hints.links


# ---------------------------------------------------------------- a text on one line


class _Label(NamedTuple):
    """A label inside a text, and whether it ends the article: what follows is not of it."""

    start: int
    end: int
    rule: Rule
    closes: bool


def _apply_to_one_line(
    blocks: Sequence[Block], taken: set[int], rules: RuleSet, language: str
) -> Iterator[Edit | Fact]:
    """What rules know inside a text that stands on one line: `Advertisement He said ...`, `... Related posts A B C`.

    Labels with which a sentence opens are cut off, one after the other; from one that ends the article on, everything
    goes.  Sentences that are taken are passed over.
    """
    flat = find_sentence_blocks(blocks)
    ending = MIN_END_SHARE * sum(len(blocks[i].text) for i in flat)
    seen = 0
    edited = set(taken)
    for at, i in enumerate(flat):
        block, text = blocks[i], blocks[i].text
        rule, last = None, 0
        while i not in taken and (label := _find_label(text[last:], ending - seen - last, rules, language)):
            if label.closes:
                role = label.rule.roles[0]
                yield _make_edit(label.rule, block, text[last : last + label.start].strip(), role)
                yield from (_make_edit(label.rule, blocks[j], "", role) for j in flat[at + 1 :] if j not in taken)
                return
            yield from _capture_facts(label.rule, [block], [text[last : last + label.end]], rules)
            rule, last = label.rule, last + label.end + 1
        if rule:
            edited.add(i)
            yield _make_edit(rule, block, text[last:].strip(), rule.roles[0])
            if rule.roles[0] == "credit" and at and flat[at - 1] not in edited:
                yield from _take_caption(rule, blocks[flat[at - 1]])
        seen += len(text)


def _find_label(text: str, ending: float, rules: RuleSet, language: str) -> _Label | None:
    """The first label of use in a text: one with which it opens, or one behind `ending` characters that ends it."""
    for start, end, rule in rules.find_labels(text, language, MAX_LABEL_WORDS):
        closes = rule.through == "end" and start > ending
        if closes or (start == 0 and _is_removable(rule, text[:end].count(" ") + 1)):
            return _Label(start, end, rule, closes)
    return None


def _is_removable(rule: Rule, words: int) -> bool:
    """Whether a rule only drops what it matches, and its label of so many words is no name in running text."""
    return rule.drops and not rule.where and (words > 1 or rule.roles[0] == "advertisement")


def _take_caption(rule: Rule, block: Block) -> Iterator[Edit | Fact]:
    """The sentence before a credit as the caption of its picture, if it has the length of one."""
    if MIN_CAPTION_WORDS <= count_words(block.text) <= MAX_CAPTION_WORDS:
        yield Fact(rule.id, "raw.images.caption", block.text, block.start, block.end)
        yield _make_edit(rule, block, "", "caption")


# ---------------------------------------------------------------- findings


def _apply_hit(hit: Hit, blocks: Sequence[Block], lines: Sequence[str], rules: RuleSet) -> Iterator[Edit | Fact]:
    """The facts of a hit, and what becomes of each of its lines: rewritten, labelled as article, or dropped."""
    rule = hit.rule
    run = blocks[hit.first : hit.last + 1]
    yield from _capture_facts(rule, run, lines[hit.first : hit.last + 1], rules)
    for number, (block, role) in enumerate(zip(run, rule.roles, strict=True)):
        if rule.replace is not None:
            text = rules.rewrite_line(rule, number, block.text).strip()
            if text != block.text:
                yield _make_edit(rule, block, text, role)
        elif role in ARTICLE_ROLES:
            yield Fact(rule.id, "role", role, block.start, block.end)
        else:
            yield _make_edit(rule, block, "", role)


def _capture_facts(rule: Rule, run: Sequence[Block], lines: Sequence[str], rules: RuleSet) -> Iterator[Fact]:
    """The raw facts that a rule takes from the lines it matched, each with the place of its block."""
    for field, value, number in rules.extract_facts(rule, lines):
        yield Fact(rule.id, f"raw.{field}", value, run[number].start, run[number].end)


def _make_edit(rule: Rule, block: Block, text: str, role: str) -> Edit:
    """The edit after which a block reads `text`; without text it is dropped, under its role."""
    return Edit(rule.id, block.start, block.end, text, "" if text else role, rule.confidence)

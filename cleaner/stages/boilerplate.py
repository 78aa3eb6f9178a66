"""The rules: lines that match one are what it says they are, and go or stay by their role."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from cleaner.document import ARTICLE_ROLES, Block, Document, Edit, Fact
from cleaner.prose import is_prose, region
from cleaner.rules import Hit, Rule, RuleSet

RULES: dict[str, str] = {}

LABEL = 8
"""Words of the longest label looked for inside a text that stands on one line."""

MOST = 0.4
"""Share of the document's prose that a rule with `through` may take along at most."""


def boilerplate(document: Document, rules: RuleSet) -> Iterator[Edit | Fact]:
    """Edits for what the rules drop or rewrite, labels for what they keep, and the raw facts they capture."""
    blocks = [block for block in document.blocks if block.text]
    lines = [block.text for block in blocks]
    site = (urlsplit(document.url).hostname or "") if document.url else ""
    language = document.fact("language") or ""
    hits = list(rules.hits(lines, site, language))
    if not hits and not any(block.kind == "sentence" for block in blocks):
        return
    place = _Place(lines)
    hits = [hit for hit in hits if place.allows(hit)]
    kept = {i for hit in hits if hit.rule.action == "keep" for i in range(hit.first, hit.last + 1)}
    hits.sort(key=lambda hit: _rank(hit.rule, language))
    taken: set[int] = set(kept)
    for hit in hits:
        span = range(hit.first, hit.last + 1)
        if hit.rule.action == "keep" or not taken.isdisjoint(span):
            continue
        taken.update(span)
        yield from _findings(hit, blocks, lines, rules)
        if hit.rule.through:
            for i in place.through(hit, taken):
                taken.add(i)
                yield _edit(hit.rule, blocks[i], "", hit.rule.roles[-1])
    yield from _openings(blocks, taken, rules, language)


def _openings(blocks: Sequence[Block], taken: set[int], rules: RuleSet, language: str) -> Iterator[Edit]:
    """What rules know at the beginning of a sentence, in a text that stands on one line: `Advertisement He said ...`."""
    flat = [i for i, block in enumerate(blocks) if block.kind == "sentence" or (i and blocks[i - 1].kind == "sentence")]
    for i in flat:
        if i in taken:
            continue
        rule, rest = _without_opening(blocks[i].text, rules, language)
        if rule:
            yield _edit(rule, blocks[i], rest, "" if rest else rule.roles[0])


def _without_opening(text: str, rules: RuleSet, language: str) -> tuple[Rule | None, str]:
    last: Rule | None = None
    while True:
        words = text.split(" ", LABEL + 1)
        for size in range(1, min(LABEL, len(words) - 1) + 1):
            if words[size][:1].islower() or not words[size][:1]:
                continue
            opening = " ".join(words[:size])
            rule = next((hit.rule for hit in rules.hits([opening], "", language) if _removable(hit.rule, size)), None)
            if rule:
                last, text = rule, text[len(opening) + 1 :]
                break
        else:
            return last, text


def _removable(rule: Rule, words: int) -> bool:
    """Whether a rule is about lines that only drop, and its opening of so many words is no name in running text."""
    return (
        rule.action == "drop"
        and not rule.facts
        and not rule.where
        and rule.replace is None
        and rule.roles[0] not in ARTICLE_ROLES
        and (words > 1 or rule.roles[0] == "advertisement")
    )


def _rank(rule: Rule, language: str) -> tuple[bool, int, bool, float]:
    """Smaller goes first: rules for a site, then longer ones, then those of the document's language."""
    return (not rule.sites, -len(rule.match), rule.pack != language, -rule.confidence)


def _findings(hit: Hit, blocks: Sequence[Block], lines: Sequence[str], rules: RuleSet) -> Iterator[Edit | Fact]:
    rule = hit.rule
    run = blocks[hit.first : hit.last + 1]
    for field, value, number in rules.captured(rule, lines[hit.first : hit.last + 1]):
        yield Fact(rule.id, f"raw.{field}", value, run[number].start, run[number].end)
    for number, (block, role) in enumerate(zip(run, rule.roles, strict=True)):
        if rule.replace is not None:
            text = rules.pattern(rule.match[number]).sub(rule.replace, block.text).strip()
            if text != block.text:
                yield _edit(rule, block, text, role if not text else "")
        elif role in ARTICLE_ROLES:
            yield Fact(rule.id, "role", role, block.start, block.end)
        else:
            yield _edit(rule, block, "", role)


def _edit(rule: Rule, block: Block, text: str, role: str) -> Edit:
    return Edit(rule.id, block.start, block.end, text, role, rule.confidence)


class _Place:
    """Where in the article a line stands: before its first paragraph, after its last, or between."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._known: tuple[int, int, list[bool]] | None = None

    def _region(self) -> tuple[int, int, list[bool]]:
        if self._known is None:
            first, end = region(self._lines)
            self._known = (first, end, [is_prose(line) for line in self._lines])
        return self._known

    def allows(self, hit: Hit) -> bool:
        """Whether the rule's `where` holds for this hit."""
        if not hit.rule.where:
            return True
        first, end, _ = self._region()
        return hit.last < max(first, 1) if hit.rule.where == "head" else hit.first >= min(end, len(self._lines) - 1)

    def through(self, hit: Hit, taken: set[int]) -> Iterator[int]:
        """The lines behind a hit that its `through` takes along."""
        first, end, prose = self._region()
        rest = range(hit.last + 1, len(self._lines))
        if hit.rule.through == "end":
            if sum(prose[i] for i in rest) > MOST * sum(prose):
                return
            yield from (i for i in rest if i not in taken)
            return
        if hit.last < first:
            return
        for i in rest:
            if prose[i]:
                return
            if i not in taken:
                yield i

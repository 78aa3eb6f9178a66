"""Why a rule exists, what became of a line, and what goes from a document."""

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from cleaner import document as document_model
from cleaner import facts
from cleaner import pipeline as pipeline_model
from cleaner.document import Block, Document, Edit, Fact
from cleaner.mail import document as mail
from cleaner.markdown import document as markdown
from cleaner.models.lines import load_labeller
from cleaner.models.pages import explain_score as reasons_on_page
from cleaner.models.titles import explain_choice
from cleaner.pipeline import Pipeline
from cleaner.rules.loading import load
from cleaner.rules.match import RuleSet
from cleaner.rules.sign_files import load_shipped_signs
from cleaner.stages.extraction.stage import build_page_view
from cleaner.stages.extraction.votes import ask_trafilatura
from cleaner.stages.rejoin.stage import explain_borders

Span = TypeVar("Span", Block, Edit, Fact)

MAX_CHARS_BY_CHARACTER = 4000
"""Characters of two texts that are compared one by one; the time that takes grows with the square of their length."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"\s+|\w+|.", re.DOTALL)


class Change(Struct, frozen=True):
    """One block as read, what it reads now, "" where it was dropped, and the edits that made it so.

    `line` is the number of the line of the source on which it begins, from 1.
    """

    line: int
    before: str
    after: str
    role: str
    edits: tuple[Edit, ...]


def collect_rule_reasons(rules: RuleSet) -> dict[str, str]:
    """Every rule id with its reason: those of these rules, those that the stages declare, and those of the signs."""
    from cleaner.pipeline.default import STAGES

    found = document_model.RULES | pipeline_model.RULES | facts.RULES | markdown.RULES | mail.RULES
    for stage in STAGES:
        found.update(stage.reasons)
    found.update((sign.id, sign.why) for sign in load_shipped_signs().signs)
    found.update((rule.id, rule.why) for rule in rules.rules)
    return found


def collect_shipped_reasons() -> dict[str, str]:
    """The reasons of the rules that come with cleaner."""
    return collect_rule_reasons(load(prove=False))


def iterate_changes(document: Document) -> Iterator[Change]:
    """Every block of a cleaned document in its order, changed or not.

    Blank space around a line is no part of `before`: the layout sets it anew, which is nothing to show.
    """
    at = line = 0
    for block in document.blocks:
        line += len(_LINE_END.findall(document.source, at, block.start))
        at = block.start
        covering = tuple(edit for edit in document.edits if edit.start < block.end and block.start < edit.end)
        before = document.source[block.start : block.end].strip("\r\n\t ")
        yield Change(line + 1, before, block.text, block.role or ("paragraph" if block.text else "other"), covering)


def find_at_line(document: Document, number: int) -> tuple[str, list[Block], list[Edit], list[Fact]] | None:
    """The line of this number as read, and the blocks, edits and facts that touch it; None if there is none.

    Lines are counted from 1, by the line ends of the source.  A fact that no text shows touches no line.
    """
    starts = [0, *(end.end() for end in _LINE_END.finditer(document.source))]
    if not 0 < number <= len(starts):
        return None
    start = starts[number - 1]
    end = starts[number] if number < len(starts) else len(document.source)

    def touch(spans: Iterable[Span]) -> list[Span]:
        return [one for one in spans if one.start < max(end, start + 1) and start < one.end]

    line = document.source[start:end].rstrip("\r\n")
    shown = [fact for fact in document.facts if fact.end > fact.start]
    return line, touch(document.blocks), touch(document.edits), touch(shown)


def weigh_features(document: Document, edit: Edit, rules: RuleSet) -> list[tuple[str, float]]:
    """What made a model drop a line, and what each added to its log odds of being article: the features of a page's
    line; of a text's, what hiding a group of its features, or the lines on one side of it, takes away; of a title, what
    its features added to its odds of being that.

    Nothing for an edit that no model was asked about.
    """
    if not facts.is_model_edit(edit):
        return []
    own = {edit.stage, "lines"}  # what these stages found was not known to them
    known = tuple(fact for fact in document.facts if not facts.is_by_stage(fact, own))
    first = next(i for i, other in enumerate(document.edits) if other.stage == edit.stage)
    before = replace(document, facts=known).replay(document.edits[:first])
    title = before.find_fact("title", "")
    if edit.rule == facts.HEADLINE_RULE:
        return explain_choice(before.blocks, edit.start)
    if edit.stage == "lines":
        number = next(i for i, block in enumerate(before.blocks) if block.start == edit.start)
        return load_labeller().explain_score(before.blocks, number, title)
    page, _, window, columns = build_page_view(before, ask_trafilatura(before), rules)
    blocks = page.blocks[window.start : window.stop]
    numbers = [i for i, block in enumerate(blocks) if block.start == edit.start]
    return reasons_on_page(blocks, title, columns, numbers[0]) if numbers else []


def describe_borders(document: Document, number: int, pipeline: Pipeline, rules: RuleSet) -> list[str]:
    """For a line of this number as read: by which row of its tables the stage rejoin joined or parted it and the lines
    beside it; the last word of the runs of that stage.  Nothing where no line stands beside it."""
    _, blocks, _, _ = find_at_line(document, number) or ("", [], [], [])
    starts, ends = {block.start for block in blocks}, {block.end for block in blocks}
    found: dict[str, str] = {}
    for stop in (i for i, (name, _) in enumerate(pipeline.stages) if name == "rejoin"):
        before = Pipeline([stage for _, stage in pipeline.stages[:stop]])(document)
        for left, right, row in explain_borders(before, rules):
            what = "joined with" if row.answer else "parted from"
            found |= {"before": f"{what} the line before: {row.name}"} if right.start in starts else {}
            found |= {"next": f"{what} the next line: {row.name}"} if left.end in ends else {}
    return list(found.values())


def diff_texts(before: str, after: str) -> list[tuple[str, str]]:
    """Runs of text, each `=` (same), `-` (gone) or `+` (new), by character, or by word where the texts are long.

    The runs `=` and `-` together are the text before, the runs `=` and `+` the text after.
    """
    by_word = len(before) + len(after) > MAX_CHARS_BY_CHARACTER
    old, new = (_WORD.findall(text) if by_word else text for text in (before, after))
    runs: list[tuple[str, str]] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            runs.append(("=", "".join(old[a:b])))
            continue
        if b > a:
            runs.append(("-", "".join(old[a:b])))
        if d > c:
            runs.append(("+", "".join(new[c:d])))
    return runs

"""Why a rule exists, what became of a line, and what goes from a document."""

import difflib
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from cleaner.document import Block, Document, Edit, Fact
from cleaner.models.lines import load_labeller
from cleaner.models.pages import explain_score as reasons_on_page
from cleaner.pipeline import STAGES, Pipeline
from cleaner.rules import RuleSet, load
from cleaner.rules.sign_files import load_shipped_signs
from cleaner.stages.extraction.stage import build_page_view
from cleaner.stages.extraction.votes import ask_trafilatura
from cleaner.stages.rejoin.stage import explain_borders

BUILT_IN_REASONS = {
    "layout.space": "Spaces, tabs and line ends between the lines, which the clean layout sets anew.",
    "policy.drop": "A role that --drop names.",
    "input": "The input itself says so, beside the text.",
}


class Change(Struct, frozen=True):
    """One line as read, what it reads now, and the edits that made it so."""

    line: int
    before: str
    after: str
    role: str
    edits: tuple[Edit, ...]


def collect_rule_reasons(rules: RuleSet) -> dict[str, str]:
    """Every rule id with its reason: those of these rules, those that the stages declare, and those of the signs."""
    found = dict(BUILT_IN_REASONS)
    for stage in STAGES:
        found.update(stage.reasons)
    found.update((sign.id, sign.why) for sign in load_shipped_signs().signs)
    found.update((rule.id, rule.why) for rule in rules.rules)
    return found


def collect_shipped_reasons() -> dict[str, str]:
    """The reasons of the rules that come with cleaner."""
    return collect_rule_reasons(load(prove=False))


def iterate_changes(document: Document) -> Iterator[Change]:
    """Every block of a cleaned document in its order, changed or not."""
    at = line = 0
    for block in document.blocks:
        line += _count_line_ends(document.source[at : block.start])
        at = block.start
        covering = tuple(edit for edit in document.edits if edit.start < block.end and block.start < edit.end)
        before = document.source[block.start : block.end].strip("\r\n\t ")
        yield Change(line + 1, before, block.text, block.role or ("paragraph" if block.text else "other"), covering)


def find_at_line(document: Document, number: int) -> tuple[str, list[Block], list[Edit], list[Fact]] | None:
    """The line of this number as read, and the blocks, edits and facts that touch it; None if there is none."""
    start, count = 0, 1
    for end in re.finditer(r"\r\n|\r|\n|\Z", document.source):
        if count == number:
            span = (start, max(end.end(), start + 1))
            return (
                document.source[start : end.start()],
                [block for block in document.blocks if _has_overlap(block, span)],
                [edit for edit in document.edits if _has_overlap(edit, span)],
                [fact for fact in document.facts if fact.end > fact.start and _has_overlap(fact, span)],
            )
        start, count = end.end(), count + 1
    return None


def weigh_features(document: Document, edit: Edit, rules: RuleSet) -> list[tuple[str, float]]:
    """The features by which a model dropped a line, and what each added to its log odds of being article.

    Nothing for an edit that no model was asked about.
    """
    if edit.rule != "lines.around" and edit.stage != "extraction":
        return []
    own = {edit.stage, "lines"}  # what these stages found was not known to them
    facts = tuple(fact for fact in document.facts if fact.rule.partition(".")[0] not in own)
    first = next(i for i, other in enumerate(document.edits) if other.stage == edit.stage)
    before = replace(document, facts=facts).replay(document.edits[:first])
    title = str(before.find_fact("title") or "")
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


def _has_overlap(one: Block | Edit | Fact, span: tuple[int, int]) -> bool:
    return one.start < span[1] and span[0] < one.end


def _count_line_ends(text: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", text))


def diff_texts(before: str, after: str) -> list[tuple[str, str]]:
    """Runs of text, each `=` (same), `-` (gone) or `+` (new), by character, or by word where the texts are long."""
    by_word = len(before) + len(after) > 4000
    old: Sequence[str] = re.findall(r"\s+|\w+|.", before, re.DOTALL) if by_word else before
    new: Sequence[str] = re.findall(r"\s+|\w+|.", after, re.DOTALL) if by_word else after
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

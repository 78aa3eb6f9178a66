"""Why a rule exists, what became of a line, and what goes from a document."""

import difflib
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from cleaner import document as document_module
from cleaner import facts, pipeline
from cleaner.document import Block, Document, Edit, Fact
from cleaner.facts import is_by_stage, is_model_edit
from cleaner.models.lines import load_labeller
from cleaner.models.pages import explain_score as reasons_on_page
from cleaner.pipeline import Stage, default_stages
from cleaner.rules import RuleSet, load
from cleaner.rules.signs import load_shipped_signs
from cleaner.stages.extraction.stage import ask_trafilatura, build_page_view

MAX_COMPARED_CHARS = 4000
"""Characters of two texts together above which they are compared by words: comparing takes quadratic time."""

MAX_CLOSE_WORDS, MAX_SUGGESTED_WORDS = 3, 5
"""Words that are suggested because they are spelled alike, and in all with those that hold the word."""

_LINE_END_PATTERN = re.compile(r"\r\n|\r|\n")


class Change(Struct, frozen=True):
    """One line as read, what it reads now, and the edits that made it so."""

    line: int
    before: str
    after: str
    role: str
    edits: tuple[Edit, ...]


def collect_reasons(stages: Iterable[Stage], rules: RuleSet) -> dict[str, str]:
    """Every rule id with its reason: those of the packs, and those that stages, the document, the pipeline and the
    input declare in a `RULES` of their module.
    """
    functions = (stage.func if isinstance(stage, partial) else stage for stage in stages)
    found = document_module.RULES | pipeline.RULES | facts.RULES
    for function in functions:
        found |= getattr(sys.modules.get(function.__module__), "RULES", {})
    found |= {sign.id: sign.why for sign in load_shipped_signs().signs}
    return found | {rule.id: rule.why for rule in rules.rules}


def suggest_words(word: str, known: Iterable[str]) -> list[str]:
    """The few known words that somebody who wrote this one may have meant."""
    known = sorted(known)
    inside = [one for one in known if word.casefold() in one.casefold()]
    close = difflib.get_close_matches(word, known, MAX_CLOSE_WORDS)
    return list(dict.fromkeys(close + inside))[:MAX_SUGGESTED_WORDS]


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
    starts = [0, *(end.end() for end in _LINE_END_PATTERN.finditer(document.source))]
    if not 1 <= number <= len(starts):
        return None
    start = starts[number - 1]
    end = starts[number] if number < len(starts) else len(document.source)
    span = start, max(end, start + 1)
    return (
        _LINE_END_PATTERN.sub("", document.source[start:end]),
        [block for block in document.blocks if _has_overlap(block, span)],
        [edit for edit in document.edits if _has_overlap(edit, span)],
        [fact for fact in document.facts if fact.end > fact.start and _has_overlap(fact, span)],
    )


def weigh_features(document: Document, edit: Edit, rules: RuleSet) -> list[tuple[str, float]]:
    """The features by which a model dropped a line, and what each added to its log odds of being article.

    Nothing for an edit that no model was asked about.
    """
    if not is_model_edit(edit):
        return []
    # what these stages found was not known to them
    known = tuple(fact for fact in document.facts if not is_by_stage(fact, {edit.stage, "lines"}))
    first = next(i for i, other in enumerate(document.edits) if other.stage == edit.stage)
    before = replace(document, facts=known).replay(document.edits[:first])
    title = before.find_fact("title") or ""
    if edit.stage == "lines":
        number = next(i for i, block in enumerate(before.blocks) if block.start == edit.start)
        return load_labeller().explain_score(before.blocks, number, title)
    page, _, window, columns = build_page_view(before, ask_trafilatura(before), rules)
    blocks = page.blocks[window.start : window.stop]
    numbers = [i for i, block in enumerate(blocks) if block.start == edit.start]
    return reasons_on_page(blocks, title, columns, numbers[0]) if numbers else []


def _has_overlap(one: Block | Edit | Fact, span: tuple[int, int]) -> bool:
    """Whether something touches a span of the source, which ends before its second number."""
    return one.start < span[1] and span[0] < one.end


def _count_line_ends(text: str) -> int:
    """How many lines end in a text; CR LF is one end."""
    return len(_LINE_END_PATTERN.findall(text))


def diff_texts(before: str, after: str) -> list[tuple[str, str]]:
    """Runs of text, each `=` (same), `-` (gone) or `+` (new), by character, or by word where the texts are long."""
    by_word = len(before) + len(after) > MAX_COMPARED_CHARS
    old: Sequence[str] = re.findall(r"\s+|\w+|.", before, re.DOTALL) if by_word else before
    new: Sequence[str] = re.findall(r"\s+|\w+|.", after, re.DOTALL) if by_word else after
    runs: list[tuple[str, str]] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        runs += [("=", gone)] if what == "equal" else [("-", gone), ("+", come)]
    return [(sign, text) for sign, text in runs if text]


def collect_shipped_reasons() -> dict[str, str]:
    """The reasons of the rules that come with cleaner."""
    return collect_rule_reasons(load(prove=False))


def collect_rule_reasons(rules: RuleSet) -> dict[str, str]:
    """The reasons of these rules, and of those that are built in."""
    return collect_reasons(default_stages(rules), rules)

"""The pipeline: a list of stages, and one loop over it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Literal

from cleaner.document import ARTICLE_ROLES, Document, Edit, Fact
from cleaner.errors import StageError
from cleaner.rules import RuleSet
from cleaner.stages.boilerplate import boilerplate
from cleaner.stages.captions.stage import captions
from cleaner.stages.extraction.stage import STRICTNESS_CHANCES as OF_PAGES
from cleaner.stages.extraction.stage import extraction
from cleaner.stages.language import language
from cleaner.stages.line_model import STRICTNESS_CHANCES as OF_LINES
from cleaner.stages.line_model import lines
from cleaner.stages.markup.stage import markup
from cleaner.stages.metadata.stage import metadata
from cleaner.stages.passages import passages
from cleaner.stages.rejoin.stage import rejoin
from cleaner.stages.repair import repair
from cleaner.stages.titles import titles
from cleaner.stages.translation import translation

RULES = {"policy.drop": "A role that --drop names."}

Stage = Callable[[Document], Iterable[Edit | Fact]]
Strictness = Literal["recall", "balanced", "precision"]


def default_stages(rules: RuleSet, strictness: Strictness = "balanced") -> list[Stage]:
    """What `cleaner` does to a text or a page, in this order; with `recall` a doubtful line stays, with `precision` it
    goes."""
    return [
        repair,
        language,
        partial(markup, rules=rules),
        partial(extraction, rules=rules, strictness=OF_PAGES[strictness]),
        partial(rejoin, rules=rules),
        partial(boilerplate, rules=rules),
        titles,
        partial(metadata, rules=rules),
        partial(captions, rules=rules),
        partial(lines, strictness=OF_LINES[strictness]),
        # what stood on both sides of a dropped line may belong together
        partial(rejoin, rules=rules),
        passages,
        translation,
    ]


def name_stage(stage: Stage) -> str:
    """The name under which a stage stands in the ledger and on the command line."""
    function = stage.func if isinstance(stage, partial) else stage
    return getattr(function, "__name__", type(function).__name__)


class Pipeline:
    """Stages in their order, and the policy of what is dropped.

    `keep` and `drop` are roles: a kept role stays in the text though a stage drops it, a dropped one goes though it
    is part of the article.  `select` and `ignore` are the beginnings of rule ids: only edits by selected rules are
    made, and none by ignored ones.
    """

    def __init__(
        self,
        stages: Sequence[Stage],
        *,
        keep: Collection[str] = (),
        drop: Collection[str] = (),
        select: Collection[str] = (),
        ignore: Collection[str] = (),
    ) -> None:
        self.stages = [(name_stage(stage), stage) for stage in stages]
        self.keep = frozenset(keep)
        self.drop = frozenset(drop)
        self.select = tuple(select)
        self.ignore = tuple(ignore)

    def __call__(self, document: Document) -> Document:
        """The document after every stage; raises `StageError` when one of them breaks."""
        done = self.process_documents([document])[0]
        if isinstance(done, StageError):
            raise done
        return done

    def process_documents(self, documents: Iterable[Document]) -> list[Document | StageError]:
        """Every document after every stage, or the error of the stage that broke on it.

        Each stage is done with all of them before the next begins: what it works with stays in the processor's caches.
        """
        done: list[Document | StageError] = list(documents)
        for stage_name, stage in self.stages:
            done = [self._run_stage(stage_name, stage, one) if isinstance(one, Document) else one for one in done]
        if self.drop:
            done = [one.apply(self._drop_roles(one), "policy") if isinstance(one, Document) else one for one in done]
        return done

    def _run_stage(self, stage_name: str, stage: Stage, document: Document) -> Document | StageError:
        try:
            findings = stage(document)
            held = {fact.start for fact in document.facts if fact.key == "keep"}
            if held:
                findings = _keep_held_lines(findings, held)
            plain = not (self.keep or self.select or self.ignore)
            return document.apply(findings if plain else self._filter_findings(findings), stage_name)
        except StageError as error:
            error.stage = stage_name
            return error
        except Exception as error:
            broken = StageError(f"document {document.id!r}: the stage {stage_name!r} broke: {error!r}")
            broken.stage, broken.__cause__ = stage_name, error
            return broken

    def _filter_findings(self, findings: Iterable[Edit | Fact]) -> Iterator[Edit | Fact]:
        for finding in findings:
            if isinstance(finding, Fact):
                yield finding
            elif self._is_refused_rule(finding.rule):
                continue
            elif not finding.text and finding.role in self.keep:
                yield Fact(finding.rule, "role", finding.role, finding.start, finding.end)
            else:
                yield finding

    def _is_refused_rule(self, rule: str) -> bool:
        return (bool(self.ignore) and rule.startswith(self.ignore)) or (
            bool(self.select) and not rule.startswith(self.select)
        )

    def _drop_roles(self, document: Document) -> Iterator[Edit]:
        for block in document.blocks:
            if block.text and (block.role or "paragraph") in self.drop:
                yield Edit("policy.drop", block.start, block.end, "", block.role or "paragraph")


def _keep_held_lines(findings: Iterable[Edit | Fact], held: Collection[int]) -> Iterator[Edit | Fact]:
    """The findings without those that drop a line which a rule keeps."""
    for finding in findings:
        drops = isinstance(finding, Edit) and not finding.text
        if not (drops and any(finding.start <= start < finding.end for start in held)):
            yield finding


__all__ = ["ARTICLE_ROLES", "Pipeline", "Stage", "default_stages", "name_stage"]

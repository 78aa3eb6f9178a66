"""The pipeline: a list of stages, and one loop over it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from cleaner.document import ARTICLE_ROLES, Document, Edit, Fact
from cleaner.errors import StageError
from cleaner.rules import RuleSet
from cleaner.settings import Strictness
from cleaner.stages import boilerplate, exceptions, language, line_model, markup, passages, repair, titles, translation
from cleaner.stages.captions import stage as captions
from cleaner.stages.extraction import stage as extraction
from cleaner.stages.metadata import stage as metadata
from cleaner.stages.rejoin import stage as rejoin

Stage = Callable[[Document], Iterable[Edit | Fact]]


def name_stage(stage: Stage) -> str:
    """The name under which a stage stands in the ledger and on the command line."""
    function = stage.func if isinstance(stage, partial) else stage
    return getattr(function, "__name__", type(function).__name__)


class StageEntry(NamedTuple):
    """A stage of ours: its function, and the reason of each rule id that its edits and facts name.

    `with_rules` says whether the function takes the rule set as `rules`; `chances` are what it takes as `strictness`:
    the chance of being article from which a doubtful line stays.
    """

    function: Callable[..., Iterable[Edit | Fact]]
    reasons: Mapping[str, str] = {}
    with_rules: bool = False
    chances: Mapping[str, float] | None = None

    @property
    def name(self) -> str:
        """The name under which the stage stands in the ledger and on the command line."""
        return name_stage(self.function)

    def build(self, rules: RuleSet, strictness: Strictness) -> Stage:
        """The stage with its rules and its chance bound."""
        keywords: dict[str, object] = {"rules": rules} if self.with_rules else {}
        if self.chances:
            keywords["strictness"] = self.chances[strictness]
        return partial(self.function, **keywords) if keywords else self.function


_REJOIN = StageEntry(rejoin.rejoin, rejoin.RULES, with_rules=True)

STAGES = (
    StageEntry(repair.repair, repair.RULES),
    StageEntry(language.language, language.RULES),
    StageEntry(markup.markup, markup.RULES, with_rules=True),
    StageEntry(partial(exceptions.exceptions, pages_only=True), with_rules=True),
    StageEntry(extraction.extraction, extraction.RULES, with_rules=True, chances=extraction.STRICTNESS_CHANCES),
    _REJOIN,
    StageEntry(exceptions.exceptions, with_rules=True),
    StageEntry(boilerplate.boilerplate, with_rules=True),
    StageEntry(titles.titles, titles.RULES),
    StageEntry(metadata.metadata, metadata.RULES, with_rules=True),
    StageEntry(captions.captions, captions.RULES, with_rules=True),
    StageEntry(line_model.lines, line_model.RULES, chances=line_model.STRICTNESS_CHANCES),
    # what stood on both sides of a dropped line may belong together
    _REJOIN,
    StageEntry(passages.passages),
    StageEntry(translation.translation, translation.RULES),
)
"""What `cleaner` does to a text or a page, in this order."""

STAGE_NAMES = tuple(dict.fromkeys(stage.name for stage in STAGES))


def default_stages(rules: RuleSet, strictness: Strictness = "balanced") -> list[Stage]:
    """All stages, ready for `Pipeline`; with `recall` a doubtful line stays, with `precision` it goes."""
    return [stage.build(rules, strictness) for stage in STAGES]


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


__all__ = ["ARTICLE_ROLES", "STAGES", "STAGE_NAMES", "Pipeline", "Stage", "Strictness", "default_stages", "name_stage"]

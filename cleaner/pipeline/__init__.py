"""The pipeline: a list of stages, and one loop over it.

A stage takes a document and yields edits and facts.  It changes nothing itself: `Document.apply` does.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from cleaner.document import ARTICLE_ROLES, Document, Edit, Fact
from cleaner.errors import StageError
from cleaner.settings import Strictness

if TYPE_CHECKING:
    from cleaner.rules.match import RuleSet

RULES = {"policy.drop": "A role that --drop names."}

Stage = Callable[[Document], Iterable[Edit | Fact]]
"""Any callable of this kind is a stage, with its `__name__` as its name in the ledger."""


def name_stage(stage: Stage) -> str:
    """The name under which a stage stands in the ledger and on the command line."""
    function = stage.func if isinstance(stage, partial) else stage
    return getattr(function, "__name__", type(function).__name__)


def default_stages(rules: "RuleSet", strictness: Strictness = "balanced") -> list[Stage]:
    """All stages, ready for `Pipeline`; with `recall` a doubtful line stays, with `precision` it goes."""
    # the stages and what they need take long to import; a pipeline of one's own may need none of them
    from cleaner.pipeline.default import STAGES

    return [stage.build(rules, strictness) for stage in STAGES]


class Pipeline:
    """Stages in their order, and the policy of what is dropped.

    `keep` and `drop` are roles: a kept role stays in the text though a stage drops it, a dropped one goes though it
    is part of the article.  `select` and `ignore` are the beginnings of rule ids: only edits by selected rules are
    made, and none by ignored ones.  Facts are never filtered: they change nothing in the text.
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
        self._is_filtering = bool(keep or select or ignore)

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
            done = [self._run_stage(stage_name, stage, one) for one in done]
        return list(map(self._drop_roles, done)) if self.drop else done

    def _run_stage(self, stage_name: str, stage: Stage, document: Document | StageError) -> Document | StageError:
        """The document after a stage; what broke on an earlier stage is passed on."""
        if isinstance(document, StageError):
            return document
        try:
            findings = stage(document)
            held = {fact.start for fact in document.facts if fact.key == "keep"}
            if held:
                findings = _keep_held_lines(findings, held)
            return document.apply(self._filter_findings(findings) if self._is_filtering else findings, stage_name)
        except StageError as error:
            error.stage = stage_name
            return error
        except Exception as error:
            broken = StageError(f"document {document.id!r}: the stage {stage_name!r} broke: {error!r}")
            broken.stage, broken.__cause__ = stage_name, error
            return broken

    def _filter_findings(self, findings: Iterable[Edit | Fact]) -> Iterator[Edit | Fact]:
        """The findings without edits by rules that are not wanted; an edit that drops a kept role only names it."""
        for finding in findings:
            if isinstance(finding, Fact):
                yield finding
            elif self._is_selected(finding.rule):
                drops_kept = not finding.text and finding.role in self.keep
                yield _make_label(finding) if drops_kept else finding

    def _is_selected(self, rule: str) -> bool:
        """Whether edits by this rule are made; no id begins with one of no prefixes."""
        return not rule.startswith(self.ignore) and (not self.select or rule.startswith(self.select))

    def _drop_roles(self, document: Document | StageError) -> Document | StageError:
        """The document without the roles that the policy drops, whatever the stages and their rules said."""
        if isinstance(document, StageError):
            return document
        roles = [(block, block.role or "paragraph") for block in document.blocks if block.text]
        edits = [Edit("policy.drop", block.start, block.end, "", role) for block, role in roles if role in self.drop]
        return document.apply(edits, "policy")


def _make_label(edit: Edit) -> Fact:
    """What an edit says of its lines, without dropping them."""
    return Fact(edit.rule, "role", edit.role, edit.start, edit.end)


def _keep_held_lines(findings: Iterable[Edit | Fact], held: Collection[int]) -> Iterator[Edit | Fact]:
    """The findings without those that drop a line which a rule keeps; `held` are the starts of such lines."""
    for finding in findings:
        drops = isinstance(finding, Edit) and not finding.text
        if not (drops and any(finding.start <= start < finding.end for start in held)):
            yield finding


__all__ = ["ARTICLE_ROLES", "Pipeline", "Stage", "Strictness", "default_stages", "name_stage"]

"""The stages of `cleaner` in their order, each with the reasons of its rules."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from cleaner.document import Edit, Fact
from cleaner.pipeline import Stage, name_stage
from cleaner.rules.match import RuleSet
from cleaner.settings import Strictness
from cleaner.stages import (
    boilerplate,
    ends,
    exceptions,
    language,
    line_model,
    passages,
    press,
    repair,
    repeats,
    titles,
    translation,
)
from cleaner.stages.captions import stage as captions
from cleaner.stages.extraction import stage as extraction
from cleaner.stages.extraction.rules import RULES as EXTRACTION_RULES
from cleaner.stages.markup import stage as markup
from cleaner.stages.metadata import stage as metadata
from cleaner.stages.rejoin import stage as rejoin
from cleaner.stages.surroundings import stage as surroundings


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
    StageEntry(partial(surroundings.surroundings, before_extraction=True), surroundings.RULES),
    StageEntry(extraction.extraction, EXTRACTION_RULES, with_rules=True, chances=extraction.STRICTNESS_CHANCES),
    StageEntry(press.press, press.RULES),
    _REJOIN,
    StageEntry(exceptions.exceptions, with_rules=True),
    StageEntry(surroundings.surroundings, surroundings.RULES),
    StageEntry(boilerplate.boilerplate, boilerplate.RULES, with_rules=True),
    StageEntry(titles.titles, titles.RULES),
    StageEntry(metadata.metadata, metadata.RULES, with_rules=True),
    StageEntry(captions.captions, captions.RULES, with_rules=True),
    StageEntry(ends.ends, ends.RULES),
    StageEntry(line_model.lines, line_model.RULES, chances=line_model.STRICTNESS_CHANCES),
    StageEntry(repeats.repeats, repeats.RULES),
    # what stood on both sides of a dropped line may belong together
    _REJOIN,
    StageEntry(passages.passages),
    StageEntry(translation.translation, translation.RULES),
)
"""What `cleaner` does to a text or a page, in this order."""

STAGE_NAMES = tuple(dict.fromkeys(stage.name for stage in STAGES))
"""What `--only` and `--skip` can name; a stage that runs twice has one name."""

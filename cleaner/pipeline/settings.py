"""Settings made ready for work: the rules loaded, the stages built."""

from functools import cache

from msgspec import Struct

from cleaner.pipeline import Pipeline, default_stages, name_stage
from cleaner.record import Tool
from cleaner.rules.loading import load
from cleaner.rules.match import RuleSet
from cleaner.settings import Audit, Dedup, Settings
from cleaner.version import __version__


class Prepared(Struct, frozen=True):
    """Settings made ready for work, once in each process; `tool` is what the records say made them."""

    rules: RuleSet
    pipeline: Pipeline
    tool: Tool


_prepared: dict[Settings, Prepared] = {}
"""All that this process has made ready: a few, for only trusted callers choose settings freely."""


@cache
def _load_rules(
    files: tuple[str, ...], extends: tuple[str, ...] | None, disable: tuple[str, ...], prove: bool
) -> RuleSet:
    """Rules apart from the rest of the settings: requests with another strictness share them."""
    return load(files, prove, extends, disable)


def prepare_settings(settings: Settings, prove: bool = True) -> Prepared:
    """The rules and the pipeline of these settings; with `prove` the rules' examples are tried first.

    Raises `RuleError`.
    """
    ready = _prepared.get(settings)
    if ready is None:
        rules = _load_rules(settings.rules, settings.extends, settings.disable, prove)
        stages = [
            stage
            for stage in default_stages(rules, settings.strictness)
            if (not settings.only or name_stage(stage) in settings.only) and name_stage(stage) not in settings.skip
        ]
        pipeline = Pipeline(
            stages, keep=settings.keep, drop=settings.drop, select=settings.select, ignore=settings.ignore
        )
        ready = _prepared[settings] = Prepared(rules, pipeline, Tool(__version__, rules.sha256))
    return ready


__all__ = ["Audit", "Dedup", "Prepared", "Settings", "prepare_settings"]

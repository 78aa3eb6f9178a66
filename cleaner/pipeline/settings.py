"""All that decides what becomes of a document, made ready for work."""

from functools import cache
from typing import Literal

from msgspec import Struct

from cleaner.pipeline import Pipeline, Strictness, default_stages, name_stage
from cleaner.record import Tool
from cleaner.rules import RuleSet, load
from cleaner.version import __version__

Audit = Literal["file", "inline", "none"]
Dedup = Literal["", "link", "drop"]


class Settings(Struct, frozen=True):
    """All that decides what becomes of a document."""

    rules: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    extends: tuple[str, ...] | None = None
    disable: tuple[str, ...] = ()
    strictness: Strictness = "balanced"
    to: str = "jsonl"
    audit: Audit = "file"
    dedup: Dedup = ""


class Prepared(Struct):
    """Settings made ready for work, once in each process."""

    rules: RuleSet
    pipeline: Pipeline
    tool: Tool


_prepared: dict[Settings, Prepared] = {}


@cache
def _load_rules(
    files: tuple[str, ...], extends: tuple[str, ...] | None, disable: tuple[str, ...], prove: bool
) -> RuleSet:
    return load(files, prove, extends, disable)


def prepare_settings(settings: Settings, prove: bool = True) -> Prepared:
    """The rules and the pipeline of these settings; raises `RuleError`."""
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

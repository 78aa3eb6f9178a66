"""Engines: the same work over many shards, here or elsewhere; they know nothing of articles."""

import gc

GC_THRESHOLDS = 50_000, 20, 50
"""Objects made between two looks for circles among them, and how often older ones are looked at too."""


def collect_seldom() -> None:
    """Let this process look for garbage less often: what a run makes goes with its document, and looking for circles
    is a tenth of its time."""
    gc.set_threshold(*GC_THRESHOLDS)


__all__ = ["collect_seldom"]

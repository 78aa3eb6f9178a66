"""Fitting boosted trees with LightGBM: what the trainers of the line model and of the page model share.

The same pages in the same order, seed and LightGBM give the same weights.
"""

import argparse
import json
import multiprocessing
import os
import random
import sys
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Protocol

import lightgbm
import numpy as np
from numpy.typing import NDArray

from cleaner.models.features import Floats, Ints
from cleaner.models.trees import Arrays, Trees, flatten_trees
from cleaner.text.urls import parse_host
from cleaner.training.gold import FOLD_COUNT, TrainingPage

Weights = NDArray[np.float64]
Settings = Mapping[str, object]

SHARED_SETTINGS: Settings = {
    "bagging_freq": 1,
    "max_bin": 63,
    "verbose": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
}
"""Settings of LightGBM for every model: small histograms, and what makes a fit repeatable."""


class Sample(Protocol):
    """Lines of a page, with a row each in all three.

    `matrix` has their features, the words of the line in column 0; `article` is 1 for lines of the article, 0 for
    others and -1 where the gold does not say; `weights` say how much a line counts.
    """

    @property
    def matrix(self) -> Floats: ...
    @property
    def article(self) -> Ints: ...
    @property
    def weights(self) -> Weights: ...


def group_pages(pages: Sequence[TrainingPage]) -> dict[str, str]:
    """For each page's id the name of its group: pages that share a template, a publisher or a domain."""
    parent: dict[str, str] = {}

    def find_root(one: str) -> str:
        """The name that stands for all that are joined with this one (union-find)."""
        while parent.setdefault(one, one) != one:
            one = parent[one]
        return one

    owners = {}
    for page in pages:
        domain = f"domain {find_domain(page)}"
        template = page.get("template") or page.get("publisher") or domain
        parent[find_root(domain)] = find_root(f"template {template}")
        owners[page["id"]] = domain
    return {id: find_root(domain) for id, domain in owners.items()}


def find_domain(page: TrainingPage) -> str:
    """The part of a page's host that its owner registered, without what stands behind it; its id without a host."""
    match (parse_host(page.get("url")) or page["id"]).split("."):
        case [*_, name, "co" | "com" | "org" | "net", _] | [*_, name, _] | [name]:
            return name
    return page["id"]


def assign_folds(groups: Iterable[str], seed: int, count: int = FOLD_COUNT) -> dict[str, int]:
    """The fold of each group, at random: groups are not torn apart, so a template is never seen in training."""
    names = sorted(set(groups))
    random.Random(seed).shuffle(names)
    return {group: number % count for number, group in enumerate(names)}


def weigh_lines(matrix: Floats, factor: float = 1) -> Weights:
    """The weight of each line of a page: by the root of its words (column 0), and in all the root of the lines."""
    weights = np.sqrt(np.maximum(matrix[:, 0], 1)).astype(np.float64)
    if len(weights):
        weights *= np.sqrt(len(weights)) / weights.sum() * factor
    return weights


def collect_rows(found: Sequence[Sample]) -> tuple[Floats, Ints, Weights]:
    """Features, labels and weights of all lines whose label is known, in the order of the samples.

    Their order matters: LightGBM draws its samples of rows by it.
    """
    known = np.concatenate([one.article for one in found]) >= 0
    matrix, article, weights = zip(*((one.matrix, one.article, one.weights) for one in found), strict=True)
    return np.concatenate(matrix)[known], np.concatenate(article)[known], np.concatenate(weights)[known]


def fit_trees(
    rows: tuple[Floats, Ints, Weights], settings: Settings, leaves: int, rounds: int, classes: int = 1
) -> Trees:
    """The trees that these rows teach: `rounds` for each class, with at most so many leaves.

    `rows` are features, classes and weights, which count by their share of the mean; `settings` are added to
    `SHARED_SETTINGS`.
    """
    matrix, target, weights = rows
    whole = {**SHARED_SETTINGS, **settings, "num_leaves": leaves}
    data = lightgbm.Dataset(matrix, target, weight=weights / weights.mean(), params=whole)
    dumped = lightgbm.train(whole, data, rounds).dump_model()
    return flatten_trees([tree["tree_structure"] for tree in dumped["tree_info"]], classes, leaves)


def build_parser(about: str | None, out: Path) -> argparse.ArgumentParser:
    """The options of a trainer; `about` is its docstring."""
    parser = argparse.ArgumentParser(description=(about or "").split("\n")[0])
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=out)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folds", type=Path, help="JSON of the fold of each page: also writes weights without each")
    return parser


def write_all_weights(out: Path, folds: Path | None, fit: Callable[[Container[str]], Arrays]) -> None:
    """Writes the weights of all pages and, with a file of folds, those without the pages of each.

    `fit` gives the weights that teach all pages but those of the ids given.  The weights without fold 2 of `x.npz` are
    `x-2.npz`.  Several are fitted at a time, each in a process of its own.
    """
    left_out: dict[Path, set[str]] = {out: set()}
    for page, fold in json.loads(folds.read_bytes() if folds else b"{}").items():
        left_out.setdefault(out.with_stem(f"{out.stem}-{fold}"), set()).add(page)
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), mp_context=context) as pool:
        # a closure cannot be sent to a process; what was there before it was forked can be asked for by name
        _FITTED.append(fit)
        for path, arrays in zip(left_out, pool.map(_fit_without, left_out.values()), strict=True):
            write_weights(path, arrays)


_FITTED: list[Callable[[Container[str]], Arrays]] = []
"""What the processes of `write_all_weights` call."""


def _fit_without(left_out: set[str]) -> Arrays:
    return _FITTED[-1](left_out)


def write_weights(path: Path, arrays: Arrays) -> None:
    """Writes a file of weights, and says how large it is."""
    np.savez_compressed(path, **arrays)
    print(f"{path}: {path.stat().st_size:,} bytes", file=sys.stderr)

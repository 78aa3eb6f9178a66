"""Train the line model: `python -m cleaner.training.lines PAGES... --out cleaner/models/lines.npz`.

PAGES are JSON Lines (`.gz` too), one page each: `id`, `url`, `gold.body` (paragraphs), `gold.lang`, optionally
`gold.roles` (a role for each line of `text.R2`), `gold.optional`, `gold.titles`, `template` or `publisher`, `html`;
and in `text` the page as text, in any of R1 (each text node a line), R2 (each block), R3 and R4 (the same of the
article's element alone).  R3 on one line is R5.

Every rendering is cleaned by the stages before `lines`; what they leave is labelled by the gold.  Each is there a
second time with a random share of the rules switched off, so that the model does not rely on rules that know its
training pages better than others.  The gold alone, on one line, teaches to leave clean texts alone.
With --folds the model is judged on pages of templates it has not seen, and on languages it has not seen.  The same
pages in the same order, seed and LightGBM give the same weights; those shipped come from the development pages of
`fundus`, `label_roles` and `scrapinghub`, in this order.
"""

import argparse
import gzip
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import lightgbm
import numpy as np
from numpy.typing import NDArray

from cleaner.document import ARTICLE_ROLES, Document
from cleaner.facts import TEXT_STAGE_RULES
from cleaner.models.features import FEATURE_NAMES, Floats, compute_features
from cleaner.models.lines import WEIGHTS_PATH, Labeller
from cleaner.models.trees import LEAF_SCALE, Trees, flatten_trees
from cleaner.pipeline import Pipeline, default_stages, name_stage
from cleaner.rules import RuleSet, load
from cleaner.training.gold import TrainingPage, label_by_role, label_roles, label_texts

RENDERINGS = ("R1", "R2", "R3", "R4", "R5")
LINE_LEAVES, LINE_ROUNDS = 15, 120
ROLE_LEAVES, ROLE_ROUNDS = 8, 12

MIN_ROLE_LINES = 400
"""Lines with a role, in all renderings, below which the role is not learned."""

NOISY_WEIGHT = 0.3
"""Weight of the copies of a page with rules switched off."""

FOLD_COUNT = 5

LIGHTGBM_SETTINGS = {
    "learning_rate": 0.08,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.6,
    "bagging_freq": 1,
    "lambda_l2": 20,
    "max_bin": 63,
    "verbose": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
}


class LineSample(NamedTuple):
    """The lines of one rendering of a page: features, whether they are article (-1: unknown), weights and roles."""

    page: str
    group: str
    language: str
    rendering: str
    noisy: bool
    matrix: Floats
    article: NDArray[np.int64]
    weights: NDArray[np.float64]
    roles: list[str] | None


def read_pages(paths: Iterable[Path]) -> Iterator[TrainingPage]:
    """The pages of all files."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())


def build_prior_pipeline(rules: RuleSet, ignore: Sequence[str] = ()) -> Pipeline:
    """The default stages up to the one that asks the model."""
    stages = default_stages(rules)
    at = [name_stage(stage) for stage in stages].index("lines")
    return Pipeline(stages[:at], ignore=ignore)


def render_page(page: TrainingPage, rendering: str) -> str | None:
    """A rendering of a page."""
    text: str | None = page.get("text", {}).get("R3" if rendering == "R5" else rendering)
    return " ".join(text.split()) if text and rendering == "R5" else text


def sample_pages(pages: Sequence[TrainingPage], rules: RuleSet, seed: int) -> Iterator[LineSample]:
    """The samples of all pages, twice for each rendering, with all rules and with some, and of their gold alone."""
    whole = build_prior_pipeline(rules)
    ids = [*(rule.id for rule in rules.rules), *TEXT_STAGE_RULES]
    groups = group_pages(pages)
    for page in pages:
        if not page["gold"].get("body"):
            continue
        for rendering in RENDERINGS:
            text = render_page(page, rendering)
            if not text:
                continue
            chance = random.Random(f"{seed} {page['id']} {rendering}")
            share = chance.choice((0.4, 0.7, 1.0))
            some = build_prior_pipeline(rules, [id for id in ids if chance.random() < share])
            read_text = Document.read(text, page["id"])
            for noisy, pipeline in ((False, whole), (True, some)):
                yield sample_rendering(page, rendering, pipeline(read_text), groups[page["id"]], noisy)
        clean = whole(Document.read(" ".join(page["gold"]["body"]), page["id"]))
        one = sample_rendering(page, "R5", clean, groups[page["id"]], True)
        yield one._replace(article=np.where(one.article >= 0, 1, -1), roles=None)


def sample_rendering(page: TrainingPage, rendering: str, document: Document, group: str, noisy: bool) -> LineSample:
    """The lines that the model is asked about, as the stages before it left them."""
    rows, matrix = compute_features(document.blocks, str(document.find_fact("title") or ""))
    blocks = [document.blocks[i] for i in rows]
    found = label_roles(page, blocks, document.source)
    labels = label_by_role(found) if found else label_texts(page, [block.text for block in blocks])
    article = np.array(labels, np.int64)
    article[[i for i, block in enumerate(blocks) if block.role]] = -1
    weights = np.sqrt(np.maximum(matrix[:, 0], 1)).astype(np.float64)
    if len(weights):
        weights *= np.sqrt(len(weights)) / weights.sum() * (NOISY_WEIGHT if noisy else 1)
    language = page["gold"].get("lang") or ""
    return LineSample(page["id"], group, language, rendering, noisy, matrix, article, weights, found)


def group_pages(pages: Sequence[TrainingPage]) -> dict[str, str]:
    """For each page the name of its group: pages that share a template, a publisher or a domain."""
    parent: dict[str, str] = {}

    def root(one: str) -> str:
        while parent.setdefault(one, one) != one:
            one = parent[one]
        return one

    owners = {}
    for page in pages:
        host = (urlsplit(page.get("url") or "").hostname or page["id"]).split(".")
        short = len(host) > 2 and host[-2] in ("co", "com", "org", "net")
        domain = "domain " + (host[-3] if short else host[-2] if len(host) > 1 else host[0])
        parent[root(domain)] = root(f"template {page.get('template') or page.get('publisher') or domain}")
        owners[page["id"]] = domain
    return {id: root(domain) for id, domain in owners.items()}


def fit_labeller(found: Sequence[LineSample], seed: int) -> Labeller:
    """The labeller that these samples teach."""
    binary = {**LIGHTGBM_SETTINGS, "objective": "binary", "num_leaves": LINE_LEAVES, "seed": seed}
    lines = [one for one in found if one.rendering != "R5"]
    flat = [one for one in found if one.rendering == "R5"]
    kept_trees, kept_roles = _fit_role_trees(found, seed, True)
    dropped_trees, dropped_roles = _fit_role_trees(found, seed, False)
    return Labeller(
        _fit_trees(*_collect_rows(lines), {**binary, "min_data_in_leaf": 100}, LINE_ROUNDS),
        _fit_trees(*_collect_rows(flat or lines), {**binary, "min_data_in_leaf": 40}, LINE_ROUNDS),
        kept_trees,
        dropped_trees,
        kept_roles,
        dropped_roles,
    )


def _collect_rows(found: Sequence[LineSample]) -> tuple[Floats, NDArray[Any], NDArray[Any]]:
    known = [one.article >= 0 for one in found]
    return (
        np.concatenate([one.matrix[mask] for one, mask in zip(found, known, strict=True)]),
        np.concatenate([one.article[mask] for one, mask in zip(found, known, strict=True)]),
        np.concatenate([one.weights[mask] for one, mask in zip(found, known, strict=True)]),
    )


def _fit_role_trees(found: Sequence[LineSample], seed: int, article: bool) -> tuple[Trees, tuple[str, ...]]:
    """Trees that tell the roles of the article from each other, or those of what stands around it."""
    labelled = [one for one in found if one.roles and one.rendering != "R5"]
    both = [(one, np.array([(role in ARTICLE_ROLES) == article for role in one.roles or ()], bool)) for one in labelled]
    names = [role for one, mask in both for role in np.array(one.roles)[mask]]
    rest = "paragraph" if article else "other"
    common = sorted({role for role, times in Counter(names).items() if times >= MIN_ROLE_LINES} | {rest})
    number = {role: i for i, role in enumerate(common)}
    target = np.array([number.get(role, number[rest]) for role in names])
    matrix = np.concatenate([one.matrix[mask] for one, mask in both])
    # a copy with rules switched off counts less
    weights = np.concatenate([np.full(mask.sum(), NOISY_WEIGHT if one.noisy else 1.0) for one, mask in both])
    settings = {**LIGHTGBM_SETTINGS, "objective": "multiclass", "num_class": len(common), "num_leaves": ROLE_LEAVES}
    settings |= {"seed": seed, "learning_rate": 0.25, "min_data_in_leaf": 40}
    return _fit_trees(matrix, target, weights, settings, ROLE_ROUNDS, len(common)), tuple(map(str, common))


def _fit_trees(
    matrix: Floats, target: Any, weights: Any, settings: dict[str, Any], rounds: int, classes: int = 1
) -> Trees:
    data = lightgbm.Dataset(matrix, target, weight=weights / weights.mean(), params=settings)
    dumped = lightgbm.train(settings, data, rounds).dump_model()
    return flatten_trees([tree["tree_structure"] for tree in dumped["tree_info"]], classes, settings["num_leaves"])


def count_right_words(labeller: Labeller, found: Sequence[LineSample], cut: float) -> Iterator[tuple[str, int, int]]:
    """For each rendering: words that are kept or dropped rightly, and all words that the model is asked about."""
    threshold = round(np.log(cut / (1 - cut)) * LEAF_SCALE)
    for rendering in RENDERINGS:
        good = whole = 0
        for one in found:
            if one.noisy or one.rendering != rendering or not len(one.matrix):
                continue
            trees = labeller.sentences if rendering == "R5" else labeller.lines
            guessed = trees.score_rows(one.matrix)[:, 0] >= threshold
            words, known = one.matrix[:, 0], one.article >= 0
            good += int(words[known & (guessed == one.article)].sum())
            whole += int(words[known].sum())
        yield rendering, good, whole


def report_folds(found: Sequence[LineSample], seed: int, cut: float) -> Iterator[str]:
    """Shares of words kept or dropped rightly, on templates and then on languages that the model has not seen."""
    names = sorted({one.group for one in found})
    random.Random(seed).shuffle(names)
    folds = {group: number % FOLD_COUNT for number, group in enumerate(names)}
    sums: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for fold in range(FOLD_COUNT):
        labeller = fit_labeller([one for one in found if folds[one.group] != fold], seed)
        for rendering, good, whole in count_right_words(
            labeller, [one for one in found if folds[one.group] == fold], cut
        ):
            sums[rendering] += good
            words[rendering] += whole
    for rendering in RENDERINGS:
        yield f"templates not seen  {rendering}  {sums[rendering] / max(words[rendering], 1):.4f}"
    for language in sorted({one.language for one in found if one.language}):
        labeller = fit_labeller([one for one in found if one.language != language], seed)
        for rendering, good, whole in count_right_words(
            labeller, [one for one in found if one.language == language], cut
        ):
            yield f"language not seen   {rendering}  {good / max(whole, 1):.4f}  {language}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on the pages, and write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS_PATH)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cut", type=float, default=0.4)
    parser.add_argument("--folds", action="store_true", help="also judge the model on templates and languages not seen")
    options = parser.parse_args(arguments)
    found = list(sample_pages(list(read_pages(options.pages)), load(prove=False), options.seed))
    print(
        f"{len(found)} texts, {sum(len(one.matrix) for one in found)} lines, {len(FEATURE_NAMES)} features",
        file=sys.stderr,
    )
    if options.folds:
        for line in report_folds(found, options.seed, options.cut):
            print(line, flush=True)
    np.savez_compressed(options.out, **fit_labeller(found, options.seed).export_arrays())
    print(f"{options.out}: {options.out.stat().st_size:,} bytes", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Train the line model: `python -m cleaner.training.lines PAGES... --out cleaner/models/lines.npz`.

PAGES are JSON Lines (`.gz` too), one page each: `id`, `url`, `gold.body` (paragraphs), `gold.lang`, optionally
`gold.roles` (a role for each line of `text.R2`), `gold.optional`, `gold.titles`, `template` or `publisher`, `html`;
and in `text` the page as text, in any of R1 (each text node a line), R2 (each block), R3 and R4 (the same of the
article's element alone).  R3 on one line is R5.

Every rendering is cleaned by the stages before `lines`; what they leave is labelled by the gold.  Each is there a
second time with a random share of the rules switched off, so that the model does not rely on rules that know its
training pages better than others.  The gold alone, on one line, teaches to leave clean texts alone.
With --folds the model is judged on pages of templates it has not seen, and on languages it has not seen.  The weights
shipped come from the development pages of `fundus`, `roles` and `scrapinghub`, in this order.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import filterfalse
from typing import NamedTuple

import numpy as np

from cleaner.document import ARTICLE_ROLES, Document
from cleaner.facts import TEXT_STAGE_RULES
from cleaner.models.features import FEATURE_NAMES, Floats, Ints, compute_features
from cleaner.models.lines import WEIGHTS_PATH, Labeller
from cleaner.models.trees import Trees
from cleaner.pipeline import Pipeline, default_stages, name_stage
from cleaner.rules.loading import load
from cleaner.rules.match import RuleSet
from cleaner.training import fitting
from cleaner.training.gold import FOLD_COUNT, TrainingPage, label_role, label_roles, label_texts, read_pages

RENDERINGS = ("R1", "R2", "R3", "R4", "R5")
"""Names of the renderings of a page as text, as described above."""

FLAT_RENDERING = "R5"
"""The rendering on one line, whose sentences have trees of their own."""

LINE_LEAVES, LINE_ROUNDS = 15, 120
ROLE_LEAVES, ROLE_ROUNDS = 8, 12
"""Leaves of a tree, and trees for each class: of those that judge lines, and of those that name roles."""

MIN_ROLE_LINES = 400
"""Lines with a role, in all renderings, below which the role is not learned."""

NOISY_WEIGHT = 0.3
"""Weight of the copies of a page with rules switched off."""

IGNORED_SHARES = (0.4, 0.7, 1.0)
"""Shares of the rules that are switched off in such a copy; one is drawn for each rendering."""


MIN_ARTICLE_CHANCE = 0.4
"""Default of --cut: the chance from which a line stays when the model is judged."""

LIGHTGBM_SETTINGS: fitting.Settings = {
    "learning_rate": 0.08,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.6,
    "lambda_l2": 20,
}
LINE_SETTINGS: fitting.Settings = {**LIGHTGBM_SETTINGS, "objective": "binary", "min_data_in_leaf": 100}
SENTENCE_SETTINGS: fitting.Settings = {**LINE_SETTINGS, "min_data_in_leaf": 40}
ROLE_SETTINGS: fitting.Settings = {
    **LIGHTGBM_SETTINGS,
    "objective": "multiclass",
    "learning_rate": 0.25,
    "min_data_in_leaf": 40,
}


class LineSample(NamedTuple):
    """The lines of one rendering of a page: features, whether they are article (-1: unknown), weights and roles.

    `group` is that of its page (`fitting.group_pages`), `language` its code or empty, `noisy` says that rules were
    switched off or that the text is the gold alone; `roles` is None where no role is known.
    """

    page: str
    group: str
    language: str
    rendering: str
    noisy: bool
    matrix: Floats
    article: Ints
    weights: fitting.Weights
    roles: list[str] | None


def build_prior_pipeline(rules: RuleSet, ignore: Sequence[str] = ()) -> Pipeline:
    """The default stages up to the one that asks the model."""
    stages = default_stages(rules)
    return Pipeline(stages[: list(map(name_stage, stages)).index("lines")], ignore=ignore)


def render_page(page: TrainingPage, rendering: str) -> str:
    """A rendering of a page; empty where the page has none."""
    texts = page.get("text", {})
    if rendering == FLAT_RENDERING:
        return " ".join((texts.get("R3") or "").split())
    return texts.get(rendering) or ""


def sample_pages(pages: Sequence[TrainingPage], rules: RuleSet, seed: int) -> Iterator[LineSample]:
    """The samples of all pages, twice for each rendering, with all rules and with some, and of their gold alone."""
    whole = build_prior_pipeline(rules)
    ids = [*(rule.id for rule in rules.rules), *TEXT_STAGE_RULES]
    groups = fitting.group_pages(pages)
    for page in [page for page in pages if page["gold"].get("body")]:
        group = groups[page["id"]]
        for rendering, text in [(one, text) for one in RENDERINGS if (text := render_page(page, one))]:
            chance = random.Random(f"{seed} {page['id']} {rendering}")
            share = chance.choice(IGNORED_SHARES)
            some = build_prior_pipeline(rules, [id for id in ids if chance.random() < share])
            document = Document.read(text, page["id"])
            yield sample_rendering(page, rendering, whole(document), group, False)
            yield sample_rendering(page, rendering, some(document), group, True)
        clean = whole(Document.read(" ".join(page["gold"]["body"]), page["id"]))
        one = sample_rendering(page, FLAT_RENDERING, clean, group, True)
        yield one._replace(article=np.where(one.article >= 0, 1, -1), roles=None)


def sample_rendering(page: TrainingPage, rendering: str, document: Document, group: str, noisy: bool) -> LineSample:
    """The lines that the model is asked about, as the stages before it left them; those with a role have no label."""
    rows, matrix = compute_features(document.blocks, document.find_fact("title", ""))
    blocks = [document.blocks[i] for i in rows]
    roles = label_roles(page, blocks, document.source)
    labels = list(map(label_role, roles)) if roles else label_texts(page, [block.text for block in blocks])
    article = np.array(labels, np.int64)
    article[[i for i, block in enumerate(blocks) if block.role]] = -1
    weights = fitting.weigh_lines(matrix, NOISY_WEIGHT if noisy else 1)
    language = page["gold"].get("lang") or ""
    return LineSample(page["id"], group, language, rendering, noisy, matrix, article, weights, roles)


def fit_labeller(found: Sequence[LineSample], seed: int) -> Labeller:
    """The labeller that these samples teach; texts on one line teach the trees for sentences if there are any."""
    lines = [one for one in found if one.rendering != FLAT_RENDERING]
    flat = [one for one in found if one.rendering == FLAT_RENDERING]
    kept_trees, kept_roles = _fit_role_trees(lines, seed, True)
    dropped_trees, dropped_roles = _fit_role_trees(lines, seed, False)
    return Labeller(
        fitting.fit_trees(fitting.collect_rows(lines), {**LINE_SETTINGS, "seed": seed}, LINE_LEAVES, LINE_ROUNDS),
        fitting.fit_trees(
            fitting.collect_rows(flat or lines), {**SENTENCE_SETTINGS, "seed": seed}, LINE_LEAVES, LINE_ROUNDS
        ),
        kept_trees,
        dropped_trees,
        kept_roles,
        dropped_roles,
    )


def _fit_role_trees(found: Sequence[LineSample], seed: int, article: bool) -> tuple[Trees, tuple[str, ...]]:
    """Trees that tell the roles of the article from each other, or those of what stands around it, and their names.

    Roles with few lines count as `paragraph` or `other`.
    """
    labelled = [(one, one.roles) for one in found if one.roles]
    both = [(one, np.array([(role in ARTICLE_ROLES) == article for role in roles], bool)) for one, roles in labelled]
    names = [role for one, mask in both for role in np.array(one.roles)[mask]]
    rest = "paragraph" if article else "other"
    common = sorted({role for role, times in Counter(names).items() if times >= MIN_ROLE_LINES} | {rest})
    number = {role: i for i, role in enumerate(common)}
    target = np.array([number.get(role, number[rest]) for role in names])
    matrix = np.concatenate([one.matrix[mask] for one, mask in both])
    # a copy with rules switched off counts less
    weights = np.concatenate([np.full(mask.sum(), NOISY_WEIGHT if one.noisy else 1.0) for one, mask in both])
    settings = {**ROLE_SETTINGS, "num_class": len(common), "seed": seed}
    trees = fitting.fit_trees((matrix, target, weights), settings, ROLE_LEAVES, ROLE_ROUNDS, len(common))
    return trees, tuple(map(str, common))


def judge_renderings(labeller: Labeller, found: Sequence[LineSample], chance: float) -> Iterator[tuple[str, int, int]]:
    """For each rendering: words that are kept or dropped rightly, and all words that the model is asked about."""
    threshold = fitting.compute_threshold(chance)
    asked = [one for one in found if len(one.matrix) and not one.noisy]
    for rendering in RENDERINGS:
        trees = labeller.sentences if rendering == FLAT_RENDERING else labeller.lines
        counts = [fitting.count_right_words(trees, one, threshold) for one in asked if one.rendering == rendering]
        yield rendering, sum(right for right, _ in counts), sum(words for _, words in counts)


def _judge_part(
    found: Sequence[LineSample], is_part: Callable[[LineSample], bool], seed: int, chance: float
) -> Iterator[tuple[str, int, int]]:
    """The same for a part of the samples, by a labeller that was fitted to all others."""
    labeller = fit_labeller(list(filterfalse(is_part, found)), seed)
    return judge_renderings(labeller, list(filter(is_part, found)), chance)


def _is_in_fold(folds: dict[str, int], fold: int, one: LineSample) -> bool:
    """Whether the group of a sample is in this fold."""
    return folds[one.group] == fold


def _is_in_language(language: str, one: LineSample) -> bool:
    """Whether a sample is in this language, by its code."""
    return one.language == language


def report_folds(found: Sequence[LineSample], seed: int, chance: float) -> Iterator[str]:
    """Shares of words kept or dropped rightly, on templates and then on languages that the model has not seen."""
    folds = fitting.assign_folds((one.group for one in found), seed)
    right: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for fold in range(FOLD_COUNT):
        for rendering, good, whole in _judge_part(found, partial(_is_in_fold, folds, fold), seed, chance):
            right[rendering] += good
            words[rendering] += whole
    for rendering in RENDERINGS:
        yield f"templates not seen  {rendering}  {right[rendering] / max(words[rendering], 1):.4f}"
    for language in sorted({one.language for one in found} - {""}):
        for rendering, good, whole in _judge_part(found, partial(_is_in_language, language), seed, chance):
            yield f"language not seen   {rendering}  {good / max(whole, 1):.4f}  {language}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on the pages, and write the weights."""
    parser = fitting.build_parser(__doc__, WEIGHTS_PATH, "templates and languages")
    parser.add_argument("--cut", type=float, default=MIN_ARTICLE_CHANCE)
    options = parser.parse_args(arguments)
    found = list(sample_pages(list(read_pages(options.pages)), load(prove=False), options.seed))
    lines = sum(len(one.matrix) for one in found)
    print(f"{len(found)} texts, {lines} lines, {len(FEATURE_NAMES)} features", file=sys.stderr)
    for line in report_folds(found, options.seed, options.cut) if options.folds else ():
        print(line, flush=True)
    fitting.write_weights(options.out, fit_labeller(found, options.seed).export_arrays())
    return 0


if __name__ == "__main__":
    sys.exit(main())

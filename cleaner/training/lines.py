"""Train the line model: `python -m cleaner.training.lines PAGES... --taught PAGES... --out cleaner/models/lines.npz`.

PAGES are JSON Lines (`.gz` too), one page each: `id`, `url`, `gold.body` (paragraphs), `gold.lang`, optionally
`gold.roles` (a role for each line of `text.R2`), `gold.optional`, `gold.titles`, `template` or `publisher`, `html`;
and in `text` the page as text, in any of R1 (each text node a line), R2 (each block), R3 and R4 (the same of the
article's element alone).  R3 on one line is R5.  Pages that are `--taught` need only `html`: what HTML mode keeps of
them is their gold (`cleaner.training.taught`).

Every rendering is cleaned by the stages before `lines`; what they leave is labelled by the gold.  Pages with gold are
there a second time with a random share of the rules switched off, so that the model does not rely on rules that know
its training pages better than others.  The gold alone, on one line, by paragraphs and as a talk or verse made of its
sentences, teaches to leave clean texts alone.  Texts on one line are parted by models of line ends that have not seen
their template (`cleaner.training.line_ends`), as strangers' texts are.

With --folds it also writes the weights that each fold's pages have no share in.  The weights shipped come from the
development pages of `fundus`, `roles`, `scrapinghub`, `turing` and `readab`, and are taught by those of `segments`,
`htmldate`, `wcxb` and `mercury`, in this order.
"""

import random
import sys
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cleaner.document import Document
from cleaner.errors import StageError
from cleaner.facts import TEXT_STAGE_RULES
from cleaner.models.features import FEATURE_NAMES, Floats, Ints, compute_features
from cleaner.models.line_ends import LineEndModel
from cleaner.models.lines import WEIGHTS_PATH, Labeller
from cleaner.models.sequence import SequenceNetwork, fit_scaling, quantise_products
from cleaner.models.trees import Arrays
from cleaner.pipeline import Pipeline, default_stages, name_stage
from cleaner.rules.loading import load
from cleaner.rules.match import RuleSet
from cleaner.training import fitting
from cleaner.training.clean import render_clean_texts
from cleaner.training.gold import TrainingPage, label_role, label_roles, label_texts, list_titles, read_pages
from cleaner.training.line_ends import cross_fit_line_ends
from cleaner.training.sequence import EPOCHS, Lines, fit_network
from cleaner.training.taught import teach_pages

RENDERINGS = ("R1", "R2", "R3", "R4", "R5")
"""Names of the renderings of a page as text, as described above."""

FLAT_RENDERING = "R5"
"""The rendering on one line."""

NETWORK_COUNT = 2
"""Networks whose scores are averaged: they differ in their first weights and in the order of the pages."""

MIN_ROLE_LINES = 400
"""Lines with a role, in all renderings, below which the role is not learned."""

CLEAN_WEIGHTS = {FLAT_RENDERING: 0.3, "paragraphs": 0.2, "made": 0.4}
"""Weights of the gold alone: on one line, by paragraphs, and as talks and verse made of it.  Halving the last doubles
the short lines that are lost; with twice as much whole pages lose .007."""

TAUGHT_WEIGHT, LOW_WEIGHT = 0.5, 0.5
"""Weights of pages that HTML mode labels, and of pages whose gold a program made."""

LOW_SET = "readab"
"""The set whose gold a program made."""

IGNORED_SHARES = (0.4, 0.7, 1.0)
"""Shares of the rules that are switched off in a copy; one is drawn for each rendering."""


class LineSample(NamedTuple):
    """The lines of one rendering of a page: features, whether they are article (-1: unknown), weights and roles.

    `group` is that of its page (`fitting.group_pages`), `copy` tells samples apart that stand for each other: "" has
    all rules, "noisy" some switched off, "clean" is the gold alone.  `roles` is None where no role is known.
    """

    page: str
    group: str
    rendering: str
    copy: str
    taught: bool
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


def sample_pages(
    pages: Sequence[TrainingPage],
    groups: dict[str, str],
    rules: RuleSet,
    seed: int,
    line_ends: Mapping[str, LineEndModel] | None = None,
) -> Iterator[LineSample]:
    """The samples of all pages: of each rendering, with all rules and with some, and of the gold alone.

    Pages that HTML mode labels are there once, with all rules.  `line_ends` are the models that part the texts on one
    line, by the group of the page; without them they are parted by their sentences.
    """
    whole = build_prior_pipeline(rules)
    ids = [*(rule.id for rule in rules.rules), *TEXT_STAGE_RULES]
    for page in [page for page in pages if page["gold"].get("body")]:
        ends = (line_ends or {}).get(groups[page["id"]])
        for rendering, text in [(one, text) for one in RENDERINGS if (text := render_page(page, one))]:
            if page.get("taught"):
                yield from _sample_text(page, groups, rendering, text, "", whole, ends)
                continue
            chance = random.Random(f"{seed} {page['id']} {rendering}")
            share = chance.choice(IGNORED_SHARES)
            some = build_prior_pipeline(rules, [id for id in ids if chance.random() < share])
            yield from _sample_text(page, groups, rendering, text, "", whole, ends)
            yield from _sample_text(page, groups, rendering, text, "noisy", some, ends)
        if not page.get("taught"):
            for rendering, text in _render_gold(page, random.Random(f"{seed} {page['id']} clean")).items():
                yield from _sample_text(page, groups, rendering, text, "clean", whole, ends)


def _render_gold(page: TrainingPage, chance: random.Random) -> dict[str, str]:
    """The gold alone: on one line, by paragraphs, and as talks or verse; optional paragraphs only on the one line."""
    gold = page["gold"]
    optional = set(gold.get("optional") or ())
    body = [text for i, text in enumerate(gold["body"]) if i not in optional and text.strip()]
    title = next(iter(list_titles(page)), "")
    return {FLAT_RENDERING: " ".join(gold["body"]), **render_clean_texts(title, body, chance)}


def _sample_text(
    page: TrainingPage,
    groups: dict[str, str],
    rendering: str,
    text: str,
    copy: str,
    prior: Pipeline,
    ends: LineEndModel | None,
) -> Iterator[LineSample]:
    """The lines that the model is asked about, as the stages before it left them; those with a role have no label."""
    try:
        document = prior(Document.read(text, page["id"], find_line_ends=ends and ends.find_line_ends))
    except StageError as error:
        print(f"left out: {error}", file=sys.stderr)
        return
    rows, matrix = compute_features(document.blocks, document.find_fact("title", ""))
    if not rows:
        return
    blocks = [document.blocks[i] for i in rows]
    is_clean = copy == "clean"
    roles = None if is_clean else label_roles(page, blocks, document.source)
    labels = list(map(label_role, roles)) if roles else label_texts(page, [block.text for block in blocks])
    article = np.array(labels, np.int64)
    article[[i for i, block in enumerate(blocks) if block.role]] = -1
    if is_clean:
        article[article == 0] = 1
    factor = (CLEAN_WEIGHTS[rendering] if is_clean else 1) * (TAUGHT_WEIGHT if page.get("taught") else 1)
    factor *= LOW_WEIGHT if page.get("set") == LOW_SET else 1
    weights = fitting.weigh_lines(matrix, factor)
    taught = bool(page.get("taught"))
    yield LineSample(page["id"], groups[page["id"]], rendering, copy, taught, matrix, article, weights, roles)


def fit_labeller(
    found: Sequence[LineSample], seed: int, networks: int = NETWORK_COUNT, epochs: int = EPOCHS
) -> Labeller:
    """The labeller that these samples teach.  Roles with few lines are none of its own."""
    times = Counter(role for one in found for role in one.roles or ())
    roles = tuple(sorted(role for role, lines in times.items() if lines >= MIN_ROLE_LINES))
    scaling = fit_scaling(np.concatenate([one.matrix for one in found if not one.taught]), FEATURE_NAMES)
    lines = _collect_lines(found, roles, scaling.encode(np.concatenate([one.matrix for one in found])))
    copies: dict[tuple[str, str, bool], list[int]] = {}
    for i, one in enumerate(found):
        copies.setdefault((one.page, one.rendering, one.copy == "clean"), []).append(i)
    fitted = [fit_network(lines, [*copies.values()], seed + i, epochs) for i in range(networks)]
    return Labeller(SequenceNetwork(scaling, quantise_products(fitted)), roles)


def _collect_lines(found: Sequence[LineSample], roles: Sequence[str], inputs: Floats) -> Lines:
    """All lines of the samples, with the numbers of their roles; a line whose role is none of these has no weight."""
    number = {role: i for i, role in enumerate(roles)}
    article = np.concatenate([one.article for one in found])
    weights = np.concatenate([one.weights for one in found])
    role = np.concatenate([[number.get(role, -1) for role in one.roles or [""] * len(one.matrix)] for one in found])
    return Lines(
        inputs,
        np.maximum(article, 0).astype(np.float32),
        (weights * (article >= 0)).astype(np.float32),
        np.maximum(role, 0).astype(np.int64),
        (weights * (role >= 0)).astype(np.float32),
        [0, *np.cumsum([len(one.matrix) for one in found]).tolist()],
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on the pages, and write the weights."""
    parser = fitting.build_parser(__doc__, WEIGHTS_PATH)
    parser.add_argument("--taught", nargs="*", type=Path, default=[], help="pages that HTML mode labels")
    options = parser.parse_args(arguments)
    rules = load(prove=False)
    pages = [*read_pages(options.pages), *teach_pages(read_pages(options.taught), rules)]
    groups = fitting.group_pages(pages)
    line_ends = cross_fit_line_ends(pages, groups, options.seed)
    found = list(sample_pages(pages, groups, rules, options.seed, line_ends))
    lines = sum(len(one.matrix) for one in found)
    print(f"{len(found)} texts, {lines} lines, {len(FEATURE_NAMES)} features", file=sys.stderr)

    def fit(left_out: Container[str]) -> Arrays:
        """The weights of what all other pages teach."""
        return fit_labeller([one for one in found if one.page not in left_out], options.seed).export_arrays()

    fitting.write_all_weights(options.out, options.folds, fit)
    return 0


if __name__ == "__main__":
    sys.exit(main())

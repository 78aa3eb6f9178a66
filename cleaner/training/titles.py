"""Train the ranker of titles: `python -m cleaner.training.titles PAGES... --out cleaner/models/titles.npz`.

PAGES are JSON Lines (`.gz` too) as for `cleaner.training.lines`, each with `gold.title` or `gold.titles`; those without
`text` are rendered from their `html`.  Every rendering is cleaned by the stages before `titles`, and the lines that can
be its title are labelled by the gold.  The gold body alone, with its title and without, teaches that a clean text has
its title on top or none.  With --folds it also writes the weights that each fold's pages have no share in.  The weights
shipped come from the development pages of `fundus`, `roles`, `scrapinghub`, `turing`, `readab`, `wcxb`, `mercury` and
`segments`, in this order.  No other model's answers are features, so no model has to be trained before.
"""

import sys
from collections.abc import Collection, Container, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from cleaner.document import Document
from cleaner.errors import StageError
from cleaner.models.features import Floats, Ints
from cleaner.models.titles import WEIGHTS_PATH, compute_title_features, find_candidates, view_lines
from cleaner.models.trees import Arrays, Trees
from cleaner.pipeline import Pipeline, default_stages, name_stage
from cleaner.rules.loading import load
from cleaner.stages.titles import split_kicker
from cleaner.text.shape import build_match_key
from cleaner.text.titles import TITLE_SEPARATOR
from cleaner.training import fitting
from cleaner.training.gold import TrainingPage, list_titles, read_pages
from cleaner.training.renderings import render_page_texts

TREE_LEAVES, TREE_ROUNDS = 8, 220
"""Leaves of a tree at most, and trees."""

LIGHTGBM_SETTINGS: fitting.Settings = {
    "learning_rate": 0.04,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "lambda_l2": 10,
    "min_data_in_leaf": 40,
}

RENDERINGS = ("R1", "R2", "R3", "R4")
"""Renderings of a page that teach."""

WITH_TITLE, WITHOUT_TITLE = "clean", "bare"
"""Names of the gold body with its title and without."""

CLEAN_WEIGHT = 0.5
"""Weight of these two."""


Scores = NDArray[np.float64]


class TitleSample(NamedTuple):
    """The candidates of one rendering of a page: features, whether they are the title (1 or 0), and weights.

    `names` are those of the columns of `matrix`.
    """

    page: str
    matrix: Floats
    names: tuple[str, ...]
    right: Ints
    weights: fitting.Weights


def sample_pages(pages: Sequence[TrainingPage]) -> Iterator[TitleSample]:
    """The samples of all renderings of all pages whose title is known."""
    stages = default_stages(load(prove=False))
    prior = Pipeline(stages[: list(map(name_stage, stages)).index("titles")])
    for page in pages:
        wanted = {key for title in list_titles(page) for key in _list_keys(title)}
        for rendering, text in _render_texts(page) if wanted else ():
            try:
                document = prior(Document.read(text, page["id"]))
            except StageError as error:
                print(f"left out: {error}", file=sys.stderr)
                continue
            yield from _sample_text(page, rendering, document, wanted)


def _list_keys(title: str) -> Iterator[str]:
    """The forms in which a title may stand as a line: as it is, and without the names of site and section."""
    yield build_match_key(title)
    yield build_match_key(max(TITLE_SEPARATOR.split(title), key=len))


def _render_texts(page: TrainingPage) -> Iterator[tuple[str, str]]:
    """The texts of a page by the names of their renderings; those of the article alone need its body."""
    title, body = list_titles(page)[0], "\n\n".join(page["gold"].get("body") or ())
    texts = page.get("text") or {}
    if not texts:
        try:
            texts = render_page_texts(page["html"], title, body)
        except (etree.LxmlError, ValueError):
            return
    known = RENDERINGS if body else RENDERINGS[:2]
    yield from ((rendering, texts[rendering]) for rendering in known if texts.get(rendering))
    if body:
        yield WITH_TITLE, f"{title}\n\n{body}"
        yield WITHOUT_TITLE, body


def _sample_text(
    page: TrainingPage, rendering: str, document: Document, wanted: Collection[str]
) -> Iterator[TitleSample]:
    """The sample of one text as the stages before left it; none where no line can be a title."""
    sight = view_lines(document.blocks)
    candidates = find_candidates(sight)
    if not candidates:
        return
    matrix, names = compute_title_features(sight, candidates)
    right = np.array([_is_title(sight.lines[i], wanted) for i in candidates], np.int64)
    factor = CLEAN_WEIGHT if rendering in (WITH_TITLE, WITHOUT_TITLE) else 1
    weights = np.full(len(candidates), factor)
    yield TitleSample(page["id"], matrix, names, right, weights)


def _is_title(line: str, wanted: Collection[str]) -> bool:
    """Whether a line is one of the titles, perhaps with a kicker or the site's name."""
    return build_match_key(line) in wanted or build_match_key(split_kicker(line)[1]) in wanted


def fit_title_trees(found: Sequence[TitleSample], seed: int) -> Trees:
    """The trees that these samples teach: of each text one candidate is the title, or none."""
    matrix = np.concatenate([one.matrix for one in found])
    right = np.concatenate([one.right for one in found])
    weights = np.concatenate([one.weights for one in found])
    firsts = np.cumsum([0, *(len(one.matrix) for one in found[:-1])])
    sizes = [len(one.matrix) for one in found]
    own = weights / weights.mean()

    def compare_candidates(scores: Scores, data: object) -> tuple[Scores, Scores]:
        """Gradient and curvature of the log softmax over the candidates of a text and no title, whose score is 0."""
        odds = np.exp(scores)
        chances = odds / np.repeat(1 + np.add.reduceat(odds, firsts), sizes)
        return (chances - right) * own, chances * (1 - chances) * own

    settings = {**LIGHTGBM_SETTINGS, "objective": compare_candidates, "seed": seed}
    return fitting.fit_trees((matrix, right, weights), settings, TREE_LEAVES, TREE_ROUNDS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on the pages, and write the weights."""
    options = fitting.build_parser(__doc__, WEIGHTS_PATH).parse_args(arguments)
    found = list(sample_pages(list(read_pages(options.pages))))
    print(f"{len(found)} texts, {sum(len(one.matrix) for one in found)} lines", file=sys.stderr)

    def fit(left_out: Container[str]) -> Arrays:
        """The weights of what all other pages teach."""
        trees = fit_title_trees([one for one in found if one.page not in left_out], options.seed)
        return {**trees.export_arrays("titles"), "features": np.array(found[0].names)}

    fitting.write_all_weights(options.out, options.folds, fit)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The line model: the trees say what LightGBM says, the features are whole for any text, the weights are small."""

import numpy as np
import pytest
from cases import ROOT, rules
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import ARTICLE_ROLES, Document
from cleaner.html.page import build_page_document
from cleaner.models.features import FEATURE_NAMES, compute_features
from cleaner.models.lines import FEATURE_GROUPS, LINES_BEFORE, LINES_BEHIND, WEIGHTS_PATH, Labeller, load_labeller
from cleaner.models.trees import LEAF_SCALE, Trees, flatten_trees
from cleaner.pipeline import Pipeline, default_stages
from cleaner.pipeline.explain import weigh_features

ARTICLE = """Home
News

Council votes for new bridge

The council voted for the new bridge on Tuesday evening, after four hours of debate in the town hall.

Who will pay

Nobody in the hall had expected that the vote would be so clear, said the mayor after the meeting."""


def grown(classes: int, leaves: int) -> tuple[object, Trees, np.ndarray]:
    """LightGBM's own model, the same as arrays, and a matrix that neither has seen."""
    lightgbm = pytest.importorskip("lightgbm")
    chance = np.random.default_rng(7)
    matrix = np.round(chance.normal(size=(2000, 12)) * 5, 1).astype(np.float32)
    matrix[:, 3] = chance.integers(0, 3, 2000)
    target = (matrix[:, 0] + matrix[:, 3] * matrix[:, 1] > 0).astype(int) + (classes > 2) * (matrix[:, 2] > 4)
    settings = {"num_leaves": leaves, "verbose": -1, "num_threads": 1, "seed": 3}
    settings |= {"objective": "multiclass", "num_class": classes} if classes > 1 else {"objective": "binary"}
    booster = lightgbm.train(settings, lightgbm.Dataset(matrix, target), 20)
    trees = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    unseen = np.round(chance.normal(size=(700, 12)) * 6, 1).astype(np.float32)
    return booster, flatten_trees(trees, classes, leaves), unseen


@pytest.mark.parametrize(("classes", "leaves"), [(1, 15), (1, 31), (3, 8)])
def test_the_trees_say_what_lightgbm_says(classes: int, leaves: int) -> None:
    booster, trees, matrix = grown(classes, leaves)
    expected = np.asarray(booster.predict(matrix, raw_score=True)).reshape(len(matrix), classes)  # type: ignore[attr-defined]
    assert np.abs(trees.score_rows(matrix) / LEAF_SCALE - expected).max() < 0.001


def test_the_weights_of_features_add_up_to_the_score() -> None:
    _, trees, matrix = grown(1, 15)
    scores = trees.score_rows(matrix[:50])[:, 0]
    rests = {int(score - trees.weigh_columns(row).sum()) for score, row in zip(scores, matrix[:50], strict=True)}
    assert max(rests) - min(rests) <= 20 * 8  # a mean of each tree is rounded once a step


def test_rows_are_judged_alone_as_they_are_together() -> None:
    _, trees, matrix = grown(1, 15)
    assert (trees.score_rows(np.repeat(matrix, 3, axis=0))[::3] == trees.score_rows(matrix)).all()


def test_features_of_the_same_text_are_the_same_to_the_bit() -> None:
    first, again = (compute_features(Document.read(ARTICLE).blocks, "Council votes")[1] for _ in range(2))
    assert first.tobytes() == again.tobytes()


@given(st.lists(st.text(st.characters(codec=None), max_size=40), max_size=12), st.text(max_size=20))
def test_features_are_numbers_for_any_text(lines: list[str], title: str) -> None:
    blocks = Document.read("\n".join(lines)).blocks
    rows, matrix = compute_features(blocks, title)
    assert matrix.shape == (len(rows), len(FEATURE_NAMES)) and matrix.dtype == np.float32 and np.isfinite(matrix).all()


def test_a_verdict_names_its_reasons() -> None:
    blocks = Document.read(ARTICLE).blocks
    reasons = load_labeller().explain_score(blocks, 4)
    parts = {*FEATURE_GROUPS, LINES_BEFORE, LINES_BEHIND}
    assert 1 <= len(reasons) <= 5 and all(name in parts and weight for name, weight in reasons)


def test_each_feature_stands_in_one_of_the_groups_that_are_hidden() -> None:
    grouped = [feature for features in FEATURE_GROUPS.values() for feature in features.split()]
    assert sorted(grouped) == sorted(FEATURE_NAMES)


def test_each_line_has_a_role_either_way() -> None:
    judged = load_labeller().judge_lines(Document.read(ARTICLE).blocks)
    assert len(judged.numbers) == 6 and ARTICLE_ROLES.issuperset(judged.kept_roles)
    assert not ARTICLE_ROLES & set(judged.dropped_roles)


def test_the_weights_survive_a_file() -> None:
    labeller = load_labeller()
    again = Labeller.build_from_arrays(labeller.export_arrays())
    blocks = Document.read(ARTICLE).blocks
    assert again.judge_lines(blocks) == labeller.judge_lines(blocks)


def test_weights_of_other_features_are_refused() -> None:
    arrays = load_labeller().export_arrays() | {"features": np.array(["words"])}
    with pytest.raises(ValueError, match="train"):
        Labeller.build_from_arrays(arrays)


def test_the_weights_in_the_wheel_are_small() -> None:
    assert WEIGHTS_PATH.stat().st_size <= 1_000_000


def test_a_line_of_a_page_is_explained_by_what_the_page_model_weighed() -> None:
    name = "harbour-bridge.html"
    document = build_page_document((ROOT / "raw" / name).read_text("utf-8"), name)
    cleaned = Pipeline(default_stages(rules()))(document)
    edits = [edit for edit in cleaned.edits if edit.stage == "extraction"]
    told = [weigh_features(cleaned, edit, rules()) for edit in edits]
    assert any(told) and all(name and weight for reasons in told for name, weight in reasons)

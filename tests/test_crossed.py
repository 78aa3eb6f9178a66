"""Weights without each fold, and the scores on strange templates that the gate takes from a file."""

import json
from collections.abc import Container
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("lightgbm", reason="lightgbm, which models are trained with, is not installed")

import gate

from cleaner.models.trees import Arrays
from cleaner.training.fitting import assign_folds, group_pages, write_all_weights

PAGES = ("a/1", "a/2", "b/1")


def test_the_weights_of_a_fold_are_fitted_without_its_pages(tmp_path: Path) -> None:
    def fit(left_out: Container[str]) -> Arrays:
        return {"pages": np.array([page for page in PAGES if page not in left_out])}

    (tmp_path / "folds.json").write_text(json.dumps({"a/1": 0, "a/2": 1, "b/1": 1}))
    write_all_weights(tmp_path / "x.npz", tmp_path / "folds.json", fit)
    taught = {path.name: np.load(path)["pages"].tolist() for path in tmp_path.glob("*.npz")}
    assert taught == {"x.npz": [*PAGES], "x-0.npz": ["a/2", "b/1"], "x-1.npz": ["a/1"]}


def test_pages_of_a_template_or_of_a_domain_are_of_one_fold() -> None:
    urls = {"1": "https://a.example/", "2": "https://www.a.example/x", "3": "https://b.test/", "4": "https://c.test/"}
    pages = [{"id": id, "url": url, "html": "", "gold": {}} for id, url in urls.items()]
    pages[1]["template"] = pages[2]["template"] = "T"
    groups = group_pages(pages)  # type: ignore[arg-type]
    assert groups["1"] == groups["2"] == groups["3"] != groups["4"]
    assert set(assign_folds(groups.values(), 1)) == set(groups.values())


def test_scores_of_other_weights_end_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "CROSSED", tmp_path / "crossed.toml")
    gate.write_scores(gate.CROSSED, "note", {"x.R1.f1": 0.5}, gate.digest_weights())
    assert gate.read_crossed(tmp_path) == {"x.R1.f1": 0.5}
    gate.write_scores(gate.CROSSED, "note", {"x.R1.f1": 0.5}, {"lines": "0"})
    with pytest.raises(SystemExit, match="other weights"):
        gate.read_crossed(tmp_path)

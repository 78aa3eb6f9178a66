"""A Ray cluster: a real one, of several nodes on this machine."""

import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import PAGE, read_lines, write_lines
from test_resume import files, inputs

from cleaner.document import Document, Edit
from cleaner.io.files import File, Piece
from cleaner.pipeline.settings import Settings, prepare_settings
from cleaner.readers import READERS
from cleaner.run import batch, shards
from cleaner.run.batch import clean_inputs
from cleaner.run.progress import Watch
from cleaner.run.shards import Shard
from cleaner.run.worker import ShardResult, clean_shard
from cleaner.workers.process import Mark

engine = pytest.importorskip("cleaner.workers.ray", reason="Ray is not installed: pip install 'article-cleaner[ray]'")
ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'article-cleaner[ray]'")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Three nodes of one processor each, the first of which this process is connected to."""
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    for _ in range(2):
        made.add_node(num_cpus=1)
    ray.init(address=made.address, log_to_driver=False)
    yield made
    ray.shutdown()
    made.shutdown()


def test_a_cluster_gives_the_same_bytes_though_a_node_dies_midway(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "FULL_SHARD_BYTES", 2_000)
    monkeypatch.setattr("cleaner.io.streams.CHUNK_BYTES", 2_000)
    raw = inputs(tmp_path / "raw", 120)
    whole = clean_inputs([str(raw)], tmp_path / "whole", Settings())
    seen = 0

    def done(documents: int, rejected: int) -> None:
        nonlocal seen
        seen += 1
        if seen == 5:
            cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)

    report = clean_inputs([str(raw)], tmp_path / "out", Settings(), 3, engine="ray", watch=Watch(done=done))
    assert files(tmp_path / "out") == files(tmp_path / "whole")
    assert report == whole
    assert len(cluster.worker_nodes) == 1


def test_a_dataset_is_cleaned_to_what_a_run_makes(cluster: Any, tmp_path: Path) -> None:
    from cleaner.adapters.ray import clean_dataset

    rows = [{"id": str(i), "text": PAGE.replace("17", str(i)), "shelf": i} for i in range(600)]
    made = clean_dataset(ray.data.from_items(rows), keep=["caption"]).take_all()
    clean_inputs([str(write_lines(tmp_path / "a.jsonl", rows))], tmp_path, Settings(keep=("caption",)))
    wanted = {record["id"]: record for record in read_lines(tmp_path / "a.articles.jsonl")}
    assert len(made) == len(wanted) == 600
    assert all(row["text"] == wanted[row["id"]]["text"] and row["shelf"] == int(row["id"]) for row in made)


def poison(document: Document) -> list[Edit]:
    """A stage that ends its process on one document."""
    if document.id == "a 13":
        os._exit(3)
    return []


def test_a_document_that_ends_its_processes_is_told_from_its_neighbours(cluster: Any, tmp_path: Path) -> None:
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # the other processes have no tests
    work = partial(_poisoned, Settings())
    shard = Shard("a", 0, tuple(_pieces(inputs(tmp_path / "raw", 40) / "a.jsonl")))
    ((done, result),) = engine.run_shards(work, [shard], 1, 60, batch._plan_retry)
    assert done.poisoned == ((13, "a worker process died with exit code 3"),)
    assert (len(result.index), len(result.rejected)) == (39, 1)


def _poisoned(settings: Settings, shard: Shard, mark: Mark) -> ShardResult:
    stages = prepare_settings(settings, prove=False).pipeline.stages
    if ("poison", poison) not in stages:
        stages.append(("poison", poison))
    return clean_shard(settings, shard, mark)


def _pieces(path: Path) -> Iterator[Piece]:
    file = File(str(path), "a", ".jsonl")
    with path.open("rb") as raw:
        yield from (piece for piece in READERS[".jsonl"].cut(file, raw, lambda read: None) if isinstance(piece, Piece))

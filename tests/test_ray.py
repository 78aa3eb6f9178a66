"""A Ray cluster: a real one, of several nodes on this machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_resume import files, inputs

from cleaner import shards
from cleaner.batch import Watch, run
from cleaner.settings import Settings

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
    monkeypatch.setattr(shards, "BYTES", 2_000)
    monkeypatch.setattr("cleaner.readers.streams.CHUNK", 2_000)
    raw = inputs(tmp_path / "raw")
    whole = run([str(raw)], tmp_path / "whole", Settings())
    seen = 0

    def done(documents: int, rejected: int) -> None:
        nonlocal seen
        seen += 1
        if seen == 5:
            cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)

    report = run([str(raw)], tmp_path / "out", Settings(), 3, engine="ray", watch=Watch(done=done))
    assert files(tmp_path / "out") == files(tmp_path / "whole")
    assert report == whole
    assert len(cluster.worker_nodes) == 1

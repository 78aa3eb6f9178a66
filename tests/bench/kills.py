"""Runs that are killed at random moments and go on: whether their files are those of an undisturbed run.

    python tests/bench/kills.py [--times 100] [--documents 400] [--seed 1] [--to jsonl]

A run of two workers over two JSON Lines files and a folder of texts gets SIGKILL at a moment drawn at random from the
time that an undisturbed run takes; every third time it is killed once more while it goes on.
"""

import argparse
import hashlib
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import corpus

START = """
import sys
from cleaner.run import shards
from cleaner.cli.main import invoke
shards.FULL_SHARD_BYTES = 30_000
sys.exit(invoke(sys.argv[1:]))
"""


def tree(folder: Path) -> dict[str, str]:
    """A digest of every file below a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def killed(call: list[str], after: float) -> None:
    """A run that gets SIGKILL after so many seconds, if it takes as long."""
    process = subprocess.Popen(call)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()


def main() -> None:
    """Kill, go on, compare, and print how often the files were the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--to", default="jsonl")
    options = parser.parse_args()
    moments = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        raw = Path(name, "raw")
        raw.mkdir()
        for feed in ("a", "b"):
            corpus.write(raw / f"{feed}.jsonl", options.documents // 2)
        for number, (_, text) in zip(range(20), corpus.documents(20), strict=False):
            (raw / f"{number}.txt").write_text(text, encoding="utf-8")
        base = [sys.executable, "-c", START, "run", str(raw), "--quiet", "--workers", "2", "--to", options.to, "-o"]
        began = time.monotonic()
        subprocess.run([*base, f"{name}/whole"], check=True)
        took = time.monotonic() - began
        whole = tree(Path(name, "whole"))
        same = 0
        for number in range(options.times):
            out = f"{name}/out{number}"
            killed([*base, out], moments.random() * took)
            if number % 3 == 0:
                killed([*base, out, "--resume"], moments.random() * took)
            subprocess.run([*base, out, "--resume"], check=True)
            same += tree(Path(out)) == whole
        print(
            f"{same} of {options.times} runs killed with SIGKILL and resumed: all files byte for byte the same "
            f"(an undisturbed run takes {took:.1f} s, {len(whole)} files)"
        )


if __name__ == "__main__":
    main()

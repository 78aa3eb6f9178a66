"""A long run: whether memory stays flat, and whether every document comes out once.

    python tests/bench/soak.py [--documents 1000000] [--workers 2] [--size 1000]

The documents are the paragraphs of the corpus, put together anew each time.  The memory of each worker, and of the
process above them, is read every second; the most of each tenth of the run is printed.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import corpus
import zstandard


def write(path: Path, count: int, size: int) -> int:
    """So many documents of about this many characters; gives their bytes."""
    paragraphs = [one for _, _, body in corpus.bodies()[1] for one in body if len(one) > 80]
    chance = random.Random(1)
    total = 0
    with path.open("wb") as raw, zstandard.ZstdCompressor(level=1).stream_writer(raw) as out:
        for number in range(count):
            text = [f"Headline {number} of the day"]
            while sum(map(len, text)) < size:
                text.append(chance.choice(paragraphs)[:400])
            line = json.dumps({"id": f"page {number}", "text": "\n\n".join(text)}).encode() + b"\n"
            total += len(line)
            out.write(line)
    return total


def memory(pid: int) -> int:
    """MiB that a process holds, without what it shares with files."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return int(status.split("VmRSS:")[1].split()[0]) >> 10 if "VmRSS:" in status else 0


def children(pid: int) -> list[int]:
    """The processes that a process has begun."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def main() -> None:
    """Run, watch and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--size", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        given = Path(name, "many.jsonl.zst")
        size = write(given, options.documents, options.size)
        metrics = Path(name, "metrics.json")
        call = [
            sys.executable,
            "-m",
            "cleaner",
            "run",
            str(given),
            "-o",
            f"{name}/out",
            "--quiet",
            "--to",
            "jsonl.zst",
            "--workers",
            str(options.workers),
            "--metrics",
            str(metrics),
        ]
        began = time.monotonic()
        process = subprocess.Popen(call)
        seen: list[tuple[int, int]] = []
        while process.poll() is None:
            seen.append((memory(process.pid), max(map(memory, children(process.pid)), default=0)))
            time.sleep(1)
        took = time.monotonic() - began
        figures = json.loads(metrics.read_text())
        made = Path(name, "out", "many.articles.jsonl.zst")
        ids = set()
        with made.open("rb") as raw:
            rest = b""
            for chunk in zstandard.ZstdDecompressor().read_to_iter(raw):
                *lines, rest = (rest + chunk).split(b"\n")
                ids.update(json.loads(line)["id"] for line in lines)
        print(
            f"{options.documents:,} documents of {size / options.documents:.0f} bytes, {options.workers} workers, "
            f"{took:.0f} s, {figures['documents_per_second']} a second; exit code {process.returncode}; "
            f"{figures['rejected']} rejected, {len(ids):,} ids out"
        )
        tenth = max(1, len(seen) // 10)
        print(
            "most MiB in each tenth of the run: parent",
            [max(one[0] for one in seen[at : at + tenth]) for at in range(0, len(seen), tenth)],
        )
        print("largest worker", [max(one[1] for one in seen[at : at + tenth]) for at in range(0, len(seen), tenth)])
        print("milliseconds a document:", figures["milliseconds_a_document"])


if __name__ == "__main__":
    main()

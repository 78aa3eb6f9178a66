"""Size of the review page of many articles, seconds until a browser can use it, and what making it takes.

    python tests/bench/report.py [--articles 10000] [--size 4000]

The articles are the texts of raw/, each made up to about 4 KB of its own paragraphs with their words shuffled, so that
no two are alike and packing gains no more than it does on news; they are cleaned as any input.  Needs chromium.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import corpus

from cleaner.readers.base import Item
from cleaner.readers.inputs import read_file

CHILD = """
import resource, sys, time
from pathlib import Path
from cleaner.pipeline.explain import collect_shipped_reasons
from cleaner.readers.own_records import find_articles
from cleaner.review.page import write_page
started = time.process_time()
write_page(find_articles(Path(sys.argv[1])), Path(sys.argv[2]), collect_shipped_reasons())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
print(time.process_time() - started, peak)
"""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def fill(path: Path, count: int, size: int) -> int:
    """Write so many articles of this size, and say how many bytes their texts have."""
    samples = sorted((corpus.ROOT / "raw").glob("*.txt"))
    texts = [item.document.source for sample in samples for item in read_file(str(sample)) if isinstance(item, Item)]
    chance = random.Random(0)
    total = 0
    with open(path, "w", encoding="utf-8") as out:
        for number in range(count):
            lines = texts[number % len(texts)].splitlines()
            prose = sorted(lines, key=len)[-6:]
            middle = len(lines) // 2
            while sum(len(line.encode()) + 1 for line in lines) < size:
                lines[middle:middle] = [shuffled(chance.choice(prose), chance), ""]
            text = "\n".join(corpus.own(line, number) if len(line) > 80 else line for line in lines)
            total += len(text.encode())
            out.write(json.dumps({"id": f"article-{number}", "text": text + "\n"}, ensure_ascii=False) + "\n")
    return total


def shuffled(line: str, chance: random.Random) -> str:
    """The line with its words, or its characters where it has few words, in another order."""
    parts = line.split(" ") if line.count(" ") > 5 else list(line)
    chance.shuffle(parts)
    return (" " if line.count(" ") > 5 else "").join(parts)


def browse(page: Path) -> dict[str, float]:
    """Seconds until the page can be used, until an article is shown, and until a search is through; memory in MiB."""
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*FLAGS, "--enable-precise-memory-info"]
        )
        view = browser.new_page()
        times = {}
        started = time.perf_counter()
        view.goto(page.as_uri())
        view.wait_for_selector("body[data-ready]")
        times["until it can be used, s"] = time.perf_counter() - started
        started = time.perf_counter()
        view.keyboard.press("Tab")
        view.locator("#list").focus()
        view.keyboard.press("End")
        view.keyboard.press("Enter")
        view.wait_for_selector(".lines li")
        times["last article shown, s"] = time.perf_counter() - started
        whole = view.locator("#count").text_content() or ""
        started = time.perf_counter()
        view.select_option("#role", "related")
        expect(view.locator("#count")).not_to_have_text(whole, timeout=60_000)
        times["filtered by role, s"] = time.perf_counter() - started
        view.select_option("#role", "")
        started = time.perf_counter()
        view.fill("#search", "no line has this")
        expect(view.locator("#count")).to_have_text(f"0 of {whole.split(' of ')[1]}", timeout=60_000)
        times["all lines searched, s"] = time.perf_counter() - started
        times["script memory, MiB"] = view.evaluate("performance.memory.usedJSHeapSize / (1 << 20)")
        browser.close()
    return times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--size", type=int, default=4_000, help="bytes of an article")
    options = parser.parse_args()
    environment = {**os.environ, "PYTHONPATH": str(corpus.ROOT)}
    with tempfile.TemporaryDirectory() as name:
        source, out, page = Path(name) / "in.jsonl", Path(name) / "out", Path(name) / "report.html"
        total = fill(source, options.articles, options.size)
        subprocess.run(
            [sys.executable, "-m", "cleaner", "run", str(source), "-o", str(out), "-q", "--workers", "2"],
            env=environment,
            check=True,
        )
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", CHILD, str(out), str(page)],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        wall = time.perf_counter() - started
        seconds, peak = map(float, done.stdout.split())
        print(corpus.machine())
        rows = {
            "articles": options.articles,
            "texts, MB": total / 1e6,
            "page, MB": page.stat().st_size / 1e6,
            "making it, s": wall,
            "of it CPU, s": seconds,
            "making it, peak MiB": peak,
            **browse(page),
        }
        for what, value in rows.items():
            print(f"{what:28}{value:12,.2f}")


if __name__ == "__main__":
    main()

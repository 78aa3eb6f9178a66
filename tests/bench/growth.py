"""How the time of the rules grows with their number, and that they match what a plain loop over all of them matches.

    python tests/bench/growth.py [--rounds 5]

The rules are the shipped ones without a site, then made-up ones of the same shapes.  Asked are articles of about 4 KB;
for the comparison, the lines of whole pages where ../shared is at hand.
"""

import argparse
import random
import re
import statistics
import time
from collections.abc import Iterator

import corpus

from cleaner.rules import Rule, RuleSet, load

SIZES = (50, 500, 1_000, 2_000, 5_000)
SYLLABLES = "ba be bi bo da de di do fa fe ka ke ki ko la le li lo ma me mi mo na ne ra re ri ro sa se ta te".split()


def made_up(count: int) -> Iterator[Rule]:
    """Rules of the shapes of the shipped ones, about words that no language has."""
    chance = random.Random(0)

    def word() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))

    shapes = (
        lambda: f"^(?i:{word()}(?: {word()})?[ :.]{{0,2}})$",
        lambda: f"^(?i:(?:{word()}|{word()}|{word()}) {word()})$",
        lambda: rf"^{word().capitalize()}:? \d{{1,2}} {word()} \d{{4}}$",
        lambda: rf"^(?:{word()} )?{word()} (?P<x>\p{{Lu}}[^.!?]{{2,40}})$",
        lambda: rf"^[-–•( ]{{0,3}}{word()} {word()}[) ]{{0,2}}$",
    )
    for number in range(count):
        pattern = shapes[number % len(shapes)]()
        yield Rule(id=f"bench.{number}", why="", role="other", match=(pattern,), examples=(), keeps=())


def pages() -> list[list[str]]:
    """The lines of whole pages; none where ../shared is absent."""
    import gzip
    import json

    out: list[list[str]] = []
    for name in ("fundus", "roles", "scrapinghub"):
        path = corpus.DATA / f"{name}.dev.jsonl.gz"
        if path.exists():
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                out += [json.loads(line).get("text", {}).get("R2", "").split("\n") for line in lines]
    return [[line.strip() for line in lines if line.strip()] for lines in out]


def readable(rule: Rule) -> bool:
    r"""Whether Python reads a rule's one pattern just as RE2 does; \s and \w hold a few more characters there."""
    if len(rule.match) != 1 or re.search(r"\\[pPswSW]|\[:|.\(\?i\)", rule.match[0]):
        return False
    try:
        re.compile(rule.match[0])
    except re.error:
        return False
    return True


def loop(rules: list[Rule], lines: list[str]) -> list[tuple[int, str]]:
    """What the patterns match, each asked of each line with Python's own engine."""
    found = []
    for rule in rules:
        match = re.compile(rule.match[0]).fullmatch
        found += [(at, rule.id) for at, line in enumerate(lines) if match(line)]
    return found


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    ours = [rule for rule in load(prove=False).rules if not rule.sites]
    random.Random(0).shuffle(ours)
    articles = [[line for line in text.split("\n") if line] for _, text in corpus.documents(400 * options.rounds)]
    print(corpus.machine())
    sets = {}
    for size in SIZES:
        started = time.process_time()
        sets[size] = RuleSet([*ours, *made_up(max(0, size - len(ours)))][:size])
        list(sets[size].find_hits(["x"]))
        print(f"{size} rules made ready in {time.process_time() - started:.2f} s")
    table(articles, sets, options.rounds)

    plain = [rule for rule in ours if readable(rule)]
    same = [*plain, *(rule for rule in made_up(5_000 - len(plain)) if readable(rule))]
    lines = sorted({line for one in pages() or articles for line in one})
    found = [(hit.first, hit.rule.id) for hit in RuleSet(same).find_hits(lines)]
    wanted = loop(same, lines)
    verdict = "equal" if sorted(found) == sorted(wanted) else "NOT EQUAL"
    print(
        f"{len(same)} rules that Python's re can read: {len(found)} matches on {len(lines)} different lines, "
        f"a plain loop of re {len(wanted)}: {verdict}"
    )


def table(articles: list[list[str]], sets: dict[int, RuleSet], rounds: int) -> None:
    """Measure all sets, in each round on articles that were not asked about before, and print a table."""
    times: dict[int, list[float]] = {size: [] for size in sets}
    for number in range(rounds):
        documents = articles[number::rounds]
        for size, rules in sets.items():
            started = time.process_time()
            for lines in documents:
                list(rules.find_hits(lines))
            times[size].append((time.process_time() - started) / len(documents) * 1e6)
    median = {size: statistics.median(measured) for size, measured in times.items()}
    lines_each = sum(map(len, articles)) / len(articles)
    print(
        f"{len(articles)} articles of 4 KB, {lines_each:.0f} lines each; every rule asked of every article, whatever "
        f"its language; medians of {rounds} interleaved rounds"
    )
    print(f"{'rules':>8}{'µs/document':>14}{'× of 50':>10}")
    for size, each in median.items():
        print(f"{size:8}{each:14.0f}{each / median[50]:10.2f}")


if __name__ == "__main__":
    main()

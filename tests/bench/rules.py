"""How long a call takes that loads rules: to its first result with 500 of them, and lint and test of 5,000.

    python tests/bench/rules.py [--rounds 3]

The rules are made up, of the shapes of the shipped ones, each with two examples and a keep; each call is a process of
its own, and the least of the rounds counts.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

SYLLABLES = "ba be bi bo da de di do fa fe ka ke ki ko la le li lo ma me mi mo na ne ra re ri ro sa se ta te".split()
PAGE = Path(__file__).parents[2] / "raw" / "en-tram-depot.txt"


def made_up(count: int) -> Iterator[str]:
    """Rules as TOML, about words that no language has."""
    chance = random.Random(0)

    def word() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.randint(3, 4)))

    for number in range(count):
        a, b, c = word(), word(), word()
        pattern, examples = (
            (f"^(?i:{a}(?: {b})?[ :.]{{0,2}})$", [f"{a.upper()} {b}:", a]),
            (f"^(?i:(?:{a}|{b}) {c})$", [f"{a} {c}", f"{b} {c.title()}"]),
            (rf"^{a.capitalize()}:? \d{{1,2}} {b} \d{{4}}$", [f"{a.capitalize()}: 4 {b} 2024"] * 2),
            (rf"^(?:{a} )?{b} (?P<x>\p{{Lu}}[^.!?]{{2,40}})$", [f"{a} {b} Ann Lee", f"{b} Tom Okoro"]),
            (rf"^[-–•( ]{{0,3}}{a} {b}[) ]{{0,2}}$", [f"– {a} {b}", f"({a} {b})"]),
        )[number % 5]
        keep = f"They say {a} {b}, and {c}."
        yield (
            f"[[rule]]\nid = 'bench.r{number}'\nwhy = 'A line that nobody writes.'\nrole = 'other'\n"
            f"match = ['{pattern}']\nexamples = {examples}\nkeeps = ['{keep}']\nlanguages = ['en']\n"
        )


def _environment() -> dict[str, str]:
    """That of an installed package, whose modules are compiled."""
    left = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**left, "PYTHONUNBUFFERED": "1", "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "bench-pycache"))}


def seconds(arguments: Sequence[str], rounds: int, first: bool = False) -> float:
    """The least time of a call, to its end or to the first line that it prints."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "cleaner", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        ) as process:
            assert process.stdout
            if first:
                process.stdout.readline()
                best = min(best, time.perf_counter() - start)
            process.stdout.read()
            process.wait()
        if not first:
            best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder, "few.toml"), Path(folder, "many.toml")
        few.write_text("extends = []\n" + "".join(made_up(500)), encoding="utf-8")
        many.write_text("extends = []\n" + "".join(made_up(5_000)), encoding="utf-8")
        for name, arguments in (
            ("cleaner --version", ["--version"]),
            ("check, 500 rules of one's own, to the first line", ["check", str(PAGE), "--rules", str(few)]),
            ("check, the shipped rules, to the first line", ["check", str(PAGE)]),
        ):
            print(f"{name}: {seconds(arguments, rounds, first=True):.2f} s")
        run = ["run", str(PAGE), "-q", "--rules", str(few), "-o", str(Path(folder, "out"))]
        print(f"run, 500 rules of one's own, a page: {seconds(run, rounds):.2f} s")
        for command in ("lint", "test"):
            print(f"rules {command}, 5,000 rules: {seconds(['rules', command, str(many)], rounds):.2f} s")


if __name__ == "__main__":
    main()

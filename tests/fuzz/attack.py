"""What all fuzz targets share: coverage of our package, seeds, a mutator that knows a format's tokens, and the clock.

A target is a script: `python tests/fuzz/readers.py CORPUS -runs=10000000 -timeout=60`, with any option of libFuzzer.
"""

import hashlib
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

HERE = Path(__file__).parent
RAW = HERE.parents[1] / "raw"
CASES = HERE.parent / "cases"
PACKS = HERE.parents[1] / "rules"

SLOW = 2.0
"""Seconds of processor time within which every input must be done."""

_NUMBER = re.compile(rb"-?\d+")
_NUMBERS = (
    b"0",
    b"1",
    b"-1",
    b"2",
    b"7",
    b"63",
    b"255",
    b"999",
    b"1000",
    b"1001",
    b"65536",
    b"2147483648",
    b"-9",
    b"18446744073709551616",
    b"1e400",
    b"0.5",
    b"00",
    b"9" * 40,
)


def watched() -> AbstractContextManager[object]:
    """What imports the code under attack: counted line by line where a target runs as a script, plain elsewhere."""
    if Path(sys.argv[0]).resolve().parent != HERE.resolve():
        return nullcontext()
    import atheris

    counted: AbstractContextManager[object] = atheris.instrument_imports(include=["cleaner"])
    return counted


def fuzz(attacked: Callable[[bytes], None], seeds: Iterable[bytes], tokens: Sequence[bytes]) -> None:
    """Attack with inputs made from seeds and tokens until libFuzzer's options, or a broken law, end it."""
    import atheris

    folders = [Path(one) for one in sys.argv[1:] if not one.startswith("-") and Path(one).is_dir()]
    for seed in seeds:
        if folders:
            folders[0].joinpath(f"seed-{hashlib.sha256(seed).hexdigest()[:16]}").write_bytes(seed)
        attacked(seed)

    def timed(data: bytes) -> None:
        start = time.process_time()
        attacked(data)
        took = time.process_time() - start
        if took > SLOW:
            # models and rules are loaded once, and that is no input's fault
            start = time.process_time()
            attacked(data)
            took = time.process_time() - start
        assert took < SLOW, f"an input of {len(data)} bytes took {took:.1f} s"

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.4:
            return bytes(atheris.Mutate(data, most))
        for _ in range(chance.choice((1, 1, 2, 4))):
            data = changed(data, tokens, chance)
        return data[:most]

    atheris.Setup(sys.argv, timed, custom_mutator=mutated)
    atheris.Fuzz()


def changed(data: bytes, tokens: Sequence[bytes], chance: random.Random) -> bytes:
    """The data with one part of it changed, keeping to the form of its lines, its numbers and its tokens."""
    at = chance.randrange(len(data) + 1)
    end = min(len(data), at + chance.choice((0, 1, 4, 16, 64)))
    kind = chance.randrange(8)
    if kind <= 1:
        return data[:at] + chance.choice(tokens) + data[at if kind else end :]
    if kind == 2:
        return data[:at] + data[end:]
    if kind == 3:
        return data[:at] + data[at:end] * chance.choice((2, 3, 10, 100)) + data[end:]
    if kind == 4:
        numbers = list(_NUMBER.finditer(data))
        if not numbers:
            return data[:at] + chance.choice(_NUMBERS) + data[at:]
        number = chance.choice(numbers)
        return data[: number.start()] + chance.choice(_NUMBERS) + data[number.end() :]
    if kind == 5:
        return data[:at] + chance.choice(tokens) * chance.choice((2, 10, 60)) + data[at:]
    lines = data.split(b"\n")
    i, j = chance.randrange(len(lines)), chance.randrange(len(lines))
    if kind == 6:
        lines[i], lines[j] = lines[j], lines[i]
    else:
        lines.insert(i, lines[j]) if chance.random() < 0.5 else lines.pop(j)
    return b"\n".join(lines)

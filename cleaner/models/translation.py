"""The translation score of an English text: a logistic regression over masked 1- to 4-grams, all in integers.

Words that English uses everywhere stay as they are; every other word is replaced by a class (its ending, a number, a
name), so that style is read and not the topic.  Quotes, dashes and other typography are not read at all.  After
Baroni and Bernardini, "A new approach to the study of translationese" (2006), and Aharoni, Koppel and Goldberg,
"Automatic detection of machine translated text and translation quality estimation" (2014).

Weights come from `python -m cleaner.training.translation`, which says what they were trained on.
"""

import json
import math
import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

WEIGHTS = Path(__file__).with_name("translation.weights")

LANGUAGE = "en"
"""The language that the weights are for."""

LEAST, MOST = 150, 680
"""Words without which there is no score; words, numbers and marks that are read: the texts it was measured on have as
many."""

GRAMS = 4
BITS = 11
"""Bits of a word's number in the key of an n-gram: 2,047 words and classes, four of them in 44 bits."""

SCALE = 1 << 12
"""One in the fixed-point numbers of scores and weights."""

REMEMBERED = 50_000
"""Words whose numbers a run remembers."""

Keys = npt.NDArray[np.uint64]

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:]\d+)*|[,.;:?!()$%]")
ENDINGS = (
    "tion sion ment ness ship ance ence ity ism ist able ible ical ally ious eous less ful ive ing ed ly er or al ic "
    "ous ant ent en es s y e"
).split()  # fmt: skip
"""Endings that tell classes of words apart, longer ones first where one ends in another."""
CLASSES = (",", ".", ";", ":", "?", "!", "(", ")", "$", "%", "#", "#4", "#.", "Aa", "AA", "~",
           *(f"~{ending}" for ending in ENDINGS))  # fmt: skip


def written(text: str) -> list[str] | None:
    """The first words of a text with the marks that they are written with; None where it has fewer than LEAST."""
    words = text[: MOST * 10].replace("’", "'").split()
    return words if len(words) >= LEAST or len(text.split(None, LEAST)) >= LEAST else None


def tokenize(text: str) -> list[str] | None:
    """The first words, numbers and marks of a text; None where it has fewer than LEAST words."""
    words = written(text)
    return None if words is None else _TOKEN.findall(" ".join(words))[:MOST]


def masked(token: str) -> str:
    """The class of a word that is not kept."""
    first = token[0]
    if not first.isalpha():
        if not first.isdigit():
            return token
        return ("#4" if len(token) == 4 else "#") if token.isdigit() else "#."
    if first.isupper():
        return "AA" if len(token) > 1 and token.isupper() else "Aa"
    for ending in ENDINGS:
        if token.endswith(ending) and len(token) > len(ending) + 1:
            return f"~{ending}"
    return "~"


def numbering(words: Sequence[str]) -> dict[str, int]:
    """The number of each class and each word kept, from 1."""
    return {word: number for number, word in enumerate((*CLASSES, *words), 1)}


class Numbers(dict[str, bytes]):
    """The numbers of the words and marks written between two spaces, two bytes each; remembered once asked.

    A word that is kept has its own number, another that of its class.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self.words = words

    def __missing__(self, word: str) -> bytes:
        if len(self) > REMEMBERED:
            self.clear()
        known = self.words.get
        tokens = _TOKEN.findall(word)
        numbers = self[word] = array("H", [known(one.lower()) or known(masked(one), 0) for one in tokens]).tobytes()
        return numbers

    def of(self, words: Iterable[str]) -> Keys:
        """The numbers of these words, or of tokens, as many as are read."""
        return np.frombuffer(b"".join(map(self.__getitem__, words)), np.uint16)[:MOST].astype(np.uint64)


def ngrams(numbers: Keys) -> Keys:
    """The keys of all different 1- to 4-grams, in order."""
    shift = np.uint64(BITS)
    parts = [numbers]
    for size in range(1, min(GRAMS, len(numbers))):
        parts.append((parts[-1][:-1] << shift) | numbers[size:])
    grams: Keys = np.concatenate(parts)
    grams.sort()
    # as np.unique does, which is ten times slower where it asks a hash table
    return np.compress(np.append(True, grams[1:] != grams[:-1]), grams)


def logistic(scaled: int) -> float:
    """1 / (1 + exp(-x)) of a fixed-point number, to four places, the same on every machine."""
    table = _logistic()
    place = max(-16 * SCALE, min(16 * SCALE - 1, scaled)) + 16 * SCALE
    step = SCALE // 16
    low, rest = divmod(place, step)
    return (table[low] * (step - rest) + table[low + 1] * rest) // step / 10_000


@cache
def _logistic() -> list[int]:
    """10,000 times the logistic of -16, -15 15/16 ... 16, rounded."""
    return [round(10_000 / (1 + math.exp(-number / 16))) for number in range(-256, 257)]


class Score(Struct, frozen=True):
    """How likely a text is translated, at even odds beforehand; `raw` is the score before it is made a probability.

    `source` is the language it was translated from if it was and one stands out, of those that the weights know.
    """

    probability: float
    raw: int
    source: str | None = None


class Sources(Struct, frozen=True):
    """Weights of each source language, a row each, and by how much the first must lead the second to be named."""

    languages: tuple[str, ...]
    weights: npt.NDArray[np.int8]
    constants: tuple[int, ...]
    unit: int
    lead: int

    def name(self, found: npt.NDArray[np.intp], size: int) -> str | None:
        """The language of a text of so many n-grams, of which these have weights; None where none stands out."""
        sums = self.weights.take(found, 1).sum(axis=1, dtype=np.int64).tolist()
        root = math.isqrt(size * 10_000)
        scores = [one + total * self.unit * 100 // root for one, total in zip(self.constants, sums, strict=True)]
        best, second = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)[:2]
        return self.languages[best] if scores[best] - scores[second] > self.lead else None


class Model(Struct, frozen=True):
    """Numbers of words, sorted keys of n-grams with their weights, and the scale of the probability.

    `weights` are signed bytes of `unit` / SCALE each; the probability is the logistic of `slope` x raw + `bias`.
    """

    numbers: Numbers
    keys: Keys
    weights: npt.NDArray[np.int8]
    unit: int
    constant: int
    slope: int
    bias: int
    sources: Sources | None = None

    def score(self, text: str) -> Score | None:
        """The score of an English text; None for one of too few words."""
        words = written(text)
        if words is None:
            return None
        grams = ngrams(self.numbers.of(words))
        at = np.searchsorted(self.keys, grams)
        at[at == len(self.keys)] = 0
        at = at[self.keys[at] == grams]
        total = int(self.weights[at].sum(dtype=np.int64))
        raw = self.constant + total * self.unit * 100 // math.isqrt(len(grams) * 10_000)
        source = self.sources.name(at, len(grams)) if self.sources else None
        return Score(logistic(raw * self.slope // SCALE + self.bias), raw, source)


@cache
def load(path: Path = WEIGHTS) -> Model:
    """The model as shipped: a line of JSON, little-endian keys of 8 bytes, weights of one byte, a row a source more."""
    data = path.read_bytes()
    end = data.index(b"\n")
    head: dict[str, Any] = json.loads(data[:end])
    size = head["size"]
    keys = np.frombuffer(data, "<u8", size, end + 1).astype(np.uint64)
    weights = np.frombuffer(data, np.int8, -1, end + 1 + 8 * size).reshape(-1, size)
    unit, constant, slope, bias = (int(head[key]) for key in ("unit", "constant", "slope", "bias"))
    told = head["sources"]
    sources = Sources(tuple(told["languages"]), weights[1:], tuple(told["constants"]), told["unit"], told["lead"])
    numbers = Numbers(numbering(head["words"]))
    return Model(numbers, keys, weights[0], unit, constant, slope, bias, sources if len(weights) > 1 else None)


def dump(model: Model, words: Sequence[str], about: str) -> bytes:
    """The file of a model; `words` are those kept, in their order."""
    none = Sources((), np.zeros((0, len(model.keys)), np.int8), (), 1, 0)
    sources = model.sources or none
    head = {
        "about": about, "size": len(model.keys), "unit": model.unit, "constant": model.constant,
        "slope": model.slope, "bias": model.bias, "words": list(words),
        "sources": {"languages": sources.languages, "constants": sources.constants, "unit": sources.unit,
                    "lead": sources.lead},
    }  # fmt: skip
    line = json.dumps(head, ensure_ascii=True, separators=(",", ":"))
    rows = model.weights.tobytes() + sources.weights.tobytes()
    return line.encode() + b"\n" + model.keys.astype("<u8").tobytes() + rows

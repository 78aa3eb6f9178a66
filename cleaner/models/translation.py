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

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

WEIGHTS_PATH = Path(__file__).with_name("translation.weights")

SCORED_LANGUAGE = "en"
"""The language that the weights are for."""

MIN_WORDS, MAX_TOKENS = 150, 680
"""Words without which there is no score; words, numbers and marks that are read: the texts it was measured on have as
many."""

MAX_NGRAM_WORDS = 4
BITS_PER_WORD = 11
"""Bits of a word's number in the key of an n-gram: 2,047 words and classes, four of them in 44 bits."""

FIXED_POINT_ONE = 1 << 12
"""One in the fixed-point numbers of scores and weights."""

YEAR_DIGITS = 4
"""Digits of the numbers that have a class of their own: most of them are years."""

NUMBER_CACHE_SIZE = 50_000
"""Words whose numbers a run remembers."""

Keys = npt.NDArray[np.uint64]

_TOKEN_PATTERN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:]\d+)*|[,.;:?!()$%]")
WORD_ENDINGS = (
    "tion sion ment ness ship ance ence ity ism ist able ible ical ally ious eous less ful ive ing ed ly er or al ic "
    "ous ant ent en es s y e"
).split()
"""Endings that tell classes of words apart, longer ones first where one ends in another."""
WORD_CLASSES = (
    ",",
    ".",
    ";",
    ":",
    "?",
    "!",
    "(",
    ")",
    "$",
    "%",
    "#",
    "#4",
    "#.",
    "Aa",
    "AA",
    "~",
    *(f"~{ending}" for ending in WORD_ENDINGS),
)


def split_words(text: str) -> list[str] | None:
    """The first words of a text with the marks that they are written with; None where it has fewer than MIN_WORDS."""
    words = text[: MAX_TOKENS * 10].replace("’", "'").split()
    return words if len(words) >= MIN_WORDS or len(text.split(None, MIN_WORDS)) >= MIN_WORDS else None


def tokenize_text(text: str) -> list[str] | None:
    """The first words, numbers and marks of a text; None where it has fewer than MIN_WORDS words."""
    words = split_words(text)
    return None if words is None else _TOKEN_PATTERN.findall(" ".join(words))[:MAX_TOKENS]


def derive_word_class(token: str) -> str:
    """The class of a word that is not kept."""
    first = token[0]
    if not first.isalpha():
        if not first.isdigit():
            return token
        return ("#4" if len(token) == YEAR_DIGITS else "#") if token.isdigit() else "#."
    if first.isupper():
        return "AA" if len(token) > 1 and token.isupper() else "Aa"
    for ending in WORD_ENDINGS:
        if token.endswith(ending) and len(token) > len(ending) + 1:
            return f"~{ending}"
    return "~"


def index_words(words: Sequence[str]) -> dict[str, int]:
    """The number of each class and each word kept, from 1."""
    return {word: number for number, word in enumerate((*WORD_CLASSES, *words), 1)}


class WordNumbers(dict[str, bytes]):
    """The numbers of the words and marks written between two spaces, two bytes each; remembered once asked.

    A word that is kept has its own number, another that of its class.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self.words = words

    def __missing__(self, word: str) -> bytes:
        if len(self) > NUMBER_CACHE_SIZE:
            self.clear()
        known = self.words.get
        tokens = _TOKEN_PATTERN.findall(word)
        numbers = self[word] = array(
            "H", [known(one.lower()) or known(derive_word_class(one), 0) for one in tokens]
        ).tobytes()
        return numbers

    def encode_words(self, words: Iterable[str]) -> Keys:
        """The numbers of these words, or of tokens, as many as are read."""
        return np.frombuffer(b"".join(map(self.__getitem__, words)), np.uint16)[:MAX_TOKENS].astype(np.uint64)


def build_ngrams(numbers: Keys) -> Keys:
    """The keys of all different 1- to 4-grams, in order."""
    shift = np.uint64(BITS_PER_WORD)
    parts = [numbers]
    for size in range(1, min(MAX_NGRAM_WORDS, len(numbers))):
        parts.append((parts[-1][:-1] << shift) | numbers[size:])
    grams: Keys = np.concatenate(parts)
    grams.sort()
    # as np.unique does, which is ten times slower where it asks a hash table
    return np.compress(np.append(True, grams[1:] != grams[:-1]), grams)


def compute_logistic(scaled: int) -> float:
    """1 / (1 + exp(-x)) of a fixed-point number, to four places, the same on every machine."""
    table = _build_logistic_table()
    place = max(-16 * FIXED_POINT_ONE, min(16 * FIXED_POINT_ONE - 1, scaled)) + 16 * FIXED_POINT_ONE
    step = FIXED_POINT_ONE // 16
    low, rest = divmod(place, step)
    return (table[low] * (step - rest) + table[low + 1] * rest) // step / 10_000


@cache
def _build_logistic_table() -> list[int]:
    """10,000 times the logistic of -16, -15 15/16 ... 16, rounded."""
    return [round(10_000 / (1 + math.exp(-number / 16))) for number in range(-256, 257)]


class Score(Struct, frozen=True):
    """How likely a text is translated, at even odds beforehand; `raw` is the score before it is made a probability.

    `source` is the language it was translated from if it was and one stands out, of those that the weights know.
    """

    probability: float
    raw: int
    source: str | None = None


class SourceWeights(Struct, frozen=True):
    """Weights of each source language, a row each, and by how much the first must lead the second to be named."""

    languages: tuple[str, ...]
    weights: npt.NDArray[np.int8]
    constants: tuple[int, ...]
    unit: int
    lead: int

    def guess_source(self, found: npt.NDArray[np.intp], size: int) -> str | None:
        """The language of a text of so many n-grams, of which these have weights; None where none stands out."""
        sums = self.weights.take(found, 1).sum(axis=1, dtype=np.int64).tolist()
        root = math.isqrt(size * 10_000)
        scores = [one + total * self.unit * 100 // root for one, total in zip(self.constants, sums, strict=True)]
        best, second = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)[:2]
        return self.languages[best] if scores[best] - scores[second] > self.lead else None


class Model(Struct, frozen=True):
    """Numbers of words, sorted keys of n-grams with their weights, and the scale of the probability.

    `weights` are signed bytes of `unit` / FIXED_POINT_ONE each; the probability is the logistic of `slope` x raw +
    `bias`."""

    numbers: WordNumbers
    keys: Keys
    weights: npt.NDArray[np.int8]
    unit: int
    constant: int
    slope: int
    bias: int
    sources: SourceWeights | None = None

    def score_text(self, text: str) -> Score | None:
        """The score of an English text; None for one of too few words."""
        words = split_words(text)
        if words is None:
            return None
        grams = build_ngrams(self.numbers.encode_words(words))
        at = np.searchsorted(self.keys, grams)
        at[at == len(self.keys)] = 0
        at = at[self.keys[at] == grams]
        total = int(self.weights[at].sum(dtype=np.int64))
        raw = self.constant + total * self.unit * 100 // math.isqrt(len(grams) * 10_000)
        source = self.sources.guess_source(at, len(grams)) if self.sources else None
        return Score(compute_logistic(raw * self.slope // FIXED_POINT_ONE + self.bias), raw, source)


class _SourcesHead(Struct):
    """What the head of a file of weights says of the source languages."""

    languages: tuple[str, ...]
    constants: tuple[int, ...]
    unit: int
    lead: int


class _WeightsHead(Struct):
    """The line of JSON with which a file of weights begins: `size` is the number of n-grams with a weight."""

    about: str
    size: int
    unit: int
    constant: int
    slope: int
    bias: int
    words: tuple[str, ...]
    sources: _SourcesHead


@cache
def load_model(path: Path = WEIGHTS_PATH) -> Model:
    """The model as shipped: a line of JSON, little-endian keys of 8 bytes, weights of one byte, a row a source more."""
    data = path.read_bytes()
    end = data.index(b"\n")
    head = msgspec.json.decode(data[:end], type=_WeightsHead)
    size = head.size
    keys = np.frombuffer(data, "<u8", size, end + 1).astype(np.uint64)
    weights = np.frombuffer(data, np.int8, -1, end + 1 + 8 * size).reshape(-1, size)
    named = head.sources
    sources = SourceWeights(named.languages, weights[1:], named.constants, named.unit, named.lead)
    numbers = WordNumbers(index_words(head.words))
    return Model(
        numbers,
        keys,
        weights[0],
        head.unit,
        head.constant,
        head.slope,
        head.bias,
        sources if len(weights) > 1 else None,
    )


def dump_model(model: Model, words: Sequence[str], about: str) -> bytes:
    """The file of a model; `words` are those kept, in their order."""
    none = SourceWeights((), np.zeros((0, len(model.keys)), np.int8), (), 1, 0)
    sources = model.sources or none
    head = {
        "about": about,
        "size": len(model.keys),
        "unit": model.unit,
        "constant": model.constant,
        "slope": model.slope,
        "bias": model.bias,
        "words": list(words),
        "sources": {
            "languages": sources.languages,
            "constants": sources.constants,
            "unit": sources.unit,
            "lead": sources.lead,
        },
    }
    line = json.dumps(head, ensure_ascii=True, separators=(",", ":"))
    rows = model.weights.tobytes() + sources.weights.tobytes()
    return line.encode() + b"\n" + model.keys.astype("<u8").tobytes() + rows

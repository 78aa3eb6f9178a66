"""Train the weights of the translation score, and say what they are worth on documents they were not trained on.

    python -m cleaner.training.translation GOLD.jsonl.gz ... [--originals PAGES.jsonl.gz ...]
        [--output FILE] [--scores FILE]

GOLD has documents of known origin: {"id", "group", "lang", "source_lang", "label", "text"}, labelled
machine-translation, human-translation or original.  PAGES add originals: {"id", "gold": {"lang", "body"}}.  Figures are
of cross-validation: no document is scored by weights that saw one of its group.  Needs scikit-learn (extra `train`).

Human translations count as not machine: so fewer of them are flagged, and more machine translations.  The same input
gives the same bytes on the same platform; what reads the weights works in integers, and is the same on all.
"""

import argparse
import gzip
import json
import sys
import zlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from cleaner.models.translation import (
    LANGUAGE,
    SCALE,
    WEIGHTS,
    Keys,
    Model,
    Numbers,
    Sources,
    dump,
    ngrams,
    numbering,
    tokenize,
)

WORDS = 1000
"""Words kept, those that stand in most originals: fewer know too little, more would know the topics."""

SIZE, RAREST = 10_000, 5
"""N-grams with a weight, and documents in which one must stand."""

C = 3.0
"""Inverse strength of regularisation; between 1 and 10 the figures differ by less than their error."""

RIGHT = 0.999
"""Share of the source languages named that must be right: strict, for one that was not in training has no row.  Left
out of training in turn, the seven languages were named as another in 0 to 18% of their texts."""

FOLDS = 5
MACHINE, HUMAN, ORIGINAL = "machine-translation", "human-translation", "original"

Floats = npt.NDArray[np.float64]


class Text(Struct, frozen=True):
    """A document of known origin; `pages` says that it is an added original, not one that figures are of."""

    id: str
    group: str
    label: str
    text: str
    tokens: list[str]
    pages: bool
    source: str = ""


class Fitted(Struct, frozen=True):
    """Keys of n-grams and their weights, and the constant."""

    keys: Keys
    weights: Floats
    constant: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, print the figures, write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--originals", nargs="*", type=Path, default=[])
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    parser.add_argument("--scores", type=Path, help="JSON Lines for the cross-validated scores: id, score")
    given = parser.parse_args(arguments)
    texts = [*_gold(given.gold), *_pages(given.originals)]
    labels = np.array([text.label for text in texts])
    figures_of = np.array([not text.pages for text in texts])
    words = _words(texts)
    numbers = Numbers(numbering(words))
    grams = [ngrams(numbers.of(text.tokens)) for text in texts]

    folds = np.array([zlib.crc32(text.group.encode()) % FOLDS for text in texts])
    scores = np.zeros(len(texts))
    for fold in range(FOLDS):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        fitted = _fit([grams[i] for i in inside], labels[inside])
        scores[outside] = [_score(fitted, grams[i]) for i in outside]
        print(f"fold {fold + 1} of {FOLDS}", file=sys.stderr)
    slope, bias = _calibration(scores, labels, figures_of)
    chances = 1 / (1 + np.exp(-(slope * scores + bias)))
    _report(chances, labels, figures_of, texts)
    if given.scores:
        rows = zip(texts, chances.tolist(), strict=True)
        given.scores.write_text("".join(json.dumps({"id": one.id, "score": score}) + "\n" for one, score in rows))

    fitted = _fit(grams, labels)
    unit = float(np.abs(fitted.weights).max()) / 127
    model = Model(
        numbers, fitted.keys, np.rint(fitted.weights / unit).astype(np.int8), max(1, round(unit * SCALE)),
        round(fitted.constant * SCALE), round(slope * SCALE), round(bias * SCALE),
        _sources(fitted.keys, grams, texts),
    )  # fmt: skip
    counts = Counter(labels.tolist())
    about = ", ".join(f"{counts[label]} {label}" for label in (MACHINE, HUMAN, ORIGINAL))
    given.output.write_bytes(dump(model, words, about))
    print(f"{given.output}: {given.output.stat().st_size:,} bytes")
    return 0


# ---------------------------------------------------------------- texts


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _gold(paths: Sequence[Path]) -> Iterator[Text]:
    for path in paths:
        for row in _rows(path):
            tokens = tokenize(row["text"]) if row["lang"] == LANGUAGE else None
            if tokens:
                source = row.get("source_lang") or ""
                yield Text(row["id"], row["group"], row["label"], row["text"], tokens, False, source)


def _pages(paths: Sequence[Path]) -> Iterator[Text]:
    for path in paths:
        for row in _rows(path):
            text = "\n".join(row["gold"].get("body") or ())
            tokens = tokenize(text) if row["gold"].get("lang") == LANGUAGE else None
            if tokens:
                yield Text(row["id"], row["id"], ORIGINAL, text, tokens, True)


def _words(texts: Sequence[Text]) -> list[str]:
    """The words in small letters that stand in most originals."""
    found: Counter[str] = Counter()
    for text in texts:
        if text.label == ORIGINAL:
            found.update({token for token in text.tokens if token[0].isalpha() and token.islower()})
    return sorted(found, key=lambda word: (-found[word], word))[:WORDS]


# ---------------------------------------------------------------- fitting


def _fit(grams: Sequence[Keys], labels: npt.NDArray[np.str_]) -> Fitted:
    """The weights of the SIZE n-grams that matter most; each of the three labels counts the same."""
    keys, counts = np.unique(np.concatenate(grams), return_counts=True)
    often = counts >= RAREST
    keys, counts = keys[often], counts[often]
    shares = np.zeros(len(labels))
    for label in np.unique(labels):
        shares[labels == label] = len(labels) / 2 / np.sum(labels == label)
    target = labels == MACHINE

    def regression(chosen: Keys) -> tuple[Floats, float]:
        made = LogisticRegression(C=C, solver="liblinear", max_iter=200)
        made.fit(_matrix(grams, chosen), target, sample_weight=shares)
        return made.coef_[0], float(made.intercept_[0])

    first, _ = regression(keys)
    best = np.argsort(-np.abs(first) * np.sqrt(counts), kind="stable")[:SIZE]
    chosen = np.sort(keys[best])
    weights, constant = regression(chosen)
    return Fitted(chosen, weights, constant)


def _matrix(grams: Sequence[Keys], keys: Keys) -> sparse.csr_matrix:
    """One row a document: 1 / sqrt(all its n-grams) for each of the keys it has."""
    columns, values, ends = [], [], [0]
    for own in grams:
        at = np.searchsorted(keys, own)
        at[at == len(keys)] = 0
        at = at[keys[at] == own]
        columns.append(at)
        values.append(np.full(len(at), 1 / np.sqrt(len(own))))
        ends.append(ends[-1] + len(at))
    return sparse.csr_matrix((np.concatenate(values), np.concatenate(columns), ends), (len(grams), len(keys)))


def _score(fitted: Fitted, grams: Keys) -> float:
    return float((_matrix([grams], fitted.keys) @ fitted.weights)[0]) + fitted.constant


def _sources(keys: Keys, grams: Sequence[Keys], texts: Sequence[Text]) -> Sources | None:
    """Weights that tell the source languages apart, and the lead above which RIGHT of those named are right."""
    chosen = [i for i, text in enumerate(texts) if text.label != ORIGINAL and text.source]
    truth = np.array([texts[i].source for i in chosen])
    languages = np.unique(truth)
    if len(languages) < 3:
        return None
    rows = _matrix([grams[i] for i in chosen], keys)
    folds = np.array([zlib.crc32(texts[i].group.encode()) % FOLDS for i in chosen])

    def regression(inside: npt.NDArray[np.bool_]) -> LogisticRegression:
        return LogisticRegression(C=100, max_iter=60, class_weight="balanced").fit(rows[inside], truth[inside])

    scores = np.zeros((len(chosen), len(languages)))
    for fold in range(FOLDS):
        scores[folds == fold] = regression(folds != fold).decision_function(rows[folds == fold])
    ordered = np.sort(scores, axis=1)
    leads = ordered[:, -1] - ordered[:, -2]
    right = languages[scores.argmax(axis=1)] == truth
    falling = np.argsort(-leads, kind="stable")
    shares = np.cumsum(right[falling]) / np.arange(1, len(right) + 1)
    named = int(np.flatnonzero(shares >= RIGHT)[-1])
    print(f"source language: named in {(named + 1) / len(right):.2f} of translations, "
          f"right in {shares[named]:.3f} of these")  # fmt: skip
    made = regression(np.ones(len(chosen), np.bool_))
    unit = float(np.abs(made.coef_).max()) / 127
    constants = tuple(round(value * SCALE) for value in made.intercept_.tolist())
    weights = np.rint(made.coef_ / unit).astype(np.int8)
    lead = round(float(leads[falling[named]]) * SCALE)
    return Sources(tuple(languages.tolist()), weights, constants, max(1, round(unit * SCALE)), lead)


def _calibration(scores: Floats, labels: npt.NDArray[np.str_], counted: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and bias that make a score the chance of machine against original, at even odds (Platt 1999)."""
    asked = counted & (labels != HUMAN)
    made = LogisticRegression(C=1e6, class_weight="balanced").fit(scores[asked, None], labels[asked] == MACHINE)
    return float(made.coef_[0, 0]), float(made.intercept_[0])


# ---------------------------------------------------------------- figures


def _auc(positives: Floats, negatives: Floats) -> float:
    ordered = sorted(negatives)
    wins = sum(bisect_left(ordered, p) + bisect_right(ordered, p) for p in positives)
    return wins / 2 / len(positives) / len(ordered)


def _report(
    chances: Floats, labels: npt.NDArray[np.str_], counted: npt.NDArray[np.bool_], texts: Sequence[Text]
) -> None:
    machine, human, original = (chances[counted & (labels == label)] for label in (MACHINE, HUMAN, ORIGINAL))
    print(f"cross-validated over {FOLDS} folds of groups: "
          f"{len(machine)} machine, {len(human)} human, {len(original)} original")  # fmt: skip
    plain = _trivial(texts, labels)
    baseline = plain[counted & (labels == MACHINE)], plain[counted & (labels == ORIGINAL)]
    print(f"AUC machine/original {_auc(machine, original):.4f} (typography and length only {_auc(*baseline):.4f})")
    baseline = baseline[0], plain[counted & (labels == HUMAN)]
    print(f"AUC machine/human    {_auc(machine, human):.4f} (typography and length only {_auc(*baseline):.4f})")
    for rate in (0.01, 0.05):
        threshold = sorted(original, reverse=True)[int(rate * len(original))]
        print(f"at {rate:.0%} of originals (above {threshold:.4f}): machine {np.mean(machine > threshold):.4f}, "
              f"human {np.mean(human > threshold):.4f}, added originals "
              f"{np.mean(chances[~counted] > threshold) if not counted.all() else 0:.4f}")  # fmt: skip
    print(f"calibration error {_ece(machine, original):.4f}")


def _ece(machine: Floats, original: Floats) -> float:
    """Expected calibration error in ten bins, machine and original at even odds."""
    chances = np.concatenate([machine, original])
    truth = np.concatenate([np.ones(len(machine)), np.zeros(len(original))])
    shares = np.concatenate([np.full(len(machine), 0.5 / len(machine)), np.full(len(original), 0.5 / len(original))])
    bins = np.minimum((chances * 10).astype(int), 9)
    return float(sum(abs(np.sum(shares[bins == b] * (chances[bins == b] - truth[bins == b]))) for b in range(10)))


def _trivial(texts: Sequence[Text], labels: npt.NDArray[np.str_]) -> Floats:
    """Cross-validated scores by length and marks alone: the baseline that stands beside every AUC."""
    marks = ",.;:?!()$%\"'-"
    rows = np.array([
        [np.log(len(text.tokens)), *(1000 * text.text.count(mark) / len(text.text) for mark in marks)]
        for text in texts
    ])  # fmt: skip
    rows = (rows - rows.mean(0)) / (rows.std(0) + 1e-9)
    folds = np.array([zlib.crc32(text.group.encode()) % FOLDS for text in texts])
    scores = np.zeros(len(texts))
    for fold in range(FOLDS):
        inside = (folds != fold) & (labels != HUMAN)
        made = LogisticRegression(class_weight="balanced").fit(rows[inside], labels[inside] == MACHINE)
        scores[folds == fold] = made.decision_function(rows[folds == fold])
    return scores


if __name__ == "__main__":
    sys.exit(main())

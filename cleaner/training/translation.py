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
import json
import sys
import zlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypedDict

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from cleaner.models.translation import (
    FIXED_POINT_ONE,
    SCORED_LANGUAGE,
    WEIGHTS_PATH,
    Keys,
    Model,
    SourceWeights,
    WordNumbers,
    build_ngrams,
    dump_model,
    index_words,
    tokenize_text,
)
from cleaner.training.gold import FOLD_COUNT, read_pages, read_rows

VOCABULARY_WORDS = 1000
"""Words kept, those that stand in most originals: fewer know too little, more would know the topics."""

WEIGHTED_NGRAMS, MIN_NGRAM_DOCUMENTS = 10_000, 5
"""N-grams with a weight, and documents in which one must stand."""

INVERSE_REGULARIZATION = 3.0
"""Inverse strength of regularisation; between 1 and 10 the figures differ by less than their error."""

MIN_RIGHT_SHARE = 0.999
"""Share of the source languages named that must be right: strict, for one that was not in training has no row.  Left
out of training in turn, the seven languages were named as another in 0 to 18% of their texts."""

MIN_SOURCE_LANGUAGES = 3
"""Source languages in the gold from which they are told apart."""

FALSE_POSITIVE_RATES = (0.01, 0.05)
"""Shares of originals above whose score the translations found are counted."""

CALIBRATION_BINS = 10
"""Bins of the expected calibration error."""

MAX_BYTE = 127
"""The largest weight as it is written, in a byte with a sign."""

BASELINE_MARKS = ",.;:?!()$%\"'-"
"""Marks whose counts, with the length, make the baseline."""

MACHINE_LABEL, HUMAN_LABEL, ORIGINAL_LABEL = "machine-translation", "human-translation", "original"

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.str_]
Bools = npt.NDArray[np.bool_]


class OriginRow(TypedDict, total=False):
    """A row of GOLD; the source language may be missing."""

    id: str
    group: str
    lang: str
    source_lang: str | None
    label: str
    text: str


class LabelledText(Struct, frozen=True):
    """A document of known origin; `pages` says that it is an added original, not one that figures are of."""

    id: str
    group: str
    label: str
    text: str
    tokens: list[str]
    pages: bool
    source: str = ""


class FittedWeights(Struct, frozen=True):
    """Keys of n-grams and their weights, and the constant."""

    keys: Keys
    weights: Floats
    constant: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, print the figures, write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--originals", nargs="*", type=Path, default=[])
    parser.add_argument("--output", type=Path, default=WEIGHTS_PATH)
    parser.add_argument("--scores", type=Path, help="JSON Lines for the cross-validated scores: id, score")
    given = parser.parse_args(arguments)
    texts = [*_read_gold(given.gold), *_read_originals(given.originals)]
    labels = np.array([text.label for text in texts])
    figures_of = np.array([not text.pages for text in texts])
    words = _choose_words(texts)
    numbers = WordNumbers(index_words(words))
    grams = [build_ngrams(numbers.encode_words(text.tokens)) for text in texts]

    folds = _assign_folds(texts)
    scores = np.zeros(len(texts))
    for fold in range(FOLD_COUNT):
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        fitted = _fit_weights([grams[i] for i in inside], labels[inside])
        scores[outside] = [_score_ngrams(fitted, grams[i]) for i in outside]
        print(f"fold {fold + 1} of {FOLD_COUNT}", file=sys.stderr)
    slope, bias = _fit_calibration(scores, labels, figures_of)
    chances = 1 / (1 + np.exp(-(slope * scores + bias)))
    _print_report(chances, labels, figures_of, texts)
    if given.scores:
        rows = zip(texts, chances.tolist(), strict=True)
        given.scores.write_text("".join(json.dumps({"id": one.id, "score": score}) + "\n" for one, score in rows))

    fitted = _fit_weights(grams, labels)
    unit = float(np.abs(fitted.weights).max()) / MAX_BYTE
    model = Model(
        numbers,
        fitted.keys,
        np.rint(fitted.weights / unit).astype(np.int8),
        max(1, round(unit * FIXED_POINT_ONE)),
        round(fitted.constant * FIXED_POINT_ONE),
        round(slope * FIXED_POINT_ONE),
        round(bias * FIXED_POINT_ONE),
        _fit_sources(fitted.keys, grams, texts),
    )
    counts = Counter(labels.tolist())
    about = ", ".join(f"{counts[label]} {label}" for label in (MACHINE_LABEL, HUMAN_LABEL, ORIGINAL_LABEL))
    given.output.write_bytes(dump_model(model, words, about))
    print(f"{given.output}: {given.output.stat().st_size:,} bytes")
    return 0


# ---------------------------------------------------------------- texts


def _read_gold(paths: Sequence[Path]) -> Iterator[LabelledText]:
    """The documents of known origin in the language that is scored."""
    rows: Iterator[OriginRow] = read_rows(paths)
    for row in (row for row in rows if row["lang"] == SCORED_LANGUAGE):
        if tokens := tokenize_text(row["text"]):
            source = row.get("source_lang") or ""
            yield LabelledText(row["id"], row["group"], row["label"], row["text"], tokens, False, source)


def _read_originals(paths: Sequence[Path]) -> Iterator[LabelledText]:
    """The bodies of pages in that language, each a group of its own."""
    for page in (page for page in read_pages(paths) if page["gold"].get("lang") == SCORED_LANGUAGE):
        text = "\n".join(page["gold"].get("body") or ())
        if tokens := tokenize_text(text):
            yield LabelledText(page["id"], page["id"], ORIGINAL_LABEL, text, tokens, True)


def _assign_folds(texts: Sequence[LabelledText]) -> npt.NDArray[np.int64]:
    """The fold of each text by a checksum of its group: groups are not torn apart, and added texts move no other."""
    return np.array([zlib.crc32(text.group.encode()) % FOLD_COUNT for text in texts])


def _choose_words(texts: Sequence[LabelledText]) -> list[str]:
    """The words in small letters that stand in most originals."""
    found: Counter[str] = Counter()
    for text in texts:
        if text.label == ORIGINAL_LABEL:
            found.update({token for token in text.tokens if token[0].isalpha() and token.islower()})
    return sorted(found, key=lambda word: (-found[word], word))[:VOCABULARY_WORDS]


# ---------------------------------------------------------------- fitting


def _fit_weights(grams: Sequence[Keys], labels: Labels) -> FittedWeights:
    """The weights of the WEIGHTED_NGRAMS n-grams that matter most; each of the three labels counts the same."""
    keys, counts = np.unique(np.concatenate(grams), return_counts=True)
    often = counts >= MIN_NGRAM_DOCUMENTS
    keys, counts = keys[often], counts[often]
    shares = np.zeros(len(labels))
    for label in np.unique(labels):
        shares[labels == label] = len(labels) / 2 / np.sum(labels == label)
    target = labels == MACHINE_LABEL

    def regression(chosen: Keys) -> tuple[Floats, float]:
        """Weights of these n-grams, and the constant, of a logistic regression with machine translation as target."""
        made = LogisticRegression(C=INVERSE_REGULARIZATION, solver="liblinear", max_iter=200)
        made.fit(_build_matrix(grams, chosen), target, sample_weight=shares)
        return made.coef_[0], float(made.intercept_[0])

    first, _ = regression(keys)
    best = np.argsort(-np.abs(first) * np.sqrt(counts), kind="stable")[:WEIGHTED_NGRAMS]
    chosen = np.sort(keys[best])
    weights, constant = regression(chosen)
    return FittedWeights(chosen, weights, constant)


def _build_matrix(grams: Sequence[Keys], keys: Keys) -> sparse.csr_matrix:
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


def _score_ngrams(fitted: FittedWeights, grams: Keys) -> float:
    """The score of one document, in log odds before calibration."""
    return float((_build_matrix([grams], fitted.keys) @ fitted.weights)[0]) + fitted.constant


def _fit_sources(keys: Keys, grams: Sequence[Keys], texts: Sequence[LabelledText]) -> SourceWeights | None:
    """Weights that tell the source languages apart, and the lead above which MIN_RIGHT_SHARE of those named are
    right."""
    chosen = [i for i, text in enumerate(texts) if text.label != ORIGINAL_LABEL and text.source]
    truth = np.array([texts[i].source for i in chosen])
    languages = np.unique(truth)
    if len(languages) < MIN_SOURCE_LANGUAGES:
        return None
    rows = _build_matrix([grams[i] for i in chosen], keys)
    folds = _assign_folds([texts[i] for i in chosen])

    def regression(inside: Bools) -> LogisticRegression:
        """A model of the source language, fitted to these rows; every language counts the same."""
        return LogisticRegression(C=100, max_iter=60, class_weight="balanced").fit(rows[inside], truth[inside])

    scores = np.zeros((len(chosen), len(languages)))
    for fold in range(FOLD_COUNT):
        scores[folds == fold] = regression(folds != fold).decision_function(rows[folds == fold])
    ordered = np.sort(scores, axis=1)
    leads = ordered[:, -1] - ordered[:, -2]
    right = languages[scores.argmax(axis=1)] == truth
    falling = np.argsort(-leads, kind="stable")
    shares = np.cumsum(right[falling]) / np.arange(1, len(right) + 1)
    named = int(np.flatnonzero(shares >= MIN_RIGHT_SHARE)[-1])
    print(
        f"source language: named in {(named + 1) / len(right):.2f} of translations, "
        f"right in {shares[named]:.3f} of these"
    )
    made = regression(np.ones(len(chosen), np.bool_))
    unit = float(np.abs(made.coef_).max()) / MAX_BYTE
    constants = tuple(round(value * FIXED_POINT_ONE) for value in made.intercept_.tolist())
    weights = np.rint(made.coef_ / unit).astype(np.int8)
    lead = round(float(leads[falling[named]]) * FIXED_POINT_ONE)
    return SourceWeights(tuple(languages.tolist()), weights, constants, max(1, round(unit * FIXED_POINT_ONE)), lead)


def _fit_calibration(scores: Floats, labels: Labels, counted: Bools) -> tuple[float, float]:
    """Slope and bias that make a score the chance of machine against original, at even odds (Platt 1999)."""
    asked = counted & (labels != HUMAN_LABEL)
    made = LogisticRegression(C=1e6, class_weight="balanced").fit(scores[asked, None], labels[asked] == MACHINE_LABEL)
    return float(made.coef_[0, 0]), float(made.intercept_[0])


# ---------------------------------------------------------------- figures


def _compute_auc(positives: Floats, negatives: Floats) -> float:
    """The chance that a positive scores above a negative; a tie counts half."""
    ordered = sorted(negatives)
    wins = sum(bisect_left(ordered, p) + bisect_right(ordered, p) for p in positives)
    return wins / 2 / len(positives) / len(ordered)


def _print_report(chances: Floats, labels: Labels, counted: Bools, texts: Sequence[LabelledText]) -> None:
    """Prints how many texts there are, AUC with and without words, what is found at few false positives, calibration.

    `counted` are the texts that figures are of; the others are originals that were added for training.
    """
    machine, human, original = (
        chances[counted & (labels == label)] for label in (MACHINE_LABEL, HUMAN_LABEL, ORIGINAL_LABEL)
    )
    print(
        f"cross-validated over {FOLD_COUNT} folds of groups: "
        f"{len(machine)} machine, {len(human)} human, {len(original)} original"
    )
    plain = _score_baseline(texts, labels)
    baseline = plain[counted & (labels == MACHINE_LABEL)], plain[counted & (labels == ORIGINAL_LABEL)]
    print(
        f"AUC machine/original {_compute_auc(machine, original):.4f} "
        f"(typography and length only {_compute_auc(*baseline):.4f})"
    )
    baseline = baseline[0], plain[counted & (labels == HUMAN_LABEL)]
    print(
        f"AUC machine/human    {_compute_auc(machine, human):.4f} "
        f"(typography and length only {_compute_auc(*baseline):.4f})"
    )
    for rate in FALSE_POSITIVE_RATES:
        threshold = sorted(original, reverse=True)[int(rate * len(original))]
        print(
            f"at {rate:.0%} of originals (above {threshold:.4f}): machine {np.mean(machine > threshold):.4f}, "
            f"human {np.mean(human > threshold):.4f}, added originals "
            f"{np.mean(chances[~counted] > threshold) if not counted.all() else 0:.4f}"
        )
    print(f"calibration error {_compute_ece(machine, original):.4f}")


def _compute_ece(machine: Floats, original: Floats) -> float:
    """Expected calibration error in ten bins, machine and original at even odds."""
    chances = np.concatenate([machine, original])
    truth = np.concatenate([np.ones(len(machine)), np.zeros(len(original))])
    shares = np.concatenate([np.full(len(machine), 0.5 / len(machine)), np.full(len(original), 0.5 / len(original))])
    bins = np.minimum((chances * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    errors = shares * (chances - truth)
    return float(sum(abs(np.sum(errors[bins == b])) for b in range(CALIBRATION_BINS)))


def _score_baseline(texts: Sequence[LabelledText], labels: Labels) -> Floats:
    """Cross-validated scores by length and marks alone: the baseline that stands beside every AUC."""
    rows = np.array(
        [
            [np.log(len(text.tokens)), *(1000 * text.text.count(mark) / len(text.text) for mark in BASELINE_MARKS)]
            for text in texts
        ]
    )
    rows = (rows - rows.mean(0)) / (rows.std(0) + 1e-9)
    folds = _assign_folds(texts)
    scores = np.zeros(len(texts))
    for fold in range(FOLD_COUNT):
        inside = (folds != fold) & (labels != HUMAN_LABEL)
        made = LogisticRegression(class_weight="balanced").fit(rows[inside], labels[inside] == MACHINE_LABEL)
        scores[folds == fold] = made.decision_function(rows[folds == fold])
    return scores


if __name__ == "__main__":
    sys.exit(main())

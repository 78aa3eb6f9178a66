"""langdetect's detector with the very same answers in less time, for where its port to Rust is not installed.

langdetect multiplies the probabilities of 55 languages one by one, some 300 times a text.  Here they stand in one
array; every product, sum and draw of a random number is made in langdetect's own order, so that no bit differs.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, compress, islice
from operator import add, and_, not_
from typing import Protocol

import numpy as np
from langdetect import detector_factory
from langdetect.detector import Detector
from langdetect.lang_detect_exception import ErrorCode, LangDetectException
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

NGRAMS_BETWEEN_CHECKS = 5
"""Letters or runs of letters that langdetect draws between two looks at how sure it is."""

MAX_NGRAM_LETTERS = 3
"""Letters of the longest run that langdetect knows."""

_SPACES = re.compile(" +")
_LATIN = re.compile("[A-z]")
_NON_LATIN = re.compile("[^\\x00-\u02ff]")
"""Latin letters as langdetect counts them, and all that it may count as letters of other scripts, with a few more."""


class Profile(Protocol):
    """A language as langdetect has learnt it: how often each run of letters came, and runs of each length in all."""

    name: str
    freq: dict[str, int]
    n_words: list[int]


class Guess(Protocol):
    """A language as langdetect gives it."""

    lang: str
    prob: float


def detect_langs(text: str, seed: int = 0) -> list[Guess]:
    """What langdetect's `detect_langs` says with this seed; raises `LangDetectException` where it does."""
    detector = _Detector(_load_factory())
    detector.seed = seed
    detector.append(text)
    found: list[Guess] = detector.get_probabilities()
    return found


class _Factory(detector_factory.DetectorFactory):  # type: ignore[misc]
    """langdetect's profiles as a table: a row for each run of letters, a column for each language."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: dict[str, int] = {}
        self._columns: list[tuple[NDArray[np.int32], NDArray[np.float64]]] = []
        self.load_profile(detector_factory.PROFILES_DIRECTORY)
        self.table = np.zeros((len(self.numbers), len(self._columns)))
        for language, (rows, shares) in enumerate(self._columns):
            self.table[rows, language] = shares
        self._columns = []

    def add_profile(self, profile: Profile, index: int, langsize: int) -> None:
        """Takes the runs of a language, and the share of each among runs of its length, as a column of the table."""
        self.langlist.append(profile.name)
        # a space alone, or between two letters, is never asked for
        counts = {
            run: n for run, n in profile.freq.items() if run != " " and (len(run) < MAX_NGRAM_LETTERS or run[1] != " ")
        }
        rows = [self.numbers.setdefault(run, len(self.numbers)) for run in counts]
        shares = [1.0 * count / profile.n_words[len(run) - 1] for run, count in counts.items()]
        self._columns.append((np.array(rows, np.int32), np.array(shares)))


@cache
def _load_factory() -> _Factory:
    """The table of all languages, read once."""
    return _Factory()


class _NormalizationTable(dict[int, str]):
    """Each character in the form in which langdetect compares it."""

    def __missing__(self, code: int) -> str:
        normal: str = NGram.normalize(chr(code))
        self[code] = normal
        return normal


_NORMALIZED_CHARS = _NormalizationTable()


class _Detector(Detector):  # type: ignore[misc]
    """langdetect's detector for one text, with the methods in which it spends its time written anew."""

    def __init__(self, factory: _Factory) -> None:
        super().__init__(factory)
        self._numbers = factory.numbers
        self._table = factory.table

    def append(self, text: str) -> None:
        """Takes the text, without addresses, with Vietnamese letters whole and single spaces."""
        text = NGram.normalize_vi(self.MAIL_RE.sub(" ", self.URL_RE.sub(" ", text)))
        self.text = _SPACES.sub(" ", text[: self.max_text_length])

    def cleaning_text(self) -> None:
        """Leaves out Latin letters where few stand in a text in another script."""
        # it takes Latin letters out of a text that is mostly in other ones, and few are
        if len(_LATIN.findall(self.text)) * 2 < len(_NON_LATIN.findall(self.text)):
            super().cleaning_text()

    def _extract_ngrams(self) -> list[int]:
        """The numbers of the runs of one to three letters that end at each letter, but for those in shouted words."""
        number = self._numbers.get
        text = " " + _SPACES.sub(" ", self.text.translate(_NORMALIZED_CHARS)).lstrip(" ")
        pairs = list(map(add, text, text[1:]))
        triples = chain([""], map(add, pairs, text[2:]))
        ends: Iterable[tuple[int | None, ...]] = zip(
            map(number, text[1:]), map(number, pairs), map(number, triples), strict=False
        )
        capital = list(map(str.isupper, text))
        shouted = list(map(and_, capital, capital[1:]))
        if any(shouted):
            ends = compress(ends, map(not_, shouted))
        return [known for end in ends for known in end if known is not None]

    def _sample_ngrams(self, ngrams: Sequence[int]) -> Iterator[int]:
        """Numbers drawn as `random.choice` draws them."""
        count = len(ngrams)
        size, bits = count.bit_length(), self.random.getrandbits
        while True:
            at = bits(size)
            if at < count:
                yield ngrams[at]

    def _detect_block(self) -> None:
        """Sets `langprob`, the mean probability of each language over `n_trial` rounds of drawing runs of letters.

        In each round the probabilities of all languages are multiplied with their shares of the runs drawn, smoothed
        by a random weight, until one language is nearly sure.  The order of products and sums is langdetect's.
        """
        self.cleaning_text()
        ngrams = self._extract_ngrams()
        if not ngrams:
            raise LangDetectException(ErrorCode.CantDetectError, "No features in text.")
        count = len(self.langlist)
        found = np.zeros(count)
        self.random.seed(self.seed)
        draws = self._sample_ngrams(ngrams)
        # the first row holds the probabilities, the others what they are multiplied with
        rows = np.empty((NGRAMS_BETWEEN_CHECKS + 1, count))
        for _ in range(self.n_trial):
            prob = rows[0]
            prob[:] = 1.0 / count
            weight = (self.alpha + self.random.gauss(0.0, 1.0) * self.ALPHA_WIDTH) / self.BASE_FREQ
            last, more = 0, 1
            while True:
                factors = rows[1 : more + 1]
                self._table.take(list(islice(draws, more)), 0, factors, "clip")
                factors += weight
                product = np.multiply.reduce(rows[: more + 1], 0)
                values = product.tolist()
                total = sum(values)
                np.divide(product, total, prob)
                if max(values) / total > self.CONV_THRESHOLD or last >= self.ITERATION_LIMIT:
                    break
                last, more = last + NGRAMS_BETWEEN_CHECKS, NGRAMS_BETWEEN_CHECKS
            found += prob / self.n_trial
        self.langprob = found.tolist()

"""How like a line is to the examples of rules that are known."""

from collections import defaultdict
from collections.abc import Iterable
from math import log

from cleaner.document import ARTICLE_ROLES
from cleaner.rules.match import RuleSet
from cleaner.text.shape import build_match_key


class RoleLikeness:
    """The role of a line, by the nearest example of the rules of all packs; rare words weigh more than common ones.

    The likeness of two texts is the Dice coefficient of their words, each with its inverse document frequency.
    """

    def __init__(self, rules: RuleSet) -> None:
        """Read the examples and keeps of rules with one pattern that drop lines; what a keep says is article."""
        texts = [
            (role, text)
            for rule in rules.rules
            if rule.classifies and rule.is_single
            for role, some in (
                ("" if rule.roles[0] in ARTICLE_ROLES else rule.roles[0], rule.examples),
                ("", rule.keeps),
            )
            for text in some
        ]
        words = [split_words(text) for _, text in texts]
        self._roles = [role for role, _ in texts]
        self._texts_with: defaultdict[str, list[int]] = defaultdict(list)
        for number, some in enumerate(words):
            for word in some:
                self._texts_with[word].append(number)
        self._unknown_weight = log(len(texts) + 1)
        self._weights = {word: log((len(texts) + 1) / len(where)) for word, where in self._texts_with.items()}
        self._sums = list(map(self._sum_weights, words))

    def __call__(self, line: str) -> tuple[str, float]:
        """The role of the nearest example and its likeness, from 0 to 1; `("", 0.0)` where that is article, or none."""
        words = split_words(line)
        own = self._sum_weights(words)
        shared: defaultdict[int, float] = defaultdict(float)
        for word in words:
            for number in self._texts_with.get(word, ()):
                shared[number] += self._weights[word]
        likeness = {number: 2 * weight / (own + self._sums[number]) for number, weight in shared.items()}
        nearest = max(likeness, key=likeness.__getitem__, default=None)
        if nearest is None or not self._roles[nearest]:
            return "", 0.0
        return self._roles[nearest], likeness[nearest]

    def _sum_weights(self, words: Iterable[str]) -> float:
        """The weight of all these words.  That of a word is the logarithm of how many texts there are for each that
        has it; a word that no text has weighs most."""
        return sum(self._weights.get(word, self._unknown_weight) for word in words)


def split_words(line: str) -> frozenset[str]:
    """The words of a line as they are compared, without numbers."""
    return frozenset(word for word in map(build_match_key, line.split()) if word and not word.isdigit())

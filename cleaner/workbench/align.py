"""What several lines have in common, token by token, and what stands between."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner.workbench.tokens import Token

MAX_TOKEN_WEIGHT = 6
"""Most characters of a token that count when common subsequences are compared: words before signs, but no word alone
before two others."""

MAX_STRAY_CHARS = 4
"""Characters of the longest token that lines may share by chance, such as "the" or a comma."""

STRAY_SIGNS = ",.'\"-"
"""Signs that lines may share by chance; other signs, such as © or :, belong to a template."""

STRAY_ROUNDS = 2
"""How often shared tokens are tested for chance: with one gone, its neighbours stand between gaps too."""

Shared = tuple[Token, ...]
"""A token that all rows have, as each row writes it."""

Gap = list[list[Token]]
"""What stands at one place of each row, where rows differ; empty lists for rows with nothing there."""


def align_rows(rows: Sequence[Sequence[Token]]) -> Iterator[Shared | Gap]:
    """The tokens that all rows share, and between them the gaps where rows differ, in order."""
    texts = [[token.same for token in row] for row in rows]
    common = texts[0]
    for other in texts[1:]:
        common = _find_common_subsequence(common, other)
    for _ in range(STRAY_ROUNDS):
        places = [_find_places(common, row) for row in texts]
        common = [same for i, same in enumerate(common) if not _is_stray(i, same, places)]
    columns = list(zip(*(_find_places(common, row) for row in texts), strict=True))
    for number, (before, here) in enumerate(pairwise(columns)):
        gap = [list(row[first + 1 : last]) for row, first, last in zip(rows, before, here, strict=True)]
        if any(gap):
            yield gap
        if number < len(common):
            yield tuple(row[at] for row, at in zip(rows, here, strict=True))


def _find_places(common: Sequence[str], row: Sequence[str]) -> list[int]:
    """Where a common subsequence stands in a row, each part as early as can be; with -1 and the row's length around."""
    places = [-1]
    for same in common:
        places.append(row.index(same, places[-1] + 1))
    return [*places, len(row)]


def _is_stray(number: int, same: str, places: Sequence[Sequence[int]]) -> bool:
    """Whether a short word or sign that all rows share stands between gaps, and so is shared by chance.

    `number` counts the shared tokens, `places` is `_find_places` of each row.  With one row, nothing is by chance.
    """
    before, after = (any(row[i + 1] > row[i] + 1 for row in places) for i in (number, number + 1))
    short = len(same) <= MAX_STRAY_CHARS and (same.isalnum() or same in STRAY_SIGNS)
    return short and before and after and len(places) > 1


def _find_common_subsequence(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """The common subsequence of most weight, in which longer tokens weigh more."""
    weights = [min(len(text), MAX_TOKEN_WEIGHT) + 1 for text in one]
    # best[i][j]: the most weight that one[i:] and other[j:] have in common
    best = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in reversed(range(len(one))):
        for j in reversed(range(len(other))):
            taken = best[i + 1][j + 1] + weights[i] if one[i] == other[j] else 0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], taken)
    found: list[str] = []
    i = j = 0
    while i < len(one) and j < len(other):
        if one[i] == other[j] and best[i][j] == best[i + 1][j + 1] + weights[i]:
            found.append(one[i])
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return found

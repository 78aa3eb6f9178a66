"""Which line of a text is its title: lines that can be one, each as a row of numbers, and the trees that rank them.

Nothing here knows a word.  What counts is where a line stands before the text, how long it is and how it ends, how much
of it the text says again, and what stands beside it.  Every value is a whole number or one division of two, so that it
is the same to the bit on every platform.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import accumulate, chain, pairwise, takewhile
from math import exp
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cleaner.document import Block
from cleaner.models.features import ROLE_GROUPS, Floats
from cleaner.models.trees import LEAF_SCALE, Trees
from cleaner.text.scripts import HANGUL, UNSPACED
from cleaner.text.shape import (
    BULLET_PREFIXES,
    SENTENCE_CLOSERS,
    build_match_key,
    count_words,
    find_prose_region,
    is_open,
    is_prose,
)

WEIGHTS_PATH = Path(__file__).with_name("titles.npz")
"""The weights that the project ships."""

MIN_TITLE_WORDS, MAX_TITLE_WORDS, MAX_TITLE_CHARS = 2, 32, 220
"""Words and characters of a title."""

MAX_FIRST_CANDIDATES, MAX_NEAR_CANDIDATES, MAX_LATE_LINES = 12, 20, 8
"""Lines that are ranked: the first ones of a document, those nearest before its text, and those in
its first lines."""

MAX_LINES = 400
"""Lines at the beginning of a document that are looked at."""

STEM_LETTERS = 5
"""Letters by which words are compared, and letters of the shortest word that is compared."""

MAX_TEXT_CHARS = 3000
"""Characters of the text in which the words of a title are looked for."""

LEAD_LINES = 3
"""Paragraphs behind a line that take up a title again."""

NEAR_LINES, FAR_LINES, MAX_GAP_LINES = 6, 16, 4
"""Lines around a line that are looked at, and lines without prose that end a run of it."""

MAX_NEAR_CHARS = 100
"""Characters of a neighbour that are looked at for a date or a name."""

MAX_KEYED_CHARS = 300
"""Characters of the longest line in which copies of a title are looked for."""

MIN_COPIED_LETTERS = 8
"""Letters and digits of a line whose copies are counted."""

MIN_LONG_WORDS = 4
"""Words of a line that is no label of a menu."""

SPOKEN_ENDS = frozenset("?!？！" + SENTENCE_CLOSERS)
"""How the first line of a text ends that may be its title though it is a sentence."""

_CLOSED_ENDS = frozenset(".。।۔,;:，；、؛")
_BARS = frozenset("|｜")
END_CACHE_SIZE = 1024
"""Last characters whose class is remembered."""

NEIGHBOURS = {-2: "before_2", -1: "before", 1: "behind", 2: "behind_2", 3: "behind_3"}
"""The lines around a line that are looked at one by one."""

NO_LINE: tuple[float, ...] = (-1, -1, -1, -1)
"""What is seen where the text has no line."""

_LOOKS = ("words", "role", "digits", "capitals")
_NEIGHBOUR_COLUMNS = [f"{look}_{name}" for name in NEIGHBOURS.values() for look in _LOOKS]
_ASCII_OTHERS = bytes(code for code in range(128) if not chr(code).isdigit())
_HANGUL_STEM = re.compile(rf"(?<!\S)[{HANGUL}]{{2}}")
_UNSPACED_RUN = re.compile(f"[{UNSPACED}]{{2,}}")
_ENDS = (str.isalpha, str.isdigit, "?!？！".__contains__, "…".__contains__, SENTENCE_CLOSERS.__contains__)


class TitleSight(NamedTuple):
    """The first lines of a document, up to the first sentence of a long line, as they are looked at for its title.

    `lines` are what the blocks read, or read before they were dropped; `head` is the number of the first line of the
    text, `end` that behind it.
    """

    blocks: Sequence[Block]
    lines: list[str]
    words: list[int]
    prose: list[bool]
    head: int
    end: int


def view_lines(blocks: Sequence[Block]) -> TitleSight:
    """The lines of a document that are looked at; blocks without any text are left out."""
    seen = [block for block in takewhile(_is_line, blocks) if block.line][:MAX_LINES]
    kept = [i for i, block in enumerate(seen) if block.text]
    first, end = find_prose_region([seen[i].text for i in kept])
    lines = [block.line for block in seen]
    head, behind = (kept[first], kept[end - 1] + 1) if end else (len(seen), len(seen))
    return TitleSight(seen, lines, [*map(count_words, lines)], [*map(is_prose, lines)], head, behind)


def _is_line(block: Block) -> bool:
    return block.kind != "sentence"


def find_candidates(sight: TitleSight) -> list[int]:
    """Numbers of the lines that can be the title: the first ones, and those nearest to the beginning of the text; of
    many lines, the shortest are left out.
    """
    stop = min(sight.end, sight.head + 1 + MAX_LATE_LINES, len(sight.lines))
    found = [i for i in range(stop) if _can_be_title(sight, i)]
    if len(found) > MAX_FIRST_CANDIDATES + MAX_NEAR_CANDIDATES:
        found = [i for i in found if sight.words[i] > MIN_TITLE_WORDS]
    head = sum(i <= sight.head for i in found)
    near = max(min(MAX_FIRST_CANDIDATES, head), head - MAX_NEAR_CANDIDATES)
    return found[: min(MAX_FIRST_CANDIDATES, head)] + found[near:]


def _can_be_title(sight: TitleSight, i: int) -> bool:
    """Whether a line can be a title by its length, its first sign and its end; a sentence only as a question, an
    exclamation or a quotation.
    """
    line = sight.lines[i]
    if not MIN_TITLE_WORDS <= sight.words[i] <= MAX_TITLE_WORDS or len(line) > MAX_TITLE_CHARS:
        return False
    if line[-1] in _CLOSED_ENDS or line.startswith(BULLET_PREFIXES):
        return False
    if _is_doubled_caption(sight, i):
        return False
    return (not sight.prose[i] or is_open(line) or line[-1] in SPOKEN_ENDS) and any(map(str.isalpha, line))


def _is_doubled_caption(sight: TitleSight, i: int) -> bool:
    """Whether a line stands twice before the credit of a picture, as a caption and its enlarged copy do."""
    lines, roles = sight.lines, [block.role for block in sight.blocks[i + 1 : i + 3]]
    is_second = i > 0 and lines[i - 1] == lines[i] and roles[:1] == ["credit"]
    return is_second or (lines[i + 1 : i + 2] == [lines[i]] and roles[1:] == ["credit"])


def compute_title_features(sight: TitleSight, candidates: Sequence[int]) -> tuple[Floats, tuple[str, ...]]:
    """A row for each candidate, and the names of the columns."""
    text = TextView(sight, candidates)
    rows = [text.describe(i) for i in candidates]
    ranked = sorted([row["shared"] for row in rows])
    longest = max([row["words"] for row in rows], default=0)
    for at, row in enumerate(rows):
        row["shared_less"] = ranked[-1] - row["shared"]
        row["shared_rank"] = len(rows) - bisect_right(ranked, row["shared"])
        row["words_share"] = row["words"] / longest
        row["number"], row["numbers"] = at, len(rows)
    names = tuple(rows[0]) if rows else ()
    return np.array([[*row.values()] for row in rows], np.float32), names


@lru_cache(END_CACHE_SIZE)
def _tell_end(char: str) -> int:
    """The number of the class of a line's last character."""
    return next((n for n, test in enumerate(_ENDS) if test(char)), len(_ENDS))


def _count_digits(text: str) -> int:
    """Digits of a text; most other characters are ASCII, and bytes lose theirs at once."""
    rest = text.encode("utf-8", "surrogatepass").translate(None, _ASCII_OTHERS).decode("utf-8", "surrogatepass")
    return sum(map(str.isdigit, rest))


class TextView:
    """What is asked about the lines of one text again and again."""

    def __init__(self, sight: TitleSight, candidates: Iterable[int]) -> None:
        self.sight = sight
        prose, lines = sight.prose, sight.lines
        self.is_unspaced = any(sight.words[i] > lines[i].count(" ") + 1 for i in candidates)
        self.said = [0, *accumulate(size * whole for size, whole in zip(sight.words, prose, strict=True))]
        self.long = [0, *accumulate(size >= MIN_LONG_WORDS for size in sight.words)]
        paragraphs = [line for line, whole in zip(lines[sight.head :], prose[sight.head :], strict=True) if whole]
        self.stems = Counter(self.list_stems("\n".join(paragraphs)[:MAX_TEXT_CHARS]))
        self.keys = "\n".join(build_match_key(line) for line in lines if len(line) <= MAX_KEYED_CHARS)
        labels = "\n".join(line for line, whole in zip(lines, prose, strict=True) if not whole)
        self.labels = Counter(labels.casefold().split())
        places = [j if whole else len(lines) for j, whole in enumerate([*prose, False])]
        self.next_prose = [*accumulate(reversed(places), min)][::-1]
        self.leads: dict[int, tuple[set[str], int]] = {}
        outside = *range(min(NEIGHBOURS), 0), *range(len(lines), len(lines) + max(NEIGHBOURS))
        self.looks: dict[int, tuple[float, ...]] = dict.fromkeys(outside, NO_LINE)

    def list_stems(self, text: str) -> list[str]:
        """The beginnings of the longer words of a text, of words in Hangul two syllables; and pairs of characters where
        it does without spaces.
        """
        text = text.casefold()
        stems = [word[:STEM_LETTERS] for word in text.split() if len(word) >= STEM_LETTERS]
        runs = _UNSPACED_RUN.findall(text) if self.is_unspaced else ()
        return stems + _HANGUL_STEM.findall(text) + [pair for run in runs for pair in map("".join, pairwise(run))]

    def look_at(self, i: int) -> tuple[float, ...]:
        """Words of a line, the group of its role, its digits, and the share of its words that begin with a capital, of
        those that begin with a letter; of a long line only its beginning counts.  All are -1 where there is no line.
        """
        if i not in self.looks:
            line = self.sight.lines[i][:MAX_NEAR_CHARS]
            firsts = [word[0] for word in line.split() if word[0].isalpha()]
            capitals = sum(map(str.isupper, firsts)) / max(len(firsts), 1)
            role = ROLE_GROUPS.get(self.sight.blocks[i].role, 0)
            self.looks[i] = self.sight.words[i], role, _count_digits(line), capitals
        return self.looks[i]

    def find_lead(self, i: int) -> tuple[int, set[str], int]:
        """The number of the next line of prose behind a line, the stems of the first paragraphs there, and the words
        of the run of prose that begins there.
        """
        prose, count = self.sight.prose, len(self.sight.prose)
        at = self.next_prose[i + 1]
        if at not in self.leads:
            first = [j for j in range(at, min(count, at + 2 * NEAR_LINES)) if prose[j]][:LEAD_LINES]
            stop, gap = at, 0
            while stop < count and gap < MAX_GAP_LINES:
                gap = 0 if prose[stop] else gap + 1
                stop += 1
            lead = "\n".join(self.sight.lines[j] for j in first)
            self.leads[at] = set(self.list_stems(lead)), self.said[stop] - self.said[at]
        return at, *self.leads[at]

    def describe(self, i: int) -> dict[str, float]:
        """The numbers of one line by their names."""
        sight, count = self.sight, len(self.sight.lines)
        line, size, total = sight.lines[i], sight.words[i], max(self.said[-1], 1)
        key, own, words = build_match_key(line), self.list_stems(line), line.casefold().split()
        behind, lead, run = self.find_lead(i)
        near = sight.words[max(0, i - NEAR_LINES) : i] + sight.words[i + 1 : min(behind, i + 1 + NEAR_LINES)]
        times = [*map(self.stems.__getitem__, own)]
        row: dict[str, float] = {
            "words": size,
            "chars": len(line),
            "stems": len(own),
            "shared": (len(own) - times.count(0)) / (len(own) + 1),
            "shared_lead": sum(map(lead.__contains__, own)) / (len(own) + 1),
            "repeated": sum(times) / (len(own) + 1),
            "line": i,
            "place": i / count,
            "to_head": sight.head - i,
            "to_prose": behind - i,
            "run": run,
            "run_share": run / total,
            "said_before": self.said[i] / total,
            "said_near": self.said[min(count, i + NEAR_LINES)] - self.said[i + 1],
            "said_far": (self.said[min(count, i + FAR_LINES)] - self.said[i + 1]) / total,
            "long_behind": self.long[behind] - self.long[i + 1],
            "long_before": self.long[i] - self.long[max(0, i - NEAR_LINES)],
            "longer_near": len([other for other in near if other > size]),
            "copies": self.keys.count(key) - 1 if len(key) >= MIN_COPIED_LETTERS else -1,
            "labels": sum(map(self.labels.__getitem__, words)) / len(words),
            "end": _tell_end(line[-1]),
            "start": line[0].isalpha() + line[0].islower(),
            "upper": line.isupper(),
            "digits": _count_digits(line) / len(line),
            "bar": not _BARS.isdisjoint(line),
            "colon": ":" in line,
            "prose": sight.prose[i],
            "head": sight.head,
            "lines": count,
            "total": total,
            "gone": not sight.blocks[i].text,
            "capitals": self.look_at(i)[-1],
        }
        beside = [self.look_at(i + j) for j in NEIGHBOURS]
        row.update(zip(_NEIGHBOUR_COLUMNS, chain.from_iterable(beside), strict=True))
        return row


class RankedTitle(NamedTuple):
    """The likeliest title: its block, and its chance to be it."""

    block: Block
    chance: float


def rank_titles(sight: TitleSight) -> RankedTitle | None:
    """The likeliest of the lines that can be the title; None without any."""
    candidates = find_candidates(sight)
    if not candidates:
        return None
    trees, names = load_title_model()
    matrix, found = compute_title_features(sight, candidates)
    if found != names:
        raise ValueError("the weights were trained on other features: run python -m cleaner.training.titles again")
    scores = trees.score_rows(matrix)[:, 0].tolist()
    best = max(range(len(scores)), key=scores.__getitem__)
    return RankedTitle(sight.blocks[candidates[best]], estimate_chance(scores))


def estimate_chance(scores: Sequence[int]) -> float:
    """The chance of the candidate with the highest score to be the title, in hundredths: its share of the odds of all
    candidates and of no title, whose score is 0 (softmax).
    """
    top = max(*scores, 0)
    odds = [exp((score - top) / LEAF_SCALE) for score in (*scores, 0)]
    return round(max(odds[:-1]) / sum(odds), 2)


def explain_choice(blocks: Sequence[Block], start: int, most: int = 5) -> list[tuple[str, float]]:
    """The features that moved the score of the line that begins here most, and by how much in log odds; towards being
    the title is plus.  Nothing for a line that is no candidate.
    """
    sight = view_lines(blocks)
    candidates = find_candidates(sight)
    at = next((n for n, i in enumerate(candidates) if sight.blocks[i].start == start), None)
    if at is None:
        return []
    trees, names = load_title_model()
    return trees.rank_columns(compute_title_features(sight, candidates)[0][at], names, most)


@cache
def load_title_model() -> tuple[Trees, tuple[str, ...]]:
    """The trees that the project ships, and the names of their columns."""
    with np.load(WEIGHTS_PATH, allow_pickle=False) as arrays:
        return Trees.build_from_arrays(dict(arrays), "titles"), tuple(map(str, arrays["features"]))

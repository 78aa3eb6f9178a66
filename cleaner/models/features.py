"""The shape of each line of a document as numbers, the same for every language and script.

Nothing here knows a word: what counts is how long a line is, how it ends, what stands around it, how much of the
page's prose is near, and what the stages before said of its neighbours.  Every value is a whole number or one
division of two, so that it is the same to the bit on every platform; Gaussian weights are whole numbers too.

The features follow Kohlschütter et al., "Boilerplate detection using shallow text features" (2010), and the density
of sentences Weninger et al., "CETR" (2010), smoothed at several widths.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from math import exp
from unicodedata import ucd_3_2_0

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cleaner.document import Block
from cleaner.text.scripts import UNSPACED as UNSPACED_SCRIPTS
from cleaner.text.scripts import list_ranges
from cleaner.text.shape import (
    GAP_COST,
    MAX_LINE_SCORE,
    MIN_LABEL_WORDS,
    MIN_SENTENCE_WORDS,
    OPEN_LINE_SHARE,
    SENTENCE_TERMINATORS,
    find_heaviest_run,
    is_open,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Codes = NDArray[np.uint16] | NDArray[np.uint32]
Column = ArrayLike | tuple[ArrayLike, ArrayLike]
"""A column of the matrix: its numbers, or a part and the whole that it is divided by, each for all lines or one."""

OTHER, SPACE, LOWER, UPPER, LETTER, UNSPACED, DIGIT, MARK, STOP, COMMA, COLON, QUOTE, BRACKET, DASH, BAR = range(15)
"""Classes of characters; those from LOWER to MARK make words."""

CHAR_CLASS_COUNT = 15
"""How many there are; a line and a class make a cell of one table of counts."""

WINDOW_WIDTHS = (2, 6, 15)
"""Standard deviations, in lines, of the Gaussian windows in which prose is summed up."""

MAX_DENSITY_WORDS = 40
"""Words of a sentence above which it adds no more to the density."""

MIN_PROSE_WORDS, MIN_LONG_PROSE_WORDS = 8, 20
"""Words from which a line is prose: one that ends like a sentence, and one that only reads like sentences inside."""

MIN_FLOWING_SPACES = 20
"""Spaces above which a long line is no list of names or figures; three characters without spaces count as one."""

MAX_SMALL_LETTERS = 3
"""Letters of the longest small word."""

BASIC_PLANE = 0x10000
"""Characters of Unicode's basic plane; the others are all taken for its last one."""

HASH_FACTOR, BUCKET_FACTOR, BUCKET_SHIFT = 65_599, 0x9E3779B1, 20
"""The sdbm hash's factor for the letters of a word, and Knuth's for its bucket: the golden ratio times 2 ** 32."""

MAX_DISTANCE_LINES = 99
"""A distance in lines that is not told from longer ones."""

STEM_LETTERS, MIN_WORD_LETTERS = 6, 5
"""Letters by which words are compared, and letters of a word that says something about the subject."""

WORD_BUCKETS = 1 << 14
"""Numbers that stand for words."""

LINE_HEAD_CHARS = 12
"""Characters at the beginning of a line by which lines alike are counted."""

ROLE_GROUPS: dict[str, int] = {
    **dict.fromkeys(("title", "kicker"), 1),
    **dict.fromkeys(("byline", "timestamp", "dateline", "agency", "contributors", "contact"), 2),
    **dict.fromkeys(("caption", "credit", "player", "embed", "fact-box", "pull-quote"), 3),
    **dict.fromkeys(("navigation", "share", "message", "other", "advertisement", "consent"), 4),
    **dict.fromkeys(("related", "promotion", "comments", "tags", "author-note", "about", "copyright"), 5),
}
"""The group of each role of dropped lines, by what it says about the lines beside them."""

GROUP_NAMES = ("title", "about", "picture", "around", "behind")
"""Names of these groups, from 1."""


_LETTER_RANGES = ((0x3400, 0x4DB6), (0x4E00, 0x9FA6), (0xAC00, 0xD7A4))
"""Ideographs and syllables, which need not be asked for one by one."""

_MIXED_RANGES = ((0, 0x3400), (0x9FA6, 0xAC00), (0xF900, BASIC_PLANE))
"""All others but surrogates and private ones, which stay OTHER."""


@cache
def _build_char_tables() -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Class and lower case of every character of the basic plane, by Unicode 3.2, which no Python version changes."""
    category = ucd_3_2_0.category
    by_category = {"Zs": SPACE, "Ll": LOWER, "Lu": UPPER, "Lt": UPPER, "Lo": LETTER, "Lm": LETTER, "Nd": DIGIT}
    by_category |= {"Mn": MARK, "Mc": MARK, "Pd": DASH, "Ps": BRACKET, "Pe": BRACKET, "Pi": QUOTE, "Pf": QUOTE}
    kinds = np.full(BASIC_PLANE, OTHER, np.uint8)
    for first, end in _LETTER_RANGES:
        kinds[first:end] = LETTER
    for first, end in _MIXED_RANGES:
        kinds[first:end] = [by_category.get(category(chr(i)), OTHER) for i in range(first, end)]
    for first, last in list_ranges(UNSPACED_SCRIPTS):
        part = kinds[first : last + 1]
        part[part == LETTER] = UNSPACED
    for chars, kind in (
        (SENTENCE_TERMINATORS, STOP),
        (",;、，،؛；", COMMA),
        (":：", COLON),
        ("\"'”“’‘»«›‹」』", QUOTE),
        ("\t\n", SPACE),
        ("|/>›•·▪■●‣◦→←↑↓▶▼▲✓➤►*｜", BAR),
    ):
        kinds[list(map(ord, chars))] = kind
    fold = np.arange(BASIC_PLANE, dtype=np.uint16)
    for i in np.flatnonzero(kinds == UPPER):
        low = chr(i).lower()
        if low <= "\uffff" and len(low) == 1:
            fold[i] = ord(low)
    return kinds, fold


@cache
def _build_kernel(width: int) -> Ints:
    """A Gaussian window in whole numbers, 1000 in its middle."""
    reach = range(-3 * width, 3 * width + 1)
    return np.array([round(1000 * exp(-0.5 * (i / width) ** 2)) for i in reach], np.int64)


def apply_kernel(weights: Ints, width: int) -> Ints:
    """The weights summed up in a Gaussian window around each place."""
    reach = 3 * width
    # the window is the same from both sides
    return np.correlate(weights, _build_kernel(width), "full")[reach : reach + len(weights)]


def _measure_distances(marked: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """In each row, how many places before each place the last marked one stands, and behind it the next one;
    MAX_DISTANCE_LINES without one, and where it is farther."""
    at = np.arange(marked.shape[1])
    last = np.empty((2, *marked.shape), np.int64)
    last[0] = np.where(marked, at, -MAX_DISTANCE_LINES)
    last[1] = np.where(marked[:, ::-1], at, -MAX_DISTANCE_LINES)
    far = np.minimum(at - np.maximum.accumulate(last, axis=-1), MAX_DISTANCE_LINES)
    return far[0], far[1, :, ::-1]


def _measure_runs(marked: NDArray[np.bool_], at: Ints) -> tuple[Ints, Ints]:
    """Length of the run of places marked alike around each place, and how far in it the place stands."""
    edges = np.flatnonzero(marked[1:] != marked[:-1]) + 1
    bounds = np.array([0, *edges.tolist(), len(marked)])
    sizes = bounds[1:] - bounds[:-1]
    return np.repeat(sizes, sizes), at - np.repeat(bounds[:-1], sizes)


def compute_features(blocks: Sequence[Block], title: str = "") -> tuple[list[int], Floats]:
    """Numbers of the blocks that have text, and a matrix with a row for each of them and a column for each of
    `FEATURE_NAMES`.

    `blocks` are those of the document as the stages before left them, `title` its title as far as known.
    """
    rows = [i for i, block in enumerate(blocks) if block.text]
    if not rows:
        return rows, np.zeros((0, len(FEATURE_NAMES)), np.float32)
    columns = _compute_columns(blocks, rows, title)
    parts, wholes = np.empty((2, len(columns), len(rows)))
    wholes[:] = 1
    for i, column in enumerate(columns.values()):
        if isinstance(column, tuple):
            parts[i], wholes[i] = column
        else:
            parts[i] = column
    return rows, (parts / np.maximum(wholes, 1)).astype(np.float32).T


def _compute_columns(blocks: Sequence[Block], rows: list[int], title: str) -> dict[str, Column]:
    """The columns by their names: numbers, or a part and the whole that it is divided by."""
    n = len(rows)
    own = [blocks[i] for i in rows]
    texts = [block.text for block in own]
    at = np.arange(n)
    # all characters as one array, and counts of each class by line.
    # a line break before each line, and one at the end: so no word stands at either end
    codes = _encode_chars("\n".join(("", *texts, title, "")))
    table, fold = _build_char_tables()
    kinds = table.take(codes)
    spans = np.array([*map(len, texts), len(title) + 1]) + 1
    sizes = spans[:n] - 1
    cells = np.repeat(np.arange(0, (n + 1) * CHAR_CLASS_COUNT, CHAR_CLASS_COUNT), spans)
    cells += kinds
    counts = np.bincount(cells, minlength=(n + 1) * CHAR_CLASS_COUNT).reshape(n + 1, CHAR_CLASS_COUNT)[:n].T
    words = counts[SPACE] + counts[UNSPACED] // 2
    lasts = np.cumsum(spans[:n]) - 1
    first_kind, last_kind = kinds[lasts - sizes + 1], kinds[lasts]
    ends = last_kind == STOP
    for i in np.flatnonzero((last_kind == QUOTE) | (last_kind == BRACKET)).tolist():
        ends[i] = not is_open(texts[i])
    # words: where they begin, how long they are, and the line of each
    is_word = (kinds >= LOWER) & (kinds <= MARK)
    edge = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
    starts = edge[::2]
    lengths = edge[1::2] - starts
    owner = cells[starts] // CHAR_CLASS_COUNT
    opening = kinds[starts]
    # words by what they begin with: others, small ones, with a capital, with a digit
    sorts = np.where(opening == UPPER, 2, np.where(opening == DIGIT, 3, lengths <= MAX_SMALL_LETTERS))
    tally = np.bincount(owner * 4 + sorts, minlength=(n + 1) * 4).reshape(n + 1, 4)[:n].T
    _, small, capitals, numbers = tally
    tokens = tally.sum(axis=0)
    letters = counts[LOWER] + counts[UPPER] + counts[LETTER] + counts[UNSPACED]

    # a long line without a stop at its end is prose if it reads like sentences inside
    flowing = counts[SPACE] + counts[UNSPACED] // 3 > MIN_FLOWING_SPACES
    open_prose = (words >= MIN_LONG_PROSE_WORDS) & (counts[STOP] > 0) & (2 * capitals <= tokens) & flowing
    prose = (ends & (words >= MIN_PROSE_WORDS)) | open_prose
    most = np.minimum(words, MAX_DENSITY_WORDS)
    weight = np.where(ends, most, most // 3) * prose

    region_first, region_end = _find_region(ends, words, open_prose)
    inside = (at >= region_first) & (at < region_end)
    # the title is one line more
    held = np.zeros((3, n + 1), bool)
    held[0, n], held[1, :n], held[2, :n] = True, prose, prose & inside
    shared, whole = _count_shared_words(codes, kinds, fold, starts, lengths, owner, held)

    # lines that read alike, or begin alike
    heads = [text[:LINE_HEAD_CHARS] for text in texts]
    seen = Counter(texts + [block.dropped for block in blocks if block.dropped])

    # the words of prose at their places among all lines, and before each line
    index = np.array(rows)
    spread = np.zeros(len(blocks), np.int64)
    spread[index] = weight
    before = np.cumsum(weight) - weight
    total = before[-1] + weight[-1]

    # the group of each dropped line: what the stages before took for title, byline, picture, …
    group = np.array([0 if block.text else ROLE_GROUPS.get(block.role, 4 if block.dropped else 0) for block in blocks])
    dropped = (group > 0).astype(np.int64)
    # prose among the lines that have text, the sides among all
    marked = np.zeros((len(GROUP_NAMES) + 1, len(blocks)), bool)
    marked[0, :n] = prose
    np.equal(group, np.arange(1, len(GROUP_NAMES) + 1)[:, None], out=marked[1:])
    since, until = _measure_distances(marked)
    # behind the line itself, not at it
    nearest_before, nearest_after = np.full((2, n), MAX_DISTANCE_LINES)
    nearest_before[1:], nearest_after[:-1] = since[0, : n - 1] + 1, until[0, 1:n] + 1
    run, run_at = _measure_runs(prose, at)
    # the median words of prose, and the run of lines alike around each line
    in_prose = sorted(words[prose].tolist())
    usual = in_prose[len(in_prose) // 2] if in_prose else 0
    # two lines before and two behind each line, nothing where the page ends
    beside = np.full((4, n + 4), -1)
    labelled = [block.role != "" for block in own]
    beside[:, 2:-2] = words, ends, capitals * 100 // np.maximum(tokens, 1), labelled
    before_2, before_1, after_1, after_2 = (beside[:, i : i + n] for i in (0, 1, 3, 4))

    out: dict[str, Column] = {
        # the line itself
        "words": words,
        "chars": sizes,
        "letters": (letters, sizes),
        "word_length": (letters, tokens),
        "first": first_kind,
        "last": last_kind,
        "ends": ends,
        "prose": prose,
        "capitals": (capitals, tokens),
        "upper": (counts[UPPER], letters),
        "numbers": (numbers, tokens),
        "digits": counts[DIGIT],
        "small": (small, tokens),
        "stops": counts[STOP],
        "stops_share": (counts[STOP], words),
        "commas": counts[COMMA],
        "commas_share": (counts[COMMA], words),
        "colons": counts[COLON],
        "quotes": counts[QUOTE],
        "brackets": counts[BRACKET],
        "dashes": counts[DASH],
        "bars": counts[BAR],
        "others": counts[OTHER],
        "signs": (counts[BAR] + counts[OTHER] + counts[BRACKET] + counts[DASH], sizes),
        "usual": (words, usual),
        "flat": [block.kind == "sentence" for block in own],
        "unspaced": counts[UNSPACED] > 0,
        # copies and likeness
        "copies": [*map(seen.__getitem__, texts)],
        "alike": [*map(Counter(heads).__getitem__, heads)],
        "in_title": (shared[0], whole),
        "elsewhere": (shared[1], whole),
        "in_region": (shared[2], whole),
        # place
        "relative": (index, len(blocks)),
        "from_region": np.minimum(np.maximum(at - region_first, -MAX_DISTANCE_LINES), MAX_DISTANCE_LINES),
        "to_region_end": np.minimum(np.maximum(region_end - at, -MAX_DISTANCE_LINES), MAX_DISTANCE_LINES),
        "prose_before": (before, total),
        "prose_after": (total - before - weight, total),
        # around
        "nearest_before": nearest_before,
        "nearest_after": nearest_after,
        "run": run,
        "run_at": run_at,
        "run_left": run - run_at,
        "short": apply_kernel((~prose).astype(np.int64), 2),
        "words_before": before_1[0],
        "words_after": after_1[0],
        "words_before_2": before_2[0],
        "words_after_2": after_2[0],
        "ends_before": before_1[1],
        "ends_after": after_1[1],
        "capitals_before": before_1[2],
        "capitals_after": after_1[2],
        "labelled_before": before_1[3],
        "labelled_after": after_1[3],
    }
    for width in WINDOW_WIDTHS:
        density = apply_kernel(spread, width)
        out[f"dense_{width}"] = density[index], density.max()
    kept = apply_kernel(weight, 6)
    out["kept_6"] = kept, kept.max()
    article = apply_kernel(weight * inside, 6)
    out["region_6"] = article, article.max()
    # what the stages before said
    around = np.zeros(len(blocks) + 2, np.int64)
    around[1:-1] = group
    out["group_before"], out["group_after"] = around[index], around[index + 2]
    out["gone_6"] = apply_kernel(dropped, 6)[index]
    out["gone_2"] = apply_kernel(dropped, 2)[index]
    for name, past, coming in zip(GROUP_NAMES, since[1:, index], until[1:, index], strict=True):
        out[f"since_{name}"], out[f"until_{name}"] = past, coming
    return out


def _encode_chars(text: str) -> Codes:
    """The number of each character; those outside the basic plane are all taken for its last one."""
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.dtype("<u2"))
    if len(codes) == len(text):
        return codes
    return np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4")), BASIC_PLANE - 1)


def _find_region(ends: NDArray[np.bool_], words: Ints, open_prose: NDArray[np.bool_]) -> tuple[int, int]:
    """The region of prose, much as `text.shape.find_prose_region` finds it; the model was trained on the differences.

    A long line without an end counts only where it reads like sentences inside (`open_prose`), of two runs with the
    same sum the first is taken, and words and ends come from the table of characters.  Weights are tenths of words.
    """
    whole = ends & (words >= MIN_LABEL_WORDS)
    ended = np.minimum(words, MAX_LINE_SCORE) * 10 * (words >= MIN_SENTENCE_WORDS)
    unended = np.where(open_prose, words * int(10 * OPEN_LINE_SHARE), -10 * GAP_COST)
    weights = np.where(whole, ended, unended)
    return find_heaviest_run(weights.tolist(), is_longest=False)


def _count_shared_words(
    codes: Codes,
    kinds: NDArray[np.uint8],
    fold: NDArray[np.uint16],
    starts: Ints,
    lengths: Ints,
    owner: Ints,
    held: NDArray[np.bool_],
) -> tuple[Ints, Ints]:
    """How many of each line's longer words stand in other lines of those that each row of `held` marks; and how many it
    has.

    Words are compared by their first letters in lower case; a script without spaces by pairs of characters.
    """
    sets, lines = held.shape
    unspaced = kinds == UNSPACED
    long = (lengths >= MIN_WORD_LETTERS) & ~unspaced[starts]
    line: Ints = owner[long]
    stems = fold.take(codes.take(starts[long] + np.arange(STEM_LETTERS)[:, None], mode="clip")).astype(np.int64)
    stems[MIN_WORD_LETTERS:][lengths[long] <= np.arange(MIN_WORD_LETTERS, STEM_LETTERS)[:, None]] = 0
    form = stems[0]
    for letter in stems[1:]:
        form = form * HASH_FACTOR + letter
    if unspaced.any():
        pairs = np.flatnonzero(unspaced[:-1] & unspaced[1:])
        # which line a pair stands in: that of the word that holds it
        holder = np.searchsorted(starts, pairs, "right") - 1
        form = np.concatenate((form, fold[codes[pairs]].astype(np.int64) * HASH_FACTOR + fold[codes[pairs + 1]]))
        line = np.concatenate((line, owner[holder]))
    # words of one bucket are taken for the same: rare enough not to matter
    words = np.sort(((form * BUCKET_FACTOR >> BUCKET_SHIFT) & (WORD_BUCKETS - 1)) << 32 | line)
    words = words[_mark_changes(words)]
    line = words & 0xFFFFFFFF
    # numbered anew without gaps, and for each set
    size, set_of = len(words) + 1, np.arange(sets)[:, None]
    number = np.cumsum(_mark_changes(words >> 32), dtype=np.int64) + set_of * size
    own = held[:, line]
    shared = np.bincount(number[own], minlength=sets * size)[number] > own
    found = np.bincount((line + set_of * lines)[shared], minlength=sets * lines).reshape(sets, lines)
    return found[:, :-1], np.bincount(line, minlength=lines)[:-1]


def _mark_changes(values: Ints) -> NDArray[np.bool_]:
    """Which of these sorted values differ from the one before."""
    fresh = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=fresh[1:])
    return fresh


FEATURE_NAMES: tuple[str, ...] = ()
FEATURE_NAMES = tuple(_compute_columns([Block(0, 1, "x")], [0], ""))

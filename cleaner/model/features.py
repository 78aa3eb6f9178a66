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
from typing import Any
from unicodedata import ucd_3_2_0

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Block
from cleaner.prose import CLOSERS, STOPS

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

OTHER, SPACE, LOWER, UPPER, LETTER, UNSPACED, DIGIT, MARK, STOP, COMMA, COLON, QUOTE, BRACKET, DASH, BAR = range(15)
"""Classes of characters; those from LOWER to MARK make words."""

CLASSES = 15

WIDTHS = (2, 6, 15)
"""Standard deviations, in lines, of the Gaussian windows in which prose is summed up."""

CROWD = 40
"""Words of a sentence above which it adds no more to the density."""

FAR = 99
"""A distance in lines that is not told from longer ones."""

STEM, LONG_WORD = 6, 5
"""Letters by which words are compared, and letters of a word that says something about the subject."""

BUCKETS = 1 << 14
"""Numbers that stand for words."""

HEAD = 12
"""Characters at the beginning of a line by which lines alike are counted."""

GROUPS: dict[str, int] = {
    **dict.fromkeys(("title", "kicker"), 1),
    **dict.fromkeys(("byline", "timestamp", "dateline", "agency", "contributors", "contact"), 2),
    **dict.fromkeys(("caption", "credit", "player", "embed", "fact-box", "pull-quote"), 3),
    **dict.fromkeys(("navigation", "share", "message", "other", "advertisement", "consent"), 4),
    **dict.fromkeys(("related", "promotion", "comments", "tags", "author-note", "about", "copyright"), 5),
}
"""What the roles of dropped lines tell about their neighbours."""

SIDES = ("title", "about", "picture", "around", "behind")
"""Names of these groups, from 1."""

_UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF))


@cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Class and lower case of every character of the basic plane, by Unicode 3.2, which no Python version changes."""
    category = ucd_3_2_0.category
    by_category = {"Zs": SPACE, "Ll": LOWER, "Lu": UPPER, "Lt": UPPER, "Lo": LETTER, "Lm": LETTER, "Nd": DIGIT}
    by_category |= {"Mn": MARK, "Mc": MARK, "Pd": DASH, "Ps": BRACKET, "Pe": BRACKET, "Pi": QUOTE, "Pf": QUOTE}
    kinds = np.fromiter((by_category.get(category(chr(i)), OTHER) for i in range(0x10000)), np.uint8, 0x10000)
    for first, last in _UNSPACED:
        part = kinds[first : last + 1]
        part[part == LETTER] = UNSPACED
    for chars, kind in ((STOPS, STOP), (",;、，،؛；", COMMA), (":：", COLON),
                        ("\"'”“’‘»«›‹」』", QUOTE), ("\t\n", SPACE), ("|/>›•·▪■●‣◦→←↑↓▶▼▲✓➤►*｜", BAR)):  # fmt: skip
        kinds[[ord(char) for char in chars]] = kind
    fold = np.arange(0x10000, dtype=np.uint16)
    for i in np.flatnonzero(kinds == UPPER):
        low = chr(i).lower()
        if len(low) == 1 and ord(low) < 0x10000:
            fold[i] = ord(low)
    return kinds, fold


@cache
def _kernel(width: int) -> Ints:
    """A Gaussian window in whole numbers, 1000 in its middle."""
    reach = range(-3 * width, 3 * width + 1)
    return np.array([round(1000 * exp(-0.5 * (i / width) ** 2)) for i in reach], np.int64)


def smoothed(weights: Ints, width: int) -> Ints:
    """The weights summed up in a Gaussian window around each place."""
    reach = 3 * width
    return np.convolve(weights, _kernel(width))[reach : reach + len(weights)]


def _since(marked: NDArray[np.bool_], at: Ints) -> Ints:
    """In each row, how many places before each place the last marked one stands, and FAR without one."""
    last = np.maximum.accumulate(np.where(marked, at, -FAR), axis=-1)
    last -= at
    return np.minimum(np.negative(last, out=last), FAR, out=last)


def _until(marked: NDArray[np.bool_], at: Ints) -> Ints:
    """The same for the next marked one."""
    return _since(marked[..., ::-1], at)[..., ::-1]


def _runs(marked: NDArray[np.bool_], at: Ints) -> tuple[Ints, Ints]:
    """Length of the run of places marked alike around each place, and how far in it the place stands."""
    change = np.empty(len(marked), bool)
    change[0] = True
    np.not_equal(marked[1:], marked[:-1], out=change[1:])
    number = np.cumsum(change) - 1
    return np.bincount(number)[number], at - np.flatnonzero(change)[number]


def _share(part: Any, whole: Any) -> Any:
    return part / np.maximum(whole, 1)


def features(blocks: Sequence[Block], title: str = "") -> tuple[list[int], Floats]:
    """Numbers of the blocks that have text, and a matrix with a row for each of them and a column for each of `NAMES`.

    `blocks` are those of the document as the stages before left them, `title` its title as far as known.
    """
    rows = [i for i, block in enumerate(blocks) if block.text]
    if not rows:
        return rows, np.zeros((0, len(NAMES)), np.float32)
    columns = _columns(blocks, rows, title)
    return rows, np.array(list(columns.values()), np.float32).T


def _columns(blocks: Sequence[Block], rows: list[int], title: str) -> dict[str, Any]:
    n = len(rows)
    texts = [blocks[i].text for i in rows]
    at = np.arange(n)
    joined = "\n".join((*texts, title))
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")
    codes = np.minimum(codes, 0xFFFF)
    table, fold = _tables()
    kinds = table[codes]
    sizes = np.fromiter(map(len, texts), np.int64, n)
    firsts = np.zeros(n + 1, np.int64)
    np.cumsum(sizes + 1, out=firsts[1:])
    line = np.repeat(np.arange(n + 1), np.append(sizes + 1, len(title)))
    counts = np.bincount(line * CLASSES + kinds, minlength=(n + 1) * CLASSES).reshape(n + 1, CLASSES)[:n].T
    spaces = counts[SPACE] - 1
    words = spaces + 1 + counts[UNSPACED] // 2
    lasts = firsts[1:] - 2
    first_kind, last_kind = kinds[firsts[:-1]], kinds[lasts]
    ends = last_kind == STOP
    closed = ~ends & ((last_kind == QUOTE) | (last_kind == BRACKET))
    for i in np.flatnonzero(closed):
        bare = texts[i].rstrip(CLOSERS)
        ends[i] = bare != "" and bare[-1] in STOPS
    is_word = (kinds >= LOWER) & (kinds <= MARK)
    edge = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
    if is_word[0]:
        edge = np.concatenate(([0], edge))
    if is_word[-1]:
        edge = np.append(edge, len(kinds))
    starts, stops = edge[::2], edge[1::2]
    lengths = stops - starts
    owner = line[starts]
    opening = kinds[starts]
    capitals = np.bincount(owner[opening == UPPER], minlength=n + 1)[:n]
    numbers = np.bincount(owner[opening == DIGIT], minlength=n + 1)[:n]
    small = np.bincount(owner[(lengths <= 3) & (opening != UPPER) & (opening != DIGIT)], minlength=n + 1)[:n]
    tokens = np.bincount(owner, minlength=n + 1)[:n]
    letters = counts[LOWER] + counts[UPPER] + counts[LETTER] + counts[UNSPACED]

    # a long line without a stop at its end is prose if it reads like sentences inside
    open_prose = (words >= 20) & (counts[STOP] > 0) & (2 * capitals <= tokens) & (spaces + counts[UNSPACED] // 3 >= 20)
    prose = (ends & (words >= 8)) | open_prose
    weight = np.where(prose, np.where(ends, np.minimum(words, CROWD), np.minimum(words, CROWD) // 3), 0)

    region_first, region_end = _region(ends, words, open_prose)
    inside = (at >= region_first) & (at < region_end)
    in_title, elsewhere, in_region = _vocabulary(codes, kinds, fold, starts, lengths, owner, n, prose, prose & inside)

    seen = Counter(texts)
    heads = Counter(text[:HEAD] for text in texts)
    gone = Counter(block.dropped for block in blocks if block.dropped)
    copies = np.fromiter((seen[text] + gone[text] for text in texts), np.int64, n)
    alike = np.fromiter((heads[text[:HEAD]] for text in texts), np.int64, n)

    index = np.array(rows)
    whole = np.zeros(len(blocks), np.int64)
    whole[index] = weight
    total = int(weight.sum())
    before = np.cumsum(weight) - weight

    group = np.fromiter((0 if block.text else GROUPS.get(block.role, 4 if block.dropped else 0) for block in blocks),
                        np.int64, len(blocks))  # fmt: skip
    place = np.arange(len(blocks))
    dropped = (group > 0).astype(np.int64)
    labelled = np.fromiter((blocks[i].role != "" for i in rows), np.int64, n)
    flat = np.fromiter((blocks[i].kind == "sentence" for i in rows), np.int64, n)
    run, run_at = _runs(prose, at)
    long_before, long_after = _since(prose, at), _until(prose, at)
    # behind the line itself, not at it
    nearest_before = np.where(at > 0, np.concatenate(([FAR], long_before[:-1])) + 1, FAR)
    nearest_after = np.where(at < n - 1, np.concatenate((long_after[1:], [FAR])) + 1, FAR)
    short = smoothed((~prose).astype(np.int64), 2)
    usual = int(np.sort(words[prose])[prose.sum() // 2]) if prose.any() else 0
    # two lines before and two behind each line, nothing where the page ends
    beside = np.full((4, n + 4), -1, np.int64)
    beside[:, 2:-2] = words, ends, capitals * 100 // np.maximum(tokens, 1), labelled
    before_2, before_1, after_1, after_2 = (beside[:, i : i + n] for i in (0, 1, 3, 4))

    out: dict[str, Any] = {
        # the line itself
        "words": words, "chars": sizes, "letters": _share(letters, sizes), "word_length": _share(letters, tokens),
        "first": first_kind, "last": last_kind, "ends": ends, "prose": prose,
        "capitals": _share(capitals, tokens), "upper": _share(counts[UPPER], letters),
        "numbers": _share(numbers, tokens), "digits": counts[DIGIT], "small": _share(small, tokens),
        "stops": counts[STOP], "stops_share": _share(counts[STOP], words), "commas": counts[COMMA],
        "commas_share": _share(counts[COMMA], words), "colons": counts[COLON], "quotes": counts[QUOTE],
        "brackets": counts[BRACKET], "dashes": counts[DASH], "bars": counts[BAR], "others": counts[OTHER],
        "signs": _share(counts[BAR] + counts[OTHER] + counts[BRACKET] + counts[DASH], sizes),
        "usual": _share(words, usual), "flat": flat, "unspaced": counts[UNSPACED] > 0,
        # copies and likeness
        "copies": copies, "alike": alike, "in_title": in_title, "elsewhere": elsewhere, "in_region": in_region,
        # place
        "relative": _share(index, len(blocks)), "from_region": np.clip(at - region_first, -FAR, FAR),
        "to_region_end": np.clip(region_end - at, -FAR, FAR),
        "prose_before": _share(before, total), "prose_after": _share(total - before - weight, total),
        # around
        "nearest_before": nearest_before, "nearest_after": nearest_after, "run": run, "run_at": run_at,
        "run_left": run - run_at, "short": short,
        "words_before": before_1[0], "words_after": after_1[0],
        "words_before_2": before_2[0], "words_after_2": after_2[0],
        "ends_before": before_1[1], "ends_after": after_1[1],
        "capitals_before": before_1[2], "capitals_after": after_1[2],
        "labelled_before": before_1[3], "labelled_after": after_1[3],
    }  # fmt: skip
    for width in WIDTHS:
        density = smoothed(whole, width)
        out[f"dense_{width}"] = _share(density[index], int(density.max()))
    kept = smoothed(weight, 6)
    out["kept_6"] = _share(kept, int(kept.max()))
    own = smoothed(np.where(inside, weight, 0), 6)
    out["region_6"] = _share(own, int(own.max()))
    # what the stages before said
    around = np.zeros(len(blocks) + 2, np.int64)
    around[1:-1] = group
    out["group_before"], out["group_after"] = around[index], around[index + 2]
    out["gone_6"] = smoothed(dropped, 6)[index]
    out["gone_2"] = smoothed(dropped, 2)[index]
    marked = group == np.arange(1, len(SIDES) + 1)[:, None]
    for name, since, until in zip(SIDES, _since(marked, place)[:, index], _until(marked, place)[:, index], strict=True):
        out[f"since_{name}"], out[f"until_{name}"] = since, until
    return out


def _region(ends: NDArray[np.bool_], words: Ints, open_prose: NDArray[np.bool_]) -> tuple[int, int]:
    """`prose.region` of all lines at once."""
    weight = np.where(
        ends & (words >= 8),
        np.minimum(words, CROWD) * 10,
        np.where(open_prose, words * 3, np.where(ends & (words >= 3), 0, -90)),
    )
    sums = np.concatenate(([0], np.cumsum(weight)))
    lowest = np.minimum.accumulate(sums)
    gains = sums[1:] - lowest[:-1]
    end = int(np.argmax(gains))
    if gains[end] <= 0:
        return 0, 0
    return int(np.flatnonzero(sums[: end + 1] == lowest[end])[-1]), end + 1


def _vocabulary(
    codes: Any, kinds: Any, fold: Any, starts: Ints, lengths: Ints, owner: Ints, n: int, prose: Any, main: Any
) -> tuple[Any, Any, Any]:
    """Share of each line's longer words that are in the title, in other lines of prose, and in others of the article.

    Words are compared by their first letters in lower case; a script without spaces by pairs of characters.
    """
    long = lengths >= LONG_WORD
    unspaced = kinds == UNSPACED
    long &= ~unspaced[starts]
    at, size, line = starts[long], np.minimum(lengths[long], STEM), owner[long]
    low = fold[codes].astype(np.int64)
    padded = np.concatenate((low, np.zeros(STEM, np.int64)))
    form = padded[at]
    for i in range(1, STEM):
        form = form * 65599 + np.where(size > i, padded[at + i], 0)
    if unspaced.any():
        pairs = np.flatnonzero(unspaced[:-1] & unspaced[1:])
        # which line a pair stands in: that of the word that holds it
        holder = np.searchsorted(starts, pairs, "right") - 1
        form = np.concatenate((form, padded[pairs] * 65599 + padded[pairs + 1]))
        line = np.concatenate((line, owner[holder]))
    if not len(form):
        nothing = np.zeros(n)
        return nothing, nothing, nothing
    # words of one bucket are taken for the same: rare enough not to matter
    number = (form * 0x9E3779B1 >> 20) & (BUCKETS - 1)
    both = np.sort(number * (n + 1) + line)
    fresh = np.empty(len(both), bool)
    fresh[0] = True
    np.not_equal(both[1:], both[:-1], out=fresh[1:])
    number, line = np.divmod(both[fresh], n + 1)
    titled = np.zeros(BUCKETS, bool)
    titled[number[line == n]] = True
    whole = np.maximum(np.bincount(line, minlength=n + 1)[:n], 1)
    shares = [np.bincount(line[titled[number]], minlength=n + 1)[:n] / whole]
    for marked in (prose, main):
        held = np.append(marked, False)[line]
        lines = np.bincount(number[held], minlength=BUCKETS)
        shares.append(np.bincount(line[lines[number] > held], minlength=n + 1)[:n] / whole)
    return shares[0], shares[1], shares[2]


NAMES: tuple[str, ...] = ()
NAMES = tuple(_columns([Block(0, 1, "x")], [0], ""))

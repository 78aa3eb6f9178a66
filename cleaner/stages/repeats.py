"""What an article says twice: pull quotes, and a second copy of the whole body, as pages hold one for phones.

The stage asks what stays when all others are done, so that menus and teasers that repeat a line count for nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, compress, count, islice, pairwise
from operator import attrgetter

from cleaner.document import Block, Document, Edit
from cleaner.text.shape import build_match_key, count_words, is_prose

RULES = {
    "repeats.body": "A line of a second copy of the body.",
    "repeats.pull-quote": "A line set apart that repeats a part of a paragraph.",
}

CONFIDENCE = 0.85
"""Of all edits of this stage."""

MIN_COPIED_PARAGRAPHS = 3
"""Paragraphs in a row, in the order of the first ones, that make a second copy: fewer are a refrain, or a slip."""

HEAD_LETTERS = 8
"""Letters with which a line begins that are compared first."""

MIN_COPY_SHARE = 0.4
"""Share of all words in paragraphs that a copy has at least: half of them where it is whole, and a box of background
that stands twice is less."""

MIN_QUOTE_WORDS, MIN_NAMED_QUOTE_WORDS, MIN_BARE_QUOTE_WORDS, MAX_QUOTE_WORDS = 4, 2, 7, 40
"""Words of a pull quote: in an element of quotes, in one named so, in a plain line (shorter ones are crossheads), and
at most."""

MIN_SPARE_WORDS = 2
"""Words that the paragraph has more than its pull quote: otherwise each is a copy of the other."""

MIN_SHARED_RUNS = 0.6
"""Share of its runs of three words that a line named a pull quote shares with the body, where it was shortened."""

QUOTE_CLASS_WORDS = frozenset({"pullquote", "pullquotes", "pull", "zitat", "exergue", "blickfang"})
"""Words of classes and ids that name a pull quote."""

QUOTE_TAGS = frozenset({"blockquote", "aside", "figure"})
"""Elements in which a pull quote stands."""

OTHER_TAGS = frozenset("h1 h2 h3 h4 h5 h6 li dt dd td th pre".split())
"""Elements whose lines are no pull quote without the class of one."""

NEAR_ELEMENTS = 3
"""Innermost elements whose classes are looked at."""

_QUOTE_OPENERS, _QUOTE_CLOSERS = "\"“„«»‘‚'「『”", "\"”“»«’'」』"


def repeats(document: Document) -> Iterator[Edit]:
    """Edits that drop the second copy of the body, and the pull quotes of what is left."""
    blocks = list(filter(attrgetter("text"), document.blocks))
    texts = list(map(attrgetter("text"), blocks))
    prose = list(compress(count(), map(is_prose, texts)))
    copied = _find_copied(texts, prose)
    yield from (blocks[i].drop("repeats.body", "other", CONFIDENCE) for i in sorted(copied))
    yield from _find_pull_quotes(blocks, sorted(set(prose) - copied))


# ---------------------------------------------------------------- the second copy


def _find_copied(texts: Sequence[str], prose: Sequence[int]) -> set[int]:
    """Numbers of the lines of second copies of the body; `prose` are the numbers of the paragraphs."""
    # copies begin with the same letters: most texts show at once that they have none
    heads = list(map(_read_head, texts))
    times = Counter(heads)
    if sum(times[heads[i]] > 1 for i in prose) < MIN_COPIED_PARAGRAPHS:
        return set()
    keys = list(map(build_match_key, texts))
    numbers = dict(zip(reversed(keys), reversed(range(len(keys))), strict=True))
    first = list(map(numbers.__getitem__, keys))
    sizes = {i: count_words(texts[i]) for i in prose}
    least = MIN_COPY_SHARE * sum(sizes.values())
    found: set[int] = set()
    for run in _list_repeated_runs(prose, first):
        if len(run) >= MIN_COPIED_PARAGRAPHS and sum(map(sizes.__getitem__, run)) >= least:
            start, end = run[0], run[-1] + 1
            # the headings above and the short lines behind are of the copy as well
            while first[start - 1] < start - 1:
                start -= 1
            while end < len(first) and first[end] < start:
                end += 1
            found.update(i for i in range(start, end) if first[i] < start)
    return found


def _read_head(text: str) -> str:
    """The first of the letters and digits by which a line is compared."""
    return "".join(islice(filter(str.isalnum, text), HEAD_LETTERS)).casefold()[:HEAD_LETTERS]


def _list_repeated_runs(prose: Sequence[int], first: Sequence[int]) -> Iterator[list[int]]:
    """Runs of paragraphs that stand in the text before, in the same order, and any other paragraph alone.

    `first` has for each line the number of the first one that says the same.
    """
    run = list(prose[:1])
    for above, i in pairwise(prose):
        if not (first[above] < min(above, first[i]) and first[i] < i):
            yield run
            run = []
        run.append(i)
    yield run


# ---------------------------------------------------------------- pull quotes


def _find_pull_quotes(blocks: Sequence[Block], prose: Sequence[int]) -> Iterator[Edit]:
    """Edits that drop pull quotes."""
    between = set(range(min(prose, default=0), max(prose, default=0))).difference(prose)
    # one of several short lines among paragraphs is a crosshead, which may quote as well
    short = [i for i in between if not blocks[i].hints.tags]
    plain = short[0] if len(short) == 1 else -1
    likely = [i for i, block in enumerate(blocks) if count_words(block.text) in _list_sizes(block, i == plain)]
    if not likely:
        return
    keys = [build_match_key(block.text) for block in blocks]
    found = (i for i in likely if _is_part(blocks, i, keys, prose) or _is_shortened(blocks, i, prose))
    yield from (blocks[i].drop("repeats.pull-quote", "pull-quote", CONFIDENCE) for i in found)


def _is_named(block: Block) -> bool:
    """Whether the classes around a line call it a pull quote."""
    return not QUOTE_CLASS_WORDS.isdisjoint(chain.from_iterable(block.hints.names[-NEAR_ELEMENTS:]))


def _is_set_apart(block: Block) -> bool:
    """Whether a line stands in an element of quotes."""
    return not QUOTE_TAGS.isdisjoint(block.hints.tags)


def _is_quoted(text: str) -> bool:
    """Whether all of a line stands between quotation marks."""
    return text[0] in _QUOTE_OPENERS and text.rstrip(".")[-1:] in _QUOTE_CLOSERS


_NO_SIZES = range(0)
_PLACE_SIZES: tuple[tuple[Callable[[Block], bool], range], ...] = (
    (lambda block: block.kind == "sentence" or block.role == "standfirst", _NO_SIZES),
    (_is_named, range(MIN_NAMED_QUOTE_WORDS, MAX_QUOTE_WORDS + 1)),
    (lambda block: block.hints.tag in OTHER_TAGS, _NO_SIZES),
    (_is_set_apart, range(MIN_QUOTE_WORDS, MAX_QUOTE_WORDS + 1)),
)
"""Numbers of words that a pull quote has, by its place: the first row that is true of a line counts."""

_PLAIN_SIZES = range(MIN_BARE_QUOTE_WORDS, MAX_QUOTE_WORDS + 1)
"""The same of a line in quotation marks that is the one short line of a text."""


def _list_sizes(block: Block, is_plain: bool) -> range:
    """The numbers of words with which a line is a pull quote, as its place says, or `is_plain` as the one short line
    of a text; empty where it is none.
    """
    bare = _PLAIN_SIZES if is_plain and _is_quoted(block.text) else _NO_SIZES
    return next((sizes for holds, sizes in _PLACE_SIZES if holds(block)), bare)


def _is_part(blocks: Sequence[Block], i: int, keys: Sequence[str], prose: Sequence[int]) -> bool:
    """Whether a line is a part of a longer paragraph of the body."""
    key, least = keys[i], count_words(blocks[i].text) + MIN_SPARE_WORDS
    return any(key in keys[j] and count_words(blocks[j].text) >= least for j in prose)


def _is_shortened(blocks: Sequence[Block], i: int, prose: Sequence[int]) -> bool:
    """Whether a line that its class calls a pull quote says mostly what the body says in the same words."""
    if not _is_named(blocks[i]):
        return False
    own = _list_runs(blocks[i].text)
    others = set().union(*(_list_runs(blocks[j].text) for j in prose if j != i))
    return len(own & others) >= max(1, MIN_SHARED_RUNS * len(own))


def _list_runs(text: str) -> set[tuple[str, ...]]:
    """The runs of three words of a text, by their letters alone."""
    words = list(filter(None, map(build_match_key, text.split())))
    return set(zip(words, words[1:], words[2:], strict=False))

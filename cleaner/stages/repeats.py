"""What an article says twice: pull quotes, and a second copy of the whole body, as pages hold one for phones.

The stage asks what stays when all others are done, so that menus and teasers that repeat a line count for nothing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from cleaner.document import Block, Document, Edit
from cleaner.text.shape import build_match_key, count_words, is_open, is_prose

RULES = {
    "repeats.body": "A line of a second copy of the body.",
    "repeats.pull-quote": "A line set apart that repeats a part of a paragraph.",
    "repeats.pull-quote-source": "Who says it, below a pull quote.",
}

CONFIDENCE = 0.85
"""Of all edits of this stage."""

MIN_COPIED_PARAGRAPHS = 3
"""Paragraphs in a row, in the order of the first ones, that make a second copy: fewer are a refrain, or a slip."""

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

MAX_SOURCE_WORDS = 10
"""Words of the line that names who says it."""

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
    blocks = [block for block in document.blocks if block.text]
    keys = [build_match_key(block.text) for block in blocks]
    prose = [i for i, block in enumerate(blocks) if is_prose(block.text)]
    copied = _find_copied(blocks, keys, prose)
    yield from (blocks[i].drop("repeats.body", "other", CONFIDENCE) for i in sorted(copied))
    yield from _find_pull_quotes(blocks, keys, [i for i in prose if i not in copied])


# ---------------------------------------------------------------- the second copy


def _find_copied(blocks: Sequence[Block], keys: Sequence[str], prose: Sequence[int]) -> set[int]:
    """Numbers of the lines of second copies of the body."""
    first: dict[str, int] = {}
    for i, key in enumerate(keys):
        first.setdefault(key, i)
    if all(first[keys[i]] == i for i in prose):
        return set()
    least = MIN_COPY_SHARE * sum(count_words(blocks[i].text) for i in prose)
    found: set[int] = set()
    for run in _list_repeated_runs(prose, keys, first):
        if len(run) >= MIN_COPIED_PARAGRAPHS and sum(count_words(blocks[i].text) for i in run) >= least:
            start = run[0]
            while start > 0 and first[keys[start - 1]] < start - 1:
                start -= 1
            found.update(i for i in range(start, run[-1] + 1) if first[keys[i]] < start)
    return found


def _list_repeated_runs(prose: Sequence[int], keys: Sequence[str], first: Mapping[str, int]) -> Iterator[list[int]]:
    """Runs of paragraphs that stand in the text before, in the same order."""
    run: list[int] = []
    for i in prose:
        before = first[keys[i]]
        if before == i or (run and before <= first[keys[run[-1]]]):
            yield run
            run = []
        if before < i:
            run.append(i)
    yield run


# ---------------------------------------------------------------- pull quotes


def _find_pull_quotes(blocks: Sequence[Block], keys: Sequence[str], prose: Sequence[int]) -> Iterator[Edit]:
    """Edits that drop pull quotes, and the lines below them that say whose words they are."""
    first, last = (prose[0], prose[-1]) if prose else (len(blocks), 0)
    # one of several short lines among paragraphs is a crosshead, which may quote as well
    short = [i for i in range(first, last) if i not in prose and not blocks[i].hints.tags]
    plain = set(short[:1]) if len(short) == 1 else set()
    likely = [i for i in range(len(blocks)) if _is_likely(blocks[i], i in plain)]
    if not likely:
        return
    body = {i: keys[i] for i in prose}
    whole = "\n".join(body.values())
    found: set[int] = set()
    for i in likely:
        if (keys[i] in whole and _is_part(i, blocks, body)) or _is_shortened(blocks, i, prose):
            found.add(i)
            yield blocks[i].drop("repeats.pull-quote", "pull-quote", CONFIDENCE)
    for i in sorted(found):
        if i + 1 < len(blocks) and i + 1 not in found and _is_source(blocks[i], blocks[i + 1], keys[i + 1], whole):
            yield blocks[i + 1].drop("repeats.pull-quote-source", "pull-quote", CONFIDENCE)


def _is_likely(block: Block, is_plain: bool) -> bool:
    """Whether a line has the length and the place of a pull quote, or `is_plain` as the one short line of a text."""
    words = count_words(block.text)
    if words > MAX_QUOTE_WORDS or block.kind == "sentence" or block.role == "standfirst":
        return False
    if _is_named(block):
        return words >= MIN_NAMED_QUOTE_WORDS
    if not OTHER_TAGS.isdisjoint(block.hints.tags[-1:]):
        return False
    if not QUOTE_TAGS.isdisjoint(block.hints.tags):
        return words >= MIN_QUOTE_WORDS
    return is_plain and words >= MIN_BARE_QUOTE_WORDS and _is_quoted(block.text)


def _is_named(block: Block) -> bool:
    """Whether the classes around a line call it a pull quote."""
    return any(not QUOTE_CLASS_WORDS.isdisjoint(names) for names in block.hints.names[-NEAR_ELEMENTS:])


def _is_quoted(text: str) -> bool:
    """Whether all of a line stands between quotation marks."""
    return text[0] in _QUOTE_OPENERS and text.rstrip(".")[-1:] in _QUOTE_CLOSERS


def _is_part(i: int, blocks: Sequence[Block], body: Mapping[int, str]) -> bool:
    """Whether a line is a part of a longer paragraph of the body."""
    key, least = build_match_key(blocks[i].text), count_words(blocks[i].text) + MIN_SPARE_WORDS
    return any(j != i and key in other and count_words(blocks[j].text) >= least for j, other in body.items())


def _is_shortened(blocks: Sequence[Block], i: int, prose: Collection[int]) -> bool:
    """Whether a line that its class calls a pull quote says mostly what the body says in the same words."""
    if not _is_named(blocks[i]):
        return False
    own = _list_runs(blocks[i].text)
    others = set().union(*(_list_runs(blocks[j].text) for j in prose if j != i))
    return bool(own) and len(own & others) >= MIN_SHARED_RUNS * len(own)


def _list_runs(text: str) -> set[tuple[str, ...]]:
    """The runs of three words of a text, by their letters alone."""
    words = list(filter(None, map(build_match_key, text.split())))
    return set(zip(words, words[1:], words[2:], strict=False))


def _is_source(quote: Block, below: Block, key: str, body: str) -> bool:
    """Whether the line below a pull quote says whose words it is: set apart with it, or by a dash and a known name."""
    if count_words(below.text) > MAX_SOURCE_WORDS or not is_open(below.text):
        return False
    with_it = (
        bool(quote.hints.path) and quote.hints.path[-2] in below.hints.path if len(quote.hints.path) > 1 else False
    )
    set_apart = with_it and (_is_named(below) or not QUOTE_TAGS.isdisjoint(below.hints.tags))
    return set_apart or (below.text[0] in "-–—―" and key in body)

"""The lines of a page with trafilatura's vote on each, and where in the tree of elements the article is."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from itertools import compress, count, filterfalse
from operator import and_, attrgetter, eq

from cleaner.document import Block, Hints
from cleaner.stages.extraction.vocabulary import (
    CLASS_WORDS_BY_ROLE,
    COMMENT_CLASS_WORDS,
    GENRE_CLASS_WORDS,
    NO_TEXT_TAG_ROLES,
)
from cleaner.text.shape import count_words, is_open

MIN_CONTAINER_SHARE = 0.85
"""Minimum share of the voted words that the article's element holds."""

MIN_VOTED_SHARE = 0.5
"""Share of the words of the page's largest text that trafilatura must have taken for its votes to count; half as much
where it took what stands between the headline and that text."""

MIN_LIKELY_SHARE = 0.5
"""Share of the words in voted texts that stand outside menus and comments, from which votes for what stands in these do
not count."""

MAX_WRAPPER_SHARE = 0.3
"""Share of the voted words in elements of one kind, such as `figure`, above which the article is written in them."""

MAX_KIND_SHARE = 0.6
"""Kinds of voted texts for each of them above which their classes are of no kind."""

MIN_GENRE_SHARE = 0.5
"""Share of the words in sentences above which an element named for comments holds the article."""

LINKED_SHARE = 0.5
"""Share of a line's characters in links from which the line is no text."""

MIN_LONG_TEXT_WORDS, MIN_TEXT_WORDS = 20, 8
"""Words from which a line is text however it ends, and from which it is if it ends like a sentence."""

PARENT_SHARES = (1.0, 0.7, 0.4)
"""Share of a paragraph's words that counts for its parent, its grandparent and the element around that, when the
element with the largest text is looked for."""

NEAR_ELEMENTS = 3
"""Innermost elements whose class words count for a line outside the article's element."""

NO_WORDS_DIVISOR = 0.001
"""Added to a number of words that others are divided by, so that none is divided by zero."""

_MENU_TAGS = frozenset({"nav", "footer"})


class VotedPage:
    """The lines of a page, trafilatura's vote on each, and what follows from both.

    `asked` are the votes as they were given.  All lists have one entry for each block: its `hints`, its words outside
    links (`sizes`), whether it reads like a sentence of a text (`texts`), whether it is `voted` for, whether it is both
    (`taken`), whether it stands `inside` the article's element, the `tags` and class words (`names`) around it, and the
    share of voted words among the lines with its shape (`shares`) and among those with its parent (`homes`).

    `said` are the numbers of the voted texts inside, `first` and `last` the outermost of them, and `seen` their kinds.
    `has_mixed_classes` says that the article's paragraphs have a class each, so that classes tell none from another.
    `no_text` are the tags, and `role_words` the class words by role, that say what a line is on this page: those that
    the article itself is written in do not.  `beside` has the words in each element that shows a picture.
    """

    def __init__(self, blocks: Sequence[Block], votes: list[bool], headline: int) -> None:
        self.blocks = blocks
        self.headline = headline
        self.hints: list[Hints] = list(map(attrgetter("hints"), blocks))
        self.words = [count_words(block.text) for block in blocks]
        self.sizes = [words * (1 - hints.links) for words, hints in zip(self.words, self.hints, strict=True)]
        self.texts = list(map(_is_text, blocks, self.words, self.hints))
        self.asked = votes
        self._comment_words = COMMENT_CLASS_WORDS - self._find_genre()
        self.voted = self._replace_weak_votes(votes)
        self.taken = list(map(and_, self.voted, self.texts))
        container, depth = self._find_container()
        self.inside = [container in hints.path for hints in self.hints]
        self.tags = [frozenset(hints.tags[depth * inside :]) for hints, inside in self._pair_with_inside()]
        self.names = [
            frozenset().union(*hints.names[depth + 1 if inside else -NEAR_ELEMENTS :])
            for hints, inside in self._pair_with_inside()
        ]
        self.said = _find_marked(map(and_, self.taken, self.inside))
        self.first, self.last = (self.said[0], self.said[-1]) if self.said else (0, len(blocks))
        self.seen = set(map(self.get_kind, self.said))
        self.has_mixed_classes = len(self.seen) > max(1, MAX_KIND_SHARE * len(self.said))
        self.shares = self._compute_shares(list(map(attrgetter("shape"), self.hints)))
        self.homes = self._compute_shares([hints.path[:-1] for hints in self.hints])
        self.no_text = set(filterfalse(lambda tag: self._wraps_article(self.tags, {tag}), NO_TEXT_TAG_ROLES))
        own_words = {**CLASS_WORDS_BY_ROLE, "comments": self._comment_words}
        self.role_words = {
            role: words for role, words in own_words.items() if not self._wraps_article(self.names, words)
        }
        self.beside = self._count_words_beside_pictures()

    def get_kind(self, i: int) -> tuple[str, tuple[int, ...]]:
        """The shape of a line's elements, and the path to its parent: lines of one kind are like siblings."""
        return self.hints[i].shape, self.hints[i].path[:-1]

    def is_shown(self, block: Block) -> bool:
        """Whether a line stands with the article: between its headline and its end."""
        start = self.blocks[self.headline if self.headline >= 0 else self.first].start
        return start < block.start < self.blocks[min(self.last, len(self.blocks) - 1)].end

    def _pair_with_inside(self) -> "zip[tuple[Hints, bool]]":
        return zip(self.hints, self.inside, strict=True)

    def _compute_part(self, some: Collection[int], whole: Collection[int]) -> float:
        """How many words outside links some blocks have for each of others; for their number if those have none."""
        words, of = (sum(map(self.sizes.__getitem__, numbers)) for numbers in (some, whole))
        return words / (of or 1)

    def _list_texts(self) -> "compress[tuple[float, Hints]]":
        """The words and the hints of the lines that read like a sentence."""
        return compress(zip(self.sizes, self.hints, strict=True), self.texts)

    def _find_genre(self) -> frozenset[str]:
        """The class words for comments that say what the article is: one element alone has them, and most of the text.

        Comments of readers have an element each, in one for all of them.
        """
        held: dict[int, float] = defaultdict(float)
        for size, hints in self._list_texts():
            if frozenset() < self._list_names(hints) & COMMENT_CLASS_WORDS <= GENRE_CLASS_WORDS:
                around = zip(hints.path, hints.names, strict=False)
                holders = [number for number, own in around if not own.isdisjoint(GENRE_CLASS_WORDS)]
                held[holders[0]] += size if len(holders) == 1 else 0
        whole = sum(compress(self.sizes, self.texts))
        return GENRE_CLASS_WORDS if max(held.values(), default=0) > MIN_GENRE_SHARE * whole else frozenset()

    def _replace_weak_votes(self, votes: list[bool]) -> list[bool]:
        """The votes; or the page's largest text, if they missed it and are for nothing that stands before it."""
        own = self.find_largest_text()
        taken = _find_marked(map(and_, votes, self.texts))
        likely = [i for i in taken if self._is_likely(self.hints[i])]
        if MIN_LIKELY_SHARE <= self._compute_part(likely, taken) < 1:
            doubted = frozenset(taken).difference(likely)
            votes, taken = [vote and i not in doubted for i, vote in enumerate(votes)], likely
        share = self._compute_part(taken, own)
        if share >= MIN_VOTED_SHARE or (share >= MIN_VOTED_SHARE / 2 and self.headline < taken[0] < own[0]):
            return votes
        return list(map(frozenset(own).__contains__, range(len(votes))))

    def _list_names(self, hints: Hints) -> frozenset[str]:
        """The words of the classes and ids around a line, but for those around the headline: an article in an element
        named for comments has its headline there, too."""
        above = self.hints[self.headline].path if self.headline >= 0 else ()
        shared = sum(map(eq, hints.path, above))
        return frozenset().union(*hints.names[shared:])

    def find_asked_texts(self) -> list[int]:
        """Numbers of the sentences that trafilatura took and that stand in no menu and in no comment."""
        return [i for i in _find_marked(map(and_, self.asked, self.texts)) if self._is_likely(self.hints[i])]

    def find_largest_text(self) -> list[int]:
        """Numbers of the texts in the element whose own paragraphs hold most words; menus and comments do not count."""
        held: dict[int, float] = defaultdict(float)
        likely = [i for i in _find_marked(self.texts) if self._is_likely(self.hints[i])]
        for i in likely:
            parents = reversed(self.hints[i].path[-1 - len(PARENT_SHARES) : -1])
            for share, number in zip(PARENT_SHARES, parents, strict=False):
                held[number] += self.sizes[i] * share
        best = max(held, key=held.__getitem__, default=0)
        return [i for i in likely if best in self.hints[i].path]

    def _is_likely(self, hints: Hints) -> bool:
        """Whether a line may be the article's: it stands in no menu and in no comment."""
        return _MENU_TAGS.isdisjoint(hints.tags) and self._comment_words.isdisjoint(self._list_names(hints))

    def _find_container(self) -> tuple[int, int]:
        """The number and the depth of the innermost element that holds most of the voted words."""
        held: dict[tuple[int, int], float] = defaultdict(float)
        whole = 0.0
        for hints, size in compress(zip(self.hints, self.sizes, strict=True), self.voted):
            whole += size
            for place in enumerate(hints.path):
                held[place] += size
        large = (place for place, words in held.items() if words >= MIN_CONTAINER_SHARE * whole)
        depth, number = max(large, default=(0, 1))
        return number, depth

    def _compute_shares(self, kinds: Sequence[Hashable]) -> list[float]:
        """For each block, the share of voted words among the blocks of its kind."""
        voted: dict[Hashable, float] = defaultdict(float)
        whole: dict[Hashable, float] = defaultdict(lambda: NO_WORDS_DIVISOR)
        for kind, size, vote in zip(kinds, self.sizes, self.voted, strict=True):
            voted[kind] += size * vote
            whole[kind] += size
        return [voted[kind] / whole[kind] for kind in kinds]

    def _wraps_article(self, sets: Sequence[frozenset[str]], wanted: Collection[str]) -> bool:
        """Whether so much of the article's voted words stands in elements with one of these names that the article is
        written in them."""
        held = [i for i in self.said if not sets[i].isdisjoint(wanted)]
        return self._compute_part(held, self.said) > MAX_WRAPPER_SHARE

    def _count_words_beside_pictures(self) -> dict[int, int]:
        """The words in each element that shows a picture, by the element's number."""
        pictures = {hints.picture for hints in self.hints}
        beside: dict[int, int] = defaultdict(int)
        for words, hints in zip(self.words, self.hints, strict=True):
            for number in pictures.intersection(hints.path):
                beside[number] += words
        return beside


def _find_marked(marks: Iterable[bool]) -> list[int]:
    """The numbers of the blocks that are marked."""
    return list(compress(count(), marks))


def find_table(hints: Hints) -> int:
    """The number of the innermost table around a line; 0 outside tables."""
    numbers = zip(reversed(hints.path), reversed(hints.tags), strict=False)
    return next((number for number, tag in numbers if tag == "table"), 0)


def _is_text(block: Block, words: int, hints: Hints) -> bool:
    """Whether a line reads like a sentence of a text, and not like a link."""
    long = words >= MIN_LONG_TEXT_WORDS or (words >= MIN_TEXT_WORDS and not is_open(block.text))
    return long and hints.links < LINKED_SHARE

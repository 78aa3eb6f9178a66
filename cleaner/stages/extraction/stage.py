"""Which lines of an HTML page are its article: what trafilatura takes, mended by what the page's structure shows.

trafilatura appends other articles, stops at the walls of sections, drops key points and takes captions along.  So its
result is a vote on every line; the element that holds most of the votes is the article's, and in it lines go with
their like: those of the same element and classes are all paragraphs, or all teasers.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from cleaner.document import ARTICLE_ROLES, Block, Document, Edit, Fact
from cleaner.models.pages import GUESSED_COLUMN, KNOWN_COLUMN, LINKS_COLUMN, PROSE_COLUMN, VOTED_COLUMN, predict_chances
from cleaner.rules import RuleSet
from cleaner.text.shape import build_match_key, count_words, is_open

RULES = {
    "extraction.headline": "The line that shows the headline.",
    "extraction.kicker": "The label above the headline.",
    "extraction.pull-quote": "A quote that repeats what a paragraph says.",
    "extraction.outside": "A line outside the element that holds the article.",
    "extraction.element": "A line in an element that holds no text of an article: a menu, a figure, a form.",
    "extraction.named": "A line in an element whose class or id says what it is: related, share, newsletter.",
    "extraction.picture": "A short line alone beside a picture: its caption.",
    "extraction.linked": "A line that is a link: to another article, a topic, an author.",
    "extraction.head": "A short line before the text: a label, a counter, a byline.",
    "extraction.unlike": "A line that stands in the article's element but not among its like.",
    "extraction.model": "A line that the model takes for what stands around the article.",
    "extraction.tail": "A heading with nothing of the article below it.",
    "extraction.role": "What a line is by its element: a heading, a list item, a cell of a table, a quote.",
    "extraction.flag": "A page that is no article, a list, or the teaser of an article behind a paywall.",
    "extraction.standfirst": "The line between headline and text that is long enough for a summary.",
}

MIN_ARTICLE_CHANCE = 0.48
"""The chance of being article from which a line stays: where F1 is best on pages not trained on."""

STRICTNESS_CHANCES = {"recall": 0.3, "balanced": MIN_ARTICLE_CHANCE, "precision": 0.7}
"""That chance for those who would rather keep too much, or too little."""

MIN_CONFIDENCE = 0.5
"""The confidence of an edit that was made for another reason than the model's."""

MAX_DISTANCE = 99
"""A number of lines or words that is not told from larger ones."""

NUMBERED_TAGS = tuple("p h1 h2 h3 h4 h5 h6 li td th div section article blockquote figcaption pre dt dd span a".split())
BODY_CLASS_WORDS = frozenset("article body content text paragraph story entry post main".split())

MIN_MATCHED_SHARE = 0.6
"""Share of a line's runs of three words that trafilatura must have taken along."""

MIN_CONTAINER_SHARE = 0.85
"""Share of the voted words that the article's element holds."""

MIN_VOTED_SHARE = 0.5
"""Share of the words of the page's largest text that trafilatura must have taken for its votes to count; half as much
where it took what stands between the headline and that text."""

MAX_WRAPPER_SHARE = 0.3
"""Share of the voted words in elements of one kind, such as `figure`, above which the article is written in them."""

LIKE_INSIDE_SHARE = 0.5
"""Share of voted words among the lines of the same kind from which one that trafilatura left out belongs to them."""

WINDOW_MARGIN_LINES = 10
"""Lines before and behind those that may be the article, which tell where it begins and ends."""

ANCESTOR_CACHE_SIZE = 2_000
"""Sets of elements and of names around lines of which a run remembers what they tell: templates come again."""

MIN_PULL_QUOTE_WORDS = 4
"""Words of the shortest quote that is looked for in the text."""

MIN_STANDFIRST_WORDS = 8
"""Words of the shortest standfirst."""

MAX_STANDFIRST_WORDS = 80
"""Words of the longest standfirst."""

MAX_CAPTION_WORDS = 60
"""Words of the longest caption."""

LIKE_OUTSIDE_SHARE = 0.8
"""The same from which one outside the article's element belongs to it."""

FEW_LINKS_SHARE, LINKED_SHARE, ALL_LINK_SHARE = 0.3, 0.5, 0.8
"""Shares of characters in links: of a line that is text for sure, of one that may be, and of a text that is a link."""

MAX_BYLINE_WORDS = 25
"""Words of the longest byline or date above the text."""

NO_TEXT_TAG_ROLES = {
    "nav": "navigation",
    "footer": "navigation",
    "form": "message",
    "button": "navigation",
    "figcaption": "caption",
    "figure": "caption",
    "aside": "related",
}
"""Elements that hold nothing of an article as a rule, and what their lines are."""

CLASS_WORDS_BY_ROLE = {
    role: frozenset(names.split())
    for role, names in {
        "caption": "caption legend bildunterschrift",
        "credit": "credit credits copyright photographer",
        "byline": "byline author authors autor auteur bylines",
        "author-note": "bio biography",
        "timestamp": "timestamp datum date dateline published meta",
        "related": "related recommended recommendation recommendations recirc trending outbrain taboola readmore "
        "verwandt similar relacionados relacionadas",
        "share": "share sharing social sharebar",
        "promotion": "newsletter subscribe subscription promo signup donate donation",
        "consent": "paywall cookie cookies consent login piano",
        "comments": "comment comments commentlist kommentar kommentare comentarios commentaires disqus replies",
        "navigation": "breadcrumb breadcrumbs pagination menu sidebar toc",
        "tags": "tags tag topics keywords",
        "advertisement": "advert advertisement ads sponsored werbung anzeige",
        "copyright": "legal disclaimer",
    }.items()
}
"""Words of classes and ids by what the lines in such an element are."""

FIRM_ROLES = frozenset({"promotion", "related", "comments", "consent", "share", "advertisement", "caption", "credit"})
"""Roles that a name tells more surely than trafilatura's vote."""

FIRM_RULES = frozenset({"extraction.named", "extraction.pull-quote"})
"""Rules by which a line goes whatever the model says of it."""

KICKER_CLASS_WORDS = frozenset(
    "kicker topline overline dachzeile eyebrow rubric supertitle roofline spitzmarke".split()
)
"""Words of classes and ids of the label above a headline."""

STANDFIRST_CLASS_WORDS = frozenset(
    "lead lede leadtext standfirst vorspann dek deck subtitle subline subheadline strapline summary intro introduction "
    "excerpt abstract chapo chapeau entradilla bajada sommario ingress manchet".split()
)
"""Words of classes and ids of a standfirst."""

PAYWALL_CLASS_WORDS = frozenset("paywall paywalled regwall paygate piano".split())
"""Words of classes and ids of the message that ends a teaser."""

MAX_TEASER_WORDS = 200
"""Words of the longest text that a paywall is believed to have cut: pages keep an unused one at hand."""

MIN_ARTICLE_WORDS = 30
"""Words below which a page holds no article."""

MIN_LIST_HEADINGS = 5
"""Headings that are links, or that are numbered, from which a page is a list."""

MIN_LIST_ITEM_SHARE = 0.6
"""Share of words in list items from which an article is a list."""

TAG_ROLES = {
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "h5": "heading",
    "h6": "heading",
    "li": "list-item",
    "dt": "list-item",
    "dd": "list-item",
    "td": "table",
    "th": "table",
    "blockquote": "quote",
}
"""What the lines of an element are when they belong to the article."""

KEPT_ROLES = frozenset({"", "standfirst", *TAG_ROLES.values()})

_WORD_PATTERN = re.compile(r"\w+")
_NUMBERED_PATTERN = re.compile(r"\d{1,3}(?:[.):]|\s?[-–—])\s")


def extraction(document: Document, rules: RuleSet, strictness: float = MIN_ARTICLE_CHANCE) -> Iterator[Edit | Fact]:
    """Edits for the lines of a page that are not its article, labels for those that are; nothing for a text.

    `strictness` is the chance of being article from which a line stays.
    """
    if document.page is None or not any(block.text for block in document.blocks):
        return
    page, guessed, window, columns = build_page_view(document, ask_trafilatura(document), rules)
    sure = [0.0] * len(page.blocks)
    near = page.blocks[window.start : window.stop]
    sure[window.start : window.stop] = predict_chances(near, str(document.find_fact("title") or ""), columns)
    decided = page.decide_roles(guessed, sure, strictness)
    yield from build_findings(page, decided, sure)


class PageView(NamedTuple):
    """What the model is asked: the page, the first guess at each block, the blocks in question, and their columns."""

    page: "VotedPage"
    guessed: list[tuple[str, str]]
    window: range
    columns: dict[str, list[float]]


def build_page_view(document: Document, article: str, rules: RuleSet) -> PageView:
    """The page of a document that has text, with what trafilatura took for its article."""
    blocks = [block for block in document.blocks if block.text]
    page = VotedPage(blocks, mark_voted_blocks(blocks, article), find_headline(blocks, document.find_fact("title")))
    guessed = page.guess_roles()
    window = page.find_window()
    known = rules.find_dropped_lines([blocks[i].text for i in window], document.find_fact("language") or "")
    return PageView(page, guessed, window, page.compute_columns(guessed, window, known))


def build_findings(
    page: "VotedPage", decided: Sequence[tuple[str, str]], sure: Sequence[float]
) -> Iterator[Edit | Fact]:
    """What follows from the rule and the role decided for each block of a page, and its chance to be article; nothing
    for blocks that are known to be article."""
    for flag in page.find_flags([role for _, role in decided]):
        yield Fact("extraction.flag", "flags", flag)
    for block, chance, (rule, role) in zip(page.blocks, sure, decided, strict=True):
        if block.role in ARTICLE_ROLES:
            continue  # a rule, or the markup of an entry, has said what it is
        if role in KEPT_ROLES:
            yield Fact(rule or "extraction.role", "role", role or "paragraph", block.start, block.end)
            if role == "standfirst":
                yield Fact(rule, "standfirst", block.text, block.start, block.end)
        elif rule:
            if role in ("title", "kicker"):
                yield Fact(rule, role, block.text, block.start, block.end)
            elif role in ("caption", "credit") and page.is_shown(block):
                yield Fact(rule, f"raw.images.{role}", block.text, block.start, block.end)
            yield Edit(rule, block.start, block.end, "", role, max(MIN_CONFIDENCE, round(1 - chance, 2)))


def ask_trafilatura(document: Document) -> str:
    """What trafilatura takes for the article, a paragraph a line."""
    import trafilatura

    return trafilatura.extract(document.page, fast=True, include_comments=False) or ""


def mark_voted_blocks(blocks: Sequence[Block], article: str) -> list[bool]:
    """For each block, whether it stands in the article."""
    lines = article.split("\n")
    whole = {build_match_key(line) for line in lines}
    runs: set[tuple[str, ...]] = set()
    for line in lines:
        runs.update(_list_trigrams(line))
    votes = []
    for block in blocks:
        if build_match_key(block.text) in whole:
            votes.append(True)
        else:
            own = _list_trigrams(block.text)
            votes.append(bool(own) and sum(run in runs for run in own) >= MIN_MATCHED_SHARE * len(own))
    return votes


def _list_trigrams(line: str) -> list[tuple[str, str, str]]:
    words = _WORD_PATTERN.findall(line.casefold())
    return list(zip(words, words[1:], words[2:], strict=False))


def find_headline(blocks: Sequence[Block], title: str | None) -> int:
    """The number of the block that shows the headline, or -1."""
    wanted = build_match_key(title) if title else ""
    if wanted:
        for i, block in enumerate(blocks):
            if block.hints.tag[:1] == "h" and build_match_key(block.text) == wanted:
                return i
        for i, block in enumerate(blocks):
            if len(block.text) < 2 * len(wanted) + 20 and build_match_key(block.text) == wanted:
                return i
    return next((i for i, block in enumerate(blocks) if block.hints.tag == "h1" and count_words(block.text) > 2), -1)


_TAG_NUMBERS = {tag: number for number, tag in enumerate(NUMBERED_TAGS)}
_RULE_NUMBERS = {"": -1, **{rule: number for number, rule in enumerate(RULES)}}
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TAG_COLUMNS = "in_li", "in_table", "in_quote", "in_header", "in_section", "element"
_NAME_COLUMNS = "named", "lead", "body"


@lru_cache(ANCESTOR_CACHE_SIZE)
def _compute_tag_columns(tags: frozenset[str]) -> tuple[float, ...]:
    """The columns of the elements around a line."""
    element = next((number for number, tag in enumerate(NO_TEXT_TAG_ROLES, 1) if tag in tags), 0)
    return ("li" in tags, "table" in tags, "blockquote" in tags, "header" in tags, "section" in tags, element)


@lru_cache(ANCESTOR_CACHE_SIZE)
def _compute_name_columns(names: frozenset[str]) -> tuple[float, ...]:
    """The columns of the names around a line."""
    named = next((number for number, own in enumerate(CLASS_WORDS_BY_ROLE.values(), 1) if own & names), 0)
    return (named, bool(names & STANDFIRST_CLASS_WORDS), bool(names & BODY_CLASS_WORDS))


def _trim_distance(distance: int) -> int:
    return max(-MAX_DISTANCE, min(MAX_DISTANCE, distance))


def _is_text(block: Block) -> bool:
    """Whether a line reads like a sentence of a text."""
    size = count_words(block.text)
    return block.hints.links < LINKED_SHARE and (size >= 20 or (size >= 8 and not is_open(block.text)))


class VotedPage:
    """The lines of a page, trafilatura's vote on each, and what follows from both."""

    def __init__(self, blocks: Sequence[Block], votes: list[bool], headline: int) -> None:
        self.blocks = blocks
        self.headline = headline
        self.sizes = [count_words(block.text) * (1 - block.hints.links) for block in blocks]
        self.texts = [_is_text(block) for block in blocks]
        self.voted = votes
        own = self._find_largest_text()
        if self._has_weak_votes(own):
            mine = set(own)
            self.voted = [i in mine for i in range(len(blocks))]
        self.container, depth = self._find_container()
        self.inside = [self.container in block.hints.path for block in blocks]
        self.tags = [
            frozenset(block.hints.tags[depth:]) if inside else frozenset(block.hints.tags)
            for block, inside in zip(blocks, self.inside, strict=True)
        ]
        self.names = [
            frozenset().union(*(block.hints.names[depth + 1 :] if inside else block.hints.names[-3:]))
            for block, inside in zip(blocks, self.inside, strict=True)
        ]
        self.said = said = [i for i, vote in enumerate(self.voted) if vote and self.texts[i] and self.inside[i]]
        self.first, self.last = (said[0], said[-1]) if said else (0, len(blocks))
        self.seen = {(blocks[i].hints.shape, blocks[i].hints.path[:-1]) for i in said}

    # ------------------------------------------------------------ where the article is

    def _find_largest_text(self) -> list[int]:
        """The texts of the element whose own paragraphs hold most words."""
        held: dict[int, float] = defaultdict(float)
        for i, block in enumerate(self.blocks):
            hints = block.hints
            if self.texts[i] and not {"nav", "footer"}.intersection(hints.tags):
                if any(names & CLASS_WORDS_BY_ROLE["comments"] for names in hints.names[2:]):
                    continue
                for share, number in zip((1.0, 0.7, 0.4), reversed(hints.path[-4:-1]), strict=False):
                    held[number] += self.sizes[i] * share
        best = max(held, key=lambda number: held[number], default=0)
        return [i for i, block in enumerate(self.blocks) if best in block.hints.path and self.texts[i]]

    def _has_weak_votes(self, own: Sequence[int]) -> bool:
        """Whether the votes missed the page's largest text, and are for nothing that stands before it."""
        taken = [i for i, vote in enumerate(self.voted) if vote and self.texts[i]]
        share = sum(self.sizes[i] for i in taken) / (sum(self.sizes[i] for i in own) or 1)
        return share < MIN_VOTED_SHARE / 2 or (share < MIN_VOTED_SHARE and not self.headline < taken[0] < own[0])

    def _find_container(self) -> tuple[int, int]:
        """The number and the depth of the innermost element that holds most of the voted words."""
        held: dict[tuple[int, int], float] = defaultdict(float)
        whole = 0.0
        for block, vote, size in zip(self.blocks, self.voted, self.sizes, strict=True):
            if vote:
                whole += size
                for place in enumerate(block.hints.path):
                    held[place] += size
        depth, number = max(
            (place for place, words in held.items() if words >= MIN_CONTAINER_SHARE * whole), default=(0, 1)
        )
        return number, depth

    def is_shown(self, block: Block) -> bool:
        """Whether a line stands with the article: between its headline and its end."""
        start = self.blocks[self.headline].start if self.headline >= 0 else self.blocks[self.first].start
        return start < block.start < self.blocks[min(self.last, len(self.blocks) - 1)].end

    def find_flags(self, roles: Sequence[str]) -> Iterator[str]:
        """What a reader of the record should know of the page: it is no article, a list, or behind a paywall."""
        kept = {i for i, role in enumerate(roles) if role in KEPT_ROLES}
        words = sum(count_words(self.blocks[i].text) for i in kept)
        teasers = [
            i
            for i, block in enumerate(self.blocks)
            if self.inside[i] and block.hints.tag in ("h2", "h3", "h4") and block.hints.links > LINKED_SHARE
        ]
        if words < MIN_ARTICLE_WORDS or (
            words < MAX_TEASER_WORDS and len(teasers) > max(MIN_LIST_HEADINGS, 2 * sum(self.texts[i] for i in kept))
        ):
            yield "no-article"
        headings = [self.blocks[i].text for i in kept if roles[i] == "heading"]
        listed = sum(count_words(self.blocks[i].text) for i in kept if roles[i] == "list-item")
        if sum(
            map(bool, map(_NUMBERED_PATTERN.match, headings))
        ) >= MIN_LIST_HEADINGS or listed > MIN_LIST_ITEM_SHARE * max(words, 2 * MIN_ARTICLE_WORDS):
            yield "list"
        if words < MAX_TEASER_WORDS and any(names & PAYWALL_CLASS_WORDS for names in self.names):
            yield "paywall"

    # ------------------------------------------------------------ what each line is

    def guess_roles(self) -> list[tuple[str, str]]:
        """For each block the rule that its place and its element speak for, and its role; both are empty for a
        paragraph."""
        blocks = self.blocks
        self.shares = self._compute_shares([block.hints.shape for block in blocks])
        self.homes = self._compute_shares([block.hints.path[:-1] for block in blocks])
        self.no_text = {
            tag for tag in NO_TEXT_TAG_ROLES if self._measure_share_within(self.tags, {tag}) <= MAX_WRAPPER_SHARE
        }
        self.named = {
            role: names
            for role, names in CLASS_WORDS_BY_ROLE.items()
            if self._measure_share_within(self.names, names) <= MAX_WRAPPER_SHARE
        }
        self.beside: dict[int, float] = defaultdict(float)
        pictures = {block.hints.picture for block in blocks}
        for block in blocks:
            for number in pictures.intersection(block.hints.path):
                self.beside[number] += count_words(block.text)
        out = [self._guess_role(i, block) for i, block in enumerate(blocks)]
        self._mark_kicker(out)
        self._mark_standfirst(out)
        self._mark_pull_quotes(out)
        self._mark_tail_headings(out)
        return out

    def find_window(self) -> range:
        """Numbers of the blocks that may be the article: from above its headline to behind its element's end."""
        told = [i for i, inside in enumerate(self.inside) if inside or self.voted[i]]
        first, last = min(told, default=0), max(told, default=len(self.blocks) - 1)
        first = min(first, self.headline) if self.headline >= 0 else first
        return range(max(0, first - WINDOW_MARGIN_LINES), min(len(self.blocks), last + 1 + WINDOW_MARGIN_LINES))

    def compute_columns(
        self, guessed: Sequence[tuple[str, str]], window: range, known: Collection[int]
    ) -> dict[str, list[float]]:
        """What the markup says of each block of the window, as columns of numbers for the model; `known` are the
        places in the window of lines that a rule would drop."""
        hints = [self.blocks[i].hints for i in window]
        tags, names = [self.tags[i] for i in window], [self.names[i] for i in window]
        tag = [one.tag for one in hints]
        of_tags = [_compute_tag_columns(one) for one in tags]
        of_names = [_compute_name_columns(one) for one in names]
        beside = self.beside
        columns: dict[str, Iterable[float]] = {
            VOTED_COLUMN: [self.voted[i] for i in window],
            "inside": [self.inside[i] for i in window],
            LINKS_COLUMN: [one.links for one in hints],
            "tag": [_TAG_NUMBERS.get(one, len(NUMBERED_TAGS)) for one in tag],
            "p": [one == "p" for one in tag],
            "heading": [one in _HEADING_TAGS for one in tag],
            "li": [one == "li" for one in tag],
            "in_article": ["article" in one.tags for one in hints],
            "in_main": ["main" in one.tags for one in hints],
            **dict(zip(_TAG_COLUMNS, zip(*of_tags, strict=True), strict=True)),
            **dict(zip(_NAME_COLUMNS, zip(*of_names, strict=True), strict=True)),
            "share": [self.shares[i] for i in window],
            "home": [self.homes[i] for i in window],
            "picture": [bool(one.picture) for one in hints],
            "beside": [min(beside[one.picture], MAX_DISTANCE) if one.picture else MAX_DISTANCE for one in hints],
            "depth": [len(one.path) for one in hints],
            "from_headline": [
                _trim_distance(i - self.headline) if self.headline >= 0 else -MAX_DISTANCE for i in window
            ],
            "from_first": [_trim_distance(i - self.first) for i in window],
            "to_last": [_trim_distance(self.last - i) for i in window],
            "like": [(one.shape, one.path[:-1]) in self.seen for one in hints],
            "is_text": [self.texts[i] for i in window],
            PROSE_COLUMN: [self.sizes[i] if self.texts[i] else 0 for i in window],
            GUESSED_COLUMN: [guessed[i][1] in KEPT_ROLES for i in window],
            "rule": [_RULE_NUMBERS[guessed[i][0]] for i in window],
            "between": [self.first <= i <= self.last for i in window],
            KNOWN_COLUMN: [i in known for i in range(len(window))],
        }
        return {name: list(map(float, column)) for name, column in columns.items()}

    def decide_roles(
        self, guessed: Sequence[tuple[str, str]], sure: Sequence[float], strictness: float
    ) -> list[tuple[str, str]]:
        """For each block the rule that decides it, and its role: the guess, but where the model knows better.

        Where the model would leave less than half of what was guessed, the guess stands."""
        kept = [chance >= strictness for chance in sure]
        before = sum(size for size, (_, role) in zip(self.sizes, guessed, strict=True) if role in KEPT_ROLES)
        if sum(size for size, keep in zip(self.sizes, kept, strict=True) if keep) < MIN_VOTED_SHARE * before:
            return list(guessed)
        out = []
        for i, ((rule, role), keep) in enumerate(zip(guessed, kept, strict=True)):
            told = (
                rule in FIRM_RULES or (rule == "extraction.element" and role == "caption")
            ) and role not in KEPT_ROLES
            if told or role in ("title", "kicker") or keep == (role in KEPT_ROLES):
                out.append((rule, role))
            else:
                out.append(self._label_line(i) if keep else ("extraction.model", "other"))
        return out

    def _compute_shares(self, kinds: Sequence[Hashable]) -> list[float]:
        """For each block, the share of voted words among the blocks of its kind."""
        held: dict[Hashable, list[float]] = defaultdict(lambda: [0.0, 0.001])
        for kind, size, vote in zip(kinds, self.sizes, self.voted, strict=True):
            held[kind][0] += size * vote
            held[kind][1] += size
        return [held[kind][0] / held[kind][1] for kind in kinds]

    def _measure_share_within(self, sets: Sequence[frozenset[str]], wanted: Collection[str]) -> float:
        """The share of the article's voted words that stand in elements with one of these names."""
        whole: float = sum(self.sizes[i] for i in self.said)
        held: float = sum(self.sizes[i] for i in self.said if not sets[i].isdisjoint(wanted))
        return held / (whole or 1)

    def _guess_role(self, i: int, block: Block) -> tuple[str, str]:
        if i == self.headline:
            return "extraction.headline", "title"
        vote, text, inside = self.voted[i], self.texts[i], self.inside[i]
        if role := self._find_element_role(i):
            return "extraction.element", role
        if role := self._find_named_role(i):
            return "extraction.named", role
        if not inside and not (vote and text and self.shares[i] > LIKE_OUTSIDE_SHARE):
            return "extraction.outside", "navigation" if self.sizes[i] < MIN_STANDFIRST_WORDS else "related"
        if self._is_caption(block) and not (vote and text):
            return "extraction.picture", "caption"
        if self._is_link(i):
            return "extraction.linked", "related"
        if not text and (i < self.headline or (i < self.first and not (vote and block.hints.tag in TAG_ROLES))):
            return "extraction.head", "other"
        if vote or self._is_like_voted(i):
            return self._label_line(i)
        return "extraction.unlike", "other"

    def _find_element_role(self, i: int) -> str:
        """The role of a line in an element that holds no text; code and tables are text wherever they stand."""
        tags = self.tags[i]
        tag = next((tag for tag in NO_TEXT_TAG_ROLES if tag in tags and tag in self.no_text), "")
        if not tag or tags & {"table", "pre"} or (tag == "aside" and self.voted[i] and self.inside[i]):
            return ""
        return NO_TEXT_TAG_ROLES[tag]

    def _find_named_role(self, i: int) -> str:
        """The role of a line by the names around it, which go before the vote where they are sure."""
        role = next((role for role, names in self.named.items() if names & self.names[i]), "")
        if role in FIRM_ROLES or not (self.voted[i] and self.texts[i]):
            return role
        above = i <= self.first and count_words(self.blocks[i].text) <= MAX_BYLINE_WORDS
        return role if above and role in ("byline", "timestamp") else ""

    def _is_caption(self, block: Block) -> bool:
        hints = block.hints
        return bool(hints.picture) and self.beside[hints.picture] <= MAX_CAPTION_WORDS and hints.tag not in TAG_ROLES

    def _is_link(self, i: int) -> bool:
        """Whether a line is a link and no text with one: a sentence, a cell or a paragraph may hold more of them, and a
        heading of the article that trafilatura took is one all the same."""
        hints = self.blocks[i].hints
        if hints.links <= LINKED_SHARE:
            return False
        if hints.links < ALL_LINK_SHARE and (self.texts[i] or hints.tag in ("td", "p")):
            return False
        heading = hints.tag[:1] == "h" and "li" not in self.tags[i]
        return not (heading and self.voted[i] and self.first <= i <= self.last)

    def _is_like_voted(self, i: int) -> bool:
        """Whether a line of the article's element that trafilatura left out is like those that it took."""
        hints, text, share = self.blocks[i].hints, self.texts[i], self.shares[i]
        if hints.tag in ("h2", "h3", "h4", "h5"):
            return True
        if i > self.last:
            like = (hints.shape, hints.path[:-1]) in self.seen
            if hints.links >= FEW_LINKS_SHARE:
                return False
            small = hints.tag in ("p", "li")
            return hints.tag in ("td", "th") or (like and text) or (share >= LIKE_INSIDE_SHARE and (text or small))
        if text or hints.tag in ("p", "td", "th", "pre"):
            return True
        return share >= LIKE_INSIDE_SHARE or (self.homes[i] >= LIKE_INSIDE_SHARE and hints.tag in TAG_ROLES)

    def _label_line(self, i: int) -> tuple[str, str]:
        """What a line of the article is by its element."""
        role = TAG_ROLES.get(self.blocks[i].hints.tag, "")
        if not role:
            tags = self.tags[i]
            role = "quote" if "blockquote" in tags else "list-item" if "li" in tags else ""
        return ("extraction.role" if role else ""), role

    def _mark_standfirst(self, out: list[tuple[str, str]]) -> None:
        """What reads like text between headline and article is its standfirst, and its first paragraphs."""
        if self.headline < 0:
            return
        found = False
        lead = self.blocks[self.first]
        if (
            not out[self.first][0]
            and lead.hints.names[-1] & STANDFIRST_CLASS_WORDS
            and count_words(lead.text) <= MAX_STANDFIRST_WORDS
        ):
            out[self.first] = ("extraction.standfirst", "standfirst")
        for i in range(self.headline + 1, self.first):
            block = self.blocks[i]
            if (
                out[i][0] in ("extraction.outside", "extraction.named", "extraction.unlike", "extraction.head")
                and out[i][1] in ("navigation", "related", "other", "share", "tags")
                and count_words(block.text) >= MIN_STANDFIRST_WORDS
                and block.hints.links < FEW_LINKS_SHARE
                and (self.texts[i] or (not found and sum(map(str.isdigit, block.text)) < 4))
            ):
                listed = block.hints.tag == "li"
                out[i] = self._label_line(i) if found or listed else ("extraction.standfirst", "standfirst")
                found = found or not listed

    def _mark_kicker(self, out: list[tuple[str, str]]) -> None:
        """The short line above the headline that its element calls so."""
        for i in range(max(0, self.headline - 3), self.headline):
            if (
                self.blocks[i].hints.names[-1] & KICKER_CLASS_WORDS
                and count_words(self.blocks[i].text) < MIN_STANDFIRST_WORDS
            ):
                out[i] = ("extraction.kicker", "kicker")

    def _mark_pull_quotes(self, out: list[tuple[str, str]]) -> None:
        """Quotes that repeat what a paragraph says."""
        quotes = [
            i
            for i, (_, role) in enumerate(out)
            if role == "quote" and count_words(self.blocks[i].text) >= MIN_PULL_QUOTE_WORDS
        ]
        if quotes:
            texts = [build_match_key(block.text) for block, (_, role) in zip(self.blocks, out, strict=True) if not role]
            for i in quotes:
                wanted = build_match_key(self.blocks[i].text)
                if any(wanted in text for text in texts):
                    out[i] = ("extraction.pull-quote", "pull-quote")

    def _mark_tail_headings(self, out: list[tuple[str, str]]) -> None:
        """Headings with nothing of the article below them go."""
        kept = [i for i, (_, role) in enumerate(out) if role in KEPT_ROLES and role != "heading"]
        for i in range(kept[-1] + 1 if kept else len(out), len(out)):
            if out[i][1] == "heading":
                out[i] = ("extraction.tail", "related")

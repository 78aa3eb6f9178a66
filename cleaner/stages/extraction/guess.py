"""The first guess at each line of a page: a table of rules, and what lines are by what stands around them."""

from collections.abc import Callable
from typing import NamedTuple

from cleaner.stages.extraction.page import LINKED_SHARE, NEAR_ELEMENTS, VotedPage
from cleaner.stages.extraction.rules import Guess
from cleaner.stages.extraction.vocabulary import (
    FIRM_ROLES,
    HEADING_TAGS,
    KEPT_ROLES,
    KICKER_CLASS_WORDS,
    NO_TEXT_TAG_ROLES,
    PART_ROLES,
    STANDFIRST_CLASS_WORDS,
    TAG_ROLES,
)
from cleaner.text.shape import build_match_key

FEW_LINKS_SHARE, ALL_LINK_SHARE = 0.3, 0.8
"""Shares of characters in links: below the first a line is text for sure; from the second on even a sentence is a link
and no text with one."""

LIKE_INSIDE_SHARE = 0.5
"""Minimum voted share, among lines of the same kind, for a line inside the article's element that trafilatura left out
to be kept."""

SIBLING_SHARE = 0.3
"""The same among siblings, for a paragraph of an article whose paragraphs have a class each."""

LIKE_OUTSIDE_SHARE = 0.8
"""The same for a line outside the article's element: above it the line is kept."""

MIN_PULL_QUOTE_WORDS = 4
"""Words of the shortest quote that is looked for in the paragraphs: shorter ones occur there by chance."""

MIN_STANDFIRST_WORDS, MAX_STANDFIRST_WORDS = 8, 80
"""Words of the shortest and of the longest standfirst."""

MAX_STANDFIRST_DIGITS = 3
"""Digits of a standfirst that is no whole sentence: a line with more of them is a date."""

MAX_CAPTION_WORDS = 60
"""Words beside a picture, the caption's own among them, up to which a line there is its caption."""

MAX_BYLINE_WORDS = 25
"""Words of the longest byline or date above the text."""

MAX_KICKER_LINES = 3
"""Lines above the headline in which its kicker stands."""

_CELL_TAGS = frozenset({"td", "th"})
_CODE_TAGS = frozenset({"table", "pre"})
_ASIDE_TAGS = frozenset({"aside"})
_LABELLING_TAGS = ("blockquote", "li")
_INNER_HEADING_TAGS = frozenset(HEADING_TAGS[1:5])
_BYLINE_ROLES = frozenset({"byline", "timestamp"})
_TEXT_ROLES = KEPT_ROLES - {"heading"}
_HEADING_GUESS = ("extraction.role", "heading")
_STANDFIRST_GUESS = ("extraction.standfirst", "standfirst")
_UNCERTAIN_GUESSES = frozenset(
    (f"extraction.{rule}", role)
    for rule in ("outside", "named", "unlike", "head")
    for role in ("navigation", "related", "other", "share", "tags")
)
"""Guesses that a standfirst may overrule."""


class GuessRule(NamedTuple):
    """A row of the table: `applies` says whether a line is meant, or answers with its role where `role` is empty."""

    rule: str
    applies: Callable[[VotedPage, int], bool | str]
    role: str = ""


def guess_roles(page: VotedPage) -> list[Guess]:
    """The guess at each block of a page, by its place and its element."""
    out = [_guess_role(page, i) for i in range(len(page.blocks))]
    _mark_kicker(page, out)
    _mark_standfirst(page, out)
    _mark_pull_quotes(page, out)
    _mark_tail_headings(page, out)
    return out


def _guess_role(page: VotedPage, i: int) -> Guess:
    """The guess of the first row that applies; a line that none applies to belongs to the article if it is like it."""
    for row in _GUESS_RULES:
        if role := row.applies(page, i):
            return row.rule, row.role or str(role)
    return label_line(page, i)


def label_line(page: VotedPage, i: int) -> Guess:
    """What a line of the article is by its element; the empty guess for a paragraph."""
    tags = (page.hints[i].tag, *filter(page.tags[i].__contains__, _LABELLING_TAGS))
    role = next(filter(None, map(TAG_ROLES.get, tags)), "")
    return ("extraction.role", role) if role else ("", "")


# ---------------------------------------------------------------- the table of rules


def _is_headline(page: VotedPage, i: int) -> bool:
    return i == page.headline


def _find_element_role(page: VotedPage, i: int) -> str:
    """The role of a line in an element that holds no text.

    Code and tables are text wherever they stand, and an aside is if trafilatura took it inside the article.
    """
    tags = page.tags[i]
    if not tags.isdisjoint(_CODE_TAGS):
        return ""
    empty = (tags & page.no_text) - (_ASIDE_TAGS if page.voted[i] and page.inside[i] else frozenset())
    return next((NO_TEXT_TAG_ROLES[tag] for tag in NO_TEXT_TAG_ROLES if tag in empty), "")


def _find_named_role(page: VotedPage, i: int) -> str:
    """The role of a line by the class words around it.

    Some count more than the vote (`FIRM_ROLES`); others label a voted text only above the article, as its byline.
    """
    role = next((role for role, words in page.role_words.items() if words & page.names[i]), "")
    firm = role in FIRM_ROLES or not page.taken[i]
    if role in PART_ROLES and _is_named_paragraph(page, i, role):
        return ""
    is_byline = role in _BYLINE_ROLES and i <= page.first and page.words[i] <= MAX_BYLINE_WORDS
    return role if firm or is_byline else ""


def _is_named_paragraph(page: VotedPage, i: int, role: str) -> bool:
    """Whether the word stands in the class of a single paragraph, a sentence without a link among those of the text."""
    hints, words = page.hints[i], page.role_words[role]
    is_sentence = hints.tag == "p" and page.texts[i] and not hints.links
    is_among = page.inside[i] and page.homes[i] > 0 and i >= page.first
    return is_sentence and is_among and words.isdisjoint(frozenset().union(*hints.names[-NEAR_ELEMENTS:-1]))


def _is_outside(page: VotedPage, i: int) -> bool:
    """Whether a line stands outside the article's element, and is no voted text like those inside."""
    return not (page.inside[i] or (page.taken[i] and page.shares[i] > LIKE_OUTSIDE_SHARE))


def _is_short_outside(page: VotedPage, i: int) -> bool:
    return page.sizes[i] < MIN_STANDFIRST_WORDS and _is_outside(page, i)


def _is_caption(page: VotedPage, i: int) -> bool:
    """Whether a line stands beside a picture with little else, and is no voted text."""
    hints = page.hints[i]
    beside = hints.picture and page.beside[hints.picture] <= MAX_CAPTION_WORDS
    return bool(beside) and hints.tag not in TAG_ROLES and not page.taken[i]


def _is_link(page: VotedPage, i: int) -> bool:
    """Whether a line is a link, and no text with one.

    A sentence, a cell or a paragraph may hold more of them, and a heading inside the article that trafilatura took is
    one of the article's all the same.
    """
    hints = page.hints[i]
    if hints.links <= LINKED_SHARE:
        return False
    has_text = hints.links < ALL_LINK_SHARE and (page.texts[i] or hints.tag in ("td", "p"))
    is_heading = hints.tag[:1] == "h" and "li" not in page.tags[i]
    return not (has_text or (is_heading and page.voted[i] and page.first <= i <= page.last))


def _is_above_text(page: VotedPage, i: int) -> bool:
    """Whether a line that is no text stands above the headline or the text: a label, a counter, a byline.

    Between the two, a voted heading or list item belongs to the text.
    """
    is_part = page.voted[i] and page.hints[i].tag in TAG_ROLES
    return not page.texts[i] and (i < page.headline or (i < page.first and not is_part))


def _is_unlike_voted(page: VotedPage, i: int) -> bool:
    """Whether a line that trafilatura left out is unlike those of the article's element that it took."""
    if page.voted[i] or page.hints[i].tag in _INNER_HEADING_TAGS:
        return False
    return not (_is_like_before if i <= page.last else _is_like_behind)(page, i)


def _is_like_before(page: VotedPage, i: int) -> bool:
    """The same before the end of what trafilatura took, where paragraphs, cells and code belong to the article."""
    tag = page.hints[i].tag
    is_own = page.texts[i] or tag in ("p", "td", "th", "pre") or page.shares[i] >= LIKE_INSIDE_SHARE
    return is_own or (page.homes[i] >= LIKE_INSIDE_SHARE and tag in TAG_ROLES)


def _is_like_behind(page: VotedPage, i: int) -> bool:
    """The same behind that end, where lines with links are teasers, and others need more in common."""
    tag, text = page.hints[i].tag, page.texts[i]
    if page.hints[i].links >= FEW_LINKS_SHARE:
        return False
    is_like = page.shares[i] >= LIKE_INSIDE_SHARE and (text or tag in ("p", "li"))
    is_next = page.has_mixed_classes and tag == "p" and page.homes[i] >= SIBLING_SHARE
    return tag in _CELL_TAGS or is_like or (text and (is_next or page.get_kind(i) in page.seen))


_GUESS_RULES = (
    GuessRule("extraction.headline", _is_headline, "title"),
    GuessRule("extraction.element", _find_element_role),
    GuessRule("extraction.named", _find_named_role),
    GuessRule("extraction.outside", _is_short_outside, "navigation"),
    GuessRule("extraction.outside", _is_outside, "related"),
    GuessRule("extraction.picture", _is_caption, "caption"),
    GuessRule("extraction.linked", _is_link, "related"),
    GuessRule("extraction.head", _is_above_text, "other"),
    GuessRule("extraction.unlike", _is_unlike_voted, "other"),
)
"""The rules in the order in which they are tried: for each line the first that applies decides."""


# ---------------------------------------------------------------- lines by what stands around them


def _mark_kicker(page: VotedPage, out: list[Guess]) -> None:
    """The short lines above the headline whose own element has a word for a kicker."""
    for i in range(max(0, page.headline - MAX_KICKER_LINES), page.headline):
        if page.hints[i].names[-1] & KICKER_CLASS_WORDS and page.words[i] < MIN_STANDFIRST_WORDS:
            out[i] = ("extraction.kicker", "kicker")


def _mark_standfirst(page: VotedPage, out: list[Guess]) -> None:
    """What reads like text between headline and article is its standfirst, and then its first paragraphs.

    Nothing without a headline.  A first paragraph that its element calls so is a standfirst, too.
    """
    if page.headline < 0:
        return
    if not out[page.first][0] and _is_named_standfirst(page, page.first):
        out[page.first] = _STANDFIRST_GUESS
    below = page.headline + 1
    if out[below : page.first + 1][:1] == [_HEADING_GUESS] and _is_summary(page, below):
        out[below] = _STANDFIRST_GUESS
    found = False
    for i in range(below, page.first):
        if out[i] in _UNCERTAIN_GUESSES and _is_lead(page, i, found):
            out[i] = label_line(page, i)
            if not (found or page.hints[i].tag == "li"):
                out[i], found = _STANDFIRST_GUESS, True


def _is_summary(page: VotedPage, i: int) -> bool:
    """Whether a heading directly below the headline has the length of a summary, and is no crosshead."""
    return MIN_STANDFIRST_WORDS <= page.words[i] <= MAX_STANDFIRST_WORDS and page.hints[i].links < FEW_LINKS_SHARE


def _is_named_standfirst(page: VotedPage, i: int) -> bool:
    words = page.hints[i].names[-1] & STANDFIRST_CLASS_WORDS
    return bool(words) and page.words[i] <= MAX_STANDFIRST_WORDS


def _is_lead(page: VotedPage, i: int, found: bool) -> bool:
    """Whether a line reads like a standfirst or a paragraph; `found` if the standfirst was there before it."""
    is_long = page.words[i] >= MIN_STANDFIRST_WORDS and page.hints[i].links < FEW_LINKS_SHARE
    is_text = page.texts[i] or not (found or sum(map(str.isdigit, page.blocks[i].text)) > MAX_STANDFIRST_DIGITS)
    return is_long and is_text


def _mark_pull_quotes(page: VotedPage, out: list[Guess]) -> None:
    """Quotes that repeat what a paragraph says."""
    quotes = [i for i, (_, role) in enumerate(out) if role == "quote" and page.words[i] >= MIN_PULL_QUOTE_WORDS]
    if quotes:
        texts = [build_match_key(page.blocks[i].text) for i, (_, role) in enumerate(out) if not role]
        for i in quotes:
            wanted = build_match_key(page.blocks[i].text)
            if any(wanted in text for text in texts):
                out[i] = ("extraction.pull-quote", "pull-quote")


def _mark_tail_headings(page: VotedPage, out: list[Guess]) -> None:
    """Headings with nothing of the article below them go."""
    last = next((i for i in reversed(range(len(out))) if out[i][1] in _TEXT_ROLES), len(out))
    for i in range(last + 1, len(out)):
        if out[i][1] == "heading":
            out[i] = ("extraction.tail", "related")

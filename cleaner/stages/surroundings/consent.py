"""Consent boxes: by the names of the element that they stand in, or by the words of their sentences."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import attrgetter

from cleaner.document import NO_HINTS, Block
from cleaner.text.around import has_consent_voice, is_about_consent, is_consent
from cleaner.text.shape import build_match_key, count_words, is_prose

MAX_DIALOG_SHARE, MAX_BOX_SHARE, MAX_NAMED_BOX_SHARE = 0.4, 0.5, 0.8
"""Share of a page's words above which an element is no consent box: a dialog, which must speak of consent as well; one
that common words name; and one that the name of a consent tool does."""

MIN_WORDED_SHARE = 0.5
"""Share of an element's words in sentences of consent from which its other lines are its buttons and labels."""

CONSENT_TOOLS = frozenset(
    "onetrust optanon cookiebot cybot didomi quantcast usercentrics truste trustarc klaro cky cookieyes cmplz "
    "complianz iubenda axeptio borlabs osano termly tarteaucitron cmp cmpbox cmpwrapper consentmanager cookiefirst "
    "cookiehub cookiescript sourcepoint evidon cookieconsent cookiebanner cookienotice cookiebar cookiewall".split()
)
"""Words in classes and ids that only consent tools use."""

CONSENT_TOPICS = frozenset("cookie cookies consent gdpr rgpd dsgvo lgpd ccpa tcf privacy qc cc".split())
"""Words for what a box is about; with one of `BOX_WORDS`, or alone, they name a consent box."""

BOX_WORDS = frozenset(
    "banner bar box blackbar notice notification popup modal dialog overlay wall layer container wrapper message "
    "prompt manager center panel root sdk info law alert toast window confirmation layout ui host app".split()
)
"""Words for the shape of such a box."""

MESSAGE_NAMES = frozenset({"sp", "message"})
"""The two words of a box by Sourcepoint, `sp_message_container_123`."""

DIALOG_WORD = "dialog"
"""Stands among the names of an element whose role is a dialog's, or that says it is modal."""

ARTICLE_TAGS = frozenset({"html", "body", "article", "main"})
"""Elements that are no box whatever their classes say."""

_get_text, _get_hints = attrgetter("text"), attrgetter("hints")


# ---------------------------------------------------------------- by the names of elements


def find_boxed(blocks: Sequence[Block], title: str) -> Iterator[int]:
    """Numbers of the lines in consent boxes: an element so named, without the headline and most of the page's words.

    A line in a box within a box may come twice.  An element that is only a dialog must speak of consent, too.
    """
    held: dict[int, list[int]] = defaultdict(list)
    shares: dict[int, float] = {}
    for i, hints in enumerate(map(_get_hints, blocks)):
        if hints is NO_HINTS:
            continue
        for element, tag, names in zip(hints.path, hints.tags, hints.names, strict=False):
            if element not in shares:
                shares[element] = 0.0 if tag in ARTICLE_TAGS else _find_box_share(names)
            if shares[element]:
                held[element].append(i)
    if not held:
        return
    words = list(map(count_words, map(_get_text, blocks)))
    wanted = build_match_key(title)
    whole = sum(words)
    for element, numbers in held.items():
        share, box = shares[element], [blocks[i] for i in numbers]
        is_few = sum(map(words.__getitem__, numbers)) <= share * whole
        is_meant = is_few and (share > MAX_DIALOG_SHARE or is_about_consent(list(map(_get_text, box))))
        if is_meant and not any(_is_of_article(block, wanted, element) for block in box):
            yield from numbers


@lru_cache(2048)
def _find_box_share(names: frozenset[str]) -> float:
    """The share of a page that an element with these class words may have as a consent box; 0 for another element."""
    if not CONSENT_TOOLS.isdisjoint(names) or names >= MESSAGE_NAMES:
        return MAX_NAMED_BOX_SHARE
    about = names & CONSENT_TOPICS
    if about and (not BOX_WORDS.isdisjoint(names) or names == about):
        return MAX_BOX_SHARE
    return MAX_DIALOG_SHARE if DIALOG_WORD in names else 0.0


def _is_of_article(block: Block, title: str, element: int) -> bool:
    """Whether a line shows that the element around it holds the article: it is the headline, or in an article there."""
    hints = block.hints
    inner = hints.tags[hints.path.index(element) :]
    is_headline = build_match_key(block.text) == title if title else "h1" in inner
    return is_headline or "article" in inner


# ---------------------------------------------------------------- by the words of lines


def find_worded(blocks: Sequence[Block]) -> list[int]:
    """Numbers of the lines that speak as a consent box does, and of the others in an element that holds little else."""
    lines = list(map(_get_text, blocks))
    if not has_consent_voice(lines):
        return []
    plain = [i for i, line in enumerate(lines) if is_prose(line) and not is_consent(line)]
    if not plain:  # a page that says nothing else is about consent
        return []
    found = {i for i, block in enumerate(blocks) if _is_worded(block, plain[0] < i < plain[-1])}
    return sorted(found.union(_find_beside(blocks, found)))


def _is_worded(block: Block, is_amid: bool) -> bool:
    """Whether a line is a sentence of a consent box, and not quoted in an article."""
    return "blockquote" not in block.hints.tags and is_consent(block.text, is_amid)


def _find_beside(blocks: Sequence[Block], found: set[int]) -> list[int]:
    """Numbers of the lines in elements of a page of which most words are found to be a consent box's.

    `found` has the numbers of the lines whose own words say so.  A text has no elements, and only those lines.
    """
    elements = {element for i in found for element in blocks[i].hints.path}
    whole: dict[int, int] = defaultdict(int)
    worded: dict[int, int] = defaultdict(int)
    for i, block in enumerate(blocks):
        words = count_words(block.text)
        for element in elements.intersection(block.hints.path):
            whole[element] += words
            worded[element] += words * (i in found)
    boxes = {element for element in elements if worded[element] >= MIN_WORDED_SHARE * whole[element]}
    return [i for i, block in enumerate(blocks) if not boxes.isdisjoint(block.hints.path)]

"""The title that the markup states, without the name of the site, whose names are collected here too."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from cleaner.document import Fact
from cleaner.facts import KICKER, MARKUP_KICKER, MARKUP_PUBLISHER, MARKUP_TITLE, TITLE, Place, place_of
from cleaner.text.shape import build_match_key, count_words
from cleaner.text.titles import TITLE_SEPARATOR
from cleaner.text.urls import parse_site

MAX_SITE_NAME_CHARS = 59
"""Characters of the longest publisher that is taken for the name of the site."""

MIN_HOST_LABEL_CHARS = 4
"""Characters from which one label of a host (`harbourpost` of `news.harbourpost.example`) is a name of the site."""

MIN_SITE_PART_CHARS = 5
"""Characters from which the beginning of a site's name, or a name with more behind it, counts as that name."""

MIN_COMPARED_CHARS = 2
"""Letters and digits without which a part of a title cannot be compared."""


def collect_site_names(raw: Sequence[Fact], addresses: Iterable[str | None]) -> frozenset[str]:
    """The names of the site as `build_match_key` writes them: what calls itself publisher, and the hosts."""
    names = [name for name in MARKUP_PUBLISHER.list_values(raw) if len(name) <= MAX_SITE_NAME_CHARS]
    for host in map(parse_site, addresses):
        labels = host.split(".")[:-1]
        names += [host, *(label for label in labels if len(label) >= MIN_HOST_LABEL_CHARS)]
    return frozenset(map(build_match_key, names)) - {""}


def is_site_name(part: str, sites: frozenset[str]) -> bool:
    """Whether a part of a title is a name of the site, or the beginning or a part of one, or one with more behind it
    than a number.
    """
    plain = build_match_key(part)
    if len(plain) < MIN_COMPARED_CHARS or plain in sites:
        return len(plain) >= MIN_COMPARED_CHARS
    long = len(plain) >= MIN_SITE_PART_CHARS
    return any(
        (long and plain in site)
        or (len(site) >= MIN_SITE_PART_CHARS and plain.startswith(site) and not plain[len(site) :].isdigit())
        for site in sites
    )


_BAR_CHARS = frozenset([*"|-–—｜»·•_", "--"])
"""Cuts behind which a short part is a site's name though it is not known as one."""

_PATH_SIGN = "_"
"""What parts title, section and site on pages in Chinese: behind the last part, the one before it may go, too."""

MIN_TITLE_WORDS = 3
"""Words from which what is left of a title is one."""

MAX_LOOSE_SITE_WORDS = 4
"""Words of the longest last part that a page's `title` loses though it is no known name of the site."""

MIN_AGREEING_TITLES = 2
"""Titles of the metadata that must agree on where a heading's own words end."""

_SHOWN_PLACES = frozenset({Place.HEADING, Place.PAGE_TITLE})

MAX_SITE_NAMES = 3
"""Names of sites and sections that are cut from one title."""


def choose_title(raw: Sequence[Fact], sites: frozenset[str]) -> Iterator[Fact]:
    """The heading that agrees with a metadata title, else the best metadata title without the site's name."""
    titles = MARKUP_TITLE.pick(raw)
    sites = sites - _list_stated_keys(titles)
    heading = next((fact for fact in titles if place_of(fact) is Place.HEADING), None)
    if heading is None:
        bare = ((fact.rule, strip_site_name(TITLE.read(fact), sites, _is_page_title(fact))) for fact in titles)
        named = (TITLE.make(rule, title) for rule, title in bare if title and build_match_key(title) not in sites)
        yield from islice(named, 1)
        return
    shown = MARKUP_TITLE.read(heading)
    others = [MARKUP_TITLE.read(fact) for fact in titles if fact is not heading and not _is_page_title(fact)]
    shown = next((title for title in others if _has_kicker(shown, title)), shown)
    yield TITLE.make(heading.rule, _strip_unstated_end(_strip_trailing_name(shown, sites), others))
    yield from (KICKER.make(fact.rule, MARKUP_KICKER.read(fact)) for fact in MARKUP_KICKER.pick(raw)[:1])


def _list_stated_keys(titles: Sequence[Fact]) -> frozenset[str]:
    """The whole titles that the metadata state, longer than a name: none of them is the site's, whoever says so."""
    stated = (MARKUP_TITLE.read(fact) for fact in titles if place_of(fact) not in _SHOWN_PLACES)
    return frozenset(build_match_key(title) for title in stated if count_words(title) > MAX_LOOSE_SITE_WORDS)


def _strip_unstated_end(heading: str, others: Sequence[str]) -> str:
    """A heading without what stands behind its last cut, where two other titles or more end there."""
    cut = max(TITLE_SEPARATOR.finditer(heading), key=re.Match.end, default=None)
    ahead = build_match_key(heading[: cut.start()]) if cut else ""
    agree = sum(build_match_key(title) == ahead for title in others) if ahead else 0
    return heading[: cut.start()].strip() if cut and agree >= MIN_AGREEING_TITLES else heading


def _is_page_title(fact: Fact) -> bool:
    """Whether a title is that of the element `title`, written for the tab of a browser."""
    return place_of(fact) is Place.PAGE_TITLE


def _has_kicker(shown: str, title: str) -> bool:
    """Whether a heading is a label of a few words and this title."""
    one, two = build_match_key(shown), build_match_key(title)
    label = len(one) - len(two)
    is_label = 0 < label < len(two) / 2 and not one[:label].isdigit()
    return is_label and one.endswith(two) and count_words(title) >= MIN_TITLE_WORDS


def strip_site_name(title: str, sites: frozenset[str], loose: bool = False) -> str:
    """The title without the parts at its ends that are the site's name; `loose`, a short last part goes anyway."""
    for _ in range(MAX_SITE_NAMES):
        cuts = list(TITLE_SEPARATOR.finditer(title))
        if not cuts:
            break
        ahead, last = title[: cuts[-1].start()], title[cuts[-1].end() :]
        if is_site_name(last, sites):
            title = ahead
        elif is_site_name(title[: cuts[0].start()], sites):
            title = title[cuts[0].end() :]
        elif loose and _is_loose_end(ahead, cuts[-1][0], last):
            title, loose = ahead, cuts[-1][0] == _PATH_SIGN
        else:
            break
    return title.strip()


def _is_loose_end(ahead: str, cut: str, last: str) -> bool:
    """Whether a title is long enough before a cut, and what is behind it short enough for the name of a site."""
    return (
        cut.strip() in _BAR_CHARS
        and count_words(last) <= MAX_LOOSE_SITE_WORDS
        and count_words(ahead) >= MIN_TITLE_WORDS
    )


def _strip_trailing_name(heading: str, sites: frozenset[str]) -> str:
    """A heading without the site's own name behind it."""
    cut = max(TITLE_SEPARATOR.finditer(heading), key=re.Match.end, default=None)
    return heading[: cut.start()].strip() if cut and build_match_key(heading[cut.end() :]) in sites else heading

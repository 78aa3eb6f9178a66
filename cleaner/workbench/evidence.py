"""Pages read twice: which templates are frequent on a site, and what stands around their lines.

The first time a sketch of bounded size counts in how many documents of a site each template stands (Misra and Gries,
"Finding repeated elements", 1982, as Apache DataSketches keeps it); the second time, what stands around those that are
frequent is written down: the place, the neighbours, the wordings, the prose to keep.
"""

import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import NamedTuple

from datasketches import frequent_items_error_type, frequent_strings_sketch
from msgspec import Struct, field

from cleaner.document import Document
from cleaner.readers.inputs import read_file
from cleaner.record import Rejected
from cleaner.text.shape import find_prose_region
from cleaner.text.urls import parse_site
from cleaner.workbench.templates import cut_template, derive_templates, is_distinctive

SKETCH_LOG2_SIZE = 20
"""Binary logarithm of the templates counted at once: about 100 MB when full, and a count is off by three in a million
lines at most.  The sketch of templates with names has half the size: most lines have no name."""

MIN_DOCUMENTS, MIN_DOCUMENT_SHARE = 3, 0.03
"""Documents of a site, and their share of all of it, in which a frequent template stands at least."""

MAX_LINE_CHARS = 600
"""Characters of the longest line that is counted."""

MAX_CANDIDATES = 20_000
"""Frequent templates about which evidence is gathered: those that cover most text."""

MIN_NAMED_RATIO = 2
"""How many times as frequent as the plain one a line's template with names must be to be taken instead."""

MAX_WORDINGS, MAX_NEIGHBOURS = 16, 8
"""Wordings of a template, and neighbours on each side, that are counted; later ones are not."""

MAX_SAMPLED_DOCUMENTS, MAX_SITE_DOCUMENTS = 96, 12
"""Documents that are kept to be cleaned, in all and of one site."""

MAX_POOL_LINES, MAX_SITE_POOL_LINES = 20_000, 300
"""Lines of articles that are kept, which no proposal may match, in all and of one site."""

NEAR_TEXT_LINES = 3
"""Lines before the text among which a series' title, a dateline or a byline stands."""

FINGERPRINT_LINES = 3
"""Longest lines of a page by which copies of an article are known."""

NAMED_PREFIX = "A "
"""What a template with names has before it as a key, so that no plain one, which is in lower case, is the same."""

PAGE_TOP, PAGE_END, UNKNOWN_NEIGHBOUR = "^", "$", ""
"""Neighbours of a line that are no template: the edges of its page, and a line without a frequent template."""

PLACES = ("head", "inside", "tail")
"""Where a line stands: before the article's text, in it, or behind it."""


TemplateKey = tuple[str, str]
"""A site and one of its templates, with NAMED_PREFIX if it is one with names."""


class MinedPage(NamedTuple):
    """The site of a page, its lines that are not empty, and its document."""

    site: str
    lines: list[str]
    document: Document


class TemplateCounts(Struct):
    """What the first reading counts.

    `documents` counts those of each site; `frequent` has the documents of each frequent template, give or take the
    sketch's error; `rejected` counts documents that cannot be read.
    """

    documents: Counter[str] = field(default_factory=Counter)
    frequent: dict[TemplateKey, int] = field(default_factory=dict)
    lines: int = 0
    rejected: int = 0


class Evidence(Struct):
    """What the second reading sees of a template.

    `documents`, `lines` and `characters` count what it covers; `places` its lines by PLACES; `lonely` those inside the
    text with no template on either side; `near` those next to the text.  `before` and `after` count its neighbours,
    `wordings` its different lines.
    """

    documents: int = 0
    lines: int = 0
    characters: int = 0
    lonely: int = 0
    near: int = 0
    places: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    wordings: Counter[str] = field(default_factory=Counter)


class LinePool:
    """Lines of articles of each site, a random sample of bounded size that is the same in each run."""

    def __init__(self) -> None:
        self.sites: defaultdict[str, list[str]] = defaultdict(list)
        self._offered: Counter[str] = Counter()
        self._kept = 0
        self._chance = random.Random(0)

    def add(self, site: str, line: str) -> None:
        """Keep this line while there is room, then in place of another by chance (reservoir sampling)."""
        lines = self.sites[site]
        self._offered[site] += 1
        if len(lines) < MAX_SITE_POOL_LINES and self._kept < MAX_POOL_LINES:
            lines.append(line)
            self._kept += 1
        elif lines and (place := self._chance.randrange(self._offered[site])) < len(lines):
            lines[place] = line


class Gathered(Struct):
    """Evidence of each frequent template, lines of articles that must stay, and some pages of each site to clean."""

    evidence: defaultdict[TemplateKey, Evidence] = field(default_factory=lambda: defaultdict(Evidence))
    pool: LinePool = field(default_factory=LinePool)
    sample: defaultdict[str, list[MinedPage]] = field(default_factory=lambda: defaultdict(list))


# ---------------------------------------------------------------- reading


def _read_pages(inputs: Iterable[str]) -> Iterator[MinedPage | None]:
    """Each page that is no copy of one before; None for what cannot be read."""
    known: set[int] = set()
    for item in (item for path in inputs for item in read_file(path)):
        if isinstance(item, Rejected):
            yield None
            continue
        document = item.document
        lines = [block.text.replace("\xa0", " ") for block in document.blocks if block.text]
        # the same article again: its paragraphs would repeat like a template
        fingerprint = hash(tuple(sorted(lines, key=len)[-FINGERPRINT_LINES:]))
        if fingerprint not in known:
            known.add(fingerprint)
            folder = os.path.dirname(item.source.path or "") or "."
            yield MinedPage(parse_site(document.url) or f"{folder}/", lines, document)


# ---------------------------------------------------------------- counting


def count_templates(inputs: Sequence[str]) -> TemplateCounts:
    """The frequent templates of each site, and how much was read; raises `ReadError`."""
    counts = TemplateCounts()
    sketches = {
        "": frequent_strings_sketch(SKETCH_LOG2_SIZE),
        NAMED_PREFIX: frequent_strings_sketch(SKETCH_LOG2_SIZE - 1),
    }
    for page in _read_pages(inputs):
        if page is None:
            counts.rejected += 1
            continue
        counts.documents[page.site] += 1
        counts.lines += len(page.lines)
        pairs = [derive_templates(line) for line in page.lines if len(line) <= MAX_LINE_CHARS]
        for template in {cut_template(plain) for plain, _ in pairs}:
            sketches[""].update(f"{page.site}\t{template}")
        for template in {named for _, named in pairs if is_distinctive(named)}:
            sketches[NAMED_PREFIX].update(f"{page.site}\t{template}")
    frequent: dict[TemplateKey, int] = {}
    for prefix, sketch in sketches.items():
        for item, documents, *_ in sketch.get_frequent_items(
            frequent_items_error_type.NO_FALSE_NEGATIVES, MIN_DOCUMENTS
        ):
            site, _, template = item.partition("\t")
            if documents >= max(MIN_DOCUMENTS, ceil(MIN_DOCUMENT_SHARE * counts.documents[site])):
                frequent[site, prefix + template] = documents
    ranked = sorted(frequent.items(), key=lambda one: (-one[1] * len(one[0][1]), one[0]))
    counts.frequent = dict(ranked[:MAX_CANDIDATES])
    return counts


def find_template(site: str, line: str, frequent: Mapping[TemplateKey, int]) -> str | None:
    """The frequent template of a line, None where it has none: with names where that is MIN_NAMED_RATIO times as
    frequent as the plain one."""
    if len(line) > MAX_LINE_CHARS:
        return None
    plain, named = derive_templates(line)
    plain, named = cut_template(plain), NAMED_PREFIX + named
    plain_count, named_count = frequent.get((site, plain), 0), frequent.get((site, named), 0)
    if named_count and named_count >= MIN_NAMED_RATIO * plain_count:
        return named
    return plain if plain_count else None


# ---------------------------------------------------------------- what stands around


def gather_evidence(inputs: Sequence[str], frequent: Mapping[TemplateKey, int]) -> Gathered:
    """Evidence of each frequent template, lines of articles of each site, and some pages that hold such templates.

    The article of a page is the region with most prose among the lines without a frequent template.
    """
    gathered, sampled = Gathered(), 0
    for page in filter(None, _read_pages(inputs)):
        site, lines, _ = page
        templates = [find_template(site, line, frequent) for line in lines]
        own = [i for i, template in enumerate(templates) if template is None]
        first, end = find_prose_region([lines[i] for i in own])
        # all lines of a page without prose of its own count as standing before its text
        text = range(own[first], own[end - 1] + 1) if end else range(len(lines), len(lines))
        for i in own[first:end]:
            gathered.pool.add(site, lines[i])
        found = dict.fromkeys(filter(None, templates))
        for name in found:
            gathered.evidence[site, name].documents += 1
        neighbours = [PAGE_TOP, *(template or UNKNOWN_NEIGHBOUR for template in templates), PAGE_END]
        for at, template in enumerate(templates):
            if template:
                _record_line(gathered.evidence[site, template], lines[at], at, neighbours, text)
        if found and len(gathered.sample[site]) < MAX_SITE_DOCUMENTS and sampled < MAX_SAMPLED_DOCUMENTS:
            gathered.sample[site].append(page)
            sampled += 1
    return gathered


def _record_line(evidence: Evidence, line: str, at: int, neighbours: Sequence[str], text: range) -> None:
    """Count line number `at` of a page whose article has the line numbers `text`.

    `neighbours` are the templates of all lines of the page with its edges around: those of line `at` stand at `at` and
    `at + 2`.
    """
    before, after = neighbours[at], neighbours[at + 2]
    inside = text.start <= at < text.stop
    evidence.lines += 1
    evidence.characters += len(line)
    evidence.places[PLACES[(at >= text.start) + (at >= text.stop)]] += 1
    evidence.lonely += inside and before == after == UNKNOWN_NEIGHBOUR
    evidence.near += at == text.stop or (text.start - NEAR_TEXT_LINES <= at < text.start and after == UNKNOWN_NEIGHBOUR)
    _count_bounded(evidence.before, before, MAX_NEIGHBOURS)
    _count_bounded(evidence.after, after, MAX_NEIGHBOURS)
    _count_bounded(evidence.wordings, line, MAX_WORDINGS)


def _count_bounded(counts: Counter[str], what: str, most: int) -> None:
    """Count this, unless `most` other things are counted already."""
    if what in counts or len(counts) < most:
        counts[what] += 1

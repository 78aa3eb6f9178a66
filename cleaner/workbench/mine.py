"""Many pages in, proposed rules out: lines that repeat like a template and are not article.

The pages are read twice.  The first time a sketch of bounded size counts in how many documents of a site each template
stands (Misra and Gries, "Finding repeated elements", 1982, as Apache DataSketches keeps it); the second time, what
stands around those that are frequent is written down: the place, the neighbours, the wordings, the prose to keep.
"""

import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil, log

from datasketches import frequent_items_error_type, frequent_strings_sketch
from msgspec import Struct
from msgspec.structs import replace

from cleaner.document import ARTICLE_ROLES, Document
from cleaner.errors import ReadError, RuleError
from cleaner.io.files import STDIN
from cleaner.pipeline import Pipeline, default_stages
from cleaner.readers.inputs import read_file
from cleaner.record import Rejected
from cleaner.rules import RuleSet, load
from cleaner.text.shape import build_match_key, count_words, find_prose_region, is_prose
from cleaner.text.urls import parse_host
from cleaner.workbench.propose import (
    MAX_LISTED_LINES,
    Draft,
    derive_templates,
    normalize_host,
    pick_clean_sentence,
    propose_patterns,
)

SKETCH_LOG2_SIZE = 20
"""Logarithm of the templates that are counted at once: about 100 MB when full, and a count is off by three in a
million lines at most."""

MIN_DOCUMENTS, MIN_DOCUMENT_SHARE = 3, 0.03
"""Documents of a site, and their share, in which a template must stand."""

MAX_LINE_CHARS = 600
"""Characters of the longest line that is counted."""

MAX_CANDIDATES = 20_000
"""Templates about which evidence is gathered."""

MAX_WORDINGS, MAX_NEIGHBOURS = 16, 8
"""Wordings and neighbours of a template that are remembered."""

MAX_SAMPLED_DOCUMENTS, MAX_SITE_DOCUMENTS = 96, 12
"""Documents that are cleaned, to see which lines are dropped already; and how many of one site."""

MAX_POOL_LINES, MAX_SITE_POOL_LINES = 20_000, 300
"""Lines of articles that no proposal may match; and how many of one site."""

NEAR_TEXT_LINES = 3
"""Lines before the text in which a series' title, a dateline or a byline stands."""

MAX_BARE_WORDS = 2
"""Words of a label that is only dropped where it was found, before or behind the text."""

MAX_CROSSHEAD_WORDS, MIN_SLOT_DOCUMENTS, MIN_SLOT_WORDINGS = 4, 20, 5
"""Words of a crosshead that comes again and again; and the documents and wordings from which a line between paragraphs
is told from one."""

MAX_LABEL_WORDS = 4
"""Words of a menu's label."""

MIN_ROLE_LIKENESS = 0.5
"""Likeness to an example of a known rule from which a line is believed to be of its kind."""

RISK_THRESHOLD = 0.5
"""The risk from which a template is not proposed."""

METADATA_ROLES = frozenset(
    {"byline", "dateline", "title", "kicker", "agency", "author-note", "contributors", "standfirst"}
)
"""Roles of refrains that tell about an article: a rule that only drops them would lose what they say."""

TRUSTED_METADATA_ROLES = METADATA_ROLES - {"title", "kicker", "standfirst"}
"""Those of which cleaning is believed: on a page with a menu it may take a label for the title."""

METADATA_RISK = 0.7
"""The risk of such a line."""


class Proposal(Struct, frozen=True, kw_only=True):
    """A template that is proposed, its evidence, and the rule that would drop it.

    `left` is the share of its lines that cleaning leaves in the text today; `beside` says what stands next to it, and
    `fixed` that its rule lists lines of a menu.
    """

    site: str
    documents: int
    share: float
    lines: int
    characters: int
    left: float
    place: str
    beside: tuple[str, str]
    inside: float
    risk: float
    gain: float
    draft: Draft
    fixed: bool = False


class MiningResult(Struct, frozen=True):
    """What was read and what is proposed, best first."""

    documents: int
    lines: int
    rejected: int
    found: list[Proposal]


class _Evidence:
    """What is seen of a template on the second reading."""

    __slots__ = (
        "after",
        "before",
        "characters",
        "documents",
        "inside",
        "lines",
        "lonely",
        "near",
        "places",
        "wordings",
    )

    def __init__(self) -> None:
        self.documents = self.lines = self.characters = self.inside = self.lonely = self.near = 0
        self.places = [0, 0, 0]
        self.before: dict[str, int] = {}
        self.after: dict[str, int] = {}
        self.wordings: dict[str, int] = {}


MinedPage = tuple[str, list[str], Document]


def mine_templates(inputs: Sequence[str], most: int = 50, rules: RuleSet | None = None) -> MiningResult:
    """The best proposals for the pages of these inputs, `most` at most, of all their sites.

    The site of a document is the host of its url, or else the folder of its file.  Raises `ReadError` for an input
    that is not there, and for standard input, which cannot be read twice.
    """
    if STDIN in inputs:
        raise ReadError("standard input cannot be read twice, as mining must; write it to a file")
    rules = rules or load(prove=False)
    sizes, wanted, lines, rejected = _count_templates(inputs)
    seen, pool, sample = _gather_evidence(inputs, wanted)
    fate, languages = _count_fates(sample, rules, wanted)
    nearest = RoleLikeness(rules)
    found = []
    for (site, name), evidence in seen.items():
        judged = _judge_template(site, name, evidence, sizes[site], fate.get((site, name)), nearest)
        if judged.risk < RISK_THRESHOLD and not _is_known(judged, rules, languages.get(site, "")):
            found.append(judged)
    found = [*_merge_menus(found)]
    found.sort(key=lambda one: (-one.gain, one.site, one.draft.examples))
    return MiningResult(sum(sizes.values()), lines, rejected, list(_prove_proposals(found, most, pool)))


# ---------------------------------------------------------------- reading


def _read_pages(inputs: Iterable[str]) -> Iterator[MinedPage | None]:
    """Site, lines and document of each page that is no copy of one before; None for what cannot be read."""
    known: set[int] = set()
    for path in inputs:
        for item in read_file(path):
            if isinstance(item, Rejected):
                yield None
                continue
            document = item.document
            lines = [block.text.replace("\xa0", " ") for block in document.blocks if block.text]
            # the same article again: its paragraphs would repeat like a template
            mark = hash(tuple(sorted(lines, key=len)[-3:]))
            if mark not in known:
                known.add(mark)
                yield _find_site(document, item.source.path or ""), lines, document


def _find_site(document: Document, path: str) -> str:
    name = parse_host(document.url)
    return normalize_host(name) if name else f"{os.path.dirname(path) or '.'}/"


def _cut_template(name: str) -> str:
    """A template as it is counted: a long one by its beginning and a number for the rest."""
    return name if len(name) < 100 else f"{name[:80]}…{hash(name):x}"


def _is_distinctive(name: str) -> bool:
    """Whether a template with names holds words enough to be told from others."""
    return "A" in name and sum(len(word) for word in name.split() if word.islower()) >= 3


def _count_templates(inputs: Sequence[str]) -> tuple[Counter[str], dict[tuple[str, str], int], int, int]:
    """Documents of each site, those of each frequent template, lines read, and documents that cannot be read."""
    sizes: Counter[str] = Counter()
    plain, named = frequent_strings_sketch(SKETCH_LOG2_SIZE), frequent_strings_sketch(SKETCH_LOG2_SIZE - 1)
    lines = rejected = 0
    for page in _read_pages(inputs):
        if page is None:
            rejected += 1
            continue
        site, texts, _ = page
        sizes[site] += 1
        lines += len(texts)
        both = [derive_templates(text) for text in texts if len(text) <= MAX_LINE_CHARS]
        for one in {_cut_template(one) for one, _ in both}:
            plain.update(f"{site}\t{one}")
        for other in {other for _, other in both if len(other) < 100 and _is_distinctive(other)}:
            named.update(f"{site}\t{other}")
    wanted: dict[tuple[str, str], int] = {}
    for sketch, mark in ((plain, ""), (named, "A ")):
        for item, estimate, *_ in sketch.get_frequent_items(
            frequent_items_error_type.NO_FALSE_NEGATIVES, MIN_DOCUMENTS
        ):
            site, _, name = item.partition("\t")
            if estimate >= max(MIN_DOCUMENTS, ceil(MIN_DOCUMENT_SHARE * sizes[site])):
                wanted[site, mark + name] = estimate
    if len(wanted) > MAX_CANDIDATES:
        ranked = sorted(wanted.items(), key=lambda one: (-one[1] * len(one[0][1]), one[0]))
        wanted = dict(ranked[:MAX_CANDIDATES])
    return sizes, wanted, lines, rejected


def _find_template(site: str, line: str, wanted: Mapping[tuple[str, str], int]) -> str | None:
    """The frequent template of a line: with names where that is twice as frequent as without."""
    if len(line) > MAX_LINE_CHARS:
        return None
    one, other = derive_templates(line)
    one, other = _cut_template(one), f"A {other}"
    plain, named = wanted.get((site, one), 0), wanted.get((site, other), 0)
    if named and named >= 2 * plain:
        return other
    return one if plain else None


def _gather_evidence(
    inputs: Sequence[str], wanted: Mapping[tuple[str, str], int]
) -> tuple[dict[tuple[str, str], _Evidence], dict[str, list[str]], list[MinedPage]]:
    """Evidence of each frequent template, lines of articles of each site, and some documents."""
    seen: dict[tuple[str, str], _Evidence] = {}
    pool: dict[str, list[str]] = defaultdict(list)
    offered: Counter[str] = Counter()
    sample: dict[str, list[MinedPage]] = defaultdict(list)
    held = kept = 0
    chance = random.Random(0)
    for page in _read_pages(inputs):
        if page is None:
            continue
        site, lines, _ = page
        names = [_find_template(site, line, wanted) for line in lines]
        own = [i for i, name in enumerate(names) if name is None]
        first, end = find_prose_region([lines[i] for i in own])
        # without prose of its own, a page tells nothing about places
        start, stop = (own[first], own[end - 1] + 1) if end else (len(lines), len(lines))
        done: set[str] = set()
        for at, name in enumerate(names):
            if name is None:
                continue
            evidence = seen.get((site, name))
            if evidence is None:
                evidence = seen[site, name] = _Evidence()
            if name not in done:
                done.add(name)
                evidence.documents += 1
            _record_line(evidence, at, lines, names, start, stop)
        for i in own[first:end]:
            offered[site] += 1
            if len(pool[site]) < MAX_SITE_POOL_LINES and kept < MAX_POOL_LINES:
                pool[site].append(lines[i])
                kept += 1
            elif pool[site] and (place := chance.randrange(offered[site])) < len(pool[site]):
                pool[site][place] = lines[i]
        if done and len(sample[site]) < MAX_SITE_DOCUMENTS and held < MAX_SAMPLED_DOCUMENTS:
            sample[site].append(page)
            held += 1
    return seen, pool, [page for pages in sample.values() for page in pages]


def _record_line(
    evidence: _Evidence, at: int, lines: Sequence[str], names: Sequence[str | None], start: int, stop: int
) -> None:
    """Write down one line of a template: where it stands and what stands beside it."""
    line = lines[at]
    before = (names[at - 1] or "") if at else "^"
    after = (names[at + 1] or "") if at + 1 < len(lines) else "$"
    evidence.lines += 1
    evidence.characters += len(line)
    inside = start <= at < stop
    evidence.places[1 if inside else 0 if at < start else 2] += 1
    evidence.inside += inside
    evidence.lonely += inside and not before and not after
    evidence.near += (start - NEAR_TEXT_LINES <= at < start and not after) or at == stop
    for table, what, most in (
        (evidence.before, before, MAX_NEIGHBOURS),
        (evidence.after, after, MAX_NEIGHBOURS),
        (evidence.wordings, line, MAX_WORDINGS),
    ):
        if what in table or len(table) < most:
            table[what] = table.get(what, 0) + 1


# ---------------------------------------------------------------- judging


class RoleLikeness:
    """How like a line is to the examples of the rules of all packs, weighing rare words more than common ones."""

    def __init__(self, rules: RuleSet) -> None:
        self._texts: list[tuple[str, frozenset[str]]] = []
        for rule in rules.rules:
            if rule.classifies and rule.is_single:
                role = rule.roles[0]
                self._texts += [("" if role in ARTICLE_ROLES else role, _split_words(text)) for text in rule.examples]
                self._texts += [("", _split_words(text)) for text in rule.keeps]
        self._where: dict[str, list[int]] = defaultdict(list)
        for number, (_, words) in enumerate(self._texts):
            for word in words:
                self._where[word].append(number)
        self._unknown = log(len(self._texts) + 1)
        self._weights = {word: log((len(self._texts) + 1) / len(where)) for word, where in self._where.items()}
        self._sums = [sum(map(self._weigh_word, words)) for _, words in self._texts]

    def __call__(self, line: str) -> tuple[str, float]:
        """The role of the nearest example and its likeness, from 0 to 1; no role where that is article."""
        words = _split_words(line)
        own = sum(self._weigh_word(word) for word in words)
        shared: dict[int, float] = defaultdict(float)
        for word in words:
            weight = self._weigh_word(word)
            for number in self._where.get(word, ()):
                shared[number] += weight
        best, role = 0.0, ""
        for number, weight in shared.items():
            likeness = 2 * weight / (own + self._sums[number])
            if likeness > best:
                best, role = likeness, self._texts[number][0]
        return (role, best) if role else ("", 0.0)

    def _weigh_word(self, word: str) -> float:
        return self._weights.get(word, self._unknown)


def _split_words(line: str) -> frozenset[str]:
    return frozenset(word for word in map(build_match_key, line.split()) if word and not word.isdigit())


def _judge_template(
    site: str, name: str, evidence: _Evidence, size: int, fate: tuple[int, int, int] | None, nearest: RoleLikeness
) -> Proposal:
    """A template with its role, its risk and what dropping it would gain."""
    wordings = sorted(evidence.wordings, key=lambda text: -evidence.wordings[text])
    share = evidence.documents / size
    likely, likeness = max(map(nearest, wordings[:3]), key=lambda one: one[1])
    known = likeness >= MIN_ROLE_LIKENESS
    place = ("head", "inside", "tail")[evidence.places.index(max(evidence.places))]
    beside = (
        _find_stable_neighbour(evidence.before, evidence.lines),
        _find_stable_neighbour(evidence.after, evidence.lines),
    )
    role = (
        likely
        if known
        else "navigation"
        if place == "head" and count_words(wordings[0]) <= 4 and all(beside)
        else "other"
    )
    risk = _estimate_risk(evidence, share, beside, known, role, wordings[0])
    left, told = (fate[0] / fate[2], fate[1] / fate[2]) if fate else (0.5, 0.0)
    if told >= 0.5:
        risk = max(risk, METADATA_RISK)
    draft = Draft(
        role=role,
        why=f"Repeats on {share:.0%} of {size:,} pages, {PLACE_PHRASES[place]}.",
        match=(),
        examples=tuple(wordings),
        keeps=(),
        site=site if not site.endswith("/") else "",
        where=place if place in ("head", "tail") and (evidence.inside or _is_bare_label(wordings, known)) else "",
    )
    gain = evidence.characters * (left + 0.05) * (1 - risk) ** 2
    return Proposal(
        site=site,
        documents=evidence.documents,
        share=share,
        lines=evidence.lines,
        characters=evidence.characters,
        left=left,
        place=place,
        beside=beside,
        inside=evidence.inside / evidence.lines,
        risk=risk,
        gain=gain,
        draft=draft,
    )


def _is_bare_label(wordings: Sequence[str], known: bool) -> bool:
    """Whether a template is one short label of words that no rule knows: it may be a crosshead of another page."""
    return not known and len(wordings) == 1 and count_words(wordings[0]) <= MAX_BARE_WORDS


PLACE_PHRASES = {"head": "before the text", "inside": "within the text", "tail": "behind the text"}


def _find_stable_neighbour(beside: Mapping[str, int], lines: int) -> str:
    """What stands on one side of most of a template's lines: another template, the page's edge, or nothing known."""
    name, times = max(beside.items(), key=lambda one: one[1])
    return name if times >= 0.5 * lines else ""


def _estimate_risk(
    evidence: _Evidence, share: float, beside: tuple[str, str], known: bool, role: str, wording: str
) -> float:
    """How likely a template is a refrain of articles, from 0 to 1."""
    if role in METADATA_ROLES:
        return METADATA_RISK
    if evidence.lonely > 0.1 * evidence.lines or evidence.inside > 0.3 * evidence.lines:
        # between paragraphs: a slot, or a crosshead that many articles have
        return 0.15 if known else 0.3 if all(beside) else _estimate_slot_risk(evidence, share, wording)
    if is_prose(wording) and not known:
        return 0.3 if share >= 0.3 and any(beside) else 0.6
    if evidence.near > 0.5 * evidence.lines and not known:
        # next to the text: a series' title, a place, a sign-off
        return 0.35 if share >= 0.8 and any(beside) else 0.7
    if all(beside):
        return 0.05
    if any(beside) or known:
        return 0.1 if known else 0.2
    return 0.4 if share >= 0.3 else 0.6


def _estimate_slot_risk(evidence: _Evidence, share: float, wording: str) -> float:
    """The risk of a line of unknown words between paragraphs: no crosshead is so long and on nearly every page, and
    few that many pages have come with other numbers or names each time."""
    if count_words(wording) <= MAX_CROSSHEAD_WORDS or is_prose(wording) or evidence.documents < MIN_SLOT_DOCUMENTS:
        return 0.8
    varied = len(evidence.wordings) >= MIN_SLOT_WORDINGS
    return 0.35 if share >= 0.9 or (varied and share >= 0.4) else 0.8


def _is_known(one: Proposal, rules: RuleSet, language: str) -> bool:
    """Whether a rule drops such lines already."""
    texts = one.draft.examples[:4]
    return all(
        any(hit.rule.changes_prose for hit in rules.find_hits([text], one.draft.site, language)) for text in texts
    )


def _count_fates(
    sample: Sequence[MinedPage], rules: RuleSet, wanted: Mapping[tuple[str, str], int]
) -> tuple[dict[tuple[str, str], tuple[int, int, int]], dict[str, str]]:
    """Of each template, how many of its lines in the sample stay in the text, how many tell about the article, and how
    many there are; and the language of each site."""
    pipeline = Pipeline(default_stages(rules))
    fate: dict[tuple[str, str], tuple[int, int, int]] = {}
    spoken: dict[str, Counter[str]] = defaultdict(Counter)
    for site, lines, document in sample:
        cleaned = pipeline.process_documents([document])[0]
        if not isinstance(cleaned, Document):
            continue
        spoken[site][cleaned.find_fact("language") or ""] += 1
        stay = {build_match_key(block.text) for block in cleaned.blocks if block.text}
        about = {
            build_match_key(block.dropped)
            for block in cleaned.blocks
            if block.dropped and block.role in TRUSTED_METADATA_ROLES
        }
        for line in lines:
            if name := _find_template(site, line, wanted):
                left, told, all_of_it = fate.get((site, name), (0, 0, 0))
                fate[site, name] = (
                    left + (build_match_key(line) in stay),
                    told + (build_match_key(line) in about),
                    all_of_it + 1,
                )
    return fate, {site: languages.most_common(1)[0][0] for site, languages in spoken.items()}


# ---------------------------------------------------------------- proposing


def _merge_menus(found: Iterable[Proposal]) -> Iterator[Proposal]:
    """The same with the labels of a site's menus put together: those of one role and place with fixed words, which
    stand beside other templates."""
    menus: dict[tuple[str, str, str], list[Proposal]] = defaultdict(list)
    for one in found:
        draft = one.draft
        label = (
            len(draft.examples) == 1
            and count_words(draft.examples[0]) <= MAX_LABEL_WORDS
            and len(draft.examples[0]) <= 40
        )
        if label and one.place != "inside" and any(one.beside) and one.risk <= 0.2:
            menus[one.site, draft.role, draft.where or one.place].append(one)
        else:
            yield one
    for several in menus.values():
        several.sort(key=lambda one: (-one.gain, one.draft.examples))
        for at in range(0, len(several), MAX_LISTED_LINES):
            some = several[at : at + MAX_LISTED_LINES]
            first = some[0]
            lines = sum(one.lines for one in some)
            yield replace(
                first,
                documents=max(one.documents for one in some),
                share=max(one.share for one in some),
                lines=lines,
                characters=sum(one.characters for one in some),
                gain=sum(one.gain for one in some),
                left=sum(one.left * one.lines for one in some) / lines,
                inside=sum(one.inside * one.lines for one in some) / lines,
                risk=max(one.risk for one in some),
                draft=replace(first.draft, examples=tuple(one.draft.examples[0] for one in some)),
                fixed=True,
            )


def _prove_proposals(found: Iterable[Proposal], most: int, pool: Mapping[str, Sequence[str]]) -> Iterator[Proposal]:
    """The first of these for which there is a pattern that hits no line of an article, with that pattern."""
    made: set[tuple[str, tuple[str, ...]]] = set()
    for one in found:
        if len(made) >= most:
            return
        draft, stays = one.draft, pool.get(one.site, ())
        examples = draft.examples
        try:
            match = propose_patterns(
                examples, [line for line in stays if line not in examples], bool(draft.site), one.fixed
            )
        except RuleError:
            continue  # what cannot be told from an article is no proposal
        if (one.site, match) in made:
            continue
        made.add((one.site, match))
        yield _add_proof(one, match, stays)


def _add_proof(one: Proposal, match: tuple[str, ...], stays: Sequence[str]) -> Proposal:
    words = _split_words(one.draft.examples[0])
    prose = sorted(
        {line for line in stays if is_prose(line)}, key=lambda line: (-len(words & _split_words(line)), len(line))
    )
    keeps = tuple(prose[:2]) or (pick_clean_sentence(one.draft.examples[0]),)
    examples = one.draft.examples if one.fixed else one.draft.examples[:3]
    return replace(one, draft=replace(one.draft, match=match, examples=examples, keeps=keeps))

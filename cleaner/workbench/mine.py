"""Many pages in, proposed rules out: lines that repeat like a template and are not article."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from cleaner.errors import ReadError, RuleError
from cleaner.io.files import STDIN
from cleaner.rules.loading import load
from cleaner.rules.match import RuleSet
from cleaner.text.shape import count_words, is_prose
from cleaner.workbench.evidence import count_templates, gather_evidence
from cleaner.workbench.fates import count_fates
from cleaner.workbench.likeness import RoleLikeness, split_words
from cleaner.workbench.propose import MAX_LISTED_LINES, pick_clean_sentence, propose_patterns
from cleaner.workbench.risk import RISK_THRESHOLD, Proposal, judge_template

DEFAULT_PROPOSALS = 50
"""Proposals that are made at most, unless another number is asked for."""

MAX_LABEL_WORDS, MAX_LABEL_CHARS = 4, 40
"""Words and characters of a menu's label."""

MAX_MENU_RISK = 0.2
"""Risk of the labels that are put together into one rule: one wrong label would spoil the others."""

ASKED_WORDINGS = 4
"""Wordings of a template, the most frequent, that a rule must drop to make a proposal needless."""

MAX_EXAMPLES, MAX_KEEPS = 3, 2
"""Examples of a rule that does not list its lines, and sentences from the site's articles that it must keep."""


class MiningResult(Struct, frozen=True):
    """What was read, how many documents could not be, and what is proposed, best first."""

    documents: int
    lines: int
    rejected: int
    found: list[Proposal]


def mine_templates(inputs: Sequence[str], most: int = DEFAULT_PROPOSALS, rules: RuleSet | None = None) -> MiningResult:
    """The best proposals for the pages of these inputs, `most` at most, of all their sites.

    The site of a document is the host of its url, or else the folder of its file.  Without `rules`, the shipped ones
    say what is known.  Raises `ReadError` for an input that is not there, and for standard input, which cannot be read
    twice.
    """
    if STDIN in inputs:
        raise ReadError("standard input cannot be read twice, as mining must; write it to a file")
    rules = rules or load(prove=False)
    counts = count_templates(inputs)
    gathered = gather_evidence(inputs, counts.frequent)
    sample = list(chain.from_iterable(gathered.sample.values()))
    fates = count_fates(sample, rules, counts.frequent)
    nearest = RoleLikeness(rules)
    judged = (
        judge_template(key, evidence, counts.documents[key[0]], fates.templates.get(key), nearest)
        for key, evidence in gathered.evidence.items()
    )
    new = (
        one
        for one in judged
        if one.risk < RISK_THRESHOLD and not _is_known(one, rules, fates.languages.get(one.site, ""))
    )
    ranked = sorted(_merge_menus(new), key=lambda one: (-one.gain, one.site, one.draft.examples))
    found = list(_prove_proposals(ranked, most, gathered.pool.sites))
    return MiningResult(counts.documents.total(), counts.lines, counts.rejected, found)


def _is_known(one: Proposal, rules: RuleSet, language: str) -> bool:
    """Whether rules drop such lines already, wherever they stand: the most frequent wordings, each by some rule.

    `language` is that of the site's articles, in which rules are asked.
    """
    return all(
        any(hit.rule.changes_prose for hit in rules.find_hits([text], one.draft.site, language))
        for text in one.draft.examples[:ASKED_WORDINGS]
    )


# ---------------------------------------------------------------- menus


def _merge_menus(found: Iterable[Proposal]) -> Iterator[Proposal]:
    """The same proposals, with the labels of a menu put together: those of one site, role and place."""
    menus: defaultdict[tuple[str, str, str], list[Proposal]] = defaultdict(list)
    for one in found:
        if _is_menu_label(one):
            menus[one.site, one.draft.role, one.draft.where or one.place].append(one)
        else:
            yield one
    for labels in menus.values():
        labels.sort(key=lambda one: (-one.gain, one.draft.examples))
        for at in range(0, len(labels), MAX_LISTED_LINES):
            yield _merge_labels(labels[at : at + MAX_LISTED_LINES])


def _is_menu_label(one: Proposal) -> bool:
    """Whether a proposal is for one short line outside the text that stands beside another template.

    Such labels come in dozens on every page: one rule that lists them is easier to read than a rule for each.
    """
    label, *others = one.draft.examples
    short = count_words(label) <= MAX_LABEL_WORDS and len(label) <= MAX_LABEL_CHARS
    return short and not others and one.place != "inside" and any(one.beside) and one.risk <= MAX_MENU_RISK


def _merge_labels(labels: Sequence[Proposal]) -> Proposal:
    """One proposal whose rule lists these labels; best first, and the first says what it is about."""
    lines = sum(one.lines for one in labels)
    total = {name: sum(getattr(one, name) for one in labels) for name in ("characters", "gain")}
    most = {name: max(getattr(one, name) for one in labels) for name in ("documents", "share", "risk")}
    mean = {name: sum(getattr(one, name) * one.lines for one in labels) / lines for name in ("left", "inside")}
    draft = replace(labels[0].draft, examples=tuple(one.draft.examples[0] for one in labels))
    return replace(labels[0], lines=lines, draft=draft, fixed=True, **total, **most, **mean)


# ---------------------------------------------------------------- patterns and proof


def _prove_proposals(found: Iterable[Proposal], most: int, pool: Mapping[str, Sequence[str]]) -> Iterator[Proposal]:
    """The first of these for which there is a pattern that hits no line of an article, with that pattern.

    `pool` has lines of articles by site, which stay.
    """
    made: set[tuple[str, tuple[str, ...]]] = set()
    for one in found:
        if len(made) >= most:
            return
        examples, stays = one.draft.examples, pool.get(one.site, ())
        keeps = [line for line in stays if line not in examples]
        try:
            match = propose_patterns(examples, keeps, bool(one.draft.site), one.fixed)
        except RuleError:
            continue  # what cannot be told from an article is no proposal
        if (one.site, match) not in made:
            made.add((one.site, match))
            yield _add_proof(one, match, stays)


def _add_proof(one: Proposal, match: tuple[str, ...], stays: Iterable[str]) -> Proposal:
    """The proposal with a whole rule: its patterns, some examples, and the prose of the site that is most like them."""
    first = one.draft.examples[0]
    words = split_words(first)
    # lines of equal rank in the order of the pages: a set's order would differ from run to run
    prose = dict.fromkeys(filter(is_prose, stays))
    nearest = sorted(prose, key=lambda line: (-len(words & split_words(line)), len(line)))
    keeps = tuple(nearest[:MAX_KEEPS]) or (pick_clean_sentence(first),)
    examples = one.draft.examples if one.fixed else one.draft.examples[:MAX_EXAMPLES]
    return replace(one, draft=replace(one.draft, match=match, examples=examples, keeps=keeps))

"""How likely a frequent template is a refrain of articles, and what a rule for it would gain."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from cleaner.text.shape import count_words, is_prose
from cleaner.workbench.evidence import PLACES, UNKNOWN_NEIGHBOUR, Evidence, TemplateKey
from cleaner.workbench.fates import METADATA_ROLES, Fate
from cleaner.workbench.likeness import RoleLikeness
from cleaner.workbench.write import Draft

RISK_THRESHOLD = 0.5
"""Risk (0 to 1) from which a template is not proposed."""

METADATA_RISK = 0.7
"""Risk of templates that carry metadata: above RISK_THRESHOLD, so that they are never proposed."""

MIN_METADATA_SHARE = 0.5
"""Share of a template's lines that cleaning takes for metadata, from which its risk is METADATA_RISK at least."""

MIN_ROLE_LIKENESS = 0.5
"""Likeness to an example of a known rule from which a line is believed to be of its kind."""

COMPARED_WORDINGS = 3
"""Wordings of a template, the most frequent, that are compared with the examples of known rules."""

MAX_BARE_WORDS = 2
"""Words of a label that is only dropped where it was found, before or behind the text."""

MAX_MENU_WORDS = 4
"""Words of a line between others of a menu; the longer are not taken for navigation."""

MAX_CROSSHEAD_WORDS = 4
"""Words of the longest crosshead that many articles have, such as "What happens next"."""

MIN_SLOT_DOCUMENTS = 20
"""Documents from which a line between paragraphs can be told from a crosshead."""

MIN_SLOT_WORDINGS = 5
"""Wordings, by other numbers or names, from which a line between paragraphs varies as few crossheads do."""

MAX_LONELY_SHARE, MAX_INSIDE_SHARE = 0.1, 0.3
"""Shares of a template's lines above which it stands between paragraphs: those without a template on either side, and
those inside the text at all."""

MIN_NEAR_SHARE = 0.5
"""Share of a template's lines above which it stands next to the text."""

MIN_NEIGHBOUR_SHARE = 0.5
"""Share of a template's lines that have the same neighbour on one side, from which it is a stable one."""

DOCUMENT_SHARES = {"common": 0.3, "frequent": 0.4, "usual": 0.8, "everywhere": 0.9}
"""Shares of a site's documents from which a template has the trait of this name."""

UNKNOWN_LEFT_SHARE = 0.5
"""Share of a template's lines that is taken to stay in the text today where the sample has none of them."""

MIN_GAIN_SHARE = 0.05
"""Share of a template's characters that a rule gains at least, though cleaning drops all its lines today."""

PLACE_PHRASES = dict(zip(PLACES, ("before the text", "within the text", "behind the text"), strict=True))
"""How the reason of a rule says where its lines stand."""


class RiskRow(NamedTuple):
    """Templates with all of these traits (words of `traits`, see `_collect_traits`) have this risk."""

    traits: str
    risk: float
    reason: str


RISK_ROWS = (
    RiskRow("metadata", METADATA_RISK, "a rule would lose what the line says of the article"),
    RiskRow("between known", 0.15, "in the text, but like the examples of a rule"),
    RiskRow("between framed", 0.3, "in the text, always between the same neighbours"),
    RiskRow("between long plain many everywhere", 0.35, "longer than a crosshead, and on nearly every page"),
    RiskRow("between long plain many varied frequent", 0.35, "few crossheads come with other numbers or names"),
    RiskRow("between", 0.8, "a crosshead that many articles have"),
    RiskRow("unknown prose common accompanied", 0.3, "a sentence on many pages, beside another template"),
    RiskRow("unknown prose", 0.6, "a sentence that articles repeat"),
    RiskRow("unknown near usual accompanied", 0.35, "next to the text, on most pages, beside another template"),
    RiskRow("unknown near", 0.7, "next to the text: a series' title, a place, a sign-off"),
    RiskRow("framed", 0.05, "always between the same neighbours"),
    RiskRow("known", 0.1, "like the examples of a rule"),
    RiskRow("accompanied", 0.2, "beside another template"),
    RiskRow("common", 0.4, "alone, but on many pages"),
    RiskRow("", 0.6, "alone, and on few pages"),
)
"""The risk of a template is that of the first row whose traits it has."""


class Proposal(Struct, frozen=True, kw_only=True):
    """A template that is proposed, its evidence, and the rule that would drop it.

    `share` is the share of the site's documents that have it; `left` the share of its lines that cleaning leaves in
    the text today, and `inside` of those that stand in it; `place` is one of PLACES, `beside` its stable neighbours.
    `gain` is in characters, less for more risk.  With `fixed`, its rule lists the lines of a menu.
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


def judge_template(
    key: TemplateKey, evidence: Evidence, size: int, fate: Fate | None, nearest: RoleLikeness
) -> Proposal:
    """A template with its role, its risk, what dropping it would gain, and a rule without patterns and keeps as yet.

    `size` is the number of documents of its site.
    """
    site = key[0]
    wordings = [wording for wording, _ in evidence.wordings.most_common()]
    share = evidence.documents / size
    likely, likeness = max(map(nearest, wordings[:COMPARED_WORDINGS]), key=lambda one: one[1])
    known = likeness >= MIN_ROLE_LIKENESS
    place = max(PLACES, key=evidence.places.__getitem__)
    beside = (
        _find_stable_neighbour(evidence.before, evidence.lines),
        _find_stable_neighbour(evidence.after, evidence.lines),
    )
    in_menu = place == "head" and all(beside) and count_words(wordings[0]) <= MAX_MENU_WORDS
    role = likely if known else "navigation" if in_menu else "other"
    risk = _estimate_risk(_collect_traits(evidence, share, beside, known, role, wordings[0]))
    left = UNKNOWN_LEFT_SHARE
    if fate:
        left = fate.left / fate.lines
        if fate.metadata >= MIN_METADATA_SHARE * fate.lines:
            risk = max(risk, METADATA_RISK)
    here_only = place != "inside" and (evidence.places["inside"] > 0 or _is_bare_label(wordings, known))
    return Proposal(
        site=site,
        documents=evidence.documents,
        share=share,
        lines=evidence.lines,
        characters=evidence.characters,
        left=left,
        place=place,
        beside=beside,
        inside=evidence.places["inside"] / evidence.lines,
        risk=risk,
        gain=evidence.characters * (left + MIN_GAIN_SHARE) * (1 - risk) ** 2,
        draft=Draft(
            role=role,
            why=f"Repeats on {share:.0%} of {size:,} pages, {PLACE_PHRASES[place]}.",
            match=(),
            examples=tuple(wordings),
            keeps=(),
            site="" if site.endswith("/") else site,  # a folder is no site that a rule can name
            where=place if here_only else "",
        ),
    )


def _is_bare_label(wordings: Sequence[str], known: bool) -> bool:
    """Whether a template is one short label of words that no rule knows: it may be a crosshead of another page."""
    return not known and len(wordings) == 1 and count_words(wordings[0]) <= MAX_BARE_WORDS


def _find_stable_neighbour(beside: Counter[str], lines: int) -> str:
    """What stands on one side of most of a template's lines: a template, an edge of the page, or UNKNOWN_NEIGHBOUR."""
    name, times = beside.most_common(1)[0]
    return name if times >= MIN_NEIGHBOUR_SHARE * lines else UNKNOWN_NEIGHBOUR


def _collect_traits(
    evidence: Evidence, share: float, beside: tuple[str, str], known: bool, role: str, wording: str
) -> set[str]:
    """The traits of a template that RISK_ROWS ask for.

    `share` is its share of the site's documents, `beside` its stable neighbours, `wording` its most frequent line; it
    is `known` where that is like an example of a rule.  `framed` has neighbours on both sides, `accompanied` on one.
    """
    lines, inside = evidence.lines, evidence.places["inside"]
    traits = {
        "metadata": role in METADATA_ROLES,
        "known": known,
        "unknown": not known,
        "between": evidence.lonely > MAX_LONELY_SHARE * lines or inside > MAX_INSIDE_SHARE * lines,
        "near": evidence.near > MIN_NEAR_SHARE * lines,
        "accompanied": any(beside),
        "framed": all(beside),
        "prose": is_prose(wording),
        "plain": not is_prose(wording),
        "long": count_words(wording) > MAX_CROSSHEAD_WORDS,
        "many": evidence.documents >= MIN_SLOT_DOCUMENTS,
        "varied": len(evidence.wordings) >= MIN_SLOT_WORDINGS,
        **{trait: share >= least for trait, least in DOCUMENT_SHARES.items()},
    }
    return {trait for trait, holds in traits.items() if holds}


def _estimate_risk(traits: set[str]) -> float:
    """How likely a template with these traits is a refrain of articles, from 0 to 1."""
    return next(row.risk for row in RISK_ROWS if traits.issuperset(row.traits.split()))

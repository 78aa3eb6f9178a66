"""What cleaning does today with the lines of frequent templates."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from cleaner.document import Document
from cleaner.pipeline import Pipeline, default_stages
from cleaner.rules.match import RuleSet
from cleaner.text.shape import build_match_key
from cleaner.workbench.evidence import MinedPage, TemplateKey, find_template

METADATA_ROLES = frozenset(
    {"byline", "dateline", "title", "kicker", "agency", "author-note", "contributors", "standfirst"}
)
"""Roles of lines that many articles have and that carry metadata: a rule that only drops them would lose it."""

TRUSTED_METADATA_ROLES = METADATA_ROLES - {"title", "kicker", "standfirst"}
"""Those of them that are believed of a cleaned line: on a page with a menu, a label may be taken for the title."""


class Fate(Struct):
    """How many lines of a template the sample has, how many of them stay in the text, and how many are metadata."""

    lines: int = 0
    left: int = 0
    metadata: int = 0


class Fates(Struct):
    """The fate of each template that the sample has, and the language of most pages of each site."""

    templates: dict[TemplateKey, Fate]
    languages: dict[str, str]


def count_fates(sample: Iterable[MinedPage], rules: RuleSet, frequent: Mapping[TemplateKey, int]) -> Fates:
    """Clean the pages of a sample with these rules, and see what becomes of the lines of frequent templates.

    A line is left where its letters and digits stand in a line of the clean text, and metadata where they stand in a
    dropped line of TRUSTED_METADATA_ROLES.  `frequent` has the documents of each template, by which a line's is chosen.
    """
    pipeline = Pipeline(default_stages(rules))
    fates: defaultdict[TemplateKey, Fate] = defaultdict(Fate)
    spoken: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for site, lines, document in sample:
        cleaned = pipeline.process_documents([document])[0]
        if not isinstance(cleaned, Document):
            continue  # rejected, and so nothing is known of its lines
        spoken[site][cleaned.find_fact("language", "")] += 1
        left = {build_match_key(block.text) for block in cleaned.blocks if block.text}
        metadata = {
            build_match_key(block.dropped)
            for block in cleaned.blocks
            if block.dropped and block.role in TRUSTED_METADATA_ROLES
        }
        for line in lines:
            if template := find_template(site, line, frequent):
                fate = fates[site, template]
                fate.lines += 1
                fate.left += build_match_key(line) in left
                fate.metadata += build_match_key(line) in metadata
    return Fates(dict(fates), {site: languages.most_common(1)[0][0] for site, languages in spoken.items()})

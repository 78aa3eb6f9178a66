"""Pages without gold that teach the line model what HTML mode keeps of them.

HTML mode sees the markup and errs less than any model of a text alone; its renderings as text are labelled by what it
keeps.  Only pages it is sure of teach, and only a few of each outlet.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from cleaner.errors import ReadError
from cleaner.facts import FLAGS
from cleaner.html.page import build_page_document
from cleaner.pipeline import Pipeline, default_stages
from cleaner.rules.match import RuleSet
from cleaner.training.fitting import find_domain
from cleaner.training.gold import Gold, TrainingPage, split_words
from cleaner.training.renderings import render_page_texts

UNSURE_FLAGS = frozenset({"no-article", "empty", "paywall", "list"})
"""Flags of a page whose text is no whole article."""

MIN_ARTICLE_WORDS = 120
"""Words of the shortest article that teaches; a page with fewer is often no article."""

MAX_DOMAIN_PAGES = 3
"""Pages of one domain: more of one template teach little."""

MIN_COVERED_SHARE = 0.97
"""Share of the article's pairs of words that the whole page as text must hold, so that its lines can be labelled."""


def teach_pages(pages: Iterable[TrainingPage], rules: RuleSet) -> Iterator[TrainingPage]:
    """The pages that HTML mode is sure of, with their renderings, and with what it keeps as gold."""
    pipeline = Pipeline(default_stages(rules))
    taken: Counter[str] = Counter()
    for page in pages:
        domain = find_domain(page)
        if taken[domain] < MAX_DOMAIN_PAGES and (taught := _teach_page(page, pipeline)):
            taken[domain] += 1
            yield taught


def _teach_page(page: TrainingPage, pipeline: Pipeline) -> TrainingPage | None:
    """A page with its renderings and with what HTML mode keeps as gold; None where it is not sure."""
    try:
        document = pipeline(build_page_document(page["html"], page["id"], page.get("url")))
    except ReadError:
        return None
    body = document.text
    flags = {str(fact.value) for fact in document.facts if fact.key == FLAGS.name}
    if flags & UNSURE_FLAGS or len(split_words(body)) < MIN_ARTICLE_WORDS:
        return None
    title = document.find_fact("title", "")
    texts = render_page_texts(page["html"], title, body)
    if _measure_coverage(body, texts["R2"]) < MIN_COVERED_SHARE:
        return None
    gold: Gold = {"body": body.split("\n\n"), "titles": [title], "lang": document.find_fact("language", "")}
    taught = page.copy()
    taught.update(TrainingPage(text=texts, gold=gold, taught=True))
    return taught


def _measure_coverage(part: str, whole: str) -> float:
    """The share of a text's pairs of words that another text holds."""
    wanted = set(pairwise(split_words(part)))
    return len(wanted.intersection(pairwise(split_words(whole)))) / max(len(wanted), 1)

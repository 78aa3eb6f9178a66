"""Clean articles out of scraped text, every change on record.

    from cleaner import clean
    article = clean(text)

`Pipeline`, `Document` and the rest are imported from their own modules.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cleaner.version import __version__

if TYPE_CHECKING:
    from cleaner.record import Article



def clean(
    text: str,
    *,
    title: str | None = None,
    url: str | None = None,
    id: str = "",
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    rules: Sequence[str] = (),
) -> "Article":
    """The clean article of a text as scraped, with its edits.

    `title` and `url` are what is known beside the text.  `keep` and `drop` are roles that stay in the text, or go,
    against the default; `rules` are paths of rule files of your own.  Raises `RuleError` for a rule file that cannot
    be used, and `StageError` for a text that breaks a stage.
    """
    # here and not above, so that `cleaner --help` need not load the rules' engine
    from cleaner.batch import Settings, prepare
    from cleaner.document import Document, Fact
    from cleaner.record import Source, article, ledger

    ready = prepare(Settings(rules=tuple(rules), keep=tuple(keep), drop=tuple(drop)))
    facts = (Fact("input", "title", title),) if title else ()
    document = ready.pipeline(Document.read(text, id, url, facts))
    made = article(document, Source(), ready.tool)
    made.edits = tuple(ledger(document))
    return made


__all__ = ["__version__", "clean"]

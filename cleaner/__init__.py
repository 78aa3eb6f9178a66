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
    text: str | None = None,
    *,
    html: str | bytes | None = None,
    title: str | None = None,
    url: str | None = None,
    id: str = "",
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    rules: Sequence[str] = (),
) -> "Article":
    """The clean article of a text as scraped, or of the `html` of its page, with its edits.

    A `text` that surely is a page, or is written in pieces of HTML or with escaped line ends, is read as that, and its
    record has the flag `html-in-text` or `escapes-in-text`.

    `title` and `url` are what is known beside it.  `keep` and `drop` are roles that stay in the text, or go, against
    the default; `rules` are paths of rule files of your own.  Raises `RuleError` for a rule file that cannot be used,
    `ReadError` for `html` that is none and for what is too long for an article, `StageError` for a text that breaks a
    stage, and `TypeError` without either text or html, with both, or for a role that there is not.
    """
    # here and not above, so that `cleaner --help` need not load the rules' engine
    from cleaner.pipeline.records import make_article
    from cleaner.pipeline.settings import prepare_settings
    from cleaner.readers.given import Given, read_given
    from cleaner.settings import build_settings

    if (text is None) == (html is None):
        raise TypeError("clean() takes a text or the html of a page: clean(text) or clean(html=page, url=address)")
    # rule files may be given as paths as well
    ready = prepare_settings(build_settings({"rules": tuple(map(str, rules)), "keep": keep, "drop": drop}))
    given = Given(text=text, html=html, id=id, url=url, title=title)
    return make_article(ready, read_given(given), with_edits=True)


__all__ = ["__version__", "clean"]

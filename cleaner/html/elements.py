"""The elements of HTML by what a reader sees of them: one table for each question that this folder asks."""

import re

from lxml import etree

Element = etree._Element
"""An element of a page's tree.  A tag that is no string is a comment's or a processing instruction's."""

UNSEEN_TAGS = frozenset(
    "script style template head title meta link noscript svg math canvas object embed iframe select datalist textarea "
    "input audio video map area param source track base frame frameset dialog".split()
)
"""Elements whose text no reader sees, or sees as part of a form or a player."""

ALWAYS_UNSEEN_TAGS = UNSEEN_TAGS - {"noscript"}
"""Elements whose text is left out even from a page that shows none."""

INLINE_TAGS = frozenset(
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark meter nobr output picture "
    "progress q rb rp rt ruby s samp small span strike strong sub sup time tt u var wbr img slot".split()
)
"""Elements that stand inside a line; every other one begins a line, as do elements that HTML does not know."""

HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
"""Headings, in which a line break does not part two lines."""

PICTURE_TAGS = frozenset("img picture video audio iframe amp-img amp-video svg object embed".split())
"""Elements that show something and hold no text; a short line alone beside one is its caption."""

IMAGE_TAGS = ("img", "amp-img", "picture")
"""Those of them that are images; `img` inside `picture` is a part of it."""

EXTRACTOR_NO_TEXT_TAGS = tuple(
    "aside audio button dialog fieldset figure footer head iframe img input label link nav noscript picture source "
    "video".split()
)
"""Elements that trafilatura takes for no text, and would copy and search again and again."""

HEADING_NO_TEXT_TAGS = frozenset("script style noscript template svg button iframe select".split())
"""Elements inside a heading or a byline whose text is no part of it."""

GLUED_TAGS = frozenset("a b i em strong u sup sub small mark abbr font wbr ruby rb".split())
"""Elements inside a word; at the border of any other one in a heading or a byline a blank is put."""

BESIDE_ARTICLE_TAGS = frozenset("aside footer nav figure figcaption form noscript template".split())
"""Elements whose headings, bylines and dates are not the article's."""

UNSIGNED_TAGS = frozenset("title meta link img base script style svg path g use symbol body".split())
"""Elements that are no headline, byline or date whatever their classes say."""

NO_PICTURE_TAGS = frozenset("nav footer aside form button".split())
"""Elements whose pictures are not the article's."""

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def is_hidden(element: Element) -> bool:
    """Whether an element's own attributes hide it from readers."""
    get = element.get
    return get("hidden") is not None or get("aria-hidden") == "true" or has_hidden_style(get("style"))


def has_hidden_style(style: str | None) -> bool:
    """Whether a `style` attribute hides its element."""
    return style is not None and _HIDDEN_STYLE.search(style) is not None


def get_names(element: Element) -> tuple[str, str]:
    """An element's classes and id as written; empty where there are none."""
    return element.get("class", ""), element.get("id", "")


def collapse_blanks(text: str) -> str:
    """A text as it reads on one line: blanks and line ends are one blank, and no-break spaces stay."""
    return _BLANKS.sub(" ", text).strip(" ")


def is_dialog(element: Element) -> bool:
    """Whether an element says that it lies over the page: by its role, or as modal."""
    return element.get("aria-modal") == "true" or element.get("role") in ("dialog", "alertdialog")

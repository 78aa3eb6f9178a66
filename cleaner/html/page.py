"""A page of HTML as a document: the lines that it shows, and what its markup says."""

import re
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urljoin

import msgspec
from lxml import etree
from lxml.html import HtmlComment, HtmlElement

from cleaner.document import Block, Document, Fact
from cleaner.errors import ReadError
from cleaner.html.elements import EXTRACTOR_NO_TEXT_TAGS, INLINE_TAGS, Element
from cleaner.html.hidden import MIN_VISIBLE_WORDS, count_sentence_words, uncover_articles
from cleaner.html.layout import PlacedPicture, VisibleLine, lay_out_page
from cleaner.html.markup import extract_facts
from cleaner.html.pictures import find_pictures
from cleaner.html.scripts import find_script_article
from cleaner.html.unread import drop_spoken_text, settle_tree
from cleaner.html.wrappers import release_article
from cleaner.io.files import check_length

MAX_PAGE_LINES = 50_000
"""Lines of the longest page that is cleaned; an extractor takes half a minute for twice as many."""

MIN_GAIN = 2
"""How many times as much text hidden elements must have as the visible ones, and scripts as the hidden ones, to be
taken instead."""

_FLAT_TAGS = frozenset("html head title meta link script style body p h1 h2 h3 h4 h5 h6 br img time".split())
"""Elements that do not nest in each other: they are kept of a page that is nested too deep."""

# what a page is not, and what it must have
_OTHER_XML_START = re.compile(r"\s*<(?:\?xml|rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.IGNORECASE)

_PAGE_TAG = re.compile(r"<(?:html|body|!doctype\s+html)[\s>]", re.IGNORECASE)

_ANY_TAG = re.compile(r"</?([a-zA-Z][\w:-]*)(?:\s[^<>]*)?/?>")

_CROWDED_TAG = re.compile(
    rb"<([a-zA-Z][^\s<>/]*+)(?>[\s/]++[^\s<>=\"'/]++(?>\s*+=\s*+(?>\"[^\"]*+\"|'[^']*+'|[^\s<>\"']*+))?+){500,}+"
)
"""An element with hundreds of attributes, each of which the parser compares with all others."""

_CONTROL_BYTES = bytes((*range(0x09), *range(0x0E, 0x20), 0x7F))

_ELEMENT_CLASSES = etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment)
"""The classes that extractors ask for, and no others: lxml.html chooses one for each element anew by its tag."""

_HTML_TAG = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|div|p|article|section|h1|span|a|table)[\s>/]", re.I
)


def build_page_document(markup: str, id: str = "", url: str | None = None, facts: Iterable[Fact] = ()) -> Document:
    """The document of a page: one block a visible line, and facts of what its markup says.

    Its `page` is the tree for extractors, without scripts and without elements that hold no text.  Raises `ReadError`
    for what is no HTML, or holds more text than an article can.
    """
    _check_is_page(markup)
    root = parse_html(markup)
    settle_tree(root)
    found: list[Fact] = [*facts, *extract_facts(root, url)]
    scripts = list(root.iter("script"))
    drop_spoken_text(root)
    etree.strip_elements(root, etree.Comment, "script", "style", "svg", "template", "select", with_tail=False)
    release_article(root)
    left_out: list[Element] = []
    lines, placed = lay_out_page(root, left_out=left_out)
    if uncover_articles(left_out, lines):
        lines, placed = lay_out_page(root)
    if count_sentence_words(lines) < MIN_VISIBLE_WORDS:
        lines, placed, flags = _uncover_text(root, lines, placed, scripts)
        found += flags
    shown = list(find_pictures(placed, _find_base_url(root, found, url)))
    etree.strip_elements(root, *EXTRACTOR_NO_TEXT_TAGS, with_tail=False)
    if len(lines) > MAX_PAGE_LINES:
        raise ReadError(f"a page of {len(lines):,} lines, which no article has; split it into its articles")
    source, blocks = _build_blocks(lines)
    check_length(source)
    starts = [*(block.start for block in blocks), len(source)]
    found += [Fact("picture", "picture", picture, starts[line], starts[line]) for picture, line in shown]
    return Document(id, source, blocks, blocks, (), tuple(found), url, root)


def _uncover_text(
    root: Element, lines: list[VisibleLine], placed: list[PlacedPicture], scripts: Iterable[Element]
) -> tuple[list[VisibleLine], list[PlacedPicture], list[Fact]]:
    """Lines, pictures and flags of a page that shows no text: what its scripts hold, or what it hides, if that is more;
    `lines` and `placed` are what it shows."""
    hidden, uncovered = lay_out_page(root, hidden=True)
    written = find_script_article((script.get("type", ""), script.text or "") for script in scripts)
    if sum(len(line.text) for line in written) > MIN_GAIN * sum(len(line.text) for line in hidden):
        return lines + written, placed, [Fact("script.body", "flags", "script")]
    if count_sentence_words(hidden) > MIN_GAIN * count_sentence_words(lines):
        return hidden, uncovered, []
    return lines, placed, []


def _find_base_url(root: Element, facts: Iterable[Fact], url: str | None) -> str:
    """The address from which a page's relative ones start: what it declares, its own, else its canonical one."""
    canonical = (str(fact.value) for fact in facts if fact.key == "markup.canonical_url")
    own = url or next(canonical, "")
    declared = next(filter(None, (base.get("href") for base in root.iter("base"))), "")
    with suppress(ValueError):
        return urljoin(own, declared.strip()) if declared else own
    return own


def _check_is_page(markup: str) -> None:
    """Raises `ReadError` for what is no page, and says what it is instead, and what to do."""
    if not markup or markup.isspace():
        raise ReadError("there is nothing in it; fetch the page again")
    if _OTHER_XML_START.match(markup) and not _PAGE_TAG.search(markup):
        raise ReadError("this is a feed, a site map or other XML, not a page; fetch the pages it links to")
    if _is_json(markup):
        raise ReadError('this is JSON, not a page; name it .jsonl, with a page a line in the key "html"')
    if not _HTML_TAG.search(markup):
        raise ReadError("this is no HTML: it has none of its elements; if it is plain text, name it .txt")


def _is_json(markup: str) -> bool:
    """Whether all of this, or its first line, is an object or a list of JSON."""
    bare = markup.lstrip()
    for part in (bare, bare.partition("\n")[0]) if bare[0] in "{[" else ():
        with suppress(msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            msgspec.json.decode(part)
            return True
    return False


def parse_html(markup: str) -> Element:
    """The root element of a page, whatever is wrong with its markup.

    A page nested deeper than the parser goes (256 elements) is read without the elements that nest.  Raises
    `ReadError` where nothing is left of it.
    """
    # half of a surrogate pair is no character
    raw = _CROWDED_TAG.sub(rb"<\1 ", markup.encode("utf-8", "ignore").translate(None, _CONTROL_BYTES))
    root, deep = _parse_tree(raw)
    if deep:
        root, _ = _parse_tree(_ANY_TAG.sub(_flatten_tag, raw.decode("utf-8")).encode("utf-8"))
    if root is None:
        raise ReadError("this HTML holds nothing; fetch the page again")
    return root


def _parse_tree(raw: bytes) -> tuple[Element | None, bool]:
    """The root element, or None, and whether the parser gave up because of the depth."""
    parser = etree.HTMLParser(encoding="utf-8", remove_pis=True)
    parser.set_element_class_lookup(_ELEMENT_CLASSES)
    try:
        root = etree.fromstring(raw, parser)
    except etree.ParseError as error:
        raise ReadError(f"this HTML cannot be read: {error}; fetch the page again") from None
    last = parser.error_log.last_error
    return root, last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT


def _flatten_tag(tag: re.Match[str]) -> str:
    """A tag as it is, if its element does not nest; nothing for one inside a line; a line's end for any other."""
    name = tag[1].lower()
    return tag[0] if name in _FLAT_TAGS else "" if name in INLINE_TAGS else "<br>"


def _build_blocks(lines: Iterable[VisibleLine]) -> tuple[str, tuple[Block, ...]]:
    """The source of a page, which is its lines with a blank line between and behind them, and its blocks."""
    parts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for line in lines:
        part = f"{line.text}\n\n"
        parts.append(part)
        blocks.append(Block(at, at + len(part), line.text, line.hints.tag, "", "", line.hints))
        at += len(part)
    return "".join(parts), tuple(blocks)

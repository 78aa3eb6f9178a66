"""The one door: a text or a page, and what is known beside it, becomes a document.

All readers of files come through here, and so do `cleaner.clean`, columns of tables and requests to the server: the
limits of a document, the recognition of encodings and the known title are the same wherever it came from.
"""

from msgspec import Struct

from cleaner.document import Document, Fact
from cleaner.errors import ReadError
from cleaner.facts import FLAGS
from cleaner.html.encoding import decode_page
from cleaner.html.page import build_page_document
from cleaner.io import files
from cleaner.io.files import check_length
from cleaner.mail.document import build_mail_document, drop_mail_frame
from cleaner.mail.headers import find_head
from cleaner.markdown.document import build_markdown_document
from cleaner.markdown.signs import is_markdown
from cleaner.models.line_ends import find_line_ends
from cleaner.readers.base import HTML_TYPE, MAIL_TYPE, MARKDOWN_TYPE, TEXT_TYPE, Item
from cleaner.readers.recognise import is_built_as_page, is_page, is_piece
from cleaner.readers.unwrap import MARKUP_FLAG, PIECE_FLAG, read_title, read_written
from cleaner.readers.written import PLAIN, recognise_writing
from cleaner.record import Source
from cleaner.text.encoding import decode_bytes

PLAIN_FORM, MARKDOWN, MAIL = "plain", "markdown", "mail"
"""Forms of a text that is written as it reads, whatever stands in it; of Markdown; of the text of a mail."""


class Given(Struct, frozen=True, kw_only=True):
    """An article as it comes in: its `text` or the `html` of its page, decoded or in bytes.

    Where both are there, the text is read: who gave it has chosen it.  `title` and `url` are what is known beside it,
    `charset` is the encoding that a page's server named.  `form` is `markdown`, `mail` (the text of one, without its
    headers) or `plain` where it is known how a text is written, and else "": its signs say it.  `facts` are what else
    is known.
    """

    text: str | bytes | None = None
    html: str | bytes | None = None
    id: str = ""
    url: str | None = None
    title: str | None = None
    charset: str = ""
    form: str = ""
    facts: tuple[Fact, ...] = ()


def read_given(
    given: Given, origin: Source | None = None, raw: bytes = b"", extra: dict[str, object] | None = None
) -> Item:
    """The document of what is given, and its source; `raw` and `extra` are carried along as `Item` has them.

    `origin` is what is known of the source already: its path, line and SHA-256, and the media type and encoding of a
    file that holds the article inside.  Where these two are empty, they are the article's own; the encoding is None
    for what came decoded.  Raises `ReadError` for bytes that are no text, and for what is too long for an article.
    """
    facts = (*((Fact("input", "title", read_title(given.title)),) if given.title else ()), *given.facts)
    encoding: str | None = None
    text, markup = given.text, given.html
    if text is not None and not given.form and (is_page(text) or is_built_as_page(text)):
        # a page under the name of a text
        text, markup = None, text
        facts = (*facts, FLAGS.make("input", MARKUP_FLAG))
    if text is not None:
        if isinstance(text, bytes):
            text, encoding = decode_bytes(text)
        media_type, document = _read_text(check_length(text), given, facts)
    else:
        media_type, markup = HTML_TYPE, markup or ""
        if isinstance(markup, bytes):
            markup, encoding = decode_page(markup, given.charset)
        if is_piece(markup):
            facts = (*facts, FLAGS.make("input", PIECE_FLAG))
        document = build_page_document(_check_page_length(markup), given.id, given.url, facts)
    if origin is None:
        return Item(document, Source(None, None, media_type, encoding), raw, extra)
    kind, label = origin.media_type or media_type, origin.encoding or encoding
    return Item(document, Source(origin.path, origin.line, kind, label, origin.sha256), raw, extra)


def _read_text(text: str, given: Given, facts: tuple[Fact, ...]) -> tuple[str, Document]:
    """The media type of a text, and its document, laid out by its lines or by what it is written in."""
    if not given.form and (head := find_head(text)):
        return MAIL_TYPE, build_mail_document(text, head, given.id, given.url, facts)
    writing = PLAIN if given.form else recognise_writing(text)
    if not writing.is_plain:
        return TEXT_TYPE, read_written(text, writing, given.id, given.url, facts)
    if given.form == MARKDOWN or (not given.form and is_markdown(text)):
        return MARKDOWN_TYPE, build_markdown_document(text, given.id, given.url, facts, bool(given.form))
    document = Document.read(text, given.id, given.url, facts, find_line_ends)
    return TEXT_TYPE, drop_mail_frame(document) if given.form == MAIL else document


def _check_page_length(markup: str) -> str:
    """The markup, unless it is longer than the largest file of a page may be; then raises `ReadError`."""
    if len(markup) > files.MAX_DOCUMENT_BYTES:
        raise ReadError(f"a page of {len(markup):,} characters, which no article has; split it into its articles")
    return markup

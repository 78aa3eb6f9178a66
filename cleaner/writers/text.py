"""Plain text: the title, a blank line, the text."""

from cleaner.io.json import encode_utf8
from cleaner.record import Article


def encode_text(article: Article) -> bytes:
    """Title and text, with one line end behind them."""
    parts = [part for part in (article.title, article.text) if part]
    return encode_utf8("\n\n".join(parts) + "\n" if parts else "")

"""Plain text: the title, a blank line, the text."""

from cleaner.record import Article
from cleaner.writers.encode import to_utf8


def write(article: Article) -> bytes:
    """Title and text, with one line end behind them."""
    parts = [part for part in (article.title, article.text) if part]
    return to_utf8("\n\n".join(parts) + "\n" if parts else "")

"""Images of an article: where what its page shows and captions of its lines meet what its markup says, each once.

Two addresses are one image where they are the same, or name the same file in another size.
"""

from collections.abc import Iterable, Iterator, Sequence

from cleaner.document import Fact
from cleaner.record import Media
from cleaner.text.shape import build_match_key
from cleaner.text.urls import is_decoration, normalize_picture_url


class _ListedImage:
    """An image with what is known of it so far."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self.media: Media = fact.value

    def add(self, fact: Fact, shown: bool) -> None:
        """Another fact of the same image; what a line shows of it goes before what the markup says."""
        new, own = fact.value, self.media
        first, second = (new, own) if shown else (own, new)
        self.media = Media(first.caption or second.caption, first.credit or second.credit, own.url or new.url)


def merge_images(markup: Iterable[Fact], shown: Sequence[Fact], alone: Iterable[Fact]) -> Iterator[Fact]:
    """Every image once: those that the markup names, those with a caption or a credit, and those that only stand in
    the text.  All are facts of `Media` with whole addresses, or none."""
    listed: list[_ListedImage] = []
    known: dict[str, _ListedImage] = {}
    for place, facts in enumerate((markup, shown, alone)):
        for fact in facts:
            media: Media = fact.value
            if place != 1 and media.url and not media.caption and is_decoration(media.url):
                continue
            names = [f"={normalize_picture_url(media.url)}"] if media.url else []
            # captions of a few words may be of several images
            if media.caption and len(plain := build_match_key(media.caption)) > 24:
                names.append(plain)
            other = next((known[name] for name in names if name in known), None)
            if other is None:
                other = _ListedImage(fact)
                listed.append(other)
            else:
                other.add(fact, place == 1)
            for name in names:
                known.setdefault(name, other)
    for image in listed:
        fact = image.fact
        yield Fact(fact.rule, "images", image.media, fact.start, fact.end)

"""Images of an article, each once: those that its page shows, captions of its lines, and what its markup says.

Two addresses are one image where they are the same, or name the same file in another size.
"""

from collections.abc import Iterable, Iterator, Sequence

from cleaner.document import Fact
from cleaner.facts import IMAGES, Media
from cleaner.text.shape import build_match_key
from cleaner.text.urls import is_decoration, normalize_picture_url

MIN_CAPTION_LETTERS = 25
"""Letters and digits of a caption from which two images with it are one: shorter captions may be of several."""


class _ListedImage:
    """An image with what is known of it so far, and the fact that named it first."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self.media = IMAGES.read(fact)

    def add(self, new: Media, shown: bool) -> None:
        """Another fact of the same image; what a line shows of it goes before what the markup says."""
        first, second = (new, self.media) if shown else (self.media, new)
        url = self.media.url or new.url
        self.media = Media(first.caption or second.caption, first.credit or second.credit, url)


def merge_images(markup: Iterable[Fact], shown: Sequence[Fact], alone: Iterable[Fact]) -> Iterator[Fact]:
    """Every image once: those that the markup names, those with a caption or a credit, and those that only stand in
    the text.  All are facts of `Media` with whole addresses, or none.
    """
    listed: list[_ListedImage] = []
    known: dict[str, _ListedImage] = {}
    facts = [*((fact, False) for fact in markup), *((fact, True) for fact in shown), *((fact, False) for fact in alone)]
    for fact, is_shown in facts:
        media = IMAGES.read(fact)
        if not is_shown and _is_bare_decoration(media):
            continue
        names = _list_names(media)
        image = next(filter(None, map(known.get, names)), None)
        if image:
            image.add(media, is_shown)
        else:
            image = _ListedImage(fact)
            listed.append(image)
        for name in names:
            known.setdefault(name, image)
    yield from (IMAGES.make(image.fact.rule, image.media, image.fact) for image in listed)


def _is_bare_decoration(media: Media) -> bool:
    """Whether a picture is a logo or an icon by its address, and has no caption that says otherwise."""
    return bool(media.url) and not media.caption and is_decoration(media.url or "")


def _list_names(media: Media) -> list[str]:
    """What an image is known by: its address, and its caption if that is long enough."""
    caption = build_match_key(media.caption or "")
    names = (
        f"={normalize_picture_url(media.url)}" if media.url else "",
        caption if len(caption) >= MIN_CAPTION_LETTERS else "",
    )
    return list(filter(None, names))

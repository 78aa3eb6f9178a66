"""Captions beside their pictures: which picture of a page a line belongs to, and which pictures stand in the article.

The reader leaves a fact `picture` for each picture, at the line that it stands before; the numbers of the elements
around both say what stands together.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import attrgetter

from msgspec.structs import replace

from cleaner.document import ARTICLE_ROLES, NO_HINTS, Document, Fact, Hints
from cleaner.facts import IMAGES, PICTURE, RAW_CAPTION, RAW_CREDIT, Media, Picture, Place, place_of
from cleaner.stages.captions.credits import has_counter
from cleaner.text.shape import build_match_key

MAX_LINE_ANCESTORS = 4
"""Elements around a line among which the one that it shares with its picture is looked for."""

MAX_PICTURE_ANCESTORS = 6
"""Elements around a picture among which it is."""

MAX_CAPTION_LINES = 3
"""Lines of one picture's caption at most; more are captions of pictures that the page has yet to load."""

FIGURE_CLASS_WORDS = frozenset(
    "caption captions figure image photo picture legend bild foto bildunterschrift img media".split()
)
"""Words of classes and ids of a picture's element."""

MAX_CLASS_ANCESTORS = 3
"""Elements around a line whose classes and ids are looked at for these words."""

TEASER_LINK_SHARE = 0.5
"""Share of a line's characters in links from which it is the headline of a teaser rather than a caption."""

MAX_BARE_PICTURES = 60
"""Pictures without a caption that are listed."""

_KEPT_ROLES = ARTICLE_ROLES | {""}
"""Roles of lines that are text of the article."""

_CAPTION_ROLES = frozenset({"caption", "credit"})
"""Roles of lines that say nothing about what stands around a picture: they are its own."""

_IMAGE_LINE_KEYS = frozenset({RAW_CAPTION.name, RAW_CREDIT.name})
"""Keys of the facts whose lines are of a picture."""


class Figures:
    """The pictures of a page and the lines around them; `gone` are the starts of lines that are about to be dropped."""

    def __init__(self, document: Document, gone: Collection[int]) -> None:
        self._facts = PICTURE.pick(document.facts)
        self._pictures = list(map(PICTURE.read, self._facts))
        self._kept: list[int] = []
        if not self._pictures:
            return
        self._hints = {line.start: line.hints for line in document.lines}
        self._holding: dict[int, list[int]] = defaultdict(list)
        """For the number of an element the numbers of the pictures that it holds."""
        for at, picture in enumerate(self._pictures):
            for element in picture.path[-MAX_PICTURE_ANCESTORS:]:
                self._holding[element].append(at)
        self._around_kept: set[int] = set()
        """Elements around lines of the article and its title."""
        self._around: set[int] = set()
        """The same and the elements around other lines, captions aside."""
        titles: list[int] = []
        for block in document.blocks:
            stays = block.start not in gone
            if stays and block.text and block.role in _KEPT_ROLES:
                self._kept.append(block.start)
                self._around_kept.update(block.hints.path)
            elif block.role == "title":
                titles.append(block.start)
                self._around_kept.update(block.hints.path)
            elif stays and block.role not in _CAPTION_ROLES:
                self._around.update(block.hints.path)
        self._around |= self._around_kept
        self._article_start = min([*titles[:1], *self._kept[:1]], default=0)
        self._article_end = max(self._kept, default=0)

    def match_pictures(self, facts: Iterable[Fact]) -> dict[int, int]:
        """For the start of each line that is a caption or a credit, the number of its picture, if it has one."""
        if not self._pictures:
            return {}
        mine = [fact for fact in facts if fact.key in _IMAGE_LINE_KEYS]
        # of several facts of one line the first says what it is
        lines = {fact.start: fact.key == RAW_CAPTION.name for fact in reversed(mine)}
        groups: dict[int, list[int]] = defaultdict(list)
        for start in sorted(lines):
            groups[self._find_shared_element(start)].append(start)
        groups.pop(0, None)
        found: dict[int, int] = {}
        for element, starts in groups.items():
            found |= self._match_in_element(element, starts, list(filter(lines.get, starts)) or starts)
        return found

    def _match_in_element(self, element: int, starts: Sequence[int], captions: Sequence[int]) -> dict[int, int]:
        """The pictures of the captions and credits of one element, by the starts of their lines."""
        whole = self._holding[element]
        # icons and teasers have captions only where nothing else has
        held = [at for at in whole if self._pictures[at].alone] or whole
        near: dict[int, int | None]
        if element in self._around_kept:
            near = {start: self._find_adjacent_picture(start, held) for start in starts}
        elif len(captions) == len(held):
            near = dict(zip(captions, held, strict=True))
        else:
            near = {start: self._list_nearest(start, held)[0] for start in captions}
        # a credit goes with the caption before it, or with the first one where it stands above
        found: dict[int, int] = {}
        last = near.get(captions[0])
        for start in starts:
            last = near.get(start, last)
            if last is not None:
                found[start] = last
        return found

    def _find_shared_element(self, start: int) -> int:
        """The innermost element around a line that holds a picture: its figure, or one near it; 0 for none."""
        hints = self._hints.get(start, NO_HINTS)
        elements = enumerate(reversed(list(zip(hints.path, hints.tags, strict=False))))
        near = (element for depth, (element, tag) in elements if depth < MAX_LINE_ANCESTORS or tag == "figure")
        return next(filter(self._holding.__contains__, near), 0)

    def _list_nearest(self, start: int, held: Sequence[int]) -> Sequence[int]:
        """The last of these pictures before a line and the first behind it, as far as there are such."""
        behind = bisect_right(held, start, key=self._get_picture_start)
        return held[max(0, behind - 1) : behind + 1]

    def _find_adjacent_picture(self, start: int, held: Sequence[int]) -> int | None:
        """The last of these pictures before a line, else the first behind it, with nothing of the text between."""
        return next((at for at in self._list_nearest(start, held) if self._is_adjacent(start, at)), None)

    def _is_adjacent(self, start: int, at: int) -> bool:
        """Whether nothing of the text stands between a line and a picture, in either order."""
        return bisect_left(self._kept, start) == bisect_left(self._kept, self._get_picture_start(at))

    def _get_picture_start(self, at: int) -> int:
        """Where the line begins that a picture stands before."""
        return self._facts[at].start

    def join_captions(self, shown: Iterable[Fact], owners: dict[int, int]) -> Iterator[Fact]:
        """The images that lines show, with the addresses of their pictures; several lines of one are put together."""
        images = list(shown)
        lines: dict[int, list[int]] = defaultdict(list)
        for number, fact in enumerate(images):
            if fact.key == IMAGES.name and fact.start in owners:
                lines[owners[fact.start]].append(number)
        joined: set[int] = set()
        for at, numbers in lines.items():
            few = numbers if len(numbers) <= MAX_CAPTION_LINES else numbers[:1]
            media = [IMAGES.read(images[number]) for number in few]
            first, last, url = images[few[0]], images[few[-1]], self._pictures[at].url or None
            if _is_gallery(media):
                # the picture that is shown is the first one's
                images[few[0]] = Fact(first.rule, first.key, replace(media[0], url=url), first.start)
                continue
            captions, credits = (map(attrgetter(part), media) for part in ("caption", "credit"))
            whole = Media(_merge_lines(captions), _merge_lines(credits), url)
            images[few[0]] = Fact(first.rule, first.key, whole, first.start, last.end)
            joined.update(few[1:])
        yield from (fact for number, fact in enumerate(images) if number not in joined)

    def select_illustrations(self, shown: Iterable[Fact], owners: dict[int, int]) -> Iterator[Fact]:
        """The images that belong to the article among those that lines show.

        Behind the article and beside it, pictures of teasers have lines too; what has neither a picture nor the markup
        of one is no image.
        """
        return (fact for fact in shown if self._is_illustration(fact, owners.get(fact.start)))

    def _is_illustration(self, fact: Fact, at: int | None) -> bool:
        """Whether an image belongs to the article, `at` being the number of its picture; True of what is no image, and
        where nothing is known of the page.
        """
        if not self._kept or fact.key != IMAGES.name or fact.start not in self._hints:
            return True
        hints = self._hints[fact.start]
        within = self._article_start < fact.start < self._article_end
        within = within or not self._around_kept.isdisjoint(hints.path[-2:-1])
        if at is None:
            return within and _is_caption_alone(fact, hints)
        picture = self._pictures[at]
        return _is_caption_of(picture, fact, hints) and (within or self._is_among(picture.path))

    def list_bare_pictures(self) -> Iterator[Fact]:
        """The pictures between headline and end of the article, in an element with its lines rather than others."""
        for fact in islice(filter(self._is_bare, self._facts), MAX_BARE_PICTURES):
            yield IMAGES.make("picture", Media(url=PICTURE.read(fact).url), fact)

    def _is_bare(self, fact: Fact) -> bool:
        """Whether a picture may stand in the article without a caption; none may where there is no text."""
        picture = PICTURE.read(fact)
        within = self._article_start < fact.start <= self._article_end
        return within and picture.alone and picture.url != "" and self._is_among(picture.path)

    def _is_among(self, path: Sequence[int]) -> bool:
        """Whether the innermost element around a picture that holds other lines than its own holds some of the text."""
        return next(filter(self._around.__contains__, reversed(path)), None) in self._around_kept


def _is_caption_alone(fact: Fact, hints: Hints) -> bool:
    """Whether a line that has no picture is a caption still: by its element, by its credit, or as a rule says."""
    classes = chain.from_iterable(hints.names[-MAX_CLASS_ANCESTORS:])
    if "figure" in hints.tags or not FIGURE_CLASS_WORDS.isdisjoint(classes):
        return True
    return bool(IMAGES.read(fact).credit) or place_of(fact) is not Place.EXTRACTION


def _is_caption_of(picture: Picture, fact: Fact, hints: Hints) -> bool:
    """Whether a line is the caption of its picture, and not the headline of a teaser."""
    media = IMAGES.read(fact)
    return (
        picture.alone
        or (not picture.decorates and hints.links < TEASER_LINK_SHARE)
        or "figcaption" in hints.tags
        or bool(media.caption and media.credit)  # which teasers have not
    )


def _is_gallery(media: Sequence[Media]) -> bool:
    """Whether lines at one picture are the captions of several: each has a credit of its own, or a number."""
    captions = {one.caption for one in media if has_counter(one) or (one.caption and one.credit)}
    return len(captions) > 1


def _merge_lines(parts: Iterable[str | None]) -> str | None:
    """Lines of a caption as one, without those that another one holds."""
    lines = list(filter(None, parts))
    plain = list(map(build_match_key, lines))
    return " ".join(line for at, line in enumerate(lines) if not _is_held(at, plain)) or None


def _is_held(at: int, plain: Sequence[str]) -> bool:
    """Whether another line holds this one, or is the same and stands before it."""
    own = plain[at]
    return own in plain[:at] or any(own in other != own for other in plain)

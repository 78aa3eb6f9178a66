"""Captions beside their pictures: which picture of a page a line belongs to, and which pictures stand in the article.

The reader leaves a fact `picture` for each picture, at the line that it stands before; the numbers of the elements
around both say what stands together.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence

from cleaner.document import ARTICLE_ROLES, Document, Fact
from cleaner.record import Media
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

TEASER_LINK_SHARE = 0.5
"""Share of a line's characters in links from which it is the headline of a teaser rather than a caption."""

MAX_BARE_PICTURES = 60
"""Pictures without a caption that are listed."""


class Figures:
    """The pictures of a page and the lines around them; `gone` are the starts of lines that are about to be dropped."""

    def __init__(self, document: Document, gone: Collection[int]) -> None:
        self.pictures = [fact for fact in document.facts if fact.key == "picture"]
        if not self.pictures:
            return
        self._hints = {line.start: line.hints for line in document.lines}
        self._holding: dict[int, list[int]] = {}
        for at, fact in enumerate(self.pictures):
            for number in fact.value.path[-MAX_PICTURE_ANCESTORS:]:
                self._holding.setdefault(number, []).append(at)
        self._kept: list[int] = []
        self._around_kept: set[int] = set()
        self._around_dropped: set[int] = set()
        self._headline = -1
        for block in document.blocks:
            path = block.hints.path if block.hints is not None else ()
            if block.text and block.start not in gone and (not block.role or block.role in ARTICLE_ROLES):
                self._kept.append(block.start)
                self._around_kept.update(path)
            elif block.role == "title":
                if self._headline < 0:
                    self._headline = block.start
                self._around_kept.update(path)
            elif block.role not in ("caption", "credit") and block.start not in gone:
                self._around_dropped.update(path)

    def match_pictures(self, facts: Iterable[Fact]) -> dict[int, int]:
        """For the start of each line that is a caption or a credit, the number of its picture, if it has one."""
        if not self.pictures:
            return {}
        lines: dict[int, str] = {}
        for fact in facts:
            if fact.key.startswith("raw.images."):
                lines.setdefault(fact.start, fact.key)
        groups: dict[int, list[int]] = {}
        for start in sorted(lines):
            if element := self._find_shared_element(start):
                groups.setdefault(element, []).append(start)
        found: dict[int, int] = {}
        for element, starts in groups.items():
            held = self._holding[element]
            held = [at for at in held if self.pictures[at].value.alone] or held
            captions = [start for start in starts if lines[start].endswith("caption")] or starts
            if element in self._around_kept:
                near = {start: self._find_adjacent_picture(start, held) for start in starts}
            elif len(captions) == len(held):
                near = dict(zip(captions, held, strict=True))
            else:
                near = {start: self._find_picture_before(start, held) for start in captions}
            # a credit goes with the caption before it, or with the first one where it stands above
            last = near.get(captions[0])
            for start in starts:
                last = near.get(start, last)
                if last is not None:
                    found[start] = last
        return found

    def _find_shared_element(self, start: int) -> int:
        """The innermost element around a line that holds a picture: its figure, or one near it; 0 for none."""
        hints = self._hints.get(start)
        if hints is None:
            return 0
        for depth in range(len(hints.path) - 1, -1, -1):
            near = depth >= len(hints.path) - MAX_LINE_ANCESTORS or hints.tags[depth] == "figure"
            if near and hints.path[depth] in self._holding:
                return int(hints.path[depth])
        return 0

    def _find_picture_before(self, start: int, held: Sequence[int]) -> int:
        """The last of these pictures before a line, else the first behind it."""
        return held[max(0, bisect_right(held, start, key=self._get_picture_start) - 1)]

    def _find_adjacent_picture(self, start: int, held: Sequence[int]) -> int | None:
        """The last of these pictures before a line, else the first behind it, with nothing of the text between."""
        behind = bisect_right(held, start, key=self._get_picture_start)
        for at in held[max(0, behind - 1) : behind + 1]:
            first, last = sorted((self._get_picture_start(at), start))
            if bisect_left(self._kept, first) == bisect_left(self._kept, last):
                return at
        return None

    def _get_picture_start(self, at: int) -> int:
        return self.pictures[at].start

    def join_captions(self, shown: Iterable[Fact], owners: dict[int, int]) -> Iterator[Fact]:
        """The images that lines show, with the addresses of their pictures; several lines of one are put together."""
        images: list[Fact] = []
        places: dict[int, list[int]] = {}
        for fact in shown:
            at = owners.get(fact.start)
            if fact.key == "images" and at is not None:
                places.setdefault(at, []).append(len(images))
            images.append(fact)
        for at, numbers in places.items():
            few = numbers if len(numbers) <= MAX_CAPTION_LINES else numbers[:1]
            media = [images[number].value for number in few]
            url = self.pictures[at].value.url or None
            whole = Media(_merge_lines(one.caption for one in media), _merge_lines(one.credit for one in media), url)
            first = images[few[0]]
            images[few[0]] = Fact(first.rule, "images", whole, first.start, images[few[-1]].end)
            for number in few[1:]:
                images[number] = Fact("", "", None)
        yield from (fact for fact in images if fact.key)

    def select_illustrations(self, shown: Iterable[Fact], owners: dict[int, int]) -> Iterator[Fact]:
        """The images that belong to the article among those that lines show.

        Behind the article and beside it, pictures of teasers have lines too; what has neither a picture nor the markup
        of one is no image."""
        if not self.pictures or not self._kept:
            yield from shown
            return
        for fact in shown:
            at = owners.get(fact.start)
            hints = self._hints.get(fact.start)
            if fact.key != "images" or hints is None:
                yield fact
                continue
            figure = "figure" in hints.tags or any(
                not FIGURE_CLASS_WORDS.isdisjoint(names) for names in hints.names[-3:]
            )
            within = self._find_article_start() < fact.start < self._kept[-1] or not self._around_kept.isdisjoint(
                hints.path[-2:-1]
            )
            if at is None:
                mine = within and (figure or bool(fact.value.credit) or not fact.rule.startswith("extraction."))
            else:
                picture = self.pictures[at].value
                own = (
                    picture.alone
                    or (not picture.decorates and hints.links < TEASER_LINK_SHARE)
                    or "figcaption" in hints.tags
                )
                own = own or bool(fact.value.caption and fact.value.credit)  # which teasers have not
                mine = own and (within or self._is_among(picture.path))
            if mine:
                yield fact

    def list_bare_pictures(self) -> Iterator[Fact]:
        """The pictures between headline and end of the article, in an element with its lines rather than others."""
        listed = 0
        for fact in self.pictures if self.pictures and self._kept else ():
            picture = fact.value
            own = picture.alone and picture.url and self._find_article_start() < fact.start <= self._kept[-1]
            if own and listed < MAX_BARE_PICTURES and self._is_among(picture.path):
                listed += 1
                yield Fact("picture", "images", Media(url=picture.url), fact.start, fact.end)

    def _find_article_start(self) -> int:
        return self._headline if 0 <= self._headline < self._kept[0] else self._kept[0]

    def _is_among(self, path: Sequence[int]) -> bool:
        """Whether the innermost element around a picture that holds other lines than its own holds some of the text."""
        for number in reversed(path):
            if number in self._around_kept:
                return True
            if number in self._around_dropped:
                return False
        return False


def _merge_lines(parts: Iterable[str | None]) -> str | None:
    """Lines of a caption as one, without those that another one holds."""
    lines = [part for part in parts if part]
    plain = [build_match_key(line) for line in lines]
    whole = [
        line
        for at, line in enumerate(lines)
        if not any(plain[at] in other and (plain[at] != other or i < at) for i, other in enumerate(plain) if i != at)
    ]
    return " ".join(whole) or None


__all__ = ["Figures"]

"""When an article was published and last changed, as its lines say."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

from msgspec.structs import replace

from cleaner.document import Block, Document, Edit, Fact
from cleaner.facts import EVIDENCE_MODIFIED, EVIDENCE_PUBLISHED, MODIFIED, PUBLISHED, RAW_MODIFIED, RAW_PUBLISHED
from cleaner.stages.metadata.cards import BesideLines
from cleaner.stages.metadata.reading import Reading
from cleaner.text.datelines import Dateline
from cleaner.text.dates.labels import read_label
from cleaner.text.dates.scan import detect_numeric_order, find_dates
from cleaner.text.dates.stamp import DateMatch, Stamp
from cleaner.text.dates.words import load_lexicon
from cleaner.text.languages.model import Order
from cleaner.text.shape import build_match_key, count_words, find_prose_region, is_open, is_prose

COARSE_PRECISIONS = frozenset({"year", "month"})
"""Precisions of stamps that name no day."""

MAX_DATED_LINE_WORDS = 25
"""Words of the longest line near the title in which a date is looked for."""

MAX_BARE_REST_CHARS = 25
"""Characters beside a date up to which a line is a date and nothing else, and goes."""

MAX_NEAR_REST_CHARS = 30
"""Characters beside a date up to which it counts as much as a labelled one."""

DATE_LINE_CHARS = range(6, 81)
"""Characters of a line far from the title in which a date is believed where there is no other."""

DATE_LINE_ROLES = frozenset(
    {"", "timestamp", "byline", "agency", "dateline", "author-note", "contributors", "share", "tags", "other"}
)
"""Roles of lines far from the title in which a date is believed."""

MAX_LINES_ABOVE = 3
"""Lines right above the title in which a date is believed where there is none below: section, date, kicker."""

MAX_PAGE_LINES_ABOVE = 6
"""Lines of a page above the title, where a menu's columns and the parts of one row are lines of their own, too."""

MAX_LABEL_WORDS = 4
"""Words of a line that is the label of the date on the next one: "Zuletzt aktualisiert am"."""

DAY_CHARS = len("2024-05-03")
"""Characters of a stamp that are its day."""

_ORDERS: tuple[Order, ...] = ("DMY", "MDY")

MAX_ABOVE_WORDS = 8
"""Words of the longest line above the title that is a date and a section."""

MAX_LINES_BEHIND = 12
"""Lines behind the text in which a date is believed where there is no other."""

MIN_TEASER_WORDS = 5
"""Words from which a line above a date can be the headline of a teaser."""

_DIGIT_PATTERN = re.compile(r"\d")

AT_TITLE, OF_STATE, IN_DATELINE, IN_LONG_LINE, BELOW, ABOVE, ANYWHERE = range(7)
"""Ranks of dates: labelled or alone near the title; the state of the text, which is its date where it has no other; in
the dateline of a press release; in a longer line near the title; captured by a rule below the title, or above it, as a
masthead's date of today is; and any line of the page."""

_CAPTURED = {RAW_PUBLISHED.name: PUBLISHED, RAW_MODIFIED.name: MODIFIED}
_KEYS = {"published": PUBLISHED, "modified": MODIFIED}


class _DatedLine(NamedTuple):
    """A line near the title with the dates in it."""

    block: Block
    line: str
    dates: list[DateMatch]


def collect_stamps(
    reading: Reading, opened: tuple[Block, Dateline] | None = None, dropped: Collection[int] = ()
) -> Iterator[Edit | Fact]:
    """Published and modified: what a rule captured, else what a line near the title says, else any line of the page.

    `opened` is the paragraph with the dateline: that of a press release has the whole day. No second edit drops what
    begins where one of `dropped` does.

    What stands behind the title goes before a masthead's date of today, and a labelled date before a bare one.
    """
    cards = BesideLines(reading.document)
    dated = [line for line in _find_dated_lines(reading) if line.block.start not in cards]
    order = None
    if any(date.ambiguous for line in dated for date in line.dates):
        # day and month could be the other way round: the other dates of the page decide
        order = detect_numeric_order((block.line for block in reading.document.blocks), reading.language)
        order = order or _find_stated_order(reading.document, dated, reading.language)
        dated = [one._replace(dates=find_dates(one.line, reading.language, order=order)) for one in dated]
    changes = {(line.block.start, _read_day(date)) for line in dated for date in line.dates if date.label == "modified"}
    ranked = list(_rank_captured(reading, order, cards, changes))
    for line in dated:
        for date in line.dates:
            rest = 0 if date.label else len(line.line) - len(date.stamp.raw)  # a label says enough in any line
            if date.stamp.precision in COARSE_PRECISIONS or rest >= DATE_LINE_CHARS.stop or _is_told(date, line.line):
                continue  # a long line is a caption or a teaser, rather
            rank = AT_TITLE if rest <= MAX_NEAR_REST_CHARS else IN_LONG_LINE
            ranked.append((rank, _make_fact(date, line.line, line.block)))
            is_kept = line.block.text and line.block.start not in dropped
            if is_kept and rest <= MAX_BARE_REST_CHARS:
                yield line.block.drop("metadata.timestamp", "timestamp", 0.8)
                break
    if opened and opened[1].date:
        days = find_dates(opened[1].date, reading.language, order=order)[:1]
        ranked += ((IN_DATELINE, PUBLISHED.make("metadata.dateline", day.stamp, opened[0])) for day in days)
    for rank, find in ((ABOVE, _find_date_above), (ANYWHERE, _find_date_anywhere)):
        if not PUBLISHED.pick(map(itemgetter(1), ranked)):
            ranked += zip(repeat(rank), find(reading, cards), strict=False)
    yield from map(itemgetter(1), sorted(ranked, key=itemgetter(0)))


def _is_told(date: DateMatch, line: str) -> bool:
    """Whether a date is part of a sentence that tells of it, "It was November 7, 1938.", and no stamp with a full stop:
    the words before it run on into it, and it names no time."""
    before = line[: date.start].rstrip()
    runs_on = before[-1:].isalnum() and count_words(before) > 1
    return runs_on and not is_open(line) and date.label is None and date.stamp.precision == "day"


def _find_stated_order(document: Document, dated: Iterable[_DatedLine], language: str | None) -> Order | None:
    """The order by which one of these lines names a day that the markup names as well."""
    keys = (EVIDENCE_PUBLISHED, EVIDENCE_MODIFIED)
    stated = {key.read(fact).value[:DAY_CHARS] for key in keys for fact in key.pick(document.facts)}
    lines = [one.line for one in dated] if stated else []
    return next((order for order in _ORDERS if any(map(partial(_names_day, stated, language, order), lines))), None)


def _names_day(days: Collection[str], language: str | None, order: Order, line: str) -> bool:
    """Whether a line names one of these days, if its numbers are in this order."""
    return any(date.stamp.value[:DAY_CHARS] in days for date in find_dates(line, language, order=order))


def _find_dated_lines(reading: Reading) -> Iterator[_DatedLine]:
    """The short lines near the title that hold dates and belong to no teaser."""
    for block, above in _pair_with_line_above(reading.near):
        line = block.line
        short = block.role != "embed" and _DIGIT_PATTERN.search(line) and count_words(line) <= MAX_DATED_LINE_WORDS
        dates = _find_labelled_dates(line, above, reading.language) if short else []
        if dates and not _is_teaser(reading, block, above):
            yield _DatedLine(block, line, dates)


def _find_labelled_dates(line: str, above: str, language: str | None) -> list[DateMatch]:
    """The dates of a line; one that opens it has the label that stands alone on the line above: "Updated:"."""
    dates = find_dates(line, language)
    opens = dates and dates[0].start == 0 and dates[0].label is None
    is_alone = count_words(above) <= MAX_LABEL_WORDS and not _DIGIT_PATTERN.search(above)
    label = read_label(f"{above} ", load_lexicon(language)) if opens and is_alone else None
    return [replace(dates[0], label=label), *dates[1:]] if label else dates


def _pair_with_line_above(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """Each block with the line of the one before it; "" with the first."""
    return zip(blocks, ["", *(block.line for block in blocks)], strict=False)


def _is_teaser(reading: Reading, block: Block, above: str) -> bool:
    """Whether a line with a date is that of a teaser, whose headline is the line above; the headline is no label of
    the date, and paragraphs stand between the title and the line.
    """
    if not _is_headline(above):
        return False
    paragraphs = [one for one in reading.prose if reading.title_start < one.start < block.start]
    return len(paragraphs) > 1 and not any(date.label for date in find_dates(f"{above} {block.line}", reading.language))


def _is_headline(line: str) -> bool:
    """Whether a line could be the headline of a teaser, whose date stands below it."""
    return bool(line) and is_open(line) and count_words(line) >= MIN_TEASER_WORDS and not is_prose(line)


def _read_day(date: DateMatch) -> str:
    """The day of a date, without its time."""
    return date.stamp.value[:DAY_CHARS]


def _rank_captured(
    reading: Reading, order: Order | None, cards: BesideLines, changes: Collection[tuple[int, str]]
) -> Iterator[tuple[int, Fact]]:
    """The first date in each line that a rule captured, with its rank; none of `cards` outside the article, and none of
    publication on a day that is one of the `changes` of its line.
    """
    reach = reading.near[-1].end if reading.near else 0
    states = {fact.start: RAW_MODIFIED.read(fact) for fact in RAW_MODIFIED.pick(reading.raw)}
    for fact in reading.raw:
        key = _CAPTURED.get(fact.key)
        if key is None or fact.start in cards:
            continue
        text = RAW_PUBLISHED.read(fact)
        rank = ABOVE if fact.start < reading.title_start else BELOW
        rank = AT_TITLE if reading.title_start < fact.start < reach else rank
        if key is PUBLISHED and text in states.get(fact.start, ""):
            rank = OF_STATE
        for date in find_dates(text, reading.language, order=order)[:1]:
            if key is MODIFIED or rank == OF_STATE or (fact.start, _read_day(date)) not in changes:
                yield rank, key.make(fact.rule, _build_stamp(date, text), fact)


def _find_date_above(reading: Reading, cards: BesideLines) -> Iterator[Fact]:
    """The whole date on one of the short lines right above the title; on a page, also one that fills a line a little
    farther above, whatever the lines around it are.
    """
    document = reading.document
    above = [block for block in document.blocks if block.start < reading.title_start and block.line]
    most = MAX_LINES_ABOVE if document.page is None else MAX_PAGE_LINES_ABOVE
    pairs = list(_pair_with_line_above(above))[-most:]
    for distance, (block, before) in enumerate(reversed(pairs), 1):
        dates = _find_labelled_dates(block.line, before, reading.language)[:1]
        is_right_above = distance <= MAX_LINES_ABOVE and _may_be_dated(block)
        is_filling = dates and len(block.line) - len(dates[0].stamp.raw) <= MAX_BARE_REST_CHARS
        is_short = block.start not in cards and count_words(block.line) <= MAX_ABOVE_WORDS
        if is_short and (is_right_above or is_filling) and (date := _pick_whole(dates) or (is_filling and dates[0])):
            yield _make_fact(date, block.line, block)
            return


def _pick_whole(dates: Iterable[DateMatch]) -> DateMatch | None:
    """The first date that names a day and is not labelled as that of a change."""
    whole = (date for date in dates if date.stamp.precision not in COARSE_PRECISIONS)
    return next((date for date in whole if date.label != "modified"), None)


def _find_date_anywhere(reading: Reading, cards: BesideLines) -> Iterator[Fact]:
    """The first short line from the title to behind the text that holds a whole date and is no part of a teaser.

    Behind the text the first teaser ends the search: what follows are more of them.
    """
    title = build_match_key(reading.document.find_fact("title") or "")
    for block, above in _pair_with_line_above(reading.document.blocks):
        if block.start <= reading.title_start or not _may_be_dated(block):
            continue
        dates = find_dates(block.line, reading.language)
        is_below_own = build_match_key(above) == title != ""
        if (_is_headline(above) and not is_below_own) or block.start in cards:
            if dates and _count_lines_behind(reading, block):
                return
        elif date := _pick_whole(date for date in dates if not _is_told(date, block.line)):
            if _count_lines_behind(reading, block) <= MAX_LINES_BEHIND:
                yield _make_fact(date, block.line, block)
            return


def _may_be_dated(block: Block) -> bool:
    """Whether a line far from the title may hold the date of the article: short, with a digit, and in no role of page
    furniture."""
    is_short = len(block.line) in DATE_LINE_CHARS
    return is_short and block.role in DATE_LINE_ROLES and bool(_DIGIT_PATTERN.search(block.line))


def _count_lines_behind(reading: Reading, block: Block) -> int:
    """How many lines after the last one of the text a block stands; 0 where it stands in the text."""
    document = reading.document
    kept = [one for one in document.blocks if one.text]
    _, end = find_prose_region([one.text for one in kept])
    last = kept[end - 1].start if end else len(document.source)
    return sum(last < one.start <= block.start for one in document.blocks)


def _make_fact(date: DateMatch, line: str, block: Block) -> Fact:
    """The fact of a date in a line that no rule knows."""
    return _KEYS[date.label or "published"].make("metadata.timestamp", _build_stamp(date, line), block)


def _build_stamp(date: DateMatch, line: str) -> Stamp:
    """The stamp of a date, with the whole line as what was written."""
    return Stamp(date.stamp.value, date.stamp.precision, line.strip())

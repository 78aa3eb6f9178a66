"""The time of day beside a date, and its zone."""

import datetime
import re
import zoneinfo
from collections.abc import Sequence
from typing import NamedTuple

from cleaner.text.dates.forms import Date
from cleaner.text.dates.labels import read_label
from cleaner.text.dates.words import WORD_PATTERN, DateLexicon, fold_word

DIGIT = re.compile(r"\d")

NUMBER = re.compile(r"\d+")

_GAP_ONLY = re.compile(r"[\s,;:.|/•·@–—―\-()（）\[\]、~]{0,8}+")

_NOT_GAP = re.compile(r"[^\w\s,;:.|/•·@–—―\-()\[\]\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e]")

_DURATION_UNIT = re.compile(r"\s?(?:min|sec|sek|std|分钟|분 )", re.IGNORECASE)

_AMOUNT_UNIT = re.compile(r"\s?(?:[€$£¥%₹]|eur|euro|kr\b|chf|zł|pct|prozent|percent|km|kg|mio|mrd|mil)", re.IGNORECASE)


class Time(NamedTuple):
    hour: int
    minute: int
    second: int | None
    twelve: bool  # written with am or pm
    zone: str | None  # name, if written
    offset: str | None  # "+05:30", or an IANA name
    start: int
    end: int


def find_time_after(text: str, at: int, words: DateLexicon) -> Time | None:
    """The time behind a date: ", 17:03 Uhr", " at 5:03 p.m. ET", "T17:03:00Z", " 오후 5:03"."""
    start = _skip_gap(text, at)
    if text[start : start + 1].isdigit():
        match = words.clock.match(text, start)
        return _read_time(text, match, (), words) if match else None
    said: list[str] = []
    while len(said) < 3 and (word := WORD_PATTERN.match(text, start)) and fold_word(word[0]) in words.between:
        said.append(word[0])
        start = _skip_gap(text, word.end())
        if text[start : start + 1].isdigit():
            match = words.clock.match(text, start)
            return _read_time(text, match, said, words) if match else None
    return None


def _skip_gap(text: str, at: int) -> int:
    match = _GAP_ONLY.match(text, at)
    return match.end() if match else at


def find_time_before(text: str, at: int, behind: int, words: DateLexicon) -> Time | None:
    """The time before a date: "17:41 JST, October 13, 2024", "20:00, 29 Jan 2024"."""
    low = max(behind, at - 45)
    head = text[low:at]
    if not DIGIT.search(head):
        return None
    for number in NUMBER.finditer(head):
        if len(number[0]) > 2 or head[number.start() - 1 : number.start()] in (":", ".", "-", "/"):
            continue
        match = words.clock.match(head, number.start())
        if match is None:
            continue
        _, offset, end = _read_zone(match, words)
        if match["zone"] and offset is None:
            end = match.start("zone")
        rest = WORD_PATTERN.findall(head[end:])
        if len(rest) > 3 or DIGIT.search(head[end:]) or not all(fold_word(word) in words.between for word in rest):
            continue
        if _NOT_GAP.search(head[end:]):
            continue
        ahead = head[: number.start()]
        last = [word for word in WORD_PATTERN.findall(ahead)[-1:] if fold_word(word) in words.halves]
        if ahead[-1:].isalpha() and not last and read_label(ahead, words) is None:
            continue  # "Video02:53": a running time stuck to a word
        time = _read_time(head, match, last, words)
        return time and time._replace(start=low + time.start, end=low + time.end)
    return None


def read_time_within(date: Date, words: DateLexicon) -> Time | None:
    match = date.time
    if match is None:
        return None
    name = match["zone"]
    offset = None
    if name:
        offset = f"{name[:3]}:{name[3:]}" if name[0] in "+-" else words.zones.get(name)
    hour, minute, second = int(match["h"]), int(match["min"]), int(match["s"]) if match["s"] else None
    if hour > 23 or minute > 59 or (second or 0) > 59:
        return None
    return Time(hour, minute, second, False, name, offset, date.start, date.end)


def _read_time(text: str, match: re.Match[str], said: Sequence[str], words: DateLexicon) -> Time | None:
    """What a match of the clock says; None if it is no time of day."""
    hour = int(match["h"])
    minute_text = match["min"] or match["dmin"] or match["hmin"]
    second_text = match["s"] or match["ds"] or match["hs"]
    minute, second = int(minute_text or 0), int(second_text) if second_text else None
    name, offset, end = _read_zone(match, words)
    if offset is None:
        end = match.start("zone") if match["zone"] else match.end()
        phrase = words.phrase.match(text, end) if end < len(text) else None
        if phrase:
            offset, end = words.phrases[" ".join(phrase[1].casefold().split())], phrase.end()
    half = words.halves.get(fold_word(match["half"]).replace(" ", "").replace("\u00a0", "")) if match["half"] else None
    for word in said:
        half = words.halves.get(fold_word(word), half)
    twelve = half is not None and 1 <= hour <= 12  # "20:26 PM" is a 24-hour clock with a sign too many
    if half is not None and twelve:
        hour = hour % 12 + 12 * half
    if hour > 23 or minute > 59 or (second is not None and second > 59):
        return None
    if match["dmin"] and not match["half"] and not offset and _AMOUNT_UNIT.match(text, match.end()):
        return None
    if not match["half"] and _DURATION_UNIT.match(text, match.end()):
        return None  # a length: "02:53 min"
    bare_hour = not minute_text and half is None
    if bare_hour and match[0].rstrip()[-1:] in "hH" and not said:
        return None  # "3 h": a length, too
    return Time(hour, minute, second, twelve, name, offset, match.start("h"), end)


def _read_zone(match: re.Match[str], words: DateLexicon) -> tuple[str | None, str | None, int]:
    """Name, offset (or IANA zone) and end of the zone behind a time."""
    if not match["zone"]:
        return None, None, match.end()
    end = match.end("zone")
    if not match["zone"].strip().startswith("(") and match["zone"].endswith(")"):
        end -= 1  # the parenthesis was opened before the time
    if match["zname"]:
        name = match["zname"]
        return name, words.zones.get(name), end
    sign = match["sign"] or ("-" if "-" in match["zone"] else "+")
    if (
        match["oh"]
        and sign == "-"
        and ":" in match["zone"]
        and not match["s"]
        and match.string[match.start() - 1 : match.start()] != "T"
    ):
        return None, None, match.start("zone")  # "09:00-10:30": from, to
    hours, minutes = int(match["oh"] or match["zh"]), int(match["om"] or match["zm"] or 0)
    if hours > 14 or minutes not in (0, 15, 30, 45):
        return None, None, match.start("zone")
    return "UTC", f"{sign}{hours:02}:{minutes:02}", end


def compute_offset(time: Time, day: datetime.date) -> str | None:
    """The offset at that moment: "+05:30"."""
    if not time.offset or time.offset[0] in "+-":
        return time.offset
    try:
        zone = zoneinfo.ZoneInfo(time.offset)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None  # a machine without the IANA tables: better no zone than a wrong one
    delta = datetime.datetime.combine(day, datetime.time(time.hour, time.minute), zone).utcoffset()
    if delta is None:
        return None
    minutes = int(delta.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"

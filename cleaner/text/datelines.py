"""Datelines: place, agency and day at the head of an article."""

import re
from collections.abc import Iterable, Mapping

import msgspec

from cleaner.text.names.agencies import find_agencies
from cleaner.text.names.words import CASELESS, EAST_ASIAN, EAST_ASIAN_NAME, NameLexicon, load_lexicon


class Dateline(msgspec.Struct, frozen=True):
    """What opens a report: `place` as written, `raw` up to the text, and what stood beside the place.

    `date` is as written ("27 янв"): a dateline rarely has a year."""

    place: str
    raw: str
    agencies: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    date: str | None = None


# a plain repetition: a possessive one of a group is younger in Python's matcher, and little can be backtracked here
_PLACE = r"(?:(?:[^\W\d_a-z]\.){2,3}|(?:St|Ft|Mt|ST|FT|MT)\.|[^\W\d_]+(?:[’'.-]{1,2}[^\W\d_]+)*)"

_DAY_AND_MONTH = (
    r"(?:[^\W\d_]{3,12}\.?\s\d{1,2}\.?|(?:am\s|le\s|den\s)?\d{1,2}\.?\s?(?:de\s)?[^\W\d_]{3,12}\.?"
    r"|\d{1,2}\.\d{1,2}\.?)(?:,?\s\d{4})?"
)

_DATELINE_OPENING = re.compile(
    rf"""(?P<place>{_PLACE}(?:(?:\s|\s?/\s?){_PLACE}){{0,3}}(?:,\s{_PLACE}(?:\s{_PLACE})?)?)
    (?:(?:,|\.)?\s(?P<date>{_DAY_AND_MONTH}))?
    (?:,?\s?[(/](?P<agency>[^()\d]{{2,50}})[)/])?
    (?P<end>\s?\.?\s?(?:—|–|--|―)\s?|\s?\.?-\s+|\.?\s-\s?|:\s|\.\s|\s(?=$)|(?=\s[^\W\d_a-z]))""",
    re.VERBOSE,
)

_AGENCY_FIRST_DATELINE = re.compile(
    rf"\((?P<agency>[^()\d]{{2,40}})\)\s?[-–—]\s?(?P<place>[^\W\d_a-z]{{3,}}(?:\s[^\W\d_a-z]{{2,}}){{0,2}}),?\s(?P<date>{_DAY_AND_MONTH})?\s?[-–—]\s?"
)

_RUSSIAN_AGENCY_TAIL = re.compile(r"/?(?P<agency>[^\W\d_][^.!?,;:]{1,30}?)/?\.\s*")

_DASHED_AGENCY_TAIL = re.compile(
    r"(?P<agency>[^\W\d_a-z]{3,20})(?:\.[A-Z]{2,3})?\s[-–—]\s"
)  # "Москва. 27 января. INTERFAX.RU - "

_PLACE_IN_PARENTHESES = re.compile(rf"\((?P<place>{_PLACE}(?:\s{_PLACE}){{0,2}})\)\s+(?=[“\"«„]?[^\W\d_a-z])")

_JAPANESE_DATELINE = re.compile(
    r"[【［\[](?P<place>[\u30a0-\u30ff\u4e00-\u9fff・A-Za-z]{2,14}?)\s?(?:\d{1,2}日\s?)?[=＝\s](?P<who>[^】］\]]{2,20})[】］\]]\s*"
)

_JAPANESE_GLUED_DATELINE = re.compile(r"[【［\[](?P<both>[\u30a0-\u30ff\u4e00-\u9fff・A-Z]{4,20})[】］\]]\s*")

_KOREAN_DATELINE = re.compile(
    r"[(\[【](?P<place>[\uac00-\ud7a3·]{2,12})\s?[=＝]\s?(?P<agency>[\uac00-\ud7a3\w]{2,10})[)\]】]\s*(?:(?P<who>[\uac00-\ud7a3]{2,4}(?:\s[\uac00-\ud7a3]{2,4}){0,3}?)\s(?:선임|전문|인턴)?(?:기자|특파원)\s*=\s*)?"
)

_CHINESE_DATELINE = re.compile(
    r"[（(]?(?P<agency>[\u4e00-\u9fff]{2,6}?[社网網报報]|本报|本報)(?:记者[\u4e00-\u9fff]{2,4})?(?P<place>[\u4e00-\u9fff]{2,8}?)(?P<date>(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日)[电電讯][）)]?\s*"
)


def find_dateline(
    paragraph: str, language: str | None = None, *, agencies: Mapping[str, str] | None = None
) -> Dateline | None:
    """The dateline that opens a paragraph, or None.

    Believed are: a place in capitals before a dash; any place before a known agency in parentheses and a dash; a place
    in parentheses before a sentence; a well-known town before a dash; and the East Asian forms. A sentence that merely
    opens with a place is not taken. `language` is not needed yet: the forms tell the languages apart."""
    text = paragraph[:MAX_DATELINE_CHARS].lstrip()
    known = agencies or {}
    if not text:
        return None
    if EAST_ASIAN.search(text[:12]):
        return _parse_east_asian(text, known)
    words = load_lexicon()
    if text[0] == "(":
        return _parse_parenthesised(text, words, known)
    match = _DATELINE_OPENING.match(text)
    if match is None or not text[match.end() :].strip():
        return None
    place, agency, end = match["place"], match["agency"], match["end"].strip()
    dash = end.strip(". ") in ("—", "–", "--", "―", "-")
    if not (dash or agency or end == "."):
        return None
    keys = [part.casefold().strip(".,") for part in re.split(r"[\s/,]+", place) if part]
    if any(key in words.not_places for key in keys) or known.get(place.casefold()):
        return None
    named = tuple(find_agencies(agency, known)) if agency else ()
    following = text[match.end() :].lstrip("“\"«„'‘ ")[:1]
    if following.islower() or not following:
        return None
    capitals = _is_in_capitals(place)
    looks_agency = bool(named) or bool(
        agency and re.fullmatch(r"[^\W\d_a-z][^\W\d_a-z. ]{1,7}|[a-z]{3}(?:/[a-z]{2,4})?", agency)
    )
    if (not capitals and not _is_titled(place)) or (agency and not looks_agency and not capitals):
        return None
    if dash:
        if not (capitals or named or (looks_agency and agency) or place.casefold() in words.towns):
            return None
        if capitals and end == "-" and not agency and not match["date"] and len(place) < 4:
            return None
    elif agency and named:
        pass  # "KYIV (Reuters) The", "نيويورك (رويترز) قال"
    elif agency or end != "." or not (place.casefold() in words.towns or (capitals and match["date"])):
        return None
    at = match.end()
    if match["date"] and not agency and (capitals or place.casefold() in words.towns):
        tail = _RUSSIAN_AGENCY_TAIL.match(text, at) or _DASHED_AGENCY_TAIL.match(
            text, at
        )  # "МОСКВА, 27 янв - РИА Новости."
        if tail and (tail_agencies := find_agencies(tail["agency"], known)):
            named, at = tuple(tail_agencies), tail.end()
    return Dateline(place, text[:at].rstrip(), named, date=match["date"])


def _is_in_capitals(place: str) -> bool:
    """MOSCOW, SAN FRANCISCO, "KYIV, Ukraine", "WASHINGTON, D.C."; not NATO's kind, which the table lists."""
    town = place.split(",")[0]
    letters = [c for c in town if c.isalpha()]
    return len(letters) > 2 and all(c.isupper() for c in letters)


def _is_titled(place: str) -> bool:
    """Every word has a capital, small particles between aside; scripts without capitals pass."""
    parts = re.split(r"[\s/,]+", place)
    small = {
        "de",
        "la",
        "le",
        "les",
        "am",
        "an",
        "der",
        "do",
        "da",
        "del",
        "di",
        "sur",
        "of",
        "the",
        "im",
        "bei",
        "na",
        "на",
        "upon",
    }
    return (
        all(part[:1].isupper() or CASELESS.match(part) or part in small for part in parts if part)
        and parts[0] not in small
    )


def _parse_parenthesised(text: str, words: NameLexicon, agencies: Mapping[str, str]) -> Dateline | None:
    first = _AGENCY_FIRST_DATELINE.match(text)
    if first and (named := find_agencies(first["agency"], agencies)):
        return Dateline(first["place"], first[0].rstrip(), tuple(named), date=first["date"])
    match = _PLACE_IN_PARENTHESES.match(text)
    if match is None:
        return None
    place = match["place"]
    keys = [part.casefold().strip(".") for part in place.split()]
    if find_agencies(place, agencies) or any(
        key in words.not_places or key in words.jobs or key in words.unnamed for key in keys
    ):
        return None
    if not _is_titled(place) or len(place) < 3 or (place.isupper() and len(place) < 5):
        return None
    return Dateline(place, match[0].rstrip())


def _parse_east_asian(text: str, agencies: Mapping[str, str]) -> Dateline | None:
    words = load_lexicon()
    if match := _KOREAN_DATELINE.match(text):
        who = tuple(match["who"].split()) if match["who"] else ()
        return Dateline(match["place"], match[0].rstrip(), _resolve_agencies([match["agency"]], agencies), who)
    if match := _JAPANESE_DATELINE.match(text):
        return _parse_japanese(match, words, agencies)
    if match := _JAPANESE_GLUED_DATELINE.match(text):
        for form in words.glued_agencies:
            if match["both"].endswith(form) and len(match["both"]) > len(form) + 1:
                place = match["both"][: -len(form)].rstrip("・")
                return Dateline(place, match[0].rstrip(), _resolve_agencies([form, form + "通信"], agencies))
        return None
    if match := _CHINESE_DATELINE.match(text):
        return Dateline(
            match["place"], match[0].rstrip(), _resolve_agencies([match["agency"]], agencies), date=match["date"]
        )
    return None


def _parse_japanese(match: re.Match[str], words: NameLexicon, agencies: Mapping[str, str]) -> Dateline | None:
    """【ロンドン=山田太郎】, ［ロンドン ２７日 ロイター］: behind the place a person or an agency."""
    who = match["who"].strip()
    if who in words.glued_agencies or agencies.get(who.casefold()):
        return Dateline(match["place"], match[0].rstrip(), _resolve_agencies([who], agencies))
    names = [part for part in re.split(r"[、，,\s]+", who) if part not in words.glued_roles]
    if (
        not names
        or not all(EAST_ASIAN_NAME.fullmatch(part) for part in names)
        or "=" not in match[0].replace("＝", "=")
    ):
        return None
    return Dateline(match["place"], match[0].rstrip(), (), tuple(names))


def _resolve_agencies(forms: Iterable[str], agencies: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(agencies[form.casefold()] for form in forms if form.casefold() in agencies))


MAX_DATELINE_CHARS = 160  # how far a dateline can reach

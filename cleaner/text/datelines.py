"""Datelines: place, agency and day at the head of an article."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import msgspec

from cleaner.text.names.agencies import find_agencies
from cleaner.text.names.words import CASELESS, EAST_ASIAN, EAST_ASIAN_NAME, NameLexicon, load_lexicon

MAX_DATELINE_CHARS = 160
"""How far a dateline can reach."""

_SCRIPT_CHARS = 12
"""Characters at the head of a paragraph that show its script."""

_MIN_PLACE_CHARS = 3
"""The shortest place."""

_MIN_GLUED_PLACE_CHARS = 2
"""The shortest place to which an agency sticks: 東京共同."""

_MIN_CODE_PLACE_CHARS, _MIN_SHOUTED_PLACE_CHARS = 4, 5
"""The shortest place in capitals before a bare hyphen ("EU-"), and in parentheses ("(ABC)"): shorter ones are codes."""


class Dateline(msgspec.Struct, frozen=True):
    """What opens a report: `place` as written, `raw` up to the text, and what stood beside the place."""

    place: str
    raw: str
    agencies: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    date: str | None = None
    """As written ("27 янв"): a dateline rarely has a year."""


# a plain repetition: a possessive one of a group is younger in Python's matcher, and little can be backtracked here
_PLACE = r"(?:(?:[^\W\d_a-z]\.){2,3}|(?:St|Ft|Mt|ST|FT|MT)\.|[^\W\d_]+(?:[’'.-]{1,2}[^\W\d_]+)*)"

_REGION = r"(?:W\.\s?Va|[^\W\d_a-z][^\W\d_A-Z]{1,4})\."
"""A state as American papers shorten it: "Neb.", "Calif."; its point belongs to it."""

_DAY_AND_MONTH = (
    r"(?:[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th|\.)?"
    r"|(?:am\s|le\s|den\s|el\s)?\d{1,2}(?:er|\.)?\s?(?:de\s)?[^\W\d_]{3,12}\.?"
    r"|\d{1,2}\.\d{1,2}\.?)(?:,?\s(?:de\s|del\s)?\d{4})?"
)
"""A day in the languages covered, perhaps with its year: "Jan. 27", "27 января", "27. Januar 2024", "27.1."."""

_DATELINE_OPENING = re.compile(
    rf"""(?P<place>{_PLACE}(?:(?:\s|\s?/\s?){_PLACE}){{0,4}}(?:,\s(?![^\W\d_]{{2,12}}\.?\s\d)(?:(?P<region>{_REGION})|{_PLACE}(?:\s{_PLACE})?)){{0,2}})
    (?:(?:,|\.)?\s(?P<date>{_DAY_AND_MONTH}))?
    (?:(?:,?\s?|\s?(?:--|—|–)\s?)[(/]\s?(?P<agency>[^()\d/]{{2,40}}(?:/[^()\d/]{{1,20}})*?)[)/])?
    (?P<end>\s?\.?\s?(?:—|–|--|―)\s?|\s?\.?-\s+|\.?\s-\s?|:\s|\.\s|\s(?=$)|(?=\s[^\W\d_a-z]))""",
    re.VERBOSE,
)

"""The general form: place, then perhaps day and agency, and what parts them from the text."""

_AGENCY_FIRST_DATELINE = re.compile(
    rf"\((?P<agency>[^()\d]{{2,40}})\)\s?[-–—]\s?(?P<place>[^\W\d_a-z]{{3,}}(?:\s[^\W\d_a-z]{{2,}}){{0,2}}),?\s(?P<date>{_DAY_AND_MONTH})?\s?[-–—]\s?"
)

_WIRE_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}(?:\s{_PLACE}){{0,4}}(?:,\s{_PLACE}(?:\s{_PLACE})?){{0,2}})"
    rf"\s/\s(?P<agency>[^/\d]{{3,30}}?)\s/\s(?P<date>{_DAY_AND_MONTH})\s/\s"
)
"""Place, wire and day between slashes: "AUSTIN, TX / ACCESSWIRE / March 4, 2024 / "."""

_DAY_BEHIND = re.compile(rf"(?P<date>{_DAY_AND_MONTH})\s?(?:--|—|–|-)\s?")
"""The day behind the wire: "AUSTIN, Texas--(BUSINESS WIRE)--Mar 4, 2024-- "."""

_RUSSIAN_AGENCY_TAIL = re.compile(r"/?(?P<agency>[^\W\d_][^.!?,;:]{1,30}?)/?\.\s*")

_DASHED_AGENCY_TAIL = re.compile(r"(?P<agency>[^\W\d_a-z]{3,20})(?:\.[A-Z]{2,3})?\s[-–—]\s")
"""The agency behind place and day: "Москва. 27 января. INTERFAX.RU - "."""

_PLACE_IN_PARENTHESES = re.compile(rf"\((?P<place>{_PLACE}(?:\s{_PLACE}){{0,2}})\)\s+(?=[“\"«„]?[^\W\d_a-z])")
"""A place alone in parentheses before a capital: "(Berlin) Der"."""

_JAPANESE_DATELINE = re.compile(
    r"[【［\[](?P<place>[\u30a0-\u30ff\u4e00-\u9fff・A-Za-z]{2,14}?)\s?(?:\d{1,2}日\s?)?[=＝\s](?P<who>[^】］\]]{2,20})[】］\]]\s*"
)
"""【ロンドン=山田太郎】: behind the place a person or an agency, parted from it."""

_JAPANESE_GLUED_DATELINE = re.compile(r"[【［\[](?P<both>[\u30a0-\u30ff\u4e00-\u9fff・A-Z]{4,20})[】］\]]\s*")
"""【ロンドン共同】: place and agency in one."""

_KOREAN_DATELINE = re.compile(
    r"[(\[【](?P<place>[\uac00-\ud7a3·]{2,12})\s?[=＝]\s?(?P<agency>[\uac00-\ud7a3\w]{2,10})[)\]】]\s*(?:(?P<who>[\uac00-\ud7a3]{2,4}(?:\s[\uac00-\ud7a3]{2,4}){0,3}?)\s(?:선임|전문|인턴)?(?:기자|특파원)\s*=\s*)?"
)

_EAST_ASIAN_WIRE_DATELINE = re.compile(
    r"(?P<place>[^\d/()（）。]{2,30}?)[,，、]?\s?(?P<date>\d{4}[年년]\s?\d{1,2}[月월]\s?\d{1,2}[日일])"
    r"\s?[/(（](?P<agency>[^/()（）]{2,30})[/)）]\s?[-–—－]{1,3}\s?"
)
"""上海2024年3月4日 /美通社/ --: place, day and the wire of a press release."""

_CHINESE_DATELINE = re.compile(
    r"[（(]?(?P<agency>[\u4e00-\u9fff]{2,6}?[社网網报報]|本报|本報)(?:记者[\u4e00-\u9fff]{2,4})?(?P<place>[\u4e00-\u9fff]{2,8}?)(?P<date>(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日)[电電讯][）)]?\s*"
)
"""新华社北京1月27日电: the agency or "this paper", perhaps with its reporter, place, day, and the word for a wire."""

_DASHES = frozenset(("—", "–", "--", "―", "-"))

_EQUALS_SIGNS = frozenset("=＝")
"""What stands between a place and a reporter in Japanese."""

_AGENCY_LIKE = re.compile(r"[^\W\d_a-z][^\W\d_a-z. ]{1,7}|[a-z]{3}(?:/[a-z]{2,4})?")
"""What is written like an agency that nobody knows: "(AP)", "(dpa/lni)"."""

_PLACE_JOINTS = re.compile(r"[\s/,]+")
"""What parts the words of a place."""


class _Opening(NamedTuple):
    """A match of the general form, with all that decides whether it is believed."""

    place: str
    agency: str
    date: str | None
    end: str
    """What parts the dateline from the text: a dash, a full stop, or nothing."""
    following: str
    """The first letter of the text."""
    named: tuple[str, ...]
    """The agencies among what stands in parentheses."""
    is_in_capitals: bool
    is_town: bool
    """Whether the place is one of the towns of the table."""
    is_in_region: bool
    """Whether a shortened state stands behind the place."""

    @property
    def is_dashed(self) -> bool:
        """Whether a dash parts the dateline from the text."""
        return self.end.strip(". ") in _DASHES

    @property
    def is_agency(self) -> bool:
        """Whether the parentheses hold an agency, known or by its looks."""
        return bool(self.named) or _AGENCY_LIKE.fullmatch(self.agency) is not None

    @property
    def is_prominent(self) -> bool:
        """Whether the place is one that stands at the head of reports by its looks, or that everybody knows."""
        return self.is_in_capitals or self.is_town

    @property
    def is_code(self) -> bool:
        """ "EU-Kommission": capitals that a bare hyphen ties to the text."""
        is_bare = not (self.agency or self.date) and self.end == "-"
        return is_bare and self.is_in_capitals and len(self.place) < _MIN_CODE_PLACE_CHARS


def find_dateline(
    paragraph: str, language: str | None = None, *, agencies: Mapping[str, str] | None = None
) -> Dateline | None:
    """The dateline that opens a paragraph, or None.

    Believed are: a place in capitals before a dash; any place before a known agency in parentheses and a dash; a place
    in parentheses before a sentence; a well-known town before a dash; and the East Asian forms. A sentence that merely
    opens with a place is not taken. `language` is not needed yet: the forms tell the languages apart."""
    text = paragraph[:MAX_DATELINE_CHARS].lstrip()
    known = agencies or {}
    if EAST_ASIAN.search(text[:_SCRIPT_CHARS]):
        return _parse_east_asian(text, known)
    if text.startswith("("):
        return _parse_parenthesised(text, load_lexicon(), known)
    return _parse_general(text, load_lexicon(), known)


def _parse_general(text: str, words: NameLexicon, agencies: Mapping[str, str]) -> Dateline | None:
    """ "MOSCOW, Jan. 27 (Reuters) - ", "Berlin. ", "МОСКВА, 27 янв - РИА Новости."."""
    wire = _WIRE_DATELINE.match(text)
    if wire and (houses := find_agencies(wire["agency"], agencies)):
        return Dateline(wire["place"], wire[0].rstrip(), tuple(houses), date=wire["date"])
    match = _DATELINE_OPENING.match(text)
    if match is None or not (match["agency"] or match["end"].strip()):
        return None  # most paragraphs end here
    place, agency = match["place"], match["agency"] or ""
    opening = _Opening(
        place=place,
        agency=agency,
        date=match["date"],
        end=match["end"].strip(),
        following=text[match.end() :].lstrip("“\"«„'‘ ")[:1],
        named=tuple(find_agencies(agency, agencies)) if agency else (),
        is_in_capitals=_is_in_capitals(place),
        is_town=place.casefold() in words.towns,
        is_in_region=match["region"] is not None,
    )
    is_place = _is_place(opening, words, agencies) and (opening.is_in_capitals or _is_titled(place, words))
    if not is_place or not _is_followed_by_text(opening) or not _is_believed(opening):
        return None
    named, at = _find_agency_behind(text, match.end(), opening, agencies)
    date = opening.date
    if named and not date and (day := _DAY_BEHIND.match(text, at)):
        date, at = day["date"], day.end()
    return Dateline(place, text[:at].rstrip(), named, date=date)


def _is_place(opening: _Opening, words: NameLexicon, agencies: Mapping[str, str]) -> bool:
    """Whether no word of it is one that stands in capitals before a dash ("UPDATE"), and it is no agency.

    A word that opens the names of places as well ("NEW") is none of these where more shows a place."""
    keys = [part.casefold().strip(".,") for part in _PLACE_JOINTS.split(opening.place)]
    if opening.named or opening.is_town or opening.is_in_region:
        keys = keys[len(keys) > 1 and keys[0] in words.place_openers :]
    is_suffix = opening.is_in_region and keys[-1] in words.suffixes  # "KING, Jr."
    return words.not_places.isdisjoint(keys) and not is_suffix and not agencies.get(opening.place.casefold())


def _is_followed_by_text(opening: _Opening) -> bool:
    """Whether a text follows that does not go on small, but for a house's name behind an agency ("eBay")."""
    is_small = opening.following.islower() and not (opening.named and opening.is_dashed)
    return opening.following.strip() != "" and not is_small


def _is_believed(opening: _Opening) -> bool:
    """Whether place, agency, date and sign together make a dateline.

    A dash needs a place or an agency that shows as one; a full stop, a town or a place in capitals with its day.
    """
    if opening.agency and not (opening.is_agency or opening.is_in_capitals):
        return False
    if opening.is_dashed:
        return (opening.is_prominent or opening.is_agency) and not opening.is_code
    if opening.agency:
        return bool(opening.named)  # "KYIV (Reuters) The", "نيويورك (رويترز) قال"
    return opening.end == "." and (opening.is_town or (opening.is_in_capitals and opening.date is not None))


def _find_agency_behind(
    text: str, at: int, opening: _Opening, agencies: Mapping[str, str]
) -> tuple[tuple[str, ...], int]:
    """The agencies of a dateline and its end; behind a day the agency may follow: "МОСКВА, 27 янв - РИА Новости."."""
    if opening.date and not opening.agency and opening.is_prominent:
        tail = _RUSSIAN_AGENCY_TAIL.match(text, at) or _DASHED_AGENCY_TAIL.match(text, at)
        if tail and (named := find_agencies(tail["agency"], agencies)):
            return tuple(named), tail.end()
    return opening.named, at


def _is_in_capitals(place: str) -> bool:
    """MOSCOW, SAN FRANCISCO, "KYIV, Ukraine", "WASHINGTON, D.C."; not NATO's kind, which the table lists."""
    letters = list(filter(str.isalpha, place.split(",")[0]))
    return len(letters) >= _MIN_PLACE_CHARS and all(map(str.isupper, letters))


def _is_titled(place: str, words: NameLexicon) -> bool:
    """Whether every word has a capital, small particles between aside; scripts without capitals pass."""
    parts = _PLACE_JOINTS.split(place)
    named = [part for part in parts if part and part not in words.place_particles]
    is_titled = all(part[0].isupper() or CASELESS.match(part) for part in named)
    return is_titled and parts[0] not in words.place_particles


def _parse_parenthesised(text: str, words: NameLexicon, agencies: Mapping[str, str]) -> Dateline | None:
    """ "(Reuters) - MOSCOW, Jan. 27 - ", "(Berlin) Der"."""
    first = _AGENCY_FIRST_DATELINE.match(text)
    if first and (named := find_agencies(first["agency"], agencies)):
        return Dateline(first["place"], first[0].rstrip(), tuple(named), date=first["date"])
    match = _PLACE_IN_PARENTHESES.match(text)
    if match is None or find_agencies(match["place"], agencies):
        return None
    place = match["place"]
    keys = {part.casefold().strip(".") for part in place.split()}
    least = _MIN_SHOUTED_PLACE_CHARS if place.isupper() else _MIN_PLACE_CHARS
    is_other = not all(map(keys.isdisjoint, (words.not_places, words.jobs, words.unnamed)))
    if is_other or len(place) < least or not _is_titled(place, words):
        return None
    return Dateline(place, match[0].rstrip())


def _parse_east_asian(text: str, agencies: Mapping[str, str]) -> Dateline | None:
    """The dateline in one of the forms of Korean, Japanese and Chinese.

    The first form that matches decides, even if what it reads is no dateline.
    """
    forms = ((pattern.match(text), read) for pattern, read in _EAST_ASIAN_FORMS)
    return next((read(match, load_lexicon(), agencies) for match, read in forms if match), None)


def _read_korean(match: re.Match[str], _words: NameLexicon, agencies: Mapping[str, str]) -> Dateline:
    """(서울=연합뉴스) 홍길동 기자 = : place, agency and reporters."""
    who = tuple((match["who"] or "").split())
    return Dateline(match["place"], match[0].rstrip(), _resolve_agencies([match["agency"]], agencies), who)


def _read_japanese(match: re.Match[str], words: NameLexicon, agencies: Mapping[str, str]) -> Dateline | None:
    """【ロンドン=山田太郎】, ［ロンドン ２７日 ロイター］: behind the place a person or an agency."""
    who = match["who"].strip()
    if who in words.glued_agencies or agencies.get(who.casefold()):
        return Dateline(match["place"], match[0].rstrip(), _resolve_agencies([who], agencies))
    names = [part for part in re.split(r"[、，,\s]+", who) if part not in words.glued_roles]
    are_names = len(names) > 0 and all(map(EAST_ASIAN_NAME.fullmatch, names))
    if not are_names or _EQUALS_SIGNS.isdisjoint(match[0]):
        return None
    return Dateline(match["place"], match[0].rstrip(), (), tuple(names))


def _read_japanese_glued(match: re.Match[str], words: NameLexicon, agencies: Mapping[str, str]) -> Dateline | None:
    """【ロンドン共同】: the agency sticks to the place, which has two letters at least."""
    both = match["both"]
    # behind the second character, for a place has two
    form = next(filter(both[_MIN_GLUED_PLACE_CHARS:].endswith, words.glued_agencies), None)
    if form is None:
        return None
    place = both.removesuffix(form).rstrip("・")
    return Dateline(place, match[0].rstrip(), _resolve_agencies([form, form + "通信"], agencies))


def _read_east_asian_wire(match: re.Match[str], _words: NameLexicon, agencies: Mapping[str, str]) -> Dateline | None:
    """上海2024年3月4日 /美通社/ --: a wire that is known."""
    named = tuple(find_agencies(match["agency"], agencies))
    return Dateline(match["place"], match[0].rstrip(), named, date=match["date"]) if named else None


def _read_chinese(match: re.Match[str], _words: NameLexicon, agencies: Mapping[str, str]) -> Dateline:
    """新华社北京1月27日电: agency, place, day and the word for a wire."""
    named = _resolve_agencies([match["agency"]], agencies)
    return Dateline(match["place"], match[0].rstrip(), named, date=match["date"])


_EastAsianForm = Callable[[re.Match[str], NameLexicon, Mapping[str, str]], Dateline | None]

_EAST_ASIAN_FORMS: tuple[tuple[re.Pattern[str], _EastAsianForm], ...] = (
    (_KOREAN_DATELINE, _read_korean),
    (_JAPANESE_DATELINE, _read_japanese),
    (_JAPANESE_GLUED_DATELINE, _read_japanese_glued),
    (_EAST_ASIAN_WIRE_DATELINE, _read_east_asian_wire),
    (_CHINESE_DATELINE, _read_chinese),
)


def _resolve_agencies(forms: Iterable[str], agencies: Mapping[str, str]) -> tuple[str, ...]:
    """The short names of those agencies that are known, each once and in the order given."""
    keys = map(str.casefold, forms)
    return tuple(dict.fromkeys(agencies[key] for key in keys if key in agencies))

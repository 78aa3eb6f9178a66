"""Names in bylines and datelines: who made an article, in which part, and from where it reports.

`split_names` takes the raw text of a byline ("By Jane Doe and John Roe in Oslo") and gives persons; `find_agencies` the
agencies in the same text; `is_bare_name` judges a bare line; `dateline` reads the opening of a first paragraph.

The words are data, `names.toml`. Agencies come from the caller, as a mapping of case-folded forms to short names
("agence france-presse" -> "AFP"); without it only the persons' side of the work is done.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

import msgspec
import tomli

from cleaner.text import dates

Role = Literal["author", "reporting", "writing", "editing", "photography", "translation"]

MAX_BYLINE_CHARS = 600
MAX_BARE_LINE_CHARS = 80
MAX_DATELINE_CHARS = 160  # how far a dateline can reach


class Person(msgspec.Struct, frozen=True):
    """A person: the name in normal case, the part in the article (a `Role`), and the name as written."""

    name: str
    role: str = "author"
    raw: str = ""


# ---------------------------------------------------------------- words


class _BylineLexicon(NamedTuple):
    by: re.Pattern[str]
    by_in: Mapping[str, frozenset[str]]
    desks: frozenset[str]
    stops: frozenset[str]
    given: frozenset[str]
    roles: re.Pattern[str]
    role_of: Mapping[str, Role]
    contributed: re.Pattern[str]
    joints: re.Pattern[str]
    places: frozenset[str]
    particles: frozenset[str]
    jobs: frozenset[str]
    grades: frozenset[str]
    nobody: frozenset[str]
    suffixes: frozenset[str]
    degrees: frozenset[str]
    cjk: Mapping[str, Role]
    cjk_words: tuple[str, ...]
    not_places: frozenset[str]
    towns: frozenset[str]
    glued: tuple[str, ...]


def _join_forms(forms: Iterable[str]) -> str:
    return "|".join(re.escape(form).replace(r"\ ", r"\s") for form in sorted(set(forms), key=len, reverse=True))


@functools.cache
def _load_lexicon() -> _BylineLexicon:
    table: dict[str, Any] = tomli.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
    role_of = {
        form: cast(Role, role) for role, forms in table["roles"].items() if role != "contributed" for form in forms
    }
    # "photos by" needs only a blank behind it, "photos" wants a colon
    prepositions = (" by", " von", " par", " por", " de", " di", " da", " door", " av", " af", " from")
    open_forms = [form for form in role_of if form.endswith(prepositions)]
    joining = [*table["and"], *(word.upper() for word in table["and"] if len(word) > 1)]
    cjk = {form: cast(Role, role) for role, forms in table["cjk"].items() for form in forms}
    return _BylineLexicon(
        by=re.compile(rf"[\s(\[–—-]*(?:{_join_forms(table['by'])})(?:\s*[:：]\s*|\s+|$)", re.IGNORECASE),
        by_in={form: frozenset(languages) for form, languages in table["by_in"].items()},
        desks=frozenset(table["desks"]),
        stops=frozenset(table["stops"]),
        given=frozenset(table["given"]["names"].split()),
        roles=re.compile(
            rf"(?<![^\W\d_])(?P<form>(?:{_join_forms(open_forms)})(?=\s)\s*:?|(?:{_join_forms(role_of)})(?:\s*/\s*\w+)?\s*[:：])\s*",
            re.IGNORECASE,
        ),
        role_of=role_of,
        contributed=re.compile(
            rf"\s+(?:also\s+)?(?:{_join_forms(table['roles']['contributed'])})\.?\s*$", re.IGNORECASE
        ),
        # capitals join names in capitals: "JANE DOE AND JOHN ROE"
        joints=re.compile(
            rf"\s*[,;&/|·•+、，；]\s*(?:(?:{_join_forms(table['and'])})\s+)?|\s+[–—-]+\s+|\s+(?P<and>{_join_forms(joining)})\s+"
        ),
        places=frozenset(table["in"]),
        particles=frozenset(table["particles"]),
        jobs=frozenset(table["jobs"]),
        grades=frozenset(table["grades"]),
        nobody=frozenset(table["nobody"]) | frozenset(table["desks"]),
        suffixes=frozenset(table["suffixes"]),
        degrees=frozenset(table["degrees"]),
        cjk=cjk,
        cjk_words=tuple(sorted(cjk, key=len, reverse=True)),
        not_places=frozenset(table["dateline"]["not_places"]),
        towns=frozenset(town.casefold() for town in table["dateline"]["towns"]),
        glued=tuple(sorted(table["dateline"]["glued"], key=len, reverse=True)),
    )


_ADDRESS = re.compile(r"\S+@\S+\.\w+|https?://\S+|www\.\S+|(?<!\w)@\w+")
_PARENTHESES = re.compile(r"[(\[（【][^()\[\]（）【】]{0,80}[)\]）】]")
_DIGITS = re.compile(r"\d")
_SENTENCES = re.compile(r"(?<=[^\W\d_]{3}[.;])\s+|\n+")
_CAMEL_CASE_JOINT = re.compile(r"(?<=[^\W\d_])(?=[^\W\d_a-z][a-z])")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
_CASELESS = re.compile(r"[\u0590-\u08ff\u0900-\u0fff\u1000-\u109f\u10d0-\u10ff\u1780-\u17ff]")
_FIRST_WORD = re.compile(r"[\s(\[–—-]*([^\W\d_]+)\s*")
_GLUED_BY = re.compile(r"\s*(?:[Bb]y|von|par|por)(?=[^\W\d_a-z](?:[a-z]|\.[^\W\d_a-z]))")  # "byJane Doe"
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d")
_ACRONYM = re.compile(r"(?:(?![AEIOUYÄÖÜÁÉÍÓÚÅØÆ])[A-ZÀ-Þ]){3,5}")
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?-?){1,3}")
_STRIP_CHARS = ' \t\u00a0.,;:：|·•–—-/\\*"“”„»«()[]&+>'
_EAST_ASIAN_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff\u3005][\u4e00-\u9fff\u3005\u3040-\u30ff]{1,6}|[\uac00-\ud7a3]{2,4}"
    r"|[\u30a1-\u30fc]{2,10}(?:・[\u30a1-\u30fc]{2,12})+|[\u4e00-\u9fff]{2,8}(?:·[\u4e00-\u9fff]{1,8})+"
)


_AGENCY_JOINTS = re.compile(
    r"\s*[,;&|()\[\]/+=、，]\s*|\s+[–—-]+\s+|\s+(?:and|und|et|y|e|with|mit|avec|con|i|и|та|og|och)\s+"
)


# ---------------------------------------------------------------- bylines


def split_names(raw: str, language: str | None = None, *, agencies: Mapping[str, str] | None = None) -> list[Person]:
    """The persons of a byline, each once for each role, in order.

    Agencies, desks, jobs, places, addresses and dates are left out. `language` only helps with dates."""
    words = _load_lexicon()
    known = agencies or {}
    found: dict[tuple[str, str], Person] = {}
    for role, clause, led in _split_clauses(
        _replace_dates(_ADDRESS.sub(" ", raw[:MAX_BYLINE_CHARS]), language), language, words
    ):
        people = list(
            _find_east_asian_persons(clause, role, words, known)
            if _EAST_ASIAN.search(clause)
            else _find_persons(clause, role, led, language, words, known)
        )
        for name in people:
            found.setdefault((name.name.casefold(), name.role), name)
    return list(found.values())


def find_agencies(raw: str, agencies: Mapping[str, str]) -> list[str]:
    """The short names of the agencies that a byline, credit or dateline names, in order, each once."""
    found: dict[str, None] = {}
    for part in _AGENCY_JOINTS.split(raw):
        key = part.strip(_STRIP_CHARS).casefold()
        for opening in ("by ", "von ", "par ", "por ", "di ", "quelle: ", "source: ", "the "):
            if key not in agencies and key.startswith(opening):
                key = key.removeprefix(opening)
        if short := agencies.get(key):
            found[short] = None
    if not found and (short := agencies.get(raw.strip(_STRIP_CHARS).casefold())):
        found[short] = None
    return list(found)


_SIGNATURE_END = re.compile(r"\s*[|·•,;(/]\s*|\s+(?:-|–|—)\s+|\s+(?:am|at|on|um|in|under|unter|le|el)\s+")


def find_signature(raw: str, language: str | None = None) -> str:
    """What a byline is signed with that names no person: "By oradmin", "von Newsdesk 28. Januar 2022, 12:01".

    Empty where no by-word opens it, or where more than three words follow."""
    text = _replace_dates(_ADDRESS.sub(" ", raw[:MAX_BYLINE_CHARS]), language)
    words = _load_lexicon()
    at = _find_by_word_end(text, language, words)
    piece = _SIGNATURE_END.split(text[at:])[0].strip(_STRIP_CHARS) if at else ""
    return piece if 1 < len(piece) <= 40 and piece.count(" ") < 3 and not piece[0].isdigit() else ""


def _replace_dates(text: str, language: str | None) -> str:
    """The text with a bar for every date, so that what stands before and after stays apart."""
    for found in reversed(dates.find_dates(text, language)):
        text = f"{text[: found.start]} | {text[found.end :]}"
    return text


def _split_clauses(text: str, language: str | None, words: _BylineLexicon) -> Iterator[tuple[Role, str, bool]]:
    """The text cut into parts of one role each; the last item says whether a by-word led the part."""
    for sentence in _SENTENCES.split(text):
        contributed = words.contributed.search(sentence)
        if contributed:
            yield "reporting", sentence[: contributed.start()], True
            continue
        role: Role = "author"
        at, led = 0, False
        if not words.roles.match(sentence):
            at = _find_by_word_end(sentence, language, words)
            at += _find_by_word_end(sentence[at:], language, words) if at else 0  # "Artikel von: Von Jane Doe"
            led = at > 0
        for match in words.roles.finditer(sentence, at):
            if sentence[at : match.start()].strip(_STRIP_CHARS):
                yield role, sentence[at : match.start()], led
            form = " ".join(match["form"].rstrip(":： ").casefold().split())
            role = words.role_of.get(form) or words.role_of.get(form.split("/")[0].strip(), "author")
            at, led = match.end(), True
        yield role, sentence[at:], led


def _find_by_word_end(text: str, language: str | None, words: _BylineLexicon) -> int:
    """Where the by-word ends that opens a text; 0 if none does."""
    glued = _GLUED_BY.match(text)
    if glued:
        return glued.end()
    opening = words.by.match(text)
    if opening:
        return opening.end()
    first = _FIRST_WORD.match(text)
    return first.end() if first and language in words.by_in.get(first[1].casefold(), ()) else 0


def _find_persons(
    clause: str, role: Role, led: bool, language: str | None, words: _BylineLexicon, agencies: Mapping[str, str]
) -> Iterator[Person]:
    """The persons of one clause in a script with spaces between words."""
    clause = _CLOCK.sub(" | ", _PARENTHESES.sub(" ", clause))
    first, believed, shouted = True, False, False
    for barred, piece in _split_pieces(clause, words):
        written = piece.strip(_STRIP_CHARS)
        again = _find_by_word_end(written, language, words)
        if 0 < again < len(written):
            written, led, first = written[again:].strip(_STRIP_CHARS), True, True
        if not written:
            continue
        name = _extract_person(written, words, agencies)
        if name is None:
            continue
        given = name.split("-")[0].split()[0].casefold() in words.given
        loud = _is_shouted(written)
        if not first and not given and ((loud and not shouted) or (barred and believed)):
            continue  # "Jane Doe, MDR Thüringen", "Jane Doe | El Diario": a house behind the person
        believed, shouted = believed or given, shouted or loud
        # one word: a first name only where a by-word led to it, and never behind another name ("…, Nairobi")
        if " " not in name and not (led and first):
            continue
        first = False
        if piece.rstrip().endswith(".") and name.rpartition(" ")[2].casefold() in words.suffixes:
            name += "."
        yield Person(name, role, written)


def _split_pieces(clause: str, words: _BylineLexicon) -> list[tuple[bool, str]]:
    """Cut at commas, bars and the words for "and"; short ones ("y", "e") only between two full names.

    With each piece: whether a bar or dash parts it from the one before, as a house is parted from a person."""
    pieces: list[tuple[bool, str]] = []
    start, barred = 0, False
    for match in words.joints.finditer(clause):
        joint, behind = match["and"], clause[match.end() :]
        if joint and len(joint) <= 2 and not _CASELESS.search(joint):
            left, right = clause[start : match.start()].split(), behind.split()
            if not (len(left) > 1 and len(right) > 1 and all(word[0].isupper() for word in (left[-1], *right[:2]))):
                continue
        follow = _FIRST_WORD.match(behind)
        if match[0].strip() == "," and follow and follow[1].casefold() in words.suffixes:
            continue  # "Perry Doe, Jr."
        pieces.append((barred, clause[start : match.start()]))
        start, barred = match.end(), match[0].strip() in ("|", "·", "•", "-", "–", "—")
    pieces.append((barred, clause[start:]))
    return pieces


def _is_shouted(piece: str) -> bool:
    """A piece in capitals, or with capitals where a given name would be."""
    first = piece.split()[0]
    return (piece.isupper() and len(piece) > 3) or (first.isupper() and first.isalpha() and len(first) > 2)


def _extract_person(piece: str, words: _BylineLexicon, agencies: Mapping[str, str]) -> str | None:
    """The name that a piece of a byline holds, without job and place; None if it holds none."""
    if agencies.get(piece.casefold()):
        return None
    parts: list[str] = []
    for word in piece.split():
        parts.extend(_split_glued(word, words))
    name: list[str] = []
    for part in parts:
        key = part.strip(".,:;").casefold()
        if digits := _DIGITS.search(part):
            if digits.start() > 2 and part[: digits.start()].isalpha():
                name.append(part[: digits.start()])  # "Doe5 hours ago"
            break
        if any(sign in part for sign in "@#_:%€$!?=<>") or key in words.stops:
            break
        if name and key in words.places and part[0].islower() and not (key in words.particles and len(key) > 2):
            break
        if key in words.jobs or (key in words.desks and part[0].islower() and key not in words.particles):
            while len(name) > 2 and name[-1].casefold() in words.grades:
                name.pop()
            if name and len(name) <= 2 and name[-1].casefold() in words.grades:
                return None  # "Deputy Editor"
            break
        if key in words.degrees and name:
            break
        name.append(part)
    while name and name[-1].casefold() in words.particles and name[-1].islower():
        name.pop()
    if not name or len(name) > 7 or not _is_person(name, words):
        return None
    joined = " ".join(name)
    if agencies.get(joined.casefold()) or joined.casefold() in words.towns:
        return None
    return normalize_case(joined)


def _split_glued(word: str, words: _BylineLexicon) -> list[str]:
    """ "FosterTravel" is two words if the second belongs to a job; "McDonald" is one."""
    for cut in _CAMEL_CASE_JOINT.finditer(word):
        tail = word[cut.end() :].strip(".,").casefold()
        if cut.start() > 2 and (tail in words.jobs or tail in words.grades or tail in words.stops):
            return [word[: cut.start()], word[cut.start() :]]
    return [word]


def _is_person(parts: list[str], words: _BylineLexicon) -> bool:
    """Capitalised words and particles, at least one a real word, none of them a desk or a section."""
    real = 0
    for part in parts:
        key = part.strip(".,'’").casefold()
        if _CASELESS.match(part):
            real += 1
        elif part[0].isupper():
            real += len(key) > 2 and (not _INITIALS.fullmatch(part) or (part.isupper() and len(key) > 3))
            if key in words.desks:
                return False
        elif key not in words.particles and not re.match(r"(?:d|l|al|el|o|van|von)[’'-]?[^\W\d_]", part):
            return False
    if parts[0].isupper() and _ACRONYM.fullmatch(parts[0]):
        return False  # "MDR THÜRINGEN"
    if len(parts) == 1:
        return real == 1 and (len(parts[0]) > 2) and not parts[0].isupper()
    return real >= 1


def normalize_case(name: str) -> str:
    """ "Antoine LAMBROSCHINI" -> "Antoine Lambroschini"; initials, McDonald and de la Cruz stay right."""
    parts = name.split()
    words = _load_lexicon()
    shouted = all(part.isupper() for part in parts if part[0].isalpha())
    done: list[str] = []
    for part in parts:
        if not part.isupper() or (_INITIALS.fullmatch(part) and ("." in part or len(part) == 1)):
            done.append(part)
        elif len(part) <= 2 and not (shouted and part.casefold() in words.particles):
            done.append(part)  # "AJ Taylor"
        elif (shouted or len(part) <= 3) and done and part.casefold() in words.particles and part != parts[-1]:
            done.append(part.casefold())
        else:
            done.append(_fix_capitals(part))
    return " ".join(done)


def _fix_capitals(word: str) -> str:
    """ "O'NEILL" -> "O'Neill", "MCDONALD" -> "McDonald", "JEAN-PIERRE" -> "Jean-Pierre"."""
    pieces = re.split(r"([-'’.])", word)
    done = "".join(piece[:1] + piece[1:].lower() for piece in pieces)
    return re.sub(r"^(Mc)([^\W\d_])", lambda match: match[1] + match[2].upper(), done) if len(word) > 4 else done


def _find_east_asian_persons(
    clause: str, role: Role, words: _BylineLexicon, agencies: Mapping[str, str]
) -> Iterator[Person]:
    """The persons of a Chinese, Japanese or Korean byline; words for a role stand alone or stick to a name."""
    for token in re.split(r"[\s、，,；;/／|()（）\[\]［］【】:：=＝&]+", clause):
        written = token.strip(" .。·•-—")
        if not written or agencies.get(written.casefold()):
            continue
        if written in words.cjk:
            role = words.cjk[written]
            continue
        for word in words.cjk_words:
            if len(word) > 1 and written.startswith(word) and len(written) > len(word) + 1:
                written, role = written[len(word) :], words.cjk[word]
                break
        for word in words.cjk_words:
            if len(word) > 1 and written.endswith(word) and len(written) > len(word) + 1:
                written = written[: -len(word)]
                break
        if (
            _EAST_ASIAN_NAME.fullmatch(written)
            and not agencies.get(written.casefold())
            and not _INSTITUTION.search(written)
        ):
            yield Person(written, role, token)
        elif not _EAST_ASIAN.search(written) and (name := _extract_person(written, words, agencies)) and " " in name:
            yield Person(name, role, token)


_INSTITUTION = re.compile(
    r"[社网網报報台臺局部室团版]$|新闻|新聞|통신|뉴스|신문|일보|編集部|编辑部|デジタル|オンライン|来源|來源|공유|구독"
)


# ---------------------------------------------------------------- bare lines

_NAME_JOINTS = re.compile(r"\s*[,/&]\s*")
_CAPITALISED_WORD = re.compile(r"(?:[DLO][’']|Mc|Mac|De|La|Le|Di)?[^\W\d_a-z][^\W\d_A-Z]+(?:[-’'][^\W\d_]{2,})*")
_INITIAL = re.compile(r"[^\W\d_a-z]\.(?:-?[^\W\d_a-z]\.)?|[^\W\d_a-z]")
_SURNAME = re.compile(r"(?:wicz|vić|enko|chuk|shvili|poulos|dóttir|sson|енко|чук|швили)$")  # family names only
_KOREAN_REPORTER = re.compile(r"[\uac00-\ud7a3]{3}\s?(?:기자|특파원|선임기자)")
_EAST_ASIAN_LABELLED_NAME = re.compile(
    r"[（(]?(?:(?:文|撰文|作者|编辑|責編|责编|執筆)\s?[/／:：|]|(?:记者|記者|本报记者|編集委員)\s?[/／:：|]?)\s?[\u4e00-\u9fff]{2,4}[)）]?"
    r"|[\u4e00-\u9fff]{2,4}\s?(?:记者|記者)"
)


def parse_bare_byline(
    line: str, language: str | None = None, *, agencies: Mapping[str, str] | None = None, strict: bool = True
) -> list[Person]:
    """The persons of a line that holds nothing but names, perhaps with their jobs; empty for any other line.

    One of them must be known for a name by its given name or by a job behind it, unless not `strict`, as in
    `is_bare_name`."""
    if len(line) > MAX_BARE_LINE_CHARS:
        return []
    if glued := _GLUED_BY.match(line):
        line, strict = line[glued.end() :], False
    names: list[Person] = []
    sure = not strict
    parts = _NAME_JOINTS.split(line)
    if not all(map(_is_possible_name, parts)):
        return []
    for part in parts:
        found = split_names(part, language, agencies=agencies)
        if len(found) != 1:
            return []
        name = found[0].name
        job = part[len(name) :].split() if part.casefold().startswith(name.casefold()) else []
        if job and (job[-1].casefold() not in _load_lexicon().jobs or job[-1].isupper()):
            return []
        shown = part[: len(name)] if job else part
        known = is_bare_name(shown, language)
        if not known and not is_bare_name(shown, language, strict=False):
            return []
        sure = sure or known or bool(job)
        names += found
    return names if sure else []


def _is_possible_name(text: str) -> bool:
    """Whether the first two words of a bare line leave it open that `is_bare_name`: most lines end here."""
    if _EAST_ASIAN.search(text):
        return True
    words = _load_lexicon()
    first, _, rest = " ".join(text.split(None, 2)[:2]).partition(" ")
    if not rest:
        return False
    key = first.strip(".,").casefold()
    if key in words.particles or key in words.degrees:
        return True
    if key in words.jobs or key in words.nobody or key in words.stops or not first[0].isalpha():
        return False
    small = rest.isascii() and rest.isalpha() and rest.islower()
    return not small or rest in words.particles or rest in words.suffixes


def is_bare_name(text: str, language: str | None = None, *, strict: bool = True) -> bool:
    """Whether a bare line is one person's name and nothing else.

    Two to four capitalised words with initials and particles between, none of them a word of menus, sections or jobs,
    and the first a given name of the table (any of them in Hungarian and Vietnamese, where the family comes first) or
    the last a surname by its ending. In Korean a name with the word for reporter, in Chinese and Japanese a name with
    such a word. Doubtful lines are refused. Not `strict`, the given name need not be known: for a place where nearly
    only a name can stand, as between the title and a date."""
    line = " ".join(text.split()).rstrip(" ,&|·•")
    if len(line) > 45 or _EAST_ASIAN.search(line):
        return bool(_KOREAN_REPORTER.fullmatch(line) or _EAST_ASIAN_LABELLED_NAME.fullmatch(line))
    words = _load_lexicon()
    parts = line.split(" ")
    if parts[0].strip(".").casefold() in words.degrees:
        parts = parts[1:]
    if not 2 <= len(parts) <= 5:
        return False
    full = 0
    last = len(parts) - 1
    for place, part in enumerate(parts):
        key = part.strip(".,").casefold()
        if part.islower() and key in words.particles:
            if place == last:
                return False
        elif key in words.jobs or key in words.nobody or key in words.stops:
            return False
        elif _CAPITALISED_WORD.fullmatch(part) or (part.isupper() and part.isalpha() and len(part) > 2):
            full += 1
        elif _INITIAL.fullmatch(part):
            if place == last:
                return False
        elif not (place == last and key in words.suffixes):
            return False
    if not 1 <= full <= 4 or (full == 1 and not any(_INITIAL.fullmatch(part) for part in parts[:-1])):
        return False
    if line.casefold() in words.towns or (len(parts[0]) > 2 and parts[0].isupper() and not line.isupper()):
        return False
    if not strict:
        return not line.isupper()
    asked = parts if language in ("hu", "vi") else [part for part in parts[:2] if not _INITIAL.fullmatch(part)][:1]
    return any(part.split("-")[0].casefold() in words.given for part in asked) or bool(_SURNAME.search(parts[-1]))


def find_closing_byline(text: str, language: str | None = None) -> tuple[int, list[Person]]:
    """Where the byline begins with which a text ends, and its persons; the end of the text and nobody without one.

    A by-word with a capital must lead it: "Council votes for new bridge By Jane Doe"."""
    words = _load_lexicon()
    text = text.rstrip(" .,|·•-–—(")
    starts = [match.start() for match in re.finditer(r"(?<=\s)[^\W\d_a-z]", text)][-8:]
    for start in starts:
        end = _find_by_word_end(text[start:], language, words)
        names = split_names(text[start:], language) if 0 < end < len(text) - start else []
        if names and all(" " in name.name for name in names) and text.endswith(names[-1].raw):
            return start, names
    return len(text), []


_END_BRACKETS = re.compile(r"(.*?)[ \u3000]?[(（]([^()（）]{2,40})[)）][.。]?$", re.DOTALL)


def split_end_brackets(text: str) -> tuple[str, str]:
    """A text without the brackets at its end, and what they hold; nothing where there are none."""
    found = _END_BRACKETS.match(text, max(0, len(text) - 60)) if text.rstrip(".。")[-1:] in (")", "）") else None
    return (text[: found.end(1)].rstrip(), found[2].strip()) if found else (text, "")


def is_open_credit(line: str) -> bool:
    """Whether a credit ends in the middle: "Photo: Jane Doe /", "The old bridge. (Photo by Jane"."""
    return line.rstrip()[-1:] in ("/", "(", "|", "–", ",") or line.count("(") > line.count(")")


# ---------------------------------------------------------------- datelines

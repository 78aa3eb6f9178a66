"""Names in bylines and datelines: who made an article, in which part, and from where it reports.

`split_names` takes the raw text of a byline ("By Jane Doe and John Roe in Oslo") and gives persons; `find_agencies` the
agencies in the same text; `is_bare_name` judges a bare line; `dateline` reads the opening of a first paragraph.

Agencies come from the caller, as a mapping of case-folded forms to short names
("agence france-presse" -> "AFP"); without it only the persons' side of the work is done.
"""

import re
from collections.abc import Iterator, Mapping

from cleaner.text.dates import scan
from cleaner.text.languages.model import Role
from cleaner.text.names.person import Person
from cleaner.text.names.persons import extract_person, find_east_asian_persons, is_shouted
from cleaner.text.names.words import CASELESS, EAST_ASIAN, STRIP_CHARS, NameLexicon, load_lexicon

MAX_BYLINE_CHARS = 600


# ---------------------------------------------------------------- words


_ADDRESS = re.compile(r"\S+@\S+\.\w+|https?://\S+|www\.\S+|(?<!\w)@\w+")
_PARENTHESES = re.compile(r"[(\[（【][^()\[\]（）【】]{0,80}[)\]）】]")


_SENTENCES = re.compile(r"(?<=[^\W\d_]{3}[.;])\s+|\n+")


_FIRST_WORD = re.compile(r"[\s(\[–—-]*([^\W\d_]+)\s*")
GLUED_BY = re.compile(r"\s*(?:[Bb]y|von|par|por)(?=[^\W\d_a-z](?:[a-z]|\.[^\W\d_a-z]))")  # "byJane Doe"
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d")


# ---------------------------------------------------------------- bylines


def split_names(raw: str, language: str | None = None, *, agencies: Mapping[str, str] | None = None) -> list[Person]:
    """The persons of a byline, each once for each role, in order.

    Agencies, desks, jobs, places, addresses and dates are left out. `language` only helps with dates."""
    words = load_lexicon()
    known = agencies or {}
    found: dict[tuple[str, str], Person] = {}
    for role, clause, led in _split_clauses(
        _replace_dates(_ADDRESS.sub(" ", raw[:MAX_BYLINE_CHARS]), language), language, words
    ):
        people = list(
            find_east_asian_persons(clause, role, words, known)
            if EAST_ASIAN.search(clause)
            else _find_persons(clause, role, led, language, words, known)
        )
        for name in people:
            found.setdefault((name.name.casefold(), name.role), name)
    return list(found.values())


_SIGNATURE_END = re.compile(r"\s*[|·•,;(/]\s*|\s+(?:-|–|—)\s+|\s+(?:am|at|on|um|in|under|unter|le|el)\s+")


def find_signature(raw: str, language: str | None = None) -> str:
    """What a byline is signed with that names no person: "By oradmin", "von Newsdesk 28. Januar 2022, 12:01".

    Empty where no by-word opens it, or where more than three words follow."""
    text = _replace_dates(_ADDRESS.sub(" ", raw[:MAX_BYLINE_CHARS]), language)
    words = load_lexicon()
    at = _find_by_word_end(text, language, words)
    piece = _SIGNATURE_END.split(text[at:])[0].strip(STRIP_CHARS) if at else ""
    return piece if 1 < len(piece) <= 40 and piece.count(" ") < 3 and not piece[0].isdigit() else ""


def _replace_dates(text: str, language: str | None) -> str:
    """The text with a bar for every date, so that what stands before and after stays apart."""
    for found in reversed(scan.find_dates(text, language)):
        text = f"{text[: found.start]} | {text[found.end :]}"
    return text


def _split_clauses(text: str, language: str | None, words: NameLexicon) -> Iterator[tuple[Role, str, bool]]:
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
            if sentence[at : match.start()].strip(STRIP_CHARS):
                yield role, sentence[at : match.start()], led
            form = " ".join(match["form"].rstrip(":： ").casefold().split())
            role = words.role_of.get(form) or words.role_of.get(form.split("/")[0].strip(), "author")
            at, led = match.end(), True
        yield role, sentence[at:], led


def _find_by_word_end(text: str, language: str | None, words: NameLexicon) -> int:
    """Where the by-word ends that opens a text; 0 if none does."""
    glued = GLUED_BY.match(text)
    if glued:
        return glued.end()
    opening = words.by.match(text)
    if opening:
        return opening.end()
    first = _FIRST_WORD.match(text)
    return first.end() if first and language in words.by_here.get(first[1].casefold(), ()) else 0


def _find_persons(
    clause: str, role: Role, led: bool, language: str | None, words: NameLexicon, agencies: Mapping[str, str]
) -> Iterator[Person]:
    """The persons of one clause in a script with spaces between words."""
    clause = _CLOCK.sub(" | ", _PARENTHESES.sub(" ", clause))
    first, believed, shouted = True, False, False
    for barred, piece in _split_pieces(clause, words):
        written = piece.strip(STRIP_CHARS)
        again = _find_by_word_end(written, language, words)
        if 0 < again < len(written):
            written, led, first = written[again:].strip(STRIP_CHARS), True, True
        if not written:
            continue
        name = extract_person(written, words, agencies)
        if name is None:
            continue
        given = name.split("-")[0].split()[0].casefold() in words.given
        loud = is_shouted(written)
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


def _split_pieces(clause: str, words: NameLexicon) -> list[tuple[bool, str]]:
    """Cut at commas, bars and the words for "and"; short ones ("y", "e") only between two full names.

    With each piece: whether a bar or dash parts it from the one before, as a house is parted from a person."""
    pieces: list[tuple[bool, str]] = []
    start, barred = 0, False
    for match in words.joints.finditer(clause):
        joint, behind = match["and"], clause[match.end() :]
        if joint and len(joint) <= 2 and not CASELESS.search(joint):
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


# ---------------------------------------------------------------- bare lines


def find_closing_byline(text: str, language: str | None = None) -> tuple[int, list[Person]]:
    """Where the byline begins with which a text ends, and its persons; the end of the text and nobody without one.

    A by-word with a capital must lead it: "Council votes for new bridge By Jane Doe"."""
    words = load_lexicon()
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

"""Bylines: their persons, each with a role, and what is left where they name nobody."""

import re
from collections.abc import Iterator, Mapping

from cleaner.text.dates.scan import find_dates
from cleaner.text.languages.model import Role
from cleaner.text.names.person import Person
from cleaner.text.names.persons import extract_person, find_east_asian_persons, is_shouted
from cleaner.text.names.words import CASELESS, EAST_ASIAN, STRIP_CHARS, NameLexicon, load_lexicon

MAX_BYLINE_CHARS = 600
"""Characters of a byline that are read."""

MAX_SIGNATURE_CHARS, MAX_SIGNATURE_WORDS = 40, 3
"""What signs a byline is no longer: "By oradmin", "von Newsdesk"."""

_MAX_SHORT_JOINT_CHARS = 2
"""Words for "and" that also stand inside names: "y", "e"."""

_MAX_CLOSING_STARTS = 8
"""Words with a capital at the end of a text that may open its byline."""

_END_REACH_CHARS = 60
"""Characters at the end of a text in which brackets are looked for."""

_ADDRESS = re.compile(r"\S+@\S+\.\w+|https?://\S+|www\.\S+|(?<!\w)@\w+")
"""Addresses of mail and of pages, and handles: "@janedoe"."""
_PARENTHESES = re.compile(r"[(\[（【][^()\[\]（）【】]{0,80}[)\]）】]")
"""Brackets that hold no others: a place, a house, an age, a role."""
_ROLE_MARK = re.compile(r"=([^=]+)=")
"""The mark that `_mark_role` makes of brackets with a role in them."""
_SENTENCES = re.compile(r"(?<=[^\W\d_]{3}[.;])\s+|\n+")
"""Where a sentence of a byline ends: behind a word of three letters and more, so not behind initials."""
_FIRST_WORD = re.compile(r"[\s(\[–—-]*([^\W\d_]+)\s*")
GLUED_BY = re.compile(r"\s*(?:[Bb]y|von|par|por)(?=[^\W\d_a-z](?:[a-z]|\.[^\W\d_a-z]))")
"""A by-word to which the name sticks: "byJane Doe"."""
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d")
"""A time of the day, which no date beside it took along."""
_BARS = frozenset("|·•-–—")
"""Signs that part a house from a person: "Jane Doe | El Diario"."""
_SIGNATURE_END = re.compile(
    r"\s*[|·•,;(/]\s*|\s+(?:-|–|—)\s+|\s+(?:am|at|on|um|in|under|unter|le|el|with|mit|avec|con)\s+"
)
"""What ends a signature: a sign, a dash, or a word before a day, a place or a second house."""
_CAPITALISED = re.compile(r"(?<=\s)[^\W\d_a-z]")
_END_BRACKETS = re.compile(r"(.*?)[ \u3000]?[(（]([^()（）]{2,40})[)）][.。]?$", re.DOTALL)


def split_names(raw: str, language: str | None = None, *, agencies: Mapping[str, str] | None = None) -> list[Person]:
    """The persons of a byline, each once for each role, in order.

    Agencies, desks, jobs, places, addresses and dates are left out. `language` only helps with dates."""
    words = load_lexicon()
    known = agencies or {}
    found: dict[tuple[str, str], Person] = {}
    for role, clause, led in _split_clauses(clear_text(raw, language), language, words):
        if EAST_ASIAN.search(clause):
            people = find_east_asian_persons(clause, role, words, known, language)
        else:
            people = _find_persons(clause, role, led, language, words, known)
        for person in people:
            found.setdefault((person.name.casefold(), person.role), person)
    return list(found.values())


def find_signature(raw: str, language: str | None = None) -> str:
    """What a byline is signed with that names no person: "By oradmin", "von Newsdesk 28. Januar 2022, 12:01".

    Empty where no by-word opens it, or where more than three words follow."""
    text = clear_text(raw, language)
    at = find_by_word_end(text, language, load_lexicon())
    piece = _SIGNATURE_END.split(text[at:])[0].strip(STRIP_CHARS) if at else ""
    is_short = 1 < len(piece) <= MAX_SIGNATURE_CHARS and piece.count(" ") < MAX_SIGNATURE_WORDS
    return piece if is_short and not piece[0].isdigit() else ""


def clear_text(raw: str, language: str | None) -> str:
    """A byline without addresses, with a bar for every date, so that what stands before and after stays apart."""
    text = _ADDRESS.sub(" ", raw[:MAX_BYLINE_CHARS])
    for found in reversed(find_dates(text, language)):
        text = f"{text[: found.start]} | {text[found.end :]}"
    return text


def _split_clauses(text: str, language: str | None, words: NameLexicon) -> Iterator[tuple[Role, str, bool]]:
    """The text cut into parts of one role each; the last item says whether a by-word led the part."""
    for number, sentence in enumerate(_SENTENCES.split(text)):
        if contributed := words.contributed.search(sentence):
            yield "reporting", sentence[: contributed.start()], True
            continue
        role: Role = "author"
        opening = words.roles.match(sentence)
        is_byline = number == 0 and words.by.match(sentence)  # "Written by" opens a byline, or names the writer in it
        at = 0 if opening and not is_byline else _find_by_words_end(sentence, language, words)
        led = at > 0
        for match in words.roles.finditer(sentence, at):
            if sentence[at : match.start()].strip(STRIP_CHARS):
                yield role, sentence[at : match.start()], led
            form = read_role_form(match)
            role = words.role_of.get(form) or words.role_of.get(form.split("/")[0].strip(), "author")
            at, led = match.end(), True
        yield role, sentence[at:], led


def read_role_form(match: re.Match[str]) -> str:
    """The phrase of a role as `NameLexicon.role_of` has it."""
    return " ".join(match["form"].rstrip(":： ").casefold().split())


def _find_by_words_end(text: str, language: str | None, words: NameLexicon) -> int:
    """Where the one or two by-words end that open a text: "Artikel von: Von Jane Doe"; 0 if none does."""
    at = find_by_word_end(text, language, words)
    return at and at + find_by_word_end(text[at:], language, words)


def find_by_word_end(text: str, language: str | None, words: NameLexicon) -> int:
    """Where the by-word ends that opens a text; 0 if none does."""
    if opening := GLUED_BY.match(text) or words.by.match(text):
        return opening.end()
    first = _FIRST_WORD.match(text)
    return first.end() if first and language in words.by_here.get(first[1].casefold(), ()) else 0


def _find_persons(
    clause: str, role: Role, led: bool, language: str | None, words: NameLexicon, agencies: Mapping[str, str]
) -> Iterator[Person]:
    """The persons of one clause in a script with spaces between words.

    One word is a person only where a by-word led to it, and never behind another name ("…, Nairobi"). Behind a person,
    a piece in capitals or behind a bar is a house, unless it opens with a given name ("Jane Doe, MDR Thüringen")."""
    clause = _CLOCK.sub(" | ", _PARENTHESES.sub(lambda held: _mark_role(held[0], words), clause))
    first, believed, shouted = True, False, False
    for barred, piece in _split_pieces(clause, words):
        written = piece.strip(STRIP_CHARS)
        again = find_by_word_end(written, language, words)
        if 0 < again < len(written):
            written, led, first = written[again:].strip(STRIP_CHARS), True, True
        name = extract_person(written, words, agencies)
        if name is None:
            continue
        is_given = name.split("-")[0].split()[0].casefold() in words.given
        is_loud = is_shouted(written)
        stands_out = (is_loud and not shouted) or (barred and believed)
        if not is_given and (_is_house(name, words) or (stands_out and not first)):
            continue
        believed, shouted = believed | is_given, shouted | is_loud
        if " " not in name and not (led and first):
            continue
        first = False
        own = _ROLE_MARK.search(piece)
        yield Person(_restore_point(name, piece, words), words.role_of.get(own[1], role) if own else role, written)


def _mark_role(held: str, words: NameLexicon) -> str:
    """Brackets as a blank; with the word of a role, as the mark of that role: "Jane Doe (text), John Roe (photos)"."""
    said = held[1:-1].strip().casefold()
    return f" ={said}= " if said in words.role_of else " "


def _is_house(name: str, words: NameLexicon) -> bool:
    """Whether a name is one of a paper: "Tarn Times", "Le Journal"."""
    parts = name.casefold().split()
    return len(parts) > 1 and not words.houses.isdisjoint((parts[0], parts[-1]))


def _restore_point(name: str, piece: str, words: NameLexicon) -> str:
    """The point of "Jr.", which was taken off the piece with the signs around it."""
    is_suffix = piece.rstrip().endswith(".") and name.rpartition(" ")[2].casefold() in words.suffixes
    return f"{name}." if is_suffix else name


def _split_pieces(clause: str, words: NameLexicon) -> list[tuple[bool, str]]:
    """Cut at commas, bars and the words for "and"; short ones ("y", "e") only between two full names.

    With each piece: whether a bar or dash parts it from the one before, as a house is parted from a person."""
    pieces: list[tuple[bool, str]] = []
    start, barred = 0, False
    for match in words.joints.finditer(clause):
        ahead, behind = clause[start : match.start()], clause[match.end() :]
        if _is_inside_name(match, ahead, behind, words):
            continue
        pieces.append((barred, ahead))
        start, barred = match.end(), match[0].strip() in _BARS
    pieces.append((barred, clause[start:]))
    return pieces


def _is_inside_name(match: re.Match[str], ahead: str, behind: str, words: NameLexicon) -> bool:
    """Whether a joint stands inside one name: "Ortega y Gasset", "Perry Doe, Jr."."""
    joint = match["and"]
    if joint and len(joint) <= _MAX_SHORT_JOINT_CHARS and not CASELESS.search(joint):
        left, right = ahead.split(), behind.split()
        is_between_names = min(len(left), len(right)) > 1 and left[-1][0].isupper() and right[0][0].isupper()
        return not (is_between_names and (right[1][0].isupper() or right[0].casefold() in words.given))
    follow = _FIRST_WORD.match(behind) if match[0].strip() == "," else None
    return follow is not None and follow[1].casefold() in words.suffixes


def find_closing_byline(text: str, language: str | None = None) -> tuple[int, list[Person]]:
    """Where the byline begins with which a text ends, and its persons; the end of the text and nobody without one.

    A by-word with a capital must lead it: "Council votes for new bridge By Jane Doe"."""
    words = load_lexicon()
    text = text.rstrip(" .,|·•-–—(")
    for match in list(_CAPITALISED.finditer(text))[-_MAX_CLOSING_STARTS:]:
        closing = text[match.start() :]
        end = find_by_word_end(closing, language, words)
        names = split_names(closing, language) if 0 < end < len(closing) else []
        if names and all(" " in person.name for person in names) and text.endswith(names[-1].raw):
            return match.start(), names
    return len(text), []


def split_end_brackets(text: str) -> tuple[str, str]:
    """A text without the brackets at its end, and what they hold; nothing where there are none."""
    if not text.rstrip(".。").endswith((")", "）")):
        return text, ""
    found = _END_BRACKETS.match(text, max(0, len(text) - _END_REACH_CHARS))
    return (text[: found.end(1)].rstrip(), found[2].strip()) if found else (text, "")


def is_open_credit(line: str) -> bool:
    """Whether a credit ends in the middle: "Photo: Jane Doe /", "The old bridge. (Photo by Jane"."""
    return line.rstrip().endswith(("/", "(", "|", "–", ",")) or line.count("(") > line.count(")")

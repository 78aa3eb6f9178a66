"""What a file of a language may hold: the table of its keys, each with what it means.

Words are written in lower case unless the case matters. A list of single words is one text, parted by blanks and line
breaks; a list of phrases, or of words with signs in them, is an array. In `any.toml` the same keys hold what belongs
to no single language. Every key may be left out.
"""

from typing import Annotated, Literal

import msgspec

Order = Literal["DMY", "MDY", "YMD"]
"""How 03/04/2022 is meant: day, month and year in the order in which they are written."""

Calendar = Literal["gregorian", "buddhist", "jalali"]
"""How years are counted in numeric dates: from year 1, from the Buddha (543 more), or in the Iranian solar calendar."""

Role = Literal["author", "reporting", "writing", "editing", "photography", "translation"]
"""The part of a person in an article."""

Months = Annotated[tuple[str, ...], msgspec.Meta(min_length=12, max_length=12)]
"""Twelve texts, January (or the first month of the calendar) first; the forms of one month are parted by "|"."""

Weekdays = Annotated[tuple[str, ...], msgspec.Meta(min_length=7, max_length=7)]
"""Seven texts, Monday first; the forms of one day are parted by "|"."""

Phrases = tuple[str, ...]


class DateWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How dates are written: months and weekdays from Unicode CLDR, with the spellings that newspapers add.

    Forms are without the point of an abbreviation; forms without accents are made on loading."""

    order: Order = "DMY"
    mixed_order: bool = False
    """Whether pages of this language use both DMY and MDY, so that a zone or a 12-hour clock decides."""
    calendar: Calendar = "gregorian"
    months: Months | None = None
    """None where months are numbers, as in Chinese."""
    weekdays: Weekdays | None = None
    """None: those of English."""
    between: str = ""
    """Words that may stand between label, weekday, date and time: "at", "Uhr", "kl", "г"."""
    published: Phrases = ()
    """Labels of the day of publication; of a longer label its last words are enough."""
    modified: Phrases = ()
    """Labels of the last change."""
    published_behind: Phrases = ()
    """Labels of publication that stand directly behind the date: 配信."""
    modified_behind: Phrases = ()
    """Labels of the last change that stand directly behind the date: 更新."""
    openers: str = ""
    """What may open a label written in lower case ("last updated"); elsewhere "updated" is prose."""
    by: str = ""
    """The by-word between a label and a date: "Published by Jane Doe on"."""
    am: Phrases = ()
    """Signs of the first half of the day."""
    pm: Phrases = ()
    """Signs of the second half of the day."""
    units: Phrases = ()
    """What may follow the digits of an hour or a minute without changing them: "Uhr", "h"."""
    zones: dict[str, str] = {}
    """Zone name to a fixed offset (RFC 5322) or to the IANA zone whose rule gives the offset on that day. In `any.toml`
    for all pages; in another file only for pages in that language, where CST, BST and IST are other zones."""
    zone_phrases: dict[str, str] = {}
    """Zones in words, directly behind the time: "heure de paris"."""
    american_zones: str = ""
    """Zones that only pages of the United States and Canada name: they say that 03/04/2022 is the 4th of March."""
    eras: dict[str, int] = {}
    """Era to the year before its first: 令和 to 2018."""
    jalali_months: Months | None = None
    """The Iranian solar months, Farvardin first."""


class BylineWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words in and around the names of a byline."""

    by: Phrases = ()
    """What may stand before the names at the opening of a byline: "by", "texte de"."""
    by_here: str = ""
    """By-words that also open surnames (De Vries): only on pages in this language."""
    family_first: bool = False
    """Whether the family name is written first, so that any word of a name may be the given one."""
    joints: str = ""
    """Words that join two names; those of one or two letters ("y") stand inside names, too: they join full names."""
    places: str = ""
    """Words before a place: what follows is no part of the name."""
    particles: str = ""
    """Words that stay small inside a name: "von", "de"."""
    jobs: str = ""
    """What somebody does: a piece with such a word is a job, or the end of a name and its job."""
    grades: str = ""
    """Words before a job that belong to it: "senior", "landespolitischer"."""
    desks: str = ""
    """Desks, houses, leftovers of the page: a piece of a byline with such a word is no person."""
    nobody: str = ""
    """Words of menus, sections and headlines: a bare line with one is not taken for a name."""
    houses: str = ""
    """Words with which the name of a paper ends ("times") or opens ("le"): a piece with one names nobody."""
    stops: str = ""
    """Page furniture that sticks to a name and ends it, with or without a capital."""
    placeholders: str = ""
    """What systems write as the author where nobody is named: "admin"."""
    contacts: Phrases = ()
    """Lines above the name of somebody who answers questions about a press release: "media contact"."""
    suffixes: str = ""
    """A short second part of a name, kept with the comma before it: "jr"."""
    degrees: str = ""
    """Academic signs before or behind a name, dropped: "phd"."""
    contributed: Phrases = ()
    """What ends a sentence behind the names of those who reported: "contributed to this report"."""
    roles: dict[Role, Phrases] = {}
    """Phrases that give what follows a role; "additional reporting by" counts as "reporting by"."""
    glued_roles: dict[Role, str] = {}
    """Chinese, Japanese and Korean words that stick to a name, with the role that they give."""


class DatelineWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words at the head of a report, before its first sentence."""

    particles: str = ""
    """Words that stay small inside the name of a place: "Frankfurt am Main"."""
    not_places: str = ""
    """What stands in capitals before a dash and is no place: "eilmeldung"."""
    openers: str = ""
    """Those of them that open names of places as well: "new"."""
    towns: Phrases = ()
    """Towns of datelines: only with one of these is "Berlin. " or "Kyiv – " believed without an agency."""
    glued_agencies: str = ""
    """Names of agencies that Japanese and Korean datelines glue to the place."""


class LineEndWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that say whether a line goes on in the next one."""

    function_words: str = ""
    """Articles, prepositions and conjunctions: they hardly ever end a line that is whole."""
    particle_words: str = ""
    """Words that end whole lines now and then, being particles of verbs or verbs as well."""
    elisions: str = ""
    """What stands before an apostrophe at the end of a line that goes on."""
    page_words: str = ""
    """Words before the number of a printed page: "Page 3"."""


class SpellingWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that show which sign was lost in a text, or whether a hyphen at a line's end belongs to the word."""

    elisions: str = ""
    """What loses its last vowel before an apostrophe: "l", "dell"."""
    contraction_tails: str = ""
    """What follows the apostrophe of a contraction: "t" of "don't"."""
    clipped_words: str = ""
    """Words that begin with an apostrophe: "'em", "'tis"."""
    suspended_hyphen_words: str = ""
    """Words behind a hyphen that stands for a part left out: Ober- und Unterhaus."""
    hyphenated_prefixes: str = ""
    """First parts that keep their hyphen before a whole word, even if they do not stand alone in the text."""
    hyphenated_endings: str = ""
    """Last parts that keep the hyphen before them, also behind a name: "based" of "London-based"."""
    hyphenated_forms: tuple[str, ...] = ()
    """Patterns of words, in small letters, that are written with the hyphen at which they are broken: "après-.+"."""
    closed_compound_prefixes: str = ""
    """First parts that no hyphen sets off from a whole word: "over"."""
    closed_compound_endings: str = ""
    """Words that end longer ones without a hyphen."""


class MailWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"sender": "from"}):
    """Names of the headers of a mail, and what programs write around its text; in `any.toml` alone, for headers are
    read before the language of a text is known."""

    sender: Phrases = ()
    """Names of the header that says who sent a mail: "from", "von"; the key is `from`."""
    subject: Phrases = ()
    """Names of the header that says what a mail is about."""
    date: Phrases = ()
    """Names of the header that says when it was sent."""
    other: Phrases = ()
    """Names of all other headers: to whom it went, and what programs add."""
    replies: Phrases = ()
    """What programs write before the subject of an answer, and of a mail that is passed on."""
    unsubscribe: Phrases = ()
    """Words of the links with which a mail ends."""
    received: Phrases = ()
    """How the sentence opens that says why somebody got a mail."""
    browser: Phrases = ()
    """Words of the link to a mail's page."""


class PressWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Set lines of press releases, in `any.toml` alone: a house writes in languages other than its own."""

    openings: Phrases = ()
    """Lines above a press release that say what it is."""
    contacts: Phrases = ()
    """Labels above the names of those who answer questions."""
    abouts: Phrases = ()
    """What stands before the name of a house above the paragraph that it has below each release."""
    notes: Phrases = ()
    """Headings of paragraphs that the law or a habit asks for."""
    ends: Phrases = ()
    """Words that end a release, between dashes."""


class AroundWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of what stands around an article, in lower case. Those of consent are looked for in lines without their
    numbers, with ' for the apostrophe, so a stem stands for all its forms."""

    consent_voices: Phrases = ()
    """Who speaks in a consent box: "we and our partner", "this site uses"."""
    consent_terms: Phrases = ()
    """What a consent box speaks of: the purposes of the Transparency and Consent Framework, data, devices."""
    appeals: Phrases = ()
    """How a page asks its reader to subscribe, to log in or to give, at the end of a text: "already a subscriber"."""
    closers: Phrases = ()
    """Whole lines that end an article: the labels of comments, of other articles, of lists of them."""


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a language. Its name is the code of the language ("de.toml")."""

    name: str
    """The English name of the language."""
    stop_words: str = ""
    """The most frequent small words: how often they stand in a paragraph shows whether it is in this language."""
    prose: Phrases = ()
    """Clean sentences that no generic rule may drop, written for this project: four of an article, then some that
    nearly read like a label of a page. All rule packs are proved against them."""
    label_prose: Phrases = ()
    """More such sentences, all of which open with the words of labels, calls and notices."""
    spoken: Phrases = ()
    """What pages say to screen readers behind a link that leads elsewhere: "opens in a new tab"."""
    dates: DateWords = DateWords()
    bylines: BylineWords = BylineWords()
    datelines: DatelineWords = DatelineWords()
    line_ends: LineEndWords = LineEndWords()
    spelling: SpellingWords = SpellingWords()
    mail: MailWords = MailWords()
    press: PressWords = PressWords()
    around: AroundWords = AroundWords()

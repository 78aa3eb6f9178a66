"""The words of bylines and datelines, as sets and patterns made from the files of all languages.

A name may stand in any language on any page, so there is one table for all; only the by-words that also open surnames
ask for the language of the page.
"""

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from cleaner.text.languages import build_alternation, collect_phrases, collect_words, load_given_names, load_languages
from cleaner.text.languages.model import BylineWords, Role

EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
"""A sign of Chinese, Japanese or Korean: no blanks part its words."""

CASELESS = re.compile(r"[\u0590-\u08ff\u0900-\u0fff\u1000-\u109f\u10d0-\u10ff\u1780-\u17ff]")
"""A letter of a script with blanks between words and without capitals: Hebrew, Arabic, Hindi, Thai, Georgian …"""

EAST_ASIAN_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff\u3005][\u4e00-\u9fff\u3005\u3040-\u30ff]{1,6}|[\uac00-\ud7a3]{2,4}"
    r"|[\u30a1-\u30fc]{2,10}(?:・[\u30a1-\u30fc]{2,12})+|[\u4e00-\u9fff]{2,8}(?:·[\u4e00-\u9fff]{1,8})+"
)
"""What may be a whole name: Chinese, Japanese with kana, Korean, foreign names in katakana, in Chinese with a dot."""

INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?-?){1,3}")
"""One to three capitals with points and hyphens: "J.-P.", "JK"."""

STRIP_CHARS = ' \t\u00a0.,;:：|·•–—-/\\*"“”„»«()[]&+>'
"""What is taken off both ends of a piece of a byline."""


class NameLexicon(NamedTuple):
    """The words of all languages around names. Words are case-folded; the keys of `model.BylineWords` say more."""

    by: re.Pattern[str]
    """The by-word that opens a text, and the blank or colon behind it."""
    by_here: Mapping[str, frozenset[str]]
    """By-words that also open surnames, with the codes of the languages in which they are by-words."""
    family_first: frozenset[str]
    """Codes of the languages in which the family name is written first."""
    roles: re.Pattern[str]
    """A phrase that gives what follows a role."""
    role_of: Mapping[str, Role]
    contributed: re.Pattern[str]
    """The end of a sentence whose names are those of reporters."""
    joints: re.Pattern[str]
    """What parts two names; the group `and` holds a word that does."""
    given: frozenset[str]
    places: frozenset[str]
    particles: frozenset[str]
    jobs: frozenset[str]
    grades: frozenset[str]
    desks: frozenset[str]
    houses: frozenset[str]
    stops: frozenset[str]
    contacts: frozenset[str]
    suffixes: frozenset[str]
    degrees: frozenset[str]
    small: frozenset[str]
    """All that is written small in a byline: joints, words before a place, particles, jobs, by-words and roles."""
    unnamed: frozenset[str]
    """Words of menus, sections, headlines and desks: they stand in no bare name."""
    no_names: frozenset[str]
    """These, jobs and page furniture."""
    glued_tails: frozenset[str]
    """Words of jobs and page furniture: what sticks to a name with a capital is no second part of it."""
    glued_roles: Mapping[str, Role]
    """Chinese, Japanese and Korean words that stand alone or stick to a name, the longest first."""
    role_dot: re.Pattern[str]
    """Such a word before a dot, which else parts the two names of a foreigner: 文・山田."""
    not_places: frozenset[str]
    towns: frozenset[str]
    place_openers: frozenset[str]
    """Words of `not_places` that open names of places as well: "NEW YORK"."""
    place_particles: frozenset[str]
    glued_agencies: tuple[str, ...]
    """The longest first."""


@functools.cache
def load_lexicon() -> NameLexicon:
    """The table, made when the first line asks for it."""
    role_of = {form: role for own in _list_bylines() for role, forms in own.roles.items() for form in forms}
    glued_roles = {
        form: role for own in _list_bylines() for role, forms in own.glued_roles.items() for form in forms.split()
    }
    jobs, grades, desks, stops = (
        collect_words(lambda own: own.bylines.jobs),
        collect_words(lambda own: own.bylines.grades),
        collect_words(lambda own: own.bylines.desks),
        collect_words(lambda own: own.bylines.stops),
    )
    unnamed = desks | collect_words(lambda own: own.bylines.nobody)
    by, contributed = _collect(lambda own: own.by), _collect(lambda own: own.contributed)
    return NameLexicon(
        by=re.compile(rf"[\s(\[–—-]*(?:{build_alternation(by)})(?:\s*[:：]\s*|\s+|$)", re.IGNORECASE),
        by_here=_index_by_here(),
        family_first=frozenset(code for code, own in load_languages().items() if own.bylines.family_first),
        roles=_build_role_pattern(role_of),
        role_of=role_of,
        contributed=re.compile(rf"\s+(?:also\s+)?(?:{build_alternation(contributed)})\.?\s*$", re.IGNORECASE),
        joints=_build_joint_pattern(),
        given=load_given_names(),
        places=collect_words(lambda own: own.bylines.places),
        particles=collect_words(lambda own: own.bylines.particles),
        jobs=jobs,
        grades=grades,
        desks=desks,
        houses=collect_words(lambda own: own.bylines.houses),
        stops=stops,
        contacts=frozenset(map(str.casefold, _collect(lambda own: own.contacts))),
        suffixes=collect_words(lambda own: own.bylines.suffixes),
        degrees=collect_words(lambda own: own.bylines.degrees),
        small=_collect_small_words(by, role_of) | jobs | grades | desks,
        unnamed=unnamed,
        no_names=jobs | unnamed | stops,
        glued_tails=jobs | grades | stops,
        glued_roles={form: glued_roles[form] for form in _rank(glued_roles)},
        role_dot=re.compile(rf"(?<!\w)({build_alternation(glued_roles)})・"),
        not_places=collect_words(lambda own: own.datelines.not_places),
        towns=frozenset(town.casefold() for town in collect_phrases(lambda own: own.datelines.towns)),
        place_openers=collect_words(lambda own: own.datelines.openers),
        place_particles=collect_words(lambda own: own.datelines.particles),
        glued_agencies=_rank(collect_words(lambda own: own.datelines.glued_agencies)),
    )


def _list_bylines() -> list[BylineWords]:
    return [own.bylines for own in load_languages().values()]


def _collect(pick: Callable[[BylineWords], Iterable[str]]) -> tuple[str, ...]:
    """The phrases of one key of all files."""
    return collect_phrases(lambda own: pick(own.bylines))


def _collect_small_words(by: Iterable[str], role_of: Iterable[str]) -> frozenset[str]:
    """The words of all languages that stand around the names of a byline, jobs and desks aside."""
    around = (
        collect_words(lambda own: own.bylines.joints),
        collect_words(lambda own: own.bylines.places),
        collect_words(lambda own: own.bylines.particles),
        collect_words(lambda own: own.dates.by),
    )
    phrases = frozenset(word for phrase in (*by, *role_of) for word in phrase.split())
    return phrases.union({"the"}, *around)


def _rank(forms: Iterable[str]) -> tuple[str, ...]:
    """The longest first: a shorter one may be a part of it."""
    return tuple(sorted(forms, key=len, reverse=True))


def _index_by_here() -> dict[str, frozenset[str]]:
    """{"di": {"it"}, "da": {"it", "pt"}, ...}."""
    here = {code: own.bylines.by_here.split() for code, own in load_languages().items()}
    return {form: frozenset(code for code in here if form in here[code]) for forms in here.values() for form in forms}


def _build_role_pattern(role_of: Iterable[str]) -> re.Pattern[str]:
    """A phrase of a role: one that ends in a by-word ("photos by") wants only a blank behind it, others a colon."""
    by_words = {*collect_words(lambda own: own.dates.by), "from"}
    open_forms = [form for form in role_of if " " in form and form.rpartition(" ")[2] in by_words]
    return re.compile(
        rf"(?<![^\W\d_])(?P<form>(?:{build_alternation(open_forms)})(?=\s)\s*:?"
        rf"|(?:{build_alternation(role_of)})(?:\s*/\s*\w+)?\s*[:：])\s*",
        re.IGNORECASE,
    )


def _build_joint_pattern() -> re.Pattern[str]:
    """What parts two names: a sign, a dash, a word; in capitals it joins names in capitals: "JANE DOE AND JOHN ROE"."""
    words = collect_words(lambda own: own.bylines.joints)
    shouted = {word.upper() for word in words if len(word) > 1}
    return re.compile(
        rf"\s*[,;&/|·•+、，；]\s*(?:(?:{build_alternation(words)})\s+)?|\s+[–—-]+\s+"
        rf"|\s+(?P<and>{build_alternation(words | shouted)})\s+"
    )

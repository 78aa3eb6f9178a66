"""The words of bylines, as tables and patterns made from the files of all languages."""

import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

import tomli

from cleaner.text.names.person import Role


class BylineLexicon(NamedTuple):
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
def load_lexicon() -> BylineLexicon:
    table: dict[str, Any] = tomli.loads((Path(__file__).parents[1] / "names.toml").read_text(encoding="utf-8"))
    role_of = {
        form: cast(Role, role) for role, forms in table["roles"].items() if role != "contributed" for form in forms
    }
    # "photos by" needs only a blank behind it, "photos" wants a colon
    prepositions = (" by", " von", " par", " por", " de", " di", " da", " door", " av", " af", " from")
    open_forms = [form for form in role_of if form.endswith(prepositions)]
    joining = [*table["and"], *(word.upper() for word in table["and"] if len(word) > 1)]
    cjk = {form: cast(Role, role) for role, forms in table["cjk"].items() for form in forms}
    return BylineLexicon(
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


EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")

CASELESS = re.compile(r"[\u0590-\u08ff\u0900-\u0fff\u1000-\u109f\u10d0-\u10ff\u1780-\u17ff]")

INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?-?){1,3}")

STRIP_CHARS = ' \t\u00a0.,;:：|·•–—-/\\*"“”„»«()[]&+>'

EAST_ASIAN_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff\u3005][\u4e00-\u9fff\u3005\u3040-\u30ff]{1,6}|[\uac00-\ud7a3]{2,4}"
    r"|[\u30a1-\u30fc]{2,10}(?:・[\u30a1-\u30fc]{2,12})+|[\u4e00-\u9fff]{2,8}(?:·[\u4e00-\u9fff]{1,8})+"
)

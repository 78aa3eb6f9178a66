"""Words broken by a hyphen at the end of a line, in many languages: what stays of the hyphen."""

import pytest

from cleaner.text.hyphens import rejoin_broken_word

WITH = {
    "en": "price-determining well-known cost-effective long-term check-in day-to-day London-based mother-in-law "
    "twenty-five out-of-town anti-war T-shirt five-year state-run half-hour cross-border policy-makers step-by-step",
    "fr": "après-midi dit-il a-t-il peut-être celui-ci c'est-à-dire grand-mère vingt-cinq elle-même est-ce au-dessus",
    "de": "Nord-Süd EU-weit E-Mail",
    "nl": "zee-eend auto-ongeluk",
    "fi": "linja-auto",
    "id": "anak-anak rumah-rumahnya",
    "ru": "кто-то из-за по-русски северо-запад что-нибудь",
    "pt": "segunda-feira disse-lhe",
    "ro": "într-un s-a",
    "es": "franco-alemán",
}
WITHOUT = {
    "en": "pro-posals docu-ments mar-ket New-castle inter-est pho-to govern-ment unfor-tunately news-paper "
    "under-funded child-like fire-fighters Brad-ford re-surfaced",
    "fr": "gou-vernement mai-son prési-dent au-tre par-ler mi-nistre nou-velle ex-pliquer",
    "de": "Schiffe-rinnen Bundes-kanzler Mi-nister",
    "nl": "mi-nister re-gering bui-ten",
    "sv": "rege-ring skol-barn",
    "fi": "maa-ilma hal-litus",
    "id": "me-reka peme-rintah",
    "ru": "прави-тельство по-лиция",
    "es": "cuan-to go-bierno",
    "it": "mol-to go-verno",
    "pt": "go-verno pon-to",
}


def _list_breaks(words: dict[str, str]) -> list[tuple[str, str, str]]:
    """Language, first half with its hyphen, second half; a compound of three words is broken at its last hyphen."""
    found = [(language, *word.rpartition("-")[::2]) for language, line in words.items() for word in line.split()]
    return [(language, f"{head}-", tail) for language, head, tail in found]


@pytest.mark.parametrize(("language", "left", "right"), _list_breaks(WITH))
def test_a_compound_keeps_the_hyphen_at_which_it_is_broken(language: str, left: str, right: str) -> None:
    assert rejoin_broken_word(left, right, (), language) == left + right


@pytest.mark.parametrize(("language", "left", "right"), _list_breaks(WITHOUT))
def test_a_word_broken_between_syllables_loses_the_hyphen(language: str, left: str, right: str) -> None:
    assert rejoin_broken_word(left, right, (), language) == left[:-1] + right


@pytest.mark.parametrize(
    ("language", "right"), [("de", "und Ausfuhr"), ("nl", "en uitvoer"), ("sv", "och utförsel"), ("fi", "ja vienti")]
)
def test_a_hyphen_for_a_part_left_out_is_no_break(language: str, right: str) -> None:
    assert rejoin_broken_word("Xyz-", right, (), language) is None


@pytest.mark.parametrize("language", ["en", "de", "fr", "xx", ""])
def test_what_the_rest_of_the_text_says_decides_first(language: str) -> None:
    assert rejoin_broken_word("hand-", "made", {"handmade"}, language) == "handmade"
    assert rejoin_broken_word("Regie-", "rung", {"regie-rung"}, language) == "Regie-rung"

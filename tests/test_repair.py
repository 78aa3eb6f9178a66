"""What `cleaner.text.repair` mends, what it leaves alone, and that it agrees with ftfy; cases in cases/repair.toml."""

import gzip
import json
import time
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import ftfy
import pytest
from ftfy.badness import is_bad
from ftfy.chardata import CHARMAP_ENCODINGS, UTF8_CLUES
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.document import Document
from cleaner.stages import repair as stage
from cleaner.text.hyphens import collect_vocabulary, rejoin_broken_word
from cleaner.text.repair import misread
from cleaner.text.repair import steps as repair
from cleaner.text.repair.steps import RULES, mend_lines

CASES = tomllib.loads((Path(__file__).parent / "cases" / "repair.toml").read_text("utf-8"))["case"]
BENCH = Path(__file__).parents[2] / "shared" / "bench" / "data"
FTFY = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False, fix_line_breaks=False, explain=False
)

WORDS = "über naïve “quote” façade señor Łódź Привет Ελλάδα 日本語 हिन्दी مرحبا çağrı it’s – … voilà plain".split()
PIECES = [
    *WORDS,
    *"don\ufffdt “quote\ufffd \ufffdHi,\ufffd &amp;amp; &#10; &lt; <b> \\u2019 \\\" '' `` \xa0 \u200b Ã© â€™ Â".split(
        " "
    ),
    *"ìHello donít î \x93 \x85 \ufb01 e\u0301 \xad \ufffd \\/ 5'10'' вЂ™ Г© √© the \ud83d \udca9 \x1b[1m \u2028".split(
        " "
    ),
]
ALPHABET = sorted(
    set("".join(UTF8_CLUES.values())) | set("abZ  .,'\"&;#é“”’„–\ufffd\ufb01\u0301\x00\x1b\x93あ中अ😀\ud800")
)

pieces = st.lists(st.sampled_from(PIECES) | st.text(ALPHABET, max_size=3), max_size=12)
texts = st.tuples(pieces, st.sampled_from(["", " "])).map(lambda drawn: drawn[1].join(drawn[0]).strip(" \t"))


def damaged(text: str, steps: list[str]) -> str:
    """A text written in the first of each two encodings and read in the second."""
    for wrote, read in zip(steps[::2], steps[1::2], strict=True):
        text = text.encode(wrote).decode(read)
    return text


def mended(lines: list[str]) -> list[str]:
    out = list(lines)
    for mending in mend_lines(lines):
        out[mending.line] = mending.text
    return out


def marked(case: dict[str, Any]) -> Any:
    marks = [pytest.mark.xfail(reason=case["fails"], strict=True)] if "fails" in case else []
    return pytest.param(case, id=case["why"].replace(" ", "-"), marks=marks)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case_comes_out_as_it_says(case: dict[str, Any]) -> None:
    text = damaged(case["becomes"], case["misread"]) if "misread" in case else case["text"]
    wanted = case.get("becomes", text)
    changes = mend_lines(text.split("\n"))
    assert "\n".join(mended(text.split("\n"))) == wanted
    assert {change.rule for change in changes} == ({case["rule"]} if "rule" in case else set())


@given(st.lists(texts, max_size=4))
def test_mending_what_is_mended_changes_nothing(lines: list[str]) -> None:
    once = mended(lines)
    assert mended(once) == once


@given(st.lists(st.text(st.characters(codec=None)) | texts, max_size=4))
@example(["– a, –b and (\ufffd"])
def test_no_text_makes_it_raise(lines: list[str]) -> None:
    assert len(mended(lines)) == len(lines)


@pytest.mark.parametrize(
    "piece", [" ", "\\", "\ufffd", "a\ufffd", "a'' ", "&amp;", "Ã ", "Ã©", "ì", "\xad", "\xa0 ", "“a"]
)
def test_long_lines_take_no_longer_than_their_length(piece: str) -> None:
    started = time.process_time()
    mend_lines(["x" + piece * 50_000 + "\xa0\ufffd"])
    assert time.process_time() - started < 5


@given(st.lists(texts, max_size=4))
def test_lines_are_named_in_order_and_only_when_they_change(lines: list[str]) -> None:
    changes = mend_lines(lines)
    assert [c.line for c in changes] == sorted({c.line for c in changes})
    assert all(c.text != lines[c.line] and c.rule in RULES for c in changes)


@given(texts)
def test_what_the_screen_passes_ftfy_leaves_alone(text: str) -> None:
    if not any("\ud800" <= c <= "\udfff" for c in text) and not repair.DAMAGE_SET.match(text):
        assert ftfy.fix_text(text, FTFY) == text


@given(texts)
def test_improbable_neighbours_are_those_of_ftfy(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert (0 in (misread.IMPROBABLE_SET.match(text) or ())) == is_bad(text)


@given(st.lists(st.sampled_from(WORDS[:-2]), min_size=1), st.sampled_from(CHARMAP_ENCODINGS), st.booleans())
def test_misread_words_are_reread_as_ftfy_rereads_them(words: list[str], encoding: str, mixed: bool) -> None:
    text = " ".join(words)
    try:
        hurt = text.encode().decode(encoding)
    except UnicodeDecodeError:
        return
    hurt += " " + text if mixed else ""
    if is_bad(hurt):
        assert mended([hurt])[0] in (unspaced(ftfy.fix_text(hurt, FTFY)), text)


def unspaced(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\xa0", " ").replace("\xad", ""))


def test_every_character_that_can_break_normal_form_is_on_the_screen() -> None:
    every = (chr(n) for n in range(0x110000) if not 0xD800 <= n < 0xE000)
    safe = [c for c in every if not repair.DAMAGE_SET.match("a" + c)]
    assert not [c for c in safe if unicodedata.combining(c) or not unicodedata.is_normalized("NFC", c)]
    assert not [c for c in safe if not unicodedata.is_normalized("NFC", "가" + c)]


def test_the_stage_yields_one_edit_for_each_block_that_changes() -> None:
    document = Document.read("Das CafÃ© ist zu.\n\nAlles gut.\n\nFish &amp; chips\u00a0here.\n\n\u200b\n")
    edits = list(stage.repair(document))
    assert [(e.rule, e.text) for e in edits] == [
        ("repair.encoding", "Das Café ist zu."),
        ("repair.entities", "Fish & chips here."),
        ("repair.controls", ""),
    ]
    assert document.apply(edits, "repair").text == "Das Café ist zu.\n\nAlles gut.\n\nFish & chips here."


def test_the_stage_describes_every_rule() -> None:
    assert set(stage.RULES) == set(RULES)


# ---------------------------------------------------------------- words broken at a line's end


@pytest.mark.parametrize(
    ("left", "right", "elsewhere", "wanted"),
    [
        ("An inter-", "national plan", "", "An international plan"),
        ("A well-", "known plan", "It is well-known.", "A well-known plan"),
        ("A co-", "operative plan", "A cooperative idea.", "A cooperative plan"),
        ("A right-", "wing plan", "The right of the wing.", "A right-wing plan"),
        ("A time-", "less plan", "The time is less.", "A timeless plan"),
        ("Die EU-", "weite Regel", "", "Die EU-weite Regel"),
        ("Die Merkel-", "Regierung", "", "Die Merkel-Regierung"),
        ("Die Merkel-Regie-", "rung", "", "Die Merkel-Regierung"),
        ("Das Ober-", "und Unterhaus", "", None),
        ("He came -", "and went", "", None),
        ("In 1990-", "something", "", None),
        ("Donau\u00ad", "dampf", "", "Donaudampf"),
    ],
)
def test_a_broken_word_is_joined_as_the_text_writes_it(
    left: str, right: str, elsewhere: str, wanted: str | None
) -> None:
    assert rejoin_broken_word(left, right, collect_vocabulary([left, right, elsewhere])) == wanted


def test_halves_of_broken_words_are_no_vocabulary() -> None:
    assert collect_vocabulary(["We inter-", "national few", "well-known"]) == {"we", "few", "well-known"}


# ---------------------------------------------------------------- real pages, where they are at hand


def bodies(name: str) -> list[str]:
    path = BENCH / f"{name}.dev.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return ["\n".join(json.loads(line)["gold"].get("body") or ()) for line in lines]


def level(text: str) -> str:
    for invisible in "\xad\u200b\ufeff":
        text = text.replace(invisible, "")
    return " ".join(unicodedata.normalize("NFC", text).split())


@pytest.mark.parametrize("name", ["fundus", "scrapinghub"])
def test_clean_pages_stay_as_they_are(name: str) -> None:
    harmed = [text for text in bodies(name) if level("\n".join(mended(text.split("\n")))) != level(text)]
    assert not harmed


@pytest.mark.parametrize("name", ["fundus", "scrapinghub"])
def test_pages_that_the_screen_passes_ftfy_leaves_alone(name: str) -> None:
    assert not [t for t in bodies(name) if not repair.DAMAGE_SET.match(t) and ftfy.fix_text(t, FTFY) != t]


def test_half_of_a_character_goes_with_one_of_its_spaces() -> None:
    assert mended(["The harbour was closed \ud83d on Monday, and \ud83d\ude00 smiled."]) == [
        "The harbour was closed on Monday, and \U0001f600 smiled."
    ]


def test_an_encoding_shown_by_one_place_is_less_sure_than_by_two() -> None:
    one, two = (mend_lines([text])[0].confidence for text in ("the cafÃ© is shut", "the cafÃ© in DÃ¼ren is shut"))
    assert one < two

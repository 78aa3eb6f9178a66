"""Talks in a plain text: which lines are one."""

import pytest

from cleaner.text.talks import find_talks

ASKED = ["You have kept the light for thirty years. Did you ever sleep?", "No.", "Never?", "Once, in the great storm."]
NAMED = [line for name, said in zip(("Quill", "Ardal") * 2, ASKED, strict=True) for line in (name, said)]


@pytest.mark.parametrize(
    "lines",
    [
        NAMED,
        [line for i, one in enumerate(NAMED) for line in ([one] if i % 2 else [one, "00:01:12"])],
        [f"{name}: {said}" for name, said in zip("QAQA", ASKED, strict=True)],
        [f"{name}： {said}" for name, said in zip(("記者", "守り手") * 2, ASKED, strict=True)],
    ],
)
def test_speakers_who_take_turns_make_a_talk(lines: list[str]) -> None:
    assert list(find_talks(["Home", "News", *lines, "Read more", "Home"])) == [range(2, 2 + len(lines))]


@pytest.mark.parametrize(
    ("why", "lines"),
    [
        ("one speaker", ["Quill", "Why?"] * 4),
        ("nobody asks", [line.replace("?", ".") for line in NAMED]),
        ("three turns", NAMED[:6]),
        ("labels above headlines", ["News", "Council votes for bridge", "Sport", "Who won the cup?"] * 3),
        ("labels with nothing behind them", ["News", "Sport", "Weather"] * 4),
        ("names with dates below them", ["Quill", "3 May, 10:04 a.m. Reply", "Why?", "Ardal", "Reply", "No."] * 2),
        ("facts with values", ["Date: 3 May", "Place: Hall", "Date: 4 May", "Place: Pier"]),
    ],
)
def test_what_else_repeats_its_labels_is_none(why: str, lines: list[str]) -> None:
    assert list(find_talks(lines)) == [], why

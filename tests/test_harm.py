"""Correct prose comes back as it was: texts of five and more paragraphs in 60 languages, with and without a rare sign.

The prose is `tests/cases/prose.toml`.  Every text is made by rule, so that a failure can be made again.
"""

import tomllib
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest

from cleaner.text.repair.steps import mend_lines

PROSE = tomllib.loads((Path(__file__).parent / "cases" / "prose.toml").read_text("utf-8"))
TEXT_COUNT, TEXT_PARAGRAPHS = 2000, 5
RARE_SIGNS = (
    "‡ † § ¶ ½ √ ∞ ≈ ƒ Ñ Ò Ó hÉireann MacÌomhair naÏve º ª µ ¿Qué? Ω ∂x ∑ π ‰ ¤ ‚ ™ Œ Ÿ ◊ €5 ¥ £3 Ð þ ŵ ș ạ ı f''(x)"
).split()


def make_texts(language: str, count: int) -> Iterator[list[str]]:
    """Texts of five paragraphs and more, each of another choice of the language's paragraphs in another order."""
    paragraphs = PROSE[language]["paragraphs"]
    for number in range(count):
        step = 1 + number // len(paragraphs) % max(len(paragraphs) - 1, 1)
        order = sorted(range(len(paragraphs)), key=lambda i, step=step: i * step % (len(paragraphs) or 1))
        size = TEXT_PARAGRAPHS + number % max(len(paragraphs) - TEXT_PARAGRAPHS + 1, 1)
        chosen = islice(cycle(order), number % len(paragraphs), number % len(paragraphs) + size)
        yield [paragraphs[i] for i in chosen]


@pytest.mark.parametrize("language", PROSE)
def test_repair_leaves_correct_prose_as_it_is(language: str) -> None:
    code = None if language.startswith("x-") else language
    changed = [text for text in make_texts(language, TEXT_COUNT // len(PROSE) + 1) if mend_lines(text, language=code)]
    assert not changed


@pytest.mark.parametrize("language", PROSE)
def test_one_rare_sign_turns_no_good_text_over(language: str) -> None:
    paragraphs = [PROSE[language]["title"], *PROSE[language]["paragraphs"]]
    changed = []
    for sign in RARE_SIGNS:
        head, tail = paragraphs[1].split(" ", 1) if " " in paragraphs[1] else (paragraphs[1], "")
        for first in (
            f"{head}{sign} {tail}",
            f"{head} {sign} {tail}",
            f"{sign} {head} {tail}",
            f"{head} ({sign}) {tail}",
        ):
            text = [paragraphs[0], first, *paragraphs[2:]]
            changed += [(sign, change) for change in mend_lines(text)]
    assert not changed

"""Correct prose in many languages comes back as it was: `rejoin` changes nothing in cases/prose.toml."""

import random
import tomllib
from typing import Any

import pytest
from cases import ROOT, rules

from cleaner.document import Document, Fact
from cleaner.stages.rejoin.stage import rejoin

PROSE: dict[str, Any] = tomllib.loads((ROOT / "tests" / "cases" / "prose.toml").read_text("utf-8"))
MIN_LANGUAGES, MIN_PARAGRAPHS, TEXTS = 40, 8, 30


def build_texts(language: str) -> list[tuple[list[str], str, str]]:
    """Texts of five to eight paragraphs of a language: their lines, what stands between these, and the title given."""
    title, paragraphs = PROSE[language]["title"], PROSE[language]["paragraphs"]
    texts = []
    for seed in range(TEXTS):
        chosen = random.Random(f"{language} {seed}")
        lines = chosen.sample(paragraphs, chosen.randint(5, len(paragraphs)))
        lines = [title, *lines] if seed % 2 == 0 else lines
        texts.append((lines, "\n\n" if seed % 5 else "\n", title if seed % 4 == 0 else ""))
    return texts


def test_the_corpus_has_forty_languages_with_eight_paragraphs() -> None:
    assert len([language for language in PROSE if not language.startswith("x-")]) >= MIN_LANGUAGES
    assert all(len(own["paragraphs"]) >= MIN_PARAGRAPHS for own in PROSE.values())


@pytest.mark.parametrize("language", PROSE)
def test_rejoin_changes_nothing_in_correct_prose(language: str) -> None:
    for lines, blank, title in build_texts(language):
        facts = [Fact("input", "title", title)] if title else []
        document = Document.read(blank.join(lines), language, None, facts)
        assert document.apply(rejoin(document, rules())).text == "\n\n".join(lines)

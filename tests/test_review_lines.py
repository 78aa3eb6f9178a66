"""The lines of the review page are those of the source, each with what became of it."""

from pathlib import Path

import pytest

from cleaner.readers.own_records import verify_articles
from cleaner.review.timeline import LAYOUT_RULE, ReviewLine, list_lines

ROOT = Path(__file__).parent.parent
RUN = [
    (article.id, article, edits, source)
    for path in sorted((ROOT / "clean").glob("*.articles.jsonl"))
    for article, edits, source in verify_articles(path)
]


def of(id: str) -> list[ReviewLine]:
    """The lines of one of our samples."""
    return next(list_lines(article, edits, source) for found, article, edits, source in RUN if found == id)


@pytest.mark.parametrize("found", RUN, ids=[found[0] for found in RUN])
def test_every_word_of_the_source_stands_in_one_line(found: tuple) -> None:  # type: ignore[type-arg]
    _, article, edits, source = found
    made = list_lines(article, edits, source)
    covered = "".join(source[line.start : line.end] for line in made)
    assert covered.split() == source.split()


@pytest.mark.parametrize("found", RUN, ids=[found[0] for found in RUN])
def test_kept_lines_are_the_blocks_of_the_record(found: tuple) -> None:  # type: ignore[type-arg]
    _, article, edits, source = found
    kept = [(line.text, line.role) for line in list_lines(article, edits, source) if not line.dropped]
    assert kept == [(block.text, block.role) for block in article.blocks]


def test_a_dropped_line_names_the_rule_that_dropped_it_and_its_role() -> None:
    (slot,) = {
        (line.role, line.edits[-1].rule, line.dropped) for line in of("en-ferry-strike") if line.text == "Advertisement"
    }
    assert slot == ("advertisement", "en.advertisement.label", True)


def test_a_changed_line_shows_how_the_source_has_it() -> None:
    changed = [line for found in RUN for line in of(found[0]) if not line.dropped and line.edits]
    assert changed
    assert all(line.raw != line.text for line in changed)


def test_spacing_between_lines_is_no_change() -> None:
    assert not any(edit.rule == LAYOUT_RULE for found in RUN for line in of(found[0]) for edit in line.edits)

"""The laws of `cleaner.document`, on generated documents and edits, on every seed, and on the pages of the bench.

The pages are a sample, or all of them where the environment has CLEANER_ALL_PAGES=1, as in the quality gate.
"""

from collections.abc import Iterator
from functools import cache

import pages
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from cleaner.document import ROLES, Document, Edit, Fact
from cleaner.html.page import build_page_document
from cleaner.models.line_ends import find_line_ends
from cleaner.pipeline import Pipeline, default_stages
from cleaner.record import Article, Source, Tool, build_article, build_ledger, restore_source
from cleaner.rules import load

# ---------------------------------------------------------------- generated documents

SENTENCES = (
    "The council voted for the new bridge on Tuesday evening, after four hours of debate.",
    "„Wir öffnen die Brücke früher“, sagte die Bürgermeisterin am Montag vor der Presse.",
    "El río bajó dos metros en una semana y los vecinos volvieron a sus casas.",
    "Жители вернулись домой, когда вода ушла из подвалов и дороги открылись снова.",
    "市議会は火曜日の夜、四時間の議論の末に新しい橋の建設を可決した。",
    "قال رئيس البلدية إن الجسر الجديد سيفتح أبوابه أمام السيارات في الربيع المقبل؟",
    "पुल अगले वसंत में खुलेगा। लोग खुश हैं और बाज़ार फिर से भर गया है।",
)
FRAGMENTS = (
    "Bridge opens early",
    "ADVERTISEMENT",
    "Share",
    "By Jane Miller",
    "12 May 2023",
    "•  first point",
    "Anna Weiß/dpa",
    "and then the mayor",
    ", who had waited,",
    "Photo: Reuters",
    "inter-",
    "national",
    "Read more: the old bridge",
    "x",
    "…",
    "''",
    "Ã©tÃ©",
    "&amp;",
    "\u00a0",
    "\u200b",
    "\ufeffa",
    "e\u0301",
    "\ud800",
    "\udfff\ud83d",
    "\x00",
    "\x85",
    "\u2028",
    "\x0b",
    "\x1c",
    "a\tb",
    "😀",
    "ก",
    "한국",
    "١٢",
)
BREAKS = ("\n", "\n\n", "\n\n\n", "\r\n", "\r\n\r\n", "\r", " \n", "\n \t\n", "\n\r", " ", "  ", "\t")

piece = st.sampled_from(SENTENCES) | st.sampled_from(FRAGMENTS) | st.text(st.characters(codec=None), max_size=12)


@st.composite
def lined(draw: st.DrawFn) -> str:
    """Lines of any kind, parted and surrounded by any breaks."""
    parts = draw(st.lists(piece, max_size=14))
    breaks = draw(st.lists(st.sampled_from(BREAKS), min_size=len(parts) + 1, max_size=len(parts) + 1))
    if draw(st.booleans()):
        breaks[0] = ""
    if draw(st.booleans()):
        breaks[-1] = ""
    return breaks[0] + "".join(part + after for part, after in zip(parts, breaks[1:], strict=True))


@st.composite
def flattened(draw: st.DrawFn) -> str:
    """A text of 600 characters and more on one line, with shorter lines around it."""
    parts = draw(st.lists(st.sampled_from(SENTENCES + FRAGMENTS), min_size=12, max_size=24))
    line = draw(st.sampled_from((" ", "  ", ""))).join(parts)
    return draw(st.sampled_from(("", "\n", "Title\n\n"))) + line + draw(st.sampled_from(("", " ", "\n", "\n\nEnd.\n")))


sources = lined() | flattened()

# the first text on one line waits for the weights and the words of all languages, longer than a test may take
find_line_ends("A line. Another line.")


@st.composite
def edited(draw: st.DrawFn) -> Document:
    """A document after up to four rounds of edits and labels that nobody has chosen."""
    document = Document.read(draw(sources), "generated", find_line_ends=find_line_ends)
    for stage in range(draw(st.integers(0, 4))):
        findings: list[Edit | Fact] = []
        at = 0
        while at < len(document.blocks):
            run = draw(st.integers(1, 3))
            blocks = document.blocks[at : at + run]
            at += run
            span = blocks[0].start, blocks[-1].end
            what = draw(st.sampled_from(("keep", "keep", "drop", "rewrite", "label")))
            if what == "drop":
                findings.append(Edit("test.drop", *span, "", draw(st.sampled_from(sorted(ROLES)))))
            elif what == "rewrite":
                findings.append(Edit("test.rewrite", *span, draw(piece)))
            elif what == "label":
                findings.append(Fact("test.label", "role", draw(st.sampled_from(sorted(ROLES))), *span))
        document = document.apply(draw(st.permutations(findings)), f"stage{stage}")
    return document


def recorded(document: Document) -> Article:
    return build_article(document, Source(), Tool("0", ""))


def tiles(document: Document) -> bool:
    return all(
        "".join(document.source[block.start : block.end] for block in blocks) == document.source
        and all(block.start < block.end for block in blocks)
        for blocks in (document.lines, document.blocks)
    )


@given(sources)
def test_lines_as_read_tile_any_text(source: str) -> None:
    assert tiles(Document.read(source)) and tiles(Document.read(source, find_line_ends=find_line_ends))


@given(edited())
def test_blocks_tile_the_source_whatever_was_edited(document: Document) -> None:
    assert tiles(document)


@given(edited())
def test_replaying_the_edits_gives_the_same_text(document: Document) -> None:
    assert document.replay(document.edits).text == document.text


@given(edited())
def test_replaying_no_edits_gives_the_source_as_read(document: Document) -> None:
    bare = document.replay(())
    assert (bare.blocks and not bare.edits) or not document.source
    assert [(b.start, b.end, b.text) for b in bare.blocks] == [(b.start, b.end, b.text) for b in document.lines]


@given(edited(), st.randoms(use_true_random=False))
def test_undoing_all_edits_in_any_order_gives_the_source_as_read(document: Document, chance: object) -> None:
    lines = [(block.start, block.end, block.text) for block in document.lines]
    while document.edits:
        document = document.undo(document.edits[chance.randrange(len(document.edits))])  # type: ignore[attr-defined]
        assert tiles(document)
    assert [(block.start, block.end, block.text) for block in document.blocks] == lines


@given(edited(), st.data())
def test_undoing_an_edit_leaves_edits_elsewhere_alone(document: Document, data: st.DataObject) -> None:
    if not document.edits:
        return
    edit = data.draw(st.sampled_from(document.edits))
    left = document.undo(edit).edits
    apart = [other for other in document.edits if other.end <= edit.start or edit.end <= other.start]
    assert [other for other in left if other in apart] == apart


@given(edited())
def test_the_record_and_the_ledger_restore_the_source(document: Document) -> None:
    assert restore_source(recorded(document), build_ledger(document)) == document.source


@given(edited())
def test_the_source_and_the_ledger_rebuild_the_text(document: Document) -> None:
    edits = [Edit(e.rule, e.start, e.end, e.after, e.role, e.confidence, e.stage) for e in build_ledger(document)]
    bare = Document.read(document.source, find_line_ends=find_line_ends)
    assert bare.replay(edits).text == recorded(document).text


# ---------------------------------------------------------------- the pipeline


@cache
def pipeline() -> Pipeline:
    return Pipeline(default_stages(load(prove=False)))


class Cleaned(Struct):
    """A text, its document after the pipeline, and its record."""

    name: str
    text: str
    document: Document
    article: Article


def cleaned(name: str, text: str, known: str | None = None) -> Cleaned:
    facts = (Fact("input", "title", known),) if known else ()
    document = pipeline()(Document.read(text, name, facts=facts, find_line_ends=find_line_ends))
    return Cleaned(name, text, document, recorded(document))


def cleaned_page(name: str, html: str) -> Cleaned:
    document = pipeline()(build_page_document(html, name))
    return Cleaned(name, document.source, document, recorded(document))


def changes(document: Document, before: int = 0) -> list[tuple[str, str, str, str]]:
    """Stage, rule, old and new text of the edits that change more than spacing."""
    return [
        (edit.stage, edit.rule, document.source[edit.start : edit.end][:200], edit.text[:200])
        for edit in document.edits[before:]
        if edit.rule != "layout.space"
    ]


@settings(deadline=None)
@given(sources)
def test_cleaning_any_text_keeps_the_laws(source: str) -> None:
    done = cleaned("generated", source)
    assert tiles(done.document)
    assert done.document.replay(done.document.edits).text == done.document.text
    assert restore_source(done.article, build_ledger(done.document)) == source


@settings(deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, unique=True), st.sampled_from(["\n\n", "\n", "\r\n\r\n", " "]))
def test_cleaning_prose_changes_nothing(sentences: list[str], between: str) -> None:
    done = cleaned("generated", between.join(sentences))
    assert " ".join(done.document.text.split()) == " ".join(" ".join(sentences).split())


# ---------------------------------------------------------------- real pages


def names_and_texts() -> Iterator[object]:
    found = False
    for clean, texts in ((cleaned, pages.texts()), (cleaned_page, pages.markups())):
        for name, text in texts:
            found = True
            yield pytest.param((clean, name, text), id=name)
    if not found:
        yield pytest.param(None, id="none", marks=pytest.mark.skip(reason="../shared is not here"))


@pytest.fixture(scope="module", params=names_and_texts())
def real(request: pytest.FixtureRequest) -> Cleaned:
    """A seed or a page, cleaned as text or as HTML."""
    clean, name, text = request.param
    done: Cleaned = clean(name, text)
    return done


def test_blocks_tile_a_page(real: Cleaned) -> None:
    assert tiles(real.document)


def test_replaying_the_edits_of_a_page_gives_the_same_blocks(real: Cleaned) -> None:
    assert real.document.replay(real.document.edits).blocks == real.document.blocks


def test_undoing_what_was_done_to_a_page_gives_the_source_as_read(real: Cleaned) -> None:
    document = real.document
    for edit in document.edits[-1:] + document.edits[:1]:
        document = document.undo(edit) if edit in document.edits else document
        assert tiles(document) and edit not in document.edits
    lines = [(block.start, block.end, block.text) for block in document.lines]
    assert [(block.start, block.end, block.text) for block in document.replay(()).blocks] == lines


def test_record_and_ledger_restore_a_page(real: Cleaned) -> None:
    assert restore_source(real.article, build_ledger(real.document)) == real.text


UNSETTLED = 0.07
"""Share of renderings that may still change when cleaned again: 7 of 113 did when this was set, most of them texts on
one line.  The goal is none."""


def test_nearly_every_page_stays_as_it_is_when_cleaned_again() -> None:
    texts = list(pages.texts())
    if not texts:
        pytest.skip("../shared is not here")
    changed = []
    for name, text in texts:
        first = cleaned(name, text)
        second = cleaned(name, first.article.text, first.article.title).document
        if (
            changes(second)
            or second.text != first.article.text
            or changes(pipeline()(first.document), len(first.document.edits))
        ):
            changed.append(name)
    assert len(changed) <= UNSETTLED * len(texts), changed


def test_every_seed_stays_as_it_is_when_cleaned_again() -> None:
    seeds = [(name, text) for name, text in pages.texts() if name.startswith("seed")]
    if not seeds:
        pytest.skip("../shared is not here")
    for name, text in seeds:
        first = cleaned(name, text)
        assert cleaned(name, first.article.text, first.article.title).document.text == first.article.text

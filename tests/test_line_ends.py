"""Where lines ended in a text on one line: exact features, the same to the byte everywhere; and their training."""

import re
from hashlib import sha256
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Document, LineEnd
from cleaner.models.line_ends import (
    HASH_SIZE,
    STRETCH_CHARS,
    WEIGHT_GROUPS,
    LineEndModel,
    find_gaps,
    find_line_ends,
    join_features,
    load_line_ends,
)
from cleaner.models.sequence import MAX_INPUTS
from cleaner.models.tokens import CAPITAL, CAPITALS, CASELESS, MIXED, NUMBER, SIGNS, SMALL, read_tokens

ARTICLE = "\n".join(
    [
        "Council votes for new bridge",
        "By Anna Berg",
        "Published 3 May 2024, 10:15",
        "Photo: Anna Berg/Harbour News",
        "The council voted for the new bridge on Tuesday evening, after four hours of debate in the town "
        "hall. Nobody in the hall had expected that the vote would be so clear, said the mayor after the "
        "meeting.",
        "The old bridge will be closed in the autumn, because its repair would cost more than a new one. Most"
        " of the money comes from the state, and the rest from the towns on both banks of the river.",
        "Who will pay",
        "The mayor told reporters that the towns would share the costs. She said that the first trains were "
        "to cross the river in three years.",
        "Share this article",
        "Related articles",
        "Ferry stays in harbour for the winter",
        "Read more",
    ]
)

MIXED_TEXT = (
    "Brücke gesperrt Von Anna Weiß 3. Mai 2024 «Wir warten», sagte sie. 市議会は可決した。「はい。」と言った。 "
    "НОВОСТИ Мост закрыт | 3,5 Mio. … الجسر مغلق؟ \U0001f600 O’Neil"
)


# the first text waits for the weights and the words of all languages, longer than a test may take
find_line_ends("A line. Another line.")


def flatten(text: str) -> str:
    return " ".join(text.split())


def list_pieces(text: str) -> list[str]:
    places = [0, *(end.place for end in find_line_ends(text)), len(text)]
    return [text[low:high].strip() for low, high in pairwise(places)]


CASES = {
    SMALL: "bridge мост",
    CAPITAL: "Bridge “Bridge A",
    CAPITALS: "BRIDGE МОСТ",
    NUMBER: "2024 10:15",
    MIXED: "3rd",
    CASELESS: "橋 جسر",
    SIGNS: "| …",
}


@pytest.mark.parametrize(("case", "words"), CASES.items())
def test_a_word_is_written_in_one_of_seven_ways(case: int, words: str) -> None:
    assert set(read_tokens(words).cases.tolist()) == {case}


@pytest.mark.parametrize("other", ["BRIDGE", "Bridge,", "bridge.", "bridge)”"])
def test_capitals_and_marks_behind_a_word_do_not_change_its_number(other: str) -> None:
    assert read_tokens(f"x {other}").hashes[1] == read_tokens("bridge").hashes[0]


@given(st.text(max_size=80))
def test_words_are_what_blanks_part_in_any_text(text: str) -> None:
    tokens = read_tokens(text)
    parts = [text[low:high] for low, high in zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)]
    assert all(parts) and not any(any(map(str.isspace, part)) for part in parts)
    assert "".join(parts) == re.sub(r"[\s\x00-\x1f\x7f-\x9f]", "", text)


def test_sentences_without_blanks_are_words_of_their_own() -> None:
    text = "市議会は可決した。「はい。」と言った。"
    tokens = read_tokens(text)
    assert [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)] == [
        "市議会は可決した。",
        "「はい。」",
        "と言った。",
    ]


def test_features_are_the_same_to_the_byte_on_every_platform() -> None:
    gaps = find_gaps(read_tokens(flatten(ARTICLE) + " " + MIXED_TEXT))
    digest = sha256(gaps.words.astype("<i8").tobytes() + gaps.weights.astype("<i8").tobytes())
    assert digest.hexdigest()[:16] == "273e5e67d56ffecc"
    assert sha256(gaps.matrix[:, :49].astype("<f4").tobytes()).hexdigest()[:16] == "8f03726d19a99c3b"


def test_the_shipped_model_says_the_same_to_the_byte_on_every_platform() -> None:
    model, gaps = load_line_ends(), find_gaps(read_tokens(flatten(ARTICLE)))
    scores = model.network.score_lines(join_features(gaps, model.weights), [len(gaps.words)])
    assert sha256(scores.astype("<f4").tobytes()).hexdigest()[:16] == "ace6c6eb849c029a"


def test_the_network_has_room_for_all_features() -> None:
    gaps = find_gaps(read_tokens(MIXED_TEXT))
    assert gaps.matrix.shape[1] + len(WEIGHT_GROUPS) <= MAX_INPUTS
    assert gaps.weights.min() >= 0 and gaps.weights.max() < HASH_SIZE


def test_the_lines_of_an_article_on_one_line_are_found() -> None:
    found = set(list_pieces(flatten(ARTICLE)))
    wanted = [line for line in ARTICLE.split("\n") if len(line) < 60]
    assert len(found.intersection(wanted)) >= len(wanted) // 2


def test_no_line_ends_within_a_name_in_a_sentence() -> None:
    sentence = "On Tuesday the mayor of New Haven met Anna Berg and the council of Port Elizabeth in the town hall. "
    assert all(piece.endswith(".") for piece in list_pieces((sentence * 12).strip()))


@pytest.mark.parametrize("text", ["", " ", "word", "\u3000", "\x00 \x00", "。。。", "A B", "\ud800 B"])
def test_texts_with_hardly_a_word_have_no_ends_outside_them(text: str) -> None:
    assert all(0 < end.place < len(text) for end in find_line_ends(text))


def test_a_line_of_any_length_is_read_stretch_by_stretch() -> None:
    text = flatten(ARTICLE) + " "
    whole = text * (2 * STRETCH_CHARS // len(text) + 2)
    places = [end.place for end in find_line_ends(whole)]
    assert places == sorted(set(places)) and places[-1] > 2 * STRETCH_CHARS
    assert find_line_ends("a" * (2 * STRETCH_CHARS)) == []


def test_a_text_with_lines_is_not_asked_about() -> None:
    def refuse(line: str) -> list[LineEnd]:
        raise AssertionError(line)

    paragraph = "The ferry leaves the harbour at nine, and returns when the tide has turned. " * 20
    assert len(Document.read("\n\n".join([paragraph] * 3), find_line_ends=refuse).blocks) == 3


def test_unsure_lines_stand_on_one_line_again_and_sure_ones_do_not() -> None:
    text = "A title. " + "The ferry leaves the harbour at nine. " * 20
    ends = [LineEnd(9, is_sure=True), LineEnd(9 + 38, is_sure=False)]
    document = Document.read(text.strip(), find_line_ends=lambda line: ends)
    assert [block.kind for block in document.blocks] == ["line", "piece", "line"]
    assert document.text == "A title.\n\n" + text[9:].strip()


pieces = st.lists(
    st.sampled_from([*ARTICLE.split("\n"), *MIXED_TEXT.split(" "), "\u00a0", "\u2003x"]), min_size=1, max_size=40
)


@given(pieces, st.sampled_from([" ", "  ", "\t", "\u00a0"]))
def test_any_text_on_one_line_is_tiled_and_keeps_its_letters(parts: list[str], blank: str) -> None:
    source = blank.join([*parts, "word " * 121]).strip(" ")
    document = Document.read(source, find_line_ends=find_line_ends)
    assert "".join(source[block.start : block.end] for block in document.blocks) == source
    assert "".join(document.text.split()) == "".join(source.split())


def test_training_repeats_to_the_byte_and_finds_labels_it_has_not_seen_there(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("lightgbm")
    from cleaner.training import line_ends as training

    monkeypatch.setattr(training, "EPOCHS", 3)
    sentence = "The ferry {} left the harbour at nine, and came back when the tide had turned in the evening."
    pages = [
        {
            "id": f"p{i}",
            "html": "",
            "text": {"R3": "\n".join([f"Ferry {i} leaves", "By Anna Berg", *[sentence.format(i)] * 6, "Share this"])},
        }
        for i in range(30)
    ]
    groups = {f"p{i}": f"g{i}" for i in range(30)}
    found = list(training.sample_texts(pages, groups, 1))  # type: ignore[arg-type]
    first, again = (training.fit_line_ends(found, 1).export_arrays() for _ in range(2))
    assert all(np.asarray(first[key]).tobytes() == np.asarray(again[key]).tobytes() for key in first)
    model = LineEndModel.build_from_arrays(first)
    assert model.weights.tobytes() == training.fit_words(found, 1).tobytes()

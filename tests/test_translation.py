"""Signs of translation, the score, the verdict; cases in cases/translation/*.toml test the rules and not the model."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pages
import pytest
from cases import PROSE, ROOT, pipeline
from conftest import Done, write_lines
from test_rules import literal

from cleaner.document import Document, Fact
from cleaner.errors import RuleError
from cleaner.models.translation import MIN_WORDS, WEIGHTS_PATH, compute_logistic, load_model, tokenize_text
from cleaner.record import Source, Tool, Translation, build_article
from cleaner.rules.files import MAX_FILE_BYTES
from cleaner.rules.sign_files import find_signs_folder, load_shipped_signs, load_signs
from cleaner.rules.signs import EVIDENCE_KINDS, LITERAL_KINDS
from cleaner.stages.passages import passages
from cleaner.stages.translation import SUSPECTED_SCORE, translation, verdict

PACKS = sorted(find_signs_folder().glob("*.toml"))
ARTICLES: list[tuple[str, str, dict[str, Any]]] = [
    (path.stem, kind, case)
    for path in sorted((ROOT / "tests" / "cases" / "translation").glob("*.toml"))
    for kind, cases in tomllib.loads(path.read_text("utf-8")).items()
    for case in cases
]


def said(text: str, language: str = "en") -> Translation:
    """What the stage alone says of a text in this language."""
    document = Document.read(text, "page", facts=[Fact("input", "language", language)])
    value = document.apply(translation(document)).find_fact("translation")
    assert isinstance(value, Translation)
    return value


def of(kind: str) -> list[Any]:
    """The articles of a kind as parameters."""
    chosen = [(language, case) for language, one, case in ARTICLES if one == kind]
    return [pytest.param(*one, id=f"{one[0]}-{number}") for number, one in enumerate(chosen)]


# ---------------------------------------------------------------- packs


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_a_shipped_pack_proves_itself(path: Path) -> None:
    assert load_signs([path]).signs


def test_every_shipped_rule_has_its_rates_beside_it() -> None:
    assert [sign.id for sign in load_shipped_signs().signs if sign.rate is None] == []


def test_no_shipped_rule_was_found_in_more_than_one_of_400_originals() -> None:
    assert [sign.id for sign in load_shipped_signs().signs if sign.rate and sign.rate.original > 0.25] == []


def test_literal_names_are_known_from_ten_languages_and_more() -> None:
    names = [sign for sign in load_shipped_signs().signs if sign.kind in ("agency", "institution")]
    assert len(names) >= 40
    assert len({sign.source[0] for sign in names}) >= 10


GOOD: dict[str, object] = {
    "id": "test.calque",
    "why": "A calque.",
    "kind": "calque",
    "match": [r"\bin the night to\b"],
    "examples": ["It burned in the night to Sunday."],
    "keeps": ["It burned overnight."],
}

REFUSED = {
    "an unknown key": ({"role": "title"}, "unknown field `role`"),
    "a missing key": ({"why": None}, "missing required field `why`"),
    "an unknown kind": ({"kind": "oddity"}, "there is no kind 'oddity'"),
    "lookahead": ({"match": ["night (?=to)"]}, "lookaround"),
    "a backreference": ({"match": [r"(n)ight \1"]}, "backreference"),
    "an example that does not match": ({"examples": ["overnight"]}, "does not match"),
    "a keep that matches": ({"keeps": ["in the night to Monday"]}, "matches its own keep"),
    "no keep": ({"keeps": []}, "at least one example"),
    "no pattern": ({"match": []}, "match is empty"),
}


def table(**keys: object) -> str:
    """A good rule as TOML, with these keys changed; a key that is None is left out."""
    merged = {**GOOD, **keys}
    return "[[rule]]\n" + "".join(f"{key} = {literal(value)}\n" for key, value in merged.items() if value is not None)


@pytest.mark.parametrize(("keys", "told"), REFUSED.values(), ids=REFUSED)
def test_a_pack_is_refused_for(keys: dict[str, object], told: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(table(**keys), encoding="utf-8")
    with pytest.raises(RuleError, match=told) as refused:
        load_signs([path])
    assert str(path) in str(refused.value)
    assert "test.calque" in str(refused.value)


def test_an_id_that_stands_twice_is_refused_in_one_file_and_in_two(tmp_path: Path) -> None:
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text(table() + table(), encoding="utf-8")
    with pytest.raises(RuleError, match="stands twice"):
        load_signs([one])
    one.write_text(table(), encoding="utf-8")
    two.write_text(table(), encoding="utf-8")
    with pytest.raises(RuleError, match=r"stands also in one\.toml"):
        load_signs([one, two])


def test_a_spelling_that_english_has_too_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[[name]]\nid = "spelled.x"\nenglish = ["Kuleba"]\nforms = { fr = ["Kuleba"] }\n', encoding="utf-8")
    with pytest.raises(RuleError, match="also the English form"):
        load_signs([path])


def test_a_pack_is_linted_and_proven_like_one_of_rules(tmp_path: Path, call: Callable[..., Done]) -> None:
    path = tmp_path / "own.toml"
    path.write_text(table(), encoding="utf-8")
    assert call("rules", "lint", path).code == 0
    assert "1 rule in 1 pack, 2 examples and keeps" in call("rules", "test", path).out.decode()
    path.write_text(table() + "\n" + table(id="test.two", kind="oddity"), encoding="utf-8")
    done = call("rules", "lint", path)
    assert done.code == 1
    assert f"{path}:9: refused: test.two: there is no kind 'oddity'" in done.out.decode()


def test_lint_lists_all_faults_of_signs_and_names_with_their_lines(tmp_path: Path, call: Callable[..., Done]) -> None:
    path = tmp_path / "own.toml"
    name = '[[name]]\nid = "spelled.x"\nenglish = ["Kuleba"]\nforms = { fr = ["Kuleba"] }\n'
    path.write_text(table(keeps=["in the night to Monday"]) + name.replace('fr = ["Kuleba"]', 'fr = ["Koul"]'), "utf-8")
    assert f"{path}:1: refused: test.calque: matches its own keep" in call("rules", "test", path).out.decode()
    path.write_text(table(mach=["x"]) + name, encoding="utf-8")
    out = call("rules", "lint", path).out.decode()
    assert f"{path}:1: refused: test.calque: Object contains unknown field `mach`; did you mean match?" in out
    assert f"{path}:9: refused: spelled.x: 'Kuleba' is also the English form; leave it out" in out


def test_a_pack_of_signs_larger_than_a_rule_file_may_be_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("#" * (MAX_FILE_BYTES + 1), encoding="utf-8")
    with pytest.raises(RuleError, match=r"own\.toml: 4\.0 MiB, but a rule file may have 4; split it"):
        load_signs([path])


# ---------------------------------------------------------------- articles


@pytest.mark.parametrize(("language", "case"), of("translated"))
def test_signs_are_found_in_an_article_written_as_a_machine_translates(language: str, case: dict[str, Any]) -> None:
    found = said(case["text"])
    assert sorted({one.kind for one in found.evidence}) == case["kinds"]
    assert case["kinds"]
    assert found.source_language == case.get("source")
    assert found.source_language in (None, language)


@pytest.mark.parametrize(("language", "case"), of("native"))
def test_no_sign_is_found_in_an_article_written_as_natives_write(language: str, case: dict[str, Any]) -> None:
    assert said(case["text"]) == Translation()


@pytest.mark.parametrize("language", sorted({language for language, *_ in ARTICLES}))
def test_there_are_thirty_articles_of_each(language: str) -> None:
    kinds = [kind for one, kind, _ in ARTICLES if one == language]
    assert kinds.count("translated") >= 30
    assert kinds.count("native") >= 30


@pytest.mark.parametrize("code", PROSE)
def test_no_sign_is_found_in_the_sentences_of_our_own(code: str) -> None:
    assert said("\n\n".join(PROSE[code]), code).evidence == ()


# ---------------------------------------------------------------- evidence and verdict

VERDICTS = [
    (set(), None, "none"),
    (set(), SUSPECTED_SCORE, "none"),
    (set(), SUSPECTED_SCORE + 0.01, "suspected"),
    ({"calque"}, 0.1, "none"),
    ({"ordinal", "number"}, 0.1, "suspected"),
    ({"ordinal", "calque"}, 0.1, "confirmed"),
    ({"notice"}, None, "confirmed"),
    ({"residue"}, 0.0, "confirmed"),
]


@pytest.mark.parametrize(("kinds", "score", "wanted"), VERDICTS)
def test_the_verdict_is(kinds: set[str], score: float | None, wanted: str) -> None:
    assert verdict(kinds, score) == wanted


def test_every_kind_is_explained_once() -> None:
    assert set(LITERAL_KINDS) < set(EVIDENCE_KINDS)
    assert {sign.kind for sign in load_shipped_signs().signs} <= set(EVIDENCE_KINDS)


def test_evidence_says_where_it_stands_in_the_source() -> None:
    source = "The road is open.\n\nThe  head of French diplomacy “left”. On the 14th, he came.\n"
    done = pipeline()(Document.read(source))
    found = [source[one.start : one.end] for one in done.find_fact("translation").evidence]
    assert found == ["head of French diplomacy", "On the 14th"]


def test_a_notice_that_was_dropped_confirms() -> None:
    text = "\n\n".join(PROSE["en"]) + "\n\nsource site-12\n"
    done = pipeline()(Document.read(text))
    assert "site-12" not in done.text
    assert done.find_fact("translation").verdict == "confirmed"


def test_nothing_is_dropped_because_of_a_verdict() -> None:
    text = "\n\n".join([*PROSE["en"], "The head of French diplomacy left in the night from Monday to Tuesday."]) + "\n"
    document = Document.read(text, facts=[Fact("input", "language", "en")])
    assert not [one for one in translation(document) if not isinstance(one, Fact)]


def test_a_translated_agency_name_in_a_byline_is_the_agency() -> None:
    text = "A title of some words\n\nFrance Media Agency\n\n" + "\n\n".join(PROSE["en"])
    made = build_article(pipeline()(Document.read(text)), Source(), Tool("0", ""))
    assert made.agencies == ("AFP",)


def test_an_agency_that_is_talked_about_is_not_the_articles() -> None:
    document = Document.read("He told the German Press Agency on Monday that the road would stay open until winter.")
    document = document.apply([Fact("input", "language", "en")])
    assert [fact.key for fact in translation(document)] == ["translation"]


def test_a_phrase_over_and_over_is_a_loop() -> None:
    looped = said("The mayor spoke of " + "the road to the sea and " * 9 + "left.")
    assert [one.rule for one in looped.evidence] == ["translation.loop"]
    assert looped.verdict == "confirmed"


def test_a_refrain_is_no_loop() -> None:
    song = "They sang: build the road, build the road, build the road, and again and again and again."
    assert said(song) == Translation()


# ---------------------------------------------------------------- the score

LONG = " ".join(case["text"].strip() for language, kind, case in ARTICLES if (language, kind) == ("fr", "native"))


def test_a_long_english_text_has_a_score() -> None:
    assert len(LONG.split()) >= MIN_WORDS
    assert said(LONG).score is not None


def test_a_short_text_has_no_score() -> None:
    assert said(" ".join(LONG.split()[: MIN_WORDS - 1])).score is None


def test_a_text_in_a_language_the_weights_are_not_for_has_no_score() -> None:
    assert said(LONG, "de").score is None


def test_typography_does_not_change_the_score() -> None:
    straight = LONG.replace("“", '"').replace("”", '"').replace("’", "'").replace("—", "-")
    curly = straight.replace("'", "’").replace('"', "”").replace(" - ", " — ")
    assert load_model().score_text(curly) == load_model().score_text(straight)


def test_the_score_of_a_text_is_the_same_everywhere() -> None:
    score = load_model().score_text(LONG)
    assert score is not None
    assert (score.raw, score.probability) == PINNED


PINNED = (-10054, 0.0042)


def test_words_behind_the_last_one_read_do_not_count() -> None:
    assert tokenize_text(LONG * 9) == tokenize_text(LONG * 10)


LOGISTIC = [(0, 0.5), (4096, 0.7311), (-4096, 0.2689), (10**9, 1.0), (-(10**9), 0.0)]


@pytest.mark.parametrize(("scaled", "chance"), LOGISTIC)
def test_the_probability_is_the_logistic_of_a_fixed_point_number(scaled: int, chance: float) -> None:
    assert compute_logistic(scaled) == chance


def test_the_weights_are_small() -> None:
    assert WEIGHTS_PATH.stat().st_size <= 200_000


# ---------------------------------------------------------------- paragraphs in another language


def test_a_paragraph_in_another_language_is_marked_in_the_record() -> None:
    text = "\n\n".join([*PROSE["en"][:4], " ".join(PROSE["fr"][:3]), *PROSE["en"][4:]])
    made = build_article(pipeline()(Document.read(text)), Source(), Tool("0", ""))
    assert [one.language for one in made.blocks if one.language] == ["fr"]


@pytest.mark.parametrize("code", PROSE)
def test_no_paragraph_of_a_text_in_one_language_is_marked(code: str) -> None:
    document = Document.read("\n\n".join(PROSE[code]), facts=[Fact("input", "language", code)])
    assert list(passages(document)) == []


# ---------------------------------------------------------------- command line

FARMED = "The head of French diplomacy left on Sunday.\n\nOn the 14th, he came back to Paris.\n\nsource site-12\n"


def test_check_lists_verdicts_and_evidence_of_a_folder(tmp_path: Path, call: Callable[..., Done]) -> None:
    (tmp_path / "farmed.txt").write_text("\n\n".join(PROSE["en"]) + "\n\n" + FARMED, encoding="utf-8")
    (tmp_path / "plain.txt").write_text("\n\n".join(PROSE["en"]), encoding="utf-8")
    done = call("check", "--translation", tmp_path)
    assert done.code == 0
    lines = done.out.decode().splitlines()
    assert lines[0].startswith("farmed  confirmed")
    assert any("fr.calque.diplomacy  head of French diplomacy" in line for line in lines)
    assert lines[-1].startswith("plain  none")


def test_check_says_that_some_were_rejected(tmp_path: Path, call: Callable[..., Done]) -> None:
    (tmp_path / "pages.jsonl").write_text('{"text": "Hello"}\n{"no": 1}\n', encoding="utf-8")
    assert call("check", "--translation", tmp_path).code == 1


def test_explain_says_why_a_file_is_suspected(tmp_path: Path, call: Callable[..., Done]) -> None:
    path = tmp_path / "farmed.txt"
    path.write_text("\n\n".join(PROSE["en"]) + "\n\n" + FARMED, encoding="utf-8")
    out = call("explain", path).out.decode()
    assert "Le chef de la diplomatie" in out
    assert "Confirmed: the text or its site says so" in out


def test_explain_knows_the_rules_of_translation(call: Callable[..., Done]) -> None:
    assert "translation/fr" in call("explain", "fr.calque.diplomacy").out.decode()


# ---------------------------------------------------------------- real pages


def test_the_seed_that_a_farm_translated_is_found_as_french() -> None:
    path = next(pages.needed("seeds").glob("003*.txt"))
    found = pipeline()(Document.read(path.read_text("utf-8"))).find_fact("translation")
    assert (found.verdict, found.source_language) == ("confirmed", "fr")
    assert len({one.kind for one in found.evidence}) >= 4


def test_no_english_original_of_the_bench_has_two_kinds_of_evidence() -> None:
    pages.needed("bench")
    for page in pages.pages("fundus"):
        if page.gold.lang == "en":
            found = list(load_shipped_signs().find_signs(page.gold.body, "en"))
            assert len({one.sign.kind for one in found}) < 2, page.id


# ---------------------------------------------------------------- training


def gold(path: Path) -> Path:
    """Documents of known origin, made of our own articles in turn."""
    texts = {kind: [case["text"] for _, one, case in ARTICLES if one == kind] for kind in ("translated", "native")}
    rows = []
    for number in range(60):
        kind = ("translated", "native")[number % 2]
        text = " ".join(texts[kind][(number * 7 + step) % len(texts[kind])] for step in range(6))
        label = "original" if kind == "native" else ("machine-translation", "human-translation")[number % 4 // 2]
        rows.append({"id": str(number), "group": str(number), "lang": "en", "label": label, "text": text})
    return write_lines(path, rows)


def test_training_gives_the_same_bytes_again_and_prints_the_baseline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("sklearn")
    from cleaner.training.translation import main as train

    path = gold(tmp_path / "gold.jsonl")
    made = []
    for name in ("one", "two"):
        assert train([str(path), "--output", str(tmp_path / name)]) == 0
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    assert load_model(tmp_path / "one").score_text(LONG) is not None
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("AUC")]
    assert told
    assert all("typography and length only" in line for line in told)

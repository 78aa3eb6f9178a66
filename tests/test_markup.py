"""What the markup of a page says, and what the record makes of it; cases in cases/markup.toml.

A case has `why`, an `html`, perhaps a `url` and the `language` of its text, in `is` the fields of the record to
compare, and in `from` the rules that these come from.
"""

import json
import tomllib
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from cases import PROSE, rules
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Document, Fact
from cleaner.html.headline import measure_agreement
from cleaner.html.loose_json import MAX_MENDED_CHARS, read_json
from cleaner.html.markup import extract_facts
from cleaner.pipeline import Pipeline
from cleaner.record import Article, Source, Tool, build_article
from cleaner.stages.captions.stage import captions
from cleaner.stages.language import language
from cleaner.stages.markup.dates import parse_date_field
from cleaner.stages.markup.stage import markup
from cleaner.stages.markup.titles import strip_site_name
from cleaner.stages.metadata.stage import metadata

CASES = tomllib.loads((Path(__file__).parent / "cases" / "markup.toml").read_text("utf-8"))["case"]
SCRIPT = '<html><head><script type="application/ld+json">{}</script></head><body><p>Text.</p></body></html>'


def done(html: str, url: str | None = None, code: str | None = None) -> Document:
    """The document of a page's markup alone, after the stages that judge it."""
    known = [Fact("input", "language", code)] if code else []
    document = Document.read("", "case", url, [*known, *extract_facts(lxml.html.document_fromstring(html), url)])
    return Pipeline([partial(stage, rules=rules()) for stage in (markup, metadata, captions)])(document)


def record(html: str, url: str | None = None) -> Article:
    """The record that the markup of a page gives."""
    return build_article(done(html, url), Source(), Tool("0", ""))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["why"].replace(" ", "-")) for case in CASES])
def test_the_record_says(case: dict[str, Any]) -> None:
    document = done(case["html"], case.get("url"), case.get("language"))
    made = build_article(document, Source(), Tool("0", ""))
    views: dict[str, Any] = {
        "title": made.title or "",
        "kicker": made.kicker or "",
        "authors": [name.name for name in made.authors if name.role == "author"],
        "others": [f"{name.role}: {name.name}" for name in made.authors if name.role != "author"],
        "agencies": list(made.agencies),
        "published": made.published.value if made.published else "",
        "precision": made.published.precision if made.published else "",
        "modified": made.modified.value if made.modified else "",
        "publisher": [made.publisher.name or "", made.publisher.domain or ""] if made.publisher else [],
        "section": made.section or "",
        "tags": list(made.tags),
        "images": [f"{image.url or ''} | {image.caption or ''} | {image.credit or ''}" for image in made.images],
        "videos": [video.url for video in made.videos],
        "canonical_url": made.canonical_url or "",
        "copyright": f"{made.copyright.holder} {made.copyright.year}" if made.copyright else "",
        "flags": [flag for flag in made.flags if flag != "empty"],
    }
    assert {field: views[field] for field in case["is"]} == case["is"]
    rules_of = {fact.key: fact.rule for fact in reversed(document.facts)}
    assert {field: rules_of.get(field) for field in case.get("from", ())} == case.get("from", {})


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({case["why"] for case in CASES}) == len(CASES)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "@type @id @graph headline name author creator datePublished dateModified image video keywords "
                "publisher url hasPart mainEntity mainEntityOfPage isAccessibleForFree inLanguage".split()
            ),
            inner
            | st.sampled_from(
                ["NewsArticle", "Person", "Organization", "WebPage", "2024-05-03", "https://example.org/a"]
            ),
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(JSON)
def test_no_shape_of_json_ld_breaks_anything(value: Any) -> None:
    made = record(SCRIPT.format(json.dumps(value).replace("<", "\\u003c")), "https://example.org/a")
    assert made.published is None or datetime.fromisoformat(made.published.value)
    assert all(name.name.strip() for name in made.authors)


@given(st.text(alphabet='{}[]",:\\/*<>!- \n;truefalsn"@type0123', max_size=60))
def test_broken_json_gives_values_or_nothing(text: str) -> None:
    assert isinstance(read_json(text), list)


@given(JSON)
def test_json_is_read_as_it_is(value: Any) -> None:
    assert read_json(json.dumps(value)) == [value]


@given(st.text(max_size=40))
def test_a_stamp_is_a_moment_or_nothing(text: str) -> None:
    read = parse_date_field(text)
    assert read is None or datetime.fromisoformat(read.value)


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.timezones()))
def test_a_stamp_keeps_its_zone(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    offset = moment.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        return  # local mean times have no ISO form of minutes
    read = parse_date_field(moment.isoformat())
    assert read is not None
    assert read.value == moment.isoformat()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2024-05-03", "2024-05-03"),
        ("2024-05-03T10:00", "2024-05-03T10:00"),
        ("2024-05-03T10:00:00.000Z", "2024-05-03T10:00:00+00:00"),
        ("2024-05-03T10:00:00+0530", "2024-05-03T10:00:00+05:30"),
        ("2024-05-03 10:00:00 UTC", "2024-05-03T10:00:00+00:00"),
        ("2024-05-03T10:00-03", "2024-05-03T10:00-03:00"),
        ("Fri, 03 May 2024 10:00:00 GMT", "2024-05-03T10:00:00+00:00"),
        ("20240503", "2024-05-03"),
        ("20240503T1000", "2024-05-03T10:00"),
        ("1714730400", "2024-05-03T10:00:00+00:00"),
        ("1714730400000", "2024-05-03T10:00:00+00:00"),
        ("0000-00-00", None),
        ("1970-01-01T00:00:00Z", None),
        ("2024-13-45", None),
        ("today", None),
        ("2024", None),
        ("", None),
    ],
)
def test_stamps(written: str, value: str | None) -> None:
    read = parse_date_field(written)
    assert (read.value if read else None) == value


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Council votes for new bridge | The Harbour Post", "Council votes for new bridge"),
        ("The Harbour Post: Council votes for new bridge", "Council votes for new bridge"),
        ("Council votes for new bridge - Region - The Harbour Post", "Council votes for new bridge - Region"),
        ("Bridge: council votes again", "Bridge: council votes again"),
        ("Council votes for new bridge – harbourpost.example", "Council votes for new bridge"),
    ],
)
def test_a_title_without_its_site(title: str, bare: str) -> None:
    assert strip_site_name(title, frozenset({"theharbourpost", "harbourpostexample", "harbourpost"})) == bare


def test_titles_agree_by_their_words() -> None:
    assert measure_agreement("Council votes for new bridge", "council votes for NEW bridge!") == 1
    assert measure_agreement("Council votes for new bridge", "Rain tomorrow") == 0
    assert measure_agreement("", "Rain") == 0


@pytest.mark.parametrize(
    "text",
    [
        "{" + '"a":[' * 200_000,
        '{"a":"' + '\\"' * 200_000 + "\\",
        "{" + "/*" * 200_000,
        '{"author":{"name":"' * 20_000,
        "[" + "," * 300_000,
        '{"@type":"Article","headline":"' + "<" * 200_000 + '"}',
        "{" * (MAX_MENDED_CHARS + 10),
    ],
    ids=["nested", "quotes", "comments", "unclosed", "commas", "tags", "long"],
)
def test_a_hostile_script_tells_nothing(text: str) -> None:
    read_json(text)
    told = extract_facts(lxml.html.document_fromstring(SCRIPT.format(text)), None)
    assert not [fact for fact in told if fact.key in ("markup.authors", "markup.published")]


def test_what_text_alone_says_is_not_weighed() -> None:
    text = "Council votes for new bridge\n\nJane Miller\n\n3 May 2024\n"
    stage = partial(metadata, rules=rules())
    found = list(stage(Document.read(text)))
    assert {finding.key for finding in found if isinstance(finding, Fact)} >= {"authors", "published"}


@pytest.mark.parametrize(
    ("written", "declared", "code"),
    [("de", "en-US", "de"), ("is", "is-IS", "is"), ("", "pt_BR", "pt"), ("", "x-default", None), ("en", "", "en")],
)
def test_the_language_is_that_of_the_text_not_the_declared_one(written: str, declared: str, code: str | None) -> None:
    text = "\n\n".join(PROSE.get(written, ()))
    document = Document.read(text, facts=[Fact("html.lang", "markup.language", declared)])
    assert document.apply(language(document)).find_fact("language") == code

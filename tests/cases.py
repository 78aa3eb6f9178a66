"""Cases as data: texts in TOML files under cases/, and what the record made of each must say.

A case has `why`, a `text`, and in `is` the fields to compare; `language` names the sentences of cleaner/text/languages
that `{1}`, `{2}` … in the text stand for.  `title` and `url` are known beforehand.  `fails` says why a case is
not met yet.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cleaner.document import Document, Edit, Fact
from cleaner.pipeline import Pipeline, default_stages
from cleaner.record import Source, Tool, build_article
from cleaner.rules import RuleSet, load
from cleaner.text.languages import load_prose

ROOT = Path(__file__).parents[1]
PROSE = {language: list(sentences) for language, sentences in load_prose().items()}

Case = dict[str, Any]


def load_cases(name: str, fails: str = "fails") -> list[Any]:
    """The cases of a file, as parameters of a test; one with the key `fails` is known to fail it, and says why."""
    cases = tomllib.loads((ROOT / "tests" / "cases" / f"{name}.toml").read_text("utf-8"))["case"]
    ids = [f"{case.get('language', '')} {case['why']}".strip().replace(" ", "-") for case in cases]
    assert len(set(ids)) == len(ids), [id for id in ids if ids.count(id) > 1]
    return [
        pytest.param(case, id=id, marks=[pytest.mark.xfail(reason=case[fails], strict=True)] if fails in case else [])
        for case, id in zip(cases, ids, strict=True)
    ]


def filled(case: Case, text: str) -> str:
    """A text of a case with the sentences of its language in their places."""
    for number, sentence in enumerate(PROSE.get(case.get("language", ""), ()), 1):
        text = text.replace(f"{{{number}}}", sentence)
    return text


@cache
def rules() -> RuleSet:
    """The shipped packs."""
    return load(prove=False)


@cache
def pipeline() -> Pipeline:
    """The default stages."""
    return Pipeline(default_stages(rules()))


def document(case: Case) -> Document:
    """The document of a case as read."""
    facts = [Fact("input", key, case[key]) for key in ("title",) if key in case]
    return Document.read(filled(case, case["text"]).strip("\n") + "\n", "case", case.get("url"), facts)


def shown(case: Case) -> Case:
    """What the record of a case says in the fields that the case is about."""
    done = pipeline()(document(case))
    made = build_article(done, Source(), Tool("0", ""))
    views: dict[str, Any] = {
        "text": made.text,
        "title": made.title or "",
        "kicker": made.kicker or "",
        "standfirst": made.standfirst or "",
        "authors": [author.name for author in made.authors if (author.role, author.kind) == ("author", "person")],
        "houses": [author.name for author in made.authors if author.kind == "organisation"],
        "others": sorted(f"{author.role}: {author.name}" for author in made.authors if author.role != "author"),
        "people": [f"{author.role}: {author.name}" for author in made.authors],
        "raw_date": made.published.raw if made.published else "",
        "published": made.published.value if made.published else "",
        "modified": made.modified.value if made.modified else "",
        "dateline": made.dateline.place if made.dateline else "",
        "agencies": list(made.agencies),
        "publisher": (made.publisher.name or "") if made.publisher else "",
        "section": made.section or "",
        "tags": list(made.tags),
        "copyright": f"{made.copyright.holder} {made.copyright.year}" if made.copyright else "",
        "images": [f"{image.caption or ''} | {image.credit or ''}" for image in made.images],
        "videos": [video.caption for video in made.videos],
        "language": made.language or "",
        "flags": list(made.flags),
        "roles": [passage.role for passage in made.blocks],
        "dropped": sorted({block.role for block in done.blocks if not block.text}),
    }
    return {key: views[key] for key in case["is"]}


def wanted(case: Case) -> Case:
    """What the fields of a case must say."""
    fields: Case = case["is"]
    return {key: filled(case, value).strip("\n") if isinstance(value, str) else value for key, value in fields.items()}


def edited(stage: Any, case: Case) -> tuple[str, list[Edit]]:
    """The text of a case after one stage alone, and the edits of that stage."""
    before = document(case)
    after = Pipeline([stage])(before)
    return after.text, list(after.edits[len(before.edits) :])

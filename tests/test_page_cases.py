"""What a page shows and what it only holds: rows, lines, marks, readings, hidden parts; cases in cases/pages.toml."""

import pytest
from cases import PROSE, ROOT, Case, filled, load_cases

from cleaner import clean
from cleaner.record import Article
from cleaner.text.rows import find_table_rows
from cleaner.writers import WRITERS


def read_page(case: Case) -> Article:
    case = {"language": "en", **case}
    return clean(html=f"<html lang='{case['language']}'><head></head><body>{filled(case, case['html'])}</body></html>")


@pytest.mark.parametrize("case", load_cases("pages"))
def test_a_page_reads_as_its_readers_see_it(case: Case) -> None:
    article = read_page(case)
    prose = [one for i, one in enumerate(PROSE[case.get("language", "en")], 1) if f"{{{i}}}" in case["html"]]
    assert [block.text for block in article.blocks if block.text in prose] == prose
    kept = [f"{block.role}: {block.text}" for block in article.blocks if block.text not in prose]
    assert kept == case.get("kept", [])
    assert article.title == case.get("title", article.title)


ROWS = """<table><tr><th>Team</th><th>P</th><th>Pts</th></tr><tr><td>Rovers</td><td>8</td><td>19</td></tr>
<tr><td>City</td><td>8</td><td></td></tr></table>"""


def write_markdown(body: str) -> str:
    html = (
        "<article><h1>Late strike sends Rovers top</h1><p>{1}</p><p>{2}</p>" + body + "<p>{3}</p><p>{4}</p></article>"
    )
    return WRITERS["markdown"].write(read_page({"html": html})).decode()


def test_the_rows_of_a_table_become_a_table_of_markdown() -> None:
    assert "\n\n| Team | P | Pts |\n|---|---|---|\n| Rovers | 8 | 19 |\n| City | 8 |  |\n\n" in write_markdown(ROWS)


def test_code_stands_between_fences_in_markdown() -> None:
    code = "if h > 3:\n    return 1"
    assert f"\n\n```\n{code}\n```\n\n" in write_markdown(f"<pre><code>{code}</code></pre>")


def test_lines_of_verse_break_in_markdown() -> None:
    assert "The nets are dry,\\\nthe gulls are gone." in write_markdown(
        "<pre>The nets are dry,\nthe gulls are gone.</pre>"
    )


def test_a_match_report_keeps_its_table_and_no_half_of_its_score_box() -> None:
    article = clean(html=(ROOT / "tests" / "cases" / "match-report.html").read_bytes())
    rows = [block.text for block in article.blocks if block.role == "table"]
    assert rows == ["Team | P | GD | Pts", "Rovers | 8 | 9 | 19", "Athletic | 8 | 11 | 18", "City | 8 | 7 | 17"]
    assert article.text.startswith("Chidi Okafor struck in the fourth minute")
    assert not any(word in article.text for word in ("can not be played", "JavaScript", "Media caption", "21,408"))
    assert "Team | P | GD | Pts |\n|---|---|---|---|\n| Rovers" in WRITERS["markdown"].write(article).decode()


def test_the_rows_of_a_table_stay_when_the_text_is_cleaned_again() -> None:
    html = (
        "<article><h1>Late strike sends Rovers top</h1><p>{1}</p><p>{2}</p>" + ROWS + "<p>{3}</p><p>{4}</p></article>"
    )
    once = read_page({"html": html})
    again = clean(once.text, title=once.title)
    assert again.text == once.text
    assert [block.role for block in again.blocks].count("table") == 3


NOTICE = (
    f"<p>{' '.join(['The paper is made by eleven people in a house on the quay, and comes out twice a week.'] * 5)}</p>"
)


@pytest.mark.parametrize(
    "hidden",
    [
        '<article style="display: none">{}</article>',
        '<main><div class="article-body" style="visibility:hidden">{}</div></main>',
        "<div hidden><article>{}</article></div>",
        '<section itemprop="articleBody" aria-hidden="true">{}</section>',
    ],
)
def test_an_article_that_is_hidden_until_a_script_runs_is_read_below_a_long_notice(hidden: str) -> None:
    text = "".join(f"<p>{sentence} {sentence.lower()} {sentence.upper()}</p>" for sentence in PROSE["en"][:4])
    article = read_page({"html": f"<div>{NOTICE}</div><h1>Council votes</h1>{hidden.format(text)}"})
    assert all(sentence in article.text for sentence in PROSE["en"][:4])


@pytest.mark.parametrize("style", ["", ' style="display: none"'])
def test_a_page_that_shows_its_article_shows_no_other_one(style: str) -> None:
    text = "".join(f"<p>{sentence} {sentence.lower()}</p>" for sentence in PROSE["en"][:4])
    other = f"<article{style}><p>{' '.join(PROSE['de'] * 2)}</p></article>" if style else ""
    article = read_page({"html": f"<article><h1>Council votes</h1>{text}</article>{other}"})
    assert PROSE["de"][0] not in article.text


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        (["Team | P | Pts", "Rovers | 8 | 19", "City | 8 |"], 3),
        (["Mon | 10 am to 8 pm", "Tue | 9 am", "Wed | 9 am"], 2 + 1),
        (["Home | News | Sport", "About | Terms | Privacy"], 0),
        (["Ferry runs aground near the old harbour, and nobody saw the light | 6:03 pm"] * 3, 0),
        (["By Jane Doe | 3 May 2024"], 0),
    ],
)
def test_rows_of_a_table_in_a_text_are_told_from_menus_and_teasers(lines: list[str], rows: int) -> None:
    assert len(list(find_table_rows(lines))) == rows

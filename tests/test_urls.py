"""Addresses: whatever stands in one, its host is read without an error, and its article is not lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Done, read_lines, write_lines
from hypothesis import given
from hypothesis import strategies as st

from cleaner import clean
from cleaner.text.urls import parse_host, resolve_web_address

SENTENCES = [
    f"The council voted for the new bridge on Tuesday evening, said the {who}, after four hours of debate in the hall."
    for who in ("mayor", "harbour master", "clerk", "architect", "treasurer")
]
PAGE = f"<html lang='en'><body><article>{''.join(f'<p>{one}</p>' for one in SENTENCES)}</article></body></html>"
MALFORMED = ["https://[example.org/a", "http://[::1", "https://exa℀mple.org/a", "//]", "http://", "https://a:b:c/"]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Example.org:80/a", "www.example.org"),
        ("https://user@example.org/", "example.org"),
        ("http://[::1]/a", "::1"),
        ("example.org/a", ""),
        ("mailto:desk@example.org", ""),
        ("", ""),
        (None, ""),
        *((url, "") for url in MALFORMED[:-1]),
    ],
)
def test_the_host_of_an_address_is_in_lower_case_and_empty_where_there_is_none(url: str | None, host: str) -> None:
    assert parse_host(url) == host


@given(st.one_of(st.text(), st.text("/:[]@.%ab1?#\\", max_size=20).map("http://".__add__)))
def test_no_address_breaks_the_reading_of_its_host(url: str) -> None:
    assert parse_host(url) == parse_host(url).lower()
    assert isinstance(resolve_web_address(url, url), str)


@pytest.mark.parametrize("url", MALFORMED)
def test_a_text_with_a_malformed_url_gives_its_article(url: str) -> None:
    assert clean("\n\n".join(SENTENCES), url=url).text == "\n\n".join(SENTENCES)


@pytest.mark.parametrize("url", MALFORMED)
def test_a_page_with_a_malformed_url_gives_its_article(url: str) -> None:
    assert clean(html=PAGE, url=url).text == "\n\n".join(SENTENCES)


@pytest.mark.parametrize(("key", "content"), [("text", "\n\n".join(SENTENCES)), ("html", PAGE)])
def test_a_run_keeps_the_articles_whose_url_is_malformed(
    call: Callable[..., Done], tmp_path: Path, key: str, content: str
) -> None:
    write_lines(tmp_path / "in.jsonl", [{"id": url, "url": url, key: content} for url in MALFORMED])
    assert call("run", tmp_path / "in.jsonl", "-o", tmp_path / "out").code == 0
    made = read_lines(tmp_path / "out" / "in.articles.jsonl")
    assert [record["text"] for record in made] == ["\n\n".join(SENTENCES)] * len(MALFORMED)

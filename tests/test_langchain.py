"""The LangChain transformer on LangChain's own documents."""

import asyncio

import pytest
from samples import clean_texts, field, samples

pytest.importorskip("langchain_core", reason="langchain-core is not installed")

from langchain_core.documents import Document

from cleaner.adapters.langchain import ArticleCleaner

TEXT = "By Ann Lee\n\nThe council met on Tuesday evening, and it was late.\n\nAdvertisement\n"
LEFT = "The council met on Tuesday evening, and it was late."


@pytest.mark.parametrize("ending", (".txt", ".html"))
def test_documents_have_the_texts_of_a_run(ending: str) -> None:
    given = [Document(page_content=one.raw, id=one.id) for one in samples(ending)]
    made = ArticleCleaner(html=field(ending) == "html").transform_documents(given)
    assert [one.page_content for one in made] == clean_texts(ending)
    assert [one.id for one in made] == [one.id for one in given]


def test_the_asynchronous_way_makes_the_same() -> None:
    given = [Document(page_content=TEXT)]
    cleaner = ArticleCleaner()
    assert asyncio.run(cleaner.atransform_documents(given)) == cleaner.transform_documents(given)


def test_metadata_is_flat_and_keeps_what_was_there() -> None:
    text = "By Ann Lee\nPublished: 4 March 2024\n\n" + LEFT
    given = Document(page_content=text, metadata={"source": "a.txt", "loader": 3})
    metadata = ArticleCleaner().transform_documents([given])[0].metadata
    assert metadata == {
        "source": "a.txt",
        "loader": 3,
        "authors": ["Ann Lee"],
        "published": "2024-03-04",
        "language": "en",
    }


def test_a_source_that_is_an_address_is_read_as_the_pages() -> None:
    page = f'<html><head><link rel="canonical" href="/story"></head><body><p>{LEFT}</p></body></html>'
    given = Document(page_content=page, metadata={"source": "https://example.org/story?from=feed"})
    made = ArticleCleaner(html=True).transform_documents([given])[0]
    assert made.metadata["canonical_url"] == "https://example.org/story"


def test_what_cannot_be_cleaned_stays_with_the_error() -> None:
    given = [Document(page_content='{"a": 1}', metadata={"loader": 3}), Document(page_content=f"<p>{LEFT}</p>")]
    bad, good = ArticleCleaner(html=True).transform_documents(given)
    assert bad.page_content == '{"a": 1}' and "this is JSON" in bad.metadata["error"] and bad.metadata["loader"] == 3
    assert good.page_content == LEFT and "error" not in good.metadata


def test_the_given_documents_are_not_changed() -> None:
    given = Document(page_content=TEXT, metadata={"title": "x"})
    ArticleCleaner().transform_documents([given])
    assert given == Document(page_content=TEXT, metadata={"title": "x"})


def test_settings_decide_what_stays() -> None:
    made = ArticleCleaner(keep=["advertisement"]).transform_documents([Document(page_content=TEXT)])
    assert made[0].page_content.endswith("\n\nAdvertisement")

"""Articles in LangChain: a document transformer that replaces the content of documents by their article."""

from collections.abc import Sequence
from typing import Unpack

from cleaner.adapters.columns import Column, clean_columns, require_extra
from cleaner.settings import Choices, build_settings

with require_extra("langchain"):
    from langchain_core.documents import BaseDocumentTransformer, Document

_METADATA_FIELDS = tuple("title kicker standfirst section language canonical_url agencies tags flags".split())
"""Fields of the record that go into the metadata as they are."""


class ArticleCleaner(BaseDocumentTransformer):
    """Cleans the content of documents, or reads it as a page with `html`, and adds what the record knows to metadata.

    The metadata's `title`, and `url` or else `source`, are read.  What is added are strings and lists of strings, which
    vector stores can filter by: title, kicker, standfirst, authors, published, modified, publisher, section, tags,
    agencies, language, canonical_url and flags, where the article has them.  A document that cannot be cleaned stays as
    it is, with `error` in its metadata.  `choices` are the keys of `cleaner.toml`.
    """

    def __init__(self, html: bool = False, **choices: Unpack[Choices]) -> None:
        build_settings(choices)
        self.field = "html" if html else "text"
        self.choices = choices

    def transform_documents(self, documents: Sequence[Document], **kwargs: object) -> Sequence[Document]:
        """A new document for each of these, in their order."""
        made = clean_columns(
            {
                self.field: [one.page_content for one in documents],
                "id": [one.id for one in documents],
                "url": [one.metadata.get("url") or _accept_url(one.metadata.get("source")) for one in documents],
                "title": [one.metadata.get("title") for one in documents],
            },
            **self.choices,
        )
        rows = (dict(zip(made, values, strict=True)) for values in zip(*made.values(), strict=True))
        return [_build_document(one, row) for one, row in zip(documents, rows, strict=True)]


def _accept_url(source: object) -> str | None:
    """The source of a document, where it is an address on the web; it may be a path as well."""
    return source if isinstance(source, str) and source.startswith(("http://", "https://")) else None


def _build_document(given: Document, row: dict[str, Column]) -> Document:
    """The document that a row of `clean_columns` makes of the one given; without what the article does not have."""
    if row["error"] is not None:
        metadata = {**given.metadata, "error": row["error"]}
        return Document(page_content=given.page_content, metadata=metadata, id=given.id)
    found: dict[str, Column] = {name: row[name] for name in _METADATA_FIELDS}
    found["authors"] = [name["name"] for name in row["authors"] if name["role"] != "photography"]
    found |= {name: row[name] and row[name]["value"] for name in ("published", "modified")}
    found["publisher"] = row["publisher"] and row["publisher"]["name"]
    metadata = {**given.metadata, **{name: value for name, value in found.items() if value}}
    return Document(page_content=row["text"], metadata=metadata, id=given.id)

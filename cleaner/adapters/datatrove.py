"""Articles in datatrove: a filter that replaces the text of documents by their article."""

from typing import Unpack

from cleaner.adapters.columns import clean_columns, require_extra
from cleaner.settings import Choices, build_settings

with require_extra("datatrove"):
    from datatrove.data import Document
    from datatrove.pipeline.filters.base_filter import BaseFilter
    from datatrove.pipeline.writers.disk_base import DiskWriter


class ArticleCleaner(BaseFilter):
    """Cleans `document.text`, or reads it as a page with `html`, and puts the other fields of the record into metadata.

    The metadata's `url` and `title` are read; what else of it has the name of a field of the record is kept as
    `input_NAME`.  Documents that cannot be cleaned, or in which nothing is left, are dropped untouched and go to the
    `exclusion_writer`, with `filter_reason` `error` or `empty`, and the error in metadata.  `choices` are the keys of
    `cleaner.toml`.
    """

    name = "Article cleaner"

    def __init__(
        self,
        html: bool = False,
        exclusion_writer: DiskWriter | None = None,
        batch_size: int = 32,
        **choices: Unpack[Choices],
    ) -> None:
        super().__init__(exclusion_writer, batch_size)
        build_settings(choices)
        self.field = "html" if html else "text"
        self.choices = choices

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Whether the document could be cleaned, and then is; else why not."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Document]) -> list[bool | tuple[bool, str]]:
        """The same of several documents at a time, which is faster: they go through the stages together.

        datatrove calls this with as many documents as `batch_size` says.
        """
        made = clean_columns(
            {
                self.field: [doc.text for doc in batch],
                "id": [doc.id for doc in batch],
                "url": [doc.metadata.get("url") for doc in batch],
                "title": [doc.metadata.get("title") for doc in batch],
            },
            **self.choices,
        )
        made.pop("html", None)
        rows = [dict(zip(made, values, strict=True)) for values in zip(*made.values(), strict=True)]
        return [self._update_document(doc, row) for doc, row in zip(batch, rows, strict=True)]

    def _update_document(self, doc: Document, row: dict[str, object]) -> bool | tuple[bool, str]:
        """Put a row of `clean_columns` into its document, and answer as `filter` does."""
        text, error = row.pop("text"), row.pop("error")
        if error:
            doc.metadata["error"] = error
        if not isinstance(text, str) or not text:
            return False, "error" if error else "empty"
        self.stat_update("doc_len_before", value=len(doc.text), unit="doc")
        doc.text = text
        del row["id"]
        kept = {
            f"input_{key}" if key in row else key: value
            for key, value in doc.metadata.items()
            if key not in ("url", "title")
        }
        doc.metadata = {**kept, **row}
        return True

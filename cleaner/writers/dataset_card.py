"""A dataset card for the Hugging Face Hub: what a folder of Parquet files holds, and which of its files are data.

The card is README.md: YAML between two lines of dashes, which the Hub and `datasets` read, then Markdown for people.
With `configs` in it, `load_dataset` takes the Parquet files and leaves ledger and rejections alone; with `dataset_info`
it need not guess the columns from the first file.
"""

import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.errors import WriteError
from cleaner.version import __version__
from cleaner.writers.parquet import SCHEMA

DATA_FOLDER = "data"
"""Where the Parquet files are, below the output: the `folder` of the format."""

_SIZE_CATEGORIES = (
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
    (10**8, "10M<n<100M"),
    (10**9, "100M<n<1B"),
    (10**10, "1B<n<10B"),
    (10**11, "10B<n<100B"),
    (10**12, "100B<n<1T"),
)
"""The Hub's own size categories: fewer rows than the number are of the category."""

# `{rows}` articles, `{among}` languages, `{table}` of the articles in each
_CARD_TEMPLATE = """
# News articles, cleaned

{rows:,} articles{among}, made by [cleaner](https://pypi.org/project/article-cleaner/) {version} from pages and texts
as they were scraped.

```python
from datasets import load_dataset

articles = load_dataset("PATH_OR_NAME", split="train")
```

| language | articles |
|---|---|
{table}

`text` is the clean text, `title`, `authors`, `published` and the others are what the page said about it; `blocks` gives
the role of each part of the text. `published_at` and `modified_at` are in UTC: a date without a time is its midnight, a
time without a zone is read as UTC, a mere month or year is null; `published` and `modified` keep what the page said.

Files beside `{data}/` are no rows of the data set: the ledger of every edit (`*.edits.jsonl`) and what could not be
cleaned (`*.rejected.jsonl`).

## Licence

Unknown. The articles belong to those who wrote and published them; `copyright` holds a notice where a page shows one.
"""


def build_card(folder: Path) -> bytes:
    """The README.md of this folder, counted from the Parquet files below `data`; raises `WriteError` for another's."""
    languages: Counter[str | None] = Counter()
    for path in sorted(folder.joinpath(DATA_FOLDER).rglob("*.parquet")):
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(columns=["language"]):
                    languages.update(batch.column(0).to_pylist())
        except (OSError, pa.ArrowInvalid, KeyError) as error:
            raise WriteError(f"{path}: is no file of a run ({error}); remove it, or choose another --output") from error
    rows = sum(languages.values())
    named = [code for code, _ in _rank_languages(languages) if code]
    lines = [
        "---",
        "license: unknown",
        f"language: {json.dumps(named)}" if named else "",
        f"size_categories: [{json.dumps(next((name for most, name in _SIZE_CATEGORIES if rows < most), 'n>1T'))}]",
        'pretty_name: "News articles, cleaned"',
        "configs:",
        "- config_name: default",
        "  data_files:",
        "  - split: train",
        f"    path: {DATA_FOLDER}/**/*.parquet",
        "dataset_info:",
        "  features:",
        *(_describe_feature(field, "  ") for field in SCHEMA),
        "---",
    ]
    table = "\n".join(f"| {code or 'unknown'} | {count:,} |" for code, count in _rank_languages(languages))
    among = f" in {len(named)} language{'s' * (len(named) > 1)}" if named else ""
    text = _CARD_TEMPLATE.format(rows=rows, among=among, version=__version__, table=table, data=DATA_FOLDER)
    return ("\n".join(filter(None, lines)) + "\n" + text).encode()


def _rank_languages(languages: Counter[str | None]) -> list[tuple[str | None, int]]:
    """Languages and their articles, the most frequent first; of equally frequent ones the unknown language last."""
    return sorted(languages.items(), key=lambda one: (-one[1], one[0] or "~"))


def _describe_feature(field: pa.Field, indent: str) -> str:
    """A column in the YAML of `datasets`, as `Features` writes it; each line begins with `indent`."""
    return f"{indent}- name: {field.name}\n" + _describe_type(field.type, indent + "  ")


def _describe_type(type: pa.DataType, indent: str) -> str:
    """The type of a column: a record's fields, the type of a list's elements, or the name of a scalar."""
    if pa.types.is_struct(type):
        return f"{indent}struct:\n" + "\n".join(_describe_feature(field, indent) for field in type)
    if pa.types.is_list(type):
        inner = type.value_type
        if pa.types.is_struct(inner):
            return f"{indent}list:\n" + "\n".join(_describe_feature(field, indent) for field in inner)
        return f"{indent}list: {_name_type(inner)}"
    return f"{indent}dtype: {_name_type(type)}"


def _name_type(type: pa.DataType) -> str:
    """A scalar type as `datasets` names it."""
    return {"double": "float64"}.get(str(type), str(type))

"""`cleaner restore`: the source texts as read, out of records and their ledger."""

import sys
from itertools import islice
from pathlib import Path

import click

from cleaner.cli.options import EXIT_OK
from cleaner.errors import ReadError


@click.command()
@click.argument("articles", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--edits", type=click.Path(path_type=Path), help="The ledger, where it does not stand beside ARTICLES.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Folder for one text file a document.")
def restore(articles: Path, edits: Path | None, output: Path | None) -> int:
    """Give back the source texts as read, to the character.

    One document goes to standard output; several need --output.

    \b
    cleaner restore clean/page.articles.jsonl > page.txt
    cleaner restore clean/raw.articles.jsonl -o restored
    """
    from cleaner.io.atomic import Part
    from cleaner.io.file_names import derive_file_path
    from cleaner.readers.own_records import restore_sources

    texts = restore_sources(articles, edits)
    if output is None:
        found = [source for _, source in islice(texts, 2)]
        if len(found) > 1:
            raise ReadError(f"{articles}: holds more than one article; name a folder for them with --output")
        sys.stdout.buffer.write(b"".join(map(_encode_source, found)))
        return EXIT_OK
    for id, source in texts:
        with Part(output / f"{derive_file_path(id)}.txt") as part:
            part.write(_encode_source(source))
            part.commit()
    return EXIT_OK


def _encode_source(source: str) -> bytes:
    """The text in UTF-8, lone surrogates as they are: nothing of a source is lost."""
    return source.encode("utf-8", "surrogatepass")

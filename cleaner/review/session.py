"""Cleaning, showing and deciding in one go."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from cleaner.errors import CleanerError, ReadError
from cleaner.io.atomic import Part
from cleaner.pipeline.explain import collect_rule_reasons
from cleaner.pipeline.settings import prepare_settings
from cleaner.readers.own_records import find_articles
from cleaner.review.page import write_page
from cleaner.review.server import ReviewServer
from cleaner.run import batch
from cleaner.run.report import Report
from cleaner.settings import Settings
from cleaner.workbench.decisions import apply_decisions, parse_decisions


@contextmanager
def open_desk(given: str, rules: Path, port: int) -> Iterator[tuple[ReviewServer, Report]]:
    """A server, not yet serving, of the page of this input as cleaned with these rules, and what cleaning did.

    Decisions are written to `decisions.toml` beside the rule file, which need not be there yet, and what they ask for
    into the rule file; then the page is made anew.  All else stands in a temporary folder, which is removed in the end.
    Raises `ReadError` for an input with nothing to review, `RuleError`, and `CleanerError` for a port that is taken.
    """
    with TemporaryDirectory(prefix="cleaner-review-") as folder:
        report = make_page(given, rules, Path(folder))
        with ReviewServer(Path(folder, "page.html"), build_taker(given, rules, Path(folder)), port) as server:
            yield server, report


def make_page(given: str, rules: Path, folder: Path) -> Report:
    """Clean the input into `out` in this folder, and write its `page.html`; raises as `open_desk` does."""
    settings = Settings(rules=(str(rules),) if rules.exists() else ())
    report = batch.clean_inputs([given], folder / "out", settings)
    if not report.documents:
        reason = next(iter(report.reasons), "no .txt, .html, .jsonl or .ndjson file")
        raise ReadError(f"{given}: holds nothing to review: {reason}")
    why = collect_rule_reasons(prepare_settings(settings).rules)
    write_page(find_articles(folder / "out"), folder / "page.html", why, save="decisions")
    return report


def build_taker(given: str, rules: Path, folder: Path) -> Callable[[bytes], tuple[str, bool]]:
    """A function that takes the bytes of decisions: it writes them down and applies them to the rule file.

    It returns what became of them as text, and whether the page was made anew.  It raises `ReadError` for bytes that
    are no decisions, and then nothing is written; also `RuleError` and `WriteError`.  Calls wait for each other.
    """
    to = rules.with_name("decisions.toml")
    one_at_a_time = Lock()

    def take(data: bytes) -> tuple[str, bool]:
        with one_at_a_time:
            count = len(parse_decisions(data, to.name))
            with Part(to) as part:
                part.write(data)
                part.commit()
            done = apply_decisions(to, rules, folder / "out")
            if done.written:
                _rebuild_page(given, rules, folder)
        said = [f"{count:,} {'decision' if count == 1 else 'decisions'} saved in {to}"]
        if done.written:
            said.append(f"written to {rules} and cleaned again: {', '.join(done.written)}")
        said += (f"refused: {why}" for why in done.refused)
        return "; ".join(said) + "\n", bool(done.written)

    return take


def _rebuild_page(given: str, rules: Path, folder: Path) -> None:
    """Make the page anew in a process of its own: in this one, the rules as they were are loaded."""
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            pool.submit(make_page, given, rules, folder).result()
    except BrokenProcessPool as error:
        raise CleanerError(f"{rules}: is written, but cleaning {given} broke off; review it again") from error

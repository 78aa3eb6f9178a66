"""Cleaning, showing and deciding in one go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cleaner import batch
from cleaner.batch import Settings
from cleaner.errors import ReadError
from cleaner.report import Report
from cleaner.review.decisions import parse
from cleaner.review.page import outputs, write
from cleaner.review.server import ReviewServer
from cleaner.review.why import reasons_of
from cleaner.writers.parts import Part


@contextmanager
def desk(given: str, rules: Path, port: int) -> Iterator[tuple[ReviewServer, Report]]:
    """A server, not yet serving, of the page of this input as cleaned with these rules, and what cleaning did.

    Decisions are written to `decisions.toml` beside the rule file, which need not be there yet.  Raises `ReadError`,
    `RuleError` and `CleanerError`.
    """
    settings = Settings(rules=(str(rules),) if rules.exists() else ())
    with TemporaryDirectory(prefix="cleaner-review-") as folder:
        out, page = Path(folder, "out"), Path(folder, "page.html")
        report = batch.run([given], out, settings)
        if not report.documents:
            reason = report.reasons[0] if report.reasons else "no .txt, .html, .jsonl or .ndjson file"
            raise ReadError(f"{given}: holds nothing to review: {reason}")
        write(outputs(out), page, reasons_of(batch.prepare(settings).rules), save="decisions")
        with ReviewServer(page, taker(rules.with_name("decisions.toml")), port) as server:
            yield server, report


def taker(to: Path) -> Callable[[bytes], str]:
    """What writes decisions to this file and says so; it raises `ReadError` for what is none, and `WriteError`."""

    def take(data: bytes) -> str:
        count = len(parse(data, to.name))
        with Part(to) as part:
            part.write(data)
            part.commit()
        return f"{count:,} {'decision' if count == 1 else 'decisions'} saved in {to}\n"

    return take

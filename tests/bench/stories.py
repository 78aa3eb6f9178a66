"""How well copies of a story are found: on pairs made of real pages, on reports of our own, and what it costs.

    python tests/bench/stories.py [--records N] [--skip-quality]

The pages are those of `../shared/bench` (fundus, roles, scrapinghub).  Of each, the rendering R2 is one copy.  The
other is the rendering R3 with another title, boilerplate of other outlets and the first part of its lines: all, four
fifths, or three fifths of its words.  Both are cleaned before they are compared.  Controls are all other pairs, those
of one outlet among them; round-ups that quote two paragraphs of each of four pages; and reports made from templates.
"""

import argparse
import gzip
import json
import random
import resource
import sys
import time
import tomllib
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "bench" / "data"
SETS = ("fundus", "roles", "scrapinghub")
CUTS = (1.0, 0.8, 0.6)

TITLES = (
    "What became known on Thursday",
    "The news that moved the country",
    "Five things to know before the weekend",
    "Das ist jetzt bekannt geworden",
    "Neue Entwicklung am Abend",
    "Was bisher fest steht",
)
TOP = ("Skip to content", "By our own reporters", "Updated 4 March 2024, 17:05", "Photo: Mara Quill/Reuters")
MIDDLE = (
    "Advertisement",
    "Read also: Fog keeps ferries in port for a third day",
    "Sign up for our newsletter",
    "The old harbour on a winter morning, seen from the lighthouse. Photo: Jon Sollberg/AP",
)
BOTTOM = ("Share this article", "More on this topic", "© 2024 Port Ellery Courier. All rights reserved.", "(AP)")


class Copy(NamedTuple):
    """A text of a story, before it is cleaned: `outlet` and `template` are those of its page."""

    story: str
    outlet: str
    template: str
    text: str


def words(text: str) -> int:
    """Words of a text, roughly, also where a script has no spaces."""
    return max(len(text.split()), len(text.encode()) // 12)


def changed(text: str, titles: list[str], cut: float, chance: random.Random) -> str:
    """The text as another outlet would bring it: another title, boilerplate of its own, the first part of the lines."""
    known = {" ".join(title.split()).casefold() for title in titles}
    lines = [line for line in text.split("\n") if line.strip() and " ".join(line.split()).casefold() not in known]
    total, kept, taken = sum(map(words, lines)), 0, 0
    while taken < len(lines) and kept < cut * total:
        kept += words(lines[taken])
        taken += 1
    lines = lines[:taken]
    for slot in chance.sample(MIDDLE, 3):
        lines.insert(chance.randint(1, len(lines)), slot)
    return "\n\n".join([chance.choice(TITLES), *chance.sample(TOP, 3), *lines, *chance.sample(BOTTOM, 3)])


def pages() -> Iterator[tuple[Copy, dict[float, Copy]]]:
    """Of each page the copy it is, and the changed copies by their cut."""
    for name in SETS:
        with gzip.open(DATA / f"{name}.dev.jsonl.gz", "rt", encoding="utf-8") as read:
            for line in read:
                page = json.loads(line)
                about = page["id"], page["publisher"], page.get("template") or page["publisher"]
                if not {"R2", "R3"} <= page["text"].keys():
                    continue
                chance = random.Random(page["id"])
                titles = [page["gold"].get("title") or "", *(page["gold"].get("titles") or ())]
                yield (
                    Copy(*about, page["text"]["R2"]),
                    {cut: Copy(*about, changed(page["text"]["R3"], titles, cut, chance)) for cut in CUTS},
                )


REPORTS: dict[str, str] = tomllib.loads((ROOT / "tests" / "cases" / "reports.toml").read_text("utf-8"))
CHOICES: dict[str, tuple[str, ...]] = {
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "town": ("Ahrdorf", "Bellmont", "Corvin", "Dunmore", "Elsterau", "Farley", "Grenville", "Halm", "Istria", "Jork"),
    "name": ("Abel", "Berg", "Conti", "Diaz", "Evers", "Falk", "Gruber", "Holm", "Jansen", "Keller", "Lund", "Moreau"),
    "sky": ("sunny", "cloudy", "mostly sunny", "grey", "wet"),
    "wind": ("north", "south", "east", "west", "north-west"),
    "way": ("higher", "lower", "little changed"),
    "more": ("more", "less"),
    "warning": ("frost", "fog", "black ice", "gales"),
}
KINDS = {
    "home": "town",
    "away": "town",
    "next": "town",
    "who": "name",
    "one": "name",
    "two": "name",
    "three": "name",
    "other": "day",
}


def reports(count: int) -> Iterator[tuple[str, str]]:
    """So many reports of each template, with their names: no two are of one story."""
    for name, template in REPORTS.items():
        for number in range(count):
            chance = random.Random(f"{name}{number}")
            values: dict[str, object] = defaultdict(lambda: chance.randint(1, 90))  # noqa: B023
            for key in (*CHOICES, *KINDS):
                values[key] = chance.choice(CHOICES[KINDS.get(key, key)])
            for key in ("index", "crowd"):
                values[key] = f"{chance.randint(3, 24)},{chance.randint(100, 999)}"
            for key in ("percent", "gain", "again", "loss", "euro", "before", "oil"):
                values[key] = f"{chance.randint(0, 9)}.{chance.randint(10, 99)}"
            for key in ("rise", "set"):
                values[key] = f"{chance.randint(4, 21)}:{chance.randint(10, 59)}"
            yield f"{name}-{number}", template.format_map(values)


class Document(NamedTuple):
    """A cleaned text: `kind` says what it is in the trial, and `page` which page it was made of."""

    story: str
    kind: str
    outlet: str
    template: str
    signature: bytes


class Trial(NamedTuple):
    """What came of linking: of `pairs` so many were `found`; links that are `right`, and those `wrong` by kind."""

    pairs: int
    found: int
    right: int
    wrong: Counter[str]

    def __add__(self, other: "Trial") -> "Trial":  # type: ignore[override]
        return Trial(*(mine + its for mine, its in zip(self, other, strict=True)))

    def line(self) -> str:
        wrong = sum(self.wrong.values())
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.wrong.most_common()) or "none"
        return (
            f"recall {self.found / self.pairs:.3f} ({self.found} of {self.pairs} pairs), precision "
            f"{self.right / (self.right + wrong):.4f} ({self.right} links right; wrong: {kinds})"
        )


def corpus() -> tuple[list[dict[float, Document]], list[Document]]:
    """Of each page its copies by cut, 0 for the page as it is; and the controls that belong to no page's story."""
    from cleaner import clean
    from cleaner.dedup.minhash import compute_signature

    found, texts = [], []
    same: dict[str, str] = {}
    for copy, cuts in pages():
        row = {}
        for cut, one in {0.0: copy, **cuts}.items():
            made = clean(one.text)
            if not cut:
                # an outlet may hold one article under two addresses: that is one story
                story = same.setdefault("".join(filter(str.isalpha, made.text))[:300], copy.story)
                texts.append((copy, made.text.split("\n\n")))
            kind = "page" if not cut else f"copy {cut}"
            data = compute_signature(made.text, made.title, made.agencies)
            row[cut] = Document(story, kind, copy.outlet, copy.template, data)
        found.append(row)
    controls = []
    for name, text in reports(60):
        made = clean(text)
        controls.append(
            Document(name, f"report {name.split('-')[0]}", "", name, compute_signature(made.text, made.title))
        )
    for at in range(len(texts) - 3):
        chance = random.Random(at)
        quotes = []
        for _, paragraphs in texts[at : at + 4]:
            start = chance.randrange(max(1, len(paragraphs) - 1))
            quotes.append("\n\n".join(paragraphs[start : start + 2]))
        # what quotes half of an article, or has one quote for the most part, is a copy of that article
        if all(
            0 < words(quote) < min(sum(map(words, paragraphs)), sum(map(words, quotes))) / 2
            for quote, (_, paragraphs) in zip(quotes, texts[at : at + 4], strict=True)
        ):
            text = "\n\n".join(["More stories of the day in short.", *quotes])
            copy = texts[at][0]
            controls.append(Document(f"round-up {at}", "round-up", copy.outlet, copy.template, compute_signature(text)))
    return found, controls


def tried(rows: list[dict[float, Document]], controls: list[Document], cut: float) -> Trial:
    """Link the pages, their copies with this cut and the controls."""
    from cleaner.dedup.link import link_copies

    documents = [row[0.0] for row in rows] + [row[cut] for row in rows] + controls
    with link_copies((str(number), document.signature) for number, document in enumerate(documents)) as links:
        found = list(links)
    pairs = sum(
        one is not None and other is not None and one.story == other.story
        for one, other in zip(found[: len(rows)], found[len(rows) : 2 * len(rows)], strict=True)
    )
    right, wrong = 0, Counter[str]()
    for document, place in zip(documents, found, strict=True):
        if place is not None and place.duplicate_of is not None:
            other = documents[int(place.duplicate_of)]
            if other.story == document.story:
                right += 1
            else:
                outlet = ", one outlet" if document.outlet == other.outlet else ""
                wrong[" with ".join(sorted((document.kind, other.kind))) + outlet] += 1
    return Trial(len(rows), pairs, right, wrong)


def fitted(rows: list[dict[float, Document]], controls: list[Document]) -> float:
    """The share from which on texts are copies: the greatest that finds nearly the most pairs at this precision."""
    from cleaner.dedup import minhash

    best: list[tuple[int, float]] = []
    kept = minhash.MIN_SHARED_SHARE
    for share in (0.5, 0.6, 0.65, 0.7, 0.75, 0.8):
        minhash.MIN_SHARED_SHARE = share
        trial = sum((tried(rows, controls, cut) for cut in CUTS), Trial(0, 0, 0, Counter()))
        if trial.right >= 0.995 * (trial.right + sum(trial.wrong.values())):
            best.append((trial.found, share))
    minhash.MIN_SHARED_SHARE = kept
    most = max(found for found, _ in best)
    return max(share for found, share in best if found >= most - 3)


def quality() -> None:
    """Recall and precision by cut, then with the share fitted on four fifths of the templates, tried on the rest."""
    from cleaner.dedup import minhash

    rows, controls = corpus()
    outlets = Counter(row[0.0].outlet for row in rows)
    print(
        f"{len(rows)} pages of {len(outlets)} outlets; pairs within an outlet: "
        f"{sum(count * (count - 1) // 2 for count in outlets.values())}; controls: "
        + ", ".join(f"{count} {kind}" for kind, count in Counter(one.kind for one in controls).items())
    )
    for cut in CUTS:
        print(f"first {cut:.0%}: {tried(rows, controls, cut).line()}")
    print(f"all: {sum((tried(rows, controls, cut) for cut in CUTS), Trial(0, 0, 0, Counter())).line()}")
    total, kept = Trial(0, 0, 0, Counter()), minhash.MIN_SHARED_SHARE
    shares = []
    for fold in range(5):

        def inside(document: Document, fold: int = fold) -> bool:
            return zlib.crc32(document.template.encode()) % 5 == fold

        shares.append(fitted([row for row in rows if not inside(row[0.0])], [c for c in controls if not inside(c)]))
        minhash.MIN_SHARED_SHARE = shares[-1]
        held = [row for row in rows if inside(row[0.0])], [one for one in controls if inside(one)]
        total = sum((tried(*held, cut) for cut in CUTS), total)
        minhash.MIN_SHARED_SHARE = kept
    print(f"cross-validated by template, shares {shares}: {total.line()}")


def speed() -> None:
    """Cost of a signature of a text of 4 KB."""
    from corpus import bodies, cut

    from cleaner.dedup.minhash import compute_signature

    texts = ["\n\n".join(cut(paragraphs)) for _, _, paragraphs in bodies()[1]]
    compute_signature(texts[0])
    best = []
    for _ in range(5):
        start = time.process_time()
        for text in texts:
            compute_signature(text, "Port Ellery buys a second ferry", ("Reuters",))
        best.append((time.process_time() - start) / len(texts))
    size = sum(len(text.encode()) for text in texts) / len(texts)
    print(f"signature: {min(best) * 1e6:.0f} µs for a text of {size:,.0f} bytes, mean of {len(texts)} texts")


def cost(count: int) -> None:
    """Time and memory of linking so many made-up signatures: a fifth are copies, a tenth is from one template."""
    import numpy as np

    from cleaner.dedup.link import link_copies
    from cleaner.dedup.minhash import ROW_DTYPE

    def entries() -> Iterator[tuple[str, bytes]]:
        chance = np.random.default_rng(3)
        earlier = np.zeros(1_000, ROW_DTYPE)
        for start in range(0, count, 1_000):
            rows = np.zeros(1_000, ROW_DTYPE)
            rows["text"] = chance.integers(1, 2**63, 1_000)
            rows["size"] = chance.integers(100, 900, 1_000)
            rows["values"] = chance.integers(0, 2**16, (1_000, 128))
            rows["numbers"] = np.sort(chance.integers(1, 2**16, (1_000, 12)), axis=1)
            if start:
                rows[:150] = earlier[200:350]
                rows["text"][:150] += 1
                rows["values"][:150] = np.where(
                    chance.random((150, 128)) < 0.7, rows["values"][:150], chance.integers(0, 2**16, (150, 128))
                )
                rows[150:200] = earlier[350:400]
            else:
                template = rows["values"][999].copy()
            # a tenth comes from one template: two fifths of the shingles are the same
            rows["values"][900:] = np.where(chance.random((100, 128)) < 0.4, template, rows["values"][900:])
            earlier = rows
            for number in range(1_000):
                yield f"outlet/2024/03/{start + number:08}-story-of-the-day", rows[number].tobytes()

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    with link_copies(entries()) as links:
        linked = time.perf_counter() - start
        copies = sum(place is not None and place.duplicate_of is not None for place in links)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"linking {count:,} records: {linked:.0f} s, {peak:.0f} MB at most, {copies:,} copies "
        f"({before:.0f} MB before linking)"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000, help="how many to link for time and memory")
    parser.add_argument("--skip-quality", action="store_true")
    options = parser.parse_args()
    if options.records:
        cost(options.records)
    speed()
    if not options.skip_quality:
        if DATA.exists():
            quality()
        else:
            print("quality: skipped, there is no ../shared/bench beside the project")


if __name__ == "__main__":
    sys.exit(main())

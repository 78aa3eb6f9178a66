"""Figures of `cleaner rules mine`: what it finds on pages of our own, what it proposes on real ones, what it costs.

    python tests/bench/mining.py [--pages N] [--lines N]

The pages of our own are made by chance with a seed: five sites with eight templates each that no shipped rule knows,
some only on half of the pages, and the refrains that real articles have, which must survive.  The real pages are the
rendering R2 of `../shared/bench/data/fundus.dev.jsonl.gz`, each publisher a site.
"""

import argparse
import gzip
import json
import random
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNDUS = ROOT.parent / "shared" / "bench" / "data" / "fundus.dev.jsonl.gz"

FIRST = "Anna Boris Clara David Emma Farid Greta Hugo Ines Jonas Karin Luis Mona Nils Olga Peter Rosa Sven Tara".split()
LAST = "Abel Berg Conti Diaz Evers Falk Gruber Holm Ivanov Jansen Keller Lund Moreau Nowak Olsen Petit Rossi".split()
TOWNS = "Ahrdorf Bellmont Corvin Dunmore Elsterau Farley Grenville Halm Istria Jork".split()
MONTHS = "January February March April May June July August September October November December".split()

SITES: dict[str, list[tuple[str, float, str]]] = {
    "harbour-post.example": [
        ("head", 1.0, "Jump straight to the harbour map"),
        ("head", 1.0, "Tide tables of the week"),
        ("head", 1.0, "Water at the pier: {n} centimetres, {n} degrees"),
        ("inside", 1.0, "The harbour letter comes each morning at {h} – order it here"),
        ("inside", 0.5, "Win {n} places on the old ferry"),
        ("tail", 1.0, "Harbour Post card number {n}: ask {name} for yours"),
        ("tail", 0.5, "Seen {n} times since {date}"),
        ("tail", 1.0, "The Harbour Post is printed on paper from the mills of the valley."),
    ],
    "talbote.example": [
        ("head", 1.0, "Zur Karte aller Ortsteile"),
        ("head", 1.0, "Heute in Ihrer Gemeinde: {n} Termine"),
        ("head", 0.5, "Das Blatt vom {d} als Blätterseite"),
        ("inside", 1.0, "Hier geht die Geschichte nach dem Kasten {n} weiter"),
        ("inside", 0.5, "Unser Tipp: {n} Ausflüge für das Wochenende"),
        ("tail", 1.0, "Ihr Draht zum Talboten: {name}, Zimmer {n}"),
        ("tail", 1.0, "Talbote, gegründet {y}, Auflage {n}"),
        ("tail", 0.5, "Noch {n} Bilder im Heft von {name}"),
    ],
    "courrier-vallee.example": [
        ("head", 1.0, "Aller au plan de la vallée"),
        ("head", 0.5, "Édition du {d} en feuilletage"),
        ("head", 1.0, "La vallée en {n} images"),
        ("inside", 0.5, "La suite après la carte numéro {n}"),
        ("inside", 1.0, "Le carnet du Courrier, chaque jour à {h}"),
        ("tail", 1.0, "Votre voisine du Courrier : {name}, guichet {n}"),
        ("tail", 1.0, "Courrier de la Vallée, {n} lecteurs le {d}"),
        ("tail", 0.5, "Encore {n} billets pour le bal de {name}"),
    ],
    "ridge-times.example": [
        ("head", 1.0, "All {n} ridges on one sheet"),
        ("head", 1.0, "Snow line today: {n} metres"),
        ("head", 0.5, "Your valley, chosen by {name}"),
        ("inside", 1.0, "Ridge Times walk number {n} starts below"),
        ("inside", 0.5, "Ask {name} a question about the ridge"),
        ("tail", 1.0, "Put together in hut {n} by {name}"),
        ("tail", 1.0, "Ridge fund so far: {n} crowns on {date}"),
        ("tail", 0.5, "Next walk: {date}, meet at {h}"),
    ],
    "plain-sheet.example": [
        ("head", 1.0, "Plain Sheet index, page {n}"),
        ("head", 1.0, "Big letters, small letters"),
        ("head", 0.5, "Good morning from {name} at the front desk"),
        ("inside", 0.5, "Plain box {n}: what readers keep on the wall"),
        ("inside", 1.0, "Fold here for the pocket sheet"),
        ("tail", 1.0, "Sheet {n} of {n}, set by {name}"),
        ("tail", 0.5, "Given away {n} times at the mill gate"),
        ("tail", 1.0, "Plain Sheet keeps a chair free for you on {date} at {h}"),
    ],
}
"""Place, share of pages and wording of what is planted: {n} a number, {h} a time, {d} and {date} dates, {y} a year."""

REFRAINS: list[tuple[str, float, str]] = [
    ("series", 0.25, "Life on the River"),
    ("series", 0.2, "The Long Walk, part {n}"),
    ("dateline", 0.4, "{TOWN} (hp)"),
    ("byline", 0.9, "By {name}"),
    ("crosshead", 0.4, "Weather"),
    ("crosshead", 0.3, "What happens next"),
    ("crosshead", 0.2, "The verdict of {name}"),
    ("paragraph", 0.15, "The bridge was closed to all traffic in May 2021 after cracks were found in its second pier."),
    ("paragraph", 0.1, "More than {n} people have left the valley since the mill was shut, the county says."),
    ("question", 0.2, "And what did the council say?"),
    ("sign-off", 0.3, "More on the river next week."),
]
"""Kind, share of the pages and wording of what articles say again and again."""

SUBJECTS = "council mayor teacher baker judge pilot farmer doctor keeper sailor driver painter miller singer".split()
VERBS = "opened closed praised missed counted painted crossed measured sold bought watched left reached lost".split()
THINGS = "bridge mill gate harbour school tower garden station barn canal market hall square orchard chapel".split()
WHEN = "on Monday,at noon,last winter,before dawn,after the storm,in the rain,once more,with care".split(",")
WHY = (
    "because nobody else had come,although the road was shut,while the others waited outside,and said so twice,"
    "as the papers of the county show,which surprised the neighbours,so that the work could begin"
).split(",")


def filled(wording: str, chance: random.Random) -> str:
    """The wording with numbers, dates and names."""
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    day, year = chance.randint(1, 28), chance.randint(2019, 2024)
    for mark, value in (
        ("{name}", name),
        ("{TOWN}", chance.choice(TOWNS).upper()),
        ("{h}", f"{chance.randint(6, 21)}:{day + 10}"),
        ("{date}", f"{day} {chance.choice(MONTHS)} {year}"),
        ("{d}", f"{day:02}.{day % 12 + 1:02}.{year}"),
        ("{y}", str(year - 100)),
    ):
        wording = wording.replace(mark, value)
    while "{n}" in wording:
        wording = wording.replace("{n}", str(chance.randint(2, 4_000)), 1)
    return wording


def paragraph(chance: random.Random) -> str:
    """Two or three sentences that no other page has."""
    return " ".join(
        f"The {chance.choice(SUBJECTS)} {chance.choice(VERBS)} the {chance.choice(THINGS)} of {chance.choice(TOWNS)} "
        f"{chance.choice(WHEN)}, {chance.choice(WHY)}."
        for _ in range(chance.randint(2, 3))
    )


def page(site: str, chance: random.Random) -> tuple[list[str], set[int], set[int]]:
    """The lines of a page of a site, and which of them are planted, and which are the article's."""
    head: list[str] = []
    tail: list[str] = []
    body = [paragraph(chance) for _ in range(chance.randint(6, 12))]
    slots: list[str] = []
    for place, share, wording in SITES[site]:
        if chance.random() < share:
            (head if place == "head" else tail if place == "tail" else slots).append(filled(wording, chance))
    title = f"{chance.choice(SUBJECTS).title()} {chance.choice(VERBS)} {chance.choice(THINGS)}"
    top = [f"{title} in {chance.choice(TOWNS)}"]
    for kind, share, wording in REFRAINS:
        if chance.random() < share:
            line = filled(wording, chance)
            if kind in ("series", "dateline", "byline"):
                top.append(line)
            elif kind == "sign-off":
                body.append(line)
            else:
                body.insert(chance.randint(1, len(body) - 1), line)
    lines = [*head, *top, *body]
    marked = {*head, *slots, *tail}
    for slot in slots:
        lines.insert(chance.randint(len(head) + len(top) + 1, len(lines) - 1), slot)
    lines += tail
    planted = {i for i, line in enumerate(lines) if line in marked}
    own = set(range(len(lines))) - planted
    return lines, planted, own


def pages(count: int, seed: int = 6) -> Iterator[tuple[str, list[str], set[int], set[int]]]:
    """So many pages of each site: its name, lines, which are planted, and which are the article's."""
    for number, site in enumerate(SITES):
        chance = random.Random(seed * 100 + number)
        for _ in range(count):
            yield site, *page(site, chance)


def write(folder: Path, count: int, seed: int = 6) -> tuple[Path, dict[str, list[str]], dict[str, list[str]]]:
    """A JSON Lines file of so many pages of each site; and the planted lines and the article lines of each."""
    planted: dict[str, list[str]] = defaultdict(list)
    own: dict[str, list[str]] = defaultdict(list)
    path = folder / "pages.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for number, (site, lines, marked, kept) in enumerate(pages(count, seed)):
            planted[site] += [lines[i] for i in sorted(marked)]
            own[site] += [lines[i] for i in sorted(kept)]
            url = f"https://www.{site}/{number}"
            out.write(json.dumps({"id": f"p{number}", "url": url, "text": "\n\n".join(lines)}) + "\n")
    return path, planted, own


def hits(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a line is hit by the first of these patterns."""
    from cleaner.rules.match import SINGLE_AUTOMATON_BYTES
    from cleaner.rules.patterns import expand_unicode_classes
    from cleaner.text.automaton import Automaton

    match = Automaton([expand_unicode_classes(patterns[0])], SINGLE_AUTOMATON_BYTES).match
    return lambda line: match(line.encode("utf-8", "replace")) is not None


def measured(folder: Path, count: int, seed: int = 6) -> tuple[float, float, list[str]]:
    """Share of the planted templates that are found, share of the proposals that are right, and what went wrong.

    A template is found where proposals hit nineteen of twenty of its lines; a proposal is right where it hits planted
    lines and no line of an article.
    """
    from cleaner.workbench.mine import mine_templates

    path, planted, own = write(folder, count, seed)
    mined = mine_templates([str(path)], most=500)
    asked = [(one.site, hits(one.draft.match), one) for one in mined.found]
    wrong = []
    for site, hit, one in asked:
        bad = [line for line in own[site] if hit(line)]
        if bad or not any(map(hit, planted[site])):
            wrong.append(f"wrong: {site} {one.draft.match} hits {bad[:1]}")
    found = total = 0
    for site, wordings in SITES.items():
        for _, _, wording in wordings:
            begin, _, rest = wording.partition("{")
            lines = [line for line in planted[site] if line.startswith(begin) and (rest or line == wording)]
            if not rest and not lines:
                continue
            total += 1
            done = sum(any(name == site and hit(line) for name, hit, _ in asked) for line in lines)
            if done >= 0.95 * len(lines):
                found += 1
            else:
                wrong.append(f"missed: {site} {wording!r} ({done} of {len(lines)} lines)")
    right = 1 - sum(one.startswith("wrong") for one in wrong) / (len(asked) or 1)
    return found / total, right, wrong


def on_real_pages(folder: Path) -> None:
    """Proposals on the real pages, and how many of the best fifty hit a paragraph of an article."""
    from cleaner.workbench.mine import mine_templates

    if not FUNDUS.exists():
        print(f"real pages: skipped, there is no {FUNDUS.name} beside the project")
        return
    gold: list[str] = []
    path = folder / "fundus.jsonl"
    with gzip.open(FUNDUS, "rt", encoding="utf-8") as read, path.open("w", encoding="utf-8") as out:
        for line in read:
            record = json.loads(line)
            url = f"https://{record['publisher'].lower()}.example/"
            out.write(json.dumps({"id": record["id"], "url": url, "text": record["text"]["R2"]}) + "\n")
            gold += (" ".join(one.split()) for one in record["gold"]["body"])
    start = time.process_time()
    mined = mine_templates([str(path)], most=50)
    bad = [(one.draft.match, line) for one in mined.found for line in gold if hits(one.draft.match)(line)]
    print(
        f"real pages: {mined.documents} documents, {mined.lines:,} lines, {len(mined.found)} proposals in the top, "
        f"{len({match for match, _ in bad})} hit a paragraph of an article ({time.process_time() - start:.1f} s CPU)"
    )
    for match, line in bad[:10]:
        print(f"  {match} hits {line[:80]!r}")


def cost(folder: Path, lines: int) -> None:
    """CPU seconds and memory for so many lines."""
    from cleaner.workbench.mine import mine_templates

    path = folder / "many.jsonl"
    chance = random.Random(1)
    written = number = 0
    with path.open("w", encoding="utf-8") as out:
        while written < lines:
            site = list(SITES)[number % len(SITES)]
            text, _, _ = page(site, chance)
            host = f"s{number % 50}.{site}"
            out.write(json.dumps({"id": f"d{number}", "url": f"https://{host}/", "text": "\n\n".join(text)}) + "\n")
            written += len(text)
            number += 1
    start = time.process_time()
    mined = mine_templates([str(path)], most=50)
    taken = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"cost: {mined.lines:,} lines of {mined.documents:,} documents in {taken:.1f} s CPU, {peak:.0f} MB at most, "
        f"{len(mined.found)} proposals"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--lines", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found, right, wrong = measured(folder, options.pages)
        print(
            f"own pages: 5 sites of {options.pages} pages: {found:.1%} of the 40 planted templates found, "
            f"{right:.1%} of the proposals right"
        )
        print("".join(f"  {one}\n" for one in wrong), end="")
        on_real_pages(folder)
        if options.lines:
            cost(folder, options.lines)


if __name__ == "__main__":
    sys.exit(main())
